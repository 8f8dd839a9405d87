"""Share and growth: what holds for any cells, and what the rules say at their edges."""

from __future__ import annotations

import datetime as dt
import pickle
import tomllib
from decimal import Decimal
from fractions import Fraction
from importlib import resources

import attrs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import GrowthQuadrant, Money, ShareGrowthCell
from keyaccount.exceptions import CurrencyMismatchError, InvalidValueError, PolicyError
from keyaccount.models import growth
from keyaccount.models.growth import GrowthBasis, GrowthPolicy, GrowthVerdict
from tests.models.growth_cells import (
    YEAR,
    boards,
    cell,
    found_out,
    known,
    own,
    read_one,
)


G_1 = (
    cell(2024, "30", "100", {"Borealis": "40"}),
    cell(2025, "36", "130", {"Borealis": "56"}),
)


# ── laws ────────────────────────────────────────────────────────────────────────


@given(known, known, known, known)
@example(Decimal(7), Decimal("7.7"), Decimal(30), Decimal(33))
@example(Decimal(10**12), Decimal(10**12), Decimal(10**12), Decimal("1e12") - 1)
@example(  # one part in 10**27, far below what a float can tell from 1
    Decimal("99999999999999.000000000001"),
    Decimal("99999999999999.000000000002"),
    Decimal("99999999999999.000000000002"),
    Decimal("99999999999999.000000000004"),
)
def test_we_lag_exactly_where_our_share_falls(
    before: Decimal, now: Decimal, spend_before: Decimal, spend: Decimal
) -> None:
    """S3-35: share₁ ÷ share₀ = (1 + g_us) ÷ (1 + g_wallet), to the last digit."""
    assume(before and spend_before and spend)
    cells = (
        cell(2024, str(before), str(spend_before)),
        cell(2025, str(now), str(spend)),
    )
    share, share_before = (
        Fraction(now) / Fraction(spend),
        Fraction(before) / Fraction(spend_before),
    )
    grown = Fraction(now) / Fraction(before)
    wallet_grown = Fraction(spend) / Fraction(spend_before)

    verdict = read_one(cells)
    pace = growth.facts(cells[1], cells[0])["growth_against_customer"]

    assert share / share_before == grown / wallet_grown
    assert ("lagging-customer" in verdict.flags) == (share < share_before)
    assert "lagging-customer" not in verdict.open_flags
    assert (pace == 1) == (share == share_before)
    assert verdict.gap_to_customer == float(grown - wallet_grown)
    assert verdict.share == pytest.approx(float(share), rel=1e-15)


@given(st.data(), boards())
def test_the_order_of_cells_changes_nothing(
    data: st.DataObject, cells: tuple[ShareGrowthCell, ...]
) -> None:
    shuffled = data.draw(st.permutations(cells))

    assert growth.read(shuffled, year=YEAR) == growth.read(cells, year=YEAR)


@given(st.data(), boards("x"))
def test_whatever_is_found_out_the_answer_allowed_for_it(
    data: st.DataObject, cells: tuple[ShareGrowthCell, ...]
) -> None:
    before = growth.read(cells, year=YEAR)

    after = growth.read([data.draw(found_out(one)) for one in cells], year=YEAR)

    for old, new in zip(before, after, strict=True):
        if old.basis in {None, new.basis}:  # a better yardstick is another question
            assert set(new.possible) <= set(old.possible)
            warned = {"lagging-customer", "losing-to-competitor", "surface-growth"}
            assert warned & set(old.flags) <= set(new.flags)
            assert warned & set(new.flags) <= {*old.flags, *old.open_flags}


@given(boards("x"))
def test_a_verdict_asks_only_for_what_nobody_told_and_until_it_is_settled(
    cells: tuple[ShareGrowthCell, ...],
) -> None:
    for verdict in growth.read(cells, year=YEAR):
        told = {one.year: one for one in cells if one.category == verdict.category}
        asked = {gap.fact for gap in verdict.missing}
        for name, field in (("our_sales", "ours"), ("category_spend", "spend")):
            for ending, year in (("", YEAR), ("_before", YEAR - 1)):
                if year in told and getattr(told[year], field) is not None:
                    assert name + ending not in asked
        if verdict.is_settled and not verdict.open_flags:
            spends = {"category_spend", "category_spend_before"}
            assert asked <= spends
            assert not asked or verdict.basis is GrowthBasis.CUSTOMER_BUSINESS
        else:
            assert asked


