"""What is not wrong with a policy, but not good either."""

from __future__ import annotations

import attrs

from keyaccount.exceptions import Problem, Problems
from keyaccount.rules import Number, Policy


__all__ = ["lint"]


def lint(policy: Policy) -> tuple[Problem, ...]:
    """Find every number, row and criterion that does not say why it is as it is."""
    problems = Problems()
    _look(policy, "", problems)
    return problems.all()


def _look(value: object, path: str, problems: Problems) -> None:
    if isinstance(value, tuple | frozenset):
        for index, part in enumerate(value):
            step = f".{part.id}" if isinstance(part, Number) else f"[{index}]"
            _look(part, f"{path}{step}", problems)
        return
    cls = type(value)
    if not attrs.has(cls):
        return
    names = [attribute.name for attribute in attrs.fields(cls)]
    if {"id", "why"} <= set(names) and not getattr(value, "why"):  # noqa: B009 - any class that has it
        problems.add(path, "no-reason", getattr(value, "id"))  # noqa: B009 - the same
    for name in names:
        _look(getattr(value, name), f"{path}.{name}".lstrip("."), problems)
