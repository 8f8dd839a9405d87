"""The same questions from each competitor's point of view: who stands better where?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import attrs

from keyaccount import wire
from keyaccount.domain import Opportunity
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval, Missing, Reason, Verdict

from ._facts import SCORES, fact_of
from ._policy import QualificationPolicy, default_policy
from ._qualify import CustomerClass, class_of, qualify_one
from ._questions import question_of
from ._results import DECISIONS, GATES, RESULTS
from ._verdict import DealVerdict


__all__ = ["Comparison", "Side", "Standing", "compare"]


@attrs.frozen
class Side:
    """One party to the contest, and what the deal looks like to it."""

    name: str
    verdict: DealVerdict


@attrs.frozen
class Standing:
    """Who stands best in one respect: a gate, a win factor, or `win_index`, `worth`.

    `leaders` are those who may stand best. While `is_open` it is not known which of
    them does; otherwise they are level, or there is but one. `levels` bounds each
    party, in the order of the sides; of a gate it is the place of its result, from
    0 (failed) up.
    """

    respect: str
    leaders: tuple[str, ...]
    is_open: bool
    levels: tuple[Interval, ...]

    @property
    def leader(self) -> str | None:
        """The one who stands best; None if that is open, or several are level."""
        return self.leaders[0] if len(self.leaders) == 1 else None


@attrs.frozen(repr=False)
class Comparison(wire.Plain, Verdict[str]):
    """Who is in the best position to win and to want this deal (S1-11).

    `value` is the name of the one who leads: by the better decision, and where that
    is the same by the win index. It is None while that is open, and where several
    are level. `gates`, `factors` and `sums` say it respect by respect.
    """

    sides: tuple[Side, ...]
    overall: Standing
    gates: tuple[Standing, ...]
    factors: tuple[Standing, ...]
    sums: tuple[Standing, ...]

    @property
    def is_settled(self) -> bool:
        """Whether no unknown fact could change who leads."""
        return not self.overall.is_open

    def side(self, name: str) -> DealVerdict:
        """Return what the deal looks like to one party.

        Raises:
            KeyError: nobody of that name was compared.
        """
        return {side.name: side.verdict for side in self.sides}[name]


class ContestEvidence(NamedTuple):
    """What a comparison keeps to explain itself."""

    sides: tuple[Side, ...]
    overall: Standing
    standings: tuple[tuple[str, Standing], ...]
    policy: QualificationPolicy

    def reason(self) -> Reason:
        """Say who leads, then in which respect."""
        parts = [_said(table, standing) for table, standing in self.standings]
        parts += [_side(side) for side in self.sides]
        names = " / ".join(self.overall.leaders)
        code = "contest-leader"
        if len(self.overall.leaders) > 1:
            code = "contest-open" if self.overall.is_open else "contest-level"
        return Reason(code, (("names", names),), tuple(parts))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def compare(
    views: Mapping[str, Opportunity],
    *,
    as_of: dt.date,
    customer_class: CustomerClass = None,
    policy: QualificationPolicy | None = None,
) -> Comparison:
    """Qualify one deal as each party sees it, and set the answers side by side.

    Every view is an opportunity of its own: their needs covered by what they have,
    their win factors against their strongest rival, their profit. What nobody knows
    of a competitor stays unknown, and the comparison open.

    Args:
        views: the deal by the name of the party that sees it so, ours among them.
        as_of: the day of the judgement, noted in the verdicts.
        customer_class: as `qualify` takes it.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: nothing to compare.
        UnknownNameError: no class of customers is called that.
    """
    rules = policy or default_policy()
    stress = class_of(customer_class, rules)
    problems = Problems()
    if not views:
        problems.add("views", "empty", expected="one view")
    for name, view in views.items():
        if not _is_a(view, Opportunity):
            problems.add(f"views[{name!r}]", "wrong-type", repr(view), "an Opportunity")
    problems.check("compare")
    sides = tuple(
        Side(name, qualify_one(view, stress, rules, as_of))
        for name, view in views.items()
    )
    verdicts = [side.verdict for side in sides]
    names = tuple(views)
    gates = tuple(
        _standing(gate.value, names, [_gate_level(one, at) for one in verdicts])
        for at, gate in enumerate(GATES)
    )
    factors = tuple(
        _standing(
            factor.id, names, [_score(view, factor.id) for view in views.values()]
        )
        for factor in rules.factors
    )
    sums = (
        _standing("win_index", names, [one.win_index for one in verdicts]),
        _standing("worth", names, [one.worth for one in verdicts]),
    )
    overall = _overall(names, verdicts)
    standings = (
        *(("gate-id", standing) for standing in gates),
        *(("win-factor", standing) for standing in factors),
        *(("fact", standing) for standing in sums),
    )
    return Comparison(
        value=overall.leader,
        possible=overall.leaders,
        missing=_missing(sides, overall, factors),
        flags=(),
        policy=rules.ref,
        as_of=as_of,
        sides=sides,
        overall=overall,
        gates=gates,
        factors=factors,
        sums=sums,
        evidence=ContestEvidence(sides, overall, standings, rules),
    )


def _is_a(value: object, kind: type) -> bool:
    return isinstance(value, kind)


def _gate_level(verdict: DealVerdict, at: int) -> Interval:
    ranks = [RESULTS.index(result) for result in verdict.gates[at].possible]
    return Interval(float(min(ranks)), float(max(ranks)))


def _score(view: Opportunity, factor: str) -> Interval:
    for scored in view.win_factors:
        if scored.factor == factor and scored.score is not None:
            return Interval(float(scored.score), float(scored.score))
    return Interval(float(SCORES[0]), float(SCORES[-1]))


def _standing(
    respect: str, names: tuple[str, ...], levels: Sequence[Interval]
) -> Standing:
    pairs = [((one.low,), (one.high,)) for one in levels]
    leaders, is_open = _leaders(names, pairs)
    return Standing(respect, leaders, is_open, tuple(levels))


_Level = tuple[float, ...]


def _overall(names: tuple[str, ...], verdicts: Sequence[DealVerdict]) -> Standing:
    """Compare decisions first, and among equals the win index."""
    pairs, levels = [], []
    for verdict in verdicts:
        ranks = [DECISIONS.index(one) for one in verdict.reachable]
        low, high = float(min(ranks)), float(max(ranks))
        levels.append(Interval(low, high))
        pairs.append(((low, verdict.win_index.low), (high, verdict.win_index.high)))
    leaders, is_open = _leaders(names, pairs)
    return Standing("decision", leaders, is_open, tuple(levels))


def _leaders(
    names: tuple[str, ...], levels: Sequence[tuple[_Level, _Level]]
) -> tuple[tuple[str, ...], bool]:
    """Return who may stand best, and whether it is open which of them does."""
    floor = max(low for low, _ in levels)
    found = [at for at, (_, high) in enumerate(levels) if high >= floor]
    leaders = tuple(names[at] for at in found)
    is_level = all(levels[at] == (floor, floor) for at in found)
    return leaders, len(found) > 1 and not is_level


def _missing(
    sides: Sequence[Side], overall: Standing, factors: Sequence[Standing]
) -> tuple[Missing, ...]:
    """Ask, party by party, what may change who leads: decisions, then win factors."""
    if not overall.is_open:
        return ()
    found: list[Missing] = []
    for at, side in enumerate(sides):
        if side.name in overall.leaders:
            found += side.verdict.missing
            found += (
                Missing(fact_of(factor.respect), question_of(fact_of(factor.respect)))
                for factor in factors
                if not factor.levels[at].is_exact
            )
    return tuple(dict.fromkeys(found))


def _said(table: str, standing: Standing) -> Reason:
    names = (("names", " / ".join(standing.leaders)),)
    respect = (("row", standing.respect), ("table", table))
    if standing.is_open:
        return Reason("standing-open", (*respect, *names))
    if len(standing.leaders) > 1:
        return Reason("standing-level", (*respect, *names))
    return Reason("standing-leader", (*respect, *names))


def _side(side: Side) -> Reason:
    """Say a party's own decision, and why."""
    decided = side.verdict.why
    return Reason("contest-side", (("names", side.name),), (decided,))
