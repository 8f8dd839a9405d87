"""Four gates in a row: laws that hold for any deal, whatever is known of it."""

from __future__ import annotations

import datetime as dt
import decimal
import itertools
import pickle
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    MAX_TENOR_DAYS,
    Decision,
    FactorScore,
    GateAnswers,
    GateId,
    GateResult,
    Money,
    Need,
    NeedCoverage,
    NeedKind,
    Opportunity,
    Outcome,
    ValueTier,
    WorthInputs,
)
from keyaccount.exceptions import InvalidValueError, UnknownNameError
from keyaccount.models import qualification
from keyaccount.models.qualification import Bounds, DealVerdict, QualificationPolicy
from keyaccount.rules import Interval, Verdict
from keyaccount.tri import Tri
from tests.models.deal_strategies import (
    MARKS,
    deals,
    evolved,
    filled,
    good_deal,
    good_worth,
    money,
    opened,
    worth_inputs,
)
from tests.strategies import opportunities


TODAY = dt.date(2025, 12, 31)
WORST_FIRST = (
    Decision.NOT_AN_OPPORTUNITY,
    Decision.NO_BID,
    Decision.NOT_WORTH,
    Decision.HOLD,
    Decision.REVIEW,
    Decision.LIMITED,
    Decision.PURSUE,
)
CLASSES = ("diamond", "problem", "general", "potential", "key-opportunity", "ordinary")


def judged(deal: Opportunity, **given_too: object) -> DealVerdict:
    return qualification.qualify(deal, as_of=TODAY, **given_too)  # type: ignore[call-overload, no-any-return]  # keywords pass through


def own(**changes: object) -> QualificationPolicy:
    return policies.read({"based_on": "qualification", **changes}, QualificationPolicy)


# ── what is not known (S1-8, S1-9d) ─────────────────────────────────────────────


def test_of_a_deal_that_nobody_knows_anything_of_nothing_is_decided() -> None:
    verdict = judged(Opportunity("o1", "c1", None))

    assert verdict.value is Decision.HOLD
    assert verdict.possible == (Decision.HOLD,)
    assert verdict.release == Interval(0.0, 0.0)
    assert verdict.reachable == tuple(
        one for one in WORST_FIRST if one is not Decision.HOLD
    )
    assert not verdict.is_settled
    assert verdict.win_index == Interval(0.0, 1.0)
    assert verdict.net == verdict.ram == Bounds(None, None)
    assert verdict.currency is None


@settings(max_examples=300)
@given(st.data())
def test_whatever_the_unknown_turns_out_to_be_the_verdict_allowed_for_it(
    data: st.DataObject,
) -> None:
    deal = data.draw(opened(deals()))
    before = judged(deal)

    after = judged(data.draw(filled(deal)))

    assert after.value in before.reachable
    assert after.reachable == (after.value,)
    assert after.is_settled
    assert after.missing == ()
    assert before.win_index.low <= after.win_index.low <= before.win_index.high
    assert before.worth.low <= after.worth.low <= before.worth.high
    for name in ("net", "ram"):
        bounds, exact = getattr(before, name), getattr(after, name)
        assert exact.is_exact
        assert exact.low in bounds
    if before.is_settled:
        assert before.value is after.value
    for was, is_now in zip(before.gates, after.gates, strict=True):
        assert is_now.result in was.possible


@given(st.data())
def test_an_answer_never_widens_what_may_be_decided(data: st.DataObject) -> None:
    deal = data.draw(opened(deals()))
    before = judged(deal)

    after = judged(data.draw(filled(deal, whole=False)))

    assert set(after.reachable) <= set(before.reachable)
    assert after.value in {*before.reachable, Decision.HOLD}


