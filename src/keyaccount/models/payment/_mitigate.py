"""The least changes that make a term acceptable; each is rated before it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple, assert_never

import attrs

from keyaccount import wire, wording
from keyaccount.domain import (
    MAX_TENOR_DAYS,
    MAX_TRANCHES,
    Cover,
    CoverKind,
    Money,
    PaymentTerm,
    Timing,
    TitleControl,
    Tranche,
)
from keyaccount.rules import Reason, display
from keyaccount.tri import Tri

from ._appetite import accepts
from ._facts import WHOLE, exact_basis_points
from ._flags import Setting
from ._opinions import Appetite, Remedy, RemedyKind
from ._policy import PaymentPolicy
from ._rate import rate_one


__all__ = ["Mitigation", "TermChange", "mitigations"]


@attrs.frozen
class TermChange:
    """One change to a term.

    `to` is the share of the price paid in advance (raise-deposit, prepay), the share
    of each later tranche that *cover* covers (add-cover), or the days of credit
    (cut-tenor).
    """

    kind: RemedyKind
    to: Decimal | None = None
    cover: CoverKind | None = None

    def reason(self) -> Reason:
        """Say the change as a code and its data."""
        data: tuple[tuple[str, float | str], ...] = ()
        if self.to is not None:
            unit = "days" if self.kind is RemedyKind.CUT_TENOR else "share"
            data = (("unit", unit), ("to", float(self.to)))
        if self.cover is not None:
            data = (*data, ("row", self.cover.value), ("table", "cover-kind"))
        return Reason(f"change-{self.kind.value}", data)


@attrs.frozen
class Mitigation(wire.Plain, display.Explained):
    """Changes that together make an *offer* acceptable, and the *term* they make of it.

    None of them can be left out, and none can be less: a basis point less of deposit
    or cover, or a day more of credit, and the term is not acceptable. `kind` is the
    dearest of them.
    """

    kind: RemedyKind
    changes: tuple[TermChange, ...]
    term: PaymentTerm
    offer: PaymentTerm

    def reason(self) -> Reason:
        """Say the changes under one heading."""
        return Reason(
            "mitigation", (), tuple(change.reason() for change in self.changes)
        )

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say each change in a language."""
        reasons = [change.reason() for change in self.changes]
        return tuple(wording.say(r.code, dict(r.data), locale) for r in reasons)


class _Plan(NamedTuple):
    """What is done to a term: None leaves it as it is; shares are basis points."""

    keeps_originals: bool = False
    tenor: int | None = None
    cover: CoverKind | None = None
    ratio: int = 0
    deposit: int | None = None


def mitigations(
    term: PaymentTerm,
    appetite: Appetite,
    price: Money | None,
    setting: Setting,
    policy: PaymentPolicy,
) -> tuple[Mitigation, ...]:
    """Return every set of changes of which none is idle, the cheapest first.

    A set is as dear as the dearest remedy in it, by the order of the policy's list;
    of equals the set with the cheaper rest comes first.
    """

    def suffices(plan: _Plan) -> bool:
        changed = _carry_out(plan, term, policy)
        verdict = rate_one(changed, setting, policy, None)
        return accepts(verdict, appetite, price) is Tri.YES

    if suffices(_Plan()):
        return ()
    found: list[tuple[tuple[int, ...], Mitigation]] = []
    done: list[set[RemedyKind]] = []
    for remedies in _sets(policy.remedies):
        kinds = {remedy.kind for remedy in remedies}
        if any(smaller <= _implied(kinds) for smaller in done):
            continue
        plan = _full(remedies, term, setting, policy)
        if plan is None or not suffices(plan):
            continue
        done.append(kinds)
        cost = tuple(sorted(map(policy.remedies.index, remedies), reverse=True))
        for at in cost:
            plan = _relaxed(plan, policy.remedies[at].kind, term, suffices)
        mitigation = Mitigation(
            policy.remedies[cost[0]].kind,
            tuple(_change(remedy, plan) for remedy in remedies),
            _carry_out(plan, term, policy),
            term,
        )
        found.append((cost, mitigation))
    found.sort(key=lambda pair: pair[0])
    return tuple(mitigation for _, mitigation in found)


def _sets(remedies: tuple[Remedy, ...]) -> Iterator[tuple[Remedy, ...]]:
    """Yield the sets of remedies that go together, the small, cheap ones first."""
    deposits = {RemedyKind.RAISE_DEPOSIT, RemedyKind.PREPAY}
    for size in range(1, len(RemedyKind)):
        for chosen in combinations(remedies, size):
            kinds = {remedy.kind for remedy in chosen}
            if len(kinds) == size and not deposits <= kinds:
                yield chosen


def _implied(kinds: set[RemedyKind]) -> set[RemedyKind]:
    """Add what a remedy does besides: who prepays raises the deposit, too."""
    return kinds | {RemedyKind.RAISE_DEPOSIT} if RemedyKind.PREPAY in kinds else kinds


def _full(
    remedies: tuple[Remedy, ...],
    term: PaymentTerm,
    setting: Setting,
    policy: PaymentPolicy,
) -> _Plan | None:
    """Return the plan that uses each remedy to the full; None where one cannot be."""
    plan = _Plan()
    for remedy in remedies:
        if remedy.kind is RemedyKind.KEEP_ORIGINALS:
            plan = plan._replace(keeps_originals=True)
        elif remedy.kind is RemedyKind.CUT_TENOR:
            plan = plan._replace(tenor=0)
        elif remedy.kind is RemedyKind.ADD_COVER:
            plan = plan._replace(cover=remedy.cover, ratio=WHOLE)
        else:
            most = WHOLE
            if remedy.kind is RemedyKind.RAISE_DEPOSIT:
                is_plain = setting.customised is Tri.NO
                most = policy.bench.loss if is_plain else policy.bench.loss_customised
            if most <= _prepaid(term) or _is_full(term):
                return None
            plan = plan._replace(deposit=most)
    return plan


