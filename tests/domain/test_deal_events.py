"""An event says who, when and what, and nothing that its kind cannot mean."""

from __future__ import annotations

import datetime as dt
import pickle
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import DealEvent, EventKind, LossReason, Pause, Stage
from tests.refusals import refused


AT = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 2, 1)
ZONES = st.sampled_from(
    [
        dt.UTC,
        dt.timezone(dt.timedelta(hours=5, minutes=45)),
        dt.timezone(dt.timedelta(seconds=20_714)),
        ZoneInfo("Asia/Shanghai"),
        ZoneInfo("Europe/Berlin"),
        ZoneInfo("America/New_York"),
        ZoneInfo("Australia/Lord_Howe"),
        ZoneInfo("Africa/Monrovia"),
    ]
)
MOMENTS = st.builds(
    lambda moment, fold: moment.replace(fold=fold),
    st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2200, 12, 30), timezones=ZONES),  # noqa: DTZ001 - the zone is drawn beside
    st.sampled_from([0, 1]),
)


def test_an_event_needs_an_id_a_kind_a_moment_and_somebody() -> None:
    event = DealEvent("e1", EventKind.RESUME, AT, "Li")

    assert (event.to, event.reason, event.expected_version) == (None, None, None)
    assert refused(DealEvent, "", "resume", dt.date(2026, 1, 5), " ") == (
        ("$.id", "empty"),
        ("$.kind", "wrong-type"),
        ("$.at", "wrong-type"),
        ("$.actor", "empty"),
    )


def test_an_event_says_everything_that_is_wrong() -> None:
    found = refused(
        DealEvent,
        5,
        EventKind.ADVANCE,
        AT.replace(tzinfo=None),
        None,
        "No Stage",
        "",
        -1,
        "",
        "price",
        "\x00",
        AT,
    )

    assert len(found) == len(set(found))
    assert set(found) == {
        ("$.id", "wrong-type"),
        ("$.at", "wrong-type"),
        ("$.actor", "missing"),
        ("$.to", "bad-syntax"),
        ("$.reason", "empty"),
        ("$.expected_version", "out-of-range"),
        ("$.approver", "empty"),
        ("$.loss_reason", "wrong-type"),
        ("$.competitor", "not-text"),
        ("$.resume_on", "wrong-type"),
        ("$.loss_reason", "contradiction"),
        ("$.competitor", "contradiction"),
        ("$.resume_on", "contradiction"),
    }


MEANT = {
    "to": {EventKind.OPEN, EventKind.ADVANCE, EventKind.BACK, EventKind.REOPEN},
    "approver": {EventKind.ADVANCE, EventKind.WIN},
    "loss_reason": {EventKind.LOSE},
    "competitor": {EventKind.LOSE, EventKind.ABANDON},
    "resume_on": {EventKind.PAUSE},
}
VALUES = {
    "to": "pilot",
    "approver": "director",
    "loss_reason": LossReason.PRICE,
    "competitor": "Rival",
    "resume_on": DAY,
}


@pytest.mark.parametrize("name", MEANT)
@pytest.mark.parametrize("kind", EventKind, ids=lambda kind: kind.value)
def test_an_event_says_only_what_its_kind_can_mean(kind: EventKind, name: str) -> None:
    said = {name: VALUES[name]}

    if kind in MEANT[name]:
        assert getattr(DealEvent("e1", kind, AT, "Li", **said), name) == VALUES[name]  # type: ignore[arg-type]  # the name is drawn
    else:
        assert refused(DealEvent, "e1", kind, AT, "Li", **said) == (
            (f"$.{name}", "contradiction"),
        )


def test_a_reason_and_a_version_may_stand_on_any_event() -> None:
    for kind in EventKind:
        event = DealEvent("e1", kind, AT, "Li", reason="why", expected_version=0)
        assert (event.reason, event.expected_version) == ("why", 0)


@pytest.mark.parametrize("version", [-1, 10**9 + 1, True, 1.0, "1"])
def test_a_version_is_a_count(version: object) -> None:
    found = refused(DealEvent, "e1", EventKind.WIN, AT, "Li", expected_version=version)

    assert found[0][0] == "$.expected_version"


def test_a_member_of_the_shipped_stages_is_as_good_as_its_slug() -> None:
    event = DealEvent("e1", EventKind.ADVANCE, AT, "Li", to=Stage.SOLUTION_DESIGN)

    assert event.to == "solution-design"


def test_an_id_is_the_same_however_its_letters_are_spelt() -> None:
    one = DealEvent("caf\u00e9", EventKind.WIN, AT, "Li")
    other = DealEvent("cafe\u0301", EventKind.WIN, AT, "Li")

    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize(
    "moment, code",
    [
        (AT.replace(tzinfo=None), "wrong-type"),
        (AT.replace(year=1969), "bad-date"),
        (AT.replace(year=2201), "bad-date"),
        (
            dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(seconds=1))),
            "bad-date",
        ),
        (
            dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(seconds=-1))),
            "bad-date",
        ),
        (DAY, "wrong-type"),
        ("2026-01-05T09:30:00Z", "wrong-type"),
        (1_767_605_400, "wrong-type"),
        (None, "missing"),
    ],
)
def test_a_moment_says_its_time_zone_and_lies_in_our_times(
    moment: object, code: str
) -> None:
    assert refused(DealEvent, "e1", EventKind.WIN, moment, "Li") == (("$.at", code),)
    assert refused(Pause, "holidays", moment, DAY) == (("$.since", code),)


@given(MOMENTS)
def test_a_moment_keeps_its_instant_and_comes_back_from_the_wire(
    moment: dt.datetime,
) -> None:
    event = DealEvent("e1", EventKind.WIN, moment, "Li")

    assert event.at - moment.astimezone(dt.UTC) == dt.timedelta(0)
    assert wire.loads(wire.dumps(event), DealEvent) == event
    assert pickle.loads(pickle.dumps(event)) == event  # noqa: S301 - our own
    offset = moment.utcoffset()
    assert offset is not None
    if not offset.seconds % 60:
        assert event.at.replace(tzinfo=None) == moment.replace(tzinfo=None, fold=0)


def test_the_hour_that_happens_twice_is_told_apart_by_its_offset() -> None:
    """QUALITY 2: late surprises with time zones are not wanted."""
    berlin = ZoneInfo("Europe/Berlin")
    summer = dt.datetime(2025, 10, 26, 2, 50, tzinfo=berlin)
    winter = dt.datetime(2025, 10, 26, 2, 10, tzinfo=berlin, fold=1)

    first, second = (
        DealEvent("e", EventKind.WIN, at, "Li").at for at in (summer, winter)
    )

    assert first < second
    assert second - first == dt.timedelta(minutes=20)
    assert Pause("r", winter, DAY).since == second


def test_a_pause_has_a_reason_and_an_end() -> None:
    assert refused(Pause, "", AT, AT) == (
        ("$.reason", "empty"),
        ("$.resume_on", "wrong-type"),
    )


def test_an_event_is_a_value() -> None:
    event = DealEvent("e1", EventKind.WIN, AT, "Li")

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.reason = "because"  # type: ignore[misc]  # the point
    assert event == DealEvent("e1", EventKind.WIN, AT.astimezone(), "Li")
