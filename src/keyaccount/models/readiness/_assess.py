"""Judges the checklists one by one, and how ready we are on the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Interval, missing
from keyaccount.tri import Tri

from ._answers import Answers, Told, what_counts
from ._checklists import Checklist
from ._facts import fact_of
from ._judge import Judged, first_step, judge, line_facts, questions
from ._policy import ReadinessPolicy, default_policy
from ._verdict import ChecklistScore, Readiness, ReadinessVerdict
from ._ways import span_of
from ._why import ReadinessEvidence


__all__ = ["assess", "facts"]


def facts(
    answers: Answers, *, as_of: dt.date, policy: ReadinessPolicy | None = None
) -> Facts:
    """Bring the answers through the door, with the shares that follow from them.

    Raises:
        InvalidValueError: answers that are none, to no line, or that contradict each
            other.
    """
    policy = default_policy() if policy is None else policy
    return judge(
        line_facts(_read("facts", answers, as_of, policy), policy), policy
    ).facts


def assess(
    answers: Answers, *, as_of: dt.date, policy: ReadinessPolicy | None = None
) -> ReadinessVerdict:
    """Tell how ready our organisation is, and what to do first (S0-16 to S0-26).

    Args:
        answers: Dated answers, of which the latest to each line counts, or what
            counts today by the slug of the line. What nobody answered is unknown.
        as_of: The day; what is answered later is not yet known.
        policy: Another policy than the shipped one.

    >>> verdict = assess({"goals-beyond-revenue": Tri.NO}, as_of=dt.date(2025, 12, 31))
    >>> verdict.possible[0], verdict.first.do
    (<Readiness.NOT_READY: 'not-ready'>, 'goals-beyond-revenue')

    Raises:
        InvalidValueError: answers that are none, to no line, or that contradict each
            other, all at once.
    """
    policy = default_policy() if policy is None else policy
    given = _read("assess", answers, as_of, policy)
    judged = judge(line_facts(given, policy), policy)
    asked = questions(judged, policy)
    first = first_step(judged, policy, asked)
    limit = policy.number("stale_after")
    ages = [(slug, (as_of - day).days) for slug, day in given.answered_on]
    stale = tuple(slug for slug, age in ages if age > limit)
    possible = tuple(Readiness(one) for one in judged.stands)
    lines = [fact_of(item.id) for item in policy.lines]
    score, completeness = _score(lines, judged)
    return ReadinessVerdict(
        value=possible[0] if len(possible) == 1 else None,
        possible=possible,
        missing=asked,
        flags=_flags(stale, given.undated),
        policy=policy.ref,
        as_of=as_of,
        score=score,
        completeness=completeness,
        checklists=_scores(judged, policy),
        first=first,
        stale=stale,
        undated=given.undated,
        evidence=ReadinessEvidence(policy, given, first, as_of),
    )


def _read(what: str, answers: Answers, as_of: dt.date, policy: ReadinessPolicy) -> Told:
    problems = Problems()
    day = as_of if problems.is_day("as_of", as_of) else dt.date.max
    found = what_counts(answers, day, policy, problems)
    problems.check(what)
    return found


def _flags(stale: Sequence[str], undated: Sequence[str]) -> tuple[str, ...]:
    flags = []
    if stale:
        flags.append("stale-answers")
    if undated:
        flags.append("undated-answers")
    return tuple(flags)


def _scores(judged: Judged, policy: ReadinessPolicy) -> tuple[ChecklistScore, ...]:
    return tuple(_checklist(one, judged, policy) for one in policy.checklists)


def _checklist(
    checklist: Checklist, judged: Judged, policy: ReadinessPolicy
) -> ChecklistScore:
    answers = {
        item.id: judged.facts[fact_of(item.id)] for item in policy.of(checklist.id)
    }
    met, gaps, unknown = (
        tuple(slug for slug, answer in answers.items() if answer is wanted)
        for wanted in (Tri.YES, Tri.NO, None)
    )
    score, completeness = _score(map(fact_of, answers), judged)
    asked = missing(policy.about, map(fact_of, unknown))
    return ChecklistScore(
        checklist.id, checklist.kind, score, completeness, met, gaps, asked
    )


def _score(lines: Iterable[str], judged: Judged) -> tuple[Interval, float]:
    """Return the share of lines in place, as bounds, and the share answered."""
    least, most, count = span_of(judged.facts[line] for line in lines)
    answered = count - (most - least)
    return Interval(least / count, most / count), answered / count
