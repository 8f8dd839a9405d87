"""What a group adds up to, beside every row of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast

import narwhals as nw

from ._facts import Frame
from ._joins_here import numbered


__all__ = ["Totals", "beside"]


Totals: TypeAlias = Mapping[str, tuple[str, Literal["sum", "max"]]]
"""For a new column: which is added up, or which one's highest is taken."""


def beside(frame: Frame, groups: Sequence[str], totals: Totals) -> Frame:
    """Put the totals of a row's group beside it; null is a group of its own.

    PyArrow joins in whatever order its threads finish, so there every group has a
    number, and its totals are taken by that.
    """
    if frame.implementation.is_pyarrow():
        return _pyarrow(frame, groups, totals)
    return frame.with_columns(
        **{
            title: (nw.col(of).sum() if how == "sum" else nw.col(of).max()).over(
                *groups
            )
            for title, (of, how) in totals.items()
        }
    )


def _pyarrow(frame: Frame, groups: Sequence[str], totals: Totals) -> Frame:
    import pyarrow as pa  # noqa: PLC0415 - the frame is one of PyArrow

    native: Any = frame.to_native()
    code, _ = numbered(native, groups)
    columns = {title: native.column(of) for title, (of, _) in totals.items()}
    table = pa.table({"group": code, **columns})
    asked = [(title, how) for title, (_, how) in totals.items()]
    found = table.group_by("group").aggregate(asked).sort_by("group")
    for title, (_, how) in totals.items():
        native = native.append_column(title, found.column(f"{title}_{how}").take(code))
    return cast("Frame", nw.from_native(native))
