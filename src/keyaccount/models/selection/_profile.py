"""The five strategic attributes: how strategic customers rank among themselves."""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire, wording
from keyaccount.domain import (
    Cooperation,
    StrategicAttribute,
    StrategicDesignation,
    StrategicProfile,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Interval, Reason, display
from keyaccount.tri import Tri

from ._facts import PROFILE_FACTS, attribute_fact, composed
from ._policy import SelectionPolicy, default_policy
from ._verdict import DesignationVerdict


__all__ = ["StrategicRank", "profile_facts", "rank", "solution_complexity"]


@attrs.frozen
class StrategicRank(wire.Plain, display.Explained):
    """Where a strategic customer stands among the strategic ones (S0-2).

    `score` runs from 0 to 100, between bounds while attributes are not judged; the
    place is `best` at best and `worst` at worst, counted from 1, equals sharing one.
    """

    customer_id: str
    score: Interval
    best: int
    worst: int
    why: Reason = attrs.field(eq=False, hash=False, repr=False)

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say what each attribute adds, in a language, a line each, indented."""
        return tuple(
            "  " * level + wording.say(part.code, dict(part.data), locale)
            for level, part in self.why.walk()
        )


def profile_facts(profile: StrategicProfile | None) -> Facts:
    """Bring the five marks through the door; without a profile none is known."""
    marks = StrategicProfile() if profile is None else profile
    return PROFILE_FACTS.read(
        {
            attribute_fact(attribute): marks.of(attribute)
            for attribute in StrategicAttribute
        }
    )


def rank(
    verdicts: Iterable[DesignationVerdict],
    profiles: Mapping[str, StrategicProfile],
    *,
    policy: SelectionPolicy | None = None,
) -> tuple[StrategicRank, ...]:
    """Rank the strategic customers among themselves by their five attributes (S0-2).

    The weighted mean of the marks, the weights being the policy's. It explains, and
    decides nothing: who is not surely strategic is left out, however good the
    marks. A mark that nobody has given may be anything from 0 to 100.

    Args:
        verdicts: what `designate` said; of the order given nothing depends.
        profiles: the marks by customer id.
        policy: whose weights; left out, the shipped ones.

    Returns:
        The surely strategic ones, the highest lower bound first, then the highest
        upper one, then by id.

    Raises:
        InvalidValueError: one customer twice.
    """
    policy = default_policy() if policy is None else policy
    listed = [
        verdict.customer_id
        for verdict in verdicts
        if verdict.value is StrategicDesignation.STRATEGIC
    ]
    problems = Problems()
    for slug, times in Counter(listed).items():
        if times > 1:
            problems.add("verdicts", "duplicate", slug)
    problems.check("selection")
    told = composed(profiles)
    marked = {slug: profile_facts(told.get(slug)) for slug in listed}
    scores = {slug: policy.profile.score(told) for slug, told in marked.items()}
    order = sorted(
        listed, key=lambda slug: (-scores[slug].low, -scores[slug].high, slug)
    )
    lows = sorted(score.low for score in scores.values())
    highs = sorted(score.high for score in scores.values())
    found = []
    for slug in order:
        score, why = scores[slug], policy.profile.why(marked[slug])
        above = len(lows) - bisect.bisect_right(lows, score.high)
        perhaps = len(highs) - bisect.bisect_right(highs, score.low)
        itself = 1 if score.is_exact else 0  # an open score is among these already
        found.append(StrategicRank(slug, score, 1 + above, perhaps + itself, why))
    return tuple(found)


def solution_complexity(
    cooperation: Cooperation, *, touch_points: int | None = 0
) -> Interval:
    """Count what must work together: the more, the longer a relation lasts (S0-5a).

    Each service line counts 1, each touch point between the two firms counts 1, and
    so does what must be made for this customer alone. It never falls as lines or
    touch points are added. It has no bearing on the designation.

    Args:
        cooperation: what the customer needs.
        touch_points: where its organisation and ours meet regularly; left out,
            nobody counts them; None is not known.

    Raises:
        InvalidValueError: a number of touch points below 0.
    """
    problems = Problems()
    if touch_points is not None and touch_points < 0:
        problems.add("touch_points", "out-of-range", touch_points, "0 or more")
    problems.check("selection")
    lines = cooperation.service_lines
    parts = (None if lines is None else len(lines), touch_points)
    low = sum(part for part in parts if part is not None)
    low += cooperation.customised is Tri.YES
    high = low + (cooperation.customised is Tri.UNKNOWN)
    return Interval(float(low), math.inf if None in parts else float(high))
