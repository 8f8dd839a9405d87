"""How late they pay: laws that hold for any period's totals."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import CollectionHealth, Money, ReceivablesPeriod
from keyaccount.exceptions import InvalidValueError, PolicyError
from keyaccount.models import receivables
from keyaccount.models.receivables import (
    CollectionVerdict,
    Figure,
    ReceivablesPolicy,
)
from tests.refusals import refused
from tests.strategies import receivables_periods


BEGIN, END = dt.date(2025, 11, 1), dt.date(2025, 11, 30)
INPUTS = ("opening", "credit_sales", "closing", "closing_current", "months")
FIGURES = ("dso", "best_possible_dso", "delinquent_days", "cei")


def usd(amount: str) -> Money:
    return Money.of(f"{amount} USD")


def period(**amounts: str) -> ReceivablesPeriod:
    given_ = {name: usd(amount) for name, amount in amounts.items()}
    return ReceivablesPeriod(BEGIN, END, **given_)  # type: ignore[arg-type]  # amounts only


def measured(**amounts: str) -> CollectionVerdict:
    return receivables.measure(period(**amounts), as_of=END)


def own(**changes: object) -> ReceivablesPolicy:
    return policies.read({"based_on": "receivables", **changes}, ReceivablesPolicy)


def exact(figure: Figure) -> Decimal:
    assert figure.exact is not None
    return Decimal(str(figure.exact))


@st.composite
def whole_periods(draw: st.DrawFn) -> ReceivablesPeriod:
    """Periods of which everything is known."""
    cents = st.integers(0, 10**7).map(lambda amount: usd(f"{Decimal(amount) / 100:f}"))
    current, closing = sorted(draw(st.tuples(cents, cents)))
    sales = st.integers(-(10**4), 10**7).map(
        lambda amount: usd(f"{Decimal(amount) / 100:f}")
    )
    last = BEGIN + dt.timedelta(days=draw(st.integers(0, 400)))
    months = draw(st.integers(1, 12))
    return ReceivablesPeriod(
        BEGIN, last, draw(cents), draw(sales), closing, current, months
    )


# ── the formulas (A-1, A-2, 2.5) ────────────────────────────────────────────────


@given(whole_periods())
def test_days_delinquent_are_what_lies_between_the_two_shown(
    given_: ReceivablesPeriod,
) -> None:
    verdict = receivables.measure(given_, as_of=END)
    assume(verdict.dso.exact is not None)

    late = exact(verdict.dso) - exact(verdict.best_possible_dso)

    assert exact(verdict.delinquent_days) == late
    assert late >= 0


@given(whole_periods())
def test_nobody_collects_more_than_there_was(given_: ReceivablesPeriod) -> None:
    cei = receivables.measure(given_, as_of=END).cei

    assert cei.exact is None or cei.exact <= 1


@given(whole_periods())
def test_figures_are_the_formulas_rounded_once(given_: ReceivablesPeriod) -> None:
    assert given_.credit_sales
    assert given_.closing
    sales = given_.credit_sales.amount
    assume(sales > 0)

    dso = exact(receivables.measure(given_, as_of=END).dso)

    exactly = given_.closing.amount / sales * given_.days
    assert abs(dso - exactly) <= Decimal("0.0050000001")
    assert dso == round(dso, 2)


@given(whole_periods())
def test_a_period_that_is_known_is_settled_or_says_why_not(
    given_: ReceivablesPeriod,
) -> None:
    verdict = receivables.measure(given_, as_of=END)

    why_not = {"no-credit-sales", "nothing-collectible"} & set(verdict.flags)
    assert verdict.is_settled or why_not


@given(whole_periods(), st.data())
def test_whatever_is_unknown_the_truth_stays_within_the_bounds(
    given_: ReceivablesPeriod, data: st.DataObject
) -> None:
    lost = data.draw(st.sets(st.sampled_from(INPUTS)))
    thin = attrs.evolve(given_, **dict.fromkeys(lost))  # type: ignore[arg-type]  # None for some

    bounds = receivables.measure(thin, as_of=END)
    truth = receivables.measure(given_, as_of=END)

    assert set(truth.possible) <= set(bounds.possible)
    for name in FIGURES:
        wide, told = getattr(bounds, name), getattr(truth, name)
        if told.exact is not None:
            assert wide.low is None or wide.low <= told.exact
            assert wide.high is None or told.exact <= wide.high
        else:
            assert not wide.is_bounded or name == "cei"


@given(whole_periods(), st.data())
def test_what_is_missing_is_what_was_not_told(
    given_: ReceivablesPeriod, data: st.DataObject
) -> None:
    assert given_.credit_sales
    assume(given_.credit_sales.amount > 0)
    lost = data.draw(st.sets(st.sampled_from(INPUTS)))
    thin = attrs.evolve(given_, **dict.fromkeys(lost))  # type: ignore[arg-type]  # None for some

    verdict = receivables.measure(thin, as_of=END)

    assert {gap.fact for gap in verdict.missing} <= lost
    if not verdict.missing and "nothing-collectible" not in verdict.flags:
        assert verdict.is_settled


@given(receivables_periods())
def test_the_same_period_gets_the_same_verdict_in_words_too(
    given_: ReceivablesPeriod,
) -> None:
    one, other = (receivables.measure(given_, as_of=END) for _ in range(2))

    assert one == other
    for locale in ("en", "zh-Hans", "zh-Hant"):
        assert one.explain(locale) == other.explain(locale)
        assert not any("measure" in line for line in one.explain(locale))


@given(receivables_periods())
def test_a_verdict_comes_back_from_the_wire(given_: ReceivablesPeriod) -> None:
    verdict = receivables.measure(given_, as_of=END)

    back = wire.structure(wire.unstructure(verdict), CollectionVerdict)

    assert back == verdict
    assert back.explain("zh-Hans") == verdict.explain("zh-Hans")
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes


def test_amounts_of_any_size_are_measured_and_written() -> None:
    verdict = measured(
        credit_sales="0.000000000001",
        closing="1000000000000000",
        closing_current="0",
        opening="0.000000000001",
    )

    assert wire.loads(wire.dumps(verdict), CollectionVerdict) == verdict


def test_a_verdict_shows_its_figures_at_a_glance() -> None:
    verdict = measured(credit_sales="10000", closing="15000", closing_current="4000")

    assert repr(verdict) == (
        "<CollectionVerdict late · DSO 45 · ADD 33 · as of 2025-11-30"
        " · flags incomplete · missing opening>"
    )


# ── what is not known ───────────────────────────────────────────────────────────


def test_where_nothing_is_told_the_sales_are_asked_first() -> None:
    verdict = receivables.measure(ReceivablesPeriod(BEGIN, END), as_of=END)

    assert verdict.possible == tuple(reversed(CollectionHealth))
    assert [gap.fact for gap in verdict.missing] == [
        "credit_sales",
        "closing",
        "closing_current",
        "opening",
    ]
    assert verdict.dso.interval is None


def test_what_is_not_overdue_is_owed_at_least() -> None:
    verdict = measured(credit_sales="10000", closing_current="4000", opening="9000")

    assert (verdict.dso.low, verdict.dso.high) == (12, None)
    assert verdict.best_possible_dso.exact == 12
    assert (verdict.delinquent_days.low, verdict.delinquent_days.high) == (0, None)
    assert (verdict.cei.low, verdict.cei.high) == (None, 1)
    assert any("12 days or more" in line for line in verdict.explain())
    assert any("at most 100%" in line for line in verdict.explain())


def test_an_unknown_number_of_months_leaves_bounds() -> None:
    given_ = attrs.evolve(
        period(opening="1000", credit_sales="3000", closing="500", closing_current="0"),
        months=None,
    )

    cei = receivables.measure(given_, as_of=END).cei

    assert cei.interval is not None
    assert (cei.low, cei.high) == (0.5, 0.875)


def test_owing_nothing_needs_no_word_on_what_is_overdue() -> None:
    verdict = measured(opening="1000", credit_sales="3000", closing="0")

    assert verdict.value is CollectionHealth.PROMPT
    assert (verdict.missing, verdict.flags) == ((), ())
    assert verdict.cei.exact == 1


def test_where_nothing_is_overdue_the_opening_does_not_matter() -> None:
    verdict = measured(credit_sales="3000", closing="20", closing_current="20")

    assert verdict.cei.exact == 1
    assert verdict.is_settled


def test_a_period_that_has_not_ended_is_flagged() -> None:
    verdict = receivables.measure(period(), as_of=END - dt.timedelta(days=1))

    assert verdict.flags == ("period-not-over",)


def test_the_reasons_say_why_a_figure_cannot_be_formed() -> None:
    nothing = {"opening": "0", "closing": "0", "closing_current": "0"}

    lines = "\n".join(measured(credit_sales="0", **nothing).explain())

    assert "none, as credit sales are 0" in lines
    assert "nothing was collectible" in lines


def test_bounds_can_exclude_a_row_before_all_is_known() -> None:
    lines = measured(credit_sales="10890", closing="3000").explain()

    excluded = [line for line in lines if "does not apply" in line]
    assert len(excluded) == 1
    assert "less than half collected" in excluded[0]


def test_every_figure_tells_its_unit_formula_and_period() -> None:
    verdict = measured(
        opening="9000", credit_sales="10000", closing="15000", closing_current="4000"
    )

    assert verdict.dso.unit == "days"
    assert verdict.cei.unit == "share"
    assert verdict.dso.formula() == "receivables ÷ credit sales × days"
    assert verdict.cei.formula("zh-Hans").startswith("（期初应收")
    assert "2025-11-01 to 2025-11-30, 30 days, amounts in USD" in verdict.explain()[1]


# ── the policy ──────────────────────────────────────────────────────────────────


def test_a_row_may_ask_whether_a_figure_is_known() -> None:
    known = {"id": "seen", "when": "known(cei)", "then": "slow"}
    rules = own(rows=[known], drop=["rows.very-late", "rows.rather-late"])
    thin = period(credit_sales="3000", closing="20")

    verdict = receivables.measure(thin, as_of=END, policy=rules)

    assert verdict.cei.is_bounded
    assert verdict.value is CollectionHealth.PROMPT  # bounds are no knowledge


@pytest.mark.parametrize(
    "when", ["not known(dso) or dso > 40", "not (cei > 0.5 or known(dso))"]
)
def test_a_row_may_ask_it_in_any_form(when: str) -> None:
    rules = own(
        rows=[{"id": "seen", "when": when, "then": "slow"}],
        drop=["rows.very-late", "rows.rather-late"],
    )

    thin = period(credit_sales="10000", closing_current="4000")

    verdict = receivables.measure(thin, as_of=END, policy=rules)

    assert verdict.dso.low == 12
    assert CollectionHealth.SLOW in verdict.possible


def test_a_row_that_names_a_range_is_held_against_the_bounds() -> None:
    within = {"id": "within", "when": "10 <= dso <= 20", "then": "slow"}
    rules = own(rows=[within], drop=["rows.very-late", "rows.rather-late"])
    at_least = period(credit_sales="10000", closing_current="7000")

    verdict = receivables.measure(at_least, as_of=END, policy=rules)

    assert verdict.dso.low == 21
    assert verdict.value is CollectionHealth.PROMPT


def test_very_many_thresholds_leave_more_open_but_nothing_wrong() -> None:
    rows = [
        {
            "id": f"row-{at}",
            "when": f"cei < 0.{at} and delinquent_days > {at} and dso > {at}",
            "then": "slow",
        }
        for at in range(19, 10, -1)
    ]
    rules = own(rows=rows, drop=["rows.very-late", "rows.rather-late"])
    thin = period(credit_sales="10000", closing_current="1", opening="10000")

    verdict = receivables.measure(thin, as_of=END, policy=rules)

    assert verdict.possible == (CollectionHealth.SLOW, CollectionHealth.PROMPT)


def test_a_policy_says_everything_that_is_wrong_with_its_buckets() -> None:
    buckets = [
        {"id": "not-due", "up_to": 0},
        {"id": "week"},
        {"id": "week", "up_to": 7},
    ]
    plain = {**policies.defaults("receivables"), "buckets": buckets}

    with pytest.raises(PolicyError) as caught:
        policies.read(plain, ReceivablesPolicy)

    assert [(part.path, part.code) for part in caught.value.problems] == [
        ("$.buckets[0].id", "duplicate"),
        ("$.buckets[0].up_to", "not-sorted"),
        ("$.buckets[1].up_to", "contradiction"),
        ("$.buckets[2].id", "duplicate"),
        ("$.buckets[2].up_to", "contradiction"),
    ]


def test_a_policy_has_at_least_one_bucket() -> None:
    plain = {**policies.defaults("receivables"), "buckets": []}

    with pytest.raises(InvalidValueError) as caught:
        policies.read(plain, ReceivablesPolicy)

    assert caught.value.problems[0].path == "$.buckets"


def test_the_facts_of_a_period_are_its_exact_figures() -> None:
    found = receivables.facts(period(credit_sales="10000", closing="15000"))

    assert found["dso"] == 45
    assert found.unknown == ("best_possible_dso", "delinquent_days", "cei")


def test_what_is_no_period_or_no_day_is_refused() -> None:
    now = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - the mistake under test

    assert refused(receivables.measure, 5, as_of=now) == (
        ("$.as_of", "wrong-type"),
        ("$.period", "wrong-type"),
    )
