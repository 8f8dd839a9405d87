"""Tiering in columns: the rung, the problem beside it, the tier that counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from keyaccount.domain import ValueTier
from keyaccount.models.tiering import FACTS, TieringPolicy, default_policy

from ._columns import ColumnForm
from ._facts import Names
from ._fused import Asked, answered
from ._rails import any_rails
from ._sheet import NO_COLUMNS, NO_NAMES, PARTS, Sheet, Wanted
from ._verbs import add_outcome


__all__ = ["tiering"]


FrameT = TypeVar("FrameT")


def tiering(  # noqa: PLR0913 - what a caller can say, all by name
    frame: FrameT,
    *,
    policy: TieringPolicy | None = None,
    name: str = "tiering",
    names: Names = NO_NAMES,
    parts: Collection[Wanted] = PARTS,
    complete: bool | None = None,
    columns: Mapping[type, ColumnForm] = NO_COLUMNS,
    rowwise: bool = False,
    fused: bool = False,
    threads: int = 1,
) -> FrameT:
    """Say the value tier of every row (S3-5 to S3-21), from ready facts.

    The columns are called like `tiering.FACTS`: `contribution`, `lowest_contribution`
    in the policy's currency, `years_in_row`, ratios and shares; `tiering_facts` works
    them out of a table of years. The answers are those of `decide` for the ladder,
    and with them `NAME_problem` (Boolean, null while open), whether the customer is a
    problem (S3-21), and `NAME_effective`, `problem` or else the rung. On request
    `row` gives `NAME_row`, the rule that decides.

    Args:
        frame: of any engine, a row a customer; the same kind comes back.
        policy: your own; the shipped one has example amounts in USD.
        name: what the answers are called.
        names: as for `score`, as are the others.
        parts: what is answered besides.
        complete: whether a lazy frame is promised to have no gaps.
        columns: column forms of your own scorers, by type.
        rowwise: whether scorers without one are asked row by row.
        fused: whether one compiled loop answers, where there can be one.
        threads: how many threads split its rows.

    Raises:
        UnknownFactError: *names* speaks of a fact that is not among `tiering.FACTS`.
        InvalidValueError: no frame, or columns that cannot be used; all at once.
    """
    rules = policy or default_policy()
    ladder, problem = rules.ladder.table, rules.problem
    triggers = () if problem is None else tuple(row.when for row in problem.table.rows)
    instead = ValueTier.PROBLEM.value
    if fused and not columns:
        asked_of = Asked(
            name,
            FACTS,
            ladder.scorecards,
            names,
            parts,
            complete,
            threads,
            ladder,
            triggers,
            instead,
        )
        done = answered(frame, asked_of)
        if done is not None:
            return done
    asked = {*ladder.asks, *(problem.table.asks if problem is not None else ())}
    sheet = Sheet(
        frame,
        FACTS,
        asked,
        cards=ladder.scorecards,
        names=names,
        want=parts,
        complete=complete,
        columns=columns,
        rowwise=rowwise,
    )
    found = add_outcome(sheet, ladder, name)
    judged = sheet.judged(triggers, {})
    is_problem = any_rails(judged)
    sheet.add_yes_no(f"{name}_problem", is_problem)
    rank = len(ladder.outcomes)
    slugs = (*ladder.outcomes, instead)
    sheet.add_or(f"{name}_effective", is_problem.must, rank, found, slugs)
    if "missing" in sheet.want:
        sheet.add_missing(f"{name}_missing")
    return sheet.answer()
