"""What could happen next, what each of it needs, and what the facts come from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import (
    EventKind,
    GateId,
    GateResult,
    Money,
    Need,
    NeedKind,
    Opportunity,
    StageAnswers,
)
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.models import stages
from keyaccount.models.stages import FACTS, Moved, Option, Refused, Unmet
from keyaccount.rules import Missing, Reason
from keyaccount.tri import Tri
from tests.models.stage_deals import (
    MET,
    SHIPPED,
    UNMET,
    branching,
    closed,
    complete,
    event,
    moved,
    opened,
    paused,
)
from tests.strategies import opportunities, tris


ADVANCE = event(EventKind.ADVANCE)


def exits(reason: Reason) -> list[tuple[str, object]]:
    """What was said of every exit; other reasons may stand between."""
    found = [one for one in reason.because if one.code.startswith("exit-")]
    return [(one.code, one.get("exit")) for one in found]


def kinds(found: tuple[Option, ...]) -> list[tuple[str, str | None]]:
    return [(one.kind.value, one.to) for one in found]


def test_the_way_on_comes_first_then_what_leads_elsewhere() -> None:
    found = stages.options(opened(stage="solution-design"))

    assert kinds(found) == [
        ("advance", "proposal-negotiation"),
        ("back", "need-confirmation"),
        ("back", "identification"),
        ("pause", None),
        ("lose", None),
        ("abandon", None),
    ]
    assert [one.fields for one in found] == [
        (),
        ("reason",),
        ("reason",),
        ("reason", "resume_on"),
        ("loss_reason",),
        ("reason",),
    ]


def test_a_deal_on_hold_resumes_or_ends() -> None:
    assert kinds(stages.options(paused())) == [
        ("resume", None),
        ("lose", None),
        ("abandon", None),
    ]


def test_what_has_ended_can_only_be_reopened() -> None:
    found = stages.options(closed(EventKind.LOSE, stage="solution-design"))

    assert kinds(found) == [
        ("reopen", "solution-design"),
        ("reopen", "need-confirmation"),
        ("reopen", "identification"),
    ]
    assert {one.is_open_to for one in found} == {Tri.YES}


def test_a_deal_can_be_won_where_the_pipeline_says_so() -> None:
    pipeline = branching()
    found = stages.options(opened(pipeline, "pilot"), pipeline=pipeline)

    assert kinds(found)[:3] == [
        ("advance", "review"),
        ("advance", "offer"),
        ("win", None),
    ]


def test_an_option_says_what_is_unmet_and_what_to_ask() -> None:
    """S2-8: the gate is on hold, or nobody has asked."""
    deal = opened()

    (nothing, *_) = stages.options(deal)
    (on_hold, *_) = stages.options(deal, {"gate_is_real": "hold"})
    (met, *_) = stages.options(deal, MET["stages"])

    assert nothing.is_open_to is Tri.UNKNOWN
    assert [asked.fact for asked in nothing.missing] == ["gate_is_real"]
    assert nothing.unmet[0].missing == (Missing("gate_is_real", "gate-is-real"),)
    assert on_hold.is_open_to is Tri.NO
    assert on_hold.unmet == (
        Unmet(
            "is-real",
            Tri.NO,
            "gate_is_real == 'pass'",
            (("gate_is_real", "hold"),),
            (),
            "identification",
        ),
    )
    assert (met.is_open_to, met.unmet, met.missing) == (Tri.YES, (), ())


def test_what_is_known_and_what_is_not_stand_side_by_side() -> None:
    deal = opened(stage="solution-design")
    facts = {
        **MET["stages"],
        "gate_can_win": "review",
        "competitiveness_approved": None,
    }

    ruling = stages.decide(deal, ADVANCE, facts)

    assert isinstance(ruling, Refused)
    (gap,) = ruling.unmet
    assert gap.answer is Tri.UNKNOWN
    assert gap.found == (("gate_can_win", "review"),)
    assert [asked.fact for asked in gap.missing] == ["competitiveness_approved"]


def test_a_yes_no_is_found_as_a_word() -> None:
    deal = opened(stage="need-confirmation")
    ruling = stages.decide(deal, ADVANCE, UNMET["stages"])

    assert isinstance(ruling, Refused)
    found = [pair for gap in ruling.unmet for pair in gap.found]
    assert ("business_or_technical_contacted", "no") in found
    assert ("gate_can_compete", "fail") in found


def test_a_refusal_that_was_written_down_says_the_same() -> None:
    deal = opened(stage="need-confirmation")
    ruling = stages.decide(deal, ADVANCE, {"mandatory_needs": 0})
    assert isinstance(ruling, Refused)

    back = wire.structure(wire.unstructure(ruling), Refused)

    assert back == ruling
    assert (back.codes, back.unmet, back.missing) == (
        ruling.codes,
        ruling.unmet,
        ruling.missing,
    )
    assert exits(back.why) == [
        ("exit-unmet", "needs-documented"),
        ("exit-open", "expert-contacted"),
        ("exit-open", "can-compete"),
    ]
    assert exits(ruling.why) == exits(back.why)
    assert back.explain()


def test_what_moved_says_what_every_exit_on_the_way_said() -> None:
    skip = event(
        EventKind.ADVANCE, to="solution-design", approver="boss", reason="they insist"
    )
    ruling = stages.decide(opened(), skip, {**MET["stages"], "mandatory_needs": 0})

    assert isinstance(ruling, Moved)
    assert ruling.record.overridden == ("skip", "needs-documented")
    assert ruling.why.code == "deal-overridden"
    assert [(one.code, one.get("exit")) for one in ruling.why.because] == [
        ("event-reason", None),
        ("exit-met", "is-real"),
        ("stage-skipped", None),
        ("exit-unmet", "needs-documented"),
        ("exit-met", "expert-contacted"),
        ("exit-met", "can-compete"),
    ]


def test_a_win_says_what_the_exits_of_its_stage_said() -> None:
    deal = opened(stage="contract-signing")
    ruling = stages.decide(deal, event(EventKind.WIN), MET["stages"])

    assert len(exits(ruling.why)) == 5
    assert ruling.why.code == "deal-moved"


def test_what_is_not_guarded_has_no_exits_to_tell_of() -> None:
    ruling = stages.decide(opened(), complete(EventKind.PAUSE), MET["stages"])
    kept = Moved(moved(opened(), ADVANCE, MET["stages"]))

    said = ["event-reason", "event-resume"]
    assert [reason.code for reason in ruling.why.because] == said
    assert kept.why.because == ()
    assert kept.explain()


def test_options_know_the_facts_that_the_pipeline_knows() -> None:
    with pytest.raises(UnknownFactError, match="source_recorded"):
        stages.options(opened(), {"source_record": True})
    with pytest.raises(InvalidValueError):
        stages.options(opened(), {"gate_is_real": "perhaps"})


# What the facts come from: an opportunity, and what the other models say of it.


def opportunity(**changes: object) -> Opportunity:
    return Opportunity("o1", "c1", None, **changes)  # type: ignore[arg-type]  # a test's shorthand


def test_of_a_new_opportunity_nothing_is_known() -> None:
    facts = SHIPPED.read(stages.known_of(opportunity()))

    assert facts.unknown == FACTS.names


def test_what_an_opportunity_says_is_known_by_fact() -> None:
    deal = Opportunity(
        "o1",
        "c1",
        Money(Decimal("1200000.50"), "CNY"),
        progress=StageAnswers(source_recorded=Tri.YES, open_concerns=0),
        needs=[Need(NeedKind.PRODUCT, Tri.YES), Need(NeedKind.SERVICE, Tri.NO)],
    )

    facts = SHIPPED.read(
        stages.known_of(
            deal,
            gates={GateId.IS_REAL: GateResult.PASS, GateId.CAN_WIN: None},
            business_or_technical_contacted=Tri.YES,
            term_rated=Tri.NO,
        )
    )

    assert {name: facts[name] for name in facts if facts[name] is not None} == {
        "source_recorded": Tri.YES,
        "gate_is_real": "pass",
        "mandatory_needs": 1.0,
        "business_or_technical_contacted": Tri.YES,
        "open_concerns": 0.0,
        "term_rated": Tri.NO,
        "contract_value": 1_200_000.5,
    }


@pytest.mark.parametrize(
    "answers, count",
    [
        ((), None),
        ((Tri.NO,), 0.0),
        ((Tri.UNKNOWN,), None),
        ((Tri.NO, Tri.UNKNOWN), None),
        ((Tri.YES, Tri.UNKNOWN), 1.0),
        ((Tri.YES, Tri.YES, Tri.NO), 2.0),
    ],
)
def test_needs_are_counted_as_far_as_they_are_known(
    answers: tuple[Tri, ...], count: float | None
) -> None:
    """S2-9; a need that may be mandatory does not make the count a zero."""
    needs = [Need(NeedKind.PRODUCT, answer) for answer in answers]

    assert stages.known_of(opportunity(needs=needs))["mandatory_needs"] == count


@given(opportunities(), tris, tris)
def test_whatever_is_known_of_an_opportunity_can_be_read(
    deal: Opportunity, contacted: Tri, covered: Tri
) -> None:
    known = stages.known_of(
        deal,
        business_or_technical_contacted=contacted,
        decision_maker_covered=covered,
        gates=dict.fromkeys(GateId, GateResult.PASS),
    )

    facts = SHIPPED.read(known)

    assert set(known) <= set(FACTS.names)
    assert facts["gate_worth_winning"] == "pass"
    assert facts["contract_signed"] is (
        None
        if deal.progress.contract_signed is Tri.UNKNOWN
        else deal.progress.contract_signed
    )


@given(st.data())
def test_the_first_question_is_one_that_is_open(data: st.DataObject) -> None:
    met = MET["stages"]
    facts = {
        name: data.draw(st.sampled_from([value, value, None]))
        for name, value in met.items()
    }
    stage = data.draw(st.sampled_from([plan.id for plan in SHIPPED.stages]))

    (onward, *_) = stages.options(opened(stage=stage), facts)

    asked = [missing.fact for missing in onward.missing]
    assert len(asked) == len(set(asked))
    assert all(facts[name] is None for name in asked)
    assert bool(asked) is (onward.is_open_to is Tri.UNKNOWN)


def test_a_deal_that_was_adopted_begins_where_it_stands() -> None:
    deal = stages.adopt(
        opportunity(stage="solution-design", opened_on=dt.date(2026, 1, 2)),
        as_of=dt.date(2026, 3, 1),
        actor="Li",
    )

    assert deal.stage == "solution-design"
    assert deal.days_in_stage(dt.date(2026, 1, 12)) == 10
    assert kinds(stages.options(deal))[0] == ("advance", "proposal-negotiation")
