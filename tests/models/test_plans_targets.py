"""How far the targets of a year have come, each by itself and added up."""

from __future__ import annotations

import calendar
import datetime as dt
import decimal
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import AnnualTarget, TargetKind
from keyaccount.exceptions import CurrencyMismatchError
from keyaccount.models import plans
from keyaccount.models.plans import (
    AttainmentVerdict,
    KindAttainment,
    PlansPolicy,
    TargetStanding,
)
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import annual_targets, days


YEAR_END = dt.date(2026, 12, 31)
MARCH_END = dt.date(2026, 3, 31)
ONE = dt.timedelta(1)
REACHED, ON_PACE, PENDING, BEHIND, MISSED = TargetStanding
SALES = AnnualTarget(
    2026, TargetKind.SALES_AMOUNT, Decimal(365), Decimal(0), currency="CNY"
)
SHARE = AnnualTarget(2026, TargetKind.MARKET_SHARE, Decimal("0.2"), Decimal("0.15"))


def judged(target: AnnualTarget, as_of: dt.date) -> AttainmentVerdict:
    (row,) = plans.attainment([target], as_of=as_of).rows
    return row


def added(*targets: AnnualTarget, as_of: dt.date = YEAR_END) -> KindAttainment:
    (kind,) = plans.attainment(targets, as_of=as_of).kinds
    return kind


def month(at: int, target: int, actual: int | None = None) -> AnnualTarget:
    return attrs.evolve(
        SALES,
        month=at,
        target=Decimal(target),
        actual=None if actual is None else Decimal(actual),
    )


@pytest.mark.parametrize("kind", TargetKind)
def test_attainment_is_actual_by_target(kind: TargetKind) -> None:  # S4-1
    currency = "CNY" if kind is TargetKind.SALES_AMOUNT else None
    target = AnnualTarget(2026, kind, Decimal("0.8"), Decimal("0.6"), currency=currency)

    assert judged(target, YEAR_END).attainment == 0.75


@pytest.mark.parametrize(
    ("target", "last"),
    [
        (SALES, YEAR_END),
        (month(3, 365, 0), MARCH_END),
        (attrs.evolve(SALES, year=2024, month=2), dt.date(2024, 2, 29)),
        (SHARE, YEAR_END),
    ],
)
def test_nothing_is_missed_before_the_day_after_its_last(
    target: AnnualTarget, last: dt.date
) -> None:
    assert judged(target, last).value is not MISSED
    assert judged(target, last + ONE).value is MISSED
    full = attrs.evolve(target, actual=target.target)
    assert judged(full, last).value is judged(full, last + ONE).value is REACHED


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(89, BEHIND), (90, ON_PACE), (364, ON_PACE), (365, REACHED)],
)
def test_a_sum_is_held_against_an_even_year(
    actual: int, expected: TargetStanding
) -> None:
    # 10 April is the hundredth day of 2026, and a unit a day is the target
    hundredth = dt.date(2026, 4, 10)
    verdict = judged(attrs.evolve(SALES, actual=Decimal(actual)), hundredth)

    assert verdict.value is expected
    assert verdict.pace == actual / 100


def test_a_ratio_is_that_of_the_numbers_as_written() -> None:
    share = attrs.evolve(SHARE, actual=Decimal("0.18"))

    assert judged(share, MARCH_END).attainment == 0.9  # 0.18 / 0.2 is a bit less
    months = [attrs.evolve(month(1, 1), target=Decimal("0.2"), actual=Decimal("0.18"))]
    assert added(*months, as_of=MARCH_END).to_date == 0.9


def test_a_share_of_the_market_has_no_pace() -> None:
    verdict = judged(SHARE, MARCH_END)

    assert verdict.value is PENDING
    assert verdict.pace is None


def test_a_month_that_has_not_begun_is_neither_ahead_nor_behind() -> None:
    march = month(3, 10)

    before = judged(march, dt.date(2026, 2, 28))
    begun = judged(march, dt.date(2026, 3, 1))
    assert before.value is PENDING
    assert begun.possible == (BEHIND, ON_PACE, REACHED)


