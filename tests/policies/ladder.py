"""A small policy for the tests of reading, merging and checking."""

from __future__ import annotations

import attrs

from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Criterion,
    Fact,
    FactSchema,
    Policy,
    Row,
    checked_scorecard,
    checked_table,
)


__all__ = ["FACTS", "TEXT", "LadderPolicy"]


FACTS = FactSchema(
    (
        Fact.number("sales", unit="money", low=0),
        Fact.number("margin", unit="share"),
        Fact.number("influence", unit="mark", low=0, high=100),
    )
)


@attrs.frozen(kw_only=True)
class LadderPolicy(Policy):
    """Rows over a score, checked whole."""

    rows: tuple[Row, ...]
    criteria: tuple[Criterion, ...]
    otherwise: str | None = None

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        card = checked_scorecard(
            problems, name="composite", about=FACTS, criteria=self.criteria
        )
        checked_table(
            problems,
            name="ladder",
            about=FACTS,
            rows=self.rows,
            otherwise=self.otherwise,
            outcomes=("low", "middle", "high"),
            scorecards=() if card is None else (card,),
            scores=("composite",),
        )
        problems.check("policy")


TEXT = """
name = "ladder"
version = "1"
question = "How high?"
otherwise = "low"

[numbers.large]
value = 1000
unit = "money"
origin = "seed"
why = "S3-8"

[numbers.fair]
value = 60
unit = "mark"
origin = "prop"
why = "half and a bit"

[[rows]]
id = "high"
when = "sales >= large and composite >= fair"
then = "high"
origin = "seed"
why = "both"

[[rows]]
id = "middle"
when = "sales >= large"
then = "middle"
origin = "prop"
why = "one of the two"

[[criteria]]
id = "margin"
fact = "margin"
weight = 60
scorer = { kind = "linear", low = 0.0, high = 0.40 }
origin = "prop"
why = "what is left"

[[criteria]]
id = "influence"
fact = "influence"
weight = 40
scorer = { kind = "linear", low = 0, high = 100 }
origin = "prop"
why = "whom they know"
"""
