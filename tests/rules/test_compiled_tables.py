"""A compiled table as a value: its answers, its errors, its limits."""

from __future__ import annotations

import math
import pickle
import threading

import attrs
import pytest

from keyaccount.exceptions import (
    HitPolicyError,
    InvalidValueError,
    NoRowError,
    ScorerError,
    UnknownFactError,
)
from keyaccount.rules import (
    Compare,
    Compiled,
    Criterion,
    DecisionTable,
    Fact,
    FactSchema,
    HitPolicy,
    Interval,
    Known,
    Linear,
    Lookup,
    Named,
    OneOf,
    Op,
    Row,
    Scorecard,
    Scorer,
    Steps,
    compile_table,
    fact,
    look_up,
)
from keyaccount.rules._scorers import AnyScorer
from keyaccount.rules._table import hits
from keyaccount.tri import Tri
from tests.compiled_paths import agree, bits


ABOUT = FactSchema(
    (
        Fact.number("prepaid", unit="share"),
        Fact.choice("timing", ("pre", "doc", "post")),
        Fact.yes_no("title"),
    )
)
RATING = DecisionTable(
    "rating",
    ABOUT,
    (
        Row("cash", fact("timing").one_of("pre"), "safe"),
        Row("deposit", (fact("prepaid") >= 0.3) & fact("title").is_yes(), "fair"),
    ),
    otherwise="unsafe",
)


def scored(*scorers: AnyScorer, otherwise: str | None = "no") -> DecisionTable:
    """Build a table on one score, each scorer marking the same fact."""
    weights = [100 - len(scorers) + 1, *(1 for _ in scorers[1:])]
    criteria = tuple(
        Criterion(
            f"c{at}",
            "timing" if isinstance(scorer, Lookup) else "prepaid",
            weight,
            scorer,
        )
        for at, (scorer, weight) in enumerate(zip(scorers, weights, strict=True))
    )
    card = Scorecard("composite", ABOUT, criteria)
    rows = (
        Row("cash", fact("timing").one_of("pre"), "cash"),
        Row("enough", fact("composite") >= 50, "yes"),
    )
    return DecisionTable("scored", ABOUT, rows, otherwise, scorecards=(card,))


def test_a_compiled_table_gives_the_outcome_and_what_is_open() -> None:
    compiled = compile_table(RATING)

    known = ABOUT.read({"prepaid": 0.3, "timing": "doc", "title": True})
    half = ABOUT.read({"prepaid": 0.3, "timing": "doc"})

    assert compiled.possible(known) == ("fair",)
    assert compiled.answer(known) == "fair"
    assert compiled.possible(half) == ("unsafe", "fair")
    assert compiled.answer(half) is None


def test_a_decision_says_its_value_its_scores_and_why() -> None:
    table = scored(Linear(0.0, 1.0))
    facts = ABOUT.read({"prepaid": 0.75, "timing": "post"})

    decision = compile_table(table).look_up(facts)

    assert decision.table is table
    assert decision.facts is facts
    assert (decision.value, decision.is_settled) == ("yes", True)
    assert decision.scores == {"composite": Interval(75.0, 75.0)}
    assert decision.why.code == "decided"
    assert repr(decision) == "<Decision scored: yes>"


def test_an_open_decision_has_no_value_but_bounds() -> None:
    decision = compile_table(scored(Linear(0.0, 1.0))).look_up(ABOUT.read({}))

    assert (decision.value, decision.is_settled) == (None, False)
    assert decision.possible == ("no", "yes", "cash")
    assert decision.scores == {"composite": Interval(0.0, 100.0)}
    assert repr(decision) == "<Decision scored: no or yes or cash>"


def test_decisions_are_values() -> None:
    facts = ABOUT.read({"prepaid": 0.2, "timing": "doc", "title": Tri.NO})
    compiled = compile_table(RATING)

    one, two = compiled.look_up(facts), look_up(RATING, facts)

    assert one == two
    assert len({one, two}) == 1
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
    assert one != compiled.look_up(facts.with_(prepaid=0.9))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.found = two.found  # type: ignore[misc]  # the point


