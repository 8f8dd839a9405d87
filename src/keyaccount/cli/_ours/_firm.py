"""Our firm as a whole: is it ready, who stands for whom, can its promises be kept?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from keyaccount import book, wording
from keyaccount.cli._screen import Heading
from keyaccount.cli._text import percent, plain, shortened
from keyaccount.cli._words import Words
from keyaccount.models import readiness
from keyaccount.rules import Interval
from keyaccount.tri import Tri

from ._names import named
from ._notes import target_line


__all__ = ["show_firm"]


_MOST_NAMES = 4


def show_firm(portfolio: book.Portfolio, firm: book.FirmView, words: Words) -> None:
    """Print what is told of our firm: a table of readiness, then a line for each."""
    if firm.readiness is not None:
        _readiness(firm.readiness, words)
    names = {one.customer.id: shortened(one.customer.name) for one in portfolio}
    unread = [plain(str(error)) for error in firm.unread]
    screen = words.screen
    for title, lines in (
        ("firm.title", [*_lines(firm, names, words)]),
        ("lens.unread", unread),
    ):
        if lines:
            screen.line()
            screen.line(screen.say(title), "bold")
        for line in lines:
            screen.indented(line)


def _readiness(verdict: readiness.ReadinessVerdict, words: Words) -> None:
    """Print a row for each checklist: how much is in place, and what is lacking."""
    screen, say = words.screen, words.screen.say
    answer = words.either_of("readiness", verdict.possible)
    screen.line()
    screen.line(say("firm.ready", answer=answer, share=_span(verdict.score)), "bold")
    headings = (
        Heading(say("firm.checklist"), wraps=True, most=24),
        Heading(say("firm.in-place"), is_number=True),
        Heading(say("firm.lacking"), wraps=True),
    )
    rows = (_checklist(verdict, one, words) for one in verdict.checklists)
    screen.table(headings, rows)
    first = verdict.first
    if first.do is not None:
        step = _item(verdict, first.do, words)
        screen.indented(say("firm.do-first", step=step))
    if first.ask is not None:
        question = named(verdict, "question", first.ask.question, words)
        screen.indented(say("firm.ask-first", question=question))
    for code, slugs in (("stale", verdict.stale), ("undated", verdict.undated)):
        if slugs:
            listed = _cut((_item(verdict, one, words) for one in slugs), words)
            screen.indented(say(f"firm.{code}", items=listed))


def _checklist(
    verdict: readiness.ReadinessVerdict,
    score: readiness.ChecklistScore,
    words: Words,
) -> tuple[str, ...]:
    say = words.screen.say
    lacking = [_item(verdict, slug, words) for slug in score.gaps]
    if score.questions:
        lacking.append(say("firm.not-answered", count=len(score.questions)))
    name = named(verdict, score.kind.words, score.id, words)
    return name, _span(score.score), say("review.semicolon").join(lacking)


def _item(verdict: readiness.ReadinessVerdict, slug: str, words: Words) -> str:
    """Name a line as its fact is called; an own one without a label, by its slug."""
    fact, own = slug.replace("-", "_"), verdict.evidence.labels()
    found = wording.label("fact", fact, words.locale, own=own)
    return plain(slug if found == fact else found)


def _span(share: Interval) -> str:
    if share.is_exact:
        return percent(share.low)
    return f"{percent(share.low)}–{percent(share.high)}"


def _lines(firm: book.FirmView, names: dict[str, str], words: Words) -> Iterator[str]:
    yield from _promises(firm, names, words)
    yield from _pairing(firm, names, words)
    yield from _penetration(firm, words)
    for one in () if firm.targets is None else firm.targets.rows:
        yield target_line(one, words)
    say = words.screen.say
    if firm.coverage is not None and firm.coverage.short:
        listed = _listed(firm.coverage.short, names.get, words)
        yield say("firm.too-far", names=listed)
    if firm.planned is not None and firm.planned.customers:
        listed = _listed(firm.planned.customers, names.get, words)
        yield say("firm.no-plan", count=len(firm.planned.customers), names=listed)
    if firm.silent:
        listed = _listed([one.id for one in firm.silent], names.get, words)
        yield say("firm.silent", count=len(firm.silent), names=listed)


def _listed(
    ids: Iterable[str], name_of: Callable[[str], str | None], words: Words
) -> str:
    return _cut((name_of(one) or plain(one) for one in ids), words)


def _cut(names: Iterable[str], words: Words) -> str:
    """List the first names, and say how many more there are."""
    found = list(names)
    listed = words.listed(found[:_MOST_NAMES])
    more = len(found) - _MOST_NAMES
    if more > 0:
        listed = f"{listed} {words.screen.say('review.more', count=more)}"
    return listed


def _promises(
    firm: book.FirmView, names: dict[str, str], words: Words
) -> Iterator[str]:
    """Yield who has promised more than there is room for, and what nobody gives."""
    if firm.capacity is None:
        return
    say = words.screen.say
    for load in firm.capacity.short:
        yield say(
            "firm.too-much",
            owner=shortened(load.owner or ""),
            kind=words.label("obligation-kind", load.kind.value),
            owed=load.owed,
            room=load.room or 0,
            names=_listed(load.customers, names.get, words),
        )
    for load in firm.capacity.unowned:
        yield say(
            "firm.nobody-gives",
            kind=words.label("obligation-kind", load.kind.value),
            owed=load.owed,
            names=_listed(load.customers, names.get, words),
        )


def _pairing(firm: book.FirmView, names: dict[str, str], words: Words) -> Iterator[str]:
    """Yield what is wrong with who stands for whom, and who could."""
    if firm.pairing is None:
        return
    say = words.screen.say

    def person(slug: str) -> str:
        return shortened(firm.executives.get(slug, slug))

    def customer(slug: str) -> str:
        return names.get(slug) or shortened(slug)

    for warning in firm.pairing.warnings:
        if warning.fires is not Tri.YES:
            continue
        told = [person(one) for one in warning.executives]
        if warning.customer_id is not None:
            told.insert(0, customer(warning.customer_id))
        remark = named(firm.pairing, "pairing-warning", warning.code, words)
        yield say("deals.person", name=words.listed(told), remark=remark)
    for proposal in firm.pairing.proposals:
        whom = customer(proposal.customer_id)
        if proposal.executive_id is None:
            yield say("firm.no-room", customer=whom)
        else:
            who = person(proposal.executive_id)
            yield say("firm.propose", customer=whom, who=who)


def _penetration(firm: book.FirmView, words: Words) -> Iterator[str]:
    for one in firm.penetration:
        before, after = (
            "?" if share is None else _span(share)
            for share in (one.share_before, one.share_after)
        )
        industry = shortened(one.industry)
        yield words.screen.say(
            "firm.penetration", industry=industry, before=before, after=after
        )
