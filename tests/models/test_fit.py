"""Whether they and we match: laws that hold whatever is known of a customer."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
import random
from decimal import Decimal

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    AccountAnalysis,
    BackgroundAnalysis,
    BackgroundTopic,
    ChannelOutlook,
    ChannelPlans,
    ProductDemand,
    ProductRequirement,
)
from keyaccount.exceptions import PolicyError
from keyaccount.models import fit
from keyaccount.models.fit import (
    BackgroundVerdict,
    ChannelVerdict,
    DemandGap,
    FitGap,
    FitPart,
    FitPolicy,
    FitVerdict,
    MatchVerdict,
)
from keyaccount.rules import Interval, Verdict
from keyaccount.tri import Tri, all_of
from tests.refusals import refused
from tests.strategies import channel_plans, requirements, tris


TODAY = dt.date(2025, 12, 31)
TOPICS = tuple(topic.value.replace("-", "_") for topic in BackgroundTopic)
PLANS = ("builds_warehouses", "widens_channel", "raises_investment")
DEMANDS = tuple(demand.value.replace("-", "_") for demand in ProductDemand)
TOLD = (
    *(f"background_{topic}" for topic in TOPICS),
    *(f"{side}_{demand}" for demand in DEMANDS for side in ("required", "our")),
    *PLANS,
    "term_within_appetite",
)
KNOWN = BackgroundAnalysis(*["looked into"] * len(TOPICS))
FLAT = ChannelPlans(Tri.NO, Tri.NO, Tri.NO)
AFTER_SALES, PRICE = ProductDemand.AFTER_SALES, ProductDemand.PRICE
QUALITY, DELIVERY = ProductDemand.QUALITY, ProductDemand.FAST_DELIVERY


def levels(**ours: int | None) -> tuple[ProductRequirement, ...]:
    """Require level 4 of everything; ours is 4 unless told."""
    return tuple(
        ProductRequirement(demand, 4, ours.get(demand.value.replace("-", "_"), 4))
        for demand in ProductDemand
    )


def analysis(
    background: BackgroundAnalysis = KNOWN,
    required: tuple[ProductRequirement, ...] = levels(),
    channel: ChannelPlans = FLAT,
    analysed_on: dt.date | None = TODAY,
) -> AccountAnalysis:
    return AccountAnalysis("c1", background, required, channel, analysed_on)


def assessed(
    one: AccountAnalysis | None,
    term: Tri = Tri.YES,
    policy: FitPolicy | None = None,
) -> FitVerdict:
    return fit.assess(one, as_of=TODAY, term_within_appetite=term, policy=policy)


def own(**changes: object) -> FitPolicy:
    return policies.read({"based_on": "fit", **changes}, FitPolicy)


def one_small_gap() -> FitPolicy:
    when = "gaps <= 1 and largest_gap <= 1"
    return own(product_rows=[{"id": "every-demand-met", "when": when}])


backgrounds = st.builds(
    BackgroundAnalysis, *[st.sampled_from([None, "looked into"])] * len(TOPICS)
)
analyses = st.builds(analysis, backgrounds, requirements(), channel_plans)
accounts = st.tuples(analyses, tris)
lenient = st.sampled_from(
    [
        fit.default_policy(),
        one_small_gap(),
        own(numbers={"complete_from": Decimal("0.8")}),
        own(
            account_rows=[
                {
                    "id": "seamless",
                    "when": "gaps <= 2 and largest_gap <= 1 and "
                    "background_completeness >= 0.5 and "
                    'channel_outlook in ("expanding", "mixed")',
                }
            ]
        ),
    ]
)


# ── the background (S4-10) ──────────────────────────────────────────────────────


@given(backgrounds)
def test_the_completeness_is_the_share_of_six_topics(known: BackgroundAnalysis) -> None:
    verdict = fit.background(known)

    count = sum(known.on(topic) is not None for topic in BackgroundTopic)
    assert verdict.completeness == count / 6
    assert len(verdict.known) == count
    assert {*verdict.known, *verdict.unknown} == set(BackgroundTopic)
    assert verdict.value is (Tri.YES if count == 6 else None)
    assert len(verdict.missing) == 6 - count


def test_a_topic_that_nobody_looked_into_is_asked_for() -> None:
    known = attrs.evolve(KNOWN, reputation=None, channel_capability=None)

    verdict = fit.background(known)

    assert verdict.unknown == (
        BackgroundTopic.REPUTATION,
        BackgroundTopic.CHANNEL_CAPABILITY,
    )
    assert [gap.question for gap in verdict.missing] == [
        "background-reputation",
        "background-channel-capability",
    ]
    assert verdict.possible == (Tri.NO, Tri.YES)


def test_a_house_may_do_without_one_topic() -> None:
    policy = own(numbers={"complete_from": Decimal("0.8")})
    five = attrs.evolve(KNOWN, reputation=None)
    four = attrs.evolve(five, strategic_direction=None)

    assert fit.background(five, policy=policy).value is Tri.YES
    assert fit.background(five, policy=policy).missing == ()
    assert fit.background(four, policy=policy).value is None


# ── the product (S4-11) ─────────────────────────────────────────────────────────


def met(one: ProductRequirement | None) -> Tri:
    """Return whether a demand is met, by trying every level that is not known."""
    required = None if one is None else one.required
    ours = None if one is None else one.ours
    answers = {
        mine >= wanted
        for wanted in ([required] if required else range(1, 6))
        for mine in ([ours] if ours else range(1, 6))
    }
    return Tri.of(answers.pop()) if len(answers) == 1 else Tri.UNKNOWN


@given(requirements())
def test_a_full_match_is_all_five_demands_met(
    listed: tuple[ProductRequirement, ...],
) -> None:
    verdict = fit.product_match(listed)

    by_demand = {one.demand: one for one in listed}
    answers = {demand: met(by_demand.get(demand)) for demand in ProductDemand}
    expected = all_of(answers.values())
    assert verdict.value is (None if expected is Tri.UNKNOWN else expected)
    assert verdict.met == tuple(d for d in ProductDemand if answers[d] is Tri.YES)
    short = [demand for demand in ProductDemand if answers[demand] is Tri.NO]
    assert [gap.demand for gap in verdict.gaps] == short
    assert verdict.undecided == tuple(
        demand for demand in ProductDemand if answers[demand] is Tri.UNKNOWN
    )


@given(requirements(), st.randoms())
def test_the_order_of_the_requirements_does_not_matter(
    listed: tuple[ProductRequirement, ...], chance: random.Random
) -> None:
    shuffled = list(listed)
    chance.shuffle(shuffled)

    assert fit.product_match(shuffled) == fit.product_match(listed)


def test_a_gap_says_how_large_it_is() -> None:
    verdict = fit.product_match(levels(after_sales=2, price=3))

    assert verdict.gaps == (DemandGap(PRICE, 4, 3), DemandGap(AFTER_SALES, 4, 2))
    assert [gap.size for gap in verdict.gaps] == [1, 2]


def test_a_demand_that_nobody_listed_is_not_met_by_default() -> None:
    verdict = fit.product_match(levels()[:4])

    assert verdict.value is None
    assert verdict.undecided == (AFTER_SALES,)
    assert [gap.fact for gap in verdict.missing] == [
        "required_after_sales",
        "our_after_sales",
    ]


@pytest.mark.parametrize("required, ours", [(1, None), (None, 5), (1, 1)])
def test_the_lowest_demand_and_our_highest_level_are_met_whatever_the_other(
    required: int | None, ours: int | None
) -> None:
    last = ProductRequirement(AFTER_SALES, required, ours)

    verdict = fit.product_match((*levels()[:4], last))

    assert verdict.value is Tri.YES
    assert verdict.missing == ()


def test_one_known_gap_beats_what_is_not_known() -> None:
    verdict = fit.product_match([ProductRequirement(PRICE, 4, 3)])

    assert verdict.value is Tri.NO
    assert len(verdict.undecided) == 4
    assert verdict.missing == ()


def test_a_demand_listed_twice_is_refused() -> None:
    twice = [ProductRequirement(PRICE, 4), ProductRequirement(PRICE, 5)]

    assert refused(fit.product_match, twice) == (
        ("$.requirements[1].demand", "duplicate"),
    )


def test_each_analysis_is_asked_about_its_own_noun() -> None:
    assert refused(fit.background, None) == (("$.analysis", "wrong-type"),)
    assert refused(fit.product_match, 5) == (("$.requirements", "wrong-type"),)
    assert refused(fit.product_match, ["price", *levels()]) == (
        ("$.requirements[0]", "wrong-type"),
    )
    assert refused(fit.channel_outlook, None) == (("$.plans", "wrong-type"),)


def test_a_house_may_accept_one_small_gap() -> None:
    policy = one_small_gap()

    assert fit.product_match(levels(price=3), policy=policy).value is Tri.YES
    assert fit.product_match(levels(price=2), policy=policy).value is Tri.NO
    assert fit.product_match(levels(price=3, quality=3), policy=policy).value is Tri.NO


def test_two_gaps_are_too_many_for_such_a_house_whatever_the_rest() -> None:
    listed = (ProductRequirement(PRICE, 4, 3), ProductRequirement(QUALITY, 4, 3))

    verdict = fit.product_match(listed, policy=one_small_gap())

    assert verdict.value is Tri.NO
    assert verdict.missing == ()


def test_what_may_be_one_level_short_at_most_is_enough_for_such_a_house() -> None:
    listed = (*levels()[:4], ProductRequirement(AFTER_SALES, required=2))

    verdict = fit.product_match(listed, policy=one_small_gap())

    assert verdict.value is Tri.YES
    assert verdict.undecided == (AFTER_SALES,)


# ── the channel (S4-12) ─────────────────────────────────────────────────────────


def outlook(plans: tuple[Tri, ...]) -> ChannelOutlook:
    count = plans.count(Tri.YES)
    if count > 1:
        return ChannelOutlook.EXPANDING
    return ChannelOutlook.MIXED if count else ChannelOutlook.FLAT


@pytest.mark.parametrize("plans", list(itertools.product(Tri, repeat=3)))
def test_the_outlook_counts_the_plans_whatever_is_not_known(
    plans: tuple[Tri, Tri, Tri],
) -> None:
    verdict = fit.channel_outlook(ChannelPlans(*plans))

    ways = itertools.product(
        *([plan] if plan is not Tri.UNKNOWN else [Tri.YES, Tri.NO] for plan in plans)
    )
    reached = {outlook(way) for way in ways}
    assert set(verdict.possible) == reached
    assert list(verdict.possible) == sorted(reached, key=lambda one: -one.rank)
    assert verdict.is_settled is (len(reached) == 1)
    yes, unknown = plans.count(Tri.YES), plans.count(Tri.UNKNOWN)
    assert verdict.planned == Interval(yes, yes + unknown)
    assert len(verdict.missing) == (0 if verdict.is_settled else unknown)


# ── the account (S4-14) ─────────────────────────────────────────────────────────


@given(accounts)
def test_a_known_failing_beats_what_is_not_known(
    account: tuple[AccountAnalysis, Tri],
) -> None:
    one, term = account

    verdict = assessed(one, term)

    product = fit.product_match(one.requirements)
    all_levels = len(one.requirements) == 5 and all(
        part.required and part.ours for part in one.requirements
    )
    analyses_done = (
        fit.background(one.background).completeness == 1
        and all_levels
        and all(getattr(one.channel, plan) is not Tri.UNKNOWN for plan in PLANS)
    )
    if product.value is Tri.NO or term is Tri.NO:
        assert verdict.value is Tri.NO
        assert verdict.missing == ()
    elif analyses_done and product.value is Tri.YES and term is Tri.YES:
        assert verdict.value is Tri.YES
    else:
        assert verdict.possible == (Tri.NO, Tri.YES)
        assert verdict.missing


def test_a_flat_channel_forbids_no_fit() -> None:
    verdict = assessed(analysis(channel=FLAT))

    assert verdict.value is Tri.YES
    assert verdict.channel.value is ChannelOutlook.FLAT
    assert verdict.analysed == tuple(FitPart)


def test_a_house_may_mind_a_flat_channel() -> None:
    when = 'product_match and channel_outlook in ("expanding", "mixed")'
    policy = own(account_rows=[{"id": "seamless", "when": when}])
    plans = ChannelPlans(Tri.UNKNOWN, Tri.YES, Tri.UNKNOWN)

    assert assessed(analysis(), policy=policy).value is Tri.NO
    assert assessed(analysis(), policy=policy).gaps == ()
    assert assessed(analysis(channel=plans), policy=policy).value is Tri.YES


def test_a_channel_settled_by_two_plans_is_not_analysed_while_the_third_is_open() -> (
    None
):
    verdict = assessed(analysis(channel=ChannelPlans(Tri.YES, Tri.YES)))

    assert verdict.channel.value is ChannelOutlook.EXPANDING
    assert verdict.value is None
    assert [gap.fact for gap in verdict.missing] == ["raises_investment"]
    assert FitPart.CHANNEL not in verdict.analysed


def test_a_demand_met_by_the_lowest_level_still_lacks_ours() -> None:
    last = ProductRequirement(AFTER_SALES, required=1)

    verdict = assessed(analysis(required=(*levels()[:4], last)))

    assert verdict.product.value is Tri.YES
    assert verdict.value is None
    assert [gap.fact for gap in verdict.missing] == ["our_after_sales"]


def test_of_a_customer_without_an_analysis_everything_is_open() -> None:
    verdict = assessed(None, Tri.UNKNOWN)

    assert verdict.customer_id is None
    assert verdict.possible == (Tri.NO, Tri.YES)
    assert verdict.flags == ("no-analysis",)
    assert len(verdict.missing) == 6 + 10 + 3 + 1
    assert verdict.analysed == ()
    assert assessed(None, Tri.NO).value is Tri.NO


def test_the_term_is_asked_for_before_what_can_only_confirm() -> None:
    five = attrs.evolve(KNOWN, reputation=None)

    verdict = assessed(analysis(background=five), Tri.UNKNOWN)

    assert [gap.fact for gap in verdict.missing] == [
        "term_within_appetite",
        "background_reputation",
    ]


def test_what_a_house_does_not_ask_for_is_not_missing() -> None:
    policy = own(account_rows=[{"id": "seamless", "when": "term_within_appetite"}])

    verdict = assessed(None, Tri.UNKNOWN, policy)

    assert [gap.fact for gap in verdict.missing] == ["term_within_appetite"]


def test_the_four_questions_go_with_a_customer_from_development_to_maintenance() -> (
    None
):  # S4-9; what is done about it in either phase is for its plan to say
    developed, won, kept = (dt.date(year, 6, 1) for year in (2023, 2024, 2025))
    story = (
        (AccountAnalysis("c1", analysed_on=developed), None),
        (analysis(required=levels(price=3), analysed_on=won), Tri.NO),
        (analysis(analysed_on=kept), Tri.YES),
    )

    for one, value in story:
        on = one.analysed_on or TODAY
        verdict = fit.assess(one, as_of=on, term_within_appetite=Tri.YES)
        assert verdict.value is value
        assert verdict.flags == ()


# ── unknowns never leave what was possible ──────────────────────────────────────


def answers(one: AccountAnalysis, name: str) -> list[AccountAnalysis]:
    """Return the analysis with every answer to one of the questions."""
    if name in PLANS:
        plans = [attrs.evolve(one.channel, **{name: t}) for t in (Tri.YES, Tri.NO)]
        return [attrs.evolve(one, channel=channel) for channel in plans]
    topic = name.removeprefix("background_")
    if topic in TOPICS:
        background = attrs.evolve(one.background, **{topic: "looked into"})
        return [attrs.evolve(one, background=background)]
    side, _, word = name.partition("_")
    demand = ProductDemand(word.replace("_", "-"))
    by_demand = {part.demand: part for part in one.requirements}
    part = by_demand.get(demand, ProductRequirement(demand))
    found = []
    for level in range(1, 6):
        known = (level, part.ours) if side == "required" else (part.required, level)
        told = by_demand | {demand: ProductRequirement(demand, *known)}
        found.append(attrs.evolve(one, requirements=tuple(told.values())))
    return found


def answered(
    one: AccountAnalysis, term: Tri, name: str, policy: FitPolicy
) -> list[FitVerdict]:
    if name == "term_within_appetite":
        return [assessed(one, told, policy) for told in (Tri.YES, Tri.NO)]
    return [assessed(told, term, policy) for told in answers(one, name)]


@given(accounts, lenient, st.data())
def test_an_answer_never_moves_outside_what_was_possible(
    account: tuple[AccountAnalysis, Tri], policy: FitPolicy, data: st.DataObject
) -> None:
    one, term = account
    verdict = assessed(one, term, policy)
    facts = fit.facts(one, term_within_appetite=term, policy=policy)
    unknown = [name for name in facts.unknown if name in TOLD]
    assume(unknown)

    name = data.draw(st.sampled_from(unknown))

    for after in answered(one, term, name, policy):
        assert set(after.possible) <= set(verdict.possible)
        assert set(after.product.possible) <= set(verdict.product.possible)
        assert set(after.channel.possible) <= set(verdict.channel.possible)
        assert set(after.background.possible) <= set(verdict.background.possible)


@settings(max_examples=15)  # each asks every question and tries every answer
@given(accounts, lenient)
def test_the_first_question_settles_most(
    account: tuple[AccountAnalysis, Tri], policy: FitPolicy
) -> None:
    one, term = account
    verdict = assessed(one, term, policy)

    assert bool(verdict.missing) is not verdict.is_settled
    left = []
    for gap in verdict.missing:
        after = answered(one, term, gap.fact, policy)
        left.append(sum(len(found.possible) for found in after) / len(after))
    assert left == sorted(left)


# ── better is never worse ───────────────────────────────────────────────────────


def rank(verdict: Verdict[Tri]) -> tuple[bool, bool]:
    """Return what rises with the verdict: its worst and its best answer."""
    return Tri.NO not in verdict.possible, Tri.YES in verdict.possible


@given(accounts, lenient, st.integers(1, 4))
def test_raising_our_level_never_makes_it_worse(
    account: tuple[AccountAnalysis, Tri], policy: FitPolicy, by: int
) -> None:
    one, term = account
    raised = tuple(
        attrs.evolve(part, ours=min(5, part.ours + by)) if part.ours else part
        for part in one.requirements
    )

    before = assessed(one, term, policy)
    after = assessed(attrs.evolve(one, requirements=raised), term, policy)

    assert all(now >= then for now, then in zip(rank(after), rank(before), strict=True))
    assert len(after.product.gaps) <= len(before.product.gaps)


# ── what would close the gap ────────────────────────────────────────────────────


def changed(
    account: tuple[AccountAnalysis, Tri], gaps: tuple[FitGap, ...]
) -> tuple[AccountAnalysis, Tri]:
    """Return the analysis and the term with these changes made."""
    one, term = account
    to = {gap.demand: gap.to for gap in gaps}
    parts = tuple(
        attrs.evolve(part, ours=to.get(part.demand, part.ours))
        for part in one.requirements
    )
    if FitGap(FitPart.PAYMENT_TERM) in gaps:
        term = Tri.YES
    return attrs.evolve(one, requirements=parts), term


@given(accounts, lenient)
def test_the_changes_close_the_gap_and_none_of_them_can_be_spared(
    account: tuple[AccountAnalysis, Tri], policy: FitPolicy
) -> None:
    gaps = assessed(*account, policy).gaps

    if gaps:
        assert assessed(*account, policy).value is Tri.NO
        assert Tri.YES in assessed(*changed(account, gaps), policy).possible
    for spared in gaps:
        fewer = tuple(gap for gap in gaps if gap is not spared)
        assert assessed(*changed(account, fewer), policy).value is Tri.NO
        if spared.to is not None:
            less = (*fewer, attrs.evolve(spared, to=spared.to - 1))
            assert assessed(*changed(account, less), policy).value is Tri.NO


def test_every_gap_is_closed_and_the_term_is_moved() -> None:
    one = analysis(required=levels(price=3, after_sales=2))

    verdict = assessed(one, Tri.NO)

    assert verdict.gaps == (
        FitGap(FitPart.PRODUCT, PRICE, 3, 4),
        FitGap(FitPart.PRODUCT, AFTER_SALES, 2, 4),
        FitGap(FitPart.PAYMENT_TERM),
    )


def test_a_house_that_accepts_a_small_gap_closes_no_more_than_it_must() -> None:
    one = analysis(required=levels(price=3, after_sales=2))

    verdict = assessed(one, policy=one_small_gap())

    assert verdict.gaps == (
        FitGap(FitPart.PRODUCT, PRICE, 3, 4),
        FitGap(FitPart.PRODUCT, AFTER_SALES, 2, 3),
    )


def test_a_term_that_a_house_does_not_ask_for_need_not_move() -> None:
    policy = own(account_rows=[{"id": "seamless", "when": "product_match"}])

    verdict = assessed(analysis(required=levels(price=3)), Tri.NO, policy)

    assert verdict.gaps == (FitGap(FitPart.PRODUCT, PRICE, 3, 4),)


# ── age ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("days, flags", [(365, ()), (366, ("stale-analysis",))])
def test_an_analysis_of_more_than_a_year_is_stale(
    days: int, flags: tuple[str, ...]
) -> None:
    on = TODAY - dt.timedelta(days)

    verdict = assessed(analysis(analysed_on=on))

    assert verdict.flags == flags
    assert verdict.value is Tri.YES


def test_an_analysis_without_a_date_says_so() -> None:
    assert assessed(analysis(analysed_on=None)).flags == ("undated-analysis",)


def test_what_is_no_analysis_no_day_and_no_answer_is_refused_together() -> None:
    noon = dt.datetime(2025, 12, 31, 12, tzinfo=dt.UTC)

    assert refused(fit.assess, "c1", as_of=noon, term_within_appetite=True) == (
        ("$.as_of", "wrong-type"),
        ("$.analysis", "wrong-type"),
        ("$.term_within_appetite", "wrong-type"),
    )
    assert refused(fit.facts, "c1", term_within_appetite=None) == (
        ("$.analysis", "wrong-type"),
        ("$.term_within_appetite", "wrong-type"),
    )


def test_an_analysis_from_after_the_day_is_refused() -> None:
    tomorrow = TODAY + dt.timedelta(1)

    assert refused(assessed, analysis(analysed_on=tomorrow)) == (
        ("$.analysis.analysed_on", "contradiction"),
    )


# ── verdicts ────────────────────────────────────────────────────────────────────


@given(accounts, lenient)
def test_the_same_question_has_the_same_answer(
    account: tuple[AccountAnalysis, Tri], policy: FitPolicy
) -> None:
    one, two = assessed(*account, policy), assessed(*account, policy)

    assert one == two
    assert hash(one) == hash(two)
    assert one.why == two.why
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own
    assert len(repr(one)) <= 120


@given(accounts)
def test_a_verdict_comes_back_from_the_wire(
    account: tuple[AccountAnalysis, Tri],
) -> None:
    verdict = assessed(*account)

    for one, kind in (
        (verdict, FitVerdict),
        (verdict.background, BackgroundVerdict),
        (verdict.product, MatchVerdict),
        (verdict.channel, ChannelVerdict),
    ):
        back = wire.structure(wire.unstructure(one), kind)
        assert back == one
        assert back.why == one.why


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@given(account=accounts, policy=lenient)
def test_a_verdict_explains_itself_in_every_language(
    locale: str, account: tuple[AccountAnalysis, Tri], policy: FitPolicy
) -> None:
    verdict = assessed(*account, policy)

    for one in (verdict, verdict.background, verdict.product, verdict.channel):
        lines = one.explain(locale)
        assert lines
        assert not [line for line in lines if "?" in line and locale != "en"]
        assert not [line for line in lines if "=" in line]


def test_a_verdict_says_why() -> None:
    one = analysis(
        attrs.evolve(KNOWN, reputation=None),
        levels(after_sales=2),
        ChannelPlans(Tri.YES, Tri.NO),
        dt.date(2024, 1, 1),
    )

    lines = [line.strip() for line in assessed(one, Tri.NO).explain()]

    assert lines[0] == "no match"
    assert "background: 5 of 6 topics known" in lines
    assert "reputation in its industry is not known" in lines
    assert "after-sales service: they require level 4, ours is 2: short by 2" in lines
    assert "more money for the channel: not known yet" in lines
    assert "analysed on 2024-01-01, 730 days before: stale after 365 days" in lines
    assert lines[-4:] == [
        "What would close the gap:",
        "after-sales service: raise our level from 2 to 4",
        "move the payment term to one that we accept",
        "the analysis is stale: look again",
    ]


def test_the_answers_show_what_counts_in_one_line() -> None:
    required = levels(after_sales=2)
    plans = ChannelPlans(Tri.YES, Tri.UNKNOWN, Tri.NO)

    verdict = assessed(analysis(required=required), Tri.NO)

    assert repr(verdict) == (
        "<FitVerdict no · gaps after-sales to 4, payment-term · as of 2025-12-31>"
    )
    assert repr(fit.background(KNOWN)) == "<BackgroundVerdict yes · 6 of 6 known>"
    assert repr(fit.product_match(required)) == (
        "<MatchVerdict no · 4 met · after-sales -2>"
    )
    assert repr(fit.channel_outlook(FLAT)) == "<ChannelVerdict flat · 0 planned>"
    assert repr(fit.channel_outlook(plans)) == (
        "<ChannelVerdict mixed or expanding · 1…2 planned · missing widens_channel>"
    )


def test_each_demand_says_what_is_not_known_of_it() -> None:
    listed = (
        ProductRequirement(QUALITY, required=3),
        ProductRequirement(PRICE, ours=3),
        ProductRequirement(DELIVERY, required=1),
        ProductRequirement(AFTER_SALES, 3, 3),
    )

    lines = [line.strip() for line in fit.product_match(listed).explain()]

    at = lines.index("if no rule applies: no full match") + 1
    assert lines[at : at + 5] == [
        "research and development: neither what they require nor what we have is known",
        "quality: they require level 3; ours is not known",
        "price: ours is level 3; what they require is not known",
        "fast delivery of orders: met, whatever the level that nobody has told us",
        "after-sales service: they require level 3, ours is 3: met",
    ]


def test_a_house_calls_its_rows_by_its_own_names() -> None:
    label = {"en": {"account-fit.yes": "hand in glove"}}

    policy = own(labels=label)

    assert assessed(analysis(), policy=policy).explain()[0] == "hand in glove"
    assert fit.channel_outlook(FLAT, policy=policy).explain()[0] == "a flat channel"


# ── facts and policy ────────────────────────────────────────────────────────────


@given(accounts, lenient)
def test_every_declared_fact_is_returned(
    account: tuple[AccountAnalysis, Tri], policy: FitPolicy
) -> None:
    one, term = account

    facts = fit.facts(one, term_within_appetite=term, policy=policy)

    assert tuple(facts) == fit.FACTS.names
    assert fit.FACTS.read(facts) == facts


def test_nothing_follows_from_nothing() -> None:
    facts = fit.facts()

    assert facts.unknown == fit.FACTS.names


def test_a_policy_without_a_day_of_staleness_is_refused() -> None:
    with pytest.raises(PolicyError, match="stale_after"):
        own(drop=["numbers.stale_after"])
    with pytest.raises(PolicyError, match="0 or more"):
        own(numbers={"stale_after": -1})


def test_a_policy_says_everything_that_is_wrong() -> None:
    with pytest.raises(PolicyError) as caught:
        own(
            background_rows=[{"id": "all-known", "when": "quality >= 1"}],
            product_rows=[{"id": "every-demand-met", "when": "gapps <= 1"}],
            channel_rows=[{"id": "two-plans", "then": "booming"}],
            account_rows=[{"id": "seamless", "when": "product_match", "then": "maybe"}],
        )

    assert {problem.path.split("[")[0] for problem in caught.value.problems} == {
        "$.background_rows",
        "$.product_rows",
        "$.channel_rows",
        "$.account_rows",
    }


@pytest.mark.parametrize("rows", ["background_rows", "account_rows"])
def test_a_row_may_ask_whether_the_share_of_topics_is_known(rows: str) -> None:
    row = {"id": "unasked", "when": "not known(background_completeness)", "then": "yes"}
    replaced = {"background_rows": "all-known", "account_rows": "seamless"}[rows]
    policy = own(**{rows: [row]}, drop=[replaced])
    half = attrs.evolve(KNOWN, reputation=None)

    def answers(background: BackgroundAnalysis) -> tuple[Tri, ...]:
        if rows == "background_rows":
            return fit.background(background, policy=policy).possible
        analysis = AccountAnalysis("c1", background)
        return fit.assess(analysis, as_of=TODAY, policy=policy).possible

    assert answers(KNOWN) == (Tri.NO,)
    assert answers(half) == (Tri.YES,)


def test_a_row_may_ask_whether_one_of_two_figures_that_hang_together_is_known() -> None:
    row = {
        "id": "unsure",
        "when": "gaps >= 1 and not known(largest_gap)",
        "then": "yes",
    }
    policy = own(product_rows=[row], drop=["every-demand-met"])
    short = ProductRequirement(ProductDemand.PRICE, 4, 1)
    met = [
        ProductRequirement(one, 1, 5)
        for one in ProductDemand
        if one is not short.demand
    ]

    told = fit.product_match([short, *met], policy=policy)
    untold = fit.product_match([attrs.evolve(short, ours=None), *met], policy=policy)

    assert told.possible == (Tri.NO,)
    assert set(untold.possible) == {Tri.NO, Tri.YES}  # there may be no gap at all
