"""Find a policy, merge it with what it is based on, and check it whole."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from keyaccount import wire
from keyaccount.exceptions import (
    InvalidValueError,
    PolicyError,
    Problems,
    ReadError,
    UnknownNameError,
    nearest,
)
from keyaccount.rules import Policy

from ._merge import merge
from ._places import by_id


__all__ = ["defaults", "digest", "read", "resolve", "shipped"]


P = TypeVar("P", bound=Policy)

_ENDING = ".toml"


def read(
    source: str | Traversable | Mapping[str, object],
    type: type[P],  # noqa: A002 - what it is called in the wire
    *,
    kinds: wire.Kinds | None = None,
) -> P:
    """Read a policy: a shipped one by name, a TOML file by path, or plain data.

    Args:
        source: `"tiering"`, `"mine.toml"`, a `pathlib.Path`, or a mapping.
        type: the model's policy class.
        kinds: the program's own scorers by the `kind` that the file gives them.

    Raises:
        PolicyError: with every problem of the merged policy and its path.
        UnknownNameError: neither a shipped name nor a file.
    """
    what, data = _found(source)
    try:
        whole = resolve(data)
    except InvalidValueError as error:
        raise PolicyError(what, error.problems) from None
    try:
        return wire.structure(whole, type, kinds=kinds)
    except InvalidValueError as error:
        problems = error.problems
        if "based_on" in data:  # an index says nothing about a list merged from two
            problems = tuple(by_id(problem, whole) for problem in problems)
        raise PolicyError(what, problems) from None


def _found(
    source: str | Traversable | Mapping[str, object],
) -> tuple[str, Mapping[str, object]]:
    if isinstance(source, Mapping):
        name = source.get("name", source.get("based_on", "policy"))
        return name if isinstance(name, str) else "policy", source
    if isinstance(source, str):
        if source in shipped():
            return f"{source}{_ENDING}", defaults(source)
        if not source.endswith(_ENDING):
            raise UnknownNameError("policy", source, shipped())
    elif not hasattr(source, "read_bytes"):
        problems = Problems()
        problems.add("", "wrong-type", source, "a name, a path or a mapping")
        raise PolicyError("policy", problems.all())
    what = str(source)
    try:
        if isinstance(source, str):
            with open(source, "rb") as file:  # noqa: PTH123 - policies does without pathlib
                text = file.read(wire.LIMITS.policy + 1)
        else:
            text = source.read_bytes()
        return what, wire.read_toml(text)
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidValueError):
            raise PolicyError(what, error.problems) from None
        raise UnknownNameError("policy file", what, shipped()) from None


def resolve(data: Mapping[str, object]) -> Mapping[str, object]:
    """Return the whole policy: what it is based on, with the changes laid over it.

    Raises:
        ReadError: based on nothing that is shipped, or changes that do not fit.
    """
    if "based_on" not in data:
        return data
    name = data["based_on"]
    if isinstance(name, str) and name in shipped():
        return merge(defaults(name), data)
    offered = nearest(str(name)[:200], shipped())
    problems = Problems()
    problems.add("based_on", "unknown-choice", name, offered)
    raise ReadError("policy", problems.all())


@functools.cache
def shipped() -> tuple[str, ...]:
    """Return the names of the shipped policies, sorted."""
    files = resources.files("keyaccount.policies").iterdir()
    names = [file.name for file in files if file.name.endswith(_ENDING)]
    return tuple(sorted(name.removesuffix(_ENDING) for name in names))


def defaults(name: str) -> dict[str, Any]:
    """Return a shipped policy as plain data; it is yours to change.

    Raises:
        UnknownNameError: no policy of that name is shipped.
    """
    if name not in shipped():
        raise UnknownNameError("policy", name, shipped())
    file = resources.files("keyaccount.policies").joinpath(f"{name}{_ENDING}")
    return wire.read_toml(file.read_bytes())


def digest(policy: Policy, *, kinds: wire.Kinds | None = None) -> str:
    """Return the twelve letters that tell this policy from any that decides otherwise.

    It is the SHA-256 of the policy as the wire writes it, without `why`, `label` and
    `question`; a policy that was read carries it as `policy.digest`.
    """
    return wire.digest_of(wire.unstructure(policy, kinds=kinds))
