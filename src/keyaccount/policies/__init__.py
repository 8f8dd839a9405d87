"""The shipped opinions, a TOML file for each model, and the one way to read them.

`read("tiering", TieringPolicy)` reads what is shipped, `read("mine.toml", …)` a
user's own file, which may say `based_on = "tiering"` and only what differs.
"""

from __future__ import annotations

from ._lint import lint
from ._merge import merge
from ._read import defaults, digest, read, resolve, shipped


__all__ = ["defaults", "digest", "lint", "merge", "read", "resolve", "shipped"]
