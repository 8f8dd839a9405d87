"""Explanations: every row and condition that was looked at, and what it saw."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given

from keyaccount import wording
from keyaccount.exceptions import HitPolicyError, NoRowError
from keyaccount.rules import (
    All,
    Any,
    Condition,
    Criterion,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    HitPolicy,
    Linear,
    Named,
    Not,
    Row,
    Scorecard,
    explain_condition,
    explain_table,
    fact,
    judge,
)
from keyaccount.rules._conditions import Reading, rails
from keyaccount.rules._explain import explain_rows
from tests.rule_strategies import cases


ABOUT = FactSchema(
    (
        Fact.number("margin", unit="share"),
        Fact.choice("timing", ("pre", "doc", "post")),
        Fact.yes_no("dispute"),
    )
)
MARGIN, TIMING, DISPUTE = fact("margin"), fact("timing"), fact("dispute")
KNOWN = ABOUT.read({"margin": 0.4, "timing": "pre", "dispute": False})
NOTHING = ABOUT.read({})


@pytest.mark.parametrize(
    "condition, known, nothing",
    [
        (MARGIN >= 0.3, "compare-holds", "compare-open"),
        (MARGIN.between(0.5, 0.7), "between-fails", "between-open"),
        (TIMING.one_of("pre", "doc"), "one-of-holds", "one-of-open"),
        (TIMING.one_of("post"), "is-fails", "is-open"),
        (TIMING.one_of("pre"), "is-holds", "is-open"),
        (MARGIN.is_known(), "known-holds", "known-fails"),
        (DISPUTE.is_yes(), "yes-fails", "yes-open"),
        ((MARGIN >= 0.3) & DISPUTE.is_yes(), "all-fails", "all-open"),
        ((MARGIN >= 0.3) | DISPUTE.is_yes(), "any-holds", "any-open"),
        (~DISPUTE.is_yes(), "yes-fails", "yes-open"),
        (~((MARGIN >= 0.3) & DISPUTE.is_yes()), "not-holds", "not-open"),
    ],
)
def test_every_kind_of_condition_says_whether_it_holds(
    condition: Condition, known: str, nothing: str
) -> None:
    assert explain_condition(condition, Reading(KNOWN)).code == known
    assert explain_condition(condition, Reading(NOTHING)).code == nothing


def test_a_comparison_says_what_was_found_and_what_was_asked() -> None:
    reason = explain_condition(Named(0.3, "thin") <= MARGIN, Reading(KNOWN))

    assert dict(reason.data) == {
        "fact": "margin",
        "unit": "share",
        "got": 0.4,
        "op": ">=",
        "needed": 0.3,
        "needed_name": "thin",
    }


def test_a_score_is_shown_from_0_to_100_with_both_bounds() -> None:
    reading = Reading(NOTHING, {"composite": (5000.0, 7000.0)})

    reason = explain_condition(fact("composite").between(60, 80), reading)

    assert (reason.get("got"), reason.get("got_high")) == (50.0, 70.0)
    assert (reason.get("low"), reason.get("high")) == (60.0, 80.0)
    assert reason.get("unit") == "mark"


CARD = Scorecard("composite", ABOUT, (Criterion("m", "margin", 100, Linear(0, 1)),))
TABLE = DecisionTable(
    "tiering",
    ABOUT,
    (
        Row("late", TIMING.one_of("post"), "low"),
        Row("thick", fact("composite") >= 40, "high"),
        Row("clean", ~DISPUTE.is_yes(), "middle"),
    ),
    "low",
    outcomes=("low", "middle", "high"),
    scorecards=(CARD,),
    answers="value-tier",
)


def test_the_rows_are_explained_up_to_the_one_that_decides() -> None:
    reason = explain_table(TABLE, KNOWN)

    assert reason.code == "decided"
    assert reason.get("outcome") == "high"
    assert reason.get("answers") == "value-tier"
    codes = [part.code for part in reason.because]
    assert codes == ["row-fails", "row-fires", "score"]


def test_an_open_table_names_its_bounds() -> None:
    reason = explain_table(TABLE, ABOUT.read({"dispute": True}))

    assert reason.code == "undecided"
    bounds = [reason.get(key) for key in ("outcome", "best", "count")]
    assert bounds == ["low", "high", 2]
    codes = [part.code for part in reason.because]
    expected = ["row-open", "row-open", "row-fails", "otherwise-open", "score-open"]
    assert codes == expected


def test_where_no_row_fires_the_otherwise_is_the_reason() -> None:
    facts = ABOUT.read({"margin": 0.0, "timing": "pre", "dispute": True})

    reason = explain_table(TABLE, facts)

    assert reason.because[-2].code == "otherwise"
    assert reason.get("outcome") == "low"


def test_a_table_of_exclusive_rows_explains_them_all() -> None:
    unique = attrs.evolve(TABLE, hit=HitPolicy.ANY, rows=TABLE.rows[:1])
    facts = ABOUT.read({"timing": "post"})

    reason = explain_table(unique, facts)

    assert [part.code for part in reason.because] == ["row-fires", "score-open"]
    rows = explain_rows(TABLE, facts)
    assert [part.get("row") for part in rows] == ["late", "thick", "clean"]


SINGLE = tuple(hit for hit in HitPolicy if hit.is_single)


@given(case=cases(hits=SINGLE))
def test_the_explanation_has_the_answer_and_can_be_said(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case
    try:
        possible = judge(table, facts)
    except (HitPolicyError, NoRowError):
        return

    reason = explain_table(table, facts)

    assert (reason.code == "decided") is (len(possible) == 1)
    assert reason.get("outcome") == possible[0]
    for locale in wording.LOCALES:
        for _, part in reason.walk():
            assert wording.say(part.code, dict(part.data), locale)


@given(case=cases())
def test_what_is_explained_is_what_was_judged(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case
    folds = {card.name: card.fold(facts) for card in table.scorecards}
    reading = Reading(facts, folds)
    for row in table.rows:
        asked = row.when
        while isinstance(asked, Not) and not isinstance(asked.term, All | Any | Not):
            asked = asked.term  # what a plain question found says enough
        must, may = rails(asked, reading)
        ending = "holds" if must else "open" if may else "fails"

        assert explain_condition(row.when, reading).code.endswith(ending)
