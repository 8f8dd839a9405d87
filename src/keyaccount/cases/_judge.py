"""Holds a case against the library: what was expected, what came, and why."""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Protocol, TypeAlias, cast, runtime_checkable

import attrs

from keyaccount import wire
from keyaccount.exceptions import InvalidValueError, KeyAccountError, shorten

from ._arguments import place
from ._file import MODELS, WITHIN, Case, Policies, Source, read


__all__ = ["CaseResult", "Difference", "judge", "run"]


@attrs.frozen
class Difference:
    """Where an answer is not the expected one: path, what was expected, what came."""

    path: str
    expected: str
    found: str


@attrs.frozen
class CaseResult:
    """How a case went; `reasons` are the lines in which the answer explains itself."""

    name: str
    id: str
    model: str
    verb: str
    differences: tuple[Difference, ...]
    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the answer was the expected one."""
        return not self.differences


def run(
    source: Source,
    *,
    own: Policies = MappingProxyType({}),
    locale: str = "en",
) -> tuple[CaseResult, ...]:
    """Judge every case of a file, in its order.

    Args:
        source: a path, a text that ends in `.toml` (a path too), a case file's text,
            or its plain data.
        own: policies of one's own, by the name of the model.
        locale: the language of the reasons.

    Raises:
        ReadError: the file itself has mistakes; all of them, with their paths.
        OSError: there is no such file.
    """
    return tuple(judge(case, locale=locale) for case in read(source, own=own))


def judge(case: Case, *, locale: str = "en") -> CaseResult:
    """Call the verb of a case and compare the answer with the expected one."""
    error, answer = case.refused, None
    if error is None:
        try:
            answer = MODELS[case.model].verb(case.verb)(**case.arguments)
        except KeyAccountError as caught:
            error = caught
    if error is not None:
        differences, reasons = _refused(case, error), tuple(str(error).splitlines())
    else:
        differences, reasons = _answered(case, answer), _reasons(answer, locale)
    return CaseResult(case.name, case.id, case.model, case.verb, differences, reasons)


def _refused(case: Case, error: KeyAccountError) -> tuple[Difference, ...]:
    if case.error is None:
        return (Difference("$", "an answer", f"the error {error.code}"),)
    if case.error in _codes(error):
        return ()
    return (Difference("$", f"the error {case.error}", f"the error {error.code}"),)


def _codes(error: KeyAccountError) -> set[str]:
    """Return every code that the error goes by: its own, wider ones, its problems'."""
    kinds = type(error).__mro__
    codes = {kind.code for kind in kinds if issubclass(kind, KeyAccountError)}
    if isinstance(error, InvalidValueError):
        codes |= {problem.code for problem in error.problems}
    return codes - {KeyAccountError.code}


def _answered(case: Case, answer: object) -> tuple[Difference, ...]:
    verb = MODELS[case.model].verb(case.verb)
    written = wire.unstructure(answer, typing.get_type_hints(verb)["return"])
    if case.error is not None:
        found = f"an answer: {_shown(written)}"
        return (Difference("$", f"the error {case.error}", found),)
    return tuple(_differences(case.expect, written, "$", Decimal(0)))


@runtime_checkable
class Explained(Protocol):
    """Any answer that can say why: a verdict, a ruling on a deal's event."""

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say why in a language, a line each."""
        ...


def _reasons(answer: object, locale: str) -> tuple[str, ...]:
    if isinstance(answer, Explained):
        return answer.explain(locale)
    if isinstance(answer, tuple):
        return tuple(line for part in answer for line in _reasons(part, locale))
    return ()


Plain: TypeAlias = object
"""Plain data: tables, lists, texts, numbers, days, true and false."""


def _differences(
    expected: Plain, found: Plain, path: str, within: Decimal
) -> Iterator[Difference]:
    """Yield where *found* lacks what is expected; what is not expected may be there."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        within = cast("Decimal", expected.get(WITHIN, within))
        for key, part in expected.items():
            if key != WITHIN:
                where = place(path, key)
                yield from _differences(part, found.get(key), where, within)
    elif isinstance(expected, list) and isinstance(found, list | tuple):
        if len(expected) != len(found):
            yield Difference(path, _shown(expected), _shown(found))
            return
        for index, (part, other) in enumerate(zip(expected, found, strict=True)):
            yield from _differences(part, other, f"{path}[{index}]", within)
    elif not _agree(expected, found, within):
        yield Difference(path, _shown(expected), _shown(found))


def _agree(expected: Plain, found: Plain, within: Decimal) -> bool:
    if isinstance(expected, dt.date):
        return expected.isoformat() == found
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, str):
        return expected == found
    wanted, got = _number(expected), _number(found)
    return wanted is not None and got is not None and abs(wanted - got) <= within


def _number(value: Plain) -> Decimal | None:
    """Read a number, or an amount as the wire writes it; None for anything else."""
    if not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _shown(value: Plain) -> str:
    """Write plain data for a person: short, and as a case file would."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        parts = ", ".join(f"{key} = {_shown(part)}" for key, part in value.items())
        return _cut(f"{{ {parts} }}")
    if isinstance(value, list | tuple):
        return _cut(f"[{', '.join(map(_shown, value))}]")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal | dt.date):
        return str(value)
    return shorten(value)


_LONGEST = 200


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
