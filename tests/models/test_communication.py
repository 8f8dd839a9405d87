"""Does anybody talk to them: laws that hold for any contacts of a customer."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
from collections.abc import Iterator

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount import policies, wire
from keyaccount.domain import CommChannel, CommPurpose, Touchpoint, ValueTier
from keyaccount.models import communication
from keyaccount.models.communication import (
    CommunicationState,
    CommunicationVerdict,
    Talk,
    TalkState,
)
from keyaccount.tri import Tri
from tests.models.communication_contacts import TODAY, ago, contact, contacts, near_days
from tests.refusals import refused


LISTS = st.lists(contacts(), max_size=8)
TIERS = st.none() | st.sampled_from(ValueTier)
SINCE = st.none() | near_days.map(ago)
LATER = st.integers(0, 200)
SCALE = (Tri.NO, Tri.UNKNOWN, Tri.YES)


def judged(
    touchpoints: list[Touchpoint],
    *,
    as_of: dt.date = TODAY,
    tier: ValueTier | None = None,
    since: dt.date | None = None,
) -> CommunicationVerdict:
    return communication.gaps("c1", touchpoints, as_of=as_of, tier=tier, since=since)


def fillings(touchpoints: list[Touchpoint]) -> Iterator[list[Touchpoint]]:
    """Yield every way to say what the contacts were for of which nobody has said it."""
    ways = [
        [
            attrs.evolve(one, purpose=purpose)
            for purpose in CommPurpose
            if one.purpose in {None, purpose} and purpose.channel is one.channel
        ]
        for one in touchpoints
    ]
    yield from (list(way) for way in itertools.product(*ways))


# ── laws ────────────────────────────────────────────────────────────────────────


@given(LISTS, TIERS, SINCE, LATER)
def test_a_later_day_never_removes_an_overdue_talk(
    touchpoints: list[Touchpoint],
    tier: ValueTier | None,
    since: dt.date | None,
    days: int,
) -> None:
    happened = [one for one in touchpoints if one.on <= TODAY]
    later = TODAY + dt.timedelta(days)

    now = judged(happened, tier=tier, since=since)
    then = judged(happened, as_of=later, tier=tier, since=since)

    assert set(now.gaps) <= set(then.gaps)
    for before, after in zip(now.talks, then.talks, strict=True):
        assert SCALE.index(before.is_overdue) <= SCALE.index(after.is_overdue)
        assert before.due_on == after.due_on or before.anchor is None
        assert before.days_late <= after.days_late
    assert max(now.possible, key=_rank).rank <= max(then.possible, key=_rank).rank


def _rank(state: CommunicationState) -> int:
    return state.rank


@given(LISTS, TIERS, SINCE, LATER)
def test_the_next_talks_are_all_six_whatever_the_day(
    touchpoints: list[Touchpoint],
    tier: ValueTier | None,
    since: dt.date | None,
    days: int,
) -> None:
    later = TODAY + dt.timedelta(days)

    due = communication.next_due("c1", touchpoints, as_of=later, tier=tier, since=since)

    assert sorted(talk.purpose.value for talk in due) == sorted(
        purpose.value for purpose in CommPurpose
    )
    assert [talk.due_on for talk in due] == sorted(talk.due_on for talk in due)
    verdict = judged(touchpoints, as_of=later, tier=tier, since=since)
    assert set(due) == set(verdict.talks)


@given(LISTS, TIERS, st.none() | st.just(ago(120)), contacts())
def test_one_more_contact_never_adds_a_gap(
    touchpoints: list[Touchpoint],
    tier: ValueTier | None,
    since: dt.date | None,
    more: Touchpoint,
) -> None:
    without = judged(touchpoints, tier=tier, since=since)

    told = judged([*touchpoints, more], tier=tier, since=since)

    assert set(told.gaps) <= set(without.gaps)
    for before, after in zip(without.talks, told.talks, strict=True):
        assert SCALE.index(after.is_overdue) <= SCALE.index(before.is_overdue)


@given(st.data(), LISTS, TIERS, SINCE)
def test_the_order_of_the_contacts_changes_nothing(
    data: st.DataObject,
    touchpoints: list[Touchpoint],
    tier: ValueTier | None,
    since: dt.date | None,
) -> None:
    mixed = data.draw(st.permutations(touchpoints))

    one, other = (judged(way, tier=tier, since=since) for way in (touchpoints, mixed))

    assert one == other
    assert one.why == other.why


@given(st.lists(contacts(), max_size=6), TIERS, SINCE)
def test_what_is_possible_is_just_what_some_answer_leads_to(
    touchpoints: list[Touchpoint], tier: ValueTier | None, since: dt.date | None
) -> None:
    open_one = judged(touchpoints, tier=tier, since=since)

    told = [judged(filled, tier=tier, since=since) for filled in fillings(touchpoints)]

    assert {one.value for one in told} == set(open_one.possible)
    for place, talk in enumerate(open_one.talks):
        assert {one.talks[place].state for one in told} == set(talk.possible)
    assert set(open_one.gaps) == set.intersection(*(set(one.gaps) for one in told))
    assert all(not one.missing and not one.maybe_gaps for one in told)
    ways = {one.in_time for one in told}
    assert open_one.in_time is (ways.pop() if len(ways) == 1 else Tri.UNKNOWN)


@given(LISTS, TIERS, SINCE)
def test_an_unsaid_purpose_is_never_a_gap_closed(
    touchpoints: list[Touchpoint], tier: ValueTier | None, since: dt.date | None
) -> None:
    said = [one for one in touchpoints if one.purpose is not None]
    surely = judged(said, tier=tier, since=since)

    verdict = judged(touchpoints, tier=tier, since=since)

    for sure, talk in zip(surely.talks, verdict.talks, strict=True):
        assert (talk.last, talk.due_on) == (sure.last, sure.due_on)
        if sure.is_overdue is Tri.YES:
            assert talk.is_overdue is not Tri.NO
    asked = {gap.fact for gap in verdict.missing}
    assert bool(asked) is bool(verdict.maybe_gaps)
    assert ("purpose-unsaid" in verdict.flags) is bool(asked)


@given(LISTS, TIERS, SINCE)
def test_a_verdict_survives_the_wire_and_a_process_pool(
    touchpoints: list[Touchpoint], tier: ValueTier | None, since: dt.date | None
) -> None:
    verdict = judged(touchpoints, tier=tier, since=since)

    back = wire.loads(wire.dumps(verdict), CommunicationVerdict)

    assert back == verdict
    assert back.why == verdict.why
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
    for talk in verdict.talks:
        assert wire.structure(wire.unstructure(talk), Talk) == talk


@given(LISTS, TIERS, SINCE, st.sampled_from(("en", "zh-Hans", "zh-Hant")))
def test_every_answer_can_be_said(
    touchpoints: list[Touchpoint],
    tier: ValueTier | None,
    since: dt.date | None,
    locale: str,
) -> None:
    verdict = judged(touchpoints, tier=tier, since=since)

    said = [*verdict.explain(locale), *verdict.talks[0].explain(locale)]

    assert not [line for line in said if "?" in line.replace("？", "")[:-1]]
    assert len(repr(verdict)) <= 120


@given(LISTS, TIERS, SINCE)
def test_the_facts_are_counted_or_unknown(
    touchpoints: list[Touchpoint], tier: ValueTier | None, since: dt.date | None
) -> None:
    facts = communication.facts("c1", touchpoints, as_of=TODAY, tier=tier, since=since)
    verdict = judged(touchpoints, tier=tier, since=since)

    assert facts.schema is communication.FACTS
    total = facts["talks_overdue"]
    assert total is None or (
        len(verdict.gaps)
        <= float(str(total))
        <= len(verdict.gaps) + len(verdict.maybe_gaps)
    )
    if verdict.in_time is Tri.YES:
        assert set(facts.values()) == {0.0}


# ── examples ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("purpose", CommPurpose)
@pytest.mark.parametrize("tier", [None, *ValueTier])
def test_exactly_on_the_day_is_due_and_a_day_later_is_a_gap(
    purpose: CommPurpose, tier: ValueTier | None
) -> None:  # S2-15, S2-16, S2-17
    cadence = communication.default_policy().cadence(purpose, tier)

    on_the_day = judged([contact(cadence, purpose)], tier=tier).talk(purpose)
    after = judged([contact(cadence + 1, purpose)], tier=tier).talk(purpose)

    assert (on_the_day.state, on_the_day.due_on) == (TalkState.DUE, TODAY)
    assert (on_the_day.days_late, on_the_day.is_overdue) == (0, Tri.NO)
    assert (after.state, after.due_on) == (TalkState.GAP, ago(1))
    assert (after.days_late, after.is_overdue) == (1, Tri.YES)
    assert after.days_since == cadence + 1


def test_the_default_cadences_are_those_of_the_source() -> None:  # S2-15
    policy = communication.default_policy()

    assert [policy.cadence(purpose) for purpose in CommPurpose] == [14, 30, 7, 7, 14, 7]
    unclassified = ValueTier.UNCLASSIFIED
    assert [policy.cadence(one, unclassified) for one in CommPurpose] == [
        policy.cadence(one) for one in CommPurpose
    ]


@pytest.mark.parametrize("purpose", CommPurpose)
def test_a_better_rung_is_never_talked_to_less_often(purpose: CommPurpose) -> None:
    policy = communication.default_policy()

    days = [policy.cadence(purpose, tier) for tier in ValueTier if tier.is_rung]

    assert days == sorted(days)


def test_a_talk_today_counts_as_held() -> None:
    talk = judged([contact(0, CommPurpose.TRUST)]).talk(CommPurpose.TRUST)

    assert (talk.state, talk.last, talk.days_since) == (TalkState.FINE, TODAY, 0)
    assert talk.channel is CommChannel.CUSTOMER


def test_a_contact_before_the_beginning_shows_that_the_relation_is_older() -> None:
    talk = communication.gaps(
        "c1", [contact(40, CommPurpose.TRUST)], as_of=TODAY, since=ago(5)
    ).talk(CommPurpose.TRUST)

    assert (talk.state, talk.anchor) == (TalkState.GAP, ago(40))


def test_what_has_no_anchor_is_due_on_the_day_and_says_so() -> None:
    first, *_ = communication.next_due("c1", [], as_of=TODAY)

    assert (first.due_on, first.anchor, first.days_since) == (TODAY, None, None)
    assert (first.state, first.days_late) == (TalkState.NEVER, 0)
    wanted, how = first.explain()
    assert wanted == (
        "talk with the customer: build trust; "
        "there was none yet, as far as anybody has told"
    )
    assert how == (
        "  build trust: never, as far as anybody has told; "
        "days between two talks: at most 14"
    )


def test_the_last_day_there_is_does_not_break_the_calendar() -> None:
    end = dt.date.max
    touchpoints = [Touchpoint("c1", dt.date(2200, 12, 31), purpose=CommPurpose.TRUST)]

    verdict = judged(touchpoints, as_of=end, since=end)

    assert verdict.talk(CommPurpose.TRUST).state is TalkState.GAP
    assert verdict.talk(CommPurpose.FEEDBACK).due_on == end


def test_old_contacts_for_nobody_knows_what_leave_a_talk_surely_missing() -> None:
    verdict = judged([contact(100), contact(90)])

    trust = verdict.talk(CommPurpose.TRUST)
    assert trust.possible == (TalkState.NEVER, TalkState.GAP)
    assert (trust.state, trust.is_overdue) == (TalkState.NEVER, Tri.YES)
    assert trust.unsaid == ago(90)
    assert verdict.value is CommunicationState.NEGLECTED
    assert verdict.missing == ()


def test_after_a_contact_for_nobody_knows_what_no_talk_is_called_the_first() -> None:
    met = judged([contact(213)]).talk(CommPurpose.TRUST)
    never_met = judged([]).talk(CommPurpose.TRUST)

    assert met.what.code == "talk-wanted"
    assert never_met.what.code == "talk-wanted-first"


def test_one_contact_for_nobody_knows_what_cannot_have_been_both_talks() -> None:
    others = [
        contact(1, purpose)
        for purpose in CommPurpose
        if purpose.channel is not CommChannel.CUSTOMER
    ]

    verdict = judged([contact(1), *others])

    assert verdict.gaps == ()
    assert verdict.maybe_gaps == (CommPurpose.TRUST, CommPurpose.FEEDBACK)
    assert verdict.value is CommunicationState.PATCHY
    assert verdict.in_time is Tri.NO  # whichever it was, the other is missing


def test_the_question_that_settles_most_stands_first() -> None:
    good = [contact(1, purpose) for purpose in CommPurpose]
    open_ones = [contact(40, channel=channel) for channel in CommChannel]
    kept = [
        one
        for one in good
        if one.purpose not in {CommPurpose.TRUST, CommPurpose.RESOURCE}
    ]
    recent = [contact(1), contact(2), contact(1, channel=CommChannel.CROSS_DEPT)]

    verdict = judged([*kept, *open_ones, *recent])

    assert verdict.possible == (CommunicationState.PATCHY, CommunicationState.IN_TOUCH)
    assert [gap.fact for gap in verdict.missing] == [
        "customer_purpose",
        "cross_dept_purpose",
    ]


def test_where_every_open_talk_may_have_been_held_nobody_knows() -> None:
    since = ago(7)
    old = [contact(40, CommPurpose.TRUST), contact(3)]

    verdict = judged(old, since=since)

    assert verdict.possible == (CommunicationState.PATCHY, CommunicationState.IN_TOUCH)
    assert verdict.maybe_gaps == (CommPurpose.TRUST,)
    assert verdict.in_time is Tri.UNKNOWN
    assert judged([], since=since).in_time is Tri.YES


def test_a_later_channel_that_settles_more_is_asked_about_first() -> None:
    strict = {"id": "two", "when": "talks_overdue >= 2", "then": "neglected"}
    policy = policies.read(
        {
            "based_on": "communication",
            "state_rows": [{**strict, "before": "customer-silent"}],
        },
        communication.CommunicationPolicy,
    )
    team = [contact(1, one) for one in CommPurpose if one.channel is CommChannel.TEAM]
    across = [
        contact(1, CommPurpose.RESOURCE),
        contact(40, CommPurpose.PROBLEM),
        contact(1, channel=CommChannel.CROSS_DEPT),
    ]

    verdict = communication.gaps(  # of the customer's two talks one is surely missing
        "c1", [contact(1), *team, *across], as_of=TODAY, policy=policy
    )

    assert [gap.fact for gap in verdict.missing] == [
        "cross_dept_purpose",
        "customer_purpose",
    ]


@pytest.mark.parametrize(
    "late, is_island",
    [(CommPurpose.INFO_SHARING, True), (CommPurpose.COLLABORATION, False)],
)
def test_only_what_is_not_shared_makes_an_island(
    late: CommPurpose, is_island: bool
) -> None:  # S2-16
    others = [contact(1, one) for one in CommPurpose if one is not late]

    verdict = judged([*others, contact(40, late)])

    assert verdict.gaps == (late,)
    assert ("information-island" in verdict.flags) is is_island


def test_a_talk_scheduled_for_nobody_knows_what_is_scheduled_all_the_same() -> None:
    late = contact(40, CommPurpose.TRUST)

    assert "nothing-scheduled" in judged([late]).flags
    assert "nothing-scheduled" not in judged([late, contact(-1)]).flags


def test_the_last_contact_is_the_customers_up_to_the_day() -> None:
    team = contact(0, CommPurpose.COLLABORATION)

    assert judged([contact(3), team]).last_contact == ago(3)
    assert judged([contact(0), contact(-1)]).last_contact == TODAY
    assert "no-customer-contact" in judged([contact(-1), team]).flags


def test_what_was_counted_from_a_beginning_and_never_held_says_so() -> None:
    due, late, soon = (
        judged([], since=ago(days)).talk(CommPurpose.TRUST) for days in (14, 15, 13)
    )

    assert [one.state for one in (soon, due, late)] == [
        TalkState.FINE,
        TalkState.DUE,
        TalkState.NEVER,
    ]
    assert [one.days_late for one in (soon, due, late)] == [0, 0, 1]
    assert late.explain()[1] == (
        f"  build trust: never, and overdue; counted from {ago(15)}, days allowed: 14"
    )


def test_only_an_unsaid_contact_that_may_decide_is_spoken_of() -> None:
    said = contact(3, CommPurpose.TRUST)

    same_day = judged([said, contact(3)]).talk(CommPurpose.TRUST)
    decides = judged([contact(40, CommPurpose.TRUST), contact(3)]).talk(
        CommPurpose.TRUST
    )

    in_time = judged([said, contact(1)]).talk(CommPurpose.TRUST)

    assert (same_day.unsaid, decides.unsaid) == (None, ago(3))
    assert (in_time.unsaid, in_time.possible) == (ago(1), (TalkState.FINE,))
    assert not any("nobody has said" in line for line in in_time.explain())
    unsaid = f"    nobody has said what the contact on {ago(3)} was for"
    assert unsaid in decides.explain()
    assert unsaid not in same_day.explain()


def test_a_house_may_call_its_talks_otherwise() -> None:
    own = {"en": {"comm-purpose.trust": "coffee"}}

    said = judged([contact(1)]).talk(CommPurpose.TRUST).explain(own=own)

    assert said[0] == (
        f"talk with the customer: coffee; or say what the contact on {ago(1)} was for"
    )


def test_a_scheduled_contact_is_shown_and_closes_nothing() -> None:
    purpose = CommPurpose.FEEDBACK
    planned = [contact(-9, purpose), contact(-2, purpose), contact(40, purpose)]

    verdict = judged(planned)

    talk = verdict.talk(purpose)
    assert (talk.state, talk.scheduled) == (TalkState.GAP, ago(-2))
    assert "nothing-scheduled" not in verdict.flags
    assert verdict.last_contact == ago(40)
    assert f"    the next one is scheduled for {ago(-2)}" in [
        line[2:] for line in verdict.explain()
    ]


def test_one_way_of_writing_an_id_is_as_good_as_another() -> None:
    composed, spelt = "Caf\u00e9", "Cafe\u0301"
    touchpoints = [Touchpoint(composed, TODAY)]

    verdict = communication.gaps(spelt, touchpoints, as_of=TODAY)

    assert verdict.customer_id == composed
    assert {talk.customer_id for talk in verdict.talks} == {composed}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refused(
        communication.gaps,
        "c1",
        [Touchpoint("c2", TODAY), "call", Touchpoint("c1", TODAY)],
        as_of=dt.datetime(2025, 12, 31, tzinfo=dt.UTC),
        since="yesterday",
        tier="diamond",
    ) == (
        ("$.as_of", "wrong-type"),
        ("$.since", "wrong-type"),
        ("$.tier", "wrong-type"),
        ("$.touchpoints[0].customer_id", "contradiction"),
        ("$.touchpoints[1]", "wrong-type"),
    )
    assert refused(communication.gaps, "", [], as_of=TODAY) == (
        ("$.customer_id", "empty"),
    )
    assert refused(communication.next_due, 7, [], as_of=TODAY) == (
        ("$.customer_id", "wrong-type"),
    )


def test_a_contact_for_the_purpose_of_another_channel_is_refused() -> None:  # S2-16
    assert refused(Touchpoint, "c1", TODAY, CommChannel.TEAM, CommPurpose.RESOURCE) == (
        ("$.purpose", "contradiction"),
    )


def test_the_model_stands_at_the_front_door() -> None:
    assert ka.communication is communication
