"""What follows from the lines that are answered, and which question to ask first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from keyaccount.rules import (
    DecisionTable,
    Facts,
    FactValue,
    Missing,
    missing,
    narrowing,
)
from keyaccount.tri import Tri

from ._answers import Told
from ._facts import fact_of
from ._policy import ReadinessPolicy
from ._verdict import FirstStep
from ._ways import Choices, Span, pooled_values, span_of, weakest_values


__all__ = ["Judged", "choices", "first_step", "judge", "line_facts", "questions"]


@attrs.frozen
class Judged:
    """The lines with the shares that follow from them, and what the table may say.

    `may_be` has every value that a share may turn out to have.
    """

    facts: Facts
    may_be: Mapping[str, tuple[float, ...]]
    stands: tuple[str, ...]


def line_facts(told: Told, policy: ReadinessPolicy) -> Facts:
    """Bring the answers through the door; nothing follows from them yet."""
    return policy.about.read({fact_of(slug): one for slug, one in told.answers})


def judge(lines: Facts, policy: ReadinessPolicy) -> Judged:
    """Work out what follows from the lines; anew if it was before."""
    may_be = _shares(lines, policy, (*policy.pooled, *policy.weakest))
    sure = {
        name: values[0] if len(values) == 1 else None for name, values in may_be.items()
    }
    return Judged(_with(lines, sure), may_be, _stands(lines, policy))


def _stands(lines: Facts, policy: ReadinessPolicy) -> tuple[str, ...]:
    """Return all that the table may say, lowest first."""
    table = policy.stands.table
    return policy.ask(choices(table, lines, _shares(lines, policy, table.asks)))


def _shares(
    lines: Facts, policy: ReadinessPolicy, names: Iterable[str]
) -> dict[str, tuple[float, ...]]:
    """Return every value that each share among the names may turn out to have."""
    found = {}
    for name in names:
        if name in policy.pooled:
            found[name] = pooled_values(_span(lines, policy.pooled[name]))
        elif name in policy.weakest:
            groups = policy.weakest[name]
            found[name] = weakest_values(tuple(_span(lines, one) for one in groups))
    return found


def _span(lines: Facts, parts: Iterable[str]) -> Span:
    return span_of(lines[line] for line in parts)


def choices(
    table: DecisionTable, facts: Facts, may_be: Mapping[str, tuple[float, ...]]
) -> Choices:
    """Return every value that each fact may have that a table asks for."""
    return tuple(may_be.get(name) or _answers(facts[name]) for name in table.asks)


def _answers(answer: FactValue) -> tuple[FactValue, ...]:
    return (Tri.YES, Tri.NO) if answer is None else (answer,)


def _with(facts: Facts, changes: Mapping[str, FactValue]) -> Facts:
    row = list(facts.row)
    for name, value in changes.items():
        row[facts.schema.positions[name]] = value
    return Facts(facts.schema, tuple(row))


def questions(judged: Judged, policy: ReadinessPolicy) -> tuple[Missing, ...]:
    """Return what to ask where the answer is open, the most telling first.

    Nobody can be asked for a share: the questions are the lines behind it. Of those
    that tell equally much, the one that is worked on earlier stands first.
    """
    if len(judged.stands) == 1:
        return ()
    feeding = set(policy.stands.table.asks)
    for name in policy.stands.table.asks:
        feeding.update(policy.pooled.get(name, ()), *policy.weakest.get(name, ()))
    facts = judged.facts
    lines = (fact_of(item.id) for item in policy.lines)
    names = [name for name in lines if name in feeding and facts[name] is None]

    def count(answered: Facts) -> float:
        return float(len(_stands(answered, policy)))

    answers = dict.fromkeys(names, (Tri.YES, Tri.NO))
    return missing(facts.schema, narrowing(count, facts, names, answers))


def first_step(
    judged: Judged, policy: ReadinessPolicy, asked: tuple[Missing, ...]
) -> FirstStep:
    """Return what to do first and what to ask first; *asked* is what the answer needs.

    What rests on something that is not in place, or of which nobody knows whether
    it is, has to wait. What keeps all that is lacking waiting is asked first, then
    what narrows the answer most, then the first line that nobody has answered.
    """
    facts = judged.facts
    answers = {item.id: facts[fact_of(item.id)] for item in policy.lines}
    resting_on = {
        item.id: [slug for slug in item.after if answers[slug] is not Tri.YES]
        for item in policy.lines
        if answers[item.id] is Tri.NO
    }
    do = next((slug for slug, before in resting_on.items() if not before), None)
    waiting = tuple(slug for slug, before in resting_on.items() if before)
    unknown = [slug for slug, answer in answers.items() if answer is None]
    holding_up = {slug for before in resting_on.values() for slug in before}
    blocking = [slug for slug in unknown if slug in holding_up] if do is None else []
    lines = missing(facts.schema, map(fact_of, (blocking or unknown)[:1]))
    first = lines if blocking else (*asked, *lines)
    return FirstStep(do, first[0] if first else None, waiting)
