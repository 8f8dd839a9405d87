"""Volume and profit in columns: which of the three types every row is (S4-7)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

import narwhals as nw

from keyaccount.domain import StrategicDesignation, VolumeProfitType
from keyaccount.models.segments import FACTS, SegmentsPolicy, default_policy
from keyaccount.rules import DecisionTable, Fact, FactSchema, constants

from ._columns import Columns
from ._facts import Names
from ._language import Truth, both, either, negate
from ._rails import rails
from ._ranks import ranks
from ._sheet import NO_NAMES, PARTS, Outcome, Sheet, Wanted, joined
from ._supposing import Supposing


__all__ = ["volume_profit"]


FrameT = TypeVar("FrameT")

Terms: TypeAlias = Mapping[str, Truth[nw.Expr]]
"""Where each outcome is possible."""

_JUDGED = ("volume", "profit_margin")
_DESIGNATION = "designation"
_ABOUT = FactSchema(
    (
        *FACTS,
        Fact.choice(_DESIGNATION, tuple(one.value for one in StrategicDesignation)),
    )
)


def volume_profit(  # noqa: PLR0913 - what a caller can say, all by name
    frame: FrameT,
    *,
    policy: SegmentsPolicy | None = None,
    name: str = "volume_profit",
    names: Names = NO_NAMES,
    parts: Collection[Wanted] = PARTS,
    complete: bool | None = None,
) -> FrameT:
    """Tell which of the three types of volume and profit every row is (S4-7).

    The columns are `volume`, in the unit of the policy's thresholds, and
    `profit_margin`, gross profit ÷ sales. `NAME` is the type, null while open,
    `NAME_low` and `NAME_high` the first and the last that is possible, in the order
    outside, volume driver, profit driver, dual driver, and `NAME_possible` every one.
    `NAME_outside` says why a row is none of the three, as far as it may be, and
    `NAME_missing` what to ask where it is open. Lists are joined by `;`.

    The type is asked of strategic customers alone (C-6): name the column of
    `selection`, as in `names={"designation": "selection"}`, and all answers to a row
    that is something else are null. Where it is null, or no column is named, the
    type is worked out all the same.

    Args:
        frame: of any engine, a row a customer; the same kind comes back.
        policy: your own; the shipped one has example thresholds.
        name: what the answers are called.
        names: the column of a fact, where it is not called so. Only here can
            `designation` be a column.
        parts: what is answered besides.
        complete: whether a lazy frame is promised to have no gaps.

    Raises:
        UnknownFactError: *names* speaks of something else.
        InvalidValueError: no frame, or columns that cannot be used; all at once.
    """
    rules = policy or default_policy()
    types, outsides = rules.types.table, rules.outsides.table
    asked = {*_JUDGED, *types.asks, *outsides.asks}
    if _DESIGNATION in names:
        asked.add(_DESIGNATION)
    sheet = Sheet(frame, _ABOUT, asked, names=names, want=parts, complete=complete)
    found, possible, reasons = _judged(sheet, types, outsides)
    is_asked = _is_asked(sheet)
    sheet.add_outcome(name, _where(sheet, is_asked, found), types)
    for title, terms in (("possible", possible), ("outside", reasons)):
        listed = joined((when, outcome) for outcome, when in terms.items())
        sheet.add(f"{name}_{title}", _within(is_asked, listed))
    if "missing" in sheet.want:
        is_open: Truth[nw.Expr] = False
        if found.low is not found.high:
            is_open = found.low != found.high
        gaps = joined(
            (both((is_open, negate(sheet.words.known(fact)))), fact)
            for fact in sheet.words.sources
            if fact in types.asks
        )
        sheet.add(f"{name}_missing", _within(is_asked, gaps))
    return sheet.answer()


def _is_asked(sheet: Sheet[FrameT]) -> Truth[nw.Expr]:
    """Say where the customer is strategic, or nobody says what it is."""
    words = sheet.words
    if _DESIGNATION not in words.sources or words.known(_DESIGNATION) is False:
        return True
    known = words.known(_DESIGNATION)
    strategic = words.is_slug(_DESIGNATION, StrategicDesignation.STRATEGIC.value)
    asked = {"asked": _expr(either((negate(known), both((known, strategic)))))}
    return words.keep(asked)["asked"]


def _judged(
    sheet: Sheet[FrameT], types: DecisionTable, outsides: DecisionTable
) -> tuple[Outcome, Terms, Terms]:
    """Ask both tables in every way in which unknown figures can be filled in.

    Nothing changes between two thresholds, so a few values stand for all; unlike the
    rails of a table, this sees that a margin cannot be good and bad at once.
    """
    words, ends, is_crisp = sheet.words, dict[str, nw.Expr](), True
    for at, numbers in enumerate(_ways(sheet, (types, outsides))):
        for part, table in (("type", types), ("reason", outsides)):
            supposed = Supposing(words, numbers)
            rows = [rails(row.when, supposed, {}) for row in table.rows]
            judged = ranks(table, rows, words)
            ends[f"{part} low {at}"] = _expr(judged.low)
            ends[f"{part} high {at}"] = _expr(judged.high)
            is_crisp &= judged.low is judged.high
    kept = words.keep(ends)
    ways = range(len(kept) // len(_ENDS))
    lows, highs, least, most = ([kept[f"{end} {at}"] for at in ways] for end in _ENDS)
    outside = types.outcomes.index(VolumeProfitType.OUTSIDE.value)  # the lowest
    reasons: Terms = {
        reason: either(
            (lows[at] == outside) & (least[at] <= rank) & (most[at] >= rank)
            for at in ways
        )
        for rank, reason in enumerate(outsides.outcomes)
    }
    possible: Terms = {
        kind: either((lows[at] <= rank) & (highs[at] >= rank) for at in ways)
        for rank, kind in enumerate(types.outcomes)
    }
    if is_crisp and len(ways) == 1:
        return Outcome(lows[0], lows[0], clash=False, none=False), possible, reasons
    places = range(len(types.outcomes))
    low = _first(words, lows, places)
    high = _first(words, highs, places[::-1])
    kept = words.keep({"low": low, "high": high})
    found = Outcome(kept["low"], kept["high"], clash=False, none=False)
    return found, possible, reasons


_ENDS = ("type low", "type high", "reason low", "reason high")


def _first(words: Columns, found: Sequence[nw.Expr], places: Sequence[int]) -> nw.Expr:
    """Return the first of some ranks that any of these is."""
    answer = words.rank(places[-1])
    for place in places[-2::-1]:
        is_any = either(one == place for one in found)
        answer = words.choose_rank(_expr(is_any), words.rank(place), answer)
    return _expr(answer)


def _ways(
    sheet: Sheet[FrameT], tables: tuple[DecisionTable, ...]
) -> Iterator[Mapping[str, nw.Expr]]:
    """Yield the two figures with every unknown one filled in: around each threshold."""
    words = sheet.words
    filled: dict[str, list[nw.Expr]] = {}
    for name in _JUDGED:
        known = words.known(name)
        values = () if known is True else _values(name, tables)
        if not values:
            continue
        if isinstance(known, bool):
            filled[name] = [words.constant(value) for value in values]
        else:
            number = words.number(name)
            filled[name] = [words.choose(known, number, value) for value in values]
    for numbers in itertools.product(*filled.values()):
        yield dict(zip(filled, numbers, strict=True))


def _values(name: str, tables: tuple[DecisionTable, ...]) -> tuple[float, ...]:
    """Return one number below all thresholds, each of them, and one above each."""
    conditions = (row.when for table in tables for row in table.rows)
    edges = {
        float(edge)
        for condition in conditions
        for asked, edge in constants(condition)
        if asked == name
    }
    if not edges:
        return ()
    fact = FACTS[name]
    low = -math.inf if fact.low is None else fact.low
    high = math.inf if fact.high is None else fact.high
    above = {math.nextafter(edge, math.inf) for edge in edges}
    values = {math.nextafter(min(edges), -math.inf), *edges, *above}
    return tuple(value for value in sorted(values) if low <= value <= high)


def _where(sheet: Sheet[FrameT], is_asked: Truth[nw.Expr], found: Outcome) -> Outcome:
    """Leave the answer out where the question is not asked."""
    if isinstance(is_asked, bool):
        return found
    ends = {"low": nw.when(is_asked).then(found.low)}
    if found.low is not found.high:
        ends["high"] = nw.when(is_asked).then(found.high)
    kept = sheet.words.keep(ends)
    return Outcome(kept["low"], kept.get("high", kept["low"]), clash=False, none=False)


def _within(is_asked: Truth[nw.Expr], text: nw.Expr) -> nw.Expr:
    return text if isinstance(is_asked, bool) else nw.when(is_asked).then(text)


def _expr(found: Truth[nw.Expr] | None) -> nw.Expr:
    return found if isinstance(found, nw.Expr) else nw.lit(found)
