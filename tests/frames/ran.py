"""What the differential suite ran on: counted in tests, told at the end of a run."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.frames.engines import ENGINES, Engine


__all__ = ["Ran", "lines"]


_KEY = "same answers"


class Ran:
    """Counts the random frames and rows that an engine answered alike."""

    def __init__(self, node: pytest.Item) -> None:
        self._counts: dict[str, int] = {}
        # a report carries them, from whichever process the test ran in
        node.user_properties.append((_KEY, self._counts))

    def saw(self, engine: Engine, rows: int) -> None:
        """Count one frame."""
        for key, more in (("frames", 1), ("rows", rows)):
            name = f"{engine.name} {key}"
            self._counts[name] = self._counts.get(name, 0) + more


def lines(reports: Iterable[object]) -> list[str]:
    """Say for every engine how much it answered alike, or why it did not run."""
    counts: dict[str, int] = {}
    for report in reports:
        if getattr(report, "when", "") != "call":
            continue
        for key, found in getattr(report, "user_properties", ()):
            if key == _KEY:
                for name, more in found.items():
                    counts[name] = counts.get(name, 0) + more
    if not counts:
        return []
    return [_line(engine, counts) for engine in ENGINES]


def _line(engine: Engine, counts: dict[str, int]) -> str:
    seen = counts.get(f"{engine.name} frames", 0)
    if not seen:
        why = engine.why_not or "not asked in this run"
        return f"{engine.name:16} did not run: {why}"
    rows = counts[f"{engine.name} rows"]
    return f"{engine.name:16} {seen:,} frames, {rows:,} rows ({engine.versions})"
