"""Tiering: the laws that hold for every customer. The examples are case files."""

from __future__ import annotations

import datetime as dt
import decimal
import inspect
import pickle
from decimal import Decimal
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount import policies
from keyaccount.domain import (
    Customer,
    FxTable,
    Money,
    Outlook,
    ProspectClass,
    Receivables,
    Relation,
    Standing,
    ThreeLevelGrade,
    TierOverride,
    TierRecord,
    ValueTier,
    YearMetrics,
)
from keyaccount.exceptions import (
    CurrencyMismatchError,
    InvalidValueError,
    MissingRateError,
    PolicyError,
    UnknownFactError,
    UnknownNameError,
)
from keyaccount.models import tiering
from keyaccount.tri import Tri


NOW = dt.date(2025, 12, 31)
CLEAN = Standing(reputation_harm=Tri.NO, dispute=Tri.NO)
PAID = Receivables(NOW, Decimal(100), Decimal(0))

money = st.integers(0, 200_000_000).map(float)
shares = st.integers(0, 100).map(lambda n: n / 100)
KNOWN: dict[str, st.SearchStrategy[float] | st.SearchStrategy[bool]] = {
    "contribution": money,
    "years_in_row": st.integers(1, 5).map(float),
    "lowest_contribution": money,
    "growth_ratio": st.integers(0, 200).map(lambda n: n / 100),
    "gross_margin": st.integers(-50, 100).map(lambda n: n / 100),
    "collection_rate": shares,
    "timeliness": shares,
    "influence": st.integers(0, 100).map(float),
    "overdue_share": shares,
    "reputation_harm": st.booleans(),
    "dispute": st.booleans(),
}
complete = st.fixed_dictionaries(KNOWN)
partial = st.fixed_dictionaries({n: st.none() | s for n, s in KNOWN.items()})
BETTER_HIGHER = tuple(tiering.FACTS.names[:8])


def customer(*sales: int, year: int = 2025, **fields: object) -> Customer:
    years = [
        YearMetrics(year - back, sales=amount)
        for back, amount in enumerate(reversed(sales))
    ]
    return Customer("c1", "Acme", "USD", years=years, **fields)  # type: ignore[arg-type]  # test data


def full(
    sales: int, before: int, profit: int, collected: int = 95, on_time: int = 90
) -> Customer:
    years = (
        YearMetrics(2024, sales=before),
        YearMetrics(
            2025,
            sales=sales,
            gross_profit=profit,
            due=100,
            collected=collected,
            on_time=on_time,
        ),
    )
    return Customer("c1", "Acme", "USD", years=years, influence=Decimal(50))


@given(complete, st.sampled_from(BETTER_HIGHER), st.data())
def test_a_better_fact_never_lowers_the_rung(
    facts: dict[str, object], name: str, data: st.DataObject
) -> None:
    pair = [facts[name], data.draw(KNOWN[name])]
    worse, better = sorted(pair, key=lambda value: float(str(value)))

    now = tiering.judge({**facts, name: worse})
    then = tiering.judge({**facts, name: better})

    assert then.possible[0].rank <= now.possible[0].rank


@given(partial, complete)
def test_every_way_of_filling_in_the_unknown_stays_within_what_was_possible(
    facts: dict[str, object], told: dict[str, object]
) -> None:
    known = {name: told[name] if v is None else v for name, v in facts.items()}
    if facts["contribution"] is None:  # without sales: unclassified, by rule
        known["contribution"] = None
        assert tiering.judge(facts).value is ValueTier.UNCLASSIFIED

    before, after = tiering.judge(facts), tiering.judge(known)

    assert set(after.possible) <= set(before.possible)
    assert before.score.low <= after.score.low <= after.score.high <= before.score.high
    assert before.is_problem in {after.is_problem, Tri.UNKNOWN}


@given(partial)
def test_a_verdict_asks_for_every_unknown_fact_once(facts: dict[str, object]) -> None:
    verdict = tiering.judge(facts)

    asked = [gap.fact for gap in verdict.missing]
    assert sorted(asked) == sorted(n for n, value in facts.items() if value is None)
    assert verdict.is_settled == (len(verdict.possible) == 1)


@given(partial)
def test_the_same_facts_give_the_same_verdict_and_it_survives_pickling(
    facts: dict[str, object],
) -> None:
    verdict = tiering.judge(facts, as_of=NOW)

    assert tiering.judge(facts, as_of=NOW) == verdict
    copy = pickle.loads(pickle.dumps(verdict))  # noqa: S301 - our own bytes
    assert copy == verdict
    assert hash(copy) == hash(verdict)
    assert copy.why == verdict.why


@given(partial, st.sampled_from(["en", "zh-Hans", "zh-Hant"]))
def test_every_verdict_explains_itself_in_every_language(
    facts: dict[str, object], locale: str
) -> None:
    verdict = tiering.judge(facts)

    lines = verdict.explain(locale)
    assert lines
    assert not any("?=" in line or "{" in line for line in lines)
    assert len(repr(verdict)) <= 120
    assert "<script" not in verdict._repr_html_()


def test_the_customers_own_revenue_is_no_fact_of_its_tier() -> None:
    """S3-5: classed by what it contributes to us, not by its size."""
    assert set(tiering.FACTS.names) == {
        "contribution",
        "years_in_row",
        "lowest_contribution",
        "growth_ratio",
        "gross_margin",
        "collection_rate",
        "timeliness",
        "influence",
        "overdue_share",
        "reputation_harm",
        "dispute",
    }
    assert "revenue" not in inspect.signature(tiering.classify).parameters


