"""Times several ways of doing one job, in turn, and compares them round by round.

The machine is never quiet. So every round times every way once, in a shuffled order,
a ratio is taken within its round, and the median over the rounds is reported with
the middle half of the ratios: that is about what a repeat will show.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs


__all__ = ["Figure", "Way", "compare", "figures", "short", "way"]


@attrs.frozen
class Way:
    """A function, and the items that it is called with, one after the other."""

    function: Callable[[Any], object]
    items: Sequence[Any]


def way(function: Callable[[Any], object], items: Iterable[Any]) -> Way:
    """Pair a function with its items."""
    return Way(function, list(items))


@attrs.frozen
class Figure:
    """The time of one way, in seconds per item and as a ratio to the yardstick."""

    seconds: float
    ratio: float
    low: float
    high: float

    @property
    def spread(self) -> str:
        """The ratio, and between what it lies in the middle half of the rounds."""
        return f"{short(self.ratio)} ({short(self.low)}–{short(self.high)})"

    @property
    def time(self) -> str:
        """The time per item, in a fitting unit."""
        for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
            if self.seconds >= size:
                return f"{self.seconds / size:.3g} {unit}"
        return f"{self.seconds * 1e9:.2g} ns"


def short(ratio: float) -> str:
    """Write a ratio with as many digits as mean something."""
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.3g}"


def compare(
    ways: Mapping[str, Way], *, yardstick: str, rounds: int, seconds: float = 0.006
) -> dict[str, Figure]:
    """Time all *ways* in turn, and hold each against the *yardstick*.

    Within a round a way goes through its items until about *seconds* have passed.
    What an empty loop over the items costs is taken off; the call is not.
    """
    floor = min(_time_empty(_MANY) for _ in range(50)) / len(_MANY)
    runs = {name: _runs(one, seconds) for name, one in ways.items()}
    order = list(ways)
    shuffle = random.Random(7).shuffle
    times: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    gc.freeze()  # what stands already is not looked at again
    for _ in range(rounds):
        shuffle(order)
        for name in order:
            one = ways[name]
            spent = _time(one, runs[name]) / (runs[name] * len(one.items))
            times[name].append(spent - floor)
    gc.unfreeze()
    return figures(times, yardstick)


def figures(times: Mapping[str, Sequence[float]], yardstick: str) -> dict[str, Figure]:
    """Compare times that were taken in the same rounds."""
    found = {}
    for name, spent in times.items():
        pairs = zip(spent, times[yardstick], strict=True)
        low, middle, high = statistics.quantiles([one / two for one, two in pairs], n=4)
        found[name] = Figure(statistics.median(spent), middle, low, high)
    return found


_MANY = range(512)


def _runs(one: Way, seconds: float) -> int:
    _time(one, 1)
    return max(1, round(seconds / min(_time(one, 1) for _ in range(3))))


def _time(one: Way, runs: int) -> float:
    function, items = one.function, one.items
    start = time.perf_counter()
    for _ in range(runs):
        for item in items:
            function(item)
    return time.perf_counter() - start


def _time_empty(items: Sequence[object]) -> float:
    start = time.perf_counter()
    for _ in items:
        pass
    return time.perf_counter() - start
