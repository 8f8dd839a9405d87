"""Three axes, types by volume and profit, goals: laws that hold for any customer."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire, wording
from keyaccount.domain import (
    AccountPhase,
    NeedType,
    StrategicDesignation,
    ThreeLevelGrade,
    ValueTier,
    VolumeProfitType,
)
from keyaccount.models import segments
from keyaccount.models.segments import (
    Behaviour,
    Classification,
    OutsideReason,
    RfmSegment,
    TargetReach,
)
from keyaccount.rules import Verdict
from keyaccount.tri import Tri
from tests.refusals import refused


T = TypeVar("T")

TODAY = dt.date(2025, 12, 31)
STRATEGIC = StrategicDesignation.STRATEGIC
VOLUMES = st.integers(0, 15_000) | st.sampled_from([0, 1999, 2000, 9999, 10_000])
MARGINS = st.decimals(-1, 1, places=2)

grades = st.none() | st.sampled_from(ThreeLevelGrade)
needs = st.none() | st.sampled_from(NeedType)
behaviours = st.none() | st.sampled_from(RfmSegment)
usages = st.none() | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=9)


def said(verdict: Verdict[T]) -> None:
    """Whatever a verdict says, it says in all languages, with nothing left open."""
    for locale in wording.LOCALES:
        lines = verdict.explain(locale)
        assert lines
        assert not [line for line in lines if "{" in line or "=" in line.split("≥")[0]]


# ── three axes (S2-4, S2-5, S2-6, S2-7) ─────────────────────────────────────────


@given(
    st.tuples(grades, needs, behaviours, usages),
    st.tuples(grades, needs, behaviours, usages),
    st.sampled_from(Tri),
)
def test_no_axis_overwrites_another(
    one: tuple[ThreeLevelGrade | None, NeedType | None, RfmSegment | None, str | None],
    two: tuple[ThreeLevelGrade | None, NeedType | None, RfmSegment | None, str | None],
    watched: Tri,
) -> None:
    for changed in range(4):
        mixed = [two[at] if at == changed else one[at] for at in range(4)]
        found = segments.classify(
            value=mixed[0],  # type: ignore[arg-type]  # a column of each
            need=mixed[1],  # type: ignore[arg-type]  # the same
            behaviour=mixed[2],  # type: ignore[arg-type]  # the same
            usage=mixed[3],  # type: ignore[arg-type]  # the same
            under_supervision=watched,
        )
        axes = (found.value, found.need, found.behaviour, found.usage)
        assert list(axes) == mixed
        assert found.under_supervision is watched


def test_an_axis_without_an_answer_asks_for_it() -> None:
    found = segments.classify(need=NeedType.BALANCED)

    assert [gap.fact for gap in found.missing] == ["value_level", "behaviour_segment"]
    assert not found.is_settled
    assert found.possible_behaviour == tuple(RfmSegment)
    assert found.explain("en") == (
        "three axes, side by side; none overwrites another",
        "  by value: not known yet",
        "  by need: balanced",
        "  by behaviour: not known yet",
        "What is the customer worth to us: strategic, important or ordinary?",
        "When, how often and for how much does the customer buy?",
    )


def test_a_customer_of_whom_nothing_is_known_is_asked_about_three_times() -> None:
    found = segments.classify()

    assert len(found.missing) == 3
    assert "  按需求：尚不清楚" in found.explain("zh-Hans")


def test_a_problem_customer_keeps_its_level_and_is_watched() -> None:  # C-5
    found = segments.classify(
        value=ThreeLevelGrade.STRATEGIC,
        need=NeedType.PRICE_SENSITIVE,
        behaviour=RfmSegment.CHAMPIONS,
        usage="nights\nonly",
        under_supervision=Tri.YES,
    )

    assert found.is_settled
    assert found.explain("zh-Hans") == (
        "三个维度并列，互不覆盖",
        "  按价值：战略",
        "  属问题客户：按原等级列示，并处于监督之下",
        "  按需求：价格敏感型",
        "  按行为：核心客户",
        "  使用习惯：“nights only”",
    )


def test_an_open_verdict_hands_on_what_is_still_possible() -> None:
    verdict = segments.rfm({"a": Behaviour(recency_days=1, orders=9)}, as_of=TODAY)[0]

    found = segments.classify(behaviour=verdict)

    assert found.behaviour is verdict.value
    assert found.possible_behaviour == verdict.possible


@pytest.mark.parametrize(
    "locale,said_so",
    [
        ("en", "by behaviour: still open between loyal customers and champions"),
        ("zh-Hans", "按行为：尚未确定，介于忠诚客户与核心客户之间"),
        ("zh-Hant", "按行為：尚未確定，介於忠誠客戶與核心客戶之間"),
    ],
)
def test_an_axis_open_between_two_segments_says_between_which(
    locale: str, said_so: str
) -> None:
    known = {
        name: Behaviour(recency_days=9 - at, orders=at, spend=Decimal(at))
        for at, name in enumerate("abcde", 1)
    }
    unsure = {**known, "e": Behaviour(recency_days=4, orders=5)}
    verdict = segments.rfm(unsure, as_of=TODAY)[-1]

    lines = segments.classify(behaviour=verdict).explain(locale)

    assert verdict.possible == (RfmSegment.LOYAL, RfmSegment.CHAMPIONS)
    assert said_so in "\n".join(lines)


def test_a_classification_takes_answers_only() -> None:
    wrong = ValueTier.STRATEGIC  # not the level of S2: three things are called so (C-1)

    assert refused(
        segments.classify,
        value=wrong,
        need="price",
        behaviour=1,
        usage=2,
        under_supervision=True,
    ) == (
        ("$.value", "wrong-type"),
        ("$.need", "wrong-type"),
        ("$.behaviour", "wrong-type"),
        ("$.usage", "wrong-type"),
        ("$.under_supervision", "wrong-type"),
    )
    assert refused(segments.classify, usage="a\0") == (("$.usage", "not-text"),)


@given(grades, needs, behaviours, usages)
def test_a_classification_survives_the_wire(
    value: ThreeLevelGrade | None,
    need: NeedType | None,
    behaviour: RfmSegment | None,
    usage: str | None,
) -> None:
    found = segments.classify(value=value, need=need, behaviour=behaviour, usage=usage)

    assert wire.structure(wire.unstructure(found), Classification) == found
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes


# ── volume and profit (S4-6, S4-7, V-1) ─────────────────────────────────────────


@given(VOLUMES, MARGINS)
def test_every_customer_is_of_exactly_one_type(volume: int, margin: Decimal) -> None:
    found = segments.volume_profit(volume, margin, designation=STRATEGIC)

    is_large, is_some = volume >= 10_000, volume >= 2_000
    is_good = margin >= Decimal("0.15")
    wanted = (
        VolumeProfitType.DUAL_DRIVER
        if is_large and is_good
        else VolumeProfitType.VOLUME_DRIVER
        if is_large
        else VolumeProfitType.PROFIT_DRIVER
        if is_some and is_good
        else VolumeProfitType.OUTSIDE
    )
    assert found.value is wanted
    assert bool(found.outside) is (wanted is VolumeProfitType.OUTSIDE)
    assert found.missing == ()


@given(VOLUMES, MARGINS, st.booleans(), st.booleans())
def test_an_unknown_volume_or_margin_leaves_open_just_what_it_may_be(
    volume: int, margin: Decimal, knows_volume: bool, knows_margin: bool
) -> None:
    truth = segments.volume_profit(volume, margin, designation=STRATEGIC)
    found = segments.volume_profit(
        volume if knows_volume else None,
        margin if knows_margin else None,
        designation=STRATEGIC,
    )

    assert truth.value in found.possible
    assert set(truth.outside) <= set(found.outside)
    assert (found.value is None) is bool(found.missing)


@pytest.mark.parametrize("volume", [None, 1, 2_000, 10_000])
@pytest.mark.parametrize("margin", [None, -1, Decimal("0.15")])
def test_what_is_said_to_be_possible_really_is(
    volume: int | None, margin: Decimal | None
) -> None:
    found = segments.volume_profit(volume, margin, designation=STRATEGIC)

    volumes = [0, 1999, 2000, 9999, 10_000] if volume is None else [volume]
    margins = [Decimal("0.14"), Decimal("0.15")] if margin is None else [margin]
    reached = [
        segments.volume_profit(one, other, designation=STRATEGIC)
        for one in volumes
        for other in margins
    ]
    assert set(found.possible) == {one.value for one in reached}
    assert set(found.outside) == {part for one in reached for part in one.outside}


@given(st.none() | VOLUMES, st.none() | MARGINS, st.sampled_from(StrategicDesignation))
def test_types_are_asked_of_strategic_customers_only(
    volume: int | None, margin: Decimal | None, designation: StrategicDesignation
) -> None:  # C-6
    found = segments.volume_profit(volume, margin, designation=designation)

    is_asked = designation is STRATEGIC
    assert found.asked is Tri.of(is_asked)
    assert bool(found.possible) is is_asked
    assert ("not-asked" in found.flags) is not is_asked
    said(found)


def test_nobody_saying_whether_a_customer_is_strategic_is_flagged() -> None:
    found = segments.volume_profit(12_000, Decimal("0.08"))

    assert found.value is VolumeProfitType.VOLUME_DRIVER
    assert found.asked is Tri.UNKNOWN
    assert found.flags == ("designation-unknown", "example-volumes")


def test_outside_says_why_in_every_language() -> None:
    found = segments.volume_profit(None, Decimal("0.10"), designation=STRATEGIC)

    assert found.outside == tuple(OutsideReason)
    said(found)
    assert (
        "  none of the three types, because: too little volume, whatever the margin"
        in (found.explain())
    )
    assert "below-floor · low-volume-low-margin" in repr(found)


def test_who_is_not_asked_is_told_why() -> None:
    found = segments.volume_profit(
        1, designation=StrategicDesignation.KEY_ACCOUNT
    ).explain("zh-Hant")

    assert found[0] == "不作判斷：單量與利潤類型只用於戰略客戶（定位），該客戶為大客戶"


def test_a_volume_or_margin_that_cannot_be_is_refused() -> None:
    assert refused(segments.volume_profit, -1, Decimal("1.01")) == (
        ("$.volume", "out-of-range"),
        ("$.profit_margin", "out-of-range"),
    )
    assert segments.volume_profit(math.nan, math.nan).value is None


@pytest.mark.parametrize("wrong", ["strategic", ValueTier.STRATEGIC])
def test_a_designation_is_the_one_of_selection_and_no_other(wrong: object) -> None:
    assert refused(segments.volume_profit, 12_000, designation=wrong) == (
        ("$.designation", "wrong-type"),
    )  # C-1: three things are called strategic


@given(st.none() | VOLUMES, st.none() | MARGINS)
def test_a_type_survives_the_wire(volume: int | None, margin: Decimal | None) -> None:
    found = segments.volume_profit(volume, margin)

    back = wire.structure(wire.unstructure(found), segments.VolumeProfitVerdict)

    assert back == found
    assert back.explain("zh-Hant") == found.explain("zh-Hant")
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes


# ── goals (S4-8) ────────────────────────────────────────────────────────────────


def test_every_type_has_goals_and_outside_has_none() -> None:
    found = {
        kind: [goal.id for goal in segments.goals(kind)] for kind in VolumeProfitType
    }

    assert found == {
        VolumeProfitType.VOLUME_DRIVER: [
            "raise-margin",
            "cut-cost-to-serve",
            "raise-share",
        ],
        VolumeProfitType.PROFIT_DRIVER: [
            "raise-volume",
            "raise-wallet",
            "protect-margin",
        ],
        VolumeProfitType.DUAL_DRIVER: ["retain", "deepen", "executive-cover"],
        VolumeProfitType.OUTSIDE: [],
    }


@pytest.mark.parametrize("phase", AccountPhase)
@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_type_is_served_in_both_phases(locale: str, phase: AccountPhase) -> None:
    for kind in VolumeProfitType:  # S4-9
        found = segments.goals(kind, phase=phase)

        assert all(goal.phase is phase for goal in found)
        assert bool(found) == (kind is not VolumeProfitType.OUTSIDE)
    assert wording.label("account-phase", phase.value, locale)


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_a_goal_can_be_said(locale: str) -> None:
    goals = [goal for kind in VolumeProfitType for goal in segments.goals(kind)]

    assert len({goal.say(locale) for goal in goals}) == len(goals)
    assert not [goal for goal in goals if goal.say(locale) == goal.id]
    own = {locale: {"goal.retain": "hold on"}}
    assert segments.goals(VolumeProfitType.DUAL_DRIVER)[0].say(locale, own=own) == (
        "hold on"
    )


def test_goals_are_asked_for_by_type_and_phase() -> None:
    assert refused(segments.goals, "dual-driver", phase="development") == (
        ("$.type", "wrong-type"),
        ("$.phase", "wrong-type"),
    )


@given(st.none() | st.integers(-50, 300), st.none() | st.integers(-50, 300))
def test_a_target_is_held_against_what_runs(
    target: int | None, runs: int | None
) -> None:
    found = segments.achievable(target, runs)

    if target is None or runs is None or runs <= 0:
        assert found.value is None
        assert found.ratio is None
        assert found.possible == tuple(TargetReach)
    elif 10 * target > 12 * runs:
        assert found.flags == ("target-too-high",)
    elif 10 * target < 8 * runs:
        assert found.flags == ("target-too-low",)
    else:
        assert found.value is TargetReach.WITHIN_REACH
        assert found.flags == ()
    assert ("no-run-rate" in found.flags) is (runs is not None and runs <= 0)
    said(found)


@given(st.integers(1, 100_000), st.sampled_from([Decimal, float]))
def test_exactly_a_fifth_off_is_within_reach_whatever_the_decimals(
    cents: int, kind: type[Decimal | float]
) -> None:
    runs = Decimal(cents) / 100

    for bound in ("0.8", "1.2"):
        found = segments.achievable(kind(runs * Decimal(bound)), kind(runs))
        assert found.value is TargetReach.WITHIN_REACH


def test_a_target_without_figures_asks_for_them() -> None:
    assert [gap.fact for gap in segments.achievable().missing] == [
        "goal_target",
        "run_rate",
    ]
    assert refused(segments.achievable, "much", math.inf) == (
        ("$.goal_target", "wrong-type"),
        ("$.run_rate", "not-finite"),
    )
