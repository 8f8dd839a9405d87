"""What cannot be read of our own side is told; it hides nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from keyaccount.book import Account, Firm, OurSide, review
from keyaccount.domain import Commitment, Customer, Executive


pytest.importorskip("cyclopts", reason="the extra `cli`")
pytest.importorskip("rich", reason="the extra `cli`")

from keyaccount.cli._ours import firm_slugs, ours_slugs, show_ours
from keyaccount.cli._screen import Screen
from keyaccount.cli._words import Words


DAY = dt.date(2025, 12, 31)
PROMISE = Commitment("k1", "c1", "a sample", DAY, DAY)
CHIEF = Executive("x1", "chief executive")


@pytest.mark.parametrize(
    "lang, title",
    [
        ("en", "Told, but not to be read"),
        ("zh-Hans", "已提供但无法采用的信息"),
        ("zh-Hant", "已提供但無法採用的資訊"),
    ],
)
def test_what_stands_twice_is_told_of_customer_and_firm(
    capsys: pytest.CaptureFixture[str], lang: str, title: str
) -> None:
    ours = OurSide(commitments=(PROMISE, PROMISE))
    portfolio = review(
        [Account(Customer("c1", "Acme"), ours=ours)],
        as_of=DAY,
        firm=Firm(executives=(CHIEF, CHIEF)),
    )

    show_ours(portfolio, Words(Screen(lang)))

    told = capsys.readouterr().out
    assert told.count(title) == 2
    assert "$.commitments[1].id: 'k1' stands twice" in told
    assert "$.executives[1].id: 'x1' stands twice" in told
    (sheet,) = portfolio
    assert "commitments[1].id" in str(ours_slugs(sheet))
    assert "executives[1].id" in str(firm_slugs(portfolio.firm))
