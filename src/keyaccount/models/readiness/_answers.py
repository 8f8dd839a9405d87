"""From the answers that people gave over the years to the one that counts per line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast

import attrs

from keyaccount.domain import ChecklistAnswer
from keyaccount.exceptions import Problems, nearest
from keyaccount.tri import Tri

from ._policy import ReadinessPolicy


__all__ = ["Answers", "Told", "what_counts"]


Answers: TypeAlias = Iterable[ChecklistAnswer] | Mapping[str, Tri]
"""What was answered: dated answers, or what counts today by line."""


@attrs.frozen
class Told:
    """What counts for each line that somebody answered, and since when.

    `undated` names the lines whose answer has no day.
    """

    answers: tuple[tuple[str, Tri], ...]
    answered_on: tuple[tuple[str, dt.date], ...] = ()
    undated: tuple[str, ...] = ()


def what_counts(
    answers: Answers, as_of: dt.date, policy: ReadinessPolicy, problems: Problems
) -> Told:
    """Return what counts on a day; what is wrong with the answers is noted.

    Of several answers to a line the latest counts; one of a later day than *as_of*
    is not yet known, one that is unknown says nothing, and one without a day gives
    way to any that has one.
    """
    lines = dict.fromkeys(item.id for item in policy.lines)  # in their order
    if isinstance(answers, Mapping):
        return _of_today(cast("Mapping[str, Tri]", answers), lines, problems)
    wanted = "a list of ChecklistAnswer, or a mapping of lines and Tri"
    if not problems.is_a("answers", answers, Iterable, wanted):
        return Told(())
    counted: dict[str, ChecklistAnswer] = {}
    same_day: dict[tuple[str, dt.date | None], Tri] = {}
    for index, one in enumerate(answers):
        path = f"answers[{index}]"
        if not problems.is_a(path, one, ChecklistAnswer, "a ChecklistAnswer"):
            continue
        if one.item not in lines:
            hint = nearest(one.item, lines)
            problems.add(f"{path}.item", "unknown-choice", one.item, hint)
            continue
        day = one.answered_on
        if one.answer is Tri.UNKNOWN or (day is not None and day > as_of):
            continue
        before = same_day.setdefault((one.item, day), one.answer)
        if before is not one.answer:
            wanted = f"{one.item} has the answer {before.value} too; keep one"
            problems.add(f"{path}.answer", "contradiction", one.answer.value, wanted)
        if one.item not in counted or _day(counted[one.item]) < _day(one):
            counted[one.item] = one
    return _dated({slug: counted[slug] for slug in lines if slug in counted})


def _of_today(
    answers: Mapping[str, Tri], lines: Iterable[str], problems: Problems
) -> Told:
    for slug, answer in answers.items():
        path = f"answers[{slug!r}]"
        if slug not in lines:
            problems.add(path, "unknown-choice", slug, nearest(slug, lines))
        problems.is_a(path, answer, Tri, "a Tri")
    known = ((slug, answers[slug]) for slug in lines if slug in answers)
    return Told(tuple(pair for pair in known if pair[1] is not Tri.UNKNOWN))


def _dated(counted: Mapping[str, ChecklistAnswer]) -> Told:
    days = {slug: one.answered_on for slug, one in counted.items()}
    return Told(
        tuple((slug, one.answer) for slug, one in counted.items()),
        tuple((slug, day) for slug, day in days.items() if day is not None),
        tuple(slug for slug, day in days.items() if day is None),
    )


def _day(answer: ChecklistAnswer) -> dt.date:
    return dt.date.min if answer.answered_on is None else answer.answered_on
