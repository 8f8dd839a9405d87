"""Tables and cards from a file: all mistakes at once, hygiene included."""

from __future__ import annotations

import attrs
import pytest

from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Condition,
    Criterion,
    Fact,
    FactSchema,
    HitPolicy,
    Linear,
    Row,
    Scorecard,
    check_ids,
    checked_scorecard,
    checked_table,
    fact,
)


ABOUT = FactSchema(
    (
        Fact.number("gross_margin"),
        Fact.number("growth_ratio"),
        Fact.choice("timing", ("pre", "doc", "post")),
    )
)
MARGIN = fact("gross_margin")
CRITERIA = (
    Criterion("margin", "gross_margin", 60, Linear(0.0, 0.4), better="higher"),
    Criterion("growth", "growth_ratio", 40, Linear(0.8, 1.3)),
)


def rows(*conditions: Condition) -> tuple[Row, ...]:
    return tuple(Row(f"r{at}", when, f"o{at}") for at, when in enumerate(conditions))


def found(problems: Problems) -> list[tuple[str, str]]:
    assert all(str(problem) for problem in problems.all())
    return [(problem.path, problem.code) for problem in problems.all()]


def test_a_sound_table_is_built_and_nothing_is_noted() -> None:
    problems = Problems()

    card = checked_scorecard(problems, name="composite", about=ABOUT, criteria=CRITERIA)
    assert card is not None
    table = checked_table(
        problems,
        name="t",
        about=ABOUT,
        rows=rows(MARGIN >= 0.3, fact("composite") >= 60),
        otherwise="none",
        outcomes=("none", "o1", "o0"),
        scorecards=(card,),
    )

    assert table is not None
    assert table.outcomes == ("none", "o1", "o0")
    assert found(problems) == []


def test_a_gap_an_unreachable_row_weights_of_99_and_a_misspelt_fact() -> None:
    """All four are told in one reading, and the score is still known by its name."""
    problems = Problems()
    light = (CRITERIA[0], attrs.evolve(CRITERIA[1], weight=39))
    conditions = (
        fact("gros_margin") >= 0.3,
        MARGIN >= 0.5,
        fact("composite") >= 60,
        MARGIN < 0.2,
    )

    card = checked_scorecard(problems, name="composite", about=ABOUT, criteria=light)
    table = checked_table(
        problems,
        name="t",
        about=ABOUT,
        rows=rows(*conditions),
        scores=("composite",),
    )

    assert card is None
    assert table is None
    assert found(problems) == [
        ("$.criteria", "sum"),
        ("$.rows[0].when", "unknown-fact"),
        ("$.rows[1]", "unreachable-row"),
        ("$.rows", "gap"),
    ]


def test_a_score_alone_unknown_leaves_no_problem_but_the_card_s_own() -> None:
    problems = Problems()

    table = checked_table(
        problems,
        name="t",
        about=ABOUT,
        rows=rows(fact("composite") >= 60),
        otherwise="none",
        scores=("composite",),
    )

    assert table is None
    assert found(problems) == []


def test_paths_are_those_of_the_document() -> None:
    problems = Problems()

    checked_scorecard(
        problems,
        "outlook_criteria",
        name="outlook",
        about=ABOUT,
        criteria=(attrs.evolve(CRITERIA[0], weight=100, better="lower"),),
    )
    for path in ("need_rows", "$.trust_rows", ""):
        checked_table(
            problems,
            path,
            name="t",
            about=ABOUT,
            rows=rows(MARGIN >= 0.3, MARGIN >= 0.5),
            otherwise="none",
        )

    assert found(problems) == [
        ("$.outlook_criteria[0].scorer", "not-monotone"),
        ("$.need_rows[1]", "unreachable-row"),
        ("$.trust_rows[1]", "unreachable-row"),
        ("$.rows[1]", "unreachable-row"),
    ]


def test_what_stands_beside_the_rows_keeps_its_path() -> None:
    problems = Problems()

    checked_table(
        problems,
        "need_rows",
        name="t",
        about=ABOUT,
        rows=rows(MARGIN >= 0.3),
        otherwise="none",
        outcomes=("o0",),
    )

    assert found(problems) == [("$.otherwise", "unknown-choice")]


