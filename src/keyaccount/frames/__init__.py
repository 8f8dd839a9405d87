"""Rules over columns: a million accounts, on the engine you run, the same answers."""

from __future__ import annotations

from keyaccount.exceptions import MissingExtraError


try:
    import narwhals as _narwhals
except ImportError as _error:
    raise MissingExtraError("frames", "narwhals") from _error

from ._buying import buying
from ._changes import Changes, Flow, changes
from ._columns import ColumnForm, column
from ._distribution import (
    Distribution,
    OpenCount,
    OutcomeCount,
    ScoreSpread,
    distribution,
)
from ._facts import Answers, MissingColumnWarning, Names
from ._fit import fit
from ._growth import growth
from ._head import head
from ._monotonicity import Monotonicity, monotonicity
from ._payment import payment
from ._qualification import qualification
from ._rfm import rfm
from ._selection import selection
from ._shares import share_of_total
from ._sheet import PARTS, Wanted
from ._slopes import Drop, FactCheck, Fall, MarkCheck
from ._stability import Draw, Sensitivity, WeightShift, sensitivity
from ._tiering import tiering
from ._verbs import decide, gates, score
from ._volume_profit import volume_profit
from ._years import tiering_facts


__all__ = [
    "PARTS",
    "Answers",
    "Changes",
    "ColumnForm",
    "Distribution",
    "Draw",
    "Drop",
    "FactCheck",
    "Fall",
    "Flow",
    "MarkCheck",
    "MissingColumnWarning",
    "Monotonicity",
    "Names",
    "OpenCount",
    "OutcomeCount",
    "ScoreSpread",
    "Sensitivity",
    "Wanted",
    "WeightShift",
    "buying",
    "changes",
    "column",
    "decide",
    "distribution",
    "fit",
    "gates",
    "growth",
    "head",
    "monotonicity",
    "payment",
    "qualification",
    "rfm",
    "score",
    "selection",
    "sensitivity",
    "share_of_total",
    "tiering",
    "tiering_facts",
    "volume_profit",
]

del _narwhals
