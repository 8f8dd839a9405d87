"""What a benchmark reports: figures held against targets, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from .timing import Figure


__all__ = ["Held", "Table", "held", "ways"]


@attrs.frozen
class Table:
    """A heading, the names of the columns, and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Write it to be pasted."""
        rule = tuple("---" for _ in self.columns)
        lines = [f"| {' | '.join(row)} |" for row in (self.columns, rule, *self.rows)]
        return "\n".join([f"### {self.title}", "", *lines, ""])


@attrs.frozen
class Held:
    """A figure, and what it is held to: this must be reached, that is the aim."""

    id: str
    what: str
    value: float
    shown: str
    must: float | None = None
    aim: float | None = None
    at_least: bool = False

    def row(self) -> tuple[str, ...]:
        """Write the figure, its targets and whether they are met."""
        limits = (self._limit(self.must), self._limit(self.aim))
        return (self.id, self.what, self.shown, *limits, self._outcome())

    def _limit(self, limit: float | None) -> str:
        return "" if limit is None else f"{'≥' if self.at_least else '≤'} {limit:g}"

    def _reaches(self, limit: float) -> bool:
        return self.value >= limit if self.at_least else self.value <= limit

    def _outcome(self) -> str:
        if self.aim is not None and self._reaches(self.aim):
            return "aim met"
        if self.must is not None:
            return "met" if self._reaches(self.must) else "**missed**"
        return "reported" if self.aim is None else "**aim missed**"


def held(title: str, found: Iterable[Held]) -> Table:
    """List figures with what they are held to."""
    columns = ("", "job", "measured", "must", "aim", "")
    return Table(title, columns, tuple(one.row() for one in found))


def ways(title: str, names: Mapping[str, str], found: Mapping[str, Figure]) -> Table:
    """List every way that was timed, by its name, with its time and its ratio."""
    rows = [(names[key], one.time, one.spread) for key, one in found.items()]
    return Table(title, ("way", "time", "× the first"), tuple(rows))
