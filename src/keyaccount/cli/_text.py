"""What is shown to people: no control characters, short amounts, safe CSV cells."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Context, Decimal
from types import MappingProxyType

from keyaccount import wording
from keyaccount.wording import plain


__all__ = [
    "amount",
    "amounts",
    "briefly",
    "csv_safe",
    "figure",
    "label",
    "percent",
    "plain",
    "score",
    "shortened",
]


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LONGEST_NAME = 64
_LONGEST_SENTENCE = 200
_FIGURES, _MOST_FIGURES = 3, 12
_STEPS = MappingProxyType(
    {
        "en": ((Decimal(10**9), "bn"), (Decimal(10**6), "M"), (Decimal(10**3), "k")),
        "zh-Hans": ((Decimal(10**8), "亿"), (Decimal(10**4), "万")),
        "zh-Hant": ((Decimal(10**8), "億"), (Decimal(10**4), "萬")),
    }
)


def shortened(name: str) -> str:
    """Return a name as a table has room for it; a machine's answer holds it whole."""
    shown = plain(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


def briefly(text: str) -> str:
    """Return a sentence that tells somebody's own words, cut where these never end."""
    shown = plain(text)
    if len(shown) <= _LONGEST_SENTENCE:
        return shown
    return f"{shown[: _LONGEST_SENTENCE - 1]}…"


def csv_safe(text: str) -> tuple[str, bool]:
    """Return a cell that no spreadsheet takes for a formula, and whether it changed.

    >>> csv_safe("=1+1"), csv_safe("Acme")
    (("'=1+1", True), ('Acme', False))
    """
    lines = text.replace("\r\n", "\n").split("\n")
    risky = any(line.lstrip().startswith(_FORMULA) for line in lines)
    risky = risky or text.startswith(_FORMULA)
    return (f"'{text}", True) if risky else (text, False)


def figure(value: Decimal, locale: str) -> str:
    """Write an amount in four figures, rounded to the nearest: it is what it is.

    >>> figure(Decimal(10005534), "en"), figure(Decimal(-351200), "zh-Hans")
    ('10.01M', '-35.12万')
    """
    rounded = Context(prec=_FIGURES + 1, rounding=ROUND_HALF_EVEN).plus(value)
    return _written(rounded, locale)


def amount(value: Decimal, locale: str, figures: int = _FIGURES) -> str:
    """Write an amount in three figures, rounded up: it is a target to be reached.

    >>> amount(Decimal(23412345), "en"), amount(Decimal(23412345), "zh-Hans")
    ('23.5M', '2,350万')
    """
    rounded = Context(prec=figures, rounding=ROUND_CEILING).plus(value)
    return _written(rounded, locale)


def _written(rounded: Decimal, locale: str) -> str:
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


def percent(share: float) -> str:
    """Write a share or a growth as per cent, to a tenth.

    >>> percent(0.2769230769), percent(-0.039), percent(0.3)
    ('27.7%', '-3.9%', '30%')
    """
    text = f"{share * 100:.1f}".removesuffix(".0")
    return f"{'0' if text == '-0' else text}%"


def score(low: float, high: float) -> str:
    """Write a score without false precision: 72, or 60–80 while something is open."""
    bottom, top = f"{low:.0f}", f"{high:.0f}"
    return bottom if low == high else f"{bottom}–{top}"


def label(kind: str, slug: str, locale: str) -> str:
    """Return what people call a slug in a language."""
    return plain(wording.label(kind, slug, locale))
