"""Who is responsible for what, and which targets somebody else should carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Reason

from ._facts import TARGET_FACTS, listed
from ._opinions import Concern, Responsibility, Role
from ._policy import EngagementPolicy, default_policy


__all__ = [
    "RoleTarget",
    "TargetAdvice",
    "check_targets",
    "responsibilities",
    "target_facts",
]


_NO_LABELS: wording.Labels = MappingProxyType({})


@attrs.frozen
class RoleTarget:
    """A target that one of us is measured by."""

    role: Role
    concern: Concern

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        problems.is_a("role", self.role, Role, "a Role")
        problems.is_a("concern", self.concern, Concern, "a Concern")
        problems.check("RoleTarget")


@attrs.frozen
class TargetAdvice:
    """A target that somebody else should carry; advice, and no more (S0-34)."""

    target: RoleTarget
    rule: str
    advice: str
    belongs_to: Role

    @property
    def why(self) -> Reason:
        """Which target it is, whose it should be, and what to do."""
        data = (
            ("row", self.rule),
            ("table", "engagement-target"),
            ("outcome", self.advice),
            ("answers", "target-advice"),
        )
        return Reason("target-advised", data)

    def say(
        self,
        locale: str = "en",
        *,
        own: Mapping[str, Mapping[str, str]] = _NO_LABELS,
    ) -> str:
        """Say it in a language; *own* are a policy's own labels."""
        return wording.say(self.why.code, dict(self.why.data), locale, own=own)


def responsibilities(
    *, policy: EngagementPolicy | None = None
) -> tuple[Responsibility, ...]:
    """Return who is responsible for what (S0-34, S0-40).

    The share of the wallet is the account manager's; the chief executive, the
    company's face and its last word, wins the customer's heart.

    >>> [(part.id.value, part.role.value) for part in responsibilities()]
    [('wallet-share', 'account-manager'), ('trust', 'ceo')]
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("policy", rules, EngagementPolicy, "an EngagementPolicy")
    problems.check("responsibilities")
    return rules.responsibilities


def target_facts(target: RoleTarget) -> Facts:
    """Bring one target through the door."""
    return Facts(TARGET_FACTS, (target.concern.value, target.role.value))


def check_targets(
    targets: Iterable[RoleTarget], *, policy: EngagementPolicy | None = None
) -> tuple[TargetAdvice, ...]:
    """Return the targets that somebody else should carry (S0-34).

    A target of whoever is responsible for it stands with the right one, whatever the
    rows say.

    Raises:
        InvalidValueError: no targets.

    >>> found = check_targets([RoleTarget(Role.CEO, Concern.WALLET_SHARE)])
    >>> found[0].advice, found[0].belongs_to.value
    ('leave-to-account-manager', 'account-manager')
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("policy", rules, EngagementPolicy, "an EngagementPolicy")
    given = listed(problems, "targets", targets, RoleTarget)
    problems.check("targets")
    owners = {part.id: part.role for part in rules.responsibilities}
    found = []
    for target in given:
        hits = rules.targets.hits(target_facts(target))
        found += [
            TargetAdvice(target, row.id, row.then, owners[target.concern])
            for at, row in enumerate(rules.target_rows)
            if hits.must >> at & 1 and owners[target.concern] is not target.role
        ]
    return tuple(found)
