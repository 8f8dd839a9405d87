"""Where effort goes, and on how few we rest: laws that hold for any portfolio."""

from __future__ import annotations

import datetime as dt
import decimal
import pickle
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import ValueTier
from keyaccount.exceptions import InvalidValueError, PolicyError, UnknownFactError
from keyaccount.models import allocation
from keyaccount.models.allocation import (
    AllocationPolicy,
    Dependence,
    MatrixCell,
    Shape,
    Share,
)
from keyaccount.rules import Interval


TODAY = dt.date(2025, 12, 31)
RUNGS = tuple(tier for tier in ValueTier if tier.is_rung)
SLUGS = st.text("abcdefgh", min_size=1, max_size=4)
TIERS = st.dictionaries(SLUGS, st.none() | st.sampled_from(list(ValueTier)))
SETTLED = st.dictionaries(SLUGS, st.sampled_from(list(ValueTier)))
AMOUNTS = st.decimals(0, 1000, places=2)
MARKS = st.none() | st.integers(0, 100).map(Decimal)


def own(**changes: object) -> AllocationPolicy:
    return policies.read({"based_on": "allocation", **changes}, AllocationPolicy)


def weights(**changes: int) -> list[dict[str, object]]:
    return [{"id": slug, "weight": weight} for slug, weight in changes.items()]


# ── shares (S2-1) ───────────────────────────────────────────────────────────────


@given(TIERS, st.integers(0, 500))
def test_all_units_are_given_and_none_twice(
    tiers: dict[str, ValueTier | None], units: int
) -> None:
    given_ = allocation.allocate(tiers, units).value

    assert given_ is not None
    total = sum((share.units for share in given_.shares), Decimal(0))
    assert total + given_.rest == units
    assert given_.rest == (0 if tiers else units)
    assert {share.id for share in given_.shares} == {*tiers}


@given(SETTLED, st.integers(0, 500))
def test_no_lower_rung_gets_more_than_a_higher_one(
    tiers: dict[str, ValueTier], units: int
) -> None:
    found = allocation.allocate(tiers, units).value

    assert found is not None
    ranked = [share for share in found.shares if share.tier.is_rung]
    for one in ranked:
        for other in ranked:
            if one.tier.rank < other.tier.rank:
                assert one.units >= other.units


@given(st.integers(60, 1000))
def test_everybody_above_general_gets_more_where_there_is_enough(units: int) -> None:
    tiers = {tier.value: tier for tier in RUNGS}
    found = allocation.allocate(tiers, units).value

    assert found is not None
    least = found.of("general")
    assert all(found.of(tier.value) > least for tier in RUNGS[:-1])


@given(TIERS, st.integers(0, 99))
def test_the_order_of_the_customers_changes_no_share(
    tiers: dict[str, ValueTier | None], units: int
) -> None:
    backwards = dict(reversed([*tiers.items()]))

    assert allocation.allocate(tiers, units) == allocation.allocate(backwards, units)


@given(TIERS, st.integers(0, 99))
def test_an_open_tier_gets_no_more_than_any_rung_it_may_turn_out_to_be(
    tiers: dict[str, ValueTier | None], units: int
) -> None:
    opened = allocation.allocate({**tiers, "zz": None}, units).value
    assert opened is not None
    for rung in RUNGS:
        settled = allocation.allocate({**tiers, "zz": rung}, units).value
        assert settled is not None
        assert opened.of("zz") <= settled.of("zz")


def test_an_open_tier_is_told_and_asked_for() -> None:
    verdict = allocation.allocate({"a": None, "b": ValueTier.GOLD}, 9, as_of=TODAY)

    assert verdict.flags == ("allocated-at-lowest",)
    assert [gap.fact for gap in verdict.missing] == ["tier"]
    assert verdict.value is not None
    assert verdict.value.shares == (
        Share("b", ValueTier.GOLD, Decimal(8)),
        Share("a", ValueTier.GENERAL, Decimal(1), is_open=True),
    )
    assert any("(a)" in line for line in verdict.explain())


def test_who_is_not_there_gets_nothing() -> None:
    verdict = allocation.allocate({"a": ValueTier.GOLD}, 3)

    assert verdict.value is not None
    assert verdict.value.of("b") == 0


