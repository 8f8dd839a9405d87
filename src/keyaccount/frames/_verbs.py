"""Any rule over any frame: score a card, decide by a table, pass through gates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

import narwhals as nw

from keyaccount.rules import DecisionTable, Gates, Scorecard, asked_by

from ._columns import ColumnForm
from ._facts import Names
from ._fused import Asked, answered
from ._language import both, negate
from ._marks import score_word
from ._rails import Fold, all_rails
from ._sheet import NO_COLUMNS, NO_NAMES, PARTS, Outcome, Sheet, Wanted
from ._totals import add_all


__all__ = ["add_outcome", "decide", "gates", "score"]


FrameT = TypeVar("FrameT")


def score(  # noqa: PLR0913 - what a caller can say, all by name
    frame: FrameT,
    card: Scorecard,
    *,
    name: str | None = None,
    names: Names = NO_NAMES,
    parts: Collection[Wanted] = PARTS,
    complete: bool | None = None,
    columns: Mapping[type, ColumnForm] = NO_COLUMNS,
    rowwise: bool = False,
    fused: bool = False,
    threads: int = 1,
) -> FrameT:
    """Score every row: `NAME_low` and `NAME_high`, from 0 to 100, and `NAME_missing`.

    Args:
        frame: of any engine; the same kind comes back, lazy if it was lazy.
        card: the scorecard; the columns are called like its facts.
        name: what the answers are called; the card's name if left out.
        names: the column of a fact, where it is not called so; `Answers` translates.
        parts: `missing` and, on request, `contributions`: `NAME_CRITERION_low`, …
        complete: True promises of a lazy frame that no fact is unknown, and saves the
            bounds; a row that breaks the promise gets nulls. Frames whose rows are
            here are looked at instead.
        columns: column forms of your own scorers, by type.
        rowwise: ask scorers without a column form row by row.
        fused: answer by one loop that numba compiles when it is first asked for (about
            a second), several times as fast on frames of Polars, pandas and PyArrow
            whose rows are here. Where numba is not installed, the frame is lazy, or
            there is no such loop (scorers of your own, contributions, tables that
            list or add up), the columns way answers, with the same answers.
        threads: into how many threads the fused loop splits the rows.

    Raises:
        UnknownFactError: *names* speaks of a fact that is not declared.
        InvalidValueError: no frame, or columns that cannot be used; all at once;
            fewer threads than one.
        NotColumnarError: a scorer has no column form.
        ScorerError: a column form gave something that is no mark.
    """
    title = name or card.name
    if fused and not columns:
        asked_of = Asked(title, card.about, (card,), names, parts, complete, threads)
        done = answered(frame, asked_of)
        if done is not None:
            return done
    asked = [criterion.fact for criterion in card.criteria]
    sheet = Sheet(
        frame,
        card.about,
        asked,
        cards=(card,),
        names=names,
        want=parts,
        complete=complete,
        columns=columns,
        rowwise=rowwise,
    )
    found, added = sheet.scored(card)
    sheet.add_score(title, added)
    if "contributions" in sheet.want:
        sheet.add_contributions(title, found)
    if "missing" in sheet.want:
        sheet.add_missing(f"{title}_missing")
    return sheet.answer()


def decide(  # noqa: PLR0913 - what a caller can say, all by name
    frame: FrameT,
    table: DecisionTable,
    *,
    name: str | None = None,
    names: Names = NO_NAMES,
    parts: Collection[Wanted] = PARTS,
    complete: bool | None = None,
    columns: Mapping[type, ColumnForm] = NO_COLUMNS,
    rowwise: bool = False,
    fused: bool = False,
    threads: int = 1,
) -> FrameT:
    """Ask a table of every row.

    A single-hit table gives `NAME` (null while open), `NAME_low` and `NAME_high` (the
    lowest and the highest outcome that is possible) and, where it has a scorecard,
    `NAME_score_low` and `NAME_score_high` (`NAME_CARD_low` if it has several); where
    rows can contradict each other or none may answer, `NAME_error` has the code of the
    error that the same row raises by itself. A table that lists all that fires gives
    `NAME` and `NAME_possible`, outcomes joined by `;`; one that adds them up gives
    `NAME_low` and `NAME_high`, null where there is nothing to take the least of.

    `NAME_missing` lists the unknown facts that the table asks for. On request, `row`
    gives `NAME_row`, the id of the row that surely decides, and `contributions` what
    each criterion adds. The rest is as for `score`.
    """
    title = name or table.name
    if fused and not columns:
        about, cards = table.about, table.scorecards
        asked = Asked(title, about, cards, names, parts, complete, threads, table)
        done = answered(frame, asked)
        if done is not None:
            return done
    sheet = Sheet(
        frame,
        table.about,
        table.asks,
        cards=table.scorecards,
        names=names,
        want=parts,
        complete=complete,
        columns=columns,
        rowwise=rowwise,
    )
    if table.hit.is_single:
        add_outcome(sheet, table, title)
    else:
        _add_list(sheet, table, title)
    if "missing" in sheet.want:
        sheet.add_missing(f"{title}_missing")
    return sheet.answer()


def add_outcome(sheet: Sheet[FrameT], table: DecisionTable, title: str) -> Outcome:
    """Put a single-hit table's answers on a sheet, and return its ranks."""
    folds = _scored(sheet, table, title)
    rows = sheet.judged((row.when for row in table.rows), folds)
    found = sheet.ranked(table, rows)
    sheet.add_outcome(title, found, table)
    if "row" in sheet.want:
        sheet.add_row(f"{title}_row", table, rows)
    _add_scores(sheet, table, folds, title)
    return found


