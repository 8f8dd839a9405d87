"""The shipped table of currencies is what its script writes."""

from __future__ import annotations

import datetime as dt
import pathlib
import runpy

import pytest

from keyaccount.domain import _currencies


def test_the_table_is_the_published_one() -> None:
    iso4217 = pytest.importorskip("iso4217")
    root = pathlib.Path(__file__).resolve().parents[2]
    script = root / "tools" / "make_currencies.py"
    if iso4217.__published__.isoformat() != _currencies.EDITION:
        pytest.skip("another edition of the standard is installed")

    table = runpy.run_path(str(script))["table"]()

    assert dict(_currencies.CURRENCIES) == table


def test_the_edition_is_a_date() -> None:
    assert dt.date.fromisoformat(_currencies.EDITION).year >= 2026


@pytest.mark.parametrize("code", ["BGN", "HRK"])
def test_a_currency_withdrawn_lately_is_kept_for_past_years(code: str) -> None:
    assert _currencies.CURRENCIES[code] == 2


@pytest.mark.parametrize("code", ["XXX", "XTS"])
def test_what_stands_for_no_currency_is_left_out(code: str) -> None:
    assert code not in _currencies.CURRENCIES
