"""Where the project for an account stands on a day (S4-15, S4-16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping

import attrs

from keyaccount import wire
from keyaccount.domain import AccountProject, TeamMember
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Facts,
    Interval,
    Missing,
    Reason,
    Verdict,
    explain_rows,
    missing,
)
from keyaccount.tri import Tri

from ._facts import PROJECT_FACTS
from ._findings import ProjectFinding, TaskDue, due_of, findings_of
from ._given import each
from ._opinions import ProjectFindingKind, ProjectStatus
from ._policy import PlansPolicy, default_policy
from ._tasks import merged, readings, tasks_of


__all__ = ["ProjectVerdict", "project_facts", "status"]


@attrs.frozen(repr=False)
class ProjectVerdict(wire.Plain, Verdict[ProjectStatus]):
    """Where a project stands, what was found about it, and what is due (S4-15).

    `tasks_done` bounds how many of the `tasks` are done, `unsure` are the ids of
    those of which nobody has told. `due` is what is still to do, the earliest first.
    """

    project: str
    customer_id: str
    tasks: int
    tasks_done: Interval
    unsure: tuple[str, ...]
    findings: tuple[ProjectFinding, ...]
    due: tuple[TaskDue, ...]

    def _extras(self) -> tuple[str, ...]:
        low, high = self.tasks_done.low, self.tasks_done.high
        done = f"{low:.0f}" if self.tasks_done.is_exact else f"{low:.0f}…{high:.0f}"
        return (f"{done} of {self.tasks} tasks done",)


def project_facts(
    project: AccountProject,
    *,
    as_of: dt.date,
    analysed: Tri = Tri.UNKNOWN,
    members: Iterable[TeamMember] | None = None,
) -> Facts:
    """Bring a project through the door; what hangs on an open task is not known.

    Raises:
        InvalidValueError: something is of another kind.
    """
    team = _checked("project_facts", project, as_of, analysed, members)
    return merged(readings(project, as_of, analysed, team))


def status(
    project: AccountProject,
    *,
    as_of: dt.date,
    analysed: Tri = Tri.UNKNOWN,
    members: Iterable[TeamMember] | None = None,
    policy: PlansPolicy | None = None,
) -> ProjectVerdict:
    """Tell whether a project is on track, at risk, overdue or done (S4-15).

    On the day it is due nothing is late. What is done after *as_of* is not done yet;
    a task of which nobody has told is neither done nor late, and leaves the answer
    open. What nobody answers for, and what has no day, is a gap and not unknown.

    Args:
        project: The project.
        as_of: The day of the question.
        analysed: Whether the four analyses of the customer are complete (S4-16);
            without that it takes a waiver.
        members: Who of us is on the account's team; None if nobody told.
        policy: The rows to judge by.

    Raises:
        InvalidValueError: something is of another kind.
    """
    policy = default_policy() if policy is None else policy
    team = _checked("status", project, as_of, analysed, members)
    every = readings(project, as_of, analysed, team)
    outcomes = _possible(every, policy)
    answers = tuple(map(ProjectStatus, outcomes))
    tasks = tasks_of(project, as_of)
    findings = findings_of(project, as_of, analysed, team)
    least = float(len(tasks.done))
    return ProjectVerdict(
        value=answers[0] if len(answers) == 1 else None,
        possible=answers,
        missing=_questions(every, policy) if len(answers) > 1 else (),
        flags=_flags(project, as_of, analysed, findings),
        policy=policy.ref,
        as_of=as_of,
        project=project.id,
        customer_id=project.customer_id,
        tasks=tasks.count,
        tasks_done=Interval(least, least + len(tasks.unsure)),
        unsure=tuple(sorted(task.id for task in tasks.unsure)),
        findings=findings,
        due=due_of(project, as_of),
        evidence=ProjectEvidence(policy, every, outcomes, findings),
    )


def _checked(
    what: str,
    project: AccountProject,
    as_of: dt.date,
    analysed: Tri,
    members: Iterable[TeamMember] | None,
) -> frozenset[str] | None:
    """Check the arguments; return the strengths of the team, None if nobody told."""
    problems, team = Problems(), None
    problems.is_a("project", project, AccountProject, "an AccountProject")
    problems.is_day("as_of", as_of)
    problems.is_a("analysed", analysed, Tri, "a Tri")
    if members is not None:
        listed = each(problems, "members", members, TeamMember)
        team = frozenset(skill for _, member in listed for skill in member.strengths)
    problems.check(what)
    return team


def _possible(every: Collection[Facts], policy: PlansPolicy) -> tuple[str, ...]:
    """Return what any of these facts may answer, lowest first."""
    found = {outcome for facts in every for outcome in policy.project.possible(facts)}
    return tuple(one for one in policy.project.table.outcomes if one in found)


def _questions(every: tuple[Facts, ...], policy: PlansPolicy) -> tuple[Missing, ...]:
    """Return what to ask: first what leaves the fewest answers, on average."""
    asked, left = policy.project.table.asks, dict[str, float]()
    if len(every) > 1:
        counts = [len(_possible((facts,), policy)) for facts in every]
        left["share_done"] = sum(counts) / len(counts)
    for name in ("analyses_settled", "strength_missing"):
        if name in asked and any(facts[name] is None for facts in every):
            told = [
                tuple(facts.with_(**{name: answer}) for facts in every)
                for answer in (Tri.YES, Tri.NO)
            ]
            left[name] = sum(len(_possible(one, policy)) for one in told) / len(told)
    return missing(PROJECT_FACTS, sorted(left, key=lambda name: left[name]))


def _flags(
    project: AccountProject,
    as_of: dt.date,
    analysed: Tri,
    findings: Iterable[ProjectFinding],
) -> tuple[str, ...]:
    sure = {one.kind for one in findings if one.holds is Tri.YES}
    raised = (
        (
            "closed-with-open-tasks",
            ProjectFindingKind.CLOSED_WITH_OPEN_TASK in sure,
        ),
        ("strength-missing", ProjectFindingKind.STRENGTH_MISSING in sure),
        ("not-begun", project.starts_on > as_of),
        ("no-weak-points", not project.weak_points),
        ("waived", project.waiver is not None and analysed is not Tri.YES),
    )
    return tuple(flag for flag, is_raised in raised if is_raised)


@attrs.frozen
class ProjectEvidence:
    """What a verdict on a project keeps to explain itself."""

    policy: PlansPolicy
    every: tuple[Facts, ...]
    outcomes: tuple[str, ...]
    findings: tuple[ProjectFinding, ...]

    def reason(self) -> Reason:
        """Say where it stands, what each row says, and what was found."""
        table = self.policy.project.table
        data: tuple[tuple[str, float | str], ...] = (
            ("outcome", self.outcomes[0]),
            ("answers", table.answers),
            ("table", table.name),
        )
        parts = (*self._rows(), *self._found())
        if len(self.outcomes) == 1:
            return Reason("decided", data, parts)
        best: tuple[tuple[str, float | str], ...] = (
            ("best", self.outcomes[-1]),
            ("count", float(len(self.outcomes))),
        )
        return Reason("undecided", (*data, *best), parts)

    def _rows(self) -> Iterator[Reason]:
        """Say what each row says on the way, whichever open tasks are done."""
        table, is_open = self.policy.project.table, False
        told = explain_rows(table, merged(self.every))
        each = [explain_rows(table, facts) for facts in self.every]
        for row, answers in zip(told, zip(*each, strict=True), strict=True):
            codes = {answer.code for answer in answers}
            code = codes.pop() if len(codes) == 1 else "row-open"
            yield row if row.code == code else Reason(code, row.data)
            if code == "row-fires":
                return
            is_open = is_open or code == "row-open"
        data = (("outcome", str(table.otherwise)), ("answers", table.answers))
        yield Reason("otherwise-open" if is_open else "otherwise", data)

    def _found(self) -> Iterator[Reason]:
        sure = [one.reason for one in self.findings if one.holds is Tri.YES]
        unsure = [one.reason for one in self.findings if one.holds is Tri.UNKNOWN]
        if sure:
            yield Reason("found-surely", (), tuple(sure))
        if unsure:
            yield Reason("found-perhaps", (), tuple(unsure))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
