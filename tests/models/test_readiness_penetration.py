"""How far we are in an industry, before and after (S0-22)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import IndustryReach
from keyaccount.models import readiness
from keyaccount.models.readiness import IndustryPenetration
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import industry_reaches


THEN, NOW = dt.date(2024, 12, 31), dt.date(2025, 12, 31)


def compared(
    before: tuple[int | None, int | None], after: tuple[int | None, int | None]
) -> IndustryPenetration:
    """Compare targets and served of two days."""
    one = IndustryReach("apparel", THEN, *before)
    return readiness.industry_penetration(one, IndustryReach("apparel", NOW, *after))


@pytest.mark.parametrize(
    ("before", "after", "points", "risen"),
    [
        ((40, 6), (40, 10), (10, 10), Tri.YES),
        ((40, 10), (40, 10), (0, 0), Tri.NO),
        ((40, 10), (50, 11), (-3, -3), Tri.NO),  # we serve more, of more
        ((3, 1), (6, 2), (0, 0), Tri.NO),  # a third is a third
        ((10, 3), (10, None), (-30, 70), Tri.UNKNOWN),
        ((10, 10), (10, None), (-100, 0), Tri.NO),
        ((None, 0), (10, 1), (10, 10), Tri.YES),
        ((None, 4), (None, 5), (-100, 100), Tri.UNKNOWN),
    ],
)
def test_penetration_is_served_by_targets_and_compared_exactly(
    before: tuple[int | None, int | None],
    after: tuple[int | None, int | None],
    points: tuple[float, float],
    risen: Tri,
) -> None:
    found = compared(before, after)

    assert found.points == Interval(*points)
    assert found.risen is risen


def test_where_nobody_is_wanted_there_is_no_share() -> None:
    found = compared((0, 0), (10, 2))

    assert found.share_before is None
    assert found.share_after == Interval(0.2, 0.2)
    assert (found.points, found.risen) == (None, Tri.UNKNOWN)
    assert compared((10, 2), (0, 0)).points is None


@given(industry_reaches("apparel"), industry_reaches("apparel"))
def test_the_change_is_exact_and_what_is_unknown_stays_so(
    before: IndustryReach, after: IndustryReach
) -> None:
    before, after = (
        attrs.evolve(one, counted_on=day) for one, day in ((before, THEN), (after, NOW))
    )
    found = readiness.industry_penetration(before, after)

    counts = before.targets, before.served, after.targets, after.served
    if None not in counts and before.targets and after.targets:
        assert before.served is not None
        assert after.served is not None
        change = Fraction(after.served, after.targets) - Fraction(
            before.served, before.targets
        )
        assert found.points == Interval(float(change * 100), float(change * 100))
        assert found.risen is Tri.of(change > 0)
    if found.points is not None and not found.points.is_exact:
        assert None in counts
    assert wire.loads(wire.dumps(found), IndustryPenetration) == found


@given(industry_reaches("apparel"), st.integers(1, 60), st.data())
def test_whatever_is_counted_later_lies_within_the_bounds(
    after: IndustryReach, targets: int, data: st.DataObject
) -> None:
    after = attrs.evolve(after, counted_on=NOW)
    wide = readiness.industry_penetration(IndustryReach("apparel", THEN, 10, 5), after)
    whole = after.targets
    if whole is None:
        whole = max(targets, after.served or 0)
    served = after.served
    if served is None:
        served = data.draw(st.integers(0, whole))
    exact = readiness.industry_penetration(
        wide.before, attrs.evolve(after, targets=whole, served=served)
    )

    assert (wide.points is None) == (exact.points is None)
    if wide.points is not None and exact.points is not None:
        assert exact.points.low in wide.points
        assert wide.risen in {exact.risen, Tri.UNKNOWN}


def test_one_industry_is_compared_with_itself_and_the_earlier_day_comes_first() -> None:
    one = IndustryReach("apparel", THEN, 40, 6)
    other = IndustryReach("footwear", THEN, 40, 10)

    assert refused(readiness.industry_penetration, one, other) == (
        ("$.after.industry", "contradiction"),
        ("$.after.counted_on", "not-sorted"),
    )
    assert refused(readiness.industry_penetration, one, None) == (
        ("$.after", "wrong-type"),
    )
    next_day = attrs.evolve(one, counted_on=THEN + dt.timedelta(1))
    assert readiness.industry_penetration(one, next_day).industry == "apparel"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (
            (40, 6),
            (40, 10),
            (
                "apparel: our penetration has risen",
                "  2024-12-31: 6 of 40 target customers buy from us, 15%",
                "  2025-12-31: 10 of 40 target customers buy from us, 25%",
                "  up by 10 percentage points",
            ),
        ),
        (
            (40, 10),
            (50, 10),
            (
                "apparel: our penetration has not risen",
                "  2024-12-31: 10 of 40 target customers buy from us, 25%",
                "  2025-12-31: 10 of 50 target customers buy from us, 20%",
                "  down by 5 percentage points",
            ),
        ),
        (
            (10, 5),
            (10, None),
            (
                "apparel: nobody can say whether our penetration has risen",
                "  2024-12-31: 5 of 10 target customers buy from us, 50%",
                "  2025-12-31: not everything was counted",
                "  a change between -50 and 50 percentage points",
            ),
        ),
        (
            (0, 0),
            (4, 1),
            (
                "apparel: nobody can say whether our penetration has risen",
                "  2024-12-31: there were no target customers",
                "  2025-12-31: 1 of 4 target customers buy from us, 25%",
            ),
        ),
    ],
)
def test_a_comparison_reads_aloud(
    before: tuple[int | None, int | None],
    after: tuple[int | None, int | None],
    lines: tuple[str, ...],
) -> None:
    assert compared(before, after).explain() == lines


def test_a_comparison_reads_aloud_in_chinese() -> None:
    assert compared((40, 6), (40, 6)).explain("zh-Hans") == (
        "apparel：渗透率没有上升",
        "  2024-12-31：40 家目标客户中已服务 6 家，占 15%",
        "  2025-12-31：40 家目标客户中已服务 6 家，占 15%",
        "  两日占比相同",
    )
