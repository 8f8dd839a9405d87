"""From what a case gives to the arguments of a verb, by the verb's own signature."""

from __future__ import annotations

import collections.abc
import datetime as dt
import functools
import inspect
import typing
from collections.abc import Callable, Mapping
from types import NoneType, TracebackType, UnionType
from typing import TypeAlias, Union, cast, get_args, get_origin

import attrs

from keyaccount import policies, wire
from keyaccount.exceptions import (
    InvalidValueError,
    PolicyError,
    Problems,
    ReadError,
    nearest,
)
from keyaccount.rules import Policy


__all__ = ["arguments", "place"]


Annotation: TypeAlias = object
"""What stands behind a parameter's colon: a class, a list of them, a union."""

Table: TypeAlias = Mapping[str, object]


def place(path: str, key: str) -> str:
    """Return the path of a key in a table."""
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{key[:200]!r}]"


def arguments(
    verb: Callable[..., object],
    entry: Table,
    *,
    model: str,
    own: Policy | None,
    path: str,
) -> dict[str, object]:
    """Read what a case gives as the arguments of its verb.

    `as_of` and the policy come from keys of the case, whatever the verb calls its
    policy (a pipeline is one); a verb that asks for neither a day nor a policy goes
    without.

    Raises:
        ReadError: everything that does not fit the signature, with paths.
        PolicyError: nothing is wrong but the policy.
    """
    hints = typing.get_type_hints(verb)
    parameters = inspect.signature(verb).parameters
    problems, opinions = Problems(), Problems()
    given = entry.get("given", {})
    if not isinstance(given, Mapping):
        problems.add(f"{path}.given", "wrong-type", given, "a table: [case.given]")
        given = {}
    judge = _judge_of(parameters, hints)
    offered = [name for name in parameters if name not in {"as_of", judge}]
    found: dict[str, object] = {}
    for name, value in given.items():
        where = place(f"{path}.given", name)
        if name not in offered:
            problems.add(where, "unknown-key", name, nearest(name[:200], offered))
            continue
        with _Noting(problems, where):
            found[name] = _read(value, hints[name])
    if "as_of" in parameters and "as_of" in entry:
        with _Noting(problems, f"{path}.as_of"):
            found["as_of"] = wire.structure(entry["as_of"], dt.date)
    if "policy" in entry or (judge in parameters and own is not None):
        with _Noting(opinions, f"{path}.policy"):
            hint = hints.get(judge)
            found[judge] = _policy(entry.get("policy", {}), hint, model, own)
    keys = {"as_of": "as_of", judge: "policy"}
    for name, parameter in parameters.items():
        key = keys.get(name, f"given.{name}")
        is_given = name in found or name in given or key in entry
        if parameter.default is inspect.Parameter.empty and not is_given:
            problems.add(f"{path}.{key}", "missing", expected=key.rpartition(".")[2])
    if problems:
        raise ReadError("case", (*problems.all(), *opinions.all()))
    if opinions:
        raise PolicyError("case", opinions.all())
    return found


def _judge_of(
    parameters: Mapping[str, inspect.Parameter], hints: Mapping[str, Annotation]
) -> str:
    """Return what a verb calls its policy: `policy`, or the argument that takes one."""
    for name in parameters:
        if any(_is_class(part, Policy) for part in _parts(hints[name])):
            return name
    return "policy"