@given(boards())
def test_the_same_cells_give_the_same_answer_and_it_survives_the_wire(
    cells: tuple[ShareGrowthCell, ...],
) -> None:
    for one, again in zip(
        growth.read(cells, year=YEAR), growth.read(cells, year=YEAR), strict=True
    ):
        assert one == again
        assert hash(one) == hash(again)
        assert wire.loads(wire.dumps(one), GrowthVerdict) == one
        assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
        assert len(repr(one)) <= 120
        for locale in ("en", "zh-Hans", "zh-Hant"):
            lines = one.explain(locale)
            assert "?" not in lines[0]
            assert lines == wire.loads(wire.dumps(one), GrowthVerdict).explain(locale)


@given(boards("x"))
def test_a_settled_quadrant_is_where_the_figures_put_it(
    cells: tuple[ShareGrowthCell, ...],
) -> None:
    for verdict in growth.read(cells, year=YEAR):
        both = verdict.relative_share, verdict.gap_to_customer
        if None in both or verdict.headroom == Money.of("0 USD"):
            continue
        relative, gap = both
        assert relative is not None
        assert gap is not None
        leads = verdict.value in {GrowthQuadrant.LEADER, GrowthQuadrant.ERODING}
        lags = verdict.value in {GrowthQuadrant.ERODING, GrowthQuadrant.LAGGARD}
        assert verdict.is_settled
        assert leads == (relative >= 1)
        assert lags == (gap < 0 or relative == 0)


# ── what is said of a year and the year before ──────────────────────────────────


def test_growth_is_told_exactly_and_the_gaps_are_no_differences_of_floats() -> None:
    """G-1; 36/30 − 1 is 0.19999999999999996 in floating point."""
    verdict = read_one(G_1)

    assert (verdict.growth, verdict.customer_growth) == (0.2, 0.3)
    assert (verdict.rival_growth, verdict.gap_to_customer) == (0.4, -0.1)
    assert verdict.gap_to_rival == -0.2
    assert round(verdict.share or 0, 4) == 0.2769
    assert round(verdict.relative_share or 0, 3) == 0.643
    assert verdict.headroom == Money.of("94 USD")


def test_other_years_are_passed_over() -> None:
    older = cell(2019, "-5", "1", {"A": "1"}, customer_id="other")

    assert growth.read([*G_1, older], year=2025) == growth.read(G_1, year=2025)
    assert growth.read(G_1, year=2031) == ()


def test_a_year_that_is_not_told_leaves_everything_open() -> None:
    verdict = read_one([G_1[0]])

    assert verdict.possible == tuple(reversed(GrowthQuadrant))
    assert verdict.share is None
    assert verdict.share_before == 0.3
    assert verdict.missing[0].fact == "our_sales"
    assert verdict.explain()[1:4] == (
        "  our sales: not known, 30 USD the year before",
        "  what the customer buys: not known, 100 USD the year before",
        "  our share of it is not known, 30% the year before",
    )


def test_who_comes_from_nothing_lags_behind_nobody_whatever_is_unknown() -> None:
    verdict = read_one([cell(2024, "0"), cell(2025, "5")])

    assert verdict.flags == ("new-business",)
    assert verdict.open_flags == ()
    assert verdict.growth is None
    assert verdict.possible == (GrowthQuadrant.CHALLENGER, GrowthQuadrant.LEADER)


def test_who_sells_nothing_is_no_challenger_whoever_else_sells() -> None:
    alone = read_one([cell(2024, "0", "10", {}), cell(2025, "0", "20", {})])
    lost = read_one([cell(2024, "9"), cell(2025, "0")])

    assert alone.value is lost.value is GrowthQuadrant.LAGGARD
    assert alone.growth is None
    assert lost.growth == -1


def test_what_came_back_is_growth_below_everything() -> None:
    verdict = read_one([cell(2024, "10", "50"), cell(2025, "-2", "50")])

    assert verdict.growth == -1.2
    assert verdict.share == -0.04
    assert verdict.flags == ("lagging-customer", "net-returns")
    assert verdict.headroom == Money.of("50 USD")


def test_nothing_grows_from_less_than_nothing_and_all_such_cells_are_named() -> None:
    wrong = [
        cell(2024, "-1"),
        cell(2024, "-2", customer_id="c2", category=None),
        cell(2024, "3", customer_id="c3"),
    ]

    with pytest.raises(InvalidValueError) as refused:
        growth.read(wrong, year=2025)

    assert [problem.path for problem in refused.value.problems] == [
        "$.cells['c1', 'parts', 2024].ours",
        "$.cells['c2', None, 2024].ours",
    ]


