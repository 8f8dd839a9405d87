"""An opportunity keeps one currency, a dated history and each factor once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given

from keyaccount.domain import (
    FactorScore,
    GateAnswers,
    LossReason,
    Milestone,
    Money,
    Need,
    NeedCoverage,
    NeedKind,
    Opportunity,
    Outcome,
    ProbabilityOverride,
    Stage,
    StageAnswers,
    StageEvent,
    WinFactor,
    WorthInputs,
)
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import opportunities


DAY = dt.date(2025, 6, 1)
NEXT = dt.date(2025, 6, 2)
YUAN, DOLLAR = Money.of("5 CNY"), Money.of("5 USD")


def test_little_is_known_of_a_new_opportunity() -> None:
    opportunity = Opportunity("o1", "c1", None)

    assert opportunity.stage == "identification"
    assert opportunity.answers == GateAnswers(Tri.UNKNOWN, Tri.UNKNOWN, Tri.UNKNOWN)
    assert opportunity.worth == WorthInputs()
    assert opportunity.outcome is None


@given(opportunities())
def test_the_history_ends_at_the_stage(opportunity: Opportunity) -> None:
    dates = [event.at for event in opportunity.history]

    assert dates == sorted(dates)
    assert not opportunity.history or (
        opportunity.history[-1].stage == opportunity.stage
    )


def test_a_member_of_a_shipped_list_is_as_good_as_its_slug() -> None:
    assert Opportunity("o1", "c1", None, Stage.CONTRACT_SIGNING).stage == (
        "contract-signing"
    )
    assert StageEvent(Stage.IDENTIFICATION, DAY) == StageEvent("identification", DAY)
    assert FactorScore(WinFactor.DIFFERENTIATION).factor == "differentiation"


@pytest.mark.parametrize(
    "stage, code",
    [
        ("No Bid", "bad-syntax"),
        ("no_bid", "bad-syntax"),
        ("no--bid", "bad-syntax"),
        ("-bid", "bad-syntax"),
        ("Bid", "bad-syntax"),
        ("谈判", "bad-syntax"),
        ("bid\n", "bad-syntax"),
        ("", "empty"),
        ("x" * 201, "too-long"),
        (5, "wrong-type"),
    ],
)
def test_a_stage_is_a_slug(stage: object, code: str) -> None:
    assert refused(Opportunity, "o1", "c1", None, stage) == (("$.stage", code),)


def test_a_stage_of_ones_own_pipeline_is_fine() -> None:
    assert Opportunity("o1", "c1", None, "pilot-2").stage == "pilot-2"


def test_a_history_out_of_order_is_refused() -> None:
    history = [StageEvent("a", NEXT), StageEvent("b", DAY), StageEvent("c", DAY)]

    assert refused(Opportunity, "o1", "c1", None, "c", history=history) == (
        ("$.history[1].at", "not-sorted"),
    )


def test_a_history_that_ends_elsewhere_is_refused() -> None:
    assert refused(
        Opportunity, "o1", "c1", None, "b", history=[StageEvent("a", DAY)]
    ) == (("$.stage", "contradiction"),)


def test_a_factor_is_scored_once() -> None:
    scores = [FactorScore("price", 1), FactorScore("brand"), FactorScore("price", 2)]

    assert refused(Opportunity, "o1", "c1", None, win_factors=scores) == (
        ("$.win_factors[2].factor", "duplicate"),
    )


@pytest.mark.parametrize("score", [-3, 3])
def test_a_score_lies_between_minus_two_and_two(score: int) -> None:
    assert refused(FactorScore, "price", score) == (("$.score", "out-of-range"),)
    assert FactorScore("price", -2).score == -2


def test_all_amounts_of_a_deal_are_in_one_currency() -> None:
    worth = WorthInputs(gross_profit=DOLLAR, funds_tied=YUAN, exposure=DOLLAR)

    assert refused(Opportunity, "o1", "c1", YUAN, worth=worth) == (
        ("$.worth.gross_profit", "contradiction"),
        ("$.worth.exposure", "contradiction"),
    )
    assert refused(Opportunity, "o1", "c1", None, worth=worth) == (
        ("$.worth.funds_tied", "contradiction"),
    )


def test_a_deal_may_lose_money() -> None:
    worth = WorthInputs(gross_profit=Money.of("-5 CNY"), annual_rate=Decimal("0.06"))

    assert Opportunity("o1", "c1", YUAN, worth=worth).worth is worth


def test_worth_says_everything_that_is_wrong() -> None:
    loss = Money.of("-1 CNY")

    assert refused(
        WorthInputs, 5, loss, 6, -1, loss, Decimal("1.01"), 0.5, 4, -1, True, "0"
    ) == (
        ("$.gross_profit", "wrong-type"),
        ("$.funds_tied", "out-of-range"),
        ("$.exposure", "out-of-range"),
        ("$.annual_rate", "out-of-range"),
        ("$.default_probability", "out-of-range"),
        ("$.loss_given_default", "wrong-type"),
        ("$.days", "out-of-range"),
        ("$.importance", "out-of-range"),
        ("$.direction", "out-of-range"),
        ("$.side_effects", "wrong-type"),
        ("$.deviation", "wrong-type"),
    )


def test_a_need_is_open_until_somebody_has_looked() -> None:
    need = Need(NeedKind.PRODUCT)

    assert (need.mandatory, need.coverage) == (Tri.UNKNOWN, NeedCoverage.UNKNOWN)
    assert refused(Need, "product", True, None, "") == (
        ("$.kind", "wrong-type"),
        ("$.mandatory", "wrong-type"),
        ("$.coverage", "missing"),
        ("$.text", "empty"),
    )


def test_answers_are_tris() -> None:
    assert refused(GateAnswers, True, None, "no") == (
        ("$.explicit_need", "wrong-type"),
        ("$.empty_promise", "missing"),
        ("$.funded", "wrong-type"),
    )


def test_an_event_is_a_stage_on_a_day() -> None:
    assert refused(StageEvent, "A", "today") == (
        ("$.stage", "bad-syntax"),
        ("$.at", "wrong-type"),
    )


def test_an_opportunity_says_everything_that_is_wrong() -> None:
    assert refused(
        Opportunity,
        "",
        "\u200b",
        5,
        "Stage",
        "",
        [5],
        None,
        5,
        None,
        "term",
        "commit",
        "won",
        "history",
    ) == (
        ("$.id", "empty"),
        ("$.customer_id", "not-text"),
        ("$.value", "wrong-type"),
        ("$.stage", "bad-syntax"),
        ("$.name", "empty"),
        ("$.needs[0]", "wrong-type"),
        ("$.answers", "missing"),
        ("$.win_factors", "wrong-type"),
        ("$.worth", "missing"),
        ("$.payment_term", "wrong-type"),
        ("$.forecast_category", "wrong-type"),
        ("$.outcome", "wrong-type"),
        ("$.history", "wrong-type"),
    )


def test_nobody_has_told_how_far_a_new_opportunity_has_come() -> None:
    opportunity = Opportunity("o1", "c1", None)

    assert opportunity.progress == StageAnswers()
    assert opportunity.milestones == ()
    assert (opportunity.probability, opportunity.loss_reason) == (None, None)


def test_what_has_ended_says_how() -> None:
    assert refused(Opportunity, "o1", "c1", None, closed_on=DAY) == (
        ("$.closed_on", "contradiction"),
    )
    won = Opportunity("o1", "c1", None, closed_on=DAY, outcome=Outcome.WON)
    assert won.closed_on == DAY


def test_nothing_ends_before_it_is_opened() -> None:
    ended = {"outcome": Outcome.LOST, "closed_on": DAY}

    assert refused(Opportunity, "o1", "c1", None, opened_on=NEXT, **ended) == (
        ("$.closed_on", "not-sorted"),
    )
    assert Opportunity("o1", "c1", None, opened_on=DAY, **ended).closed_on == DAY  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize("outcome", [None, Outcome.WON, Outcome.ABANDONED])
def test_only_what_is_lost_has_a_reason_for_its_loss(outcome: Outcome | None) -> None:
    loss = LossReason.NO_DECISION

    assert refused(
        Opportunity, "o1", "c1", None, outcome=outcome, loss_reason=loss
    ) == (("$.loss_reason", "contradiction"),)
    lost = Opportunity("o1", "c1", None, outcome=Outcome.LOST, loss_reason=loss)
    assert lost.loss_reason is loss


def test_a_landmark_stands_once() -> None:
    marks = [Milestone("demo", DAY), Milestone("pilot", DAY), Milestone("demo", NEXT)]

    assert refused(Opportunity, "o1", "c1", None, milestones=marks) == (
        ("$.milestones[2].id", "duplicate"),
    )


def test_a_persons_odds_stand_beside_the_stages_and_not_instead() -> None:
    """QUALITY D16: a number with an author and a date, never overwritten."""
    odds = ProbabilityOverride(Decimal("0.3"), "Li", DAY)
    opportunity = Opportunity("o1", "c1", None, "contract-signing", probability=odds)

    assert opportunity.stage == "contract-signing"
    assert opportunity.probability is odds


def test_how_far_it_has_come_says_everything_that_is_wrong() -> None:
    assert refused(
        Opportunity,
        "o1",
        "c1",
        None,
        owner="",
        opened_on="today",
        expected_close=5,
        closed_on="never",
        loss_reason="price",
        probability=0.5,
        progress=None,
        milestones=[DAY],
    ) == (
        ("$.owner", "empty"),
        ("$.opened_on", "wrong-type"),
        ("$.expected_close", "wrong-type"),
        ("$.closed_on", "wrong-type"),
        ("$.loss_reason", "wrong-type"),
        ("$.probability", "wrong-type"),
        ("$.progress", "missing"),
        ("$.milestones[0]", "wrong-type"),
    )


def test_of_a_deal_that_has_ended_the_stage_may_be_unknown() -> None:
    opportunity = Opportunity("o1", "c1", None, None, outcome=Outcome.LOST)

    assert opportunity.stage is None
    assert opportunity.history == ()
