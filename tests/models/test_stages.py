"""May the deal move on? The seed's rules, the laws of a decision, and its answers."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import pytest

from keyaccount.domain import EventKind, LossReason, Opportunity, Outcome, Stage
from keyaccount.exceptions import (
    UnknownNameError,
)
from keyaccount.models import stages
from keyaccount.models.stages import Deal
from tests.models.stage_deals import (
    AT,
    DAY,
    FULL,
    SHIPPED,
    after,
    closed,
    codes,
    complete,
    event,
    moved,
    opened,
    paused,
    ruled,
)
from tests.refusals import refused


ADVANCE = event(EventKind.ADVANCE)


# S2-14, and DOMAIN 5: ST-1, ST-2.


def test_a_stage_is_not_skipped_and_every_exit_on_the_way_is_listed() -> None:
    """ST-1."""
    skip = event(EventKind.ADVANCE, to=Stage.SOLUTION_DESIGN)

    ruling = stages.decide(opened(), skip, {"source_recorded": True})

    assert codes(ruling) == (
        "skip",
        "is-real",
        "needs-documented",
        "expert-contacted",
        "can-compete",
    )


def test_a_step_back_needs_a_reason() -> None:
    """ST-2."""
    deal = opened(stage="solution-design")
    back = event(EventKind.BACK, to=Stage.NEED_CONFIRMATION)

    assert codes(stages.decide(deal, back)) == ("reason",)
    assert moved(deal, attrs.evolve(back, reason="new needs")).stage == (
        "need-confirmation"
    )


def test_a_deal_goes_all_the_way_and_is_won() -> None:
    deal = opened()
    for days in range(1, 5):
        deal = moved(deal, event(EventKind.ADVANCE, days), FULL)
    deal = moved(deal, event(EventKind.WIN, 5), FULL)

    assert deal.outcome is Outcome.WON
    assert deal.stage == "contract-signing"
    assert deal.version == len(deal.history) == 6
    assert [one.stage for one in deal.path] == [stage.value for stage in Stage]


def test_an_override_is_kept_with_its_reason_and_its_approver() -> None:
    wave = event(EventKind.ADVANCE, approver="director", reason="the board knows them")

    record = moved(opened(), wave, {"source_recorded": True}).last

    assert record.overridden == ("is-real",)
    assert (record.event.approver, record.event.at) == ("director", after(1))


def test_an_approver_whom_nobody_needs_overrides_nothing() -> None:
    wave = event(EventKind.ADVANCE, approver="director")

    assert moved(opened(), wave, FULL).last.overridden == ()


def test_no_decision_is_not_a_competitors_win() -> None:
    deal = opened()
    silent = event(EventKind.LOSE, loss_reason=LossReason.NO_DECISION)
    beaten = event(
        EventKind.LOSE, loss_reason=LossReason.COMPETITOR, competitor="Rival"
    )

    assert moved(deal, silent).loss_reason is LossReason.NO_DECISION
    assert moved(deal, beaten).last.event.competitor == "Rival"
    assert "Rival" in "\n".join(stages.decide(deal, beaten).explain())
    assert codes(stages.decide(deal, event(EventKind.LOSE))) == ("loss-reason",)


def test_a_reason_for_a_loss_goes_when_the_deal_is_open_again() -> None:
    lost = closed(EventKind.LOSE)
    again = moved(lost, complete(EventKind.REOPEN, 2))

    assert lost.latest.loss_reason is LossReason.NO_DECISION
    assert again.loss_reason is again.latest.loss_reason is None
    assert again.is_open
    assert again.last.entered_at == after(2)


@pytest.mark.parametrize("kind", [EventKind.WIN, EventKind.LOSE, EventKind.ABANDON])
def test_what_has_ended_is_reopened_where_it_was_or_further_back(
    kind: EventKind,
) -> None:
    deal = closed(kind, stage="contract-signing")

    for target in SHIPPED.machine.stations:
        what = complete(EventKind.REOPEN, 2, to=target.id)
        assert moved(deal, what).stage == target.id
    assert codes(stages.decide(deal, event(EventKind.REOPEN, 2))) == ("reason",)


def test_what_has_ended_is_not_reopened_further_on() -> None:
    deal = closed(EventKind.LOSE, stage="need-confirmation")
    further = complete(EventKind.REOPEN, 2, to="solution-design")

    assert codes(stages.decide(deal, further)) == ("no-way-back",)


def test_a_deal_on_hold_is_not_put_on_hold_again() -> None:
    deal = paused()

    assert codes(ruled(deal, EventKind.PAUSE)) == ("paused",)
    assert codes(ruled(deal, EventKind.ADVANCE)) == ("paused",)
    assert moved(deal, event(EventKind.RESUME, 9)).pause is None
    assert moved(deal, complete(EventKind.LOSE, 9)).pause is None


def test_a_pause_ends_on_a_day_to_come() -> None:
    today = event(EventKind.PAUSE, reason="holidays", resume_on=after(1).date())

    assert codes(stages.decide(opened(), today)) == ("resume-past",)
    tomorrow = attrs.evolve(today, resume_on=after(2).date())
    rests = moved(opened(), tomorrow).pause
    assert rests is not None
    assert (rests.reason, rests.resume_on) == ("holidays", after(2).date())


def test_a_deal_may_be_opened_anywhere_but_once() -> None:
    deal = opened(stage="proposal-negotiation")

    assert deal.stage == "proposal-negotiation"
    assert codes(stages.decide(deal, event(EventKind.OPEN, to="attic"))) == ("opened",)
    with pytest.raises(UnknownNameError, match="attic"):
        opened(stage="attic")
    assert refused(stages.open_deal, "d1", ADVANCE) == (("$.event.kind", "wrong-type"),)


@pytest.mark.parametrize("name", ["", None, 5])
def test_a_deal_has_an_id(name: str) -> None:
    first = event(EventKind.OPEN, 0)

    assert refused(stages.open_deal, name, first) == (("$.id", "wrong-type"),)
    assert refused(Deal, name, ()) == (("$.id", "wrong-type"), ("$.history", "empty"))


@pytest.mark.parametrize("kind", [EventKind.ADVANCE, EventKind.BACK, EventKind.REOPEN])
def test_a_stage_that_does_not_exist_is_an_error_at_any_time(kind: EventKind) -> None:
    """QUALITY D4: what is unknown is never silently refused."""
    for deal in (opened(), paused(), closed(EventKind.LOSE)):
        with pytest.raises(UnknownNameError, match="solution-design"):
            stages.decide(deal, complete(kind, 2, to="solution-desing"), FULL)


# Time.


def test_events_are_ordered_by_the_moment_not_by_the_clock_on_the_wall() -> None:
    deal = opened()
    west = (AT + dt.timedelta(minutes=1)).astimezone(dt.timezone(-11 * DAY / 24))
    east = (AT - dt.timedelta(minutes=1)).astimezone(dt.timezone(14 * DAY / 24))

    assert moved(deal, event(EventKind.ADVANCE, at=west), FULL).version == 2
    early = stages.decide(deal, event(EventKind.ADVANCE, at=east), FULL)
    assert codes(early) == ("early",)


def test_the_hour_that_happens_twice_is_two_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    summer = dt.datetime(2025, 10, 26, 2, 50, tzinfo=berlin)
    winter = dt.datetime(2025, 10, 26, 2, 10, tzinfo=berlin, fold=1)
    first = event(EventKind.OPEN, 0, at=summer)

    deal = stages.open_deal("d1", first)
    onward = event(EventKind.ADVANCE, at=winter)

    assert (
        moved(deal, onward, FULL).last.event.at.isoformat().endswith("02:10:00+01:00")
    )
    assert codes(
        stages.decide(
            moved(deal, onward, FULL),
            event(EventKind.LOSE, at=summer, loss_reason=LossReason.PRICE),
        )
    ) == ("early",)


def test_a_day_that_began_in_the_east_does_not_go_back_in_the_west() -> None:
    """Tomorrow in Shanghai, then today in London: the path stays in order."""
    east = dt.datetime(2026, 1, 2, 1, tzinfo=dt.timezone(8 * DAY / 24))
    west = dt.datetime(2026, 1, 1, 18, tzinfo=dt.UTC)
    deal = stages.open_deal("d1", event(EventKind.OPEN, at=east))
    deal = moved(deal, event(EventKind.ADVANCE, at=west), FULL)

    assert [one.at for one in deal.path] == [dt.date(2026, 1, 2)] * 2
    told = Opportunity("d1", "c1", None, deal.stage, history=deal.path)
    assert told.history == deal.path
    assert deal.before(dt.date(2026, 1, 1)) is None
    assert deal.before(dt.date(2026, 1, 2)) == deal


def test_a_deal_ages_from_its_stage_and_rests_while_it_is_on_hold() -> None:
    deal = paused(days=10)
    day = AT.date()

    assert opened().days_in_stage(day + 30 * DAY) == 30
    assert opened().days_in_stage(day - 30 * DAY) == 0
    assert deal.days_in_stage(day + 5 * DAY) == 5
    assert deal.days_in_stage(day + 30 * DAY) == 10
    goes_on = moved(deal, event(EventKind.RESUME, 25))
    assert goes_on.days_in_stage(day + 30 * DAY) == 15
    twice = moved(goes_on, complete(EventKind.PAUSE, 30, identifier="again"))
    assert moved(twice, event(EventKind.RESUME, 33, "on")).last.paused_days == 18
    assert (
        moved(twice, event(EventKind.RESUME, 33, "on")).days_in_stage(day + 40 * DAY)
        == 22
    )


def test_a_deal_that_has_ended_ages_no_more() -> None:
    day = AT.date()
    rested = moved(paused(days=10), complete(EventKind.LOSE, 20))

    assert rested.days_in_stage(day + 90 * DAY) == 10
    assert closed(EventKind.LOSE, days=7).days_in_stage(day + 90 * DAY) == 7
    assert closed(EventKind.LOSE, days=7).days_in_stage(day + 3 * DAY) == 3


def test_a_deal_is_told_as_it_stood_on_a_day() -> None:
    deal = moved(paused(days=3), event(EventKind.RESUME, 5))
    day = AT.date()

    assert deal.before(day - DAY) is None
    assert deal.before(day) == opened()
    assert deal.before(day + 4 * DAY) == paused(days=3)
    assert deal.before(day + 5 * DAY) == deal.before(day + 99 * DAY) == deal
