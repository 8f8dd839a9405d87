"""Payment terms: what is paid when, and who stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from keyaccount.tri import Tri

from ._checks import EXACT, Checks
from ._conversions import decimal_of, known_decimal_of, listed
from ._deal_vocabulary import CoverKind, CoverQuality, Timing, TitleControl


__all__ = ["MAX_TENOR_DAYS", "MAX_TRANCHES", "Cover", "PaymentTerm", "Tranche"]


MAX_TRANCHES = 100
MAX_TENOR_DAYS = 36_500


@attrs.frozen
class Cover:
    """The instrument that stands behind a tranche.

    `quality` is None unless somebody has assessed this very cover; the policy then
    takes what such instruments are usually worth. `ratio` is the covered share of
    the tranche, None if nobody knows. `recourse` says whether the money can be asked
    back from us (factoring, discounting).
    """

    kind: CoverKind = CoverKind.UNCOVERED
    quality: CoverQuality | None = None
    ratio: Decimal | None = attrs.field(default=Decimal(1), converter=decimal_of)
    recourse: Tri = Tri.NO

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.choice("kind", self.kind, CoverKind)
        checks.choice("quality", self.quality, CoverQuality, optional=True)
        checks.part("ratio", self.ratio, optional=True)
        checks.tri("recourse", self.recourse)
        checks.check("Cover")


_NO_COVER = Cover()


@attrs.frozen
class Tranche:
    """One part of the price: how much, when, and what secures it.

    None means not known: a timing, tenor, title or cover that nobody has told us.
    Title matters between shipment and release only; for a tranche paid before or
    after that, None becomes TitleControl.NONE, because there is nothing to ask. A
    prepaid tranche's tenor is ignored. `at_order` tells for a prepaid tranche
    whether it is paid at order, before production, or only before shipment.
    """

    share: Decimal = attrs.field(converter=known_decimal_of)
    timing: Timing | None
    tenor_days: int | None = 0
    title: TitleControl | None = None
    cover: Cover | None = _NO_COVER
    at_order: Tri = Tri.UNKNOWN

    def __attrs_post_init__(self) -> None:
        if self.title is None and _is_settled_otherwise(self.timing):
            object.__setattr__(self, "title", TitleControl.NONE)
        checks = Checks()
        checks.part("share", self.share)
        checks.choice("timing", self.timing, Timing, optional=True)
        checks.whole("tenor_days", self.tenor_days, 0, MAX_TENOR_DAYS, optional=True)
        checks.choice("title", self.title, TitleControl, optional=True)
        checks.instance("cover", self.cover, Cover, optional=True)
        checks.tri("at_order", self.at_order)
        checks.check("Tranche")


def _tranches(tranches: Iterable[Tranche]) -> tuple[Tranche, ...]:
    return listed(tranches)


@attrs.frozen
class PaymentTerm:
    """How a price is paid: tranches whose shares add up to exactly 1.

    >>> deposit = Tranche(Decimal("0.3"), Timing.PRE)
    >>> balance = Tranche(Decimal("0.7"), Timing.DOC, title=TitleControl.FULL)
    >>> len(PaymentTerm.of(deposit, balance).tranches)
    2
    """

    tranches: tuple[Tranche, ...] = attrs.field(converter=_tranches)
    name: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        if checks.each("tranches", self.tranches, Tranche, at_most=MAX_TRANCHES):
            shares = Decimal(0)
            for tranche in self.tranches:
                shares = EXACT.add(shares, tranche.share)
            if not self.tranches:
                checks.add("tranches", "empty", None, "one tranche")
            elif shares != 1:
                checks.add("tranches", "sum", shares, "exactly 1")
        checks.text("name", self.name, optional=True)
        checks.check("PaymentTerm")

    @classmethod
    def of(cls, *tranches: Tranche, name: str | None = None) -> PaymentTerm:
        """Build a term from its tranches, one after the other."""
        return cls(tranches, name)


def _is_settled_otherwise(timing: Timing | None) -> bool:
    """Tell whether nobody needs to ask who holds the title."""
    return timing is Timing.PRE or timing is Timing.POST
