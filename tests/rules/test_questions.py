"""Questions: the one whose answer narrows the verdict furthest stands first."""

from __future__ import annotations

import attrs
from hypothesis import given

from keyaccount.exceptions import HitPolicyError, NoRowError
from keyaccount.rules import (
    Criterion,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    HitPolicy,
    Linear,
    Missing,
    Row,
    Scorecard,
    ask_first,
    fact,
    judge,
    narrowing,
)
from keyaccount.rules._cells import representatives
from tests.rule_strategies import Plateau, cases


ABOUT = FactSchema(
    (
        Fact.number("influence", low=0.0, high=100.0),
        Fact.number("margin"),
        Fact.choice("timing", ("pre", "doc", "post")),
        Fact.yes_no("dispute"),
        Fact.number("unasked"),
    )
)
CARD = Scorecard(
    "composite",
    ABOUT,
    (
        Criterion("influence", "influence", 20, Linear(0, 100)),
        Criterion("margin", "margin", 80, Linear(0, 0.4)),
    ),
)
TABLE = DecisionTable(
    "t",
    ABOUT,
    (
        Row("late", fact("dispute").is_yes() & fact("timing").one_of("post"), "low"),
        Row("thick", fact("composite") >= 60, "high"),
    ),
    "middle",
    outcomes=("low", "middle", "high"),
    scorecards=(CARD,),
)


def names(table: DecisionTable, facts: Facts) -> list[str]:
    return [gap.fact for gap in ask_first((table,), facts)]


def test_the_heavier_criterion_is_asked_for_first() -> None:
    facts = ABOUT.read({"dispute": False, "timing": "pre"})

    assert names(TABLE, facts) == ["margin", "influence"]


def test_a_fact_that_settles_stands_before_one_that_does_not() -> None:
    facts = ABOUT.read({"margin": 0.4})  # whatever the influence, the score is 80

    assert names(TABLE, facts) == ["timing", "dispute", "influence"]


def test_a_missing_fact_carries_its_question() -> None:
    facts = ABOUT.read({"margin": 0.4, "timing": "pre", "dispute": False})

    assert ask_first((TABLE,), facts) == (Missing("influence", "influence"),)


def test_nothing_is_asked_that_no_rule_asks_for() -> None:
    everything = {"margin": 0.4, "timing": "pre", "dispute": False, "influence": 9}

    assert ask_first((TABLE,), ABOUT.read(everything)) == ()


def test_equals_keep_the_declared_order() -> None:
    rows = (Row("x", fact("dispute").is_yes() & fact("timing").one_of("pre"), "x"),)
    table = DecisionTable("t", ABOUT, rows, "x")

    assert names(table, ABOUT.read({})) == ["timing", "dispute"]


def test_of_equals_the_one_that_narrows_the_score_comes_first() -> None:
    settled = attrs.evolve(TABLE, rows=TABLE.rows[1:], otherwise="high")

    assert names(settled, ABOUT.read({})) == ["margin", "influence"]


def test_several_tables_are_asked_together() -> None:
    other = DecisionTable("u", ABOUT, (Row("u", fact("unasked") > 3, "u"),), "v")
    facts = ABOUT.read({"margin": 0.4, "timing": "pre", "influence": 9})

    found = ask_first((TABLE, other), facts)

    assert {gap.fact for gap in found} == {"dispute", "unasked"}
    assert found[0].fact == "unasked"


def test_many_hits_count_the_rows_that_are_open() -> None:
    rows = (
        Row("a", fact("dispute").is_yes(), "a"),
        Row("b", ~fact("dispute").is_yes() & fact("timing").one_of("pre"), "b"),
        Row("c", fact("dispute").is_yes() & (fact("margin") > 0), "c"),
    )
    table = DecisionTable("m", ABOUT, rows, None, HitPolicy.RULE_ORDER)

    assert names(table, ABOUT.read({}))[0] == "dispute"


def test_a_table_that_refuses_counts_as_one_answer() -> None:
    thick, early = fact("margin") >= 3, fact("timing").one_of("pre")
    gappy = DecisionTable("g", ABOUT, (Row("a", thick & early, "a"),), None)
    rows = (Row("a", thick, "a"), Row("b", fact("margin") >= 2, "b"))
    torn = DecisionTable(
        "o", ABOUT, (*rows, Row("c", early, "c")), None, HitPolicy.UNIQUE
    )

    assert set(names(gappy, ABOUT.read({}))) == {"margin", "timing"}
    assert names(torn, ABOUT.read({})) == ["margin", "timing"]


def test_a_faster_judge_may_be_passed() -> None:
    asked: list[Facts] = []

    def spy(table: DecisionTable, facts: Facts) -> tuple[str, ...]:
        asked.append(facts)
        return judge(table, facts)

    facts = ABOUT.read({})

    assert ask_first((TABLE,), facts, spy) == ask_first((TABLE,), facts)
    assert asked


def test_one_unknown_fact_needs_no_judging() -> None:
    def never(table: DecisionTable, facts: Facts) -> tuple[str, ...]:
        raise AssertionError(table, facts)

    facts = ABOUT.read({"margin": 0.4, "timing": "pre", "influence": 9})

    assert ask_first((TABLE,), facts, never)[0].fact == "dispute"


def test_any_count_can_be_narrowed() -> None:
    facts = ABOUT.read({})
    values = representatives(TABLE)

    left = narrowing(lambda told: len(told.unknown), facts, ("margin",), values)
    ranked = narrowing(
        lambda told: 1.0 if told["dispute"] is not None else 2.0,
        facts,
        ("margin", "dispute", "influence"),
        values,
    )

    assert left == {"margin": 4.0}
    assert list(ranked.items()) == [
        ("dispute", 1.0),
        ("margin", 2.0),
        ("influence", 2.0),
    ]


def test_the_anchors_of_a_curve_stand_for_its_fact() -> None:
    values = representatives(TABLE)

    assert values["margin"] == (-1.0, 0.0, 0.2, 0.4, 1.4)
    assert values["influence"] == (0.0, 50.0, 100.0)
    assert values["timing"] == ("pre", "doc", "post")
    assert "unasked" not in values
    odd = Criterion("odd", "margin", 100, Plateau(3.0))
    card = attrs.evolve(CARD, criteria=(odd,))
    assert representatives(attrs.evolve(TABLE, scorecards=(card,)))["margin"] == (0.0,)


@given(case=cases())
def test_every_unknown_fact_is_asked_for_once(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case

    found = ask_first((table,), facts)

    asked = {gap.fact for gap in found}
    assert asked == set(facts.unknown) & set(table.asks)
    assert len(asked) == len(found)


@given(case=cases(hits=(HitPolicy.FIRST,)))
def test_a_fact_that_settles_everything_stands_first(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case
    values = representatives(table)
    asked = [name for name in facts.unknown if name in table.asks]

    def left(told: Facts) -> int:
        try:
            return len(judge(table, told))
        except (HitPolicyError, NoRowError):
            return 1

    counts = narrowing(left, facts, asked, values)
    order = [gap.fact for gap in ask_first((table,), facts)]
    if len(order) > 1:
        assert counts[order[0]] == min(counts.values())
        assert [counts[name] for name in order] == sorted(counts.values())
