"""A deal as one would write it in an afternoon: a dict, and a long list of ifs.

It knows nothing of `keyaccount.models.stages`; the tests hold the two against each
other. Exits are functions of a dict of facts that answer True, False or None.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from keyaccount.domain import DealEvent


__all__ = ["SHIPPED_EXITS", "Exits", "PlainDeal", "Ways"]


Facts: TypeAlias = Mapping[str, object]
Exits: TypeAlias = Mapping[str, Mapping[str, Callable[[Facts], bool | None]]]
Ways: TypeAlias = Mapping[str, tuple[tuple[str, ...], tuple[str, ...], bool]]
"""For every stage: the ways on, the ways back, whether a deal can be won there."""


def said(name: str) -> Callable[[Facts], bool | None]:
    return lambda facts: facts.get(name)  # type: ignore[return-value]  # a yes-no


def gate(name: str) -> Callable[[Facts], bool | None]:
    return lambda facts: None if facts.get(name) is None else facts[name] == "pass"


def least(name: str, low: float) -> Callable[[Facts], bool | None]:
    return lambda facts: None if facts.get(name) is None else facts[name] >= low  # type: ignore[operator]  # a number


def above(name: str, low: float) -> Callable[[Facts], bool | None]:
    return lambda facts: None if facts.get(name) is None else facts[name] > low  # type: ignore[operator]  # a number


def either(one: bool | None, other: bool | None) -> bool | None:
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


def both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def competitive(facts: Facts) -> bool | None:
    result, approved = facts.get("gate_can_win"), facts.get("competitiveness_approved")
    if result is None:
        return None
    if result in {"limited", "review"}:
        return approved  # type: ignore[return-value]  # a yes-no
    return result == "pass"


def settled(facts: Facts) -> bool | None:
    concerns = facts.get("open_concerns")
    none_left = None if concerns is None else concerns == 0
    return either(none_left, facts.get("concerns_accepted"))  # type: ignore[arg-type]  # a yes-no


SHIPPED_EXITS: Exits = {
    "identification": {
        "is-real": gate("gate_is_real"),
    },
    "need-confirmation": {
        "needs-documented": least("mandatory_needs", 1),
        "expert-contacted": said("business_or_technical_contacted"),
        "can-compete": gate("gate_can_compete"),
    },
    "solution-design": {
        "feasibility-reviewed": said("feasibility_reviewed"),
        "resources-confirmed": said("resources_confirmed"),
        "competitive": competitive,
    },
    "proposal-negotiation": {
        "concerns-settled": settled,
        "term-acceptable": lambda facts: both(
            said("term_rated")(facts), said("term_within_appetite")(facts)
        ),
        "worth-winning": gate("gate_worth_winning"),
        "decision-maker-covered": said("decision_maker_covered"),
    },
    "contract-signing": {
        "signed": said("contract_signed"),
        "value-known": above("contract_value", 0),
        "terms-reasonable": said("terms_reasonable"),
        "terms-executable": said("terms_executable"),
        "final-term-acceptable": said("term_within_appetite"),
    },
}


class PlainDeal:
    """A deal that is changed in place, and answers in words."""

    def __init__(self, ways: Ways, exits: Exits, first: DealEvent) -> None:
        start = next(iter(ways)) if first.to is None else first.to
        self.ways, self.exits = ways, exits
        self.now: dict[str, Any] = {
            "version": 1,
            "stage": start,
            "entered": first.at,
            "outcome": None,
            "pause": None,
            "rested": 0,
        }
        self.events = {first.id: first}
        self.last_at = first.at
        self.been: list[Any] = [start]
        self.overridden: list[str] = []

    def happen(self, event: DealEvent, facts: Facts) -> tuple[str, frozenset[str]]:
        """Do what the event says, if it may; say what became of it, and why."""
        if event.id in self.events:
            same = self.events[event.id] == event
            return ("duplicate" if same else "reused"), frozenset()
        if event.expected_version not in {None, self.now["version"]}:
            return "conflict", frozenset()
        wrong, waivable, after = self.judged(event, facts)
        if waivable and event.approver is not None and event.reason is None:
            wrong.append("reason")
        if wrong or (waivable and event.approver is None):
            return "refused", frozenset([*wrong, *waivable])
        self.now = {**self.now, **after, "version": self.now["version"] + 1}
        self.been.append(self.now["stage"])
        self.overridden = waivable
        self.events[event.id] = event
        self.last_at = event.at
        return "moved", frozenset()

    def judged(
        self, event: DealEvent, facts: Facts
    ) -> tuple[list[str], list[str], dict[str, Any]]:
        now, kind = self.now, event.kind.value
        stage = now["stage"]
        wrong = self.state(event, kind)
        waivable: list[str] = []
        after: dict[str, Any] = {}
        if kind in {"back", "pause", "abandon", "reopen"} and not event.reason:
            wrong.append("reason")
        if kind == "advance":
            after, left, more, skips = self.advanced(event)
            wrong += more
            waivable = [*skips, *self.unmet(left, facts)]
        elif kind == "win":
            after = {"outcome": "won"}
            waivable = self.unmet([stage], facts)
            if not self.ways[stage][2]:
                wrong.append("no-end")
        elif kind in {"back", "reopen"}:
            back = self.ways[stage][1]
            to = event.to
            if to is None:
                to = stage if kind == "reopen" else self.came_from(stage)
            if to is None:
                wrong.append("which-way")
            elif to not in back and not (kind == "reopen" and to == stage):
                wrong.append("no-way-back")
            after = self.arrived(to, event)
        elif kind == "pause":
            wrong += self.pausing(event)
            after = {"pause": (event.reason, event.at, event.resume_on)}
        elif kind == "resume":
            after = self.rested(event)
        elif kind in {"lose", "abandon"}:
            ends = {"lose": "lost", "abandon": "abandoned"}
            after = {**self.rested(event), "outcome": ends[kind]}
            if kind == "lose" and event.loss_reason is None:
                wrong.append("loss-reason")
        return wrong, waivable, after

    def came_from(self, stage: str) -> str | None:
        """Where a step back leads that names no stage; None if nobody can tell."""
        back = self.ways[stage][1]
        if len(back) > 1 and self.branches():
            return next((one for one in self.been[::-1] if one in back), None)
        return back[-1] if back else stage

    def branches(self) -> bool:
        return any(len(onward) > 1 for onward, _, _ in self.ways.values())

    def asks_the_past(self, event: DealEvent) -> bool:
        """Tell whether the last record is not enough to know where this leads."""
        is_vague = event.kind.value == "back" and event.to is None
        return is_vague and self.branches() and len(self.ways[self.now["stage"]][1]) > 1

    def state(self, event: DealEvent, kind: str) -> list[str]:
        wrong = ["early"] if event.at < self.last_at else []
        if kind == "open":
            return [*wrong, "opened"]
        if kind == "reopen":
            return wrong if self.now["outcome"] else [*wrong, "open"]
        if self.now["outcome"]:
            return [*wrong, "closed"]
        if self.now["pause"] and kind not in {"resume", "lose", "abandon"}:
            return [*wrong, "paused"]
        if not self.now["pause"] and kind == "resume":
            return [*wrong, "not-paused"]
        return wrong

    def advanced(
        self, event: DealEvent
    ) -> tuple[dict[str, Any], list[str], list[str], list[str]]:
        """Where it would come to, the stages it would leave, what is wrong, skips."""
        stage = self.now["stage"]
        onward = self.ways[stage][0]
        to = event.to
        if to is None and len(onward) != 1:
            return {}, [stage], ["which-way" if onward else "last-stage"], []
        to = onward[0] if to is None else to
        left = self.shortest(stage, to)
        if not left:
            return {}, [], ["no-way"], []
        skips = [] if to in onward else ["skip"]
        return self.arrived(to, event), left, [], skips

    def shortest(self, start: str, end: str) -> list[str]:
        """The stages left on the shortest way, tried in the order of the file."""
        ways = [[start]]
        seen = {start}
        while ways and start != end:
            longer = []
            for way in ways:
                for onward in self.ways[way[-1]][0]:
                    if onward == end:
                        return way
                    if onward not in seen:
                        seen.add(onward)
                        longer.append([*way, onward])
            ways = longer
        return []

    def unmet(self, left: list[str], facts: Facts) -> list[str]:
        return [
            name
            for stage in left
            for name, holds in self.exits.get(stage, {}).items()
            if holds(facts) is not True
        ]

    def arrived(self, to: str | None, event: DealEvent) -> dict[str, Any]:
        return {
            "stage": to,
            "entered": event.at,
            "outcome": None,
            "pause": None,
            "rested": 0,
        }

    def pausing(self, event: DealEvent) -> list[str]:
        if event.resume_on is None:
            return ["resume-on"]
        return ["resume-past"] if event.resume_on <= event.at.date() else []

    def rested(self, event: DealEvent) -> dict[str, Any]:
        days = 0
        if self.now["pause"]:
            days = max(0, (event.at.date() - self.now["pause"][1].date()).days)
        return {"pause": None, "rested": self.now["rested"] + days}

    def days_in_stage(self, as_of: dt.date) -> int:
        until = as_of
        if self.now["outcome"]:
            until = min(until, self.last_at.date())
        if self.now["pause"]:
            until = min(until, self.now["pause"][1].date())
        age: int = (until - self.now["entered"].date()).days - self.now["rested"]
        return max(0, age)
