"""How far the templates of the toolkit are filled in, and what they leave (S2-22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import attrs

from keyaccount import wire
from keyaccount.domain import (
    BusinessPositioning,
    CustomerAction,
    Money,
    ValueProposition,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Reason, Verdict, ask_first, explain_table
from keyaccount.tri import Tri

from ._facts import TOOL_FACTS
from ._given import each
from ._opinions import TemplateField as Field
from ._policy import PlansPolicy, default_policy


__all__ = [
    "TemplateLine",
    "TemplateVerdict",
    "line_of",
    "listed_of",
    "positioning",
    "propositions",
    "tool_facts",
    "verdict_of",
]


@attrs.frozen
class TemplateLine:
    """One line of a template: what it has, and which fields are still empty."""

    id: str
    filled: int
    gaps: tuple[Field, ...]

    @property
    def completeness(self) -> float:
        """The share of the fields that are filled in."""
        return self.filled / (self.filled + len(self.gaps))


@attrs.frozen(repr=False)
class TemplateVerdict(wire.Plain, Verdict[Tri]):
    """Whether a template is filled in, and what is not (S2-22).

    What nobody has written down is not there: the answer is a no, and not open.
    `completeness` is the share of all fields, None where there is no line at all.
    """

    completeness: float | None
    lines: tuple[TemplateLine, ...]

    def _extras(self) -> tuple[str, ...]:
        filled = sum(line.filled for line in self.lines)
        fields = filled + sum(len(line.gaps) for line in self.lines)
        return (f"{filled} of {fields} filled in",)


def tool_facts(
    lines: Iterable[TemplateLine], *, people_without_action: int | None = None
) -> Facts:
    """Bring the lines of a template through the door."""
    listed = tuple(lines)
    filled = sum(line.filled for line in listed)
    fields = filled + sum(len(line.gaps) for line in listed)
    return TOOL_FACTS.read(
        {
            "lines": len(listed),
            "share_filled": filled / fields if fields else None,
            "people_without_action": people_without_action,
        }
    )


def positioning(
    given: BusinessPositioning | None, *, policy: PlansPolicy | None = None
) -> TemplateVerdict:
    """Tell whether somebody wrote down where we stand at a customer (S2-22).

    Raises:
        InvalidValueError: no business positioning.
    """
    if given is None:
        return verdict_of((), policy)
    problems = Problems()
    problems.is_a("given", given, BusinessPositioning, "a BusinessPositioning")
    problems.check("positioning")
    line = line_of(
        given.customer_id,
        (Field.CUSTOMER_STRATEGY, given.customer_strategy),
        (Field.OUR_POSITION, given.our_position),
        (Field.COMPETITOR, given.competitor),
    )
    return verdict_of((line,), policy)


def propositions(
    given: Iterable[ValueProposition], *, policy: PlansPolicy | None = None
) -> TemplateVerdict:
    """Tell which value propositions have need, capability, benefit, proof (S2-22).

    A benefit counts once it is an amount above 0: of one in words the amount is
    missing, and where there are no words either, the benefit.

    Raises:
        InvalidValueError: something is of another kind, or an id stands twice.
    """
    listed = listed_of("propositions", given, ValueProposition)
    lines = tuple(
        line_of(
            one.id,
            (Field.NEED, one.need),
            (Field.CAPABILITY, one.capability),
            _benefit(one),
            (Field.PROOF, one.proof),
        )
        for one in listed
    )
    return verdict_of(lines, policy)


_Listed = TypeVar("_Listed", CustomerAction, ValueProposition)


def listed_of(
    path: str, given: Iterable[_Listed], kind: type[_Listed]
) -> tuple[_Listed, ...]:
    """Return the lines of a template, each of its kind and each id once.

    Raises:
        InvalidValueError: something is of another kind, or an id stands twice.
    """
    problems, seen = Problems(), set[str]()
    listed = each(problems, path, given, kind)
    for where, one in listed:
        if one.id in seen:
            problems.add(f"{where}.id", "duplicate", one.id)
        seen.add(one.id)
    problems.check(path)
    return tuple(one for _, one in listed)


def _benefit(one: ValueProposition) -> tuple[Field, Money | None]:
    """Return the benefit as counted, and which field is empty where it is not."""
    if one.amount is None:
        return (Field.BENEFIT if one.benefit is None else Field.AMOUNT), None
    return Field.AMOUNT, one.amount if one.amount.amount > 0 else None


def line_of(line: str, *fields: tuple[Field, object]) -> TemplateLine:
    """Return a line by its fields; those that are None are empty."""
    gaps = tuple(field for field, value in fields if value is None)
    return TemplateLine(line, len(fields) - len(gaps), gaps)


def verdict_of(
    lines: tuple[TemplateLine, ...],
    policy: PlansPolicy | None,
    people_without_action: int | None = None,
) -> TemplateVerdict:
    """Judge a template by its lines; for a map also by whom nothing is planned for."""
    policy = default_policy() if policy is None else policy
    facts = tool_facts(lines, people_without_action=people_without_action)
    answers = tuple(map(Tri, policy.tool.possible(facts)))
    is_open = len(answers) > 1
    share = facts["share_filled"]
    return TemplateVerdict(
        value=answers[0] if len(answers) == 1 else None,
        possible=answers,
        missing=ask_first((policy.tool.table,), facts) if is_open else (),
        flags=(),
        policy=policy.ref,
        as_of=None,
        completeness=share if isinstance(share, float) else None,
        lines=lines,
        evidence=TemplateEvidence(policy, facts, lines),
    )


@attrs.frozen
class TemplateEvidence:
    """What a verdict on a template keeps to explain itself."""

    policy: PlansPolicy
    facts: Facts
    lines: tuple[TemplateLine, ...]

    def reason(self) -> Reason:
        """Say whether it is filled in, and what is missing in each line."""
        found = explain_table(self.policy.tool.table, self.facts)
        gaps = (
            Reason(
                "template-gap",
                (
                    ("name", line.id),
                    ("outcome", gap.value),
                    ("answers", "template-field"),
                ),
            )
            for line in self.lines
            for gap in line.gaps
        )
        return attrs.evolve(found, because=(*found.because, *gaps))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
