"""The command line, run in this process, and what it said."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from keyaccount.cli import main


__all__ = ["FINDINGS", "FINE", "INPUT", "USAGE", "Run", "Said"]


FINE, FINDINGS, USAGE, INPUT = 0, 1, 2, 3


@attrs.frozen
class Said:
    """How a run ended and what it said."""

    code: int
    out: str
    err: str


class Run:
    """Runs the command line in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *argv: str | Path) -> Said:
        code = main([str(part) for part in argv])
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)
