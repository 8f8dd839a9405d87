"""Which days are worked: the laws of counting them, and what is refused."""

from __future__ import annotations

import datetime as dt
import itertools

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import WorkCalendar
from tests.refusals import refused
from tests.strategies import days, work_calendars


DAY = dt.timedelta(days=1)
CHINESE_NEW_YEAR = WorkCalendar(
    [dt.date(2026, 2, at) for at in range(15, 24)],
    workdays=[dt.date(2026, 2, 14), dt.date(2026, 2, 28)],
    known_from=dt.date(2026, 1, 1),
    known_until=dt.date(2026, 12, 31),
    estimated_from=dt.date(2027, 1, 1),
)
COUNTS = st.integers(0, 40)


def at(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


@st.composite
def placed(draw: st.DrawFn) -> tuple[WorkCalendar, dt.date]:
    """Draw a calendar, and a day that it may have something to say of."""
    calendar = draw(work_calendars())
    told = sorted(calendar.holidays | calendar.workdays)
    if not told:
        return calendar, draw(days)
    near = draw(st.integers(-9, 9))
    return calendar, draw(st.sampled_from(told)) + near * DAY


# Which days are worked.


def test_weekends_are_free_where_nothing_else_is_said() -> None:
    plain = WorkCalendar()

    worked = [plain.is_workday(at(3, day)) for day in range(2, 9)]

    assert worked == [True] * 5 + [False] * 2
    assert not plain.is_sure(at(3, 2))
    assert not plain.is_estimated(at(3, 2))


def test_a_saturday_that_makes_up_for_a_holiday_is_worked() -> None:
    assert at(2, 14).weekday() == 5
    assert CHINESE_NEW_YEAR.is_workday(at(2, 14))
    assert not CHINESE_NEW_YEAR.is_workday(at(2, 15))
    assert not CHINESE_NEW_YEAR.is_workday(at(2, 16))
    assert CHINESE_NEW_YEAR.on_or_before(at(2, 20)) == at(2, 14)
    assert CHINESE_NEW_YEAR.on_or_after(at(2, 15)) == at(2, 24)
    assert CHINESE_NEW_YEAR.later(at(2, 13), 2) == at(2, 24)


def test_a_weekend_of_friday_and_saturday_is_possible() -> None:
    calendar = WorkCalendar(weekend=[4, 5])

    assert calendar.on_or_after(at(3, 6)) == at(3, 8)
    assert calendar.is_workday(at(3, 8))


@pytest.mark.parametrize(
    "day, is_sure, is_estimated",
    [
        (dt.date(2025, 12, 31), False, False),
        (dt.date(2026, 1, 1), True, False),
        (dt.date(2026, 12, 31), True, False),
        (dt.date(2027, 1, 1), False, True),
    ],
)
def test_what_is_known_ends_on_a_day(
    day: dt.date, is_sure: bool, is_estimated: bool
) -> None:
    assert CHINESE_NEW_YEAR.is_sure(day) is is_sure
    assert CHINESE_NEW_YEAR.is_estimated(day) is is_estimated


@given(placed())
def test_what_is_said_of_a_day_beats_its_weekday(
    drawn: tuple[WorkCalendar, dt.date],
) -> None:
    calendar, day = drawn

    assert all(calendar.is_workday(day) for day in calendar.workdays)
    assert not any(calendar.is_workday(day) for day in calendar.holidays)
    assert not (calendar.is_sure(day) and calendar.is_estimated(day))
    if day not in calendar.workdays | calendar.holidays:
        assert calendar.is_workday(day) is (day.weekday() not in calendar.weekend)


# Counting them.


@given(placed())
def test_the_nearest_workdays_stand_around_a_day(
    drawn: tuple[WorkCalendar, dt.date],
) -> None:
    calendar, day = drawn

    before, after = calendar.on_or_before(day), calendar.on_or_after(day)

    assert before <= day <= after
    assert calendar.is_workday(before)
    assert calendar.is_workday(after)
    assert (before == day == after) is calendar.is_workday(day)
    between = (after - before).days
    assert not any(calendar.is_workday(before + n * DAY) for n in range(1, between))
    assert calendar.on_or_before(before) == before
    assert calendar.on_or_after(after) == after


@given(placed(), COUNTS, COUNTS)
def test_two_counts_in_a_row_are_one_of_their_sum(
    drawn: tuple[WorkCalendar, dt.date], first: int, second: int
) -> None:
    calendar, day = drawn

    there = calendar.later(calendar.later(day, first), second)

    assert there == calendar.later(day, first + second)
    assert calendar.is_workday(there)
    assert calendar.later(day, 0) == calendar.on_or_after(day)


@given(placed(), COUNTS, st.integers(0, 30))
def test_more_days_and_a_later_start_never_end_earlier(
    drawn: tuple[WorkCalendar, dt.date], count: int, more: int
) -> None:
    calendar, day = drawn

    end = calendar.later(day, count)

    assert calendar.later(day, count + 1) > end >= day
    assert calendar.later(day + more * DAY, count) >= end


@given(placed(), COUNTS)
def test_as_many_workdays_pass_as_were_asked_for(
    drawn: tuple[WorkCalendar, dt.date], count: int
) -> None:
    calendar, day = drawn

    start, end = calendar.on_or_after(day), calendar.later(day, count)

    passed = range((end - start).days)
    assert sum(calendar.is_workday(start + n * DAY) for n in passed) == count


@given(placed(), COUNTS)
def test_a_further_holiday_makes_nothing_earlier(
    drawn: tuple[WorkCalendar, dt.date], count: int
) -> None:
    calendar, day = drawn
    free = calendar.holidays | ({calendar.on_or_after(day)} - calendar.workdays)

    slower = attrs.evolve(calendar, holidays=free)

    assert slower.later(day, count) >= calendar.later(day, count)
    assert slower.on_or_before(day) <= calendar.on_or_before(day)


def test_the_first_and_the_last_day_there_is_are_the_end() -> None:
    never = WorkCalendar(weekend=range(6), holidays=[at(3, 1)])
    first, last = dt.date.min, dt.date.max

    assert never.on_or_before(first) == first
    assert never.on_or_after(last) == last
    assert never.later(last - DAY, 10_000) == last
    assert WorkCalendar().later(last, 1) == last


# What is refused.


@pytest.mark.hostile
def test_a_count_that_would_take_for_ever_is_refused_at_once() -> None:
    calendar = WorkCalendar()
    wrongs: tuple[object, ...] = (-1, 10_001, 10**9, 10**5_000, 1.0, "1", None, True)

    for wrong in wrongs:
        [(path, code)] = refused(calendar.later, at(3, 2), wrong)
        assert path == "$.count"
        assert code in {"out-of-range", "wrong-type", "missing"}
    assert calendar.later(at(3, 2), 10_000) > dt.date(2064, 1, 1)


@pytest.mark.hostile
def test_the_longest_holiday_there_can_be_is_walked_through() -> None:
    all_days = map(dt.date.fromordinal, range(730_000, 800_000))
    longest = WorkCalendar(all_days)
    begins, ends = min(longest.holidays), max(longest.holidays)

    assert longest.on_or_before(ends) < begins
    assert longest.later(begins, 10_000) > ends


def test_only_a_plain_day_is_asked_about() -> None:
    calendar = WorkCalendar()
    wrongs: tuple[object, ...] = (
        dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
        "2026-03-02",
        None,
    )

    for wrong in wrongs:
        for ask in (calendar.is_workday, calendar.is_sure, calendar.is_estimated):
            assert refused(ask, wrong) == (("$.day", "wrong-type"),)
        assert refused(calendar.on_or_before, wrong) == (("$.day", "wrong-type"),)
        assert refused(calendar.on_or_after, wrong) == (("$.day", "wrong-type"),)
        assert refused(calendar.later, wrong, -1) == (
            ("$.day", "wrong-type"),
            ("$.count", "out-of-range"),
        )


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = refused(
        WorkCalendar,
        [at(5, 1)],
        [at(5, 1)],
        range(7),
        known_from=at(12, 31),
        known_until=at(1, 1),
        estimated_from=at(1, 1),
    )

    assert found == (
        ("$.workdays", "contradiction"),
        ("$.weekend", "contradiction"),
        ("$.known_until", "not-sorted"),
        ("$.estimated_from", "not-sorted"),
    )


@pytest.mark.parametrize(
    "weekend, code",
    [
        (6, "wrong-type"),
        ("56", "wrong-type"),
        ([7], "out-of-range"),
        ([-1], "out-of-range"),
        (range(8), "too-large"),
        (itertools.count(), "too-large"),
    ],
)
def test_a_weekend_is_a_few_weekdays(weekend: object, code: str) -> None:
    assert refused(WorkCalendar, weekend=weekend) == (("$.weekend", code),)


def test_what_is_estimated_begins_after_what_is_known() -> None:
    known = WorkCalendar(known_from=at(1, 1), known_until=at(12, 31))

    attrs.evolve(known, estimated_from=dt.date(2027, 1, 1))
    WorkCalendar(estimated_from=at(1, 1))
    found = refused(attrs.evolve, known, estimated_from=at(12, 31))

    assert found == (("$.estimated_from", "not-sorted"),)


# A value among others.


@given(work_calendars())
def test_the_order_of_days_changes_nothing(calendar: WorkCalendar) -> None:
    again = WorkCalendar(
        sorted(calendar.holidays, reverse=True),
        (*calendar.workdays, *calendar.workdays),
        sorted(calendar.weekend),
        calendar.known_from,
        calendar.known_until,
        calendar.estimated_from,
    )

    assert again == calendar
    assert hash(again) == hash(calendar)
    assert repr(again) == repr(calendar)
    assert wire.dumps(again) == wire.dumps(calendar)
    assert wire.loads(wire.dumps(calendar), WorkCalendar) == calendar


def test_a_calendar_is_shown_by_its_size() -> None:
    assert repr(CHINESE_NEW_YEAR).startswith(
        "WorkCalendar(holidays=<9 days>, workdays=<2 days>, weekend={5, 6}, known_from="
    )
