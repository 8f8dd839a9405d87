"""Which of those who do not trade with us yet are key opportunities (S3-22)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import overload

import attrs

from keyaccount import wire
from keyaccount.domain import Outlook, ProspectClass
from keyaccount.rules import (
    Facts,
    Interval,
    Reason,
    Verdict,
    ask_first,
    explain_table,
)

from ._facts import outlook_facts
from ._policy import TieringPolicy, default_policy


__all__ = ["ProspectVerdict", "prospect"]


@attrs.frozen
class ProspectEvidence:
    """What a prospect's verdict keeps to explain itself."""

    policy: TieringPolicy
    facts: Facts

    def reason(self) -> Reason:
        """Say which row decides and what each mark adds."""
        return explain_table(self.policy.outlook.table, self.facts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen(repr=False)
class ProspectVerdict(wire.Plain, Verdict[ProspectClass]):
    """The class of a prospect; `score` is influence and potential together."""

    score: Interval

    def _extras(self) -> tuple[str, ...]:
        return (f"score {self.score}",)


@overload
def prospect(
    outlook: Outlook,
    *,
    as_of: dt.date | None = None,
    policy: TieringPolicy | None = None,
) -> ProspectVerdict: ...


@overload
def prospect(
    outlook: Iterable[Outlook],
    *,
    as_of: dt.date | None = None,
    policy: TieringPolicy | None = None,
) -> tuple[ProspectVerdict, ...]: ...


def prospect(
    outlook: Outlook | Iterable[Outlook],
    *,
    as_of: dt.date | None = None,
    policy: TieringPolicy | None = None,
) -> ProspectVerdict | tuple[ProspectVerdict, ...]:
    """Say whether a prospect is a key or a general opportunity (S3-22).

    The same test serves the overlay on a general customer that trades (S3-12).
    """
    rules = policy or default_policy()
    if isinstance(outlook, Outlook):
        return _judge(outlook, rules, as_of)
    return tuple(_judge(one, rules, as_of) for one in outlook)


def _judge(
    outlook: Outlook, policy: TieringPolicy, as_of: dt.date | None
) -> ProspectVerdict:
    facts = outlook_facts(outlook)
    decision = policy.outlook.look_up(facts)
    possible = tuple(ProspectClass(slug) for slug in decision.possible)
    value = possible[0] if len(possible) == 1 else None
    score = decision.score
    missing = ask_first((policy.outlook.table,), facts) if None in facts.row else ()
    is_incomplete = value is not None and not score.is_exact
    return ProspectVerdict(
        value,
        possible,
        missing,
        ("incomplete",) if is_incomplete else (),
        policy.ref,
        as_of,
        score=score,
        evidence=ProspectEvidence(policy, facts),
    )
