"""Counting in days of the calendar, to the last day there is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.rules import days_later
from tests.strategies import days


@given(days, st.integers(0, 400), st.integers(0, 400))
def test_two_counts_in_a_row_are_one_of_their_sum(
    day: dt.date, first: int, second: int
) -> None:
    there = days_later(day, first)

    assert (there - day).days == first
    assert days_later(there, second) == days_later(day, first + second)


@pytest.mark.hostile
def test_the_last_day_there_is_is_the_end() -> None:
    last = dt.date.max

    for count in (1, 2, 10**9, 10**5_000):
        assert days_later(last - dt.timedelta(1), count) == last
