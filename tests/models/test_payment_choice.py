"""Which offer to take, and the least that would make another acceptable (S4-13f)."""

from __future__ import annotations

import itertools
import pickle
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    Controllability,
    Cover,
    CoverKind,
    CoverQuality,
    Money,
    PaymentTerm,
    Safety,
    StrategicDesignation,
    Timing,
    TitleControl,
    Tranche,
    ValueTier,
)
from keyaccount.exceptions import (
    CurrencyMismatchError,
    InvalidValueError,
    UnknownNameError,
)
from keyaccount.models import payment
from keyaccount.models.payment import (
    Acceptance,
    Appetite,
    Mitigation,
    PaymentPolicy,
    RemedyKind,
)
from keyaccount.tri import Tri


FAIR = Appetite(Safety.FAIRLY_SAFE, Controllability.CONDITIONALLY_CONTROLLABLE)
ANYTHING = Appetite(Safety.UNSAFE, Controllability.UNCONTROLLABLE)
PRICE = Money.of("1000000 CNY")


def tranche(share: str, timing: Timing | None, **more: object) -> Tranche:
    return Tranche(Decimal(share), timing, **more)  # type: ignore[arg-type]  # a test's shorthand


def term(*tranches: Tranche) -> PaymentTerm:
    return PaymentTerm(tranches)


def to_of(mitigation: Mitigation) -> dict[RemedyKind, Decimal | None]:
    return {change.kind: change.to for change in mitigation.changes}


# Choosing, as the worked example has it


def test_the_guaranteed_offer_is_chosen() -> None:
    offers = ["open-account", "sight-of-bill-of-lading", "open-account-guaranteed"]

    choice = payment.choose(offers, FAIR)

    assert choice.value is Acceptance.CHOSEN
    assert choice.chosen is not None
    assert choice.chosen.name == "open-account-guaranteed"
    assert choice.flags == ("guarantor-unassessed",)
    assert [verdict.term.name for verdict in choice.refused] == [
        "sight-of-bill-of-lading",
        "open-account",
    ]
    assert choice.mitigations == ()


def test_where_nothing_will_do_each_offer_is_told_the_cheapest_way() -> None:
    choice = payment.choose(["sight-of-bill-of-lading", "open-account"], FAIR)

    assert choice.value is Acceptance.NONE_ACCEPTABLE
    assert choice.chosen is None
    deposit, cover = choice.mitigations
    assert deposit.offer.name == "sight-of-bill-of-lading"
    assert to_of(deposit) == {RemedyKind.RAISE_DEPOSIT: Decimal("0.3")}
    assert to_of(cover) == {RemedyKind.ADD_COVER: Decimal("0.9")}
    assert cover.changes[0].cover is CoverKind.CREDIT_INSURANCE


def test_the_best_of_several_acceptable_offers_is_chosen() -> None:
    offers = [
        "open-account-bank-guarantee",
        "letter-of-credit-sight",
        "bank-acceptance-bill",
    ]

    choice = payment.choose(offers, "diamond")

    assert [verdict.term.name for verdict in choice.acceptable] == [
        "letter-of-credit-sight",
        "open-account-bank-guarantee",
        "bank-acceptance-bill",
    ]


def test_importance_is_no_guarantee() -> None:
    for customer_class in (ValueTier.DIAMOND, StrategicDesignation.STRATEGIC):
        choice = payment.choose(["open-account"], customer_class)

        assert choice.value is Acceptance.NONE_ACCEPTABLE


def test_a_problem_customer_pays_first() -> None:
    offers = ["letter-of-credit-sight", "deposit-and-balance-before-shipment"]

    choice = payment.choose(offers, ValueTier.PROBLEM)

    assert choice.chosen is not None
    assert choice.chosen.name == "deposit-and-balance-before-shipment"


def test_every_class_of_customer_has_an_appetite() -> None:
    for member in (*ValueTier, *StrategicDesignation):
        assert payment.appetite(member).id == member.value


