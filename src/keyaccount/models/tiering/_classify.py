"""Which rung a customer stands on, whether it is a problem, and why."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypeVar, overload

import attrs

from keyaccount import wire
from keyaccount.domain import (
    Customer,
    FxTable,
    Money,
    Outlook,
    ProspectClass,
    Receivables,
    Relation,
    Standing,
    ThreeLevelGrade,
    ValueTier,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Facts,
    Interval,
    Missing,
    Reason,
    Verdict,
    ask_first,
    explain_rows,
    explain_table,
    holds,
)
from keyaccount.tri import Tri

from ._facts import FACTS, Yardstick, facts, years_of
from ._flags import flags_of
from ._policy import TieringPolicy, default_policy
from ._prospect import ProspectVerdict, prospect
from ._service import grade


__all__ = ["TierVerdict", "classify", "judge", "yardstick"]


T = TypeVar("T")
PerId: TypeAlias = Mapping[str, T] | None
"""What stands beside many customers: a mapping from their ids."""

PerCustomer: TypeAlias = T | PerId[T]
"""One value for one customer; for many a mapping from their ids."""


@attrs.frozen
class TierEvidence:
    """What a tier verdict keeps to explain itself."""

    policy: TieringPolicy
    facts: Facts

    def reason(self) -> Reason:
        """Say the rung, the problem condition, and what each row and mark says."""
        ladder = explain_table(self.policy.ladder.table, self.facts)
        return attrs.evolve(ladder, because=(*ladder.because, self._problem()))

    def _problem(self) -> Reason:
        """Say which triggers fire; where none does, which nobody has checked."""
        if self.policy.problem is None:
            return Reason("problem-no")
        rows = explain_rows(self.policy.problem.table, self.facts)
        fired = tuple(row for row in rows if row.code == "row-fires")
        if fired:
            return Reason("problem-yes", (), fired)
        unchecked = tuple(
            Reason("trigger-open", row.data) for row in rows if row.code == "row-open"
        )
        return Reason("problem-open" if unchecked else "problem-no", (), unchecked)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen(repr=False)
class TierVerdict(wire.Plain, Verdict[ValueTier]):
    """A customer's rung (`value`), and its tier once problems count (`effective`).

    `score` is the composite from 0 to 100, as bounds; `triggers` are the problem
    triggers that fire, `unchecked` those that nobody has checked. `focus` is the
    overlay of S3-12 on a general customer: it never changes the tier.
    """

    effective: ValueTier | None
    is_problem: Tri
    score: Interval
    triggers: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    focus: ProspectClass | None = None

    @property
    def grade(self) -> ThreeLevelGrade | None:
        """The level of S2-4 that goes with the rung; None while it is open."""
        return None if self.value is None else grade(self.value)

    @property
    def is_supervised(self) -> bool:
        """Whether the customer is watched until it pays (S3-21)."""
        return self.is_problem is Tri.YES

    @property
    def provisional(self) -> ValueTier:
        """The lowest rung still possible, for callers who must act at once."""
        return self.possible[0]

    def _extras(self) -> tuple[str, ...]:
        score = f"score {self.score}"
        return ("problem", score) if self.is_supervised else (score,)


def yardstick(policy: TieringPolicy, fx: FxTable | None = None) -> Yardstick:
    """Return what a policy measures customers with."""
    return policy.yardstick if fx is None else attrs.evolve(policy.yardstick, fx=fx)


@overload
def classify(
    customer: Customer,
    *,
    as_of: dt.date,
    receivables: PerCustomer[Receivables] = None,
    standing: PerCustomer[Standing] = None,
    outlook: PerCustomer[Outlook] = None,
    lifetime: PerCustomer[Money] = None,
    fx: FxTable | None = None,
    policy: TieringPolicy | None = None,
) -> TierVerdict: ...


@overload
def classify(
    customer: Iterable[Customer],
    *,
    as_of: dt.date,
    receivables: PerId[Receivables] = None,
    standing: PerId[Standing] = None,
    outlook: PerId[Outlook] = None,
    lifetime: PerId[Money] = None,
    fx: FxTable | None = None,
    policy: TieringPolicy | None = None,
) -> tuple[TierVerdict, ...]: ...


def classify(  # noqa: PLR0913 - the nouns that stand beside a customer
    customer: Customer | Iterable[Customer],
    *,
    as_of: dt.date,
    receivables: PerCustomer[Receivables] = None,
    standing: PerCustomer[Standing] = None,
    outlook: PerCustomer[Outlook] = None,
    lifetime: PerCustomer[Money] = None,
    fx: FxTable | None = None,
    policy: TieringPolicy | None = None,
) -> TierVerdict | tuple[TierVerdict, ...]:
    """Say which value tier a trading customer belongs to (S3-5 to S3-21).

    Args:
        customer: one customer, or many; many give a tuple in the same order.
        as_of: the evaluated year is the latest full one that had ended by then.
        receivables: what it owes, for the overdue trigger; a mapping from customer
            ids where many are given (the same holds for the next three).
        standing: harm to our reputation, legal dispute.
        outlook: what it promises, for the key-opportunity overlay (S3-12).
        lifetime: its lifetime value, where the policy's basis is `lifetime`.
        fx: dated rates, where its currency is not the policy's.
        policy: your own; the shipped one has example amounts in USD.

    Returns:
        The rung and, beside it, whether the customer is a problem. Without the
        year's contribution the rung is `unclassified`; any other unknown figure
        counts as anything it could be.

    Raises:
        InvalidValueError: a prospect: it has no tier; ask `prospect`. Or one
            customer's figures for many, or an *as_of* that is no plain date.
        CurrencyMismatchError: another currency than the policy's, and no `fx`.
        MissingRateError: no rate of the year's end or before.
    """
    rules = policy or default_policy()
    measure = yardstick(rules, fx)
    if isinstance(customer, Customer):
        many: tuple[Customer, ...] = (customer,)
    else:
        many = _customers(customer)
        beside = {
            "receivables": receivables,
            "standing": standing,
            "outlook": outlook,
            "lifetime": lifetime,
        }
        _check_by_id(beside)
    verdicts = tuple(
        _classify_one(
            one,
            rules,
            measure,
            as_of=as_of,
            receivables=_of(one, receivables),
            standing=_of(one, standing),
            outlook=_of(one, outlook),
            lifetime=_of(one, lifetime),
        )
        for one in many
    )
    return verdicts[0] if isinstance(customer, Customer) else verdicts


def _customers(given: object) -> tuple[Customer, ...]:
    """Refuse what is neither a customer nor several of them."""
    problems, wanted = Problems(), "a Customer, or several"
    many: tuple[object, ...] = ()
    if isinstance(given, Iterable) and not isinstance(given, str | Mapping):
        many = tuple(given)
    else:
        problems.add("", "wrong-type", given, wanted)
    customers = []
    for index, one in enumerate(many):
        if isinstance(one, Customer):
            customers.append(one)
        else:
            problems.add(f"$[{index}]", "wrong-type", one, wanted)
    problems.check("customers")
    return tuple(customers)


def _check_by_id(beside: Mapping[str, object]) -> None:
    """Refuse one customer's figures for all of them."""
    problems = Problems()
    for name, given in beside.items():
        if given is not None and not isinstance(given, Mapping):
            wanted = "a mapping from customer ids, where many customers are given"
            problems.add(name, "wrong-type", type(given).__name__, wanted)
    problems.check("customers")