def test_a_competitor_that_comes_from_nothing_is_a_risk_and_one_that_left_is_none() -> (
    None
):
    came = read_one([cell(2024, "9", "9", {}), cell(2025, "9", "10", {"A": "1"})])
    left = read_one([cell(2024, "8", "9", {"A": "1"}), cell(2025, "8", "8", {})])

    assert "losing-to-competitor" in came.flags
    assert left.value is GrowthQuadrant.LEADER
    assert left.flags == ()
    assert left.rival_before == "A"
    assert left.rival is None
    assert "  no competitor sells here" in left.explain()
    assert "  it is A" in came.explain()


def test_the_largest_competitor_of_each_year_counts_and_a_new_one_is_told() -> None:
    verdict = read_one(
        [
            cell(2024, "9", "100", {"A": "40", "B": "10"}),
            cell(2025, "9", "100", {"A": "20", "B": "40"}),
        ]
    )

    assert verdict.rival_growth == 0
    assert "rival-changed" in verdict.flags
    assert "  it is B, the year before it was A" in verdict.explain()


def test_of_competitors_of_one_size_the_first_by_name_counts() -> None:
    one = read_one([cell(2025, "9", "100", {"B": "40", "A": "40"})])
    other = read_one([cell(2025, "9", "100", {"A": "40", "B": "40"})])

    assert one.rival == other.rival == "A"


def test_the_wallet_is_a_better_yardstick_than_the_business() -> None:
    """S3-32: the category's spend is preferred; what stands in for it is said."""
    both = [
        cell(2024, "30", "100", business="1000"),
        cell(2025, "36", "100", business="1500"),
    ]
    half = [attrs.evolve(both[0], spend=None), attrs.evolve(both[1], spend=None)]

    known_wallet, only_business = read_one(both), read_one(half)

    assert known_wallet.basis is GrowthBasis.CATEGORY_SPEND
    assert "lagging-customer" not in known_wallet.flags
    assert only_business.basis is GrowthBasis.CUSTOMER_BUSINESS
    assert only_business.customer_growth == 0.5
    assert "lagging-customer" in only_business.flags
    assert "business-basis" in only_business.flags
    assert only_business.missing[-1].fact == "category_spend_before"
    line = "  ours grow 30 percentage points less than the customer's own sales"
    assert line in only_business.explain()


def test_exactly_as_much_is_said_in_words() -> None:
    verdict = read_one([cell(2024, "7", "30"), cell(2025, "7.7", "33")])

    assert "  ours grow exactly as much as what the customer buys" in verdict.explain()


def test_a_gap_is_never_so_small_that_it_reads_as_none() -> None:
    cells = [cell(2024, "1000000", "5000000"), cell(2025, "999999", "5000000")]

    told = read_one(cells).explain()

    line = "  ours grow 0.0001 percentage points less than what the customer buys"
    assert line in told


def test_the_name_of_a_competitor_stays_on_its_line() -> None:
    rivals = {"Bo\nrea\u202elis": "3"}

    told = read_one([cell(2025, "1", "9", rivals)])

    assert "  it is Bo rea lis" in told.explain()
    assert told.rival == "Bo\nrea\u202elis"


def test_a_share_above_the_whole_is_told_and_not_clipped() -> None:
    verdict = read_one([cell(2024, "9", "10", {}), cell(2025, "12", "10", {})])
    earlier = read_one([cell(2024, "12", "10", {}), cell(2025, "9", "10", {})])
    nothing = read_one([cell(2025, "1", "0", {})])

    assert verdict.share == 1.2
    assert verdict.headroom is None
    for one in (verdict, earlier, nothing):
        assert "share-above-one" in one.flags
    assert nothing.share is None


def test_the_facts_of_a_pair_are_the_doorway() -> None:
    told = growth.facts(G_1[1], G_1[0])
    alone = growth.facts(G_1[1])

    assert told["our_growth_ratio"] == 1.2
    assert told["growth_basis"] == "category-spend"
    assert told["relative_share"] == 36 / 56
    assert set(alone.unknown) >= {"our_sales_before", "growth_against_customer"}


def test_two_cells_that_are_no_pair_are_refused() -> None:
    with pytest.raises(InvalidValueError, match="2024"):
        growth.facts(G_1[1], cell(2023, "1"))
    with pytest.raises(InvalidValueError, match="same customer"):
        growth.facts(G_1[1], cell(2024, "1", category="service"))
    with pytest.raises(InvalidValueError, match="less than nothing"):
        growth.facts(G_1[1], cell(2024, "-1"))


def test_two_years_in_two_currencies_are_refused_unless_there_are_rates() -> None:
    cells = [cell(2024, "30", currency="EUR"), cell(2025, "36")]

    with pytest.raises(CurrencyMismatchError, match=r"pass fx=FxTable\.of"):
        growth.read(cells, year=2025)


