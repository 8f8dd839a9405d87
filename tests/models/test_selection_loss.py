"""What the loss of a customer would cost, and whom an industry hangs on."""

from __future__ import annotations

import unicodedata

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import Customer, Relation, YearMetrics
from keyaccount.exceptions import UnknownNameError
from keyaccount.models import selection
from keyaccount.models.selection import IndustryExposure, LossImpact, SelectionPolicy
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.models.selection_customers import TODAY, books, brought, own


OPEN = own(unknown_others="open")
NEGLIGIBLE = own(unknown_others="negligible")
PROSPECT = Customer("p1", "p1", industry="food", relation=Relation.PROSPECT)


def lost(
    slug: str, *customers: Customer, policy: SelectionPolicy | None = None
) -> LossImpact:
    return selection.loss_impact(slug, customers, as_of=TODAY, policy=policy)


def exposed(
    industry: str, *customers: Customer, policy: SelectionPolicy | None = None
) -> IndustryExposure:
    return selection.industry_exposure(industry, customers, as_of=TODAY, policy=policy)


# ── the loss (S0-1) ─────────────────────────────────────────────────────────────


@given(books(least=0), st.data())
def test_a_loss_holds_whatever_the_missing_figures_are(
    book: tuple[Customer, ...], data: st.DataObject
) -> None:
    """S0-1, S0-36."""
    slug = data.draw(st.sampled_from([one.id for one in book if one.years]))
    told = [_filled(one, data) for one in book]
    before, after = lost(slug, *book, policy=OPEN), lost(slug, *told, policy=OPEN)

    for bounds, exact in (
        (before.revenue, after.revenue),
        (before.gross_profit, after.gross_profit),
    ):
        if bounds is not None and exact is not None:
            assert bounds.low - 1e-12 <= exact.low <= bounds.high + 1e-12
    if before.industries:
        assert after.industries >= before.industries or not after.revenue
    assert after.industries <= before.industries | before.industries_at_risk
    assert before.anchors <= after.anchors


def _filled(customer: Customer, data: st.DataObject) -> Customer:
    if not customer.years:
        return customer
    year = customer.years[0]
    amounts = st.integers(1, 500)
    sales = data.draw(amounts) if year.sales is None else year.sales
    profit = data.draw(amounts) if year.gross_profit is None else year.gross_profit
    known = YearMetrics(2025, sales=sales, gross_profit=profit)
    return attrs.evolve(customer, years=[known])


def test_a_loss_is_a_share_of_revenue_and_of_profit() -> None:
    """S0-1."""
    found = lost("c1", brought("c1", 30, profit=9), brought("c2", 70, profit=1))

    assert found.revenue == Interval(0.3, 0.3)
    assert found.gross_profit == Interval(0.9, 0.9)
    assert found.industries == frozenset()
    assert found.flags == ()


def test_a_loss_of_unknown_size_lies_between_nothing_and_all() -> None:
    book = brought("c1", None), brought("c2", 30, profit=10)

    assert lost("c1", *book).revenue == Interval(0.0, 0.5)
    assert lost("c1", *book, policy=OPEN).revenue == Interval(0.0, 1.0)
    assert lost("c1", *book, policy=NEGLIGIBLE).revenue == Interval(0.0, 1.0)


def test_a_loss_may_be_a_gain() -> None:
    """Nothing is clipped."""
    found = lost("c1", brought("c1", 30, profit=-10), brought("c2", 70, profit=50))

    assert found.gross_profit == Interval(-0.25, -0.25)


def test_a_share_of_no_profit_at_all_is_not_known() -> None:
    book = brought("c1", 30, profit=5), brought("c2", 70, profit=-5)

    assert lost("c1", *book).gross_profit is None
    assert lost("c3", *book, brought("c3", 1, profit=0)).gross_profit is None


def test_an_unknown_part_of_less_than_nothing_cannot_be_bounded() -> None:
    assert lost("c1", brought("c1", None), brought("c2", -10)).revenue is None


def test_a_prospect_takes_nothing_along() -> None:
    found = lost("p1", PROSPECT, brought("c1", 30, profit=1))

    assert found.revenue == found.gross_profit == Interval(0.0, 0.0)
    assert found.industries | found.industries_at_risk | found.anchors == frozenset()


@pytest.mark.parametrize(
    "others, surely, perhaps",
    [
        ([], True, False),
        ([PROSPECT], True, False),
        ([brought("c2", 10, industry="cars")], True, False),
        ([brought("c2", 0)], True, False),
        ([brought("c2", 10)], False, False),
        ([brought("c2", None)], False, True),
        ([brought("c2", 10, industry=None)], False, True),
        ([brought("c2", None, industry=None)], False, True),
        ([brought("c2", 0, industry=None)], True, False),
        ([brought("c2", 10), brought("c3", None)], False, False),
    ],
)
def test_an_industry_is_lost_with_the_last_that_brings_revenue(
    others: list[Customer], *, surely: bool, perhaps: bool
) -> None:
    """S0-1, S0-36."""
    found = lost("c1", brought("c1", 30), *others)

    assert (found.industries == {"food"}) is surely
    assert (found.industries_at_risk == {"food"}) is perhaps


def test_who_brings_nothing_takes_no_industry_along() -> None:
    found = lost("c1", brought("c1", 0), brought("c2", 10, industry="cars"))

    assert found.industries == found.industries_at_risk == frozenset()


def test_whose_revenue_is_not_known_may_take_its_industry_along() -> None:
    found = lost("c1", brought("c1", None), brought("c2", 10, industry="cars"))

    assert found.industries_at_risk == {"food"}


