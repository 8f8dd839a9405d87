"""The opinions that tiering judges by: amounts, rows, weights, entitlements."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs

from keyaccount import policies
from keyaccount.domain import ValueTier
from keyaccount.exceptions import Problems, nearest
from keyaccount.rules import (
    Compare,
    Compiled,
    Condition,
    Criterion,
    DecisionTable,
    Facts,
    Op,
    Policy,
    Row,
    Scorecard,
    TableParts,
    checked_scorecard,
    checked_table,
    compile_table,
)

from ._bounds import AMOUNTS, RUNGS, check_entitlement, check_numbers
from ._facts import FACTS, LEVERS, OUTLOOK_FACTS, Yardstick
from ._service import Entitlement


__all__ = [
    "Cap",
    "Lever",
    "ProposalShare",
    "TieringPolicy",
    "Trigger",
    "ValueBasis",
    "default_policy",
]


class ValueBasis(enum.Enum):
    """What counts as a customer's contribution (S3-6)."""

    SALES = "sales"
    GROSS_PROFIT = "gross-profit"
    LIFETIME = "lifetime"


@attrs.frozen
class Trigger:
    """If *when* holds, the customer is a problem (S3-21)."""

    id: str
    when: Condition
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Cap:
    """The most weight, in whole per cent, that one group of criteria may carry."""

    id: str
    most: int
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Lever:
    """A figure that somebody could move, or that the policy holds fixed."""

    id: str
    movable: bool = True
    origin: str = "own"
    why: str = ""


@attrs.frozen
class ProposalShare:
    """Which share of a firm's customers an amount is proposed to let in."""

    id: str
    share: Decimal
    origin: str = "own"
    why: str = ""


