"""How a report says things: the reader's sentences, numbers, money and dates."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Context, Decimal
from types import MappingProxyType

from babel.dates import format_date, format_skeleton
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_decimal,
    format_percent,
)

from keyaccount import wording
from keyaccount.domain import Money
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from keyaccount.wording import plain

from ._parts import Cell


__all__ = ["NOT_KNOWN", "Speech"]


NOT_KNOWN = "?"
_LONGEST = 80
_FIGURES, _MOST_FIGURES = 3, 12
_CLDR = MappingProxyType({"en": "en", "zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW"})


class Speech:
    """Says what a report holds in one language, whatever the computer's own is."""

    def __init__(self, locale: str) -> None:
        self.locale = wording.language(locale)
        self._cldr = _CLDR[self.locale]

    def say(self, code: str, **data: float | str) -> str:
        """Return one of the report's own sentences; what is filled in stands on a line.

        A number is to be written before: here it would lose its language.
        """
        told = {key: plain(value) for key, value in data.items()}
        return wording.say(f"report.{code}", told, self.locale)

    def shared(self, code: str, **data: str) -> str:
        """Return a sentence that other answers use too, by its table and key."""
        told = {key: plain(value) for key, value in data.items()}
        return wording.say(code, told, self.locale)

    def label(self, kind: str, slug: str, own: wording.Labels | None = None) -> str:
        """Return what people call a slug; a policy's own words go first."""
        return plain(wording.label(kind, slug, self.locale, own=own or _NO_LABELS))

    def name(self, text: str | None, slug: str | None = None) -> str:
        """Return a name as a cell has room for it; the id where nobody gave one."""
        shown = plain(text or "") or plain(slug or "")
        return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"

    def listed(self, parts: Iterable[str]) -> str:
        """Join the parts of a list as the language does."""
        return wording.say("review.comma", {}, self.locale).join(parts)

    def clauses(self, parts: Iterable[str]) -> str:
        """Join sentences to one."""
        return wording.say("review.semicolon", {}, self.locale).join(parts)

    def names(self, names: Sequence[str], most: int = 4) -> str:
        """List the first names, and say how many more there are."""
        listed = self.listed(names[:most])
        more = len(names) - most
        if more <= 0:
            return listed
        return f"{listed} {self.shared('review.more', count=self.count(more))}"

    def either(self, kind: str, possible: Sequence[enum.Enum]) -> str:
        """Return one answer by its label, or the two ends of those still possible."""
        names = [self.label(kind, str(one.value)) for one in possible]
        if len(names) < len(("lowest", "highest")):
            return names[0] if names else NOT_KNOWN
        return self.shared("review.either", lowest=names[0], highest=names[-1])

    def count(self, number: int) -> str:
        """Write a whole number."""
        return format_decimal(number, locale=self._cldr)

    def money(self, amount: Money | None) -> str:
        """Write an amount shortly: ¥1234.6万, $12.3M."""
        return (
            NOT_KNOWN if amount is None else self.amount(amount.amount, amount.currency)
        )

    def amount(self, amount: Decimal, currency: str, digits: int = 1) -> str:
        """Write an amount in a currency shortly, with so many decimals at most."""
        return format_compact_currency(
            amount, currency, locale=self._cldr, fraction_digits=digits
        )

    def span(self, low: Money, high: Money | None) -> str:
        """Write what lies between two amounts; without an upper one, at least."""
        if high is None:
            return f"≥ {self.money(low)}"
        ends = self.money(low), self.money(high)
        return ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"

    def target(
        self, now: Decimal, to: Decimal, currency: str | None
    ) -> tuple[str, str]:
        """Write an amount to be reached: rounded up, and told apart from today's."""
        said = "", ""
        for figures in range(_FIGURES, _MOST_FIGURES):
            rounding = Context(prec=figures, rounding=ROUND_CEILING)
            ends = rounding.plus(now), rounding.plus(to)
            said = (
                self._figure(ends[0], currency, figures),
                self._figure(ends[1], currency, figures),
            )
            if said[0] != said[1]:
                break
        return said

    def _figure(self, amount: Decimal, currency: str | None, figures: int) -> str:
        if currency is not None:
            return self.amount(amount, currency, figures - 1)
        return format_compact_decimal(
            amount, locale=self._cldr, fraction_digits=figures - 1
        )

    def share(self, value: float | None) -> str:
        """Write a share or a growth as per cent, to a tenth."""
        if value is None:
            return NOT_KNOWN
        rounded = round(value, 3) + 0.0  # no minus before a nought
        return format_percent(rounded, format="#,##0.#%", locale=self._cldr)

    def signed(self, value: float | None) -> str:
        """Write a growth with its sign."""
        said = self.share(value)
        return f"+{said}" if value is not None and value > 0 else said

    def shares(self, bounds: Interval | None) -> str:
        """Write a share that may not be fully known."""
        if bounds is None:
            return NOT_KNOWN
        low, high = self.share(bounds.low), self.share(bounds.high)
        return low if low == high else f"{low}–{high}"

    @staticmethod
    def score(bounds: Interval) -> str:
        """Write a score without false precision: 72, or 60–80 while it is open."""
        low, high = f"{bounds.low:.0f}", f"{bounds.high:.0f}"
        return low if bounds.is_exact else f"{low}–{high}"

    def day(self, day: dt.date | None) -> str:
        """Write a day."""
        if day is None:
            return NOT_KNOWN
        return format_date(day, format="medium", locale=self._cldr)

    def near(self, day: dt.date, as_of: dt.date) -> str:
        """Write a near day with its weekday; one farther off with its year."""
        if abs((day - as_of).days) > _NEAR_DAYS:
            return self.day(day)
        return format_skeleton("MMMEd", day, locale=self._cldr)

    def late(self, days: int) -> str:
        """Say how late something is."""
        code = "late-one" if days == 1 else "late-days"
        return self.say(code, days=self.count(days))

    def mark(self, answer: Tri | None) -> Cell:
        """Return a cell that says yes, no or not known, in words and in colour."""
        if answer is None or answer is Tri.UNKNOWN:
            return Cell(self.say("open"), tone="open", value=self.say("open"))
        if answer is Tri.YES:
            return Cell(self.say("yes"), tone="good")
        return Cell(self.say("no"), tone="bad")


_NEAR_DAYS = 120
_NO_LABELS: wording.Labels = MappingProxyType({})
