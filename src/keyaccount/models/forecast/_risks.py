"""What an open deal may suffer from."""

from __future__ import annotations

import enum


__all__ = ["DealRisk"]


class DealRisk(enum.Enum):
    """Why an open deal may not close as it is told to (S2-26)."""

    CLOSE_DATE_PASSED = "close-date-passed"
    MILESTONE_LATE = "milestone-late"
    AGEING = "ageing"
