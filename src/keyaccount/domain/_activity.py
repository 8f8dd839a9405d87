"""What happened between us and a customer: contacts, promises, troubles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from keyaccount.tri import Tri

from ._checks import Checks, answer_by
from ._conversions import gathered, identifier_of
from ._vocabulary import (
    CommChannel,
    CommPurpose,
    ExecutiveResponse,
    ExecutiveStyle,
    RootCause,
    TouchpointKind,
)


__all__ = ["Commitment", "Issue", "Touchpoint"]


def _names(names: Iterable[str]) -> frozenset[str]:
    return gathered(names)


@attrs.frozen
class Touchpoint:
    """One contact about a customer, past or planned (S0-27 to S0-33, S2-15 to S2-17).

    A talk within our team or between departments counts too: that is its `channel`.
    `our_people` and `stakeholder_ids` name who took part, as far as known;
    `executive` says whether one of our executives did.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    on: dt.date
    channel: CommChannel = CommChannel.CUSTOMER
    purpose: CommPurpose | None = None
    kind: TouchpointKind | None = None
    our_people: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    stakeholder_ids: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    executive: Tri = Tri.UNKNOWN
    planned: Tri = Tri.UNKNOWN
    prepared: Tri = Tri.UNKNOWN
    sales_team_notified: Tri = Tri.UNKNOWN
    pre_brief: Tri = Tri.UNKNOWN
    style: ExecutiveStyle | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        checks.day("on", self.on)
        through = checks.choice("channel", self.channel, CommChannel)
        wanted = checks.choice("purpose", self.purpose, CommPurpose, optional=True)
        if (
            through
            and wanted
            and self.purpose is not None
            and self.purpose.channel is not self.channel
        ):
            remedy = f"it belongs to the channel {self.purpose.channel.value!r}"
            checks.add("purpose", "contradiction", self.purpose.value, remedy)
        checks.choice("kind", self.kind, TouchpointKind, optional=True)
        checks.identifiers("our_people", self.our_people)
        checks.identifiers("stakeholder_ids", self.stakeholder_ids)
        for name in ("executive", "planned", "prepared", "sales_team_notified"):
            checks.tri(name, getattr(self, name))
        checks.tri("pre_brief", self.pre_brief)
        checks.choice("style", self.style, ExecutiveStyle, optional=True)
        checks.text("note", self.note, optional=True)
        checks.check("Touchpoint")


@attrs.frozen
class Commitment:
    """Something we promised a customer (S0-28).

    `by` is who made it, `owner` who must keep it. `feasibility_confirmed` says whether
    anybody has made sure that we can. A day of fulfilment makes it fulfilled.
    """

    id: str = attrs.field(converter=identifier_of)
    customer_id: str = attrs.field(converter=identifier_of)
    text: str
    made_on: dt.date
    due: dt.date | None = None
    by: str | None = None
    feasibility_confirmed: Tri = Tri.UNKNOWN
    fulfilled: Tri = Tri.UNKNOWN
    fulfilled_on: dt.date | None = None
    owner: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.identifier("customer_id", self.customer_id)
        checks.text("text", self.text)
        made = checks.day("made_on", self.made_on)
        due = checks.day("due", self.due, optional=True)
        if made and due:
            _check_order(checks, "due", self.due, self.made_on)
        checks.text("by", self.by, optional=True)
        checks.text("owner", self.owner, optional=True)
        checks.tri("feasibility_confirmed", self.feasibility_confirmed)
        answered = checks.tri("fulfilled", self.fulfilled)
        if checks.day("fulfilled_on", self.fulfilled_on, optional=True):
            if made:
                _check_order(checks, "fulfilled_on", self.fulfilled_on, self.made_on)
            if answered:
                _check_settled(checks, "fulfilled", self.fulfilled)
        checks.check("Commitment")

    def fulfilled_by(self, day: dt.date) -> Tri:
        """Whether it was kept by a day, that day included."""
        return answer_by(day, self.fulfilled, self.fulfilled_on)


@attrs.frozen
class Issue:
    """Something that went wrong for a customer, and what was done (S0-29, S2-17).

    `responded` says whether the customer has had a first answer from us (S3-18); the
    issue need not be resolved by it.
    """

    id: str = attrs.field(converter=identifier_of)
    customer_id: str = attrs.field(converter=identifier_of)
    text: str
    opened_on: dt.date
    owner: str | None = None
    internal: Tri = Tri.UNKNOWN
    root_cause: RootCause | None = None
    executive_response: ExecutiveResponse | None = None
    cross_department_action: Tri = Tri.UNKNOWN
    resolved: Tri = Tri.UNKNOWN
    resolved_on: dt.date | None = None
    responded: Tri = Tri.UNKNOWN
    responded_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.identifier("customer_id", self.customer_id)
        checks.text("text", self.text)
        opened = checks.day("opened_on", self.opened_on)
        checks.text("owner", self.owner, optional=True)
        checks.tri("internal", self.internal)
        checks.choice("root_cause", self.root_cause, RootCause, optional=True)
        checks.choice(
            "executive_response",
            self.executive_response,
            ExecutiveResponse,
            optional=True,
        )
        checks.tri("cross_department_action", self.cross_department_action)
        answered = checks.tri("resolved", self.resolved)
        if checks.day("resolved_on", self.resolved_on, optional=True):
            if opened:
                _check_order(checks, "resolved_on", self.resolved_on, self.opened_on)
            if answered:
                _check_settled(checks, "resolved", self.resolved)
        heard = checks.tri("responded", self.responded)
        if checks.day("responded_on", self.responded_on, optional=True):
            if opened:
                _check_order(checks, "responded_on", self.responded_on, self.opened_on)
            if heard:
                _check_settled(checks, "responded", self.responded)
        checks.check("Issue")

    def resolved_by(self, day: dt.date) -> Tri:
        """Whether it was resolved by a day, that day included."""
        return answer_by(day, self.resolved, self.resolved_on)

    def responded_by(self, day: dt.date) -> Tri:
        """Whether the customer had a first answer by a day, that day included."""
        return answer_by(day, self.responded, self.responded_on)


def _check_order(
    checks: Checks, path: str, later: dt.date | None, earlier: dt.date
) -> None:
    if later is not None and later < earlier:
        checks.add(path, "not-sorted", str(later), f"on or after {earlier}")


def _check_settled(checks: Checks, path: str, answer: Tri) -> None:
    if answer is not Tri.YES:
        wanted = "there is a day for it: say yes, or take the day away"
        checks.add(path, "contradiction", answer.value, wanted)
