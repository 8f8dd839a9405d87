"""Walks the house: its files, its syntax trees, its modules.

Rooms are found, not listed, so that a new one is under contract the day it arrives.
"""

from __future__ import annotations

import ast
import functools
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import keyaccount


__all__ = [
    "HOUSE",
    "PROJECT",
    "SHELLS",
    "address",
    "core",
    "files",
    "load",
    "nodes",
    "python",
    "storey",
    "tree",
]


HOUSE = Path(keyaccount.__file__).parent
PROJECT = Path(__file__).parents[2]
SHELLS = frozenset(
    {
        "__main__",
        "calendar",
        "cases",
        "cli",
        "frames",
        "intake",
        "plots",
        "predict",
        "report",
    }
)


def files(*storeys: str) -> list[Path]:
    """Return the Python files of some storeys; of the whole house if none is named."""
    found = sorted(HOUSE.rglob("*.py"))
    return [path for path in found if not storeys or storey(path) in storeys]


def core() -> list[Path]:
    """Return every file that is no shell."""
    return [path for path in files() if storey(path) not in SHELLS]


def storey(path: Path) -> str:
    """Return the folder or the file directly under the house."""
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def address(path: Path) -> str:
    """Return how people name a file: `models/tiering.py`."""
    return path.relative_to(HOUSE).as_posix()


@functools.cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def nodes(path: Path) -> Iterator[ast.AST]:
    """Yield every node of a file."""
    return ast.walk(tree(path))


def load(path: Path) -> ModuleType:
    """Import the module that a file holds."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    name = ".".join(("keyaccount", *parts)).removesuffix(".__init__")
    return importlib.import_module(name)


def python(script: str) -> str:
    """Run a script in a fresh interpreter and return what it prints."""
    around = {**os.environ, "PYTHONPATH": str(HOUSE.parent)}
    done = subprocess.run(  # noqa: S603 - the script is a test's own
        [sys.executable, "-c", script],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=around,
    )
    assert not done.returncode, done.stderr
    return done.stdout