def _of(customer: Customer, given: PerCustomer[T]) -> T | None:
    return given.get(customer.id) if isinstance(given, Mapping) else given


def _classify_one(  # noqa: PLR0913 - the nouns that stand beside a customer
    customer: Customer,
    policy: TieringPolicy,
    measure: Yardstick,
    *,
    as_of: dt.date,
    receivables: Receivables | None,
    standing: Standing | None,
    outlook: Outlook | None,
    lifetime: Money | None,
) -> TierVerdict:
    if customer.relation is Relation.PROSPECT:
        problems = Problems()
        instead = "a prospect has no tier; ask tiering.prospect(outlook)"
        problems.add("relation", "contradiction", "prospect", instead)
        problems.check(f"customer {customer.id}")
    years = years_of(customer, as_of)
    found = facts(
        customer,
        measure,
        as_of=as_of,
        receivables=receivables,
        standing=standing,
        lifetime=lifetime,
        years=years,
    )
    verdict = _judge(found, policy, as_of, flags_of(years, found, policy, as_of))
    if outlook is None or verdict.value is not ValueTier.GENERAL:
        return verdict
    overlay: ProspectVerdict = prospect(outlook, policy=policy)
    return attrs.evolve(verdict, focus=overlay.value)


def judge(
    facts: Mapping[str, object],
    *,
    as_of: dt.date | None = None,
    policy: TieringPolicy | None = None,
) -> TierVerdict:
    """Say the tier from ready facts (S3-16); an absent key is unknown.

    Money in the policy's currency; margin and rates as shares (0.36); growth as a
    ratio, this year to last; influence from 0 to 100; harm and dispute True or False.

    >>> judge({"contribution": 36e6, "growth_ratio": 1.2}).possible[0].value
    'potential'

    Raises:
        UnknownFactError: a key that is not among `FACTS`.
        InvalidValueError: values of the wrong kind or out of range, all at once.
    """
    ready = facts if isinstance(facts, Facts) else FACTS.read(facts)
    return _judge(ready, policy or default_policy(), as_of, ())


