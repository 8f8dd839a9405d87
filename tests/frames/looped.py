"""A rule's loop in plain Python: the same nodes, run slowly and without a compiler.

What the nodes say can so be held to the object path by hundreds of examples; that the
compiler does what they say takes a few.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

from keyaccount.frames._program import Plan, Written, write
from keyaccount.rules import FactKind, run
from tests.frames.drawn import Raw


__all__ = ["Looped", "looped"]


Looped: TypeAlias = dict[str, list[Any]]
"""What a loop tells of every row, by the loop's own names."""


def looped(plan: Plan, rows: Sequence[Raw], written: Written | None = None) -> Looped:
    """Run the loop of a plan, or other nodes in its place, over rows."""
    nodes = write(plan) if written is None else written
    namespace: dict[str, object] = {
        "choose": lambda when, then, otherwise: then if when else otherwise,
        "nan": math.nan,
        "put": _put,
        "range": range,
        "read": lambda array, at: array[at],
    }
    run(nodes.module, namespace)
    loop = cast("Callable[..., None]", namespace["loop"])
    told: Looped = {title: [None] * len(rows) for title in nodes.told}
    loop(
        len(rows), *(_given(plan, title, rows) for title in nodes.given), *told.values()
    )
    return told


def _put(array: list[Any], at: int, value: object) -> None:
    array[at] = value


def _given(plan: Plan, title: str, rows: Sequence[Raw]) -> list[Any]:
    fact = plan.about.facts[int(title[1:])]
    values = [row[fact.name] for row in rows]
    if title.startswith("k"):
        return [int(value is not None) for value in values]
    if fact.kind is FactKind.NUMBER:  # under a null there may stand anything
        nothing = 12.5 if plan.has_nulls else math.nan
        return [nothing if value is None else value for value in values]
    choices: tuple[object, ...] = fact.choices or (False, True)
    return [-1 if value is None else choices.index(value) for value in values]
