"""A task: something that is due on a deal, by when, and why."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire, wording
from keyaccount.exceptions import Problems
from keyaccount.rules import Label, Missing, Reason, display
from keyaccount.tri import Tri


__all__ = ["Task", "TaskKind", "check_day", "told", "when_due"]


class TaskKind(enum.Enum):
    """Why a deal wants somebody's attention."""

    STAGE = "stage-task"
    AGEING = "ageing"
    RESUME = "resume"
    CLOSE = "expected-close"
    MILESTONE = "milestone"


@attrs.frozen
class Task(wire.Plain, display.Explained):
    """Something that is due on a deal, by when, and why.

    `code` is the task's id in the pipeline, the milestone's id, or the kind's word.
    `is_done` is NO, or UNKNOWN where nobody has told the facts that would show it;
    `missing` asks for them. `next_on` is when a task that repeats comes back.
    `labels` are the pipeline's own words for it.
    """

    code: str
    kind: TaskKind
    deal_id: str
    stage: str
    due_on: dt.date
    as_of: dt.date
    what: Reason
    is_done: Tri = Tri.NO
    missing: tuple[Missing, ...] = ()
    next_on: dt.date | None = None
    labels: tuple[Label, ...] = attrs.field(default=(), repr=False)

    @property
    def days_late(self) -> int:
        """How many days ago it was due; 0 if it is due today or later."""
        return max((self.as_of - self.due_on).days, 0)

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed; what is due today is not late."""
        return self.due_on < self.as_of

    @property
    def why(self) -> Reason:
        """What is to be done, how that stands today, and where the date is from."""
        timing = when_due(self.due_on, self.as_of)
        return attrs.evolve(self.what, because=(timing, *self.what.because))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language what is due and why, a line each, indented."""
        return told(self.why, self.labels, locale)


def when_due(due_on: dt.date, as_of: dt.date) -> Reason:
    """Say how a due date stands on a day: late, today, tomorrow, or coming."""
    days = (due_on - as_of).days
    data = (("days", abs(days)), ("day", due_on.isoformat()))
    if days < 0:
        return Reason("due-yesterday" if days == -1 else "due-late", data)
    if days == 0:
        return Reason("due-today", data)
    return Reason("due-tomorrow" if days == 1 else "due-coming", data)


def told(why: Reason, labels: Iterable[Label], locale: str) -> tuple[str, ...]:
    """Say a reason and those under it in a language, a line each, indented."""
    own: dict[str, dict[str, str]] = {}
    for label in labels:
        own.setdefault(label.locale, {})[label.address] = label.text
    return tuple("  " * level + _said(part, locale, own) for level, part in why.walk())


def _said(part: Reason, locale: str, own: Mapping[str, Mapping[str, str]]) -> str:
    """Say one reason on one line, whatever the text that people put into it."""
    return wording.plain(wording.say(part.code, dict(part.data), locale, own=own))


def check_day(as_of: dt.date, what: str, name: str = "as_of") -> None:
    """Refuse what is no plain date.

    Raises:
        InvalidValueError: a moment, or no date at all.
    """
    problems = Problems()
    problems.is_day(name, as_of)
    problems.check(what)
