"""Imports point down: the contracts in pyproject.toml hold."""

from __future__ import annotations

import subprocess
import sys

from tests.contracts.rooms import PROJECT


def test_imports_point_down_never_up_never_sideways() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-cache",
        ],
        capture_output=True,
        check=False,
        cwd=PROJECT,
        encoding="utf-8",
    )

    broken = done.stdout[done.stdout.find("Contracts") :] + done.stderr
    assert not done.returncode, broken