def test_influence_alone_lifts_nobody() -> None:
    """S3-11: influence weighs at most fifteen."""
    policy = tiering.default_policy()
    weights = {c.fact: c.weight for c in policy.criteria}

    assert weights["influence"] <= 15
    assert sum(weights.values()) == 100


def test_the_order_of_customers_changes_nobodys_tier() -> None:
    """S2-4: thresholds are absolute, so nobody moves because of another."""
    many = [
        attrs.evolve(customer(m, m), id=f"c{m}")
        for m in range(1, 120_000_000, 9_999_999)
    ]

    one_way = tiering.classify(many, as_of=NOW)
    other_way = tiering.classify(reversed(many), as_of=NOW)

    assert one_way == other_way[::-1]
    assert [v.value for v in one_way] == [
        tiering.classify(c, as_of=NOW).value for c in many
    ]


def test_what_stands_beside_many_customers_is_found_by_their_ids() -> None:
    two = [customer(5), attrs.evolve(customer(5), id="c2")]

    verdicts = tiering.classify(two, as_of=NOW, standing={"c2": CLEAN})

    assert verdicts[0].unchecked == (
        "collection",
        "late",
        "negative-margin",
        "overdue",
        "reputation",
        "dispute",
    )
    assert "dispute" not in verdicts[1].unchecked


@pytest.mark.parametrize(
    "tier, expected",
    [
        (ValueTier.DIAMOND, ThreeLevelGrade.STRATEGIC),
        (ValueTier.GOLD, ThreeLevelGrade.STRATEGIC),
        (ValueTier.STRATEGIC, ThreeLevelGrade.STRATEGIC),
        (ValueTier.POTENTIAL, ThreeLevelGrade.IMPORTANT),
        (ValueTier.GENERAL, ThreeLevelGrade.ORDINARY),
        (ValueTier.UNCLASSIFIED, None),
    ],
)
def test_every_rung_has_its_level_of_three(
    tier: ValueTier, expected: ThreeLevelGrade | None
) -> None:
    """S2-4, C-5."""
    assert tiering.grade(tier) is expected


def test_a_problem_keeps_the_grade_of_its_rung_and_is_supervised() -> None:
    verdict = tiering.classify(
        full(60_000_000, 60_000_000, 9_000_000, 70, 60), as_of=NOW
    )

    assert verdict.grade is ThreeLevelGrade.STRATEGIC
    assert verdict.is_supervised
    assert verdict.effective is ValueTier.PROBLEM


def test_an_open_verdict_has_no_grade_but_a_provisional_rung_on_request() -> None:
    verdict = tiering.judge({"contribution": 36e6, "growth_ratio": 1.2})

    assert verdict.grade is None
    assert verdict.value is None
    assert verdict.provisional is ValueTier.POTENTIAL


def test_a_tier_may_be_given_by_its_slug_and_a_misspelt_one_is_refused() -> None:
    assert tiering.grade("gold") is ThreeLevelGrade.STRATEGIC
    assert tiering.entitlements("problem").credit_hold
    for verb in (tiering.grade, tiering.entitlements):
        with pytest.raises(UnknownNameError, match="'diamond'"):
            verb("diamnd")


@pytest.mark.parametrize(
    "given, path", [(None, "$:"), ("abc", "$:"), ({"id": 1}, "$:"), ([None], r"$[0]:")]
)
def test_what_is_no_customer_is_refused_in_words(given: object, path: str) -> None:
    with pytest.raises(InvalidValueError, match="a Customer, or several") as caught:
        tiering.classify(given, as_of=NOW)  # type: ignore[call-overload]  # on purpose

    assert path in str(caught.value)


def test_a_customer_that_trades_has_no_prospect_class_and_a_prospect_no_tier() -> None:
    """S3-22, C-7: a tier or a prospect class, never both."""
    prospect = Customer("p", "Prospect", relation=Relation.PROSPECT)

    with pytest.raises(InvalidValueError, match=r"tiering\.prospect"):
        tiering.classify(prospect, as_of=NOW)


def test_the_overlay_is_only_for_general_customers() -> None:
    """S3-12."""
    outlook = Outlook(Decimal(95), Decimal(55))

    gold = tiering.classify(
        customer(60_000_000, 60_000_000), as_of=NOW, outlook=outlook
    )
    small = tiering.classify(customer(800, 800), as_of=NOW, outlook=outlook)

    assert gold.focus is None
    assert small.focus is ProspectClass.KEY_OPPORTUNITY


def test_many_prospects_are_judged_at_once() -> None:
    outlooks = [Outlook(Decimal(60), Decimal(60)), Outlook(Decimal(80), Decimal(30))]

    verdicts = tiering.prospect(outlooks)

    assert [v.value for v in verdicts] == [
        ProspectClass.KEY_OPPORTUNITY,
        ProspectClass.GENERAL_OPPORTUNITY,
    ]
    assert "score 60.0" in repr(verdicts[0])
    assert verdicts[0].explain("zh-Hans")[0] == "重要机会客户"


# ── Amounts, years, currencies ───────────────────────────────────────────────────


def test_the_shipped_amounts_are_marked_as_examples() -> None:
    assert "example-thresholds" in tiering.classify(customer(5), as_of=NOW).flags


