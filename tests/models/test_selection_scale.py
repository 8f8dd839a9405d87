"""How much of the whole each customer is: honest where figures are missing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keyaccount.domain import Customer, FxTable, Relation, YearMetrics
from keyaccount.exceptions import CurrencyMismatchError
from keyaccount.models import selection
from keyaccount.models.selection import Scale, ScaleBasis, SelectionPolicy
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.models.selection_customers import TODAY, books, brought, own
from tests.refusals import refused


OPEN = own(unknown_others="open")
BOUNDED = own(unknown_others="bounded")
NEGLIGIBLE = own(unknown_others="negligible")


def measured(
    *customers: Customer, policy: SelectionPolicy | None = None
) -> dict[str, Scale]:
    return dict(selection.scales(customers, as_of=TODAY, policy=policy))


def share(scale: Scale) -> tuple[float, float]:
    assert scale.share is not None
    return scale.share.low, scale.share.high


def sales_of(customer: Customer) -> Decimal | None:
    return customer.years[0].sales if customer.years else None


# ── the whole is known ──────────────────────────────────────────────────────────


@given(books(is_whole=True))
def test_shares_of_a_known_whole_add_up_and_the_head_is_the_fewest(
    book: tuple[Customer, ...],
) -> None:
    found = measured(*book)
    trading = [one for one in book if one.relation is Relation.TRADING]
    amounts = {one.id: Fraction(sales_of(one) or 0) for one in trading}
    whole = sum(amounts.values())

    assert sum(share(found[slug])[0] for slug in amounts) == pytest.approx(1)
    head = {slug for slug in amounts if found[slug].in_head is Tri.YES}
    outside = {slug for slug in amounts if found[slug].in_head is Tri.NO}
    assert head | outside == amounts.keys()
    assert 2 * sum(amounts[slug] for slug in head) >= whole
    least = min(amounts[slug] for slug in head)
    assert 2 * sum(amount for amount in amounts.values() if amount > least) < whole
    assert all(amounts[slug] < least for slug in outside)


@given(books(), st.randoms(use_true_random=False))
def test_the_order_changes_no_scale(book: tuple[Customer, ...], random: object) -> None:
    shuffled = list(book)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # it is a random.Random

    assert measured(*book) == measured(*shuffled)


@given(st.decimals("0.01", 10**10, places=2))
@example(Decimal("1.13"))  # two floats, divided, are below a twentieth here
def test_a_share_of_exactly_a_twentieth_is_a_twentieth(amount: Decimal) -> None:
    """S0-4: the threshold is inclusive, to the cent."""
    found = measured(brought("c1", str(amount)), brought("c2", str(19 * amount)))

    assert share(found["c1"]) == (0.05, 0.05)


def test_equals_are_in_the_head_together() -> None:
    found = measured(*(brought(f"c{at}", 10) for at in range(5)), brought("c9", 1))

    assert [found[f"c{at}"].in_head for at in range(5)] == [Tri.YES] * 5
    assert found["c9"].in_head is Tri.NO


def test_the_head_ends_where_half_of_the_whole_is_reached() -> None:
    found = measured(brought("c1", 50), brought("c2", 30), brought("c3", 20))

    assert [found[slug].in_head for slug in ("c1", "c2", "c3")] == [
        Tri.YES,
        Tri.NO,
        Tri.NO,
    ]


def test_a_policy_may_draw_the_head_longer() -> None:
    longer = own(numbers={"head_share": "0.8"})
    book = brought("c1", 50), brought("c2", 30), brought("c3", 20)

    assert measured(*book, policy=longer)["c2"].in_head is Tri.YES


def test_scale_may_be_a_share_of_profit() -> None:
    """S0-2, S0-4: whatever the firm is after."""
    profit = own(basis="gross-profit")
    book = brought("c1", 90, profit=1), brought("c2", 10, profit=3)
    found = measured(*book, policy=profit)["c1"]

    assert share(found) == (0.25, 0.25)
    assert found.basis is ScaleBasis.GROSS_PROFIT


def test_who_took_back_more_than_it_bought_has_a_share_below_zero() -> None:
    found = measured(brought("c1", -10), brought("c2", 50))

    assert share(found["c1"]) == (-0.25, -0.25)
    assert share(found["c2"]) == (1.25, 1.25)
    assert found["c1"].in_head is Tri.NO


@pytest.mark.parametrize("policy", [OPEN, BOUNDED, NEGLIGIBLE])
def test_a_whole_of_nothing_is_an_error(policy: SelectionPolicy) -> None:
    """S0-4."""
    book = brought("c1", 10), brought("c2", -10)

    assert refused(measured, *book, policy=policy) == (("$.total", "out-of-range"),)


def test_of_nobody_there_is_no_scale() -> None:
    assert measured() == {}
    assert measured(Customer("p1", "p1", relation=Relation.PROSPECT)) == {
        "p1": Scale("p1")
    }


# ── some figures are missing ────────────────────────────────────────────────────


@given(books(), st.data())
def test_shares_and_head_hold_whatever_the_missing_figures_are(
    book: tuple[Customer, ...], data: st.DataObject
) -> None:
    most = max(int(sales_of(one) or 0) for one in book)
    for policy, highest in ((OPEN, 500), (BOUNDED, most)):
        found = measured(*book, policy=policy)
        told = [
            brought(one.id, data.draw(st.integers(0, highest)))
            if one.years and sales_of(one) is None
            else one
            for one in book
        ]
        for slug, whole in measured(*told, policy=policy).items():
            bounds, exact = found[slug].share, whole.share
            if bounds is not None and exact is not None:
                slack = 1e-12
                assert bounds.low - slack <= exact.low <= bounds.high + slack
            if found[slug].amount is not None:
                assert found[slug].in_head in {whole.in_head, Tri.UNKNOWN}


def test_a_missing_figure_is_at_most_the_largest_known() -> None:
    book = brought("c1", 60), brought("c2", 40), brought("c3", None)
    found = measured(*book, policy=BOUNDED)

    assert share(found["c1"]) == (0.375, 0.6)
    assert found["c1"].in_head is Tri.YES
    assert found["c3"] == Scale(
        "c3", year_end=dt.date(2025, 12, 31), flags=("partial-total",)
    )


def test_a_missing_figure_may_be_anything() -> None:
    book = brought("c1", 60), brought("c2", 40), brought("c3", None)
    found = measured(*book, policy=OPEN)

    assert share(found["c1"]) == (0.0, 0.6)
    assert found["c1"].in_head is Tri.UNKNOWN


def test_a_missing_figure_may_be_passed_over_and_is_flagged() -> None:
    book = brought("c1", 60), brought("c2", 40), brought("c3", None)
    found = measured(*book, policy=NEGLIGIBLE)

    assert share(found["c1"]) == (0.6, 0.6)
    assert found["c1"].flags == ("partial-total",)
    assert (found["c1"].in_head, found["c2"].in_head) == (Tri.YES, Tri.NO)
    assert found["c3"].share is None


def test_where_nobodys_figure_is_known_nobody_has_a_share() -> None:
    for policy in (OPEN, BOUNDED, NEGLIGIBLE):
        found = measured(brought("c1", None), brought("c2", None), policy=policy)

        assert {one.share for one in found.values()} == {None}


def test_a_known_whole_of_nothing_may_still_be_something() -> None:
    book = brought("c1", 10), brought("c2", -10), brought("c3", None)
    found = measured(*book, policy=BOUNDED)

    assert found["c1"].share is None
    assert found["c1"].in_head is Tri.UNKNOWN


def test_the_head_may_be_the_whole_book() -> None:
    whole = own(unknown_others="open", numbers={"head_share": 1})
    book = brought("c1", 60), brought("c2", 40), brought("c3", None)
    found = measured(*book, policy=whole)

    assert found["c2"].in_head is Tri.YES


# ── which year, which currency ──────────────────────────────────────────────────


def test_the_latest_full_year_that_has_ended_counts() -> None:
    """DOMAIN 3.3: a part year is never annualised."""
    years = [
        YearMetrics(2023, sales=1),
        YearMetrics(2024, sales=30),
        YearMetrics(2025, months=6, sales=500),
        YearMetrics(2026, sales=900),
    ]
    found = measured(
        Customer("c1", "c1", "CNY", years=years), brought("c2", 70, industry=None)
    )

    assert share(found["c1"]) == (0.3, 0.3)
    assert found["c1"].year_end == dt.date(2024, 12, 31)


def test_figures_of_long_ago_are_flagged() -> None:
    old = Customer("c1", "c1", "CNY", years=[YearMetrics(2023, sales=30)])
    fresh = Customer("c2", "c2", "CNY", years=[YearMetrics(2026, sales=30)])
    found = measured(old, fresh, brought("c3", 70))

    assert found["c1"].flags == ("partial-total", "stale-figures")
    assert found["c2"].flags == ("partial-total", "no-full-year", "stale-total")


def test_old_figures_of_others_in_the_total_are_flagged() -> None:
    old = Customer("c1", "c1", "CNY", years=[YearMetrics(2023, sales=30)])
    older = Customer("c2", "c2", "CNY", years=[YearMetrics(2020, sales=900)])

    assert measured(brought("c3", 70))["c3"].flags == ()
    assert measured(old, brought("c3", 70))["c3"].flags == ("stale-total",)
    assert measured(old, older)["c1"].flags == ("stale-figures", "stale-total")


def test_another_currency_needs_rates() -> None:
    book = brought("c1", 50), brought("c2", 10, currency="USD")
    with pytest.raises(CurrencyMismatchError) as caught:
        measured(*book)

    assert (caught.value.left, caught.value.right) == ("CNY", "USD")


def test_amounts_are_converted_at_the_end_of_the_year() -> None:
    rates = FxTable.of([("USD", "CNY", dt.date(2025, 12, 31), Decimal(5))])
    book = brought("c1", 50), brought("c2", 10, currency="USD")
    for currency, amount in ((None, "50 CNY"), ("USD", "10 USD")):
        found = selection.scales(book, as_of=TODAY, fx=rates, currency=currency)

        assert found["c2"].share == Interval(0.5, 0.5)
        assert str(found["c2"].amount) == amount


def test_a_currency_asked_for_needs_rates_too() -> None:
    with pytest.raises(CurrencyMismatchError):
        selection.scales([brought("c1", 50)], as_of=TODAY, currency="USD")


def test_a_book_holds_each_customer_once() -> None:
    one = brought("c1", 50)

    assert refused(measured, one, attrs.evolve(one, name="again"), "c2") == (
        ("$.customers[1].id", "duplicate"),
        ("$.customers[2]", "wrong-type"),
    )
    assert refused(selection.scales, [one], as_of="today") == (
        ("$.as_of", "wrong-type"),
    )
