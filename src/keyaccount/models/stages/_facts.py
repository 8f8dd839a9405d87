"""The facts that every pipeline may ask for, and the doorway that leads to them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount.domain import GateId, GateResult, Opportunity
from keyaccount.exceptions import Problems
from keyaccount.rules import Fact, FactSchema, FactValue
from keyaccount.tri import Tri


__all__ = ["FACTS", "known_of"]


def gate_fact(gate: GateId) -> str:
    """Return the fact that holds what a gate says."""
    return f"gate_{gate.value.replace('-', '_')}"


_RESULTS = tuple(result.value for result in GateResult)

FACTS = FactSchema(
    (
        Fact.yes_no("source_recorded"),
        *(Fact.choice(gate_fact(gate), _RESULTS) for gate in GateId),
        Fact.number("mandatory_needs", low=0),
        Fact.yes_no("business_or_technical_contacted"),
        Fact.yes_no("feasibility_reviewed"),
        Fact.yes_no("resources_confirmed"),
        Fact.yes_no("competitiveness_approved"),
        Fact.number("open_concerns", low=0),
        Fact.yes_no("concerns_accepted"),
        Fact.yes_no("term_rated"),
        Fact.yes_no("term_within_appetite"),
        Fact.yes_no("decision_maker_covered"),
        Fact.yes_no("contract_signed"),
        Fact.number("contract_value", unit="money"),
        Fact.yes_no("terms_reasonable"),
        Fact.yes_no("terms_executable"),
    )
)

_NO_GATES: Mapping[GateId, GateResult | None] = MappingProxyType({})


def known_of(  # noqa: PLR0913 - what the other models have to say
    opportunity: Opportunity,
    *,
    gates: Mapping[GateId, GateResult | None] = _NO_GATES,
    business_or_technical_contacted: Tri = Tri.UNKNOWN,
    decision_maker_covered: Tri = Tri.UNKNOWN,
    term_rated: Tri = Tri.UNKNOWN,
    term_within_appetite: Tri = Tri.UNKNOWN,
) -> dict[str, object]:
    """Gather what an opportunity and the other models' answers say, by fact.

    An opportunity without a list of needs has not been asked for them: how many are
    mandatory is then unknown, and so it is while one of them may be.

    Raises:
        InvalidValueError: no opportunity.
    """
    problems = Problems()
    problems.is_a("opportunity", opportunity, Opportunity, "an Opportunity")
    problems.check("known_of")
    found: dict[str, object] = {
        gate_fact(gate): None if result is None else result.value
        for gate, result in gates.items()
    }
    found |= attrs.asdict(opportunity.progress, filter=_is_answer)
    value = opportunity.value
    return {
        **found,
        "mandatory_needs": _mandatory(opportunity),
        "business_or_technical_contacted": business_or_technical_contacted,
        "decision_maker_covered": decision_maker_covered,
        "term_rated": term_rated,
        "term_within_appetite": term_within_appetite,
        "contract_value": None if value is None else value.amount,
    }


def _is_answer(attribute: attrs.Attribute[FactValue], _: object) -> bool:
    return attribute.name in FACTS


def _mandatory(opportunity: Opportunity) -> float | None:
    """Count the mandatory needs; unknown while nobody has said how many there are."""
    answers = [need.mandatory for need in opportunity.needs]
    sure = answers.count(Tri.YES)
    return float(sure) if sure or (answers and Tri.UNKNOWN not in answers) else None
