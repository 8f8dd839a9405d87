"""The ten questions of a Monday morning, each answered in a line and in a table."""

from __future__ import annotations

from keyaccount.report._case import Case
from keyaccount.report._parts import Answer

from ._customers import classes, selling, strategic
from ._deals import bids, pipeline, terms
from ._firm import executives, growing, readiness
from ._people import people


__all__ = ["answers"]


_ASKED = (
    classes,
    strategic,
    bids,
    people,
    selling,
    terms,
    growing,
    pipeline,
    executives,
    readiness,
)


def answers(case: Case) -> tuple[Answer, ...]:
    """Answer the ten questions in their order (DOMAIN 6.1)."""
    return tuple(asked(case, at) for at, asked in enumerate(_ASKED, start=1))
