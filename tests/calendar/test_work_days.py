"""The work days of countries: what is known, what is estimated, what is refused."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import WorkCalendar
from keyaccount.exceptions import InvalidValueError
from tests.contracts.rooms import python
from tests.refusals import refused


pytest.importorskip("holidays", reason="the extra `calendar`")
pytest.importorskip("icalendar", reason="the extra `calendar`")

import holidays

from keyaccount.calendar import work_days


FAR = 2090  # no government has spoken of it
COUNTRIES = sorted(holidays.list_supported_countries(include_aliases=False))
YEARS = st.integers(2002, 2035)


def days_of(first: int, last: int) -> list[dt.date]:
    start, end = dt.date(first, 1, 1), dt.date(last, 12, 31)
    return [start + dt.timedelta(at) for at in range((end - start).days + 1)]


# China.


def test_a_saturday_before_the_chinese_new_year_is_worked() -> None:
    china = work_days("CN", years=2026)

    assert dt.date(2026, 2, 14).weekday() == 5
    assert china.is_workday(dt.date(2026, 2, 14))
    assert china.later(dt.date(2026, 2, 13), 1) == dt.date(2026, 2, 14)
    assert china.later(dt.date(2026, 2, 14), 1) == dt.date(2026, 2, 24)


def test_every_day_that_makes_up_for_a_holiday_of_2026_is_known() -> None:
    china = work_days("CN", years=2026)

    assert sorted(china.workdays) == [
        dt.date(2026, 1, 4),
        dt.date(2026, 2, 14),
        dt.date(2026, 2, 28),
        dt.date(2026, 5, 9),
        dt.date(2026, 9, 20),
        dt.date(2026, 10, 10),
    ]
    assert (china.known_from, china.known_until, china.estimated_from) == (
        dt.date(2026, 1, 1),
        dt.date(2026, 12, 31),
        None,
    )
    assert china.weekend == {5, 6}


def test_a_day_that_makes_up_for_next_years_holiday_is_worked() -> None:
    china = work_days("CN", years=2006)

    assert china.is_workday(dt.date(2006, 12, 30))
    assert china.is_workday(dt.date(2006, 12, 31))


def test_a_year_that_waits_for_its_notice_is_estimated() -> None:
    china = work_days("CN", years=range(2026, FAR + 1))

    known = china.known_until
    assert known is not None
    assert known >= dt.date(2026, 12, 31)
    assert china.estimated_from == known + dt.timedelta(days=1)
    assert max(china.workdays).year == known.year
    assert china.is_sure(known)
    assert china.is_estimated(dt.date(FAR, 10, 1))
    assert not china.is_workday(dt.date(FAR, 10, 1))  # the law's holidays are there


def test_of_a_year_that_is_but_estimated_nothing_is_known() -> None:
    china = work_days("CN", years=FAR)

    assert (china.known_from, china.known_until) == (None, None)
    assert china.estimated_from == dt.date(FAR, 1, 1)
    assert not china.is_sure(dt.date(FAR, 6, 1))
    assert not china.workdays
    assert china.holidays


# Other countries.


def test_a_law_alone_says_what_is_free() -> None:
    taiwan, states = work_days("TW", years=FAR), work_days("US", years=FAR)

    assert taiwan.estimated_from is None
    assert states.estimated_from is None
    assert states.known_until == dt.date(FAR, 12, 31)
    assert work_days("TW", years=2025).is_workday(dt.date(2025, 2, 8))


def test_a_year_without_moved_days_is_known_once_a_later_one_is() -> None:
    assert work_days("HU", years=2023).known_until == dt.date(2023, 12, 31)


def test_a_feast_that_waits_for_the_moon_is_estimated() -> None:
    turkey = work_days("TR", years=range(2026, 2061))

    assert turkey.is_sure(dt.date(2026, 6, 1))
    assert turkey.is_estimated(dt.date(2060, 6, 1))


def test_a_state_has_holidays_of_its_own() -> None:
    epiphany = dt.date(2026, 1, 6)

    assert work_days("DE", years=2026).is_workday(epiphany)
    assert not work_days("DE", years=2026, subdivision="BY").is_workday(epiphany)


def test_a_weekend_that_was_moved_is_told_day_by_day() -> None:
    emirates = work_days("AE", years=[2021, 2022])

    assert not emirates.is_workday(dt.date(2021, 6, 4))  # a Friday
    assert emirates.is_workday(dt.date(2021, 6, 6))  # a Sunday
    assert emirates.is_workday(dt.date(2022, 6, 3))
    assert not emirates.is_workday(dt.date(2022, 6, 5))


@given(st.sampled_from(COUNTRIES), YEARS, st.integers(0, 3))
def test_every_day_is_what_the_source_says(country: str, year: int, more: int) -> None:
    source = holidays.country_holidays(country, language="en_US")
    assume(source.start_year <= year <= year + more <= source.end_year)

    calendar = work_days(country, years=[year + more, year])

    assert all(
        calendar.is_workday(day) is source.is_working_day(day)
        for day in days_of(year, year + more)
    )
    assert wire.loads(wire.dumps(calendar), WorkCalendar) == calendar


@given(st.sampled_from(["CN", "HU", "TR", "TW", "US", "AE"]), YEARS, st.integers(0, 4))
def test_several_years_say_what_each_of_them_says(
    country: str, first: int, more: int
) -> None:
    last = first + more
    together = work_days(country, years=(first, last))

    for single in range(first, last + 1):
        alone = work_days(country, years=single)
        assert {day for day in together.holidays if day.year == single} == (
            alone.holidays
        )
        assert {day for day in together.workdays if day.year == single} == (
            alone.workdays
        )
        if together.is_sure(dt.date(single, 6, 1)):
            assert alone.estimated_from is None


def test_years_may_come_in_any_form() -> None:
    told = work_days(years=[2024, 2025, 2026])

    assert work_days(years=range(2024, 2027)) == told
    assert work_days(years={2026, 2024}) == told
    assert work_days(years=iter([2026, 2024, 2024])) == told
    assert work_days("CHN", years=(2024, 2026)) == told


SAID = """
from keyaccount import wire
from keyaccount.calendar import work_days