@given(st.data())
def test_every_decision_said_to_be_reached_is_reached(data: st.DataObject) -> None:
    known = data.draw(deals())
    deal = attrs.evolve(
        known,
        answers=attrs.evolve(known.answers, funded=Tri.UNKNOWN),
        win_factors=known.win_factors[:4],
        worth=attrs.evolve(known.worth, side_effects=None, importance=None),
    )

    found = {
        judged(
            attrs.evolve(
                deal,
                answers=attrs.evolve(deal.answers, funded=funded),
                win_factors=[
                    *deal.win_factors,
                    FactorScore("price-competitiveness", n),
                ],
                worth=attrs.evolve(
                    deal.worth, side_effects=side, importance=importance
                ),
            )
        ).value
        for funded, n, side, importance in itertools.product(
            (Tri.YES, Tri.NO), range(-2, 3), range(4), range(4)
        )
    }

    assert found == set(judged(deal).reachable)


@given(opened(deals()))
def test_a_deal_that_waits_gets_nothing_and_says_what_for(deal: Opportunity) -> None:
    verdict = judged(deal)

    if verdict.value is Decision.HOLD:
        assert verdict.release == Interval(0.0, 0.0)
        assert verdict.missing
        assert verdict.decided_by is not None
        assert verdict.gate(verdict.decided_by).result is GateResult.HOLD
        assert len(verdict.reachable) > 1


# ── gates in a row (S1-13) ──────────────────────────────────────────────────────


@given(opened(deals()))
def test_a_later_gate_never_rescues_an_earlier_one(deal: Opportunity) -> None:
    best = good_deal()
    verdict = judged(deal)

    rescued = judged(attrs.evolve(deal, win_factors=best.win_factors, worth=best.worth))
    if verdict.gates[0].possible == (GateResult.FAIL,):
        assert verdict.value is rescued.value is Decision.NOT_AN_OPPORTUNITY
        assert verdict.first_failing is GateId.IS_REAL
        assert all(gate.is_informative for gate in verdict.gates[1:])
    elif verdict.gates[1].possible == (GateResult.FAIL,):
        assert rescued.value is Decision.NO_BID
        assert verdict.first_failing is GateId.CAN_COMPETE
        assert not verdict.gates[1].is_informative


@given(deals())
def test_the_decision_is_the_worst_of_the_gates(deal: Opportunity) -> None:
    verdict = judged(deal)

    failed = [gate.gate for gate in verdict.gates if gate.result is GateResult.FAIL]
    if failed:
        led_to = {
            GateId.IS_REAL: Decision.NOT_AN_OPPORTUNITY,
            GateId.CAN_COMPETE: Decision.NO_BID,
            GateId.CAN_WIN: Decision.NO_BID,
            GateId.WORTH_WINNING: Decision.NOT_WORTH,
        }
        assert verdict.value is led_to[failed[0]]
        assert verdict.decided_by is failed[0]
        assert verdict.release.high == 0
    else:
        led_to_by_result = {
            GateResult.REVIEW: Decision.REVIEW,
            GateResult.LIMITED: Decision.LIMITED,
            GateResult.PASS: Decision.PURSUE,
        }
        said = {led_to_by_result[gate.result] for gate in verdict.gates}
        assert verdict.value is min(said, key=WORST_FIRST.index)
        assert verdict.release.low == (1.0 if verdict.value is Decision.PURSUE else 0.3)
        assert (verdict.decided_by is None) is (verdict.value is Decision.PURSUE)


@given(st.data())
def test_a_better_deal_is_never_judged_worse(data: st.DataObject) -> None:
    deal = data.draw(deals())
    worth = deal.worth
    assert worth.gross_profit is not None

    better = [
        attrs.evolve(
            deal,
            win_factors=[
                FactorScore(one.factor, min(2, (one.score or 0) + 1))
                for one in deal.win_factors
            ],
        ),
        attrs.evolve(
            deal,
            worth=attrs.evolve(
                worth, gross_profit=worth.gross_profit + money(data.draw(st.just(40)))
            ),
        ),
        attrs.evolve(deal, worth=attrs.evolve(worth, exposure=money(0))),
        *(
            attrs.evolve(deal, worth=evolved(worth, **{name: best}))
            for name, best in zip(MARKS, (3, 3, 0, 0), strict=True)
        ),
        attrs.evolve(
            deal,
            needs=[attrs.evolve(one, coverage=NeedCoverage.OWN) for one in deal.needs],
        ),
    ]

    at = WORST_FIRST.index(judged(deal).value or Decision.HOLD)
    assert all(
        WORST_FIRST.index(judged(one).value or Decision.HOLD) >= at for one in better
    )


