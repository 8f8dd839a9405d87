"""What a contract is worth: the closed form, its bounds, and what it assumes."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import Contract, Customer, Money, ValueTier
from keyaccount.exceptions import CurrencyMismatchError, InvalidValueError
from keyaccount.models import lifetime, tiering
from keyaccount.models.lifetime import (
    AmountRange,
    Assumption,
    FirstMargin,
    LifetimePolicy,
    LifetimeVerdict,
)
from tests.refusals import refused
from tests.strategies import contracts, moneys


DAY = dt.date(2025, 12, 31)
SHIPPED = lifetime.default_policy()
NOW = attrs.evolve(SHIPPED, first_margin=FirstMargin.NOW)
BOTH = st.sampled_from([SHIPPED, NOW])

margins = st.decimals(-(10**6), 10**6, places=2)
retentions = st.decimals(0, 1, places=4)
rates = st.decimals(0, 2, places=4)
spans = st.none() | st.integers(1, 100)


def usd(text: str) -> Money:
    return Money.of(f"{text} USD")


def contract(margin: str | None = "1000", retention: str | None = "0.8") -> Contract:
    return Contract(
        "c1",
        "USD",
        None if margin is None else Decimal(margin),
        None if retention is None else Decimal(retention),
    )


def worth(given_: Contract, **more: object) -> LifetimeVerdict:
    return lifetime.value(given_, as_of=DAY, **more)  # type: ignore[arg-type]  # arguments by name


def known(verdict: LifetimeVerdict) -> Money:
    assert verdict.value is not None
    return verdict.value


def ends(own: AmountRange) -> tuple[Decimal, Decimal]:
    """Return both bounds; one that is not there is as far away as can be."""
    low = Decimal("-Infinity") if own.low is None else own.low.amount
    return low, Decimal("Infinity") if own.high is None else own.high.amount


# ── the closed form (2.1, S3-1) ─────────────────────────────────────────────────


def test_the_value_is_margin_times_retention_by_one_plus_discount_less_retention() -> (
    None
):
    verdict = worth(contract(), discount=Decimal("0.10"))

    assert verdict.value == usd("2666.67")  # 1000 × 0.8 ÷ 0.3
    assert verdict.possible == (usd("2666.67"),)


def test_a_margin_that_comes_at_once_is_worth_just_that_much_more() -> None:
    assert known(worth(contract(), policy=NOW)) == usd("3666.67")


@given(margins, retentions, rates, st.integers(1, 100))
def test_over_some_years_it_is_the_sum_of_these_years(
    margin: Decimal, retention: Decimal, discount: Decimal, years: int
) -> None:
    given_ = Contract("c1", "USD", margin, retention)
    kept = Fraction(retention) / (1 + Fraction(discount))

    for policy, first in ((SHIPPED, 1), (NOW, 0)):
        told = worth(given_, discount=discount, years=years, policy=policy)
        summed = sum(Fraction(margin) * kept**at for at in range(first, first + years))
        assert abs(Fraction(known(told).amount) - summed) <= Fraction(1, 200)


@given(margins, retentions, rates)
def test_without_end_it_is_a_year_and_then_the_same_again(
    margin: Decimal, retention: Decimal, discount: Decimal
) -> None:
    assume(retention < 1 + discount)
    kept = Fraction(retention) / (1 + Fraction(discount))
    given_ = Contract("c1", "USD", margin, retention)
    told = Fraction(known(worth(given_, discount=discount)).amount)

    assert abs(told - kept * (Fraction(margin) + told)) <= Fraction(1, 100)


@given(margins, st.decimals(0, Decimal("0.9"), places=4), rates, BOTH)
def test_many_years_come_close_to_no_end(
    margin: Decimal, retention: Decimal, discount: Decimal, policy: LifetimePolicy
) -> None:
    given_ = Contract("c1", "USD", margin, retention)
    kept = Fraction(retention) / (1 + Fraction(discount))

    endless = known(worth(given_, discount=discount, policy=policy)).amount
    long = known(worth(given_, discount=discount, years=100, policy=policy)).amount

    left = abs(Fraction(margin)) * kept**100 / (1 - kept)
    assert abs(Fraction(endless) - Fraction(long)) <= left + Fraction(1, 100)


def test_a_value_is_rounded_once_to_the_minor_unit_of_its_currency() -> None:
    third = Contract("c1", "JPY", Decimal(1000), Decimal("0.5"))
    gold = Contract("c1", "XAU", Decimal(1), Decimal("0.5"))

    assert known(worth(third)) == Money.of("833 JPY")
    assert known(worth(gold)) == Money.of("0.833333333333 XAU")


# ── laws ────────────────────────────────────────────────────────────────────────


@given(contracts(), st.decimals(0, 10**6, places=2), rates, spans, BOTH)
def test_more_margin_is_never_worth_less(
    given_: Contract,
    more: Decimal,
    discount: Decimal,
    years: int | None,
    policy: LifetimePolicy,
) -> None:
    assume(given_.margin is not None)
    assume(not (given_.retention in {1, None} and discount == 0 and years is None))
    assert given_.margin is not None
    better = attrs.evolve(given_, margin=given_.margin + more)

    def told(one: Contract) -> tuple[Decimal, Decimal]:
        return ends(worth(one, discount=discount, years=years, policy=policy).own)

    assert told(better)[0] >= told(given_)[0]
    assert told(better)[1] >= told(given_)[1]


@given(
    margins.map(abs),
    st.tuples(retentions, retentions).map(sorted),
    rates,
    spans,
    BOTH,
)
def test_whoever_brings_money_is_worth_more_the_likelier_it_stays(
    margin: Decimal,
    ordered: list[Decimal],
    discount: Decimal,
    years: int | None,
    policy: LifetimePolicy,
) -> None:
    assume(not (ordered[1] == 1 and discount == 0 and years is None))

    less, more = (
        known(
            worth(
                Contract("c1", "USD", margin, retention),
                discount=discount,
                years=years,
                policy=policy,
            )
        )
        for retention in ordered
    )

    assert more >= less


@given(margins, retentions, rates, rates, BOTH)
def test_dearer_money_makes_a_margin_worth_less(
    margin: Decimal,
    retention: Decimal,
    one: Decimal,
    other: Decimal,
    policy: LifetimePolicy,
) -> None:
    given_ = Contract("c1", "USD", margin.copy_abs(), retention)
    cheap, dear = sorted((one, other))
    assume(not (retention == 1 and cheap == 0))

    low = known(worth(given_, discount=dear, policy=policy))
    high = known(worth(given_, discount=cheap, policy=policy))

    assert low <= high


@given(contracts(), st.data(), rates, spans, BOTH)
def test_whatever_is_unknown_the_truth_stays_within_the_bounds(
    given_: Contract,
    data: st.DataObject,
    discount: Decimal,
    years: int | None,
    policy: LifetimePolicy,
) -> None:
    whole = attrs.evolve(
        given_,
        margin=data.draw(st.decimals(-(10**9), 10**9, places=2))
        if given_.margin is None
        else given_.margin,
        retention=data.draw(st.decimals(0, 1, places=4))
        if given_.retention is None
        else given_.retention,
    )
    assume(not (whole.retention == 1 and discount == 0 and years is None))
    terms = {"discount": discount, "years": years, "policy": policy}

    verdict, truth = worth(given_, **terms), known(worth(whole, **terms))

    assert truth in verdict.own
    assert verdict.is_settled <= (verdict.value == truth)


@given(contracts(), rates, spans, BOTH)
def test_what_is_unknown_is_asked_for_just_where_the_value_is_open(
    given_: Contract, discount: Decimal, years: int | None, policy: LifetimePolicy
) -> None:
    verdict = worth(given_, discount=discount, years=years, policy=policy)

    unknown = [name for name, held in lifetime.facts(given_).items() if held is None]
    asked = [gap.fact for gap in verdict.missing]
    assert asked == ([] if verdict.is_settled else unknown)
    assert verdict.is_settled or asked or "never-ends" in verdict.flags


@given(contracts(), spans, BOTH, st.booleans())
def test_a_verdict_survives_and_speaks(
    given_: Contract, years: int | None, policy: LifetimePolicy, named: bool
) -> None:
    referral = Money(Decimal(5), given_.currency) if named else None
    verdict = worth(given_, years=years, policy=policy, referral=referral)

    assert worth(given_, years=years, policy=policy, referral=referral) == verdict
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
    back = wire.loads(wire.dumps(verdict), LifetimeVerdict)
    assert back == verdict
    for locale in ("en", "zh-Hans", "zh-Hant"):
        assert back.explain(locale) == verdict.explain(locale)
        assert not [line for line in verdict.explain(locale) if "lifetime-" in line]
    assert len(repr(verdict)) <= 120


# ── what is not known, and what has no end (S3-1) ───────────────────────────────


def test_a_customer_of_unknown_retention_is_worth_something_between() -> None:
    verdict = worth(contract(retention=None))

    assert verdict.own == AmountRange(usd("0.00"), usd("10000.00"))
    assert [gap.fact for gap in verdict.missing] == ["retention"]
    assert verdict.explain()[0] == "Own value: between 0 USD and 10,000 USD"
    assert str(verdict.own) == "0 USD … 10,000 USD"


def test_where_nothing_is_discounted_an_unknown_retention_has_no_upper_bound() -> None:
    verdict = worth(contract(retention=None), discount=Decimal(0))

    assert verdict.own == AmountRange(usd("0.00"), None)
    assert verdict.explain()[0] == "Own value: at least 0 USD"
    loss = worth(contract("-1000", None), discount=Decimal(0))
    assert loss.own == AmountRange(None, usd("0.00"))
    assert loss.explain()[0] == "Own value: at most 0 USD"
    assert loss.flags == ("negative-margin",)


def test_a_bound_too_large_to_be_written_is_none() -> None:
    huge = contract(str(9 * 10**14), None)

    assert worth(huge).own == AmountRange(usd("0.00"), None)
    with pytest.raises(InvalidValueError):
        worth(contract(str(9 * 10**14), "1"))


def test_an_unknown_margin_leaves_everything_open() -> None:
    verdict = worth(contract(None))

    assert verdict.own == AmountRange(None, None)
    assert verdict.own.exact is None
    assert str(verdict.own) == "−∞ … ∞"
    assert [gap.fact for gap in verdict.missing] == ["yearly_margin"]
    assert verdict.explain()[0] == "Own value: not known yet"


def test_who_surely_leaves_is_worth_nothing_whatever_it_would_bring() -> None:
    verdict = worth(contract(None, "0"))

    assert verdict.value == usd("0.00")
    assert verdict.missing == ()


def test_who_brings_nothing_is_worth_nothing_however_long_it_stays() -> None:
    assert known(worth(contract("0", None), discount=Decimal(0))) == usd("0")
    assert known(worth(contract("0", "1"), discount=Decimal(0))) == usd("0")


def test_who_never_leaves_while_nothing_is_discounted_needs_a_number_of_years() -> None:
    verdict = worth(contract(retention="1"), discount=Decimal(0))

    assert verdict.value is None
    assert verdict.own == AmountRange(None, None)
    assert verdict.flags == ("never-ends",)
    assert verdict.explain()[0].startswith("Own value: none that could be named")
    some = worth(contract(retention="1"), discount=Decimal(0), years=7)
    assert known(some) == usd("7000")
    assert "1,000 a year × 7 years" in some.explain()[1]


# ── what stands beside the value ────────────────────────────────────────────────


@given(contracts(), st.data())
def test_what_influence_brings_stands_apart_from_the_own_value(
    given_: Contract, data: st.DataObject
) -> None:
    referral = data.draw(moneys(given_.currency))

    plain, beside = worth(given_), worth(given_, referral=referral)

    assert beside.own == plain.own
    assert beside.value == plain.value
    assert beside.referral == referral
    assert any("not added" in line for line in beside.explain())


def test_somebody_who_wants_the_sum_says_so() -> None:
    verdict = worth(contract(), referral=usd("100"))
    half_open = AmountRange(usd("1"), None)

    assert verdict.referral is not None
    assert verdict.own.plus(verdict.referral).exact == usd("2766.67")
    assert half_open.plus(usd("1")) == AmountRange(usd("2"), None)
    assert AmountRange(None, usd("1")).plus(usd("1")) == AmountRange(None, usd("2"))
    with pytest.raises(CurrencyMismatchError):
        verdict.own.plus(Money.of("1 CNY"))


def test_a_range_holds_amounts_only() -> None:
    assert usd("5") in AmountRange(usd("5"), usd("6"))
    assert usd("7") not in AmountRange(usd("5"), usd("6"))
    assert usd("4") not in AmountRange(usd("5"), None)
    assert 5 not in AmountRange()


def test_a_referral_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        worth(contract(), referral=Money.of("5 CNY"))


def test_a_verdict_lists_what_it_assumes() -> None:
    endless, ten = worth(contract()), worth(contract(), years=10, policy=NOW)

    assert endless.assumptions == (
        Assumption.CONSTANT_MARGIN,
        Assumption.CONSTANT_RETENTION,
        Assumption.YEARLY,
        Assumption.FIRST_IN_A_YEAR,
        Assumption.WITHOUT_END,
    )
    assert ten.assumptions[-2:] == (Assumption.FIRST_NOW, Assumption.TO_HORIZON)
    assert (ten.years, ten.discount) == (10, SHIPPED.number("discount"))


def test_a_lifetime_value_is_what_tiering_takes_where_that_is_its_basis() -> None:
    policy = attrs.evolve(
        tiering.default_policy(), basis=tiering.ValueBasis.LIFETIME
    )  # S3-6
    verdict = worth(contract("60000000", "0.9"))

    tier = tiering.classify(
        Customer("c1", "Acme", "USD"),
        as_of=DAY,
        lifetime=known(verdict),
        policy=policy,
    )

    assert ValueTier.DIAMOND in tier.possible


# ── arguments and policy ────────────────────────────────────────────────────────


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refused(
        lifetime.value,
        "c1",
        as_of="2025",
        discount=0.1,
        years=0,
        referral=5,
    ) == (
        ("$.as_of", "wrong-type"),
        ("$.contract", "wrong-type"),
        ("$.referral", "wrong-type"),
        ("$.discount", "wrong-type"),
        ("$.years", "out-of-range"),
    )


@pytest.mark.parametrize(
    "discount", ["-0.1", "NaN", "sNaN", "Infinity", "1e999999", "0.00001", "1e-999999"]
)
def test_a_discount_is_a_plain_rate(discount: str) -> None:
    assert refused(worth, contract(), discount=Decimal(discount)) == (
        ("$.discount", "out-of-range"),
    )


@pytest.mark.parametrize(
    "years,code",
    [
        (True, "wrong-type"),
        (2.5, "wrong-type"),
        (Decimal("2.5"), "out-of-range"),
        (Decimal("NaN"), "out-of-range"),
        (101, "out-of-range"),
        (10**4_000, "out-of-range"),
    ],
)
def test_years_are_whole(years: object, code: str) -> None:
    assert refused(worth, contract(), years=years) == (("$.years", code),)


def test_the_shipped_policy_says_why_of_everything() -> None:
    assert policies.lint(SHIPPED) == ()
    assert wire.structure(wire.unstructure(SHIPPED), LifetimePolicy) == SHIPPED


@pytest.mark.parametrize(
    "name,value",
    [
        ("discount", "-0.1"),
        ("purchase_years", "0"),
        ("purchase_years", "2.5"),
        ("periods_a_year", "0"),
        ("most_correlation", "NaN"),
        ("fewest_customers", "0.5"),
        ("fewest_repeating", "Infinity"),
    ],
)
def test_a_number_out_of_range_is_refused(name: str, value: str) -> None:
    numbers = tuple(
        attrs.evolve(one, value=Decimal(value)) if one.id == name else one
        for one in SHIPPED.numbers
    )

    assert refused(attrs.evolve, SHIPPED, numbers=numbers) == (
        (f"$.numbers.{name}.value", "out-of-range"),
    )


def test_every_number_must_be_there_and_others_may_be() -> None:
    extra = attrs.evolve(SHIPPED.numbers[0], id="mine", value=Decimal(-1))
    more = attrs.evolve(SHIPPED, numbers=(*SHIPPED.numbers, extra))

    assert more.number("mine") == -1
    assert {code for _, code in refused(attrs.evolve, SHIPPED, numbers=())} == {
        "missing"
    }


def test_a_firm_may_set_its_own_cost_of_capital() -> None:
    own = policies.read(
        {"based_on": "lifetime", "numbers": {"discount": Decimal("0.2")}},
        LifetimePolicy,
    )

    assert known(worth(contract(), policy=own)) == usd("2000")  # 800 ÷ 0.4
