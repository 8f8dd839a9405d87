"""The front door: the nouns, the models and everything that may be caught.

`import keyaccount as ka` loads nothing; a name is fetched from its room when it is
first asked for. A type checker sees the same names, in the block it alone reads.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from keyaccount import (
        book,
        domain,
        policies,
        rules,
        wire,
        wording,
    )
    from keyaccount.domain import *  # noqa: F403 - every noun, and nothing else
    from keyaccount.exceptions import (
        CurrencyMismatchError,
        EventReusedError,
        FitError,
        HitPolicyError,
        InvalidValueError,
        KeyAccountError,
        MissingExtraError,
        MissingRateError,
        NoRowError,
        NotColumnarError,
        PolicyError,
        Problem,
        ReadError,
        ScorerError,
        UnknownFactError,
        UnknownNameError,
    )
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
    from keyaccount.rules import (
        Interval,
        Missing,
        Reason,
        Verdict,
    )
    from keyaccount.tri import (
        Tri,
    )


__all__ = [
    "CURRENCIES",
    "LEAST_DEMAND_LEVEL",
    "LONG_OVERDUE_DAYS",
    "MAX_RECEIPTS",
    "MAX_TENOR_DAYS",
    "MAX_TRANCHES",
    "MOST_DEMAND_LEVEL",
    "AccountAnalysis",
    "AccountPhase",
    "AccountPlan",
    "AccountProject",
    "AccountTeam",
    "AdminLevel",
    "Aim",
    "AimMistake",
    "AnnualTarget",
    "Attitude",
    "BackgroundAnalysis",
    "BackgroundTopic",
    "BusinessPositioning",
    "BuyingFactor",
    "BuyingFactorProfile",
    "ChannelOutlook",
    "ChannelPlans",
    "ChecklistAnswer",
    "CollectionHealth",
    "CommChannel",
    "CommPurpose",
    "Commitment",
    "Contract",
    "Controllability",
    "Cooperation",
    "Cover",
    "CoverKind",
    "CoverQuality",
    "CoverageMode",
    "CoverageModel",
    "CurrencyMismatchError",
    "Customer",
    "CustomerAction",
    "DealEvent",
    "Decision",
    "EventKind",
    "EventReusedError",
    "Executive",
    "ExecutiveAntiPattern",
    "ExecutiveResponse",
    "ExecutiveStyle",
    "FactorScore",
    "FactorWeights",
    "FitError",
    "ForecastCategory",
    "FxRate",
    "FxTable",
    "GateAnswers",
    "GateId",
    "GateResult",
    "GrowthQuadrant",
    "HitPolicyError",
    "IndustryReach",
    "Interval",
    "InvalidValueError",
    "Invoice",
    "Issue",
    "KeyAccountError",
    "KnowledgeItem",
    "KnowledgeKind",
    "LossReason",
    "Milestone",
    "Missing",
    "MissingExtraError",
    "MissingRateError",
    "Money",
    "Need",
    "NeedCoverage",
    "NeedKind",
    "NeedType",
    "NoRowError",
    "NotColumnarError",
    "ObligationKind",
    "OfferMode",
    "Opportunity",
    "OrgElement",
    "Outcome",
    "Outlook",
    "Pairing",
    "Pause",
    "PaymentTerm",
    "PolicyError",
    "ProbabilityOverride",
    "Problem",
    "ProductDemand",
    "ProductRequirement",
    "ProfileLevel",
    "ProjectTask",
    "ProspectClass",
    "Purchase",
    "PurchaseHistory",
    "PurchasingRole",
    "Ranked",
    "ReadError",
    "Reason",
    "Receipt",
    "Receivables",
    "ReceivablesPeriod",
    "Relation",
    "RivalSales",
    "RootCause",
    "Safety",
    "SalesMotion",
    "ScorerError",
    "SelectionCriterion",
    "ServiceCapacity",
    "ServicePromise",
    "ShareGrowthCell",
    "SponsorshipMode",
    "Stage",
    "StageAnswers",
    "StageEvent",
    "Stakeholder",
    "Standing",
    "StrategicAttribute",
    "StrategicDesignation",
    "StrategicIntent",
    "StrategicIntentKind",
    "StrategicProfile",
    "TargetKind",
    "TeamMember",
    "TeamProximity",
    "TeamRequirement",
    "ThreeLevelGrade",
    "TierOverride",
    "TierRecord",
    "TimeUnit",
    "Timing",
    "TitleControl",
    "Touchpoint",
    "TouchpointKind",
    "Tranche",
    "Tri",
    "Trust",
    "UnknownFactError",
    "UnknownNameError",
    "ValueProposition",
    "ValueTier",
    "Verdict",
    "VisitLevel",
    "VolumeProfitType",
    "WeakPoint",
    "WeakPointOwner",
    "WinFactor",
    "WorkCalendar",
    "WorthInputs",
    "YearMetrics",
    "allocation",
    "book",
    "buying",
    "communication",
    "domain",
    "engagement",
    "fit",
    "forecast",
    "growth",
    "lifetime",
    "motion",
    "payment",
    "plans",
    "policies",
    "qualification",
    "readiness",
    "receivables",
    "rules",
    "segments",
    "selection",
    "stages",
    "stakeholders",
    "tiering",
    "wire",
    "wording",
]


# Where a name lives that is no noun; all others live in `domain`.
_HOMES = MappingProxyType(
    {
        "keyaccount.exceptions": (
            "CurrencyMismatchError",
            "EventReusedError",
            "FitError",
            "HitPolicyError",
            "InvalidValueError",
            "KeyAccountError",
            "MissingExtraError",
            "MissingRateError",
            "NoRowError",
            "NotColumnarError",
            "PolicyError",
            "Problem",
            "ReadError",
            "ScorerError",
            "UnknownFactError",
            "UnknownNameError",
        ),
        "keyaccount.rules": (
            "Interval",
            "Missing",
            "Reason",
            "Verdict",
        ),
        "keyaccount.tri": ("Tri",),
    }
)


# Rooms that have an address of their own, by storey.
_ROOMS = MappingProxyType(
    {
        "keyaccount": (
            "book",
            "domain",
            "policies",
            "rules",
            "wire",
            "wording",
        ),
        "keyaccount.models": (
            "allocation",
            "buying",
            "communication",
            "engagement",
            "fit",
            "forecast",
            "growth",
            "lifetime",
            "motion",
            "payment",
            "plans",
            "qualification",
            "readiness",
            "receivables",
            "segments",
            "selection",
            "stages",
            "stakeholders",
            "tiering",
        ),
    }
)


if not TYPE_CHECKING:  # a type checker would take any name at all for granted

    def __getattr__(name: str) -> object:
        found = _find(name)
        globals()[name] = found  # the next time nobody asks
        return found


def __dir__() -> list[str]:
    return list(__all__)


def _find(name: str) -> object:
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=import_module(__name__))
    for storey, rooms in _ROOMS.items():
        if name in rooms:
            return import_module(f"{storey}.{name}")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    return getattr(import_module("keyaccount.domain"), name)
