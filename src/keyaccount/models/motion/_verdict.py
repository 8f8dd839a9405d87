"""The answers: how a customer is to be sold to, and whether we do."""

from __future__ import annotations

import attrs

from keyaccount import wire
from keyaccount.domain import SalesMotion, StrategicDesignation
from keyaccount.rules import Verdict
from keyaccount.tri import Tri

from ._shifts import SalesShift


__all__ = ["MotionVerdict", "RequiredMotion"]


@attrs.frozen
class RequiredMotion:
    """How a customer is to be sold to (S0-15).

    `designations` are those that it may have, lowest first. `motion` says what all of
    them ask for; a part of it is None where either way will do (`optional`) or where
    they differ (`undecided`).
    """

    designations: tuple[StrategicDesignation, ...]
    motion: SalesMotion
    optional: tuple[SalesShift, ...] = ()
    undecided: tuple[SalesShift, ...] = ()


@attrs.frozen(repr=False)
class MotionVerdict(wire.Plain, Verdict[Tri]):
    """Whether we sell to a customer in the right way, and which shifts are missing.

    `actual` is how we sell, as far as anybody knows. `shifts` are surely missing,
    `undecided` may be; `more` are made although the designation asks for none.
    `departments` is how many the team has, at least and at most; None where nobody
    has told.
    """

    customer_id: str | None
    required: RequiredMotion
    actual: SalesMotion
    shifts: tuple[SalesShift, ...]
    undecided: tuple[SalesShift, ...]
    more: tuple[SalesShift, ...]
    departments: tuple[int, int] | None

    def _extras(self) -> tuple[str, ...]:
        told = (("missing shifts", self.shifts), ("perhaps", self.undecided))
        return tuple(
            f"{what} {', '.join(shift.value for shift in shifts)}"
            for what, shifts in told
            if shifts
        )
