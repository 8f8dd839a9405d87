"""Our own side of one customer, for machines: slugs, dates and numbers."""

from __future__ import annotations

import datetime as dt

from keyaccount import book
from keyaccount.cli._lens._marks import answered
from keyaccount.models import engagement, plans
from keyaccount.tri import Tri


__all__ = ["ours_slugs", "target_slugs"]


def ours_slugs(sheet: book.Sheet) -> dict[str, object]:
    """Return what a machine wants to know of our own side of one customer."""
    ours = sheet.ours
    return {
        "motion": _motion(ours),
        "engagement": None if ours.engagement is None else _engaged(ours.engagement),
        "visits": [
            {
                "on": one.on.isoformat(),
                "ready": answered(one.value).value,
                "to_do": list(one.to_do),
            }
            for one in ours.visits
        ],
        "promises": [
            {
                "id": one.id,
                "text": one.text,
                "due": _day(one.due),
                "days_late": one.days_late,
                "owner": one.owner,
                "feasible": one.feasible.value,
            }
            for one in ours.due_commitments
        ],
        "communication": _communication(ours),
        "issues": _issues(ours),
        "plan": _plan(ours),
        "projects": _projects(ours),
        "tools": {
            name: None if verdict is None else verdict.completeness
            for name, verdict in (
                ("positioning", ours.positioning),
                ("propositions", ours.propositions),
                ("action_map", ours.action_map),
            )
        },
        "targets": target_slugs(ours.targets),
        "obligations": [
            {
                "kind": one.kind.value,
                "due_on": one.due_on.isoformat(),
                "latest": one.latest.isoformat(),
                "owner": one.owner,
                "overdue": one.is_overdue(sheet.as_of).value,
            }
            for one in ours.obligations
        ],
        "similar": [one.item.id for one in ours.similar],
        "unread": [str(error) for error in ours.unread],
    }


def target_slugs(found: plans.Attainment | None) -> list[dict[str, object]]:
    """Return what a machine wants to know of targets."""
    return [
        {
            "kind": one.target.kind.value,
            "year": one.target.year,
            "month": one.target.month,
            "attainment": one.attainment,
            "possible": [standing.value for standing in one.possible],
        }
        for one in (() if found is None else found.rows)
    ]


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _motion(ours: book.OurView) -> dict[str, object] | None:
    found = ours.motion
    if found is None:
        return None
    return {
        "right": answered(found.value).value,
        "shifts": [one.value for one in found.shifts],
        "undecided": [one.value for one in found.undecided],
        "missing": [gap.fact for gap in found.missing],
    }


def _engaged(found: engagement.EngagementVerdict) -> dict[str, object]:
    return {
        "possible": [one.value for one in found.possible],
        "patterns": [one.value for one in found.patterns],
        "perhaps": [one.value for one in found.possible_patterns],
        "last_contact": _day(found.last_contact),
        "next_contact": _day(found.next_contact),
        "missing": [gap.fact for gap in found.missing],
        "flags": list(found.flags),
    }


def _communication(ours: book.OurView) -> dict[str, object] | None:
    found = ours.communication
    if found is None:
        return None
    return {
        "possible": [one.value for one in found.possible],
        "gaps": [one.value for one in found.gaps],
        "perhaps": [one.value for one in found.maybe_gaps],
        "last_contact": _day(found.last_contact),
    }


def _issues(ours: book.OurView) -> dict[str, object] | None:
    found = ours.issues
    if found is None:
        return None
    return {
        "open": [found.total.count.low, found.total.count.high],
        "oldest_days": found.total.oldest_days,
        "internal_oldest_days": found.internal.oldest_days,
        "unowned": list(found.unowned),
    }


def _plan(ours: book.OurView) -> dict[str, object] | None:
    found = ours.plan
    if found is None:
        return None
    return {
        "in_order": answered(found.value).value,
        "phases": [one.value for one in found.covered],
        "gaps": [one.value for one in found.gaps],
    }


def _projects(ours: book.OurView) -> list[dict[str, object]]:
    return [
        {
            "project": one.project,
            "possible": [status.value for status in one.possible],
            "findings": [
                finding.kind.value
                for finding in one.findings
                if finding.holds is Tri.YES
            ],
        }
        for one in ours.projects
    ]
