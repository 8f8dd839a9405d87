"""Why a deal is pursued or not: the decision, then gate by gate what was seen."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount.domain import Need, NeedCoverage, Opportunity
from keyaccount.rules import Facts, Interval, Reason, explain_table
from keyaccount.tri import Tri

from ._bench import index_of, sums
from ._facts import MARK_NAMES, MARKS, REAL_FACTS, WIN_FACTS, WORTH_FACTS
from ._policy import QualificationPolicy
from ._reading import Reading
from ._results import FAIL, GATES, HOLD, RESULTS, reach
from ._verdict import Bounds
from ._worth import asked_amounts, costs_of, net_of, return_of


__all__ = ["currency_of", "explain", "win_index", "worth_of"]


Datum = tuple[str, float | str]


def win_index(reading: Reading, policy: QualificationPolicy) -> Interval:
    """Return the win index, each factor that is not known being any score."""
    total, unknown = reading.scored
    found = sums(total, len(unknown))
    count = len(policy.factors)
    return Interval(index_of(found[0], count), index_of(found[-1], count))


def worth_of(reading: Reading, policy: QualificationPolicy) -> Interval:
    """Return the sum of gate 4, each mark that is not known being any mark."""
    low = policy.steps.marks[reading.span.first]
    high = policy.steps.marks[reading.span.last]
    for at, mark in enumerate(reading.marks):
        least, most = (MARKS[0], MARKS[-1]) if mark is None else (mark, mark)
        if at < len(MARKS) // 2:
            low, high = low + least, high + most
        else:
            low, high = low - most, high - least
    return Interval(float(low), float(high))


def explain(
    opportunity: Opportunity, reading: Reading, policy: QualificationPolicy
) -> Reason:
    """Say the decision and what it releases, then every gate with its reasons."""
    decision, _ = reading.decided()
    reached = reach(reading.gates).decisions
    parts = []
    if len(reached) > 1:
        names = ", ".join(one.value for one in reached)
        parts.append(Reason("deal-open", (("fact", "decision"), ("needed", names))))
    ways = (
        _real(reading, policy),
        _needs(opportunity, reading),
        _win(opportunity, reading, policy),
        _worth(opportunity, reading, policy),
    )
    is_behind = False
    for at, (said, because) in enumerate(zip(reading.today, ways, strict=True)):
        parts.append(_gate(at, reading, tuple(because), is_behind=is_behind))
        is_behind = is_behind or said == FAIL
    data = (
        ("outcome", decision.value),
        ("answers", "decision"),
        ("unit", "share"),
        ("release", policy.shares[decision]),
    )
    return Reason("deal-decided", data, tuple(parts))


def _gate(
    at: int, reading: Reading, because: tuple[Reason, ...], *, is_behind: bool
) -> Reason:
    said, ranks = reading.today[at], reading.gates[at]
    data: tuple[Datum, ...] = (
        ("row", GATES[at].value),
        ("table", "gate-id"),
        ("outcome", RESULTS[said].value),
        ("answers", "gate-result"),
    )
    if is_behind:
        return Reason("gate-informative", data, because)
    if said == HOLD and len(ranks) > 1:
        names = ", ".join(RESULTS[rank].value for rank in ranks)
        more = (("fact", "gate_result"), ("needed", names))
        return Reason("gate-open", (*data, *more), because)
    return Reason("gate-says", data, because)


def _real(reading: Reading, policy: QualificationPolicy) -> tuple[Reason, ...]:
    row = tuple(None if one is Tri.UNKNOWN else one for one in reading.real)
    return explain_table(policy.real.table, Facts(REAL_FACTS, row)).because


def _needs(opportunity: Opportunity, reading: Reading) -> Iterator[Reason]:
    if not reading.needs:
        yield Reason("needs-unlisted")
    for at, need in enumerate(opportunity.needs):
        yield _need(at, need)


def _need(at: int, need: Need) -> Reason:
    data: tuple[Datum, ...] = (
        ("part", str(at + 1)),
        ("outcome", need.kind.value),
        ("answers", "need-kind"),
        ("row", need.coverage.value),
        ("table", "need-coverage"),
    )
    because = []
    if need.text:
        because.append(Reason("need-text", (("text", need.text),)))
    if need.coverage is NeedCoverage.OBTAINABLE and need.mandatory is not Tri.NO:
        because.append(Reason("need-dependency"))
    if need.mandatory is Tri.YES:
        return Reason("need-mandatory", data, tuple(because))
    if need.mandatory is Tri.NO:
        return Reason("need-optional", data, tuple(because))
    return Reason("need-undecided", data, tuple(because))


def _win(
    opportunity: Opportunity, reading: Reading, policy: QualificationPolicy
) -> Iterator[Reason]:
    bounds = win_index(reading, policy)
    yield _bounded("win_index", bounds, "share")
    scores = {scored.factor: scored.score for scored in opportunity.win_factors}
    for factor in policy.factors:
        named = (("row", factor.id), ("table", "win-factor"))
        score = scores.get(factor.id)
        if score is None:
            yield Reason("factor-unscored", named)
        else:
            yield Reason("factor-scored", (*named, ("score", float(score))))
    if bounds.is_exact:
        facts = Facts(WIN_FACTS, (bounds.low,))
        yield from explain_table(policy.win.table, facts).because


def _worth(
    opportunity: Opportunity, reading: Reading, policy: QualificationPolicy
) -> Iterator[Reason]:
    bounds = worth_of(reading, policy)
    yield _bounded("worth", bounds, "")
    yield from _return(opportunity, reading, policy)
    for name, mark in zip(MARK_NAMES, reading.marks, strict=True):
        if mark is None:
            yield Reason("piece-asks", (("fact", name),))
        else:
            yield Reason("worth-mark", (("fact", name), ("mark", float(mark))))
    if bounds.is_exact and None not in reading.marks:
        step = float(policy.steps.marks[reading.span.first])
        marks = (float(one) for one in reading.marks if one is not None)
        facts = Facts(WORTH_FACTS, (bounds.low, step, *marks))
        yield from explain_table(policy.worth.table, facts).because


def _return(
    opportunity: Opportunity, reading: Reading, policy: QualificationPolicy
) -> Iterator[Reason]:
    """Say what is left of the profit, its mark, and what is not known of it."""
    steps, (_, _, first, last) = policy.steps, reading.span
    money: tuple[Datum, ...] = (
        ("unit", "money"),
        ("currency", currency_of(opportunity) or ""),
    )
    net = net_of(reading.span, steps)
    costs = costs_of(reading.amounts, steps)
    if costs is not None:
        names = ("profit", "capital", "risk")
        shown = ((name, float(cost)) for name, cost in zip(names, costs, strict=True))
        yield Reason("net-known", (*money, *shown, *_ends(net)))
    elif net.low is not None and net.high is not None:
        yield Reason("net-between", (*money, *_ends(net)))
    elif net.high is not None:
        yield Reason("net-at-most", (*money, *_ends(net)))
    ram = return_of(reading.span, reading.amounts, steps)
    marks = ("low", float(steps.marks[first])), ("high", float(steps.marks[last]))
    if ram.is_exact:
        got = ("got", float(ram.low or 0))
        mark = ("mark", str(steps.marks[first]))
        yield Reason("return-marked", (("unit", "share"), got, mark))
    elif first == last:
        yield Reason("return-bounded", marks)
    else:
        yield Reason("return-open", marks)
    for name in asked_amounts(reading.amounts, steps):
        yield Reason("piece-asks", (("fact", name),))


def _ends(bounds: Bounds) -> Iterator[Datum]:
    for name, end in (("low", bounds.low), ("high", bounds.high)):
        if end is not None:
            yield name, float(end)


def currency_of(opportunity: Opportunity) -> str | None:
    """Return the currency of whichever amount is known."""
    worth = opportunity.worth
    for money in (opportunity.value, worth.gross_profit, worth.funds_tied):
        if money is not None:
            return money.currency
    return None if worth.exposure is None else worth.exposure.currency


def _bounded(name: str, bounds: Interval, unit: str) -> Reason:
    data: tuple[Datum, ...] = (("fact", name), ("unit", unit), ("low", bounds.low))
    if bounds.is_exact:
        return Reason("sum-known", data)
    return Reason("sum-open", (*data, ("high", bounds.high)))
