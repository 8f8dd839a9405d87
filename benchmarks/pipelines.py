"""J3: a deal through five guarded moves, by hand, by four peers and by ours.

Every guard asks what the shipped pipeline asks at that stage: one fact at the first,
three, three, five and five at the others. The peers get a guard a question.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace
from typing import Protocol

import attrs
from automat import TypeMachineBuilder
from statemachine import State, StateMachine
from statemachine.exceptions import TransitionNotAllowed
from transitions import Machine
from xstate_statemachine import (
    MachineLogic,
    create_machine,
    get_initial_snapshot,
    get_next_snapshot,
)

from keyaccount.domain import DealEvent, EventKind
from keyaccount.models import stages
from keyaccount.models.stages import decide, open_deal


__all__ = ["EVENTS", "FULL", "HALF", "denials", "walks"]


logging.disable(logging.WARNING)  # peers that log would be timed logging

PIPELINE = stages.default_policy()
NAMES = (*PIPELINE.by_id, "won")
ASKED = tuple(PIPELINE.machine.guards[stage].asks for stage in PIPELINE.by_id)

_TOLD = {
    "source_recorded": True,
    "gate_is_real": "pass",
    "gate_can_compete": "pass",
    "gate_can_win": "pass",
    "gate_worth_winning": "pass",
    "mandatory_needs": 1,
    "business_or_technical_contacted": True,
    "feasibility_reviewed": True,
    "resources_confirmed": True,
    "open_concerns": 0,
    "term_rated": True,
    "term_within_appetite": True,
    "decision_maker_covered": True,
    "contract_signed": True,
    "contract_value": 100,
    "terms_reasonable": True,
    "terms_executable": True,
}
FULL = PIPELINE.read(_TOLD)
HALF = PIPELINE.read({**_TOLD, "source_recorded": False, "gate_is_real": "hold"})

_AT = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
EVENTS = (
    DealEvent("e0", EventKind.OPEN, _AT, "desk"),
    *(
        DealEvent(f"e{n}", EventKind.ADVANCE, _AT + dt.timedelta(days=n), "desk")
        for n in range(1, 5)
    ),
    DealEvent("e5", EventKind.WIN, _AT + dt.timedelta(days=5), "desk"),
)


def ours(_: object) -> stages.Deal:
    """Events given: what a service reads from its queue."""
    deal = open_deal("d", EVENTS[0], FULL, pipeline=PIPELINE)
    for event in EVENTS[1:]:
        deal = decide(deal, event, FULL, pipeline=PIPELINE).deal
    return deal


def ours_with_events(_: object) -> stages.Deal:
    """Events built on the way, each checked as a noun is."""
    first = DealEvent("e0", EventKind.OPEN, _AT, "desk")
    deal = open_deal("d", first, FULL, pipeline=PIPELINE)
    for n, kind in enumerate((EventKind.ADVANCE,) * 4 + (EventKind.WIN,), start=1):
        event = DealEvent(f"e{n}", kind, _AT, "desk")
        deal = decide(deal, event, FULL, pipeline=PIPELINE).deal
    return deal


_OPENED = open_deal("d", EVENTS[0], HALF, pipeline=PIPELINE)


def ours_denied(_: object) -> tuple[str, ...]:
    """Refuse, with the codes of all that is unmet."""
    return decide(_OPENED, EVENTS[1], HALF, pipeline=PIPELINE).codes


def ours_denied_lazily(_: object) -> object:
    """Refuse; the reasons are there for who asks."""
    return decide(_OPENED, EVENTS[1], HALF, pipeline=PIPELINE)


def ours_denied_in_full(_: object) -> object:
    """Refuse, with needed, found and missing of all that is unmet."""
    return decide(_OPENED, EVENTS[1], HALF, pipeline=PIPELINE).unmet


# by hand: a frozen object, no history, no reasons


@attrs.frozen
class Plain:
    """A deal of twelve fields, as somebody would write it who needs no history."""

    id: str
    pipeline: str
    stage: str
    version: int
    opened_at: dt.datetime
    entered_at: dt.datetime
    outcome: str | None
    loss_reason: str | None
    pause: str | None
    owner: str | None
    value: int
    facts: SimpleNamespace


PLAIN_FACTS = SimpleNamespace(**_TOLD)
PLAIN_HALF = SimpleNamespace(
    **{**_TOLD, "source_recorded": False, "gate_is_real": "hold"}
)


def _first(told: SimpleNamespace) -> bool:
    return told.gate_is_real == "pass"


def _second(told: SimpleNamespace) -> bool:
    return (
        told.mandatory_needs >= 1
        and told.business_or_technical_contacted
        and told.gate_can_compete == "pass"
    )


def _third(told: SimpleNamespace) -> bool:
    return (
        told.feasibility_reviewed
        and told.resources_confirmed
        and told.gate_can_win == "pass"
    )


def _fourth(told: SimpleNamespace) -> bool:
    return (
        told.open_concerns == 0
        and told.term_rated
        and told.term_within_appetite
        and told.gate_worth_winning == "pass"
        and told.decision_maker_covered
    )


def _fifth(told: SimpleNamespace) -> bool:
    return (
        told.contract_signed
        and told.contract_value > 0
        and told.terms_reasonable
        and told.terms_executable
        and told.term_within_appetite
    )


GUARDS: tuple[Callable[[SimpleNamespace], bool], ...] = (
    _first,
    _second,
    _third,
    _fourth,
    _fifth,
)


def by_hand(_: object) -> Plain:
    """Build and move by plain code."""
    at = _AT
    deal = Plain(
        "d", "p", NAMES[0], 1, at, at, None, None, None, None, 100, PLAIN_FACTS
    )
    for guard, onward in zip(GUARDS, NAMES[1:], strict=True):
        if not guard(deal.facts):
            raise ValueError(onward)
        deal = Plain(
            deal.id,
            deal.pipeline,
            onward,
            deal.version + 1,
            deal.opened_at,
            at,
            deal.outcome,
            deal.loss_reason,
            deal.pause,
            deal.owner,
            deal.value,
            deal.facts,
        )
    return deal


# transitions: a guard a question, as methods of the model


class Model:
    """What transitions moves: it holds the facts and answers for the guards."""

    def __init__(self, told: SimpleNamespace) -> None:
        self.told = told


def _question(at: int) -> Callable[[Model], bool]:
    return lambda self: GUARDS[at](self.told)


for _n in range(5):
    setattr(Model, f"guard{_n}", _question(_n))

_WAYS = [
    {
        "trigger": "advance",
        "source": NAMES[n],
        "dest": NAMES[n + 1],
        "conditions": [f"guard{n}"],
    }
    for n in range(5)
]


def _machine() -> Machine:
    return Machine(
        model=None,
        states=list(NAMES),
        transitions=_WAYS,
        initial=NAMES[0],
        auto_transitions=False,
    )


_SHARED = _machine()


def by_transitions(_: object) -> Model:
    """One machine for all deals; each deal is a model of it for a while."""
    model = Model(PLAIN_FACTS)
    _SHARED.add_model(model)
    for _n in range(5):
        model.advance()
    _SHARED.remove_model(model)
    return model


def by_transitions_each(_: object) -> Model:
    """A machine a deal, as its pages show it."""
    model = Model(PLAIN_FACTS)
    _machine().add_model(model)
    for _n in range(5):
        model.advance()
    return model


_DENIED = Model(PLAIN_HALF)
_SHARED.add_model(_DENIED)


def transitions_denied(_: object) -> bool:
    """A bare False."""
    return _DENIED.advance()


# automat: no guards, no history, no state to be read


class _Moves(Protocol):
    def advance(self) -> None:
        """Go on."""


class _Core:
    pass


def _automat() -> Callable[[_Core], _Moves]:
    builder = TypeMachineBuilder(_Moves, _Core)
    states = [builder.state(name) for name in NAMES]
    for here, there in pairwise(states):

        @here.upon(_Moves.advance).to(there)
        def _(moves: _Moves, core: _Core) -> None:
            """Do nothing on the way."""

    return builder.build()


_FACTORY = _automat()


def by_automat(_: object) -> _Moves:
    """Move without asking anything."""
    deal = _FACTORY(_Core())
    for _n in range(5):
        deal.advance()
    return deal


# python-statemachine


class Flow(StateMachine):
    """The five stages and the win, a guard at each."""

    s0 = State(initial=True)
    s1 = State()
    s2 = State()
    s3 = State()
    s4 = State()
    won = State(final=True)

    advance = (
        s0.to(s1, cond="guard0")
        | s1.to(s2, cond="guard1")
        | s2.to(s3, cond="guard2")
        | s3.to(s4, cond="guard3")
        | s4.to(won, cond="guard4")
    )

    def __init__(self, told: SimpleNamespace) -> None:
        self.told = told
        super().__init__()

    def guard0(self) -> bool:
        return _first(self.told)

    def guard1(self) -> bool:
        return _second(self.told)

    def guard2(self) -> bool:
        return _third(self.told)

    def guard3(self) -> bool:
        return _fourth(self.told)

    def guard4(self) -> bool:
        return _fifth(self.told)


def by_statemachine(_: object) -> Flow:
    """An instance a deal."""
    deal = Flow(PLAIN_FACTS)
    for _n in range(5):
        deal.advance()
    return deal


_STUCK = Flow(PLAIN_HALF)


def statemachine_denied(_: object) -> bool:
    """An exception that names event and state."""
    try:
        _STUCK.advance()
    except TransitionNotAllowed:
        return False
    return True


# xstate-statemachine: pure snapshots


def _xstate(told: SimpleNamespace) -> object:
    def asked(at: int) -> Callable[..., bool]:
        return lambda *_: GUARDS[at](told)

    moves = {
        name: {"on": {"ADVANCE": {"target": NAMES[n + 1], "guard": f"g{n}"}}}
        for n, name in enumerate(NAMES[:-1])
    }
    config = {
        "id": "deal",
        "initial": NAMES[0],
        "context": {},
        "states": {**moves, "won": {"type": "final"}},
    }
    guards = {f"g{n}": asked(n) for n in range(5)}
    return create_machine(config, logic=MachineLogic(guards=guards))


_PURE = _xstate(PLAIN_FACTS)


def by_xstate(_: object) -> object:
    """One machine, pure snapshots."""
    snapshot = get_initial_snapshot(_PURE)
    for _n in range(5):
        snapshot = get_next_snapshot(_PURE, snapshot, "ADVANCE")
    return snapshot


def _check() -> None:
    """See that every way ends where it should, and refuses what it should."""
    assert ours(None).outcome is not None
    assert len(ours_with_events(None).history) == len(EVENTS)
    assert by_hand(None).stage == "won"
    assert by_transitions(None).state == "won"
    assert by_transitions_each(None).state == "won"
    assert by_statemachine(None).won.is_active
    assert "won" in str(by_xstate(None))
    assert ours_denied(None) == ("is-real",)
    assert transitions_denied(None) is False
    assert statemachine_denied(None) is False
    by_automat(None)


def walks() -> dict[str, Callable[[object], object]]:
    """Return every way to build a deal and move it five times."""
    _check()
    return {
        "hand": by_hand,
        "ours": ours,
        "events": ours_with_events,
        "automat": by_automat,
        "transitions": by_transitions,
        "each": by_transitions_each,
        "xstate": by_xstate,
        "statemachine": by_statemachine,
    }


def denials() -> dict[str, Callable[[object], object]]:
    """Return every way to refuse a move."""
    return {
        "transitions": transitions_denied,
        "lazily": ours_denied_lazily,
        "codes": ours_denied,
        "full": ours_denied_in_full,
        "statemachine": statemachine_denied,
    }
