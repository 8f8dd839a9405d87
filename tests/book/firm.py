"""A firm of these tests: the day of its reviews, and amounts that are easy to read."""

from __future__ import annotations

import datetime as dt

from keyaccount import policies
from keyaccount.book import Policies
from keyaccount.models import tiering


__all__ = ["DAY", "OWN", "POLICIES"]


DAY = dt.date(2025, 12, 31)
OWN = policies.read(
    {
        "based_on": "tiering",
        "currency": "CNY",
        "numbers": {"diamond": 100, "gold": 50, "strategic": 10, "potential": 1},
    },
    tiering.TieringPolicy,
)
POLICIES = Policies(tiering=OWN)
