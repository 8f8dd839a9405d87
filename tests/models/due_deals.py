"""Days, a pipeline with tasks, and opportunities for the tests of what is due."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal

from keyaccount import policies
from keyaccount.domain import Milestone, Opportunity
from keyaccount.models.stages import Pipeline
from tests.models.stage_deals import AT


__all__ = ["FIRST", "LANGUAGES", "OWN", "day", "deal_of"]


FIRST = AT.date()
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def day(after: int) -> dt.date:
    return FIRST + dt.timedelta(days=after)


def _pipeline() -> Pipeline:
    """A pipeline of one stage: a call at once, a letter every week."""
    text = """
name = "own"
version = "1"
question = "Shall we?"
[labels.en]
"stage.talk" = "first talk"
"stage-task.call" = "call them"
[[stages]]
id = "talk"
probability = 0.2
max_days = 30
wins = true
[[stages.tasks]]
id = "call"
after_days = 0
[[stages.tasks]]
id = "letter"
after_days = 2
every_days = 7
"""
    return policies.read(tomllib.loads(text, parse_float=Decimal), Pipeline)


OWN = _pipeline()


def deal_of(*milestones: Milestone, close: dt.date | None = None) -> Opportunity:
    return Opportunity("d1", "c1", None, expected_close=close, milestones=milestones)
