"""How much of the whole hangs on the largest customers (DOMAIN 6.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from keyaccount import wire
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval, Missing, Reason, Verdict

from ._facts import CONCENTRATION_FACTS, TOPS, Dependence
from ._policy import AllocationPolicy, default_policy
from ._spans import Spans


__all__ = ["ConcentrationVerdict", "TopShare", "concentration"]


@attrs.frozen
class TopShare:
    """What the largest customers make of the whole, by the policy's name for it."""

    id: str
    count: int
    share: Interval


@attrs.frozen
class ConcentrationEvidence:
    """What a concentration verdict keeps to explain itself."""

    policy: AllocationPolicy
    spans: Spans
    value: Dependence | None
    possible: tuple[Dependence, ...]
    effective: Interval

    def reason(self) -> Reason:
        """Say on how few we rest, the figures, and what each row says."""
        table = self.policy.dependence
        bounds = self.spans.bounds
        parts = [
            Reason(
                "concentration-figure" if span.is_exact else "concentration-span",
                (("fact", name), ("unit", "share"), *_ends(span)),
            )
            for name, span in bounds.items()
        ]
        if self.effective.high:
            is_exact = self.effective.is_exact
            span = "" if is_exact else "-span"
            told = (("unit", "mark"), *_ends(self.effective))
            parts.append(Reason(f"concentration-effective{span}", told))
        parts += self.spans.explain(table)
        answer = (("outcome", self.possible[0].value), ("answers", table.answers))
        if self.value is not None:
            return Reason("concentration", answer, tuple(parts))
        best = (("best", self.possible[-1].value),)
        return Reason("concentration-open", (*answer, *best), tuple(parts))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _ends(span: Interval) -> tuple[tuple[str, float | str], ...]:
    return ("low", span.low), ("high", span.high)


@attrs.frozen(repr=False)
class ConcentrationVerdict(wire.Plain, Verdict[Dependence]):
    """On how few customers we rest.

    `tops` are the shares of the largest, `hhi` is the sum of all squared shares,
    `effective` how many customers of equal size would be as concentrated. `largest`
    are the ids of the largest known amounts. `unknown` are those whose amount nobody
    knows: it may be anything from 0 up. `left_out` are those below 0.
    """

    tops: tuple[TopShare, ...]
    hhi: Interval
    effective: Interval
    largest: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def _extras(self) -> tuple[str, ...]:
        return (f"as {self.effective} equal customers",)


def concentration(
    amounts: Mapping[str, Decimal | int | None],
    *,
    as_of: dt.date | None = None,
    policy: AllocationPolicy | None = None,
) -> ConcentrationVerdict:
    """Say how much of all sales, or of any amount, the largest customers make.

    `share of the n largest = their sum ÷ the sum of all`, `HHI = Σ share²`,
    `effective number = 1 ÷ HHI`. An unknown amount may be anything from 0 up: the
    lowest share is that where all unknown ones are as large as makes it least, the
    highest comes near to 1. An amount below 0 (returns) has no share and is left out.

    Args:
        amounts: by customer id, all in one currency; None is not known.
        as_of: the day that the verdict bears.
        policy: your own limits.

    Raises:
        InvalidValueError: an amount that is infinite or no Decimal.
    """
    rules = policy or default_policy()
    _check(amounts)
    unknown = tuple(sorted(slug for slug, one in amounts.items() if one is None))
    told = {slug: one for slug, one in amounts.items() if one is not None}
    left_out = tuple(sorted(slug for slug, one in told.items() if one < 0))
    counted = {slug: Fraction(one) for slug, one in told.items() if one >= 0}
    known = sorted(counted.values(), reverse=True)
    tops = tuple(
        TopShare(top.id, top.count, _top_share(known, len(unknown), top.count))
        for top in sorted(rules.tops, key=lambda top: TOPS.index(top.id))
    )
    hhi = _hhi(known, len(unknown))
    effective = _effective(hhi)
    bounds = {**{top.id: top.share for top in tops}, "hhi": hhi}
    spans = Spans(CONCENTRATION_FACTS, bounds)
    possible = tuple(map(Dependence, spans.possible(rules.dependence)))
    value = possible[0] if len(possible) == 1 else None
    in_order = sorted(counted, key=lambda slug: (-counted[slug], slug))
    most = max(top.count for top in rules.tops)
    flags = (
        *(("amounts-unknown",) if unknown else ()),
        *(("negative-amounts-left-out",) if left_out else ()),
        *(() if unknown or sum(known) else ("nothing-to-share",)),
    )
    return ConcentrationVerdict(
        value,
        possible,
        (Missing("amounts", "amounts"),) if unknown else (),
        flags,
        rules.ref,
        as_of,
        tops=tops,
        hhi=hhi,
        effective=effective,
        largest=tuple(in_order[:most]),
        unknown=unknown,
        left_out=left_out,
        evidence=ConcentrationEvidence(rules, spans, value, possible, effective),
    )


def _check(amounts: Mapping[str, object]) -> None:
    problems = Problems()
    for slug, amount in amounts.items():
        if amount is not None and not isinstance(amount, Decimal | int):
            problems.add(f"amounts.{slug}", "wrong-type", amount, "a Decimal")
        elif isinstance(amount, Decimal) and not amount.is_finite():
            problems.add(f"amounts.{slug}", "out-of-range", amount, "a finite number")
    problems.check("concentration")


def _top_share(known: list[Fraction], unknown: int, count: int) -> Interval:
    """Return the bounds of what the so many largest make of the whole.

    Unknown amounts make it least where all are alike. The share falls while they are
    no larger than the last of the so many, and then rises or falls from one of these
    to the next: its least value lies at one of them, at nothing where there are not
    so many, or where the unknown outgrow everybody.
    """
    total = sum(known, Fraction(0))
    if unknown == 0:
        if total == 0:
            return Interval(0.0, 1.0)
        share = float(sum(known[:count], Fraction(0)) / total)
        return Interval(share, share)
    largest, more = known[:count], min(count, unknown)
    lows = [Fraction(more, unknown)]
    for size in {Fraction(0), *largest}:
        top = sorted((*largest, *(size for _ in range(more))), reverse=True)[:count]
        whole = total + size * unknown
        if whole:
            lows.append(sum(top, Fraction(0)) / whole)
    return Interval(float(min(lows)), 1.0)


def _hhi(known: list[Fraction], unknown: int) -> Interval:
    """Return the bounds of the sum of squared shares.

    With u unknown amounts it is least where each is Σ squares ÷ Σ of the known:
    then it is h ÷ (1 + u·h), h being that of the known alone.
    """
    total = sum(known, Fraction(0))
    if total == 0:
        return Interval(float(Fraction(1, unknown)) if unknown else 0.0, 1.0)
    squares = sum((amount * amount for amount in known), Fraction(0))
    alone = squares / (total * total)
    low = float(alone / (1 + unknown * alone))
    return Interval(low, 1.0) if unknown else Interval(low, low)


def _effective(hhi: Interval) -> Interval:
    """Return how many customers of equal size would be as concentrated."""
    if hhi.low == 0:
        return Interval(0.0, 0.0)
    return Interval(1 / hhi.high, 1 / hhi.low)
