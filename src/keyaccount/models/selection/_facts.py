"""What the four criteria may ask about a customer, and the way there from the nouns."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar

from keyaccount.domain import (
    Cooperation,
    SelectionCriterion,
    StrategicAttribute,
    StrategicIntent,
    StrategicIntentKind,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Fact, Facts, FactSchema
from keyaccount.tri import Tri

from ._scale_value import Scale


__all__ = [
    "CRITERIA_FACTS",
    "FACTS",
    "PROFILE_FACTS",
    "Wanted",
    "attribute_fact",
    "composed",
    "criterion_fact",
    "facts",
    "matched",
    "valid_intents",
]


Told = TypeVar("Told")


FACTS = FactSchema(
    (
        Fact.number("share_of_total", unit="share"),
        Fact.yes_no("in_head"),
        Fact.number("service_lines", low=0),
        Fact.yes_no("customised_service"),
        Fact.number("intents_matched", low=0),
        Fact.yes_no("executives_meet_ours"),
        Fact.yes_no("commits_resources"),
    )
)
"""What the rows of the four criteria ask.

`share_of_total` is the customer's amount to that of all customers, one division; it
is known only where it is one number (a share with bounds is judged within them).
`intents_matched` counts the kinds of our valid intents that the customer serves.
"""

CRITERIA_FACTS = FactSchema(
    (
        Fact.yes_no("scale"),
        Fact.yes_no("solution_need"),
        Fact.yes_no("strategic_fit"),
        Fact.yes_no("willingness"),
        Fact.yes_no("required_met"),
    )
)
"""What the designation is judged by: the four answers, and whether all that are
required are yes."""

PROFILE_FACTS = FactSchema(
    tuple(
        Fact.number(f"{attribute.value}_mark", unit="mark", low=0, high=100)
        for attribute in StrategicAttribute
    )
)
"""The five strategic attributes: they rank strategic customers, and decide nothing."""


def criterion_fact(criterion: SelectionCriterion) -> str:
    """Return the name of a criterion among the facts of the designation."""
    return criterion.value.replace("-", "_")


def attribute_fact(attribute: StrategicAttribute) -> str:
    """Return the name of a strategic attribute's mark among the facts."""
    return f"{attribute.value}_mark"


Wanted = tuple[StrategicIntent, ...] | None
"""The intents that hold on a day; None where nobody has declared any at all."""


def facts(
    cooperation: Cooperation | None,
    *,
    as_of: dt.date,
    scale: Scale | None = None,
    intents: Iterable[StrategicIntent] | None = None,
) -> Facts:
    """Bring what is known of a customer through the door.

    Args:
        cooperation: what it needs, serves and is willing to; None is not known.
        as_of: the intents that hold on this day count.
        scale: one of `scales(…)`.
        intents: what our firm wants; None is not declared.

    Raises:
        InvalidValueError: two intents of one id, or an *as_of* that is no plain date.
    """
    told = Cooperation() if cooperation is None else cooperation
    share = None if scale is None else scale.share
    lines = told.service_lines
    kinds = matched(told, valid_intents(intents, as_of))
    return FACTS.read(
        {
            "share_of_total": share.low if share and share.is_exact else None,
            "in_head": Tri.UNKNOWN if scale is None else scale.in_head,
            "service_lines": None if lines is None else len(lines),
            "customised_service": told.customised,
            "intents_matched": None if kinds is None else len(kinds),
            "executives_meet_ours": told.executives_meet_ours,
            "commits_resources": told.commits_resources,
        }
    )


def composed(by_id: Mapping[str, Told]) -> Mapping[str, Told]:
    """Compose the letters of the ids, as those of customers are."""
    return {unicodedata.normalize("NFC", slug): told for slug, told in by_id.items()}


def valid_intents(intents: Iterable[StrategicIntent] | None, as_of: dt.date) -> Wanted:
    """Return the intents that hold on a day, by id (S4-3).

    Raises:
        InvalidValueError: two intents of one id, or an *as_of* that is no plain date.
    """
    problems = Problems()
    problems.is_day("as_of", as_of)
    listed = None if intents is None else tuple(intents)
    seen = set[str]()
    for index, intent in enumerate(listed or ()):
        wanted = "a StrategicIntent"
        if problems.is_a(f"intents[{index}]", intent, StrategicIntent, wanted):
            if intent.id in seen:
                problems.add(f"intents[{index}].id", "duplicate", intent.id)
            seen.add(intent.id)
    problems.check("selection")
    if listed is None:
        return None
    held = (intent for intent in listed if intent.holds_on(as_of))
    return tuple(sorted(held, key=lambda intent: intent.id))


def matched(
    cooperation: Cooperation, wanted: Wanted
) -> tuple[StrategicIntentKind, ...] | None:
    """Return the kinds of intent that we have and the customer serves (S0-6).

    None where none of ours holds, or nobody knows which ones it serves.
    """
    if not wanted or cooperation.intents_served is None:
        return None
    kinds = {intent.kind for intent in wanted} & cooperation.intents_served
    return tuple(kind for kind in StrategicIntentKind if kind in kinds)
