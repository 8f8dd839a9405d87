"""What a judgement returns: the answer, what is still open, and why.

A verdict holds its answer and its evidence; the reasons are worked out when
somebody asks for them. There is no quiet variant and no trace flag.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from typing import Generic, Protocol, TypeVar

import attrs

from keyaccount import wording

from .display import Html, Shown, verdict_page


__all__ = ["Evidence", "Interval", "Missing", "PolicyRef", "Reason", "Verdict"]


T = TypeVar("T")


@attrs.frozen(order=True)
class Interval:
    """A number that is not fully known lies between these two, both included."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether the two bounds are the same."""
        return self.low == self.high

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high

    def __str__(self) -> str:
        if self.is_exact:
            return f"{self.low:.1f}"
        return f"{self.low:.1f}…{self.high:.1f}"


@attrs.frozen
class Missing:
    """A fact nobody has told us, and the code of the question that asks for it."""

    fact: str
    question: str


@attrs.frozen
class PolicyRef:
    """Which policy gave the answer."""

    name: str
    version: str
    digest: str


@attrs.frozen
class Reason:
    """Why: a code, what fills its sentence, and the reasons under it."""

    code: str
    data: tuple[tuple[str, float | str], ...] = ()
    because: tuple[Reason, ...] = ()

    def get(self, key: str) -> float | str | None:
        """Return one piece of the data, None if it is not there."""
        return dict(self.data).get(key)

    def walk(self, level: int = 0) -> Iterator[tuple[int, Reason]]:
        """Yield every reason with its depth, outermost first."""
        yield level, self
        for reason in self.because:
            yield from reason.walk(level + 1)


class Evidence(Protocol):
    """What a verdict keeps to explain itself: a frozen value that gives a reason."""

    def reason(self) -> Reason:
        """Work the reasons out."""
        ...

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels by language, on top of the shipped ones."""
        ...


@attrs.frozen
class Told:
    """The evidence of a verdict that was read back: the reasons as written."""

    why: Reason

    def reason(self) -> Reason:
        """Return the reasons as they were written."""
        return self.why

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return no labels: a written verdict does not carry its policy."""
        return {}


@attrs.frozen(repr=False)
class Verdict(Shown, Generic[T]):
    """An answer that explains itself.

    `value` is None while the answer is open; `possible` then lists what it may
    become, lowest first; `missing` lists what nobody has told us, the question
    whose answer settles most first.
    """

    value: T | None
    possible: tuple[T, ...]
    missing: tuple[Missing, ...]
    flags: tuple[str, ...]
    policy: PolicyRef
    as_of: dt.date | None
    evidence: Evidence = attrs.field(eq=False, hash=False, repr=False, kw_only=True)

    @property
    def is_settled(self) -> bool:
        """Whether no unknown fact could change the answer."""
        return self.value is not None

    @property
    def why(self) -> Reason:
        """The reasons, as a tree of codes and data."""
        return self.evidence.reason()

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the answer and its reasons in a language, a line each, indented."""
        own = self.evidence.labels()
        lines = [
            "  " * level + wording.say(reason.code, dict(reason.data), locale, own=own)
            for level, reason in self.why.walk()
        ]
        codes = [f"flag.{flag}" for flag in self.flags]
        codes += [f"question.{gap.question}" for gap in self.missing]
        lines += [wording.say(code, {}, locale, own=own) for code in codes]
        return tuple(lines)

    def __repr__(self) -> str:
        answer = " or ".join(map(_slug, self.possible)) or "open"
        parts = [f"{type(self).__name__} {answer}", *self._extras()]
        if self.as_of is not None:
            parts.append(f"as of {self.as_of}")
        if self.flags:
            parts.append("flags " + ",".join(self.flags))
        if self.missing:
            parts.append("missing " + ",".join(gap.fact for gap in self.missing))
        text = " · ".join(parts)
        most = 118
        return f"<{text if len(text) <= most else text[: most - 1] + '…'}>"

    def _extras(self) -> tuple[str, ...]:
        return ()

    def html(self, locale: str = "en") -> Html:
        """Write it as HTML in a language: the answer, what is open, then why."""
        own = self.evidence.labels()
        why = self.why
        reasons = (
            (level, wording.say(one.code, dict(one.data), locale, own=own))
            for reason in why.because
            for level, one in reason.walk()
        )
        gaps = (f"question.{gap.question}" for gap in self.missing)
        return verdict_page(
            wording.say(why.code, dict(why.data), locale, own=own),
            reasons,
            locale,
            possible=() if self.is_settled else self._possible(locale),
            bounds=self._bounds(locale),
            flags=[
                wording.say(f"flag.{one}", {}, locale, own=own) for one in self.flags
            ],
            questions=[wording.say(code, {}, locale, own=own) for code in gaps],
        )

    def _possible(self, locale: str) -> tuple[str, ...]:
        """Return what people call the answers that are still possible."""
        own = self.evidence.labels()
        return tuple(
            wording.label(_kebab(type(one).__name__), str(one.value), locale, own=own)
            for one in self.possible
            if isinstance(one, enum.Enum)
        )

    def _bounds(self, locale: str) -> Iterator[str]:
        """Say every number of the answer: exactly, or between which two it lies."""
        for field in attrs.fields(type(self)):
            value = getattr(self, field.name)
            if not isinstance(value, Interval):
                continue
            name = wording.label("bounds", field.name.replace("_", "-"), locale)
            low, high = map(_rounded, (value.low, value.high))
            code = "bound" if low == high else "bounds"
            data = {"name": name, "low": low, "high": high}
            yield wording.say(f"shown.{code}", data, locale)


def _slug(value: object) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else str(value)


def _rounded(number: float) -> str:
    """Write a share with its decimals, a mark with one."""
    return wording.number(number, "mark" if abs(number) > 1 else "")


def _kebab(name: str) -> str:
    """Turn `ValueTier` into `value-tier`, the name of its labels."""
    words = (f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
    return "".join(words).removeprefix("-")