def test_rates_turn_another_currency_into_the_policys() -> None:
    rates = FxTable.of([("USD", "CNY", dt.date(2020, 1, 1), Decimal(7))])
    chinese = attrs.evolve(customer(700_000_000, 700_000_000), currency="CNY")

    verdict = tiering.classify(chinese, as_of=NOW, fx=rates)

    assert verdict.value is ValueTier.DIAMOND
    with pytest.raises(CurrencyMismatchError, match="policy init"):
        tiering.classify(chinese, as_of=NOW)
    with pytest.raises(MissingRateError):
        tiering.classify(chinese, as_of=NOW, fx=FxTable())


def test_a_fiscal_year_may_end_on_the_last_of_february() -> None:
    years = (
        YearMetrics(2023, ends_on=dt.date(2023, 2, 28), sales=Decimal(100_000_000)),
        YearMetrics(2024, ends_on=dt.date(2024, 2, 29), sales=Decimal(100_000_000)),
    )
    verdict = tiering.classify(
        Customer("c", "C", "USD", years=years), as_of=dt.date(2024, 3, 1)
    )

    assert verdict.value is ValueTier.DIAMOND


def test_years_that_end_in_other_months_are_not_in_a_row() -> None:
    years = (
        YearMetrics(2024, ends_on=dt.date(2024, 6, 30), sales=Decimal(100_000_000)),
        YearMetrics(2025, sales=Decimal(100_000_000)),
    )
    found = tiering.years_of(Customer("c", "C", "USD", years=years), NOW)

    assert len(found.in_row) == 1


def test_a_part_year_between_ends_the_row() -> None:
    years = (
        YearMetrics(2023, sales=Decimal(1)),
        YearMetrics(2024, months=6, sales=Decimal(1)),
        YearMetrics(2025, sales=Decimal(1)),
    )
    found = tiering.years_of(Customer("c", "C", "USD", years=years), NOW)

    assert [year.year for year in found.in_row] == [2025]


def test_figures_of_long_ago_are_marked_stale() -> None:
    old = customer(5, year=2023)

    assert "stale-figures" in tiering.classify(old, as_of=NOW).flags
    assert "stale-figures" not in tiering.classify(old, as_of=dt.date(2025, 2, 3)).flags


def test_a_gross_profit_above_the_sales_leaves_the_margin_unknown() -> None:
    verdict = tiering.classify(full(100, 100, 101), as_of=NOW)

    assert "margin-above-sales" in verdict.flags
    assert "gross_margin" in [gap.fact for gap in verdict.missing]


def test_who_owes_nothing_is_late_with_nothing() -> None:
    nothing = Receivables(NOW, Decimal(0))

    facts = tiering.facts(
        customer(5),
        tiering.yardstick(tiering.default_policy()),
        as_of=NOW,
        receivables=nothing,
    )

    assert facts["overdue_share"] == 0.0


def test_a_due_of_nothing_leaves_the_rates_unknown() -> None:
    year = YearMetrics(2025, sales=Decimal(5), due=Decimal(0), collected=Decimal(0))
    verdict = tiering.classify(Customer("c", "C", "USD", years=(year,)), as_of=NOW)

    assert "collection_rate" in [gap.fact for gap in verdict.missing]


def test_a_lifetime_value_that_nobody_gave_leaves_the_customer_unclassified() -> None:
    policy = policies.read(
        {"based_on": "tiering", "basis": "lifetime"}, tiering.TieringPolicy
    )

    verdict = tiering.classify(customer(5), as_of=NOW, policy=policy)

    assert verdict.value is ValueTier.UNCLASSIFIED


def test_a_misspelt_fact_is_refused_with_the_near_match() -> None:
    with pytest.raises(UnknownFactError, match="gross_margin"):
        tiering.judge({"gros_margin": 0.3})


# ── What would lift it ───────────────────────────────────────────────────────────


