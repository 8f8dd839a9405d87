"""Our firm as a whole, for machines: slugs, dates and numbers."""

from __future__ import annotations

from keyaccount import book
from keyaccount.cli._lens._marks import answered
from keyaccount.models import engagement, plans, readiness
from keyaccount.rules import Interval

from ._machine import target_slugs


__all__ = ["firm_slugs"]


def firm_slugs(firm: book.FirmView | None) -> dict[str, object] | None:
    """Return what a machine wants to know of our firm."""
    if firm is None:
        return None
    return {
        "readiness": None if firm.readiness is None else _ready(firm.readiness),
        "penetration": [
            {
                "industry": one.industry,
                "before": _ends(one.share_before),
                "after": _ends(one.share_after),
            }
            for one in firm.penetration
        ],
        "pairing": None if firm.pairing is None else _paired(firm.pairing),
        "capacity": None if firm.capacity is None else _loads(firm.capacity),
        "targets": target_slugs(firm.targets),
        "coverage": None if firm.coverage is None else _ends(firm.coverage.ratio),
        "too_far": [] if firm.coverage is None else list(firm.coverage.short),
        "without_plan": None if firm.planned is None else list(firm.planned.customers),
        "silent": [one.id for one in firm.silent],
        "unread": [str(error) for error in firm.unread],
    }


def _ends(share: Interval | None) -> list[float] | None:
    return None if share is None else [share.low, share.high]


def _ready(found: readiness.ReadinessVerdict) -> dict[str, object]:
    asked = found.first.ask
    return {
        "possible": [one.value for one in found.possible],
        "score": _ends(found.score),
        "completeness": found.completeness,
        "do_first": found.first.do,
        "ask_first": None if asked is None else asked.fact,
        "stale": list(found.stale),
        "undated": list(found.undated),
        "checklists": {
            one.id: {
                "kind": one.kind.value,
                "score": _ends(one.score),
                "gaps": list(one.gaps),
                "questions": [gap.fact for gap in one.questions],
            }
            for one in found.checklists
        },
    }


def _paired(found: engagement.PairingVerdict) -> dict[str, object]:
    return {
        "complete": answered(found.value).value,
        "warnings": [
            {
                "code": one.code,
                "fires": one.fires.value,
                "customer": one.customer_id,
                "executives": list(one.executives),
            }
            for one in found.warnings
        ],
        "proposals": [
            {"customer": one.customer_id, "executive": one.executive_id}
            for one in found.proposals
        ],
    }


def _loads(found: plans.CapacityVerdict) -> dict[str, object]:
    return {
        "kept": answered(found.value).value,
        "loads": [
            {
                "owner": one.owner,
                "kind": one.kind.value,
                "owed": one.owed,
                "room": one.room,
                "shortfall": one.shortfall,
                "customers": list(one.customers),
            }
            for one in (*found.loads, *found.unowned)
        ],
    }
