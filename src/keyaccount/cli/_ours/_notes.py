"""What is wrong on our side of one customer, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from keyaccount import book, wording
from keyaccount.book import OurView
from keyaccount.cli._text import briefly, percent, shortened
from keyaccount.cli._words import Words
from keyaccount.domain import CommChannel
from keyaccount.models import communication, engagement, plans
from keyaccount.rules import Missing
from keyaccount.tri import Tri

from ._names import Judged, days_late, named, since


__all__ = ["Recorded", "remarks", "target_line"]


_MOST = 6
_MOST_WHYS = 2
_NO_WEAK_POINTS = "no-weak-points"


@attrs.frozen
class Recorded:
    """What anybody of ours writes down at all, of whichever customer.

    `channels` are those of which a contact is on record: where there is none of
    anybody, nobody knows whether there were talks. The same goes for `owners`.
    """

    channels: frozenset[CommChannel]
    owners: bool


def remarks(sheet: book.Sheet, recorded: Recorded, words: Words) -> str:
    """Say what is wrong, what we know that may help, and what to ask first."""
    if sheet.ours == OurView():
        return ""
    notes = list(_notes(sheet, recorded, words))
    shown, more = notes[:_MOST], len(notes) - _MOST
    if more > 0:
        shown.append(words.screen.say("review.more", count=more))
    for hit in sheet.ours.similar[:1]:
        text = shortened(hit.item.text)
        shown.append(words.screen.say("ours.similar", text=text))
    asked = _question(sheet.ours)
    if asked is not None:
        verdict, gap = asked
        question = named(verdict, "question", gap.question, words)
        shown.append(words.screen.say("ours.ask", question=question))
    return words.screen.say("review.semicolon").join(shown)


def _notes(sheet: book.Sheet, recorded: Recorded, words: Words) -> Iterator[str]:
    ours = sheet.ours
    if sheet.customer.owner is None and recorded.owners:
        yield words.screen.say("ours.no-owner")
    yield from _executives(ours, words)
    yield from _promises(sheet, words)
    yield from _talks(ours, recorded, words)
    yield from _issues(sheet, words)
    yield from _projects(sheet, words)
    yield from _plans(ours, words)
    yield from _selling(ours, words)
    yield from _targets(ours, words)
    yield from _half_written(ours, words)


def _executives(ours: OurView, words: Words) -> Iterator[str]:
    verdict = ours.engagement
    if verdict is None:
        return
    if verdict.value is engagement.Engagement.RARE:
        yield words.screen.say("ours.rarely-met")
    if verdict.patterns:
        found = (
            named(verdict, "executive-anti-pattern", one.value, words)
            for one in verdict.patterns
        )
        yield words.screen.say("ours.patterns", patterns=words.listed(found))
    for flag in verdict.flags:
        yield named(verdict, "flag", flag, words)


def _promises(sheet: book.Sheet, words: Words) -> Iterator[str]:
    """Yield the promise that has been broken longest, and what its class is owed."""
    say = words.screen.say
    late = [one for one in sheet.ours.due_commitments if one.days_late]
    if late:
        worst = max(late, key=lambda one: (one.days_late, one.id))
        how_late = days_late(worst.days_late, words)
        yield say("ours.promise-late", text=shortened(worst.text), late=how_late)
        if len(late) > 1:
            yield say("ours.promises-late", count=len(late))
    owed = [one for one in sheet.ours.obligations if one.days_late(sheet.as_of)]
    if owed:
        worst_owed = max(owed, key=lambda one: one.days_late(sheet.as_of))
        kind = words.label("obligation-kind", worst_owed.kind.value)
        how_late = days_late(worst_owed.days_late(sheet.as_of), words)
        yield say("ours.owed-late", kind=kind, late=how_late)


def _talks(ours: OurView, recorded: Recorded, words: Words) -> Iterator[str]:
    """Yield the talk that has waited longest, then those that never were."""
    verdict = ours.communication
    if verdict is None:
        return
    gaps = [one for one in verdict.talks if one.purpose in verdict.gaps]
    held = [one for one in gaps if one.last]
    if held:
        longest = max(held, key=lambda one: (one.days_late, one.purpose.value))
        purpose = named(verdict, "comm-purpose", longest.purpose.value, words)
        late = days_late(longest.days_late, words)
        yield words.screen.say("ours.talk-late", purpose=purpose, late=late)
    never = [one for one in gaps if not one.last and one.channel in recorded.channels]
    for day in sorted({one.unsaid for one in never if one.unsaid is not None}):
        told, own = {"day": day.isoformat()}, verdict.evidence.labels()
        yield wording.say("talk-unsaid", told, words.locale, own=own)
    never = [one for one in never if one.unsaid is None]
    if never:
        purposes = words.listed(_purposes(verdict, never, words))
        yield words.screen.say("ours.talk-never", purposes=purposes)


def _purposes(
    verdict: communication.CommunicationVerdict,
    talks: list[communication.Talk],
    words: Words,
) -> Iterator[str]:
    """Name talks by what they are for; both of a channel by the channel."""
    for channel in CommChannel:
        found = [one.purpose.value for one in talks if one.channel is channel]
        if len(found) > 1:
            yield named(verdict, "comm-channel", channel.value, words)
        else:
            yield from (named(verdict, "comm-purpose", one, words) for one in found)


def _issues(sheet: book.Sheet, words: Words) -> Iterator[str]:
    found, say = sheet.ours.issues, words.screen.say
    if found is None:
        return
    if found.total.oldest_days is not None:
        yield say("ours.issue-open", day=since(sheet.as_of, found.total.oldest_days))
    if found.unowned:
        yield say("ours.issue-unowned", count=len(found.unowned))


_ALL_IS_WELL = frozenset({plans.ProjectStatus.DONE, plans.ProjectStatus.ON_TRACK})
_TOLD = frozenset(
    {
        plans.ProjectFindingKind.NO_OWNER,
        plans.ProjectFindingKind.UNATTACKED_POINT,
    }
)


def _projects(sheet: book.Sheet, words: Words) -> Iterator[str]:
    """Yield the projects that are not on track, and what of them nobody sees to."""
    names = {one.id: one.objective for one in sheet.account.ours.projects}
    for project in sheet.ours.projects:
        if project.value in _ALL_IS_WELL:
            continue
        status = words.either_of("project-status", project.possible)
        name = shortened(names[project.project])
        said = words.screen.say("ours.project", name=name, status=status)
        whys = _whys(project, words)
        if whys:
            why = words.screen.say("review.semicolon").join(whys)
            yield words.screen.say("ours.project-why", project=said, why=why)
        else:
            yield said


def _whys(project: plans.ProjectVerdict, words: Words) -> list[str]:
    """Say what puts a project at risk: first what nobody sees to, then what is late."""
    found = [one for one in project.findings if one.holds is Tri.YES]
    if not found:
        flags = (flag for flag in project.flags if flag == _NO_WEAK_POINTS)
        return [named(project, "flag", flag, words) for flag in flags]
    told = sorted(found, key=lambda one: one.kind not in _TOLD)
    return [briefly(one.say(words.locale)) for one in told[:_MOST_WHYS]]


def _plans(ours: OurView, words: Words) -> Iterator[str]:
    """Yield what the plan lacks; where none is in force, only that."""
    verdict = ours.plan
    if verdict is None:
        return
    gaps = [one.value for one in verdict.gaps]
    shown = [one for one in gaps if one == _NO_PLAN] or gaps
    yield from (named(verdict, "plan-gap-kind", one, words) for one in shown)


_NO_PLAN = "no-plan-in-force"


def _selling(ours: OurView, words: Words) -> Iterator[str]:
    verdict = ours.motion
    if verdict is not None and verdict.shifts:
        shifts = words.listed(
            named(verdict, "sales-shift", one.value, words) for one in verdict.shifts
        )
        yield words.screen.say("ours.shifts", shifts=shifts)


def _targets(ours: OurView, words: Words) -> Iterator[str]:
    """Yield the targets of this customer that are sure not to be on pace."""
    for one in () if ours.targets is None else ours.targets.rows:
        if one.value in {plans.TargetStanding.BEHIND, plans.TargetStanding.MISSED}:
            yield target_line(one, words)


def target_line(one: plans.AttainmentVerdict, words: Words) -> str:
    """Say how much of a target is reached, and how that stands."""
    target, say = one.target, words.screen.say
    kind = words.label("target-kind", target.kind.value)
    year = f"{target.year}"
    if target.month is None:
        when = say("firm.in-year", year=year)
    else:
        when = say("firm.in-month", year=year, month=f"{target.month}")
    if one.attainment is None:
        return say("firm.target-open", kind=kind, when=when)
    standing = words.either_of("target-standing", one.possible)
    share = percent(one.attainment)
    return say("firm.target", kind=kind, when=when, share=share, standing=standing)


def _half_written(ours: OurView, words: Words) -> Iterator[str]:
    """Yield the templates that somebody has begun and nobody has finished."""
    begun = [
        words.screen.say(
            "ours.tool",
            tool=words.screen.say(f"ours.{name}"),
            share=percent(verdict.completeness),
        )
        for name, verdict in (
            ("positioning", ours.positioning),
            ("propositions", ours.propositions),
            ("action-map", ours.action_map),
        )
        if verdict is not None and verdict.value is Tri.NO and verdict.completeness
    ]
    if begun:
        yield words.screen.say("ours.half-written", tools=words.listed(begun))


def _question(ours: OurView) -> tuple[Judged, Missing] | None:
    """Return the question to ask first of all that is open, and who asks it."""
    verdicts: tuple[Judged | None, ...] = (
        ours.engagement,
        ours.motion,
        ours.communication,
        *ours.projects,
        ours.plan,
    )
    for verdict in verdicts:
        if verdict is not None and not verdict.is_settled and verdict.missing:
            return verdict, verdict.missing[0]
    return None
