"""A mapping file: which file, column and value of theirs is which of ours.

encoding = "gb18030"

[customers]
file = "客户.csv"
fixed = { currency = "CNY" }
columns = { "客户编号" = "id", "客户名称" = "name", "类型" = "relation" }
values.relation = { "老客户" = "trading", "新客户" = "prospect" }

One column of theirs may say several things of ours (`"状态" = ["stage", "outcome"]`);
a value that is mapped to nothing ("") is not known, and "*" stands for every value that
is not named; a column mapped to nothing is not read. `percent = ["probability"]` says
that 75 stands for 75 % there. `sheet` names a sheet of a workbook. How numbers and
dates are written may be said for all tables or for one: `decimal` ("." or ","), `dates`
("dmy" or "mdy"), `serials` (1900 or 1904).
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount.exceptions import Problems, ReadError, nearest

from ._days import DAY_ORDERS, SERIALS, DayOrder
from ._tables import TABLES


__all__ = ["EVERYTHING_ELSE", "NO_MAPPING", "Mapped", "TableMapping", "read_mapping"]


EVERYTHING_ELSE = "*"
"""Among the values of a column: whatever is not named itself."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
_MOST_BYTES = 1_000_000
_WAYS = ("decimal", "dates", "serials")
_KEYS = ("file", "sheet", "columns", "values", "fixed", "percent", *_WAYS)


def _several(
    columns: Mapping[str, str | tuple[str, ...]],
) -> Mapping[str, tuple[str, ...]]:
    """Let one column of ours stand by itself."""
    return MappingProxyType(
        {
            theirs: (ours,) if isinstance(ours, str) else ours
            for theirs, ours in columns.items()
        }
    )


@attrs.frozen
class TableMapping:
    """How one table of theirs becomes one of ours; a column may say several things."""

    file: str | None = None
    columns: Mapping[str, tuple[str, ...]] = attrs.field(
        default=MappingProxyType({}), converter=_several
    )
    values: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    fixed: Mapping[str, str] = _NOTHING
    sheet: str | None = None
    decimal: str | None = None
    dates: DayOrder | None = None
    serials: int | None = None
    percent: frozenset[str] = frozenset()


@attrs.frozen
class Mapped:
    """A whole mapping file; what it says of numbers and dates holds for all tables."""

    encoding: str | None = None
    tables: Mapping[str, TableMapping] = MappingProxyType({})
    decimal: str | None = None
    dates: DayOrder | None = None
    serials: int | None = None

    def table(self, name: str) -> TableMapping:
        """Return what is said about one table; nothing, if nothing is."""
        own = self.tables.get(name, TableMapping())
        return attrs.evolve(
            own,
            decimal=self.decimal if own.decimal is None else own.decimal,
            dates=self.dates if own.dates is None else own.dates,
            serials=self.serials if own.serials is None else own.serials,
        )


NO_MAPPING = Mapped()


def read_mapping(path: Path, *, own_facts: Sequence[str] = ()) -> Mapped:
    """Read a mapping file.

    Args:
        path: the file.
        own_facts: columns of the deals beside ours: a pipeline's own facts.

    Raises:
        ReadError: it cannot be read; every mistake in it is listed.
    """
    problems = Problems()
    document: dict[str, object] = {}
    try:
        with path.open("rb") as file:
            document = tomllib.loads(file.read(_MOST_BYTES + 1)[:_MOST_BYTES].decode())
    except OSError as error:
        problems.add("", "bad-syntax", error.strerror or "", "name a file to be read")
    except (ValueError, RecursionError) as error:  # broken, no UTF-8, a huge number
        problems.add("", "bad-syntax", str(error), "write TOML in UTF-8")
    encoding = _encoding(document.pop("encoding", None), problems)
    told = {key: document.pop(key) for key in _WAYS if key in document}
    decimal, dates, serials = _ways("", told, problems)
    tables = {}
    for name, given in document.items():
        if name not in TABLES:
            offered = ["encoding", *_WAYS, *TABLES]
            problems.add("", "unknown-key", name, nearest(name, offered))
        elif not isinstance(given, dict):
            problems.add(name, "wrong-type", given, "a table")
        else:
            tables[name] = _table(name, given, problems, own_facts)
    if problems:
        raise ReadError(f"mapping {path.name}", problems.all())
    return Mapped(encoding, MappingProxyType(tables), decimal, dates, serials)


