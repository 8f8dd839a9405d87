"""What would lift a customer to the next rung: figures that somebody can move."""

from __future__ import annotations

import datetime as dt
import decimal
import sys
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import cast

import attrs

from keyaccount.domain import (
    Customer,
    FxTable,
    Money,
    Receivables,
    Standing,
    ValueTier,
    YearMetrics,
)
from keyaccount.exceptions import InvalidValueError, Problems, UnknownNameError
from keyaccount.rules import Facts, Lever, Lift, reach
from keyaccount.tri import Tri

from ._bounds import RUNGS
from ._classify import TierVerdict, classify, yardstick
from ._facts import LEVERS, Yardstick, Years, amount_of, facts, years_of
from ._policy import TieringPolicy, default_policy


__all__ = ["NextRung", "next_rung", "what_if"]


@attrs.frozen
class NextRung:
    """The way up: the rung aimed at, and every small change that reaches it.

    `target` is None at the top, and where nobody knows the sales. `gap` is what the
    evaluated year's contribution lacks to the target's amount, in the policy's
    currency, 0 if the amount is reached. `waits_for_a_second_year` says that the
    years before fall short of the target's amount, which no change of this year
    mends. `cure` holds the changes after which no figure makes a problem any more.
    The figures of `lifts` and `cure` are in the customer's currency, those that
    `what_if` takes.
    """

    verdict: TierVerdict
    target: ValueTier | None
    gap: Decimal | None
    lifts: tuple[Lift, ...]
    waits_for_a_second_year: bool = False
    cure: tuple[Lift, ...] = ()


def next_rung(  # noqa: PLR0913 - the nouns that stand beside a customer
    customer: Customer,
    *,
    as_of: dt.date,
    target: ValueTier | None = None,
    fixed: frozenset[str] = frozenset(),
    receivables: Receivables | None = None,
    standing: Standing | None = None,
    lifetime: Money | None = None,
    fx: FxTable | None = None,
    policy: TieringPolicy | None = None,
) -> NextRung:
    """Say what would lift a customer to the next rung, or to *target* (S3-14).

    A change is found on a figure of the evaluated year (`sales`, `gross_profit`,
    `collected`, `on_time`, `influence`), run through the facts again and re-judged
    on the customer; only what really reaches the rung is reported, each change
    alone where one suffices, else a small set together. More sales come at today's
    margin and payment behaviour. What is unknown is no lever: ask for it first.
    From an open verdict the way starts at the lowest rung still possible.

    Args:
        customer: who trades with us.
        as_of: as in `classify`.
        target: another rung than the next one.
        fixed: the levers that this customer's case does not allow to move.
        receivables: as in `classify`.
        standing: as in `classify`.
        lifetime: as in `classify`.
        fx: as in `classify`.
        policy: as in `classify`; it says which levers move at all, and how far.

    Raises:
        UnknownNameError: *fixed* names no lever.
        InvalidValueError: *target* is no rung of the policy, or the customer is a
            prospect.
        CurrencyMismatchError: another currency than the policy's, and no `fx`.
    """
    rules = policy or default_policy()
    measure = yardstick(rules, fx)
    _check_aim(target, fixed, rules)
    verdict = classify(
        customer,
        as_of=as_of,
        receivables=receivables,
        standing=standing,
        lifetime=lifetime,
        fx=fx,
        policy=rules,
    )
    years = years_of(customer, as_of)
    latest = years.latest
    if latest is None:
        return NextRung(verdict, None, None, ())

    def facts_with(figures: Mapping[str, Decimal]) -> Facts:
        return facts(
            _moved(customer, latest, _final(figures, latest)),
            measure,
            as_of=as_of,
            receivables=receivables,
            standing=standing,
            lifetime=lifetime,
        )

    def reached(judge: Callable[[Facts], bool]) -> tuple[Lift, ...]:
        def holds(figures: Mapping[str, Decimal]) -> bool:
            try:
                return judge(facts_with(figures))
            except InvalidValueError:  # more due, say, than a year can hold
                return False

        with decimal.localcontext(decimal.Context()):
            levers = _levers(customer, latest, rules, fixed)
            return tuple(_told(lift, latest) for lift in reach(levers, holds))

    cure: tuple[Lift, ...] = ()
    problem = rules.problem
    if verdict.is_problem is Tri.YES and problem is not None:
        cure = reached(lambda found: problem.possible(found) != ("yes",))
    aim = _above(verdict.possible[0], rules) if target is None else target
    if aim is None or verdict.value is ValueTier.UNCLASSIFIED:
        return NextRung(verdict, None, None, (), cure=cure)

    def reaches(found: Facts) -> bool:
        lowest = ValueTier(rules.ladder.possible(found)[0])
        return lowest.is_rung and lowest.rank <= aim.rank

    lifts = reached(reaches)
    waits = not lifts and _falls_short_before(customer, years, aim, measure, rules)
    return NextRung(verdict, aim, _gap(facts_with({}), aim, rules), lifts, waits, cure)


def what_if(
    customer: Customer, figures: Mapping[str, Decimal], *, as_of: dt.date
) -> Customer:
    """Return the customer with figures of its evaluated year moved, to judge anew.

    Keys are `LEVERS`, values what the figures then are, in the customer's currency.
    More sales come at today's margin and payment behaviour: what is not named moves
    along with them.

    Raises:
        UnknownNameError: a key that is no lever.
        InvalidValueError: the moved figures contradict each other, or no full year
            has ended.
    """
    _check_levers(figures)
    latest = years_of(customer, as_of).latest
    if latest is None:
        problems = Problems()
        problems.add("years", "empty", expected="one full year that has ended")
        problems.check(f"customer {customer.id}")
    with decimal.localcontext(decimal.Context()):
        return _moved(customer, cast("YearMetrics", latest), figures)


