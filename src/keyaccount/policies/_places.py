"""Where a problem is: in a merged list by id, in a policy's numbers by name."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from keyaccount.exceptions import Problem


__all__ = ["by_id"]


_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[([0-9]+)\]")


def by_id(problem: Problem, data: Mapping[str, object]) -> Problem:
    """Return the problem with `$.rows[2].when` written as `$.rows[gold].when`.

    >>> by_id(Problem("$.rows[0].when", "empty"), {"rows": [{"id": "gold"}]}).path
    '$.rows[gold].when'
    """
    value: object = data
    steps = ["$"]
    at = 1
    while found := _STEP.match(problem.path, at):
        key, index = found.groups()
        value = _part(value, key, index)
        slug = value.get("id") if index and isinstance(value, Mapping) else None
        steps.append(f"[{slug}]" if isinstance(slug, str) else found[0])
        at = found.end()
    return attrs.evolve(problem, path="".join(steps) + problem.path[at:])


def _part(value: object, key: str | None, index: str | None) -> object:
    if key is not None:
        return value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, list | tuple) and int(index or 0) < len(value):
        return value[int(index or 0)]
    return None
