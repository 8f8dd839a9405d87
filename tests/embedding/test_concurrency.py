"""Fifty people at one deal at once: nothing lost, nothing twice, every clash told."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

import attrs
import pytest

from keyaccount import DealEvent, EventKind, stages
from tests.embedding.hosts import Host, Take


PEOPLE, EVENTS_EACH, TRIES = 50, 20, 1_000
AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
LONGEST = 512  # milliseconds that somebody waits before looking again
LATER = dt.date(2026, 6, 1)


def sensible(deal: stages.Deal, name: str) -> DealEvent:
    """Return an event that fits what somebody sees, so that 1,000 can happen."""
    more: dict[str, Any] = {"reason": "news from the buyer"}
    if deal.pause is not None:
        kind, more = EventKind.RESUME, {}
    elif deal.version % 3 == 0:
        kind = EventKind.PAUSE
        more["resume_on"] = LATER
    elif deal.stage == "identification":
        kind = EventKind.ADVANCE
        more["approver"] = "wang"
    else:
        kind = EventKind.BACK
    at = AT + dt.timedelta(seconds=deal.version)
    return DealEvent(name, kind, at, "li", expected_version=deal.version, **more)


@attrs.define
class Person:
    """Somebody with twenty events, who looks again when somebody else was faster."""

    name: str
    moved: dict[str, int] = attrs.field(factory=dict)
    answers: Counter[str] = attrs.field(factory=Counter)

    def work(self, host: Host, deal: stages.Deal, gate: threading.Barrier) -> None:
        with host.visit() as take:
            gate.wait()
            for number in range(EVENTS_EACH):
                deal = self._bring(take, deal, f"{self.name}-{number}")

    def _bring(self, take: Take, deal: stages.Deal, name: str) -> stages.Deal:
        for attempt in range(TRIES):
            event = sensible(deal, name)
            ruling = take("d-1", event)
            deal = ruling.deal
            self.answers[type(ruling).__name__] += 1
            if isinstance(ruling, stages.Moved):
                self.moved[name] = deal.version
                again = take("d-1", event)  # the answer got lost on the way
                self.answers[type(again).__name__] += 1
                break
            self._wait_a_moment(attempt)
        else:
            self.answers["gave up"] += 1
        return deal

    def _wait_a_moment(self, attempt: int) -> None:
        """Let others go first, longer each time, and not all of us equally long."""
        share = (sum(self.name.encode()) + attempt) % 10
        threading.Event().wait(min(2**attempt, LONGEST) * (1 + share) / 10_000)


@pytest.mark.timeout(300)
def test_nothing_is_lost_and_nothing_happens_twice(
    host: Host, request: pytest.FixtureRequest
) -> None:
    with host.visit() as take:
        deal = take("d-1", DealEvent("first", EventKind.OPEN, AT, "li")).deal
    people = [Person(f"p{number}") for number in range(PEOPLE)]
    gate = threading.Barrier(PEOPLE)

    began = perf_counter()
    with ThreadPoolExecutor(PEOPLE) as pool:
        for done in [pool.submit(one.work, host, deal, gate) for one in people]:
            done.result()
    seconds = perf_counter() - began

    answers = sum((one.answers for one in people), Counter[str]())
    told = {name: version for one in people for name, version in one.moved.items()}
    stored = host.deal("d-1")
    shown = ", ".join(f"{number:,} {kind}" for kind, number in sorted(answers.items()))
    print(f"\n{request.node.name}: {shown}, {seconds:.1f} s")  # noqa: T201 - the page's figures
    assert answers["Moved"] + answers["gave up"] == PEOPLE * EVENTS_EACH
    assert stored.version == 1 + answers["Moved"] == len(stored.history)
    assert {one.event.id: one.version for one in stored.history[1:]} == told
    assert host.owed() == sorted(["first", *told])
    assert answers["Duplicate"] == answers["Moved"]
    assert answers["Conflict"] > 0
    assert set(answers) <= {"Moved", "Conflict", "Duplicate", "gave up"}