def test_a_compiled_table_survives_a_process_pool() -> None:
    compiled = compile_table(scored(Steps(((0.5, 80.0),), 10.0)))
    facts = ABOUT.read({"prepaid": 0.5, "timing": "doc"})

    again, told = pickle.loads(pickle.dumps((compiled, facts)))  # noqa: S301 - our own

    assert isinstance(again, Compiled)
    assert again == compiled
    assert hash(again) == hash(compiled)
    assert again.possible(told) == compiled.possible(facts) == ("yes",)
    assert repr(again) == "<Compiled scored: 2 rows>"


def test_threads_share_a_compiled_table() -> None:
    compiled = compile_table(RATING)
    every = [
        ABOUT.read({"prepaid": prepaid, "timing": timing, "title": title})
        for prepaid in (None, 0.1, 0.5)
        for timing in (None, "pre", "post")
        for title in (None, True, False)
    ]
    expected = [look_up(RATING, facts) for facts in every]
    found: list[bool] = []

    def ask() -> None:
        found.extend(
            [compiled.look_up(facts) for facts in every] == expected for _ in range(20)
        )

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [True] * 80


def test_hits_carry_rows_and_folds() -> None:
    table = scored(Linear(0.0, 1.0), Lookup((("pre", 10), ("doc", 20), ("post", 30))))
    facts = ABOUT.read({"timing": "doc"})

    found = compile_table(table).hits(facts)

    assert found == hits(table, facts)
    assert found.folds == ((20.0, 9920.0),)
    assert (found.must, found.may) == (0b00, 0b10)


def test_a_row_of_a_table_without_a_default_must_fire() -> None:
    compiled = compile_table(scored(Linear(0.0, 1.0), otherwise=None))

    with pytest.raises(NoRowError):
        compiled.possible(ABOUT.read({"prepaid": 0.1, "timing": "doc"}))


def test_rows_that_exclude_each_other_are_held_to_it() -> None:
    rows = (
        Row("cash", fact("timing").one_of("pre", "doc"), "safe"),
        Row("deposit", fact("prepaid") >= 0.3, "fair"),
    )
    table = DecisionTable("rating", ABOUT, rows, "unsafe", HitPolicy.UNIQUE)
    compiled = compile_table(table)

    with pytest.raises(HitPolicyError, match="cash, deposit"):
        compiled.look_up(ABOUT.read({"prepaid": 0.5, "timing": "doc"}))
    assert compiled.possible(ABOUT.read({"prepaid": 0.5, "timing": "post"})) == (
        "fair",
    )


def test_collecting_is_for_tables_of_many_hits() -> None:
    facts = ABOUT.read({"prepaid": 0.5, "timing": "pre", "title": True})
    many = attrs.evolve(RATING, hit=HitPolicy.COUNT)

    found = compile_table(many).collect(facts)

    assert found.certain == ("safe", "fair")
    assert found.total == Interval(2.0, 2.0)
    with pytest.raises(InvalidValueError, match="ask judge or look_up"):
        compile_table(RATING).collect(facts)
    with pytest.raises(InvalidValueError, match="ask collect"):
        compile_table(many).possible(facts)


def mark_of_101(fact: float, /) -> float:
    """Give what is no mark."""
    return 101.0 if fact > 0.5 else 1.0


def test_a_scorer_that_gives_no_mark_is_blamed_whichever_row_decides() -> None:
    compiled = compile_table(scored(Linear(0.0, 1.0), mark_of_101))
    facts = ABOUT.read({"prepaid": 0.6, "timing": "pre"})

    with pytest.raises(ScorerError, match="c1"):
        compiled.possible(facts)
    with pytest.raises(ScorerError, match="c1"):
        compiled.look_up(facts)
    with pytest.raises(ScorerError, match="c1"):
        compiled.hits(facts)


