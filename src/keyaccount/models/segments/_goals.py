"""What to aim at with a customer of one type, and whether a target is near."""

from __future__ import annotations

import decimal
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import attrs

from keyaccount import wire, wording
from keyaccount.domain import AccountPhase, VolumeProfitType
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Reason, Verdict, explain_table, missing

from ._facts import FACTS, facts
from ._opinions import TargetReach
from ._policy import SegmentsPolicy, default_policy


__all__ = ["Goal", "TargetVerdict", "achievable", "goals"]


_NO_LABELS: wording.Labels = MappingProxyType({})
_EXACT = decimal.Context(prec=100, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX)


@attrs.frozen
class Goal:
    """What to aim at with a customer of one type (S4-8), in which phase (S4-9)."""

    id: str
    type: VolumeProfitType
    phase: AccountPhase

    def say(self, locale: str = "en", *, own: wording.Labels = _NO_LABELS) -> str:
        """Say it in a language; *own* are a policy's own labels."""
        return wording.label("goal", self.id, locale, own=own)


def goals(
    type: VolumeProfitType,  # noqa: A002 - the word of the domain
    *,
    phase: AccountPhase | None = None,
    policy: SegmentsPolicy | None = None,
) -> tuple[Goal, ...]:
    """Return what to aim at with customers of a type (S4-8); nothing outside them.

    With a *phase*, only what is for developing or for maintaining them (S4-9).

    Raises:
        InvalidValueError: no type, or no phase.

    >>> [goal.id for goal in goals(VolumeProfitType.DUAL_DRIVER)]
    ['retain', 'deepen', 'executive-cover']
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("type", type, VolumeProfitType, "a VolumeProfitType")
    if phase is not None:
        problems.is_a("phase", phase, AccountPhase, "an AccountPhase")
    problems.check("segments")
    return tuple(
        Goal(goal.id, goal.type, goal.phase)
        for goal in rules.goals
        if goal.type is type and phase in {None, goal.phase}
    )


@attrs.frozen(repr=False)
class TargetVerdict(wire.Plain, Verdict[TargetReach]):
    """Whether a target lies near what the customer does anyway; a warning only (S4-8).

    `ratio` is target ÷ run-rate, None where one is not known or the run-rate is not
    above 0.
    """

    ratio: float | None


def achievable(
    target: Decimal | float | None = None,
    run_rate: Decimal | float | None = None,
    *,
    policy: SegmentsPolicy | None = None,
) -> TargetVerdict:
    """Warn of a target far from the run-rate (S4-8).

    Both in the same unit and for the same time. It says nothing of a target where
    nothing runs yet: of a customer without a run-rate every answer is possible.

    Raises:
        InvalidValueError: no finite numbers.
    """
    rules = default_policy() if policy is None else policy
    given = facts(goal_target=target, run_rate=run_rate)
    aim, runs = given["goal_target"], given["run_rate"]
    ratio = None
    if isinstance(aim, float) and isinstance(runs, float) and runs > 0:
        # as written: 2.46 is exactly a fifth above 2.05, their floats are not
        written = (Decimal(str(number)) for number in (target, run_rate))
        ratio = float(_EXACT.divide(*written))
    told = given.with_(target_ratio=ratio)
    possible = tuple(map(TargetReach, rules.reaches.possible(told)))
    value = possible[0] if len(possible) == 1 else None
    flags = (
        ("target-too-high", value is TargetReach.TOO_HIGH),
        ("target-too-low", value is TargetReach.TOO_LOW),
        ("no-run-rate", isinstance(runs, float) and runs <= 0),
    )
    return TargetVerdict(
        value=value,
        possible=possible,
        missing=missing(
            FACTS, [name for name in ("goal_target", "run_rate") if told[name] is None]
        ),
        flags=tuple(flag for flag, is_raised in flags if is_raised),
        policy=rules.ref,
        as_of=None,
        ratio=ratio,
        evidence=TargetEvidence(rules, told),
    )


@attrs.frozen
class TargetEvidence:
    """What a verdict on a target keeps to explain itself."""

    policy: SegmentsPolicy
    facts: Facts

    def reason(self) -> Reason:
        """Say how far the target is from the run-rate, and what each row says."""
        table = self.policy.reaches
        return explain_table(table.table, self.facts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
