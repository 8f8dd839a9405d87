"""Pipelines that run: branching, side by side, of one's own, the two shipped ones."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from keyaccount import policies, wire
from keyaccount.domain import EventKind, Stage
from keyaccount.exceptions import UnknownNameError
from keyaccount.models import stages
from keyaccount.models.stages import Moved, Pipeline, Refused
from keyaccount.tri import Tri
from tests.models.stage_deals import (
    BRANCHES,
    HEAD,
    MET,
    SHIPPED,
    SIGNATURE,
    SOUND,
    branching,
    complete,
    event,
    moved,
    opened,
)


def read(text: str) -> Pipeline:
    return policies.read(tomllib.loads(text, parse_float=Decimal), Pipeline)


def test_a_sound_stranger_runs_without_a_line_of_python() -> None:
    mine = read(HEAD + SOUND)
    deal = opened(mine)

    first = stages.decide(deal, event(EventKind.ADVANCE), pipeline=mine)
    second = stages.decide(
        deal, event(EventKind.ADVANCE), {"source_recorded": True}, pipeline=mine
    )

    assert isinstance(first, Refused)
    assert isinstance(second, Moved)
    assert moved(second.deal, event(EventKind.WIN, 2), pipeline=mine).outcome


def test_the_order_of_the_file_is_the_way_unless_it_says_otherwise() -> None:
    ids = [plan.id for plan in SHIPPED.stages]
    stations = SHIPPED.machine.stations

    assert ids == [stage.value for stage in Stage]
    assert [one.to for one in stations] == [*((slug,) for slug in ids[1:]), ()]
    assert [one.back for one in stations] == [tuple(ids[:at]) for at in range(5)]
    assert [one.ends for one in stations] == [False] * 4 + [True]


def test_a_branching_pipeline_asks_which_way() -> None:
    pipeline = branching()
    deal = opened(pipeline)
    facts = MET["branches"]

    either = stages.decide(deal, event(EventKind.ADVANCE), facts, pipeline=pipeline)

    assert isinstance(either, Refused)
    assert [(gap.code, gap.needed) for gap in either.unmet] == [
        ("which-way", "pilot, offer")
    ]
    for way in ("pilot", "offer"):
        onward = event(EventKind.ADVANCE, to=way)
        assert moved(deal, onward, facts, pipeline).stage == way


def test_several_pipelines_run_side_by_side() -> None:
    deals = {name: opened(one) for name, one in (("a", SHIPPED), ("b", SIGNATURE))}
    onward = event(EventKind.ADVANCE)

    assert moved(deals["a"], onward, MET["stages"]).stage == "need-confirmation"
    assert (
        moved(deals["b"], onward, MET["stages-signature"], SIGNATURE).stage
        == "identifying"
    )


OURS = """
name = "ours"
based_on = "stages"
drop = ["solution-design"]

[[facts]]
id = "sample_tested"

[[stages]]
id = "need-confirmation"
[[stages.exits]]
id = "sample"
when = "sample_tested"

[labels.en]
exit.sample = "the customer has tested a sample"
fact.sample_tested = "sample tested"

