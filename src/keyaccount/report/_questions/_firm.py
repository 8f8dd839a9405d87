"""Where we grow but lose, whether visits are prepared, whether we are ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from keyaccount import wording
from keyaccount.book import GrowthRow, growth_board
from keyaccount.models import readiness as model
from keyaccount.report._case import Case
from keyaccount.report._parts import Answer, Cell
from keyaccount.rules import Interval
from keyaccount.wording import plain

from ._asked import answer


__all__ = ["executives", "growing", "readiness"]


_LOSING = frozenset({"surface-growth", "losing-to-competitor", "lagging-customer"})


def growing(case: Case, number: int) -> Answer:
    """Where are we growing but losing?"""
    speech, fx = case.speech, case.fx
    board = growth_board(case.portfolio, policies=case.policies, fx=fx)
    if board is None or not board.rows:
        short = speech.say("a-growth-none")
        return answer(case, number, "growth", short, tone="open")
    losing = sum(bool(_LOSING & {*row.verdict.flags}) for row in board.rows)
    short = speech.say(
        "a-growth",
        count=speech.count(len(board.rows)),
        losing=speech.count(losing),
    )
    lines = []
    if board.space is not None and board.space.total is not None:
        total = board.space.total
        lines.append(speech.say("space", total=speech.span(total.low, total.high)))
    if board.left_out:
        names = [speech.name(one.name, one.id) for one in board.left_out]
        lines.append(speech.say("left-out", names=speech.names(names)))
    columns = case.columns(
        "account",
        "#share",
        "#our-growth",
        "#their-growth",
        "#rival-growth",
        "#elsewhere",
        "place",
    )
    tables = case.table(
        "caption-growth", columns, (_grown(row, case) for row in board.rows)
    )
    return answer(case, number, "growth", short, lines, tables)


def _grown(row: GrowthRow, case: Case) -> tuple[Cell, ...]:
    speech, verdict = case.speech, row.verdict
    own = verdict.evidence.labels()
    category = "" if verdict.category is None else speech.name(verdict.category)
    before, now = verdict.share_before, verdict.share
    said = [speech.either("growth-quadrant", verdict.possible)]
    said += [speech.label("flag", flag, own) for flag in verdict.flags]
    is_losing = bool(_LOSING & {*verdict.flags})
    room = verdict.headroom
    return (
        case.customer(row.customer.id, row.customer.name, category),
        Cell(
            f"{speech.share(before)} → {speech.share(now)}",
            tone="bad" if is_losing else "",
            value=now,
        ),
        Cell(speech.signed(verdict.growth), value=verdict.growth),
        Cell(speech.signed(verdict.customer_growth), value=verdict.customer_growth),
        Cell(speech.signed(verdict.rival_growth), value=verdict.rival_growth),
        Cell(speech.money(room), value=None if room is None else room.amount),
        Cell(speech.clauses(said)),
    )


def executives(case: Case, number: int) -> Answer:
    """Is the chief executive's visit prepared, and were the last promises kept?"""
    speech = case.speech
    visits = [*_visits(case)]
    promises = [*_promises(case)]
    late = sum(row[2].tone == "late" for row in promises)
    ready = sum(row[2].tone == "good" for row in visits)
    lines = [*_patterns(case)]
    if not (visits or promises or lines):
        short = speech.say("a-executives-none")
        return answer(case, number, "executives", short, tone="open")
    short = speech.say(
        "a-executives",
        visits=speech.count(len(visits)),
        ready=speech.count(ready),
        promises=speech.count(len(promises)),
        late=speech.count(late),
    )
    ahead = case.columns("account", "when", "prepared", "todo")
    due = case.columns("account", "promise", "when", "owner")
    tables = (
        *case.table("caption-visits", ahead, visits),
        *case.table("caption-promises", due, promises),
    )
    return answer(case, number, "executives", short, lines, tables)


def _visits(case: Case) -> Iterator[tuple[Cell, ...]]:
    speech = case.speech
    for sheet in case.portfolio:
        for visit in sheet.ours.visits:
            day = speech.near(visit.on, case.as_of)
            yield (
                case.who(sheet),
                Cell(day, value=visit.on),
                speech.mark(visit.value),
                Cell(speech.clauses(map(plain, visit.next_steps(speech.locale)))),
            )


