"""Lay a user's changes over a policy: plain data over plain data.

Tables merge by key, lists of tables by `id`; anything else is replaced, and an
empty list empties. `drop` at the top takes entries away, by id or, where two lists
have that id, as `rows.gold`, of a list inside an entry as `stages.design.exits.gate`;
an entry's own `before` says where it goes. An entry
that a user changes is the user's own: it keeps neither the origin nor the why of the
old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast

from keyaccount import wire
from keyaccount.exceptions import Problems, ReadError, nearest


__all__ = ["merge"]


Table: TypeAlias = dict[str, Any]
"""Plain data under names, as a TOML reader returns it."""

_DIRECTIONS = ("based_on", "drop", "before")
_TELLING = frozenset({"id", "before", "origin", "why", "label"})


def merge(base: Mapping[str, object], changes: Mapping[str, object]) -> Table:
    """Return *base* with *changes* laid over it; neither is touched.

    >>> merge({"rows": [{"id": "a"}]}, {"rows": [{"id": "b", "before": "a"}]})
    {'rows': [{'id': 'b'}, {'id': 'a'}]}

    Raises:
        ReadError: a `drop` or `before` that names nothing, or more than one thing.
    """
    wire.check_limits(base)
    wire.check_limits(changes)
    problems = Problems()
    kept = _without(_copy(base), changes.get("drop", ()), problems)
    found = _tables(kept, changes, "", problems)
    if problems:
        raise ReadError("changes", problems.all())
    return found


def _copy(value: Mapping[str, object]) -> Table:
    return {key: _copied(part) for key, part in value.items()}


def _copied(value: object) -> object:
    if isinstance(value, Mapping):
        return _copy(value)
    if isinstance(value, list | tuple):
        return [_copied(part) for part in value]
    return value


def _tables(
    base: Table, changes: Mapping[str, object], path: str, problems: Problems
) -> Table:
    found = dict(base)
    for key, change in changes.items():
        if key in _DIRECTIONS and (key == "before" or not path):
            continue
        old, where = base.get(key), f"{path}.{key}".lstrip(".")
        if isinstance(old, dict) and isinstance(change, Mapping):
            found[key] = _tables(old, change, where, problems)
        elif isinstance(old, dict) and path == "numbers":
            found[key] = _tables(old, {"value": change}, where, problems)
        elif old and change and _is_entries(old) and _is_tables(change):
            found[key] = _entries(
                cast("list[Table]", old), cast("list[Table]", change), where, problems
            )
        else:
            found[key] = _copied(change)
    return _owned(base, changes, found)


def _owned(base: Table, changes: Mapping[str, object], found: Table) -> Table:
    """Call an entry the user's own that the user states, even if it says the same."""
    states = any(key not in _TELLING for key in changes)
    if states and "origin" in base and "origin" not in changes:
        found["origin"] = "own"
        if "why" not in changes:
            found.pop("why", None)
    return found


def _is_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(part, Mapping) for part in value
    )


def _is_entries(value: object) -> bool:
    """Whether it is a list of tables that all have an id."""
    return _is_tables(value) and all(
        isinstance(part.get("id"), str) for part in cast("list[Table]", value)
    )


def _entries(
    base: list[Table], changes: list[Table], path: str, problems: Problems
) -> list[Table]:
    order = [entry["id"] for entry in base]
    found: dict[str, Table] = {entry["id"]: entry for entry in base}
    for index, change in enumerate(changes):
        slug = change.get("id")
        where = f"{path}[{index}]"
        if not isinstance(slug, str):
            problems.add(
                f"{where}.id", "missing", expected="the id of an old or new entry"
            )
            continue
        if any(slug == other.get("id") for other in changes[:index]):
            problems.add(f"{where}.id", "duplicate", slug)
            continue
        found[slug] = _tables(found.get(slug, {}), change, where, problems)
        if slug not in order:
            order.append(slug)
        mark = change.get("before")
        if mark is None:
            continue
        others = [name for name in order if name != slug]
        if mark not in others:
            expected = nearest(str(mark)[:200], others)
            problems.add(f"{where}.before", "unknown-choice", mark, expected)
            continue
        others.insert(others.index(mark), slug)
        order = others
    return [found[slug] for slug in order]


def _without(base: Table, drop: object, problems: Problems) -> Table:
    if isinstance(drop, str) or not isinstance(drop, list | tuple):
        problems.add("drop", "wrong-type", drop, 'a list of ids, as in drop = ["gold"]')
        return base
    found = base
    for index, name in enumerate(drop):
        numbers: list[Place] = [("numbers", slug) for slug in found.get("numbers", {})]
        places = [*numbers, *_places(found)]
        wanted = _named(name, places)
        if len(wanted) == 1:
            found = _dropped(found, wanted[0])
        elif wanted:
            which = " or ".join(".".join(place) for place in wanted)
            problems.add(f"drop[{index}]", "contradiction", name, f"say which: {which}")
        else:
            offered = dict.fromkeys(place[-1] for place in places)
            expected = nearest(str(name)[:200], offered)
            problems.add(f"drop[{index}]", "unknown-choice", name, expected)
    return found


Place: TypeAlias = tuple[str, ...]
"""Where an entry stands, as `drop` names it: list, id, and so on inwards."""


def _places(base: Table) -> Iterator[Place]:
    """Yield the place of every entry, and of every entry inside it."""
    for key, part in base.items():
        if isinstance(part, list) and part and _is_entries(part):
            for entry in part:
                yield key, entry["id"]
                yield from ((key, entry["id"], *inner) for inner in _places(entry))


def _named(name: object, places: list[Place]) -> list[Place]:
    """Return the places that a name may mean; an id alone means the outermost ones."""
    if whole := [place for place in places if name == ".".join(place)]:
        return whole
    found = [place for place in places if name == place[-1]]
    outermost = min(map(len, found), default=0)
    return [place for place in found if len(place) == outermost]


def _dropped(base: Table, place: Place) -> Table:
    key, slug, *inner = place
    part = base[key]
    if isinstance(part, dict):
        kept: object = {name: value for name, value in part.items() if name != slug}
    elif inner:
        within = tuple(inner)
        kept = [
            _dropped(entry, within) if entry["id"] == slug else entry for entry in part
        ]
    else:
        kept = [entry for entry in part if entry["id"] != slug]
    return {**base, key: kept}
