"""Checks that a wheel holds what the source tree holds, and nothing else."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path


MOST_BYTES = 1_600_000  # docs/architecture.md says why it is more than the plan's
SOURCE = Path(__file__).parents[1] / "src"
NEEDED = ("keyaccount/py.typed", "keyaccount/labels/zh-Hant.toml")


def main(wheel: Path) -> int:
    """Compare, say what differs, and return the exit code."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    source = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    findings = [f"not in the wheel: {name}" for name in sorted(source - held)]
    findings += [f"only in the wheel: {name}" for name in sorted(held - source)]
    findings += [f"missing: {name}" for name in NEEDED if name not in held]
    if not any(name.startswith("keyaccount/policies/") for name in held):
        findings.append("missing: the policies")
    if wheel.stat().st_size > MOST_BYTES:
        findings.append(f"too heavy: {wheel.stat().st_size:,} bytes")
    print(*findings or [f"{wheel.name}: {len(held)} files"], sep="\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
