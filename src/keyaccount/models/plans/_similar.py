"""What we learned elsewhere that may serve here, by shared tags (S2-29)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.domain import KnowledgeItem, KnowledgeKind
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval, Reason
from keyaccount.tri import Tri

from ._given import each, texts
from ._policy import PlansPolicy, default_policy


__all__ = ["KnowledgeHit", "find_similar"]


_NO_LABELS: wording.Labels = MappingProxyType({})


@attrs.frozen
class KnowledgeHit:
    """A piece of knowledge, how much it shares with what was asked, and what.

    `score` runs from 0 to 1; it has two bounds where the item names no industry.
    `same_industry` is UNKNOWN there, and where no industry was asked for.
    """

    item: KnowledgeItem
    score: Interval
    same_industry: Tri
    shared: tuple[str, ...]

    @property
    def reason(self) -> Reason:
        """Why it was found."""
        data: list[tuple[str, float | str]] = [("name", wording.plain(self.item.text))]
        if self.shared:
            data.append(("needs", ", ".join(self.shared)))
        if self.same_industry is not Tri.YES:
            return Reason("similar-needs", tuple(data))
        data.append(("industry", wording.plain(self.item.industry)))
        code = "similar-both" if self.shared else "similar-industry"
        return Reason(code, tuple(data))

    def say(
        self,
        locale: str = "en",
        *,
        own: Mapping[str, Mapping[str, str]] = _NO_LABELS,
    ) -> str:
        """Say it in a language; *own* are a policy's own labels."""
        reason = self.reason
        return wording.say(reason.code, dict(reason.data), locale, own=own)


def find_similar(  # noqa: PLR0913 - what may be asked for
    items: Iterable[KnowledgeItem],
    *,
    industry: str | None = None,
    needs: Iterable[str] = (),
    kind: KnowledgeKind | None = None,
    excluding: str | None = None,
    most: int | None = None,
    policy: PlansPolicy | None = None,
) -> tuple[KnowledgeHit, ...]:
    """Return what shares an industry or a need with what is asked, the nearest first.

    The score is the share of the weights, of what was asked for alone: the industry
    is the same or not, of the needs it is those shared ÷ those of either. What shares
    nothing for sure is not found. Of equals the latest comes first.

    Args:
        items: What we know.
        industry: The industry of the customer, None if it does not matter.
        needs: Tags of what the customer needs.
        kind: Only knowledge of this kind.
        excluding: The id of a customer whose own items are left out.
        most: How many; as many as the policy says if left out.
        policy: The weights.

    Raises:
        InvalidValueError: something is of another kind, or an id stands twice.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    wanted = texts(problems, "needs", needs, "tags")
    for name, text in (("industry", industry), ("excluding", excluding)):
        if text is not None:
            problems.is_a(name, text, str, "a text")
    listed = _checked(problems, items, kind, most)
    found = [
        _hit(item, industry, wanted, policy)
        for item in listed
        if (kind is None or item.kind is kind)
        and (excluding is None or item.customer_id != excluding)
    ]
    hits = sorted((hit for hit in found if hit.score.low > 0), key=_place)
    return tuple(hits[: policy.whole("most_hits") if most is None else most])


def _place(hit: KnowledgeHit) -> tuple[float, float, int, str]:
    on = hit.item.recorded_on
    recency = 0 if on is None else -on.toordinal()
    return -hit.score.low, -hit.score.high, recency, hit.item.id


def _checked(
    problems: Problems,
    items: Iterable[KnowledgeItem],
    kind: KnowledgeKind | None,
    most: int | None,
) -> list[KnowledgeItem]:
    seen = set[str]()
    if kind is not None:
        problems.is_a("kind", kind, KnowledgeKind, "a KnowledgeKind")
    is_count = most is None or problems.is_a("most", most, int, "a whole number")
    if most is not None and is_count and most < 1:
        problems.add("most", "out-of-range", most, "1 or more")
    listed = each(problems, "items", items, KnowledgeItem)
    for where, item in listed:
        if item.id in seen:
            problems.add(f"{where}.id", "duplicate", item.id)
        seen.add(item.id)
    problems.check("find_similar")
    return [item for _, item in listed]


def _hit(
    item: KnowledgeItem,
    industry: str | None,
    needs: frozenset[str],
    policy: PlansPolicy,
) -> KnowledgeHit:
    same, low, high, weights = Tri.UNKNOWN, Fraction(), Fraction(), 0
    if industry is not None:
        weight = policy.whole("industry_weight")
        if item.industry is not None:
            same = Tri.of(item.industry.casefold() == industry.casefold())
        weights += weight
        low += weight if same is Tri.YES else 0
        high += 0 if same is Tri.NO else weight
    shared = needs & item.needs
    if needs:
        weight = policy.whole("need_weight")
        weights += weight
        share = Fraction(len(shared), len(needs | item.needs))
        low, high = low + weight * share, high + weight * share
    if weights:
        low, high = low / weights, high / weights
    return KnowledgeHit(
        item=item,
        score=Interval(float(low), float(high)),
        same_industry=same,
        shared=tuple(sorted(shared)),
    )
