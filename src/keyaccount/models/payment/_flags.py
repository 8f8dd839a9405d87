"""What a reader must be warned of, and what must be asked before a warning is safe."""

from __future__ import annotations

import enum
from typing import NamedTuple

from keyaccount.domain import CoverKind, PaymentTerm, Timing, TitleControl
from keyaccount.tri import Tri

from ._facts import exact_basis_points
from ._policy import PaymentPolicy


__all__ = ["FLAGS", "Buyer", "Setting", "flags_of", "questions_of"]


class Buyer(enum.Enum):
    """Whether a payment rule for small sellers binds the buyer (advisory only)."""

    PUBLIC = "public"
    LARGE = "large"
    OTHER = "other"


class Setting(NamedTuple):
    """What surrounds a term: the goods, who sells, who buys, pay when paid."""

    customised: Tri = Tri.NO
    small_seller: Tri = Tri.UNKNOWN
    buyer: Buyer | None = None
    back_to_back: Tri = Tri.UNKNOWN


FLAGS = (
    "title-weak",
    "guarantor-unassessed",
    "long-tenor",
    "bill-over-6m",
    "sme-rule",
    "back-to-back",
    "pre-shipment-exposure",
)

_BILLS = frozenset(
    {CoverKind.BANK_ACCEPTANCE_BILL, CoverKind.COMMERCIAL_ACCEPTANCE_BILL}
)


def flags_of(
    term: PaymentTerm, setting: Setting, policy: PaymentPolicy
) -> tuple[str, ...]:
    """Return the warnings that surely apply, in the order of `FLAGS`."""
    weak = unassessed = over_six_months = False
    limits = policy.limits
    longest = 0
    for tranche in term.tranches:
        if tranche.timing is Timing.PRE or tranche.timing is None:
            continue
        days, cover = tranche.tenor_days or 0, tranche.cover
        longest = max(longest, days)
        if tranche.timing is Timing.DOC and tranche.title is TitleControl.WEAK:
            weak = True
        if cover is not None and cover.kind is not CoverKind.UNCOVERED:
            if cover.quality is None and cover.kind in policy.unassessed:
                unassessed = True
            if days > limits.bill and cover.kind in _BILLS:
                over_six_months = True
    is_back_to_back = setting.back_to_back is Tri.YES
    answers = (
        weak,
        unassessed,
        longest > limits.long,
        over_six_months,
        _breaks_rule(longest, setting, policy),
        is_back_to_back,
        setting.customised is Tri.YES and _at_order(term)[1] < limits.loss_customised,
    )
    if True not in answers:
        return ()
    return tuple(flag for flag, raised in zip(FLAGS, answers, strict=True) if raised)


def _breaks_rule(longest: int, setting: Setting, policy: PaymentPolicy) -> bool:
    if setting.small_seller is not Tri.YES:
        return False
    is_bound = setting.buyer is Buyer.PUBLIC or setting.buyer is Buyer.LARGE
    if is_bound and setting.back_to_back is Tri.YES:
        return True
    return _is_late(longest, setting.buyer, policy)


def _is_late(longest: int, buyer: Buyer | None, policy: PaymentPolicy) -> bool:
    if buyer is Buyer.PUBLIC:
        return longest > policy.limits.sme_public
    return buyer is Buyer.LARGE and longest > policy.limits.sme_large


def _at_order(term: PaymentTerm) -> tuple[int, int]:
    """Return the least and the most that is paid at order, in basis points."""
    low = high = 0
    for tranche in term.tranches:
        timing, at_order = tranche.timing, tranche.at_order
        if timing is Timing.DOC or timing is Timing.POST or at_order is Tri.NO:
            continue
        share = exact_basis_points(tranche.share)
        high += share
        if timing is Timing.PRE and at_order is Tri.YES:
            low += share
    return low, high


def questions_of(
    term: PaymentTerm, setting: Setting, policy: PaymentPolicy
) -> tuple[str, ...]:
    """Return the facts without which a warning may be lacking.

    Whoever says nothing of the buyer and the seller is not asked about the rule
    for small sellers; whoever says half of it is asked for the other half.
    """
    asked: tuple[str, ...] = ()
    if setting.customised is not Tri.NO:
        low, high = _at_order(term)
        limit = policy.limits.loss_customised
        if setting.customised is Tri.UNKNOWN and low < limit:
            asked = ("customised",)
        elif setting.customised is Tri.YES and low < limit <= high:
            asked = ("at_order",)
    if setting.buyer is None and setting.small_seller is not Tri.YES:
        return asked
    return asked + _rule_questions(term, setting, policy)


def _rule_questions(
    term: PaymentTerm, setting: Setting, policy: PaymentPolicy
) -> tuple[str, ...]:
    credit = [tranche for tranche in term.tranches if tranche.timing is not Timing.PRE]
    longest = max([tranche.tenor_days or 0 for tranche in credit], default=0)
    seller, buyer = setting.small_seller, setting.buyer
    if buyer is None:
        late = [_is_late(longest, one, policy) for one in Buyer]
        return ("buyer",) if any(late) or setting.back_to_back is Tri.YES else ()
    if buyer is Buyer.OTHER or seller is Tri.NO:
        return ()
    if seller is Tri.UNKNOWN:
        is_late = _is_late(longest, buyer, policy) or setting.back_to_back is Tri.YES
        return ("small_seller",) if is_late else ()
    is_open = setting.back_to_back is Tri.UNKNOWN and bool(credit)
    return ("back_to_back",) if is_open and not _is_late(longest, buyer, policy) else ()
