"""The compiled path answers as the reference does, bit for bit, for any rule."""

from __future__ import annotations

import copy

from hypothesis import given, settings

from keyaccount.rules import (
    Compiled,
    Criterion,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    HitPolicy,
    Linear,
    Row,
    Scorecard,
    compile_table,
    explain_table,
    fact,
)
from keyaccount.rules import _table as reference
from tests.compiled_paths import agree, answer_or_error
from tests.rule_strategies import cases


RULES = settings(max_examples=5 * max(100, settings().max_examples))
IN_ORDER = (HitPolicy.FIRST, HitPolicy.PRIORITY)


@RULES
@given(cases())
def test_a_compiled_table_answers_as_the_reference_does(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case

    assert agree(table, compile_table(table), facts)


@given(cases(hits=IN_ORDER, unknown=False))
def test_known_facts_take_the_short_way_to_the_same_answer(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case

    assert agree(table, compile_table(table), facts)


@given(cases())
def test_facts_of_another_schema_are_read_by_name(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case
    wider = FactSchema((Fact.number("elsewhere"), *table.about.facts))
    twin = copy.deepcopy(facts)

    compiled = compile_table(table)

    assert twin.schema is not table.about
    assert agree(table, compiled, twin)
    assert agree(table, compiled, wider.read(dict(facts)))
    assert compiled.must(wider.read(dict(facts))) == reference.hits(table, facts).must
    assert compiled.must(facts) == reference.hits(table, facts).must


@given(cases(hits=(*IN_ORDER, HitPolicy.ANY, HitPolicy.UNIQUE)))
def test_the_explanation_ends_in_the_outcome_that_was_answered(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case
    compiled: Compiled = compile_table(table)

    found = answer_or_error(lambda: compiled.look_up(facts))

    if isinstance(found, tuple):
        assert found == answer_or_error(lambda: explain_table(table, facts))
        return
    assert found.possible == compiled.possible(facts)
    assert found.why == explain_table(table, facts)
    assert found.why.code == ("decided" if found.is_settled else "undecided")
    assert found.why.get("outcome") == found.possible[0]
    assert found.why.get("best") == (None if found.is_settled else found.possible[-1])


def test_the_score_of_a_table_with_one_card_is_at_hand() -> None:
    about = FactSchema((Fact.number("margin", unit="share"),))
    card = Scorecard("worth", about, (Criterion("m", "margin", 100, Linear(0, 0.4)),))
    row = Row("good", fact("worth") >= 50, "good")
    table = DecisionTable("t", about, (row,), "poor", scorecards=(card,))

    decision = compile_table(table).look_up(about.read({"margin": 0.25}))

    assert decision.score == decision.scores["worth"] == card.score(decision.facts)