def test_days_are_limited_by_the_class_of_customer() -> None:
    offer = ["open-account-guaranteed"]  # 60 days

    assert payment.choose(offer, "potential").value is Acceptance.CHOSEN
    assert payment.choose(offer, "general").value is Acceptance.NONE_ACCEPTABLE


def test_goods_for_one_buyer_need_more() -> None:
    offers = ["deposit-30-against-bl-copy"]

    assert payment.choose(offers, FAIR).value is Acceptance.CHOSEN
    customised = payment.choose(offers, FAIR, customised=Tri.YES)
    assert customised.value is Acceptance.NONE_ACCEPTABLE
    assert to_of(customised.mitigations[0]) == {
        RemedyKind.RAISE_DEPOSIT: Decimal("0.7")
    }
    named = payment.choose(["deposit-30-customised-goods"], FAIR)
    assert to_of(named.mitigations[0]) == {RemedyKind.RAISE_DEPOSIT: Decimal("0.7")}


# Amounts


def test_an_amount_is_limited_exactly() -> None:
    offer = payment.rate("open-account-insured-90").term  # 10 % uncovered

    def choice(limit: str) -> payment.Choice:
        appetite = attrs.evolve(FAIR, max_uncovered=Money.of(limit))
        return payment.choose([offer], appetite, price=PRICE)

    assert choice("100000 CNY").value is Acceptance.CHOSEN
    assert choice("99999.99 CNY").value is Acceptance.NONE_ACCEPTABLE


def test_without_a_price_the_amount_stays_open() -> None:
    appetite = attrs.evolve(FAIR, max_uncovered=Money.of("100000 CNY"))

    choice = payment.choose(["open-account-insured-90"], appetite)

    assert choice.value is None
    assert choice.possible == (Acceptance.NONE_ACCEPTABLE, Acceptance.CHOSEN)
    assert [gap.fact for gap in choice.missing] == ["price"]
    assert choice.explain()[0].startswith("Of 1 offers none is surely acceptable yet")


def test_what_is_covered_needs_no_price() -> None:
    appetite = attrs.evolve(FAIR, max_uncovered=Money.of("0 CNY"))

    choice = payment.choose(["letter-of-credit-sight"], appetite)

    assert choice.value is Acceptance.CHOSEN


def test_an_amount_that_may_be_within_the_limit_is_undecided() -> None:
    insured = Cover(CoverKind.CREDIT_INSURANCE, ratio=None)
    offer = term(tranche("1", Timing.POST, tenor_days=30, cover=insured))
    appetite = attrs.evolve(ANYTHING, max_uncovered=Money.of("100000 CNY"))

    choice = payment.choose([offer], appetite, price=PRICE)

    assert choice.value is None
    assert [gap.fact for gap in choice.missing] == ["cover_ratio"]
    codes = [reason.code for _, reason in choice.why.walk()]
    assert "wanted-cover" in codes


def test_two_currencies_are_not_compared() -> None:
    appetite = attrs.evolve(FAIR, max_uncovered=Money.of("100000 EUR"))

    with pytest.raises(CurrencyMismatchError):
        payment.choose(["open-account"], appetite, price=PRICE)


# Offers of which something is unknown


def test_an_offer_that_is_not_known_well_enough_is_undecided() -> None:
    offer = term(tranche("1", Timing.DOC, cover=None, title=TitleControl.FULL))

    choice = payment.choose([offer], FAIR)

    assert choice.value is None
    assert choice.undecided[0].term is offer
    assert [gap.fact for gap in choice.missing] == ["cover"]
    assert choice.mitigations


def test_unknown_days_leave_an_offer_undecided() -> None:
    guarantee = Cover(CoverKind.BANK_GUARANTEE)
    offer = term(tranche("1", Timing.POST, tenor_days=None, cover=guarantee))

    choice = payment.choose([offer], "general")

    assert choice.value is None
    assert to_of(choice.mitigations[0]) == {RemedyKind.CUT_TENOR: Decimal(30)}