@given(st.data())
def test_the_order_of_needs_and_factors_makes_no_difference(
    data: st.DataObject,
) -> None:
    deal = data.draw(opened(deals()))
    shuffled = attrs.evolve(
        deal,
        needs=data.draw(st.permutations(deal.needs)),
        win_factors=data.draw(st.permutations(deal.win_factors)),
    )

    one, other = judged(deal), judged(shuffled)

    assert attrs.evolve(one, dependencies=(), evidence=one.evidence) == attrs.evolve(
        other, dependencies=(), evidence=other.evidence
    )


# ── gate 2 (S1-10) ──────────────────────────────────────────────────────────────


def test_what_we_must_get_from_others_is_a_dependency_unless_it_is_optional() -> None:
    needs = [
        Need(NeedKind.SERVICE, mandatory, NeedCoverage.OBTAINABLE)
        for mandatory in (Tri.YES, Tri.NO, Tri.UNKNOWN)
    ]

    verdict = judged(good_deal(needs=needs))

    assert verdict.value is Decision.PURSUE
    assert verdict.dependencies == (needs[0], needs[2])


# ── gate 4, exactly (S1-12) ─────────────────────────────────────────────────────


def mark_by_hand(deal: Opportunity) -> tuple[Fraction, int]:
    """Return the return and its mark, reckoned in fractions."""
    worth = deal.worth
    known = [
        Fraction(part.amount if hasattr(part, "amount") else part)
        for part in (
            worth.gross_profit,
            worth.funds_tied,
            worth.annual_rate,
            worth.days,
            worth.exposure,
            worth.default_probability,
            worth.loss_given_default,
        )
        if part is not None
    ]
    profit, funds, rate, days, exposure, chance, loss = known
    assert deal.value is not None
    net = profit - funds * rate * days / 365 - exposure * chance * loss
    ram = net / Fraction(deal.value.amount)
    if ram >= Fraction(1, 10):
        return ram, 2
    if ram >= Fraction(3, 100):
        return ram, 1
    return ram, 0 if ram >= 0 else -2


@settings(max_examples=300)
@given(deals())
def test_the_worth_is_reckoned_exactly(deal: Opportunity) -> None:
    ram, mark = mark_by_hand(deal)
    worth = deal.worth
    plus = (worth.importance or 0) + (worth.direction or 0)
    minus = (worth.side_effects or 0) + (worth.deviation or 0)

    verdict = judged(deal)

    total = mark + plus - minus
    assert verdict.worth == Interval(float(total), float(total))
    assert verdict.ram.low is not None
    assert abs(Fraction(verdict.ram.low) - ram) < Fraction(1, 10**12)
    gate = verdict.gate(GateId.WORTH_WINNING).result
    if worth.side_effects == 3 or worth.deviation == 3 or total < 0:
        assert gate is GateResult.FAIL
    else:
        assert gate is (GateResult.PASS if total >= 2 else GateResult.REVIEW)


@pytest.mark.parametrize(
    ("cents", "mark"), [(9999, 1), (10000, 2), (2999, 0), (3000, 1), (0, 0), (-1, -2)]
)
def test_a_cent_below_a_floor_is_below_it(cents: int, mark: int) -> None:
    profit = money(Decimal(cents) / 100)
    deal = good_deal(worth=good_worth(gross_profit=profit, importance=0))

    assert judged(deal).worth.low == mark


def test_the_callers_own_decimal_context_changes_nothing() -> None:
    deal = good_deal(worth=good_worth(gross_profit=money(Decimal("99.999999999"))))
    expected = judged(deal)

    with decimal.localcontext(prec=3):
        found = judged(deal)

    assert found == expected
    assert found.worth.low == 2


def worth_of(**known: object) -> Opportunity:
    return good_deal(worth=worth_inputs(**known))


