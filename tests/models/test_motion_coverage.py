"""By whom customers are looked after, and of how many it is as their tier asks."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
import random
from collections.abc import Mapping

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import AccountTeam, CoverageModel, ValueTier
from keyaccount.exceptions import UnknownNameError
from keyaccount.models import motion
from keyaccount.models.motion import CoverageRatio, TierCoverage
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.refusals import refused


TODAY = dt.date(2025, 12, 31)
DEDICATED, NAMED, POOLED, PARTNER = CoverageModel
IDS = ("acme", "birch", "cedar", "elm")

held = st.dictionaries(
    st.sampled_from(IDS), st.none() | st.sampled_from(CoverageModel), max_size=4
)
placed = st.dictionaries(
    st.sampled_from(IDS), st.none() | st.sampled_from(ValueTier), max_size=4
)


def teams(models: Mapping[str, CoverageModel | None]) -> list[AccountTeam]:
    return [AccountTeam(name, model=model) for name, model in models.items()]


def counted(
    models: Mapping[str, CoverageModel | None],
    tiers: Mapping[str, ValueTier | None],
) -> CoverageRatio:
    return motion.coverage_ratio(teams(models), tiers, as_of=TODAY)


# ── by whom (S2-20) ─────────────────────────────────────────────────────────────


def test_every_tier_has_a_model_the_higher_rung_no_looser_one() -> None:  # S2-20
    models = {tier: motion.coverage_model(tier) for tier in ValueTier}

    assert models == {
        ValueTier.DIAMOND: DEDICATED,
        ValueTier.GOLD: NAMED,
        ValueTier.STRATEGIC: NAMED,
        ValueTier.POTENTIAL: NAMED,
        ValueTier.GENERAL: POOLED,
        ValueTier.PROBLEM: NAMED,
        ValueTier.UNCLASSIFIED: POOLED,
    }
    rungs = [tier for tier in ValueTier if tier.is_rung]
    for higher, lower in itertools.pairwise(rungs):
        assert models[higher].rank <= models[lower].rank


def test_a_tier_may_be_named_by_its_slug() -> None:
    assert motion.coverage_model("gold") is motion.coverage_model(ValueTier.GOLD)
    with pytest.raises(UnknownNameError, match="gold"):
        motion.coverage_model("golden")


# ── of how many ─────────────────────────────────────────────────────────────────


@given(held, placed)
def test_every_customer_counts_once_and_its_share_lies_within_the_bounds(
    models: dict[str, CoverageModel | None], tiers: dict[str, ValueTier | None]
) -> None:
    found = counted(models, tiers)

    everybody = sorted({*models, *tiers})
    parts = found.covered + found.short + found.unsure
    assert sorted(parts) == everybody
    assert found.count == len(everybody)
    lines = [
        name for line in found.tiers for name in line.covered + line.short + line.unsure
    ]
    assert sorted(lines) == everybody
    if everybody:
        may_be = len(found.covered) + len(found.unsure)
        assert found.ratio.low == len(found.covered) / found.count
        assert found.ratio.high == may_be / found.count


@given(held, placed, st.data())
def test_whatever_is_found_out_stays_within_what_was_possible(
    models: dict[str, CoverageModel | None],
    tiers: dict[str, ValueTier | None],
    data: st.DataObject,
) -> None:
    before = counted(models, tiers)

    everybody = sorted({*models, *tiers})
    known = {
        name: models.get(name) or data.draw(st.sampled_from(CoverageModel))
        for name in everybody
    }
    placed_all = {
        name: tiers.get(name) or data.draw(st.sampled_from(ValueTier))
        for name in everybody
    }
    after = counted(known, placed_all)

    assert after.is_settled
    assert after.missing == ()
    assert after.value in before.possible
    assert set(before.covered) <= set(after.covered)
    assert set(before.short) <= set(after.short)
    assert before.ratio.low <= after.ratio.low <= before.ratio.high
    assert bool(before.missing) is bool(before.unsure)


@given(held, placed, st.sampled_from(IDS))
def test_a_closer_model_never_covers_fewer(
    models: dict[str, CoverageModel | None],
    tiers: dict[str, ValueTier | None],
    name: str,
) -> None:
    found = [
        counted({**models, name: model}, {**tiers, "acme": ValueTier.GOLD})
        for model in CoverageModel
    ]

    for closer, looser in itertools.pairwise(found):
        assert closer.ratio.low >= looser.ratio.low
        assert closer.ratio.high >= looser.ratio.high


@given(held, placed, st.randoms())
def test_the_order_of_teams_and_tiers_does_not_matter(
    models: dict[str, CoverageModel | None],
    tiers: dict[str, ValueTier | None],
    chance: random.Random,
) -> None:
    listed, named = teams(models), list(tiers.items())
    chance.shuffle(listed)
    chance.shuffle(named)

    assert motion.coverage_ratio(listed, dict(named), as_of=TODAY) == counted(
        models, tiers
    )


def test_where_the_tier_is_not_known_only_the_closest_model_is_sure() -> None:
    found = counted({"acme": DEDICATED, "birch": NAMED}, {"acme": None})

    assert found.tiers == (
        TierCoverage(None, None, ("acme",), (), ("birch",), Interval(0.5, 1.0)),
    )
    assert [gap.fact for gap in found.missing] == ["value_tier"]


def test_a_partner_is_too_far_for_every_tier_of_the_shipped_policy() -> None:
    found = counted({"acme": PARTNER}, {})

    assert found.value is Tri.NO
    assert found.short == ("acme",)
    assert found.flags == ("short-of-model",)


def test_what_more_customers_lack_is_asked_first() -> None:
    tiers = {"acme": ValueTier.GOLD, "birch": ValueTier.GOLD, "cedar": None}
    models = {"cedar": NAMED}

    found = counted(models, tiers)

    assert found.value is None
    assert found.possible == (Tri.NO, Tri.YES)
    assert [gap.fact for gap in found.missing] == ["coverage_model", "value_tier"]


def test_of_nobody_anything_may_be_the_share() -> None:
    found = counted({}, {})

    assert found.value is Tri.YES
    assert found.ratio == Interval(0.0, 1.0)
    assert found.tiers == ()


@pytest.mark.parametrize("days, unsure", [(0, ()), (1, ("acme",))])
def test_a_team_counts_from_its_first_day_on(days: int, unsure: tuple[str]) -> None:
    since = TODAY + dt.timedelta(days)
    team = AccountTeam("acme", model=NAMED, since=since)
    tiers = {"acme": ValueTier.GOLD}

    found = motion.coverage_ratio([team], tiers, as_of=TODAY)

    assert found.unsure == unsure
    assert motion.coverage_ratio([team], tiers).unsure == ()


# ── telling, writing, refusing ──────────────────────────────────────────────────


@given(held, placed)
def test_a_count_is_told_written_and_read_back(
    models: dict[str, CoverageModel | None], tiers: dict[str, ValueTier | None]
) -> None:
    found = counted(models, tiers)

    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own
    assert wire.loads(wire.dumps(found), CoverageRatio) == found
    assert len(repr(found)) <= 120
    for locale in ("en", "zh-Hans", "zh-Hant"):
        assert not any("{" in line for line in found.explain(locale))


def test_a_count_names_whom_it_is_about() -> None:
    found = counted(
        {"acme": POOLED, "cedar": DEDICATED},
        {"acme": ValueTier.DIAMOND, "birch": ValueTier.DIAMOND},
    )

    assert repr(found).startswith("<CoverageRatio no · 1 covered · 1 short · 1 unsure")
    assert found.explain() == (
        "not every customer is looked after as closely as its tier asks",
        "  diamond customer, asks for people of its own: 0 of 2",
        "    not closely enough: acme",
        "    not known yet: birch",
        "  tier not known, but close enough for any: 1 of 1",
        "some customers are looked after less closely than their tier asks",
        "By whom is the customer looked after?",
    )
    assert (
        found.explain("zh-Hans")[1] == "  钻石客户（至少为专属团队）：2 家中 0 家达标"
    )


def test_what_is_no_team_and_no_tier_is_refused() -> None:
    twice = teams({"acme": NAMED}) * 2

    assert refused(motion.coverage_ratio, twice, {}) == (
        ("$.teams[1].customer_id", "duplicate"),
    )
    assert refused(motion.coverage_ratio, ["Li"], {"a": "gold", 5: None}) == (
        ("$.tiers['a']", "wrong-type"),
        ("$.tiers", "wrong-type"),
        ("$.teams[0]", "wrong-type"),
    )
    assert refused(motion.coverage_ratio, 5, [], as_of="today") == (
        ("$.as_of", "wrong-type"),
        ("$.tiers", "wrong-type"),
        ("$.teams", "wrong-type"),
    )
    assert refused(motion.coverage_ratio, twice[:1], {}, as_of="today") == (
        ("$.as_of", "wrong-type"),
    )


def test_a_policy_may_look_after_the_general_through_partners() -> None:
    shipped = motion.default_policy()
    models = [
        attrs.evolve(part, model=PARTNER) if part.id is ValueTier.GENERAL else part
        for part in shipped.models
    ]

    policy = attrs.evolve(shipped, models=tuple(models))

    assert motion.coverage_model("general", policy=policy) is PARTNER
    found = motion.coverage_ratio(
        teams({"acme": PARTNER}), {"acme": ValueTier.GENERAL}, policy=policy
    )
    assert found.value is Tri.YES
    nobody = motion.coverage_ratio([], {"acme": ValueTier.GENERAL}, policy=policy)
    assert nobody.value is None
    assert nobody.unsure == ("acme",)
    assert [gap.fact for gap in nobody.missing] == ["coverage_model"]
