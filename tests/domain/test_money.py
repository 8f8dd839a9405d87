"""Money adds exactly, never mixes currencies, and refuses what is no amount."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.domain import CURRENCIES, Money
from keyaccount.exceptions import CurrencyMismatchError
from tests.refusals import refused
from tests.strategies import amounts, currencies, moneys


@pytest.mark.parametrize(
    "text, amount, currency",
    [
        ("1200000 CNY", "1200000", "CNY"),
        ("CNY 1200000", "1200000", "CNY"),
        ("-0.50 USD", "-0.50", "USD"),
        ("+7 JPY", "7", "JPY"),
        ("EUR   3.125", "3.125", "EUR"),
    ],
)
def test_money_is_read_from_short_text(text: str, amount: str, currency: str) -> None:
    assert Money.of(text) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text, code",
    [
        ("1,200,000 CNY", "bad-syntax"),
        ("1_000 CNY", "bad-syntax"),
        ("１２３ CNY", "bad-syntax"),
        ("٣ CNY", "bad-syntax"),
        ("1e6 CNY", "bad-syntax"),
        ("NaN CNY", "bad-syntax"),
        ("Infinity CNY", "bad-syntax"),
        ("1200000", "bad-syntax"),
        ("¥5", "bad-syntax"),
        ("5 cny", "bad-syntax"),
        ("5 CNY 6", "bad-syntax"),
        ("", "empty"),
        ("5 CNY\0", "not-text"),
        pytest.param("9" * 20_000 + " CNY", "too-long", id="very long"),
        (None, "missing"),
        (5, "wrong-type"),
    ],
)
def test_text_that_is_no_money_is_refused(text: object, code: str) -> None:
    assert refused(Money.of, text) == (("$", code),)


def test_too_many_digits_are_refused_when_read() -> None:
    assert refused(Money.of, "9" * 9_000 + " CNY") == (("$.amount", "out-of-range"),)


@pytest.mark.parametrize(
    "amount, code",
    [
        (0.1, "wrong-type"),
        (True, "wrong-type"),
        ("12", "wrong-type"),
        (1j, "wrong-type"),
        (None, "missing"),
        (float("nan"), "not-finite"),
        (float("inf"), "not-finite"),
        (Decimal("NaN"), "not-finite"),
        (Decimal("sNaN"), "not-finite"),
        (Decimal("-Infinity"), "not-finite"),
        (Decimal("1E+999999"), "out-of-range"),
        (Decimal("1E-999999"), "out-of-range"),
        (Decimal("0E-999999"), "out-of-range"),
        (Decimal("1E+16"), "out-of-range"),
        (Decimal("1000000000000000.01"), "out-of-range"),
        (Decimal("0.1234567890123"), "out-of-range"),
        (Decimal("1" * 29).scaleb(-20), "out-of-range"),
        (10**16, "out-of-range"),
        (10**40, "out-of-range"),
        pytest.param(-(10**5_000), "out-of-range", id="five thousand digits"),
    ],
)
def test_what_is_no_amount_is_refused(amount: object, code: str) -> None:
    assert refused(Money, amount, "CNY") == (("$.amount", code),)


def test_the_remedy_for_a_float_can_be_copied() -> None:
    with pytest.raises(ValueError, match=r"Decimal\('0\.1'\)"):
        Money(0.1, "CNY")  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize(
    "code", ["CNX", "cny", "", "ＣＮＹ", "XXX", pytest.param("C" * 9_999, id="long")]
)
def test_an_unknown_currency_is_refused(code: str) -> None:
    assert refused(Money, 1, code) == (("$.currency", "unknown-choice"),)


def test_a_misspelt_currency_is_guessed() -> None:
    with pytest.raises(ValueError, match="use 'CNY'"):
        Money(Decimal(1), " cny")


def test_everything_wrong_is_said_at_once() -> None:
    assert refused(Money, 0.5, 7) == (
        ("$.amount", "wrong-type"),
        ("$.currency", "wrong-type"),
    )


@pytest.mark.parametrize("amount", ["1E+15", "-1E+15", "1E-12", "0", "-0", "1E+3"])
def test_the_bounds_themselves_are_fine(amount: str) -> None:
    assert Money(Decimal(amount), "CNY").amount == Decimal(amount)


@given(moneys())
def test_what_money_shows_can_be_read_back(money: Money) -> None:
    assert Money.of(str(money)) == money
    assert eval(repr(money)) == money  # noqa: S307 - the repr is code to copy
    assert len(repr(money)) < 60


@given(moneys("EUR"), moneys("EUR"), moneys("EUR"))
def test_addition_is_commutative_and_associative(
    first: Money, second: Money, third: Money
) -> None:
    assert first + second == second + first
    assert (first + second) + third == first + (second + third)


@given(moneys("EUR"), moneys("EUR"))
def test_subtraction_undoes_addition(first: Money, second: Money) -> None:
    assert first + second - second == first
    assert first - second == first + -second
    assert -first + first == Money.of("0 EUR")


@given(st.lists(moneys("EUR"), max_size=30))
def test_a_total_is_the_exact_sum_in_any_order(parts: list[Money]) -> None:
    exact = sum((Fraction(part.amount) for part in parts), Fraction(0))

    assert Fraction(Money.total(parts, "EUR").amount) == exact
    assert Money.total(parts[::-1], "EUR") == Money.total(parts, "EUR")


@given(moneys(), st.integers(-100, 100), amounts(-100, 100, places=3))
def test_multiplication_rounds_to_twelve_decimals_half_to_even(
    money: Money, whole: int, fraction: Decimal
) -> None:
    exact = Fraction(money.amount) * Fraction(fraction)

    assert Fraction((money * whole).amount) == Fraction(money.amount) * whole
    assert whole * money == money * whole
    assert Fraction((money * fraction).amount) == Fraction(round(exact * 10**12)) / (
        10**12
    )


@given(moneys("EUR"), moneys("EUR"))
def test_order_is_the_order_of_the_amounts(first: Money, second: Money) -> None:
    assert (first < second) is (first.amount < second.amount)
    assert (first <= second) is (first.amount <= second.amount)
    assert (first > second) is (first.amount > second.amount)
    assert (first >= second) is (first.amount >= second.amount)


@given(moneys())
def test_equal_amounts_are_one_value_however_written(money: Money) -> None:
    padded = Money(money.amount + Decimal("0.00"), money.currency)

    assert padded == money
    assert hash(padded) == hash(money)


@given(moneys("EUR"), moneys("USD"))
def test_two_currencies_never_meet(euro: Money, dollar: Money) -> None:
    assert euro != dollar
    with pytest.raises(CurrencyMismatchError, match="EUR and USD"):
        euro + dollar
    with pytest.raises(CurrencyMismatchError):
        euro - dollar
    with pytest.raises(CurrencyMismatchError):
        euro < dollar  # noqa: B015 - the comparison is what fails
    with pytest.raises(CurrencyMismatchError):
        Money.total([euro, dollar], "EUR")


def test_a_sum_does_not_depend_on_the_ambient_context() -> None:
    with decimal.localcontext(decimal.Context(prec=3)):
        total = Money.of("1234567.89 CNY") + Money.of("0.01 CNY")
        negative = -Money.of("1234567.89 CNY")

    assert str(total) == "1234567.90 CNY"
    assert str(negative) == "-1234567.89 CNY"


@pytest.mark.parametrize("factor", [0.5, True, "2", None, Decimal("NaN"), 10**40])
def test_a_factor_that_is_no_exact_number_is_refused(factor: object) -> None:
    ((path, _),) = refused(Money.of("2 CNY").__mul__, factor)

    assert path == "$.factor"


def test_money_times_money_means_nothing() -> None:
    with pytest.raises(TypeError):
        Money.of("2 CNY") * Money.of("2 CNY")  # type: ignore[operator]  # the mistake under test


@pytest.mark.parametrize("other", [1, Decimal(1), "1 CNY", None])
def test_money_and_something_else_do_not_mix(other: object) -> None:
    money = Money.of("2 CNY")

    assert money != other
    assert money.__add__(other) is NotImplemented  # type: ignore[operator]  # the mistake under test
    assert money.__sub__(other) is NotImplemented  # type: ignore[operator]  # the mistake under test
    assert money.__lt__(other) is NotImplemented  # type: ignore[operator]  # the mistake under test


def test_a_result_out_of_bounds_is_refused() -> None:
    most = Money.of("1000000000000000 CNY")

    assert refused(most.__add__, most) == (("$.amount", "out-of-range"),)
    assert refused(most.__mul__, 10**15) == (("$.amount", "out-of-range"),)


def test_a_total_of_something_else_names_the_place() -> None:
    parts = [Money.of("1 CNY"), 2, None]

    assert refused(Money.total, parts, "CNY") == (
        ("$[1]", "wrong-type"),
        ("$[2]", "missing"),
    )
    assert refused(Money.total, [], "cny") == (("$.currency", "unknown-choice"),)
    assert Money.total([], "CNY") == Money.of("0 CNY")


@pytest.mark.parametrize(
    "money, rounded",
    [
        ("0.125 EUR", "0.12 EUR"),
        ("0.135 EUR", "0.14 EUR"),
        ("10.5 JPY", "10 JPY"),
        ("1.23456 KWD", "1.235 KWD"),
        ("1.23456 XAU", "1.23456 XAU"),
    ],
)
def test_rounding_is_half_to_even_to_the_minor_unit(money: str, rounded: str) -> None:
    assert str(Money.of(money).rounded()) == rounded


@given(currencies)
def test_every_currency_has_a_plausible_minor_unit(code: str) -> None:
    assert CURRENCIES[code] in {None, 0, 2, 3, 4}
    assert Money(Decimal(1), code).rounded() == Money(Decimal(1), code)