def _promises(case: Case) -> Iterator[tuple[Cell, ...]]:
    """Yield the promises that are not known to be kept, the earliest first."""
    speech = case.speech
    found = [
        (sheet, promise)
        for sheet in case.portfolio
        for promise in sheet.ours.due_commitments
    ]
    far = dt.date.max
    found.sort(key=lambda pair: (pair[1].due or far, pair[0].customer.id, pair[1].id))
    for sheet, promise in found:
        if promise.due is None:
            when = Cell(speech.say("undated"), tone="open")
        elif promise.days_late:
            note = speech.late(promise.days_late)
            day = speech.near(promise.due, case.as_of)
            when = Cell(day, note, "late", value=promise.due)
        elif promise.due == case.as_of:
            day = speech.near(promise.due, case.as_of)
            when = Cell(day, speech.say("today"), "today", value=promise.due)
        else:
            when = Cell(speech.near(promise.due, case.as_of), value=promise.due)
        owner = speech.name(promise.owner) or speech.say("nobody")
        yield case.who(sheet), Cell(plain(promise.text)), when, Cell(owner)


def _patterns(case: Case) -> Iterator[str]:
    """Yield where our executives act in a way that does harm."""
    speech = case.speech
    for sheet in case.portfolio:
        verdict = sheet.ours.engagement
        if verdict is None or not verdict.patterns:
            continue
        own = verdict.evidence.labels()
        found = speech.listed(
            speech.label("executive-anti-pattern", one.value, own)
            for one in verdict.patterns
        )
        steps = [plain(one) for one in verdict.next_steps(speech.locale)]
        name = speech.name(sheet.customer.name, sheet.customer.id)
        data = {"name": name, "patterns": found, "instead": steps[0] if steps else ""}
        yield speech.say("patterns-instead" if steps else "patterns", **data)


def readiness(case: Case, number: int) -> Answer:
    """Is our set-up ready, and what do we copy to the next customer?"""
    speech, firm = case.speech, case.portfolio.firm
    hits = [*_copied(case)]
    verdict = None if firm is None else firm.readiness
    lines = [
        speech.say(
            "penetration",
            industry=speech.name(one.industry),
            before=speech.shares(one.share_before),
            after=speech.shares(one.share_after),
        )
        for one in (() if firm is None else firm.penetration)
    ]
    knowledge = case.table(
        "caption-copy", case.columns("account", "learned", "like"), hits
    )
    if verdict is None:
        short = speech.say("a-readiness-none")
        return answer(case, number, "readiness", short, lines, knowledge, "open")
    short = speech.say(
        "a-readiness",
        answer=speech.either("readiness", verdict.possible),
        share=speech.shares(verdict.score),
    )
    if hits:
        lines.append(speech.say("copied", count=speech.count(len(hits))))
    own, first = verdict.evidence.labels(), verdict.first
    if first.do is not None:
        lines.insert(0, speech.say("do-first", step=_item(verdict, first.do, case)))
    if first.ask is not None:
        asked = speech.label("question", first.ask.question, own)
        lines.append(speech.say("ask-first", question=asked))
    columns = case.columns("checklist", "#in-place", "lacking")
    rows = (_checklist(verdict, one, case) for one in verdict.checklists)
    tables = (*case.table("caption-readiness", columns, rows), *knowledge)
    return answer(case, number, "readiness", short, lines, tables)


def _copied(case: Case) -> Iterator[tuple[Cell, ...]]:
    speech = case.speech
    for sheet in case.portfolio:
        for hit in sheet.ours.similar:
            why = hit.reason
            said = wording.say(why.code, dict(why.data), speech.locale)
            yield case.who(sheet), Cell(plain(hit.item.text)), Cell(plain(said))


def _checklist(
    verdict: model.ReadinessVerdict, found: model.ChecklistScore, case: Case
) -> tuple[Cell, ...]:
    speech = case.speech
    own = verdict.evidence.labels()
    lacking = [_item(verdict, slug, case) for slug in found.gaps]
    if found.questions:
        count = speech.count(len(found.questions))
        lacking.append(speech.say("not-answered", count=count))
    return (
        Cell(speech.label(found.kind.words, found.id, own)),
        Cell(speech.shares(found.score), value=_exact(found.score)),
        Cell(speech.clauses(lacking)),
    )


def _item(verdict: model.ReadinessVerdict, slug: str, case: Case) -> str:
    """Name a line as its fact is called; an own one without a label, by its slug."""
    fact = slug.replace("-", "_")
    found = case.speech.label("fact", fact, verdict.evidence.labels())
    return plain(slug) if found == fact else found


def _exact(bounds: Interval) -> float | None:
    return bounds.low if bounds.is_exact else None
