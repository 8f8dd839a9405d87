"""The Python of the how-to pages on embedding, as their readers copy it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType


__all__ = ["PAGES", "block", "copied"]


HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
PAGES = ("sqlite3", "postgresql", "sqlalchemy", "django", "fastapi")
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def block(page: str) -> str:
    """Return the first block of a page: the recipe."""
    text = (HOW_TO / f"embed-{page}.md").read_text(encoding="utf-8")
    found = _BLOCK.search(text)
    assert found, f"embed-{page}.md has no Python"
    return found[1]


def copied(page: str, name: str) -> ModuleType:
    """Return a page's recipe as the module that its reader would save it as."""
    module = ModuleType(name)
    sys.modules[name] = module
    exec(compile(block(page), f"embed-{page}.md", "exec"), module.__dict__)  # noqa: S102 - our own page
    return module
