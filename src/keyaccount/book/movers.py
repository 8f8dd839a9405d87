"""Which one fact moved a customer most, between two judgements of it.

Where the facts changed, every changed fact is moved on by itself, and put back by
itself. The one that takes the judgement farthest from the one standing to the other
moved it most; among equals the one that changes the score most, then the first in the
order of the facts. Where none takes it anywhere by itself, only those count without
which the others do not make the move. Where the rules changed instead, `tipping` looks
at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from keyaccount import wording
from keyaccount.models import tiering
from keyaccount.rules import Evidence, FactValue, Interval, Reason
from keyaccount.tri import Tri

from .deciding import Side, tip
from .standings import ClassJudge, Judge, TierJudge, ground_of


__all__ = ["Mover", "class_mover", "tier_mover"]


@attrs.frozen
class Mover:
    """The one fact that moved a customer most.

    `alone` says whether its change by itself makes the whole move; where it does not,
    `together` names the other facts that it takes. `by_policy` says that the rules
    changed and not the facts: then both values are the same, unless the two policies
    measure differently. `fact` is the name of a score where its limit changed; its
    values are then bounds. None is not known.
    """

    fact: str
    before: FactValue | Interval
    after: FactValue | Interval
    alone: bool
    together: tuple[str, ...] = ()
    by_policy: bool = False

    def reason(self) -> Reason:
        """Say what the fact was and what it is, as a code and its data."""
        now = self.after
        data: list[tuple[str, float | str]] = [
            ("fact", self.fact),
            ("unit", self._unit()),
        ]
        for key, value in (("was", self.before), ("now", now)):
            if isinstance(value, Interval):
                data += [(key, value.low), (f"{key}_high", value.high)]
            elif isinstance(value, float | str):
                data.append((key, value))
        told = tuple(data)
        if self.by_policy:
            return Reason(self._rule_code(), told)
        if now is None:
            return Reason("moved-to-unknown", told)
        if isinstance(now, Tri):
            return Reason("moved-to-yes" if now is Tri.YES else "moved-to-no", told)
        return Reason("moved-from-unknown" if self.before is None else "moved", told)

    def says(self, locale: str = "en") -> str:
        """Say in a language, on one line, what moved the customer."""
        reason = self.reason()
        said = wording.say(reason.code, dict(reason.data), locale)
        if not self.together:
            return said
        comma = ", " if wording.language(locale) == "en" else "、"
        names = (wording.label("fact", name, locale) for name in self.together)
        more = {"what": said, "facts": comma.join(names)}
        return wording.say("moved-together", more, locale)

    def _rule_code(self) -> str:
        was, now = self.before, self.after
        if isinstance(was, float) and isinstance(now, float) and was != now:
            return "moved-measure"
        is_told = isinstance(now, float | str | Interval)
        return "moved-rule" if is_told else "moved-rule-bare"

    def _unit(self) -> str:
        for schema in (tiering.FACTS, tiering.OUTLOOK_FACTS):
            if self.fact in schema:
                return schema[self.fact].unit
        return "mark"


def tier_mover(before: Evidence, after: Evidence) -> Mover | None:
    """Return the fact that moved a tier most; see `Mover`.

    Where the policy changed as well as the facts, the new facts are judged by the old
    policy between: what then makes the longer way has moved the customer, the facts
    if both make the same. Two policies that measure otherwise (another basis, another
    currency) leave nothing between: the move is then theirs. None if there is no move,
    or if a verdict was read back from a file, which holds no facts.
    """
    return _mover(before, after, TierJudge)


def class_mover(before: Evidence, after: Evidence) -> Mover | None:
    """Return the fact that moved a prospect's class most; as for tiers."""
    return _mover(before, after, ClassJudge)


def _mover(
    before: Evidence, after: Evidence, judge: Callable[[tiering.TieringPolicy], Judge]
) -> Mover | None:
    old, new = ground_of(before), ground_of(after)
    if old is None or new is None:
        return None
    was, now = Side(judge(old.policy), old.facts), Side(judge(new.policy), new.facts)
    if was.standing == now.standing:
        return None
    if old.policy == new.policy:
        return _by_facts(was, now)
    if old.policy.yardstick != new.policy.yardstick:
        return _by_rules(was, now)
    between = Side(was.judge, now.facts)
    first, second = was.standing, between.standing
    if first != second and first.to(second) >= second.to(now.standing):
        found = _by_facts(was, between)
        return attrs.evolve(found, alone=found.alone and second == now.standing)
    return _by_rules(between, now)


def _by_rules(was: Side, now: Side) -> Mover:
    tipped = tip(was, now)
    name = tipped.fact
    if name in was.facts.schema:
        ends = was.facts[name], now.facts[name]
        return Mover(name, *ends, tipped.alone, tipped.together, by_policy=True)
    scores = was.judge.card.score(was.facts), now.judge.card.score(now.facts)
    return Mover(name, *scores, tipped.alone, tipped.together, by_policy=True)


_NOWHERE = (0, 0)


def _by_facts(was: Side, now: Side) -> Mover:
    """Return the changed fact that counts most; both sides have the same rules."""
    changed = [name for name in was.facts if was.facts[name] != now.facts[name]]
    weights = {name: _weight(name, was, now) for name in changed}
    ranked = sorted(changed, key=weights.__getitem__, reverse=True)
    if weights[ranked[0]][:2] <= _NOWHERE:
        ranked = _needed(ranked, was, now)
    first, *others = ranked
    needed = _needed(others, was, now, beside=first)
    ends = was.facts[first], now.facts[first]
    in_order = tuple(name for name in changed if name in needed)
    return Mover(first, *ends, alone=not needed, together=in_order)


def _weight(name: str, was: Side, now: Side) -> tuple[int, int, float]:
    """How far one fact takes the judgement, on by itself and back by itself."""
    on = was.with_(now.facts, (name,))
    back = now.with_(was.facts, (name,))
    start, end = was.standing, now.standing
    problem, way = start.to(end)
    to_end, to_start = on.standing.to(end), back.standing.to(start)
    pull = abs(on.fold - was.fold) + abs(now.fold - back.fold)
    return (
        problem * (2 - to_end[0] - to_start[0]),
        2 * way - to_end[1] - to_start[1],
        pull,
    )


def _needed(
    ranked: Iterable[str], was: Side, now: Side, *, beside: str | None = None
) -> list[str]:
    """Leave the lightest out, one by one, while the rest makes the whole move."""
    kept = () if beside is None else (beside,)

    def is_there(names: Iterable[str]) -> bool:
        return was.with_(now.facts, (*kept, *names)).standing == now.standing

    taken = [*ranked]
    spare: str | None = ""
    while spare is not None:
        taken = [name for name in taken if name != spare]
        tries = ((one, [name for name in taken if name != one]) for one in taken[::-1])
        spare = next((one for one, rest in tries if is_there(rest)), None)
    return taken
