"""Why a term is rated as it is: the answer, the two sums, then part by part."""

from __future__ import annotations

from keyaccount.domain import PaymentTerm, Tranche
from keyaccount.rules import Compiled, Facts, Reason
from keyaccount.tri import Tri

from ._facts import (
    SQUARE,
    WHOLE,
    Slice,
    base_facts,
    covered_facts,
    deposit_cover,
    is_unknown,
    prepaid_of,
)
from ._open import Spread, look_out
from ._policy import PaymentPolicy
from ._sums import Case


__all__ = ["explain"]


Datum = tuple[str, float | str]


def explain(term: PaymentTerm, case: Case, policy: PaymentPolicy) -> Reason:
    """Say the rating in one line, and under it what it comes from."""
    spread = look_out(case, policy)
    worst, best = spread.possible[0], spread.possible[-1]
    data: tuple[Datum, ...] = (
        ("row", term.name or "unnamed"),
        ("table", "payment-term"),
        ("outcome", worst.slug),
        ("answers", "rating"),
    )
    code = "term-rated"
    if worst != best:
        code, data = "term-open", (*data, ("best", best.slug))
    because = [
        _axis("safety", spread, spread.unsafe, policy),
        _axis("controllability", spread, spread.uncontrolled, policy),
        *_credit(case),
    ]
    for at, (tranche, part) in enumerate(zip(term.tranches, case.slices, strict=True)):
        because.append(_tranche(at, tranche, part, case, policy))
    return Reason(code, data, tuple(because))


def _axis(
    axis: str, spread: Spread, worst: tuple[int, int], policy: PaymentPolicy
) -> Reason:
    found = [getattr(rating, axis) for rating in spread.possible]
    found.sort(key=lambda level: -level.rank)
    data: tuple[Datum, ...] = (
        ("outcome", found[0].value),
        ("answers", axis),
        ("unit", "share"),
        ("worst", worst[0] / SQUARE),
        ("limit", policy.bench.most / SQUARE),
    )
    if found[0] is not found[-1]:
        more = (("best", found[-1].value), ("worst_high", worst[1] / SQUARE))
        return Reason(f"{axis}-open", (*data, *more))
    kind = ("best", "middle", "worst")[found[0].rank]
    if kind == "middle" and not any(worst):
        kind = "short"
    return Reason(f"{axis}-{kind}", data)


def _credit(case: Case) -> tuple[Reason, ...]:
    """Say how long the price is tied up on average, where it is at all."""
    later = [part for part in case.slices if part.timing != "pre"]
    if any(part.tenor is None or part.timing is None for part in later):
        return ()
    days = sum(part.share * (part.tenor or 0) for part in later) / WHOLE
    return (Reason("term-days", (("unit", "days"), ("days", days))),) if days else ()


def _tranche(
    at: int, tranche: Tranche, part: Slice, case: Case, policy: PaymentPolicy
) -> Reason:
    timing = part.timing or "open"
    days = part.tenor
    data: tuple[Datum, ...] = (
        ("part", str(at + 1)),
        ("unit", "share"),
        ("share", part.share / WHOLE),
    )
    code = f"tranche-{timing}"
    if timing in {"doc", "post"} and days != 0:
        code = f"tranche-{timing}-days"
        if days is not None:
            data = (*data, ("days", str(int(days))))
    if part.timing is None:
        return Reason(code, data, _asks(part))
    return Reason(code, data, (*_asks(part), *_pieces(tranche, part, case, policy)))


def _asks(part: Slice) -> tuple[Reason, ...]:
    """Name what nobody has told us of a tranche."""
    unknown = {
        "timing": part.timing is None,
        "title": part.title is None,
        "tenor_days": part.tenor is None,
        "cover": is_unknown(part),
        "recourse": bool(part.choices) and not is_unknown(part),
        "cover_ratio": part.low != part.high and not is_unknown(part),
    }
    return tuple(
        Reason("piece-asks", (("fact", name),))
        for name, is_missing in unknown.items()
        if is_missing
    )


def _pieces(
    tranche: Tranche, part: Slice, case: Case, policy: PaymentPolicy
) -> tuple[Reason, ...]:
    bench = policy.bench
    prepaid = prepaid_of(case.slices)
    loss: int | None = bench.loss
    known: Tri | None = case.customised
    if case.customised is not Tri.NO:
        loss = bench.loss_customised if case.customised is Tri.YES else None
        known = None if loss is None else Tri.YES
    deposit = deposit_cover(prepaid, loss)
    base = _judged(base_facts(part, deposit, known), policy)
    if part.timing == "doc" and part.title != "none" and loss is not None:
        base = (*base, _weighed(prepaid, loss))
    if not part.high:
        return base
    covered = _judged(covered_facts(part, deposit, known), policy)
    found = [Reason(*_cover(tranche, part), covered)]
    if part.low == part.high and part.high < WHOLE:
        share = part.share * (WHOLE - part.high) / SQUARE
        found.append(Reason("piece-uncovered", _share(share), base))
    elif part.low < part.high:
        found.append(Reason("piece-rest", (), base))
    return tuple(found)


def _cover(tranche: Tranche, part: Slice) -> tuple[str, tuple[Datum, ...]]:
    """Say which share of the price is covered, and by what."""
    if tranche.cover is None:
        return "piece-cover-unknown", ()
    data: tuple[Datum, ...] = (
        ("row", tranche.cover.kind.value),
        ("table", "cover-kind"),
        ("outcome", part.cover or part.choices[0]),
        ("answers", "cover-quality"),
    )
    if part.low < part.high:
        return "piece-covered-open", data
    return "piece-covered", (*data, *_share(part.share * part.high / SQUARE))


def _share(share: float) -> tuple[Datum, ...]:
    return ("unit", "share"), ("share", share)


def _weighed(prepaid: tuple[int, int], loss: int) -> Reason:
    low, high = prepaid
    data: tuple[Datum, ...] = (
        ("unit", "share"),
        ("prepaid", low / WHOLE),
        ("loss", loss / WHOLE),
    )
    if low != high:
        return Reason("deposit-weighed-open", (*data, ("prepaid_high", high / WHOLE)))
    return Reason("deposit-weighed", data)


def _judged(facts: Facts, policy: PaymentPolicy) -> tuple[Reason, ...]:
    return (
        _level(policy.safety_table, facts),
        _level(policy.controllability_table, facts),
    )


def _level(compiled: Compiled, facts: Facts) -> Reason:
    """Say what a table makes of a piece, and which of its rows decides."""
    table, possible = compiled.table, compiled.possible(facts)
    data: tuple[Datum, ...] = (
        ("table", table.name),
        ("outcome", possible[0]),
        ("answers", table.answers),
    )
    if len(possible) > 1:
        return Reason("piece-open", (*data, ("best", possible[-1])))
    must = compiled.hits(facts).must
    sure = [table.rows[at].id for at in table.in_order if must >> at & 1]
    return Reason("piece-judged", (*data, ("row", sure[0] if sure else "otherwise")))
