"""What stages stand for, learned from closed deals with shrinkage to the defaults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Context, Decimal, localcontext

import attrs

from keyaccount.domain import Opportunity, Outcome

from ._chances import Chance, probability
from ._history import journey_of, wilson
from ._policy import ForecastPolicy, rules_of
from ._probabilities import Chances, Probabilities, StageProbability, probabilities_of
from ._state import checked_deals


__all__ = ["Baseline", "baseline", "learn"]


_BASIS_POINT = Decimal(1) / 100 / 100


def learn(
    deals: Iterable[Opportunity],
    *,
    as_of: dt.date,
    defaults: Chances | None = None,
    policy: ForecastPolicy | None = None,
) -> Probabilities:
    """Learn from closed deals what each stage of a pipeline stands for.

    Of the deals that came to a stage and have ended, the share that was won, drawn
    towards the stage's default as if *prior_strength* more deals had ended at just
    that rate: (won + k × default) ÷ (n + k). Below *enough_closed* deals the default
    stands, with what was seen beside it. Abandoned deals were not won. A deal whose
    way nobody recorded from the first stage on teaches nothing. What was learned
    before plays no part: the same deals give the same answer, in any order.

    It tells how such deals went, not why; a new market or a new price list makes the
    past a poor guide.

    Raises:
        InvalidValueError: a deal twice, no plain day.
    """
    rules = rules_of(policy)
    pipeline = probabilities_of(defaults)
    won = dict.fromkeys(pipeline.by_stage, 0)
    closed = dict.fromkeys(pipeline.by_stage, 0)
    for deal in checked_deals(deals, as_of):
        journey = journey_of(deal, as_of, pipeline.first)
        outcome = journey.state.outcome
        if outcome is None or not journey.state.exists:
            continue
        for stage in set(journey.stages) & set(closed):
            closed[stage] += 1
            won[stage] += outcome is Outcome.WON
    return Probabilities(
        tuple(
            _learned(stage, won[stage.id], closed[stage.id], rules)
            for stage in pipeline.stages
        )
    )


def _learned(
    stage: StageProbability, won: int, closed: int, rules: ForecastPolicy
) -> StageProbability:
    start = stage.start
    weight = rules.number("prior_strength")
    with localcontext(Context()):
        hits, of = won + weight * start, closed + weight
        shrunk = (hits / of).quantize(_BASIS_POINT)
    interval = wilson(float(hits), float(of), rules.real("spread"))
    is_learned = closed >= rules.whole("enough_closed")
    least, most = rules.limits
    found = min(max(shrunk, least), most)
    return StageProbability(
        stage.id,
        found if is_learned else start,
        start,
        won,
        closed,
        interval,
        is_learned,
        stage.category,
    )


@attrs.frozen
class Baseline:
    """The predictor to beat: how deals at the same stage went before (S2-26)."""

    probabilities: Probabilities
    policy: ForecastPolicy

    def __call__(self, deal: Opportunity, /, *, as_of: dt.date) -> Chance:
        """Judge a deal by its stage; a person's own number plays no part."""
        bare = attrs.evolve(deal, probability=None)
        return probability(
            bare, as_of=as_of, probabilities=self.probabilities, policy=self.policy
        )


def baseline(
    deals: Iterable[Opportunity],
    *,
    as_of: dt.date,
    defaults: Chances | None = None,
    policy: ForecastPolicy | None = None,
) -> Baseline:
    """Return a predictor that knows how closed deals went at each stage (S2-26)."""
    rules = rules_of(policy)
    found = learn(deals, as_of=as_of, defaults=defaults, policy=rules)
    return Baseline(found, rules)
