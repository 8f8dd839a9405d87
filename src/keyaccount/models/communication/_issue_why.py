"""Why the open issues count as old: issue by issue, with the rule that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from keyaccount.rules import Reason, explain_rows
from keyaccount.tri import Tri, negate

from ._facts import ISSUE_FACTS
from ._issue_verdict import CauseCount, IssueFigures, OpenIssue
from ._opinions import IssueAge
from ._policy import CommunicationPolicy


__all__ = ["IssueEvidence"]


Data = tuple[tuple[str, float | str], ...]


@attrs.frozen
class IssueEvidence:
    """What an ageing of issues keeps to explain itself; of an issue its id at most."""

    policy: CommunicationPolicy
    issues: tuple[OpenIssue, ...]
    possible: tuple[IssueAge, ...]
    internal: IssueFigures
    causes: tuple[CauseCount, ...]
    as_of: dt.date

    def reason(self) -> Reason:
        """Say how many are open and how old, one by one, and where they came from."""
        day: Data = (("day", self.as_of.isoformat()),)
        if not self.issues:
            return Reason("issues-none", day)
        sure = sum(one.is_open is Tri.YES for one in self.issues)
        data: Data = (
            *day,
            ("sure", float(sure)),
            ("count", float(len(self.issues))),
            ("outcome", self.possible[0].value),
            ("best", self.possible[-1].value),
            ("answers", "issue-age"),
        )
        is_settled = len(self.possible) == 1
        parts = (
            *(self._issue(one) for one in self.issues),
            *self._inside(),
            *(self._cause(one) for one in self.causes),
        )
        return Reason("issues-aged" if is_settled else "issues-open", data, parts)

    def _issue(self, issue: OpenIssue) -> Reason:
        data: Data = (
            ("names", f"{issue.customer_id}/{issue.id}"),
            ("unit", "days"),
            ("days", float(issue.days)),
            ("outcome", issue.possible[0].value),
            ("answers", "issue-age"),
        )
        if issue.age is None:
            data = (*data, ("best", issue.possible[-1].value))
        code = "issue-aged" if issue.age is not None else "issue-age-open"
        return Reason(code, data, (*self._rows(issue), *self._gaps(issue)))

    def _rows(self, issue: OpenIssue) -> Iterator[Reason]:
        """Say which rows apply or may, up to the first that surely does."""
        facts = ISSUE_FACTS.read(
            {
                "issue_age_days": issue.days,
                "issue_resolved": negate(issue.is_open),
                "issue_internal": issue.internal,
            }
        )
        for row in explain_rows(self.policy.ages.table, facts):
            if row.code != "row-fails":
                yield row
            if row.code == "row-fires":
                return

    @staticmethod
    def _gaps(issue: OpenIssue) -> Iterator[Reason]:
        if issue.is_open is Tri.UNKNOWN:
            yield Reason("issue-unresolved")
        if issue.owner is None:
            yield Reason("issue-unowned")

    def _inside(self) -> Iterator[Reason]:
        """Say how many are among ourselves, and for how long (S0-26)."""
        count, oldest = self.internal.count, self.internal.oldest_days_perhaps
        if oldest is not None:
            data: Data = (("sure", count.low), ("count", count.high))
            yield Reason("issues-inside", (*data, ("days", float(oldest))))

    @staticmethod
    def _cause(part: CauseCount) -> Reason:
        count: Data = (("count", float(part.count)),)
        if part.cause is None:
            return Reason("issue-cause-unknown", count)
        cause: Data = (("row", part.cause.value), ("table", "root-cause"))
        return Reason("issue-cause", (*cause, *count))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
