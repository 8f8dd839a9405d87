"""What a distribution tells: quantiles, the quota's chance, what it rests on."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount import wire
from keyaccount.domain import Money
from keyaccount.rules import Interval, Missing, PolicyRef, Reason

from ._amounts import Span, amount_text, share_text
from ._asking import listed
from ._telling import Datum, Telling


__all__ = ["Distribution", "Quantile", "Reliance"]


@attrs.frozen
class Quantile:
    """An amount that is not exceeded in so many cases of a hundred."""

    id: str
    percent: int
    amount: Span


@attrs.frozen
class Reliance:
    """How far the forecast rests on one deal, and what if it slips.

    `share` is its part of the weighted sum. `without` is the chance to reach the
    quota if this deal brings nothing, `won` the chance if it is won; None without a
    quota.
    """

    id: str
    value: Money
    share: float
    without: Interval | None = None
    won: Interval | None = None


_LISTS = ("unvalued", "unconverted", "unknown_stage", "undated", "outside", "not_yet")


@attrs.frozen(repr=False)
class Distribution(wire.Plain, Telling):
    """What will have been won in the end, as a distribution (S2-19).

    What is closed counts as won; every open deal is won or not, each on its own.
    `mean` is what `roll_up` calls closed and weighted. `reaches` is the chance to
    reach the quota. `largest` are the deals that weigh most; `equal_deals` is how
    many deals of one size would be as concentrated. `step` is the grid that totals
    stand on; `error` is 0 where nothing was rounded, else a bound on how far quantiles
    are off on average (in truth it is less: mean and deviation are kept).

    Deals whose value nobody knows are not in it: they leave the amounts without an
    upper bound, and raise the upper bound of `reaches` to what they might do.
    """

    as_of: dt.date
    currency: str
    deals: int
    closed: Span
    mean: Span
    deviation: Span
    quantiles: tuple[Quantile, ...]
    quota: Money | None
    reaches: Interval | None
    largest: tuple[Reliance, ...]
    equal_deals: float | None
    step: Money
    error: Money
    unvalued: tuple[str, ...]
    unconverted: tuple[str, ...]
    unknown_stage: tuple[str, ...]
    undated: tuple[str, ...]
    outside: tuple[str, ...]
    not_yet: tuple[str, ...]
    flags: tuple[str, ...]
    missing: tuple[Missing, ...]
    policy: PolicyRef

    @property
    def is_exact(self) -> bool:
        """Whether no amount was rounded onto a grid."""
        return self.error.amount == 0

    def quantile(self, name: str) -> Span:
        """Return one of the amounts by its id, as in "p10"."""
        return next(part.amount for part in self.quantiles if part.id == name)

    def reason(self) -> Reason:
        """Say the range, the chance of the quota, and what it rests on."""
        parts = [
            Reason(
                "distribution-quantile",
                (
                    ("amount", str(part.amount)),
                    ("unit", "percent"),
                    ("below", float(part.percent)),
                    ("above", float(100 - part.percent)),
                ),
            )
            for part in self.quantiles
        ]
        if self.quota is not None and self.reaches is not None:
            quota = ("quota", amount_text(self.quota))
            chance = ("chance", share_text(self.reaches))
            parts.append(Reason("distribution-quota", (quota, chance)))
        parts += [_rests_on(part) for part in self.largest]
        parts += listed({name: getattr(self, name) for name in _LISTS})
        step = ("step", amount_text(self.step))
        if self.is_exact:
            parts.append(Reason("distribution-exact"))
        else:
            error = ("error", amount_text(self.error))
            parts.append(Reason("distribution-rounded", (step, error)))
        told: tuple[Datum, ...] = (
            ("amount", str(self.mean)),
            ("deviation", str(self.deviation)),
            ("closed", str(self.closed)),
            ("count", str(self.deals)),
            ("day", self.as_of.isoformat()),
        )
        return Reason("distribution", told, tuple(parts))

    def __repr__(self) -> str:
        parts = [f"{part.id} {part.amount}" for part in self.quantiles]
        return f"<Distribution {' · '.join(parts)} · as of {self.as_of}>"


def _rests_on(part: Reliance) -> Reason:
    data: tuple[Datum, ...] = (
        ("deal", part.id),
        ("amount", amount_text(part.value)),
        ("unit", "share"),
        ("share", part.share),
    )
    if part.without is None or part.won is None:
        return Reason("distribution-deal", data)
    chances = (("without", share_text(part.without)), ("with", share_text(part.won)))
    return Reason("distribution-deal-quota", (*data, *chances))