def _check_levers(names: Iterable[str]) -> None:
    for name in names:
        if name not in LEVERS:
            raise UnknownNameError("lever", name, LEVERS)


def _check_aim(
    target: ValueTier | None, fixed: frozenset[str], policy: TieringPolicy
) -> None:
    _check_levers(sorted(fixed))
    rungs = _rungs(policy)
    if target is not None and target not in rungs:
        problems = Problems()
        offered = f"one of {', '.join(rung.value for rung in rungs)}"
        problems.add("target", "unknown-choice", target.value, offered)
        problems.check("next rung")


def _rungs(policy: TieringPolicy) -> tuple[ValueTier, ...]:
    """The rungs that the policy's rows give, best first."""
    table = policy.ladder.table
    given = {table.otherwise, *(row.then for row in table.rows)}
    return tuple(rung for rung in RUNGS if rung.value in given)


def _above(rung: ValueTier, policy: TieringPolicy) -> ValueTier | None:
    above = [one for one in _rungs(policy) if one.rank < rung.rank]
    return above[-1] if above else None


def _gap(facts: Facts, aim: ValueTier, policy: TieringPolicy) -> Decimal | None:
    contribution = facts["contribution"]
    if aim is ValueTier.GENERAL or not isinstance(contribution, float):
        return None
    with decimal.localcontext(decimal.Context()):
        return max(policy.amount(aim) - Decimal(str(contribution)), Decimal(0))


_TWO_YEAR = frozenset({ValueTier.DIAMOND, ValueTier.GOLD})


def _falls_short_before(
    customer: Customer,
    years: Years,
    aim: ValueTier,
    measure: Yardstick,
    policy: TieringPolicy,
) -> bool:
    """Whether the years before the evaluated one keep the aim out of reach."""
    if aim not in _TWO_YEAR or measure.basis == "lifetime":
        return False
    before = years.in_row[1 : measure.years]
    if len(before) + 1 < measure.years:
        return True
    amounts = [amount_of(year, customer, measure) for year in before]
    return any(known < policy.amount(aim) for known in amounts if known is not None)


def _levers(
    customer: Customer,
    latest: YearMetrics,
    policy: TieringPolicy,
    fixed: frozenset[str],
) -> tuple[Lever, ...]:
    """The figures that are known and may be moved, each with how far it can go."""
    times = policy.number("search_times")
    sales, paid = latest.sales, latest.collected
    now = {
        "sales": sales,
        "gross_profit": latest.gross_profit,
        "collected": paid if latest.due else None,
        "on_time": latest.on_time if latest.due else None,
        "influence": customer.influence,
    }
    most = {
        "sales": _most_sales(latest, (sales or Decimal(0)) * times),
        "gross_profit": sales,
        "collected": latest.due,
        "on_time": latest.due if paid is None else min(latest.due or paid, paid),
        "influence": Decimal(100),
    }
    levers = []
    for lever in policy.levers:
        at, end = now[lever.id], most[lever.id]
        if at is None or end is None or end <= at:
            continue
        is_free = lever.movable and lever.id not in fixed
        unit = "mark" if lever.id == "influence" else "money"
        step = _step(end - at)
        levers.append(Lever(lever.id, at, at, end, step, is_free, unit))
    return tuple(levers)


def _most_sales(latest: YearMetrics, most: Decimal) -> Decimal:
    """Go half the way back, and half again, until a year can hold that much."""
    try:
        attrs.evolve(latest, sales=most)
    except InvalidValueError:
        middle = (most + (latest.sales or 0)) / 2
        return _most_sales(latest, middle.to_integral_value(decimal.ROUND_FLOOR))
    return most


def _step(room: Decimal) -> Decimal:
    """One unit of money; more only where a float no longer tells units apart."""
    return Decimal(1).scaleb(max(room.adjusted() - sys.float_info.dig + 1, 0))


def _final(figures: Mapping[str, Decimal], latest: YearMetrics) -> dict[str, Decimal]:
    """Turn figures at today's sales into those that come with the sales moved."""
    sales, before = figures.get("sales"), latest.sales
    if sales is None or not before:
        return dict(figures)
    kept = {"sales", "influence"}
    return {
        name: at if name in kept else _scaled(at, sales, before)
        for name, at in figures.items()
    }


def _told(lift: Lift, latest: YearMetrics) -> Lift:
    """Tell every change by the figure that was judged, beside more sales too."""
    final = _final({c.lever.name: c.to for c in lift.changes}, latest)
    return Lift(tuple(attrs.evolve(c, to=final[c.lever.name]) for c in lift.changes))


def _moved(
    customer: Customer, latest: YearMetrics, figures: Mapping[str, Decimal]
) -> Customer:
    """Return the customer with the evaluated year's figures moved."""
    sales, before = figures.get("sales"), latest.sales

    def figure(name: str, now: Decimal | None) -> Decimal | None:
        if name in figures or now is None or sales is None:
            return figures.get(name, now)
        return _scaled(now, sales, before) if before and before > 0 else now

    moved = attrs.evolve(
        latest,
        sales=latest.sales if sales is None else sales,
        gross_profit=figure("gross_profit", latest.gross_profit),
        due=figure("due", latest.due),
        collected=figure("collected", latest.collected),
        on_time=figure("on_time", latest.on_time),
    )
    years = tuple(moved if one.year == latest.year else one for one in customer.years)
    influence = figures.get("influence", customer.influence)
    return attrs.evolve(customer, years=years, influence=influence)


_CENT = Decimal((0, (1,), -2))


def _scaled(amount: Decimal, sales: Decimal, before: Decimal) -> Decimal:
    if sales == before:
        return amount
    return (amount * sales / before).quantize(_CENT)
