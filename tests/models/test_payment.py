"""How safe, how controllable a payment term is: laws, warnings, unknown parts."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
import tomllib
from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Protocol, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    Controllability,
    Cover,
    CoverKind,
    CoverQuality,
    PaymentTerm,
    Safety,
    Timing,
    TitleControl,
    Tranche,
)
from keyaccount.exceptions import InvalidValueError, UnknownNameError
from keyaccount.models import payment
from keyaccount.models.payment import Buyer, PaymentPolicy, Rating
from keyaccount.tri import Tri


T = TypeVar("T")

CASES = Path(__file__).parents[1] / "cases" / "payment.toml"
WORST = Rating(Safety.UNSAFE, Controllability.UNCONTROLLABLE)
BEST = Rating(Safety.SAFE, Controllability.CONTROLLABLE)


def tranche(share: str, timing: Timing | None, **more: object) -> Tranche:
    return Tranche(Decimal(share), timing, **more)  # type: ignore[arg-type]  # a test's shorthand


def term(*tranches: Tranche) -> PaymentTerm:
    return PaymentTerm(tranches)


def post(cover: Cover | None = None, days: int | None = 60) -> PaymentTerm:
    return term(tranche("1", Timing.POST, tenor_days=days, cover=cover or Cover()))


# The cases of DOMAIN 4.5 are rows of tests/cases/payment.toml; S4-13 in short:


@pytest.mark.parametrize(
    "name,safety,controllability",
    [
        ("deposit-and-balance-before-shipment", "safe", "controllable"),  # S4-13a
        ("payment-before-shipment", "safe", "controllable"),  # S4-13b
        ("sight-of-bill-of-lading", "unsafe", "conditionally-controllable"),  # S4-13c
        (
            "open-account-guaranteed",
            "fairly-safe",
            "conditionally-controllable",
        ),  # S4-13d
        ("open-account", "unsafe", "uncontrollable"),  # S4-13e
    ],
)
def test_the_rows_of_the_seed_come_out_exactly(
    name: str, safety: str, controllability: str
) -> None:
    verdict = payment.rate(name)

    assert verdict.value == Rating(Safety(safety), Controllability(controllability))
    assert verdict.is_settled
    assert verdict.missing == ()


def test_risk_is_kept_within_what_we_control() -> None:
    """S4-13 asks for it, S4-13f says how: choose, and push the risk down."""
    choice = payment.choose(["open-account", "open-account-guaranteed"], "strategic")

    assert choice.chosen is not None
    assert choice.chosen.name == "open-account-guaranteed"


def catalogue_cases() -> Iterator[tuple[str, str, str]]:
    for case in tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]:
        value = case.get("expect", {}).get("value")
        named = isinstance(case["given"].get("term"), str)
        if named and isinstance(value, dict) and "policy" not in case:
            yield case["given"]["term"], value["safety"], value["controllability"]


def test_every_term_of_the_catalogue_stands_among_the_cases() -> None:
    told = {name for name, _, _ in catalogue_cases()}

    assert told == {named.id for named in payment.catalogue()}


@pytest.mark.parametrize("name,safety,controllability", list(catalogue_cases()))
def test_a_named_term_is_rated_as_the_catalogue_says(
    name: str, safety: str, controllability: str
) -> None:
    verdict = payment.rate(name)

    assert verdict.value == Rating(Safety(safety), Controllability(controllability))


def test_several_terms_give_several_verdicts_in_order() -> None:
    own = post()

    verdicts = payment.rate(["payment-before-shipment", own])

    assert [verdict.value for verdict in verdicts] == [BEST, WORST]
    assert verdicts[1].term is own


def test_verdicts_are_ordered_smaller_is_better() -> None:
    names = [
        "payment-before-shipment",
        "letter-of-credit-sight",
        "confirmed-letter-of-credit-90",
        "open-account-insured-90",
        "sight-of-bill-of-lading",
        "open-account-30",
        "open-account-60",
    ]

    verdicts = payment.rate(names)

    assert list(verdicts) == sorted(verdicts)
    assert verdicts[0] < verdicts[1] <= verdicts[1]
    assert verdicts[-1] > verdicts[-2] >= verdicts[-2]
    assert min(reversed(verdicts)) is verdicts[0]


def test_a_verdict_is_compared_with_verdicts_only() -> None:
    verdict = payment.rate("open-account")
    other: object = "open-account"

    for compare in ("__lt__", "__le__", "__gt__", "__ge__"):
        assert getattr(verdict, compare)(other) is NotImplemented
    assert BEST.__lt__(other) is NotImplemented  # type: ignore[operator]  # the point


def test_an_open_verdict_stands_where_its_worst_case_stands() -> None:
    opened = payment.rate(term(tranche("1", Timing.DOC)))

    assert opened > payment.rate("sight-of-bill-of-lading")
    assert opened.worst == WORST


# Exactness


def test_the_shares_are_exact() -> None:
    verdict = payment.rate("deposit-20-open-account-insured-85")

    assert verdict.unsafe.low == verdict.unsafe.high == 0.12
    assert verdict.prepaid.high == 0.2
    assert verdict.uncovered.high == 0.12
    assert verdict.weighted_days.high == 48


def test_a_basis_point_decides() -> None:
    enough = Cover(CoverKind.CREDIT_INSURANCE, ratio=Decimal("0.9"))
    short = Cover(CoverKind.CREDIT_INSURANCE, ratio=Decimal("0.8999"))

    assert payment.rate(post(enough)).value != WORST
    assert payment.rate(post(short)).value == WORST


def test_the_ambient_decimal_context_changes_nothing() -> None:
    own = term(tranche("0.3333", Timing.PRE), tranche("0.6667", Timing.POST))
    expected = payment.rate(own)

    with localcontext() as context:
        context.prec = 1
        found = payment.rate(own)

    assert found == expected


# Laws


class Draw(Protocol):
    """What draws an example from a strategy."""

    def __call__(self, strategy: st.SearchStrategy[T], /) -> T:
        """Draw one."""
        ...


settled_covers = st.builds(
    Cover,
    st.sampled_from(CoverKind),
    quality=st.none() | st.sampled_from(CoverQuality),
    ratio=st.integers(1, 10_000).map(lambda points: Decimal(points) / 10_000),
    recourse=st.sampled_from([Tri.YES, Tri.NO]),
)


@st.composite
def shares(draw: st.DrawFn, most: int = 4) -> list[Decimal]:
    cuts = draw(st.sets(st.integers(1, 4_999), max_size=most - 1))
    edges = [0, *sorted(cuts), 5_000]  # halves are whole basis points
    return [Decimal(2 * (b - a)) / 10_000 for a, b in itertools.pairwise(edges)]


@st.composite
def settled_terms(draw: st.DrawFn) -> PaymentTerm:
    return PaymentTerm(
        tuple(
            Tranche(
                share,
                draw(st.sampled_from(Timing)),
                tenor_days=draw(st.sampled_from([0, 1, 60, 180, 181, 365])),
                title=draw(st.sampled_from(TitleControl)),
                cover=draw(settled_covers),
                at_order=draw(st.sampled_from(Tri)),
            )
            for share in draw(shares())
        )
    )


@st.composite
def open_terms(draw: st.DrawFn, most: int = 3) -> PaymentTerm:
    """Terms of which a good deal is unknown."""
    covers = st.builds(
        Cover,
        st.sampled_from(CoverKind),
        quality=st.none() | st.sampled_from(CoverQuality),
        ratio=st.none() | st.sampled_from([Decimal("0.5"), Decimal("0.9"), Decimal(1)]),
        recourse=st.sampled_from(Tri),
    )
    return PaymentTerm(
        tuple(
            Tranche(
                share,
                draw(st.none() | st.sampled_from(Timing)),
                tenor_days=draw(st.none() | st.sampled_from([0, 60, 181])),
                title=draw(st.none() | st.sampled_from(TitleControl)),
                cover=draw(st.none() | covers),
            )
            for share in draw(shares(most))
        )
    )


def completed(draw: Draw, part: Tranche) -> Tranche:
    """Fill in whatever is unknown of a tranche."""
    cover = draw(settled_covers) if part.cover is None else part.cover
    if cover.ratio is None:
        ratio = Decimal(draw(st.integers(1, 10_000))) / 10_000
        cover = attrs.evolve(cover, ratio=ratio)
    if cover.recourse is Tri.UNKNOWN:
        cover = attrs.evolve(cover, recourse=draw(st.sampled_from([Tri.YES, Tri.NO])))
    timing = draw(st.sampled_from(Timing)) if part.timing is None else part.timing
    days = draw(st.integers(0, 400)) if part.tenor_days is None else part.tenor_days
    title = part.title
    if title is None and timing is Timing.DOC:
        title = draw(st.sampled_from(TitleControl))
    return Tranche(part.share, timing, days, title, cover, part.at_order)


terms_to_rate = settled_terms() | open_terms()
terms_to_show = settled_terms() | open_terms(1)
goods = st.sampled_from(Tri)


@given(st.data(), open_terms(), goods)
def test_however_the_unknown_turns_out_it_was_possible(
    data: st.DataObject, opened: PaymentTerm, customised: Tri
) -> None:
    told = tuple(completed(data.draw, part) for part in opened.tranches)
    known = customised
    if known is Tri.UNKNOWN:
        known = data.draw(st.sampled_from([Tri.YES, Tri.NO]))

    before = payment.rate(opened, customised=customised)
    after = payment.rate(PaymentTerm(told), customised=known)

    assert after.value in before.possible
    for name in ("prepaid", "unsafe", "uncontrolled", "uncovered", "weighted_days"):
        bounds, exact = getattr(before, name), getattr(after, name)
        assert exact.is_exact
        assert bounds.low <= exact.low <= bounds.high
    assert set(before.flags) <= set(after.flags)


@given(terms_to_rate, goods)
def test_a_verdict_hangs_together(own: PaymentTerm, customised: Tri) -> None:
    verdict = payment.rate(own, customised=customised)

    assert list(verdict.possible) == sorted(verdict.possible, reverse=True)
    assert verdict.is_settled == (len(verdict.possible) == 1)
    assert not verdict.is_settled or verdict.value == verdict.possible[0]
    assert verdict.is_settled or verdict.missing
    asked = {*payment.FACTS.names, *payment.TERM_FACTS.names}
    assert {gap.fact for gap in verdict.missing} <= asked
    assert len({gap.fact for gap in verdict.missing}) == len(verdict.missing)


@given(terms_to_rate, st.randoms(use_true_random=False))
def test_the_order_of_the_tranches_does_not_matter(
    own: PaymentTerm, random: object
) -> None:
    mixed = list(own.tranches)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis's own Random

    before, after = payment.rate(own), payment.rate(PaymentTerm(tuple(mixed)))

    same = ("possible", "unsafe", "uncontrolled", "prepaid", "weighted_days", "flags")
    assert all(getattr(before, name) == getattr(after, name) for name in same)


@given(settled_terms(), st.data())
def test_a_tranche_cut_in_half_is_the_same_tranche(
    own: PaymentTerm, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(own.tranches) - 1))
    half = attrs.evolve(own.tranches[at], share=own.tranches[at].share / 2)
    halved = PaymentTerm((*own.tranches[:at], half, half, *own.tranches[at + 1 :]))

    assert payment.rate(halved) == attrs.evolve(payment.rate(own), term=halved)


def safer(part: Tranche, draw: Draw) -> Tranche:
    """Make a tranche better in one way that the text calls better."""
    way = draw(st.sampled_from(["prepaid", "cover", "tenor", "title", "ratio"]))
    cover = part.cover or Cover()
    if way == "prepaid":
        return attrs.evolve(part, timing=Timing.PRE)
    if way == "tenor":
        return attrs.evolve(part, tenor_days=(part.tenor_days or 0) // 2)
    if way == "title":
        return attrs.evolve(part, title=TitleControl.FULL)
    if cover.kind is CoverKind.UNCOVERED or cover.recourse is Tri.YES:
        return part
    if way == "ratio":
        return attrs.evolve(part, cover=attrs.evolve(cover, ratio=Decimal(1)))
    usual = {rule.id: rule.quality for rule in payment.default_policy().covers}
    rank = (cover.quality or usual[cover.kind.value]).rank
    better = list(CoverQuality)[draw(st.integers(0, rank))]
    return attrs.evolve(part, cover=attrs.evolve(cover, quality=better))


@given(settled_terms(), st.data(), goods)
def test_nothing_that_is_better_makes_a_term_worse(
    own: PaymentTerm, data: st.DataObject, customised: Tri
) -> None:
    at = data.draw(st.integers(0, len(own.tranches) - 1))
    better = safer(own.tranches[at], data.draw)
    improved = PaymentTerm((*own.tranches[:at], better, *own.tranches[at + 1 :]))

    before = payment.rate(own, customised=customised)
    after = payment.rate(improved, customised=customised)

    assert after.possible[0] <= before.possible[0]
    assert after.possible[0].safety.rank <= before.possible[0].safety.rank
    ranks = [v.possible[0].controllability.rank for v in (after, before)]
    assert ranks[0] <= ranks[1]
    assert after.unsafe.high <= before.unsafe.high
    assert after.uncontrolled.high <= before.uncontrolled.high


@given(settled_terms(), goods)
def test_customised_goods_are_never_safer(own: PaymentTerm, customised: Tri) -> None:
    assert payment.rate(own, customised=Tri.YES) >= payment.rate(own)
    assert payment.rate(own, customised=customised) <= payment.rate(
        own, customised=Tri.YES
    )


# Unknown parts


def test_a_term_of_which_nothing_is_known_may_be_anything() -> None:
    unknown = term(Tranche(Decimal(1), None, None, None, None))

    verdict = payment.rate(unknown, customised=Tri.UNKNOWN)

    assert verdict.value is None
    assert verdict.possible[0] == WORST
    assert verdict.possible[-1] == BEST
    assert Rating(Safety.SAFE, Controllability.UNCONTROLLABLE) not in verdict.possible
    assert verdict.weighted_days.low == 0
    assert verdict.weighted_days.high == 36_500


def test_the_question_that_settles_most_stands_first() -> None:
    unknown = term(
        tranche("0.95", Timing.DOC, title=None),
        tranche("0.05", Timing.POST, cover=None),
    )

    verdict = payment.rate(unknown)

    assert [gap.fact for gap in verdict.missing] == ["title", "cover"]
    assert verdict.missing[0].question == "title"


def test_what_cannot_matter_is_not_asked() -> None:
    covered = term(
        tranche("1", Timing.DOC, title=None, cover=Cover(CoverKind.CONFIRMED_LC))
    )

    verdict = payment.rate(covered)

    assert verdict.is_settled
    assert verdict.missing == ()


def test_an_unknown_tenor_is_asked_even_where_the_rating_is_settled() -> None:
    verdict = payment.rate(post(days=None))

    assert verdict.value == WORST
    assert [gap.fact for gap in verdict.missing] == ["tenor_days"]
    assert verdict.weighted_days.high == 36_500


def test_an_unknown_ratio_leaves_both_sides_of_materiality_open() -> None:
    insured = Cover(CoverKind.CREDIT_INSURANCE, ratio=None)

    verdict = payment.rate(post(insured))

    assert verdict.value is None
    assert [gap.fact for gap in verdict.missing] == ["cover_ratio"]
    assert verdict.unsafe.low == 0
    assert verdict.unsafe.high == 0.9999


def test_unknown_recourse_leaves_open_whether_anything_is_covered() -> None:
    factoring = Cover(CoverKind.FACTORING, recourse=Tri.UNKNOWN)

    verdict = payment.rate(post(factoring))

    assert verdict.possible[0] == WORST
    assert len(verdict.possible) == 2
    assert [gap.fact for gap in verdict.missing] == ["recourse"]


def test_unknown_goods_are_asked_for_where_the_deposit_may_be_too_small() -> None:
    verdict = payment.rate("deposit-30-against-bl-copy", customised=Tri.UNKNOWN)

    assert verdict.value is None
    assert [gap.fact for gap in verdict.missing] == ["customised"]


def test_many_unknown_parts_still_get_a_sound_answer() -> None:
    many = term(*[Tranche(Decimal("0.01"), None, None, None, None)] * 100)

    verdict = payment.rate(many, customised=Tri.UNKNOWN)

    assert verdict.possible[0] == WORST
    assert verdict.possible[-1] == BEST
    asked = {gap.fact for gap in verdict.missing}
    assert {"timing", "cover", "tenor_days", "title"} <= asked


@given(st.data(), open_terms(4))
def test_two_rails_are_as_sound_as_trying_every_answer(
    data: st.DataObject, opened: PaymentTerm
) -> None:
    parts = [attrs.evolve(part, share=part.share / 2) for part in opened.tranches]
    many = PaymentTerm((*opened.tranches[:0], *parts, *parts))
    told = PaymentTerm(tuple(completed(data.draw, part) for part in many.tranches))

    assert payment.rate(told).value in payment.rate(many).possible


# Warnings


def flags(own: PaymentTerm, **setting: object) -> tuple[str, ...]:
    return payment.rate(own, **setting).flags  # type: ignore[call-overload,no-any-return]  # a test's shorthand


def test_a_weak_title_is_warned_of_and_rated_like_a_full_one() -> None:
    weak = term(tranche("1", Timing.DOC, title=TitleControl.WEAK))

    verdict = payment.rate(weak)

    assert verdict.value == payment.rate("sight-of-bill-of-lading").value
    assert verdict.flags == ("title-weak",)


def test_a_guarantor_is_warned_of_until_somebody_assesses_it() -> None:
    guarantee = Cover(CoverKind.CORPORATE_GUARANTEE)
    assessed = attrs.evolve(guarantee, quality=CoverQuality.MODERATE)

    assert flags(post(guarantee)) == ("guarantor-unassessed",)
    assert flags(post(assessed)) == ()


def test_long_credit_and_long_bills_are_warned_of() -> None:
    bill = Cover(CoverKind.BANK_ACCEPTANCE_BILL)

    assert flags(post(days=180)) == ()
    assert flags(post(days=181)) == ("long-tenor",)
    assert flags(post(bill, 181)) == ("long-tenor", "bill-over-6m")


def test_the_rule_for_small_sellers_is_noted_where_it_binds() -> None:
    yes, no = Tri.YES, Tri.NO

    assert flags(post(days=31), small_seller=yes, buyer=Buyer.PUBLIC) == ("sme-rule",)
    assert flags(post(days=30), small_seller=yes, buyer=Buyer.PUBLIC) == ()
    assert flags(post(days=61), small_seller=yes, buyer=Buyer.LARGE) == ("sme-rule",)
    assert flags(post(days=60), small_seller=yes, buyer=Buyer.LARGE) == ()
    assert flags(post(days=90), small_seller=yes, buyer=Buyer.OTHER) == ()
    assert flags(post(days=90), small_seller=no, buyer=Buyer.PUBLIC) == ()


def test_pay_when_paid_is_warned_of_and_breaks_the_rule_for_small_sellers() -> None:
    yes = Tri.YES

    assert flags(post(), back_to_back=yes) == ("back-to-back",)
    assert flags(post(), back_to_back=yes, small_seller=yes, buyer=Buyer.LARGE) == (
        "sme-rule",
        "back-to-back",
    )


@pytest.mark.parametrize(
    "days,setting,asked",
    [
        (60, {}, []),
        (60, {"small_seller": Tri.YES}, ["buyer"]),
        (30, {"small_seller": Tri.YES}, []),
        (30, {"small_seller": Tri.YES, "back_to_back": Tri.YES}, ["buyer"]),
        (61, {"buyer": Buyer.LARGE}, ["small_seller"]),
        (60, {"buyer": Buyer.LARGE}, []),
        (60, {"buyer": Buyer.LARGE, "back_to_back": Tri.YES}, ["small_seller"]),
        (60, {"buyer": Buyer.OTHER}, []),
        (90, {"buyer": Buyer.PUBLIC, "small_seller": Tri.NO}, []),
        (60, {"buyer": Buyer.LARGE, "small_seller": Tri.YES}, ["back_to_back"]),
        (61, {"buyer": Buyer.LARGE, "small_seller": Tri.YES}, []),
    ],
)
def test_who_says_half_of_it_is_asked_for_the_other_half(
    days: int, setting: dict[str, object], asked: list[str]
) -> None:
    verdict = payment.rate(post(days=days), **setting)  # type: ignore[call-overload]  # keywords from a table

    assert [gap.fact for gap in verdict.missing] == asked


def test_goods_made_for_one_buyer_need_a_deposit_at_order() -> None:
    def own(at_order: Tri) -> PaymentTerm:
        first = tranche("0.7", Timing.PRE, at_order=at_order)
        return term(first, tranche("0.3", Timing.PRE, at_order=Tri.NO))

    exposed = ("pre-shipment-exposure",)
    assert flags(own(Tri.YES), customised=Tri.YES) == ()
    assert flags(own(Tri.NO), customised=Tri.YES) == exposed
    assert flags(own(Tri.NO)) == ()
    unsure = payment.rate(own(Tri.UNKNOWN), customised=Tri.YES)
    assert unsure.flags == ()
    assert [gap.fact for gap in unsure.missing] == ["at_order"]


def test_goods_that_may_be_customised_are_asked_for_before_the_warning() -> None:
    prepaid = payment.rate("payment-before-shipment", customised=Tri.UNKNOWN)
    at_order = term(tranche("1", Timing.PRE, at_order=Tri.YES))

    assert prepaid.value == BEST
    assert [gap.fact for gap in prepaid.missing] == ["customised"]
    assert payment.rate(at_order, customised=Tri.UNKNOWN).missing == ()


# Reasons


def test_the_answer_stands_in_the_first_line() -> None:
    verdict = payment.rate("open-account-insured-80", as_of=dt.date(2025, 12, 31))

    first, *rest = verdict.explain()

    assert first == "Open account, 60 days, 80% insured: unsafe, uncontrollable"
    assert (
        "  Safety: unsafe. 20% of the price is unsafe; no more than 10% may be." in rest
    )
    assert "      fairly safe: a third party stands behind it" in rest
    assert "      unsafe: nobody but the buyer stands behind it" in rest


def test_a_sales_director_in_taipei_reads_her_own_words() -> None:
    first = payment.rate("open-account-guaranteed").explain("zh-Hant")[0]

    assert first == "放帳+第三方擔保：較安全，有條件可控"


@given(terms_to_show, goods, st.sampled_from(["en", "zh-Hans", "zh-Hant"]))
def test_every_verdict_explains_itself(
    own: PaymentTerm, customised: Tri, locale: str
) -> None:
    verdict = payment.rate(own, customised=customised)

    lines = verdict.explain(locale)

    assert lines[0]
    assert not [line for line in lines if "{" in line or "piece-" in line]
    assert len(repr(verdict)) <= 120


def test_the_deciding_row_is_named() -> None:
    verdict = payment.rate("deposit-30-against-bl-copy")

    rows = [
        reason.get("row")
        for _, reason in verdict.why.walk()
        if reason.code == "piece-judged"
    ]

    assert rows == ["paid-first", "paid-first", "deposit", "title-held"]


def test_what_is_unknown_is_named_where_it_stands() -> None:
    unknown = payment.rate(
        term(
            tranche("0.5", None, cover=None),
            tranche("0.2", Timing.DOC, tenor_days=None),
            tranche(
                "0.3",
                Timing.POST,
                cover=Cover(CoverKind.FACTORING, ratio=None, recourse=Tri.UNKNOWN),
            ),
        )
    )

    asked = [
        reason.get("fact")
        for _, reason in unknown.why.walk()
        if reason.code == "piece-asks"
    ]

    assert asked == [
        *("timing", "title", "cover"),
        *("title", "tenor_days"),
        *("recourse", "cover_ratio"),
    ]


def test_a_verdict_survives_a_pickle() -> None:
    verdict = payment.rate("open-account-insured-90")

    copy = pickle.loads(pickle.dumps(verdict))  # noqa: S301 - our own bytes

    assert copy == verdict
    assert hash(copy) == hash(verdict)
    assert copy.explain() == verdict.explain()


@given(terms_to_show, goods)
def test_a_verdict_is_written_and_read_back(own: PaymentTerm, customised: Tri) -> None:
    verdict = payment.rate(own, customised=customised)

    back = wire.structure(wire.unstructure(verdict), payment.TermVerdict)

    assert back == verdict
    assert back.why == verdict.why


def test_the_verdict_shows_its_term_and_its_days() -> None:
    shown = repr(payment.rate("open-account", as_of=dt.date(2025, 12, 31)))

    assert shown == (
        "<TermVerdict unsafe, uncontrollable · open-account · 60.0 days"
        " · as of 2025-12-31>"
    )
    assert repr(payment.rate(term(tranche("1", Timing.PRE)))) == (
        "<TermVerdict safe, controllable>"
    )


# The doorway and the callers' mistakes


def test_facts_come_one_for_each_part_judged() -> None:
    named = {one.id: one.term for one in payment.catalogue()}
    own = named["deposit-20-open-account-insured-85"]

    deposit, covered, rest = payment.facts(own)

    assert deposit["timing"] == "pre"
    assert covered["cover"] == "moderate"
    assert rest["cover"] == "uncovered"
    assert rest["deposit_cover"] == 2_000 / 3_000
    assert payment.facts(own, customised=Tri.YES)[0]["deposit_cover"] == 2_000 / 7_000
    assert payment.facts(own, customised=Tri.UNKNOWN)[0]["deposit_cover"] is None
    assert payment.facts(own, customised=Tri.UNKNOWN)[0]["customised"] is None


def test_what_is_wholly_covered_is_one_part() -> None:
    (part,) = payment.facts(payment.rate("letter-of-credit-sight").term)

    assert part["cover"] == "strong"
    assert part["customised"] is Tri.NO


def test_a_misspelt_term_is_told_its_near_match() -> None:
    with pytest.raises(UnknownNameError, match="use 'open-account'"):
        payment.rate("open-acount")


@pytest.mark.parametrize("wrong", [None, 5, b"open-account", {"term": 1}, 2.5])
def test_what_is_no_term_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidValueError, match="catalogue"):
        payment.rate(wrong)  # type: ignore[call-overload]  # the point


def test_all_that_is_no_term_is_told_at_once() -> None:
    with pytest.raises(InvalidValueError) as caught:
        payment.rate(["open-account", 5, None])  # type: ignore[list-item]  # the point

    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.term[1]", "$.term[2]"]


def test_keywords_of_the_wrong_type_are_refused_at_once() -> None:
    with pytest.raises(InvalidValueError) as caught:
        payment.rate("open-account", customised=True, buyer="public")  # type: ignore[call-overload]  # the point

    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.customised", "$.buyer"]


# A policy of one's own


def test_a_term_of_ones_own_has_a_name_and_may_be_for_customised_goods() -> None:
    mine = policies.read(
        {
            "based_on": "payment",
            "terms": [
                {
                    "id": "ours",
                    "customised": "yes",
                    "tranches": [
                        {"share": Decimal("0.5"), "timing": "pre"},
                        {"share": Decimal("0.5"), "timing": "doc", "title": "full"},
                    ],
                }
            ],
        },
        PaymentPolicy,
    )

    assert payment.rate("ours", policy=mine).value == Rating(
        Safety.UNSAFE, Controllability.CONDITIONALLY_CONTROLLABLE
    )
    assert payment.catalogue(mine)[-1].id == "ours"
