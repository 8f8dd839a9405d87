"""What a table and its columns are: names, how a cell is read, what must be there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from ._cells import (
    Reader,
    read_amount,
    read_day,
    read_deal_value,
    read_number,
    read_rate,
    read_score,
    read_text,
    read_whole,
)
from ._ways import Form


__all__ = ["Column", "Table", "needed"]


_FORMS: Mapping[Reader, Form] = MappingProxyType(
    {
        read_whole: Form.WHOLE,
        read_score: Form.WHOLE,
        read_number: Form.NUMBER,
        read_amount: Form.AMOUNT,
        read_deal_value: Form.AMOUNT,
        read_rate: Form.RATE,
        read_day: Form.DAY,
    }
)


def _form_of(column: Column) -> Form:
    return _FORMS.get(column.read, Form.TEXT)


@attrs.frozen
class Column:
    """One column: its name, how a cell is read, whether a row may leave it blank.

    `form` is how its cells may be written; a reader of ours tells that by itself.
    """

    name: str
    read: Reader
    is_required: bool = False
    form: Form = attrs.field(default=attrs.Factory(_form_of, takes_self=True))


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
