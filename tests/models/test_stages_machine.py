"""Random lives of deals: `decide` against a plain model, event by event.

Issue 3, acceptance 2. Facts, times, versions, repeated ids and approvers are all
random; the pipelines are the shipped ones and random ones that branch.
"""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Mapping
from decimal import Decimal

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from keyaccount import wire
from keyaccount.domain import (
    DealEvent,
    EventKind,
    GateResult,
    LossReason,
    Opportunity,
    Outcome,
)
from keyaccount.exceptions import EventReusedError
from keyaccount.models import stages
from keyaccount.models.stages import (
    Conflict,
    Deal,
    Duplicate,
    Moved,
    Pipeline,
    Refused,
    StagePlan,
)
from keyaccount.rules import FactKind, Gate, fact
from tests.models.plain_deal import SHIPPED_EXITS, Exits, PlainDeal, Ways, said
from tests.models.stage_deals import AT, SHIPPED, SIGNATURE


NAMED = (EventKind.OPEN, EventKind.ADVANCE, EventKind.BACK, EventKind.REOPEN)
OFFSETS = st.sampled_from([-11, -5, 0, 1, 8, 14])
STEPS = st.sampled_from(
    [-86_400, -1, 0, 0, 1, 3_600, 20_000, 86_400, 5 * 86_400, 40 * 86_400]
)
ANSWERS = st.sampled_from([True, True, True, False, None])
EASY = {"source_recorded", "term_rated", "terms_reasonable", "contract_signed"}
ASKED = ("source_recorded", "term_rated", "terms_reasonable", "contract_signed")


def ways_of(pipeline: Pipeline) -> Ways:
    """Read the ways from the plans, not from the machine that is under test."""
    ids = [plan.id for plan in pipeline.stages]
    return {
        plan.id: (
            plan.to if plan.to is not None else tuple(ids[at + 1 : at + 2]),
            plan.back if plan.back is not None else tuple(ids[:at]),
            plan.wins,
        )
        for at, plan in enumerate(pipeline.stages)
    }


def plain_exits(pipeline: Pipeline) -> Exits:
    """Exits that are a yes-no each, as in the second shipped pipeline."""
    return {
        plan.id: {gate.id: said(gate.when.fact) for gate in plan.exits}  # type: ignore[union-attr]  # a yes-no
        for plan in pipeline.stages
    }


@st.composite
def random_pipelines(draw: st.DrawFn) -> Pipeline:
    """Up to six stages, each on some way from the first to a win, ways criss-cross."""
    ids = [f"s{index}" for index in range(draw(st.integers(1, 6)))]
    plans = []
    for index, slug in enumerate(ids):
        later, others = ids[index + 1 :], [one for one in ids if one != slug]
        more = draw(st.sets(st.sampled_from(others))) if others else set()
        to = sorted({*later[:1], *more})
        asked = draw(st.lists(st.sampled_from(ASKED), max_size=3, unique=True))
        exits = tuple(
            Gate(name.replace("_", "-"), fact(name).is_yes()) for name in asked
        )
        back = (
            draw(st.none() | st.lists(st.sampled_from(others), unique=True))
            if others
            else None
        )
        plans.append(
            StagePlan(
                slug,
                Decimal("0.5"),
                tuple(draw(st.permutations(to))),
                None if back is None else tuple(back),
                wins=not later or draw(st.booleans()),
                exits=exits,
            )
        )
    return Pipeline(name="random", version="1", stages=tuple(plans))


def tellings(pipeline: Pipeline) -> st.SearchStrategy[Mapping[str, object]]:
    """What somebody may know: mostly what helps, in every type that is taken."""
    numbers = st.sampled_from([None, 0, 1, Decimal(1), 2.0, Decimal("0.5")])
    kinds = {
        FactKind.YES_NO: ANSWERS,
        FactKind.NUMBER: numbers,
        FactKind.CHOICE: st.sampled_from(
            [None, "pass", "pass", "pass", *(one.value for one in GateResult)]
        ),
    }
    return st.fixed_dictionaries({one.name: kinds[one.kind] for one in pipeline.about})


@st.composite
def tales(draw: st.DrawFn, deal: Deal, pipeline: Pipeline) -> DealEvent:
    """Any event: a new one, one that has been, one that borrows an old one's id."""
    old = [record.event for record in deal.history]
    which = draw(st.integers(0, 9))
    if which == 0:
        return draw(st.sampled_from(old))
    kind = draw(st.sampled_from([*EventKind, *[EventKind.ADVANCE] * 8, EventKind.WIN]))
    zone = dt.timezone(dt.timedelta(hours=draw(OFFSETS)))
    at = (deal.last.event.at + dt.timedelta(seconds=draw(STEPS))).astimezone(zone)
    ids = [plan.id for plan in pipeline.stages]
    reasons = st.sampled_from(["why not", "why not", "why not", None])
    loss = st.sampled_from([LossReason.PRICE, LossReason.NO_DECISION, None])
    versions = st.sampled_from([None, None, None, deal.version, deal.version - 1])
    guarded = kind in {EventKind.ADVANCE, EventKind.WIN}
    until = st.none() | st.integers(-1, 60).map(
        lambda days: at.date() + dt.timedelta(days)
    )
    return DealEvent(
        old[0].id if which == 1 else f"e{deal.version}-{draw(st.integers(0, 99))}",
        kind,
        at,
        "Li",
        to=draw(st.none() | st.sampled_from(ids)) if kind in NAMED else None,
        reason=draw(reasons),
        expected_version=draw(versions),
        approver=draw(st.sampled_from([None, None, "director"])) if guarded else None,
        loss_reason=draw(loss) if kind is EventKind.LOSE else None,
        competitor=None,
        resume_on=draw(until) if kind is EventKind.PAUSE else None,
    )


