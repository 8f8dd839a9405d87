"""Asks each analysis by itself, and whether they and we match on the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from keyaccount.domain import (
    AccountAnalysis,
    BackgroundAnalysis,
    BackgroundTopic,
    ChannelOutlook,
    ChannelPlans,
    ProductDemand,
    ProductRequirement,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval
from keyaccount.tri import Tri

from ._facts import DEMANDS, PLANS, TERM, levels_of, told, topic_fact
from ._gaps import closing, demand_gaps
from ._judge import Judged, base, check, judge, questions
from ._policy import FitPolicy, default_policy
from ._verdict import (
    BackgroundVerdict,
    ChannelVerdict,
    FitPart,
    FitVerdict,
    MatchVerdict,
)
from ._ways import gap_span
from ._why import (
    AccountEvidence,
    PartEvidence,
    background_reason,
    channel_reason,
    product_reason,
)


__all__ = ["assess", "background", "channel_outlook", "product_match"]


def background(
    analysis: BackgroundAnalysis, *, policy: FitPolicy | None = None
) -> BackgroundVerdict:
    """Tell which of the six topics are known, and what to ask (S4-10).

    >>> background(BackgroundAnalysis(reputation="pays on time")).completeness
    0.16666666666666666

    Raises:
        InvalidValueError: no background analysis.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("analysis", analysis, BackgroundAnalysis, "a BackgroundAnalysis")
    problems.check("background")
    return _background(judge(told(analysis), policy), policy, None)


def product_match(
    requirements: Iterable[ProductRequirement], *, policy: FitPolicy | None = None
) -> MatchVerdict:
    """Compare what the customer requires with what we have, level by level (S4-11).

    A demand that nobody has listed is not known, never met by default. Of one that
    the customer does not make, say that the lowest level is required.

    >>> product_match([ProductRequirement(ProductDemand.PRICE, 4, 3)]).value
    <Tri.NO: 'no'>

    Raises:
        InvalidValueError: no list of requirements, or a demand is listed twice.
    """
    policy = default_policy() if policy is None else policy
    problems, seen = Problems(), set[ProductDemand]()
    wanted = "a list of ProductRequirement"
    is_list = problems.is_a("requirements", requirements, Iterable, wanted)
    listed = tuple(requirements) if is_list else ()
    for index, one in enumerate(listed):
        path = f"requirements[{index}]"
        if not problems.is_a(path, one, ProductRequirement, "a ProductRequirement"):
            continue
        if one.demand in seen:
            path = f"requirements[{index}].demand"
            problems.add(path, "duplicate", one.demand)
        seen.add(one.demand)
    problems.check("product_match")
    return _product(judge(told(requirements=listed), policy), policy, None)


def channel_outlook(
    plans: ChannelPlans, *, policy: FitPolicy | None = None
) -> ChannelVerdict:
    """Tell where the customer's channel is heading (S4-12).

    >>> channel_outlook(ChannelPlans(Tri.YES, Tri.YES)).value
    <ChannelOutlook.EXPANDING: 'expanding'>

    Raises:
        InvalidValueError: no channel plans.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("plans", plans, ChannelPlans, "a ChannelPlans")
    problems.check("channel_outlook")
    return _channel(judge(told(channel=plans), policy), policy, None)


def assess(
    analysis: AccountAnalysis | None,
    *,
    as_of: dt.date,
    term_within_appetite: Tri = Tri.UNKNOWN,
    policy: FitPolicy | None = None,
) -> FitVerdict:
    """Tell whether they and we match: all four analyses, the product, the term (S4-14).

    One known failing is a no, whatever is not known. What is not analysed yet leaves
    the answer open and says what to ask. Where the channel is heading is told, and
    forbids nothing.

    Args:
        analysis: What has been found out about the customer; None if nothing.
        as_of: The day of the question.
        term_within_appetite: Whether the payment term is one that we accept.
        policy: The rows to judge by.

    Raises:
        InvalidValueError: the analysis is dated after *as_of*, or something is of
            another kind.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_day("as_of", as_of)
    check(problems, analysis, term_within_appetite)
    problems.check("assess")
    analysed_on = None if analysis is None else analysis.analysed_on
    if analysed_on is not None and analysed_on > as_of:
        wanted = f"nobody knew that on {as_of}: give a later as_of"
        on = analysed_on.isoformat()
        problems.add("analysis.analysed_on", "contradiction", on, wanted)
    problems.check("assess")
    judged = judge(base(analysis, term_within_appetite), policy)
    answers = tuple(map(Tri, judged.account))
    gaps = closing(judged, policy)
    is_open = len(answers) > 1
    return FitVerdict(
        value=answers[0] if len(answers) == 1 else None,
        possible=answers,
        missing=questions(judged, policy, "account") if is_open else (),
        flags=_flags(analysis, as_of, policy),
        policy=policy.ref,
        as_of=as_of,
        customer_id=None if analysis is None else analysis.customer_id,
        background=_background(judged, policy, as_of),
        product=_product(judged, policy, as_of),
        channel=_channel(judged, policy, as_of),
        term_within_appetite=term_within_appetite,
        analysed=_analysed(judged),
        gaps=gaps,
        evidence=AccountEvidence(policy, judged.facts, gaps, analysed_on, as_of),
    )


