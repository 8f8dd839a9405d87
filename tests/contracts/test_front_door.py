"""The front door offers the same names to people, programs and type checkers."""

from __future__ import annotations

import ast
import json
from importlib import import_module

import pytest

import keyaccount
from tests.contracts.rooms import HOUSE, files, python, tree


BLOCK_OF_THE_TYPE_CHECKER = next(
    node
    for node in tree(HOUSE / "__init__.py").body
    if isinstance(node, ast.If)
    and isinstance(node.test, ast.Name)
    and node.test.id == "TYPE_CHECKING"
)


def seen_by_the_type_checker() -> list[tuple[str, str]]:
    """Every name that it sees, and where it looks; a star is all that a room offers."""
    return [
        (str(node.module), name)
        for node in BLOCK_OF_THE_TYPE_CHECKER.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        for name in (
            import_module(str(node.module)).__all__
            if alias.name == "*"
            else [alias.asname or alias.name]
        )
    ]


def test_dir_lists_what_is_offered() -> None:
    assert dir(keyaccount) == sorted(keyaccount.__all__)


def test_nothing_is_offered_twice() -> None:
    assert len(set(keyaccount.__all__)) == len(keyaccount.__all__)


def test_a_type_checker_sees_what_is_offered() -> None:
    seen = [name for _, name in seen_by_the_type_checker()]

    assert sorted(seen) == sorted(keyaccount.__all__)


@pytest.mark.parametrize("home,name", seen_by_the_type_checker())
def test_a_name_comes_from_where_the_type_checker_looks(home: str, name: str) -> None:
    found = getattr(keyaccount, name)

    spaces: dict[str, object] = {}
    exec(f"from {home} import {name}", spaces)  # noqa: S102 - names from our own table
    assert found is spaces[name]


def test_every_model_is_offered() -> None:
    rooms = {path.relative_to(HOUSE / "models").parts[0] for path in files("models")}
    models = {room.removesuffix(".py") for room in rooms if not room.startswith("_")}

    assert models <= set(keyaccount.__all__)


def test_every_noun_is_offered() -> None:
    nouns = {name for name in keyaccount.domain.__all__ if name[0].isupper()}

    assert {name for name in nouns if not name.isupper()} <= set(keyaccount.__all__)


def test_an_unknown_name_tells_python_enough_to_suggest_the_right_one() -> None:
    with pytest.raises(AttributeError, match="Custmer") as caught:
        getattr(keyaccount, "Custmer")  # noqa: B009 - a type checker would refuse it

    assert caught.value.name == "Custmer"
    assert caught.value.obj is keyaccount


def test_importing_the_house_opens_no_room() -> None:
    said = python(
        "import json, sys\nimport keyaccount\nprint(json.dumps(sorted(sys.modules)))\n"
    )

    loaded: list[str] = json.loads(said)
    assert not [name for name in loaded if name.startswith("keyaccount.")]
    assert "attrs" not in loaded
    assert "cattrs" not in loaded


def test_everything_comes_in_by_star() -> None:
    said = python(
        "import keyaccount\n"
        "from keyaccount import *\n"
        "print(set(keyaccount.__all__) - set(globals()))\n"
    )

    assert said.strip() == "set()"