class Life(RuleBasedStateMachine):
    """One deal, told twice."""

    deal: Deal
    pipeline: Pipeline
    plain: PlainDeal

    def begin(self, pipeline: Pipeline, exits: Exits, stage: str | None) -> None:
        first = DealEvent("first", EventKind.OPEN, AT, "Li", to=stage)
        self.pipeline = pipeline
        self.plain = PlainDeal(ways_of(pipeline), exits, first)
        self.deal = stages.open_deal("d1", first, pipeline=pipeline)

    @initialize(data=st.data())
    def open(self, data: st.DataObject) -> None:
        which = data.draw(st.sampled_from(["shipped", "signature", "random"]))
        if which == "shipped":
            pipeline, exits = SHIPPED, SHIPPED_EXITS
        elif which == "signature":
            pipeline, exits = SIGNATURE, plain_exits(SIGNATURE)
        else:
            pipeline = data.draw(random_pipelines())
            exits = plain_exits(pipeline)
        ids = [plan.id for plan in pipeline.stages]
        self.begin(pipeline, exits, data.draw(st.none() | st.sampled_from(ids)))

    @rule(data=st.data())
    def happens(self, data: st.DataObject) -> None:
        event = data.draw(tales(self.deal, self.pipeline))
        facts = data.draw(tellings(self.pipeline))
        given: Mapping[str, object] = facts
        if data.draw(st.booleans()):
            given = self.pipeline.read(facts)
        asks_the_past = self.plain.asks_the_past(event)
        told, why = self.plain.happen(event, facts)

        if told == "reused":
            with pytest.raises(EventReusedError):
                stages.decide(self.deal, event, given, pipeline=self.pipeline)
            return
        ruling = stages.decide(self.deal, event, given, pipeline=self.pipeline)
        if isinstance(ruling, Moved):
            assert told == "moved"
            assert ruling.record.overridden == tuple(self.plain.overridden)
            assert ruling.record.facts == self.pipeline.read(facts)
            assert ruling.deal.history[:-1] == self.deal.history
            self.with_one_record(ruling, event, given, is_vague=asks_the_past)
            self.deal = ruling.deal
        elif isinstance(ruling, Refused):
            assert told == "refused"
            assert set(ruling.codes) == why
            self.with_one_record(ruling, event, given, is_vague=asks_the_past)
        elif isinstance(ruling, Conflict):
            assert told == "conflict"
        else:
            assert isinstance(ruling, Duplicate)
            assert told == "duplicate"
            assert ruling.record.event == event

    def with_one_record(
        self,
        ruling: Moved | Refused,
        event: DealEvent,
        given: Mapping[str, object],
        *,
        is_vague: bool,
    ) -> None:
        """The last record is enough, except for a step back that must ask the past."""
        short = stages.decide(self.deal.latest, event, given, pipeline=self.pipeline)
        if is_vague:
            assert isinstance(short, Refused)
            others = ruling.codes if isinstance(ruling, Refused) else ()
            assert set(short.codes) == {"which-way", *others}
        elif isinstance(ruling, Moved):
            assert isinstance(short, Moved)
            assert short.deal.latest == ruling.deal.latest
        else:
            assert isinstance(short, Refused)
            assert short.unmet == ruling.unmet

    @precondition(lambda self: self.deal.version > 1)
    @rule()
    def is_kept_and_read_again(self) -> None:
        """What a host does between two requests, with its database in between."""
        text = wire.dumps(self.deal)
        back = wire.loads(text, Deal)

        assert back == self.deal
        assert hash(back) == hash(self.deal)
        assert wire.dumps(stages.replay(back.id, back.history)) == text
        assert pickle.loads(pickle.dumps(self.deal)) == self.deal  # noqa: S301 - our own
        self.deal = back

    @invariant()
    def the_two_agree(self) -> None:
        now, deal = self.plain.now, self.deal
        assert deal.version == now["version"] == len(deal.history)
        assert deal.stage == now["stage"]
        assert deal.last.entered_at == now["entered"]
        assert deal.outcome is (
            None if now["outcome"] is None else Outcome(now["outcome"])
        )
        assert (deal.pause and attrs.astuple(deal.pause)) == now["pause"]
        assert deal.last.paused_days == now["rested"]
        for days in (0, 20, 200):
            as_of = self.plain.last_at.date() + dt.timedelta(days)
            assert deal.days_in_stage(as_of) == self.plain.days_in_stage(as_of)

    @invariant()
    def its_path_is_an_opportunitys_history(self) -> None:
        deal = self.deal
        told = Opportunity(deal.id, "c1", None, deal.stage, history=deal.path)

        assert told.history == deal.path
        last = deal.path[-1].at
        for day in (deal.path[0].at, last, last - dt.timedelta(1)):
            past = deal.before(day)
            if past is not None:
                assert past.history == deal.history[: past.version]

    def teardown(self) -> None:
        """The same history gives the same deal, and the same rule finds no fault."""
        if not hasattr(self, "deal"):
            return
        assert stages.replay("d1", self.deal.history) == self.deal
        for judged in stages.rejudge(self.deal, self.pipeline):
            codes = tuple(gap.code for gap in judged.unmet)
            assert codes == judged.record.overridden


TestLife = Life.TestCase
TestLife.settings = settings(stateful_step_count=30)