def test_an_actual_that_nobody_told_leaves_it_open() -> None:
    verdict = judged(attrs.evolve(SALES, actual=None), YEAR_END + ONE)

    assert verdict.possible == (MISSED, REACHED)
    assert (verdict.attainment, verdict.pace) == (None, None)
    assert [gap.question for gap in verdict.missing] == ["target-actual"]
    assert "sales-amount 2026 ·" in repr(verdict)
    assert "2026-03 · 0.5 ·" in repr(judged(month(3, 10, 5), MARCH_END))


def test_the_months_are_added_up_against_the_year() -> None:
    year = attrs.evolve(SALES, target=Decimal("1.2"), actual=Decimal("0.3"))
    tenths = [
        attrs.evolve(year, month=at, target=Decimal("0.1"), actual=None)
        for at in range(1, 13)
    ]

    whole = added(year, *tenths)
    assert whole.months == tuple(range(1, 13))
    assert (whole.target, whole.months_target) == (Decimal("1.2"), Decimal("1.2"))
    assert whole.agrees is Tri.YES  # exact: the sum of the floats is 1.2 and a bit
    assert added(year, *tenths[1:]).agrees is Tri.UNKNOWN
    assert added(*tenths).agrees is Tri.UNKNOWN
    assert added(year).agrees is Tri.UNKNOWN
    more = attrs.evolve(tenths[0], target=Decimal("0.2"))
    assert added(year, more, *tenths[1:]).agrees is Tri.NO
    alone = attrs.evolve(tenths[0], target=Decimal("1.2"))
    assert added(year, alone).agrees is Tri.NO  # eleven months are still to come


def test_the_months_that_are_over_are_judged_to_date() -> None:
    months = (month(1, 10, 8), month(2, 10, 10), month(3, 20))

    february = added(*months, as_of=MARCH_END)
    assert february.to_date == 18 / 20
    assert february.untold == ()
    assert february.months_actual is None
    march = added(*months, as_of=MARCH_END + ONE)
    assert (march.to_date, march.untold) == (None, (3,))
    whole = added(*months[:2], as_of=MARCH_END)
    assert whole.months_actual == Decimal(18)
    assert whole.actual is whole.target is None
    assert added(*months, as_of=dt.date(2026, 1, 31)).to_date is None


def test_shares_of_a_market_do_not_add_up() -> None:
    kind = added(SHARE, attrs.evolve(SHARE, month=1))

    assert (kind.months_target, kind.months_actual, kind.to_date) == (None, None, None)
    assert kind.agrees is Tri.UNKNOWN


def test_each_customer_year_and_kind_has_a_line_of_its_own() -> None:
    other = attrs.evolve(SALES, customer_id="harbour", currency="USD")
    later = attrs.evolve(SALES, year=2027, currency="EUR")

    answer = plans.attainment([other, SALES, SHARE, later], as_of=YEAR_END)
    assert [(one.customer_id, one.year, one.currency) for one in answer.kinds] == [
        (None, 2026, None),
        (None, 2026, "CNY"),
        (None, 2027, "EUR"),
        ("harbour", 2026, "USD"),
    ]
    assert [row.target for row in answer.rows] == [SHARE, SALES, later, other]


def test_amounts_of_one_line_stand_in_one_currency() -> None:
    with pytest.raises(CurrencyMismatchError):
        plans.attainment(
            [SALES, attrs.evolve(SALES, month=1, currency="USD")], as_of=YEAR_END
        )


def test_a_house_with_seasons_drops_the_even_year() -> None:
    policy = policies.read({"based_on": "plans", "drop": ["on-pace"]}, PlansPolicy)

    (row,) = plans.attainment(
        [attrs.evolve(SALES, actual=Decimal(300))], as_of=MARCH_END, policy=policy
    ).rows
    assert row.value is BEHIND


