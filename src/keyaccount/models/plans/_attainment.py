"""How far the targets of a year have come, each by itself and the months added up."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs

from keyaccount import wire
from keyaccount.domain import AnnualTarget
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Reason, Verdict, ask_first, explain_table

from ._facts import TARGET_FACTS
from ._given import each
from ._months import KindAttainment, accumulates, key_of, totals
from ._opinions import TargetStanding
from ._policy import PlansPolicy, default_policy


__all__ = ["Attainment", "AttainmentVerdict", "attainment", "target_facts"]


_DECEMBER = dt.date.max.month


@attrs.frozen(repr=False)
class AttainmentVerdict(wire.Plain, Verdict[TargetStanding]):
    """Where one target stands (S4-1).

    `attainment` is actual ÷ target, `pace` what it is of an even year by now; None
    where it is not known, or does not apply.
    """

    target: AnnualTarget
    attainment: float | None
    pace: float | None

    def _extras(self) -> tuple[str, ...]:
        shown = () if self.attainment is None else (f"{self.attainment:.4g}",)
        return (_named(self.target), *shown)


@attrs.frozen
class Attainment:
    """Every target by itself, and by customer, year and kind the months added up."""

    rows: tuple[AttainmentVerdict, ...]
    kinds: tuple[KindAttainment, ...]


def target_facts(target: AnnualTarget, *, as_of: dt.date) -> Facts:
    """Bring one target through the door.

    Raises:
        InvalidValueError: something is of another kind.
    """
    problems = Problems()
    problems.is_a("target", target, AnnualTarget, "an AnnualTarget")
    problems.is_day("as_of", as_of)
    problems.check("target_facts")
    first, last = _period(target)
    days = (last - first).days + 1
    gone = max(0, min(days, (as_of - first).days + 1))
    flows = accumulates(target.kind)
    pace = None
    if flows and gone and target.actual is not None:
        pace = float(Fraction(target.actual) * days / (Fraction(target.target) * gone))
    return TARGET_FACTS.read(
        {
            "target_accumulates": flows,
            "period_ended": as_of > last,
            "share_elapsed": gone / days,
            "attainment": _ratio(target),
            "target_pace": pace,
        }
    )


def attainment(
    targets: Iterable[AnnualTarget],
    *,
    as_of: dt.date,
    policy: PlansPolicy | None = None,
) -> Attainment:
    """Tell how far each target has come, and add the months up (S4-1).

    A year, or a month, is judged as missed from the day after its last one. Before
    that a sum is held against an even year: that is an opinion, and a row of the
    policy. An actual that nobody has told leaves the answer open.

    Raises:
        InvalidValueError: something is of another kind, or a target stands twice.
        CurrencyMismatchError: amounts of one customer and year in two currencies.
    """
    policy = default_policy() if policy is None else policy
    listed = _listed(targets, as_of)
    return Attainment(
        rows=tuple(_judged(one, as_of, policy) for one in listed),
        kinds=totals(listed, as_of),
    )


def _listed(targets: Iterable[AnnualTarget], as_of: dt.date) -> list[AnnualTarget]:
    problems = Problems()
    problems.is_day("as_of", as_of)
    listed, seen = each(problems, "targets", targets, AnnualTarget), set[object]()
    for where, one in listed:
        key = (key_of(one), one.month)
        if key in seen:
            problems.add(where, "duplicate", _named(one))
        seen.add(key)
    problems.check("attainment")
    found = (one for _, one in listed)
    return sorted(found, key=lambda one: (key_of(one), one.month or 0))


def _named(one: AnnualTarget) -> str:
    """Name a target: its kind, and its year or month."""
    when = f"{one.year}" if one.month is None else f"{one.year}-{one.month:02d}"
    return f"{one.kind.value} {when}"


def _period(target: AnnualTarget) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a target's year or month."""
    first, last = target.month or 1, target.month or _DECEMBER
    _, days = calendar.monthrange(target.year, last)
    return dt.date(target.year, first, 1), dt.date(target.year, last, days)


def _ratio(target: AnnualTarget) -> float | None:
    """Return actual ÷ target as written: 0.18 is nine tenths of 0.2, not just below."""
    if target.actual is None:
        return None
    return float(Fraction(target.actual) / Fraction(target.target))


def _judged(
    target: AnnualTarget, as_of: dt.date, policy: PlansPolicy
) -> AttainmentVerdict:
    facts = target_facts(target, as_of=as_of)
    answers = tuple(map(TargetStanding, policy.target.possible(facts)))
    is_open, pace = len(answers) > 1, facts["target_pace"]
    return AttainmentVerdict(
        value=None if is_open else answers[0],
        possible=answers,
        missing=ask_first((policy.target.table,), facts)[:1] if is_open else (),
        flags=(),
        policy=policy.ref,
        as_of=as_of,
        target=target,
        attainment=_ratio(target),
        pace=pace if isinstance(pace, float) else None,
        evidence=TargetEvidence(policy, facts),
    )


@attrs.frozen
class TargetEvidence:
    """What a verdict on a target keeps to explain itself."""

    policy: PlansPolicy
    facts: Facts

    def reason(self) -> Reason:
        """Say where it stands, and what each row says."""
        return explain_table(self.policy.target.table, self.facts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
