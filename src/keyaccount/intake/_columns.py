"""What a table and its columns are: names, how a cell is read, what must be there."""

from __future__ import annotations

import attrs

from ._cells import Reader, read_text


__all__ = ["Column", "Table", "needed"]


@attrs.frozen
class Column:
    """One column: its name, how a cell is read, whether a row may leave it blank."""

    name: str
    read: Reader
    is_required: bool = False


@attrs.frozen
class Table:
    """One table: its name, its columns, and those that no two rows may share."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file that holds it, unless a mapping says otherwise."""
        return f"{self.name}.csv"

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return tuple(column.name for column in self.columns if column.is_required)


def needed(name: str, read: Reader = read_text) -> Column:
    """Return a column that must be there, and filled in every row."""
    return Column(name, read, is_required=True)