@attrs.frozen(kw_only=True)
class TieringPolicy(Policy):
    """What makes a diamond, a gold, a strategic, a potential, a problem customer.

    `rows` decide the rung (first match), by the facts and the score `composite`;
    `triggers` the problem condition; `outlook_rows` the class of a prospect.
    """

    currency: str
    basis: ValueBasis = ValueBasis.SALES
    use_gold: bool = True
    rows: tuple[Row, ...]
    otherwise: str | None = None
    criteria: tuple[Criterion, ...]
    caps: tuple[Cap, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    levers: tuple[Lever, ...] = ()
    proposals: tuple[ProposalShare, ...] = ()
    outlook_rows: tuple[Row, ...]
    outlook_criteria: tuple[Criterion, ...]
    entitlements: tuple[Entitlement, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        check_numbers(self.numbers, problems)
        caps = tuple((cap.id, cap.most) for cap in self.caps)
        card = checked_scorecard(
            problems,
            "criteria",
            name="composite",
            about=FACTS,
            criteria=self.criteria,
            caps=caps,
        )
        checked_table(problems, "rows", scores=("composite",), **self._ladder(card))
        if self.triggers:
            checked_table(problems, "triggers", **self._problem())
        outlook = checked_scorecard(
            problems,
            "outlook_criteria",
            name="outlook",
            about=OUTLOOK_FACTS,
            criteria=self.outlook_criteria,
        )
        checked_table(
            problems, "outlook_rows", scores=("outlook",), **self._outlook(outlook)
        )
        self._check_entitlements(problems)
        self._check_names(problems)
        problems.check(f"policy {self.name}")

    def _check_entitlements(self, problems: Problems) -> None:
        given = {entitlement.id: entitlement for entitlement in self.entitlements}
        for index, one in enumerate(self.entitlements):
            check_entitlement(f"entitlements[{index}]", one, problems)
        wanted = [tier.value for tier in (*RUNGS, ValueTier.PROBLEM)]
        for slug in wanted:
            if slug not in given:
                problems.add("entitlements", "missing", expected=f"one for {slug}")
        for slug in given:
            if slug not in wanted:
                hint = nearest(slug, wanted)
                problems.add("entitlements", "unknown-choice", slug, hint)
        for better, worse in pairwise(tier.value for tier in RUNGS):
            pair = given.get(better), given.get(worse)
            if pair[0] and pair[1] and not pair[0].covers(pair[1]):
                least = f"{better} must get at least what {worse} gets (S3-13)"
                problems.add("entitlements", "contradiction", better, least)

    def _check_names(self, problems: Problems) -> None:
        levers = [lever.id for lever in self.levers]
        shares = [proposal.id for proposal in self.proposals]
        for key, ids, offered in (
            ("levers", levers, LEVERS),
            ("proposals", shares, AMOUNTS),
        ):
            for index, slug in enumerate(ids):
                if slug not in offered:
                    path, hint = f"{key}[{index}].id", nearest(slug, offered)
                    problems.add(path, "unknown-choice", slug, hint)
        for index, proposal in enumerate(self.proposals):
            if not 0 < proposal.share <= 1:
                path = f"proposals[{index}].share"
                problems.add(path, "out-of-range", proposal.share, "above 0, at most 1")
        for slug in AMOUNTS:
            if slug not in shares:
                problems.add("proposals", "missing", expected=f"a share for {slug}")

    # The tables, built once, on first use.

    @functools.cached_property
    def composite(self) -> Scorecard:
        """The score from 0 to 100 (S3-16)."""
        caps = tuple((cap.id, cap.most) for cap in self.caps)
        return Scorecard("composite", FACTS, self.criteria, caps)

    @functools.cached_property
    def ladder(self) -> Compiled:
        """The table that decides the rung."""
        return compile_table(DecisionTable(**self._ladder(self.composite)))

    @functools.cached_property
    def problem(self) -> Compiled | None:
        """The table that decides whether the customer is a problem; None: never."""
        if not self.triggers:
            return None
        return compile_table(DecisionTable(**self._problem()))

    @functools.cached_property
    def outlook(self) -> Compiled:
        """The table that decides the class of a prospect."""
        card = Scorecard("outlook", OUTLOOK_FACTS, self.outlook_criteria)
        return compile_table(DecisionTable(**self._outlook(card)))

    @functools.cached_property
    def leaving(self) -> dict[ValueTier, Condition]:
        """For each rung, when a review of it is a strike (DOMAIN 3.6)."""
        band = Fraction(self.number("keep_band"))

        def below(amount: str) -> Condition:
            limit = float(Fraction(self.number(amount)) * band)
            return Compare("contribution", Op.LT, limit)

        score = Compare("composite", Op.LT, float(self.number("leave_strategic")))
        growth = Compare("growth_ratio", Op.LT, float(self.number("leave_growth")))
        return {
            ValueTier.DIAMOND: below("diamond"),
            ValueTier.GOLD: below("gold"),
            ValueTier.STRATEGIC: below("strategic") | score,
            ValueTier.POTENTIAL: below("potential") | growth,
        }

    @functools.cached_property
    def has_example_amounts(self) -> bool:
        """Whether an amount is still the shipped example."""
        return any(
            number.id in AMOUNTS and number.origin != "own" for number in self.numbers
        )

    @functools.cached_property
    def yardstick(self) -> Yardstick:
        """What customers are measured with, in the policy's own currency."""
        years = int(self.number("years"))
        return Yardstick(self.basis.value, self.currency, years)

    @functools.cached_property
    def stale_after(self) -> dt.timedelta:
        """How old a customer's latest full year may be."""
        return dt.timedelta(days=int(self.number("stale_figures")))

    def fast(self, table: DecisionTable, facts: Facts) -> tuple[str, ...]:
        """Judge one of this policy's two tables by its compiled form."""
        problem = self.problem
        if problem is not None and table is problem.table:
            return problem.possible(facts)
        return self.ladder.possible(facts)

    def amount(self, rung: ValueTier) -> Decimal:
        """Return the amount that opens a rung."""
        return self.number(rung.value)

    def entitlement(self, tier: ValueTier) -> Entitlement:
        """Return what a class of customer gets (S3-9); unclassified as general."""
        wanted = ValueTier.GENERAL if tier is ValueTier.UNCLASSIFIED else tier
        return next(e for e in self.entitlements if e.id == wanted.value)

    def _ladder(self, card: Scorecard | None) -> TableParts:
        rows = self.rows
        if not self.use_gold:
            rows = tuple(
                attrs.evolve(row, then="strategic") if row.then == "gold" else row
                for row in rows
            )
        outcomes = ("unclassified", *(tier.value for tier in reversed(RUNGS)))
        return {
            "name": "tiering",
            "about": FACTS,
            "rows": rows,
            "otherwise": self.otherwise,
            "outcomes": outcomes,
            "scorecards": () if card is None else (card,),
            "answers": "value-tier",
        }

    def _problem(self) -> TableParts:
        rows = tuple(
            Row(trigger.id, trigger.when, "yes", origin=trigger.origin, why=trigger.why)
            for trigger in self.triggers
        )
        return {
            "name": "problem",
            "about": FACTS,
            "rows": rows,
            "otherwise": "no",
            "outcomes": ("no", "yes"),
            "scorecards": (),
            "answers": "problem-condition",
        }

    def _outlook(self, card: Scorecard | None) -> TableParts:
        return {
            "name": "outlook",
            "about": OUTLOOK_FACTS,
            "rows": self.outlook_rows,
            "otherwise": "general-opportunity",
            "outcomes": ("general-opportunity", "key-opportunity"),
            "scorecards": () if card is None else (card,),
            "answers": "prospect-class",
        }


@functools.cache
def default_policy() -> TieringPolicy:
    """Return the shipped policy; its amounts are examples in USD."""
    return policies.read("tiering", TieringPolicy)