def _encoding(given: object, problems: Problems) -> str | None:
    if given is None:
        return None
    if isinstance(given, str):
        try:
            return codecs.lookup(given).name
        except LookupError:
            pass
    wanted = "an encoding such as utf-8, gb18030, big5 or cp1252"
    problems.add("encoding", "unknown-choice", given, wanted)
    return None


def _ways(
    place: str, given: Mapping[str, object], problems: Problems
) -> tuple[str | None, DayOrder | None, int | None]:
    """Read how numbers and dates are written, for all tables or for one."""
    decimal, dates, serials = (given.get(key) for key in _WAYS)
    signs = next((sign for sign in (".", ",") if sign == decimal), None)
    order: DayOrder | None = next((one for one in DAY_ORDERS if one == dates), None)
    system = next((year for year in SERIALS if year == serials), None)
    for key, raw, read, wanted in (
        ("decimal", decimal, signs, '"." or ","'),
        ("dates", dates, order, '"dmy" or "mdy"'),
        ("serials", serials, system, "1900 or 1904"),
    ):
        if raw is not None and read is None:
            problems.add(f"{place}{key}", "unknown-choice", raw, wanted)
    return signs, order, system


def _table(
    name: str,
    given: dict[str, object],
    problems: Problems,
    own_facts: Sequence[str],
) -> TableMapping:
    ours = [column.name for column in TABLES[name].columns]
    if name == "deals":
        ours += own_facts
    for key in given:
        if key not in _KEYS:
            problems.add(name, "unknown-key", key, nearest(key, _KEYS))
    file = given.get("file")
    if file is not None and (
        not isinstance(file, str) or file in {"", ".", ".."} or {*file} & {*"/\\\0"}
    ):
        wanted = "a plain file name inside the folder"
        problems.add(f"{name}.file", "bad-syntax", file, wanted)
        file = None
    sheet = given.get("sheet")
    if sheet is not None and not isinstance(sheet, str):
        problems.add(f"{name}.sheet", "wrong-type", sheet, "text in quotes")
        sheet = None
    columns = _columns(f"{name}.columns", given.get("columns", {}), problems)
    fixed = _texts(f"{name}.fixed", given.get("fixed", {}), problems)
    values = {}
    raw = given.get("values", {})
    if isinstance(raw, dict):
        for column, pairs in raw.items():
            values[column] = _texts(f"{name}.values.{column}", pairs, problems)
    else:
        problems.add(f"{name}.values", "wrong-type", raw, "a table")
    told = [column for several in columns.values() for column in several]
    percent = _percent(f"{name}.percent", given.get("percent", []), problems)
    named = {"columns": told, "fixed": fixed, "values": values, "percent": percent}
    for place, names in named.items():
        for column in names:
            if column not in ours:
                hint = nearest(column, ours)
                problems.add(f"{name}.{place}", "unknown-choice", column, hint)
    targets = [*told, *fixed]
    for column in sorted({column for column in targets if targets.count(column) > 1}):
        problems.add(f"{name}.columns", "duplicate", column)
    return TableMapping(
        file if isinstance(file, str) else None,
        columns,
        MappingProxyType(values),
        MappingProxyType(fixed),
        sheet if isinstance(sheet, str) else None,
        *_ways(f"{name}.", given, problems),
        percent=frozenset(percent),
    )


def _percent(path: str, given: object, problems: Problems) -> list[str]:
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        return given
    problems.add(path, "wrong-type", given, "a list of columns")
    return []


def _texts(path: str, given: object, problems: Problems) -> dict[str, str]:
    if not isinstance(given, dict):
        problems.add(path, "wrong-type", given, "a table of text to text")
        return {}
    found = {}
    for key, value in given.items():
        if isinstance(value, str):
            found[key.strip()] = value.strip()
        else:
            problems.add(f"{path}.{key}", "wrong-type", value, "text in quotes")
    return found


def _columns(
    path: str, given: object, problems: Problems
) -> dict[str, tuple[str, ...]]:
    """Read which of our columns each of theirs is; a list where it is several."""
    if not isinstance(given, dict):
        problems.add(path, "wrong-type", given, "a table of text to text")
        return {}
    found = {}
    for key, value in given.items():
        names = value if isinstance(value, list) else [value]
        if names and all(isinstance(name, str) for name in names):
            found[key.strip()] = tuple(filter(None, (name.strip() for name in names)))
        else:
            wanted = "text in quotes, or a list of it"
            problems.add(f"{path}.{key}", "wrong-type", value, wanted)
    return found
