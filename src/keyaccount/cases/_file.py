"""Reads a case file whole, down to the arguments of every verb.

Models and verbs stand in a list here: a file cannot name anything else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TypeAlias, cast

import attrs

from keyaccount import wire
from keyaccount.exceptions import (
    InvalidValueError,
    KeyAccountError,
    Problems,
    ReadError,
    nearest,
)
from keyaccount.models import (
    allocation,
    buying,
    communication,
    engagement,
    fit,
    forecast,
    growth,
    lifetime,
    motion,
    payment,
    plans,
    qualification,
    readiness,
    receivables,
    segments,
    selection,
    stages,
    stakeholders,
    tiering,
)
from keyaccount.rules import Policy

from ._arguments import arguments, place


__all__ = ["MODELS", "WITHIN", "Case", "Model", "Policies", "Source", "read"]


@attrs.frozen
class Model:
    """A model's module, and the verb that a case means when it names none."""

    module: ModuleType
    main: str

    @property
    def verbs(self) -> tuple[str, ...]:
        """The functions that a case may call."""
        names = cast("list[str]", self.module.__all__)
        offered = [name for name in names if name not in {"default_policy", "facts"}]
        return tuple(
            name for name in offered if inspect.isfunction(getattr(self.module, name))
        )

    def verb(self, name: str) -> Callable[..., object]:
        """Return a function that a case may call."""
        return cast("Callable[..., object]", getattr(self.module, name))


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "allocation": Model(allocation, "allocate"),
        "buying": Model(buying, "match"),
        "communication": Model(communication, "gaps"),
        "engagement": Model(engagement, "assess"),
        "fit": Model(fit, "assess"),
        "forecast": Model(forecast, "roll_up"),
        "growth": Model(growth, "read"),
        "lifetime": Model(lifetime, "value"),
        "motion": Model(motion, "gaps"),
        "payment": Model(payment, "rate"),
        "plans": Model(plans, "status"),
        "qualification": Model(qualification, "qualify"),
        "readiness": Model(readiness, "assess"),
        "receivables": Model(receivables, "measure"),
        "segments": Model(segments, "classify"),
        "selection": Model(selection, "designate"),
        "stages": Model(stages, "decide"),
        "stakeholders": Model(stakeholders, "read"),
        "tiering": Model(tiering, "classify"),
    }
)
"""The models that a case may name."""

Source: TypeAlias = Path | str | Mapping[str, object]
"""A path, a text that ends in `.toml` (a path too), a file's text, or plain data."""

Policies: TypeAlias = Mapping[str, Policy]
"""A user's own policies by model; a model that is not named has the shipped one."""

WITHIN = "within"


@attrs.frozen(eq=False)
class Case:
    """One case, ready to be judged: which verb, with which arguments, to what end.

    `refused` is the error that the arguments or the policy themselves raised, in a
    case that expects one.
    """

    name: str
    id: str
    model: str
    verb: str
    arguments: Mapping[str, object]
    expect: object = None
    error: str | None = None
    refused: KeyAccountError | None = None


def read(source: Source, *, own: Policies = MappingProxyType({})) -> tuple[Case, ...]:
    """Read a case file, down to the arguments of every verb.

    Raises:
        ReadError: the file has mistakes; all of them, with their paths.
        OSError: there is no such file.
    """
    data = source if isinstance(source, Mapping) else _plain(source)
    problems = Problems()
    for key in data:
        if key != "case":
            problems.add(place("$", key), "unknown-key", key, "[[case]]")
    entries = data.get("case", [])
    if not isinstance(entries, list) or not entries:
        problems.add("case", "empty", expected="one [[case]]")
        entries = []
    found = [
        _case(entry, f"$.case[{index}]", own, problems)
        for index, entry in enumerate(entries)
    ]
    if problems:
        raise ReadError("cases", problems.all())
    return tuple(case for case in found if case is not None)


def _plain(source: Path | str) -> Mapping[str, object]:
    if isinstance(source, str) and (not source.endswith(".toml") or "\n" in source):
        return wire.read_toml(source)
    return wire.read_toml(Path(source).read_bytes())


_KEYS = ("name", "id", "model", "verb", "as_of", "given", "policy", "expect", "error")


def _case(entry: object, path: str, own: Policies, problems: Problems) -> Case | None:
    if not isinstance(entry, Mapping):
        problems.add(path, "wrong-type", entry, "a table: [[case]]")
        return None
    expected = entry.get("expect")
    if isinstance(expected, Mapping) and set(expected) == {"error"}:
        rest = {key: part for key, part in entry.items() if key != "expect"}
        entry = {"error": expected["error"], **rest}  # `expect.error` means the same
    for key in entry:
        if key not in _KEYS:
            hint = nearest(str(key)[:200], _KEYS)
            problems.add(place(path, str(key)), "unknown-key", key, hint)
    name = _text(entry, "name", path, problems)
    slug = _text(entry, "id", path, problems, default="")
    error = _text(entry, "error", path, problems, default="")
    if ("expect" in entry) == ("error" in entry):
        got = "both" if "error" in entry else "neither"
        wanted = "give either what the answer holds (expect) or an error's code"
        problems.add(f"{path}.expect", "contradiction", got, wanted)
    _check_within(entry.get("expect"), f"{path}.expect", problems)
    model, verb = _verb(entry, path, problems)
    if not verb:
        return None
    given: Mapping[str, object] = {}
    refused: KeyAccountError | None = None
    try:
        given = arguments(
            MODELS[model].verb(verb), entry, model=model, own=own.get(model), path=path
        )
    except InvalidValueError as caught:
        refused = caught
        if not error:
            problems.extend(caught.problems)
    expect = entry.get("expect")
    return Case(name, slug, model, verb, given, expect, error or None, refused)


def _verb(
    entry: Mapping[str, object], path: str, problems: Problems
) -> tuple[str, str]:
    """Return the names of model and verb, empty where they stand for nothing."""
    name = _text(entry, "model", path, problems)
    if name not in MODELS:
        if name:
            hint = nearest(name[:200], MODELS)
            problems.add(f"{path}.model", "unknown-choice", name, hint)
        return name, ""
    model = MODELS[name]
    verb = _text(entry, "verb", path, problems, default=model.main)
    if verb in model.verbs:
        return name, verb
    if verb:
        hint = nearest(verb[:200], model.verbs)
        problems.add(f"{path}.verb", "unknown-choice", verb, hint)
    return name, ""


def _text(
    entry: Mapping[str, object],
    key: str,
    path: str,
    problems: Problems,
    default: str | None = None,
) -> str:
    value = entry.get(key, default)
    if isinstance(value, str):
        return value
    if value is None:
        problems.add(f"{path}.{key}", "missing", expected=f'{key} = "…"')
    else:
        problems.add(f"{path}.{key}", "wrong-type", value, "a text")
    return ""


def _check_within(expect: object, path: str, problems: Problems) -> None:
    """Note every tolerance that is no number from 0 up."""
    if isinstance(expect, Mapping):
        for key, part in expect.items():
            if key != WITHIN:
                _check_within(part, place(path, key), problems)
            elif not _is_tolerance(part):
                problems.add(f"{path}.within", "out-of-range", part, "0 or more")
    elif isinstance(expect, list):
        for index, part in enumerate(expect):
            _check_within(part, f"{path}[{index}]", problems)


def _is_tolerance(value: object) -> bool:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return is_number and cast("Decimal", value) >= 0
