"""Run the command line: `python -m keyaccount`, and the `keyaccount` script."""

from __future__ import annotations

import sys

from keyaccount.exceptions import MissingExtraError


__all__ = ["main"]


_SETUP_PROBLEM = 3  # the exit code for input or set-up, as for every command


def main() -> None:
    """Start the command line, or say in one line which extra it needs."""
    try:
        from keyaccount.cli import main as run  # noqa: PLC0415 - may lack its extra
    except MissingExtraError as error:
        sys.stderr.write(f"keyaccount: {error}\n")
        raise SystemExit(_SETUP_PROBLEM) from None
    raise SystemExit(run())


if __name__ == "__main__":
    main()
