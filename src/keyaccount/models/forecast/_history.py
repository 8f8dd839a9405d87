"""How deals went through the stages, from their histories, without a guess."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import attrs

from keyaccount.domain import Opportunity, Outcome
from keyaccount.rules import Interval

from ._state import DealState, state_of


__all__ = ["Journey", "ending", "journey_of", "wilson"]


@attrs.frozen
class Journey:
    """The stages that a deal came to by a day, in order, and how it stood then.

    Of one that has ended, a way that nobody recorded from the first stage on tells
    nothing of the stages: not recorded is not "never came here". It has none then,
    and is not `is_recorded`.
    """

    stages: tuple[str, ...]
    state: DealState
    is_recorded: bool = True

    def passed(self, stage: str, ranks: Mapping[str, int]) -> bool:
        """Whether it went on from a stage: to a later one, or it was won.

        Of stages that the pipeline does not know, any other one counts as later.
        """
        if self.state.outcome is Outcome.WON:
            return True
        after = self.stages[self.stages.index(stage) + 1 :]
        here = ranks.get(stage)
        for other in after:
            there = ranks.get(other)
            known = here is not None and there is not None
            if (there > here) if known else other != stage:  # type: ignore[operator]  # both are known
                return True
        return False


def journey_of(deal: Opportunity, as_of: dt.date, first: str | None) -> Journey:
    """Return the stages that a deal came to, in a pipeline that begins at *first*."""
    state = state_of(deal, as_of)
    past = tuple(event.stage for event in deal.history if event.at <= as_of)
    if not past and state.stage is not None:
        past = (state.stage,)
    if state.outcome is not None and past[:1] != (first,):
        return Journey((), state, is_recorded=False)
    return Journey(past, state)


def ending(deal: Opportunity, state: DealState) -> dt.date | None:
    """Return the day on which a deal ended, None if it is open or nobody noted it."""
    return deal.closed_on if state.outcome is not None else None


def wilson(hits: float, of: float, spread: float) -> Interval:
    """Return Wilson's interval for a share; the whole range where nothing was seen.

    It never leaves 0 to 1 and is not empty at 0 or 1, unlike the textbook's.
    """
    if of <= 0:
        return Interval(0.0, 1.0)
    share, square = hits / of, spread * spread
    centre = share + square / (2 * of)
    reach = spread * math.sqrt(share * (1 - share) / of + square / (2 * of) / (2 * of))
    scale = 1 + square / of
    low, high = (centre - reach) / scale, (centre + reach) / scale
    return Interval(max(low, 0.0), min(high, 1.0))
