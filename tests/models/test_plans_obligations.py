"""What a customer was promised falls due on days, and says which and why (S3-18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire, wording
from keyaccount.domain import (
    CommChannel,
    Issue,
    ObligationKind,
    ServicePromise,
    Touchpoint,
    TouchpointKind,
    VisitLevel,
    WorkCalendar,
)
from keyaccount.models import plans
from keyaccount.models.plans import Obligation, obligations
from keyaccount.rules import Missing
from keyaccount.tri import Tri
from tests.refusals import refused


TODAY = dt.date(2026, 6, 30)  # a Tuesday
VISIT, EXCHANGE = ObligationKind.EXECUTIVE_VISIT, ObligationKind.TECHNICAL_EXCHANGE
ANSWER, REVIEW = ObligationKind.FIRST_RESPONSE, ObligationKind.RECEIVABLES_REVIEW
QUARTERLY = ServicePromise(
    "acme",
    executive_visits_per_year=4,
    visit_level=VisitLevel.EXECUTIVE,
    visitor="Wang",
    owner="Li",
)
WHO = Missing("executive", "visit-by-whom")
WHAT = Missing("kind", "contact-kind")


def before(days: int) -> dt.date:
    return TODAY - dt.timedelta(days)


def visit(days: int, executive: Tri = Tri.YES, *people: str) -> Touchpoint:
    return Touchpoint(
        "acme",
        before(days),
        kind=TouchpointKind.VISIT,
        executive=executive,
        our_people=people,
    )


def only(found: Iterable[Obligation]) -> Obligation:
    (one,) = found
    return one


def owed(
    *contacts: Touchpoint,
    promise: ServicePromise = QUARTERLY,
    as_of: dt.date = TODAY,
) -> Obligation:
    return only(obligations(promise, touchpoints=contacts, as_of=as_of))


# ── Visits and exchanges ────────────────────────────────────────────────────────


def test_a_visit_is_due_a_quarter_after_the_last_one() -> None:  # S0-23c, S3-10, S3-18
    found = owed(visit(200), visit(91))

    assert found.kind is VISIT
    assert found.last_on == before(91)
    assert found.due_on == found.latest == TODAY
    assert found.owner == "Wang"
    assert not found.is_open


def test_what_is_due_on_the_day_is_not_late_and_a_day_after_it_is() -> None:
    found = owed(visit(91))

    assert found.is_overdue(TODAY) is Tri.NO
    assert found.days_late(TODAY) == 0
    assert found.is_overdue(TODAY + dt.timedelta(1)) is Tri.YES
    assert found.days_late(TODAY + dt.timedelta(1)) == 1
    assert owed(visit(92)).days_late(TODAY) == 1


def test_a_visit_that_lies_ahead_has_not_happened_yet() -> None:
    found = owed(visit(100), visit(-1))

    assert found.last_on == before(100)
    assert owed(visit(0)).last_on == TODAY


def test_the_contacts_of_others_and_other_contacts_do_not_count() -> None:
    found = owed(
        visit(100),
        attrs.evolve(visit(10), customer_id="borealis"),
        attrs.evolve(visit(9), kind=TouchpointKind.CALL),
        attrs.evolve(visit(8), channel=CommChannel.TEAM),
        visit(7, Tri.NO),
    )

    assert found.last_on == before(100)
    assert not found.is_open


def test_without_any_visit_it_counts_from_the_day_of_the_promise() -> None:
    found = owed(promise=attrs.evolve(QUARTERLY, since=before(91)))

    assert found.due_on == TODAY
    assert found.last_on is None
    assert found.flags == ()
    said = "  promised from 2026-03-31; nothing sure on record since"
    assert said in found.explain()
    same_day = owed(visit(91), promise=attrs.evolve(QUARTERLY, since=before(91)))
    assert said not in same_day.explain()


def test_nothing_is_owed_before_the_promise_holds() -> None:
    fresh = attrs.evolve(QUARTERLY, since=before(10))
    coming = attrs.evolve(QUARTERLY, since=before(-10))

    assert owed(visit(500), promise=fresh).due_on == before(10 - 91)
    assert owed(visit(500), promise=fresh).last_on == before(500)
    assert owed(visit(5), promise=coming).due_on == before(-10 - 91)


def test_what_has_no_day_to_count_from_is_due_at_once_and_says_so() -> None:
    found = owed()

    assert found.due_on == found.latest == TODAY
    assert found.is_overdue(TODAY) is Tri.NO
    assert found.flags == ("without-anchor",)


def test_what_has_no_owner_says_so() -> None:
    found = owed(visit(0), promise=attrs.evolve(QUARTERLY, visitor=None))

    assert found.owner is None
    assert found.flags == ("without-owner",)


def test_a_visit_by_nobody_knows_whom_is_neither_counted_nor_late() -> None:
    found = owed(visit(180), visit(120, Tri.UNKNOWN), visit(100, Tri.UNKNOWN))

    assert found.last_on == before(180)
    assert (found.due_on, found.latest) == (before(180 - 91), before(100 - 91))
    assert found.is_open
    assert found.is_owed is Tri.YES
    assert found.missing == (WHO,)
    assert found.is_overdue(found.due_on) is Tri.NO
    assert found.is_overdue(before(50)) is Tri.UNKNOWN
    assert found.days_late(before(50)) == 0
    assert found.is_overdue(TODAY) is Tri.YES
    assert found.days_late(TODAY) == 9


def test_a_doubt_before_the_last_sure_visit_changes_nothing() -> None:
    found = owed(visit(120, Tri.UNKNOWN), visit(100), visit(100, Tri.UNKNOWN))

    assert not found.is_open
    assert found.missing == ()


def test_a_contact_of_unknown_kind_may_have_been_a_visit() -> None:
    found = owed(visit(180), attrs.evolve(visit(100), kind=None))

    assert found.latest == before(100 - 91)
    assert found.missing == (WHAT,)
    assert owed(attrs.evolve(visit(1, Tri.UNKNOWN), kind=None)).missing == (WHO, WHAT)
    assert not owed(visit(180), attrs.evolve(visit(9, Tri.NO), kind=None)).is_open


def test_without_an_anchor_a_doubtful_visit_leaves_its_own_days_open() -> None:
    found = owed(visit(300, Tri.UNKNOWN), visit(20, Tri.UNKNOWN))

    assert (found.due_on, found.latest) == (before(300 - 91), before(20 - 91))
    assert found.flags == ("without-anchor",)


def test_who_was_named_for_the_visits_makes_a_visit_one() -> None:
    assert owed(visit(9, Tri.NO, "Wang", "Li")).last_on == before(9)
    assert owed(visit(9, Tri.UNKNOWN, "Wang")).last_on == before(9)


def test_another_executive_may_not_have_been_the_chief_who_was_promised() -> None:
    chief = attrs.evolve(QUARTERLY, visit_level=VisitLevel.CHIEF_EXECUTIVE)

    other = owed(visit(180), visit(9, Tri.YES, "Chen"), promise=chief)
    assert (other.last_on, other.missing) == (before(180), (WHO,))
    assert (other.due_on, other.latest) == (before(180 - 91), before(9 - 91))
    assert owed(visit(9, Tri.YES, "Chen", "Wang"), promise=chief).last_on == before(9)
    assert owed(visit(9), promise=chief).last_on == before(9)
    assert owed(visit(9, Tri.YES, "Chen")).last_on == before(9)
    nobody = attrs.evolve(chief, visitor=None)
    assert owed(visit(9, Tri.YES, "Chen"), promise=nobody).last_on == before(9)


@pytest.mark.parametrize(
    "level", [VisitLevel.CREDIT_MANAGER, VisitLevel.MANAGER, VisitLevel.DIRECTOR]
)
def test_below_executives_a_visit_is_open_until_it_says_who_came(
    level: VisitLevel,
) -> None:
    promise = attrs.evolve(QUARTERLY, visit_level=level)
    nobody = attrs.evolve(promise, visitor=None)

    assert owed(visit(9), promise=promise).last_on == before(9)
    assert owed(visit(9, Tri.NO), promise=promise).missing == (WHO,)
    assert owed(visit(9, Tri.NO, "Chen"), promise=promise).missing == ()
    assert owed(visit(9, Tri.NO, "Chen"), promise=nobody).missing == (WHO,)


def test_a_technical_exchange_is_due_likewise_and_the_owner_owes_it() -> None:
    promise = ServicePromise(
        "acme",
        technical_exchanges_per_year=2,
        visit_level=VisitLevel.EXECUTIVE,
        owner="Li",
    )
    met = Touchpoint("acme", before(182), kind=TouchpointKind.TECHNICAL_EXCHANGE)
    maybe = Touchpoint("acme", before(1))

    found = owed(visit(5), met, promise=promise)
    assert found.kind is EXCHANGE
    assert found.owner == "Li"
    assert found.explain()[0] == "technical exchange"
    assert found.due_on == found.latest == TODAY
    doubtful = owed(met, maybe, promise=promise)
    assert doubtful.latest == before(1 - 182)
    assert doubtful.missing == (WHAT,)


# ── The weekly review ───────────────────────────────────────────────────────────

WATCHED = ServicePromise("acme", weekly_receivables_review=True, owner="Zhao")


@pytest.mark.parametrize("ago, late", [(7, 0), (8, 1), (0, 0)])
def test_receivables_of_a_problem_are_reviewed_every_week(ago: int, late: int) -> None:
    found = only(obligations(WATCHED, reviewed_on=before(ago), as_of=TODAY))

    assert found.kind is REVIEW
    assert found.due_on == before(ago - 7)
    assert found.days_late(TODAY) == late
    assert found.owner == "Zhao"


def test_a_review_that_is_on_no_record_is_due_at_once() -> None:
    assert only(obligations(WATCHED, as_of=TODAY)).flags == ("without-anchor",)
    ahead = only(obligations(WATCHED, reviewed_on=before(-3), as_of=TODAY))
    assert (ahead.due_on, ahead.last_on) == (TODAY, None)


# ── First answers ───────────────────────────────────────────────────────────────

FRIDAY = dt.date(2026, 6, 26)


def issue(
    opened_on: dt.date = FRIDAY,
    responded: Tri = Tri.NO,
    resolved: Tri = Tri.NO,
    internal: Tri = Tri.NO,
    **more: dt.date,
) -> Issue:
    return Issue(
        "i1",
        "acme",
        "late truck",
        opened_on,
        responded=responded,
        resolved=resolved,
        internal=internal,
        responded_on=more.get("responded_on"),
        resolved_on=more.get("resolved_on"),
    )


def answers(
    *issues: Issue,
    hours: int = 8,
    business: bool = True,
    days: WorkCalendar | None = None,
    since: dt.date | None = None,
) -> tuple[Obligation, ...]:
    promise = ServicePromise(
        "acme",
        first_response_hours=hours,
        business_hours=business,
        owner="Li",
        since=since,
    )
    return obligations(promise, issues=issues, as_of=TODAY, days=days)


@pytest.mark.parametrize(
    "hours, business, due_on",
    [
        (2, False, FRIDAY),  # within the day
        (23, False, FRIDAY),
        (24, False, FRIDAY + dt.timedelta(1)),  # clock hours run on a Saturday too
        (2, True, FRIDAY),
        (8, True, dt.date(2026, 6, 29)),  # one business day: Monday
        (16, True, TODAY),  # two business days
        (24, True, dt.date(2026, 7, 1)),
    ],
)
def test_hours_become_whole_days(  # DOMAIN 3.7
    hours: int, business: bool, due_on: dt.date
) -> None:
    found = only(answers(issue(), hours=hours, business=business))

    assert found.kind is ANSWER
    assert found.due_on == found.latest == due_on
    assert found.owner == "Li"
    assert found.issue_id == "i1"
    assert ("work-days-unsure" in found.flags) is business


def test_an_answer_owed_today_is_not_late_and_one_owed_yesterday_is() -> None:
    assert only(answers(issue(), hours=16)).is_overdue(TODAY) is Tri.NO
    assert only(answers(issue(), hours=8)).days_late(TODAY) == 1


def test_an_issue_of_the_weekend_counts_from_the_next_day_that_is_worked() -> None:
    saturday = FRIDAY + dt.timedelta(1)

    assert only(answers(issue(saturday), hours=2)).due_on == dt.date(2026, 6, 29)
    assert only(answers(issue(saturday), hours=8)).due_on == TODAY


def test_a_calendar_knows_holidays_and_the_days_that_make_up_for_them() -> None:
    year = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    days = WorkCalendar(
        holidays=[dt.date(2026, 6, 29)],
        workdays=[dt.date(2026, 6, 28)],
        known_from=year[0],
        known_until=year[1],
    )

    found = only(answers(issue(), hours=16, days=days))
    assert found.due_on == TODAY
    assert found.flags == ()
    assert only(answers(issue(), days=days)).due_on == dt.date(2026, 6, 28)
    short = attrs.evolve(days, known_until=FRIDAY)
    assert only(answers(issue(), days=short)).flags == ("work-days-unsure",)


def test_nobody_waits_for_an_answer_that_was_given() -> None:
    assert answers(issue(responded=Tri.YES)) == ()
    assert answers(issue(responded=Tri.YES, responded_on=TODAY)) == ()
    assert answers(issue(resolved=Tri.YES, resolved_on=TODAY)) == ()
    assert answers(issue(internal=Tri.YES)) == ()
    assert answers(issue(TODAY + dt.timedelta(1))) == ()
    assert answers(attrs.evolve(issue(), customer_id="borealis")) == ()
    assert obligations(QUARTERLY, touchpoints=[visit(0)], issues=[issue()], as_of=TODAY)


def test_what_was_answered_later_was_not_answered_yet() -> None:
    tomorrow = TODAY + dt.timedelta(1)

    for one in (
        issue(responded=Tri.YES, responded_on=tomorrow),
        issue(resolved=Tri.YES, resolved_on=tomorrow),
    ):
        assert only(answers(one)).is_owed is Tri.YES


@pytest.mark.parametrize(
    "one, asked",
    [
        (issue(responded=Tri.UNKNOWN), ["responded"]),
        (issue(resolved=Tri.UNKNOWN), ["resolved"]),
        (issue(internal=Tri.UNKNOWN), ["internal"]),
        (Issue("i1", "acme", "x", FRIDAY), ["responded", "resolved", "internal"]),
    ],
)
def test_an_issue_of_which_not_all_is_known_may_want_an_answer(
    one: Issue, asked: list[str]
) -> None:
    found = only(answers(one))

    assert found.is_open
    assert found.is_owed is Tri.UNKNOWN
    assert found.is_overdue(TODAY) is Tri.UNKNOWN
    assert found.days_late(TODAY) == 0
    assert [gap.fact for gap in found.missing] == asked
    assert found.explain()[0].endswith("unless it was given")


def test_an_issue_older_than_the_promise_counts_from_the_promise() -> None:
    monday = dt.date(2026, 6, 29)

    assert only(answers(issue(), since=monday)).due_on == TODAY
    assert only(answers(issue(monday), since=FRIDAY)).due_on == TODAY
    counted = "  it counts from 2026-06-29, when the promise begins"
    assert counted in only(answers(issue(), since=monday)).explain()
    assert counted not in only(answers(issue(monday), since=monday)).explain()


def test_an_answer_without_an_owner_says_so() -> None:
    promise = ServicePromise("acme", first_response_hours=2)

    found = only(obligations(promise, issues=[issue()], as_of=TODAY))
    assert found.flags == ("without-owner",)


# ── The year ahead ──────────────────────────────────────────────────────────────


def ahead(promise: ServicePromise, *contacts: Touchpoint, days: int = 365) -> list[int]:
    found = obligations(promise, touchpoints=contacts, as_of=TODAY, until=before(-days))
    return [(one.due_on - TODAY).days for one in found]


def test_the_year_ahead_holds_as_many_as_were_promised_evenly() -> None:
    assert ahead(QUARTERLY, visit(0)) == [91, 182, 273, 365]
    assert ahead(QUARTERLY, visit(0), days=364) == [91, 182, 273]
    assert ahead(QUARTERLY, visit(60)) == [31, 122, 213, 305]
    assert ahead(QUARTERLY, visit(91), days=364) == [0, 91, 182, 274]


def test_what_is_late_is_owed_once_and_then_counts_from_today() -> None:
    assert ahead(QUARTERLY, visit(500)) == [-409, 91, 182, 273, 365]
    assert ahead(QUARTERLY) == [0, 91, 182, 273, 365]


def test_the_next_one_is_told_however_far_away_it_is() -> None:
    assert ahead(QUARTERLY, visit(0), days=-100) == [91]


def test_the_last_day_there_is_ends_the_list() -> None:
    end = dt.date.max - dt.timedelta(10)

    found = obligations(WATCHED, as_of=end, until=dt.date.max)
    assert [one.due_on for one in found] == [end, end + dt.timedelta(7), dt.date.max]


# ── Words and refusals ──────────────────────────────────────────────────────────

FULL = attrs.evolve(
    QUARTERLY,
    technical_exchanges_per_year=1,
    first_response_hours=8,
    business_hours=True,
    weekly_receivables_review=True,
    since=before(30),
    owner=None,
)


def whole() -> tuple[Obligation, ...]:
    return (
        *obligations(
            FULL,
            touchpoints=[visit(200), visit(9, Tri.UNKNOWN)],
            issues=[Issue("i1", "acme", "late\ntruck", before(40))],
            as_of=TODAY,
            until=before(-100),
        ),
        *obligations(
            ServicePromise("acme", executive_visits_per_year=1, first_response_hours=2),
            issues=[issue()],
            as_of=TODAY,
        ),
    )


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_obligation_explains_itself(locale: str) -> None:
    lines = [line for one in whole() for line in one.explain(locale)]

    assert not [line for line in lines if "?" in line.replace("? ", "")[:-1]]
    assert not [line for line in lines if "owed" in line or "flag." in line]
    assert any("late truck" in line for line in lines)
    assert all("\n" not in line for line in lines)


def test_an_obligation_says_what_it_rests_on() -> None:
    found = owed(visit(180), visit(100, Tri.UNKNOWN))

    *lines, question = found.explain()
    assert lines == [
        "visit by our executive",
        "  due between 2026-04-02 and 2026-06-21: the record leaves that open",
        "  times promised a year: 4, that is every 91 days",
        "  last done on 2026-01-01",
        "  contacts that may have been it: 1, the last on 2026-03-22",
    ]
    assert question == f"  {wording.say('question.visit-by-whom', {})}"


def test_a_policy_brings_its_own_words_and_numbers() -> None:
    own = policies.read(
        {
            "based_on": "plans",
            "numbers": {"service_year": {"value": 360}},
            "labels": {"en": {"sentence.owed-visit": "go and see them"}},
        },
        plans.PlansPolicy,
    )

    found = only(
        obligations(QUARTERLY, touchpoints=[visit(0)], as_of=TODAY, policy=own)
    )
    assert found.due_on == before(-90)
    assert found.explain()[0] == "go and see them"


def test_the_numbers_of_service_are_one_or_more() -> None:
    def changed(name: str, value: object) -> plans.PlansPolicy:
        numbers = {name: {"value": value}}
        return policies.read(
            {"based_on": "plans", "numbers": numbers}, plans.PlansPolicy
        )

    for name in ("service_year", "receivables_review", "working_day"):
        for value in (0, -1):
            assert refused(changed, name, value) == (
                (f"$.numbers.{name}.value", "out-of-range"),
            )


def test_what_is_no_promise_and_no_contact_is_refused_all_at_once() -> None:
    moment = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)

    assert refused(
        obligations,
        "acme",
        touchpoints=["visit"],
        issues=[None],
        reviewed_on=moment,
        as_of=moment,
        until="2027",
        days=[],
    ) == (
        ("$.promise", "wrong-type"),
        ("$.touchpoints[0]", "wrong-type"),
        ("$.issues[0]", "wrong-type"),
        ("$.reviewed_on", "wrong-type"),
        ("$.as_of", "wrong-type"),
        ("$.until", "wrong-type"),
        ("$.days", "wrong-type"),
    )
    assert refused(obligations, QUARTERLY, touchpoints=5, issues="i1", as_of=TODAY) == (
        ("$.touchpoints", "wrong-type"),
        ("$.issues", "wrong-type"),
    )


# ── Laws ────────────────────────────────────────────────────────────────────────

days_ago = st.integers(-400, 400).map(before)
promises = st.builds(
    ServicePromise,
    st.just("acme"),
    executive_visits_per_year=st.integers(0, 12),
    visit_level=st.sampled_from(VisitLevel),
    technical_exchanges_per_year=st.sampled_from([0, 1, 2, 400]),
    first_response_hours=st.sampled_from([None, 2, 8, 24, 40]),
    business_hours=st.booleans(),
    weekly_receivables_review=st.booleans(),
    owner=st.sampled_from([None, "Li"]),
    visitor=st.sampled_from([None, "Wang"]),
    since=st.none() | days_ago,
)
contacts = st.builds(
    Touchpoint,
    st.sampled_from(["acme", "borealis"]),
    days_ago,
    st.sampled_from([CommChannel.CUSTOMER, CommChannel.TEAM]),
    kind=st.sampled_from(
        [None, TouchpointKind.VISIT, TouchpointKind.TECHNICAL_EXCHANGE]
    ),
    our_people=st.sampled_from([(), ("Wang",), ("Chen",)]),
    executive=st.sampled_from(Tri),
)
troubles = st.builds(
    Issue,
    st.sampled_from(["i1", "i2", "i3"]),
    st.just("acme"),
    st.just("late truck"),
    days_ago,
    internal=st.sampled_from(Tri),
    resolved=st.sampled_from(Tri),
    responded=st.sampled_from(Tri),
)


@given(
    promises,
    st.lists(contacts),
    st.lists(troubles, unique_by=lambda one: one.id),
    st.none() | days_ago,
    st.integers(0, 500),
)
def test_a_later_day_never_removes_what_was_overdue(
    promise: ServicePromise,
    met: list[Touchpoint],
    issues: list[Issue],
    reviewed_on: dt.date | None,
    days: int,
) -> None:
    met = [one for one in met if one.on <= TODAY]  # nothing happens in between
    if reviewed_on is not None and reviewed_on > TODAY:
        reviewed_on = None
    later = TODAY + dt.timedelta(days)

    def asked(as_of: dt.date) -> dict[tuple[object, ...], Obligation]:
        found = obligations(
            promise,
            touchpoints=met,
            issues=issues,
            reviewed_on=reviewed_on,
            as_of=as_of,
        )
        return {(one.kind, one.issue_id): one for one in found}

    then = asked(later)
    for key, one in asked(TODAY).items():
        if one.is_overdue(TODAY) is not Tri.NO:
            assert then[key].due_on == one.due_on
            assert then[key].is_overdue(later) is not Tri.NO
        if one.is_overdue(TODAY) is Tri.YES:
            assert then[key].is_overdue(later) is Tri.YES
            assert then[key].days_late(later) == one.days_late(TODAY) + days


@given(promises, st.lists(contacts), st.lists(troubles), st.randoms())
def test_the_order_of_the_record_changes_nothing(
    promise: ServicePromise, met: list[Touchpoint], issues: list[Issue], random: object
) -> None:
    def asked() -> tuple[Obligation, ...]:
        return obligations(
            promise, touchpoints=met, issues=issues, as_of=TODAY, until=before(-200)
        )

    found = asked()
    met.reverse()
    random.shuffle(issues)  # type: ignore[attr-defined]  # random.Random
    assert sorted(map(repr, asked())) == sorted(map(repr, found))
    assert list(found) == sorted(found, key=lambda one: one.due_on)


@given(promises, st.lists(contacts, min_size=1), st.data())
def test_what_is_found_out_later_was_among_what_was_possible(
    promise: ServicePromise, met: list[Touchpoint], data: st.DataObject
) -> None:
    told = [
        attrs.evolve(
            one,
            executive=data.draw(st.sampled_from([Tri.YES, Tri.NO]))
            if one.executive is Tri.UNKNOWN
            else one.executive,
            kind=one.kind or data.draw(st.sampled_from(TouchpointKind)),
        )
        for one in met
    ]

    def asked(record: list[Touchpoint]) -> dict[object, list[Obligation]]:
        found: dict[object, list[Obligation]] = {}
        for one in obligations(
            promise, touchpoints=record, as_of=TODAY, until=before(-300)
        ):
            found.setdefault(one.kind, []).append(one)
        return found

    before_told, after = asked(met), asked(told)
    assert before_told.keys() == after.keys()
    for kind, found in after.items():
        assert len(found) <= len(before_told[kind])
        for one, possible in zip(found, before_told[kind], strict=False):
            assert possible.due_on <= one.due_on <= one.latest <= possible.latest


@given(promises, troubles, st.data())
def test_what_is_found_out_of_an_issue_was_possible(
    promise: ServicePromise, one: Issue, data: st.DataObject
) -> None:
    def settled(answer: Tri) -> Tri:
        is_open = answer is Tri.UNKNOWN
        return data.draw(st.sampled_from([Tri.YES, Tri.NO])) if is_open else answer

    told = attrs.evolve(
        one,
        internal=settled(one.internal),
        resolved=settled(one.resolved),
        responded=settled(one.responded),
    )

    def asked(issue: Issue) -> tuple[Obligation, ...]:
        found = obligations(promise, issues=[issue], as_of=TODAY)
        return tuple(owed for owed in found if owed.kind is ANSWER)

    possible, after = asked(one), asked(told)
    assert all(owed.is_owed is Tri.YES for owed in after)
    assert [owed.due_on for owed in after] in ([], [owed.due_on for owed in possible])
    assert possible or not after
    assert after or not any(owed.is_owed is Tri.YES for owed in possible)


@given(st.integers(1, 365), st.integers(0, 300))
def test_a_full_year_holds_as_many_as_were_promised(count: int, ago: int) -> None:
    promise = attrs.evolve(QUARTERLY, executive_visits_per_year=count)
    found = obligations(
        promise,
        touchpoints=[visit(ago)],
        as_of=before(ago),
        until=before(ago) + dt.timedelta(365),
    )

    assert len(found) == count
    gaps = [(one.due_on - before(ago)).days for one in found]
    assert gaps[-1] == 365
    steps = [second - first for first, second in zip([0, *gaps], gaps, strict=False)]
    assert max(steps) - min(steps) <= 1


@given(promises, st.lists(contacts), st.lists(troubles))
def test_the_same_question_has_the_same_answer_and_is_read_back(
    promise: ServicePromise, met: list[Touchpoint], issues: list[Issue]
) -> None:
    def asked() -> tuple[Obligation, ...]:
        return obligations(promise, touchpoints=met, issues=issues, as_of=TODAY)

    assert asked() == asked()
    for one in asked():
        assert wire.structure(wire.unstructure(one), Obligation) == one
