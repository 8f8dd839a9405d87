"""What a qualification answers: today's decision, what it may become, each gate."""

from __future__ import annotations

from decimal import Decimal

import attrs

from keyaccount import wire
from keyaccount.domain import Decision, GateId, GateResult, Need, Outcome
from keyaccount.rules import Interval, Verdict


__all__ = ["Bounds", "DealVerdict", "GateVerdict"]


@attrs.frozen
class Bounds:
    """A number lies between these two, both included; None where nothing bounds it."""

    low: Decimal | None
    high: Decimal | None

    @property
    def is_exact(self) -> bool:
        """Whether the number is known."""
        return self.low is not None and self.low == self.high

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int | Decimal):
            return False
        above = self.low is None or value >= self.low
        return above and (self.high is None or value <= self.high)


@attrs.frozen
class GateVerdict:
    """What one gate says today, and what it may say once everything is known.

    `result` is HOLD while what is not known leaves more than one answer. `possible`
    lists these, the worst first. `is_informative` stands for a gate behind one that
    fails: it is judged, but cannot rescue the deal (S1-13). `is_stressed` says that
    the customer's class puts weight on it (S1-7).
    """

    gate: GateId
    result: GateResult
    possible: tuple[GateResult, ...]
    is_informative: bool = False
    is_stressed: bool = False


@attrs.frozen(repr=False)
class DealVerdict(wire.Plain, Verdict[Decision]):
    """Whether to pursue a deal, and what to find out first (S1-7 to S1-13).

    `value` is the decision today: HOLD is one, it says to wait for information, so
    `possible` holds the value alone. `reachable` lists what the decision may become
    once everything is known, the worst first; the verdict is settled when only one
    is left. `missing` lists what may change it.

    `first_failing` is the first gate that surely is not passed, `first_open` the
    first that waits for information, `decided_by` the one that makes the decision;
    None where there is none. `release` is the share of the resources that the
    decision sets free (S1-8).

    `win_index` goes from 0 to 1: an assessment, no probability; do not multiply the
    two. `worth` is the sum of gate 4. `net` is what the deal leaves after the cost
    of capital and of the risk, in `currency`, `ram` the same divided by the
    contract's value. `dependencies` are the needs that we must get from others.
    `emphasis` lists the gates and facts that the customer's class stresses.
    """

    opportunity_id: str
    outcome: Outcome | None
    gates: tuple[GateVerdict, ...]
    reachable: tuple[Decision, ...]
    first_failing: GateId | None
    first_open: GateId | None
    decided_by: GateId | None
    release: Interval
    win_index: Interval
    worth: Interval
    net: Bounds
    ram: Bounds
    currency: str | None
    dependencies: tuple[Need, ...] = ()
    emphasis: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether no unknown fact could change the decision."""
        return len(self.reachable) == 1

    def gate(self, gate: GateId) -> GateVerdict:
        """Return what one of the gates says."""
        return self.gates[tuple(GateId).index(gate)]

    def _extras(self) -> tuple[str, ...]:
        found = [self.opportunity_id]
        if self.decided_by is not None:
            found.append(f"at {self.decided_by.value}")
        if not self.is_settled:
            found.append("may become " + ",".join(one.value for one in self.reachable))
        return tuple(found)
