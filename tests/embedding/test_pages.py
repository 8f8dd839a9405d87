"""The recipes are short, are one block each, and use nothing that is private."""

from __future__ import annotations

import ast

import pytest

import keyaccount
from keyaccount import rules, stages, wire
from tests.embedding.pages import PAGES, block


MOST_LINES = 40
PUBLIC = {
    "rules": frozenset(rules.__all__),
    "stages": frozenset(stages.__all__),
    "wire": frozenset(wire.__all__),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_recipe_has_forty_lines_at_most(page: str) -> None:
    lines = [line for line in block(page).splitlines() if line.strip()]

    assert len(lines) <= MOST_LINES


@pytest.mark.parametrize("page", PAGES)
def test_a_recipe_uses_public_names_only(page: str) -> None:
    for node in ast.walk(ast.parse(block(page))):
        if isinstance(node, ast.ImportFrom) and node.module == "keyaccount":
            taken = {alias.name for alias in node.names}
            assert taken <= {*keyaccount.__all__, "rules", "wire"}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.attr in PUBLIC.get(node.value.id, {node.attr})
            assert not node.attr.startswith("_") or node.attr.endswith("__")
