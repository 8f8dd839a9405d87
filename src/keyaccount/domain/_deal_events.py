"""What happens to a deal: one event, and who says so."""

from __future__ import annotations

import datetime as dt

import attrs

from ._checks import Checks
from ._conversions import identifier_of, known_slug_of, moment_of
from ._deal_vocabulary import EventKind, LossReason


__all__ = ["DealEvent", "Pause"]


_LATEST_VERSION = 10**9


@attrs.frozen
class Pause:
    """Why a deal rests, since when, and on which day somebody looks at it again."""

    reason: str
    since: dt.datetime = attrs.field(converter=moment_of)
    resume_on: dt.date

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.text("reason", self.reason)
        checks.moment("since", self.since)
        checks.day("resume_on", self.resume_on)
        checks.check("Pause")


@attrs.frozen(weakref_slot=False)
class DealEvent:
    """Something that happens to a deal, as the host records it (S2-14).

    `id` is the host's and never used again for anything else; `at` says its time
    zone, of which the offset is kept; `expected_version` is the version that the
    actor had before their eyes. `to` names the stage of an advance (where there is
    more than one way), of a step back, of a reopening. An `approver` with a `reason`
    overrides unmet exits. What a kind of event needs beyond that is for the pipeline
    to ask: a loss needs a `loss_reason`, a pause a `reason` and a day to `resume_on`.
    """

    id: str = attrs.field(converter=identifier_of)
    kind: EventKind
    at: dt.datetime = attrs.field(converter=moment_of)
    actor: str
    to: str | None = attrs.field(default=None, converter=known_slug_of)
    reason: str | None = None
    expected_version: int | None = None
    approver: str | None = None
    loss_reason: LossReason | None = None
    competitor: str | None = None
    resume_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        is_known = checks.choice("kind", self.kind, EventKind)
        checks.moment("at", self.at)
        checks.text("actor", self.actor)
        for name in _TEXTS:
            text = getattr(self, name)
            if text is not None:
                checks.text(name, text)
        if self.to is not None:
            checks.slug("to", self.to)
        if self.expected_version is not None:
            last = _LATEST_VERSION
            checks.whole("expected_version", self.expected_version, 0, last)
        if self.loss_reason is not None:
            checks.choice("loss_reason", self.loss_reason, LossReason)
        if self.resume_on is not None:
            checks.day("resume_on", self.resume_on)
        if is_known:
            self._check_kind(checks)
        checks.check("DealEvent")

    def _check_kind(self, checks: Checks) -> None:
        """Refuse what says something that this kind of event cannot mean."""
        for name, kinds in _BELONGS:
            value = getattr(self, name)
            if value is not None and self.kind not in kinds:
                offered = " or ".join(kind.value for kind in kinds)
                checks.add(name, "contradiction", value, f"only with {offered}")


_TEXTS = ("reason", "approver", "competitor")
_BELONGS = (
    (
        "to",
        (EventKind.OPEN, EventKind.ADVANCE, EventKind.BACK, EventKind.REOPEN),
    ),
    ("approver", (EventKind.ADVANCE, EventKind.WIN)),
    ("loss_reason", (EventKind.LOSE,)),
    ("competitor", (EventKind.LOSE, EventKind.ABANDON)),
    ("resume_on", (EventKind.PAUSE,)),
)
