"""The policies that the lenses of a sheet judge by."""

from __future__ import annotations

import attrs

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
    segments,
    selection,
    stages,
    stakeholders,
)
from keyaccount.models import tiering as tiering_model


__all__ = ["SHIPPED", "Policies"]


@attrs.frozen
class Policies:
    """The policies that a review is judged by; None takes the shipped one."""

    tiering: tiering_model.TieringPolicy | None = None
    payment: payment.PaymentPolicy | None = None
    qualification: qualification.QualificationPolicy | None = None
    stakeholders: stakeholders.StakeholderPolicy | None = None
    pipeline: stages.Pipeline | None = None
    forecast: forecast.ForecastPolicy | None = None
    selection: selection.SelectionPolicy | None = None
    buying: buying.BuyingPolicy | None = None
    segments: segments.SegmentsPolicy | None = None
    growth: growth.GrowthPolicy | None = None
    fit: fit.FitPolicy | None = None
    lifetime: lifetime.LifetimePolicy | None = None
    allocation: allocation.AllocationPolicy | None = None
    motion: motion.MotionPolicy | None = None
    readiness: readiness.ReadinessPolicy | None = None
    engagement: engagement.EngagementPolicy | None = None
    communication: communication.CommunicationPolicy | None = None
    plans: plans.PlansPolicy | None = None


SHIPPED = Policies()
