"""What a customer may expect of us: as agreed, or as its class gets (S3-18, S0-23)."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from keyaccount.book import Account, Firm, OurSide, review
from keyaccount.book.promises import capacities_of, promise_of, sponsors_of
from keyaccount.domain import (
    Customer,
    Executive,
    ObligationKind,
    Pairing,
    ServiceCapacity,
    ServicePromise,
    ValueTier,
    VisitLevel,
    YearMetrics,
)
from keyaccount.models import tiering


TODAY = dt.date(2025, 12, 31)
CHIEF = Executive("x1", "chief executive", is_chief=True, visits_per_year=12)


def account(sales: int = 120_000_000, owner: str | None = "East desk") -> Account:
    years = [
        YearMetrics(year, sales=sales, gross_profit=sales // 4, due=100)
        for year in (2024, 2025)
    ]
    years = [attrs.evolve(one, collected=98, on_time=95) for one in years]
    return Account(Customer("c1", "Acme", "USD", owner=owner, years=years))


def tier_of(one: Account) -> tiering.TierVerdict:
    return tiering.classify(one.customer, as_of=TODAY)


def paired(one: Account, *executives: str, until: dt.date | None = None) -> Account:
    pairs = tuple(Pairing("c1", name, until=until) for name in executives)
    return attrs.evolve(one, ours=attrs.evolve(one.ours, pairings=pairs))


def test_a_diamond_is_promised_what_its_class_gets() -> None:
    one = paired(account(), "x1")

    found = promise_of(one, tier_of(one), as_of=TODAY, executives=[CHIEF])

    assert found is not None
    assert (found.customer_id, found.tier) == ("c1", ValueTier.DIAMOND)
    assert (found.executive_visits_per_year, found.first_response_hours) == (4, 2)
    assert (found.owner, found.visitor) == ("East desk", "chief executive")


def test_what_was_agreed_goes_before_the_class_whole() -> None:
    agreed = ServicePromise("c1", executive_visits_per_year=12)
    one = attrs.evolve(account(), ours=OurSide(promise=agreed))

    found = promise_of(one, tier_of(one), as_of=TODAY)

    assert found == attrs.evolve(agreed, owner="East desk")
    assert promise_of(one, None, as_of=TODAY) == found


@pytest.mark.parametrize(
    ("level", "visitor"),
    [
        (VisitLevel.MANAGER, "East desk"),
        (VisitLevel.CREDIT_MANAGER, "East desk"),
        (VisitLevel.DIRECTOR, None),
        (VisitLevel.CHIEF_EXECUTIVE, None),
    ],
)
def test_without_a_pair_only_a_manager_s_visit_is_the_owner_s(
    level: VisitLevel, visitor: str | None
) -> None:
    agreed = ServicePromise("c1", executive_visits_per_year=1, visit_level=level)
    one = attrs.evolve(account(), ours=OurSide(promise=agreed))

    found = promise_of(one, None, as_of=TODAY)

    assert found is not None
    assert found.visitor == visitor


def test_who_owns_nobody_s_customer_is_not_made_up() -> None:
    one = account(owner=None)

    found = promise_of(one, tier_of(one), as_of=TODAY)

    assert found is not None
    assert (found.owner, found.visitor) == (None, None)
    assert promise_of(one, None, as_of=TODAY) is None


def test_a_pairing_counts_until_its_last_day() -> None:
    ended = paired(account(), "x1", until=TODAY).ours.pairings

    assert sponsors_of(ended, [CHIEF], TODAY) == ("chief executive",)
    assert sponsors_of(ended, [CHIEF], TODAY + dt.timedelta(1)) == ()


def test_an_executive_whom_no_table_knows_keeps_the_id() -> None:
    pairs = paired(account(), "x9", "x1").ours.pairings

    assert sponsors_of(pairs, [CHIEF], TODAY) == ("chief executive", "x9")


def test_the_room_of_executives_counts_unless_the_table_says_otherwise() -> None:
    visit, exchange = ObligationKind.EXECUTIVE_VISIT, ObligationKind.TECHNICAL_EXCHANGE
    told = ServiceCapacity("chief executive", visit, 6)
    other = ServiceCapacity("East desk", exchange, 9)
    unsure = Executive("x2", "finance director")

    assert capacities_of([told, other], [CHIEF, unsure]) == (told, other)
    assert capacities_of(None, [CHIEF]) == (
        ServiceCapacity("chief executive", visit, 12),
    )
    assert capacities_of(None, None) == ()


def test_two_executives_of_one_name_have_the_room_of_both() -> None:
    """A promise names its visitor, so that nobody can tell the two apart."""
    visit = ObligationKind.EXECUTIVE_VISIT
    both = [
        Executive(slug, "Wang Wei", visits_per_year=visits)
        for slug, visits in (("x1", 3), ("x2", 4))
    ]
    firm = Firm(executives=tuple(both))

    assert capacities_of(None, both) == (ServiceCapacity("Wang Wei", visit, 7),)
    found = review([account()], as_of=TODAY, firm=firm).firm
    assert found is not None
    assert found.capacity is not None
