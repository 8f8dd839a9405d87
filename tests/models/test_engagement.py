"""How executives are engaged with a customer: laws that hold for any records."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Iterable
from typing import TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    CommChannel,
    Commitment,
    ExecutiveAntiPattern,
    ExecutiveResponse,
    ExecutiveStyle,
    Issue,
    RootCause,
    StrategicDesignation,
    Touchpoint,
    TouchpointKind,
)
from keyaccount.models import engagement
from keyaccount.models.engagement import (
    Engagement,
    EngagementPolicy,
    EngagementVerdict,
    Source,
)
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.refusals import refused


T = TypeVar("T", Touchpoint, Commitment, Issue)

TODAY = dt.date(2025, 12, 31)
STRATEGIC = StrategicDesignation.STRATEGIC
ORDINARY = StrategicDesignation.ORDINARY
YES, NO, UNKNOWN = Tri.YES, Tri.NO, Tri.UNKNOWN
FOUR_SLAPS = ["拍脑门", "拍胸脯", "拍桌子", "拍屁股"]


def day(ago: int) -> dt.date:
    return TODAY - dt.timedelta(days=ago)


def contact(ago: int, **known: object) -> Touchpoint:
    """A contact in which nothing is amiss unless told."""
    sound = dict.fromkeys(
        ("executive", "planned", "prepared", "sales_team_notified", "pre_brief"), YES
    )
    return Touchpoint("c1", day(ago), **{**sound, **known})  # type: ignore[arg-type]  # checked by the noun


def promise(slug: str = "k1", ago: int = 200, **known: object) -> Commitment:
    return Commitment(slug, "c1", "a dock", day(ago), **known)  # type: ignore[arg-type]  # checked by the noun


def issue(slug: str = "i1", ago: int = 10, **known: object) -> Issue:
    """An issue for which sales is blamed, unless told otherwise."""
    blamed: dict[str, object] = {
        "root_cause": RootCause.INTERNAL_COORDINATION,
        "executive_response": ExecutiveResponse.BLAME_SALES,
        "cross_department_action": NO,
        "resolved": NO,
    }
    return Issue(slug, "c1", "late truck", day(ago), **{**blamed, **known})  # type: ignore[arg-type]  # checked by the noun


def assess(
    touchpoints: Iterable[Touchpoint] = (),
    commitments: Iterable[Commitment] = (),
    issues: Iterable[Issue] = (),
    designation: StrategicDesignation | None = ORDINARY,
    as_of: dt.date = TODAY,
    **more: object,
) -> EngagementVerdict:
    return engagement.assess(
        "c1",
        designation=designation,
        touchpoints=touchpoints,
        commitments=commitments,
        issues=issues,
        as_of=as_of,
        **more,  # type: ignore[arg-type]  # checked by the verb
    )


def own(**changes: object) -> EngagementPolicy:
    return policies.read({"based_on": "engagement", **changes}, EngagementPolicy)


tris = st.sampled_from(Tri)
agos = st.integers(-120, 400)
contacts = st.builds(
    Touchpoint,
    st.just("c1"),
    agos.map(day),
    channel=st.sampled_from([CommChannel.CUSTOMER, CommChannel.TEAM]),
    kind=st.none() | st.sampled_from(TouchpointKind),
    executive=tris,
    planned=tris,
    prepared=tris,
    sales_team_notified=tris,
    pre_brief=tris,
)


@st.composite
def promises(draw: st.DrawFn) -> Commitment:
    made = draw(st.integers(0, 300))
    due = draw(st.none() | st.integers(-100, made).map(day))
    kept = draw(st.none() | st.integers(-100, made).map(day))
    return Commitment(
        draw(st.sampled_from("abcde")),
        "c1",
        "a dock",
        day(made),
        due,
        feasibility_confirmed=draw(tris),
        fulfilled=draw(tris) if kept is None else YES,
        fulfilled_on=kept,
    )


issues = st.builds(
    Issue,
    st.sampled_from("abcde"),
    st.just("c1"),
    st.just("late truck"),
    st.integers(-5, 400).map(day),
    root_cause=st.none() | st.sampled_from(RootCause),
    executive_response=st.none() | st.sampled_from(ExecutiveResponse),
    cross_department_action=tris,
    resolved=tris,
)
contact_lists = st.lists(contacts, max_size=5)
promise_lists = st.lists(promises(), max_size=4, unique_by=lambda one: one.id)
issue_lists = st.lists(issues, max_size=4, unique_by=lambda one: one.id)
designations = st.none() | st.sampled_from([STRATEGIC, ORDINARY])
TRIS = (
    "executive",
    "planned",
    "prepared",
    "sales_team_notified",
    "pre_brief",
    "feasibility_confirmed",
    "fulfilled",
    "cross_department_action",
    "resolved",
)


def fill(data: st.DataObject, record: T) -> T:
    """The same record, with some of what is not known found out."""
    found: dict[str, object] = {}
    made = getattr(record, "made_on", TODAY)
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        if field.name in TRIS and value is UNKNOWN:
            found[field.name] = data.draw(tris)
        elif field.name == "due" and value is None:
            later = st.integers(0, 400).map(dt.timedelta)
            found[field.name] = made + data.draw(later)
        elif field.name == "root_cause" and value is None:
            found[field.name] = data.draw(st.sampled_from(RootCause))
        elif field.name == "executive_response" and value is None:
            found[field.name] = data.draw(st.sampled_from(ExecutiveResponse))
    return attrs.evolve(record, **found)  # type: ignore[arg-type]  # fields from a table


# ── laws ────────────────────────────────────────────────────────────────────────


@given(st.data(), contact_lists, promise_lists, issue_lists, designations)
def test_the_order_of_the_records_changes_nothing(
    data: st.DataObject,
    talks: list[Touchpoint],
    promised: list[Commitment],
    troubles: list[Issue],
    designation: StrategicDesignation | None,
) -> None:
    first = assess(talks, promised, troubles, designation)

    again = assess(
        data.draw(st.permutations(talks)),
        data.draw(st.permutations(promised)),
        data.draw(st.permutations(troubles)),
        designation,
    )

    assert again == first
    assert again.explain() == first.explain()


@given(st.data(), contact_lists, promise_lists, issue_lists, designations)
def test_whatever_is_found_out_the_answer_allowed_for_it(
    data: st.DataObject,
    talks: list[Touchpoint],
    promised: list[Commitment],
    troubles: list[Issue],
    designation: StrategicDesignation | None,
) -> None:
    before = assess(talks, promised, troubles, designation)

    after = assess(
        [fill(data, one) for one in talks],
        [fill(data, one) for one in promised],
        [fill(data, one) for one in troubles],
        designation or data.draw(designations),
    )

    assert set(after.possible) <= set(before.possible)
    assert set(before.patterns) <= set(after.patterns)
    assert set(after.patterns) <= {*before.patterns, *before.possible_patterns}
    if "brief-missing" in before.flags:
        assert "brief-missing" in after.flags
    if after.pre_brief_share is not None:
        assert before.pre_brief_share is not None
        assert after.pre_brief_share.low >= before.pre_brief_share.low
        assert after.pre_brief_share.high <= before.pre_brief_share.high


@given(contact_lists, promise_lists, issue_lists, designations)
def test_every_hit_is_proved_and_unknown_is_never_one(
    talks: list[Touchpoint],
    promised: list[Commitment],
    troubles: list[Issue],
    designation: StrategicDesignation | None,
) -> None:
    verdict = assess(talks, promised, troubles, designation)

    for one in verdict.findings:
        assert (one.fires is YES) is bool(one.faults)
        assert bool(one.perhaps) is bool(one.missing)
    assert {one.pattern for one in verdict.findings if one.fires is YES} == set(
        verdict.patterns
    )
    assert not set(verdict.patterns) & set(verdict.possible_patterns)
    assert (Engagement.HARMFUL is verdict.value) is bool(verdict.patterns)
    assert verdict.is_settled or verdict.missing


@given(contact_lists, promise_lists, issue_lists)
def test_where_nothing_is_known_nothing_is_a_hit(
    talks: list[Touchpoint], promised: list[Commitment], troubles: list[Issue]
) -> None:
    def blank(record: Touchpoint | Commitment | Issue) -> dict[str, object]:
        names = {field.name for field in attrs.fields(type(record))}
        return {name: UNKNOWN for name in TRIS if name in names}

    verdict = assess(
        [attrs.evolve(one, **blank(one)) for one in talks],  # type: ignore[arg-type]  # fields from a table
        [attrs.evolve(one, fulfilled_on=None, **blank(one)) for one in promised],  # type: ignore[arg-type]  # fields from a table
        [attrs.evolve(one, **blank(one)) for one in troubles],  # type: ignore[arg-type]  # fields from a table
        None,
    )

    assert verdict.patterns == ()
    assert verdict.actions == ()
    assert not any(one.fires is YES for one in verdict.risks)


@given(promise_lists, st.integers(0, 500))
def test_a_later_day_never_removes_a_promise_that_is_overdue(
    promised: list[Commitment], days: int
) -> None:
    undated = [attrs.evolve(one, fulfilled_on=None) for one in promised]
    before = assess(commitments=undated)

    after = assess(commitments=undated, as_of=TODAY + dt.timedelta(days=days))

    late = {one.ref for one in before.findings if one.fires is YES}
    assert late <= {one.ref for one in after.findings if one.fires is YES}


@given(contact_lists, st.data(), designations)
def test_the_style_is_recorded_and_never_judged(
    talks: list[Touchpoint],
    data: st.DataObject,
    designation: StrategicDesignation | None,
) -> None:  # S0-33
    styled = [
        attrs.evolve(one, style=data.draw(st.sampled_from(ExecutiveStyle)))
        for one in talks
    ]

    assert assess(styled, designation=designation) == assess(
        talks, designation=designation
    )


@given(contact_lists, designations)
def test_a_talk_among_ourselves_is_no_contact_with_the_customer(
    talks: list[Touchpoint], designation: StrategicDesignation | None
) -> None:
    ours = [attrs.evolve(one, channel=CommChannel.TEAM) for one in talks]

    assert assess([*talks, *ours], designation=designation) == assess(
        talks, designation=designation
    )


@given(contact_lists, promise_lists, issue_lists, designations)
def test_a_verdict_survives_pickling_and_the_wire(
    talks: list[Touchpoint],
    promised: list[Commitment],
    troubles: list[Issue],
    designation: StrategicDesignation | None,
) -> None:
    verdict = assess(talks, promised, troubles, designation)

    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
    assert wire.loads(wire.dumps(verdict), EngagementVerdict) == verdict


@given(contact_lists, promise_lists, issue_lists, designations)
def test_facts_are_what_the_verdict_rests_on(
    talks: list[Touchpoint],
    promised: list[Commitment],
    troubles: list[Issue],
    designation: StrategicDesignation | None,
) -> None:
    told = engagement.facts(
        "c1",
        designation=designation,
        touchpoints=talks,
        commitments=promised,
        issues=troubles,
        as_of=TODAY,
    )
    verdict = assess(talks, promised, troubles, designation)

    for pattern in ExecutiveAntiPattern:
        answer = told[pattern.value.replace("-", "_")]
        assert (answer is YES) is (pattern in verdict.patterns)
        assert (answer is None) is (pattern in verdict.possible_patterns)


# ── whim (S0-27) ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "row"),
    [
        ("planned", "unplanned"),
        ("prepared", "unprepared"),
        ("sales_team_notified", "unannounced"),
    ],
)
def test_each_of_three_faults_alone_is_a_whim(fault: str, row: str) -> None:  # E-1
    verdict = assess([contact(5, **{fault: NO})])

    assert verdict.patterns == (ExecutiveAntiPattern.WHIM,)
    assert verdict.findings[0].faults == (row,)


@pytest.mark.parametrize(("ago", "is_hit"), [(0, True), (180, True), (181, False)])
def test_an_old_whim_is_forgiven_after_half_a_year(ago: int, is_hit: bool) -> None:
    assert bool(assess([contact(ago, planned=NO)]).patterns) is is_hit


@pytest.mark.parametrize(("ahead", "is_risk"), [(1, True), (14, True), (15, False)])
def test_what_lies_ahead_is_a_risk_and_no_hit(ahead: int, is_risk: bool) -> None:
    verdict = assess([contact(-ahead, planned=NO, prepared=UNKNOWN)])

    assert verdict.patterns == ()
    assert ("whim-risk" in verdict.flags) is is_risk
    assert [one.faults for one in verdict.risks] == [("not-planned-yet",)] * is_risk
    assert [one.perhaps for one in verdict.risks] == [("not-prepared-yet",)] * is_risk


def test_a_contact_without_an_executive_is_nobodys_whim() -> None:
    verdict = assess([contact(5, executive=NO, planned=NO)])

    assert verdict.findings == ()


def test_whether_an_executive_was_there_is_asked() -> None:
    verdict = assess([contact(5, executive=UNKNOWN, planned=NO)])

    assert verdict.possible_patterns == (ExecutiveAntiPattern.WHIM,)
    assert [gap.fact for gap in verdict.missing] == ["executive"]
    assert verdict.possible == (Engagement.HARMFUL, Engagement.NOT_OWED)


def test_what_would_only_add_to_a_hit_is_not_asked() -> None:
    verdict = assess([contact(5, planned=NO, prepared=UNKNOWN, pre_brief=YES)])

    assert verdict.findings[0].perhaps == ("unprepared",)
    assert verdict.missing == ()


# ── over-promise (S0-28) ────────────────────────────────────────────────────────


def test_a_promise_past_its_day_of_which_nobody_knows_is_a_question() -> None:
    verdict = assess(commitments=[promise(due=day(1), feasibility_confirmed=YES)])

    assert verdict.patterns == ()
    assert verdict.possible_patterns == (ExecutiveAntiPattern.OVER_PROMISE,)
    assert [gap.fact for gap in verdict.missing] == ["commitment_fulfilled"]


def test_a_promise_without_a_day_is_a_question() -> None:
    verdict = assess(commitments=[promise(fulfilled=NO, feasibility_confirmed=YES)])

    assert verdict.possible_patterns == (ExecutiveAntiPattern.OVER_PROMISE,)
    assert [gap.fact for gap in verdict.missing] == ["commitment_past_due"]


def test_a_promise_that_was_made_later_does_not_exist_yet() -> None:
    later = promise(ago=-1, fulfilled=NO, feasibility_confirmed=NO)

    verdict = assess(commitments=[later])

    assert verdict.findings == verdict.risks == ()


def test_when_it_was_kept_decides_whether_it_was_late() -> None:
    def late(kept: dt.date | None, due: dt.date | None) -> object:
        one = promise(due=due, fulfilled=YES, fulfilled_on=kept)
        return engagement.commitment_facts(one, as_of=TODAY)["commitment_kept_late"]

    assert late(day(5), day(5)) is NO
    assert late(day(4), day(5)) is YES
    assert late(None, day(5)) is None
    assert late(day(4), None) is None


# ── blame (S0-29) ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ago", "resolved", "patterns"),
    [
        (180, YES, 1),
        (181, YES, 0),
        (181, NO, 1),
        (181, UNKNOWN, 0),
        (0, UNKNOWN, 1),
    ],
)
def test_blame_is_forgiven_once_the_issue_is_old_and_resolved(
    ago: int, resolved: Tri, patterns: int
) -> None:
    verdict = assess(issues=[issue(ago=ago, resolved=resolved)])

    assert len(verdict.patterns) == patterns


@pytest.mark.parametrize(
    "other",
    [
        {"root_cause": RootCause.PRODUCT},
        {"executive_response": ExecutiveResponse.COORDINATE},
        {"cross_department_action": YES},
    ],
)
def test_any_of_three_answers_clears_the_executive(
    other: dict[str, object],
) -> None:  # E-4
    assert assess(issues=[issue("i1", 10, **other)]).findings == ()


def test_an_issue_resolved_later_is_still_open() -> None:
    told = engagement.issue_facts(issue(resolved=YES, resolved_on=day(-1)), as_of=TODAY)

    assert told["issue_resolved"] is NO
    assert told["issue_days"] == 10


def test_an_issue_that_is_opened_later_does_not_exist_yet() -> None:
    assert assess(issues=[issue(ago=-1)]).findings == ()


# ── hands off, and the rhythm (S0-30, S0-35) ────────────────────────────────────


def test_only_a_strategic_customer_can_be_left_to_others() -> None:
    assert assess(designation=STRATEGIC).patterns == (ExecutiveAntiPattern.HANDS_OFF,)
    assert assess(designation=StrategicDesignation.KEY_ACCOUNT).patterns == ()


@pytest.mark.parametrize("ago", [30, -30])
def test_a_contact_that_an_executive_may_have_had_leaves_it_open(ago: int) -> None:
    verdict = assess([contact(ago, executive=UNKNOWN)], designation=STRATEGIC)

    assert ExecutiveAntiPattern.HANDS_OFF in verdict.possible_patterns
    asked = {gap.fact for gap in verdict.missing}
    assert asked & {"executive_lately", "executive_scheduled"}


def test_the_boundary_days_are_the_policys() -> None:
    policy = own(numbers={"silence_days": 30, "ahead_days": 10})

    for ago, is_hit in ((30, False), (31, True), (-10, False), (-11, True)):
        found = assess([contact(ago)], designation=STRATEGIC, policy=policy)
        assert bool(found.patterns) is is_hit


def rhythm(*agos: int, since: dt.date | None = None, **known: object) -> object:
    verdict = assess(
        [contact(ago, **known) for ago in agos], designation=STRATEGIC, since=since
    )
    return verdict.value


def test_every_quarter_counts_to_the_day() -> None:  # S0-35
    assert rhythm(0, 91, 182, 273) is Engagement.HEALTHY
    assert rhythm(90, 181, 272, 363) is Engagement.HEALTHY
    assert rhythm(0, 90, 182, 273) is Engagement.RARE
    assert rhythm(0, 91, 182, 364) is Engagement.RARE
    assert rhythm(0, 1, 2, 3, 4) is Engagement.RARE


def test_no_quarter_is_asked_for_that_began_before_the_customer_did() -> None:
    assert rhythm(0, 91, since=day(181)) is Engagement.HEALTHY
    assert rhythm(0, since=day(181)) is Engagement.RARE
    assert rhythm(0, since=day(180)) is Engagement.HEALTHY
    assert rhythm(0, since=TODAY) is Engagement.HEALTHY
    assert rhythm(-1, since=TODAY) is Engagement.RARE


def test_a_quarter_that_may_have_been_empty_is_asked_for() -> None:
    talks = [contact(0), contact(91), contact(182), contact(273, executive=UNKNOWN)]

    verdict = assess(talks, designation=STRATEGIC)

    assert verdict.possible == (Engagement.RARE, Engagement.HEALTHY)
    assert [gap.fact for gap in verdict.missing] == ["executive_each_quarter"]


def test_whether_it_is_strategic_decides_whether_it_is_seen_too_seldom() -> None:
    verdict = assess([contact(1)], designation=None)

    assert verdict.possible == (Engagement.RARE, Engagement.NOT_OWED)
    assert [gap.fact for gap in verdict.missing] == ["strategic"]


# ── the briefing (S0-32) ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("briefs", "share"),
    [
        ([], None),
        ([YES], Interval(1, 1)),
        ([NO], Interval(0, 0)),
        ([YES, NO], Interval(0.5, 0.5)),
        ([YES, UNKNOWN], Interval(0.5, 1)),
        ([NO, UNKNOWN], Interval(0, 0.5)),
        ([UNKNOWN], Interval(0, 1)),
    ],
)
def test_the_share_of_contacts_that_were_talked_through(
    briefs: list[Tri], share: Interval | None
) -> None:
    verdict = assess([contact(5, pre_brief=brief) for brief in briefs])

    assert verdict.pre_brief_share == share
    assert ("brief-missing" in verdict.flags) is (share is not None and share.high < 1)
    assert ("pre_brief" in {gap.fact for gap in verdict.missing}) is (UNKNOWN in briefs)


def test_a_contact_that_may_have_been_planned_widens_the_share() -> None:
    held = contact(5, planned=UNKNOWN, pre_brief=YES)
    missed = contact(5, planned=UNKNOWN, pre_brief=NO)

    assert assess([held]).pre_brief_share == Interval(1, 1)
    assert assess([missed]).pre_brief_share == Interval(0, 1)
    assert assess([held, missed]).pre_brief_share == Interval(0, 1)


@pytest.mark.parametrize("unknown", ["executive", "planned"])
def test_a_briefing_is_missing_only_where_one_was_surely_due(unknown: str) -> None:
    may_count = contact(5, pre_brief=NO, **{unknown: UNKNOWN})

    assert "brief-missing" not in assess([may_count]).flags
    assert "brief-missing" in assess([may_count, contact(6, pre_brief=NO)]).flags


def test_of_the_briefing_only_what_is_not_known_is_asked() -> None:
    missed = contact(5, executive=UNKNOWN, pre_brief=NO)

    verdict = assess([missed, contact(6)])

    assert [gap.fact for gap in verdict.missing] == ["executive"]


def test_what_cannot_change_the_briefing_is_not_asked() -> None:
    verdict = assess([contact(5, executive=UNKNOWN), contact(6)])

    assert verdict.pre_brief_share == Interval(1, 1)
    assert verdict.missing == ()


@pytest.mark.parametrize("ago", [-1, 181])
def test_only_contacts_that_were_lately_count_as_talked_through(ago: int) -> None:
    assert assess([contact(ago, pre_brief=NO)]).pre_brief_share is None


# ── words, and what else ────────────────────────────────────────────────────────


def all_four() -> EngagementVerdict:
    return assess(
        [contact(120, planned=NO, executive=YES)],
        [promise(due=day(1), fulfilled=NO)],
        [issue()],
        STRATEGIC,
    )


def test_all_four_slaps_are_named_in_chinese() -> None:
    verdict = all_four()

    text = "\n".join(verdict.explain("zh-Hans"))

    assert len(verdict.patterns) == 4
    assert all(slap in text for slap in FOUR_SLAPS)
    assert "拍腦門" in "\n".join(verdict.explain("zh-Hant"))


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_what_to_do_instead_is_said_of_each_pattern(locale: str) -> None:
    verdict = all_four()

    steps = verdict.next_steps(locale)

    assert len(steps) == len(verdict.actions) == 8
    assert not set(steps) & set(verdict.actions)
    assert set(steps) <= {line.strip() for line in verdict.explain(locale)}


def mixed() -> EngagementVerdict:
    return assess(
        [
            contact(5, executive=UNKNOWN, planned=NO),
            contact(6, planned=UNKNOWN),
            contact(-5, prepared=UNKNOWN),
        ],
        [promise(due=day(1)), promise("k2", fulfilled=NO, feasibility_confirmed=NO)],
        [issue(cross_department_action=UNKNOWN)],
        None,
    )


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_every_reason_is_said_in_words(locale: str) -> None:
    hands = assess([contact(200, executive=UNKNOWN), contact(150)], designation=None)
    never = assess(designation=None)
    brief = assess([contact(5, pre_brief=UNKNOWN)])

    for verdict in (all_four(), mixed(), hands, never, brief):
        for line in verdict.explain(locale):
            assert "=" not in line
            assert "?" not in line or locale == "en"


def test_contacts_of_which_too_little_is_known_are_told_together() -> None:
    lines = mixed().explain()

    assert sum("too little is known" in line for line in lines) == 2
    assert any("(2, the latest on 2025-12-26)" in line for line in lines)


def test_a_finding_says_in_which_record_it_is() -> None:
    found = {one.source: one.ref for one in all_four().findings}

    assert found == {
        Source.TOUCHPOINT: None,
        Source.COMMITMENT: "k1",
        Source.ISSUE: "i1",
        Source.CUSTOMER: None,
    }


def test_a_verdict_shows_what_it_found() -> None:
    assert "harmful · whim,over-promise,blame,hands-off" in repr(all_four())
    assert "perhaps" in repr(assess([contact(5, planned=UNKNOWN)]))


@pytest.mark.parametrize("answer", Tri)
def test_a_single_thread_raises_a_flag_and_no_more(answer: Tri) -> None:  # S0-20e
    verdict = assess(single_threaded=answer)

    assert verdict.flags == ("single-threaded-our-side",) * (answer is YES)
    assert attrs.evolve(verdict, flags=()) == assess()


def test_the_last_contact_and_the_next_are_those_of_executives() -> None:
    talks = [
        contact(0),
        contact(3),
        contact(-4),
        contact(-9),
        contact(-1, executive=NO),
        contact(-2, executive=UNKNOWN),
    ]

    verdict = assess(talks)

    assert (verdict.last_contact, verdict.next_contact) == (TODAY, day(-4))


def test_a_contact_of_which_too_little_is_known_may_have_been_the_last() -> None:
    perhaps = contact(200, executive=UNKNOWN)

    never = "\n".join(assess([perhaps], designation=STRATEGIC).explain())
    later = "\n".join(assess([contact(300), perhaps], designation=STRATEGIC).explain())

    assert "no executive contact on record" in never
    assert "ever" not in never
    assert "last executive contact on record: 2025-03-06" in later


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_where_executives_come_too_seldom_the_rhythm_is_what_to_do(locale: str) -> None:
    verdict = assess([contact(5)], designation=STRATEGIC)

    assert verdict.value is Engagement.RARE
    assert verdict.actions == ("set-rhythm", "own-style")  # S0-31, S0-33
    assert set(verdict.next_steps(locale)) <= {
        line.strip() for line in verdict.explain(locale)
    }


def test_an_answer_of_ones_own_asks_for_what_it_hangs_on() -> None:
    policy = own(
        answer_rows=[
            {
                "id": "too-seldom",
                "when": "strategic and not executive_lately",
                "then": "rare",
            }
        ]
    )
    talks = [contact(1, executive=UNKNOWN), contact(-5)]

    verdict = assess(talks, designation=STRATEGIC, policy=policy)

    assert not verdict.is_settled
    assert [gap.fact for gap in verdict.missing] == ["executive_lately"]


def test_a_long_look_back_ends_with_the_first_empty_quarter() -> None:
    policy = own(numbers={"quarters": 10**12})

    assert assess(designation=STRATEGIC, policy=policy).value is Engagement.HARMFUL


def test_a_row_of_ones_own_may_ask_for_the_kind_of_contact() -> None:
    policy = own(
        touchpoint_rows=[
            {
                "id": "by-message",
                "when": 'happened and executive and touchpoint_kind == "message"',
                "then": "hands-off",
            }
        ]
    )
    by_message = [contact(1, kind=TouchpointKind.MESSAGE)]

    verdict = assess(by_message, policy=policy)

    assert verdict.patterns == (ExecutiveAntiPattern.HANDS_OFF,)
    assert assess(by_message).patterns == ()


# ── what is refused ─────────────────────────────────────────────────────────────


def test_records_of_another_customer_are_refused_all_at_once() -> None:
    found = refused(
        engagement.assess,
        "c2",
        designation=None,
        touchpoints=[contact(1)],
        commitments=[promise(), promise()],
        issues=[issue()],
        as_of=TODAY,
    )

    assert found == (
        ("$.touchpoints[0].customer_id", "contradiction"),
        ("$.commitments[0].customer_id", "contradiction"),
        ("$.commitments[1].customer_id", "contradiction"),
        ("$.issues[0].customer_id", "contradiction"),
        ("$.commitments[1].id", "duplicate"),
    )


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"as_of": dt.datetime(2025, 1, 1, tzinfo=dt.UTC)}, "$.as_of"),
        ({"since": "2025-01-01"}, "$.since"),
        ({"designation": "strategic"}, "$.designation"),
        ({"touchpoints": 5}, "$.touchpoints"),
        ({"touchpoints": ["call"]}, "$.touchpoints[0]"),
        ({"commitments": [None]}, "$.commitments[0]"),
        ({"issues": [None]}, "$.issues[0]"),
        ({"single_threaded": True}, "$.single_threaded"),
        ({"policy": "mine"}, "$.policy"),
    ],
)
def test_what_is_not_of_its_kind_is_refused(
    given: dict[str, object], path: str
) -> None:
    sound: dict[str, object] = {
        "designation": None,
        "touchpoints": (),
        "as_of": TODAY,
    }

    assert [
        found for found, _ in refused(engagement.assess, "c1", **{**sound, **given})
    ] == [path]


def test_an_id_may_be_spelled_in_two_ways() -> None:
    cafe = Touchpoint("caf\u00e9", TODAY, executive=YES)

    verdict = engagement.assess(
        "cafe\u0301", designation=None, touchpoints=[cafe], as_of=TODAY
    )

    assert verdict.customer_id == cafe.customer_id


@pytest.mark.parametrize(
    ("customer_id", "code"), [(5, "wrong-type"), ("", "empty"), (" ", "empty")]
)
def test_a_customer_has_an_id(customer_id: object, code: str) -> None:
    found = refused(
        engagement.assess, customer_id, designation=None, touchpoints=(), as_of=TODAY
    )

    assert found == (("$.customer_id", code),)
