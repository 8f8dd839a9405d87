"""A sheet: a frame, the facts found in it, and the answers that are added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Generic, Literal, TypeAlias, TypeVar

import attrs
import narwhals as nw

from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Condition,
    DecisionTable,
    FactSchema,
    HitPolicy,
    Scorecard,
)

from ._columns import ColumnForm, Columns
from ._engines import back, opened, worded
from ._facts import Names, sources
from ._language import Truth, negate
from ._marks import Part, fold, parts, spread
from ._rails import Fold, Rails, rails
from ._ranks import ERRORS, Ranks, can_err, fired, ranks, row_words


__all__ = [
    "FEW_GAPS",
    "NO_COLUMNS",
    "NO_NAMES",
    "PARTS",
    "Outcome",
    "Sheet",
    "Wanted",
    "joined",
    "subsets",
]


FrameT = TypeVar("FrameT")

Wanted: TypeAlias = Literal["bounds", "score", "missing", "row", "contributions"]
"""What is answered besides the outcome itself."""

PARTS: tuple[Wanted, ...] = ("bounds", "score", "missing")
ALL_PARTS: tuple[Wanted, ...] = (*PARTS, "row", "contributions")

NO_NAMES: Names = MappingProxyType({})
NO_COLUMNS: Mapping[type, ColumnForm] = MappingProxyType({})


@attrs.frozen
class Outcome:
    """The ranks of the lowest and the highest outcome, worked out in every row.

    One object where every row is settled; `clash` and `none` say where an error is.
    """

    low: nw.Expr
    high: nw.Expr
    clash: Truth[nw.Expr]
    none: Truth[nw.Expr]

    @property
    def value(self) -> nw.Expr:
        """The rank where it is settled, null elsewhere."""
        if self.low is self.high:
            return self.low
        return nw.when(self.low == self.high).then(self.low)


class Sheet(Generic[FrameT]):
    """One frame on its way from facts to answers.

    Raises:
        UnknownFactError: *names* speaks of a fact that is not declared.
        InvalidValueError: no frame; columns that are missing or of the wrong type; a
            part that does not exist; facts that are unknown although *complete* says
            that none is. All at once.
    """

    def __init__(  # noqa: PLR0913 - what a caller can say, all by name
        self,
        frame: FrameT,
        about: FactSchema,
        asked: Iterable[str],
        *,
        cards: Iterable[Scorecard] = (),
        names: Names = NO_NAMES,
        want: Collection[str] = PARTS,
        complete: bool | None = None,
        columns: Mapping[type, ColumnForm] = NO_COLUMNS,
        rowwise: bool = False,
    ) -> None:
        self.given = frame
        self.want = _checked(want)
        here = opened(frame)
        self.titles = here.collect_schema().names()
        wanted = set(asked)
        in_order = [name for name in about.names if name in wanted]
        found = sources(here, about, in_order, names)
        self.words = Columns(
            here,
            found,
            cards=cards,
            complete=complete,
            columns=columns,
            rowwise=rowwise,
        )
        self.is_promised = bool(complete) and isinstance(here, nw.LazyFrame)
        self._values: dict[str, nw.Expr] = {}
        self._slugs: dict[str, tuple[str, ...]] = {}
        self._copies: dict[str, str] = {}
        self._texts: set[str] = set()

    # what is judged

    def scored(self, card: Scorecard) -> tuple[list[Part], Fold[nw.Expr]]:
        """Mark a card's criteria and add them up."""
        self.words.check_marks(card)
        found = parts(card, self.words)
        is_crisp = all(part.low is part.high for part in found)
        if "contributions" in self.want or not is_crisp:
            found = self._kept(found)
        added = fold(found, self.words)
        if added.low is added.high:
            kept = self.words.keep({"low": added.low})
            return found, Fold(kept["low"], kept["low"])
        kept = self.words.keep({"low": added.low, "high": added.high})
        return found, Fold(kept["low"], kept["high"])

    def _kept(self, found: list[Part]) -> list[Part]:
        """Work out once what both ends of a fold are made of."""
        lows = {part.criterion.id: part.low for part in found if not _is_plain(part)}
        kept = self.words.keep(lows)
        return [
            part
            if _is_plain(part)
            else spread(part.criterion, kept[part.criterion.id], self.words)
            for part in found
        ]

    def judged(
        self, conditions: Iterable[Condition], folds: Mapping[str, Fold[nw.Expr]]
    ) -> list[Rails[nw.Expr]]:
        """Judge conditions over facts and scorecards."""
        found = [rails(condition, self.words, folds) for condition in conditions]
        self.words.most_ranks = max(self.words.most_ranks, len(found))
        return found

    def _rank(self, code: nw.Expr | None) -> nw.Expr:
        return self.words.no_rank if code is None else code

    def ranked(self, table: DecisionTable, rows: list[Rails[nw.Expr]]) -> Outcome:
        """Work a single-hit table's answer out."""
        self.words.most_ranks = max(self.words.most_ranks, len(table.outcomes))
        found: Ranks[nw.Expr] = ranks(table, rows, self.words)
        is_sure = found.clash is False and found.none is False
        ends = {"low": found.low}
        if found.low is not found.high:
            ends["high"] = found.high
        if not is_sure:
            wrong = _expr(found.clash) | _expr(found.none)
            ends = {
                end: nw.when(~wrong).then(self._rank(code))
                for end, code in ends.items()
            }
        kept = self.words.keep({end: self._rank(code) for end, code in ends.items()})
        low = kept["low"]
        return Outcome(low, kept.get("high", low), found.clash, found.none)

    # what is answered

    def add(self, title: str, value: nw.Expr) -> None:
        """Answer with a column."""
        self._values[title] = value

    def add_words(self, title: str, code: nw.Expr, slugs: tuple[str, ...]) -> None:
        """Answer with a column of words."""
        self._values[title] = code
        self._slugs[title] = slugs

    def add_outcome(self, title: str, found: Outcome, table: DecisionTable) -> None:
        """Answer with an outcome, and with its bounds where they are wanted."""
        slugs = table.outcomes
        self.add_words(title, found.value, slugs)
        for end, code in (("low", found.low), ("high", found.high)):
            if "bounds" in self.want and found.low is found.high:
                self._copies[f"{title}_{end}"] = title
            elif "bounds" in self.want:
                self.add_words(f"{title}_{end}", code, slugs)
        if can_err(table):
            errors = [found.clash, found.none]
            self.add_first(f"{title}_error", errors, ERRORS)

    def add_or(
        self,
        title: str,
        when: Truth[nw.Expr],
        rank: int,
        found: Outcome,
        slugs: tuple[str, ...],
    ) -> None:
        """Answer with another word where something holds, else with the outcome."""
        value = found.value
        if when is not False:
            instead = self.words.rank(rank)
            value = nw.when(_expr(when)).then(instead).otherwise(value)
        self.add_words(title, value, slugs)

    def add_yes_no(self, title: str, found: Rails[nw.Expr]) -> None:
        """Answer with yes or no, null while it is open."""
        if found.is_crisp:
            self.add(title, _expr(found.must))
            return
        no = nw.when(~_expr(found.may)).then(_expr(False))  # noqa: FBT003
        self.add(title, nw.when(_expr(found.must)).then(_expr(True)).otherwise(no))  # noqa: FBT003

    def add_first(
        self, title: str, terms: list[Truth[nw.Expr]], ids: tuple[str, ...]
    ) -> None:
        """Answer with the name of the first term that holds, null if none does."""
        answer: nw.Expr | None = None
        for at in range(len(terms) - 1, -1, -1):
            when, place = terms[at], self.words.rank(at)
            if isinstance(when, bool):
                answer = place if when else answer
            else:
                answer = self.words.choose_rank(when, place, answer)
        self.add_words(title, self._rank(answer), ids)

    def add_score(self, title: str, added: Fold[nw.Expr]) -> None:
        """Answer with a score from 0 to 100, as bounds."""
        low = added.low * 0.01
        self.add(f"{title}_low", low)
        self.add(f"{title}_high", low if added.low is added.high else added.high * 0.01)

    def add_contributions(self, title: str, found: list[Part]) -> None:
        """Answer with what each criterion adds, weight × mark."""
        for part in found:
            for end, value in (("low", part.low), ("high", part.high)):
                is_told = isinstance(value, float)
                shown = self.words.constant(value) if is_told else value + 0.0
                self.add(f"{title}_{part.criterion.id}_{end}", shown)

    def add_row(
        self, title: str, table: DecisionTable, rows: list[Rails[nw.Expr]]
    ) -> None:
        """Answer with the id of the row that surely decides."""
        if table.hit not in {HitPolicy.FIRST, HitPolicy.PRIORITY}:
            return
        place = self._rank(fired(table, rows, self.words))
        self.add_words(title, place, row_words(table))

    def add_missing(self, title: str) -> None:
        """Answer with the facts that are asked for and unknown, in their order."""
        known = {name: self.words.known(name) for name in self.words.sources}
        gaps = [name for name, is_known in known.items() if is_known is not True]
        if not gaps:
            self.add(title, nw.lit(""))
        elif len(gaps) <= FEW_GAPS and self.words.has_texts:
            self._texts.add(title)
            self.add_words(title, self._pattern(gaps), subsets(gaps))
        else:
            self.add(title, joined([(negate(known[name]), name) for name in gaps]))

    def _pattern(self, gaps: list[str]) -> nw.Expr:
        """Count in ones, twos, fours which facts are unknown."""
        kind = nw.UInt8 if len(gaps) <= _BITS else nw.UInt16
        counted = nw.lit(0, kind)
        for at, name in enumerate(gaps):
            known, bit = self.words.known(name), nw.lit(1 << at, kind)
            if isinstance(known, bool):
                counted += bit
            else:
                counted += nw.when(known).then(nw.lit(0, kind)).otherwise(bit)
        return counted

    def answer(self) -> FrameT:
        """Return the frame that was given, with the answers.

        Raises:
            InvalidValueError: it has a column of an answer's name already.
        """
        problems = Problems()
        titles = (*self._values, *self._copies)
        for title in titles:
            if title in self.titles:
                wanted = "another name=, or drop the column first"
                problems.add(f"columns[{title!r}]", "duplicate", title, wanted)
        problems.check("frame")
        values = self._values
        if self.is_promised:
            gap = self.words.keep({"gap": self.words.gaps})["gap"]
            values = {
                title: nw.when(~gap).then(value) for title, value in values.items()
            }
        frame = self.words.frame.with_columns(**values)
        given = () if self.words.is_apart else self.titles
        frame = worded(frame.select(*given, *values), self._slugs, self._texts)
        if self._copies:
            copies = {title: nw.col(of) for title, of in self._copies.items()}
            frame = frame.with_columns(**copies).select(*given, *self._in_order())
        return back(self.words.joined(frame), self.given)

    def _in_order(self) -> list[str]:
        """Return the answers' titles, bounds behind the outcome that they are of."""
        found = []
        for title in self._values:
            found += [title, *(one for one, of in self._copies.items() if of == title)]
        return found


