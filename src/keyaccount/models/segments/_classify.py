"""Three independent axes of one customer: value, need, behaviour."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import attrs

from keyaccount import wire, wording
from keyaccount.domain import NeedType, ThreeLevelGrade
from keyaccount.exceptions import Problems
from keyaccount.rules import Missing, Reason, display, missing
from keyaccount.tri import Tri

from ._facts import FACTS
from ._opinions import RfmSegment
from ._rfm import RfmVerdict


__all__ = ["Classification", "classify"]


@attrs.frozen
class Classification(wire.Plain, display.Explained):
    """What a customer is worth, what moves it and how it buys, side by side (S2-7).

    None is an axis of which nobody knows the answer; it says nothing of the others.
    `possible_behaviour` lists the segments still open, and `usage` is what somebody
    has noted of how the customer uses what it buys (S2-6).
    """

    value: ThreeLevelGrade | None
    under_supervision: Tri
    need: NeedType | None
    behaviour: RfmSegment | None
    possible_behaviour: tuple[RfmSegment, ...]
    usage: str | None = None

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The axes without an answer, and the questions that ask for them."""
        axes = (
            ("value_level", self.value),
            ("need_answer", self.need),
            ("behaviour_segment", self.behaviour),
        )
        return missing(FACTS, [name for name, answer in axes if answer is None])

    @property
    def is_settled(self) -> bool:
        """Whether all three axes have an answer."""
        return not self.missing

    @property
    def why(self) -> Reason:
        """The answer on each axis, as a tree of codes and data."""
        return Reason("axes", (), tuple(self._axes()))

    def _axes(self) -> Iterator[Reason]:
        if self.value is None:
            yield Reason("axis-value-open")
        else:
            answer = ("outcome", self.value.value), ("answers", "three-level-grade")
            yield Reason("axis-value", answer)
        if self.under_supervision is Tri.YES:
            yield Reason("axis-supervised")
        if self.need is None:
            yield Reason("axis-need-open")
        else:
            answer = ("outcome", self.need.value), ("answers", "need-type")
            yield Reason("axis-need", answer)
        if self.behaviour is not None:
            answer = ("outcome", self.behaviour.value), ("answers", "rfm-segment")
            yield Reason("axis-behaviour", answer)
        elif 1 < len(self.possible_behaviour) < len(RfmSegment):
            first, last = self.possible_behaviour[0], self.possible_behaviour[-1]
            ends = ("outcome", first.value), ("best", last.value)
            yield Reason("axis-behaviour-between", (*ends, ("answers", "rfm-segment")))
        else:
            yield Reason("axis-behaviour-open")
        if self.usage is not None:
            yield Reason("axis-usage", (("text", wording.plain(self.usage)),))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the three answers, and what is still to be asked, a line each."""
        lines = [
            "  " * level + wording.say(reason.code, dict(reason.data), locale)
            for level, reason in self.why.walk()
        ]
        codes = (f"question.{gap.question}" for gap in self.missing)
        lines += [wording.say(code, {}, locale) for code in codes]
        return tuple(lines)


def classify(
    *,
    value: ThreeLevelGrade | None = None,
    need: NeedType | None = None,
    behaviour: RfmSegment | RfmVerdict | None = None,
    usage: str | None = None,
    under_supervision: Tri = Tri.UNKNOWN,
) -> Classification:
    """Put the three axes of a customer side by side; none overwrites another (S2-7).

    A problem customer keeps the level of its rung and is under supervision (C-5). To
    see a price-sensitive champion of little value, look at all three: there is no
    total, and no axis feeds another.

    Args:
        value: the level by value (S2-4), as `tiering.grade` gives it.
        need: the type by need (S2-5), as `buying.need_type` finds it.
        behaviour: the segment by behaviour (S2-6), or the verdict of `rfm`.
        usage: how the customer uses what it buys, as somebody has noted it.
        under_supervision: whether it is watched until it pays.

    Raises:
        InvalidValueError: an answer of another kind.

    >>> found = classify(need=NeedType.PRICE_SENSITIVE, behaviour=RfmSegment.LOYAL)
    >>> found.value is None, found.need.value, found.behaviour.value
    (True, 'price-sensitive', 'loyal')
    """
    problems = Problems()
    _check("value", value, ThreeLevelGrade, problems)
    _check("need", need, NeedType, problems)
    if not isinstance(behaviour, RfmVerdict):
        _check("behaviour", behaviour, RfmSegment, problems)
    _check("usage", usage, str, problems)
    if isinstance(usage, str) and not _is_text(usage):
        problems.add("usage", "not-text", usage)
    problems.is_a("under_supervision", under_supervision, Tri, "a Tri")
    problems.check("segments")
    if isinstance(behaviour, RfmVerdict):
        found, possible = behaviour.value, behaviour.possible
    else:
        found = behaviour
        possible = tuple(RfmSegment) if behaviour is None else (behaviour,)
    return Classification(value, under_supervision, need, found, possible, usage)


def _is_text(text: str) -> bool:
    """Whether there are no controls in it but line breaks and tabs."""
    kept = (letter for letter in text if letter not in "\n\t")
    return not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in kept)


def _check(path: str, given: object, kind: type, problems: Problems) -> None:
    if given is not None:
        wanted = "a text" if kind is str else f"a {kind.__name__}"
        problems.is_a(path, given, kind, wanted)
