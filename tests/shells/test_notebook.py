"""The tutorial notebook runs from its first cell to its last and shows the truth."""

from __future__ import annotations

import copy
import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import cast

import pytest

from keyaccount import wording
from tests.contracts.rooms import PROJECT
from tests.report.seen import seen
from tools import notebook


PAGE = PROJECT / "docs" / "tutorial-notebook.ipynb"
KERNEL = """
import json, sys
import nbformat
from nbclient import NotebookClient

page = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(page, timeout=300).execute()
print(json.dumps([cell.get("outputs", []) for cell in page.cells]))
"""


@functools.cache
def stored() -> dict[str, object]:
    return cast("dict[str, object]", json.loads(PAGE.read_text(encoding="utf-8")))


def cells(page: dict[str, object]) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", page["cells"])


def outputs() -> Iterator[dict[str, object]]:
    for cell in cells(stored()):
        yield from cast("list[dict[str, object]]", cell.get("outputs", []))


def shown() -> Iterator[str]:
    """Yield the HTML that the notebook holds."""
    for output in outputs():
        data = cast("dict[str, list[str]]", output.get("data", {}))
        if "text/html" in data:
            yield "".join(data["text/html"])


def test_what_the_notebook_shows_is_what_a_run_gives() -> None:
    page = notebook.ran(copy.deepcopy(stored()))

    assert page == stored()  # tools/notebook.py stores what a run gives
    assert notebook.written(page) == PAGE.read_text(encoding="utf-8")


def test_a_cell_that_says_something_else_is_noticed() -> None:
    other = copy.deepcopy(stored())
    code = [cell for cell in cells(other) if cell["cell_type"] == "code"]
    code[0]["source"] = ["print(1)\n", "2"]
    del code[1:]
    cells(other)[:] = code

    (ran,) = cells(notebook.ran(other))

    assert ran["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": ["1\n"]},
        {
            "data": {"text/plain": ["2"]},
            "execution_count": 1,
            "metadata": {},
            "output_type": "execute_result",
        },
    ]


def test_a_real_kernel_shows_the_same() -> None:
    pytest.importorskip("ipykernel", reason="Jupyter is not here")
    pytest.importorskip("nbclient", reason="Jupyter is not here")
    done = subprocess.run(  # noqa: S603 - the script is this test's own
        [sys.executable, "-c", KERNEL, str(PAGE)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": "5", "LC_ALL": "C.UTF-8"},
    )

    assert not done.returncode, done.stderr
    ran = json.loads(done.stdout)
    told = [cell.get("outputs", []) for cell in cells(stored())]
    assert joined(ran) == joined(told)


def joined(told: object) -> object:
    """Put the lines of a text together, as a file may hold either."""
    match told:
        case dict():
            return {key: joined(part) for key, part in told.items()}
        case list() if told and all(isinstance(part, str) for part in told):
            return "".join(told)
        case list():
            return [joined(part) for part in told]
        case _:
            return told


def test_the_notebook_leads_from_rows_to_a_decision() -> None:
    text = "".join(
        "".join(cast("list[str]", cell["source"])) for cell in cells(stored())
    )

    for step in (
        "Customer.from_records(",
        "tiering.classify(",
        "next_rung(",
        "selection.designate(",
        "payment.choose(",
        "intake.read_folder(",
        "book.review(",
        "agenda.within(7)",
        "book.compare(",
        "policies.read(",
        'locale="zh-Hans"',
    ):
        assert step in text


def test_what_the_notebook_shows_is_whole_and_harmless_html() -> None:
    found = [seen(one) for one in shown()]

    assert len(found) > 8
    for one in found:
        assert {name for _, name, _ in one.attributes} <= {"lang", "scope"}
        assert "script" not in one.tags
    told = [value for one in found for value in one.values("lang")]
    assert told.count("zh-Hans") == 1
    assert {*told} <= {*wording.LOCALES}


def test_the_notebook_holds_no_error_and_no_place_on_a_disk() -> None:
    assert {output["output_type"] for output in outputs()} <= {
        "stream",
        "execute_result",
    }
    text = PAGE.read_text(encoding="utf-8")
    assert not re.search(r"site-packages|/home/|/tmp/|0x[0-9a-f]{6}", text)
    assert len(text) < 200_000
