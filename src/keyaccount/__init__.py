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
    from keyaccount.domain import (
        AdminLevel,
        Aim,
        AimMistake,
        Attitude,
        BuyingFactor,
        BuyingFactorProfile,
        CollectionHealth,
        CommChannel,
        Commitment,
        CommPurpose,
        Controllability,
        Cooperation,
        Cover,
        CoverKind,
        CoverQuality,
        Customer,
        DealEvent,
        Decision,
        EventKind,
        ExecutiveAntiPattern,
        ExecutiveResponse,
        ExecutiveStyle,
        FactorScore,
        FactorWeights,
        ForecastCategory,
        FxRate,
        FxTable,
        GateAnswers,
        GateId,
        GateResult,
        Invoice,
        Issue,
        LossReason,
        Milestone,
        Money,
        Need,
        NeedCoverage,
        NeedKind,
        NeedType,
        Opportunity,
        OrgElement,
        Outcome,
        Outlook,
        Pause,
        PaymentTerm,
        ProbabilityOverride,
        ProfileLevel,
        ProspectClass,
        PurchasingRole,
        Ranked,
        Receipt,
        Receivables,
        ReceivablesPeriod,
        Relation,
        RootCause,
        Safety,
        SelectionCriterion,
        Stage,
        StageAnswers,
        StageEvent,
        Stakeholder,
        Standing,
        StrategicDesignation,
        StrategicIntentKind,
        TeamRequirement,
        ThreeLevelGrade,
        TierOverride,
        TierRecord,
        Timing,
        TitleControl,
        Touchpoint,
        TouchpointKind,
        Tranche,
        Trust,
        ValueTier,
        VolumeProfitType,
        WinFactor,
        WorthInputs,
        YearMetrics,
    )
    from keyaccount.exceptions import (
        CurrencyMismatchError,
        EventReusedError,
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
        buying,
        forecast,
        payment,
        qualification,
        receivables,
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
    "AdminLevel",
    "Aim",
    "AimMistake",
    "Attitude",
    "BuyingFactor",
    "BuyingFactorProfile",
    "CollectionHealth",
    "CommChannel",
    "CommPurpose",
    "Commitment",
    "Controllability",
    "Cooperation",
    "Cover",
    "CoverKind",
    "CoverQuality",
    "CurrencyMismatchError",
    "Customer",
    "DealEvent",
    "Decision",
    "EventKind",
    "EventReusedError",
    "ExecutiveAntiPattern",
    "ExecutiveResponse",
    "ExecutiveStyle",
    "FactorScore",
    "FactorWeights",
    "ForecastCategory",
    "FxRate",
    "FxTable",
    "GateAnswers",
    "GateId",
    "GateResult",
    "HitPolicyError",
    "Interval",
    "InvalidValueError",
    "Invoice",
    "Issue",
    "KeyAccountError",
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
    "Opportunity",
    "OrgElement",
    "Outcome",
    "Outlook",
    "Pause",
    "PaymentTerm",
    "PolicyError",
    "ProbabilityOverride",
    "Problem",
    "ProfileLevel",
    "ProspectClass",
    "PurchasingRole",
    "Ranked",
    "ReadError",
    "Reason",
    "Receipt",
    "Receivables",
    "ReceivablesPeriod",
    "Relation",
    "RootCause",
    "Safety",
    "ScorerError",
    "SelectionCriterion",
    "Stage",
    "StageAnswers",
    "StageEvent",
    "Stakeholder",
    "Standing",
    "StrategicDesignation",
    "StrategicIntentKind",
    "TeamRequirement",
    "ThreeLevelGrade",
    "TierOverride",
    "TierRecord",
    "Timing",
    "TitleControl",
    "Touchpoint",
    "TouchpointKind",
    "Tranche",
    "Tri",
    "Trust",
    "UnknownFactError",
    "UnknownNameError",
    "ValueTier",
    "Verdict",
    "VolumeProfitType",
    "WinFactor",
    "WorthInputs",
    "YearMetrics",
    "book",
    "buying",
    "domain",
    "forecast",
    "payment",
    "policies",
    "qualification",
    "receivables",
    "rules",
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
            "buying",
            "forecast",
            "payment",
            "qualification",
            "receivables",
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
