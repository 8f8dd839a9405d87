"""Our own firm: ready or not, who stands for whom, which promise cannot be kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import attrs

from keyaccount.book import (
    Account,
    Firm,
    FirmView,
    OurSide,
    Portfolio,
    review,
)
from keyaccount.domain import (
    AccountPhase,
    AccountPlan,
    AccountTeam,
    AnnualTarget,
    ChecklistAnswer,
    Cooperation,
    CoverageModel,
    Customer,
    Executive,
    IndustryReach,
    ObligationKind,
    Pairing,
    ServiceCapacity,
    ServicePromise,
    TargetKind,
    Touchpoint,
    VisitLevel,
    YearMetrics,
)
from keyaccount.models import plans
from keyaccount.tri import Tri


TODAY = dt.date(2025, 12, 31)
OURS: Callable[..., OurSide] = attrs.evolve
CHIEF = Executive("x1", "chief executive", is_chief=True, trained=Tri.YES)
VISITS = ServicePromise(
    "c1", executive_visits_per_year=12, visit_level=VisitLevel.CHIEF_EXECUTIVE
)


def account(slug: str = "c1", sales: int = 0, **ours: object) -> Account:
    years = [YearMetrics(year, sales=sales) for year in (2024, 2025)] if sales else []
    customer = Customer(slug, slug.upper(), "USD", owner="Li", years=years)
    return Account(customer, ours=OURS(OurSide(), **ours))


def firm_of(*accounts: Account, firm: Firm = Firm()) -> FirmView:  # noqa: B008 - frozen
    found = review(accounts, as_of=TODAY, firm=firm).firm
    assert found is not None
    return found


def test_of_a_firm_of_which_nothing_is_told_nothing_is_said() -> None:
    assert review([account()], as_of=TODAY).firm is None
    assert Portfolio((), TODAY).firm is None


def test_what_cannot_be_read_of_our_firm_hides_nothing_else() -> None:
    room = ServiceCapacity("East desk", ObligationKind.TECHNICAL_EXCHANGE, 9)
    target = AnnualTarget(2025, TargetKind.SALES_VOLUME, 5)
    odd = Firm(
        executives=(CHIEF, CHIEF),
        answers=(ChecklistAnswer("no-such-line", Tri.YES),),
        capacities=(room, room),
        targets=(target, target),
        reaches=(
            IndustryReach("steel", dt.date(2024, 12, 31), 9, 1),
            IndustryReach("steel", TODAY, 9, 3),
        ),
    )
    one = account(plans=(AccountPlan("c1", AccountPhase.DEVELOPMENT),))

    found = firm_of(one, firm=odd)

    assert (found.pairing, found.readiness, found.capacity) == (None, None, None)
    assert found.targets is None
    assert found.planned is not None
    assert len(found.penetration) == 1
    codes = [problem.code for error in found.unread for problem in error.problems]
    assert codes == ["unknown-choice", "duplicate", "duplicate", "duplicate"]


def test_the_promise_that_cannot_be_kept_is_named_with_its_owner() -> None:
    one = account(promise=VISITS, pairings=(Pairing("c1", "x1"),))
    room = ServiceCapacity("chief executive", ObligationKind.EXECUTIVE_VISIT, 9)

    found = firm_of(one, firm=Firm(executives=(CHIEF,), capacities=(room,)))

    assert found.capacity is not None
    [load] = found.capacity.short
    assert (load.owner, load.owed, load.room, load.shortfall) == (
        "chief executive",
        12,
        9,
        3,
    )
    assert found.capacity.value is Tri.NO
    assert [one.visitor for one in found.promises] == ["chief executive"]


def test_the_next_promise_is_held_against_all_others_and_all_the_room() -> None:
    one = account(promise=VISITS, pairings=(Pairing("c1", "x1"),))
    chief = attrs.evolve(CHIEF, visits_per_year=14)
    found = firm_of(one, firm=Firm(executives=(chief,)))
    new = ServicePromise("c2", executive_visits_per_year=4, visitor="chief executive")

    offer = plans.can_promise(new, found.promises, found.room, as_of=TODAY)

    assert offer.value is Tri.NO
    assert offer.largest is not None
    assert offer.largest.executive_visits_per_year == 2


def test_without_a_capacity_on_record_nothing_is_said_of_promises() -> None:
    one = account(promise=VISITS)

    assert firm_of(one, firm=Firm(executives=(CHIEF,))).capacity is None


def test_an_executive_s_own_room_is_a_capacity() -> None:
    one = account(promise=VISITS, pairings=(Pairing("c1", "x1"),))
    busy = attrs.evolve(CHIEF, visits_per_year=4)

    found = firm_of(one, firm=Firm(executives=(busy,)))

    assert found.capacity is not None
    assert [load.shortfall for load in found.capacity.short] == [8]
    assert found.executives == {"x1": "chief executive"}


def test_pairing_asks_of_those_who_may_be_strategic_or_are_paired() -> None:
    told = attrs.evolve(account("c2"), cooperation=Cooperation(["express"]))
    others = (account("c1"), account("c3", pairings=(Pairing("c3", "x1"),)))

    found = firm_of(*others, told, firm=Firm(executives=(CHIEF,)))

    assert found.pairing is not None
    assert {one.customer_id for one in found.pairing.sponsorships} == {"c2", "c3"}


def test_readiness_and_targets_are_judged_as_of_the_day() -> None:
    answers = (
        ChecklistAnswer("goals-beyond-revenue", Tri.YES, TODAY),
        ChecklistAnswer("goals-seed-sellers", Tri.YES, TODAY + dt.timedelta(1)),
    )
    target = AnnualTarget(2025, TargetKind.SALES_VOLUME, 100, 100)

    found = firm_of(account(), firm=Firm(answers=answers, targets=(target,)))

    assert found.readiness is not None
    assert found.readiness.of("goals").met == ("goals-beyond-revenue",)
    assert found.targets is not None
    assert [row.attainment for row in found.targets.rows] == [1.0]


def test_an_industry_is_compared_by_its_last_two_counts() -> None:
    def count(industry: str, year: int, served: int) -> IndustryReach:
        return IndustryReach(industry, dt.date(year, 12, 31), 20, served)

    reaches = (
        count("apparel", 2025, 9),
        count("apparel", 2023, 2),
        count("apparel", 2024, 4),
        count("apparel", 2026, 15),
        count("steel", 2025, 1),
    )

    [found] = firm_of(account(), firm=Firm(reaches=reaches)).penetration

    assert (found.before.served, found.after.served) == (4, 9)


def test_two_counts_of_one_day_are_no_change() -> None:
    reaches = tuple(IndustryReach("steel", TODAY, 20, served) for served in (1, 2))

    assert review([account()], as_of=TODAY, firm=Firm(reaches=reaches)).firm is None


def test_who_has_a_team_is_counted_by_how_close_it_is() -> None:
    near = AccountTeam("c1", model=CoverageModel.DEDICATED)
    far = AccountTeam("c2", model=CoverageModel.PARTNER)

    found = firm_of(
        account("c1", 150_000_000, team=near),
        account("c2", 150_000_000, team=far),
        account("c3", 150_000_000),
    )

    assert found.coverage is not None
    assert (found.coverage.covered, found.coverage.short) == (("c1",), ("c2",))


def test_once_plans_are_told_who_needs_one_and_has_none_is_named() -> None:
    plan = AccountPlan("c1", AccountPhase.MAINTENANCE)
    told = account("c1", 150_000_000, plans=(plan,))

    found = firm_of(told, account("c2", 150_000_000))

    assert found.planned is not None
    assert found.planned.customers == ("c2",)


def test_customers_without_a_contact_on_record_are_told_once_there_are_any() -> None:
    met = attrs.evolve(account("c1"), contacts=(Touchpoint("c1", TODAY),))

    found = firm_of(met, account("c2"))

    assert [one.id for one in found.silent] == ["c2"]


def test_a_table_of_answers_that_is_empty_leaves_all_of_them_open() -> None:
    found = firm_of(account(), firm=Firm(answers=()))

    assert found.readiness is not None
    assert found.readiness.completeness == 0
    assert found.readiness.value is None
