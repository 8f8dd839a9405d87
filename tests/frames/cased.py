"""What the models that are judged case by case are held to: rows in, rows out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pytest
from hypothesis import settings

from keyaccount import frames
from keyaccount.rules import FactKind
from tests.frames.engines import PRESENT, Cells, Engine, read


__all__ = ["ID", "Native", "answered", "cells", "few", "on_every_engine"]


Native: TypeAlias = Any
"""A frame of any engine, or what belongs to one."""

ID = "№"
"""Says which row it is, whatever order an engine gives them back in."""

_EXAMPLES = settings().max_examples

_MOVING = "ignore:Dask support is moving:FutureWarning"  # says narwhals of itself

on_every_engine = pytest.mark.parametrize(
    "engine",
    [
        pytest.param(engine, id=engine.name, marks=pytest.mark.filterwarnings(_MOVING))
        for engine in PRESENT
    ],
)


def few(engine: Engine) -> settings:
    """Ask engines that take long to plan a query less often."""
    is_slow = engine.is_lazy and not engine.name.startswith("polars")
    return settings(max_examples=max(2, _EXAMPLES // (20 if is_slow else 10)))


def cells(
    kinds: Mapping[str, FactKind], rows: Sequence[Mapping[str, object]]
) -> dict[str, tuple[FactKind, Sequence[object]]]:
    """Return rows as numbered columns of a frame; what a row leaves out is null."""
    found = {
        name: (kind, [_cell(kind, row.get(name)) for row in rows])
        for name, kind in kinds.items()
    }
    return {ID: (FactKind.NUMBER, [float(at) for at in range(len(rows))]), **found}


def _cell(kind: FactKind, value: object) -> object:
    if kind is FactKind.NUMBER and value is not None:
        return float(value)  # type: ignore[arg-type]  # a number, as its kind says
    return value


def answered(
    engine: Engine, told: Cells, ask: Callable[[Native], Native]
) -> list[dict[str, object]]:
    """Return the answers alone, in the order of the rows that were given."""
    frame = engine.build(told)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", frames.MissingColumnWarning)
        found = ask(frame)
    assert type(found) is type(frame), (type(found), type(frame))
    rows = read(found)
    numbers = [row[ID] for row in rows]
    assert sorted(numbers) == told[ID][1], "a row is lost, or stands twice"  # type: ignore[type-var]  # floats
    if not engine.is_lazy:
        assert numbers == told[ID][1], "the rows stand in another order"
    rows.sort(key=lambda row: row[ID])  # type: ignore[arg-type,return-value]  # floats
    return [
        {title: value for title, value in row.items() if title not in told}
        for row in rows
    ]