def _add_list(sheet: Sheet[FrameT], table: DecisionTable, title: str) -> None:
    """Put a multi-hit table's answers on a sheet."""
    folds = _scored(sheet, table, title)
    rows = sheet.judged((row.when for row in table.rows), folds)
    add_all(sheet, table, rows, title)
    _add_scores(sheet, table, folds, title)


def _scored(
    sheet: Sheet[FrameT], table: DecisionTable, title: str
) -> dict[str, Fold[nw.Expr]]:
    folds: dict[str, Fold[nw.Expr]] = {}
    for card in table.scorecards:
        parts, folds[card.name] = sheet.scored(card)
        if "contributions" in sheet.want:
            own = score_word(table.scorecards, card.name)
            sheet.add_contributions(f"{title}_{own}", parts)
    return folds


def _add_scores(
    sheet: Sheet[FrameT],
    table: DecisionTable,
    folds: Mapping[str, Fold[nw.Expr]],
    title: str,
) -> None:
    if "score" in sheet.want:
        for name, fold in folds.items():
            own = score_word(table.scorecards, name)
            sheet.add_score(f"{title}_{own}", fold)


def gates(  # noqa: PLR0913 - what a caller can say, all by name
    frame: FrameT,
    gates: Gates,
    *,
    name: str | None = None,
    names: Names = NO_NAMES,
    parts: Collection[Wanted] = PARTS,
    complete: bool | None = None,
) -> FrameT:
    """Pass every row through gates.

    `NAME` says whether all are passed (Boolean, null while open), `NAME_first_failing`
    and `NAME_first_open` which gate surely stops the way first, and which is open,
    `NAME_missing` the unknown facts. The rest is as for `score`.
    """
    asked = [fact for gate in gates.gates for fact in asked_by(gate.when)]
    sheet = Sheet(frame, gates.about, asked, names=names, want=parts, complete=complete)
    title = name or gates.name
    rows = sheet.judged((gate.when for gate in gates.gates), {})
    ids = tuple(gate.id for gate in gates.gates)
    sheet.add_yes_no(title, all_rails(rows))
    failing = [negate(row.may) for row in rows]
    sheet.add_first(f"{title}_first_failing", failing, ids)
    is_open = [both((row.may, negate(row.must))) for row in rows]
    sheet.add_first(f"{title}_first_open", is_open, ids)
    if "missing" in sheet.want:
        sheet.add_missing(f"{title}_missing")
    return sheet.answer()
