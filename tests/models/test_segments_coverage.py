"""What a segmentation lacks: value, the top customers, policies, plans."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import wire, wording
from keyaccount.domain import ValueTier
from keyaccount.models import segments
from keyaccount.models.segments import Ladder, Penetration
from keyaccount.rules import Interval, Verdict
from keyaccount.tri import Tri
from tests.refusals import refused


T = TypeVar("T")


def said(verdict: Verdict[T]) -> None:
    """Whatever a verdict says, it says in all languages, with nothing left open."""
    for locale in wording.LOCALES:
        lines = verdict.explain(locale)
        assert lines
        assert not [line for line in lines if "{" in line or "=" in line.split("≥")[0]]


# ── the dimension of value (S3-2) ───────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [
        "value",
        "Customer value",
        "PROFIT",
        "net-margin",
        "贡献价值",
        "客戶利潤",
        "ｖａｌｕｅ",
        "annualProfit",
        "Sales per sales region",
        "年營收",
    ],
)
def test_a_dimension_of_value_is_known_by_its_words(name: str) -> None:
    found = segments.diagnose(["region", name])

    assert found.value is Tri.YES
    assert found.of_value == (name,)
    assert found.flags == ()


@pytest.mark.parametrize(
    "name",
    ["Sales Region", "salesChannel", "non-profit", "profit_centre", "价值链环节"],
)
def test_a_sales_region_is_geography_and_no_sales(name: str) -> None:  # S3-2
    assert segments.diagnose([name]).value is Tri.NO


@pytest.mark.parametrize("name", ["invaluable", "volume", "salesperson", "行业", ""])
def test_a_word_within_a_word_is_no_dimension_of_value(name: str) -> None:
    assert segments.diagnose([name]).flags == ("no-value-dimension",)


def test_no_dimension_at_all_is_no_dimension_of_value() -> None:
    assert segments.diagnose([]).value is Tri.NO


def test_nobody_telling_the_dimensions_is_not_a_lack_of_them() -> None:
    found = segments.diagnose(None)

    assert found.value is None
    assert found.possible == (Tri.NO, Tri.YES)
    assert found.flags == ()
    assert found.explain() == (
        "nobody has told by what customers are grouped",
        "By what are customers grouped, and does it tell what they contribute?",
    )


@given(st.lists(st.sampled_from(["industry", "size", "profit", "规模"]), max_size=4))
def test_more_dimensions_never_take_the_value_away(names: list[str]) -> None:
    found = segments.diagnose(names)

    assert found.value is Tri.of("profit" in names)
    assert segments.diagnose([*names, "value"]).value is Tri.YES
    said(found)


def test_what_is_no_name_is_refused() -> None:
    assert refused(segments.diagnose, "value") == (("$.dimensions", "wrong-type"),)
    assert refused(segments.diagnose, 5) == (("$.dimensions", "wrong-type"),)
    assert refused(segments.diagnose, [5]) == (("$.dimensions[0]", "wrong-type"),)


# ── the ladder (S3-3) ───────────────────────────────────────────────────────────


RANKING = ["Aster", "Birch", "Cedar", "Dahlia", "Elm", "Fir", "Ginkgo", "Hazel"]


def among(customers: Iterable[str] | None, ranking: list[str], n: int) -> Penetration:
    """Look for ours among the top of an industry that concentrates."""
    before, after = Interval(0.4, 0.4), Interval(0.5, 0.5)
    return segments.top_n_penetration(
        customers, ranking, n=n, before=before, after=after
    )


@given(st.sets(st.sampled_from(RANKING)), st.integers(1, 8))
def test_penetration_counts_ours_among_the_largest(ours: set[str], n: int) -> None:
    found = among(sorted(ours), RANKING, n)
    turned = among([name.upper() for name in sorted(ours, reverse=True)], RANKING, n)

    assert found == turned
    assert found.count + len(found.absent) == found.of == n
    assert found.share.is_exact
    assert (found.value is Ladder.STALLED) is (4 * found.count < n)
    said(found)


@given(st.sets(st.sampled_from(RANKING)), st.integers(1, 8), st.integers(0, 8))
def test_names_that_the_ranking_lacks_may_be_ours(
    ours: set[str], n: int, known: int
) -> None:
    whole = among(ours, RANKING, n)
    part = among(ours, RANKING[: known or 1], n)

    assert whole.share.low in part.share
    assert whole.value in part.possible
    assert ("short-ranking" in part.flags) is ((known or 1) < n)
    untold = among(None, RANKING, n)
    assert untold.share == Interval(0.0, 1.0)
    assert whole.value in untold.possible
    said(part)


def test_whether_an_industry_concentrates_may_not_be_known() -> None:
    tenth = Interval(0.1, 0.1)

    def rising(before: Interval | None, after: Interval | None) -> Tri:
        return segments.top_n_penetration(
            [], RANKING, n=4, before=before, after=after
        ).rising

    assert rising(None, tenth) is Tri.UNKNOWN
    assert rising(tenth, None) is Tri.UNKNOWN
    assert rising(tenth, tenth) is Tri.NO
    assert rising(tenth, Interval(0.11, 0.2)) is Tri.YES
    assert rising(tenth, Interval(0.1, 0.2)) is Tri.UNKNOWN


def test_a_low_penetration_alone_is_no_stall_and_no_climb_without_the_trend() -> None:
    found = segments.top_n_penetration([], RANKING, n=4)

    assert found.value is None
    assert found.possible == tuple(Ladder)
    assert [gap.fact for gap in found.missing] == ["concentration_rising"]
    enough = segments.top_n_penetration(["Aster"], RANKING, n=4)
    assert enough.value is Ladder.CLIMBING  # exactly a quarter is not below it


def test_where_nobody_told_who_is_ours_that_is_the_question() -> None:
    found = segments.top_n_penetration(None, RANKING, n=8)

    assert {gap.fact for gap in found.missing} == {
        "our_customers",
        "concentration_rising",
    }
    assert "· 0…8 of 8 ·" in repr(found)  # not known is not none
    assert found.absent == ()


def test_names_match_whatever_one_cannot_see_in_them() -> None:
    found = segments.top_n_penetration(
        ["\ufeffACME\u00a0 Ltd\u200b"], ["Acme Ltd"], n=1
    )

    assert found.count == 1


@given(st.integers(1, 400), st.integers(0, 3))
def test_a_long_top_answers_as_if_every_count_were_tried(n: int, held: int) -> None:
    ours, ranking = RANKING[:held], RANKING[:4]

    found = among(ours, ranking, n)

    least = min(held, n)
    most = least + max(0, n - len(ranking))
    tried = {4 * count < n for count in range(least, most + 1)}
    assert {one is Ladder.STALLED for one in found.possible} == tried


def test_a_share_that_is_open_but_large_enough_is_told_as_such() -> None:
    lines = among(["Aster"], RANKING[:2], 3).explain()

    assert lines[:2] == (
        "the climb goes on",
        "  of the industry's top 3 customers, 1 to 2 are ours",
    )
    assert not [line for line in lines if "not known" in line]
    open_ = among(["Aster"], RANKING[:2], 8).explain()
    assert [line for line in open_ if "not known yet" in line]


def test_a_top_of_any_length_is_answered_at_once() -> None:
    found = among([], RANKING, 10**12)

    assert found.possible == tuple(Ladder)
    assert refused(segments.top_n_penetration, [], ["a"], n=10**400) == (
        ("$.n", "not-finite"),
    )


def test_a_concentration_is_told_with_its_bounds() -> None:
    assert refused(
        segments.top_n_penetration, [], ["a"], before=0.4, after=Decimal("0.5")
    ) == (("$.before", "wrong-type"), ("$.after", "wrong-type"))


def test_a_ranking_must_be_one() -> None:
    top = segments.top_n_penetration

    assert refused(top, [], []) == (("$.ranking", "empty"),)
    assert refused(top, [], ["a", "b", " A"]) == (("$.ranking[2]", "duplicate"),)
    assert refused(top, "ab", ["a"]) == (("$.customers", "wrong-type"),)
    assert refused(top, 5, ["a"]) == (("$.customers", "wrong-type"),)
    assert refused(top, [], ["a", " \u200b"]) == (("$.ranking[1]", "empty"),)
    assert refused(top, [], [5]) == (("$.ranking[0]", "wrong-type"),)
    assert refused(top, [], ["a"], n=0) == (("$.n", "out-of-range"),)
    assert refused(top, [], ["a"], n=True) == (("$.n", "wrong-type"),)


# ── concentration (CRn) ─────────────────────────────────────────────────────────


amounts = st.lists(st.integers(0, 50), min_size=1, max_size=7).filter(any)


@given(amounts, st.integers(1, 8))
def test_concentration_is_the_share_of_the_largest(listed: list[int], n: int) -> None:
    found = segments.concentration_ratio(listed, n=n)

    assert found.is_exact
    assert found.low == sum(sorted(listed)[-n:]) / sum(listed)
    assert segments.concentration_ratio(sorted(listed), n=n) == found
    assert found.low <= segments.concentration_ratio(listed, n=n + 1).low


@settings(max_examples=400)
@given(amounts, st.integers(1, 8), st.sets(st.integers(0, 6), min_size=1))
def test_whatever_the_unknown_amounts_are_the_concentration_allows_for_it(
    listed: list[int], n: int, hidden: set[int]
) -> None:
    told = [None if at in hidden else amount for at, amount in enumerate(listed)]

    found = segments.concentration_ratio(told, n=n)

    assert segments.concentration_ratio(listed, n=n).low in found


def test_unknown_amounts_as_large_as_the_last_of_the_top_press_the_share_down() -> None:
    assert segments.concentration_ratio([60, 20, 10, None], n=2) == Interval(
        80 / 110, 1.0
    )
    assert segments.concentration_ratio([60, None, None], n=2) == Interval(2 / 3, 1.0)
    assert segments.concentration_ratio([0, None, None], n=1) == Interval(1 / 2, 1.0)
    assert segments.concentration_ratio([5, None]) == Interval(1.0, 1.0)


def test_unknown_amounts_in_the_top_may_press_its_share_down() -> None:
    # 2 and 2 make it 17 / 20, 5 and 5 make it 20 / 26: neither leaves the top as it was
    found = segments.concentration_ratio([10, 5, 1, None, None], n=3)

    assert found == Interval(20 / 26, 1.0)
    assert segments.concentration_ratio([10, 5, 1, 2, 2], n=3).low in found


@given(
    st.lists(st.sampled_from([0, 1, 2, 5, 9]), max_size=4).filter(any),
    st.integers(1, 3),
    st.integers(1, 4),
)
def test_the_bound_of_a_concentration_is_reached(
    known: list[int], hidden: int, n: int
) -> None:
    found = segments.concentration_ratio([*known, *[None] * hidden], n=n)

    tried = [
        segments.concentration_ratio([*known, *[amount] * hidden], n=n).low
        for amount in (*known, 10**20)
    ]
    assert found.low == pytest.approx(min(tried))


def test_amounts_must_add_up_to_something() -> None:
    ratio = segments.concentration_ratio

    assert refused(ratio, 5) == (("$.amounts", "wrong-type"),)
    assert refused(ratio, []) == (("$.amounts", "empty"),)
    assert refused(ratio, [0, 0]) == (("$.amounts", "sum"),)
    assert refused(ratio, [True, 0.5, -1, Decimal("NaN")]) == (
        ("$.amounts[0]", "wrong-type"),
        ("$.amounts[1]", "wrong-type"),
        ("$.amounts[2]", "out-of-range"),
        ("$.amounts[3]", "not-finite"),
    )


def test_amounts_of_any_size_have_a_share() -> None:
    ratio = segments.concentration_ratio

    for size in ("1e-9999999", "1e-400", "1e308"):
        assert ratio([Decimal(size)] * 2, n=1) == Interval(0.5, 0.5)
    assert refused(ratio, [Decimal("1e400"), 10**400]) == (
        ("$.amounts[0]", "not-finite"),
        ("$.amounts[1]", "not-finite"),
    )


# ── policies and plans (S3-4) ───────────────────────────────────────────────────


tiers = st.dictionaries(
    st.sampled_from("abcdef"), st.none() | st.sampled_from(ValueTier), max_size=6
)
plans = st.none() | st.sets(st.sampled_from("abcdef"))
covered = st.none() | st.sets(st.sampled_from(ValueTier))
PLANNED = {ValueTier.DIAMOND, ValueTier.GOLD, ValueTier.STRATEGIC, ValueTier.POTENTIAL}


@given(tiers, plans, covered)
def test_who_lacks_a_plan_or_a_policy_is_named(
    held: dict[str, ValueTier | None],
    planned: set[str] | None,
    policies: set[ValueTier] | None,
) -> None:
    found = segments.coverage(held, plans=planned, class_policies=policies)

    need = {name for name, tier in held.items() if tier in PLANNED}
    known = {
        name
        for name, tier in held.items()
        if tier not in {None, ValueTier.UNCLASSIFIED}
    }
    if planned is None:
        assert found.customers == ()
        assert set(found.unsure) == need | (held.keys() - known)
    else:
        assert set(found.customers) == need - planned
        assert set(found.unsure) == held.keys() - known - planned
    lacking = set(ValueTier) - {ValueTier.UNCLASSIFIED} - (policies or set())
    assert set(found.classes) == (set() if policies is None else lacking)
    assert (found.value is Tri.NO) is bool(found.classes or found.customers)
    is_open = policies is None or bool(found.unsure)
    assert (found.value is Tri.YES) is not (is_open or found.value is Tri.NO)
    said(found)


@given(tiers, plans, covered)
def test_telling_more_never_contradicts_what_was_said(
    held: dict[str, ValueTier | None],
    planned: set[str] | None,
    policies: set[ValueTier] | None,
) -> None:
    before = segments.coverage(held, plans=planned, class_policies=policies)
    after = segments.coverage(
        {name: tier or ValueTier.GENERAL for name, tier in held.items()},
        plans=planned or [],
        class_policies=list(ValueTier) if policies is None else policies,
    )

    assert set(before.customers) <= set(after.customers)
    assert set(before.classes) <= set(after.classes)


def test_nobody_telling_of_plans_or_policies_is_asked_for() -> None:
    found = segments.coverage({"a": ValueTier.GOLD, "b": None})

    assert found.value is None
    assert [gap.fact for gap in found.missing] == ["class_policies", "account_plans"]
    lines = found.explain()
    assert lines[0] == "nothing is known to be missing, but not everything is known"
    assert "  nobody has told which classes have a policy" in lines
    assert "  whether an account plan is missing is not known: a" in lines
    assert "<CoverageVerdict no or yes · 2 customers unsure ·" in repr(found)
    unsure = segments.coverage({"b": None}, plans=[], class_policies=list(ValueTier))
    assert [gap.fact for gap in unsure.missing] == ["customer_tiers"]


def test_where_all_is_covered_that_is_said() -> None:
    found = segments.coverage(
        {"a": ValueTier.GOLD, "b": ValueTier.GENERAL},
        plans=["a"],
        class_policies=list(ValueTier),
    )

    assert found.value is Tri.YES
    assert found.missing == ()
    assert found.explain("zh-Hans") == ("各类别均有政策，应有计划的客户均有计划",)
    assert repr(found) == "<CoverageVerdict yes>"


def test_tiers_and_plans_must_be_told_as_such() -> None:
    assert refused(segments.coverage, [], plans="acme", class_policies=["gold"]) == (
        ("$.tiers", "wrong-type"),
        ("$.plans", "wrong-type"),
        ("$.class_policies[0]", "wrong-type"),
    )
    assert refused(segments.coverage, {1: "gold"}, plans=5) == (
        ("$.tiers", "wrong-type"),
        ("$.tiers[1]", "wrong-type"),
        ("$.plans", "wrong-type"),
    )


@given(tiers, plans, covered)
def test_verdicts_survive_the_wire(
    held: dict[str, ValueTier | None],
    planned: set[str] | None,
    policies: set[ValueTier] | None,
) -> None:
    verdicts = (
        segments.coverage(held, plans=planned, class_policies=policies),
        segments.diagnose(sorted(held)),
        among(planned, RANKING, 3),
        segments.achievable(len(held), 3),
    )

    for verdict in verdicts:
        assert wire.structure(wire.unstructure(verdict), type(verdict)) == verdict
        assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
