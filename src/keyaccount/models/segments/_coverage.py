"""Which classes have no policy of their own, and which customers no plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from keyaccount import wire, wording
from keyaccount.domain import ValueTier
from keyaccount.exceptions import Problems
from keyaccount.rules import Missing, Reason, Verdict, missing
from keyaccount.tri import Tri, all_of

from ._facts import FACTS
from ._policy import SegmentsPolicy, default_policy


__all__ = ["CoverageVerdict", "coverage"]


@attrs.frozen(repr=False)
class CoverageVerdict(wire.Plain, Verdict[Tri]):
    """Whether every class has a policy and every customer that needs one a plan (S3-4).

    `classes` lack a policy, `customers` an account plan. `unsure` are customers of
    whom it is not known whether they lack one: their tier is not known, or nobody
    has told which plans there are.
    """

    classes: tuple[ValueTier, ...]
    customers: tuple[str, ...]
    unsure: tuple[str, ...]

    def _extras(self) -> tuple[str, ...]:
        counts = (
            ("classes without policy", len(self.classes)),
            ("customers without plan", len(self.customers)),
            ("customers unsure", len(self.unsure)),
        )
        return tuple(f"{count} {what}" for what, count in counts if count)


def coverage(
    tiers: Mapping[str, ValueTier | None],
    *,
    plans: Iterable[str] | None = None,
    class_policies: Iterable[ValueTier] | None = None,
    policy: SegmentsPolicy | None = None,
) -> CoverageVerdict:
    """List the classes without a policy and the customers without a plan (S3-4).

    A market strategy is none until every class, and every customer that matters, has
    one of its own. Take the rung for a problem customer: it needs its plan all the
    more.

    Args:
        tiers: the tier of each customer by its id; None where it is not known.
        plans: ids of customers that have an account plan; None if nobody told: that
            is not the same as none.
        class_policies: the classes that have a policy; None if nobody told.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: something else than tiers and ids.

    >>> found = coverage({"acme": ValueTier.GOLD}, plans=[], class_policies=None)
    >>> found.customers, found.value
    (('acme',), <Tri.NO: 'no'>)
    """
    rules = default_policy() if policy is None else policy
    planned, covered = _checked(tiers, plans, class_policies)
    classes: tuple[ValueTier, ...] = ()
    if covered is not None:
        classes = tuple(tier for tier in rules.with_policy if tier not in covered)
    lacking, unsure = list[str](), list[str]()
    for name in sorted(tiers):
        needs = _needs(tiers[name], rules)
        if needs is Tri.NO or (planned is not None and name in planned):
            continue
        is_sure = needs is Tri.YES and planned is not None
        (lacking if is_sure else unsure).append(name)
    gaps = (
        ("class_policies", covered is None),
        ("account_plans", planned is None and bool(unsure)),
        ("customer_tiers", planned is not None and bool(unsure)),
    )
    asked = missing(FACTS, [name for name, is_open in gaps if is_open])
    evidence = CoverageEvidence(
        rules, classes, tuple(lacking), tuple(unsure), covered is not None
    )
    return evidence.verdict(asked)


def _needs(tier: ValueTier | None, policy: SegmentsPolicy) -> Tri:
    if tier is None or tier is ValueTier.UNCLASSIFIED:
        return Tri.UNKNOWN if policy.with_plan else Tri.NO
    return Tri.of(tier in policy.with_plan)


def _checked(
    tiers: object, plans: object, class_policies: object
) -> tuple[frozenset[str] | None, frozenset[ValueTier] | None]:
    problems = Problems()
    if isinstance(tiers, Mapping):
        for name, tier in tiers.items():
            problems.is_a("tiers", name, str, "ids of customers")
            if tier is not None:
                problems.is_a(f"tiers[{name!r}]", tier, ValueTier, "a ValueTier")
    else:
        problems.add("tiers", "wrong-type", tiers, "a table of tiers by customer")
    names = _listed("plans", plans, str, problems)
    covered = _listed("class_policies", class_policies, ValueTier, problems)
    problems.check("segments")
    planned = None if names is None else frozenset(map(str, names))
    known = (tier for tier in covered or () if isinstance(tier, ValueTier))
    return planned, None if covered is None else frozenset(known)


def _listed(
    path: str, given: object, kind: type, problems: Problems
) -> Sequence[object] | None:
    """Return what a list holds, noting what does not belong; None if it is not told."""
    if given is None:
        return None
    wanted = f"a list of {'ids' if kind is str else kind.__name__}"
    if isinstance(given, str) or not isinstance(given, Iterable):
        problems.add(path, "wrong-type", given, wanted)
        return ()
    held = tuple(given)
    for at, one in enumerate(held):
        problems.is_a(f"{path}[{at}]", one, kind, "an id" if kind is str else "a tier")
    return held


@attrs.frozen
class CoverageEvidence:
    """What a verdict on plans and policies keeps to explain itself."""

    policy: SegmentsPolicy
    classes: tuple[ValueTier, ...]
    customers: tuple[str, ...]
    unsure: tuple[str, ...]
    policies_told: bool

    @property
    def covered(self) -> Tri:
        """Whether nothing is missing."""
        classes: Tri = Tri.of(not self.classes)
        if not self.policies_told and self.policy.with_policy:
            classes = Tri.UNKNOWN
        customers = Tri.UNKNOWN if self.unsure else Tri.YES
        return all_of([classes, Tri.NO if self.customers else customers])

    def verdict(self, asked: tuple[Missing, ...]) -> CoverageVerdict:
        """Put the answer together."""
        covered = self.covered
        value = None if covered is Tri.UNKNOWN else covered
        flags = (
            ("classes-without-policy", bool(self.classes)),
            ("customers-without-plan", bool(self.customers)),
        )
        return CoverageVerdict(
            value=value,
            possible=(Tri.NO, Tri.YES) if value is None else (value,),
            missing=asked,
            flags=tuple(flag for flag, is_raised in flags if is_raised),
            policy=self.policy.ref,
            as_of=None,
            classes=self.classes,
            customers=self.customers,
            unsure=self.unsure,
            evidence=self,
        )

    def reason(self) -> Reason:
        """Name every class without a policy and every customer without a plan."""
        parts: list[Reason] = []
        if not self.policies_told:
            parts.append(Reason("class-policies-open"))
        for tier in self.classes:
            data = (("outcome", tier.value), ("answers", "value-tier"))
            parts.append(Reason("class-without-policy", data))
        parts.extend(
            Reason("customer-without-plan", (("customer", wording.plain(name)),))
            for name in self.customers
        )
        parts.extend(
            Reason("customer-plan-open", (("customer", wording.plain(name)),))
            for name in self.unsure
        )
        code = f"coverage-plans-{self.covered.value}"
        return Reason(code, (), tuple(parts))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