@given(
    st.integers(1_000, 60_000_000),
    st.integers(1_000, 60_000_000),
    st.integers(0, 100),
    st.integers(50, 100),
)
def test_every_lift_really_reaches_the_rung(
    sales: int, before: int, margin: int, collected: int
) -> None:
    """S3-14: found on the figure, judged again on the customer."""
    one = full(sales, before, sales * margin // 100, collected, collected - 10)

    way = tiering.next_rung(one, as_of=NOW)

    for lift in way.lifts:
        assert way.target is not None
        figures = {change.lever.name: change.to for change in lift.changes}
        assert "influence" not in figures
        after = tiering.classify(tiering.what_if(one, figures, as_of=NOW), as_of=NOW)
        assert after.possible[0].rank <= way.target.rank


def test_the_least_sales_that_reach_the_amount_are_found_to_the_unit() -> None:
    one = full(45_000_000, 50_000_000, 18_000_000)

    way = tiering.next_rung(one, as_of=NOW, fixed=frozenset({"gross_profit"}))

    assert way.target is ValueTier.GOLD
    assert way.gap == 5_000_000
    assert [(c.lever.name, c.to) for c in way.lifts[0].changes] == [
        ("sales", Decimal(50_000_000))
    ]


def test_a_second_year_is_waited_for_where_no_change_of_this_year_helps() -> None:
    way = tiering.next_rung(full(45_000_000, 20_000_000, 18_000_000), as_of=NOW)

    assert way.target is ValueTier.GOLD
    assert way.lifts == ()
    assert way.waits_for_a_second_year


def test_a_problem_is_shown_its_way_out() -> None:
    one = full(60_000_000, 60_000_000, 18_000_000, collected=72, on_time=60)

    way = tiering.next_rung(one, as_of=NOW)

    assert [(c.lever.name, c.to) for c in way.cure[0].changes] == [
        ("collected", Decimal(80))
    ]


def test_only_a_lever_of_a_full_year_can_be_moved() -> None:
    with pytest.raises(UnknownNameError, match="'sales'"):
        tiering.what_if(customer(5), {"sails": Decimal(6)}, as_of=NOW)
    with pytest.raises(InvalidValueError, match="one full year that has ended"):
        tiering.what_if(Customer("c", "C", "USD"), {"sales": Decimal(6)}, as_of=NOW)


def test_more_sales_come_at_todays_margin() -> None:
    before = full(1_000, 900, 250)

    after = tiering.what_if(before, {"sales": Decimal(2_000)}, as_of=NOW)

    assert after.years[1].gross_profit == 500
    assert after.years[1].due == 200
    assert after.years[0] == before.years[0]


def test_nothing_lies_above_a_diamond_and_nothing_is_promised_to_the_unknown() -> None:
    diamond = tiering.next_rung(customer(120_000_000, 120_000_000), as_of=NOW)
    unknown = tiering.next_rung(Customer("c", "C", "USD"), as_of=NOW)

    assert diamond.target is None
    assert unknown.target is None
    assert unknown.lifts == ()


def test_without_gold_the_rung_above_strategic_is_diamond() -> None:
    policy = policies.read(
        {"based_on": "tiering", "use_gold": False}, tiering.TieringPolicy
    )

    way = tiering.next_rung(
        full(60_000_000, 60_000_000, 18_000_000), as_of=NOW, policy=policy
    )

    assert way.verdict.value is ValueTier.STRATEGIC
    assert way.target is ValueTier.DIAMOND


def test_a_rung_of_ones_own_choice_can_be_aimed_at() -> None:
    way = tiering.next_rung(
        full(2_000_000, 1_900_000, 600_000), as_of=NOW, target=ValueTier.GENERAL
    )

    assert way.target is ValueTier.GENERAL
    assert way.gap is None


def test_every_figure_of_a_lift_is_the_one_that_was_judged() -> None:
    """Beside more sales, the gross profit is what it then is, not today's share."""
    years = (
        YearMetrics(2024, sales=10_000_000),
        YearMetrics(2025, sales=13_000_000, gross_profit=-2_000_000),
    )
    one = Customer("c", "C", "USD", years=years, influence=Decimal(20))

    way = tiering.next_rung(one, as_of=NOW, target=ValueTier.STRATEGIC)

    figures = {c.lever.name: c.to for c in way.lifts[0].changes}
    after = tiering.what_if(one, figures, as_of=NOW).years[1]
    assert figures.keys() == {"sales", "gross_profit"}
    assert (after.sales, after.gross_profit) == tuple(figures.values())
    assert tiering.classify(
        tiering.what_if(one, figures, as_of=NOW), as_of=NOW
    ).possible[0] in {ValueTier.STRATEGIC, ValueTier.GOLD}


def test_nobody_waits_for_a_second_year_whose_year_before_was_good_enough() -> None:
    one = full(45_000_000, 55_000_000, 18_000_000)

    way = tiering.next_rung(one, as_of=NOW, fixed=frozenset({"sales"}))

    assert way.lifts == ()
    assert not way.waits_for_a_second_year


def test_a_second_year_is_waited_for_where_there_is_only_one() -> None:
    way = tiering.next_rung(
        customer(60_000_000), as_of=NOW, target=ValueTier.GOLD, fixed=frozenset()
    )

    assert way.waits_for_a_second_year


def test_what_nobody_knows_of_the_year_before_is_asked_for_not_waited_for() -> None:
    policy = policies.read(
        {"based_on": "tiering", "basis": "gross-profit"}, tiering.TieringPolicy
    )
    one = full(90_000_000, 90_000_000, 60_000_000)

    way = tiering.next_rung(one, as_of=NOW, target=ValueTier.GOLD, policy=policy)

    assert not way.waits_for_a_second_year
    assert "lowest_contribution" in [gap.fact for gap in way.verdict.missing]


def test_a_lifetime_value_waits_for_no_second_year() -> None:
    policy = policies.read(
        {"based_on": "tiering", "basis": "lifetime"}, tiering.TieringPolicy
    )

    way = tiering.next_rung(
        customer(5),
        as_of=NOW,
        target=ValueTier.GOLD,
        lifetime=Money.of("20000000 USD"),
        policy=policy,
    )

    assert way.gap == 30_000_000
    assert way.lifts == ()
    assert not way.waits_for_a_second_year


def test_a_rung_that_no_row_gives_is_neither_aimed_at_nor_accepted() -> None:
    policy = policies.read(
        {"based_on": "tiering", "drop": ["rows.gold"]}, tiering.TieringPolicy
    )
    one = full(60_000_000, 60_000_000, 18_000_000)

    assert tiering.next_rung(one, as_of=NOW, policy=policy).target is ValueTier.DIAMOND
    for tier in (ValueTier.GOLD, ValueTier.PROBLEM, ValueTier.UNCLASSIFIED):
        with pytest.raises(InvalidValueError, match="one of diamond, strategic"):
            tiering.next_rung(one, as_of=NOW, target=tier, policy=policy)


def test_a_misspelt_lever_is_refused_where_it_is_held_fixed_too() -> None:
    with pytest.raises(UnknownNameError, match="'sales'"):
        tiering.next_rung(customer(5), as_of=NOW, fixed=frozenset({"sails"}))


def test_amounts_of_hundreds_of_billions_are_searched_too() -> None:
    """A dong is worth a twenty-five thousandth of a dollar."""
    amounts = {"diamond": 9 * 10**14, "gold": 8 * 10**14, "strategic": 7 * 10**14}
    policy = policies.read(
        {"based_on": "tiering", "currency": "VND", "numbers": amounts},
        tiering.TieringPolicy,
    )
    one = attrs.evolve(full(5 * 10**14, 6 * 10**14, 10**14), currency="VND")

    way = tiering.next_rung(one, as_of=NOW, policy=policy)

    assert [(c.lever.name, c.to) for c in way.lifts[0].changes] == [
        ("sales", Decimal(70 * 10**13))
    ]


def test_more_sales_that_no_year_could_hold_the_dues_of_are_no_way_up() -> None:
    years = (
        YearMetrics(2024, sales=900_000_000),
        YearMetrics(2025, sales=800_000, due=9 * 10**14, collected=8 * 10**14),
    )

    way = tiering.next_rung(Customer("c", "C", "USD", years=years), as_of=NOW)

    assert way.target is ValueTier.POTENTIAL
    assert way.lifts == ()


def test_the_callers_decimal_context_changes_no_answer() -> None:
    one = full(9_123_457, 8_765_431, 3_333_333)
    record = TierRecord(ValueTier.STRATEGIC, dt.date(2024, 12, 31))
    policy = tiering.default_policy()
    many = [customer(123_457, 123_457)]

    def answers() -> tuple[object, ...]:
        fresh = attrs.evolve(policy)
        return (
            tiering.next_rung(one, as_of=NOW, policy=fresh),
            tiering.review(record, one, as_of=NOW, policy=fresh),
            tiering.propose(many, currency="USD", as_of=NOW, policy=fresh),
            tiering.what_if(one, {"sales": Decimal(9_999_999)}, as_of=NOW),
        )

    with decimal.localcontext(decimal.Context(prec=2)):
        coarse = answers()

    assert coarse == answers()


def test_a_problem_is_shown_its_way_out_where_the_sales_are_unknown_too() -> None:
    year = YearMetrics(2025, due=Decimal(100), collected=Decimal(70), on_time=60)

    way = tiering.next_rung(Customer("c", "C", "USD", years=(year,)), as_of=NOW)

    assert way.target is None
    assert [(c.lever.name, c.to) for c in way.cure[0].changes] == [
        ("collected", Decimal(80))
    ]


@pytest.mark.parametrize("sales", [None, Decimal(0), Decimal(-100)])
def test_sales_moved_from_nothing_move_nothing_else(sales: Decimal | None) -> None:
    year = YearMetrics(2025, sales=sales, gross_profit=30, due=10, collected=5)
    one = Customer("c", "C", "USD", years=(year,))

    after = tiering.what_if(one, {"sales": Decimal(1_000)}, as_of=NOW).years[0]

    assert after == attrs.evolve(year, sales=1_000)


def test_a_figure_moved_beside_the_sales_is_what_it_is_said_to_be() -> None:
    before = full(1_000, 900, 250)

    after = tiering.what_if(
        before, {"sales": Decimal(2_000), "gross_profit": Decimal(400)}, as_of=NOW
    )

    assert after.years[1].gross_profit == 400
    assert after.years[1].due == 200


# ── Reviews ──────────────────────────────────────────────────────────────────────


@given(st.integers(1, 150_000_000), st.sampled_from(list(ValueTier)[:5]))
def test_a_review_moves_down_never_at_the_first_weak_year(
    sales: int, rung: ValueTier
) -> None:
    """S2-25: nobody flaps."""
    one = full(sales, sales, sales // 5)

    verdict = tiering.review(TierRecord(rung, dt.date(2024, 12, 31)), one, as_of=NOW)

    assert verdict.value is not None
    assert verdict.value.rank <= rung.rank
    assert verdict.has_moved == (verdict.value is not rung)
    assert verdict.explain("zh-Hant")


@given(st.integers(1, 150_000_000), st.sampled_from(list(ValueTier)[:5]))
def test_the_same_review_again_changes_nothing_more(
    sales: int, rung: ValueTier
) -> None:
    one = full(sales, sales, sales // 5)
    first = tiering.review(TierRecord(rung, dt.date(2024, 12, 31)), one, as_of=NOW)

    again = tiering.review(first.record, one, as_of=NOW)

    assert again.value is first.value
    assert again.record.strikes == first.record.strikes


def test_a_review_before_the_last_one_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="not before the last review"):
        tiering.review(
            TierRecord(ValueTier.GOLD, NOW), customer(5), as_of=dt.date(2025, 1, 1)
        )


def test_a_customer_that_had_no_rung_gets_one_at_its_first_review() -> None:
    record = TierRecord(ValueTier.UNCLASSIFIED, dt.date(2024, 12, 31))

    first = tiering.review(record, full(60_000_000, 60_000_000, 9_000_000), as_of=NOW)
    still = tiering.review(record, Customer("c", "C", "USD"), as_of=NOW)

    assert first.value is ValueTier.GOLD
    assert first.explain()[0] == "gets its first rung: gold customer"
    assert still.value is ValueTier.UNCLASSIFIED


def test_an_open_verdict_after_enough_strikes_leaves_the_rung_until_it_is_settled() -> (
    None
):
    record = TierRecord(
        ValueTier.DIAMOND, dt.date(2024, 12, 31), strikes=1, struck_in=2024
    )
    years = (
        YearMetrics(2024, sales=Decimal(20_000_000)),
        YearMetrics(2025, sales=Decimal(20_000_000)),
    )
    one = Customer("c", "C", "USD", years=years)

    verdict = tiering.review(record, one, as_of=NOW)

    assert verdict.value is ValueTier.DIAMOND
    assert verdict.record.strikes == 2
    assert not verdict.verdict.is_settled


@given(
    st.sampled_from(list(ValueTier)[:5]),
    st.lists(st.tuples(st.integers(0, 130), st.booleans()), min_size=1, max_size=6),
)
def test_a_rung_is_lost_only_after_two_weak_fiscal_years_in_a_row(
    rung: ValueTier, sales: list[tuple[int, bool]]
) -> None:
    """S2-25: several reviews a year, of good and bad years in any order."""
    record = TierRecord(rung, dt.date(2014, 12, 31))
    struck: list[int] = []

    before = 0
    for year, (millions, is_held_again) in enumerate(sales, start=2015):
        one = full(millions * 1_000_000, before, millions * 300_000)
        moved = [
            attrs.evolve(m, year=m.year + year - 2025, ends_on=dt.date(y, 12, 31))
            for m, y in zip(one.years, (year - 1, year), strict=True)
        ]
        one, before = attrs.evolve(one, years=moved), millions * 1_000_000
        for month in (3, 9) if is_held_again else (3,):
            verdict = tiering.review(record, one, as_of=dt.date(year + 1, month, 1))
            if verdict.value is not None and verdict.value.rank > record.rung.rank:
                assert struck == [year - 1]
                assert verdict.verdict.value is verdict.value
            record = verdict.record
            struck = [y for y in struck if record.strikes and y != year]
        struck = [year] if record.strikes else []


FIGURES = ("sales", "gross_profit", "due", "collected", "on_time")


@given(
    st.sampled_from([tier for tier in ValueTier if tier is not ValueTier.PROBLEM]),
    st.tuples(*[st.integers(1, 120)] * 2, st.integers(-20, 60), st.integers(60, 100)),
    st.sets(st.tuples(st.integers(0, 1), st.sampled_from(FIGURES))),
    st.booleans(),
)
def test_what_nobody_knows_moves_nobody_in_a_review(
    rung: ValueTier,
    figures: tuple[int, int, int, int],
    hidden: set[tuple[int, str]],
    is_struck: bool,
) -> None:
    """Down only as the full figures would move it, up at most as far as they would."""
    millions, earlier, margin, paid = figures
    sales, before = millions * 1_000_000, earlier * 1_000_000
    told = full(sales, before, sales // 100 * margin, paid, paid // 2)
    years = [
        attrs.evolve(year, **{name: None for at, name in hidden if at == place})  # type: ignore[arg-type]  # test data
        for place, year in enumerate(told.years)
    ]
    strikes = {"strikes": 1, "struck_in": 2024} if is_struck else {}
    record = TierRecord(rung, dt.date(2024, 12, 31), **strikes)  # type: ignore[arg-type]  # test data

    partly = tiering.review(record, attrs.evolve(told, years=years), as_of=NOW)
    wholly = tiering.review(record, told, as_of=NOW)

    assert partly.value is not None
    assert wholly.value is not None
    if rung.is_rung and partly.value.rank > rung.rank:
        assert wholly.value is partly.value
    if rung.is_rung and partly.value.rank < rung.rank:
        assert wholly.value.rank <= partly.value.rank
    if partly.record.problem:
        assert wholly.record.problem


def test_a_rung_that_is_surely_too_high_waits_for_the_sales_to_fall() -> None:
    """A composite below 55 in any case is a strike; unclassified is no rung."""
    record = TierRecord(
        ValueTier.STRATEGIC, dt.date(2024, 12, 31), strikes=1, struck_in=2024
    )
    year = YearMetrics(2025, due=Decimal(100), collected=Decimal(80), on_time=50)
    one = Customer("c", "C", "USD", years=(year,), influence=Decimal(0))

    verdict = tiering.review(
        record, one, as_of=NOW, policy=_without("margin", "growth")
    )

    assert verdict.value is ValueTier.STRATEGIC
    assert verdict.record.strikes == 2


def _without(*criteria: str) -> tiering.TieringPolicy:
    """The shipped policy, these criteria's weight given to influence."""
    own = dict(policies.defaults("tiering"))
    kept = [c for c in own["criteria"] if c["id"] not in criteria]
    own["criteria"] = [
        {**c, "weight": 50} if c["id"] == "influence" else c for c in kept
    ]
    return policies.read(own, tiering.TieringPolicy)


def test_a_lifetime_value_that_fell_twice_moves_a_customer_down() -> None:
    """S3-6: where no year stands behind it, the year of the review counts."""
    policy = policies.read(
        {"based_on": "tiering", "basis": "lifetime"}, tiering.TieringPolicy
    )
    one, record = Customer("c", "C", "USD"), TierRecord(ValueTier.DIAMOND, NOW)

    for year in (2026, 2027):
        verdict = tiering.review(
            record,
            one,
            as_of=dt.date(year, 12, 31),
            lifetime=Money.of("60000000 USD"),
            policy=policy,
        )
        record = verdict.record

    assert record.rung is ValueTier.GOLD


def test_a_review_says_who_set_the_tier_by_hand_and_until_when() -> None:
    override = TierOverride(
        ValueTier.DIAMOND, "three-year contract", "Li Na", dt.date(2026, 6, 30)
    )
    record = TierRecord(ValueTier.GOLD, dt.date(2024, 12, 31), override=override)

    verdict = tiering.review(record, full(60_000_000, 60_000_000, 9_000_000), as_of=NOW)

    assert verdict.explain()[1].strip() == (
        "by hand: diamond customer until 2026-06-30, set by Li Na (three-year contract)"
    )
    assert "Li Na" in verdict.explain("zh-Hans")[1]


def test_a_review_says_how_long_a_problem_still_counts() -> None:
    record = TierRecord(ValueTier.GOLD, dt.date(2024, 12, 31), problem=True)

    verdict = tiering.review(
        record,
        full(60_000_000, 60_000_000, 9_000_000),
        as_of=NOW,
        standing=CLEAN,
        receivables=PAID,
    )

    assert verdict.effective is ValueTier.PROBLEM
    assert "1 of 2 reviews in a row" in verdict.explain()[1]
    assert tiering.entitlements(verdict).credit_hold


@pytest.mark.parametrize("day", [dt.datetime(2025, 12, 31), "2025-12-31", None])  # noqa: DTZ001 - a caller's mistake
def test_a_day_that_is_no_plain_date_is_refused(day: dt.date) -> None:
    for ask in (tiering.classify, tiering.next_rung):
        with pytest.raises(InvalidValueError, match=r"a datetime\.date"):
            ask(customer(5), as_of=day)
    with pytest.raises(InvalidValueError, match=r"a datetime\.date"):
        tiering.review(TierRecord(ValueTier.GOLD, NOW), customer(5), as_of=day)


def test_the_figures_of_one_customer_do_not_serve_for_many() -> None:
    with pytest.raises(InvalidValueError) as caught:
        tiering.classify([customer(5)], as_of=NOW, standing=CLEAN, receivables=PAID)  # type: ignore[call-overload]  # a caller's mistake

    assert [problem.path for problem in caught.value.problems] == [
        "$.receivables",
        "$.standing",
    ]


# ── Entitlements and amounts ─────────────────────────────────────────────────────


def test_a_higher_rung_gets_at_least_what_a_lower_one_gets() -> None:
    """S3-9, S3-13, S3-18."""
    rungs = [tier for tier in ValueTier if tier.is_rung]

    for better, worse in pairwise(rungs):
        assert tiering.entitlements(better).covers(tiering.entitlements(worse))


def test_a_diamond_gets_what_ibm_gave_huawei() -> None:
    """S3-10."""
    diamond = tiering.entitlements(ValueTier.DIAMOND)

    assert diamond.priority_experts
    assert diamond.dedicated_executive_partner
    assert diamond.resource_dispatch
    assert diamond.strategic_alignment
    assert diamond.escalation
    assert diamond.on_site_engineer is tiering.OnSiteEngineer.DEDICATED


def test_every_tier_has_a_policy() -> None:
    """S3-9, S3-20, S3-21: the look-up is total."""
    assert [tiering.entitlements(tier).id for tier in ValueTier] == [
        "diamond",
        "gold",
        "strategic",
        "potential",
        "general",
        "problem",
        "general",
    ]


def test_a_problem_gets_what_problems_get_and_an_open_verdict_the_lowest_rung() -> None:
    problem = tiering.classify(
        full(60_000_000, 60_000_000, 9_000_000, 70, 60), as_of=NOW
    )
    undecided = tiering.judge({"contribution": 36e6, "growth_ratio": 1.2})

    assert tiering.entitlements(problem).credit_hold
    assert tiering.entitlements(undecided).id == "potential"


def test_amounts_are_proposed_from_ones_own_customers() -> None:
    """S2-24."""
    many = [
        attrs.evolve(customer(n * 1000, n * 1000), id=f"c{n}", currency="CNY")
        for n in range(1, 101)
    ]

    proposal = tiering.propose(many, currency="CNY", as_of=NOW)

    assert proposal.customers == 100
    assert not proposal.is_thin
    assert dict(proposal.amounts) == {
        ValueTier.DIAMOND: 99_000,
        ValueTier.GOLD: 66_000,
        ValueTier.STRATEGIC: 44_000,
        ValueTier.POTENTIAL: 29_000,
    }


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30))
def test_the_amounts_proposed_always_fall_from_rung_to_rung(sales: list[int]) -> None:
    many = [attrs.evolve(customer(s), id=f"c{n}") for n, s in enumerate(sales)]

    proposal = tiering.propose(many, currency="USD", as_of=NOW)

    amounts = [amount for _, amount in proposal.amounts]
    assert all(high > low > 0 for high, low in pairwise(amounts))
    assert proposal.is_thin == (len(sales) < 20)


def test_who_bought_nothing_is_not_counted_in_a_proposal() -> None:
    two = [customer(1_000), attrs.evolve(customer(0), id="c2")]

    assert tiering.propose(two, currency="USD", as_of=NOW).customers == 1


def test_a_policy_without_a_share_to_propose_is_refused() -> None:
    own = dict(policies.defaults("tiering"))
    own["proposals"] = own["proposals"][1:]

    with pytest.raises(PolicyError, match="a share for diamond"):
        policies.read(own, tiering.TieringPolicy)


def test_nothing_is_proposed_from_nobody() -> None:
    with pytest.raises(InvalidValueError, match="one customer with a contribution"):
        tiering.propose(
            [Customer("p", "P", relation=Relation.PROSPECT)], currency="USD", as_of=NOW
        )


# ── The policy file ──────────────────────────────────────────────────────────────


def test_a_policy_with_four_mistakes_is_refused_with_all_four_named() -> None:
    """A gap, an unreachable row, weights of 99 and a misspelt fact."""
    own = dict(policies.defaults("tiering"))
    del own["otherwise"]
    out_of_reach = (
        "contribution >= 1000000000 and years_in_row >= 3 "
        "and lowest_contribution >= 1000000000"
    )
    own["rows"] = [
        *own["rows"],
        {"id": "typo", "when": "gros_margin > 0.3", "then": "potential"},
        {"id": "late", "when": out_of_reach, "then": "gold"},
    ]
    own["criteria"] = [
        {**c, "weight": 29} if c["id"] == "sales" else c for c in own["criteria"]
    ]

    with pytest.raises(PolicyError) as caught:
        policies.read(own, tiering.TieringPolicy)

    codes = {problem.code for problem in caught.value.problems}
    assert {"gap", "unreachable-row", "sum", "unknown-fact"} <= codes


def test_entitlements_that_favour_a_lower_rung_are_refused() -> None:
    changes = {
        "based_on": "tiering",
        "entitlements": [{"id": "gold", "first_response_hours": 1}],
    }

    with pytest.raises(PolicyError, match="S3-13"):
        policies.read(changes, tiering.TieringPolicy)


def test_hours_visitors_and_mechanisms_count_as_entitlements_too() -> None:
    """S3-13: sixteen business hours are worse than sixteen hours."""
    diamond = tiering.entitlements(ValueTier.DIAMOND)

    assert not attrs.evolve(diamond, business_hours=True).covers(diamond)
    assert not attrs.evolve(diamond, visit_level=tiering.VisitLevel.MANAGER).covers(
        diamond
    )
    assert not attrs.evolve(diamond, escalation=False).covers(diamond)


@pytest.mark.parametrize(
    "number, value",
    [
        ("years", 0),
        ("years", Decimal("1.5")),
        ("strikes", 0),
        ("clean_reviews", Decimal("0.5")),
        ("keep_band", 2),
        ("keep_band", 0),
        ("stale_figures", 10**12),
        ("stale_review", -1),
        ("search_times", 0),
        ("fewest_for_proposal", -1),
        ("proposal_spread", 1),
        ("leave_strategic", 61),
        ("leave_growth", 2),
        ("gold", 100_000_000),
        ("strategic", 60_000_000),
        ("potential", 0),
    ],
)
def test_a_number_that_would_lead_astray_is_refused(number: str, value: object) -> None:
    changes = {"based_on": "tiering", "numbers": {number: value}}

    with pytest.raises(PolicyError, match=rf"numbers\.{number}"):
        policies.read(changes, tiering.TieringPolicy)


def test_a_share_or_an_entitlement_out_of_range_is_refused() -> None:
    changes = {
        "based_on": "tiering",
        "proposals": [{"id": "diamond", "share": 2}],
        "entitlements": [
            {"id": "problem", "capacity_priority": 7, "first_response_hours": -1}
        ],
    }

    with pytest.raises(PolicyError) as caught:
        policies.read(changes, tiering.TieringPolicy)

    text = str(caught.value)
    assert "proposals[diamond].share" in text
    assert "entitlements[problem].capacity_priority" in text
    assert "entitlements[problem].first_response_hours" in text


def test_a_policy_without_numbers_is_told_which_it_lacks() -> None:
    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(tiering.default_policy(), numbers=())

    missing = [p for p in caught.value.problems if p.code == "missing"]
    assert "numbers.diamond" in str(missing[0])
    assert len(missing) == 15


def test_what_a_policy_leaves_out_or_invents_is_named() -> None:
    changes = {
        "based_on": "tiering",
        "levers": [{"id": "sails"}],
        "drop": ["entitlements.general", "search_times"],
        "entitlements": [{**_general(), "id": "platinum"}],
    }

    with pytest.raises(PolicyError) as caught:
        policies.read(changes, tiering.TieringPolicy)

    text = str(caught.value)
    assert "one for general" in text
    assert "numbers.search_times" in text
    assert "platinum" in text
    assert "'sales'" in text


def _general() -> dict[str, object]:
    shipped = policies.defaults("tiering")["entitlements"]
    return next(e for e in shipped if e["id"] == "general")


def test_without_triggers_nobody_is_a_problem() -> None:
    names = [trigger.id for trigger in tiering.default_policy().triggers]
    policy = attrs.evolve(tiering.default_policy(), triggers=())

    verdict = tiering.classify(full(5, 5, -5, 0, 0), as_of=NOW, policy=policy)

    assert len(names) == 6
    assert verdict.is_problem is Tri.NO
    assert verdict.explain()


def test_a_policys_own_labels_are_used() -> None:
    changes = {"based_on": "tiering", "labels": {"en": {"value-tier.general": "plain"}}}
    policy = policies.read(changes, tiering.TieringPolicy)

    assert (
        tiering.classify(customer(5), as_of=NOW, policy=policy).explain()[0] == "plain"
    )


def test_the_documented_address_is_the_front_door() -> None:
    assert ka.tiering.classify is tiering.classify
    assert Money.of("1 USD") == ka.Money.of("1 USD")
