"""Runs a notebook's cells in order and stores what they give: no kernel is needed.

    python tools/notebook.py docs/tutorial-notebook.ipynb

A cell gives what it prints and, as Jupyter shows it, what its last line is. A test
holds the stored outputs equal to a run's, and a real kernel's where one is installed.
"""  # noqa: INP001 - a script, no package

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
from pathlib import Path


__all__ = ["ran", "written"]


def ran(notebook: dict[str, object]) -> dict[str, object]:
    """Return the notebook with the outputs of a run from the first cell to the last."""
    names: dict[str, object] = {"__name__": "__main__"}
    cells = []
    count = 0
    listed = notebook["cells"]
    if not isinstance(listed, list):
        raise TypeError(type(listed))
    for cell in listed:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        count += 1
        outputs = _run("".join(cell["source"]), names, count)
        cells.append({**cell, "execution_count": count, "outputs": outputs})
    return {**notebook, "cells": cells}


def written(notebook: dict[str, object]) -> str:
    """Return the text of a notebook's file."""
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _run(source: str, names: dict[str, object], count: int) -> list[dict[str, object]]:
    """Run one cell as Jupyter does: what its last line is, is shown."""
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    shown: object = None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        if isinstance(last, ast.Expr):
            before = ast.Module(tree.body[:-1], type_ignores=[])
            exec(compile(before, "<cell>", "exec"), names)  # noqa: S102 - our own page
            body = ast.Expression(last.value)
            shown = eval(compile(body, "<cell>", "eval"), names)  # noqa: S307 - same
        else:
            exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - the same
    outputs: list[dict[str, object]] = []
    if printed.getvalue():
        text = printed.getvalue().splitlines(keepends=True)
        outputs.append({"name": "stdout", "output_type": "stream", "text": text})
    if shown is not None:
        outputs.append(
            {
                "data": _data(shown),
                "execution_count": count,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    return outputs


def _data(shown: object) -> dict[str, list[str]]:
    """Return what a value gives a notebook, by kind."""
    data = {"text/plain": repr(shown)}
    form = getattr(shown, "_repr_html_", None)
    if form is not None:
        data["text/html"] = form()
    return {kind: data[kind].splitlines(keepends=True) for kind in sorted(data)}


def main() -> None:
    """Run the named notebooks and store what they give."""
    for name in sys.argv[1:]:
        path = Path(name)
        notebook = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(written(ran(notebook)), encoding="utf-8")


if __name__ == "__main__":
    main()
