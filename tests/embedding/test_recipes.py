"""What every recipe promises, on every database that a page names."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from keyaccount import (
    DealEvent,
    EventKind,
    EventReusedError,
    InvalidValueError,
    UnknownFactError,
    stages,
    wire,
)
from tests.embedding.hosts import HOSTS, Host


AT = dt.datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=dt.UTC)
REAL = {"source_recorded": True, "gate_is_real": "pass"}
OPEN, ADVANCE, BACK = EventKind.OPEN, EventKind.ADVANCE, EventKind.BACK


def event(
    id: str,  # noqa: A002 - what it is called on the noun
    kind: EventKind = OPEN,
    expects: int | None = None,
    reason: str | None = None,
) -> DealEvent:
    return DealEvent(id, kind, AT, "li", reason=reason, expected_version=expects)


def walked(host: Host) -> stages.Deal:
    """Open a deal, move it on and back; return what was answered last."""
    with host.visit() as take:
        take("d-1", event("e-1"))
        take("d-1", event("e-2", ADVANCE, 1), REAL)
        ruling = take("d-1", event("e-3", BACK, 2, "the need is gone"))
    assert isinstance(ruling, stages.Moved)
    return ruling.deal


def test_events_open_a_deal_and_move_it(host: Host) -> None:
    deal = walked(host)

    assert (deal.version, deal.stage) == (3, "identification")
    assert [one.event.id for one in host.records("d-1")] == ["e-1", "e-2", "e-3"]


def test_a_refusal_gives_every_reason_and_leaves_nothing_behind(host: Host) -> None:
    with host.visit() as take:
        take("d-1", event("e-1"))

        ruling = take("d-1", event("e-2", ADVANCE))

    assert isinstance(ruling, stages.Refused)
    assert ruling.codes == ("is-real",)
    assert [gap.fact for gap in ruling.missing] == ["gate_is_real"]
    assert host.deal("d-1").version == 1
    assert host.owed() == ["e-1"]


@pytest.mark.parametrize("again", ["e-1", "e-2", "e-3"])
def test_the_same_event_again_changes_nothing(host: Host, again: str) -> None:
    walked(host)
    before = host.deal("d-1")
    old = next(one for one in before.history if one.event.id == again)

    with host.visit() as take:
        ruling = take("d-1", old.event, REAL)

    assert isinstance(ruling, stages.Duplicate)
    assert ruling.record == old
    assert ruling.deal.version == 3
    assert host.deal("d-1") == before
    assert host.owed() == ["e-1", "e-2", "e-3"]


@pytest.mark.parametrize("id", ["e-1", "e-2", "e-3"])
def test_an_id_used_for_something_else_is_an_error(host: Host, id: str) -> None:  # noqa: A002 - what it is called on the noun
    walked(host)
    before = host.deal("d-1")

    with host.visit() as take, pytest.raises(EventReusedError) as caught:
        take("d-1", event(id, BACK, reason="another one"))

    assert (caught.value.event, caught.value.deal) == (id, "d-1")
    assert host.deal("d-1") == before


def test_an_id_used_for_another_deal_is_an_error(host: Host) -> None:
    walked(host)

    with host.visit() as take, pytest.raises(EventReusedError) as caught:
        take("d-2", event("e-1"))

    assert (caught.value.event, caught.value.deal) == ("e-1", "d-1")
    assert host.records("d-2") == []


def test_an_event_that_expects_an_older_version_is_a_conflict(host: Host) -> None:
    walked(host)
    with host.visit() as take:
        late = take("d-1", event("e-4", ADVANCE, 2), REAL)
        stored = host.deal("d-1").version
        retried = take("d-1", event("e-4", ADVANCE, late.deal.version), REAL)

    assert isinstance(late, stages.Conflict)
    assert (late.deal.version, stored) == (3, 3)
    assert isinstance(retried, stages.Moved)
    assert host.owed() == ["e-1", "e-2", "e-3", "e-4"]


def test_what_is_stored_replays_to_the_deal_that_was_answered(host: Host) -> None:
    answered = walked(host)
    pure = stages.open_deal("d-1", event("e-1"))
    for one, facts in (
        (event("e-2", ADVANCE, 1), REAL),
        (event("e-3", BACK, 2, "the need is gone"), None),
    ):
        pure = stages.decide(pure, one, facts).deal

    stored = host.deal("d-1")

    assert stored == pure
    assert wire.dumps(stored) == wire.dumps(pure)
    assert stored.latest == answered.latest


def test_two_deals_do_not_mix(host: Host) -> None:
    walked(host)
    with host.visit() as take:
        take("d-2", event("f-1"), REAL)
        ruling = take("d-2", event("f-2", ADVANCE, 1), REAL)

    assert isinstance(ruling, stages.Moved)
    assert [host.deal(one).version for one in ("d-1", "d-2")] == [3, 2]


@pytest.mark.parametrize(
    ("one", "facts", "error"),
    [
        (event("e-4", ADVANCE), {"sorce_recorded": True}, UnknownFactError),
        (event("e-4", ADVANCE), {"mandatory_needs": -1}, InvalidValueError),
    ],
)
def test_a_mistake_leaves_nothing_behind(
    host: Host, one: DealEvent, facts: dict[str, object], error: type[Exception]
) -> None:
    walked(host)

    with host.visit() as take:
        with pytest.raises(error):
            take("d-1", one, facts)
        with pytest.raises(InvalidValueError, match="with which every deal begins"):
            take("d-9", one)
        ruling = take("d-1", one, REAL)

    assert isinstance(ruling, stages.Moved)
    assert host.owed() == ["e-1", "e-2", "e-3", "e-4"]


def at_once(host: Host, *calls: tuple[str, DealEvent]) -> list[object]:
    """Send several events at the same moment; return what each sender is told."""
    gate = threading.Barrier(len(calls))

    def send(deal: str, one: DealEvent) -> object:
        with host.visit() as take:
            gate.wait()
            try:
                return take(deal, one, REAL)
            except EventReusedError as error:
                return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result() for one in [pool.submit(send, *call) for call in calls]]


def kinds(answers: list[object]) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


Calls = Callable[[int], tuple[tuple[str, DealEvent], ...]]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (
            lambda n: ((f"d-{n}", event(f"e-{n}")), (f"d-{n}", event(f"e-{n}"))),
            ["Duplicate", "Moved"],
        ),
        (
            lambda n: ((f"d-{n}", event(f"e-{n}")), (f"d-{n}", event(f"f-{n}"))),
            ["Moved", "Refused"],
        ),
        (
            lambda n: ((f"d-{n}", event(f"e-{n}")), (f"c-{n}", event(f"e-{n}"))),
            ["EventReusedError", "Moved"],
        ),
    ],
    ids=["the same event", "two events for one new deal", "one id for two deals"],
)
def test_who_comes_second_is_told_so(
    host: Host, calls: Calls, expected: list[str]
) -> None:
    for number in range(10):
        assert kinds(at_once(host, *calls(number))) == expected
    assert len(host.owed()) == 10


def test_of_two_who_saw_the_same_version_one_moves(host: Host) -> None:
    with host.visit() as take:
        for number in range(10):
            take(f"d-{number}", event(f"e-{number}"))
    for number in range(10):
        deal = f"d-{number}"
        mine, yours = (event(f"{who}-{number}", ADVANCE, 1) for who in "fg")

        assert kinds(at_once(host, (deal, mine), (deal, yours))) == [
            "Conflict",
            "Moved",
        ]
    assert len(host.owed()) == 20


def test_events_that_expect_no_version_are_judged_on_what_is_there(host: Host) -> None:
    with host.visit() as take:
        take("d-1", event("e-0"))
    calls = [("d-1", event(f"e-{number}", ADVANCE)) for number in range(1, 9)]

    answers = kinds(at_once(host, *calls))

    assert answers == ["Moved"] + ["Refused"] * 7  # the next stage asks for more
    assert host.deal("d-1").version == 2


@pytest.mark.parametrize("host", HOSTS[2:], indirect=True)  # others raise nothing
def test_a_constraint_that_always_says_no_is_not_taken_for_a_race(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        assert host.clash
        raise host.clash

    monkeypatch.setattr(host.recipe, "_take", refuse)
    with host.visit() as take, pytest.raises(TimeoutError, match="a constraint"):
        take("d-1", event("e-1"))
