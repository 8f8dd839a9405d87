"""The same answers on Spark, in local mode and in several partitions.

Opt-in, because Spark takes its time to start: set `KEYACCOUNT_SPARK=1`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from keyaccount import frames
from keyaccount.models import tiering
from keyaccount.models.tiering import TieringPolicy
from keyaccount.rules import DecisionTable
from tests.frames.drawn import Raw, cells_of, decisions, tierings
from tests.frames.engines import ENGINES, spark
from tests.frames.ran import Ran
from tests.frames.same import EVERY_PART, by_decide, by_tiering, differences


SPARK = next(engine for engine in ENGINES if engine.name == "pyspark")
pytestmark = [
    pytest.mark.skipif(bool(SPARK.why_not), reason=SPARK.why_not),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # its sockets to the JVM
]
EXAMPLES = max(5, settings().max_examples // 4)
ALIKE = settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
FEW = settings(ALIKE, max_examples=max(2, EXAMPLES // 5))


@pytest.fixture(scope="module", autouse=True)
def session() -> Iterator[Any]:
    """Start Spark once, and stop it at the end."""
    found = spark()
    yield found
    found.stop()
    spark.cache_clear()


def test_a_table_decides_alike(ran: Ran) -> None:
    @ALIKE
    @given(decisions())
    def check(case: tuple[DecisionTable, list[Raw]]) -> None:
        table, rows = case

        def ask(frame: Any) -> Any:
            return frames.decide(frame, table, parts=EVERY_PART)

        expected = functools.partial(by_decide, table)
        assert not differences(SPARK, table.about, rows, ask, expected)
        ran.saw(SPARK, len(rows))

    check()


def test_customers_are_tiered_alike(ran: Ran) -> None:
    @FEW
    @given(tierings())
    def check(case: tuple[TieringPolicy, list[Raw]]) -> None:
        policy, rows = case

        def ask(frame: Any) -> Any:
            return frames.tiering(frame, policy=policy, parts=EVERY_PART)

        expected = functools.partial(by_tiering, policy)
        assert not differences(SPARK, tiering.FACTS, rows, ask, expected)
        ran.saw(SPARK, len(rows))

    check()


def test_the_frame_stays_lazy_and_in_its_partitions(session: Any) -> None:
    rows: list[Raw] = [dict.fromkeys(tiering.FACTS.names) for _ in range(9)]
    given_ = SPARK.build(cells_of(tiering.FACTS, rows))
    jobs = session.sparkContext.statusTracker()
    before = len(jobs.getJobIdsForGroup(None))

    answer = frames.tiering(given_)

    assert len(jobs.getJobIdsForGroup(None)) == before
    assert type(answer) is type(given_)
    assert answer.rdd.getNumPartitions() == 3
    assert {row["tiering"] for row in answer.collect()} == {"unclassified"}
    assert len(jobs.getJobIdsForGroup(None)) > before
