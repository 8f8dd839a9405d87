"""Selection in columns: strategic, a key account, of high potential or ordinary?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

import narwhals as nw

from keyaccount.domain import SelectionCriterion
from keyaccount.models.selection import FACTS, SelectionPolicy, default_policy
from keyaccount.rules import DecisionTable

from ._facts import Names
from ._language import Truth, both, either, negate
from ._rails import Rails, all_rails, rails
from ._sheet import NO_NAMES, PARTS, Outcome, Sheet, Wanted, joined
from ._supposing import Supposing


__all__ = ["selection"]


FrameT = TypeVar("FrameT")

Answers = Mapping[str, Rails[nw.Expr]]
"""What each criterion says, by the name of its fact."""

_SHARE, _IN_HEAD = "share_of_total", "in_head"  # of which one amount tells both


def selection(  # noqa: PLR0913 - what a caller can say, all by name
    frame: FrameT,
    *,
    policy: SelectionPolicy | None = None,
    name: str = "selection",
    names: Names = NO_NAMES,
    parts: Collection[Wanted] = PARTS,
    complete: bool | None = None,
) -> FrameT:
    """Say of every row whether it is strategic, or merely large (S0-4 to S0-11).

    The columns are called like `selection.FACTS`: `share_of_total` (which
    `share_of_total` works out) and `in_head` (`head` does), `service_lines`,
    `customised_service`, `intents_matched`, `executives_meet_ours` and
    `commits_resources`. How many of the intents of the day a customer serves is for
    you to count; null where none is declared.

    `NAME` is the designation, null while open, `NAME_low` and `NAME_high` the lowest
    and the highest that is possible. `NAME_scale`, `NAME_solution_need`,
    `NAME_strategic_fit` and `NAME_willingness` are what the four criteria say,
    `NAME_one_sided` that the customer does not want what we want (S0-7a): Boolean,
    null while open. `NAME_missing` lists the unknown facts that open criteria ask
    for. On request `row` gives `NAME_row`, the rule that surely decides.

    Args:
        frame: of any engine, a row a customer; the same kind comes back.
        policy: your own; the shipped one otherwise.
        name: what the answers are called.
        names: the column of a fact, where it is not called so.
        parts: what is answered besides.
        complete: whether a lazy frame is promised to have no gaps.

    Raises:
        UnknownFactError: *names* speaks of a fact that is not among `selection.FACTS`.
        InvalidValueError: no frame, or columns that cannot be used; all at once.
    """
    rules = policy or default_policy()
    tables = {one: compiled.table for one, compiled in rules.criteria.items()}
    asked = {fact for table in tables.values() for fact in table.asks}
    sheet = Sheet(frame, FACTS, asked, names=names, want=parts, complete=complete)
    said = {one: _answer(sheet, table) for one, table in tables.items()}
    answers = {_fact_of(one): answer for one, answer in said.items()}
    answers["required_met"] = all_rails(
        [said[part.id] for part in rules.required_criteria]
    )
    designation = rules.designation.table
    sheet.add_outcome(name, _designated(sheet, designation, answers), designation)
    if "row" in sheet.want:
        words = Supposing(sheet.words, answers=answers)
        rows = [rails(row.when, words, {}) for row in designation.rows]
        sheet.add_row(f"{name}_row", designation, rows)
    for one, answer in said.items():
        sheet.add_yes_no(f"{name}_{_fact_of(one)}", answer)
    willing = said[SelectionCriterion.WILLINGNESS]
    sheet.add_yes_no(f"{name}_one_sided", _turned(willing))
    if "missing" in sheet.want:
        is_open = {
            one: both((negate(answer.must), answer.may))
            for one, answer in said.items()
            if not answer.is_crisp
        }
        listed = joined(_missing(sheet, tables, is_open))
        sheet.add(f"{name}_missing", listed)
    return sheet.answer()


def _fact_of(criterion: SelectionCriterion) -> str:
    return criterion.value.replace("-", "_")


def _answer(sheet: Sheet[FrameT], table: DecisionTable) -> Rails[nw.Expr]:
    """Ask a criterion's table, of which the last outcome is that it is met."""
    rows = sheet.judged((row.when for row in table.rows), {})
    found = sheet.ranked(table, rows)
    met = len(table.outcomes) - 1
    must = found.low == met
    return Rails(must, must if found.low is found.high else found.high == met)


def _designated(
    sheet: Sheet[FrameT], table: DecisionTable, answers: Answers
) -> Outcome:
    """Judge the answers with all that is open taken as no, and as yes.

    No criterion that is met as well lowers a designation, which a policy is held to;
    so these are the lowest and the highest of all ways to fill in what is open.
    """
    least = {name: Rails(answer.must, answer.must) for name, answer in answers.items()}
    most = {name: Rails(answer.may, answer.may) for name, answer in answers.items()}
    low = _ranked(sheet, table, least)
    if all(answer.is_crisp for answer in answers.values()):
        return low
    high = _ranked(sheet, table, most)
    return Outcome(low.low, high.high, clash=False, none=False)


def _ranked(sheet: Sheet[FrameT], table: DecisionTable, answers: Answers) -> Outcome:
    words = Supposing(sheet.words, answers=answers)
    return sheet.ranked(table, [rails(row.when, words, {}) for row in table.rows])


def _turned(answer: Rails[nw.Expr]) -> Rails[nw.Expr]:
    no = negate(answer.may)
    return Rails(no, no if answer.is_crisp else negate(answer.must))


def _missing(
    sheet: Sheet[FrameT],
    tables: Mapping[SelectionCriterion, DecisionTable],
    is_open: Mapping[SelectionCriterion, Truth[nw.Expr]],
) -> Iterator[tuple[Truth[nw.Expr], str]]:
    """Say where each fact is to be asked for: unknown, and its criterion open.

    Whether a customer is among the head follows from its amount, which a question
    about its share asks for.
    """
    asked: dict[str, Truth[nw.Expr]] = {}
    for fact in sheet.words.sources:
        wanted = either(
            open_ for one, open_ in is_open.items() if fact in tables[one].asks
        )
        asked[fact] = both((negate(sheet.words.known(fact)), wanted))
    if _IN_HEAD in asked and _SHARE in asked:
        asked[_IN_HEAD] = both((asked[_IN_HEAD], negate(asked[_SHARE])))
    for fact, when in asked.items():
        yield when, fact
