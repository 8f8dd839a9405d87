"""Whom have we not covered, and who is against us?"""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount.book import Sheet
from keyaccount.domain import Attitude
from keyaccount.models import stakeholders
from keyaccount.report._accounts import people_of
from keyaccount.report._case import Case
from keyaccount.report._parts import Answer, Cell
from keyaccount.tri import Tri
from keyaccount.wording import plain

from ._asked import answer


__all__ = ["people"]


_MOST_STEPS, _MOST_WARNINGS = 1, 2


def people(case: Case, number: int) -> Answer:
    """Whom have we not covered, and who is against us?"""
    speech = case.speech
    found = [
        (sheet, verdict)
        for sheet in case.portfolio
        for verdict in (people_of(sheet, case),)
        if verdict is not None
    ]
    if not found:
        short = speech.say("a-people-none")
        return answer(case, number, "people", short, tone="open")
    rows = [_row(sheet, verdict, case) for sheet, verdict in found]
    rows.sort(key=lambda row: (not row[2].text, not row[1].text))
    gaps = sum(bool(row[1].text) for row in rows)
    against = sum(bool(row[2].text) for row in rows)
    short = speech.say(
        "a-people",
        count=speech.count(len(found)),
        gaps=speech.count(gaps),
        against=speech.count(against),
    )
    columns = case.columns("account", "uncovered", "against-us", "warning", "step")
    tables = case.table("caption-people", columns, rows)
    return answer(case, number, "people", short, (), tables)


def _row(
    sheet: Sheet, verdict: stakeholders.MapVerdict, case: Case
) -> tuple[Cell, ...]:
    speech = case.speech
    own = verdict.evidence.labels()
    names = {one.id: speech.name(one.name, one.id) for one in sheet.account.people}
    open_roles = [
        speech.label("purchasing-role", one.role.value, own)
        for one in verdict.roles
        if one.required and one.covered is not Tri.YES
    ]
    against = dict.fromkeys(
        names.get(person) or speech.name(person)
        for cell in verdict.cells
        if cell.attitude is Attitude.OPPOSE
        for person in cell.people
    )
    warnings = [speech.label("flag", flag, own) for flag in verdict.flags]
    steps = [*_steps(verdict, names, case)]
    return (
        case.who(sheet),
        Cell(speech.listed(open_roles)),
        Cell(speech.names(list(against)), tone="bad" if against else ""),
        Cell(_few(warnings, case)),
        Cell(speech.clauses(steps)),
    )


def _few(warnings: list[str], case: Case) -> str:
    """Say the most pressing, and how many more there are on the account's sheet."""
    told = case.speech.clauses(warnings[:_MOST_WARNINGS])
    left = len(warnings) - _MOST_WARNINGS
    if left <= 0:
        return told
    return f"{told} {case.speech.shared('review.more', count=case.speech.count(left))}"


def _steps(
    verdict: stakeholders.MapVerdict, names: dict[str, str], case: Case
) -> Iterator[str]:
    """Yield what to do next, with the names of people instead of their ids."""
    speech = case.speech
    own = verdict.evidence.labels()
    for action in verdict.actions[:_MOST_STEPS]:
        said = speech.label("stakeholder-action", action.code, own)
        who = "" if action.person is None else names.get(action.person, "")
        day = speech.near(action.due, case.as_of)
        if not who and action.roles:
            who = speech.label("purchasing-role", action.roles[0].value, own)
        code = "step-with" if who else "step"
        yield plain(speech.say(code, what=said, who=who, day=day))