def test_units_that_nobody_has_a_weight_for_are_left_and_told() -> None:
    watch = own(tiers=weights(problem=0))
    verdict = allocation.allocate({"a": ValueTier.PROBLEM}, 7, policy=watch)

    assert verdict.value is not None
    assert verdict.value.rest == 7
    assert verdict.flags == ("nobody-to-give-to",)
    assert "left over, for nobody here has a weight: 7" in "\n".join(verdict.explain())


def test_without_a_customer_no_class_is_blamed() -> None:
    verdict = allocation.allocate({}, 5)

    said = "\n".join(verdict.explain("zh-Hans"))
    assert "剩余 5 个单位：没有客户的权重大于 0" in said


def test_a_single_unit_is_not_said_in_the_plural() -> None:
    verdict = allocation.allocate({"a": ValueTier.GOLD}, 1)

    assert not [line for line in verdict.explain() if "1 units" in line]
    assert not [line for line in verdict.explain() if "1 customers" in line]


@given(TIERS, st.integers(0, 10**90), st.integers(0, 12))
def test_units_are_exact_whatever_the_callers_decimals_are(
    tiers: dict[str, ValueTier | None], steps: int, decimals: int
) -> None:
    step = Decimal((0, (1,), -decimals))
    units = Decimal((0, tuple(map(int, str(steps))), -decimals))
    with decimal.localcontext() as rough:
        rough.prec = 3
        verdict = allocation.allocate(tiers, units, step=step)
        explained = verdict.explain()

    assert verdict.value is not None
    total = sum(Fraction(share.units) for share in verdict.value.shares)
    assert total + Fraction(verdict.value.rest) == Fraction(units)
    assert explained == verdict.explain()


@pytest.mark.parametrize(
    ("units", "step"),
    [
        (-1, 1),
        (3, 0),
        (Decimal("NaN"), 1),
        (3, Decimal("Infinity")),
        (3, 2),
        (2.5, 1),
        ("3", 1),
        (10**100, 1),
        (Decimal("1E+999999"), 1),
        (1, Decimal("1E-101")),
    ],
)
def test_units_that_cannot_be_given_are_refused(units: object, step: object) -> None:
    with pytest.raises(InvalidValueError):
        allocation.allocate({"a": ValueTier.GOLD}, units, step=step)  # type: ignore[arg-type]  # callers without types


# ── concentration ───────────────────────────────────────────────────────────────


@given(st.dictionaries(SLUGS, AMOUNTS, min_size=1))
def test_shares_of_the_largest_add_up_and_grow(amounts: dict[str, Decimal]) -> None:
    assume(any(amounts.values()))
    verdict = allocation.concentration(amounts)
    total = sum(map(Fraction, amounts.values()))
    known = sorted(map(Fraction, amounts.values()), reverse=True)

    for top in verdict.tops:
        assert top.share.is_exact
        assert top.share.low == float(sum(known[: top.count]) / total)
    lows = [top.share.low for top in verdict.tops]
    assert lows == sorted(lows)
    assert verdict.hhi.low == float(sum((one / total) ** 2 for one in known))
    assert 1 <= verdict.effective.low <= len(amounts) + 1e-6
    assert verdict.is_settled


@given(
    st.dictionaries(SLUGS, st.none() | AMOUNTS, min_size=1),
    st.lists(AMOUNTS, min_size=20, max_size=20),
)
def test_no_unknown_amount_leads_out_of_the_bounds(
    amounts: dict[str, Decimal | None], fill: list[Decimal]
) -> None:
    whole = {
        slug: fill[at % len(fill)] if one is None else one
        for at, (slug, one) in enumerate(amounts.items())
    }
    assume(any(whole.values()))
    before, after = allocation.concentration(amounts), allocation.concentration(whole)

    for wide, exact in zip(before.tops, after.tops, strict=True):
        assert wide.share.low <= exact.share.low <= wide.share.high
    assert before.hhi.low <= after.hhi.low * (1 + 1e-12) <= before.hhi.high * 1.1
    assert {*after.possible} <= {*before.possible}


