"""The words for opportunities, their stages and their payment terms."""

from __future__ import annotations

import enum

from ._vocabulary import Ranked


__all__ = [
    "Controllability",
    "CoverKind",
    "CoverQuality",
    "Decision",
    "EventKind",
    "ForecastCategory",
    "GateId",
    "GateResult",
    "LossReason",
    "NeedCoverage",
    "NeedKind",
    "Outcome",
    "Safety",
    "Stage",
    "Timing",
    "TitleControl",
    "WinFactor",
]


class GateId(enum.Enum):
    """The four questions asked of an opportunity, in their order (S1-9 to S1-12)."""

    IS_REAL = "is-real"
    CAN_COMPETE = "can-compete"
    CAN_WIN = "can-win"
    WORTH_WINNING = "worth-winning"


class GateResult(enum.Enum):
    """What one gate says."""

    PASS = "pass"  # noqa: S105 - a gate's answer, no password
    LIMITED = "limited"
    REVIEW = "review"
    HOLD = "hold"
    FAIL = "fail"


class Decision(enum.Enum):
    """What the four gates say together (S1-13)."""

    PURSUE = "pursue"
    LIMITED = "limited"
    REVIEW = "review"
    HOLD = "hold"
    NOT_AN_OPPORTUNITY = "not-an-opportunity"
    NO_BID = "no-bid"
    NOT_WORTH = "not-worth"


class NeedKind(enum.Enum):
    """What would meet a need (S1-10a)."""

    PRODUCT = "product"
    SOLUTION = "solution"
    TECHNOLOGY = "technology"
    SERVICE = "service"


class NeedCoverage(enum.Enum):
    """Whether we have what a need asks for, or can get it (S1-10a, S1-10b)."""

    OWN = "own"
    OBTAINABLE = "obtainable"
    MISSING = "missing"
    UNKNOWN = "unknown"


class WinFactor(enum.Enum):
    """What decides who wins (S1-11a to S1-11e); a policy may add factors."""

    COMPETITIVE_POSITION = "competitive-position"
    OUR_RELATIONSHIP = "our-relationship"
    COMPETITOR_RELATIONSHIP = "competitor-relationship"
    DIFFERENTIATION = "differentiation"
    PRICE_COMPETITIVENESS = "price-competitiveness"


class Stage(enum.Enum):
    """The five stages of the shipped pipeline (S2-8 to S2-12); yours may differ."""

    IDENTIFICATION = "identification"
    NEED_CONFIRMATION = "need-confirmation"
    SOLUTION_DESIGN = "solution-design"
    PROPOSAL_NEGOTIATION = "proposal-negotiation"
    CONTRACT_SIGNING = "contract-signing"


class Outcome(enum.Enum):
    """How an opportunity ended; not a stage."""

    WON = "won"
    LOST = "lost"
    ABANDONED = "abandoned"


class EventKind(enum.Enum):
    """What can happen to a deal on its way (S2-14)."""

    OPEN = "open"
    ADVANCE = "advance"
    BACK = "back"
    PAUSE = "pause"
    RESUME = "resume"
    WIN = "win"
    LOSE = "lose"
    ABANDON = "abandon"
    REOPEN = "reopen"


class LossReason(enum.Enum):
    """Why we lost; "no decision" is not the same as a competitor's win."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_DECISION = "no-decision"
    NEED_GONE = "need-gone"
    TERMS = "terms"
    RELATIONSHIP = "relationship"
    CAPABILITY = "capability"
    OTHER = "other"


class ForecastCategory(enum.Enum):
    """How sure somebody is that the deal closes; a judgement, not a probability."""

    PIPELINE = "pipeline"
    BEST_CASE = "best-case"
    COMMIT = "commit"
    CLOSED = "closed"
    OMITTED = "omitted"


class Safety(Ranked):
    """Who stands behind the money if the buyer does not pay (S4-13), safest first."""

    SAFE = "safe"
    FAIRLY_SAFE = "fairly-safe"
    UNSAFE = "unsafe"


class Controllability(Ranked):
    """What lever is in our own hand (S4-13), strongest first."""

    CONTROLLABLE = "controllable"
    CONDITIONALLY_CONTROLLABLE = "conditionally-controllable"
    UNCONTROLLABLE = "uncontrollable"


class Timing(enum.Enum):
    """When a tranche is paid.

    PRE: at order, before production or before shipment. DOC: after shipment, before
    goods or documents are released. POST: after release or delivery.
    """

    PRE = "pre"
    DOC = "doc"
    POST = "post"


class TitleControl(Ranked):
    """Whether the goods stay ours until the money comes; matters for DOC only."""

    FULL = "full"
    WEAK = "weak"
    NONE = "none"


class CoverQuality(Ranked):
    """How good the promise of somebody other than the buyer is, best first."""

    PRIME = "prime"
    STRONG = "strong"
    MODERATE = "moderate"
    WEAK = "weak"
    OWN_PAPER = "own-paper"
    NONE = "uncovered"


class CoverKind(enum.Enum):
    """The instrument that covers a tranche; which quality it has is a policy's say."""

    CONFIRMED_LC = "confirmed-lc"
    FIRST_CLASS_GUARANTEE = "first-class-guarantee"
    ESCROW = "escrow"
    UNCONFIRMED_LC = "unconfirmed-lc"
    BANK_GUARANTEE = "bank-guarantee"
    BANK_ACCEPTANCE_BILL = "bank-acceptance-bill"
    FACTORING = "factoring"
    CORPORATE_GUARANTEE = "corporate-guarantee"
    CREDIT_INSURANCE = "credit-insurance"
    AFFILIATE_GUARANTEE = "affiliate-guarantee"
    OWN_DRAFT = "own-draft"
    COMMERCIAL_ACCEPTANCE_BILL = "commercial-acceptance-bill"
    POST_DATED_CHEQUE = "post-dated-cheque"
    SUPPLY_CHAIN_CREDENTIAL = "supply-chain-credential"
    UNCOVERED = "uncovered"
