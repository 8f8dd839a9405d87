"""Does better stay better? A rule held to what it declares, on a whole portfolio."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import attrs
import narwhals as nw

from keyaccount.exceptions import Problems, UnknownFactError
from keyaccount.rules import DecisionTable, FactKind, FactSchema, Scorecard

from ._columns import ColumnForm
from ._facts import Names
from ._portfolio import Rule, collected, table_of
from ._sheet import NO_COLUMNS, NO_NAMES, Sheet
from ._slopes import FactCheck, MarkCheck, Stride, neighbours, steps_on


__all__ = ["Monotonicity", "monotonicity"]


NO_STEPS: Mapping[str, float] = MappingProxyType({})


@attrs.frozen
class Monotonicity:
    """What a portfolio says of whether better stays better.

    `holds` only says that these rows show nothing to the contrary; `rules.lint_table`
    and `rules.lint_scorecard` look at the rules themselves.
    """

    rows: int
    marks: tuple[MarkCheck, ...]
    facts: tuple[FactCheck, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing goes the wrong way."""
        return not any(one.wrong for one in self.marks) and not any(
            one.fell for one in self.facts
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain data: numbers, text, lists, mappings."""
        return {**attrs.asdict(self), "holds": self.holds}


def monotonicity(  # noqa: PLR0913 - what a caller can say, all by name
    frame: object,
    rule: Rule | Scorecard = None,
    *,
    step: float = 0.01,
    steps: Mapping[str, float] = NO_STEPS,
    first: int = 5,
    key: str | None = None,
    names: Names = NO_NAMES,
    columns: Mapping[type, ColumnForm] = NO_COLUMNS,
    rowwise: bool = False,
) -> Monotonicity:
    """Say whether better stays better, on the rows of this frame.

    Two things are looked at. *Marks:* for every criterion that declares `better`, the
    rows that tell its fact are sorted by it, and no mark may be worse than the one
    before. *Outcomes,* where the rule is a table: every number that it asks for and
    that somebody can move is made a step better, by itself, and no row's lowest or
    highest possible outcome may fall. Better is up, unless every criterion on the fact
    says lower. A fact is not moved out of its declared range. A row that a table
    refuses, before or after, is not compared.

    Facts that hang together (sales and margin) are moved one by one all the same: it is
    the rule that is looked at, not what a customer could do; for that ask
    `tiering.next_rung`. What problems a tiering policy sees is not looked at.

    Args:
        frame: of any engine, with ready facts, a row a customer.
        rule: a tiering policy, the shipped one if left out; any table that gives one
            outcome, whose outcomes stand the worst first; or a scorecard.
        step: how much better a fact is made, as a share of itself.
        steps: for some facts, how much in their own unit.
        first: how many that go wrong are shown, those of the least facts.
        key: the column that says which row it is.
        names: as for `score`, as are the others.
        columns: column forms of your own scorers, by type.
        rowwise: whether scorers without one are asked row by row.

    Raises:
        InvalidValueError: no rule; a step that is not above 0; no frame, or columns
            that cannot be used.
        UnknownFactError: *names* or *steps* speaks of a fact that is not declared.
    """
    subject = rule if isinstance(rule, Scorecard) else table_of(rule)
    table = None if isinstance(subject, Scorecard) else subject
    cards, about, asked = _subject(subject)
    stride = Stride(step, MappingProxyType(dict(steps)))
    _check(about, stride, first)
    sheet = Sheet(
        frame,
        about,
        asked,
        cards=cards,
        names=names,
        columns=columns,
        rowwise=rowwise,
    )
    if key is not None and key not in sheet.titles:
        problems = Problems()
        problems.add("key", "missing", key, "a column of the frame")
        problems.check("frame")
    words = sheet.words
    for card in cards:
        words.check_marks(card)
    rows = collected(words.frame.select(nw.len().alias("rows"))).item(0, 0)
    marks = tuple(
        neighbours(card.name, criterion, words, first)
        for card in cards
        for criterion in card.criteria
        if criterion.better != "either"
        and about[criterion.fact].kind is FactKind.NUMBER
    )
    facts = () if table is None else steps_on(table, words, stride, key, first)
    return Monotonicity(int(rows), marks, facts)


def _subject(
    rule: DecisionTable | Scorecard,
) -> tuple[tuple[Scorecard, ...], FactSchema, set[str]]:
    """Return the cards of a rule, what it is about, and what it asks for."""
    if isinstance(rule, Scorecard):
        return (rule,), rule.about, {criterion.fact for criterion in rule.criteria}
    return rule.scorecards, rule.about, set(rule.asks)


def _check(about: FactSchema, stride: Stride, first: object) -> None:
    for name in stride.own:
        if name not in about:
            raise UnknownFactError(name, about.names)
    problems = Problems()
    given: dict[str, object] = {"step": stride.share}
    given |= {f"steps[{name!r}]": size for name, size in stride.own.items()}
    for path, size in given.items():
        if not _is_positive(size):
            problems.add(path, "out-of-range", size, "a number above 0")
    if not isinstance(first, int) or isinstance(first, bool) or first < 0:
        problems.add("first", "out-of-range", first, "a whole number, 0 or more")
    problems.check("monotonicity")


def _is_positive(size: object) -> bool:
    if isinstance(size, bool) or not isinstance(size, int | float):
        return False
    return 0 < size < math.inf