[labels.zh-Hans]
exit.sample = "客户已试用样品"
"""


def test_a_pipeline_of_ones_own_says_only_what_differs() -> None:
    ours = read(OURS)
    deal = opened(ours, "need-confirmation")
    met = {**MET["stages"], "sample_tested": True}
    untested = {**MET["stages"], "sample_tested": False}

    onward = stages.decide(deal, event(EventKind.ADVANCE), met, pipeline=ours)
    ruling = stages.decide(deal, event(EventKind.ADVANCE), untested, pipeline=ours)

    assert [plan.id for plan in ours.stages] == [
        "identification",
        "need-confirmation",
        "proposal-negotiation",
        "contract-signing",
    ]
    assert isinstance(onward, Moved)
    assert onward.deal.stage == "proposal-negotiation"
    assert isinstance(ruling, Refused)
    assert ruling.codes == ("sample",)
    assert "the customer has tested a sample" in "\n".join(ruling.explain())
    assert "客户已试用样品" in "\n".join(ruling.explain("zh-Hans"))


def test_the_deal_of_another_pipeline_is_nobodys_to_judge() -> None:
    with pytest.raises(
        ValueError, match="pass as pipeline= the Pipeline named 'stages'"
    ):
        stages.decide(opened(), event(EventKind.ADVANCE), pipeline=SIGNATURE)
    with pytest.raises(
        ValueError, match="pass as pipeline= the Pipeline named 'stages'"
    ):
        stages.options(opened(), pipeline=SIGNATURE)


def test_a_deal_at_a_stage_that_was_dropped_can_still_be_ended() -> None:
    deal = opened(SHIPPED, "solution-design")
    shorter = read(OURS.replace('"ours"', '"stages"'))

    for kind in (EventKind.ADVANCE, EventKind.WIN, EventKind.BACK):
        with pytest.raises(UnknownNameError, match="solution-design"):
            stages.decide(deal, complete(kind), pipeline=shorter)
    with pytest.raises(UnknownNameError, match="solution-design"):
        stages.options(deal, pipeline=shorter)
    for kind in (EventKind.LOSE, EventKind.ABANDON, EventKind.PAUSE):
        assert moved(deal, complete(kind), pipeline=shorter).version == 2


def test_a_form_asks_what_the_exits_ask() -> None:
    assert [one.name for one in SHIPPED.form("contract-signing")] == [
        "contract_signed",
        "contract_value",
        "terms_reasonable",
        "terms_executable",
        "term_within_appetite",
    ]
    assert branching().form("review") == ()
    with pytest.raises(UnknownNameError):
        SHIPPED.form("pilot")


def test_the_seven_steps_map_onto_the_five_stages() -> None:
    """S2-18, DOMAIN 2.3: the seventh step lies behind the contract."""
    by_stage = {
        stage.value: [step.id for step in SIGNATURE.step_of(stage)] for stage in Stage
    }

    assert by_stage == {
        "identification": ["noticing", "identifying"],
        "need-confirmation": ["validating"],
        "solution-design": ["qualifying"],
        "proposal-negotiation": ["conditionally-agreeing"],
        "contract-signing": ["winning"],
    }
    assert SIGNATURE.step_of("contract-signing")[0].outcome == "signed"
    assert [step.id for step in SIGNATURE.steps][-1] == "implementing"
    assert SHIPPED.step_of(Stage.IDENTIFICATION) == ()


def test_an_open_deal_is_never_sure() -> None:
    """QUALITY D16: the odds of the stages are above 0 and below 1, and rise."""
    for pipeline in (SHIPPED, SIGNATURE):
        odds = list(pipeline.probabilities.values())
        assert odds == sorted(odds)
        assert all(0 < chance < 1 for chance in odds)
    assert SHIPPED.probabilities["identification"] == Decimal("0.10")


def test_notices_come_from_the_file_and_are_zero_without() -> None:
    assert SHIPPED.days("resume_notice") == 2
    assert SIGNATURE.days("close_notice") == 0


def test_what_is_asked_of_a_deal_may_have_a_kind_a_range_and_choices() -> None:
    about = branching().about

    assert about["pilot_wanted"].kind.value == "yes-no"
    assert (about["pilot_users"].low, about["pilot_users"].high) == (0.0, 500.0)
    assert about["colour"].choices == ("red", "green")


@pytest.mark.parametrize("pipeline", [SHIPPED, SIGNATURE, branching()])
def test_a_pipeline_is_written_and_read_back(pipeline: Pipeline) -> None:
    plain = wire.unstructure(pipeline)

    assert wire.structure(plain, Pipeline) == pipeline


def test_a_file_beside_the_program_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "branches.toml"
    path.write_text(BRANCHES, encoding="utf-8")

    assert policies.read(path, Pipeline) == branching()


def test_the_shipped_pipeline_is_the_one_that_is_meant_when_none_is_named() -> None:
    deal = stages.open_deal("d1", event(EventKind.OPEN, 0))

    assert deal.pipeline == "stages"
    assert stages.options(deal) == stages.options(deal, pipeline=SHIPPED)
    assert isinstance(stages.decide(deal, event(EventKind.ADVANCE)), Refused)


def test_without_an_exit_there_is_nothing_to_meet() -> None:
    open_door = attrs.evolve(
        SHIPPED,
        stages=tuple(attrs.evolve(plan, exits=()) for plan in SHIPPED.stages),
    )
    (onward, *_) = stages.options(opened(open_door), pipeline=open_door)

    assert onward.is_open_to is Tri.YES
    ruling = stages.decide(
        opened(open_door), event(EventKind.ADVANCE), pipeline=open_door
    )
    assert isinstance(ruling, Moved)
    assert ruling.record.overridden == ()
