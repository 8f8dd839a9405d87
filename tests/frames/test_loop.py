"""The nodes of a loop say what the object path says, bit for bit, and slips show."""

from __future__ import annotations

import ast
import copy
import itertools
import math
import re
import struct
from collections.abc import Callable, Sequence

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount.frames._program import Plan, Written, has_loop, write
from keyaccount.models.tiering import FACTS, TieringPolicy
from keyaccount.rules import (
    Criterion,
    Decay,
    DecisionTable,
    Fact,
    FactSchema,
    HitPolicy,
    Linear,
    Lookup,
    Row,
    Scorecard,
    Steps,
    fact,
)
from tests.frames.drawn import Raw, decisions, facts_of, scorings, tierings
from tests.frames.looped import looped
from tests.frames.same import Told, by_decide, by_score, by_tiering


SINGLE = tuple(hit for hit in HitPolicy if hit.is_single)
RULES = settings(max_examples=3 * settings().max_examples)
ALL = frozenset({"bounds", "score", "missing", "row"})


def plan_of(
    table: DecisionTable, rows: Sequence[Raw], *, has_nulls: bool = False
) -> Plan:
    """Return the plan of a table over rows that may lack a column."""
    absent = frozenset(table.asks) - set(rows[0] if rows else table.asks)
    cards = table.scorecards
    return Plan(table.about, cards, table, None, ALL, absent, has_nulls)


def bits(value: object) -> object:
    return struct.pack("d", value) if isinstance(value, float) else value


def spelled(plan: Plan, found: dict[str, list[object]], at: int) -> Told:
    """Return what a loop tells of a row as the columns spell it."""
    told: Told = {}
    words: dict[str, Sequence[object]] = {
        "error": ("hit-policy", "no-row"),
        "problem": (False, True),
    }
    if plan.table is not None:
        outcomes = plan.table.outcomes
        words |= dict.fromkeys(("value", "low", "high"), outcomes)
        words["effective"] = (*outcomes, "problem")
        words["row"] = (*(row.id for row in plan.table.rows), "otherwise")
    for part, values in found.items():
        value = values[at]
        if part == "missing":
            assert isinstance(value, int)
            names = [name for bit, name in enumerate(plan.asks) if value >> bit & 1]
            told[part] = ";".join(names)
        elif part in words:
            assert isinstance(value, int)
            told[part] = words[part][value] if value >= 0 else None
        else:
            told[part] = value
    return told


def differ(
    plan: Plan, rows: Sequence[Raw], wanted: list[Told], written: Written | None = None
) -> list[tuple[int, str]]:
    """Return row and part wherever a loop says something else."""
    found = looped(plan, rows, written)
    return [
        (at, part)
        for at in range(len(rows))
        for part, value in spelled(plan, found, at).items()
        if bits(value) != bits(wanted[at][part])
    ]


def of_table(table: DecisionTable, rows: Sequence[Raw]) -> list[Told]:
    """Return what the object path says, under the loop's names."""
    titles = {"value": "", "low": "_low", "high": "_high"}
    titles |= {part: f"_{part}" for part in ("error", "row", "missing")}
    for at, card in enumerate(table.scorecards):
        own = "score" if len(table.scorecards) == 1 else card.name
        titles |= {f"low{at}": f"_{own}_low", f"high{at}": f"_{own}_high"}
    found = []
    for row in rows:
        told = by_decide(table, facts_of(table.about, row))
        found.append(
            {part: told.get(f"{table.name}{end}") for part, end in titles.items()}
        )
    return found


@RULES
@given(decisions(hits=SINGLE), st.booleans())
def test_a_loop_decides_as_the_object_path_does(
    case: tuple[DecisionTable, list[Raw]], has_nulls: bool
) -> None:
    table, rows = case
    plan = plan_of(table, rows, has_nulls=has_nulls)

    assert not differ(plan, rows, of_table(table, rows))


