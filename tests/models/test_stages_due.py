"""What is due on a deal, its milestones, and how old deals are (S2-13, S2-27)."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    EventKind,
    Milestone,
    Opportunity,
    StageAnswers,
)
from keyaccount.exceptions import UnknownNameError
from keyaccount.models import stages
from keyaccount.models.stages import Deal, Pipeline, Task, TaskKind
from keyaccount.tri import Tri
from tests.models.due_deals import FIRST, LANGUAGES, OWN, day, deal_of
from tests.models.stage_deals import (
    AT,
    MET,
    SHIPPED,
    UNMET,
    branching,
    closed,
    complete,
    event,
    moved,
    opened,
    paused,
)
from tests.refusals import refused


PROPOSAL = "proposal-negotiation"


def of_kind(kind: TaskKind, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    return tuple(task for task in tasks if task.kind is kind)


def codes(tasks: tuple[Task, ...]) -> list[str]:
    return [task.code for task in tasks]


def rested(deal: Deal, start: int, days: int, own: Pipeline = SHIPPED) -> Deal:
    """The deal after so many days on hold."""
    held = moved(deal, complete(EventKind.PAUSE, start), pipeline=own)
    return moved(held, event(EventKind.RESUME, start + days), pipeline=own)


# The tasks of a stage.


def test_a_task_is_due_so_many_days_after_the_deal_came_to_the_stage() -> None:
    [task] = stages.due(opened(), as_of=day(3))

    assert (task.code, task.kind) == ("answer-first-gate", TaskKind.STAGE)
    assert (task.deal_id, task.stage) == ("d1", "identification")
    assert task.due_on == day(7)


@pytest.mark.parametrize(("after", "late"), [(0, 0), (6, 0), (7, 0), (8, 1), (20, 13)])
def test_what_is_due_today_is_not_late(after: int, late: int) -> None:
    [task] = stages.due(opened(), as_of=day(after))

    assert task.days_late == late
    assert task.is_overdue is (late > 0)


@pytest.mark.parametrize("answer", ["pass", "fail"])
def test_a_task_whose_end_surely_holds_is_done(answer: str) -> None:
    assert not stages.due(opened(), {"gate_is_real": answer}, as_of=day(9))


def test_a_task_stays_while_nobody_has_said_whether_it_is_done() -> None:
    [task] = stages.due(opened(), {}, as_of=day(9))

    assert task.is_done is Tri.UNKNOWN
    assert [gap.fact for gap in task.missing] == ["gate_is_real"]


def test_a_task_asks_only_for_what_is_not_known() -> None:
    deal = opened(stage="contract-signing")

    [open_] = stages.due(deal, {"terms_reasonable": True}, as_of=day(1))
    [undone] = stages.due(deal, {"terms_reasonable": False}, as_of=day(1))

    assert [gap.fact for gap in open_.missing] == ["terms_executable"]
    assert (undone.is_done, undone.missing) == (Tri.NO, ())


def test_without_facts_the_opportunity_says_what_it_knows() -> None:
    deal = opened(stage="solution-design")
    progress = StageAnswers(feasibility_reviewed=Tri.YES)
    opportunity = Opportunity("d1", "c1", None, progress=progress)

    own = stages.due(deal, as_of=day(1), opportunity=opportunity)
    told = stages.due(
        deal, {"resources_confirmed": True}, as_of=day(1), opportunity=opportunity
    )

    assert codes(own) == ["confirm-resources"]
    assert codes(told) == ["review-feasibility"]


@pytest.mark.parametrize(
    ("after", "due", "back"),
    [(0, 2, 9), (2, 2, 9), (8, 2, 9), (9, 9, 16), (16, 16, 23), (22, 16, 23)],
)
def test_a_task_that_repeats_is_due_until_it_comes_back(
    after: int, due: int, back: int
) -> None:
    tasks = stages.due(opened(OWN), as_of=day(after), pipeline=OWN)

    [letter] = [task for task in tasks if task.code == "letter"]
    assert (letter.due_on, letter.next_on) == (day(due), day(back))


def test_a_task_without_an_end_is_listed_for_as_long_as_the_stage_lasts() -> None:
    tasks = stages.due(opened(OWN), as_of=day(29), pipeline=OWN)

    [call] = [task for task in tasks if task.code == "call"]
    assert (call.is_done, call.missing, call.next_on) == (Tri.NO, (), None)
    assert call.days_late == 29


def test_a_stage_without_tasks_and_limits_has_nothing_due() -> None:
    own = branching()

    assert not stages.due(opened(own), as_of=day(5000), pipeline=own)


# Days on hold.


def test_days_on_hold_do_not_count() -> None:
    deal = rested(opened(), 2, 10)

    [task] = stages.due(deal, as_of=day(15))

    assert task.due_on == day(17)
    assert "days on hold, not counted: 10" in task.explain()[3]


def test_a_deal_on_hold_has_nothing_but_the_reminder_to_resume() -> None:
    deal = paused(stage=PROPOSAL)  # to be taken up again thirty days later
    opportunity = deal_of(Milestone("m", day(0)), close=day(0))

    def due(after: int) -> tuple[Task, ...]:
        return stages.due(deal, as_of=day(after), opportunity=opportunity)

    assert not due(28)
    assert [codes(due(after)) for after in (29, 31, 500)] == [["resume"]] * 3
    assert [due(after)[0].days_late for after in (29, 31, 33)] == [0, 0, 2]
    assert due(29)[0].due_on == day(31)


@given(
    st.sampled_from(["identification", "need-confirmation", PROPOSAL]),
    st.integers(0, 90),
    st.integers(0, 120),
    st.integers(0, 400),
)
def test_a_rest_makes_nothing_late_any_earlier(
    stage: str, start: int, days: int, after: int
) -> None:
    plain = opened(stage=stage)
    rest = rested(plain, start, days)

    as_of = day(start + days + after)
    without = {task.code: task for task in stages.due(plain, as_of=as_of)}
    for task in stages.due(rest, as_of=as_of):
        assert task.code in without
        if task.next_on is None:
            assert task.due_on == without[task.code].due_on + dt.timedelta(days)
            assert task.days_late <= without[task.code].days_late


@given(st.integers(1, 90), st.integers(0, 120), st.integers(0, 400))
def test_a_rest_brings_no_round_of_a_task_forward(
    start: int, days: int, after: int
) -> None:
    plain = opened(OWN)
    rest = rested(plain, start, days, OWN)

    def rounds(deal: Deal, moved_by: int) -> int:
        tasks = stages.due(deal, as_of=day(start + days + after), pipeline=OWN)
        [letter] = [task for task in tasks if task.code == "letter"]
        return (letter.due_on - day(2 + moved_by)).days // 7

    assert rounds(rest, days) <= rounds(plain, 0)


# Ageing.


def test_a_deal_ages_once_it_has_been_at_its_stage_for_too_long() -> None:
    """S2-26: the risk flag of a deal that does not move."""
    facts = {"gate_is_real": "pass"}

    assert not stages.due(opened(), facts, as_of=day(30))
    [task] = stages.due(opened(), facts, as_of=day(31))

    assert (task.code, task.kind) == ("ageing", TaskKind.AGEING)
    assert (task.due_on, task.days_late) == (day(30), 1)
    assert task.what.get("days") == 31


def test_every_stage_has_a_limit_of_its_own() -> None:
    facts = {"terms_reasonable": True, "terms_executable": True}
    early = stages.due(opened(stage="contract-signing"), facts, as_of=day(40))
    design = stages.due(opened(stage="solution-design"), MET["stages"], as_of=day(40))

    assert codes(early) == ["ageing"]
    assert not design


def test_a_step_back_starts_a_new_age() -> None:
    deal = opened(stage="need-confirmation")
    back = moved(deal, complete(EventKind.BACK, 40, to="identification"))

    assert "ageing" not in codes(stages.due(back, as_of=day(69)))
    assert "ageing" in codes(stages.due(back, as_of=day(71)))


# The expected close, and milestones.


@pytest.mark.parametrize(
    ("ahead", "listed"), [(15, False), (14, True), (0, True), (-30, True)]
)
def test_an_expected_close_is_told_two_weeks_ahead(ahead: int, listed: bool) -> None:
    opportunity = deal_of(close=day(100 + ahead))

    tasks = stages.due(opened(), as_of=day(100), opportunity=opportunity)

    closing = of_kind(TaskKind.CLOSE, tasks)
    assert [task.due_on for task in closing] == [day(100 + ahead)] * listed
    assert sum(task.days_late for task in closing) == max(-ahead, 0)


@pytest.mark.parametrize(
    ("milestone", "due"),
    [
        (Milestone("far", day(8)), None),
        (Milestone("near", day(7)), 7),
        (Milestone("late", day(-3)), -3),
        (Milestone("moved", day(-3), moved_to=day(5)), 5),
        (Milestone("moved-away", day(-3), moved_to=day(50)), None),
        (Milestone("reached", day(-3), reached_on=day(0)), None),
        (Milestone("reached-later", day(2), reached_on=day(1)), 2),
    ],
    ids=lambda value: getattr(value, "id", ""),
)
def test_a_milestone_is_told_a_week_ahead_until_it_is_reached(
    milestone: Milestone, due: int | None
) -> None:
    tasks = stages.due(opened(), as_of=FIRST, opportunity=deal_of(milestone))

    found = [(task.code, task.due_on) for task in of_kind(TaskKind.MILESTONE, tasks)]
    assert found == ([] if due is None else [(milestone.id, day(due))])


def test_a_pipeline_without_notices_tells_on_the_very_day() -> None:
    opportunity = deal_of(Milestone("m", day(1)), close=day(1))

    def due(after: int) -> list[str]:
        deal = opened(OWN)
        tasks = stages.due(
            deal, as_of=day(after), pipeline=OWN, opportunity=opportunity
        )
        return [code for code in codes(tasks) if code in {"m", "expected-close"}]

    assert (due(0), due(1)) == ([], ["expected-close", "m"])


# All of it together.


@pytest.mark.parametrize(
    "kind", [EventKind.WIN, EventKind.LOSE, EventKind.ABANDON], ids=str
)
def test_a_closed_deal_has_nothing_due(kind: EventKind) -> None:
    deal = closed(kind, stage="contract-signing")
    opportunity = deal_of(Milestone("m", day(0)), close=day(0))

    assert not stages.due(deal, as_of=day(4000), opportunity=opportunity)


def test_a_deal_that_was_reopened_has_tasks_again() -> None:
    lost = closed(EventKind.LOSE, days=3)

    again = moved(lost, complete(EventKind.REOPEN, 10))

    [task] = stages.due(again, as_of=day(12))
    assert task.due_on == day(17)


MILESTONES = st.lists(
    st.builds(Milestone, st.sampled_from("abc"), st.integers(-20, 60).map(day)),
    max_size=3,
    unique_by=lambda one: one.id,
)


@given(
    st.sampled_from([plan.id for plan in SHIPPED.stages]),
    st.sampled_from([{}, MET["stages"], UNMET["stages"]]),
    MILESTONES,
    st.integers(-10, 400),
)
def test_what_is_late_leads_and_the_rest_follows_by_date(
    stage: str, facts: Mapping[str, object], milestones: list[Milestone], after: int
) -> None:
    deal, as_of = opened(stage=stage), day(after)
    opportunity = deal_of(*milestones, close=day(30))

    tasks = stages.due(deal, facts, as_of=as_of, opportunity=opportunity)

    late = [task.is_overdue for task in tasks]
    assert late == sorted(late, reverse=True)
    dates = [task.due_on for task in tasks]
    assert dates == sorted(dates)
    again = stages.due(
        deal.latest,
        facts,
        as_of=as_of,
        opportunity=deal_of(*milestones[::-1], close=day(30)),
    )
    assert again == tasks


@given(
    st.sampled_from([plan.id for plan in SHIPPED.stages]),
    st.sampled_from(["gate_is_real", "term_rated", "mandatory_needs"]),
    st.integers(0, 90),
)
def test_to_forget_a_fact_takes_no_task_away(stage: str, fact: str, after: int) -> None:
    known = MET["stages"]
    fewer = {name: value for name, value in known.items() if name != fact}

    def due(facts: Mapping[str, object]) -> set[str]:
        return set(codes(stages.due(opened(stage=stage), facts, as_of=day(after))))

    assert due(known) <= due(fewer)


@pytest.mark.parametrize("as_of", [dt.date.min, dt.date.max, dt.date(2200, 12, 31)])
def test_no_day_is_too_far_away(as_of: dt.date) -> None:
    opportunity = deal_of(Milestone("m", day(0)), close=day(0))

    tasks = stages.due(opened(OWN), as_of=as_of, pipeline=OWN, opportunity=opportunity)

    assert all(task.explain() for task in tasks)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_task_explains_itself_in_every_language(locale: str) -> None:
    opportunity = deal_of(Milestone("m", day(1), moved_to=day(4), text="demo"))
    deal = rested(opened(stage=PROPOSAL), 1, 2)
    tasks = (
        *stages.due(deal, {}, as_of=day(60), opportunity=opportunity),
        *stages.due(paused(), as_of=day(30)),
    )

    lines = [line for task in tasks for line in task.explain(locale)]

    assert len(tasks) == 6
    assert not [line for line in lines if "?" in line or "{" in line]
    assert not [line for line in lines if "task-" in line or "due-" in line]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (5, "due in 2 days, on 2026-01-12"),
        (6, "due tomorrow, 2026-01-12"),
        (7, "due today, 2026-01-12"),
        (8, "a day late: it was due yesterday, 2026-01-12"),
        (9, "2 days late: it was due on 2026-01-12"),
    ],
)
def test_a_task_says_how_it_stands_on_the_day(after: int, said: str) -> None:
    [task] = stages.due(opened(), as_of=day(after))

    assert task.explain()[1].strip() == said


def test_a_task_bears_the_names_that_its_pipeline_gives() -> None:
    [call, letter] = stages.due(opened(OWN), as_of=day(1), pipeline=OWN)

    assert call.explain()[0] == "call them (first talk)"
    assert letter.explain()[0] == "letter (first talk)"
    assert call.explain("zh-Hans")[0] == "call them（first talk）"


def test_text_of_people_stays_on_one_line() -> None:
    opportunity = deal_of(Milestone("m", FIRST, text="one\n\ttwo\u202e"))

    tasks = stages.due(opened(), as_of=FIRST, opportunity=opportunity)

    [task] = of_kind(TaskKind.MILESTONE, tasks)
    assert task.explain()[0] == "milestone: one two"


def test_a_task_is_a_value() -> None:
    opportunity = deal_of(Milestone("m", FIRST, text="demo"), close=day(3))
    deal = opened(OWN)
    tasks = stages.due(deal, as_of=FIRST, pipeline=OWN, opportunity=opportunity)

    for task in tasks:
        assert wire.loads(wire.dumps(task), Task) == task
        assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 - our own bytes
    assert len(set(tasks)) == len(tasks) == 3


def test_a_deal_and_its_opportunity_belong_together() -> None:
    other = Opportunity("d2", "c1", None)

    problems = refused(stages.due, opened(), as_of=FIRST, opportunity=other)

    assert problems == (("$.opportunity", "contradiction"),)


@pytest.mark.parametrize("as_of", [AT, "2026-01-05", None])
def test_the_day_is_a_date(as_of: object) -> None:
    wrong = (("$.as_of", "wrong-type"),)

    assert refused(stages.due, opened(), as_of=as_of) == wrong
    assert refused(stages.milestones, deal_of(), as_of=as_of) == wrong
    assert refused(stages.ageing, (), as_of=as_of) == wrong


def test_a_deal_goes_with_its_own_pipeline() -> None:
    problems = refused(stages.due, opened(OWN), as_of=FIRST)

    assert problems == (("$.pipeline", "contradiction"),)


def test_a_stage_that_is_gone_is_said_to_be_unknown() -> None:
    data = {"based_on": "stages", "drop": ["need-confirmation"]}
    shorter = policies.read(data, Pipeline)
    deal = opened(stage="need-confirmation")

    with pytest.raises(UnknownNameError):
        stages.due(deal, as_of=FIRST, pipeline=shorter)
    with pytest.raises(UnknownNameError):
        stages.ageing([deal], as_of=FIRST, pipeline=shorter)