@pytest.mark.parametrize(
    ("deal", "low", "high"),
    [
        (worth_of(), -2, 2),
        (worth_of(gross_profit=money(-1)), -2, -2),
        (worth_of(gross_profit=money(99)), -2, 1),
        (worth_of(gross_profit=money(29)), -2, 0),
        (worth_of(funds_tied=money(0), exposure=money(0)), -2, 2),
        (
            worth_of(gross_profit=money(50), funds_tied=money(0), exposure=money(20)),
            1,
            1,
        ),
        (
            worth_of(gross_profit=money(50), funds_tied=money(0), exposure=money(30)),
            0,
            1,
        ),
        (worth_of(gross_profit=money(50), annual_rate=0, exposure=money(0)), 1, 1),
        (
            worth_of(gross_profit=money(50), funds_tied=money(9), exposure=money(0)),
            -2,
            1,
        ),
        (
            worth_of(
                gross_profit=money(50),
                funds_tied=money(10),
                days=365,
                exposure=money(0),
            ),
            1,
            1,
        ),
    ],
)
def test_a_missing_amount_is_bounded_by_those_that_are_known(
    deal: Opportunity, low: int, high: int
) -> None:
    marks = {"importance": 0, "direction": 0, "side_effects": 0, "deviation": 0}
    deal = attrs.evolve(deal, worth=evolved(deal.worth, **marks))

    assert judged(deal).worth == Interval(float(low), float(high))


def test_days_that_nobody_knows_are_no_more_than_a_deal_can_have() -> None:
    worth = good_worth(funds_tied=money(1), annual_rate=Decimal("0.01"), days=None)

    verdict = judged(good_deal(worth=worth))

    assert verdict.net == Bounds(Decimal("149.00"), Decimal("150.00"))
    assert verdict.is_settled
    WorthInputs(days=MAX_TENOR_DAYS)
    with pytest.raises(InvalidValueError):
        WorthInputs(days=MAX_TENOR_DAYS + 1)


@pytest.mark.parametrize(
    ("profit", "worth", "ram"),
    [
        (5, Interval(1.0, 3.0), Bounds(Decimal(0), None)),
        (0, Interval(1.0, 1.0), Bounds(Decimal(0), Decimal(0))),
        (-5, Interval(-1.0, -1.0), Bounds(None, Decimal(0))),
    ],
)
@pytest.mark.parametrize("value", [None, money(0), money(-7)])
def test_without_a_contract_value_only_gain_or_loss_is_known(
    profit: int, worth: Interval, ram: Bounds, value: object
) -> None:
    deal = good_deal(value=value, worth=good_worth(gross_profit=money(profit)))

    verdict = judged(deal)

    assert verdict.worth == worth
    assert verdict.ram == ram
    assert verdict.net == Bounds(Decimal(profit), Decimal(profit))
    assert ("no-contract-value" in verdict.flags) is (value is not None)


def test_a_veto_that_is_known_is_final_and_one_that_is_not_is_asked() -> None:
    vetoed = judged(good_deal(worth=WorthInputs(deviation=3)))
    asked = judged(good_deal(worth=good_worth(importance=3, deviation=None)))

    assert vetoed.value is Decision.NOT_WORTH
    assert vetoed.flags == ("vetoed",)
    assert vetoed.missing == ()
    assert asked.value is Decision.HOLD
    assert Decision.NOT_WORTH in asked.reachable
    assert [gap.fact for gap in asked.missing] == ["deviation"]


def test_a_net_between_two_amounts_is_said_as_two_amounts() -> None:
    worth = good_worth(exposure=money(30), default_probability=None)

    verdict = judged(good_deal(worth=worth))

    assert verdict.net == Bounds(Decimal("135.00"), Decimal("150.00"))
    assert verdict.ram == Bounds(Decimal("0.135"), Decimal("0.15"))
    assert not verdict.ram.is_exact
    assert 0 not in verdict.net
    assert "140" not in verdict.net
    assert any("between 135 and 150 CNY" in line for line in verdict.explain())


# ── flags, facts, words ─────────────────────────────────────────────────────────


