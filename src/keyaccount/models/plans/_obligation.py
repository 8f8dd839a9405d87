"""An obligation: what we owe a customer by its class, by when, and why."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount import wire, wording
from keyaccount.domain import ObligationKind
from keyaccount.rules import Label, Missing, Reason, display
from keyaccount.tri import Tri


__all__ = ["Obligation"]


@attrs.frozen
class Obligation(wire.Plain, display.Explained):
    """What we owe a customer, by when, and why (S3-18).

    It is due on `due_on`, or as late as `latest`: the two differ where a contact of
    which not all is known may have been what was owed. `last_on` is when it was
    surely done last. `owner` is who must do it, None where nobody is named.

    `is_owed` is UNKNOWN where nobody has told whether it is done already; `missing`
    then asks. `labels` are the policy's own words for it.
    """

    kind: ObligationKind
    customer_id: str
    due_on: dt.date
    latest: dt.date
    why: Reason
    last_on: dt.date | None = None
    owner: str | None = None
    issue_id: str | None = None
    is_owed: Tri = Tri.YES
    missing: tuple[Missing, ...] = ()
    flags: tuple[str, ...] = ()
    labels: tuple[Label, ...] = attrs.field(default=(), repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it is not sure by when, or whether at all, it is owed."""
        return self.due_on != self.latest or self.is_owed is Tri.UNKNOWN

    def is_overdue(self, as_of: dt.date) -> Tri:
        """Say whether its day has passed; what is due on the very day is not late."""
        if as_of <= self.due_on:
            return Tri.NO
        return self.is_owed if as_of > self.latest else Tri.UNKNOWN

    def days_late(self, as_of: dt.date) -> int:
        """Return by how many days it is late at the least; 0 while that is open."""
        is_late = self.is_overdue(as_of) is Tri.YES
        return (as_of - self.latest).days if is_late else 0

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language what is owed, by when and why, a line each, indented."""
        own: dict[str, dict[str, str]] = {}
        for label in self.labels:
            own.setdefault(label.locale, {})[label.address] = label.text
        said = [(level, part.code, dict(part.data)) for level, part in self.why.walk()]
        said += [(1, f"flag.{flag}", {}) for flag in self.flags]
        said += [(1, f"question.{gap.question}", {}) for gap in self.missing]
        return tuple(
            "  " * level + wording.plain(wording.say(code, data, locale, own=own))
            for level, code, data in said
        )
