"""What we learned elsewhere that may serve here, and titles by class of customer."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies
from keyaccount.domain import KnowledgeItem, KnowledgeKind, ValueTier
from keyaccount.models import plans
from keyaccount.models.plans import CareerTrack, PlansPolicy
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import knowledge_items


MILK = KnowledgeItem(
    "k1", KnowledgeKind.SOLUTION, "milk run", "automotive", ["vmi", "jit"], "east"
)


def test_what_shares_industry_and_needs_comes_first() -> None:  # S2-29
    same = attrs.evolve(MILK, id="k2", needs=["vmi"])
    other = attrs.evolve(MILK, id="k3", industry="apparel", needs=["vmi"])
    nothing = attrs.evolve(other, id="k4", needs=["cold"])

    hits = plans.find_similar(
        [nothing, other, MILK, same], industry="Automotive", needs=["vmi"]
    )

    assert [(hit.item.id, hit.score.low) for hit in hits] == [
        ("k2", 1.0),
        ("k1", 0.7),
        ("k3", 0.6),
    ]
    assert [hit.same_industry for hit in hits] == [Tri.YES, Tri.YES, Tri.NO]
    assert [hit.shared for hit in hits] == [("vmi",)] * 3


def test_an_industry_that_nobody_noted_may_be_the_same() -> None:
    loose = attrs.evolve(MILK, industry=None, needs=["vmi"])

    (hit,) = plans.find_similar([loose], industry="automotive", needs=["vmi"])
    assert hit.score == Interval(0.6, 1.0)
    assert hit.same_industry is Tri.UNKNOWN
    assert plans.find_similar([loose], industry="automotive") == ()


def test_only_what_was_asked_for_counts() -> None:
    by_industry = plans.find_similar([MILK], industry="automotive")
    by_need = plans.find_similar([MILK], needs=["jit", "cold"])

    assert by_industry[0].score == Interval(1, 1)
    assert by_need[0].score == Interval(1 / 3, 1 / 3)
    assert plans.find_similar([MILK]) == ()


def test_a_customer_s_own_case_is_left_out_where_asked() -> None:
    ours = attrs.evolve(MILK, id="k2", customer_id=None)

    hits = plans.find_similar([MILK, ours], industry="automotive", excluding="east")
    assert [hit.item.id for hit in hits] == ["k2"]


def test_one_kind_may_be_asked_for() -> None:
    story = attrs.evolve(MILK, id="k2", kind=KnowledgeKind.EXPERIENCE)

    hits = plans.find_similar(
        [MILK, story], industry="automotive", kind=KnowledgeKind.EXPERIENCE
    )
    assert [hit.item.id for hit in hits] == ["k2"]


def test_of_equals_the_latest_comes_first_and_then_the_id() -> None:
    day = dt.date(2025, 12, 31)
    items = [
        attrs.evolve(MILK, id="d"),
        attrs.evolve(MILK, id="c", recorded_on=day - dt.timedelta(1)),
        attrs.evolve(MILK, id="b", recorded_on=day),
        attrs.evolve(MILK, id="a"),
    ]

    hits = plans.find_similar(items, needs=["vmi"])
    assert [hit.item.id for hit in hits] == ["b", "c", "a", "d"]


def test_a_handful_is_enough_unless_more_are_asked_for() -> None:
    items = [attrs.evolve(MILK, id=f"k{at}") for at in range(9)]

    assert len(plans.find_similar(items, needs=["vmi"])) == 5
    assert len(plans.find_similar(items, needs=["vmi"], most=7)) == 7


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "milk run (same industry: automotive; shared needs: vmi)"),
        ({"needs": []}, "milk run (same industry: automotive)"),
        ({"industry": None}, "milk run (shared needs: vmi)"),
    ],
)
def test_every_hit_says_why(changes: dict[str, object], said: str) -> None:
    item = attrs.evolve(MILK, **changes)  # type: ignore[arg-type]  # any field

    (hit,) = plans.find_similar([item], industry="automotive", needs=["vmi"])
    assert hit.say() == said
    assert "milk run（" in hit.say("zh-Hans")


def test_everything_wrong_with_the_arguments_is_told() -> None:
    assert refused(plans.find_similar, [MILK], needs="vmi") == (
        ("$.needs", "wrong-type"),
    )
    assert refused(plans.find_similar, [MILK], needs=5) == (("$.needs", "wrong-type"),)
    assert refused(
        plans.find_similar, [MILK], industry=5, needs=[[]], excluding=MILK
    ) == (
        ("$.needs[0]", "wrong-type"),
        ("$.industry", "wrong-type"),
        ("$.excluding", "wrong-type"),
    )
    assert refused(plans.find_similar, 5, kind="solution", most="all") == (
        ("$.kind", "wrong-type"),
        ("$.most", "wrong-type"),
        ("$.items", "wrong-type"),
    )
    assert refused(plans.find_similar, [MILK, 5, MILK], most=0) == (
        ("$.most", "out-of-range"),
        ("$.items[1]", "wrong-type"),
        ("$.items[2].id", "duplicate"),
    )


def test_of_equals_the_one_that_may_share_more_stands_first() -> None:
    other = attrs.evolve(MILK, id="a", industry="apparel")
    maybe = attrs.evolve(MILK, id="b", industry=None)

    hits = plans.find_similar([other, maybe], industry="automotive", needs=["vmi"])
    assert [hit.item.id for hit in hits] == ["b", "a"]
    first = plans.find_similar([other, maybe], needs=["vmi"], most=1)
    assert len(first) == 1


ITEMS = st.lists(knowledge_items, max_size=6, unique_by=lambda one: one.id)


@given(ITEMS, st.frozensets(st.text(min_size=1), max_size=2), st.none() | st.text())
def test_a_hit_always_shares_something_and_stands_in_order(
    items: list[KnowledgeItem], needs: frozenset[str], industry: str | None
) -> None:
    needs |= frozenset(need for item in items[:1] for need in item.needs)
    hits = plans.find_similar(items, needs=needs, industry=industry)
    again = plans.find_similar(items[::-1], needs=needs, industry=industry)

    assert hits == again
    assert all(hit.shared or hit.same_industry is Tri.YES for hit in hits)
    assert all(0 < hit.score.low <= hit.score.high <= 1 for hit in hits)
    assert [hit.score.low for hit in hits] == sorted(
        (hit.score.low for hit in hits), reverse=True
    )


@given(ITEMS, st.sampled_from(["automotive", "apparel"]))
def test_noting_an_industry_stays_within_the_bounds(
    items: list[KnowledgeItem], industry: str
) -> None:
    loose = [attrs.evolve(item, industry=None, needs=["vmi"]) for item in items]
    before = plans.find_similar(loose, needs=["vmi"], industry="automotive")
    told = [attrs.evolve(item, industry=industry) for item in loose]
    after = plans.find_similar(told, needs=["vmi"], industry="automotive")

    bounds = {hit.item.id: hit.score for hit in before}
    assert bounds.keys() == {hit.item.id for hit in after}
    assert all(hit.score.low in bounds[hit.item.id] for hit in after)


@pytest.mark.parametrize(
    ("tier", "title", "above"),
    [
        (ValueTier.DIAMOND, "partner", None),
        (ValueTier.GOLD, "director", "partner"),
        (ValueTier.STRATEGIC, "director", "partner"),
        (ValueTier.POTENTIAL, "customer-manager", "director"),
        (ValueTier.GENERAL, "customer-manager", "director"),
        (ValueTier.PROBLEM, "customer-manager", "director"),
        (ValueTier.UNCLASSIFIED, None, None),
        (None, None, None),
    ],
)
def test_a_title_goes_with_a_class_of_customer(
    tier: ValueTier | None, title: str | None, above: str | None
) -> None:  # S3-15
    ladder = ("customer-manager", "director", "partner")

    assert plans.career_track(tier) == CareerTrack(tier, title, ladder, above)


def test_a_title_is_said_in_three_languages() -> None:
    track = plans.career_track(ValueTier.DIAMOND)

    assert [track.say(locale) for locale in ("en", "zh-Hans", "zh-Hant")] == [
        "client partner",
        "客户合伙人",
        "客戶合夥人",
    ]
    assert plans.career_track(None).say("zh-Hans") == "无对应职衔"


def test_a_house_has_titles_of_its_own() -> None:
    row = {
        "id": "partner",
        "when": 'career_tier in ("diamond",)',
        "then": "ambassador",
    }
    policy = policies.read({"based_on": "plans", "career_rows": [row]}, PlansPolicy)

    track = plans.career_track(ValueTier.DIAMOND, policy=policy)
    assert track.title == "ambassador"
    assert track.say() == "ambassador"


def test_a_tier_is_a_tier() -> None:
    assert refused(plans.career_track, "gold") == (("$.tier", "wrong-type"),)
