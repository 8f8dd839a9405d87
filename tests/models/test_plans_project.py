"""Where a project stands: laws that hold whatever its tasks are."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    AccountProject,
    ProjectTask,
    TeamMember,
    WeakPoint,
    WeakPointOwner,
)
from keyaccount.exceptions import PolicyError
from keyaccount.models import plans
from keyaccount.models.plans import (
    PlansPolicy,
    ProjectFinding,
    ProjectFindingKind,
    ProjectStatus,
    ProjectVerdict,
)
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import tris


START, DEADLINE = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
SPRING = dt.date(2026, 3, 31)
ONE = dt.timedelta(1)
POINT = WeakPoint("w1", WeakPointOwner.COMPETITOR, "no night shift")
TASK = ProjectTask("t1", "trial at night", "Wang", SPRING, None, "w1", Tri.NO)
SOUND = AccountProject(
    "p1", "harbour", "win the warehouse", START, DEADLINE, "Li", [POINT], [TASK]
)
DONE, ON_TRACK, AT_RISK, OVERDUE = ProjectStatus


def with_task(**changes: object) -> AccountProject:
    return attrs.evolve(SOUND, tasks=[attrs.evolve(TASK, **changes)])  # type: ignore[arg-type]  # any field


def kinds(verdict: ProjectVerdict, holds: Tri = Tri.YES) -> set[ProjectFindingKind]:
    return {one.kind for one in verdict.findings if one.holds is holds}


def test_a_project_with_an_owner_a_date_and_a_task_for_each_point_is_on_track() -> None:
    verdict = plans.status(SOUND, as_of=SPRING, analysed=Tri.YES)  # S4-15

    assert verdict.value is ON_TRACK
    assert verdict.findings == ()
    assert verdict.flags == ()
    assert [(one.task, one.due_on, one.days_late) for one in verdict.due] == [
        ("t1", SPRING, 0)
    ]
    assert repr(verdict) == (
        "<ProjectVerdict on-track · 0 of 1 tasks done · as of 2026-03-31>"
    )


@pytest.mark.parametrize(
    ("as_of", "expected", "late"),
    [
        (SPRING, ON_TRACK, 0),
        (SPRING + ONE, AT_RISK, 1),
        (DEADLINE, AT_RISK, 91),
        (DEADLINE + ONE, OVERDUE, 92),
    ],
)
def test_on_the_day_it_is_not_late_and_a_day_after_it_is(
    as_of: dt.date, expected: ProjectStatus, late: int
) -> None:
    verdict = plans.status(SOUND, as_of=as_of, analysed=Tri.YES)

    assert verdict.value is expected
    assert [one.days_late for one in verdict.due] == [late]


@pytest.mark.parametrize(
    ("project", "kind"),
    [
        (attrs.evolve(SOUND, owner=None), ProjectFindingKind.NO_OWNER),
        (
            attrs.evolve(SOUND, tasks=[], weak_points=[]),
            ProjectFindingKind.NO_TASKS,
        ),
        (with_task(weak_point=None), ProjectFindingKind.UNATTACKED_POINT),
        (with_task(owner=None), ProjectFindingKind.UNOWNED_TASK),
        (with_task(due=None), ProjectFindingKind.UNDATED_TASK),
        (with_task(due=DEADLINE + ONE), ProjectFindingKind.TASK_AFTER_DEADLINE),
        (with_task(due=SPRING - ONE), ProjectFindingKind.LATE_TASK),
    ],
)
def test_each_gap_puts_it_at_risk(
    project: AccountProject, kind: ProjectFindingKind
) -> None:
    verdict = plans.status(project, as_of=SPRING, analysed=Tri.YES)

    assert verdict.value is AT_RISK
    assert kinds(verdict) == {kind}


def test_a_task_may_be_due_on_the_deadline() -> None:
    verdict = plans.status(with_task(due=DEADLINE), as_of=SPRING, analysed=Tri.YES)

    assert verdict.value is ON_TRACK


def test_the_analyses_come_first_or_a_word_on_why_not() -> None:  # S4-16
    waived = attrs.evolve(SOUND, waiver="the tender closes in May", waived_by="CEO")

    missing = plans.status(SOUND, as_of=SPRING, analysed=Tri.NO)
    unknown = plans.status(SOUND, as_of=SPRING)
    excused = plans.status(waived, as_of=SPRING, analysed=Tri.NO)

    assert missing.value is AT_RISK
    assert kinds(missing) == {ProjectFindingKind.NOT_ANALYSED}
    assert unknown.possible == (AT_RISK, ON_TRACK)
    assert [gap.question for gap in unknown.missing] == ["analyses-settled"]
    assert kinds(unknown, Tri.UNKNOWN) == {ProjectFindingKind.NOT_ANALYSED}
    assert (excused.value, excused.flags) == (ON_TRACK, ("waived",))


def test_whether_a_task_is_done_may_be_unknown_and_is_then_asked() -> None:
    late = with_task(done=Tri.UNKNOWN)

    verdict = plans.status(late, as_of=SPRING + ONE, analysed=Tri.YES)

    assert verdict.possible == (AT_RISK, DONE)
    assert verdict.unsure == ("t1",)
    assert verdict.tasks_done == Interval(0, 1)
    assert [gap.question for gap in verdict.missing] == ["tasks-done"]
    assert kinds(verdict, Tri.UNKNOWN) == {ProjectFindingKind.LATE_TASK}
    assert [one.is_sure for one in verdict.due] == [False]


def test_past_the_deadline_an_unknown_task_makes_it_overdue_or_done() -> None:
    verdict = plans.status(
        with_task(done=Tri.UNKNOWN), as_of=DEADLINE + ONE, analysed=Tri.YES
    )

    assert verdict.possible == (OVERDUE, DONE)
    assert ProjectFindingKind.PAST_DEADLINE in kinds(verdict, Tri.UNKNOWN)


def test_what_is_done_tomorrow_is_not_done_today() -> None:
    project = with_task(done=Tri.YES, done_on=SPRING)

    before = plans.status(project, as_of=SPRING - ONE, analysed=Tri.YES)
    after = plans.status(project, as_of=SPRING, analysed=Tri.YES)

    assert (before.value, len(before.due)) == (ON_TRACK, 1)
    assert (after.value, after.due) == (DONE, ())


def test_done_needs_every_weak_point_attacked() -> None:
    done = with_task(done=Tri.YES, weak_point=None)

    soon = plans.status(done, as_of=SPRING, analysed=Tri.YES)
    late = plans.status(done, as_of=DEADLINE + ONE, analysed=Tri.YES)
    fine = plans.status(with_task(done=Tri.YES), as_of=DEADLINE + ONE, analysed=Tri.YES)

    assert (soon.value, late.value, fine.value) == (AT_RISK, OVERDUE, DONE)
    assert ProjectFindingKind.PAST_DEADLINE in kinds(late)
    assert fine.findings == ()


def test_a_closed_project_is_done_and_tells_what_was_left() -> None:
    closed = attrs.evolve(SOUND, closed_on=SPRING)

    before = plans.status(closed, as_of=SPRING - ONE, analysed=Tri.YES)
    after = plans.status(closed, as_of=SPRING, analysed=Tri.YES)

    assert before.value is ON_TRACK
    assert (after.value, after.due) == (DONE, ())
    assert after.flags == ("closed-with-open-tasks",)
    assert kinds(after) == {ProjectFindingKind.CLOSED_WITH_OPEN_TASK}


@pytest.mark.parametrize(
    ("left", "expected"), [(31, ON_TRACK), (30, AT_RISK), (0, AT_RISK)]
)
def test_near_the_deadline_half_must_be_done(
    left: int, expected: ProjectStatus
) -> None:
    tasks = [
        attrs.evolve(TASK, due=DEADLINE),
        attrs.evolve(TASK, id="t2", due=DEADLINE),
        attrs.evolve(TASK, id="t3", done=Tri.YES),
    ]
    as_of = DEADLINE - dt.timedelta(left)
    third = plans.status(
        attrs.evolve(SOUND, tasks=tasks), as_of=as_of, analysed=Tri.YES
    )
    half = plans.status(
        attrs.evolve(SOUND, tasks=tasks[1:]), as_of=as_of, analysed=Tri.YES
    )

    assert third.value is expected
    assert half.value is ON_TRACK


def test_a_strength_that_nobody_has_is_told_and_decides_nothing() -> None:
    project = with_task(strength="cold-chain")
    team = [TeamMember("Wang", strengths=["customs"])]

    unknown = plans.status(project, as_of=SPRING, analysed=Tri.YES)
    lacking = plans.status(project, as_of=SPRING, analysed=Tri.YES, members=team)
    nobody = plans.status(project, as_of=SPRING, analysed=Tri.YES, members=[])
    able = plans.status(
        project,
        as_of=SPRING,
        analysed=Tri.YES,
        members=[*team, TeamMember("Zhao", strengths=["cold-chain"])],
    )

    assert {one.value for one in (unknown, lacking, nobody, able)} == {ON_TRACK}
    assert kinds(lacking) == kinds(nobody) == {ProjectFindingKind.STRENGTH_MISSING}
    assert lacking.flags == ("strength-missing",)
    assert [one.say() for one in lacking.findings] == [
        "“trial at night” asks for cold-chain, and nobody on the team has it"
    ]
    assert unknown.findings == able.findings == ()


def test_a_house_may_mind_a_missing_strength() -> None:
    row = {
        "id": "strength",
        "when": "strength_missing",
        "then": "at-risk",
        "why": "ours",
    }
    policy = policies.read({"based_on": "plans", "project_rows": [row]}, PlansPolicy)
    project = with_task(strength="cold-chain", done=Tri.UNKNOWN)

    def judged(**more: object) -> ProjectVerdict:
        return plans.status(
            project,
            as_of=SPRING,
            **{"analysed": Tri.YES, "policy": policy, **more},  # type: ignore[arg-type]  # by name
        )

    assert judged(members=[]).possible == (AT_RISK, DONE)
    assert judged().possible == (AT_RISK, ON_TRACK, DONE)
    assert {gap.fact for gap in judged().missing} == {"share_done", "strength_missing"}
    assert {gap.fact for gap in judged(analysed=Tri.UNKNOWN).missing} == {
        "share_done",
        "strength_missing",
        "analyses_settled",
    }
    assert plans.project_facts(SOUND, as_of=SPRING)["strength_missing"] is Tri.NO


def test_a_project_that_has_not_begun_or_attacks_nothing_says_so() -> None:
    vague = attrs.evolve(
        SOUND, weak_points=[], tasks=[attrs.evolve(TASK, weak_point=None)]
    )

    verdict = plans.status(vague, as_of=START - ONE, analysed=Tri.YES)

    assert verdict.value is ON_TRACK
    assert verdict.flags == ("not-begun", "no-weak-points")


def test_what_is_due_stands_in_order_and_falls_back_on_the_deadline() -> None:
    tasks = [
        attrs.evolve(TASK, id="b", due=None),
        attrs.evolve(TASK, id="c", due=SPRING),
        attrs.evolve(TASK, id="a", due=SPRING),
    ]
    verdict = plans.status(attrs.evolve(SOUND, tasks=tasks), as_of=DEADLINE + ONE)

    assert [(one.task, one.is_dated, one.days_late) for one in verdict.due] == [
        ("a", True, 92),
        ("c", True, 92),
        ("b", False, 1),
    ]


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("kind", ProjectFindingKind)
def test_every_finding_can_be_said(locale: str, kind: ProjectFindingKind) -> None:
    one = ProjectFinding(
        kind, task="t1", text="trial", due_on=SPRING, days_late=3, strength="customs"
    )

    said = one.say(locale)
    assert said
    assert "{" not in said
    assert "finding" not in said


def test_a_finding_is_one_line_whatever_people_typed() -> None:
    typed = ProjectTask("t1", "call\nthem", owner="Li", due=SPRING - ONE, done=Tri.NO)

    verdict = plans.status(
        attrs.evolve(SOUND, weak_points=(), tasks=[typed]), as_of=SPRING
    )
    assert not [line for line in verdict.explain() if "\n" in line]
    assert any("“call them” was due" in line for line in verdict.explain())


def test_everything_wrong_with_the_arguments_is_told_at_once() -> None:
    assert refused(plans.status, "p1", as_of="today", analysed=True, members="Li") == (
        ("$.project", "wrong-type"),
        ("$.as_of", "wrong-type"),
        ("$.analysed", "wrong-type"),
        ("$.members", "wrong-type"),
    )
    assert refused(plans.status, SOUND, as_of=SPRING, members=5) == (
        ("$.members", "wrong-type"),
    )


def projects() -> st.SearchStrategy[AccountProject]:
    """Small projects around one spring, so that every rule has its day."""
    near = st.integers(-5, 200).map(lambda at: START + dt.timedelta(at))

    def task(at: int) -> st.SearchStrategy[ProjectTask]:
        return st.builds(
            ProjectTask,
            st.just(f"t{at}"),
            st.just("do it"),
            st.sampled_from([None, "Wang"]),
            st.none() | near,
            st.sampled_from([None, "customs"]),
            st.sampled_from([None, "w1"]),
            tris,
        )

    return st.builds(
        AccountProject,
        st.just("p1"),
        st.just("harbour"),
        st.just("win"),
        st.just(START),
        near.filter(lambda day: day >= START),
        st.sampled_from([None, "Li"]),
        st.sampled_from([(POINT,), (POINT, WeakPoint("w2", WeakPointOwner.OURS))]),
        st.integers(0, 4).flatmap(
            lambda count: st.tuples(*(task(at) for at in range(count)))
        ),
        st.sampled_from([None, None, "no time"]),
    )


DAYS = st.integers(-10, 210).map(lambda at: START + dt.timedelta(at))
TEAMS = st.sampled_from([None, (), (TeamMember("Wang", strengths=["customs"]),)])


@given(projects(), DAYS, tris, TEAMS)
@settings(max_examples=200)
def test_telling_what_is_unknown_stays_within_what_was_possible(
    project: AccountProject,
    as_of: dt.date,
    analysed: Tri,
    members: tuple[TeamMember, ...] | None,
) -> None:
    verdict = plans.status(project, as_of=as_of, analysed=analysed, members=members)

    known = (Tri.YES, Tri.NO)
    ways = itertools.product(
        *(
            known if task.done is Tri.UNKNOWN else (task.done,)
            for task in project.tasks
        ),
        known if analysed is Tri.UNKNOWN else (analysed,),
    )
    found = set[ProjectStatus]()
    for *told, complete in ways:
        tasks = [
            attrs.evolve(task, done=done)
            for task, done in zip(project.tasks, told, strict=True)
        ]
        filled = attrs.evolve(project, tasks=tasks)
        answer = plans.status(filled, as_of=as_of, analysed=complete, members=members)
        assert answer.value is not None
        found.add(answer.value)
    # sound, and here tight too: what is possible can come true
    assert found == set(verdict.possible)


def test_a_task_due_on_the_deadline_is_not_after_it() -> None:
    on_it = plans.status(with_task(due=DEADLINE), as_of=SPRING, analysed=Tri.YES)
    after = plans.status(with_task(due=DEADLINE + ONE), as_of=SPRING, analysed=Tri.YES)

    assert on_it.findings == ()
    assert [one.kind.value for one in after.findings] == ["task-after-deadline"]


def test_what_hangs_on_what_nobody_told_stands_apart_from_what_was_found() -> None:
    unsure = with_task(owner=None, done=Tri.UNKNOWN)

    *_, found, point, perhaps, task, analysed = plans.status(
        attrs.evolve(unsure, weak_points=[POINT, WeakPoint("w2", POINT.owner)]),
        as_of=SPRING,
    ).explain()
    assert (found, perhaps) == (
        "  what was found",
        "  what may also be so; nobody has told us",
    )
    assert point == "    no task addresses the weak point “w2”"
    assert task == "    “trial at night” has no owner"
    assert analysed.startswith("    the four analyses are not complete")


def test_no_row_fires_for_sure_or_only_if_none_of_the_open_ones_does() -> None:
    sure = plans.status(SOUND, as_of=SPRING, analysed=Tri.YES)
    open_ = plans.status(SOUND, as_of=SPRING)

    assert sure.explain()[-1] == "  no rule applies, so: on track"
    assert "  if no rule applies: on track" in open_.explain()


def test_whichever_task_is_left_has_a_flaw_so_it_is_not_on_track() -> None:
    undated = attrs.evolve(TASK, due=None, done=Tri.UNKNOWN)
    too_late = attrs.evolve(undated, id="t2", due=DEADLINE + ONE)
    project = attrs.evolve(SOUND, tasks=[undated, too_late])

    verdict = plans.status(project, as_of=SPRING, analysed=Tri.YES)
    assert verdict.possible == (AT_RISK, DONE)


@given(projects(), DAYS, tris, st.data())
def test_marking_a_task_done_never_makes_it_worse(
    project: AccountProject, as_of: dt.date, analysed: Tri, data: st.DataObject
) -> None:
    tasks = list(project.tasks)
    at = data.draw(st.integers(0, len(tasks)))
    for index, task in enumerate(tasks):
        if index == at:
            tasks[index] = attrs.evolve(task, done=Tri.YES)
    before = plans.status(project, as_of=as_of, analysed=analysed)
    after = plans.status(
        attrs.evolve(project, tasks=tasks), as_of=as_of, analysed=analysed
    )

    def ends(verdict: ProjectVerdict) -> tuple[int, int]:
        return verdict.possible[0].rank, verdict.possible[-1].rank

    assert ends(after) <= ends(before)
    assert ends(after)[1] <= ends(before)[1]
    assert {one.task for one in after.due} <= {one.task for one in before.due}


@given(projects(), DAYS, st.integers(0, 100))
def test_a_later_day_never_removes_what_is_overdue(
    project: AccountProject, as_of: dt.date, more: int
) -> None:
    now = plans.status(project, as_of=as_of)
    later = plans.status(project, as_of=as_of + dt.timedelta(more))

    def late(verdict: ProjectVerdict) -> dict[str, int]:
        return {one.task: one.days_late for one in verdict.due if one.days_late}

    assert late(now).keys() <= late(later).keys()
    assert all(late(later)[task] == days + more for task, days in late(now).items())
    if now.value is OVERDUE:
        assert later.value is OVERDUE
    assert later.possible[0].rank >= now.possible[0].rank


@given(projects(), DAYS, tris, st.randoms(use_true_random=False))
def test_the_order_of_tasks_changes_nothing(
    project: AccountProject, as_of: dt.date, analysed: Tri, random: object
) -> None:
    tasks = list(project.tasks)
    random.shuffle(tasks)  # type: ignore[attr-defined]  # a Random
    shuffled = attrs.evolve(project, tasks=tasks)

    one = plans.status(project, as_of=as_of, analysed=analysed)
    other = plans.status(shuffled, as_of=as_of, analysed=analysed)
    assert one == other
    assert one.why == other.why


@given(projects(), DAYS, tris, TEAMS)
def test_a_verdict_explains_itself_and_can_be_sent(
    project: AccountProject,
    as_of: dt.date,
    analysed: Tri,
    members: tuple[TeamMember, ...] | None,
) -> None:
    verdict = plans.status(project, as_of=as_of, analysed=analysed, members=members)

    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own
    again = wire.structure(wire.unstructure(verdict), ProjectVerdict)
    assert again == verdict
    assert again.explain("zh-Hans") == verdict.explain("zh-Hans")
    assert verdict.is_settled == (len(verdict.possible) == 1)
    assert verdict.is_settled or verdict.missing
    for locale in ("en", "zh-Hans", "zh-Hant"):
        assert not [line for line in verdict.explain(locale) if "{" in line]


def test_what_a_row_may_say_follows_from_all_ways_of_being_done() -> None:
    # one of ten is not known: near the deadline more than half is done for sure
    tasks = [attrs.evolve(TASK, id=f"t{at}", done=Tri.YES) for at in range(9)]
    last = attrs.evolve(TASK, id="t9", due=DEADLINE, done=Tri.UNKNOWN)
    project = attrs.evolve(SOUND, tasks=[*tasks, last])

    verdict = plans.status(project, as_of=DEADLINE, analysed=Tri.YES)

    assert verdict.possible == (ON_TRACK, DONE)
    rows = {reason.get("row"): reason.code for reason in verdict.why.because}
    assert rows["too-little-done"] == "row-fails"
    assert rows["all-done"] == "row-open"


def test_the_numbers_of_a_policy_are_there_whole_and_above_zero() -> None:
    given = {
        "review_every": None,
        "industry_weight": Decimal("1.5"),
        "need_weight": Decimal(0),
        "most_hits": Decimal("NaN"),
    }
    shipped = plans.default_policy()
    numbers = [
        attrs.evolve(number, value=value)
        for number in shipped.numbers
        if (value := given.get(number.id, number.value)) is not None
    ]

    assert refused(attrs.evolve, shipped, numbers=tuple(numbers)) == (
        ("$.numbers", "missing"),
        ("$.numbers.industry_weight.value", "out-of-range"),
        ("$.numbers.need_weight.value", "out-of-range"),
        ("$.numbers.most_hits.value", "out-of-range"),
    )


def test_a_broken_row_is_told_with_its_place() -> None:
    row = {"id": "x", "when": "task_lat", "then": "at-risk", "why": "ours"}
    with pytest.raises(PolicyError) as caught:
        policies.read({"based_on": "plans", "project_rows": [row]}, PlansPolicy)

    found = [(one.path, one.code) for one in caught.value.problems]
    assert ("$.project_rows[x].when", "unknown-fact") in found
