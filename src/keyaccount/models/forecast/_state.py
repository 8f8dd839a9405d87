"""How a deal stood on a day: not there yet, open at a stage, or ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import cast

import attrs

from keyaccount.domain import Money, Opportunity, Outcome
from keyaccount.exceptions import Problems


__all__ = [
    "DealState",
    "check_day",
    "check_money",
    "checked_deals",
    "state_of",
]


@attrs.frozen
class DealState:
    """A deal as of a day.

    `stage` is None if nobody said it; `outcome` is None while it is open; `exists`
    is False before its first day; `entered_on` is the day on which it came to its
    stage, None if not known.
    """

    stage: str | None
    outcome: Outcome | None
    entered_on: dt.date | None
    exists: bool = True

    @property
    def is_open(self) -> bool:
        """Whether it can still be won on that day."""
        return self.exists and self.outcome is None


def state_of(deal: Opportunity, as_of: dt.date) -> DealState:
    """Return how the deal stood on that day: what came later is not known then."""
    past = [event for event in deal.history if event.at <= as_of]
    starts = [deal.opened_on, deal.history[0].at if deal.history else None]
    known = [day for day in starts if day is not None]
    exists = not known or min(known) <= as_of
    ended = deal.closed_on or (deal.history[-1].at if deal.history else None)
    later = ended is not None and ended > as_of
    stage = past[-1].stage if past else None if deal.history else deal.stage
    entered = _entered(deal, stage, as_of)
    return DealState(stage, None if later else deal.outcome, entered, exists)


def _entered(deal: Opportunity, stage: str | None, as_of: dt.date) -> dt.date | None:
    """Return the day of the latest arrival at the stage where the deal stands."""
    entered = None
    before = None
    for event in deal.history:
        if event.at > as_of:
            break
        if event.stage != before:
            entered = event.at
        before = event.stage
    return entered if before == stage else None


def checked_deals(
    deals: Iterable[Opportunity], as_of: dt.date
) -> tuple[Opportunity, ...]:
    """Return the deals by id, each once.

    Raises:
        InvalidValueError: no plain day, something that is no deal, an id that stands
            twice, or an amount below 0.
    """
    check_day(as_of)
    problems = Problems()
    problems.is_a("deals", deals, Iterable, "a list of Opportunity")
    problems.check("forecast")
    given = tuple(deals)
    seen: set[str] = set()
    for index, deal in enumerate(given):
        if not isinstance(cast("object", deal), Opportunity):
            problems.add(f"deals[{index}]", "wrong-type", deal, "an Opportunity")
            continue
        if deal.id in seen:
            problems.add(f"deals[{index}].id", "duplicate", deal.id)
        seen.add(deal.id)
        if deal.value is not None and deal.value.amount < 0:
            path = f"deals[{index}].value"
            problems.add(path, "out-of-range", deal.value, "0 or more")
    problems.check("forecast")
    return tuple(sorted(given, key=_by_id))


def _by_id(deal: Opportunity) -> str:
    return deal.id


def check_money(problems: Problems, path: str, money: object) -> bool:
    """Tell whether there is an amount to go on with; note what is none."""
    wanted = 'a Money, such as Money.of("3000000 CNY")'
    return money is not None and problems.is_a(path, money, Money, wanted)


def check_day(as_of: dt.date) -> None:
    """Refuse what is no plain date."""
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.check("forecast")
