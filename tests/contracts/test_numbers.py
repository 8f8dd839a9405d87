"""No model decides by a number of its own: numbers with an opinion are policy."""

from __future__ import annotations

import ast
import decimal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.rooms import address, files, nodes


HARMLESS = {-1, 0, 1, 2, 100}


def numbers(path: Path) -> Iterator[tuple[int, float]]:
    """Yield line and value of every number, also of one given to Decimal as text."""
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            yield node.lineno, node.value  # True and False are 1 and 0: harmless
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[-1]
            in {"Decimal", "Fraction", "float"}
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            text = str(node.args[0].value)
            try:
                yield node.lineno, float(decimal.Decimal(text))
            except decimal.InvalidOperation:
                continue


@pytest.mark.parametrize("path", files("models"), ids=address)
def test_a_model_holds_no_business_number(path: Path) -> None:
    own = [(line, value) for line, value in numbers(path) if value not in HARMLESS]

    assert not own