def _judge(
    facts: Facts,
    policy: TieringPolicy,
    as_of: dt.date | None,
    flags: tuple[str, ...],
) -> TierVerdict:
    ladder = policy.ladder.look_up(facts)
    possible = _tiers(ladder.possible)
    value = possible[0] if len(possible) == 1 else None
    problem = policy.problem
    is_problem = Tri.NO
    fired: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    if problem is not None:
        outcomes = problem.possible(facts)
        if outcomes != ("no",):
            is_problem = Tri.YES if outcomes == ("yes",) else Tri.UNKNOWN
            answers = [(t.id, holds(t.when, facts)) for t in policy.triggers]
            fired = tuple(id_ for id_, answer in answers if answer is Tri.YES)
            unchecked = tuple(id_ for id_, answer in answers if answer is Tri.UNKNOWN)
    score = ladder.score
    if None in facts.row:
        missing = _missing(facts, policy, is_settled=value is not None)
        is_rung = value is not None and value.is_rung
        if is_rung and _lacks_a_figure(facts, policy):
            flags = ("incomplete", *flags)
    else:
        missing = ()
    if policy.has_example_amounts:
        flags = (*flags, "example-thresholds")
    return TierVerdict(
        value,
        possible,
        missing,
        flags,
        policy.ref,
        as_of,
        effective=ValueTier.PROBLEM if is_problem is Tri.YES else value,
        is_problem=is_problem,
        score=score,
        triggers=fired,
        unchecked=unchecked,
        evidence=TierEvidence(policy, facts),
    )


def _lacks_a_figure(facts: Facts, policy: TieringPolicy) -> bool:
    """Whether the ladder asks for what is unknown; a year that is not there is not."""
    row = facts["years_in_row"]
    is_short = isinstance(row, float) and row < policy.yardstick.years
    return any(
        facts[name] is None
        for name in policy.ladder.table.asks
        if not (is_short and name == "lowest_contribution")
    )


def _missing(
    facts: Facts, policy: TieringPolicy, *, is_settled: bool
) -> tuple[Missing, ...]:
    """Ask for the sales before all, then for the rung, then for the problem.

    A settled rung has nothing to gain from an answer: then the problem comes first.
    """
    both = (policy.ladder, policy.problem)
    tables = [compiled.table for compiled in both if compiled is not None]
    order = reversed(tables) if is_settled else tables
    asked: dict[Missing, None] = {}
    for table in order:
        asked.update(dict.fromkeys(ask_first((table,), facts, policy.fast)))
    return tuple(sorted(asked, key=lambda gap: gap.fact != "contribution"))


@functools.cache
def _tiers(slugs: tuple[str, ...]) -> tuple[ValueTier, ...]:
    return tuple(ValueTier(slug) for slug in slugs)
