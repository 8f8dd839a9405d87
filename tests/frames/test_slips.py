"""The check that holds columns and the object path equal notices a slip in columns.

Each slip is one that somebody could make in `frames`, put in its place; the suite's
own comparison must then find a difference, on Polars and on an engine that is not
Polars, within a few random rules. What turned up, and when, is written down in
`docs/benchmarks.md`; `-s` prints it.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import attrs
import narwhals as nw
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from keyaccount import frames
from keyaccount.frames import _columns, _marks, _rails
from keyaccount.frames._language import both
from keyaccount.frames._marks import Part
from keyaccount.frames._rails import Fold, Rails
from keyaccount.rules import DecisionTable, Linear, Op
from tests.frames.drawn import Raw, decisions
from tests.frames.engines import ENGINES, Engine
from tests.frames.same import EVERY_PART, by_decide, differences


# Where the first slip turns up is of interest, its smallest form is not.
SEARCH = settings(
    max_examples=20 * max(100, settings().max_examples),
    phases=[Phase.generate],
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
ON = [engine for engine in ENGINES if engine.name in {"polars", "pyarrow", "duckdb"}]


class Noticed(Exception):  # noqa: N818 - nothing went wrong
    """The comparison found a difference."""


def inclusive(patch: pytest.MonkeyPatch) -> None:
    """Write >= where > belongs."""
    patch.setattr(_rails, "_OPS", {**_rails._OPS, Op.GT: operator.ge})


def division(patch: pytest.MonkeyPatch) -> None:
    """Divide by a constant instead of multiplying by the slope."""

    def linear(scorer: Linear, weight: float, fact: Any, words: Any) -> Any:
        low, slope = float(scorer.low), scorer.slope
        above = (low - fact) if slope < 0.0 else (fact - low)
        return words.held(above / (1.0 / abs(slope))) * weight

    patch.setattr(_marks, "linear", linear)


def swapped_rail(patch: pytest.MonkeyPatch) -> None:
    """Say of an unknown fact that a condition must hold where it may."""
    told = _rails._told

    def swapped(known: Any, answer: Any) -> Rails[Any]:
        found: Rails[Any] = told(known, answer)
        return Rails(found.may, found.must)

    patch.setattr(_rails, "_told", swapped)


def swapped_ends(patch: pytest.MonkeyPatch) -> None:
    """Compare the high end of a score where the low one belongs."""
    of_fold = _rails._of_fold

    def swapped(fold: Fold[Any], op: Op, value: float) -> Rails[Any]:
        return of_fold(Fold(fold.high, fold.low), op, value)

    patch.setattr(_rails, "_of_fold", swapped)


def null_as_zero(patch: pytest.MonkeyPatch) -> None:
    """Take a missing fact for a mark of nothing, on the high rail too."""
    part = _marks.part

    def as_zero(criterion: Any, words: Any) -> Part:
        found = part(criterion, words)
        return Part(criterion, found.low, found.low)

    patch.setattr(_marks, "part", as_zero)


def null_as_no(patch: pytest.MonkeyPatch) -> None:
    """Take an answer that nobody gave for a no."""

    def as_no(known: Any, answer: Any) -> Rails[Any]:
        must = both((known, answer))
        return Rails(must, must)

    patch.setattr(_rails, "_told", as_no)


def sum_horizontal(patch: pytest.MonkeyPatch) -> None:
    """Leave the sum to the engine: Polars adds in an order of its own.

    On other engines narwhals writes this out from left to right: the same bits.
    """

    def summed(found: list[Any], words: Any) -> Any:
        terms = [words.constant(x) if isinstance(x, float) else x for x in found]
        return nw.sum_horizontal(*terms)

    patch.setattr(_marks, "_sum", summed)


def from_the_right(patch: pytest.MonkeyPatch) -> None:
    """Add from the last to the first."""
    left_to_right = _marks._sum

    def summed(found: list[Any], words: Any) -> Any:
        return left_to_right(found[::-1], words)

    patch.setattr(_marks, "_sum", summed)


def unheld(patch: pytest.MonkeyPatch) -> None:
    """Let a mark rise above 100."""
    patch.setattr(_columns.Columns, "held", lambda _, mark: mark)


SLIPS: list[Callable[[pytest.MonkeyPatch], None]] = [
    inclusive,
    division,
    swapped_rail,
    swapped_ends,
    null_as_zero,
    null_as_no,
    from_the_right,
    unheld,
]


@attrs.define
class Search:
    """Compares random frames till one shows a difference, and counts them."""

    engine: Engine
    tried: int = 0

    def run(self, how: settings = SEARCH) -> bool:
        """Say whether a difference turned up."""

        @how
        @given(decisions())
        def check(case: tuple[DecisionTable, list[Raw]]) -> None:
            table, rows = case
            self.tried += 1

            def ask(frame: Any) -> Any:
                return frames.decide(frame, table, parts=EVERY_PART)

            expected = functools.partial(by_decide, table)
            if differences(self.engine, table.about, rows, ask, expected):
                raise Noticed

        try:
            check()
        except Noticed:
            return True
        return False


@pytest.mark.parametrize("engine", ON, ids=str)
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
def test_a_slip_in_the_columns_is_noticed(
    engine: Engine,
    slip: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert_noticed(slip, engine, monkeypatch)


@pytest.mark.parametrize("engine", ON, ids=str)
def test_without_a_slip_nothing_is_noticed(engine: Engine) -> None:
    if engine.why_not:
        pytest.skip(engine.why_not)
    search = Search(engine)

    assert not search.run(settings(SEARCH, max_examples=60))
    assert search.tried == 60


@pytest.mark.parametrize("name", ["polars", "polars-lazy"])
def test_a_sum_that_is_left_to_polars_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = next(engine for engine in ENGINES if engine.name == name)

    assert_noticed(sum_horizontal, engine, monkeypatch)


def assert_noticed(
    slip: Callable[[pytest.MonkeyPatch], None],
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if engine.why_not:
        pytest.skip(engine.why_not)
    slip(monkeypatch)
    search = Search(engine)

    assert search.run()
    print(f"{slip.__name__}, {engine}: noticed in frame {search.tried}")  # noqa: T201 - asked for