@pytest.mark.parametrize(
    "condition",
    [
        fact("gros_margin") >= 0.3,
        ~(fact("gros_margin") < 0.3),
        (fact("gros_margin") >= 0.3) & fact("timin").one_of("pre", "dooc", "post"),
        (fact("gros_margin") >= 0.3) | (fact("growth_rtio") >= 2) & (MARGIN > 1),
    ],
)
def test_a_misspelt_name_is_read_as_the_one_that_was_meant(
    condition: Condition,
) -> None:
    problems = Problems()

    checked_table(
        problems,
        name="t",
        about=ABOUT,
        rows=rows(condition, MARGIN < 0.1, MARGIN < 0.05),
        otherwise="none",
    )

    hygiene = [pair for pair in found(problems) if pair[1].startswith("unre")]
    assert hygiene == [("$.rows[2]", "unreachable-row")]


@pytest.mark.parametrize(
    "condition",
    [
        fact("weather") >= 3,
        fact("timing").one_of("zzz"),
        fact("timing") >= 3,
        float("inf") <= MARGIN,
        fact("gros_margin").one_of("pre"),
        fact("tming").one_of("zzz"),
        False,
    ],
)
def test_a_row_that_makes_no_sense_is_left_out_of_the_rest(
    condition: Condition,
) -> None:
    problems = Problems()

    table = checked_table(
        problems,
        name="t",
        about=ABOUT,
        rows=rows(condition, MARGIN < 0.1, MARGIN < 0.05),
        hit=HitPolicy.FIRST,
    )

    assert table is None
    codes = found(problems)
    assert codes[0][0] == "$.rows[0].when"
    assert codes[1:] == [("$.rows[2]", "unreachable-row"), ("$.rows", "gap")]


def test_a_table_without_any_sound_row_is_not_looked_at() -> None:
    problems = Problems()

    checked_table(problems, name="t", about=ABOUT, rows=())

    assert found(problems) == [("$.rows", "empty")]


def test_the_sound_lines_of_a_broken_card_are_looked_at() -> None:
    problems = Problems()
    broken = (
        attrs.evolve(CRITERIA[0], better="lower"),
        attrs.evolve(CRITERIA[1], fact="growth"),
    )

    checked_scorecard(problems, name="c", about=ABOUT, criteria=broken)

    assert found(problems) == [
        ("$.criteria[1].fact", "unknown-fact"),
        ("$.criteria[0].scorer", "not-monotone"),
    ]


def test_many_hits_are_looked_at_even_if_an_outcome_is_unheard_of() -> None:
    problems = Problems()

    checked_table(
        problems,
        name="t",
        about=ABOUT,
        rows=rows(MARGIN >= 0.3, (MARGIN >= 0.3) & (MARGIN < 0.3)),
        hit=HitPolicy.COUNT,
        outcomes=("o1",),
    )

    assert found(problems) == [
        ("$.rows[0].then", "unknown-choice"),
        ("$.rows[1]", "impossible-row"),
    ]


def test_caps_are_checked_as_well() -> None:
    problems = Problems()
    grouped = tuple(attrs.evolve(c, group="money") for c in CRITERIA)

    card = checked_scorecard(
        problems, name="c", about=ABOUT, criteria=grouped, caps=(("money", 100),)
    )

    assert card == Scorecard("c", ABOUT, grouped, (("money", 100),))


def test_ids_stand_once_and_are_among_those_offered() -> None:
    problems = Problems()

    check_ids(problems, "rows", ["a", "b", "a"])
    check_ids(problems, "steps", ["a", "c", "c"], ("a", "b"))

    assert [(one.path, one.code) for one in problems.all()] == [
        ("$.rows[2].id", "duplicate"),
        ("$.steps[1].id", "unknown-choice"),
        ("$.steps[2].id", "duplicate"),
        ("$.steps[2].id", "unknown-choice"),
    ]
