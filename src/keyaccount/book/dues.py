"""What is due on one customer's sheet: every source, each thing as an item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from keyaccount.domain import CommChannel, Customer, TierRecord
from keyaccount.models import tiering
from keyaccount.rules import Label, Policy, Reason, days_later

from .deals import DealSheet
from .items import Item, item_of
from .policies import Policies
from .sheet import Sheet


__all__ = ["deal_dues", "dues", "review_due"]


def dues(
    sheet: Sheet, *, policies: Policies, channels: frozenset[CommChannel]
) -> Iterator[Item]:
    """Yield everything that is due for one customer, from every source there is.

    A talk that never was is due only on channels where anybody of ours writes
    contacts down: where nobody does, it may well have been.
    """
    for deal in sheet.deals:
        yield from deal_dues(deal)
    yield from _talks(sheet, policies, channels)
    yield from _commitments(sheet)
    yield from _visits(sheet, policies)
    yield from _obligations(sheet)
    yield from _projects(sheet)
    yield from _actions(sheet)
    yield from _plans(sheet)


def deal_dues(deal: DealSheet) -> Iterator[Item]:
    """Yield what is due on one deal."""
    for task in deal.tasks:
        yield item_of(task, opportunity=deal.opportunity, customer=deal.customer)


def review_due(customer: Customer, record: TierRecord, *, policies: Policies) -> Item:
    """Return the next review of a customer's class: before the last one is stale."""
    rules = policies.tiering or tiering.default_policy()
    days = int(rules.number("stale_review"))
    return Item(
        "review",
        "tier-review",
        days_later(record.reviewed_on, days),
        Reason("agenda.tier-review", (("day", record.reviewed_on.isoformat()),)),
        customer.owner,
        customer.id,
        customer.name,
    )


def _item(  # noqa: PLR0913, PLR0917 - the parts of an item that differ
    sheet: Sheet,
    source: str,
    code: str,
    due_on: dt.date,
    what: Reason,
    owner: str | None,
) -> Item:
    customer = sheet.customer
    return Item(source, code, due_on, what, owner, customer.id, customer.name)


def _labels(policy: Policy | None, *tables: str) -> tuple[Label, ...]:
    """Return a policy's own words for what an item names; the shipped has none."""
    own = () if policy is None else policy.labels
    return tuple(one for one in own if one.address.split(".")[0] in tables)


def _talks(
    sheet: Sheet, policies: Policies, channels: frozenset[CommChannel]
) -> Iterator[Item]:
    """Yield the talks that are due; where neither of a channel ever was, one for both.

    A contact of which nobody has said what it was for makes no talk that never was.
    """
    found = sheet.ours.communication
    labels = _labels(policies.communication, "sentence", "comm-purpose", "comm-channel")
    if found is None:
        return
    for channel in CommChannel:
        talks = [one for one in found.talks if one.channel is channel]
        never = [one for one in talks if one.anchor is None]
        if never and channel not in channels:
            continue
        is_silent = len(never) > 1 and not any(one.unsaid for one in never)
        if is_silent:
            data = (("criterion", channel.value), ("card", "comm-channel"))
            what = Reason("agenda.no-talk", data)
            yield _talk(sheet, channel.value, sheet.as_of, what, labels)
        for talk in () if is_silent else talks:
            what = attrs.evolve(talk.what, because=())
            yield _talk(sheet, talk.purpose.value, talk.due_on, what, labels)


def _talk(
    sheet: Sheet,
    code: str,
    due_on: dt.date,
    what: Reason,
    labels: tuple[Label, ...],
) -> Item:
    item = _item(sheet, "contact", code, due_on, what, sheet.customer.owner)
    return attrs.evolve(item, labels=labels)


def _commitments(sheet: Sheet) -> Iterator[Item]:
    for one in sheet.ours.due_commitments:
        code = "agenda.promise" if one.due else "agenda.promise-undated"
        what = Reason(code, (("text", one.text),))
        due_on = one.due or sheet.as_of
        yield _item(sheet, "commitment", one.id, due_on, what, one.owner)


def _visits(sheet: Sheet, policies: Policies) -> Iterator[Item]:
    """Yield the visits of our executives that lie ahead and are not ready yet."""
    labels = _labels(policies.engagement, "engagement-action")
    for visit in sheet.ours.visits:
        if visit.first is None:
            continue
        step = (("row", visit.first), ("table", "engagement-action"))
        owner, what = sheet.customer.owner, Reason("agenda.visit", step)
        item = _item(sheet, "visit", visit.first, visit.on, what, owner)
        yield attrs.evolve(item, labels=labels)


def _obligations(sheet: Sheet) -> Iterator[Item]:
    """Yield what is owed, on the day after which it is surely late."""
    for owed in sheet.ours.obligations:
        code = owed.kind.value if owed.issue_id is None else owed.issue_id
        what = attrs.evolve(owed.why, because=())
        if owed.due_on != owed.latest:
            kind = (("row", owed.kind.value), ("table", "obligation-kind"))
            day = ("day", owed.due_on.isoformat())
            what = Reason("agenda.owed-perhaps", (*kind, day))
        item = _item(sheet, "obligation", code, owed.latest, what, owed.owner)
        yield attrs.evolve(item, labels=owed.labels)


def _projects(sheet: Sheet) -> Iterator[Item]:
    names = {one.id: one.objective for one in sheet.account.ours.projects}
    for project in sheet.ours.projects:
        for task in project.due:
            code = "agenda.project-task" if task.is_sure else "agenda.project-unsure"
            data = (("text", task.text), ("name", names[project.project]))
            slug, owner = f"{project.project}/{task.task}", task.owner
            yield _item(sheet, "project", slug, task.due_on, Reason(code, data), owner)


def _actions(sheet: Sheet) -> Iterator[Item]:
    found = sheet.ours.action_map
    names = {one.id: one.name for one in sheet.account.people}
    for one in () if found is None else found.due:
        person = names.get(one.stakeholder_id or "") or one.stakeholder_id
        data = (("text", one.action or one.id), ("name", person or "?"))
        code = "agenda.action" if person else "agenda.action-for-nobody"
        yield _item(sheet, "action", one.id, one.due_on, Reason(code, data), one.owner)


def _plans(sheet: Sheet) -> Iterator[Item]:
    found = sheet.ours.plan
    for one in () if found is None else found.reviews:
        phase = (("row", one.phase.value), ("table", "account-phase"))
        what = Reason("agenda.plan-review", phase)
        yield _item(sheet, "plan", one.phase.value, one.due_on, what, one.owner)