@given(st.lists(st.integers(0, 9), max_size=6), st.integers(1, 3), st.integers(1, 7))
def test_the_least_share_of_the_largest_is_one_that_comes_about(
    known: list[int], unknown: int, count: int
) -> None:
    tops = [{"id": "top_three_share", "count": count}]
    amounts: dict[str, Decimal | None] = {
        f"k{at}": Decimal(one) for at, one in enumerate(known)
    }
    amounts |= {f"u{at}": None for at in range(unknown)}
    found = allocation.concentration(amounts, policy=own(tops=tops)).tops[1]

    def share(size: int) -> Fraction:
        everybody = sorted([*known, *([size] * unknown)], reverse=True)
        return Fraction(sum(everybody[:count]), sum(everybody))

    sizes = [*range(10), 10**9]
    least = min(share(size) for size in sizes if size or sum(known))
    assert found.id == "top_three_share"
    assert found.share.low == pytest.approx(float(least), abs=1e-6)
    assert found.share.low <= float(least)


def test_one_unknown_among_five_thousand_amounts_is_no_trouble() -> None:
    amounts: dict[str, Decimal | None] = {str(at): Decimal(at) for at in range(1, 5000)}
    verdict = allocation.concentration({**amounts, "new": None})

    shares = {top.id: top.share.low for top in verdict.tops}
    assert shares["top_share"] == float(Fraction(4999, sum(range(1, 5000)) + 4999))


@given(st.dictionaries(SLUGS, st.none() | AMOUNTS))
def test_the_order_of_the_amounts_changes_nothing(
    amounts: dict[str, Decimal | None],
) -> None:
    backwards = dict(reversed([*amounts.items()]))

    assert allocation.concentration(amounts) == allocation.concentration(backwards)


def test_an_unknown_amount_is_told_and_asked_for() -> None:
    verdict = allocation.concentration(
        {"a": Decimal(10), "b": Decimal(10), "c": None}, as_of=TODAY
    )

    assert verdict.unknown == ("c",)
    assert verdict.flags == ("amounts-unknown",)
    assert [gap.fact for gap in verdict.missing] == ["amounts"]
    assert verdict.tops[0].share == Interval(1 / 3, 1.0)
    assert verdict.value is Dependence.RESTS_ON_ONE
    assert "33.33% to 100%" in "\n".join(verdict.explain())


def test_many_known_amounts_and_one_unknown_leave_the_answer_open() -> None:
    known = {str(at): Decimal(10) for at in range(30)}
    verdict = allocation.concentration({**known, "new": None})

    assert verdict.value is None
    assert verdict.possible == tuple(reversed(Dependence))
    assert "at worst" in verdict.explain()[0]


def test_unknown_amounts_alone_may_be_spread_over_all_of_them() -> None:
    verdict = allocation.concentration(dict.fromkeys("abcdefghij"))

    assert verdict.hhi == Interval(0.1, 1.0)
    assert verdict.tops[0].share == Interval(0.1, 1.0)


def test_without_an_amount_there_is_nothing_to_share() -> None:
    verdict = allocation.concentration({"a": Decimal(0)})

    assert verdict.flags == ("nothing-to-share",)
    assert verdict.value is None
    assert verdict.effective == Interval(0.0, 0.0)
    assert not [line for line in verdict.explain() if "equal size" in line]


def test_an_infinite_amount_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="Infinity"):
        allocation.concentration({"a": Decimal("Infinity")})


def test_an_amount_that_is_no_decimal_is_refused() -> None:
    amounts = {"a": 2.5, "b": "3"}

    with pytest.raises(InvalidValueError, match=r"amounts\.a.*(?s:.*)amounts\.b"):
        allocation.concentration(amounts)  # type: ignore[arg-type]  # callers without types


def test_whole_amounts_are_taken_as_they_are() -> None:
    assert allocation.concentration({"a": 3, "b": 1}) == allocation.concentration(
        {"a": Decimal(3), "b": Decimal(1)}
    )


def test_of_an_open_rule_only_the_open_question_is_not_known() -> None:
    tiers = crowd(diamond=19, open=2)
    said = "\n".join(allocation.distribution(tiers).explain())

    assert "key accounts (diamond, gold, strategic) ≥ 1" not in said
    assert "potential and general customers < 1: not known yet" in said


