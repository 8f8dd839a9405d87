"""One calendar of all that is due: nothing is lost, doubled, or forgiven by time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import book
from keyaccount.book import Account, Agenda, OurSide, due, review
from keyaccount.domain import (
    AccountPhase,
    AccountPlan,
    AccountProject,
    CommChannel,
    Commitment,
    CommPurpose,
    Customer,
    CustomerAction,
    Issue,
    ProjectTask,
    ServicePromise,
    TierRecord,
    Touchpoint,
    TouchpointKind,
    ValueTier,
    VisitLevel,
    WorkCalendar,
)
from keyaccount.tri import Tri
from tests.refusals import refused


TODAY = dt.date(2026, 3, 2)  # a Monday


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days)


def account(ours: OurSide, *contacts: Touchpoint, owner: str | None = "Li") -> Account:
    return Account(Customer("c1", "Acme", owner=owner), contacts=contacts, ours=ours)


def agenda_of(*accounts: Account, as_of: dt.date = TODAY) -> Agenda:
    return review(accounts, as_of=as_of).agenda


def held(days_ago: int, purpose: CommPurpose = CommPurpose.TRUST) -> Touchpoint:
    return Touchpoint("c1", day(-days_ago), purpose.channel, purpose)


def told(found: Agenda) -> list[tuple[str, str, dt.date]]:
    return [(one.source, one.code, one.due_on) for one in found]


# Sources, one by one.


def test_a_talk_is_due_its_cadence_after_the_last_one() -> None:
    found = agenda_of(account(OurSide(), held(20), held(3, CommPurpose.FEEDBACK)))

    assert told(found) == [
        ("contact", "trust", day(-6)),
        ("contact", "feedback", day(27)),
    ]
    assert {one.owner for one in found} == {"Li"}


def test_a_talk_that_never_was_is_due_only_where_talks_are_written_down() -> None:
    silent = agenda_of(account(OurSide(), held(1)))
    other = Account(
        Customer("c2", "Beta"),
        contacts=(
            Touchpoint("c2", day(-1), CommChannel.TEAM, CommPurpose.INFO_SHARING),
        ),
    )

    both = agenda_of(account(OurSide(), held(1)), other)

    assert ("contact", "team", TODAY) not in told(silent)
    assert ("contact", "team", TODAY) in told(both)
    assert ("contact", "collaboration", TODAY) in told(both)  # the other's


def test_promises_that_are_not_kept_are_due_whoever_made_them() -> None:
    promises = (
        Commitment("k1", "c1", "a sample", day(-9), day(-1), owner="Zhao"),
        Commitment("k2", "c1", "a price", day(-9), day(0), fulfilled=Tri.NO),
        Commitment("k3", "c1", "a visit", day(-9), None),
        Commitment("k4", "c1", "done", day(-9), day(-8), fulfilled=Tri.YES),
    )

    found = agenda_of(account(OurSide(commitments=promises)))

    assert told(found) == [
        ("commitment", "k1", day(-1)),
        ("commitment", "k2", TODAY),
        ("commitment", "k3", TODAY),
    ]
    assert [one.owner for one in found] == ["Zhao", None, None]
    assert [one.code for one in found.late] == ["k1"]


def test_a_visit_ahead_that_is_not_ready_is_due_on_its_day() -> None:
    visit = attrs.evolve(held(-5), executive=Tri.YES, prepared=Tri.NO)
    ready = attrs.evolve(
        visit,
        planned=Tri.YES,
        prepared=Tri.YES,
        sales_team_notified=Tri.YES,
        pre_brief=Tri.YES,
        stakeholder_ids=["s1"],
    )

    [found] = [
        one for one in agenda_of(account(OurSide(), visit)) if one.source == "visit"
    ]

    assert (found.due_on, found.owner) == (day(5), "Li")
    assert found.says() == "before the executive visit: write down whom to meet"
    steps = [one.says() for one in agenda_of(account(OurSide(), ready))]
    assert found.says() not in steps


def test_what_was_agreed_is_owed_by_whoever_is_named_for_it() -> None:
    agreed = ServicePromise(
        "c1",
        executive_visits_per_year=4,
        visit_level=VisitLevel.CHIEF_EXECUTIVE,
        technical_exchanges_per_year=1,
        visitor="chief executive",
    )
    visit = attrs.evolve(held(120), kind=TouchpointKind.VISIT, executive=Tri.YES)

    found = agenda_of(account(OurSide(promise=agreed), visit))

    owed = [one for one in found if one.source == "obligation"]
    assert {(one.code, one.owner) for one in owed} == {
        ("executive-visit", "chief executive"),
        ("technical-exchange", "Li"),
    }
    assert [one.code for one in owed if one in found.late] == ["executive-visit"]


def test_a_contact_that_may_have_been_a_visit_says_so_and_is_not_late() -> None:
    agreed = ServicePromise("c1", executive_visits_per_year=4, since=day(-400))
    sure = attrs.evolve(held(150), kind=TouchpointKind.VISIT, executive=Tri.YES)
    perhaps = attrs.evolve(held(30), kind=TouchpointKind.VISIT)

    found = agenda_of(account(OurSide(promise=agreed), sure, perhaps))

    [owed] = [one for one in found if one.source == "obligation"]
    assert owed not in found.late
    assert owed.due_on == day(-30 + 91)
    assert str(day(-150 + 91)) in owed.says()


def test_the_tasks_of_a_project_the_action_map_and_plans_come_along() -> None:
    project = AccountProject(
        "j1",
        "c1",
        "two plants",
        day(-30),
        day(30),
        tasks=[
            ProjectTask("t1", "rent", "Wang", day(3), done=Tri.NO),
            ProjectTask("t2", "hire"),
            ProjectTask("t3", "ask", done=Tri.YES),
        ],
    )
    ours = OurSide(
        projects=(project,),
        actions=(CustomerAction("a1", "c1", "s1", "show", "Sun", day(1)),),
        plans=(AccountPlan("c1", AccountPhase.DEVELOPMENT, "Qian", review_on=day(2)),),
    )

    found = agenda_of(account(ours))

    assert told(found) == [
        ("action", "a1", day(1)),
        ("plan", "development", day(2)),
        ("project", "j1/t1", day(3)),
        ("project", "j1/t2", day(30)),
    ]
    assert [one.owner for one in found] == ["Sun", "Qian", "Wang", None]
    assert "nobody has said whether it is done" in found.items[-1].says()


def test_the_next_review_of_a_class_is_due_before_the_last_is_stale() -> None:
    one = account(OurSide())
    record = TierRecord(ValueTier.GOLD, day(-400))
    portfolio = review([one], as_of=TODAY)

    found = due(portfolio, as_of=TODAY, records={"c1": record, "gone": record})

    assert told(found) == [("review", "tier-review", TODAY)]
    assert not found.late


def test_loose_deals_and_free_days_are_known_to_the_calendar() -> None:
    promise = Commitment("k1", "c1", "a sample", day(-9), day(5))  # a Saturday
    portfolio = review([account(OurSide(commitments=(promise,)))], as_of=TODAY)

    [found] = due(portfolio, as_of=TODAY, days=WorkCalendar())

    assert (found.due_on, found.act_by) == (day(5), day(4))


def test_only_sheets_of_the_very_day_are_merged() -> None:
    [sheet] = review([account(OurSide())], as_of=TODAY)

    assert refused(due, [sheet, "Acme"], as_of=day(1), days="CN") == (
        ("$.sheets[0].as_of", "contradiction"),
        ("$.sheets[1]", "wrong-type"),
        ("$.days", "wrong-type"),
    )
    assert refused(due, [], as_of=None) == (("$.as_of", "wrong-type"),)


# Laws.


past = st.integers(0, 90)
ahead = st.integers(-60, 60)
answers = st.sampled_from(Tri)


@st.composite
def touchpoints(draw: st.DrawFn) -> Touchpoint:
    purpose = draw(st.sampled_from(CommPurpose))
    is_told = draw(st.booleans())
    return Touchpoint(
        "c1",
        day(-draw(past)),
        purpose.channel,
        purpose if is_told else None,
        draw(st.none() | st.sampled_from(TouchpointKind)),
        executive=draw(answers),
    )


@st.composite
def commitments(draw: st.DrawFn, slug: str) -> Commitment:
    made = day(-90)
    last = draw(st.none() | ahead)
    return Commitment(
        slug,
        "c1",
        "a sample",
        made,
        None if last is None else day(last),
        fulfilled=draw(answers),
    )


@st.composite
def sides(draw: st.DrawFn) -> OurSide:
    tasks = [
        ProjectTask(f"t{at}", "task", due=day(draw(ahead)), done=draw(answers))
        for at in range(draw(st.integers(0, 3)))
    ]
    return OurSide(
        commitments=tuple(
            draw(commitments(f"k{at}")) for at in range(draw(st.integers(0, 3)))
        ),
        issues=tuple(
            Issue(f"i{at}", "c1", "late", day(-draw(past)), resolved=draw(answers))
            for at in range(draw(st.integers(0, 2)))
        ),
        projects=(AccountProject("j1", "c1", "plants", day(-90), day(9), tasks=tasks),),
        plans=tuple(
            AccountPlan("c1", phase, review_on=day(draw(ahead)))
            for phase in draw(st.sets(st.sampled_from(AccountPhase)))
        ),
        actions=tuple(
            CustomerAction(f"a{at}", "c1", None, "show", due=day(draw(ahead)))
            for at in range(draw(st.integers(0, 2)))
        ),
        promise=draw(
            st.none()
            | st.builds(
                ServicePromise,
                st.just("c1"),
                executive_visits_per_year=st.integers(0, 12),
                technical_exchanges_per_year=st.integers(0, 12),
                first_response_hours=st.none() | st.integers(1, 72),
                business_hours=st.booleans(),
                weekly_receivables_review=st.booleans(),
                since=st.none() | past.map(lambda days: day(-days)),
            )
        ),
    )


ACCOUNTS = st.builds(
    lambda ours, contacts: account(ours, *contacts),
    sides(),
    st.lists(touchpoints(), max_size=5, unique_by=lambda one: (one.on, one.channel)),
)


def identity(items: Iterable[book.Item]) -> set[tuple[str, str, dt.date]]:
    return {(one.source, one.code, one.due_on) for one in items}


@given(ACCOUNTS, st.integers(0, 400))
def test_a_later_day_never_removes_what_is_overdue(one: Account, later: int) -> None:
    now, then = agenda_of(one), agenda_of(one, as_of=day(later))

    assert identity(now.late) <= identity(then.late)


@given(ACCOUNTS, st.booleans())
def test_the_order_of_what_is_told_changes_nothing(one: Account, swaps: bool) -> None:
    """Neither of the customers nor of the rows of any table."""
    tables = ("commitments", "issues", "projects", "plans", "actions")
    ours = attrs.evolve(
        one.ours, **{name: getattr(one.ours, name)[::-1] for name in tables}
    )
    turned = attrs.evolve(one, contacts=one.contacts[::-1], ours=ours)
    other = Account(
        Customer("c2", "Beta"), contacts=(attrs.evolve(held(9), customer_id="c2"),)
    )

    told = agenda_of(one, other)

    assert agenda_of(*((other, turned) if swaps else (turned, other))) == told


@given(ACCOUNTS)
def test_the_calendar_loses_and_doubles_nothing(one: Account) -> None:
    portfolio = review([one], as_of=TODAY)
    [sheet] = portfolio

    found = portfolio.agenda

    counts = Counter(item.source for item in found)
    ours = sheet.ours
    assert counts["commitment"] == len(ours.due_commitments)
    assert counts["project"] == sum(len(project.due) for project in ours.projects)
    assert counts["action"] == (len(ours.action_map.due) if ours.action_map else 0)
    assert counts["plan"] == (len(ours.plan.reviews) if ours.plan else 0)
    assert counts["obligation"] == len(ours.obligations)
    assert len({(item.source, item.code) for item in found}) == len(found)
    assert due([sheet], as_of=TODAY) == found
    talks = {item.code for item in found if item.source == "contact"}
    if ours.communication is not None:
        recorded = {contact.channel for contact in one.contacts}
        for talk in ours.communication.talks:
            if talk.anchor is not None or talk.channel in recorded:
                assert talk.purpose.value in talks or talk.channel.value in talks


@given(ACCOUNTS)
def test_every_item_says_itself_in_three_languages(one: Account) -> None:
    for item in agenda_of(one):
        for locale in ("en", "zh-Hans", "zh-Hant"):
            said = item.says(locale)
            assert said
            assert item.what.code not in said
            assert "?" not in said.removesuffix("?")


@pytest.mark.parametrize("owner", ["Li", None])
def test_an_account_without_an_owner_has_talks_that_nobody_holds(
    owner: str | None,
) -> None:
    found = agenda_of(account(OurSide(), held(20), owner=owner))

    assert {one.owner for one in found} == {owner}