for country in ("CN", "TR", "AE", "HU"):
    calendar = work_days(country, years=range(2024, 2041))
    print(calendar, wire.dumps(calendar).decode())
"""


def test_the_machine_and_its_language_change_nothing() -> None:
    outputs = {
        subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", SAID],
            env={
                "PATH": os.environ.get("PATH", ""),
                "PYTHONPATH": ":".join(sys.path),
                "PYTHONHASHSEED": seed,
                "LANGUAGE": language,
                "LC_ALL": language,
                "TZ": zone,
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed, language, zone in (
            ("0", "C", "UTC"),
            ("1", "zh_CN.UTF-8", "Asia/Shanghai"),
            ("2", "tr", "America/New_York"),
        )
    }

    assert len(outputs) == 1


# What is refused.


@pytest.mark.parametrize(
    "country, near",
    [("cn", "'CN'"), (" cn ", "'CN'"), ("China", "'CHN'"), ("", "one of"), (7, "one")],
)
def test_an_unknown_country_is_told_the_nearest(country: str, near: str) -> None:
    with pytest.raises(InvalidValueError, match=f"country: got .*; use {near}"):
        work_days(country, years=2026)


def test_an_unknown_state_is_told_the_nearest() -> None:
    with pytest.raises(InvalidValueError, match="got 'ca'; use 'CA'"):
        work_days("US", years=2026, subdivision="ca")
    assert refused(work_days, "CN", years=2026, subdivision="BJ") == (
        ("$.subdivision", "unknown-choice"),
    )
    assert refused(work_days, "US", years=2026, subdivision=[]) == (
        ("$.subdivision", "unknown-choice"),
    )


@pytest.mark.hostile
@pytest.mark.parametrize(
    "years, code",
    [
        ([], "empty"),
        (None, "wrong-type"),
        (True, "wrong-type"),
        ("2026", "wrong-type"),
        (b"2026", "wrong-type"),
        (2026.0, "wrong-type"),
        ([2026, "2027", True], "wrong-type"),
        (1969, "out-of-range"),
        (2201, "out-of-range"),
        ([2026, 10**5_000], "out-of-range"),
        (-1, "out-of-range"),
        (itertools.count(2026), "too-large"),
        (itertools.repeat(2026), "too-large"),
    ],
)
def test_only_years_are_years(years: object, code: str) -> None:
    assert refused(work_days, years=years) == (("$.years", code),)


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert refused(work_days, "XX", years="x") == (
        ("$.country", "unknown-choice"),
        ("$.years", "wrong-type"),
    )
    assert refused(work_days, years=(1900, 2300)) == (
        ("$.years", "out-of-range"),
        ("$.years", "out-of-range"),
    )


WITHOUT = """
import datetime as dt
import sys

sys.modules[{package!r}] = None  # as if nobody had installed it
import keyaccount as ka

try:
    from keyaccount import calendar
except ka.MissingExtraError as error:
    print(error)
print(ka.WorkCalendar().later(dt.date(2026, 3, 6), 1))
"""


@pytest.mark.parametrize("package", ["holidays", "icalendar"])
def test_without_the_extra_one_is_told_and_a_calendar_still_counts(
    package: str,
) -> None:
    said, counted = python(WITHOUT.format(package=package)).splitlines()

    assert said == f'this needs {package}; pip install "keyaccount[calendar]"'
    assert counted == "2026-03-09"