def test_of_a_rule_that_applies_an_open_question_stays_open() -> None:
    known = {str(at): Decimal(10) for at in range(4)}
    said = "\n".join(allocation.concentration({**known, "new": None}).explain())

    assert "share of the five largest 100% > 75%: yes" in said
    assert "Herfindahl index 20% > 18%: yes" in said
    many = {str(at): Decimal(1) for at in range(40)} | {"a": Decimal(99)}
    rows = [{"id": "few-carry-us", "when": "top_share > 0.4 or hhi > 0.5"}]
    carried = allocation.concentration(
        {**many, "b": None}, policy=own(concentration_rows=rows)
    )
    assert "Herfindahl index > 50%: not known yet" in "\n".join(carried.explain())


def test_a_rule_that_is_sure_only_as_a_whole_is_said_to_apply() -> None:
    whole = "not diamonds > 5 or diamonds > 5"
    rows = [{"id": "no-diamond", "when": whole}]
    verdict = allocation.distribution(
        crowd(diamond=4, general=9, open=3), policy=own(distribution_rows=rows)
    )

    assert "no-diamond" in verdict.flags
    assert any("applies" in line and "top" in line for line in verdict.explain())


# ── the matrix ──────────────────────────────────────────────────────────────────


@given(st.integers(0, 100), st.integers(0, 100))
def test_the_two_cuts_make_four_cells(attractive: int, strong: int) -> None:
    verdict = allocation.matrix(attractive, strong)

    cells = {
        (True, True): MatrixCell.STRATEGIC,
        (True, False): MatrixCell.STAR,
        (False, True): MatrixCell.STATUS,
        (False, False): MatrixCell.STREAMLINE,
    }
    assert verdict.value is cells[attractive >= 50, strong >= 50]


@given(
    st.dictionaries(st.sampled_from(allocation.MATRIX_FACTS.names[:4]), MARKS),
    st.dictionaries(st.sampled_from(allocation.MATRIX_FACTS.names[4:]), MARKS),
    st.lists(st.integers(0, 100), min_size=8, max_size=8),
)
def test_no_unknown_mark_leads_out_of_the_possible_cells(
    attractive: dict[str, Decimal | None],
    strong: dict[str, Decimal | None],
    fill: list[int],
) -> None:
    before = allocation.matrix(attractive, strong)
    names = allocation.MATRIX_FACTS.names
    given_ = {**attractive, **strong}
    whole = {
        name: Decimal(mark) if given_.get(name) is None else given_[name]
        for name, mark in zip(names, fill, strict=True)
    }
    after = allocation.matrix(
        {name: whole[name] for name in names[:4]},
        {name: whole[name] for name in names[4:]},
    )

    assert after.value in before.possible
    assert after.attractiveness.low in before.attractiveness
    assert after.strength.low in before.strength
    assert (before.value is None) == bool(before.missing)


def test_an_axis_of_which_nothing_is_known_leaves_two_cells() -> None:
    assert allocation.matrix(80, None).possible == (
        MatrixCell.STAR,
        MatrixCell.STRATEGIC,
    )


def test_a_criterion_of_the_other_axis_is_refused() -> None:
    with pytest.raises(UnknownFactError, match="price_strength"):
        allocation.matrix({"price_strength": 10}, 50)
    with pytest.raises(InvalidValueError):
        allocation.matrix(101, 50)


# ── distribution (S3-19) ────────────────────────────────────────────────────────


def crowd(**counts: int) -> dict[str, ValueTier | None]:
    return {
        f"{slug}{at}": None if slug == "open" else ValueTier(slug)
        for slug, count in counts.items()
        for at in range(count)
    }


@pytest.mark.parametrize(
    ("counts", "flags"),
    [
        ({"diamond": 12, "gold": 10, "strategic": 10, "general": 60}, ()),
        ({"gold": 5, "general": 20}, ("no-diamond",)),
        ({"diamond": 20, "potential": 60}, ()),
        ({"diamond": 21, "potential": 60}, ("too-many-diamonds",)),
        ({"diamond": 5, "gold": 20, "strategic": 26, "general": 100},
         ("too-many-key-accounts",)),
        ({"diamond": 11, "general": 10}, ("top-heavy",)),
        ({"diamond": 10, "general": 10}, ()),
        ({"diamond": 1}, ("nobody-below",)),
        ({"diamond": 1, "general": 20, "problem": 6}, ("many-problems",)),
        ({"diamond": 1, "general": 20, "unclassified": 6}, ("many-unclassified",)),
        ({}, ()),
    ],
)  # fmt: skip
def test_what_is_odd_about_a_distribution_is_said(
    counts: dict[str, int], flags: tuple[str, ...]
) -> None:
    verdict = allocation.distribution(crowd(**counts), as_of=TODAY)

    assert verdict.flags == flags
    assert verdict.value is (Shape.ODD if flags else Shape.SOUND)
    assert sum(count for _, count in verdict.counts) == sum(counts.values())