def test_a_factor_that_the_policy_does_not_ask_for_is_noted() -> None:
    deal = good_deal()
    deal = attrs.evolve(
        deal, win_factors=[*deal.win_factors, FactorScore("our-relationshp", 2)]
    )

    assert judged(deal).flags == ("unused-factors",)


def test_the_facts_of_a_whole_deal_are_all_known_and_of_none_all_unknown() -> None:
    whole = qualification.facts(good_deal())
    nothing = qualification.facts(Opportunity("o1", "c1", None))

    assert whole.unknown == ()
    assert whole["win_index"] == 0.75
    assert whole["needs_met"] is Tri.YES
    assert whole["ram"] == 0.15
    assert whole["worth"] == 3
    assert nothing.unknown == nothing.schema.names


def test_a_need_that_we_cannot_meet_is_a_fact_and_a_factor_of_ones_own_is_none() -> (
    None
):
    lacking = Need(NeedKind.PRODUCT, Tri.YES, NeedCoverage.MISSING)
    deal = good_deal(needs=[lacking], win_factors=[FactorScore("local-support", 2)])

    found = qualification.facts(deal, policy=own(factors=[{"id": "local-support"}]))

    assert found["needs_met"] is Tri.NO
    assert found["our_relationship"] is None


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@given(deal=opened(deals()))
@settings(max_examples=40)
def test_every_verdict_explains_itself_in_every_language(
    locale: str, deal: Opportunity
) -> None:
    verdict = judged(deal)
    lines = verdict.explain(locale)

    assert len(lines) > 4
    assert not [line for line in lines if "=" in line and "−" not in line]
    assert not [line for line in lines if "question." in line or "flag." in line]
    assert len(repr(verdict)) <= 120


def test_an_explanation_says_what_each_need_is_and_what_hangs_on_others() -> None:
    needs = [
        Need(NeedKind.SERVICE, Tri.YES, NeedCoverage.OBTAINABLE, "customs clearance"),
        Need(NeedKind.PRODUCT, Tri.NO, NeedCoverage.MISSING),
        Need(NeedKind.TECHNOLOGY),
    ]

    lines = [line.strip() for line in judged(good_deal(needs=needs)).explain()]

    assert "need 1, service, mandatory: we can get it" in lines
    assert "“customs clearance”" in lines
    assert "a dependency: we must get it from others" in lines
    assert "need 2, product, optional: we cannot get it" in lines
    assert "need 3, technology, mandatory or not is not known: not known" in lines


def test_a_mark_that_is_known_while_the_return_is_not_is_said() -> None:
    worth = WorthInputs(gross_profit=money(-5), importance=0)

    lines = judged(good_deal(worth=worth)).explain()

    assert any("its mark is -2" in line for line in lines)
    assert any("at most -5 CNY" in line for line in lines)


def test_a_deal_is_shown_in_one_line() -> None:
    assert repr(judged(good_deal())) == ("<DealVerdict pursue · o1 · as of 2025-12-31>")


def test_the_currency_is_that_of_any_amount() -> None:
    only = Opportunity("o1", "c1", None, worth=WorthInputs(exposure=money(1)))

    assert judged(only).currency == "CNY"


# ── several deals, hostile calls, purity ────────────────────────────────────────


def test_several_deals_are_judged_one_by_one() -> None:
    several = [good_deal(), Opportunity("o2", "c1", None)]

    found = qualification.qualify(several, as_of=TODAY)

    assert found == tuple(judged(one) for one in several)


@pytest.mark.parametrize("given_instead", ["o1", {"id": "o1"}, 3])
def test_what_is_no_opportunity_is_refused(given_instead: object) -> None:
    with pytest.raises(InvalidValueError, match="an Opportunity"):
        qualification.qualify(given_instead, as_of=TODAY)  # type: ignore[call-overload]  # the mistake


def test_all_that_are_no_opportunities_are_named_at_once() -> None:
    with pytest.raises(InvalidValueError) as caught:
        qualification.qualify([good_deal(), "a", None], as_of=TODAY)  # type: ignore[list-item]  # the mistake

    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.opportunity[1]", "$.opportunity[2]"]


