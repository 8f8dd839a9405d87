"""By whom a customer is looked after, and of how many it is as their tier asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire, wording
from keyaccount.domain import AccountTeam, CoverageModel, ValueTier
from keyaccount.exceptions import Problems, UnknownNameError
from keyaccount.rules import Interval, Missing, Reason, Verdict, missing
from keyaccount.tri import Tri, all_of

from ._actual import is_here
from ._facts import COVERAGE_FACTS
from ._policy import MotionPolicy, default_policy


__all__ = ["CoverageRatio", "TierCoverage", "coverage_model", "coverage_ratio"]


Data = tuple[tuple[str, float | str], ...]


@attrs.frozen
class TierCoverage:
    """Of how many customers of a tier the model is as close as it asks for.

    `tier` is None for customers whose tier is not known; then no model is asked for
    by name. `covered`, `short` and `unsure` are ids of customers, sorted.
    """

    tier: ValueTier | None
    model: CoverageModel | None
    covered: tuple[str, ...]
    short: tuple[str, ...]
    unsure: tuple[str, ...]
    ratio: Interval


@attrs.frozen(repr=False)
class CoverageRatio(wire.Plain, Verdict[Tri]):
    """Whether every customer is looked after as its tier asks; how many are (S2-20).

    `ratio` is a share of `count` customers, between bounds; of no customers at all it
    is anything from 0 to 1. `tiers` has a line for every tier that somebody is in.
    """

    count: int
    ratio: Interval
    covered: tuple[str, ...]
    short: tuple[str, ...]
    unsure: tuple[str, ...]
    tiers: tuple[TierCoverage, ...]

    def _extras(self) -> tuple[str, ...]:
        told = (("covered", self.covered), ("short", self.short))
        counts = tuple(f"{len(names)} {what}" for what, names in told)
        return *counts, f"{len(self.unsure)} unsure"


def coverage_model(
    tier: ValueTier | str, *, policy: MotionPolicy | None = None
) -> CoverageModel:
    """Return by whom a customer of a tier is to be looked after (S2-20).

    Raises:
        UnknownNameError: no tier has that slug.

    >>> coverage_model("diamond")
    <CoverageModel.DEDICATED: 'dedicated'>
    """
    rules = default_policy() if policy is None else policy
    slugs = {one.value: one for one in ValueTier}
    found = tier if isinstance(tier, ValueTier) else slugs.get(tier)
    if found is None:
        raise UnknownNameError("tier", str(tier), tuple(slugs))
    return rules.by_tier[found]


def coverage_ratio(
    teams: Iterable[AccountTeam],
    tiers: Mapping[str, ValueTier | None],
    *,
    as_of: dt.date | None = None,
    policy: MotionPolicy | None = None,
) -> CoverageRatio:
    """Count the customers that are looked after as closely as their tier asks (S2-20).

    A closer model than asked for is as good. Without a team, or with one whose model
    nobody told, it is not known; where the tier is not known, only a model that suits
    every tier, or none, is sure. A customer who has a team and stands in no tier
    counts with those whose tier is not known.

    Args:
        teams: the account teams, one a customer.
        tiers: the tier of each customer by its id; None where it is not known.
        as_of: a team that begins later than this day is not counted yet.
        policy: your own; left out, the shipped one.

    Raises:
        InvalidValueError: something else than teams and tiers, two teams of one
            customer, or an *as_of* that is no plain date.
    """
    rules = default_policy() if policy is None else policy
    models = _models(teams, tiers, as_of)
    known = {name: tiers.get(name) for name in sorted({*models, *tiers})}
    answers = {
        name: _is_covered(models.get(name), tier, rules) for name, tier in known.items()
    }
    lines = []
    for one in (*ValueTier, None):
        within = {name: answers[name] for name, tier in known.items() if tier is one}
        if within:
            model = None if one is None else rules.by_tier[one]
            lines.append(TierCoverage(one, model, *_counted(within)))
    covered, short, unsure, ratio = _counted(answers)
    value = all_of(answers.values())
    return CoverageRatio(
        value=None if value is Tri.UNKNOWN else value,
        possible=(Tri.NO, Tri.YES) if value is Tri.UNKNOWN else (value,),
        missing=_missing(unsure, models, known),
        flags=("short-of-model",) if short else (),
        policy=rules.ref,
        as_of=as_of,
        count=len(answers),
        ratio=ratio,
        covered=covered,
        short=short,
        unsure=unsure,
        tiers=tuple(lines),
        evidence=CoverageEvidence(rules, value, tuple(lines)),
    )


def _models(
    teams: Iterable[AccountTeam],
    tiers: Mapping[str, ValueTier | None],
    as_of: dt.date | None,
) -> dict[str, CoverageModel | None]:
    """Return the model of every customer that has a team, once all of it is sound."""
    problems = Problems()
    is_sound = as_of is None or problems.is_day("as_of", as_of)
    _check_tiers(tiers, problems)
    listed: tuple[AccountTeam, ...] = ()
    if problems.is_a("teams", teams, Iterable, "a list of AccountTeam"):
        listed = tuple(teams)
    found: dict[str, CoverageModel | None] = {}
    for at, team in enumerate(listed):
        if not problems.is_a(f"teams[{at}]", team, AccountTeam, "an AccountTeam"):
            continue
        if team.customer_id in found:
            problems.add(f"teams[{at}].customer_id", "duplicate", team.customer_id)
        is_counted = is_sound and is_here(team, as_of)
        found[team.customer_id] = team.model if is_counted else None
    problems.check("motion")
    return found


def _check_tiers(tiers: Mapping[str, ValueTier | None], problems: Problems) -> None:
    if not problems.is_a("tiers", tiers, Mapping, "a table of tiers by customer"):
        return
    for name, tier in tiers.items():
        if problems.is_a("tiers", name, str, "ids of customers") and tier is not None:
            problems.is_a(f"tiers[{name!r}]", tier, ValueTier, "a ValueTier")


def _is_covered(
    model: CoverageModel | None, tier: ValueTier | None, policy: MotionPolicy
) -> Tri:
    """Whether the model is as close as asked, by every tier that it may be.

    Where no model is known, perhaps nobody looks after the customer at all.
    """
    if model is None:
        return Tri.UNKNOWN
    tiers = ValueTier if tier is None else (tier,)
    answers = {model.rank <= policy.by_tier[one].rank for one in tiers}
    return Tri.of(answers.pop()) if len(answers) == 1 else Tri.UNKNOWN


def _counted(
    answers: Mapping[str, Tri],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], Interval]:
    """Return who is covered, who is not, of whom nobody knows, and the share."""
    covered, short, unsure = (
        tuple(name for name, answer in answers.items() if answer is wanted)
        for wanted in (Tri.YES, Tri.NO, Tri.UNKNOWN)
    )
    count = len(answers)
    if not count:
        return covered, short, unsure, Interval(0.0, 1.0)
    ratio = Interval(len(covered) / count, (len(covered) + len(unsure)) / count)
    return covered, short, unsure, ratio


def _missing(
    unsure: tuple[str, ...],
    models: Mapping[str, CoverageModel | None],
    tiers: Mapping[str, ValueTier | None],
) -> tuple[Missing, ...]:
    """Ask first for what is not known of more customers."""
    lacking = {
        "coverage_model": sum(models.get(name) is None for name in unsure),
        "value_tier": sum(tiers[name] is None for name in unsure),
    }
    names = sorted(lacking, key=lambda name: -lacking[name])
    return missing(COVERAGE_FACTS, [name for name in names if lacking[name]])


@attrs.frozen
class CoverageEvidence:
    """What a count of customers by their model keeps to explain itself."""

    policy: MotionPolicy
    value: Tri
    lines: tuple[TierCoverage, ...]

    def reason(self) -> Reason:
        """Say how many of each tier are covered, and name who is not."""
        parts = tuple(_line(line) for line in self.lines)
        return Reason(f"models-{self.value.value}", (), parts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _line(line: TierCoverage) -> Reason:
    names = (*line.covered, *line.short, *line.unsure)
    data: Data = (("got", float(len(line.covered))), ("count", float(len(names))))
    if line.tier is not None and line.model is not None:
        tier: Data = (("outcome", line.tier.value), ("answers", "value-tier"))
        model: Data = (("criterion", line.model.value), ("card", "coverage-model"))
        data = (*tier, *model, *data)
    code = "models-tier-open" if line.tier is None else "models-tier"
    short = [_named("models-short", name) for name in line.short]
    unsure = [_named("models-unsure", name) for name in line.unsure]
    return Reason(code, data, (*short, *unsure))


def _named(code: str, name: str) -> Reason:
    return Reason(code, (("customer", wording.plain(name)),))