def test_of_whom_nobody_knows_the_industry_it_is_flagged() -> None:
    nowhere = brought("c1", 30, profit=1, industry=None)
    found = lost("c1", nowhere, brought("c2", 10, profit=1))

    assert found.flags == ("no-industry",)
    assert found.industries == frozenset()


def test_a_loss_needs_somebody_to_lose() -> None:
    with pytest.raises(UnknownNameError) as caught:
        lost("c3", brought("c1", 30))

    assert caught.value.name == "c3"


def test_who_would_be_lost_is_found_however_the_letters_are_composed() -> None:
    found = lost(unicodedata.normalize("NFD", "café"), brought("café", 30))

    assert (found.customer_id, found.revenue) == ("café", Interval(1.0, 1.0))


def test_thousands_are_lost_one_by_one_as_few_are() -> None:
    """With the others gone through for each of them it would take minutes."""
    many = [brought(f"c{at}", 1, profit=1) for at in range(10_000)]
    found = selection.loss_impacts([one.id for one in many], many, as_of=TODAY)

    assert {loss.revenue for loss in found} == {Interval(0.0001, 0.0001)}
    assert not any(loss.industries for loss in found)


def test_old_figures_of_who_would_be_lost_are_flagged() -> None:
    old = Customer("c1", "c1", "CNY", years=[YearMetrics(2020, sales=3)])

    assert "stale-figures" in lost("c1", old, brought("c2", 5, profit=1)).flags
    assert "stale-total" not in lost("c1", old, brought("c2", 5, profit=1)).flags
    assert "stale-total" in lost("c2", old, brought("c2", 5, profit=1)).flags


# ── the industry (S0-36) ────────────────────────────────────────────────────────


def test_shares_in_an_industry_stand_the_largest_first() -> None:
    """S0-36."""
    found = exposed(
        "food",
        brought("c1", 20),
        brought("c2", 60),
        brought("c3", 20),
        brought("c4", 500, industry="cars"),
        PROSPECT,
    )

    assert [(one.customer_id, one.share) for one in found.shares] == [
        ("c2", Interval(0.6, 0.6)),
        ("c1", Interval(0.2, 0.2)),
        ("c3", Interval(0.2, 0.2)),
    ]
    assert found.anchors == ("c2",)
    assert found.flags == ("industry-anchor",)


@pytest.mark.parametrize("amount, answer", [(49, Tri.NO), (50, Tri.YES), (51, Tri.YES)])
def test_half_of_an_industry_is_an_anchor(amount: int, answer: Tri) -> None:
    """S0-36, inclusive."""
    found = exposed("food", brought("c1", amount), brought("c2", 100 - amount))
    anchors = {one.customer_id: one.is_anchor for one in found.shares}

    assert anchors["c1"] is answer


def test_who_may_be_of_the_industry_widens_the_shares() -> None:
    book = (
        brought("c1", 40),
        brought("c2", 10),
        brought("c3", 50, industry=None),
        brought("c4", -10, industry=None),
    )
    found = exposed("food", *book)
    shares = {one.customer_id: one for one in found.shares}

    assert shares["c1"].share == Interval(0.4, 1.0)
    assert shares["c1"].is_anchor is Tri.UNKNOWN
    assert found.flags == ("industries-unknown",)


def test_a_share_that_cannot_be_bounded_stands_last() -> None:
    book = brought("c1", 5), brought("c2", -10), brought("c3", None)
    found = exposed("food", *book, policy=OPEN)

    assert [(one.customer_id, one.share) for one in found.shares] == [
        ("c1", None),
        ("c2", None),
        ("c3", None),
    ]
    assert {one.is_anchor for one in found.shares} == {Tri.UNKNOWN}


def test_an_industry_without_customers_is_an_error() -> None:
    with pytest.raises(UnknownNameError) as caught:
        exposed("foods", brought("c1", 30), brought("c2", 3, industry=None))

    assert caught.value.offered == ("food",)


# ── words and wire ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_both_answers_are_said_in_every_language(locale: str) -> None:
    books = (
        (brought("c1", 30, profit=1),),
        (brought("c1", 30), brought("c2", None), brought("c3", 1, industry=None)),
        (brought("c1", None), brought("c2", -30)),
    )
    lines = [
        line
        for book in books
        for found in (lost("c1", *book), exposed("food", *book))
        for line in found.explain(locale)
    ]

    assert not [
        line for line in lines if "_" in line or "=" in line or "-share" in line
    ]


def test_a_loss_reads_well() -> None:
    found = lost("c1", brought("c1", 30, profit=1), brought("c2", 10, industry="cars"))

    assert found.explain() == (
        "If we lost c1 (figures as of 2025-12-31):",
        "  75% of our sales",
        "  between 50% and 100% of our gross profit",
        "  no revenue would be left in: food",
        "  our business hangs on it in: food",
        "the figures of some customers are not known, so shares have bounds",
        "an industry hangs on one customer: losing it may lose the industry",
    )


def test_both_answers_are_read_back_as_they_were_written() -> None:
    book = brought("c1", 30, profit=1), brought("c2", None)
    for found in (lost("c1", *book), exposed("food", *book)):
        assert wire.structure(wire.unstructure(found), type(found)) == found


def test_the_losses_of_several_are_those_of_each_by_itself() -> None:
    everybody = (brought("c1", 20), brought("c2", 60), brought("c3", 20, industry="x"))
    found = selection.loss_impacts(["c3", "c1"], everybody, as_of=TODAY)

    assert found == (lost("c3", *everybody), lost("c1", *everybody))
