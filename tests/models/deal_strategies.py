"""Deals for the tests of `qualification`: near the thresholds, and known in part."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar, cast

import attrs
from hypothesis import strategies as st

from keyaccount.domain import (
    FactorScore,
    GateAnswers,
    Money,
    Need,
    NeedCoverage,
    NeedKind,
    Opportunity,
    WinFactor,
    WorthInputs,
)
from keyaccount.tri import Tri


__all__ = [
    "COVERAGES",
    "MARKS",
    "deals",
    "evolved",
    "filled",
    "good_deal",
    "good_worth",
    "money",
    "opened",
    "worth_inputs",
]


MARKS = ("importance", "direction", "side_effects", "deviation")
FACTORS = tuple(factor.value for factor in WinFactor)
COVERAGES = tuple(one for one in NeedCoverage if one is not NeedCoverage.UNKNOWN)
ANSWERS = st.sampled_from([Tri.YES, Tri.NO])


def money(amount: Decimal | int) -> Money:
    return Money(Decimal(amount), "CNY")


T = TypeVar("T", Opportunity, WorthInputs, GateAnswers)


def evolved(value: T, /, **changes: object) -> T:
    """Change some fields, named by a test's own table."""
    return attrs.evolve(value, **cast("dict[str, Any]", changes))


def worth_inputs(**known: object) -> WorthInputs:
    return WorthInputs(**cast("dict[str, Any]", known))


def good_deal(**changes: object) -> Opportunity:
    """A deal of which everything is known and that is worth pursuing (Q-1)."""
    deal = Opportunity(
        "o1",
        "c1",
        money(1000),
        answers=GateAnswers(Tri.YES, Tri.NO, Tri.YES),
        needs=[Need(NeedKind.SOLUTION, Tri.YES, NeedCoverage.OWN)],
        win_factors=[FactorScore(factor, 1) for factor in FACTORS],
        worth=good_worth(),
    )
    return evolved(deal, **changes)


def good_worth(**changes: object) -> WorthInputs:
    worth = WorthInputs(
        gross_profit=money(150),
        funds_tied=money(0),
        annual_rate=Decimal("0.06"),
        days=180,
        exposure=money(0),
        default_probability=Decimal("0.03"),
        loss_given_default=Decimal("0.5"),
        importance=1,
        direction=0,
        side_effects=0,
        deviation=0,
    )
    return evolved(worth, **changes)


def amounts(low: int, high: int) -> st.SearchStrategy[Money]:
    return st.integers(low, high).map(money)


SHARES = st.sampled_from([Decimal(n) / 100 for n in (0, 1, 5, 6, 50, 100)])
PARTS = {
    "gross_profit": amounts(-100, 300),
    "funds_tied": amounts(0, 500),
    "annual_rate": SHARES,
    "days": st.sampled_from([0, 30, 180, 365, 700]),
    "exposure": amounts(0, 500),
    "default_probability": SHARES,
    "loss_given_default": SHARES,
    **dict.fromkeys(MARKS, st.integers(0, 3)),
}
KNOWN_NEEDS = st.builds(
    Need,
    st.sampled_from(NeedKind),
    mandatory=ANSWERS,
    coverage=st.sampled_from(COVERAGES),
)


@st.composite
def deals(draw: st.DrawFn) -> Opportunity:
    """Deals of which everything is known."""
    return Opportunity(
        "o1",
        "c1",
        money(draw(st.sampled_from([1, 100, 1000, 3000]))),
        answers=draw(st.builds(GateAnswers, ANSWERS, ANSWERS, ANSWERS)),
        needs=draw(st.lists(KNOWN_NEEDS, min_size=1, max_size=3)),
        win_factors=[FactorScore(one, draw(st.integers(-2, 2))) for one in FACTORS],
        worth=worth_inputs(**{name: draw(part) for name, part in PARTS.items()}),
    )


@st.composite
def opened(draw: st.DrawFn, known: st.SearchStrategy[Opportunity]) -> Opportunity:
    """Forget some of what is known of a deal."""
    deal = draw(known)
    kept = st.booleans()

    def tri(answer: Tri) -> Tri:
        return answer if draw(kept) else Tri.UNKNOWN

    answers = deal.answers
    return attrs.evolve(
        deal,
        value=deal.value if draw(kept) else None,
        answers=GateAnswers(
            tri(answers.explicit_need),
            tri(answers.empty_promise),
            tri(answers.funded),
        ),
        needs=[
            attrs.evolve(
                need,
                mandatory=tri(need.mandatory),
                coverage=need.coverage if draw(kept) else NeedCoverage.UNKNOWN,
            )
            for need in deal.needs
        ]
        if draw(st.integers(0, 4))
        else [],
        win_factors=[one for one in deal.win_factors if draw(kept)],
        worth=worth_inputs(
            **{name: getattr(deal.worth, name) for name in PARTS if draw(kept)}
        ),
    )


@st.composite
def filled(draw: st.DrawFn, deal: Opportunity, *, whole: bool = True) -> Opportunity:
    """Tell everything that is not known of a deal, or some of it."""
    tells = st.just(value=True) if whole else st.booleans()

    def tri(answer: Tri) -> Tri:
        is_told = answer is Tri.UNKNOWN and draw(tells)
        return draw(ANSWERS) if is_told else answer

    known = {one.factor: one.score for one in deal.win_factors}
    worth = {name: getattr(deal.worth, name) for name in PARTS}
    needs = deal.needs
    if not needs and draw(tells):
        needs = tuple(draw(st.lists(KNOWN_NEEDS, min_size=1, max_size=2)))
    is_valued = deal.value is not None or not draw(tells)
    return attrs.evolve(
        deal,
        value=deal.value if is_valued else money(draw(st.integers(1, 5000))),
        answers=GateAnswers(
            tri(deal.answers.explicit_need),
            tri(deal.answers.empty_promise),
            tri(deal.answers.funded),
        ),
        needs=[
            attrs.evolve(
                need,
                mandatory=tri(need.mandatory),
                coverage=draw(st.sampled_from(COVERAGES))
                if need.coverage is NeedCoverage.UNKNOWN and draw(tells)
                else need.coverage,
            )
            for need in needs
        ],
        win_factors=[
            FactorScore(
                factor,
                known[factor]
                if factor in known or not draw(tells)
                else draw(st.integers(-2, 2)),
            )
            for factor in FACTORS
            if factor in known or whole
        ],
        worth=worth_inputs(
            **{
                name: draw(part) if worth[name] is None and draw(tells) else worth[name]
                for name, part in PARTS.items()
            }
        ),
    )
