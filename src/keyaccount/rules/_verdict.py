"""What a judgement returns: the answer, what is still open, and why.

A verdict holds its answer and its evidence; the reasons are worked out when
somebody asks for them. There is no quiet variant and no trace flag.
"""

from __future__ import annotations

import datetime as dt
import enum
import html
from collections.abc import Iterator, Mapping
from typing import Generic, Protocol, TypeVar

import attrs

from keyaccount import wording


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
class Verdict(Generic[T]):
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

    def _repr_html_(self) -> str:
        first, *rest = self.explain()
        items = "".join(f"<li><bdi>{html.escape(line)}</bdi></li>" for line in rest)
        return f"<strong><bdi>{html.escape(first)}</bdi></strong><ul>{items}</ul>"


def _slug(value: object) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else str(value)