def test_an_acceptable_offer_is_taken_whatever_the_others_turn_out_to_be() -> None:
    unknown = term(tranche("1", Timing.DOC))

    choice = payment.choose([unknown, "payment-before-shipment"], FAIR)

    assert choice.value is Acceptance.CHOSEN
    assert choice.undecided == ()
    assert choice.refused[0].term is unknown


# Reasons


def test_the_choice_reads_like_a_memo() -> None:
    lines = payment.choose(
        ["sight-of-bill-of-lading", "open-account-270-guaranteed"], "general"
    ).explain()

    assert lines[0] == "None of the 2 offers is acceptable."
    assert "      raise the deposit to 30% of the price" in lines
    assert (
        "    The price would be tied up for 270 days on average; we accept 30." in lines
    )


def test_the_chosen_offer_is_named_first() -> None:
    choice = payment.choose(["open-account", "open-account-guaranteed"], "gold")

    assert choice.explain("zh-Hans")[0] == "选择：放账+第三方担保"
    assert "open-account-guaranteed" in repr(choice)
    assert (
        repr(payment.choose([term(tranche("1", Timing.PRE))], "gold"))
        == "<Choice chosen>"
    )


def test_a_choice_survives_a_pickle() -> None:
    choice = payment.choose(["open-account"], "gold")

    copy = pickle.loads(pickle.dumps(choice))  # noqa: S301 - our own bytes

    assert copy == choice
    assert copy.explain() == choice.explain()


def test_a_choice_is_written_and_read_back() -> None:
    choice = payment.choose(["open-account", "sight-of-bill-of-lading"], "gold")

    back = wire.structure(wire.unstructure(choice), payment.Choice)

    assert back == choice
    assert back.explain("zh-Hant") == choice.explain("zh-Hant")


# Mitigations


def test_a_term_that_will_do_needs_nothing() -> None:
    assert payment.mitigate("payment-before-shipment", "problem") == ()


def test_originals_are_kept_first() -> None:
    ways = payment.mitigate("deposit-30-telex-release", FAIR)

    assert ways[0].kind is RemedyKind.KEEP_ORIGINALS
    assert ways[0].explain() == (
        "keep the original bills of lading until the money is here",
    )


def test_remedies_are_joined_where_one_is_not_enough() -> None:
    ways = payment.mitigate("open-account", "general")

    assert to_of(ways[0]) == {
        RemedyKind.CUT_TENOR: Decimal(30),
        RemedyKind.ADD_COVER: Decimal("0.9"),
    }
    assert to_of(ways[1]) == {RemedyKind.PREPAY: Decimal("0.9")}


def test_only_paying_first_pleases_who_wants_control() -> None:
    (way,) = payment.mitigate("letter-of-credit-sight", "problem")

    assert to_of(way) == {RemedyKind.PREPAY: Decimal("1.0")}
    assert way.kind is RemedyKind.PREPAY


def test_a_better_cover_is_asked_for_where_a_cheap_one_is_not_enough() -> None:
    safe = Appetite(Safety.SAFE, Controllability.CONDITIONALLY_CONTROLLABLE)

    ways = payment.mitigate("open-account", safe)

    assert ways[0].changes[-1].cover is CoverKind.FIRST_CLASS_GUARANTEE
    assert to_of(ways[0]) == {RemedyKind.ADD_COVER: Decimal("1.0")}


def test_an_old_cover_is_widened_where_it_is_as_good() -> None:
    assessed = Cover(CoverKind.CREDIT_INSURANCE, CoverQuality.STRONG, Decimal("0.5"))
    offer = term(tranche("1", Timing.POST, tenor_days=60, cover=assessed))

    way = payment.mitigate(offer, FAIR)[0]

    assert way.term.tranches[0].cover == attrs.evolve(assessed, ratio=Decimal("0.9"))


def test_a_cover_with_recourse_is_replaced() -> None:
    factoring = Cover(CoverKind.FACTORING, recourse=Tri.YES)
    offer = term(tranche("1", Timing.POST, tenor_days=60, cover=factoring))

    way = payment.mitigate(offer, FAIR)[0]

    assert way.term.tranches[0].cover == Cover(
        CoverKind.CREDIT_INSURANCE, ratio=Decimal("0.9")
    )


