"""Scorers that have no column form, asked value by value: slow, and the same answers.

Rows that are here are asked at once, so that a scorer's error comes as it is; a lazy
frame of Polars asks when it is collected. A row whose fact is unknown is not asked.
"""

from __future__ import annotations

from typing import Any, cast

import narwhals as nw

from keyaccount.exceptions import ScorerError
from keyaccount.rules import Criterion

from ._facts import Frame, Source


__all__ = ["with_marks"]


_FULL = 100.0


def with_marks(
    frame: Frame,
    given: nw.DataFrame[Any] | None,
    criterion: Criterion,
    source: Source,
    name: str,
) -> Frame:
    """Return a frame with a column of marks, 0 where nobody knows the fact.

    Args:
        frame: an eager frame, or one of Polars.
        given: the eager frame that *frame* puts off, if it does.
        criterion: whose scorer is asked.
        source: where its fact comes from.
        name: what the column of marks is called.

    Raises:
        ScorerError: something that is no mark; a lazy frame raises its engine's own
            error, which has the same text.
    """
    here = frame if isinstance(frame, nw.DataFrame) else given
    if here is None:
        return _put_off(frame, criterion, source, name)
    told = here.select(fact=source.value, gap=source.gap).rows()
    marks = [_mark(criterion, None if gap else fact) for fact, gap in told]
    series = nw.new_series(name, marks, nw.Float64, backend=here.implementation)
    if isinstance(frame, nw.DataFrame):
        return frame.with_columns(series)
    native: Any = frame.to_native()
    return cast("Frame", nw.from_native(native.with_columns(series.to_native())))


def _put_off(frame: Frame, criterion: Criterion, source: Source, name: str) -> Frame:
    import polars as pl  # noqa: PLC0415 - the frame is one of Polars

    def mark(value: float) -> float:
        return _mark(criterion, value)

    fact = nw.when(~source.gap).then(source.value)
    native: Any = frame.with_columns(**{name: fact}).to_native()
    marks = pl.col(name).map_elements(mark, return_dtype=pl.Float64).fill_null(0.0)
    return cast("Frame", nw.from_native(native.with_columns(marks)))


def _mark(criterion: Criterion, value: float | None) -> float:
    if value is None:
        return 0.0
    scorer: Any = criterion.scorer
    mark = scorer(float(value) + 0.0)  # pandas tells numbers of numpy
    is_number = isinstance(mark, int | float) and not isinstance(mark, bool)
    if not (is_number and 0.0 <= mark <= _FULL):
        raise ScorerError(criterion.id, value, mark)
    return float(mark) + 0.0
