"""The title that goes with looking after a class of customer (S3-15)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.domain import ValueTier
from keyaccount.exceptions import Problems

from ._facts import CAREER_FACTS
from ._policy import NO_TITLE, PlansPolicy, default_policy


__all__ = ["CareerTrack", "career_track"]


_NO_LABELS: wording.Labels = MappingProxyType({})


@attrs.frozen
class CareerTrack:
    """A title, and where it stands on the ladder, the first rung first.

    `title` is None where the class is not known, or no title goes with it; `next` is
    the rung above, None on the last one.
    """

    tier: ValueTier | None
    title: str | None
    ladder: tuple[str, ...]
    next: str | None

    def say(
        self,
        locale: str = "en",
        *,
        own: Mapping[str, Mapping[str, str]] = _NO_LABELS,
    ) -> str:
        """Say the title in a language; *own* are a policy's own labels."""
        title = NO_TITLE if self.title is None else self.title
        return wording.label("career-title", title, locale, own=own)


def career_track(
    tier: ValueTier | None, *, policy: PlansPolicy | None = None
) -> CareerTrack:
    """Return the title that goes with a class of customer (S3-15).

    A title and nothing else: a client partner leads no department.

    >>> career_track(ValueTier.GOLD).title
    'director'

    Raises:
        InvalidValueError: no tier.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    if tier is not None:
        problems.is_a("tier", tier, ValueTier, "a ValueTier")
    problems.check("career_track")
    ladder = tuple(one for one in policy.career.table.outcomes if one != NO_TITLE)
    found = policy.career.possible(CAREER_FACTS.read({"career_tier": tier}))
    title = found[0] if len(found) == 1 else NO_TITLE
    if title == NO_TITLE:
        return CareerTrack(tier, None, ladder, None)
    at = ladder.index(title) + 1
    return CareerTrack(tier, title, ladder, ladder[at] if at < len(ladder) else None)
