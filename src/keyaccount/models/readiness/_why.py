"""Why we are as ready as we are: list by list, what is lacking, what to do first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

import attrs

from keyaccount.rules import Facts, Reason, explain_rows
from keyaccount.tri import Tri

from ._answers import Told
from ._checklists import Checklist
from ._facts import fact_of
from ._judge import Judged, choices, judge, line_facts
from ._policy import ReadinessPolicy
from ._verdict import FirstStep, Readiness
from ._ways import fires, span_of


__all__ = ["ReadinessEvidence"]


Data: TypeAlias = tuple[tuple[str, float | str], ...]

_ANSWERS = "readiness"
_CODES = MappingProxyType(
    {Tri.YES: "row-fires", Tri.UNKNOWN: "row-open", Tri.NO: "row-fails"}
)


@attrs.frozen
class ReadinessEvidence:
    """What the verdict keeps to explain itself."""

    policy: ReadinessPolicy
    told: Told
    first: FirstStep
    as_of: dt.date

    def reason(self) -> Reason:
        """Say how ready we are, what is lacking list by list, and where to begin."""
        policy = self.policy
        judged = judge(line_facts(self.told, policy), policy)
        parts = (
            *_rows(judged, policy),
            _whole(judged.facts, policy),
            *(_checklist(one, judged.facts, policy) for one in policy.checklists),
            *self._ages(),
            *self._first(),
        )
        data: Data = (("outcome", judged.stands[0]), ("answers", _ANSWERS))
        if len(judged.stands) == 1:
            return Reason("decided", data, parts)
        count = float(len(judged.stands))
        best: Data = (("best", judged.stands[-1]), ("count", count))
        return Reason("undecided", (*data, *best), parts)

    def _ages(self) -> Iterator[Reason]:
        limit = self.policy.number("stale_after")
        for slug, day in self.told.answered_on:
            age = (self.as_of - day).days
            if age > limit:
                told = ("day", day.isoformat()), ("age", float(age))
                data = (("fact", fact_of(slug)), *told, ("limit", float(limit)))
                yield Reason("line-stale", data)
        for slug in self.told.undated:
            yield Reason("line-undated", (("fact", fact_of(slug)),))

    def _first(self) -> Iterator[Reason]:
        first = self.first
        waiting = tuple(
            Reason("line-waits", (("fact", fact_of(slug)),)) for slug in first.waiting
        )
        if first.do is not None:
            yield Reason("readiness-do-first", (("fact", fact_of(first.do)),), waiting)
        elif waiting and first.ask is not None:
            data = (("fact", first.ask.fact),)
            yield Reason("readiness-ask-first", data, waiting)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _rows(judged: Judged, policy: ReadinessPolicy) -> Iterator[Reason]:
    """Say what each row finds up to the one that surely answers."""
    is_open = False
    told = explain_rows(policy.stands.table, judged.facts)
    for part, rule in zip(told, policy.each_row, strict=True):
        answer = fires(rule, choices(rule.table, judged.facts, judged.may_be))
        because = tuple(_bounded(one, judged) for one in part.because)
        yield attrs.evolve(part, code=_CODES[answer], because=because)
        if answer is Tri.YES:
            return
        is_open = is_open or answer is Tri.UNKNOWN
    data: Data = (("outcome", Readiness.NOT_READY.value), ("answers", _ANSWERS))
    yield Reason("otherwise-open" if is_open else "otherwise", data)


def _bounded(reason: Reason, judged: Judged) -> Reason:
    """Say of a comparison that is open between which bounds its share lies."""
    shares = judged.may_be.get(str(reason.get("fact")))
    if reason.code == "compare-open" and shares is not None:
        ends: Data = (("low", shares[0]), ("high", shares[-1]))
        return Reason("compare-between", (*reason.data, *ends))
    because = tuple(_bounded(part, judged) for part in reason.because)
    return attrs.evolve(reason, because=because)


def _whole(facts: Facts, policy: ReadinessPolicy) -> Reason:
    """Say how many of all lines are in place."""
    least, most, count = span_of(facts[fact_of(item.id)] for item in policy.lines)
    data = (("got", float(least)), ("count", float(count)))
    if least == most:
        return Reason("readiness-counted", data)
    return Reason("readiness-counted-open", (*data, ("open", float(most - least))))


def _checklist(one: Checklist, facts: Facts, policy: ReadinessPolicy) -> Reason:
    """Say how many lines of a list are in place, and which are not, or not known."""
    names = [fact_of(item.id) for item in policy.of(one.id)]
    least, most, count = span_of(facts[name] for name in names)
    parts = tuple(_line(name, facts) for name in names if facts[name] is not Tri.YES)
    named = ("outcome", one.id), ("answers", one.kind.words)
    data: Data = (*named, ("got", float(least)), ("count", float(count)))
    if least == count:
        return Reason("checklist-met", named)
    if least == most:
        return Reason("checklist-counted", data, parts)
    if most - least == count:
        return Reason("checklist-unasked", named, parts)
    return Reason(
        "checklist-counted-open", (*data, ("open", float(most - least))), parts
    )


def _line(name: str, facts: Facts) -> Reason:
    code = "line-lacking" if facts[name] is Tri.NO else "line-unasked"
    return Reason(code, (("fact", name),))
