"""Tables, scorecards, ids from a policy file: everything that is wrong, in one go.

A table that cannot be built is still looked at: a misspelt fact is read as the one
that was probably meant, a row that makes no sense is left out, and what remains is
held against the same hygiene. Thus one reading of a file tells all its mistakes.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable

import attrs

from keyaccount.exceptions import InvalidValueError, Problem, Problems, closest, nearest

from ._asking import check_condition
from ._conditions import All, Any, Condition, Not, OneOf
from ._curves import lint_criterion, lint_scorecard
from ._facts import FactSchema
from ._hygiene import Sheet, lint_sheet, lint_table
from ._scorecard import Criterion, Scorecard
from ._table import DecisionTable, HitPolicy, Row


__all__ = ["check_ids", "checked_scorecard", "checked_table"]


def check_ids(
    problems: Problems,
    path: str,
    ids: Iterable[str | enum.Enum],
    offered: Collection[str] = (),
) -> None:
    """Note what stands twice in a list, and what is not among those that are *offered*.

    *path* is the list's place; without anything offered any id will do.
    """
    seen = set[str]()
    for index, given in enumerate(ids):
        slug = str(given.value) if isinstance(given, enum.Enum) else given
        where = f"{path}[{index}].id"
        if slug in seen:
            problems.add(where, "duplicate", slug)
        seen.add(slug)
        if offered and slug not in offered:
            problems.add(where, "unknown-choice", slug, nearest(slug, offered))


def checked_scorecard(  # noqa: PLR0913 - the parts of a scorecard
    problems: Problems,
    path: str = "criteria",
    *,
    name: str,
    about: FactSchema,
    criteria: tuple[Criterion, ...],
    caps: tuple[tuple[str, int], ...] = (),
) -> Scorecard | None:
    """Build a scorecard and note everything that is wrong with it, hygiene included.

    Args:
        problems: Where the findings go.
        path: The place of the criteria in the document.
        name: What conditions call the score.
        about: The declared facts.
        criteria: The lines.
        caps: The most weight that a group may carry.

    Returns:
        The scorecard; None if it cannot be built.
    """
    try:
        card = Scorecard(name, about, criteria, caps)
    except InvalidValueError as error:
        found = Problems()
        found.extend(error.problems)
        _lint_what_is_left(about, criteria, error.problems, found)
        problems.extend(_placed(found.all(), "criteria", path))
        return None
    problems.extend(_placed(lint_scorecard(card), "criteria", path))
    return card


def _lint_what_is_left(
    about: FactSchema,
    criteria: tuple[Criterion, ...],
    broken: tuple[Problem, ...],
    found: Problems,
) -> None:
    for index, criterion in enumerate(criteria):
        path = f"criteria[{index}]"
        if not any(problem.path.startswith(f"$.{path}.") for problem in broken):
            lint_criterion(criterion, about[criterion.fact], path, found)


def checked_table(  # noqa: PLR0913 - the parts of a table
    problems: Problems,
    path: str = "rows",
    *,
    name: str,
    about: FactSchema,
    rows: tuple[Row, ...],
    otherwise: str | None = None,
    hit: HitPolicy = HitPolicy.FIRST,
    outcomes: tuple[str, ...] | None = None,
    scorecards: tuple[Scorecard, ...] = (),
    answers: str = "",
    scores: tuple[str, ...] = (),
) -> DecisionTable | None:
    """Build a table and note everything that is wrong with it, hygiene included.

    Args:
        problems: Where the findings go.
        path: The place of the rows in the document.
        name: The table's name.
        about: The declared facts.
        rows: The rows.
        otherwise: What is answered where no row fires.
        hit: The hit policy.
        outcomes: What can be answered, lowest first; left out: see `DecisionTable`.
        scorecards: Those that could be built.
        answers: The enumeration of the outcomes, for their labels.
        scores: The names of all, also of those that could not.

    Returns:
        The table; None if it, or one of its scorecards, cannot be built.
    """
    table: DecisionTable | None = None
    try:
        if outcomes is None:
            table = DecisionTable(
                name,
                about,
                rows,
                otherwise,
                hit,
                scorecards=scorecards,
                answers=answers,
            )
        else:
            table = DecisionTable(
                name, about, rows, otherwise, hit, outcomes, scorecards, answers
            )
        found = lint_table(table)
    except InvalidValueError as error:
        named = tuple(card.name for card in scorecards)
        lost = tuple(score for score in scores if score not in named)
        sheet = _sheet(about, rows, otherwise, hit, outcomes, (*named, *lost))
        found = (
            *(problem for problem in error.problems if not _is_about(problem, lost)),
            *(lint_sheet(sheet) if sheet.rows else ()),
        )
    problems.extend(_placed(found, "rows", path))
    return table


def _is_about(problem: Problem, lost: tuple[str, ...]) -> bool:
    """Return whether a name is unknown only because its scorecard is broken."""
    got = dict(problem.data).get("got", "")
    return problem.code == "unknown-fact" and got in {repr(name) for name in lost}


def _placed(found: Iterable[Problem], written: str, called: str) -> tuple[Problem, ...]:
    """Move problems to where the document has the list."""
    own = f"$.{written}"
    there = f"$.{called.removeprefix('$.') or written}"
    return tuple(
        attrs.evolve(problem, path=there + problem.path.removeprefix(own))
        if problem.path.startswith(own)
        else problem
        for problem in found
    )


def _sheet(  # noqa: PLR0913, PLR0917 - the parts of a table
    about: FactSchema,
    rows: tuple[Row, ...],
    otherwise: str | None,
    hit: HitPolicy,
    outcomes: tuple[str, ...] | None,
    scores: tuple[str, ...],
) -> Sheet:
    """Keep what makes sense, or does once a misspelt name is put right."""
    places, kept = [], []
    for place, row in enumerate(rows):
        when = _mended(row.when, about, scores)
        if when is not None:
            places.append(place)
            kept.append(attrs.evolve(row, when=when))
    named = tuple(row.then for row in reversed(kept))
    known = (*(outcomes or ()), otherwise or "", *named)
    return Sheet(
        about,
        tuple(places),
        tuple(kept),
        otherwise,
        hit,
        tuple(dict.fromkeys(known)),
        scores,
    )


def _mended(
    condition: Condition, about: FactSchema, scores: tuple[str, ...]
) -> Condition | None:
    """Return the condition as probably meant; None if that is anybody's guess."""
    wrong = _wrong_with(condition, about, scores)
    if not wrong <= _MENDABLE:
        return None
    meant = _respelt(condition, about, scores) if wrong else condition
    return None if _wrong_with(meant, about, scores) else meant


def _wrong_with(
    condition: Condition, about: FactSchema, scores: tuple[str, ...]
) -> set[str]:
    problems = Problems()
    check_condition(condition, about, scores, "", problems)
    return {problem.code for problem in problems.all()}


_MENDABLE = frozenset({"unknown-fact", "unknown-choice"})


def _respelt(
    condition: Condition, about: FactSchema, scores: tuple[str, ...]
) -> Condition:
    match condition:
        case All(terms=terms) | Any(terms=terms):
            mended = tuple(_respelt(term, about, scores) for term in terms)
            return attrs.evolve(condition, terms=mended)
        case Not(term=term):
            return Not(_respelt(term, about, scores))
        case _:
            name = closest(condition.fact, (*about.names, *scores)) or condition.fact
            meant = attrs.evolve(condition, fact=name)
    if isinstance(meant, OneOf) and name in about:
        offered = about[name].choices
        choices = (closest(choice, offered) or choice for choice in meant.choices)
        meant = OneOf(name, tuple(dict.fromkeys(choices)))
    return meant
