"""What moves a buyer, and whether we stress it: laws that hold for any weights."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    Aim,
    AimMistake,
    BuyingFactor,
    BuyingFactorProfile,
    FactorWeights,
    NeedType,
    ProfileLevel,
    Trust,
    ValueTier,
)
from keyaccount.exceptions import InvalidValueError, PolicyError
from keyaccount.models import buying
from keyaccount.models.buying import BuyingPolicy
from keyaccount.rules import Verdict
from keyaccount.tri import Tri


TODAY = dt.date(2025, 12, 31)
PRIOR = FactorWeights(relationship=46, price=36, innovation=18)


@st.composite
def weights(draw: st.DrawFn) -> FactorWeights:
    """Weights that are all known."""
    low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    return FactorWeights(relationship=low, price=high - low, innovation=100 - high)


@st.composite
def open_weights(draw: st.DrawFn) -> FactorWeights:
    """Weights of which some may be unknown."""
    whole = draw(weights())
    kept = draw(st.sets(st.sampled_from(list(BuyingFactor))))
    return FactorWeights(
        **{factor.value: weight for factor, weight in whole.items() if factor in kept}
    )


@st.composite
def profiles(draw: st.DrawFn) -> BuyingFactorProfile:
    """Profiles that may be about the customer c1, and may not."""
    day = TODAY - dt.timedelta(days=draw(st.integers(-5, 400)))
    if draw(st.booleans()):
        tier = draw(st.sampled_from([ValueTier.GOLD, ValueTier.GENERAL]))
        return BuyingFactorProfile(None, draw(weights()), day, tier=tier)
    return BuyingFactorProfile(
        draw(st.sampled_from(["c1", "c2"])),
        draw(weights()),
        day,
        scenario=draw(st.none() | st.sampled_from(["tender", "spot"])),
        opportunity_id=draw(st.none() | st.sampled_from(["o1", "o2"])),
        source=draw(st.sampled_from(["", "visit"])),
    )


def matched(emphasis: FactorWeights, customer: FactorWeights) -> float:
    verdict = buying.match(emphasis, customer, as_of=TODAY)
    assert verdict.mismatch.is_exact
    return verdict.mismatch.low


def own(**changes: object) -> BuyingPolicy:
    return policies.read({"based_on": "buying", **changes}, BuyingPolicy)


# ── the prior (S3-23, S3-24) ────────────────────────────────────────────────────


def test_the_prior_is_not_zipped_from_two_orders() -> None:
    found = buying.prior()

    assert found == PRIOR
    assert [weight for _, weight in found.items()] == [46, 36, 18]
    assert found.of(BuyingFactor.INNOVATION) == 18


def test_a_policy_may_have_a_prior_of_its_own() -> None:
    prior = [
        {"id": "relationship", "weight": 20},
        {"id": "price", "weight": 70},
        {"id": "innovation", "weight": 10},
    ]

    assert buying.prior(policy=own(prior=prior)).price == 70


# ── the mismatch (S3-28) ────────────────────────────────────────────────────────


@given(weights(), weights())
def test_a_mismatch_is_symmetric_and_within_one(
    one: FactorWeights, other: FactorWeights
) -> None:
    assert matched(one, other) == matched(other, one)
    assert 0 <= matched(one, other) <= 1


@given(weights(), weights())
def test_a_mismatch_is_zero_only_between_equals(
    one: FactorWeights, other: FactorWeights
) -> None:
    assert (matched(one, other) == 0) is (one == other)


@given(weights(), weights(), weights())
def test_a_mismatch_is_never_longer_than_a_detour(
    one: FactorWeights, way: FactorWeights, other: FactorWeights
) -> None:
    detour = round(100 * (matched(one, way) + matched(way, other)))

    assert round(100 * matched(one, other)) <= detour


@given(weights(), weights())
def test_a_mismatch_is_half_of_what_differs_to_the_last_digit(
    one: FactorWeights, other: FactorWeights
) -> None:
    pairs = zip(one.items(), other.items(), strict=True)
    differing = sum(abs((e or 0) - (f or 0)) for (_, e), (_, f) in pairs)

    verdict = buying.match(one, other, as_of=TODAY)

    assert Decimal(str(verdict.mismatch.low)) == Decimal(differing) / 200
    assert (verdict.value is Aim.MISALIGNED) is (differing >= 60)


@given(weights(), open_weights())
def test_whatever_the_unknown_weights_are_the_match_allows_for_it(
    emphasis: FactorWeights, customer: FactorWeights
) -> None:
    verdict = buying.match(emphasis, customer, as_of=TODAY)

    for way in list(customer.completions())[::331]:
        known = buying.match(emphasis, way, as_of=TODAY)
        assert known.value in verdict.possible
        assert known.mismatch.low in verdict.mismatch
        assert set(verdict.mistakes) <= set(known.mistakes)
        assert set(known.mistakes) <= set(verdict.possible_mistakes)


def test_a_mistake_that_is_only_possible_is_asked_about() -> None:
    emphasis = FactorWeights(relationship=20, price=60, innovation=20)

    verdict = buying.match(emphasis, FactorWeights(relationship=60), as_of=TODAY)

    assert verdict.value is Aim.MISALIGNED
    assert verdict.mistakes == ()
    assert verdict.possible_mistakes == (AimMistake.PRICE_FIGHT_ON_INSENSITIVE,)
    assert [gap.fact for gap in verdict.missing] == [
        "price_weight",
        "innovation_weight",
    ]
    assert any("perhaps a mistake" in line for line in verdict.explain())


def test_an_emphasis_that_we_do_not_know_ourselves_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="ours to say") as caught:
        buying.match(FactorWeights(price=60), PRIOR, as_of=TODAY)

    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.emphasis.relationship", "$.emphasis.innovation"]


def test_a_profile_of_tomorrow_cannot_be_matched_today() -> None:
    tomorrow = BuyingFactorProfile("c1", PRIOR, TODAY + dt.timedelta(days=1))

    with pytest.raises(InvalidValueError, match="observed_on"):
        buying.match(PRIOR, tomorrow, as_of=TODAY)


def test_a_match_says_whose_weights_it_used() -> None:
    found = buying.profile([], customer_id="c1", as_of=TODAY)

    verdict = buying.match(PRIOR, found, as_of=TODAY)

    assert verdict.level is ProfileLevel.PRIOR
    assert verdict.trust is Trust.LOW
    assert verdict.flags == ("low-confidence",)
    assert any("market at large" in line for line in verdict.explain())


def test_a_profile_is_judged_by_the_day_of_the_match() -> None:
    one = BuyingFactorProfile("c1", PRIOR, TODAY)
    found = buying.profile(one, customer_id="c1", as_of=TODAY)

    now = buying.match(PRIOR, found, as_of=TODAY)
    later = buying.match(PRIOR, found, as_of=TODAY + dt.timedelta(days=181))

    assert now == buying.match(PRIOR, one, as_of=TODAY)
    assert now.trust is Trust.HIGH
    assert later.flags == ("low-confidence", "stale-profile")


def test_several_customers_are_matched_in_their_order() -> None:
    other = FactorWeights(relationship=0, price=100, innovation=0)

    found = buying.match(PRIOR, [PRIOR, other], as_of=TODAY)

    assert [verdict.value for verdict in found] == [Aim.ALIGNED, Aim.MISALIGNED]


# ── which profile (S3-25, S3-29) ────────────────────────────────────────────────


@given(st.lists(profiles(), max_size=6), st.data())
def test_the_order_of_the_profiles_never_matters(
    listed: list[BuyingFactorProfile], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(listed))

    one, other = (
        buying.profile(
            some,
            customer_id="c1",
            scenario="tender",
            opportunity_id="o1",
            tier=ValueTier.GOLD,
            as_of=TODAY,
        )
        for some in (listed, shuffled)
    )

    assert one == other


@given(st.lists(profiles(), max_size=6))
def test_no_applicable_profile_is_more_particular_than_the_one_used(
    listed: list[BuyingFactorProfile],
) -> None:
    verdict = buying.profile(
        listed, customer_id="c1", scenario="tender", as_of=TODAY, tier=ValueTier.GOLD
    )

    levels = [
        one.level.rank
        for one in listed
        if one.observed_on <= TODAY
        and (one.tier is ValueTier.GOLD or one.customer_id == "c1")
        and one.scenario in {None, "tender"}
        and one.opportunity_id is None
    ]
    assert verdict.level.rank == min(levels, default=ProfileLevel.PRIOR.rank)
    assert verdict.is_stale is (verdict.age_days is not None and verdict.age_days > 180)
    assert ("stale-profile" in verdict.flags) is verdict.is_stale


def test_a_profile_of_scenario_and_deal_goes_before_one_of_the_scenario() -> None:
    both = BuyingFactorProfile(
        "c1", PRIOR, TODAY - dt.timedelta(days=9), "tender", "o1"
    )
    scenario = BuyingFactorProfile("c1", FactorWeights(price=100), TODAY, "tender")

    verdict = buying.profile(
        [scenario, both],
        customer_id="c1",
        scenario="tender",
        opportunity_id="o1",
        as_of=TODAY,
    )

    assert verdict.profile == both


def test_one_profile_need_not_be_a_list() -> None:
    one = BuyingFactorProfile("Cafe\u0301", PRIOR, TODAY, "e\u0301te\u0301")

    verdict = buying.profile(
        one, customer_id="Cafe\u0301", scenario="\u00e9t\u00e9", as_of=TODAY
    )

    assert verdict.level is ProfileLevel.SCENARIO
    assert verdict.trust is Trust.HIGH
    assert verdict.missing == ()


def test_a_profile_with_an_unknown_weight_asks_for_it() -> None:
    one = BuyingFactorProfile("c1", FactorWeights(price=40), TODAY, source="visit")

    verdict = buying.profile(one, customer_id="c1", as_of=TODAY)

    assert verdict.ranking == ()
    assert [gap.fact for gap in verdict.missing] == [
        "relationship_weight",
        "innovation_weight",
    ]
    lines = "\n".join(verdict.explain())
    assert "source: visit" in lines
    assert "what innovation (partner for value) weighs is not known" in lines


def test_a_stale_profile_names_the_fresher_one_that_it_goes_before() -> None:
    stale = BuyingFactorProfile("c1", PRIOR, dt.date(2025, 1, 1), "tender")
    fresh = BuyingFactorProfile("c1", PRIOR, dt.date(2025, 12, 1))
    old = BuyingFactorProfile(None, PRIOR, dt.date(2025, 2, 1), tier=ValueTier.GOLD)

    verdict = buying.profile(
        [stale, fresh, old],
        customer_id="c1",
        scenario="tender",
        tier=ValueTier.GOLD,
        as_of=TODAY,
    )

    assert verdict.profile == stale
    assert verdict.fresher == fresh
    assert any("is fresher (2025-12-01)" in line for line in verdict.explain())


def test_contradicting_profiles_leave_open_what_they_leave_open() -> None:
    one = BuyingFactorProfile("c1", FactorWeights(relationship=45, price=39), TODAY)
    other = BuyingFactorProfile("c1", FactorWeights(relationship=45, price=41), TODAY)

    found = buying.profile([one, other], customer_id="c1", as_of=TODAY)
    need = buying.need_type(found)
    match = buying.match(PRIOR, found, as_of=TODAY)

    assert found.value is None
    assert found.profile is None
    assert need.possible == (NeedType.SERVICE_DEMANDING, NeedType.PRICE_SENSITIVE)
    assert [gap.fact for gap in need.missing] == ["price_weight", "innovation_weight"]
    assert match.mismatch.low == 0.03
    assert match.mismatch.high == 0.05
    assert any("contradict" in line for line in need.explain())


def test_where_the_policy_leaves_the_trust_open_the_lower_one_counts() -> None:
    policy = own(drop=["prior"])

    assert (
        buying.profile([], customer_id="c1", as_of=TODAY, policy=policy).trust
        is Trust.LOW
    )


# ── need types (S2-5, S0-5) ─────────────────────────────────────────────────────


@given(weights())
def test_every_known_customer_has_a_need_type(known: FactorWeights) -> None:
    verdict = buying.need_type(known)

    relationship, price, innovation = (weight or 0 for _, weight in known.items())
    if price >= 40 or price == max(relationship, price, innovation):
        wanted = NeedType.PRICE_SENSITIVE
    elif relationship >= 40 and relationship >= innovation:
        wanted = NeedType.SERVICE_DEMANDING
    elif innovation >= 40:
        wanted = NeedType.INNOVATION_SEEKING
    else:
        wanted = NeedType.BALANCED
    assert verdict.value is wanted
    assert verdict.missing == ()


@given(open_weights())
def test_the_possible_need_types_are_exactly_those_that_some_weights_give(
    known: FactorWeights,
) -> None:
    if known.is_unknown:
        return

    found = {buying.need_type(way).value for way in known.completions()}

    assert set(buying.need_type(known).possible) == found


@given(open_weights(), st.sampled_from(Tri))
def test_the_weights_alone_never_make_a_customer_solution_seeking(
    known: FactorWeights, need: Tri
) -> None:
    bare = buying.need_type(known)
    asked = buying.need_type(known, solution_need=need)

    assert NeedType.SOLUTION_SEEKING not in bare.possible
    assert (NeedType.SOLUTION_SEEKING in asked.possible) is (need is not Tri.NO)
    assert asked.by_weights == bare.possible
    assert need is not Tri.NO or asked.possible == bare.possible
    assert need is not Tri.UNKNOWN or asked.value is None


def test_nothing_known_leaves_everything_open_that_weights_can_say() -> None:
    verdict = buying.need_type(FactorWeights())

    assert set(verdict.possible) == set(NeedType) - {NeedType.SOLUTION_SEEKING}
    assert verdict.missing[0].fact == "price_weight"
    assert len(verdict.missing) == 3


def test_several_customers_are_typed_in_their_order() -> None:
    found = buying.need_type([PRIOR, FactorWeights(price=100)])

    assert [verdict.value for verdict in found] == [
        NeedType.SERVICE_DEMANDING,
        NeedType.PRICE_SENSITIVE,
    ]


def test_a_need_type_says_how_far_to_trust_the_weights() -> None:
    found = buying.profile([], customer_id="c1", as_of=TODAY)

    verdict = buying.need_type(found)

    assert verdict.as_of == TODAY
    assert verdict.flags == ("low-confidence",)
    assert any("market at large" in line for line in verdict.explain())


# ── how far the weights may move ────────────────────────────────────────────────


def test_the_market_demands_service_while_trust_weighs_41_or_more() -> None:
    found = {span.factor: span for span in buying.sensitivity(PRIOR)}

    trust = found[BuyingFactor.RELATIONSHIP]
    assert (trust.low, trust.weight, trust.high) == (41, 46, 100)
    assert (trust.below, trust.above) == (NeedType.PRICE_SENSITIVE, None)
    assert (trust.ranking_low, trust.ranking_high) == (41, 100)
    price = found[BuyingFactor.PRICE]
    assert (price.low, price.high) == (0, 39)
    assert (price.below, price.above) == (None, NeedType.PRICE_SENSITIVE)
    assert (price.ranking_low, price.ranking_high) == (22, 41)


@given(weights(), st.sampled_from([None, Tri.NO, Tri.YES]))
def test_the_present_weight_lies_within_its_range(
    known: FactorWeights, need: Tri | None
) -> None:
    now = buying.need_type(known, solution_need=need).value

    for span in buying.sensitivity(known, solution_need=need):
        assert 0 <= span.low <= span.weight <= span.high <= 100
        assert 0 <= span.ranking_low <= span.weight <= span.ranking_high <= 100
        assert span.below is not now
        assert span.above is not now
        assert (span.below is None) is (span.low == 0)
        assert (span.above is None) is (span.high == 100)


def test_a_weight_that_is_not_known_cannot_be_moved() -> None:
    with pytest.raises(InvalidValueError, match="every weight"):
        buying.sensitivity(FactorWeights(price=40))


# ── answers ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_every_answer_is_a_sentence_in_every_language(locale: str) -> None:
    emphasis = FactorWeights(relationship=20, price=60, innovation=20)
    stale = BuyingFactorProfile("c1", PRIOR, dt.date(2025, 1, 1), source="visit")
    found = buying.profile(stale, customer_id="c1", as_of=TODAY)
    verdicts: list[Verdict[Aim] | Verdict[NeedType] | Verdict[FactorWeights]] = [
        found,
        buying.profile([], customer_id="c1", as_of=TODAY),
        buying.match(emphasis, found, as_of=TODAY),
        buying.match(emphasis, FactorWeights(price=25), as_of=TODAY),
        buying.match(emphasis, FactorWeights(), as_of=TODAY),
        buying.need_type(PRIOR, solution_need=Tri.UNKNOWN),
    ]

    lines = [line for verdict in verdicts for line in verdict.explain(locale)]

    assert not [line for line in lines if "=" in line]


def test_a_verdict_survives_pickling_and_the_wire() -> None:
    found = buying.profile([], customer_id="c1", as_of=TODAY)
    need = buying.need_type(found)
    match = buying.match(PRIOR, found, as_of=TODAY)

    copied = pickle.loads(pickle.dumps((found, need, match)))  # noqa: S301 - our own
    assert copied == (found, need, match)
    assert wire.structure(wire.unstructure(match), buying.MatchVerdict) == match
    assert wire.structure(wire.unstructure(need), buying.NeedVerdict) == need
    assert wire.structure(wire.unstructure(found), buying.ProfileVerdict) == found
    assert hash(match) == hash(buying.match(PRIOR, found, as_of=TODAY))


def test_a_repr_says_the_answer_in_a_line() -> None:
    emphasis = FactorWeights(relationship=20, price=60, innovation=20)

    sure = buying.match(emphasis, FactorWeights(relationship=55, price=15), as_of=TODAY)
    unsure = buying.match(emphasis, FactorWeights(price=15), as_of=TODAY)

    assert repr(sure) == (
        "<MatchVerdict misaligned · mismatch 0.45 · price-fight-on-insensitive "
        "· as of 2025-12-31>"
    )
    assert "mismatch 0.45…0.65" in repr(unsure)
    assert repr(buying.profile([], customer_id="c1", as_of=TODAY)) == (
        "<ProfileVerdict 46/36/18 · by prior · trust low · as of 2025-12-31 "
        "· flags low-confidence · missing profile_age>"
    )


def test_the_policys_own_labels_are_said() -> None:
    policy = own(version="mine")

    verdict = buying.need_type(PRIOR, policy=policy)

    assert verdict.policy.version == "mine"
    assert verdict.evidence.labels() == policy.own_labels
    assert (
        buying.profile(
            [], customer_id="c1", as_of=TODAY, policy=policy
        ).evidence.labels()
        == {}
    )
    assert (
        buying.match(PRIOR, PRIOR, as_of=TODAY, policy=policy).evidence.labels() == {}
    )


# ── the policy ──────────────────────────────────────────────────────────────────


def test_a_policy_with_several_mistakes_is_refused_with_all_of_them() -> None:
    shipped = policies.defaults("buying")
    del shipped["numbers"]["stale_after"]
    shipped["trust_rows"] = [
        row for row in shipped["trust_rows"] if row["id"] != "stale"
    ]
    shipped["prior"][0]["weight"] = 45
    shipped["ties"] = [{"id": "price"}, {"id": "price"}, {"id": "trust"}]
    shipped["mistake_rows"][0]["when"] = "price_emphasys >= strong"

    with pytest.raises(PolicyError) as caught:
        policies.read(shipped, BuyingPolicy)

    found = {(problem.path, problem.code) for problem in caught.value.problems}
    assert found >= {
        ("$.numbers", "missing"),
        ("$.prior", "sum"),
        ("$.ties[1].id", "duplicate"),
        ("$.ties[2].id", "unknown-choice"),
        ("$.ties", "missing"),
        ("$.mistake_rows[0].when", "unknown-fact"),
    }


def test_a_prior_names_each_factor_once() -> None:
    shipped = policies.defaults("buying")
    shipped["prior"] = shipped["prior"][:2]

    with pytest.raises(PolicyError) as caught:
        policies.read(shipped, BuyingPolicy)

    found = [(problem.path, problem.code) for problem in caught.value.problems]
    assert found == [("$.prior", "missing")]
