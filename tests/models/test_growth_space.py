"""White space and scope: where customers buy from others, and whose share to read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import Money, ShareGrowthCell, ValueTier
from keyaccount.exceptions import CurrencyMismatchError
from keyaccount.models import growth
from keyaccount.models.growth import (
    AnalysisScope,
    Room,
    SpaceKind,
    WhiteSpace,
    WhiteSpaceBoard,
)
from keyaccount.tri import Tri
from tests.models.growth_cells import YEAR, boards, cell, found_out, own
from tests.refusals import refused


CONTRADICTORY = "more was sold than bought: sources contradict each other"


def row(ours: str | None, spend: str | None) -> WhiteSpace:
    (found,) = growth.white_space([cell(YEAR, ours, spend)], year=YEAR).rows
    return found


def exactly(amount: str) -> Room:
    money = Money(Decimal(amount), "USD")
    return Room(money, money)


@given(st.data(), boards())
def test_the_order_of_cells_changes_nothing_on_the_board(
    data: st.DataObject, cells: tuple[ShareGrowthCell, ...]
) -> None:
    shuffled = data.draw(st.permutations(cells))

    board = growth.white_space(cells, year=YEAR)

    assert growth.white_space(shuffled, year=YEAR) == board
    assert wire.structure(wire.unstructure(board), WhiteSpaceBoard) == board


@given(st.data(), boards())
def test_headroom_found_out_later_lies_within_the_bounds(
    data: st.DataObject, cells: tuple[ShareGrowthCell, ...]
) -> None:
    before = growth.white_space(cells, year=YEAR)
    found = [data.draw(found_out(one)) for one in cells]

    after = growth.white_space(found, year=YEAR)

    told = {(one.customer_id, one.category): one for one in after.rows}
    for old in before.rows:
        new = told[old.customer_id, old.category]
        if old.headroom and new.headroom and new.attainable and old.attainable:
            assert old.headroom.low <= new.headroom.low
            assert new.headroom.high <= old.headroom.high
            assert old.attainable.low <= new.attainable.low
            assert new.attainable.high <= old.attainable.high
        elif old.headroom:
            assert new.kind is SpaceKind.CONTRADICTORY


@given(boards())
def test_headroom_is_the_wallet_less_ours_and_the_most_stands_first(
    cells: tuple[ShareGrowthCell, ...],
) -> None:
    board = growth.white_space(cells, year=YEAR)

    known = [one.headroom for one in board.rows if one.headroom]
    assert known == sorted(known, key=lambda one: (one.low, one.high), reverse=True)
    assert [one.headroom for one in board.rows[len(known) :]] == [None] * board.unknown
    for one in board.rows:
        assert one.headroom is None or one.spend is not None
        if one.ours and one.spend and one.headroom:
            assert one.headroom.low + one.ours == one.spend
    categories = {one.category for one in board.rows} - {None}
    for customer in {one.customer_id for one in board.rows if one.category}:
        mine = {one.category for one in board.rows if one.customer_id == customer}
        assert categories <= mine


@pytest.mark.parametrize(
    ("ours", "spend", "kind", "headroom", "attainable"),
    [
        ("0", "100", SpaceKind.UNTOUCHED, exactly("100"), exactly("50")),
        ("-5", "100", SpaceKind.UNTOUCHED, exactly("100"), exactly("50")),
        ("30", "100", SpaceKind.PARTLY_OURS, exactly("70"), exactly("20")),
        ("60", "100", SpaceKind.PARTLY_OURS, exactly("40"), exactly("0")),
        ("100", "100", SpaceKind.ALL_OURS, exactly("0"), exactly("0")),
        ("0", "0", SpaceKind.NOTHING_BOUGHT, exactly("0"), exactly("0")),
        ("101", "100", SpaceKind.CONTRADICTORY, None, None),
        ("30", None, SpaceKind.UNKNOWN, None, None),
        (None, None, SpaceKind.UNKNOWN, None, None),
    ],
)
def test_what_a_customer_buys_from_others(
    ours: str | None,
    spend: str | None,
    kind: SpaceKind,
    headroom: Room | None,
    attainable: Room | None,
) -> None:
    found = row(ours, spend)

    assert (found.kind, found.headroom) == (kind, headroom)
    assert str(found.attainable) == str(attainable)


def test_of_a_wallet_that_is_known_ours_may_be_any_part() -> None:
    found = row(None, "100")

    assert str(found.headroom) == "0 USD–100 USD"
    assert str(found.attainable) == "0 USD–50 USD"
    assert [gap.fact for gap in found.missing] == ["our_sales"]


def test_amounts_are_written_to_the_last_place_they_have() -> None:
    assert str(row("0.25", "1000000.75").headroom) == "1,000,000.50 USD"
    assert str(row("0.125", "1").headroom) == "0.875 USD"
    (whole,) = growth.white_space(
        [cell(YEAR, "0", "2", currency="XAU")], year=YEAR
    ).rows
    assert str(whole.headroom) == "2 XAU"
    (part,) = growth.white_space(
        [cell(YEAR, "0.5", "2", currency="XAU")], year=YEAR
    ).rows
    assert str(part.headroom) == "1.5 XAU"


def test_the_share_that_is_planned_for_is_the_policys() -> None:
    board = growth.white_space(
        [cell(YEAR, "10", "100")],
        year=YEAR,
        policy=own(numbers={"attainable_share": Decimal("0.8")}),
    )

    assert str(board.attainable) == "70 USD"
    assert board.attainable_share == Decimal("0.8")


def test_subsidiaries_are_rolled_up_and_a_board_has_one_currency() -> None:
    cells = [
        cell(YEAR, "1", "10", customer_id="a"),
        cell(YEAR, "2", "20", customer_id="b"),
    ]
    board = growth.white_space(cells, year=YEAR, parents={"a": "b"})

    assert [(one.customer_id, str(one.headroom)) for one in board.rows] == [
        ("b", "27 USD")
    ]
    with pytest.raises(CurrencyMismatchError):
        growth.white_space([*cells, cell(YEAR, currency="EUR")], year=YEAR)


def test_the_board_says_what_it_knows_in_every_language() -> None:
    cells = [
        cell(YEAR, "36", "130", category="machines"),
        cell(YEAR, "5", None, category="parts"),
        cell(YEAR, "5", "9", category=None, customer_id="c2"),
        cell(YEAR, "9", "5", category=None, customer_id="c3"),
    ]

    board = growth.white_space(cells, year=YEAR)

    assert board.explain() == (
        "white space in 2025: 4 rows, of which 2 tell no headroom",
        "  bought from others, as far as known: 98 USD",
        "  of that below the 50% of each wallet that we plan for: 29 USD",
        "  c1, machines: 94 USD from others (partly ours)",
        "  c2, all that it buys: 4 USD from others (partly ours)",
        f"  c3, all that it buys: {CONTRADICTORY}",
        "  c1, parts: not known",
        "What does it buy in the category this year, from everybody?",
    )
    assert (
        board.explain("zh-Hant")[3] == "  c1，machines：向他人採購 94 USD（部分屬我方）"
    )


def test_what_stands_in_all_that_a_customer_buys_is_counted_once() -> None:
    cells = [
        cell(YEAR, "20", "100", category=None),
        cell(YEAR, "10", "30", category="machines"),
        cell(YEAR, "10", "25", category="parts", customer_id="c2"),
        cell(YEAR, "9", "5", category=None, customer_id="c3"),
        cell(YEAR, "1", "2", category="parts", customer_id="c3"),
    ]

    board = growth.white_space(cells, year=YEAR)

    assert str(board.total) == "96 USD"  # 80 of c1 in all, 15 of c2, 1 of c3
    assert str(board.attainable) == "32.50 USD"  # 30, 2.5 and nothing


def test_a_board_of_nothing_has_no_sum() -> None:
    board = growth.white_space([], year=YEAR)

    assert (board.rows, board.total, board.attainable) == ((), None, None)
    assert board.explain() == (
        "white space in 2025: 0 rows, of which 0 tell no headroom",
    )


# ── whose share to read (S3-33) ─────────────────────────────────────────────────


tiers = st.none() | st.sampled_from(ValueTier)
COUNT = {ValueTier.DIAMOND, ValueTier.GOLD, ValueTier.STRATEGIC, ValueTier.POTENTIAL}


@given(st.lists(tiers, max_size=60))
def test_of_few_customers_all_are_read_of_many_those_that_count(
    listed: list[ValueTier | None],
) -> None:
    """G-4: up to 35 all; of more only diamond, gold, strategic, potential."""
    by_id = {f"c{at:02d}": tier for at, tier in enumerate(listed)}

    scope = growth.analysis_scope(by_id)

    unknown = {None, ValueTier.UNCLASSIFIED}
    few = len(listed) <= 35
    assert scope.customers == tuple(
        slug for slug, tier in by_id.items() if few or tier in COUNT
    )
    assert scope.undecided == tuple(
        slug for slug, tier in by_id.items() if not few and tier in unknown
    )
    assert len(scope.customers) + len(scope.undecided) + len(scope.left_out) == len(
        listed
    )
    turned = dict(reversed(by_id.items()))
    assert growth.analysis_scope(turned) == scope
    assert wire.structure(wire.unstructure(scope), AnalysisScope) == scope


def test_the_scope_says_whom_and_why() -> None:
    by_id: dict[str, ValueTier | None] = {
        f"c{at:02d}": ValueTier.GENERAL for at in range(34)
    }
    few = growth.analysis_scope({**by_id, "x": None})
    many = growth.analysis_scope({**by_id, "x": None, "y": ValueTier.GOLD})

    assert few.includes("x") is Tri.YES
    assert many.includes("x") is Tri.UNKNOWN
    assert many.includes("c00") is Tri.NO
    assert few.explain() == (
        "of 35 customers 35 are to be read, 0 are undecided",
        "  general customer: 34, to be read",
        "  tier not known: 1, to be read",
    )
    assert many.explain("zh-Hans") == (
        "共 36 个客户：需分析 1 个，待定 1 个",
        "  黄金客户：1 个，需分析",
        "  一般客户：34 个，不作分析",
        "  价值等级未知：1 个，取决于等级",
        "客户处于哪个价值等级？",
    )


def test_what_is_no_tier_is_refused() -> None:
    """A slug would be looked at, and counted nowhere."""
    tiers = {"c1": "gold", "c2": None, "c3": ValueTier.GOLD}

    assert refused(growth.analysis_scope, tiers) == (("$.tiers['c1']", "wrong-type"),)


def test_a_category_that_is_told_of_others_only_is_unknown_and_not_nothing() -> None:
    cells = [
        cell(YEAR, "1", "10", category="parts"),
        cell(YEAR, "1", "10", category="service", customer_id="c2"),
    ]

    *_, mine, theirs = growth.white_space(cells, year=YEAR).rows

    assert (mine.customer_id, mine.category) == ("c1", "service")
    assert (theirs.customer_id, theirs.category) == ("c2", "parts")
    for one in (mine, theirs):
        assert (one.kind, one.headroom) == (SpaceKind.UNKNOWN, None)
        assert [gap.fact for gap in one.missing] == ["category_spend", "our_sales"]