def _is_full(term: PaymentTerm) -> bool:
    """Tell whether a term has no room for a deposit of its own."""
    is_long = len(term.tranches) == MAX_TRANCHES
    return is_long and not any(one.timing is Timing.PRE for one in term.tranches)


def _relaxed(
    plan: _Plan, kind: RemedyKind, term: PaymentTerm, suffices: Callable[[_Plan], bool]
) -> _Plan:
    """Return the plan with as little of one remedy as still suffices."""
    if kind is RemedyKind.KEEP_ORIGINALS:
        return plan
    if kind is RemedyKind.CUT_TENOR:
        longest = max(
            MAX_TENOR_DAYS if tranche.tenor_days is None else tranche.tenor_days
            for tranche in term.tranches
        )
        least = _least(
            lambda cut: suffices(plan._replace(tenor=longest - cut)), 0, longest
        )
        return plan._replace(tenor=longest - least)
    if kind is RemedyKind.ADD_COVER:
        least = _least(
            lambda ratio: suffices(plan._replace(ratio=ratio)), 0, plan.ratio
        )
        return plan._replace(ratio=least)
    least = _least(
        lambda deposit: suffices(plan._replace(deposit=deposit)),
        _prepaid(term),
        plan.deposit or 0,
    )
    return plan._replace(deposit=least)


def _least(is_enough: Callable[[int], bool], too_little: int, enough: int) -> int:
    """Return a number that is enough while the one below is not."""
    while enough - too_little > 1:
        middle = (too_little + enough) // 2
        if is_enough(middle):
            enough = middle
        else:
            too_little = middle
    return enough


def _change(remedy: Remedy, plan: _Plan) -> TermChange:
    match remedy.kind:
        case RemedyKind.KEEP_ORIGINALS:
            return TermChange(remedy.kind)
        case RemedyKind.CUT_TENOR:
            return TermChange(remedy.kind, Decimal(plan.tenor or 0))
        case RemedyKind.ADD_COVER:
            return TermChange(remedy.kind, _share(plan.ratio), remedy.cover)
        case RemedyKind.RAISE_DEPOSIT | RemedyKind.PREPAY:
            return TermChange(remedy.kind, _share(plan.deposit or 0))
        case _:
            assert_never(remedy.kind)


def _share(points: int) -> Decimal:
    """Turn whole basis points into a share, exactly, whatever the ambient context."""
    return Decimal(repr(points / WHOLE))


def _prepaid(term: PaymentTerm) -> int:
    return sum(
        exact_basis_points(tranche.share)
        for tranche in term.tranches
        if tranche.timing is Timing.PRE
    )


def _carry_out(plan: _Plan, term: PaymentTerm, policy: PaymentPolicy) -> PaymentTerm:
    """Return the term as the plan changes it."""
    tranches = [_changed(tranche, plan, policy) for tranche in term.tranches]
    if plan.deposit is not None:
        tranches = _with_deposit(tranches, plan.deposit - _prepaid(term))
    if tuple(tranches) == term.tranches:
        return term
    return PaymentTerm(tuple(tranches))


def _changed(tranche: Tranche, plan: _Plan, policy: PaymentPolicy) -> Tranche:
    if tranche.timing is Timing.PRE:
        return tranche
    title, days, cover = tranche.title, tranche.tenor_days, tranche.cover
    if plan.keeps_originals and tranche.timing is not Timing.POST:
        title = TitleControl.FULL
    if plan.tenor is not None and (days is None or days > plan.tenor):
        days = plan.tenor
    if plan.cover is not None and plan.ratio:
        cover = _better(cover, plan.cover, _share(plan.ratio), policy)
    return attrs.evolve(tranche, title=title, tenor_days=days, cover=cover)


def _better(
    old: Cover | None, kind: CoverKind, ratio: Decimal, policy: PaymentPolicy
) -> Cover:
    """Return the old cover, widened, where it is as good as the new; else the new."""
    if old is not None and old.recourse is Tri.NO:
        ranks = policy.ranks
        rank = ranks[old.kind] if old.quality is None else old.quality.rank
        if rank <= ranks[kind]:
            wider = ratio if old.ratio is None else max(old.ratio, ratio)
            return attrs.evolve(old, ratio=wider)
    return Cover(kind, ratio=ratio)


def _with_deposit(tranches: list[Tranche], more: int) -> list[Tranche]:
    """Move *more* basis points of the price to the front, the worst tranche first."""
    shares = [exact_basis_points(tranche.share) for tranche in tranches]
    front = [at for at, one in enumerate(tranches) if one.timing is Timing.PRE]
    left = more
    for at in sorted(
        set(range(len(tranches))) - set(front), key=_worst_first(tranches)
    ):
        taken = min(left, shares[at])
        shares[at] -= taken
        left -= taken
    deposit = Tranche(_share(more - left), Timing.PRE, at_order=Tri.YES)
    if front:
        shares[front[0]] += more - left
    kept = [
        attrs.evolve(tranche, share=_share(share))
        for tranche, share in zip(tranches, shares, strict=True)
        if share
    ]
    return kept if front else [deposit, *kept]


def _worst_first(tranches: list[Tranche]) -> Callable[[int], tuple[int, ...]]:
    def key(at: int) -> tuple[int, ...]:
        tranche = tranches[at]
        days = MAX_TENOR_DAYS if tranche.tenor_days is None else tranche.tenor_days
        covered = tranche.cover is not None and (
            tranche.cover.kind is not CoverKind.UNCOVERED
        )
        return int(tranche.timing is Timing.DOC), int(covered), -days, -at

    return key
