"""What to find out first: the answer after which the fewest decisions are left.

Every unknown fact is answered in every way that makes a difference, one fact at a
time, and the decisions that are then still reached are counted. Where two facts
leave equally many on average, the one that the customer's class stresses is asked
first (S1-7), then the one of the earlier gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from keyaccount.domain import NeedCoverage
from keyaccount.rules import Missing
from keyaccount.tri import Tri

from ._bench import fold
from ._facts import (
    FACTS,
    MARK_NAMES,
    MARKS,
    NEED_FACTS,
    REAL_FACTS,
    SCORES,
    fact_of,
)
from ._policy import QualificationPolicy
from ._reading import Reading
from ._results import GATES, Ranks, reach, worst_of
from ._worth import asked_amounts, samples, span


__all__ = ["Question", "question_of", "questions", "weighed"]


class Question(NamedTuple):
    """A fact, its gate, and what the gate may say after each answer to it."""

    fact: str
    gate: int
    after: tuple[Ranks, ...]


_REAL, _NEEDS, _WIN, _WORTH = range(len(GATES))


def questions(
    reading: Reading, stress: tuple[str, ...], policy: QualificationPolicy
) -> tuple[Missing, ...]:
    """Return what is not known and may change the decision, the most telling first."""
    left: dict[str, tuple[float, bool]] = {}
    for question, count in weighed(reading, policy):
        is_stressed = is_in(question, stress)
        place = count, not is_stressed
        left[question.fact] = min(place, left.get(question.fact, place))
    return tuple(
        Missing(fact, question_of(fact)) for fact in sorted(left, key=left.__getitem__)
    )


def weighed(
    reading: Reading, policy: QualificationPolicy
) -> Iterator[tuple[Question, float]]:
    """Yield every question, and how many decisions its answer leaves on average."""
    gates = reading.gates
    for question in _candidates(reading, policy):
        at = question.gate
        counts = [
            len(reach((*gates[:at], ranks, *gates[at + 1 :])).decisions)
            for ranks in question.after
        ]
        yield question, sum(counts) / len(counts)


def is_in(question: Question, stress: tuple[str, ...]) -> bool:
    """Whether a question, or its whole gate, is stressed."""
    return question.fact in stress or GATES[question.gate].value in stress


def question_of(fact: str) -> str:
    """Return the code of the question; a policy's own factors share one."""
    for schema in (FACTS, NEED_FACTS):
        if fact in schema:
            return schema[fact].question
    return "win-factor"


def _candidates(reading: Reading, policy: QualificationPolicy) -> Iterator[Question]:
    telling = reach(reading.gates).telling
    ways = (_of_real, _of_needs, _of_win, _of_worth)
    for is_telling, way in zip(telling, ways, strict=True):
        if is_telling:
            yield from way(reading, policy)


def _of_real(reading: Reading, policy: QualificationPolicy) -> Iterator[Question]:
    asked = policy.real.table.asks
    for at, name in enumerate(REAL_FACTS.names):
        if reading.real[at] is not Tri.UNKNOWN or name not in asked:
            continue
        after = []
        for answer in (Tri.YES, Tri.NO):
            need, funded, promise = (
                answer if at == place else known
                for place, known in enumerate(reading.real)
            )
            after.append(policy.bench.real((need, funded, promise)).ranks)
        yield Question(name, _REAL, tuple(after))


def _of_needs(reading: Reading, policy: QualificationPolicy) -> Iterator[Question]:
    judge = policy.bench.need
    if not reading.needs:
        after = tuple((rank,) for rank in policy.bench.any_need)
        yield Question("needs_met", _NEEDS, after)
        return
    said = [judge(need.kind, need.mandatory, need.coverage) for need in reading.needs]
    for at, need in enumerate(reading.needs):
        if len(said[at]) == 1:
            continue
        others = fold([*said[:at], *said[at + 1 :]])
        if need.coverage is NeedCoverage.UNKNOWN:
            found = [
                judge(need.kind, need.mandatory, coverage)
                for coverage in NeedCoverage
                if coverage is not NeedCoverage.UNKNOWN
            ]
            yield _with(others, found, "need_coverage")
        if need.mandatory is Tri.UNKNOWN:
            found = [judge(need.kind, one, need.coverage) for one in (Tri.YES, Tri.NO)]
            yield _with(others, found, "need_mandatory")


def _with(others: Ranks, found: Iterable[Ranks], name: str) -> Question:
    return Question(name, _NEEDS, tuple(worst_of(others, one) for one in found))


def _of_win(reading: Reading, policy: QualificationPolicy) -> Iterator[Question]:
    total, unknown = reading.scored
    left = len(unknown) - 1
    after = tuple(policy.bench.win(total + score, left) for score in SCORES)
    for factor in unknown:
        yield Question(fact_of(factor), _WIN, after)


def _of_worth(reading: Reading, policy: QualificationPolicy) -> Iterator[Question]:
    bench, steps, marks = policy.bench, policy.steps, reading.marks
    first, last = reading.span.first, reading.span.last
    telling = bench.telling(first, last, marks)
    if "return_mark" in telling:
        for name in asked_amounts(reading.amounts, steps):
            told = [
                span(reading.amounts._replace(**{name: answer}), steps)
                for answer in samples(name, reading.amounts, steps)
            ]
            after = tuple(bench.worth(one.first, one.last, marks) for one in told)
            yield Question(name, _WORTH, after)
    for at, name in enumerate(MARK_NAMES):
        if name in telling:
            after = tuple(
                bench.worth(first, last, (*marks[:at], mark, *marks[at + 1 :]))
                for mark in MARKS
            )
            yield Question(name, _WORTH, after)