@attrs.frozen
class _Noting:
    """Takes the problems of what runs inside a `with`, under the place it is about."""

    problems: Problems
    path: str

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Note what is wrong with the data; let every other error pass."""
        if isinstance(error, InvalidValueError):
            self.problems.extend(part.under(self.path) for part in error.problems)
        return isinstance(error, InvalidValueError)


def _policy(
    changes: object, hint: Annotation, model: str, own: Policy | None
) -> Policy:
    """Lay a case's changes over the shipped policy, or over the user's own."""
    classes = [part for part in _parts(hint) if _is_class(part, Policy)]
    if not isinstance(changes, Mapping) or not classes:
        wanted = (
            "a table: [case.policy]" if classes else "nothing: this verb asks for none"
        )
        problems = Problems()
        problems.add("", "wrong-type", changes, wanted)
        raise ReadError("policy", problems.all())
    cls = cast("type[Policy]", classes[0])
    if own is None:
        return policies.read({"based_on": model, **changes}, cls)
    return policies.read(policies.merge(wire.unstructure(own), changes), cls)


def _read(value: object, hint: Annotation) -> object:
    """Read one argument: a noun, one of several kinds of noun, a list or table of them.

    A table that may be of several kinds needs no `kind` where its keys tell.
    """
    parts = _parts(hint)
    if isinstance(value, list):
        for part in parts:
            if _is_list(part):
                return _each(value, get_args(part)[0])
    if isinstance(value, Mapping) and "kind" not in value:
        nouns = [part for part in parts if attrs.has(_bare(part))]
        fitting = [part for part in nouns if _fits(_bare(part), value)]
        tables = [part for part in parts if get_origin(part) is collections.abc.Mapping]
        if tables and not fitting:
            return _by_name(value, get_args(tables[0])[1])
        if nouns:
            nearest_first = sorted(nouns, key=lambda part: -_shared(_bare(part), value))
            return wire.structure(value, _plain([*fitting, *nearest_first][0]))
    return wire.structure(value, _plain(functools.reduce(_join, map(_single, parts))))


def _each(values: list[object], hint: Annotation) -> tuple[object, ...]:
    problems = Problems()
    found: list[object] = []
    for index, value in enumerate(values):
        with _Noting(problems, f"$[{index}]"):
            found.append(_read(value, hint))
    if problems:
        raise ReadError("list", problems.all())
    return tuple(found)


def _by_name(table: Table, hint: Annotation) -> dict[str, object]:
    """Read a table of nouns by name; where any value may stand, as it stands."""
    if hint is object:
        return dict(table)
    problems = Problems()
    found: dict[str, object] = {}
    for name, value in table.items():
        with _Noting(problems, place("$", name)):
            found[name] = _read(value, hint)
    if problems:
        raise ReadError("table", problems.all())
    return found


def _parts(hint: Annotation) -> list[Annotation]:
    """Return what a union joins, without None; anything else alone."""
    if get_origin(hint) in {Union, UnionType}:
        return [part for part in get_args(hint) if part is not NoneType]
    return [hint]


def _single(part: Annotation) -> Annotation:
    """Return what a single value is read as: a list of one kind as a tuple of it."""
    if get_origin(part) in {collections.abc.Iterable, collections.abc.Sequence}:
        return tuple.__class_getitem__((get_args(part)[0], ...))
    return part


def _join(left: Annotation, right: Annotation) -> Annotation:
    return cast("Annotation", Union[left, right])  # noqa: UP007 - built at run time


def _bare(part: Annotation) -> type:
    """Return the class behind `Verdict[ValueTier]`, or `object` where there is none."""
    found = get_origin(part) or part
    return found if isinstance(found, type) else object


def _plain(part: Annotation) -> type[object]:
    return cast("type[object]", part)


def _is_class(part: Annotation, wanted: type) -> bool:
    return isinstance(part, type) and issubclass(part, wanted)


def _is_list(part: Annotation) -> bool:
    origin = get_origin(part)
    return _is_class(origin, collections.abc.Iterable) and not _is_class(
        origin, collections.abc.Mapping
    )


def _keys(noun: type) -> set[str]:
    return {field.alias or field.name for field in attrs.fields(noun) if field.init}


def _fits(noun: type, table: Table) -> bool:
    """Whether the table has every key that the noun needs, and no other."""
    needed = {
        field.alias or field.name
        for field in attrs.fields(noun)
        if field.init and field.default is attrs.NOTHING and not _may_be_none(field)
    }
    return needed <= set(table) <= _keys(noun)


def _may_be_none(field: attrs.Attribute[object]) -> bool:
    return "None" in str(field.type)


def _shared(noun: type, table: Table) -> int:
    return len(_keys(noun) & set(table))
