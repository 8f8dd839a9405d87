"""Policies on readiness that a house of its own might have."""

from __future__ import annotations

from keyaccount import policies
from keyaccount.models.readiness import ReadinessPolicy


__all__ = ["own"]


def own(**changes: object) -> ReadinessPolicy:
    """Lay changes over the shipped policy."""
    return policies.read({"based_on": "readiness", **changes}, ReadinessPolicy)