def _flags(
    analysis: AccountAnalysis | None, as_of: dt.date, policy: FitPolicy
) -> tuple[str, ...]:
    if analysis is None:
        return ("no-analysis",)
    if analysis.analysed_on is None:
        return ("undated-analysis",)
    limit = policy.number("stale_after")
    is_stale = (as_of - analysis.analysed_on).days > limit
    return ("stale-analysis",) if is_stale else ()


def _analysed(judged: Judged) -> tuple[FitPart, ...]:
    """Return the analyses that are complete."""
    names = {
        FitPart.BACKGROUND: "background_complete",
        FitPart.PRODUCT: "product_analysed",
        FitPart.CHANNEL: "channel_analysed",
        FitPart.PAYMENT_TERM: TERM,
    }
    return tuple(part for part, name in names.items() if judged.facts[name] is not None)


def _background(
    judged: Judged, policy: FitPolicy, as_of: dt.date | None
) -> BackgroundVerdict:
    given, answers = judged.facts, tuple(map(Tri, judged.background))
    is_open = len(answers) > 1
    known = tuple(
        topic for topic in BackgroundTopic if given[topic_fact(topic)] is Tri.YES
    )
    return BackgroundVerdict(
        value=answers[0] if len(answers) == 1 else None,
        possible=answers,
        missing=questions(judged, policy, "background") if is_open else (),
        flags=(),
        policy=policy.ref,
        as_of=as_of,
        known=known,
        unknown=tuple(topic for topic in BackgroundTopic if topic not in known),
        completeness=len(known) / len(BackgroundTopic),
        evidence=PartEvidence(policy, given, background_reason),
    )


def _product(judged: Judged, policy: FitPolicy, as_of: dt.date | None) -> MatchVerdict:
    given, answers = judged.facts, tuple(map(Tri, judged.product))
    is_open = len(answers) > 1
    spans = {demand: gap_span(*levels_of(given, demand)) for demand in DEMANDS}
    return MatchVerdict(
        value=answers[0] if len(answers) == 1 else None,
        possible=answers,
        missing=questions(judged, policy, "product") if is_open else (),
        flags=(),
        policy=policy.ref,
        as_of=as_of,
        met=tuple(demand for demand, (_, most) in spans.items() if not most),
        gaps=demand_gaps(given),
        undecided=tuple(
            demand for demand, (least, most) in spans.items() if least < most
        ),
        evidence=PartEvidence(policy, given, product_reason),
    )


def _channel(
    judged: Judged, policy: FitPolicy, as_of: dt.date | None
) -> ChannelVerdict:
    given, outlooks = judged.facts, tuple(map(ChannelOutlook, judged.channel))
    is_open = len(outlooks) > 1
    least = sum(given[name] is Tri.YES for name in PLANS)
    most = least + sum(given[name] is None for name in PLANS)
    return ChannelVerdict(
        value=outlooks[0] if len(outlooks) == 1 else None,
        possible=outlooks,
        missing=questions(judged, policy, "channel") if is_open else (),
        flags=(),
        policy=policy.ref,
        as_of=as_of,
        planned=Interval(float(least), float(most)),
        evidence=PartEvidence(policy, given, channel_reason),
    )