def test_a_class_that_nobody_knows_is_refused_with_the_near_one() -> None:
    with pytest.raises(UnknownNameError, match="diamond"):
        judged(good_deal(), customer_class="diamnod")


@given(opened(deals()))
def test_the_same_deal_gets_the_same_verdict_and_survives_a_journey(
    deal: Opportunity,
) -> None:
    verdict = judged(deal)

    assert judged(deal) == verdict
    assert hash(judged(deal)) == hash(verdict)
    travelled = pickle.loads(pickle.dumps(verdict))  # noqa: S301 - our own bytes
    assert travelled == verdict
    assert travelled.explain() == verdict.explain()
    again = wire.loads(wire.dumps(verdict), DealVerdict)
    assert again == verdict
    assert again.explain("zh-Hans") == verdict.explain("zh-Hans")


@given(opportunities())
@settings(max_examples=50)
def test_any_sound_opportunity_gets_a_verdict(deal: Opportunity) -> None:
    verdict = judged(deal)

    assert isinstance(verdict, Verdict)
    assert verdict.value in WORST_FIRST
    assert verdict.opportunity_id == deal.id
    assert verdict.explain("zh-Hant")
    assert qualification.facts(deal)


# ── the customer's class (S1-7) ─────────────────────────────────────────────────


@given(opened(deals()), st.sampled_from([*CLASSES, *ValueTier]))
def test_the_class_orders_the_questions_and_changes_no_answer(
    deal: Opportunity, customer_class: object
) -> None:
    plain, classed = judged(deal), judged(deal, customer_class=customer_class)

    assert sorted(gap.fact for gap in plain.missing) == sorted(
        gap.fact for gap in classed.missing
    )
    bare = [attrs.evolve(gate, is_stressed=False) for gate in classed.gates]
    assert plain == attrs.evolve(
        classed,
        missing=plain.missing,
        emphasis=(),
        gates=tuple(bare),
        evidence=classed.evidence,
    )


def test_a_class_that_the_policy_leaves_out_stresses_nothing() -> None:
    verdict = judged(good_deal(), customer_class=ValueTier.UNCLASSIFIED)

    assert verdict.emphasis == ()


def test_a_prospect_is_asked_about_the_first_gate() -> None:
    verdict = judged(good_deal(), customer_class="key-opportunity")

    assert [gate.is_stressed for gate in verdict.gates] == [True, False, False, False]


# ── how much of the pipeline is hollow (S1-9e) ──────────────────────────────────


def test_the_share_of_hollow_deals_has_bounds_while_not_all_is_known() -> None:
    hollow = good_deal(answers=GateAnswers(explicit_need=Tri.NO))
    unasked = good_deal(answers=GateAnswers())
    ended = attrs.evolve(hollow, outcome=Outcome.LOST)
    verdicts = qualification.qualify(
        [good_deal(), hollow, unasked, good_deal(), ended], as_of=TODAY
    )

    found = qualification.hollow_share(verdicts)

    assert found.share == Interval(0.25, 0.5)
    assert (found.count, found.failing, found.waiting) == (4, 1, 1)


def test_of_no_deals_at_all_the_share_is_open() -> None:
    found = qualification.hollow_share([])

    assert found.share == Interval(0.0, 1.0)
    assert found.count == 0


def test_a_return_is_told_as_finely_as_a_document_can_and_no_vaster() -> None:
    tiny, vast = Decimal(1).scaleb(-12), Decimal(10) ** 15
    third = good_deal(
        value=Money(Decimal(3), "CNY"),
        worth=WorthInputs(gross_profit=Money(Decimal(1), "CNY")),
    )
    beyond = good_deal(
        value=Money(tiny, "CNY"), worth=WorthInputs(gross_profit=Money(vast, "CNY"))
    )

    found = qualification.qualify(third, as_of=dt.date(2025, 12, 31))
    assert found.ram.high == Decimal("0.333333333334")  # outwards, as a bound
    assert qualification.qualify(beyond, as_of=dt.date(2025, 12, 31)).ram.high is None
    assert wire.dumps(qualification.qualify(beyond, as_of=dt.date(2025, 12, 31)))
