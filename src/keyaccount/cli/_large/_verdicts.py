"""The verdicts of a large firm, columns and objects together, the best rung first."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Iterator
from types import MappingProxyType
from typing import TypeAlias

import narwhals as nw

from keyaccount import frames
from keyaccount.book import Account, Sheet
from keyaccount.cli._words import slugs
from keyaccount.domain import FxTable, Outlook, ProspectClass, Relation, ValueTier
from keyaccount.exceptions import CurrencyMismatchError, MissingRateError
from keyaccount.models import tiering

from ._company import LargeCompany
from ._engines import Columns


__all__ = ["COLUMNS", "Verdicts"]


Row: TypeAlias = tuple[object, ...]

COLUMNS = (
    "customer",
    "name",
    "relation",
    "tier",
    "rung",
    "rung_low",
    "rung_high",
    "prospect_low",
    "prospect_high",
    "score_low",
    "score_high",
    "is_problem",
    "missing",
)
"""What is told of a customer in columns, called as in a small review."""

_RUNG, _CLASS, _SCORE = map(COLUMNS.index, ("rung_low", "prospect_low", "score_low"))
_RANKS = MappingProxyType({tier.value: tier.rank for tier in ValueTier})
_CLASSES = MappingProxyType({kind.value: kind.rank for kind in ProspectClass})
_ANSWERS = MappingProxyType({True: "yes", False: "no", None: "unknown"})
_NO_OUTLOOK = Outlook()


class Verdicts:
    """Judges a large company, and counts what came out."""

    def __init__(
        self, company: LargeCompany, policy: tiering.TieringPolicy, as_of: dt.date
    ) -> None:
        self._company, self._policy, self._as_of = company, policy, as_of
        self.tiers: Counter[str] = Counter()
        self.prospects: Counter[str] = Counter()
        self.open_count = self.problem_count = self.judged_count = 0
        self.has_spans = False
        self.unconverted: list[CurrencyMismatchError | MissingRateError] = []
        self._missing: list[frozenset[str]] = []
        self._odd = sorted(self._odd_rows(), key=_place)
        told = frames.tiering(company.facts(as_of, policy), policy=policy)
        self._sound = company.engine.keep(_sorted(told))
        self._count_sound()

    def __len__(self) -> int:
        return self._company.sound_count + len(self._odd)

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, the best rung first, then the best score, then the id."""
        sound = self._sound_rows()
        return heapq.merge(self._odd, sound, key=_place) if self._odd else sound

    @property
    def unknown_of_all(self) -> tuple[str, ...]:
        """The facts that nobody has told of any customer that trades."""
        everywhere = frozenset.intersection(*self._missing) if self._missing else ()
        return tuple(name for name in tiering.FACTS.names if name in everywhere)

    def _sound_rows(self) -> Iterator[Row]:
        rows = self._company.engine.rows(self._sound)
        for one, name, *tier, score_low, score_high, problem, missing in rows:
            yield (
                one,
                one if name is None else name,
                Relation.TRADING.value,
                *tier,
                None,
                None,
                score_low,
                score_high,
                _ANSWERS[problem],  # type: ignore[index]  # True, False or None
                tuple(str(missing).split(";")) if missing else (),
            )

    def _count_sound(self) -> None:
        by = ("tiering", "tiering_problem", "tiering_missing", "is_exact")
        exact = nw.col("tiering_score_low") == nw.col("tiering_score_high")
        counted = (
            self._sound.with_columns(is_exact=exact).group_by(*by).agg(nw.len())
        ).select(*by, "len")
        for rung, is_problem, missing, is_exact, count in self._company.engine.rows(
            counted
        ):
            many = int(str(count))
            self.judged_count += many
            if rung is None:
                self.open_count += many
            else:
                self.tiers[str(rung)] += many
            self.problem_count += many if is_problem is True else 0
            self.has_spans |= not is_exact
            self._missing.append(frozenset(filter(None, str(missing).split(";"))))

    def _odd_rows(self) -> Iterator[Row]:
        """Judge the customers that are no columns."""
        for account in self._company.odd_accounts():
            sheet = _judged(account, self._policy, self._as_of, self._company.spools.fx)
            if sheet.unconverted is not None:
                self.unconverted.append(sheet.unconverted)
            tier, seen = sheet.tier, sheet.prospect
            if seen is not None:
                self.prospects.update([] if seen.value is None else [seen.value.value])
            if tier is not None:
                self.judged_count += 1
                self.tiers.update([] if tier.value is None else [tier.value.value])
                self.open_count += tier.value is None
                self.problem_count += tier.is_supervised
                self.has_spans |= not tier.score.is_exact
                self._missing.append(frozenset(gap.fact for gap in tier.missing))
            yield _row(sheet)


def _judged(
    account: Account, policy: tiering.TieringPolicy, as_of: dt.date, fx: FxTable | None
) -> Sheet:
    """Judge one customer as columns do: without the way up, terms and deals."""
    customer = account.customer
    if customer.relation is Relation.PROSPECT:
        outlook = account.outlook or _NO_OUTLOOK
        seen = tiering.prospect(outlook, as_of=as_of, policy=policy)
        return Sheet(account, as_of, prospect=seen)
    try:
        tier = tiering.classify(
            customer,
            as_of=as_of,
            receivables=account.owed(as_of),
            standing=account.standing,
            fx=fx,
            policy=policy,
        )
    except (CurrencyMismatchError, MissingRateError) as error:
        return Sheet(account, as_of, unconverted=error)
    return Sheet(account, as_of, tier=tier)


def _row(sheet: Sheet) -> Row:
    told = slugs(sheet)
    missing = (
        set() if sheet.verdict is None else {m.fact for m in sheet.verdict.missing}
    )
    names = (*tiering.FACTS.names, *tiering.OUTLOOK_FACTS.names)
    told["missing"] = tuple(name for name in names if name in missing)
    return tuple(told[name] for name in COLUMNS)


def _place(row: Row) -> tuple[int, int, float, str]:
    """Return the place of a row, as a small review sorts its sheets."""
    one, rung, seen, score = str(row[0]), row[_RUNG], row[_CLASS], row[_SCORE]
    if rung is not None:
        return 0, _RANKS[str(rung)], -float(str(score)), one
    if seen is not None:
        return 1, _CLASSES[str(seen)], -float(str(score)), one
    return 2, 0, 0.0, one


def _sorted(told: Columns) -> Columns:
    low = nw.col("tiering_low").cast(nw.String)
    rank = nw.lit(len(_RANKS))
    for slug, place in _RANKS.items():
        rank = nw.when(low == slug).then(nw.lit(place)).otherwise(rank)
    score = "tiering_score_low"
    return (
        told.with_columns(place=rank)
        .sort("place", score, "id", descending=[False, True, False])
        .select(
            "id",
            "name",
            "tiering_effective",
            "tiering",
            "tiering_low",
            "tiering_high",
            score,
            "tiering_score_high",
            "tiering_problem",
            "tiering_missing",
        )
    )
