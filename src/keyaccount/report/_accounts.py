"""One sheet an account: verdicts with their reasons, questions, lifts, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from keyaccount import wording
from keyaccount.book import DealSheet, Item, Sheet
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import stakeholders
from keyaccount.rules import Verdict
from keyaccount.wording import plain

from ._case import Case
from ._parts import AccountSheet, Cell, Judged, Table
from ._standing import lifts, next_step, score, standing, tone
from ._terms import offered


__all__ = ["account", "index", "people_of"]


Answered = TypeVar("Answered")

_MOST_QUESTIONS = 6


def index(case: Case) -> Table:
    """List every account: where it stands, and its next step."""
    columns = case.columns("account", "class", "#score", "terms", "next")
    rows = []
    for sheet in case.portfolio:
        note = case.speech.name(sheet.customer.owner)
        where = Cell(standing(sheet, case.speech), tone=tone(sheet))
        step = Cell(next_step(sheet, case.speech))
        rows.append(
            (
                case.who(sheet, note),
                where,
                score(sheet, case.speech),
                _worst_term(sheet, case),
                step,
            )
        )
    caption = case.speech.say("caption-index")
    return Table(caption, columns, tuple(rows))


def account(
    sheet: Sheet, anchor: str, items: Iterable[Item], case: Case
) -> AccountSheet:
    """Write everything that the models say of one account."""
    speech, verdict = case.speech, sheet.verdict
    is_scored = bool(score(sheet, speech).text) and verdict is not None
    return AccountSheet(
        anchor,
        speech.name(sheet.customer.name, sheet.customer.id),
        plain(sheet.customer.id),
        standing(sheet, speech),
        tone(sheet),
        score(sheet, speech).text,
        (verdict.score.low, verdict.score.high) if is_scored and verdict else None,
        tuple(_facts(sheet, case)),
        tuple(lifts(sheet, speech)),
        tuple(_questions(sheet, case)),
        tuple(_verdicts(sheet, case)),
        (*_dues(items, case), *_deals(sheet, case), *_terms(sheet, case)),
        tuple(_remarks(sheet, case)),
        f"account/{sheet.customer.id}",
    )


def people_of(sheet: Sheet, case: Case) -> stakeholders.MapVerdict | None:
    """Return the map of the people; drawn where no open deal has drawn it."""
    for deal in sheet.deals:
        if deal.people is not None:
            return deal.people
    if not sheet.account.people:
        return None
    return stakeholders.read(
        sheet.account.people,
        as_of=case.as_of,
        touchpoints=sheet.account.contacts,
        policy=case.policies.stakeholders,
    )


def _facts(sheet: Sheet, case: Case) -> Iterator[tuple[str, str]]:
    """Yield what one must know of whom the sheet is about."""
    speech, customer = case.speech, sheet.customer
    yield speech.say("fact-owner"), speech.name(customer.owner) or speech.say("nobody")
    yield speech.say("fact-relation"), speech.label("relation", customer.relation.value)
    if customer.industry:
        yield speech.say("fact-industry"), speech.name(customer.industry)
    years = [one for one in customer.years if one.ends_on <= case.as_of]
    if years and customer.currency and years[-1].sales is not None:
        day = speech.day(years[-1].ends_on)
        sales = speech.amount(years[-1].sales, customer.currency)
        yield speech.say("fact-sales", day=day), sales


def _verdicts(sheet: Sheet, case: Case) -> Iterator[Judged]:
    """Yield what each lens says, those of value first, then our own side."""
    lenses, ours = sheet.lenses, sheet.ours
    segment = lenses.segment
    found: list[tuple[str, Verdict[object] | None]] = []

    def add(lens: str, verdict: Verdict[Answered] | None) -> None:
        found.append((lens, verdict))  # type: ignore[arg-type]  # whatever it answers

    add("lens-value", sheet.tier)
    add("lens-prospect", sheet.prospect)
    add("lens-strategic", lenses.designation)
    add("lens-buying", None if segment is None else segment.buying)
    add("lens-need", None if segment is None else segment.need)
    for growing in lenses.growth:
        add("lens-growth", growing)
    add("lens-fit", lenses.fit)
    add("lens-lifetime", lenses.lifetime)
    add("lens-people", people_of(sheet, case))
    for deal in sheet.deals:
        add("lens-deal", deal.gates)
    add("lens-motion", ours.motion)
    add("lens-engagement", ours.engagement)
    add("lens-talks", ours.communication)
    add("lens-plan", ours.plan)
    for project in ours.projects:
        add("lens-project", project)
    for lens, verdict in found:
        if verdict is not None:
            yield _judged(case.speech.say(lens), verdict, case)


def _judged(lens: str, verdict: Verdict[object], case: Case) -> Judged:
    """Say an answer and its reasons, in the words of its own policy."""
    own, locale = verdict.evidence.labels(), case.speech.locale
    said = [
        (level, plain(wording.say(reason.code, dict(reason.data), locale, own=own)))
        for level, reason in verdict.why.walk()
    ]
    flags = (case.speech.label("flag", flag, own) for flag in verdict.flags)
    return Judged(lens, said[0][1], tuple(said[1:]), tuple(flags))


def _questions(sheet: Sheet, case: Case) -> list[str]:
    """Return what is still to be asked, the most telling first, each once."""
    lenses, ours = sheet.lenses, sheet.ours
    asking = (
        sheet.verdict,
        lenses.designation,
        *lenses.growth,
        lenses.fit,
        lenses.lifetime,
        *(deal.gates for deal in sheet.deals),
        ours.engagement,
        ours.motion,
        ours.communication,
        ours.plan,
        *ours.projects,
    )
    found: dict[str, None] = {}
    for one in asking:
        if one is None or one.is_settled:
            continue
        own = one.evidence.labels()
        for gap in one.missing:
            found[case.speech.label("question", gap.question, own)] = None
    questions = list(found)
    left = len(questions) - _MOST_QUESTIONS
    if left > 0:
        more = case.speech.shared("review.more", count=case.speech.count(left))
        return [*questions[:_MOST_QUESTIONS], more]
    return questions


def _dues(items: Iterable[Item], case: Case) -> tuple[Table, ...]:
    columns = case.columns("when", "what", "owner")
    rows = case.due(items, with_owner=True)
    return case.table("caption-dues", columns, rows, None)


def _deals(sheet: Sheet, case: Case) -> tuple[Table, ...]:
    columns = case.columns("deal", "#value", "decision", "stage", "missing")
    rows = (_deal(deal, case) for deal in sheet.deals)
    return case.table("caption-deals", columns, rows, None)


def _deal(deal: DealSheet, case: Case) -> tuple[Cell, ...]:
    speech, found = case.speech, deal.opportunity
    pipeline = case.policies.pipeline
    own = None if pipeline is None else pipeline.own_labels
    decision, stage = deal.gates.value, found.stage
    unmet = () if deal.way_on is None else deal.way_on.unmet
    value = found.value
    return (
        Cell(speech.name(found.name, found.id)),
        Cell(speech.money(value), value=None if value is None else value.amount),
        Cell("?" if decision is None else speech.label("decision", decision.value)),
        Cell("?" if stage is None else speech.label("stage", stage, own)),
        Cell(speech.clauses(speech.label("exit", gap.code, own) for gap in unmet)),
    )


def _terms(sheet: Sheet, case: Case) -> tuple[Table, ...]:
    """List every term with what we make of it; only its rating where we cannot say."""
    speech = case.speech
    found = dict.fromkeys(cells for _, cells in offered(sheet, case))
    if found:
        columns = case.columns("term", "rating", "acceptable", "least-change")
        return case.table("caption-terms", columns, found, None)
    rows = []
    for rated in sheet.terms:
        worst = rated.verdict.worst
        rating = (
            speech.label("safety", worst.safety.value),
            speech.label("controllability", worst.controllability.value),
        )
        name = speech.label("payment-term", rated.name or "unnamed")
        rows.append((Cell(name), Cell(speech.listed(rating))))
    return case.table("caption-terms", case.columns("term", "rating"), rows, None)


def _worst_term(sheet: Sheet, case: Case) -> Cell:
    worst = sheet.worst_term
    if worst is None:
        return Cell()
    safety = worst.verdict.worst.safety
    said = case.speech.label("safety", safety.value)
    return Cell(said, tone="bad" if safety.value == "unsafe" else "")


def _remarks(sheet: Sheet, case: Case) -> Iterator[str]:
    speech = case.speech
    if sheet.account.is_partly_read:
        yield speech.say("partly-read")
    for error in (*sheet.lenses.unread, *sheet.ours.unread):
        told: tuple[tuple[str, dict[str, str]], ...] = ((error.code, error.data),)
        if isinstance(error, InvalidValueError):
            told = tuple((one.code, dict(one.data)) for one in error.problems)
        for code, data in told:
            said = wording.say(f"error.{code}", data, speech.locale)
            yield speech.say("unread", why=plain(said))
