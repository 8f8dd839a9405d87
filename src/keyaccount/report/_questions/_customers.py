"""Who changed class, who is strategic or merely large, what to sell on."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount import wording
from keyaccount.book import Comparison, Mover, Sheet
from keyaccount.domain import BuyingFactor, SelectionCriterion, StrategicDesignation
from keyaccount.models import buying
from keyaccount.report._case import Case
from keyaccount.report._parts import Answer, Cell
from keyaccount.report._standing import lifts
from keyaccount.report._watch import watch
from keyaccount.wording import plain

from ._asked import answer


__all__ = ["classes", "selling", "strategic"]


def classes(case: Case, number: int) -> Answer:
    """Which accounts changed class since the last review, why, what would lift them?"""
    speech, found = case.speech, case.comparison
    lines = [_spread(case)]
    if found is None:
        short = speech.say("a-classes-first")
        return answer(case, number, "classes", short, lines, watch(case))
    moved = list(_moved(found, case))
    came, went = len(found.joined), len(found.left)
    short = speech.say(
        "a-classes",
        count=speech.count(len(moved)),
        of=speech.count(found.matrix.total - came - went),
        day=speech.day(found.before),
    )
    for code, customers in (("joined", found.joined), ("left", found.left)):
        names = [speech.name(one.name, one.id) for one in customers]
        if names:
            lines.append(speech.say(code, names=speech.names(names, 8)))
    columns = case.columns("account", "was", "is", "mover", "lift")
    tables = case.table("caption-moves", columns, moved)
    kept = case.table(
        "caption-held", case.columns("account", "class", "strikes"), _held(case)
    )
    return answer(case, number, "classes", short, lines, (*tables, *kept, *watch(case)))


def _spread(case: Case) -> str:
    """Say how many accounts stand on each rung."""
    speech, portfolio = case.speech, case.portfolio
    counted = [(one.value, count) for one, count in portfolio.distribution]
    counted += [(one.value, count) for one, count in portfolio.prospects]
    parts = [
        f"{speech.label('tier-name', slug)} {speech.count(count)}"
        for slug, count in counted
    ]
    for code, count in (
        ("review.open", portfolio.open_count),
        ("review.problems", portfolio.problem_count),
    ):
        if count:
            parts.append(speech.shared(code, count=speech.count(count)))
    return " · ".join(parts)


def _moved(found: Comparison, case: Case) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each that moved: from what to what, by which fact, what lifts."""
    sheets = {one.customer.id: one for one in case.portfolio}
    speech = case.speech

    def row(slug: str, was: str, now: str, mover: Mover | None) -> tuple[Cell, ...]:
        sheet = sheets[slug]
        why = "" if mover is None else plain(mover.says(speech.locale))
        way = next(lifts(sheet, speech), "")
        return case.who(sheet), Cell(was), Cell(now), Cell(why), Cell(way)

    for move in found.moves:
        ends = []
        for verdict in (move.before, move.after):
            rung = speech.either("tier-name", verdict.possible)
            if verdict.is_supervised:
                problem = speech.label("tier-name", "problem")
                rung = speech.shared("review.problem-of", problem=problem, rung=rung)
            ends.append(rung)
        yield row(move.customer.id, ends[0], ends[1], move.mover)
    for one in found.prospects:
        was, now = (
            speech.either("tier-name", verdict.possible)
            for verdict in (one.before, one.after)
        )
        yield row(one.customer.id, was, now, one.mover)
    for turn in found.turned:
        was, now = (
            plain(found.matrix.label(end, speech.locale))
            for end in (turn.before, turn.after)
        )
        yield row(turn.customer.id, was, now, None)


def _held(case: Case) -> Iterator[tuple[Cell, ...]]:
    """Yield those whose rung one weak review more may lower."""
    speech = case.speech
    for one in () if case.reclassified is None else case.reclassified.struck:
        record = one.verdict.record
        tier = speech.label("tier-name", one.verdict.effective.value)
        strikes = speech.count(record.strikes)
        who = case.customer(one.customer.id, one.customer.name)
        yield who, Cell(tier), Cell(strikes, value=record.strikes)


