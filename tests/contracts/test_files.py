"""All files are built alike, so that one learns every room by visiting one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyaccount.rules import Policy
from tests.contracts.rooms import HOUSE, address, files, load, tree


LONGEST = 400
DOORWAYS = {"facts", "known_of"}  # what is known, for a pipeline of any facts to read
PUBLIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@pytest.mark.parametrize("path", files(), ids=address)
def test_a_file_says_first_what_it_is_for(path: Path) -> None:
    words = ast.get_docstring(tree(path))

    assert words
    assert words.splitlines()[0].rstrip()[-1] in ".?`"


@pytest.mark.parametrize("path", files(), ids=address)
def test_a_file_stays_within_its_length(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")

    assert lines <= LONGEST


@pytest.mark.parametrize("path", files(), ids=address)
def test_a_file_says_what_it_offers(path: Path) -> None:
    body = tree(path).body[1:]
    assigned = [
        ast.unparse(node.targets[0]) for node in body if isinstance(node, ast.Assign)
    ]

    assert not body or isinstance(body[0], ast.ImportFrom)
    assert not body or "__all__" in assigned


def undocumented(path: Path) -> Iterator[str]:
    for node in tree(path).body:
        if isinstance(node, PUBLIC) and not node.name.startswith("_"):
            if not ast.get_docstring(node) and not _is_variant(node):
                yield node.name
            if isinstance(node, ast.ClassDef):
                for part in node.body:
                    if (
                        isinstance(part, PUBLIC)
                        and not part.name.startswith("_")
                        and not ast.get_docstring(part)
                        and not _is_variant(part)
                    ):
                        yield f"{node.name}.{part.name}"


def _is_variant(part: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether this is one of several forms of a function that is documented once."""
    marks = {ast.unparse(mark).split(".")[-1] for mark in part.decorator_list}
    return bool(marks & {"overload", "override", "setter"})


@pytest.mark.parametrize("path", files(), ids=address)
def test_everything_public_is_documented(path: Path) -> None:
    assert not list(undocumented(path))


MODELS = [
    path
    for path in files("models")
    if path.match("models/*/__init__.py")
    or (path.parent.name == "models" and not path.name.startswith("_"))
]


def offered(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the kind and the name of each part of a model, in the order of the file."""
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef) and node.name.endswith("Policy"):
            yield "policy", node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = ast.unparse(target)
            if name.endswith("FACTS"):
                yield "declared facts", name
        elif isinstance(node, ast.FunctionDef):
            if node.name == "facts" or node.name.endswith("_facts"):
                yield "doorway", node.name
            elif not node.name.startswith("_"):
                yield "verb", node.name


@pytest.mark.parametrize("path", MODELS, ids=address)
def test_a_model_has_the_same_parts_as_every_other(path: Path) -> None:
    module = load(path)
    names: list[str] = module.__all__
    offered = [getattr(module, name) for name in names]

    assert [one for one in offered if isinstance(one, type) and issubclass(one, Policy)]
    assert [name for name in names if name.endswith("FACTS")]
    assert [name for name in names if name in DOORWAYS or name.endswith("_facts")]
    assert "default_policy" in names


@pytest.mark.parametrize("path", MODELS, ids=address)
def test_the_parts_of_a_model_stand_in_the_same_order(path: Path) -> None:
    """Policy, declared facts, doorway, verbs; several files stand in any order."""
    kinds = list(dict.fromkeys(kind for kind, _ in offered(path)))

    if path.stem != "__init__":
        assert kinds == ["policy", "declared facts", "doorway", "verb"]


@pytest.mark.parametrize("path", MODELS, ids=address)
def test_a_model_names_its_question_and_its_sources(path: Path) -> None:
    words = ast.get_docstring(tree(path)) or ""

    assert "?" in words.split("\n\n")[0]
    assert re.search(r"\bS[0-4]-[0-9]", words)


@pytest.mark.parametrize("path", MODELS, ids=address)
def test_the_same_word_opens_the_policy_of_a_model(path: Path) -> None:
    word = path.parent.name if path.stem == "__init__" else path.stem

    assert (HOUSE / "policies" / f"{word}.toml").is_file()
