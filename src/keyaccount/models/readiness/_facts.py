"""The facts that readiness is judged by: shares of lines, and the lines themselves."""

from __future__ import annotations

from keyaccount.rules import Fact, FactSchema


__all__ = [
    "ELEMENTS",
    "FACTS",
    "READINESS",
    "REQUIREMENTS",
    "WEAKEST_ELEMENT",
    "WEAKEST_REQUIREMENT",
    "fact_of",
    "share_fact",
    "share_of",
]


READINESS = "readiness_share"
ELEMENTS, REQUIREMENTS = "elements_share", "requirements_share"
WEAKEST_ELEMENT, WEAKEST_REQUIREMENT = "weakest_element", "weakest_requirement"


def fact_of(slug: str) -> str:
    """Return the name of the fact that a line stands for.

    >>> fact_of("goals-beyond-revenue")
    'goals_beyond_revenue'
    """
    return slug.replace("-", "_")


def share_of(checklist: str) -> str:
    """Return the name of the share of a checklist's lines that are in place."""
    return f"{fact_of(checklist)}_share"


def share_fact(name: str) -> Fact:
    """Declare a share of lines."""
    return Fact.number(name, unit="share", low=0, high=1)


FACTS = FactSchema(
    (
        share_fact(READINESS),
        share_fact(ELEMENTS),
        share_fact(REQUIREMENTS),
        share_fact(WEAKEST_ELEMENT),
        share_fact(WEAKEST_REQUIREMENT),
    )
)
"""What every policy may ask for: the share of lines that are in place.

Of all lines, of those of the elements and of the requirements, and of the element and
the requirement that have the smallest share. To these a policy's own checklists add
the share of each list (`goals_share`) and every line, as a yes-no.
"""