def strategic(case: Case, number: int) -> Answer:
    """Is this account truly strategic, or merely large?"""
    speech = case.speech
    found = [one for one in case.portfolio if one.lenses.designation is not None]
    if not found:
        short = speech.say("a-strategic-none")
        return answer(case, number, "strategic", short, tone="open")
    verdicts = [one.lenses.designation for one in found]
    sure = sum(
        one is not None and one.value is StrategicDesignation.STRATEGIC
        for one in verdicts
    )
    still = sum(one is not None and not one.is_settled for one in verdicts)
    large = sum(one is not None and "merely-large" in one.flags for one in verdicts)
    short = speech.say(
        "a-strategic",
        count=speech.count(len(found)),
        strategic=speech.count(sure),
        large=speech.count(large),
        open=speech.count(still),
    )
    criteria = (one.value for one in SelectionCriterion)
    columns = (
        *case.columns("account", "designation"),
        *case.columns(*(f"criterion-{one}" for one in criteria)),
        *case.columns("remark"),
    )
    rows = (_designated(one, case) for one in found)
    tables = case.table("caption-strategic", columns, rows)
    return answer(case, number, "strategic", short, (), tables)


def _designated(sheet: Sheet, case: Case) -> tuple[Cell, ...]:
    speech, verdict = case.speech, sheet.lenses.designation
    if verdict is None:  # only those that have one are asked
        return (case.who(sheet),)
    own = verdict.evidence.labels()
    said = [
        speech.label("flag", flag, own)
        for flag in verdict.flags
        if flag in _SAID_OF_ONE
    ]
    if verdict.missing and not verdict.is_settled:
        said.insert(0, speech.label("question", verdict.missing[0].question, own))
    loss = sheet.lenses.loss
    if loss is not None and loss.revenue is not None:
        said.append(speech.say("loss", share=speech.shares(loss.revenue)))
    return (
        case.who(sheet),
        Cell(speech.either("strategic-designation", verdict.possible)),
        *(speech.mark(part.answer) for part in verdict.criteria),
        Cell(speech.clauses(said)),
    )


_SAID_OF_ONE = frozenset({"one-sided", "merely-large", "stale-figures", "no-full-year"})


def selling(case: Case, number: int) -> Answer:
    """What do I sell them on this time?"""
    speech = case.speech
    found = [one for one in case.portfolio if one.account.profiles]
    prior = buying.prior(policy=case.policies.buying)
    market = speech.listed(
        f"{speech.label('buying-factor', one.value)} {prior.of(one)}"
        for one in BuyingFactor
    )
    lines = [speech.say("market-at-large", weights=market)]
    if not found:
        short = speech.say("a-selling-none")
        return answer(case, number, "selling", short, lines, tone="open")
    rows = [_weighed(one, case) for one in found]
    short = speech.say("a-selling", count=speech.count(len(found)))
    columns = case.columns("account", "first-factor", "weights", "trust", "remark")
    tables = case.table("caption-selling", columns, rows)
    return answer(case, number, "selling", short, lines, tables)


def _weighed(sheet: Sheet, case: Case) -> tuple[Cell, ...]:
    """Say what weighs most with a customer, and how far that is to be trusted."""
    speech = case.speech
    verdict = buying.profile(
        sheet.account.profiles,
        customer_id=sheet.customer.id,
        as_of=case.as_of,
        tier=None if sheet.tier is None else sheet.tier.value,
        policy=case.policies.buying,
    )
    own = verdict.evidence.labels()
    ranked = [speech.label("buying-factor", one.value, own) for one in verdict.ranking]
    weights = "" if verdict.value is None else str(verdict.value)
    said = [speech.label("flag", flag, own) for flag in verdict.flags]
    segment = sheet.lenses.segment
    if segment is not None and segment.need is not None:
        said.insert(0, speech.either("need-type", segment.need.possible))
    trust = plain(wording.label("trust", verdict.trust.value, speech.locale))
    return (
        case.who(sheet),
        Cell(ranked[0] if ranked else "?"),
        Cell(weights),
        Cell(trust),
        Cell(speech.clauses(said)),
    )
