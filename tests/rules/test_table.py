"""Decision tables: the hit policies of DMN, and answers that stay open soundly."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.exceptions import HitPolicyError, NoRowError
from keyaccount.rules import (
    Any,
    Criterion,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    Found,
    HitPolicy,
    Interval,
    Known,
    Linear,
    Row,
    Scorecard,
    collect,
    fact,
    judge,
    lint_table,
)
from keyaccount.rules._conditions import walk
from keyaccount.rules._table import hits
from tests.refusals import refused
from tests.rule_strategies import anchors_of, cases, completions


SINGLE = tuple(hit for hit in HitPolicy if hit.is_single)
MANY = tuple(hit for hit in HitPolicy if not hit.is_single)


# ── The cases of the technology compatibility kit, in our form ───────────────────
# A loan: approved by age, risk category and whether it is affordable. One table per
# hit policy, the rows of which overlap or not as the policy wants.

LOAN = FactSchema(
    (
        Fact.number("age"),
        Fact.choice("risk", ("low", "medium", "high")),
        Fact.yes_no("affordable"),
    )
)
ADULT, MINOR = fact("age") >= 18, fact("age") < 18
SAFE, RISKY = fact("risk").one_of("low", "medium"), fact("risk").one_of("high")
AFFORDABLE = fact("affordable").is_yes()

EXCLUSIVE = (
    Row("yes", ADULT & SAFE & AFFORDABLE, "approved"),
    Row("minor", MINOR & SAFE, "declined"),
    Row("risky", RISKY & AFFORDABLE, "standard"),
    Row("poor", RISKY & ~AFFORDABLE, "declined"),
)
OVERLAPPING = (
    Row("adult", ADULT, "best", adds=5.0),
    Row("risky", RISKY, "standard", adds=-2.0),
    Row("affordable", AFFORDABLE, "best", adds=0.5),
    Row("medium", fact("risk").one_of("medium"), "declined", adds=10.0),
)
ORDER = ("declined", "standard", "best")


def loan(
    rows: tuple[Row, ...], hit: HitPolicy, otherwise: str | None = None
) -> DecisionTable:
    return DecisionTable("loan", LOAN, rows, otherwise, hit, (*ORDER, "approved"))


@pytest.mark.parametrize(
    "age, risk, affordable, outcome",
    [
        (18, "medium", True, "approved"),
        (17, "medium", True, "declined"),
        (18, "high", True, "standard"),
        (18, "high", False, "declined"),
    ],
)
@pytest.mark.parametrize("hit", SINGLE)
def test_rows_that_exclude_each_other_answer_alike_under_every_single_hit_policy(
    *, hit: HitPolicy, age: int, risk: str, affordable: bool, outcome: str
) -> None:
    facts = LOAN.read({"age": age, "risk": risk, "affordable": affordable})

    assert judge(loan(EXCLUSIVE, hit), facts) == (outcome,)


def test_unique_refuses_two_rows_at_once() -> None:
    facts = LOAN.read({"age": 20, "risk": "low", "affordable": True})

    with pytest.raises(HitPolicyError, match="hits adult, affordable at once"):
        judge(loan(OVERLAPPING, HitPolicy.UNIQUE), facts)


def test_any_lets_rows_agree_and_refuses_when_they_do_not() -> None:
    table = loan(OVERLAPPING, HitPolicy.ANY)

    agreed = LOAN.read({"age": 20, "risk": "low", "affordable": True})
    torn = LOAN.read({"age": 20, "risk": "high", "affordable": True})

    assert judge(table, agreed) == ("best",)
    with pytest.raises(HitPolicyError, match="which any forbids"):
        judge(table, torn)


def test_first_takes_the_first_row_and_priority_the_best_outcome() -> None:
    rows = (OVERLAPPING[1], OVERLAPPING[3], OVERLAPPING[0])
    facts = LOAN.read({"age": 20, "risk": "high", "affordable": True})

    assert judge(loan(rows, HitPolicy.FIRST), facts) == ("standard",)
    assert judge(loan(rows, HitPolicy.PRIORITY), facts) == ("best",)


def test_more_than_ten_priorities_are_ordered_as_numbers() -> None:
    outcomes = tuple(f"p{at}" for at in range(12))
    rows = tuple(Row(slug, ADULT, slug) for slug in (outcomes[2], outcomes[10]))
    table = DecisionTable("t", LOAN, rows, None, HitPolicy.PRIORITY, outcomes)

    assert judge(table, LOAN.read({"age": 20})) == ("p10",)


ALL_FIRE = {"age": 20, "risk": "medium", "affordable": True}


@pytest.mark.parametrize(
    "hit, certain, total",
    [
        (HitPolicy.RULE_ORDER, ("best", "best", "declined"), None),
        (HitPolicy.OUTPUT_ORDER, ("best", "best", "declined"), None),
        (HitPolicy.SUM, ("best", "best", "declined"), Interval(15.5, 15.5)),
        (HitPolicy.MIN, ("best", "best", "declined"), Interval(0.5, 0.5)),
        (HitPolicy.MAX, ("best", "best", "declined"), Interval(10.0, 10.0)),
        (HitPolicy.COUNT, ("best", "best", "declined"), Interval(3.0, 3.0)),
    ],
)
def test_many_hits_are_collected(
    hit: HitPolicy, certain: tuple[str, ...], total: Interval | None
) -> None:
    found = collect(loan(OVERLAPPING, hit), LOAN.read(ALL_FIRE))

    assert found == Found(certain, certain, total)


def test_output_order_puts_the_best_outcome_first() -> None:
    rows = (OVERLAPPING[3], OVERLAPPING[1], OVERLAPPING[0])
    facts = LOAN.read({"age": 20, "risk": "high"})

    in_rule_order = collect(loan(rows, HitPolicy.RULE_ORDER), facts)
    in_output_order = collect(loan(rows, HitPolicy.OUTPUT_ORDER), facts)

    assert in_rule_order.certain == ("standard", "best")
    assert in_output_order.certain == ("best", "standard")


@pytest.mark.parametrize(
    "hit, total",
    [
        (HitPolicy.SUM, Interval(-2.0, 15.5)),
        (HitPolicy.COUNT, Interval(0.0, 4.0)),
        (HitPolicy.MIN, Interval(-2.0, 10.0)),
        (HitPolicy.MAX, Interval(-2.0, 10.0)),
        (HitPolicy.RULE_ORDER, None),
    ],
)
def test_what_may_fire_bounds_what_is_collected(
    hit: HitPolicy, total: Interval | None
) -> None:
    found = collect(loan(OVERLAPPING, hit), LOAN.read({}))

    assert found.certain == ()
    assert len(found.possible) == 4
    assert found.total == total


def test_a_sure_row_bounds_the_least_and_the_greatest() -> None:
    facts = LOAN.read({"age": 20})

    assert collect(loan(OVERLAPPING, HitPolicy.MIN), facts).total == Interval(-2.0, 5.0)
    assert collect(loan(OVERLAPPING, HitPolicy.MAX), facts).total == Interval(5.0, 10.0)


@pytest.mark.parametrize(
    "hit, total",
    [
        (HitPolicy.SUM, Interval(0.0, 0.0)),
        (HitPolicy.COUNT, Interval(0.0, 0.0)),
        (HitPolicy.MIN, None),
        (HitPolicy.MAX, None),
    ],
)
def test_where_no_row_fires_there_is_no_least(
    hit: HitPolicy, total: Interval | None
) -> None:
    facts = LOAN.read({"age": 2, "risk": "low", "affordable": False})

    assert collect(loan(OVERLAPPING, hit), facts) == Found((), (), total)


# ── Open answers ─────────────────────────────────────────────────────────────────


def test_an_unknown_fact_leaves_what_may_fire_up_to_the_first_that_must() -> None:
    rows = (
        Row("risky", RISKY, "declined"),
        Row("adult", ADULT, "best"),
        Row("affordable", AFFORDABLE, "standard"),
    )
    table = loan(rows, HitPolicy.FIRST, otherwise="declined")

    assert judge(table, LOAN.read({"age": 20})) == ("declined", "best")
    assert judge(table, LOAN.read({"age": 2})) == ("declined", "standard")
    assert judge(table, LOAN.read({"age": 20, "risk": "low"})) == ("best",)
    assert judge(table, LOAN.read({"age": 2, "affordable": False})) == ("declined",)


def test_rows_that_agree_settle_an_open_table() -> None:
    rows = (Row("risky", RISKY, "declined"), Row("poor", ~AFFORDABLE, "declined"))
    table = loan(rows, HitPolicy.FIRST, otherwise="declined")

    assert judge(table, LOAN.read({})) == ("declined",)


def test_no_row_and_no_otherwise_is_an_error_that_says_so() -> None:
    table = loan(EXCLUSIVE, HitPolicy.FIRST)
    facts = LOAN.read({"age": 20, "risk": "low", "affordable": False})

    with pytest.raises(NoRowError, match="add a row or an otherwise"):
        judge(table, facts)
    with pytest.raises(NoRowError):
        judge(attrs.evolve(table, hit=HitPolicy.UNIQUE), facts)


@given(case=cases(hits=SINGLE), data=st.data())
def test_every_completion_has_one_of_the_possible_outcomes(
    case: tuple[DecisionTable, Facts], data: st.DataObject
) -> None:
    table, facts = case
    told = data.draw(completions(facts, anchors_of(table)))
    if any(isinstance(part, Known) for row in table.rows for part in walk(row.when)):
        return  # telling a fact makes it known: that is another question
    try:
        after = judge(table, told)
    except (HitPolicyError, NoRowError):
        return  # such a table has a gap or an overlap: hygiene finds it
    before = judge(table, facts)

    assert len(after) == 1
    assert set(after) <= set(before)
    assert list(before) == [slug for slug in table.outcomes if slug in before]


@given(case=cases(hits=MANY), data=st.data())
def test_every_completion_collects_within_the_bounds(
    case: tuple[DecisionTable, Facts], data: st.DataObject
) -> None:
    table, facts = case
    told = data.draw(completions(facts, anchors_of(table)))
    if any(isinstance(part, Known) for row in table.rows for part in walk(row.when)):
        return
    before, after = collect(table, facts), collect(table, told)

    assert after.certain == after.possible
    assert set(before.certain) <= set(after.certain) <= set(before.possible)
    if after.total is not None:
        assert before.total is not None
        assert before.total.low <= after.total.low == after.total.high
        assert after.total.high <= before.total.high


@given(case=cases(unknown=False))
def test_where_all_is_known_must_and_may_are_the_same(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case

    found = hits(table, facts)

    assert found.must == found.may
    assert all(low == high for low, high in found.folds)


# ── What is no table ─────────────────────────────────────────────────────────────


def test_a_table_of_one_kind_is_not_asked_like_the_other() -> None:
    facts = LOAN.read(ALL_FIRE)

    one = refused(collect, loan(OVERLAPPING, HitPolicy.FIRST), facts)
    many = refused(judge, loan(OVERLAPPING, HitPolicy.SUM), facts)

    assert one == many == (("$.hit", "contradiction"),)


def test_outcomes_left_out_are_those_of_the_rows_the_last_lowest() -> None:
    table = DecisionTable("t", LOAN, OVERLAPPING, "none")

    assert table.outcomes == ("none", "declined", "best", "standard")
    assert DecisionTable("t", LOAN, OVERLAPPING[:1]).outcomes == ("best",)


def test_a_table_knows_the_facts_that_it_asks_for() -> None:
    rows = (Row("a", ~(RISKY & Known("age")), "best"),)

    assert DecisionTable("t", LOAN, rows).asks == ("age", "risk")


BASE = {"name": "t", "about": LOAN, "rows": OVERLAPPING, "outcomes": ORDER}


@pytest.mark.parametrize(
    "change, found",
    [
        ({"rows": ()}, ("$.rows", "empty")),
        ({"rows": OVERLAPPING * 300}, ("$.rows", "too-large")),
        ({"rows": (Row("a", Any((ADULT,) * 5001), "best"),)}, ("$.rows", "too-large")),
        ({"rows": OVERLAPPING[:1] * 2}, ("$.rows", "duplicate")),
        ({"outcomes": ("best", "standard")}, ("$.rows[3].then", "unknown-choice")),
        ({"outcomes": (*ORDER, "best")}, ("$.outcomes", "duplicate")),
        ({"otherwise": "none"}, ("$.otherwise", "unknown-choice")),
        ({"hit": "first"}, ("$.hit", "unknown-choice")),
        ({"rows": (Row("a", False, "best"),)}, ("$.rows[0].when", "wrong-type")),  # type: ignore[arg-type]  # under test
        (
            {"rows": (Row("a", ADULT, "best", adds=float("nan")),)},
            ("$.rows[0].adds", "not-finite"),
        ),
        (
            {"rows": (Row("a", fact("ages") >= 3, "best"),)},
            ("$.rows[0].when", "unknown-fact"),
        ),
    ],
)
@pytest.mark.hostile
def test_a_table_that_makes_no_sense_is_refused(
    change: dict[str, object], found: tuple[str, str]
) -> None:
    assert found in refused(DecisionTable, **{**BASE, **change})


def test_a_score_has_a_name_of_its_own_and_the_table_s_facts() -> None:
    lines = (Criterion("age", "age", 100, Linear(0, 100)),)
    other = FactSchema((Fact.number("age"),))
    cards = (
        Scorecard("risk", LOAN, lines),
        Scorecard("twice", LOAN, lines),
        Scorecard("twice", other, lines),
    )

    assert refused(DecisionTable, "t", LOAN, OVERLAPPING, scorecards=cards) == (
        ("$.scorecards[0].name", "duplicate"),
        ("$.scorecards[2].name", "duplicate"),
        ("$.scorecards[2].about", "contradiction"),
    )


@pytest.mark.hostile
def test_five_hundred_rows_are_checked_in_time() -> None:
    rows = tuple(Row(f"r{at}", fact("age") >= at, "best") for at in range(500, 0, -1))

    found = lint_table(DecisionTable("t", LOAN, rows, "best", HitPolicy.FIRST))

    assert [problem.code for problem in found] == ["dead-column"]
