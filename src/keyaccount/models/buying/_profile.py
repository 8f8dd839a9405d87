"""Which profile of the buying factors holds for a purchase, and how far to trust it."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire
from keyaccount.domain import (
    BuyingFactor,
    BuyingFactorProfile,
    FactorWeights,
    ProfileLevel,
    Trust,
    ValueTier,
)
from keyaccount.rules import Facts, Missing, Reason, Verdict, explain_table, missing

from ._answers import factor_data
from ._facts import FACTS, facts, ranking, weight_fact
from ._policy import BuyingPolicy, default_policy


__all__ = ["ProfileVerdict", "prior", "profile", "verdict_on"]


LOW_CONFIDENCE = "low-confidence"
STALE = "stale-profile"
CONFLICTING = "conflicting-profiles"


@attrs.frozen(repr=False)
class ProfileVerdict(wire.Plain, Verdict[FactorWeights]):
    """The weights that hold for a purchase, whose they are, and how sure that is.

    `value` is None only where two profiles of one day contradict each other;
    `possible` then lists both. `profile` is None for the prior. `fresher` is what a
    less particular profile says that is not stale, where the one used is.
    """

    level: ProfileLevel
    trust: Trust
    profile: BuyingFactorProfile | None = None
    age_days: int | None = None
    is_stale: bool = False
    ranking: tuple[BuyingFactor, ...] = ()
    fresher: BuyingFactorProfile | None = None

    def _extras(self) -> tuple[str, ...]:
        return f"by {self.level.value}", f"trust {self.trust.value}"


def prior(*, policy: BuyingPolicy | None = None) -> FactorWeights:
    """Return what the factors weigh in the market at large (S3-24).

    Shares of market value, not a profile of anybody (S3-25).

    >>> print(prior())
    46/36/18
    """
    return (default_policy() if policy is None else policy).prior_weights


def profile(  # noqa: PLR0913 - each narrows down what is asked for
    profiles: BuyingFactorProfile | Iterable[BuyingFactorProfile],
    *,
    customer_id: str,
    as_of: dt.date,
    scenario: str | None = None,
    opportunity_id: str | None = None,
    tier: ValueTier | None = None,
    policy: BuyingPolicy | None = None,
) -> ProfileVerdict:
    """Find the weights that hold for a purchase.

    Scenario goes before opportunity, customer, class (by *tier*) and the prior
    (S3-25); of one level the latest profile counts. A profile that names a scenario
    or an opportunity says nothing about another one. Age does not change the order:
    another scenario is another purchase (S3-29), so a stale profile of this one
    still goes before a fresh one of the customer at large, flagged as stale, and
    `fresher` holds the other. Profiles of other customers and those observed after
    *as_of* are passed over.
    """
    policy = default_policy() if policy is None else policy
    listed = [profiles] if isinstance(profiles, BuyingFactorProfile) else profiles
    asked = _Asked(
        unicodedata.normalize("NFC", customer_id),
        _composed(scenario),
        _composed(opportunity_id),
        tier,
        as_of,
    )
    found = sorted((one for one in listed if asked.covers(one)), key=_place)
    if not found:
        return ProfileEvidence(policy, as_of, (policy.prior_weights,)).verdict()
    best = found[0]
    rivals = tuple(
        one
        for one in found
        if (_rank(one), one.observed_on) == (_rank(best), best.observed_on)
    )
    fresher = max(found, key=lambda one: one.observed_on)
    return verdict_on(rivals, as_of=as_of, policy=policy, fresher=fresher)


def verdict_on(
    rivals: tuple[BuyingFactorProfile, ...],
    *,
    as_of: dt.date,
    policy: BuyingPolicy,
    fresher: BuyingFactorProfile | None = None,
) -> ProfileVerdict:
    """Judge the profiles of one level and one day: several may contradict."""
    used = rivals[0]
    is_old = fresher is None or _is_stale(fresher, as_of, policy)
    evidence = ProfileEvidence(
        policy,
        as_of,
        possible=tuple(dict.fromkeys(one.weights for one in rivals)),
        used=used,
        fresher=fresher if _is_stale(used, as_of, policy) and not is_old else None,
    )
    return evidence.verdict()


@attrs.frozen
class ProfileEvidence:
    """What a profile verdict keeps to explain itself; no profile means the prior."""

    policy: BuyingPolicy
    as_of: dt.date
    possible: tuple[FactorWeights, ...]
    used: BuyingFactorProfile | None = None
    fresher: BuyingFactorProfile | None = None

    @property
    def level(self) -> ProfileLevel:
        """Whose weights these are."""
        return ProfileLevel.PRIOR if self.used is None else self.used.level

    @property
    def facts(self) -> Facts:
        """What the trust is judged by."""
        age = None if self.used is None else _age(self.used, self.as_of)
        ties = self.policy.tie_order
        return facts(ties=ties, level=self.level, age_days=age)

    def verdict(self) -> ProfileVerdict:
        """Put the answer together."""
        # Where the rows leave the trust open, the caution is ours.
        trust = Trust(self.policy.trusts.possible(self.facts)[0])
        used, is_open = self.used, len(self.possible) > 1
        is_stale = used is not None and _is_stale(used, self.as_of, self.policy)
        value = None if is_open else self.possible[0]
        flags = (
            (LOW_CONFIDENCE, trust is Trust.LOW),
            (STALE, is_stale),
            (CONFLICTING, is_open),
        )
        return ProfileVerdict(
            value=value,
            possible=self.possible,
            missing=self._missing(value, is_stale=is_stale),
            flags=tuple(flag for flag, is_raised in flags if is_raised),
            policy=self.policy.ref,
            as_of=self.as_of,
            level=self.level,
            trust=trust,
            profile=None if is_open else used,
            age_days=None if used is None else _age(used, self.as_of),
            is_stale=is_stale,
            ranking=_ranking(value, self.policy.tie_order),
            fresher=self.fresher,
            evidence=self,
        )

    def _missing(
        self, value: FactorWeights | None, *, is_stale: bool
    ) -> tuple[Missing, ...]:
        """Ask for a profile of the customer's own, or for the weights it lacks."""
        is_general = self.level in {ProfileLevel.CLASS, ProfileLevel.PRIOR}
        if value is None or is_stale or is_general:
            return missing(FACTS, ["profile_age"])
        gaps = [weight_fact(factor) for factor, known in value.items() if known is None]
        return missing(FACTS, gaps)

    def reason(self) -> Reason:
        """Say whose weights these are, how old, and how far to trust them."""
        parts = [
            _weight(factor, weight)
            for weights in self.possible
            for factor, weight in weights.items()
        ]
        if len(self.possible) > 1:
            count = float(len(self.possible))
            parts.append(Reason("profiles-conflict", (("count", count),)))
        if self.used is not None:
            parts.extend(self._origin(self.used))
        if self.fresher is not None:
            data = (*_level(self.fresher.level), *_observed(self.fresher))
            parts.append(Reason("profile-fresher", data))
        parts.append(explain_table(self.policy.trusts.table, self.facts))
        if self.used is None:
            return Reason("prior-used", (), tuple(parts))
        return Reason("profile-used", _level(self.level), tuple(parts))

    def _origin(self, used: BuyingFactorProfile) -> tuple[Reason, ...]:
        limit = float(self.policy.number("stale_after"))
        age = float(_age(used, self.as_of))
        code = "profile-stale" if age > limit else "profile-age"
        data = (*_observed(used), ("age", age), ("limit", limit))
        if not used.source:
            return (Reason(code, data),)
        source = Reason("profile-source", (("source", used.source),))
        return Reason(code, data), source

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen
class _Asked:
    """Which purchase is asked about, and when."""

    customer_id: str
    scenario: str | None
    opportunity_id: str | None
    tier: ValueTier | None
    as_of: dt.date

    def covers(self, one: BuyingFactorProfile) -> bool:
        """Whether the profile says something about this purchase."""
        if one.observed_on > self.as_of:
            return False
        if one.tier is not None:
            return one.tier is self.tier
        return (
            one.customer_id == self.customer_id
            and one.scenario in {None, self.scenario}
            and one.opportunity_id in {None, self.opportunity_id}
        )


