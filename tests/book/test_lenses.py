"""The lenses beside the tier: what each takes from the account and from the whole."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Sequence
from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies
from keyaccount.book import (
    Account,
    Lenses,
    Portfolio,
    growth_board,
    resources,
    review,
    roll_up,
    sheet,
    whole,
)
from keyaccount.domain import (
    AccountAnalysis,
    BuyingFactorProfile,
    Contract,
    Cooperation,
    Customer,
    FactorWeights,
    FxRate,
    FxTable,
    GrowthQuadrant,
    NeedType,
    ProductDemand,
    ProductRequirement,
    Purchase,
    Relation,
    ShareGrowthCell,
    StrategicDesignation,
    StrategicIntent,
    StrategicIntentKind,
    StrategicProfile,
    ThreeLevelGrade,
    ValueTier,
    VolumeProfitType,
    YearMetrics,
)
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import lifetime, selection
from keyaccount.tri import Tri
from tests.book.firm import DAY, POLICIES


WANTED = StrategicIntentKind.NETWORK_BUILDOUT
INTENTS = (StrategicIntent("I1", WANTED, dt.date(2025, 1, 1)),)
WILLING = Cooperation(
    frozenset({"line haul", "warehousing"}),
    customised=Tri.YES,
    executives_meet_ours=Tri.YES,
    commits_resources=Tri.YES,
    intents_served=frozenset({WANTED}),
)


def customer(
    slug: str, *sales: int, currency: str = "CNY", parent: str | None = None
) -> Customer:
    """Return a customer that pays well and has sold so much in the latest years."""
    years = tuple(
        YearMetrics(
            2025 - back,
            sales=Decimal(amount),
            gross_profit=Decimal(amount) * Decimal("0.3"),
            due=Decimal(100),
            collected=Decimal(99),
            on_time=Decimal(95),
        )
        for back, amount in enumerate(reversed(sales))
    )
    return Customer(
        slug, slug, currency, years=years, influence=Decimal(50), parent_id=parent
    )


def cell(
    slug: str,
    year: int,
    ours: int | None,
    spend: int | None = None,
    category: str | None = "line haul",
    *,
    currency: str = "CNY",
) -> ShareGrowthCell:
    own = None if ours is None else Decimal(ours)
    wallet = None if spend is None else Decimal(spend)
    return ShareGrowthCell(slug, year, currency, category, own, wallet)


def judged(accounts: Sequence[Account], fx: FxTable | None = None) -> Portfolio:
    return review(accounts, as_of=DAY, policies=POLICIES, fx=fx, intents=INTENTS)


def lenses_of(portfolio: Portfolio, slug: str = "a") -> Lenses:
    (found,) = (one for one in portfolio if one.customer.id == slug)
    return found.lenses


BIG = Account(customer("a", 90, 90), cooperation=WILLING)
REST = tuple(Account(customer(f"r{at}", 5, 5)) for at in range(4))


def test_a_lens_without_anything_told_is_none_whoever_the_customer_is() -> None:
    portfolio = judged([*REST, BIG])

    assert lenses_of(portfolio, "r0") == Lenses()
    assert growth_board(portfolio) is None
    assert lenses_of(portfolio).designation is not None


def test_all_four_criteria_make_a_customer_strategic_only_beside_all_others() -> None:
    alone = sheet(BIG, as_of=DAY, policies=POLICIES).lenses.designation
    found = lenses_of(judged([BIG, *REST]))

    assert alone is not None
    assert not alone.is_settled
    assert found.designation is not None
    assert found.designation.value is StrategicDesignation.STRATEGIC
    assert found.loss is not None
    assert found.loss.revenue is not None
    assert found.loss.revenue.low == 90 / 110


def test_nobody_asks_what_the_loss_of_an_ordinary_customer_would_cost() -> None:
    told = attrs.evolve(REST[0], cooperation=WILLING)

    assert lenses_of(judged([BIG, told, *REST[1:]]), "r0").loss is None


def test_several_currencies_without_rates_leave_the_scale_unknown() -> None:
    euro = Account(customer("e", 5, 5, currency="EUR"))
    rates = FxTable((FxRate("EUR", "CNY", dt.date(2024, 1, 1), Decimal(8)),))
    without = lenses_of(judged([BIG, euro])).designation
    with_rates = lenses_of(judged([BIG, euro], rates)).designation

    assert without is not None
    assert without.share is None
    assert with_rates is not None
    assert with_rates.share is not None
    assert with_rates.share.low == 90 / 130


@given(st.permutations([BIG, *REST]))
def test_the_order_of_a_portfolio_changes_no_view(accounts: list[Account]) -> None:
    first, second = judged([BIG, *REST]), judged(accounts)

    assert [one.lenses for one in first] == [one.lenses for one in second]


def test_the_views_survive_the_way_to_another_process() -> None:
    portfolio = judged([BIG, *REST])

    assert pickle.loads(pickle.dumps(portfolio)) == portfolio  # noqa: S301 - our own


WEIGHTS = FactorWeights(relationship=20, price=60, innovation=20)
PROFILE = BuyingFactorProfile("a", WEIGHTS, dt.date(2025, 11, 1))


def test_the_three_axes_stand_side_by_side_and_none_overwrites_another() -> None:
    account = Account(
        customer("a", 90, 90),
        profiles=(PROFILE,),
        purchases=(Purchase("a", dt.date(2025, 12, 1), Decimal(5)),),
    )
    segment = lenses_of(judged([account, *REST])).segment

    assert segment is not None
    assert segment.axes.value is ThreeLevelGrade.STRATEGIC
    assert segment.axes.need is NeedType.PRICE_SENSITIVE
    assert segment.axes.behaviour is not None
    assert segment.axes.under_supervision is Tri.UNKNOWN
    assert segment.type is None


def test_a_need_for_solutions_comes_from_cooperation_and_not_from_weights() -> None:
    with_will = attrs.evolve(BIG, profiles=(PROFILE,))
    segment = lenses_of(judged([with_will, *REST])).segment

    assert segment is not None
    assert segment.axes.need is NeedType.SOLUTION_SEEKING


def test_a_profile_of_a_later_day_is_not_known_yet() -> None:
    later = attrs.evolve(PROFILE, observed_on=dt.date(2026, 1, 1))
    account = Account(customer("a", 90, 90), profiles=(later,))
    segment = lenses_of(judged([account])).segment

    assert segment is not None
    assert segment.need is not None
    assert segment.need.value is NeedType.SERVICE_DEMANDING  # the market at large


def test_a_type_by_volume_and_profit_is_asked_of_strategic_customers_only() -> None:
    purchases = (Purchase("a", dt.date(2025, 12, 1), Decimal(5)),)
    strategic = attrs.evolve(BIG, purchases=purchases)
    unwilling = attrs.evolve(WILLING, executives_meet_ours=Tri.NO)
    large = attrs.evolve(strategic, cooperation=unwilling)

    found = lenses_of(judged([strategic, *REST])).segment
    other = lenses_of(judged([large, *REST])).segment
    assert found is not None
    assert found.type is not None
    assert found.type.value is VolumeProfitType.OUTSIDE  # one order a year
    assert other is not None
    assert other.type is None


def test_who_buys_beside_others_is_ranked_among_those_of_its_currency() -> None:
    accounts = [
        Account(
            customer(slug, 5, 5, currency=currency),
            purchases=(Purchase(slug, day, Decimal(5), currency),),
        )
        for slug, currency, day in (
            ("a", "CNY", dt.date(2025, 12, 1)),
            ("b", "CNY", dt.date(2025, 1, 1)),
            ("c", "EUR", dt.date(2025, 6, 1)),
        )
    ]
    found = whole(accounts, as_of=DAY).buying

    assert {slug: one.customers for slug, one in found.items()} == {
        "a": 2,
        "b": 2,
        "c": 1,
    }


def test_one_customers_purchases_in_two_currencies_rank_nobody() -> None:
    mixed = tuple(
        Purchase("a", dt.date(2025, 1, at), Decimal(5), currency)
        for at, currency in enumerate(("CNY", "EUR"), start=1)
    )

    assert not whole([Account(customer("a", 5), purchases=mixed)], as_of=DAY).buying


def test_growth_is_read_for_the_latest_year_that_had_ended() -> None:
    cells = (cell("a", 2024, 30, 100), cell("a", 2025, 36, 130), cell("a", 2026, 1, 9))
    (found,) = lenses_of(judged([Account(customer("a", 90, 90), cells=cells)])).growth

    assert (found.year, found.value) == (2025, None)
    assert {*found.possible} == {GrowthQuadrant.ERODING, GrowthQuadrant.LAGGARD}
    assert "lagging-customer" in found.flags


def test_a_fiscal_year_that_ends_later_has_not_ended() -> None:
    years = (YearMetrics(2025, dt.date(2026, 3, 31), sales=Decimal(5)),)
    late = attrs.evolve(customer("a"), years=years)
    cells = (cell("a", 2024, 30, 100), cell("a", 2025, 36, 130))
    (found,) = lenses_of(judged([Account(late, cells=cells)])).growth

    assert found.year == 2024


def test_a_category_that_cannot_be_read_hides_no_other() -> None:
    cells = (
        cell("a", 2024, -3, 100),
        cell("a", 2025, 36, 130),
        cell("a", 2025, 5, 10, "air"),
    )
    found = lenses_of(judged([Account(customer("a", 90, 90), cells=cells)]))

    assert [verdict.category for verdict in found.growth] == ["air"]
    (unread,) = found.unread
    assert "nothing grows from less than nothing" in str(unread)


def test_the_board_puts_those_who_lose_first_and_adds_up_what_others_sell() -> None:
    losing = (cell("b", 2024, 30, 100), cell("b", 2025, 30, 130))
    holding = (cell("a", 2024, 30, 900), cell("a", 2025, 60, 900))
    portfolio = judged(
        [
            Account(customer("a", 90, 90), cells=holding),
            Account(customer("b", 90, 90), cells=losing),
        ]
    )
    board = growth_board(portfolio)

    assert board is not None
    assert [row.customer.id for row in board.rows] == ["b", "a"]
    assert board.left_out == ()
    assert board.space is not None
    assert board.space.total is not None
    assert board.space.total.low.amount == 840 + 100


def test_of_many_customers_those_on_lower_tiers_are_left_out_of_the_board() -> None:
    many = [Account(customer(f"r{at:02}", 5, 5)) for at in range(36)]
    low = attrs.evolve(many[0], cells=(cell("r00", 2025, 5, 9),))
    top = Account(customer("a", 120, 120), cells=(cell("a", 2025, 5, 9),))
    board = growth_board(judged([low, *many[1:], top]))

    assert board is not None
    assert [row.customer.id for row in board.rows] == ["a"]
    assert [customer.id for customer in board.left_out] == ["r00"]


def test_a_board_of_several_currencies_has_no_sum_without_rates() -> None:
    accounts = [
        Account(customer("a", 90, 90), cells=(cell("a", 2025, 5, 9),)),
        Account(customer("e", 90, 90), cells=(cell("e", 2025, 5, 9, currency="EUR"),)),
    ]
    rates = FxTable((FxRate("EUR", "CNY", dt.date(2024, 1, 1), Decimal(8)),))
    portfolio = judged(accounts)
    without, with_rates = growth_board(portfolio), growth_board(portfolio, fx=rates)

    assert without is not None
    assert without.space is None
    assert with_rates is not None
    assert with_rates.space is not None
    assert with_rates.space.total is not None
    assert with_rates.space.total.low.amount == 4 + 32


def test_a_prospect_is_seen_through_the_lenses_too() -> None:
    prospect = Customer("p", "p", "CNY", relation=Relation.PROSPECT)
    account = Account(prospect, cooperation=WILLING, cells=(cell("p", 2025, 0, 50),))
    portfolio = judged([account, BIG])
    found = lenses_of(portfolio, "p")
    board = growth_board(portfolio)

    assert found.designation is not None
    assert found.designation.possible == (
        StrategicDesignation.HIGH_POTENTIAL,
        StrategicDesignation.STRATEGIC,
    )
    assert board is not None
    assert [row.customer.id for row in board.rows] == ["p"]


ANALYSIS = AccountAnalysis(
    "a", requirements=(ProductRequirement(ProductDemand.PRICE, 4, 2),)
)


def test_the_term_is_judged_by_what_the_customer_is_to_us() -> None:
    plain = Account(customer("a", 90, 90), analysis=ANALYSIS)
    safe = attrs.evolve(plain, terms=("payment-before-shipment",))
    mixed = attrs.evolve(plain, terms=("payment-before-shipment", "open-account"))
    untiered = Account(
        Customer("a", "a", relation=Relation.PROSPECT),
        analysis=ANALYSIS,
        terms=("payment-before-shipment",),
    )
    answers = []
    for account in (plain, safe, mixed, untiered):
        found = lenses_of(judged([account])).fit
        assert found is not None
        answers.append(found.term_within_appetite)

    assert answers == [Tri.UNKNOWN, Tri.YES, Tri.NO, Tri.UNKNOWN]


def test_a_prospects_designation_stands_in_for_its_tier() -> None:
    by_fit_alone = policies.read(
        {
            "based_on": "selection",
            "drop": [
                "required_criteria.scale",
                "required_criteria.solution-need",
                "required_criteria.willingness",
            ],
        },
        selection.SelectionPolicy,
    )
    prospect = Account(
        Customer("p", "p", "CNY", relation=Relation.PROSPECT),
        analysis=attrs.evolve(ANALYSIS, customer_id="p"),
        terms=("payment-before-shipment",),
        cooperation=WILLING,
    )
    own = attrs.evolve(POLICIES, selection=by_fit_alone)
    portfolio = review([prospect, BIG], as_of=DAY, policies=own, intents=INTENTS)
    found = lenses_of(portfolio, "p")

    assert found.designation is not None
    assert found.designation.value is StrategicDesignation.STRATEGIC
    assert found.fit is not None
    assert found.fit.term_within_appetite is Tri.YES


def test_an_analysis_of_a_later_day_is_told_and_not_used() -> None:
    later = attrs.evolve(ANALYSIS, analysed_on=dt.date(2026, 1, 1))
    found = lenses_of(judged([Account(customer("a", 90, 90), analysis=later)]))

    assert found.fit is None
    assert "nobody knew that" in str(found.unread[0])


def test_a_contract_has_a_value_and_one_too_large_to_write_none() -> None:
    contract = Contract("a", "CNY", Decimal(100), Decimal("0.9"))
    account = Account(customer("a", 90, 90), contract=contract)
    huge = attrs.evolve(
        contract, margin=Decimal(10) ** 14, retention=Decimal("0.999999999999")
    )
    free = policies.read(
        {"based_on": "lifetime", "numbers": {"discount": 0}},
        lifetime.LifetimePolicy,
    )
    own = attrs.evolve(POLICIES, lifetime=free)

    found = lenses_of(judged([account])).lifetime
    assert found is not None
    assert found.value is not None
    assert found.value.amount == Decimal(450)
    lost = sheet(attrs.evolve(account, contract=huge), as_of=DAY, policies=own).lenses
    assert lost.lifetime is None
    assert len(lost.unread) == 1


def test_all_customers_together_tell_on_whom_we_rest_and_where_effort_goes() -> None:
    portfolio = judged([Account(customer("a", 120, 120)), *REST])
    found = resources(portfolio)

    assert found is not None
    assert found.concentration.tops[0].share.low == 120 / 140
    assert sum(units for _, _, units in found.by_tier) == 100
    assert [tier for tier, _, _ in found.by_tier] == [
        ValueTier.DIAMOND,
        ValueTier.GENERAL,
    ]
    assert found.distribution.unsettled == 0


def test_a_giant_in_a_currency_without_a_rate_is_not_left_out() -> None:
    giant = attrs.evolve(customer("g", 10_000, 10_000), currency="USD")
    found = resources(judged([Account(giant), *REST]))

    assert found is not None
    assert found.concentration.unknown == ("g",)
    assert found.concentration.tops[0].share.high == 1.0
    shares = found.shares.value
    assert shares is not None
    assert "g" in {one.id for one in shares.shares}


def test_a_portfolio_where_nobody_trades_shares_nothing_out() -> None:
    prospect = Account(Customer("p", "p", relation=Relation.PROSPECT))

    assert resources(judged([prospect])) is None


def test_a_group_adds_up_what_its_companies_buy_and_bring() -> None:
    child = customer("b", 5, 5, parent="a")
    parent = Account(
        customer("a", 90, 90),
        cells=(cell("a", 2025, 5, 9), cell("a", 2025, 1, None, "air")),
        purchases=(Purchase("a", dt.date(2025, 5, 1)),),
        contract=Contract("a", "CNY", Decimal(10), Decimal("0.9")),
    )
    member = Account(
        child,
        cooperation=WILLING,
        attributes=StrategicProfile(value=Decimal(5)),
        cells=(cell("b", 2025, 6, 10), cell("b", 2025, 1, 4, "air")),
        analysis=attrs.evolve(ANALYSIS, customer_id="b"),
        purchases=(Purchase("b", dt.date(2025, 2, 1)),),
        profiles=(attrs.evolve(PROFILE, customer_id="b"),),
        contract=Contract("b", "CNY", Decimal(3), Decimal("0.8")),
    )
    (group,) = roll_up([parent, member]).accounts

    assert group.cooperation == WILLING
    assert group.attributes == StrategicProfile(value=Decimal(5))
    assert [(one.category, one.ours, one.spend) for one in group.cells] == [
        ("air", Decimal(2), None),
        ("line haul", Decimal(11), Decimal(19)),
    ]
    assert group.analysis == ANALYSIS
    assert [one.on.month for one in group.purchases] == [2, 5]
    assert {one.customer_id for one in group.purchases} == {"a"}
    assert group.profiles == (PROFILE,)
    assert group.contract == Contract("a", "CNY", Decimal(13))


def test_a_group_in_two_currencies_adds_nothing_up_and_says_so() -> None:
    parent = Account(
        customer("a", 90, 90),
        cells=(cell("a", 2025, 5, 9),),
        contract=Contract("a", "CNY", Decimal(10)),
    )
    member = Account(
        attrs.evolve(customer("b", parent="a"), currency="EUR"),
        cells=(cell("b", 2025, 6, 10, currency="EUR"),),
        contract=Contract("b", "EUR", Decimal(3)),
    )
    (group,) = roll_up([parent, member]).accounts

    assert [one.currency for one in group.cells] == ["CNY", "EUR"]
    assert group.contract == Contract("a", "CNY")
    (lost,) = sheet(group, as_of=DAY, policies=POLICIES).lenses.unread
    assert isinstance(lost, InvalidValueError)
