"""The check that holds both paths equal notices a slip in the generated code."""

from __future__ import annotations

import ast

import pytest
from hypothesis import HealthCheck, Phase, find, settings

from keyaccount.rules import DecisionTable, Facts, compile_table
from keyaccount.rules._compile import load
from keyaccount.rules._syntax import Written, write
from tests.compiled_paths import agree
from tests.rule_strategies import cases


# Where the first slip turns up is of no interest, and neither is its smallest form.
SEARCH = settings(
    max_examples=40 * max(100, settings().max_examples),
    phases=[Phase.generate],
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class Inclusive(ast.NodeTransformer):
    """Write >= where > belongs."""

    def visit_Gt(self, node: ast.Gt) -> ast.cmpop:
        """Change one comparison."""
        del node
        return ast.GtE()


class SwappedRail(ast.NodeTransformer):
    """Read the high end of a number where the low one belongs."""

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Change one name."""
        if isinstance(node.ctx, ast.Load) and node.id.startswith("low_f"):
            return ast.Name(node.id.replace("low", "high"), node.ctx)
        return node


class NullAsZero(ast.NodeTransformer):
    """Take a missing fact for a mark of nothing, on the high rail too."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AugAssign:
        """Change one addition."""
        if isinstance(node.op, ast.Add) and isinstance(node.value, ast.Constant):
            return ast.AugAssign(node.target, node.op, ast.Constant(0.0))
        return node


class NullAsNo(ast.NodeTransformer):
    """Take a missing answer for a no."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """Change one and, or or."""
        self.generic_visit(node)
        first = node.values[0]
        if isinstance(first, ast.Compare) and isinstance(first.ops[0], ast.Is):
            return node.values[-1] if isinstance(node.op, ast.Or) else node
        return node


class Division(ast.NodeTransformer):
    """Divide a fact by a constant instead of multiplying it with the slope."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.BinOp:
        """Change one product."""
        slope = node.right
        if isinstance(node.op, ast.Mult) and isinstance(slope, ast.Constant):
            assert isinstance(slope.value, float)
            return ast.BinOp(node.left, ast.Div(), ast.Constant(1.0 / slope.value))
        return node


@pytest.mark.parametrize(
    "slip", [Inclusive, SwappedRail, NullAsZero, NullAsNo, Division]
)
def test_a_slip_in_the_generated_code_is_noticed(
    slip: type[ast.NodeTransformer],
) -> None:
    def is_noticed(case: tuple[DecisionTable, Facts]) -> bool:
        table, facts = case
        written = write(table)
        module = ast.fix_missing_locations(slip().visit(written.module))
        slipped = load(table, Written(module, written.namespace))
        return not agree(table, slipped, facts)

    table, facts = find(cases(), is_noticed, settings=SEARCH)

    assert agree(table, compile_table(table), facts)