def test_tiers_that_are_not_settled_may_make_it_odd() -> None:
    verdict = allocation.distribution(crowd(diamond=15, general=60, open=10))

    assert verdict.value is None
    assert verdict.possible == (Shape.ODD, Shape.SOUND)
    assert verdict.perhaps == ("too-many-diamonds",)
    assert verdict.unsettled == 10
    assert [gap.fact for gap in verdict.missing] == ["tier"]
    said = "\n".join(verdict.explain())
    assert "not settled: 10" in said
    assert "too many at the top" in said


@given(TIERS, st.lists(st.sampled_from(RUNGS), min_size=30, max_size=30))
def test_no_unsettled_tier_leads_out_of_the_possible_shapes(
    tiers: dict[str, ValueTier | None], fill: list[ValueTier]
) -> None:
    before = allocation.distribution(tiers)
    whole = {
        slug: fill[at % len(fill)] if tier is None else tier
        for at, (slug, tier) in enumerate(tiers.items())
    }
    after = allocation.distribution(whole)

    assert after.value in before.possible
    assert {*before.flags} <= {*after.flags} <= {*before.flags, *before.perhaps}


def test_a_policy_without_rows_finds_nothing_odd() -> None:
    calm = own(distribution_rows=[])
    verdict = allocation.distribution(crowd(diamond=90), policy=calm)

    assert verdict.value is Shape.SOUND
    assert calm.sanity is None
    assert "distribution of tiers: sound" in verdict.explain()


# ── the policy ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"tiers": weights(diamond=7)}, "tiers"),
        ({"tiers": weights(potential=1)}, "tiers"),
        ({"tiers": weights(problem=-1)}, "problem.*weight"),
        ({"tiers": weights(platinum=9)}, "platinum"),
        ({"drop": ["tiers.gold"]}, "tiers"),
        ({"drop": ["tops.top_share"]}, "tops"),
        ({"tops": [{"id": "top_share", "count": 0}]}, "top_share.*count"),
        ({"tops": [{"id": "top_six_share", "count": 6}]}, "top_six_share"),
        ({"strength": [{"id": "offer", "weight": 31}]}, "strength"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    changes: dict[str, object], path: str
) -> None:
    with pytest.raises(PolicyError, match=path):
        own(**changes)


def test_a_class_that_is_weighed_twice_is_refused() -> None:
    shipped = allocation.default_policy()

    with pytest.raises(InvalidValueError, match="diamond"):
        attrs.evolve(shipped, tiers=(*shipped.tiers, shipped.tiers[0]))


def test_the_shipped_policy_has_nothing_to_mend() -> None:
    assert policies.lint(allocation.default_policy()) == ()


Answer = (
    allocation.AllocationVerdict
    | allocation.ConcentrationVerdict
    | allocation.MatrixVerdict
    | allocation.DistributionVerdict
)

VERDICTS: tuple[Answer, ...] = (
    allocation.allocate({"a": ValueTier.GOLD, "b": None}, 9, as_of=TODAY),
    allocation.concentration({"a": Decimal(9), "b": None}, as_of=TODAY),
    allocation.concentration({"a": Decimal(9), "b": Decimal(-1)}, as_of=TODAY),
    allocation.matrix({"sales_potential": Decimal(80)}, Decimal(30), as_of=TODAY),
    allocation.distribution(crowd(diamond=30, open=3), as_of=TODAY),
)


@pytest.mark.parametrize("verdict", VERDICTS, ids=repr)
def test_a_verdict_survives_the_wire_and_a_process(verdict: Answer) -> None:
    written = wire.unstructure(verdict, type(verdict))

    assert wire.structure(written, type(verdict)) == verdict
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes


@pytest.mark.parametrize("verdict", VERDICTS, ids=repr)
@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_a_verdict_explains_itself_in_every_language(
    verdict: Answer, locale: str
) -> None:
    lines = verdict.explain(locale)

    assert lines
    assert not [line for line in lines if "?" in line.rstrip("?") or "=" in line]