def test_the_worst_tranche_gives_way_to_the_deposit() -> None:
    offer = term(
        tranche("0.2", Timing.PRE),
        tranche("0.5", Timing.DOC, title=TitleControl.FULL),
        tranche("0.3", Timing.POST, tenor_days=60),
    )

    ways = {way.kind: way for way in payment.mitigate(offer, FAIR)}

    prepaid = ways[RemedyKind.PREPAY].term
    assert [str(one.share) for one in prepaid.tranches] == ["0.4", "0.5", "0.1"]


def test_a_policy_may_rule_a_remedy_out() -> None:
    mine = policies.read(
        {"based_on": "payment", "drop": ["insure", "prepay"]}, PaymentPolicy
    )

    ways = payment.mitigate("open-account", FAIR, policy=mine)

    assert [way.changes[0].cover for way in ways] == [CoverKind.BANK_GUARANTEE]


def test_a_term_with_no_room_for_a_deposit_is_covered_instead() -> None:
    full = term(*[tranche("0.01", Timing.POST, tenor_days=60)] * 100)

    kinds = {way.kind for way in payment.mitigate(full, FAIR)}

    assert kinds == {RemedyKind.ADD_COVER}


def test_unknown_goods_need_the_deposit_of_customised_ones() -> None:
    ways = payment.mitigate("sight-of-bill-of-lading", FAIR, customised=Tri.UNKNOWN)

    assert to_of(ways[0]) == {RemedyKind.RAISE_DEPOSIT: Decimal("0.7")}


covers = st.builds(
    Cover,
    st.sampled_from(CoverKind),
    quality=st.none() | st.sampled_from(CoverQuality),
    ratio=st.sampled_from([None, Decimal("0.5"), Decimal("0.9"), Decimal(1)]),
    recourse=st.sampled_from(Tri),
)
appetites = st.builds(
    Appetite,
    st.sampled_from(Safety),
    st.sampled_from(Controllability),
    max_weighted_days=st.none() | st.integers(0, 90),
    max_uncovered=st.none() | st.integers(0, 500_000).map(lambda n: Money(n, "CNY")),
)


@st.composite
def offers(draw: st.DrawFn) -> PaymentTerm:
    cuts = draw(st.sets(st.integers(1, 9_999), max_size=2))
    edges = [0, *sorted(cuts), 10_000]
    return PaymentTerm(
        tuple(
            Tranche(
                Decimal(end - start) / 10_000,
                draw(st.sampled_from(Timing)),
                tenor_days=draw(st.sampled_from([0, 60, 181, None])),
                title=draw(st.sampled_from(TitleControl)),
                cover=draw(covers | st.just(Cover())),
            )
            for start, end in itertools.pairwise(edges)
        )
    )


def is_acceptable(own: PaymentTerm, appetite: Appetite, customised: Tri) -> bool:
    choice = payment.choose([own], appetite, price=PRICE, customised=customised)
    return choice.value is Acceptance.CHOSEN


@settings(max_examples=60)
@given(offers(), appetites, st.sampled_from([Tri.YES, Tri.NO]))
def test_every_mitigation_really_suffices(
    own: PaymentTerm, appetite: Appetite, customised: Tri
) -> None:
    ways = payment.mitigate(own, appetite, price=PRICE, customised=customised)

    assert bool(ways) != is_acceptable(own, appetite, customised)
    for way in ways:
        assert is_acceptable(way.term, appetite, customised)
        assert way.offer == own
        assert way.changes


def a_little_less(way: Mitigation) -> PaymentTerm | None:
    """Take one basis point of deposit back from a mitigation that only raises it."""
    point = Decimal("0.0001")
    front = next(one for one in way.term.tranches if one.timing is Timing.PRE)
    others = [one for one in way.term.tranches if one is not front]
    if len(others) != 1:
        return None
    return PaymentTerm(
        (
            attrs.evolve(front, share=front.share - point),
            attrs.evolve(others[0], share=others[0].share + point),
        )
    )


