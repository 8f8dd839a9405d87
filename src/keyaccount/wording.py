"""From a code and its data to a sentence in a language.

Sentences live in `labels/<locale>.toml`, one table a subject: a code `row-fires`
stands in `[sentence]`, `flag.incomplete` in `[flag]`, an enumeration's slug in
the table of its name. A policy may bring labels of its own; what has no label is
shown as its slug. This file knows no noun and no rule.
"""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import TypeAlias

from keyaccount.exceptions import SENTENCES


__all__ = [
    "LOCALES",
    "Labels",
    "has",
    "label",
    "language",
    "number",
    "plain",
    "say",
    "table",
]


LOCALES = ("en", "zh-Hans", "zh-Hant")

Labels: TypeAlias = Mapping[str, Mapping[str, str]]
"""A policy's own labels: language → `table.key` → text."""

_NONE: Labels = MappingProxyType({})


def language(locale: str) -> str:
    """Return the shipped language that serves a locale; English where none does.

    >>> language("zh_TW"), language("zh"), language("fr")
    ('zh-Hant', 'zh-Hans', 'en')
    """
    parts = locale.replace("_", "-").split(".")[0].lower().split("-")
    if parts[0] != "zh":
        return "en"
    return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh-Hans"


@functools.cache
def table(locale: str) -> Mapping[str, Mapping[str, str]]:
    """Return every shipped label of a language, table by table."""
    name = language(locale)
    text = resources.files("keyaccount").joinpath(f"labels/{name}.toml").read_bytes()
    tables = dict(tomllib.loads(text.decode()))
    if name == "en":
        tables["error"] = SENTENCES
    frozen = {key: MappingProxyType(rows) for key, rows in tables.items()}
    return MappingProxyType(frozen)


def has(code: str, locale: str = "en") -> bool:
    """Whether a language has a sentence of its own for the code."""
    return _find(code, locale, _NONE) is not None


def label(kind: str, slug: str, locale: str = "en", *, own: Labels = _NONE) -> str:
    """Return what people call a slug; the slug itself where nobody said.

    >>> label("value-tier", "diamond", "zh-Hans")
    '钻石客户'
    """
    found = _find(f"{kind}.{slug}", locale, own)
    return slug if found is None else found


def say(
    code: str,
    data: Mapping[str, float | str],
    locale: str = "en",
    *,
    own: Labels = _NONE,
) -> str:
    """Say a code and its data in a language; an unknown code is shown as it is."""
    sentence = _find(code, locale, own)
    if sentence is None:
        shown = " ".join(f"{key}={value}" for key, value in data.items())
        return f"{code} {shown}".strip()
    return sentence.format_map(_Words(data, locale, own))


def number(value: float, unit: str = "", locale: str = "en") -> str:
    """Write a number as people read it: shares as per cent, no false precision.

    >>> number(0.25, "share"), number(1234567.0, "money"), number(72.1, "mark")
    ('25%', '1,234,567', '72.1')
    """
    del locale  # every shipped language writes numbers alike
    return _written(value, unit, 0)


# Controls, lone surrogates, and the marks that turn text round or hide in it.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(text: object) -> str:
    r"""Return somebody's text on one line, without controls and hidden marks.

    >>> plain("Acme\x1b[31m\nLtd")
    'Acme [31m Ltd'
    """
    shown = (
        " " if unicodedata.category(letter) in _REFUSED else letter
        for letter in str(text)
    )
    return " ".join("".join(shown).split())


def _written(value: float, unit: str, more: int) -> str:
    """Write a number with as many places as its unit has, and so many more."""
    if value in {float("inf"), float("-inf")}:
        return "∞" if value > 0 else "−∞"
    if unit == "share":
        return f"{_plain(value * 100, 2 + more)}%"
    if unit == "percent":
        return f"{_plain(value, 2 + more)}%"
    places = {"money": 0, "mark": 1, "days": 0}.get(unit, 4)
    return _plain(value, places + more)


_MOST_PLACES = 8  # what differs after that is the computer's, not the customer's


def _told_apart(value: float, other: float, unit: str) -> str:
    """Write a number so that it does not look like the one it falls short of.

    A composite of 59.97 that must be 60 is no "60 ≥ 60: no".
    """
    for more in range(_MOST_PLACES):
        text = _written(value, unit, more)
        if value == other or text != _written(other, unit, more):
            return text
    return _written(value, unit, 0)


def _plain(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _find(code: str, locale: str, own: Labels) -> str | None:
    subject, _, key = code.rpartition(".")
    address = code if subject else f"sentence.{code}"
    name = language(locale)
    for place in (name, "en"):
        found = own.get(place, {}).get(address)
        if found is None:
            found = table(place).get(subject or "sentence", {}).get(key)
        if found is not None:
            return found
    return None


_KINDS = MappingProxyType(
    {
        "outcome": "answers",
        "best": "answers",
        "before": "answers",
        "row": "table",
        "criterion": "card",
    }
)
_TABLES = MappingProxyType(
    {
        "fact": "fact",
        "flag": "flag",
        "table": "model",
        "stage": "stage",
        "onward": "stage",
        "exit": "exit",
        "move": "event-kind",
        "loss": "loss-reason",
        "task": "stage-task",
    }
)
_CHOSEN = frozenset({"got", "needed"})  # slugs of a choice, labelled under its name
_SAID_WITH_A_SIGN = frozenset({"op", "needed"})
_SIGNS = MappingProxyType({">=": "≥", "<=": "≤", "==": "=", "!=": "≠"})


class _Words(dict[str, str]):
    """The data of one sentence, each piece written for the reader."""

    def __init__(
        self, data: Mapping[str, float | str], locale: str, own: Labels
    ) -> None:
        super().__init__()
        unit = str(data.get("unit", ""))
        for key, value in data.items():
            self[key] = self._word(key, value, data, unit, locale, own)
        got, needed = data.get("got"), data.get("needed")
        if isinstance(got, int | float) and isinstance(needed, int | float):
            self["got"] = _told_apart(got, needed, unit)

    @staticmethod
    def _word(  # noqa: PLR0913, PLR0917 - one word and all it may depend on
        key: str,
        value: float | str,
        data: Mapping[str, float | str],
        unit: str,
        locale: str,
        own: Labels,
    ) -> str:
        if not isinstance(value, str):
            return number(value, unit, locale)
        if key in _KINDS:
            return label(str(data.get(_KINDS[key], key)), value, locale, own=own)
        if key in _TABLES:
            return label(_TABLES[key], value, locale, own=own)
        if key in _CHOSEN and "fact" in data:
            kind = str(data["fact"]).replace("_", "-")
            return _listed((kind,), value, locale, own)
        if key == "needed" and "stage" in data:
            return _listed(("stage", "event-kind"), value, locale, own)
        if key not in _SAID_WITH_A_SIGN:
            return value
        sign, space, rest = value.partition(" ")
        return f"{_SIGNS.get(sign, sign)}{space}{rest}"

    def __missing__(self, key: str) -> str:
        return "?"


def _listed(kinds: tuple[str, ...], slugs: str, locale: str, own: Labels) -> str:
    """Return what people call the slugs of a list, by the first kind that knows."""
    if not slugs:
        return label("sentence", "nothing-listed", locale)
    words = []
    for slug in slugs.split(", "):
        found = (_find(f"{kind}.{slug}", locale, own) for kind in kinds)
        words.append(next((word for word in found if word is not None), slug))
    return (", " if language(locale) == "en" else "、").join(words)