class Doubled(Linear):
    """A scorer of the user's own that looks like one of ours."""

    def __call__(self, fact: float, /) -> float:
        """Return the mark."""
        return min(100.0, 2 * super().__call__(fact))


HUGE = 2**53 + 1


@pytest.mark.parametrize(
    "scorer",
    [
        Doubled(0.0, 1.0),
        Linear(Named(0.25, "low"), Named(-1.5, "high")),
        Linear(-8e307, 8e307),
        Steps(((Named(0.3, "floor"), 12),), 0),
        Steps(((float(HUGE - 3), 20), (HUGE, 70))),
        Steps(tuple((at / 40, 100 * at / 40) for at in range(41))),
        Lookup((("pre", 0), ("doc", Named(33.3, "doc")), ("post", 100))),
    ],
    ids=lambda scorer: type(scorer).__name__,
)
def test_every_kind_of_scorer_marks_alike_on_both_paths(scorer: AnyScorer) -> None:
    table = scored(scorer, Linear(0.0, 3.0))
    compiled = compile_table(table)

    for prepaid in (None, 0.0, -1.0, 0.1 + 0.2, 0.3, 1.0, 1e15, float(HUGE), -1e300):
        for timing in (None, "pre", "doc", "post"):
            facts = ABOUT.read({"prepaid": prepaid, "timing": timing})
            assert bits(compiled.hits(facts)) == bits(hits(table, facts))
            assert agree(table, compiled, facts)


def test_whether_a_fact_is_known_is_asked_without_knowing_it() -> None:
    rows = (
        Row("unasked", ~Known("prepaid"), "unasked"),
        Row("both", Known("timing") & (fact("prepaid") >= 0.3), "both"),
    )
    compiled = compile_table(DecisionTable("known", ABOUT, rows, "neither"))

    assert compiled.possible(ABOUT.read({})) == ("unasked",)
    assert compiled.possible(ABOUT.read({"prepaid": 0.3})) == ("neither",)
    assert compiled.possible(ABOUT.read({"prepaid": 0.3, "timing": "doc"})) == ("both",)


def test_slugs_and_names_never_become_code() -> None:
    evil = "x'); import os; ('"
    about = FactSchema((Fact.number("__import__"), Fact.choice("row", (evil, "b"))))
    rows = (
        Row("eval", OneOf("row", (evil,)), "exec"),
        Row("open", Compare("__import__", Op.GE, 1.0), "os"),
    )
    compiled = compile_table(DecisionTable("facts", about, rows, "None"))

    assert compiled.possible(about.read({"row": evil})) == ("exec",)
    assert compiled.possible(about.read({"row": "b", "__import__": 1})) == ("os",)
    assert compiled.possible(about.read({"row": "b", "__import__": 0})) == ("None",)


def test_a_long_table_compiles() -> None:
    rows = tuple(
        Row(f"r{at}", fact("prepaid").between(at, at + 0.5), f"o{at}")
        for at in range(400)
    )
    compiled = compile_table(DecisionTable("long", ABOUT, rows, "none"))

    assert compiled.possible(ABOUT.read({"prepaid": 399.5})) == ("o399",)
    assert compiled.possible(ABOUT.read({"prepaid": 399.6})) == ("none",)
    assert len(compiled.possible(ABOUT.read({}))) == 401


def test_facts_that_lack_what_a_rule_asks_for_are_refused() -> None:
    other = FactSchema((Fact.number("prepaid"),))

    with pytest.raises(UnknownFactError):
        compile_table(RATING).possible(other.read({"prepaid": math.pi}))


def test_a_callable_is_a_scorer() -> None:
    scorer: Scorer = mark_of_101

    table = scored(scorer)

    assert compile_table(table).possible(ABOUT.read({"prepaid": 0.1})) == ("no", "cash")
