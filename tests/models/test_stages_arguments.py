"""What is none of what is asked for: refused by name, before anything is decided."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import pytest

from keyaccount.domain import EventKind, Opportunity, Outcome
from keyaccount.exceptions import InvalidValueError, UnknownFactError, UnknownNameError
from keyaccount.models import stages, tiering
from keyaccount.models.stages import Pipeline, Refused
from tests.models.stage_deals import SHIPPED, branching, event, moved, opened
from tests.refusals import refused


ONWARD = event(EventKind.ADVANCE)
OPPORTUNITY = Opportunity("o1", "c1", None)


@pytest.mark.parametrize("wrong", ["branch", 5, tiering.default_policy()])
def test_a_pipeline_is_an_object_and_no_name(wrong: object) -> None:
    deal, day = opened(), dt.date(2026, 3, 31)

    told = (("$.pipeline", "wrong-type"),)
    assert refused(stages.decide, deal, ONWARD, pipeline=wrong) == told
    assert refused(stages.options, deal, pipeline=wrong) == told
    assert refused(stages.due, deal, as_of=day, pipeline=wrong) == told
    assert refused(stages.ageing, [deal], as_of=day, pipeline=wrong) == told
    assert refused(stages.rejudge, deal, wrong) == told
    opening = event(EventKind.OPEN)
    assert refused(stages.open_deal, "o1", opening, pipeline=wrong) == told
    with pytest.raises(InvalidValueError, match="a Pipeline object"):
        stages.decide(deal, ONWARD, pipeline=cast("Pipeline", wrong))


@pytest.mark.parametrize("wrong", [None, 5, "o1", {"id": "o1"}, OPPORTUNITY])
def test_deals_and_events_are_objects(wrong: object) -> None:
    deal, day = opened(), dt.date(2026, 3, 31)

    assert refused(stages.decide, wrong, ONWARD) == (("$.deal", "wrong-type"),)
    assert refused(stages.decide, deal, wrong) == (("$.event", "wrong-type"),)
    assert refused(stages.open_deal, "o1", wrong) == (("$.event", "wrong-type"),)
    assert refused(stages.options, wrong) == (("$.deal", "wrong-type"),)
    assert refused(stages.due, wrong, as_of=day) == (("$.deal", "wrong-type"),)
    listed = (("$.deals[0]", "wrong-type"),)
    assert refused(stages.ageing, [wrong], as_of=day) == listed


@pytest.mark.parametrize("wrong", [5, 0, "fit", "", [], [("term_rated", True)]])
def test_facts_are_a_mapping(wrong: object) -> None:
    deal, told = opened(), (("$.facts", "wrong-type"),)

    assert refused(stages.decide, deal, ONWARD, wrong) == told
    assert refused(stages.options, deal, wrong) == told
    assert refused(stages.open_deal, "o1", event(EventKind.OPEN), wrong) == told
    assert refused(SHIPPED.read, wrong) == told


def test_names_that_are_no_text_are_unknown_and_can_be_told() -> None:
    with pytest.raises(UnknownFactError, match=r"^1 is not a fact of this model"):
        SHIPPED.read(cast("Any", {1: 2}))
    with pytest.raises(UnknownNameError, match=r"^None is not a known stage"):
        SHIPPED.form(cast("Any", None))


def test_a_history_is_a_list_of_records() -> None:
    records = (("$.history[0]", "wrong-type"),)

    assert refused(stages.replay, "o1", None) == (("$.history", "wrong-type"),)
    assert refused(stages.replay, "o1", [{"version": 1}]) == records
    assert refused(stages.rejudge, 5, SHIPPED) == (("$.history", "wrong-type"),)
    assert refused(stages.rejudge, [5], SHIPPED) == records


@pytest.mark.parametrize(
    "wrong", [None, "2020", dt.datetime(2026, 3, 31, tzinfo=dt.UTC)]
)
def test_days_are_plain(wrong: object) -> None:
    assert refused(opened().days_in_stage, wrong) == (("$.as_of", "wrong-type"),)
    assert refused(opened().before, wrong) == (("$.day", "wrong-type"),)


@pytest.mark.parametrize("wrong", [5, "o1"])
def test_an_opportunity_is_one(wrong: object) -> None:
    day, told = dt.date(2026, 3, 31), (("$.opportunity", "wrong-type"),)

    assert refused(stages.known_of, wrong) == told
    assert refused(stages.milestones, wrong, as_of=day) == told
    assert refused(stages.adopt, wrong, as_of=day, actor="a") == told
    assert refused(stages.due, opened(), as_of=day, opportunity=wrong) == told
    assert refused(stages.ageing, wrong, as_of=day)[0][0].startswith("$.deals")


def test_a_mistake_in_a_pipeline_of_ones_own_is_not_hidden() -> None:
    broken = object.__new__(Pipeline)  # nothing in it works

    with pytest.raises(AttributeError, match=r"stages|name"):
        stages.decide(opened(), ONWARD, pipeline=broken)
    with pytest.raises(AttributeError, match=r"stages|name"):
        stages.open_deal("o1", event(EventKind.OPEN), pipeline=broken)


@pytest.mark.parametrize("slug", ["won", "lost", "abandoned"])
def test_no_stage_is_called_like_an_end(slug: str) -> None:
    plan = stages.StagePlan(slug, SHIPPED.stages[0].probability, wins=True)

    assert refused(Pipeline, name="p", version="1", question="?", stages=(plan,)) == (
        ("$.stages[0].id", "contradiction"),
    )


def joined() -> Pipeline:
    """Two ways that meet again, and lead back to either."""
    plans = [
        stages.StagePlan(slug, SHIPPED.stages[0].probability, to=to, back=back)
        for slug, to, back in (
            ("lead", ("pilot", "demo"), ()),
            ("pilot", ("offer",), ("lead",)),
            ("demo", ("offer",), ("lead",)),
        )
    ]
    offer = stages.StagePlan(
        "offer",
        SHIPPED.stages[0].probability,
        to=(),
        back=("lead", "pilot", "demo"),
        wins=True,
    )
    return Pipeline(name="joined", version="1", question="?", stages=(*plans, offer))


@pytest.mark.parametrize("way", ["pilot", "demo"])
def test_where_ways_branch_a_step_back_leads_to_where_the_deal_came_from(
    way: str,
) -> None:
    pipeline = joined()
    deal = opened(pipeline)
    deal = moved(deal, event(EventKind.ADVANCE, 1, to=way), {}, pipeline)
    deal = moved(deal, event(EventKind.ADVANCE, 2), {}, pipeline)
    back = event(EventKind.BACK, 3, reason="the price")

    assert moved(deal, back, {}, pipeline).stage == way
    unsure = stages.decide(deal.latest, back, pipeline=pipeline)
    assert isinstance(unsure, Refused)
    assert unsure.codes == ("which-way",)
    assert unsure.unmet[0].needed == "lead, pilot, demo"
    named = event(EventKind.BACK, 3, to="lead", reason="the price")
    assert moved(deal.latest, named, {}, pipeline).stage == "lead"


def test_where_one_way_leads_back_nothing_else_need_be_known() -> None:
    pipeline = branching()
    deal = opened(pipeline, "offer")

    back = event(EventKind.BACK, 1, reason="the price")
    assert moved(deal, back, {}, pipeline).stage == "lead"


def test_only_an_open_deal_at_a_known_stage_is_taken_over() -> None:
    day = dt.date(2026, 1, 5)
    ended = Opportunity("o1", "c1", None, stage=None, outcome=Outcome.LOST)
    fresh = Opportunity("o1", "c1", None, opened_on=dt.date(2026, 1, 2))

    assert refused(stages.adopt, ended, as_of=day, actor="desk") == (
        ("$.stage", "missing"),
        ("$.outcome", "contradiction"),
    )
    taken = stages.adopt(fresh, as_of=day, actor="desk")
    assert (taken.stage, taken.days_in_stage(day)) == ("identification", 3)