@pytest.mark.parametrize("year", ["2025", None, dt.date(2025, 1, 1)])
def test_a_year_is_a_whole_number(year: object) -> None:
    with pytest.raises(InvalidValueError, match=r"\$\.year"):
        growth.read(G_1, year=year)  # type: ignore[arg-type]  # the mistake under test


def test_a_cell_twice_and_what_is_no_cell_are_all_named() -> None:
    cells = [*G_1, attrs.evolve(G_1[0], ours=Decimal(1)), "c1"]

    with pytest.raises(InvalidValueError) as refused:
        growth.read(cells, year=2025)  # type: ignore[arg-type]  # the mistake under test

    found = [(problem.path, problem.code) for problem in refused.value.problems]
    assert found == [("$.cells[2]", "duplicate"), ("$.cells[3]", "wrong-type")]


# ── the policy ──────────────────────────────────────────────────────────────────


def test_the_shipped_numbers_are_the_rules_and_no_story() -> None:
    """S3-37: ten years in business, three years of stagnation are no rules."""
    text = resources.files(policies).joinpath("growth.toml").read_text("utf-8")
    numbers = tomllib.loads(text)["numbers"]

    values = {name: number["value"] for name, number in numbers.items()}
    assert values == {"even": 1, "par": 1, "few": 35, "attainable_share": 0.5}


def test_a_policy_needs_its_share_between_nothing_and_all() -> None:
    with pytest.raises(PolicyError, match="0 to 1"):
        own(numbers={"attainable_share": 2})
    with pytest.raises(PolicyError, match=r"numbers\.attainable_share"):
        own(drop=["attainable_share"])


def test_quadrants_that_leave_a_place_without_an_answer_are_refused() -> None:
    with pytest.raises(PolicyError, match="no row answers"):
        own(drop=["quadrant_rows.behind-and-falling-back"])


def test_two_rows_may_give_one_flag_and_it_is_told_once() -> None:
    row = {
        "id": "share-below-a-third",
        "when": "wallet_share < 0.34",
        "then": "lagging-customer",
        "why": "small",
    }
    policy = own(flag_rows=[row])

    verdict = read_one(G_1, policy)
    open_one = read_one([cell(2025, "36")], policy)

    assert verdict.flags.count("lagging-customer") == 1
    assert open_one.open_flags.count("lagging-customer") == 1


def test_a_policy_brings_its_own_words() -> None:
    policy = own(labels={"en": {"growth-quadrant.laggard": "wake up"}})

    assert read_one(G_1, policy).explain()[0] == "c1, parts, 2025: wake up"


@given(st.integers(1, 50))
def test_the_shares_of_all_ranks_add_up_to_the_wallet(suppliers: int) -> None:
    found = [growth.estimated_share(rank + 1, suppliers) for rank in range(suppliers)]

    assert sum(one.share for one in found) == pytest.approx(1)
    assert [one.share for one in found] == sorted(
        (one.share for one in found), reverse=True
    )
    assert found[0].explain()[-1] == "an estimate from a rank, no measured share"


@pytest.mark.parametrize(("rank", "suppliers"), [(0, 3), (4, 3), (1, 0), ("1", 3)])
def test_a_rank_that_is_none_is_refused(rank: int, suppliers: int) -> None:
    with pytest.raises(InvalidValueError, match="rank"):
        growth.estimated_share(rank, suppliers)


def test_the_policy_is_read_once_and_survives_the_wire() -> None:
    policy = growth.default_policy()

    assert policy is growth.default_policy()
    assert isinstance(policy, GrowthPolicy)
    assert wire.loads(wire.dumps(policy), GrowthPolicy) == policy


def test_a_verdict_is_shown_in_one_line() -> None:
    shown = repr(read_one(G_1))

    assert shown.startswith(
        "<GrowthVerdict laggard · c1 parts 2025 · share 27.7% · growth 20.0%"
    )
    assert "share unknown · growth unknown" in repr(read_one([cell(2025, "36")]))


def test_what_is_known_of_one_year_only_is_told_of_that_year() -> None:
    assert read_one([G_1[1]]).explain()[1:6] == (
        "  our sales: 36 USD, the year before is not known",
        "  what the customer buys: 130 USD, the year before is not known",
        "  our share of it 27.69%, the year before not known",
        "  the largest competitor's sales: 56 USD, the year before is not known",
        "  it is Borealis",
    )
    nothing = read_one([cell(2025)])
    assert "  our share of it is not known" in nothing.explain()
    assert "  the largest competitor's sales: not known" in nothing.explain()


def test_where_nobody_else_sells_no_figure_of_a_competitor_is_told() -> None:
    told = read_one([cell(2025, "5", "10", {})]).explain()

    assert "  no competitor sells here" in told
    assert not [line for line in told if line.startswith("  the largest competitor")]
