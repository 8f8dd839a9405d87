"""The issues that are open on a day, and how long they have waited (S2-17, S0-26)."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount import wire
from keyaccount.domain import RootCause
from keyaccount.rules import Interval, Verdict
from keyaccount.tri import Tri

from ._opinions import IssueAge


__all__ = ["CauseCount", "IssueFigures", "IssueVerdict", "OpenIssue"]


@attrs.frozen
class OpenIssue:
    """An issue that is open on a day, or may be, and how long it has waited.

    `is_open` is UNKNOWN where nobody has said whether it is resolved. `possible` is
    how old it may count as; `age` is None where that hangs on whether it is internal.
    """

    id: str
    customer_id: str
    opened_on: dt.date
    days: int
    is_open: Tri
    internal: Tri
    age: IssueAge | None
    possible: tuple[IssueAge, ...]
    owner: str | None = None
    root_cause: RootCause | None = None


@attrs.frozen
class IssueFigures:
    """How many issues are open, and for how long.

    `count` lies between those that surely are and those that may be. `oldest_days`
    and `median_days` are of those that surely are, `oldest_days_perhaps` of all that
    may be; None where there are none.
    """

    count: Interval
    oldest_days: int | None = None
    median_days: float | None = None
    oldest_days_perhaps: int | None = None


@attrs.frozen
class CauseCount:
    """How many of the open issues came from where; None is not known (S2-17)."""

    cause: RootCause | None
    count: int


@attrs.frozen(repr=False)
class IssueVerdict(wire.Plain, Verdict[IssueAge]):
    """How long the issues that are open on a day have waited, the oldest first.

    `value` is the age of the oldest. `internal` are the figures of those that are
    among ourselves (S0-26). `unowned` are the ids of those that nobody is to solve,
    `causes` where they came from, the most frequent first; both count those too of
    which nobody has said whether they are resolved.
    """

    issues: tuple[OpenIssue, ...]
    total: IssueFigures
    internal: IssueFigures
    unowned: tuple[str, ...]
    causes: tuple[CauseCount, ...]

    def _extras(self) -> tuple[str, ...]:
        return f"{_span(self.total.count)} open", f"{len(self.unowned)} unowned"


def _span(count: Interval) -> str:
    low, high = f"{count.low:g}", f"{count.high:g}"
    return low if low == high else f"{low} to {high}"