def test_months_add_up_exactly_whatever_the_callers_decimals_are_set_to() -> None:
    months = [
        attrs.evolve(SALES, month=1, target=Decimal("1234.56"), actual=Decimal(1)),
        attrs.evolve(SALES, month=2, target=Decimal("0.01"), actual=Decimal("0.01")),
    ]

    with decimal.localcontext(decimal.Context(prec=3)):
        (kind,) = plans.attainment(months, as_of=MARCH_END).kinds
    assert (kind.months_target, kind.months_actual) == (
        Decimal("1234.57"),
        Decimal("1.01"),
    )


def test_everything_wrong_with_the_arguments_is_told_at_once() -> None:
    assert refused(plans.attainment, [SALES, 5, SALES], as_of="now") == (
        ("$.as_of", "wrong-type"),
        ("$.targets[1]", "wrong-type"),
        ("$.targets[2]", "duplicate"),
    )
    assert refused(plans.attainment, 5, as_of=YEAR_END) == (
        ("$.targets", "wrong-type"),
    )
    assert refused(plans.target_facts, 5, as_of=None) == (
        ("$.target", "wrong-type"),
        ("$.as_of", "wrong-type"),
    )


@given(annual_targets(), days, st.integers(-(10**6), 10**6))
def test_filling_in_an_actual_stays_within_what_was_possible(
    target: AnnualTarget, as_of: dt.date, cents: int
) -> None:
    actual = Decimal(cents) / 100
    if target.kind is not TargetKind.SALES_AMOUNT:
        actual = abs(actual)
    if target.kind is TargetKind.MARKET_SHARE:
        actual = min(actual, Decimal(1))
    before = judged(attrs.evolve(target, actual=None), as_of)

    assert judged(attrs.evolve(target, actual=actual), as_of).value in before.possible


@given(annual_targets(), days, st.integers(0, 10**6))
def test_more_reached_is_never_worse(
    target: AnnualTarget, as_of: dt.date, cents: int
) -> None:
    if target.actual is None:
        return
    most = Decimal(1) if target.kind is TargetKind.MARKET_SHARE else None
    more = target.actual + Decimal(cents) / 100
    fuller = attrs.evolve(target, actual=more if most is None else min(more, most))

    one, other = judged(target, as_of).value, judged(fuller, as_of).value
    assert one is not None
    assert other is not None
    assert other.rank <= one.rank


@given(
    st.lists(annual_targets(), max_size=5, unique_by=lambda one: (one.year, one.kind)),
    days,
    st.randoms(use_true_random=False),
)
def test_the_order_of_targets_changes_nothing_and_verdicts_can_be_sent(
    targets: list[AnnualTarget], as_of: dt.date, random: object
) -> None:
    one = plans.attainment(targets, as_of=as_of)
    random.shuffle(targets)  # type: ignore[attr-defined]  # a Random
    other = plans.attainment(targets, as_of=as_of)

    assert one == other
    assert sum(len(kind.months) for kind in one.kinds) == sum(
        target.month is not None for target in targets
    )
    for row in one.rows:
        again = wire.structure(wire.unstructure(row), AttainmentVerdict)
        assert again == row
        for locale in ("en", "zh-Hans", "zh-Hant"):
            assert again.explain(locale) == row.explain(locale)


@given(st.integers(1970, 2200), st.integers(1, 12))
def test_time_runs_from_the_first_day_to_the_last(year: int, at: int) -> None:
    target = attrs.evolve(SALES, year=year, month=at)
    first = dt.date(year, at, 1)
    last = dt.date(year, at, calendar.monthrange(year, at)[1])

    def gone(day: dt.date) -> tuple[object, object]:
        facts = plans.target_facts(target, as_of=day)
        return facts["share_elapsed"], facts["period_ended"]

    assert gone(first - ONE) == (0.0, Tri.NO)
    assert gone(first) == (1 / last.day, Tri.NO)
    assert gone(last) == (1.0, Tri.NO)
    assert gone(last + ONE) == (1.0, Tri.YES)
