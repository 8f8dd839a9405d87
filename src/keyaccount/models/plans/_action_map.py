"""The customer action map: for whom, what, who, by when (S2-22)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wording
from keyaccount.domain import CustomerAction
from keyaccount.exceptions import Problems
from keyaccount.rules import Evidence, Reason
from keyaccount.tri import Tri

from ._given import texts
from ._opinions import TemplateField as Field
from ._policy import PlansPolicy
from ._toolkit import TemplateVerdict, line_of, listed_of, verdict_of


__all__ = ["ActionDue", "ActionMapVerdict", "action_map"]


@attrs.frozen
class ActionDue:
    """An action that is still to do, for the calendar.

    An action without a day of its own is due now, and `is_dated` is False. `is_sure`
    is False where nobody has told whether it is done.
    """

    id: str
    stakeholder_id: str | None
    action: str | None
    owner: str | None
    due_on: dt.date
    days_late: int
    is_dated: bool
    is_sure: bool


@attrs.frozen(repr=False)
class ActionMapVerdict(TemplateVerdict):
    """Whether the action map is filled in, for whom there is nothing, what is due.

    `without_action` are the people for whom surely nothing is left to do; None where
    nobody told whom we know. `strangers` are people on the map whom nobody knows.
    `due` is what is still to do, the earliest first.
    """

    without_action: tuple[str, ...] | None
    strangers: tuple[str, ...]
    due: tuple[ActionDue, ...]


def action_map(
    actions: Iterable[CustomerAction],
    *,
    as_of: dt.date,
    people: Iterable[str] | None = None,
    policy: PlansPolicy | None = None,
) -> ActionMapVerdict:
    """Tell whether the action map is filled in, for whom nothing is planned (S2-22).

    An action that is done is no longer planned; of one that may be done it is not
    known. On the day it is due it is not late.

    Args:
        actions: The lines of the map.
        as_of: The day of the question.
        people: Ids of those whom we know at the customer; None if nobody told.
        policy: The rows to judge by.

    Raises:
        InvalidValueError: something is of another kind, or an id stands twice.
    """
    problems = Problems()
    problems.is_day("as_of", as_of)
    known = None
    if people is not None:
        known = texts(problems, "people", people, "ids of people")
    problems.check("action_map")
    listed = listed_of("actions", actions, CustomerAction)
    lines = tuple(
        line_of(
            one.id,
            (Field.STAKEHOLDER, one.stakeholder_id),
            (Field.ACTION, one.action),
            (Field.OWNER, one.owner),
            (Field.DUE, one.due),
        )
        for one in listed
    )
    on_map = {one.stakeholder_id for one in listed if one.stakeholder_id is not None}
    left = {one.stakeholder_id for one in listed if one.done is Tri.NO}
    unsure = {one.stakeholder_id for one in listed if one.done is Tri.UNKNOWN}
    without = None if known is None else tuple(sorted(known - left - unsure))
    is_counted = known is not None and not (known & unsure) - left
    strangers = () if known is None else tuple(sorted(on_map - known))
    due = _due(listed, as_of)
    whole = verdict_of(lines, policy, len(without or ()) if is_counted else None)
    return ActionMapVerdict(
        value=whole.value,
        possible=whole.possible,
        missing=whole.missing,
        flags=("unknown-people",) if strangers else (),
        policy=whole.policy,
        as_of=as_of,
        completeness=whole.completeness,
        lines=lines,
        without_action=without,
        strangers=strangers,
        due=due,
        evidence=MapEvidence(whole.evidence, without or (), strangers, due),
    )


def _due(actions: Iterable[CustomerAction], as_of: dt.date) -> tuple[ActionDue, ...]:
    found = [
        ActionDue(
            id=one.id,
            stakeholder_id=one.stakeholder_id,
            action=one.action,
            owner=one.owner,
            due_on=one.due or as_of,
            days_late=0 if one.due is None else max(0, (as_of - one.due).days),
            is_dated=one.due is not None,
            is_sure=one.done is Tri.NO,
        )
        for one in actions
        if one.done is not Tri.YES
    ]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.id)))


@attrs.frozen
class MapEvidence:
    """What a verdict on the action map keeps to explain itself."""

    lines: Evidence
    without_action: tuple[str, ...]
    strangers: tuple[str, ...]
    due: tuple[ActionDue, ...]

    def reason(self) -> Reason:
        """Say what each line lacks, for whom nothing is planned, and what is late."""
        found = self.lines.reason()
        late = [one for one in self.due if one.days_late]
        sure = tuple(_late(one) for one in late if one.is_sure)
        unsure = tuple(_late(one) for one in late if not one.is_sure)
        parts = [
            *(Reason("map-without", (("name", one),)) for one in self.without_action),
            *(Reason("map-stranger", (("name", one),)) for one in self.strangers),
            *sure,
        ]
        if unsure:
            parts.append(Reason("found-perhaps", (), unsure))
        return attrs.evolve(found, because=(*found.because, *parts))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.lines.labels()


def _late(one: ActionDue) -> Reason:
    data: tuple[tuple[str, float | str], ...] = (
        ("name", wording.plain(one.action or one.id)),
        ("due", one.due_on.isoformat()),
        ("count", float(one.days_late)),
    )
    return Reason("action-late", data)
