"""Whether we climb the ladder of the industry's largest customers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import attrs

from keyaccount import wire, wording
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Facts,
    Interval,
    Missing,
    Reason,
    Verdict,
    ask_first,
    explain_table,
    missing,
)
from keyaccount.tri import Tri

from ._answers import names_of, near, pinned, thresholds
from ._concentration import top_of
from ._facts import FACTS, facts
from ._opinions import Ladder
from ._policy import SegmentsPolicy, default_policy


__all__ = ["Penetration", "top_n_penetration"]


_STALL = "ladder-stall"


@attrs.frozen(repr=False)
class Penetration(wire.Plain, Verdict[Ladder]):
    """How many of the industry's largest customers are ours (S3-3).

    `count` of the `of` largest surely are; `share` has bounds where not all of them
    are named, or nobody told who our customers are. `absent` names those that are
    not ours, the largest first. `rising` says whether the industry concentrates.
    """

    count: int
    of: int
    share: Interval
    absent: tuple[str, ...]
    rising: Tri

    def _extras(self) -> tuple[str, ...]:
        most = round(self.share.high * self.of)
        span = f"{self.count}" if most == self.count else f"{self.count}…{most}"
        return (f"{span} of {self.of}",)


def top_n_penetration(  # noqa: PLR0913 - who is ours, who is large, and how that moves
    customers: Iterable[str] | None,
    ranking: Sequence[str],
    *,
    n: int | None = None,
    before: Interval | None = None,
    after: Interval | None = None,
    policy: SegmentsPolicy | None = None,
) -> Penetration:
    """Tell how many of the top *n* are ours, and whether our climb has stalled (S3-3).

    Where the industry concentrates on a few customers and we have few of them, we
    are first in a niche that shrinks. Names match whatever their case and spacing,
    and whatever hidden marks stand in them.

    Args:
        customers: the names of ours; None where nobody has told.
        ranking: the industry's customers, the largest first. Where it names fewer
            than *n*, the rest may be ours: that is said, and the share has bounds.
            An industry of fewer has a smaller *n*.
        n: how many count as the top; the policy's number otherwise.
        before: the industry's concentration some time ago (`concentration_ratio`).
        after: the same by now. Without the two, whether it rises is not known.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: no names, one that stands twice in the ranking, or a
            concentration that is no `Interval`.
    """
    rules = default_policy() if policy is None else policy
    top = top_of(n, rules)
    problems = Problems()
    for path, ratio in (("before", before), ("after", after)):
        if ratio is not None:
            problems.is_a(path, ratio, Interval, "an Interval")
    problems.check("segments")
    ours = (
        None
        if customers is None
        else {_same(one) for one in names_of("customers", customers)}
    )
    largest = _ranking(ranking)[:top]
    absent = () if ours is None else tuple(x for x in largest if _same(x) not in ours)
    count = 0 if ours is None else len(largest) - len(absent)
    most = top if ours is None else count + top - len(largest)
    evidence = LadderEvidence(rules, count, most, top, absent, _rises(before, after))
    return evidence.verdict(is_short=len(largest) < top, is_told=ours is not None)


def _rises(before: Interval | None, after: Interval | None) -> Tri:
    if before is None or after is None:
        return Tri.UNKNOWN
    if after.low > before.high:
        return Tri.YES
    return Tri.NO if after.high <= before.low else Tri.UNKNOWN


def _ranking(ranking: Sequence[str]) -> tuple[str, ...]:
    listed = names_of("ranking", ranking)
    problems = Problems()
    if not listed:
        problems.add("ranking", "empty", expected="one name")
    seen = set[str]()
    for at, name in enumerate(listed):
        if not _same(name):
            problems.add(f"ranking[{at}]", "empty", expected="one letter")
        elif _same(name) in seen:
            problems.add(f"ranking[{at}]", "duplicate", name)
        seen.add(_same(name))
    problems.check("segments")
    return listed


def _same(name: str) -> str:
    """Return what two spellings of one name share: no case, no marks one cannot see."""
    shown = unicodedata.normalize("NFKC", name).casefold()
    seen = (letter for letter in shown if unicodedata.category(letter) != "Cf")
    return " ".join("".join(seen).split())


@attrs.frozen
class LadderEvidence:
    """What a verdict on the ladder keeps to explain itself."""

    policy: SegmentsPolicy
    count: int
    most: int
    of: int
    absent: tuple[str, ...]
    rising: Tri

    @property
    def share(self) -> Interval:
        """How many of the top are ours, as a fraction."""
        return Interval(self.count / self.of, self.most / self.of)

    @property
    def _shares(self) -> Sequence[float]:
        """The shares that stand for all that are possible."""
        asked = thresholds(self.policy.ladders.table, "penetration")
        counts = near((edge * self.of for edge in asked), self.count, self.most)
        return [count / self.of for count in counts]

    @property
    def facts(self) -> Facts:
        """What the table is asked about."""
        share = self.share.low if self.share.is_exact else None
        return facts(penetration=share, concentration_rising=self.rising)

    @property
    def possible(self) -> tuple[str, ...]:
        """What every count that is possible answers."""
        table, found = self.policy.ladders, set[str]()
        for share in self._shares:
            told = facts(penetration=share, concentration_rising=self.rising)
            found.update(table.possible(told))
        return tuple(outcome for outcome in table.table.outcomes if outcome in found)

    def verdict(self, *, is_short: bool, is_told: bool) -> Penetration:
        """Put the answer together."""
        possible = tuple(map(Ladder, self.possible))
        value = possible[0] if len(possible) == 1 else None
        flags = (
            (_STALL, value is Ladder.STALLED),
            ("short-ranking", is_short),
        )
        return Penetration(
            value=value,
            possible=possible,
            missing=() if value is not None else self._missing(is_told=is_told),
            flags=tuple(flag for flag, is_raised in flags if is_raised),
            policy=self.policy.ref,
            as_of=None,
            count=self.count,
            of=self.of,
            share=self.share,
            absent=self.absent,
            rising=self.rising,
            evidence=self,
        )

    def _missing(self, *, is_told: bool) -> tuple[Missing, ...]:
        asked = [
            gap.fact for gap in ask_first((self.policy.ladders.table,), self.facts)
        ]
        own = "penetration" if is_told else "our_customers"
        names = (own if name == "penetration" else name for name in asked)
        return missing(FACTS, names)

    def reason(self) -> Reason:
        """Say the answer, how many of the top are ours, and who is not."""
        table = self.policy.ladders.table
        told = pinned(table, self.facts, "penetration", self._shares)
        why = explain_table(table, told, self.possible)
        ends = (("count", float(self.count)), ("most", float(self.most)))
        code = "top-ours" if self.share.is_exact else "top-ours-open"
        found = Reason(code, (*ends, ("limit", float(self.of))))
        absent = tuple(
            Reason("top-absent", (("name", wording.plain(name)),))
            for name in self.absent
        )
        return attrs.evolve(why, because=(found, *absent, *why.because))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
