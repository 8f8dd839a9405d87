"""Whether customers are grouped by what they are worth at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire, wording
from keyaccount.rules import Missing, Reason, Verdict, missing
from keyaccount.tri import Tri

from ._answers import names_of
from ._facts import FACTS
from ._opinions import ValueWord
from ._policy import SegmentsPolicy, default_policy


__all__ = ["Diagnosis", "diagnose"]


_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")  # where a word begins, as in salesRegion


@attrs.frozen(repr=False)
class Diagnosis(wire.Plain, Verdict[Tri]):
    """Whether a segmentation has a dimension of value (S3-2), and which that is."""

    dimensions: tuple[str, ...]
    of_value: tuple[str, ...]


def diagnose(
    dimensions: Iterable[str] | None, *, policy: SegmentsPolicy | None = None
) -> Diagnosis:
    """Tell whether customers are grouped by what they contribute (S3-2).

    Industry, size and geography say where customers are, not which deserve what:
    without a dimension of value there can be no policy by value. A dimension counts
    when its name holds one of the policy's words of value, whole and in any case;
    Chinese words are looked for anywhere in it. What a word does not mean in some
    company is left out: a sales region is no sales. Other dimensions are welcome.

    Args:
        dimensions: the names by which customers are grouped; None if nobody told.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: no texts.

    >>> diagnose(["industry", "size", "region"]).flags
    ('no-value-dimension',)
    """
    rules = default_policy() if policy is None else policy
    named = () if dimensions is None else names_of("dimensions", dimensions)
    found = tuple(
        name for name in named if any(_tells(name, word) for word in rules.value_words)
    )
    value = None if dimensions is None else Tri.of(bool(found))
    asked = missing(FACTS, ["value_dimension"]) if value is None else ()
    return _verdict(rules, value, asked, named, found)


def _verdict(
    policy: SegmentsPolicy,
    value: Tri | None,
    asked: tuple[Missing, ...],
    named: tuple[str, ...],
    found: tuple[str, ...],
) -> Diagnosis:
    flags = (("no-value-dimension", value is Tri.NO),)
    return Diagnosis(
        value=value,
        possible=(Tri.NO, Tri.YES) if value is None else (value,),
        missing=asked,
        flags=tuple(flag for flag, is_raised in flags if is_raised),
        policy=policy.ref,
        as_of=None,
        dimensions=named,
        of_value=found,
        evidence=DiagnosisEvidence(policy, value, named, found),
    )


def _tells(name: str, value: ValueWord) -> bool:
    """Whether one of the words stands in the name, not in what it does not mean."""
    shown = _plain(name)
    for phrase in value.unless:
        shown = shown.replace(_sought(phrase), "  ")
    return any(_sought(word) in shown for word in value.words)


def _sought(word: str) -> str:
    """Return what to look for; scripts without spaces have no borders."""
    return _plain(word) if word.isascii() else _plain(word).strip()


def _plain(name: str) -> str:
    """Return the words of a name in one case, a space between them and around."""
    shown = unicodedata.normalize("NFKC", _HUMP.sub(" ", name)).casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in shown).split()
    return f" {' '.join(words)} "


@attrs.frozen
class DiagnosisEvidence:
    """What a diagnosis keeps to explain itself."""

    policy: SegmentsPolicy
    value: Tri | None
    dimensions: tuple[str, ...]
    of_value: tuple[str, ...]

    def reason(self) -> Reason:
        """Say whether there is a dimension of value, and go through all of them."""
        if self.value is None:
            return Reason("dimensions-open")
        parts = tuple(
            Reason(
                "dimension-value" if name in self.of_value else "dimension-other",
                (("name", wording.plain(name)),),
            )
            for name in self.dimensions
        )
        code = "dimensions-with-value" if self.of_value else "dimensions-without-value"
        return Reason(code, (), parts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
