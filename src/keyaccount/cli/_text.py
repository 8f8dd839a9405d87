"""What is shown to people: no control characters, short amounts, safe CSV cells."""

from __future__ import annotations

import unicodedata
from decimal import ROUND_CEILING, Context, Decimal
from types import MappingProxyType

from keyaccount import wording


__all__ = ["amount", "amounts", "csv_safe", "label", "plain", "score", "shortened"]


# Controls, lone surrogates, and the marks that turn text round or hide in it.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LONGEST_NAME = 64
_FIGURES, _MOST_FIGURES = 3, 12
_STEPS = MappingProxyType(
    {
        "en": ((Decimal(10**9), "bn"), (Decimal(10**6), "M"), (Decimal(10**3), "k")),
        "zh-Hans": ((Decimal(10**8), "亿"), (Decimal(10**4), "万")),
        "zh-Hant": ((Decimal(10**8), "億"), (Decimal(10**4), "萬")),
    }
)


def plain(text: object) -> str:
    r"""Return text that a terminal shows and does not obey: one line, no controls.

    >>> plain("Acme\x1b[31m\nLtd")
    'Acme [31m Ltd'
    """
    shown = (
        " " if unicodedata.category(letter) in _REFUSED else letter
        for letter in str(text)
    )
    return " ".join("".join(shown).split())


def shortened(name: str) -> str:
    """Return a name as a table has room for it; a machine's answer holds it whole."""
    shown = plain(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


def csv_safe(text: str) -> tuple[str, bool]:
    """Return a cell that no spreadsheet takes for a formula, and whether it changed.

    >>> csv_safe("=1+1"), csv_safe("Acme")
    (("'=1+1", True), ('Acme', False))
    """
    lines = text.replace("\r\n", "\n").split("\n")
    risky = any(line.lstrip().startswith(_FORMULA) for line in lines)
    risky = risky or text.startswith(_FORMULA)
    return (f"'{text}", True) if risky else (text, False)


def amount(value: Decimal, locale: str, figures: int = _FIGURES) -> str:
    """Write an amount in three figures, rounded up: it is a target to be reached.

    >>> amount(Decimal(23412345), "en"), amount(Decimal(23412345), "zh-Hans")
    ('23.5M', '2,350万')
    """
    rounded = Context(prec=figures, rounding=ROUND_CEILING).plus(value)
    for size, unit in _STEPS[wording.language(locale)]:
        if abs(rounded) >= size:
            return f"{_figures(rounded / size)}{unit}"
    return _figures(rounded)


def amounts(now: Decimal, to: Decimal, locale: str) -> tuple[str, str]:
    """Write two amounts in as many figures as tell them apart.

    >>> amounts(Decimal(13961000), Decimal(13972000), "en")
    ('13.97M', '13.98M')
    """
    for figures in range(_FIGURES, _MOST_FIGURES):
        said = amount(now, locale, figures), amount(to, locale, figures)
        if said[0] != said[1]:
            return said
    return f"{now:,f}", f"{to:,f}"


def _figures(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def score(low: float, high: float) -> str:
    """Write a score without false precision: 72, or 60–80 while something is open."""
    bottom, top = f"{low:.0f}", f"{high:.0f}"
    return bottom if low == high else f"{bottom}–{top}"


def label(kind: str, slug: str, locale: str) -> str:
    """Return what people call a slug in a language."""
    return plain(wording.label(kind, slug, locale))
