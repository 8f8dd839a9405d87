"""Answers to every distinct case: judged once, as an object, and joined to the rows.

A model that is more than one table has no column form of its own, but a million rows
hold few distinct cases: the names of a catalogue, weights in whole per cents, a few
hundred patterns of tranches. So the answers are those of the object path, and the
cost is the number of distinct cases times the price of one verdict; where every row
is a case of its own, that is the price of judging every row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias, TypeVar

from keyaccount.exceptions import InvalidValueError, Problem, Problems, nearest
from keyaccount.rules import FactKind, FactSchema
from keyaccount.tri import Tri

from ._engines import back, opened
from ._facts import Names, Source, sources
from ._joins import Cases, Kind, distinct


__all__ = ["Answer", "Case", "Judge", "Known", "by_case", "whole"]


FrameT = TypeVar("FrameT")

Known: TypeAlias = Decimal | str | Tri | None
"""A number, a slug, yes or no; None is not known."""

Case: TypeAlias = Mapping[str, Known]
"""What is known of one case, by the names of the facts."""

Answer: TypeAlias = Mapping[str, float | str | bool | None]
"""The answers to one case, by title; None is null."""

Judge: TypeAlias = Callable[[Case], Answer]

_SHOWN = 20  # wrong cases that one error lists


def by_case(  # noqa: PLR0913 - what a model says of its columns, all by name
    frame: FrameT,
    *,
    about: FactSchema,
    asked: Iterable[str],
    names: Names,
    judge: Judge,
    answers: Mapping[str, Kind],
) -> FrameT:
    """Judge every distinct case once, and give every row the answers to its case.

    Null and NaN are unknown, and equal. The same kind of frame comes back, rows and
    index as they stand. A lazy frame is asked for its distinct cases, which is a
    query; what comes back is lazy again, and a row with a case that was not there
    when it was asked gets nulls.

    Args:
        frame: of any engine.
        about: the facts that have columns.
        asked: those that the judge wants to know.
        names: the column of a fact, where it is not called so.
        judge: takes what is known of a case, gives the answers. Where a case is
            impossible it raises InvalidValueError, each problem's path beginning with
            the fact that it is about.
        answers: the titles, and of what kind each answer is.

    Raises:
        UnknownFactError: *names* speaks of a fact that is not declared.
        InvalidValueError: columns that cannot be used, or cases that are impossible:
            the first twenty, each with the first row that it stands in.
    """
    here = opened(frame)
    found = sources(here, about, asked, names, values=False)
    _check_titles(answers, here.collect_schema().names())
    columns = {one.column for one in found.values() if one.column is not None}
    keys = sorted(columns)
    cases = distinct(here, keys)
    told = _judged(cases, keys, found, judge)
    answered = {
        title: (kind, [one[title] for one in told]) for title, kind in answers.items()
    }
    return back(cases.joined(answered), frame)


def whole(value: Known) -> int | None:
    """Return a number that must be a whole one; what is none is left for its noun."""
    if (
        isinstance(value, Decimal)
        and value.is_finite()
        and value == value.to_integral_value()
    ):
        return int(value)
    return value  # type: ignore[return-value]  # for the noun to refuse


def _check_titles(answers: Iterable[str], given: Sequence[str]) -> None:
    problems = Problems()
    for title in answers:
        if title in given:
            wanted = "another name=, or drop the column first"
            problems.add(f"columns[{title!r}]", "duplicate", title, wanted)
    problems.check("frame")


def _judged(
    cases: Cases, keys: Sequence[str], found: Mapping[str, Source], judge: Judge
) -> list[Answer]:
    told: list[Answer] = []
    problems, wrong = Problems(), 0
    for at, row in enumerate(cases.rows):
        try:
            told.append(judge(_known(dict(zip(keys, row, strict=True)), found)))
        except InvalidValueError as error:
            place = "" if cases.first is None else f"[{cases.first[at]}]"
            problems.extend(_in_column(one, found, place) for one in error.problems)
            wrong += 1
            if wrong == _SHOWN:
                break
    problems.check("frame")
    return told


def _in_column(problem: Problem, found: Mapping[str, Source], place: str) -> Problem:
    """Tell a problem of a case as one of its column, or of the row."""
    fact, dot, rest = problem.path.removeprefix("$").removeprefix(".").partition(".")
    if fact in found:
        path = f"$.columns[{found[fact].column!r}]{place}"
    else:
        path, dot, rest = f"$.rows{place}", "", ""
    return Problem(path + dot + rest, problem.code, problem.data)


def _known(row: Mapping[str, object], found: Mapping[str, Source]) -> Case:
    """Read the values of one case.

    Raises:
        InvalidValueError: a value that is none of those that are listed.
    """
    problems = Problems()
    known: dict[str, Known] = {}
    for name, source in found.items():
        raw = None if source.column is None else row[source.column]
        if raw is None or (isinstance(raw, float) and math.isnan(raw)):
            known[name] = _blank(source)
        elif source.means is not None and raw not in source.means:
            offered = f"one of {', '.join(map(str, source.means))}"
            problems.add(name, "unknown-choice", raw, offered)
        else:
            known[name] = _read(name, raw, source, problems)
    problems.check("frame")
    return known


def _blank(source: Source) -> Known:
    return Tri.UNKNOWN if source.fact.kind is FactKind.YES_NO else None


def _read(name: str, raw: object, source: Source, problems: Problems) -> Known:
    meant = raw if source.means is None else source.means[raw]
    kind = source.fact.kind
    if kind is FactKind.YES_NO:
        return Tri.of(bool(meant))
    if kind is FactKind.CHOICE:
        if meant not in source.fact.choices:
            offered = nearest(str(meant), source.fact.choices)
            problems.add(name, "unknown-choice", meant, offered)
        return str(meant)
    # the shortest decimal that is this float: 0.3 is 0.3
    return Decimal(repr(meant)) if isinstance(meant, float) else Decimal(str(meant))
