"""Rules over columns: a million accounts, on the engine you run, the same answers."""

from __future__ import annotations

from keyaccount.exceptions import MissingExtraError


try:
    import narwhals as _narwhals
except ImportError as _error:
    raise MissingExtraError("frames", "narwhals") from _error

from ._columns import ColumnForm, column
from ._facts import Answers, MissingColumnWarning, Names
from ._sheet import PARTS, Wanted
from ._tiering import tiering
from ._verbs import decide, gates, score


__all__ = [
    "PARTS",
    "Answers",
    "ColumnForm",
    "MissingColumnWarning",
    "Names",
    "Wanted",
    "column",
    "decide",
    "gates",
    "score",
    "tiering",
]

del _narwhals