_BITS = 8
FEW_GAPS = 12  # of which every set is a word of its own


def subsets(names: Iterable[str]) -> tuple[str, ...]:
    """Return every set of names as text: bit after bit, the first name the lowest."""
    found = [""]
    for name in names:
        found += [f"{text};{name}" if text else name for text in found]
    return tuple(found)


def joined(texts: Iterable[tuple[Truth[nw.Expr], str]]) -> nw.Expr:
    """Join the texts whose condition holds with `;`."""
    found = []
    for when, text in texts:
        if when is True:
            found.append(nw.lit(text))
        elif when is not False:
            found.append(nw.when(when).then(nw.lit(text)))
    if not found:
        return nw.lit("")
    return nw.concat_str(found, separator=";", ignore_nulls=True)


def _is_plain(part: Part) -> bool:
    """Whether it adds the same to every row."""
    return isinstance(part.low, float)


def _expr(truth: Truth[nw.Expr]) -> nw.Expr:
    return nw.lit(truth) if isinstance(truth, bool) else truth


def _checked(want: Collection[str]) -> frozenset[str]:
    problems = Problems()
    for part in want:
        if part not in ALL_PARTS:
            problems.add(
                "parts", "unknown-choice", part, f"one of {', '.join(ALL_PARTS)}"
            )
    problems.check("parts")
    return frozenset(want)
