"""Which model a policy is for, and which class reads it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from keyaccount import policies
from keyaccount.models import (
    allocation,
    buying,
    communication,
    engagement,
    fit,
    forecast,
    growth,
    lifetime,
    motion,
    payment,
    plans,
    qualification,
    readiness,
    receivables,
    segments,
    selection,
    stages,
    stakeholders,
    tiering,
)
from keyaccount.rules import Policy


__all__ = ["KINDS", "model_named"]


KINDS: Mapping[str, type[Policy]] = MappingProxyType(
    {
        "allocation": allocation.AllocationPolicy,
        "buying": buying.BuyingPolicy,
        "communication": communication.CommunicationPolicy,
        "engagement": engagement.EngagementPolicy,
        "fit": fit.FitPolicy,
        "forecast": forecast.ForecastPolicy,
        "growth": growth.GrowthPolicy,
        "lifetime": lifetime.LifetimePolicy,
        "motion": motion.MotionPolicy,
        "payment": payment.PaymentPolicy,
        "plans": plans.PlansPolicy,
        "qualification": qualification.QualificationPolicy,
        "readiness": readiness.ReadinessPolicy,
        "receivables": receivables.ReceivablesPolicy,
        "segments": segments.SegmentsPolicy,
        "selection": selection.SelectionPolicy,
        "stages": stages.Pipeline,
        "stakeholders": stakeholders.StakeholderPolicy,
        "tiering": tiering.TieringPolicy,
    }
)
"""The class of every model's policy; a new model adds its line."""


def model_named(document: Mapping[str, object]) -> str | None:
    """Name the model that a policy is for: what it is based on, else its name.

    Pipelines have names of their own: whatever has stages is one.
    """
    base = document.get("based_on")
    if base is None and "stages" in document:
        return "stages"
    named = document.get("name") if base is None else base
    if not isinstance(named, str):
        return None
    if named in KINDS:
        return named
    is_shipped = base is not None and named in policies.shipped()
    return model_named(policies.defaults(named)) if is_shipped else None
