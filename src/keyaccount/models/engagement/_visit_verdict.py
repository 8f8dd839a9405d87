"""The answer before a visit: what is settled, what is to do, what will come up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from keyaccount import wire, wording
from keyaccount.rules import Reason, Verdict
from keyaccount.tri import Tri, all_of

from ._policy import EngagementPolicy
from ._promises import DueCommitment


__all__ = ["OpenIssue", "VisitCheck", "VisitEvidence", "VisitVerdict"]


@attrs.frozen
class VisitCheck:
    """One line of the checklist: whether it is settled, and what to do if not."""

    id: str
    answer: Tri
    action: str


@attrs.frozen
class OpenIssue:
    """A trouble of the customer that is not known to be resolved."""

    id: str
    text: str
    opened_on: dt.date
    resolved: Tri
    owner: str | None

    @property
    def why(self) -> Reason:
        """What troubles the customer, since when, and who is to solve it."""
        data = (
            ("text", wording.plain(self.text)),
            ("names", wording.plain(self.id)),
            ("day", self.opened_on.isoformat()),
        )
        parts = []
        if self.owner is None:
            parts.append(Reason("issue-unowned"))
        else:
            parts.append(Reason("issue-owner", (("by", wording.plain(self.owner)),)))
        if self.resolved is Tri.UNKNOWN:
            parts.append(Reason("issue-unresolved"))
        return Reason("visit-issue", data, tuple(parts))


@attrs.frozen(repr=False)
class VisitVerdict(wire.Plain, Verdict[Tri]):
    """Whether a visit is ready: YES, NO, or open while something is not known.

    `to_do` is what to do, in the order of doing: what surely lacks first, then what
    nobody has told us. `commitments` are those that come up: late, due soon after
    the visit, or without a day; `issues` what still troubles the customer.
    """

    customer_id: str
    on: dt.date
    days_left: int
    checks: tuple[VisitCheck, ...]
    to_do: tuple[str, ...]
    commitments: tuple[DueCommitment, ...]
    issues: tuple[OpenIssue, ...]

    @property
    def first(self) -> str | None:
        """What to do first; None where everything is settled."""
        return self.to_do[0] if self.to_do else None

    def next_steps(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language what to do, the first thing first."""
        own = self.evidence.labels()
        return tuple(
            wording.label("engagement-action", action, locale, own=own)
            for action in self.to_do
        )

    def _extras(self) -> tuple[str, ...]:
        settled = sum(check.answer is Tri.YES for check in self.checks)
        return f"visit {self.on}", f"{settled} of {len(self.checks)}"


@attrs.frozen
class VisitEvidence:
    """What the verdict on a visit keeps to explain itself."""

    policy: EngagementPolicy
    checks: tuple[VisitCheck, ...]
    on: dt.date
    commitments: tuple[DueCommitment, ...]
    issues: tuple[OpenIssue, ...]

    def reason(self) -> Reason:
        """Say whether it is ready, line by line; what was promised, what is open."""
        answer = all_of(check.answer for check in self.checks)
        settled = sum(check.answer is Tri.YES for check in self.checks)
        data = (
            ("day", self.on.isoformat()),
            ("count", float(settled)),
            ("most", float(len(self.checks))),
        )
        codes = {Tri.YES: "visit-ready", Tri.NO: "visit-unready"}
        lines = (self._line(check) for check in self.checks)
        promised = (one.why for one in self.commitments)
        troubles = (one.why for one in self.issues)
        parts = (*lines, *promised, *troubles)
        return Reason(codes.get(answer, "visit-open"), data, parts)

    def _line(self, check: VisitCheck) -> Reason:
        """Say whether a line is settled; where it is not, what to do."""
        name = (("row", check.id), ("table", self.policy.visits.table.name))
        if check.answer is Tri.YES:
            return Reason("check-settled", name)
        step = (("outcome", check.action), ("answers", "engagement-action"))
        is_no = check.answer is Tri.NO
        return Reason("check-lacking" if is_no else "check-open", (*name, *step))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
