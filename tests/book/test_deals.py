"""One open deal through every lens, and what all deals add up to."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal

import attrs
import pytest
from hypothesis import given

from keyaccount import policies, wire
from keyaccount.book import (
    Account,
    Policies,
    deal_facts,
    deal_sheet,
    forecast_deals,
    review,
)
from keyaccount.domain import (
    AdminLevel,
    Attitude,
    Customer,
    Decision,
    EventKind,
    FactorScore,
    FxRate,
    FxTable,
    GateAnswers,
    Money,
    Need,
    NeedCoverage,
    NeedKind,
    Opportunity,
    Outcome,
    PaymentTerm,
    PurchasingRole,
    Stage,
    StageAnswers,
    StageEvent,
    Stakeholder,
    ValueTier,
    WinFactor,
    WorthInputs,
)
from keyaccount.models import payment, qualification, stages, stakeholders
from keyaccount.tri import Tri
from tests.strategies import opportunities


DAY = dt.date(2025, 12, 31)
ACME = Customer("C1", "Acme", "CNY")
TERM = {
    named.id: PaymentTerm(named.tranches, named.id) for named in payment.catalogue()
}


def money(amount: int, currency: str = "CNY") -> Money:
    return Money(Decimal(amount), currency)


def known_deal(
    stage: str | None = "proposal-negotiation", **changes: object
) -> Opportunity:
    """Return a deal of which everything is known, and which is worth pursuing."""
    fields: dict[str, object] = {
        "stage": stage,
        "history": () if stage is None else (StageEvent(stage, dt.date(2025, 12, 1)),),
        "needs": (Need(NeedKind.SERVICE, Tri.YES, NeedCoverage.OWN),),
        "answers": GateAnswers(Tri.YES, Tri.NO, Tri.YES),
        "win_factors": tuple(FactorScore(factor, 1) for factor in WinFactor),
        "worth": WorthInputs(
            gross_profit=money(200),
            funds_tied=money(0),
            annual_rate=Decimal(0),
            days=0,
            exposure=money(0),
            default_probability=Decimal(0),
            loss_given_default=Decimal(0),
            importance=1,
            direction=1,
            side_effects=0,
            deviation=0,
        ),
        "payment_term": TERM["payment-before-shipment"],
        "progress": StageAnswers(
            Tri.YES, Tri.YES, Tri.YES, Tri.NO, 0, Tri.NO, Tri.YES, Tri.YES, Tri.YES
        ),
        **changes,
    }
    fields = {"id": "D1", "customer_id": "C1", "value": money(1_000), **fields}
    return Opportunity(**fields)  # type: ignore[arg-type]  # the fields above


BOSS = Stakeholder(
    "S1",
    "C1",
    "head of purchasing",
    AdminLevel.DIRECTOR,
    frozenset({PurchasingRole.DECISION_MAKER, PurchasingRole.BUSINESS}),
    Attitude.SUPPORT,
    dt.date(2025, 12, 20),
)


def test_a_deal_of_which_everything_is_known_may_move_on() -> None:
    people = stakeholders.read([BOSS], as_of=DAY)
    found = deal_sheet(
        known_deal(), as_of=DAY, customer_class=ValueTier.GOLD, people=people
    )

    assert found.gates.value is Decision.PURSUE
    assert found.way_on is not None
    assert found.way_on.unmet == ()
    assert found.way_on.kind is EventKind.ADVANCE
    assert found.days_in_stage == 30


def test_what_other_models_leave_open_stays_open_in_the_pipeline() -> None:
    found = deal_sheet(known_deal(), as_of=DAY)

    assert found.way_on is not None
    assert {gap.code for gap in found.way_on.unmet} == {
        "term-acceptable",  # nobody knows the customer, nor what we accept from it
        "decision-maker-covered",
    }
    assert {gap.answer for gap in found.way_on.unmet} == {Tri.UNKNOWN}


def test_a_term_that_we_do_not_accept_is_no_and_not_unknown() -> None:
    deal = known_deal(payment_term=TERM["open-account"])
    found = deal_sheet(deal, as_of=DAY, customer_class=ValueTier.GOLD)
    facts = deal_facts(deal, gates=found.gates, term=found.term)

    assert facts["term_rated"] is Tri.YES
    assert facts["term_within_appetite"] is Tri.NO


def test_a_gate_that_waits_is_not_known_to_the_pipeline() -> None:
    deal = known_deal("identification", answers=GateAnswers(explicit_need=Tri.YES))
    found = deal_sheet(deal, as_of=DAY)
    facts = deal_facts(deal, gates=found.gates)

    assert found.gates.value is Decision.HOLD
    assert "gate_is_real" not in facts
    assert facts["gate_can_compete"] == "pass"


def test_an_own_fact_of_the_pipeline_goes_beside_the_others() -> None:
    own = policies.read(
        {
            "based_on": "stages",
            "facts": [{"id": "site_visited"}],
            "stages": [
                {
                    "id": "identification",
                    "exits": [{"id": "visited", "when": "site_visited"}],
                }
            ],
        },
        stages.Pipeline,
    )
    deal = known_deal("identification")
    with_own = Policies(pipeline=own)
    without = deal_sheet(deal, as_of=DAY, policies=with_own)
    told = deal_sheet(deal, as_of=DAY, policies=with_own, known={"site_visited": True})

    assert without.way_on is not None
    assert [gap.code for gap in without.way_on.unmet] == ["visited"]
    assert told.way_on is not None
    assert told.way_on.unmet == ()


@pytest.mark.parametrize("stage", [None, "a-stage-of-another-house"])
def test_a_deal_whose_stage_nobody_knows_is_judged_without_a_way_on(
    stage: str | None,
) -> None:
    found = deal_sheet(known_deal(stage), as_of=DAY)

    assert (found.deal, found.way_on, found.tasks) == (None, None, ())
    assert found.days_in_stage is None
    assert found.gates.value is Decision.PURSUE


def test_nobody_counts_days_from_a_day_that_nobody_knows() -> None:
    assert deal_sheet(known_deal(history=()), as_of=DAY).days_in_stage is None


def test_the_review_judges_open_deals_only_and_forecasts_all() -> None:
    won = Opportunity(
        "D2", "C1", money(500), outcome=Outcome.WON, closed_on=dt.date(2025, 6, 1)
    )
    loose = Opportunity("D3", None, money(70), Stage.NEED_CONFIRMATION)
    found = review(
        [Account(ACME, deals=(known_deal(), won), people=(BOSS,))],
        as_of=DAY,
        loose_deals=[loose],
        policies=Policies(tiering=None),
        fx=FxTable((FxRate("CNY", "USD", DAY, Decimal("0.14")),)),
    )

    assert [deal.opportunity.id for deal in found.deals] == ["D1", "D3"]
    assert found.deals[0].people is not None
    assert found.deals[1].people is None
    (amounts,) = found.forecasts
    assert amounts.roll_up.closed.low == money(500)
    assert found.conversion is not None
    assert (found.conversion.won, found.conversion.still_open) == (1, 2)


def test_a_review_without_deals_has_no_forecast() -> None:
    found = review([Account(Customer("C1", "Acme", "USD"))], as_of=DAY)

    assert (found.deals, found.forecasts, found.conversion) == ((), (), None)


def deal_of(identifier: str, value: Money | None) -> Opportunity:
    return Opportunity(identifier, None, value, Stage.SOLUTION_DESIGN)


def test_currencies_never_add_without_rates() -> None:
    deals = [
        deal_of("D1", money(100)),
        deal_of("D2", money(10, "USD")),
        deal_of("D3", None),
    ]
    found = forecast_deals(deals, as_of=DAY)

    assert [one.currency for one in found] == ["CNY", "USD"]
    assert [one.roll_up.open.low for one in found] == [money(100), money(10, "USD")]
    assert [one.roll_up.unvalued for one in found] == [(), ()]


def test_with_rates_there_is_one_forecast_in_the_policys_currency() -> None:
    deals = [deal_of("D1", money(100)), deal_of("D2", money(10, "USD"))]
    fx = FxTable((FxRate("CNY", "USD", DAY, Decimal("0.14")),))
    (found,) = forecast_deals(deals, as_of=DAY, fx=fx)

    assert str(found.roll_up.open.low) == "24.00 USD"


def test_in_one_currency_a_deal_without_a_value_counts_with_the_others() -> None:
    deals = [deal_of("D1", money(100)), deal_of("D2", None)]
    (found,) = forecast_deals(deals, as_of=DAY)

    assert found.roll_up.unvalued == ("D2",)
    assert found.roll_up.open.high is None
    assert found.distribution is not None


def test_where_everything_has_ended_there_is_nothing_to_distribute() -> None:
    won = Opportunity("D1", None, money(5), outcome=Outcome.WON)
    (found,) = forecast_deals([won], as_of=DAY)

    assert found.distribution is None


def test_own_facts_stand_on_the_account_and_nobody_changes_them() -> None:
    pipeline = policies.read(
        wire.read_toml(
            'based_on = "stages"\n[[facts]]\nid = "fit"\n[[stages]]\n'
            'id = "solution-design"\nexits = [{ id = "fits", when = "fit" }]\n'
        ),
        stages.Pipeline,
    )
    given = {"D1": {"fit": Tri.YES}}
    account = Account(ACME, deals=(deal_of("D1", None),), deal_facts=given)
    given["D1"]["fit"] = Tri.NO
    portfolio = review(
        [account],
        as_of=DAY,
        policies=Policies(pipeline=pipeline),
        loose_deals=[deal_of("D2", None), deal_of("D3", None)],
        loose_facts={"D2": {"fit": Tri.NO}},
    )

    found = {
        deal.opportunity.id: {gap.code: gap.answer for gap in deal.way_on.unmet}
        for deal in portfolio.deals
        if deal.way_on is not None
    }
    assert "fits" not in found["D1"]
    assert found["D2"]["fits"] is Tri.NO
    assert found["D3"]["fits"] is Tri.UNKNOWN
    copied = pickle.loads(pickle.dumps(account))  # noqa: S301 - our own bytes
    assert copied == account
    assert hash(copied) == hash(account)
    assert dict(copied.deal_facts["D1"]) == {"fit": Tri.YES}
    assert len(copied.deal_facts) == 1


def test_what_the_gates_advise_against_is_counted_in_its_currency() -> None:
    left = GateAnswers(Tri.NO, Tri.YES, Tri.NO)
    deals = (
        known_deal(id="D1", answers=left),
        known_deal(id="D2"),
        known_deal(id="D3", answers=left, outcome=Outcome.WON),
    )
    portfolio = review([Account(ACME, deals=deals)], as_of=DAY)
    (found,) = portfolio.forecasts

    assert found.advised_against is not None
    assert [line.id for line in found.advised_against.lines] == ["D1"]
    assert found.advised_against.open.low == money(1_000)
    assert found.roll_up.open.low == money(2_000)
    flags = {deal.opportunity.id: deal.is_advised_against for deal in portfolio.deals}
    assert flags == {"D1": True, "D2": False}


def test_what_is_dated_after_the_day_is_told() -> None:
    later = dt.date(2026, 1, 1)
    deals = [
        attrs.evolve(deal_of("D1", None), opened_on=later),
        attrs.evolve(deal_of("D2", None), outcome=Outcome.WON, closed_on=later),
        attrs.evolve(deal_of("D3", None), expected_close=later, opened_on=DAY),
        known_deal(id="D4", history=(StageEvent("proposal-negotiation", later),)),
    ]
    portfolio = review([], as_of=DAY, loose_deals=deals)

    assert [deal.id for deal in portfolio.dated_ahead] == ["D1", "D2", "D4"]


@given(opportunities())
def test_any_deal_can_be_looked_at_and_its_facts_fit_the_pipeline(
    deal: Opportunity,
) -> None:
    day = dt.date(2200, 12, 31)
    found = deal_sheet(deal, as_of=day)
    facts = stages.default_policy().read(deal_facts(deal, gates=found.gates))

    assert found.gates == qualification.qualify(deal, as_of=day)
    assert set(facts) == set(stages.FACTS.names)
    assert (found.deal is None) == (
        deal.outcome is not None or deal.stage not in stages.default_policy().by_id
    )
    assert wire.dumps(found.gates)
