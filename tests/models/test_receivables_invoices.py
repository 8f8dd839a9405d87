"""What is owed, how old it is, how it was paid: laws that hold for any invoices."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import FxTable, Invoice, Money, Receipt, YearMetrics
from keyaccount.exceptions import CurrencyMismatchError, MissingRateError
from keyaccount.models import receivables, tiering
from keyaccount.models.receivables import AgeingVerdict
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import invoices


TODAY = dt.date(2025, 11, 30)
DAY = dt.timedelta(days=1)
BOOKS = st.lists(
    invoices("CNY", TODAY), max_size=8, unique_by=lambda invoice: invoice.id
)


def cny(amount: str) -> Money:
    return Money.of(f"{amount} CNY")


def bill(
    slug: str, amount: str, *, due: int | None, age: int = 120, **more: object
) -> Invoice:
    """Build an invoice that is so many days overdue today."""
    due_on = None if due is None else TODAY - due * DAY
    given_ = (slug, "c1", cny(amount), TODAY - age * DAY, due_on)
    return Invoice(*given_, **more)  # type: ignore[arg-type]  # whatever the test puts


def aged(*book: Invoice, as_of: dt.date = TODAY) -> AgeingVerdict:
    return receivables.ageing(book, as_of=as_of, currency="CNY")


def late(verdict: AgeingVerdict) -> Decimal:
    return verdict.overdue.amount + verdict.perhaps_overdue.amount


# ── ageing ──────────────────────────────────────────────────────────────────────


@given(BOOKS)
def test_the_buckets_part_what_is_owed_without_a_rest(book: list[Invoice]) -> None:
    verdict = aged(*book)

    assert Money.total([row.amount for row in verdict.rows], "CNY") == verdict.total
    assert verdict.net == verdict.total + verdict.credits
    assert all(row.amount.amount >= 0 for row in verdict.rows)
    assert verdict.credits.amount <= 0


@given(BOOKS)
def test_the_shares_add_up_to_one(book: list[Invoice]) -> None:
    verdict = aged(*book)

    shares = [row.share for row in verdict.rows]
    if verdict.total.amount:
        assert sum(Decimal(str(share)) for share in shares) == 1
    else:
        assert set(shares) == {None}


@given(BOOKS, st.randoms(use_true_random=False))
def test_the_order_of_invoices_does_not_matter(
    book: list[Invoice], dice: random.Random
) -> None:
    shuffled = list(book)
    dice.shuffle(shuffled)

    assert aged(*shuffled) == aged(*book)
    assert aged(*shuffled).explain() == aged(*book).explain()


@given(BOOKS.filter(bool), st.data())
def test_a_payment_never_adds_to_what_is_late(
    book: list[Invoice], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(book) - 1))
    assume(book[at].amount.amount > 0)
    paid = data.draw(st.integers(1, 20_000))
    on = TODAY + data.draw(st.integers(-100, 100)) * DAY
    receipt = Receipt(on, cny(str(paid)))
    after = list(book)
    after[at] = attrs.evolve(book[at], receipts=[*book[at].receipts, receipt])

    assert late(aged(*after)) <= late(aged(*book))
    assert aged(*after).total <= aged(*book).total


@given(BOOKS, st.integers(-100, 100))
def test_what_comes_later_does_not_change_an_earlier_day(
    book: list[Invoice], days: int
) -> None:
    day = TODAY + days * DAY
    known = [
        attrs.evolve(one, receipts=[part for part in one.receipts if part.on <= day])
        for one in book
        if one.issued_on <= day
    ]

    assert aged(*book, as_of=day) == aged(*known, as_of=day)


@given(BOOKS.filter(bool), st.data())
def test_a_due_date_that_is_told_stays_within_what_was_possible(
    book: list[Invoice], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(book) - 1))
    issued = book[at].issued_on
    due_on = issued + data.draw(st.integers(0, 200)) * DAY
    thin, told = list(book), list(book)
    thin[at] = attrs.evolve(book[at], due_on=None)
    told[at] = attrs.evolve(book[at], due_on=due_on)

    assert set(aged(*told).possible) <= set(aged(*thin).possible)
    assert aged(*thin).overdue <= aged(*told).overdue
    assert late(aged(*told)) <= late(aged(*thin))


@given(BOOKS)
def test_an_ageing_comes_back_from_the_wire(book: list[Invoice]) -> None:
    verdict = aged(*book)

    back = wire.structure(wire.unstructure(verdict), AgeingVerdict)

    assert back == verdict
    assert back.explain("zh-Hant") == verdict.explain("zh-Hant")
    assert verdict == aged(*book)


@pytest.mark.parametrize(
    "days, bucket",
    [
        (-1, "not-due"),
        (0, "not-due"),
        (1, "days-1-30"),
        (30, "days-1-30"),
        (31, "days-31-60"),
        (60, "days-31-60"),
        (61, "days-61-90"),
        (90, "days-61-90"),
        (91, "over-90"),
        (120, "over-90"),
    ],
)
def test_an_invoice_stands_in_the_bucket_of_its_days(days: int, bucket: str) -> None:
    assert aged(bill("i1", "5", due=days)).value == bucket


def test_owing_nothing_is_said_in_words() -> None:
    verdict = aged()

    assert verdict.value == "nothing-owed"
    assert verdict.explain() == ("As of 2025-11-30, nothing is owed (CNY)",)


def test_what_is_paid_is_neither_owed_nor_counted() -> None:
    paid = [Receipt(TODAY - DAY, cny("4")), Receipt(TODAY, cny("6"))]
    settled = bill("i1", "10", due=5, receipts=paid)

    assert aged(settled).value == "nothing-owed"
    assert aged(settled, as_of=TODAY - DAY).overdue == cny("6")
    assert repr(aged(settled, as_of=TODAY - DAY)) == (
        "<AgeingVerdict days-1-30 · 6 CNY owed · 6 CNY overdue · as of 2025-11-29>"
    )


def test_what_is_paid_too_much_is_a_credit_and_never_set_off() -> None:
    paid = [Receipt(TODAY, cny("12"))]

    verdict = aged(bill("i1", "10", due=5, receipts=paid), bill("i2", "7", due=5))

    assert (verdict.total, verdict.credits) == (cny("7"), cny("-2"))
    assert (verdict.net, verdict.credit_count) == (cny("5"), 1)
    assert verdict.flags == ("credits-apart",)


def test_what_is_disputed_is_counted_where_it_stands_and_said_apart() -> None:
    verdict = aged(bill("i1", "10", due=5, disputed=Tri.YES), bill("i2", "7", due=5))

    assert (verdict.overdue, verdict.disputed) == (cny("17"), cny("10"))
    assert verdict.flags == ("disputed",)


def test_an_undated_invoice_of_today_is_not_overdue_yet() -> None:
    verdict = aged(bill("i1", "10", due=None, age=0))

    assert verdict.value == "not-due"
    assert verdict.perhaps_overdue == cny("0")


def test_an_open_ageing_says_from_where_to_where() -> None:
    first = aged(bill("i1", "10", due=None, age=45)).explain()[0]

    assert first.endswith("not overdue to 31 to 60 days overdue")


# ── currencies ──────────────────────────────────────────────────────────────────

DOLLARS = Invoice("d1", "c1", Money.of("10 USD"), TODAY - 60 * DAY, TODAY - DAY)
RATES = FxTable.of([("USD", "CNY", TODAY - 90 * DAY, Decimal("7.1234"))])


def test_two_currencies_add_only_by_a_dated_rate() -> None:
    book = [bill("i1", "10", due=5), DOLLARS]

    verdict = receivables.ageing(book, as_of=TODAY, currency="CNY", fx=RATES)

    assert verdict.total == cny("81.23")  # rounded once, invoice by invoice
    assert verdict.flags == ("converted",)
    with pytest.raises(CurrencyMismatchError, match="by_currency"):
        receivables.ageing(book, as_of=TODAY)
    with pytest.raises(CurrencyMismatchError):
        receivables.ageing(book, as_of=TODAY, fx=RATES)
    with pytest.raises(CurrencyMismatchError):
        receivables.ageing([DOLLARS], as_of=TODAY, currency="CNY")
    with pytest.raises(MissingRateError):
        receivables.ageing(book, as_of=TODAY, currency="EUR", fx=RATES)


def test_each_currency_can_be_added_up_on_its_own() -> None:
    apart = receivables.by_currency([DOLLARS, bill("i1", "10", due=5)])

    totals = {
        currency: receivables.ageing(book, as_of=TODAY).total
        for currency, book in apart.items()
    }
    assert totals == {"CNY": cny("10"), "USD": Money.of("10 USD")}


def test_what_is_no_list_of_invoices_is_refused() -> None:
    one = bill("i1", "10", due=5)

    assert refused(receivables.ageing, "i1", as_of=TODAY) == (
        ("$.invoices", "wrong-type"),
    )
    assert refused(receivables.ageing, [one, one, 5], as_of="today") == (
        ("$.as_of", "wrong-type"),
        ("$.invoices[1].id", "duplicate"),
        ("$.invoices[2]", "wrong-type"),
    )
    assert refused(receivables.ageing, [], as_of=TODAY) == (("$.currency", "missing"),)
    assert refused(receivables.ageing, [], as_of=TODAY, currency="RMB") == (
        ("$.currency", "unknown-choice"),
    )


# ── for tiering (S3-16, S3-21) ──────────────────────────────────────────────────


@given(BOOKS)
def test_a_position_agrees_with_the_ageing(book: list[Invoice]) -> None:
    position = receivables.position(book, as_of=TODAY, currency="CNY")
    verdict = aged(*book)

    assert position.total == verdict.total.amount
    over = next(row for row in verdict.rows if row.bucket == "over-90")
    assert position.overdue_90 in {over.amount.amount, None}


def test_an_undated_invoice_of_long_ago_leaves_the_late_part_unknown() -> None:
    old, new = bill("i1", "5", due=None, age=91), bill("i2", "5", due=None, age=90)

    assert receivables.position([old], as_of=TODAY).overdue_90 is None
    assert receivables.position([new], as_of=TODAY).overdue_90 == 0


def collections(*book: Invoice, as_of: dt.date = TODAY) -> receivables.Collections:
    return receivables.collected(
        book,
        begins_on=dt.date(2025, 1, 1),
        ends_on=dt.date(2025, 12, 31),
        as_of=as_of,
        currency="CNY",
    )


@given(BOOKS)
def test_what_was_paid_in_time_was_paid_and_what_was_paid_was_due(
    book: list[Invoice],
) -> None:
    found = collections(*book)

    assert cny("0") <= found.on_time <= found.collected <= found.due


def test_a_year_gets_its_payment_figures_from_invoices() -> None:
    paid = [Receipt(TODAY - 3 * DAY, cny("6"))]
    found = collections(
        bill("i1", "10", due=3, receipts=paid),
        bill("i2", "5", due=8),
        bill("credit", "-4", due=8),
        bill("later", "9", due=-5),
    )

    year = found.into(YearMetrics(2025, sales=100))

    assert [year.due, year.collected, year.on_time] == [15, 6, 6]
    assert year.sales == 100
    assert (found.collection_rate, found.timeliness) == (0.4, 0.4)
    assert found.explain()[1] == "  collection rate (paid ÷ due): 40%"


def test_an_undated_invoice_leaves_the_rates_unknown() -> None:
    found = collections(bill("i1", "10", due=3), bill("i2", "5", due=None))

    year = found.into(YearMetrics(2025, due=1, collected=1, on_time=1))

    assert (found.collection_rate, found.timeliness) == (None, None)
    assert (year.due, year.collected, year.on_time) == (None, None, None)
    assert found.explain()[1].startswith("  invoices of 5 CNY have no due date")


def test_an_undated_invoice_that_was_paid_long_ago_does_not_count() -> None:
    paid = [Receipt(dt.date(2024, 12, 31), cny("5"))]

    found = collections(bill("i1", "5", due=None, age=400, receipts=paid))

    assert (found.undated, found.due) == (cny("0"), cny("0"))
    assert found.collection_rate is None


def test_a_period_goes_into_its_own_year_only() -> None:
    assert refused(collections().into, YearMetrics(2024)) == (
        ("$.ends_on", "contradiction"),
    )


def test_an_account_is_classed_by_what_its_invoices_tell() -> None:
    position = receivables.position(
        [bill("i1", "30", due=91), bill("i2", "70", due=0)], as_of=TODAY
    )

    found = tiering.FACTS.read({"overdue_share": position.overdue_90 / position.total})  # type: ignore[operator]  # known here

    assert found["overdue_share"] == 0.3


# ── for measure ─────────────────────────────────────────────────────────────────


@given(BOOKS)
def test_a_period_is_added_up_from_invoices(book: list[Invoice]) -> None:
    begins_on = TODAY - 29 * DAY
    found = receivables.totals(book, begins_on=begins_on, ends_on=TODAY, currency="CNY")
    verdict = aged(*book)

    assert found.closing == verdict.total
    assert found.opening == aged(*book, as_of=begins_on - DAY).total
    if not verdict.perhaps_overdue.amount:
        assert found.closing_current == verdict.total - verdict.overdue
    else:
        assert found.closing_current is None


def test_credit_notes_are_taken_off_the_sales_of_the_period() -> None:
    found = receivables.totals(
        [
            bill("i1", "30", due=0, age=10),
            bill("credit", "-5", due=0, age=5),
            bill("old", "70", due=0, age=100),
        ],
        begins_on=dt.date(2025, 11, 1),
        ends_on=TODAY,
    )

    assert found.credit_sales == cny("25")
    assert found.months == 1


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    ends = {"begins_on": TODAY, "ends_on": TODAY - DAY, "currency": "CNY"}

    assert refused(receivables.totals, [], **ends) == (("$.ends_on", "contradiction"),)
    assert refused(receivables.collected, [], as_of=TODAY, **ends) == (
        ("$.ends_on", "contradiction"),
    )
    assert refused(
        receivables.totals, [], begins_on=dt.date.min, ends_on=TODAY, currency="CNY"
    ) == (("$.begins_on", "bad-date"),)
