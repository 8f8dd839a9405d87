"""Hygiene: each fault is found, shown by a witness, and nothing else is found."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import attrs
import pytest
from hypothesis import given

from keyaccount.exceptions import HitPolicyError, NoRowError, Problem
from keyaccount.rules import (
    All,
    Condition,
    Criterion,
    Decay,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    HitPolicy,
    Known,
    Linear,
    Lookup,
    Not,
    Row,
    Scorecard,
    Steps,
    fact,
    judge,
    lint_scorecard,
    lint_table,
)
from keyaccount.rules._cells import axes, pieces, representatives, say_value
from keyaccount.rules._grid import MOST_CELLS, Grid, size_of
from keyaccount.tri import Tri
from tests.rule_strategies import Plateau, cases, tables


ABOUT = FactSchema(
    (
        Fact.number("margin", low=-1.0, high=1.0),
        Fact.number("due"),
        Fact.choice("timing", ("pre", "doc", "post")),
        Fact.yes_no("dispute"),
    )
)
MARGIN, DUE, TIMING = fact("margin"), fact("due"), fact("timing")
DISPUTE = fact("dispute").is_yes()
CARD = Scorecard("composite", ABOUT, (Criterion("m", "margin", 100, Linear(0, 1)),))


def table(
    *conditions: Condition,
    otherwise: str | None = "none",
    hit: HitPolicy = HitPolicy.FIRST,
    then: tuple[str, ...] = ("a", "b", "c", "d", "e"),
) -> DecisionTable:
    rows = tuple(
        Row(f"r{at}", when, then[at], adds=1.0) for at, when in enumerate(conditions)
    )
    return DecisionTable("t", ABOUT, rows, otherwise, hit, scorecards=(CARD,))


def said(problems: tuple[Problem, ...]) -> list[tuple[str, ...]]:
    """Return path, code and data of every finding, each of which can be said."""
    assert all(str(problem) for problem in problems)
    return [(p.path, p.code, *(text for _, text in p.data)) for p in problems]


def witness(text: str) -> Facts:
    """Read the facts that a finding names, the first where it names several."""
    given: dict[str, object] = {"margin": 0.0, "due": 0.0}
    for part in text.removesuffix(" (sampled)").split(", "):
        name, _, value = part.partition("=")
        first = value.split("|")[0].split("…")[0]
        kind = ABOUT[name].kind.value
        if first == "unknown":
            given[name] = None
        else:
            given[name] = {"number": float, "choice": str, "yes-no": Tri}[kind](first)
    return ABOUT.read(given)


# ── Gaps ─────────────────────────────────────────────────────────────────────────


def test_a_gap_is_found_and_the_witness_falls_into_it() -> None:
    gappy = table(MARGIN >= 0.3, MARGIN < 0.2, otherwise=None)

    assert said(lint_table(gappy)) == [("$.rows", "gap", "margin=0.2…0.25")]
    for value in (0.2, 0.25):
        with pytest.raises(NoRowError):
            judge(gappy, ABOUT.read({"margin": value}))


def test_a_point_between_two_rows_is_a_gap() -> None:
    gappy = table(MARGIN > 0.3, MARGIN < 0.3, otherwise=None)

    assert said(lint_table(gappy)) == [("$.rows", "gap", "margin=0.3")]


def test_gaps_apart_are_told_apart() -> None:
    rows = (DISPUTE & TIMING.one_of("pre", "doc"), ~DISPUTE & (MARGIN >= 0))

    gaps = [line[2] for line in said(lint_table(table(*rows, otherwise=None)))]

    assert gaps == ["timing=post, dispute=yes", "margin=-0.5, dispute=no"]
    for text in gaps:
        with pytest.raises(NoRowError):
            judge(table(*rows, otherwise=None), witness(text))


def test_at_most_five_gaps_are_listed() -> None:
    points = [DUE.equals(float(at)) for at in range(5)]

    found = lint_table(table(*points, otherwise=None))

    assert [problem.code for problem in found] == ["gap"] * 5


def test_a_gap_may_be_what_nobody_knows() -> None:
    rows = (Known("due") & (DUE >= 3), Known("due") & (DUE < 3))

    found = said(lint_table(table(*rows, otherwise=None)))

    assert found == [("$.rows", "gap", "due=unknown")]


def test_a_score_is_a_dimension_of_its_own() -> None:
    score = fact("composite")
    found = said(lint_table(table(score >= 60, score < 55, otherwise=None)))

    assert found == [("$.rows", "gap", "composite=55…57.5")]
    assert lint_table(table(score >= 60, score < 60, otherwise=None)) == ()


@pytest.mark.parametrize("hit", [HitPolicy.RULE_ORDER, HitPolicy.SUM])
def test_a_table_of_many_hits_may_hit_nothing(hit: HitPolicy) -> None:
    assert lint_table(table(MARGIN >= 0.3, DISPUTE, otherwise=None, hit=hit)) == ()


# ── Overlaps ─────────────────────────────────────────────────────────────────────


def test_an_overlap_is_found_where_rows_must_exclude_each_other() -> None:
    rows = (MARGIN >= 0.3, MARGIN <= 0.3, TIMING.one_of("doc") & (MARGIN > 0.9))
    torn = table(*rows, hit=HitPolicy.UNIQUE)

    found = said(lint_table(torn))

    assert [line[:3] for line in found] == [
        ("$.rows[1]", "overlap", "r0, r1"),
        ("$.rows[2]", "overlap", "r0, r2"),
    ]
    for line in found:
        with pytest.raises(HitPolicyError):
            judge(torn, witness(line[3]))


def test_rows_that_agree_may_overlap_under_any() -> None:
    rows = (MARGIN >= 0.3, MARGIN <= 0.3)

    agreed = table(
        *rows, DISPUTE & (MARGIN < 0), hit=HitPolicy.ANY, then=("a", "a", "a")
    )
    torn = table(*rows, hit=HitPolicy.ANY)

    assert {problem.code for problem in lint_table(agreed)} <= {"dead-column"}
    assert said(lint_table(torn)) == [("$.rows[1]", "overlap", "r0, r1", "margin=0.3")]


# ── Rows that never fire ─────────────────────────────────────────────────────────


def test_a_row_behind_a_wider_one_is_found_and_named() -> None:
    found = said(lint_table(table(MARGIN >= 0.3, MARGIN >= 0.5)))

    assert found == [("$.rows[1]", "unreachable-row", "r1", "r0")]


def test_a_row_that_several_cover_together_is_found() -> None:
    found = said(lint_table(table(DISPUTE, ~DISPUTE & (MARGIN >= 0), MARGIN >= 0.5)))

    assert found == [("$.rows[2]", "unreachable-row", "r2", "r0, r1")]


def test_priority_covers_by_outcome_not_by_place() -> None:
    rows = (MARGIN >= 0.5, MARGIN >= 0.3)

    found = said(lint_table(table(*rows, hit=HitPolicy.PRIORITY, then=("b", "a"))))

    assert found == []
    ranked = table(*rows, hit=HitPolicy.PRIORITY)
    best_last = attrs.evolve(ranked, outcomes=("none", "a", "b"))
    assert said(lint_table(best_last)) == [("$.rows[0]", "unreachable-row", "r0", "r1")]


@pytest.mark.parametrize("hit", HitPolicy)
def test_a_row_that_contradicts_itself_is_found(hit: HitPolicy) -> None:
    never = table(MARGIN < 0.3, (MARGIN >= 0.5) & (MARGIN < 0.4), hit=hit)

    assert said(lint_table(never)) == [("$.rows[1]", "impossible-row", "r1")]


def test_a_threshold_beyond_the_declared_range_never_holds() -> None:
    found = said(lint_table(table(DISPUTE, MARGIN > 1)))

    assert found == [("$.rows[1]", "impossible-row", "r1")]


# ── Facts that never matter ──────────────────────────────────────────────────────


def test_a_fact_that_never_changes_the_answer_is_found() -> None:
    rows = ((MARGIN >= 0.3) & (DISPUTE | ~DISPUTE), MARGIN < 0)

    assert said(lint_table(table(*rows))) == [("$.rows", "dead-column", "dispute")]


def test_rows_that_agree_make_their_fact_idle() -> None:
    idle = table(DISPUTE, ~DISPUTE & (MARGIN >= 0.3), then=("a", "a"), otherwise="a")

    assert said(lint_table(idle)) == [
        ("$.rows", "dead-column", "margin"),
        ("$.rows", "dead-column", "dispute"),
    ]


def test_exclusive_rows_that_agree_make_their_fact_idle() -> None:
    idle = table(
        DISPUTE, ~DISPUTE, hit=HitPolicy.UNIQUE, then=("a", "a"), otherwise=None
    )

    assert said(lint_table(idle)) == [("$.rows", "dead-column", "dispute")]


def test_a_fact_of_one_value_is_idle() -> None:
    about = FactSchema((Fact.choice("timing", ("pre",)), Fact.yes_no("dispute")))
    rows = (Row("a", TIMING.one_of("pre") & DISPUTE, "a"),)

    found = said(lint_table(DecisionTable("t", about, rows, "none")))

    assert found == [("$.rows", "dead-column", "timing")]


@pytest.mark.parametrize(
    "hit, is_idle",
    [
        (HitPolicy.SUM, False),
        (HitPolicy.RULE_ORDER, False),
        (HitPolicy.OUTPUT_ORDER, True),
    ],
)
def test_many_hits_are_compared_by_what_they_give(
    hit: HitPolicy,
    is_idle: bool,
) -> None:
    rows = (
        Row("a", DISPUTE, "a", adds=1.0),
        Row("b", MARGIN >= 0, "b", adds=2.0),
        Row("a-too", ~DISPUTE, "a", adds=3.0),
    )
    many = DecisionTable("t", ABOUT, rows, None, hit)

    expected = [("$.rows", "dead-column", "dispute")] if is_idle else []
    assert said(lint_table(many)) == expected


# ── Clean tables ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "clean",
    [
        table(MARGIN >= 0.3, DISPUTE),
        table(MARGIN >= 0.3, MARGIN < 0.3, otherwise=None),
        table(MARGIN >= 0.3, MARGIN < 0.3, otherwise=None, hit=HitPolicy.UNIQUE),
        table(~Known("margin"), MARGIN >= 0.3, DISPUTE),
        table(fact("composite") >= 60, TIMING.one_of("post")),
        table(MARGIN.between(0.1, 0.2), DUE > 3, DUE <= -3),
    ],
)
def test_a_clean_table_has_no_findings(clean: DecisionTable) -> None:
    assert lint_table(clean) == ()


# ── What the findings are worth ──────────────────────────────────────────────────


@given(case=cases(hits=(HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY)))
def test_a_table_without_findings_answers_whatever_comes(
    case: tuple[DecisionTable, Facts],
) -> None:
    plain, facts = case
    codes = {problem.code for problem in lint_table(plain)}

    try:
        judge(plain, facts)
    except NoRowError:
        assert "gap" in codes
    except HitPolicyError:
        assert "overlap" in codes


@given(plain=tables(hits=(HitPolicy.FIRST, HitPolicy.PRIORITY), cards=0))
def test_without_an_idle_row_nothing_changes(plain: DecisionTable) -> None:
    codes = {"unreachable-row", "impossible-row"}
    idle = {p.path for p in lint_table(plain) if p.code in codes}
    kept = tuple(r for at, r in enumerate(plain.rows) if f"$.rows[{at}]" not in idle)
    if not kept or len(kept) == len(plain.rows):
        return
    trimmed = attrs.evolve(plain, rows=kept)
    for facts in itertools.islice(_corners(plain), 50):
        assert _answer(trimmed, facts) == _answer(plain, facts)


def _corners(plain: DecisionTable) -> Iterator[Facts]:
    values = representatives(plain)
    for drawn in itertools.product(*values.values()):
        yield plain.about.read(dict(zip(values, drawn, strict=True)))


def _answer(plain: DecisionTable, facts: Facts) -> tuple[str, ...]:
    try:
        return judge(plain, facts)
    except NoRowError:
        return ()


# ── Too many cells ───────────────────────────────────────────────────────────────

WIDE = FactSchema(tuple(Fact.number(f"n{at}") for at in range(14)))


def wide(*extra: Row, hit: HitPolicy = HitPolicy.FIRST) -> DecisionTable:
    rows = [Row(f"r{at}", fact(f"n{at}") >= 9.0, f"o{at}") for at in range(14)]
    rows = [*rows, *extra]
    return DecisionTable("wide", WIDE, tuple(rows), None, hit)


def test_beyond_two_hundred_thousand_cells_a_finding_says_that_it_is_sampled() -> None:
    shadowed = Row("late", (fact("n3") >= 10.0) & (fact("n4") < 1.0), "late")
    never = Row("never", (fact("n3") >= 10.0) & (fact("n3") < 1.0), "late")
    idle = Row("idle", Known("n5") | ~Known("n5") & (fact("n6") >= 0.0), "late")
    points = tuple(fact(f"n{at}").equals(3.0) for at in range(7))
    narrow = Row("narrow", All(points), "late")  # no sample meets it; it can fire
    big = wide(shadowed, never, narrow, idle)
    asked = axes((row.when for row in big.rows), WIDE)
    assert size_of(asked) > MOST_CELLS

    found = said(lint_table(big))

    assert ("$.rows[14]", "unreachable-row", "late", "r3") in found
    assert ("$.rows[15]", "impossible-row", "never") in found
    assert "$.rows[16]" not in {line[0] for line in found}
    assert all("sampled" not in line[-1] for line in found if "row" in line[1])


@pytest.mark.hostile
@pytest.mark.parametrize("hit", [HitPolicy.FIRST, HitPolicy.UNIQUE])
def test_a_table_made_to_be_looked_at_for_ever_is_left_in_time(hit: HitPolicy) -> None:
    def row(at: int) -> Row:
        places = ((at * 7 + b) % 14 for b in range(9))
        terms = (fact(f"n{place}") >= (at * 31 + place * 17) % 97 for place in places)
        return Row(f"r{at}", All(tuple(terms)), f"o{at}")

    endless = DecisionTable("t", WIDE, tuple(map(row, range(200))), None, hit)

    assert any(problem.code == "gap" for problem in lint_table(endless))


def test_a_sampled_gap_is_a_true_gap() -> None:
    (gap,) = (line for line in said(lint_table(wide())) if line[1] == "gap")

    assert gap[2].endswith(" (sampled)")
    parts = gap[2].removesuffix(" (sampled)").split(", ")
    given = {name: float(value) for name, value in (p.split("=") for p in parts)}
    with pytest.raises(NoRowError):
        judge(wide(), WIDE.read(given))


def test_sampled_tables_are_held_to_their_policy_pair_by_pair() -> None:
    found = said(lint_table(wide(hit=HitPolicy.UNIQUE)))

    overlaps = [line for line in found if line[1] == "overlap"]
    assert len(overlaps) == 20  # as many as anybody reads
    assert overlaps[0] == ("$.rows[1]", "overlap", "r0, r1", "n0=9…13.5, n1=9…13.5")


def test_a_sampled_idle_fact_says_so() -> None:
    idle = Row("idle", Not((fact("n0") < 3.0) & (fact("n0") > 4.0)), "o0")
    rows = (attrs.evolve(wide().rows[0], when=idle.when & (fact("n1") >= 9.0)),)
    big = attrs.evolve(wide(), rows=(*rows, *wide().rows[1:]))

    found = said(lint_table(big))

    assert ("$.rows", "dead-column", "n0 (sampled)") in found


def test_a_row_too_wide_for_its_own_grid_is_given_the_benefit_of_the_doubt() -> None:
    rows = wide().rows
    everything = Row("all", All(tuple(row.when for row in rows)), "o0")

    found = lint_table(attrs.evolve(wide(), rows=(*rows, everything)))

    assert "$.rows[14]" not in {problem.path for problem in found}


# ── Scorecards ───────────────────────────────────────────────────────────────────


def card(criterion: Criterion) -> Scorecard:
    rest = Criterion("rest", "due", 100 - criterion.weight, Linear(0, 10))
    return Scorecard("c", ABOUT, (criterion, rest))


@pytest.mark.parametrize(
    "criterion",
    [
        Criterion("m", "margin", 50, Linear(0, 1), better="higher"),
        Criterion("m", "margin", 50, Linear(1, 0), better="lower"),
        Criterion("m", "margin", 50, Linear(1, 0)),
        Criterion("m", "due", 50, Decay(30), better="lower"),
        Criterion("m", "due", 50, Steps(((0, 1), (5, 1), (9, 2))), better="higher"),
        Criterion("m", "timing", 50, Lookup((("pre", 9), ("doc", 5), ("post", 0)))),
        Criterion("m", "margin", 50, Plateau(0.3), better="higher"),
        Criterion("m", "due", 50, Plateau(70.0), better="higher"),
        Criterion("m", "margin", 0, lambda _: 50.0),
    ],
)
def test_a_sound_curve_has_no_findings(criterion: Criterion) -> None:
    assert lint_scorecard(card(criterion)) == ()


def wave(fact: float, /) -> float:
    return 50.0 + 50.0 * math.sin(fact * 6.0)


@pytest.mark.parametrize(
    "criterion, marks",
    [
        (Criterion("m", "margin", 50, Linear(1, 0), better="higher"), None),
        (Criterion("m", "margin", 50, Linear(0, 1), better="lower"), None),
        (Criterion("m", "due", 50, Decay(30), better="higher"), None),
        (
            Criterion("m", "due", 50, Steps(((0, 9), (5, 2))), better="higher"),
            "4.99625 → 9, 5 → 2",
        ),
        (Criterion("m", "margin", 50, wave, better="higher"), None),
    ],
)
def test_a_curve_that_runs_the_wrong_way_is_found(
    criterion: Criterion, marks: str | None
) -> None:
    ((path, code, name, shown),) = said(lint_scorecard(card(criterion)))

    assert (path, code, name) == ("$.criteria[0].scorer", "not-monotone", "m")
    left, right = ([float(x) for x in pair.split(" → ")] for pair in shown.split(", "))
    assert criterion.scorer(left[0]) == left[1]  # type: ignore[arg-type]  # a number's scorer
    assert (right[1] < left[1]) is (criterion.better == "higher")
    assert marks in {None, shown}


def test_a_curve_that_marks_everything_alike_is_found() -> None:
    flat = Criterion("m", "margin", 50, lambda _: 50.0)
    same = Criterion("t", "timing", 50, Lookup((("pre", 5), ("doc", 5), ("post", 5))))

    assert said(lint_scorecard(card(flat))) == [
        ("$.criteria[0]", "dead-column", "margin")
    ]
    assert said(lint_scorecard(card(same))) == [
        ("$.criteria[0]", "dead-column", "timing")
    ]


def test_a_curve_that_leaves_its_marks_is_found() -> None:
    wild = Criterion("m", "due", 50, lambda x: x)

    ((path, code, *_),) = said(lint_scorecard(card(wild)))

    assert (path, code) == ("$.criteria[0].scorer", "bad-scorer")


# ── Pieces ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "points, low, high, found",
    [
        ([], None, None, (0.0,)),
        ([], 2.0, None, (2.0,)),
        ([], None, 2.0, (2.0,)),
        ([], 2.0, 4.0, (3.0,)),
        ([3.0], None, None, (1.5, 3.0, 4.5)),
        ([3.0], 3.0, 3.0, (3.0,)),
        ([3.0, 9.0], 0.0, 5.0, (1.5, 3.0, 4.0)),
        ([5e-324], 0.0, 1.0, (0.0, 5e-324, 0.5)),
        ([1.0, math.nextafter(1.0, 2.0)], 1.0, 1.5, None),
        ([-1.7e308, 1.7e308], None, None, None),
        ([-math.nextafter(math.inf, 0.0)], None, 0.0, None),
    ],
)
def test_a_range_falls_into_pieces(
    points: list[float],
    low: float | None,
    high: float | None,
    found: tuple[float, ...] | None,
) -> None:
    values = pieces(points, low, high)

    assert list(values) == sorted(set(values))
    assert all(math.isfinite(value) for value in values)
    assert found in {None, values}


@pytest.mark.parametrize(
    "value, text",
    [
        (None, "unknown"),
        (Tri.YES, "yes"),
        ("post", "post"),
        (60.0, "60"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
    ],
)
def test_a_witness_can_be_typed_in_again(value: float | str | None, text: str) -> None:
    assert say_value(value) == text


def test_a_grid_of_everything_leaves_nothing_to_say() -> None:
    grid = Grid.of(ABOUT, axes([DISPUTE], ABOUT))

    (box,) = grid.boxes(grid.full, 5)

    assert grid.say(box) == "*"