@given(scorings())
def test_a_loop_scores_as_the_object_path_does(
    case: tuple[Scorecard, list[Raw]],
) -> None:
    card, rows = case
    asked = {criterion.fact for criterion in card.criteria}
    absent = frozenset(asked - set(rows[0])) if rows else frozenset()
    plan = Plan(card.about, (card,), want=ALL, absent=absent)
    wanted = [by_score(card, facts_of(card.about, row)) for row in rows]
    ends = {"low0": "low", "high0": "high", "missing": "missing"}

    found = [
        {part: told[f"{card.name}_{end}"] for part, end in ends.items()}
        for told in wanted
    ]
    assert not differ(plan, rows, found)


@settings(max_examples=max(2, settings().max_examples // 4))
@given(tierings())
def test_a_loop_tiers_as_the_object_path_does(
    case: tuple[TieringPolicy, list[Raw]],
) -> None:
    policy, rows = case
    ladder, problem = policy.ladder.table, policy.problem
    triggers = () if problem is None else tuple(one.when for one in problem.table.rows)
    plan = Plan(FACTS, ladder.scorecards, ladder, triggers, ALL)
    titles = {"value": "tiering", "low0": "tiering_score_low"}
    titles |= {"high0": "tiering_score_high"}
    parts = ("low", "high", "row", "problem", "effective", "missing")
    titles |= {part: f"tiering_{part}" for part in parts}

    wanted = [
        {part: told[title] for part, title in titles.items()}
        for told in (by_tiering(policy, facts_of(FACTS, row)) for row in rows)
    ]
    assert not differ(plan, rows, wanted)


# slips

ABOUT = FactSchema(
    (
        Fact.number("sales"),
        Fact.number("margin"),
        Fact.choice("terms", ("pre", "post")),
        Fact.yes_no("late"),
    )
)
CARD = Scorecard(
    "score",
    ABOUT,
    (
        Criterion("size", "sales", 40, Linear(10.0, 20.0)),
        Criterion("fall", "margin", 30, Linear(0.3, 0.0)),
        Criterion("band", "margin", 20, Steps(((0.1, 50.0), (0.2, 80.0)), 10.0)),
        Criterion("terms", "terms", 10, Lookup((("pre", 100.0), ("post", 20.0)))),
    ),
)
TABLE = DecisionTable(
    "grade",
    ABOUT,
    (
        Row("top", (fact("sales") >= 20.0) & (fact("score") >= 60), "gold"),
        Row("late", fact("late").is_yes() & ~(fact("sales") > 12.0), "silver"),
        Row("terms", fact("terms").one_of("pre") & (fact("margin") <= 0.3), "bronze"),
    ),
    otherwise="none",
    scorecards=(CARD,),
)


def around(*anchors: float) -> tuple[float, ...]:
    ends = (-math.inf, math.inf)
    return tuple(
        value
        for anchor in anchors
        for value in (anchor, *(math.nextafter(anchor, end) for end in ends))
    )


SALES = (None, math.nan, math.inf, -0.0, 17.3, *around(10.0, 12.0, 20.0))
MARGINS = (None, math.nan, -math.inf, 0.07, *around(0.0, 0.1, 0.2, 0.3))
ROWS: list[Raw] = [
    {"sales": sales, "margin": margin, "terms": terms, "late": late}
    for sales, margin, terms, late in itertools.product(
        SALES, MARGINS, ("pre", "post", None), (True, False, None)
    )
]


class Slip(ast.NodeTransformer):
    """Puts one thing for another wherever it stands."""

    def __init__(self, change: Callable[[ast.AST], ast.AST]) -> None:
        self.change = change

    def generic_visit(self, node: ast.AST) -> ast.AST:
        return self.change(super().generic_visit(node))


def swapped(one: type[ast.AST], other: type[ast.AST]) -> Callable[[ast.AST], ast.AST]:
    return lambda node: other() if isinstance(node, one) else node


def divided(node: ast.AST) -> ast.AST:
    """Divide by a constant instead of multiplying."""
    match node:
        case ast.BinOp(left, ast.Mult(), ast.Constant(float(factor))):
            return ast.BinOp(left, ast.Div(), ast.Constant(1.0 / factor))
        case _:
            return node


def nothing_is_zero(node: ast.AST) -> ast.AST:
    """Take an unknown number for 0."""
    is_nan = isinstance(node, ast.Name) and node.id == "nan"
    return ast.Constant(0.0) if is_nan else node


def rails_swapped(node: ast.AST) -> ast.AST:
    """Tell the highest outcome as the lowest, and the lowest as the highest."""
    ends = {"low": "high", "high": "low"}
    if isinstance(node, ast.Name) and node.id in ends:
        return ast.Name(ends[node.id], node.ctx)
    return node


def choice_turned(node: ast.AST) -> ast.AST:
    """Choose the other of two."""
    match node:
        case ast.Call(ast.Name("choose") as choose, [when, then, otherwise]):
            return ast.Call(choose, [when, otherwise, then], [])
        case _:
            return node


SLIPS = {
    "at least for above": swapped(ast.Gt, ast.GtE),
    "above for at least": swapped(ast.GtE, ast.Gt),
    "below for at most": swapped(ast.LtE, ast.Lt),
    "or for and": swapped(ast.BitAnd, ast.BitOr),
    "and for or": swapped(ast.BitOr, ast.BitAnd),
    "a division by a constant": divided,
    "null as zero": nothing_is_zero,
    "rails swapped": rails_swapped,
    "the other of two": choice_turned,
}


def with_slip(written: Written, change: Callable[[ast.AST], ast.AST]) -> Written:
    """Return the nodes of a loop with a slip in its body."""
    module = copy.deepcopy(written.module)
    loop = module.body[0]
    assert isinstance(loop, ast.FunctionDef)
    loop.body = [Slip(change).visit(statement) for statement in loop.body]
    return attrs.evolve(written, module=ast.fix_missing_locations(module))


@pytest.fixture(scope="module")
def wanted() -> list[Told]:
    return of_table(TABLE, ROWS)


def test_every_corner_of_a_small_table_is_told_alike(wanted: list[Told]) -> None:
    plan = plan_of(TABLE, ROWS, has_nulls=True)

    assert not differ(plan, ROWS, wanted)
    assert not differ(plan, ROWS, wanted, with_slip(write(plan), lambda node: node))


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_noticed(slip: str, wanted: list[Told]) -> None:
    plan = plan_of(TABLE, ROWS, has_nulls=True)
    slipped = with_slip(write(plan), SLIPS[slip])

    assert differ(plan, ROWS, wanted, slipped)


# what has a loop


def test_the_nodes_hold_no_text_and_no_name_of_a_rule() -> None:
    written = write(plan_of(TABLE, ROWS, has_nulls=True))

    told = {"value", "low", "high", "low0", "high0", "row", "missing"}
    words = {"at", "choose", "loop", "nan", "put", "range", "read", "rows"}
    for node in ast.walk(written.module):
        if isinstance(node, ast.Constant):
            assert type(node.value) in {int, float}
        elif isinstance(node, ast.Name | ast.arg):
            name = node.id if isinstance(node, ast.Name) else node.arg
            assert name in told | words or re.fullmatch(r"[fkt]\d+", name)


def test_the_same_operation_is_done_once() -> None:
    rows = tuple(Row(f"r{at}", fact("sales") >= 5.0, "gold") for at in range(9))
    table = DecisionTable("again", ABOUT, rows, otherwise="none")
    module = ast.unparse(write(plan_of(table, ROWS)).module)

    assert module.count(">= 5.0") == 1


DECAYING = Scorecard("own", ABOUT, (Criterion("c", "sales", 100, Decay(1.0)),))
LONG = tuple(Row(f"r{at}", fact("sales") > at + 0.5, "gold") for at in range(500))


@pytest.mark.parametrize(
    "table",
    [
        attrs.evolve(TABLE, hit=HitPolicy.COUNT),
        DecisionTable("own", ABOUT, TABLE.rows[1:2], scorecards=(DECAYING,)),
        attrs.evolve(TABLE, rows=LONG),
    ],
    ids=["a table that counts", "a scorer without a loop form", "too long a table"],
)
def test_what_has_no_loop_is_left_to_the_columns(table: DecisionTable) -> None:
    assert has_loop(plan_of(TABLE, ROWS))
    assert not has_loop(plan_of(table, ROWS))
