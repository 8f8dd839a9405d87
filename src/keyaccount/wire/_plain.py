"""What turns itself into plain data: the wire, asked from the value's side."""

from __future__ import annotations

from typing import cast

from ._documents import unstructure


__all__ = ["Plain"]


class Plain:
    """An answer that gives itself as plain data, for JSON or a table."""

    __slots__ = ()

    def to_dict(self) -> dict[str, object]:
        """Return it as plain data, as `wire.unstructure` does."""
        return cast("dict[str, object]", unstructure(self))
