"""Subsidiaries rolled up into their parents: nothing is lost, nothing made up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.book import Account, Group, Policies, review, roll_up
from keyaccount.domain import (
    Customer,
    Money,
    Opportunity,
    Outlook,
    Receivables,
    Relation,
    Stakeholder,
    Standing,
    Touchpoint,
    ValueTier,
    YearMetrics,
)
from keyaccount.exceptions import InvalidValueError
from keyaccount.tri import Tri
from tests.book.firm import DAY, OWN


def year(named: int, sales: int | None, **more: object) -> YearMetrics:
    amount = None if sales is None else Decimal(sales)
    return YearMetrics(named, sales=amount, **more)  # type: ignore[arg-type]  # its own


def account(
    slug: str,
    *years: YearMetrics,
    parent: str | None = None,
    currency: str | None = "CNY",
    relation: Relation = Relation.TRADING,
    **more: object,
) -> Account:
    customer = Customer(
        slug, slug, currency, parent_id=parent, years=years, relation=relation
    )
    return Account(customer, **more)  # type: ignore[arg-type]  # what an account takes


def sales(found: Account) -> dict[int, Decimal | None]:
    return {one.year: one.sales for one in found.customer.years}


def test_a_split_diamond_is_one_diamond_again() -> None:
    """6.2: gaming by splitting an account."""
    parts = [
        account(slug, year(2024, 40), year(2025, 40), parent=parent)
        for slug, parent in (("top", None), ("a", "top"), ("b", "a"))
    ]
    before = review(parts, as_of=DAY, policies=Policies(tiering=OWN))
    rolled = roll_up(parts)
    after = review(rolled.accounts, as_of=DAY, policies=Policies(tiering=OWN))

    assert ValueTier.DIAMOND not in dict(before.distribution)
    assert dict(after.distribution) == {ValueTier.DIAMOND: 1}
    assert rolled.groups == (Group("top", ("a", "b")),)
    assert rolled.parent_of == {"a": "top", "b": "top"}


def test_a_figure_that_one_has_not_told_is_not_known_of_the_group() -> None:
    top = account("top", year(2024, 10, gross_profit=Decimal(3)), year(2025, 10))
    sub = account("sub", year(2024, 5), year(2025, None), parent="top")

    (found,) = roll_up([top, sub]).accounts
    assert sales(found) == {2024: Decimal(15), 2025: None}
    assert found.customer.years[0].gross_profit is None


def test_a_year_that_one_lacks_after_its_first_is_not_known() -> None:
    top = account("top", *(year(named, 10) for named in (2022, 2023, 2024, 2025)))
    sub = account("sub", year(2023, 5), year(2025, 5), parent="top")

    (found,) = roll_up([top, sub]).accounts
    assert sales(found) == {2022: 10, 2023: 15, 2024: None, 2025: 15}


@pytest.mark.parametrize(
    ("sub", "reason"),
    [
        (account("sub", year(2025, 5), parent="top", currency="USD"), "currency"),
        (
            account("sub", year(2025, 5, ends_on=dt.date(2025, 6, 30)), parent="top"),
            "fiscal-year",
        ),
        (
            account("sub", year(2023, 5, ends_on=dt.date(2023, 6, 30)), parent="top"),
            "fiscal-year",
        ),
        (account("sub", year(2025, 5, months=6), parent="top"), "part-year"),
        (account("sub", year(2025, 5), parent="nobody"), "no-parent"),
    ],
)
def test_what_cannot_be_summed_stays_apart_with_the_reason(
    sub: Account, reason: str
) -> None:
    top = account("top", year(2024, 10), year(2025, 10))
    rolled = roll_up([top, sub])

    assert rolled.accounts == (top, sub)
    (apart,) = rolled.kept_apart
    assert (apart.customer, apart.reason) == (sub.customer, reason)
    assert rolled.groups == ()


def test_who_was_kept_apart_keeps_nobody_else_away() -> None:
    firm = [
        account("top", year(2025, 10)),
        account("usd", year(2025, 5), parent="top", currency="USD"),
        account("cny", year(2025, 5), parent="usd"),
    ]
    rolled = roll_up(firm)

    assert rolled.parent_of == {"cny": "top"}
    assert [one.customer.id for one in rolled.accounts] == ["top", "usd"]


def test_a_holding_without_sales_takes_its_subsidiaries_currency() -> None:
    firm = [
        account("top", currency=None, relation=Relation.PROSPECT),
        account("a", year(2025, 5), parent="top", currency="EUR"),
        account("p", parent="top", currency=None, relation=Relation.PROSPECT),
    ]
    (found,) = roll_up(firm).accounts

    assert found.customer.currency == "EUR"
    assert found.customer.relation is Relation.TRADING


def test_prospects_alone_make_a_prospect() -> None:
    outlook = Outlook(Decimal(70), Decimal(60))
    firm = [
        account("top", currency=None, relation=Relation.PROSPECT),
        account(
            "p",
            parent="top",
            currency=None,
            relation=Relation.PROSPECT,
            outlook=outlook,
        ),
    ]
    (found,) = roll_up(firm).accounts

    assert found.customer.relation is Relation.PROSPECT
    assert found.outlook == outlook
    assert found.standing is None


def test_receivables_are_summed_on_days_on_which_all_have_told() -> None:
    def owed(month: int, total: int, late: int | None) -> Receivables:
        overdue = None if late is None else Decimal(late)
        return Receivables(dt.date(2025, month, 1), Decimal(total), overdue)

    firm = [
        account("top", year(2025, 5), receivables=(owed(1, 10, 1), owed(6, 20, 2))),
        account(
            "sub",
            year(2025, 5),
            parent="top",
            receivables=(owed(3, 5, 1), owed(9, 6, None)),
        ),
    ]
    (found,) = roll_up(firm).accounts

    assert found.receivables == (
        owed(3, 15, 2),
        owed(6, 25, 3),
        owed(9, 26, None),
    )
    silent = account("mute", year(2025, 1), parent="top")
    (with_silent,) = roll_up([*firm, silent]).accounts
    assert with_silent.receivables == ()


def test_a_group_is_harmed_by_one_and_cleared_by_all() -> None:
    def told(*answers: Tri | None) -> Standing | None:
        firm = [
            account(
                str(at),
                parent=None if at == 0 else "0",
                standing=None if answer is None else Standing(answer, Tri.NO),
            )
            for at, answer in enumerate(answers)
        ]
        (found,) = roll_up(firm).accounts
        return found.standing

    assert told(Tri.NO, Tri.YES) == Standing(Tri.YES, Tri.NO)
    assert told(Tri.NO, Tri.NO) == Standing(Tri.NO, Tri.NO)
    assert told(Tri.NO, None) == Standing(Tri.UNKNOWN, Tri.UNKNOWN)


def test_deals_people_contacts_and_terms_come_along() -> None:
    deal = Opportunity("o1", "sub", value=Money.of("100 CNY"))
    person = Stakeholder("s1", "sub", "Li")
    contact = Touchpoint("sub", DAY)
    sub = account(
        "sub",
        year(2025, 5),
        parent="top",
        deals=(deal,),
        people=(person,),
        contacts=(contact,),
        terms=("open-account-60",),
        is_partly_read=True,
        deal_facts={"o1": {"concerns_accepted": True}},
    )
    top = account("top", year(2025, 5), terms=("open-account-60",))
    (found,) = roll_up([top, sub]).accounts

    assert found.deals == (deal,)
    assert found.people == (attrs.evolve(person, customer_id="top"),)
    assert found.contacts == (attrs.evolve(contact, customer_id="top"),)
    assert found.terms == ("open-account-60",)
    assert found.is_partly_read
    assert dict(found.deal_facts["o1"]) == {"concerns_accepted": True}
    portfolio = review([found], as_of=DAY, policies=Policies(tiering=OWN))
    assert [one.opportunity.id for one in portfolio.deals] == ["o1"]


def test_people_of_two_companies_are_the_people_of_one_customer() -> None:
    wu, li = Stakeholder("wu", "top", "Wu"), Stakeholder("li", "sub", "Li")
    deals = (Opportunity("o1", "sub", value=Money.of("100 CNY")),)
    top = account("top", year(2025, 5), people=(wu,))
    sub = account("sub", year(2025, 5), parent="top", people=(li,), deals=deals)
    (found,) = roll_up([top, sub]).accounts

    portfolio = review([found], as_of=DAY, policies=Policies(tiering=OWN))
    (judged,) = portfolio.deals
    assert judged.people is not None
    assert [one.id for one in found.people] == ["wu", "li"]


def test_a_circle_of_parents_is_refused_with_its_members() -> None:
    firm = [
        account("a", parent="b"),
        account("b", parent="a"),
        account("c", parent="a"),
        account("d"),
    ]
    with pytest.raises(InvalidValueError) as caught:
        roll_up(firm)

    said = [dict(problem.data)["got"] for problem in caught.value.problems]
    assert said == ["'a'", "'b'"]


def test_a_customer_that_comes_twice_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="top"):
        roll_up([account("top"), account("top")])


AMOUNTS = st.none() | st.integers(0, 200)


@st.composite
def firms(draw: st.DrawFn) -> list[Account]:
    """Customers of whom some have a parent, in several currencies and years."""
    count = draw(st.integers(1, 6))
    firm = []
    for at in range(count):
        above = draw(st.none() | st.integers(0, at - 1)) if at else None
        years = [
            year(2023 + place, draw(AMOUNTS), months=draw(st.sampled_from([12, 12, 6])))
            for place in range(draw(st.integers(0, 3)))
        ]
        parent = None if above is None else f"c{above}"
        currency = draw(st.sampled_from(["CNY", "CNY", "USD"]))
        firm.append(account(f"c{at}", *years, parent=parent, currency=currency))
    return firm


@given(firms())
def test_nobody_is_lost(firm: list[Account]) -> None:
    rolled = roll_up(firm)
    stays = [one.customer.id for one in rolled.accounts]
    members = [slug for group in rolled.groups for slug in group.member_ids]

    assert sorted([*stays, *members]) == sorted(one.customer.id for one in firm)
    with_parent = {one.customer.id for one in firm if one.customer.parent_id}
    assert {one.customer.id for one in rolled.kept_apart} | {*members} == with_parent


@given(firms())
def test_known_sales_add_up_to_the_same(firm: list[Account]) -> None:
    def total(accounts: list[Account]) -> dict[tuple[str | None, int], Decimal]:
        found: dict[tuple[str | None, int], Decimal] = {}
        for one in accounts:
            for metrics in one.customer.years:
                key = one.customer.currency, metrics.year
                found[key] = found.get(key, Decimal(0)) + (metrics.sales or 0)
        return found

    rolled = roll_up(firm)
    before, after = total(firm), total([*rolled.accounts])
    unknown = {
        (one.customer.currency, metrics.year)
        for one in rolled.accounts
        for metrics in one.customer.years
        if metrics.sales is None
    }

    assert {*before} == {*after}
    for key in {*before} - unknown:
        assert before[key] == after[key]


@given(firms())
def test_the_order_changes_no_group(firm: list[Account]) -> None:
    def by_id(accounts: tuple[Account, ...]) -> dict[str, Account]:
        return {one.customer.id: one for one in accounts}

    one, other = roll_up(firm), roll_up(firm[::-1])

    assert by_id(one.accounts) == by_id(other.accounts)
    assert (one.groups, one.kept_apart) == (other.groups, other.kept_apart)


def test_a_group_of_thousands_is_one_customer() -> None:
    def owed(at: int) -> Receivables:
        return Receivables(dt.date(2000, 1, 1) + dt.timedelta(at), Decimal(1))

    def member(at: int, parent: str | None) -> Account:
        years = (year(named, 1) for named in range(2020, 2026))
        return account(f"c{at}", *years, parent=parent, receivables=(owed(at),))

    count = 3000
    firm = [member(0, None), *(member(at, "c0") for at in range(1, count))]
    (found,) = roll_up(firm).accounts

    assert sales(found) == dict.fromkeys(range(2020, 2026), Decimal(count))
    (last,) = found.receivables
    assert last == Receivables(owed(count - 1).as_of, Decimal(count))


def test_a_long_chain_of_parents_is_one_group() -> None:
    firm = [account("c0", year(2025, 1))]
    firm += [
        account(f"c{at}", year(2025, 1), parent=f"c{at - 1}") for at in range(1, 600)
    ]
    rolled = roll_up(firm)

    assert [one.customer.id for one in rolled.accounts] == ["c0"]
    assert sales(rolled.accounts[0]) == {2025: Decimal(600)}


def test_a_subsidiary_without_a_currency_of_its_own_stays_apart_in_any_order() -> None:
    """Receivables alone name no currency, so nobody can tell which they are in."""
    owed = (Receivables(dt.date(2025, 1, 1), Decimal(5)),)
    holding = account("top", currency=None, receivables=owed)
    rolled = roll_up([holding, account("sub", year(2025, 5), parent="top")])

    assert [(one.customer.id, one.reason) for one in rolled.kept_apart] == [
        ("sub", "currency")
    ]
