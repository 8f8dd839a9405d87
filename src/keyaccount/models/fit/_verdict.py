"""The answers: what is known, whether the product matches, where the channel goes."""

from __future__ import annotations

import enum

import attrs

from keyaccount import wire
from keyaccount.domain import BackgroundTopic, ChannelOutlook, ProductDemand
from keyaccount.rules import Interval, Verdict
from keyaccount.tri import Tri


__all__ = [
    "BackgroundVerdict",
    "ChannelVerdict",
    "DemandGap",
    "FitGap",
    "FitPart",
    "FitVerdict",
    "MatchVerdict",
]


class FitPart(enum.Enum):
    """The four analyses that a fit rests on (S4-10 to S4-13)."""

    BACKGROUND = "background"
    PRODUCT = "product"
    CHANNEL = "channel"
    PAYMENT_TERM = "payment-term"


@attrs.frozen(repr=False)
class BackgroundVerdict(wire.Plain, Verdict[Tri]):
    """Whether we know the customer's background, and which topics we do not (S4-10).

    `completeness` is the share of the topics that somebody has written down. While
    one is open that counts the verdict is open, not no.
    """

    known: tuple[BackgroundTopic, ...]
    unknown: tuple[BackgroundTopic, ...]
    completeness: float

    def _extras(self) -> tuple[str, ...]:
        count = len(self.known)
        return (f"{count} of {count + len(self.unknown)} known",)


@attrs.frozen
class DemandGap:
    """A demand that we surely fall short of: what is required, and what ours is."""

    demand: ProductDemand
    required: int
    ours: int

    @property
    def size(self) -> int:
        """By how many levels we fall short."""
        return self.required - self.ours


@attrs.frozen(repr=False)
class MatchVerdict(wire.Plain, Verdict[Tri]):
    """Whether our product matches what the customer requires (S4-11).

    `met` and `gaps` are what is sure, `undecided` what depends on a level that
    nobody has told us; the three together are all five demands.
    """

    met: tuple[ProductDemand, ...]
    gaps: tuple[DemandGap, ...]
    undecided: tuple[ProductDemand, ...]

    def _extras(self) -> tuple[str, ...]:
        gaps = (f"{gap.demand.value} -{gap.size}" for gap in self.gaps)
        return f"{len(self.met)} met", *gaps


@attrs.frozen(repr=False)
class ChannelVerdict(wire.Plain, Verdict[ChannelOutlook]):
    """Where the customer's channel is heading (S4-12).

    `planned` bounds how many of the three plans there are.
    """

    planned: Interval

    def _extras(self) -> tuple[str, ...]:
        low, high = self.planned.low, self.planned.high
        span = f"{low:.0f}" if self.planned.is_exact else f"{low:.0f}…{high:.0f}"
        return (f"{span} planned",)


@attrs.frozen
class FitGap:
    """One change that it takes: a level of ours to raise, or the term to move.

    For the payment term there is neither a demand nor a level.
    """

    part: FitPart
    demand: ProductDemand | None = None
    now: int | None = None
    to: int | None = None


@attrs.frozen(repr=False)
class FitVerdict(wire.Plain, Verdict[Tri]):
    """Whether they and we match, and what it takes where we do not (S4-14).

    `gaps` is a least set of changes after which nothing that is known would forbid
    the fit; none of them can be left out or made smaller. It is empty where nothing
    forbids it, and where no change of ours would help. `analysed` names the analyses
    that are complete.
    """

    customer_id: str | None
    background: BackgroundVerdict
    product: MatchVerdict
    channel: ChannelVerdict
    term_within_appetite: Tri
    analysed: tuple[FitPart, ...]
    gaps: tuple[FitGap, ...]

    def _extras(self) -> tuple[str, ...]:
        if not self.gaps:
            return ()
        steps = [
            f"{gap.part.value}"
            if gap.demand is None
            else f"{gap.demand.value} to {gap.to}"
            for gap in self.gaps
        ]
        return ("gaps " + ", ".join(steps),)
