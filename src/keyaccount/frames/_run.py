"""Runs a rule's loop over a frame whose rows are here.

A loop is compiled by numba when it is first asked for and kept as long as the process
lives, never on disk: a cache folder would hold machine code and pickles, and whoever
may write there could have them run. The machine's lock is let go while a loop runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import attrs
import narwhals as nw
import numpy as np
from numba import njit, types

from keyaccount.rules import run

from ._buffers import Array, Column, Given, beside, taken
from ._columns import refuse_gaps
from ._facts import Source
from ._program import Plan, Written, write
from ._ranks import ERRORS, row_words
from ._sheet import FEW_GAPS, subsets
from ._words import choose, put, read


if TYPE_CHECKING:
    from ._fused import Asked


__all__ = ["Program", "answer", "build", "compiled"]


@attrs.frozen(eq=False)
class Program:
    """A compiled loop: called with the number of rows, what is given and what is told.

    `given` and `told` have the types of the arrays, in order.
    """

    given: Mapping[str, str]
    told: Mapping[str, str]
    loop: Callable[..., None]


@functools.lru_cache(64)
def compiled(plan: Plan) -> Program:
    """Write and compile the loop of a plan."""
    return build(write(plan))


def build(written: Written) -> Program:
    """Turn the nodes of a loop into machine code."""
    namespace: dict[str, object] = {
        "choose": choose,
        "nan": float("nan"),
        "put": put,
        "range": range,
        "read": read,
    }
    run(written.module, namespace)
    arrays = [
        types.Array(getattr(types, kind), 1, "C", readonly=is_given)
        for kinds, is_given in ((written.given, True), (written.told, False))
        for kind in kinds.values()
    ]
    signature = types.void(types.intp, *arrays)
    written_loop = cast("Callable[..., None]", namespace["loop"])
    loop = njit(signature, nogil=True)(written_loop)
    return Program(written.given, written.told, cast("Callable[..., None]", loop))


def answer(
    frame: nw.DataFrame[Any], given: Mapping[str, Source], plan: Plan, asked: Asked
) -> object:
    """Return the engine's own frame with the answers beside its columns.

    Raises:
        InvalidValueError: columns that have gaps although *complete* says that there
            is none.
    """
    told = _go(frame, plan, given, asked.threads)
    if asked.complete:
        gaps = [
            one
            for at, one in enumerate(given.values())
            if one.column is not None and (told["missing"] & (1 << at)).any()
        ]
        if gaps:
            refuse_gaps(gaps)
    words = _words(asked)
    found = {
        part: Column(values, words.get(part))
        for part, values in told.items()
        if part != "missing"
    }
    if "missing" in asked.parts:
        found["missing"] = _missing(told["missing"], plan.asks)
    if "value" in found and told["value"].min(initial=0) >= 0:  # nothing is open
        found |= {end: found["value"] for end in ("low", "high") if end in found}
    answers = {
        title: found[part] for title, part in asked.titles.items() if part in found
    }
    return beside(frame.to_native(), answers)


def _go(
    frame: nw.DataFrame[Any], plan: Plan, found: Mapping[str, Source], threads: int
) -> dict[str, Array]:
    """Run the loop over all rows, in as many pieces as there are threads."""
    given, rows = taken(frame, found), len(frame)
    absent = frozenset(plan.asks) - frozenset(given)
    has_nulls = any(one.there is not None for one in given.values())
    program = compiled(attrs.evolve(plan, absent=absent, has_nulls=has_nulls))
    told = _room(program, rows)
    arrays = [*_read(program, plan, given, rows), *told.values()]
    if threads == 1:
        program.loop(rows, *arrays)
        return told
    ends = [rows * at // threads for at in range(threads + 1)]

    def work(at: int) -> None:
        piece = slice(ends[at], ends[at + 1])
        program.loop(ends[at + 1] - ends[at], *(array[piece] for array in arrays))

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, range(threads)):
            pass
    return told


def _room(program: Program, rows: int) -> dict[str, Array]:
    """Return arrays to write in: one piece of memory is cheaper than many."""
    kinds = {title: np.dtype(kind) for title, kind in program.told.items()}
    sizes = [-(-kind.itemsize * rows // _LINE) * _LINE for kind in kinds.values()]
    ends = np.cumsum([0, *sizes])
    memory = np.empty(int(ends[-1]), np.uint8)
    return {
        title: memory[start : start + kind.itemsize * rows].view(kind)
        for (title, kind), start in zip(kinds.items(), ends[:-1], strict=True)
    }


_LINE = 64  # bytes that a processor fetches at once


def _read(
    program: Program, plan: Plan, given: Mapping[str, Given], rows: int
) -> list[Array]:
    """Return the arrays that the loop reads, in its order."""
    needed = any(title.startswith("k") for title in program.given)
    everywhere = np.ones(rows if needed else 0, np.uint8)  # one array for all
    found = []
    for title in program.given:
        one = given[plan.about.names[int(title[1:])]]
        if title.startswith("f"):
            found.append(one.array)
        else:
            found.append(everywhere if one.there is None else one.there)
    return found


def _words(asked: Asked) -> dict[str, tuple[str, ...] | tuple[bool, ...]]:
    """Return what the whole numbers that a loop tells stand for."""
    found: dict[str, tuple[str, ...] | tuple[bool, ...]] = {}
    if asked.table is not None:
        outcomes = asked.table.outcomes
        found = dict.fromkeys(("value", "low", "high"), outcomes)
        found["effective"] = (*outcomes, asked.instead)
        found["row"] = row_words(asked.table)
    return {**found, "error": ERRORS, "problem": (False, True)}


def _missing(told: Array, asks: tuple[str, ...]) -> Column:
    """Spell out which facts are unknown: one text for every set that there is."""
    if not told.any():
        return Column(told, ("",), is_ladder=False)
    if len(asks) <= FEW_GAPS:
        return Column(told, _every_set(asks), is_ladder=False)
    sets, places = np.unique(told, return_inverse=True)
    texts = tuple(
        ";".join(name for at, name in enumerate(asks) if one >> at & 1)
        for one in sets.tolist()
    )
    return Column(places.astype(np.int32), texts, is_ladder=False)


@functools.lru_cache(16)
def _every_set(asks: tuple[str, ...]) -> tuple[str, ...]:
    return subsets(asks)
