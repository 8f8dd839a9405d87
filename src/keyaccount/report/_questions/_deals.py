"""Should we bid, may finance accept the terms, what will land and what is rotting?"""

from __future__ import annotations

from decimal import Decimal

from keyaccount.book import DealForecast, DealSheet
from keyaccount.domain import Decision
from keyaccount.models import forecast, stages
from keyaccount.report._case import Case
from keyaccount.report._parts import Answer, Cell
from keyaccount.report._terms import named, offered
from keyaccount.rules import Interval

from ._asked import answer


__all__ = ["bids", "pipeline", "terms"]


def bids(case: Case, number: int) -> Answer:
    """Should we bid on this request? What do I need to find out first?"""
    speech = case.speech
    deals = sorted(case.portfolio.deals, key=_place)
    if not deals:
        short = speech.say("a-bids-none")
        return answer(case, number, "bids", short, tone="open")
    decided = [deal.gates.value for deal in deals]
    go = sum(one in {Decision.PURSUE, Decision.LIMITED} for one in decided)
    leave = sum(deal.is_advised_against for deal in deals)
    short = speech.say(
        "a-bids",
        count=speech.count(len(deals)),
        go=speech.count(go),
        leave=speech.count(leave),
        wait=speech.count(len(deals) - go - leave),
    )
    columns = case.columns(
        "deal", "#value", "decision", "stopped-at", "ask-first", "#release"
    )
    tables = case.table("caption-bids", columns, (_bid(one, case) for one in deals))
    return answer(case, number, "bids", short, (), tables)


def _bid(deal: DealSheet, case: Case) -> tuple[Cell, ...]:
    speech, gates = case.speech, deal.gates
    own = gates.evidence.labels()
    stopped = gates.first_failing or gates.first_open
    gate = "" if stopped is None else speech.label("gate-id", stopped.value, own)
    ask = gates.missing[0] if gates.missing and not gates.is_settled else None
    asked = "" if ask is None else speech.label("question", ask.question, own)
    return (
        named(deal, case),
        _value(deal, case),
        _decision(deal, case),
        Cell(gate),
        Cell(asked),
        Cell(speech.shares(gates.release), value=_exact(gates.release)),
    )


def _exact(bounds: Interval) -> float | None:
    return bounds.low if bounds.is_exact else None


def _value(deal: DealSheet, case: Case) -> Cell:
    value = deal.opportunity.value
    kept = None if value is None else value.amount
    return Cell(case.speech.money(value), value=kept)


def _decision(deal: DealSheet, case: Case) -> Cell:
    found = deal.gates.value
    if found is None:
        return case.speech.mark(None)
    label = case.speech.label("decision", found.value, deal.gates.evidence.labels())
    if deal.is_advised_against:
        return Cell(label, tone="bad")
    return Cell(label, tone="good" if found is Decision.PURSUE else "open")


def _place(deal: DealSheet) -> tuple[bool, str, Decimal, str]:
    """The dearest first, of each currency; those without a value last."""
    value = deal.opportunity.value
    if value is None:
        return True, "", Decimal(0), deal.opportunity.id
    return False, value.currency, -value.amount, deal.opportunity.id


def terms(case: Case, number: int) -> Answer:
    """Can finance accept these terms; what is the least change that they need?"""
    speech = case.speech
    rows = [
        (who, *cells) for sheet in case.portfolio for who, cells in offered(sheet, case)
    ]
    if not rows:
        short = speech.say("a-terms-none")
        return answer(case, number, "terms", short, tone="open")
    short = speech.say(
        "a-terms",
        count=speech.count(len(rows)),
        accepted=speech.count(sum(one[3].tone == "good" for one in rows)),
        refused=speech.count(sum(one[3].tone == "bad" for one in rows)),
    )
    rows.sort(key=lambda row: _ORDER.index(row[3].tone))
    columns = case.columns("account", "term", "rating", "acceptable", "least-change")
    tables = case.table("caption-all-terms", columns, rows)
    return answer(case, number, "terms", short, (speech.say("terms-note"),), tables)


_ORDER = ("bad", "open", "good")


def pipeline(case: Case, number: int) -> Answer:
    """What will land, what is rotting, what do I do today?"""
    speech, portfolio = case.speech, case.portfolio
    deals = sorted(portfolio.deals, key=_place)
    rotting = [one for one in deals if _is_ageing(one)]
    late, today, _ = portfolio.agenda.numbers
    lines = [_rolled(one.roll_up, case) for one in portfolio.forecasts]
    lines += [_spread(one, case) for one in portfolio.forecasts]
    if not deals and not portfolio.forecasts:
        short = speech.say("a-pipeline-none")
        return answer(case, number, "pipeline", short, tone="open")
    short = speech.say(
        "a-pipeline",
        count=speech.count(len(deals)),
        rotting=speech.count(len(rotting)),
        late=speech.count(late),
        today=speech.count(today),
    )
    columns = case.columns("deal", "#value", "stage", "#days", "close", "missing")
    ordered = [*rotting, *(one for one in deals if not _is_ageing(one))]
    tables = case.table(
        "caption-pipeline", columns, (_moving(one, case) for one in ordered)
    )
    if portfolio.conversion is not None and portfolio.conversion.win_rate.of:
        lines.append(portfolio.conversion.explain(speech.locale)[0])
    return answer(case, number, "pipeline", short, lines, tables)


def _is_ageing(deal: DealSheet) -> bool:
    return any(task.kind is stages.TaskKind.AGEING for task in deal.tasks)


def _moving(deal: DealSheet, case: Case) -> tuple[Cell, ...]:
    speech, found = case.speech, deal.opportunity
    rules = case.policies.pipeline
    own = None if rules is None else rules.own_labels
    stage = "?" if found.stage is None else speech.label("stage", found.stage, own)
    days, is_old = deal.days_in_stage, _is_ageing(deal)
    aged = Cell(
        "" if days is None else speech.count(days),
        speech.say("too-long") if is_old else "",
        "late" if is_old else "",
        value=days,
    )
    close = found.expected_close
    is_past = close is not None and close < case.as_of
    unmet = () if deal.way_on is None else deal.way_on.unmet
    return (
        named(deal, case),
        _value(deal, case),
        Cell(stage),
        aged,
        Cell(speech.day(close), tone="late" if is_past else "", value=close),
        Cell(speech.clauses(speech.label("exit", gap.code, own) for gap in unmet)),
    )


def _rolled(found: forecast.RollUp, case: Case) -> str:
    speech = case.speech
    return speech.say(
        "rolled",
        open=speech.span(found.open.low, found.open.high),
        weighted=speech.span(found.weighted.low, found.weighted.high),
        closed=speech.span(found.closed.low, found.closed.high),
    )


def _spread(found: DealForecast, case: Case) -> str:
    """Say the middle and the ends of what may come in; nothing where nobody knows."""
    spread, speech = found.distribution, case.speech
    if spread is None or not found.roll_up.weighted.low.amount:
        return ""
    low, middle, high = (spread.quantile(part) for part in ("p10", "p50", "p90"))
    if None in {low.high, middle.high, high.high}:
        return ""
    return speech.say(
        "spread",
        low=speech.span(low.low, low.high),
        middle=speech.span(middle.low, middle.high),
        high=speech.span(high.low, high.high),
    )
