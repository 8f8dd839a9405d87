"""Whether what share and growth ask for is carried by our own organisation (S3-36)."""

from __future__ import annotations

import enum

import attrs

from keyaccount.exceptions import Problems
from keyaccount.rules import Interval, Reason
from keyaccount.tri import Tri, all_of

from ._telling import told


__all__ = ["SupportingChange", "SupportingChanges", "supporting_changes"]


class SupportingChange(enum.Enum):
    """What has to change with us, or managing by class stays a wish (S3-36)."""

    ORG_STRUCTURE = "org-structure"
    POLICIES = "policies"
    TALENT = "talent"
    IT_SYSTEM = "it-system"


@attrs.frozen
class SupportingChanges:
    """Which of the four changes are made, which are not, and which nobody told.

    `complete` says whether all are made, `count` how many, as bounds.
    """

    made: tuple[SupportingChange, ...]
    lacking: tuple[SupportingChange, ...]
    unknown: tuple[SupportingChange, ...]
    complete: Tri
    count: Interval

    @property
    def why(self) -> Reason:
        """The reasons, as a tree of codes and data."""
        answers = (
            *((change, "yes") for change in self.made),
            *((change, "no") for change in self.lacking),
            *((change, "unknown") for change in self.unknown),
        )
        parts = tuple(
            Reason(
                f"change-{answer}",
                (("row", change.value), ("table", "supporting-change")),
            )
            for change, answer in answers
        )
        data = ("got", self.count.low), ("count", float(len(parts)))
        return Reason("changes-made", data, parts)

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the answer and its reasons in a language, a line each, indented."""
        return told(self.why, locale, {})


def supporting_changes(
    *,
    org_structure: Tri = Tri.UNKNOWN,
    policies: Tri = Tri.UNKNOWN,
    talent: Tri = Tri.UNKNOWN,
    it_system: Tri = Tri.UNKNOWN,
) -> SupportingChanges:
    """Check the four changes with us that share and growth hang on (S3-36).

    >>> supporting_changes(talent=Tri.YES, policies=Tri.NO).complete
    <Tri.NO: 'no'>

    Raises:
        InvalidValueError: an answer that is no Tri.
    """
    given = org_structure, policies, talent, it_system
    answers = dict(zip(SupportingChange, given, strict=True))
    problems = Problems()
    for change, answer in answers.items():
        problems.is_a(change.value.replace("-", "_"), answer, Tri, "a Tri")
    problems.check("supporting_changes")
    made, lacking, unknown = (
        tuple(change for change, answer in answers.items() if answer is wanted)
        for wanted in (Tri.YES, Tri.NO, Tri.UNKNOWN)
    )
    count = Interval(float(len(made)), float(len(made) + len(unknown)))
    return SupportingChanges(made, lacking, unknown, all_of(given), count)