@settings(max_examples=60)
@given(st.sampled_from([0, 60, 200]), st.integers(0, 9_999), appetites)
def test_no_mitigation_asks_for_a_basis_point_too_much(
    days: int, prepaid: int, appetite: Appetite
) -> None:
    later = Decimal(10_000 - prepaid) / 10_000
    own = term(
        *([tranche(str(1 - later), Timing.PRE)] if prepaid else []),
        Tranche(later, Timing.DOC, days, TitleControl.FULL),
    )

    for way in payment.mitigate(own, appetite, price=PRICE):
        to = to_of(way)
        if set(to) <= {RemedyKind.RAISE_DEPOSIT, RemedyKind.PREPAY}:
            less = a_little_less(way)
            assert less is None or not is_acceptable(less, appetite, Tri.NO)
        last = way.term.tranches[-1]
        if RemedyKind.ADD_COVER in to and last.cover is not None:
            ratio = to[RemedyKind.ADD_COVER]
            assert ratio is not None
            less_cover = attrs.evolve(last.cover, ratio=ratio - Decimal("0.0001"))
            weaker = attrs.evolve(last, cover=less_cover)
            less = PaymentTerm((*way.term.tranches[:-1], weaker))
            assert not is_acceptable(less, appetite, Tri.NO)
        if RemedyKind.CUT_TENOR in to:
            longer = attrs.evolve(last, tenor_days=(last.tenor_days or 0) + 1)
            less = PaymentTerm((*way.term.tranches[:-1], longer))
            assert not is_acceptable(less, appetite, Tri.NO)


@settings(max_examples=60)
@given(offers(), appetites)
def test_no_change_of_a_mitigation_is_idle(
    own: PaymentTerm, appetite: Appetite
) -> None:
    ways = payment.mitigate(own, appetite, price=PRICE)

    kinds = [set(to_of(way)) for way in ways]
    assert not [1 for one in kinds for other in kinds if one < other]


# The callers' mistakes


def test_something_must_be_offered() -> None:
    with pytest.raises(InvalidValueError, match="one offer"):
        payment.choose([], FAIR)


def test_one_offer_may_stand_alone() -> None:
    alone: object = "payment-before-shipment"

    assert payment.choose(alone, FAIR).value is Acceptance.CHOSEN  # type: ignore[arg-type]  # a kindness


@pytest.mark.parametrize(
    "keywords",
    [
        {"appetite": None},
        {"appetite": FAIR, "price": 5},
        {"appetite": FAIR, "price": Money.of("0 CNY")},
        {"appetite": FAIR, "customised": True},
    ],
)
def test_what_surrounds_a_choice_must_be_of_its_type(
    keywords: dict[str, object],
) -> None:
    with pytest.raises(InvalidValueError):
        payment.choose(["open-account"], **keywords)  # type: ignore[arg-type]  # the point


def test_an_unknown_class_of_customer_is_told_its_near_match() -> None:
    with pytest.raises(UnknownNameError, match="diamond"):
        payment.appetite("diamnod")


@pytest.mark.parametrize(
    "wrong,path",
    [
        ({"min_safety": "safe"}, "$.min_safety"),
        ({"min_controllability": None}, "$.min_controllability"),
        ({"max_weighted_days": 30.5}, "$.max_weighted_days"),
        ({"max_weighted_days": Decimal("NaN")}, "$.max_weighted_days"),
        ({"max_weighted_days": -1}, "$.max_weighted_days"),
        ({"max_uncovered": 5}, "$.max_uncovered"),
        ({"max_uncovered": Money.of("-5 CNY")}, "$.max_uncovered"),
    ],
)
def test_an_appetite_says_what_is_wrong_with_it(
    wrong: dict[str, object], path: str
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(FAIR, **wrong)  # type: ignore[arg-type]  # the point

    assert [problem.path for problem in caught.value.problems] == [path]
