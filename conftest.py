"""Every example in the README, the documentation and the docstrings is a test.

A `python` block runs; one that starts with `>>>` is a doctest. What a plain block
prints is compared with the `text` block that follows it, if one does. A document's
blocks share their names and run in order, also where several processes share them
out. `<!-- skip: next "why" -->` leaves out the next block and says so.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import unittest

import pytest
from sybil import Example, Sybil
from sybil.document import PythonDocStringDocument
from sybil.evaluators.python import PythonEvaluator
from sybil.integration.pytest import SybilItem
from sybil.parsers.abstract.codeblock import PythonDocTestOrCodeBlockParser
from sybil.parsers.myst import CodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser


FENCE = "```"
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class _Printing(PythonEvaluator):
    """Run a block and keep what it prints for the `text` block that follows."""

    def __call__(self, example: Example) -> None:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            super().__call__(example)
        told = (example.region.end, printed.getvalue())
        example.document.namespace["_printed"] = told


def _compare(example: Example) -> str | None:
    end, printed = example.document.namespace.pop("_printed", (0, ""))
    between = example.document.text[end : example.region.start]
    if not printed or FENCE in between:  # it does not follow a block that prints
        return None
    if _trimmed(printed) == _trimmed(example.parsed):
        return None
    return f"expected:\n{example.parsed}\nprinted:\n{printed}"


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


class _PythonBlock(PythonDocTestOrCodeBlockParser):
    codeblock_parser_class = CodeBlockParser

    def __init__(self) -> None:
        super().__init__(doctest_optionflags=OPTIONS)
        self.codeblock_parser = CodeBlockParser("python", _Printing())


def _forget(namespace: dict[str, object]) -> None:
    namespace.pop("_printed", None)


pages = Sybil(
    parsers=[_PythonBlock(), CodeBlockParser("text", _compare), SkipParser()],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
    teardown=_forget,
)

docstrings = Sybil(
    parsers=[DocTestParser(OPTIONS)],
    patterns=["src/**/*.py"],
    document_types={".py": PythonDocStringDocument},
)

pytest_collect_file = (pages + docstrings).pytest()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the blocks of a page in their order; everything else may be shuffled."""
    blocks = [item for item in items if isinstance(item, SybilItem)]
    others = [item for item in items if not isinstance(item, SybilItem)]
    blocks.sort(key=lambda item: (str(item.path), item.example.line))
    items[:] = [*others, *blocks]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Run the blocks above this one first, where another process was given them."""
    if not isinstance(item, SybilItem) or item.path.suffix != ".md":
        return
    document, here = item.example.document, item.example.start
    run: set[int] = document.namespace.setdefault("_run", set())
    for example in document:
        if example.start < here and example.start not in run:
            run.add(example.start)
            with contextlib.suppress(unittest.SkipTest):  # a block that is left out
                example.evaluate()
    run.add(here)