def _composed(name: str | None) -> str | None:
    """Spell a name as the nouns spell it."""
    return None if name is None else unicodedata.normalize("NFC", name)


def _rank(one: BuyingFactorProfile) -> tuple[int, bool]:
    """Return a number that is lower the more particular a profile is."""
    return one.level.rank, one.opportunity_id is None


def _place(one: BuyingFactorProfile) -> tuple[object, ...]:
    """Return what sorts profiles, whatever their order: the one that counts first."""
    known = [-1 if weight is None else weight for _, weight in one.weights.items()]
    return _rank(one), -one.observed_on.toordinal(), known, one.source


def _age(one: BuyingFactorProfile, as_of: dt.date) -> int:
    return (as_of - one.observed_on).days


def _is_stale(one: BuyingFactorProfile, as_of: dt.date, policy: BuyingPolicy) -> bool:
    return _age(one, as_of) > policy.number("stale_after")


def _ranking(
    weights: FactorWeights | None, ties: tuple[BuyingFactor, ...]
) -> tuple[BuyingFactor, ...]:
    """Return the factors, the heaviest first; none while a weight is not known."""
    if weights is None:
        return ()
    shares = {
        factor: weight for factor, weight in weights.items() if weight is not None
    }
    return ranking(shares, ties) if len(shares) == len(ties) else ()


def _weight(factor: BuyingFactor, weight: int | None) -> Reason:
    data = factor_data(factor)
    if weight is None:
        return Reason("factor-weight-open", data)
    got = (("unit", "percent"), ("got", float(weight)))
    return Reason("factor-weight", (*data, *got))


def _level(level: ProfileLevel) -> tuple[tuple[str, float | str], ...]:
    return ("outcome", level.value), ("answers", "profile-level")


def _observed(one: BuyingFactorProfile) -> tuple[tuple[str, float | str], ...]:
    return (("observed", one.observed_on.isoformat()),)
