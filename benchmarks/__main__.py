"""Run the benchmarks and print what docs/benchmarks.md shows.

    python -m benchmarks                            # everything, about ten minutes
    python -m benchmarks kernel                     # one part of it, or several
    python -m benchmarks --rounds 9                 # a glance
    python -m benchmarks --into docs/benchmarks.md  # the figures of that page

Install the package with its `bench` extra first. Nothing is downloaded, every draw
is seeded, every way of doing a job is checked to give the same answers.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
from importlib import metadata
from pathlib import Path


_FROM, _TO = "<!-- figures", "<!-- end of figures"
PARTS = (
    "kernel",
    "models",
    "deals",
    "columns",
    "growth",
    "wire",
    "start",
    "memory",
    "page",
)


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="part")
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--into", type=Path, metavar="PAGE")
    asked = parser.parse_args()
    found = [_machine() + "\n"]
    print(found[0], flush=True)
    for part in asked.parts or PARTS:
        module = importlib.import_module(f".{part}", __package__)
        for table in module.measure(asked.rounds):
            found.append(table.markdown())
            print(found[-1], flush=True)
        if asked.into is not None and hasattr(module, "draw"):
            module.draw(asked.into.parent)
    if asked.into is not None:
        _write(asked.into, "\n".join(found), is_whole=not asked.parts)


def _write(page: Path, figures: str, *, is_whole: bool) -> None:
    """Put the figures into the page; where only parts were run, the others stay."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(_FROM, 1)
    first, rest = rest.split("\n", 1)
    old, after = rest.split(_TO, 1)
    if not is_whole:
        tables = {**_tables(old), **_tables(figures)}
        figures = "\n\n".join(
            [figures.split("\n###", 1)[0].strip(), *tables.values(), ""]
        )
    whole = f"{before}{_FROM}{first}\n\n{figures}\n{_TO}{after}"
    page.write_text(whole, encoding="utf-8")


def _tables(figures: str) -> dict[str, str]:
    """Return every table of a page by its heading."""
    parts = figures.split("\n### ")[1:]
    return {part.split("\n", 1)[0]: f"### {part.strip()}" for part in parts}


def _machine() -> str:
    names = (
        "attrs",
        "cattrs",
        "duckdb",
        "jinja2",
        "msgspec",
        "narwhals",
        "numba",
        "polars",
        "zen-engine",
        "automat",
        "transitions",
        "python-statemachine",
        "xstate-statemachine",
    )
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    cores = f"{os.cpu_count()} virtual cores, {platform.machine()}"
    return f"{python}, {platform.system()}, {cores}; {versions}"


if __name__ == "__main__":
    main()
