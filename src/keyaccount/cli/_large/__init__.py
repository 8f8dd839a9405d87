"""Large folders: when a review goes by columns, and by which engine."""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

from keyaccount import intake
from keyaccount.cli._screen import Screen
from keyaccount.exceptions import MissingExtraError, Problems
from keyaccount.models import tiering


__all__ = [
    "ENGINES",
    "LARGE_BYTES",
    "LARGE_CUSTOMERS",
    "engine_found",
    "goes_by_columns",
]


LARGE_BYTES = 20_000_000
"""A table of customers or years of more bytes is large."""

LARGE_CUSTOMERS = 100_000
"""So is one of more customers."""

ENGINES = ("polars", "duckdb")
"""The packages that can do it, the first choice first."""

_CHUNK = 1 << 20


def goes_by_columns(
    folder: Path,
    mapping: Path | None,
    wish: bool | None,  # noqa: FBT001 - what the flag says
    policies: Collection[tiering.TieringPolicy],
    screen: Screen,
) -> bool:
    """Say whether a folder is read in columns; if a large one is not, tell why.

    Args:
        folder: the tables.
        mapping: says which file holds which of them.
        wish: what the flag says; None leaves it to the size of the tables.
        policies: by which it is judged.
        screen: told on stderr.

    Raises:
        MissingExtraError: columns are wished for, and no engine is installed.
    """
    if wish is None and not _is_large(folder, mapping):
        return False
    if wish is False:
        return False
    if any(policy.basis is tiering.ValueBasis.LIFETIME for policy in policies):
        screen.aside(screen.say("large.lifetime"))
        return False
    if engine_found() is not None:
        return True
    missing = MissingExtraError("large", "polars")
    if wish:
        raise missing
    screen.aside(screen.say("large.no-engine", remedy=str(missing)))
    return False


def engine_found() -> str | None:
    """Return the package of the engine that is installed, None if there is none."""
    if find_spec("narwhals") is None:
        return None
    return next(filter(find_spec, ENGINES), None)


def _is_large(folder: Path, mapping: Path | None) -> bool:
    mapped = intake.mapping_for(folder, mapping)
    for name in ("customers", "years"):
        table, said = intake.TABLES[name], mapped.table(name)
        path = intake.table_file(folder, table, said, Problems())
        if path is None or not path.is_file():
            continue
        if path.stat().st_size > LARGE_BYTES:
            return True
        if name == "customers" and _rows(path) > LARGE_CUSTOMERS:
            return True
    return False


def _rows(path: Path) -> int:
    """Count the rows, about: a Parquet file knows, in text a line is one."""
    if path.suffix.lower() == ".parquet":
        found = intake.open_parquet(path, Problems())
        return 0 if found is None else found.rows
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))
