"""Everything that is due: one ordered list, whoever says so (S2-27)."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire, wording
from keyaccount.book import Agenda, Item, agenda, deal_items, item_of
from keyaccount.domain import (
    Customer,
    EventKind,
    Milestone,
    Opportunity,
    WorkCalendar,
)
from keyaccount.models import stages
from keyaccount.rules import Label, Reason
from tests.models.due_deals import FIRST, OWN, day, deal_of
from tests.models.stage_deals import AT, closed, opened, paused
from tests.refusals import refused


CUSTOMER = Customer("c1", "Harbour Foods")
DEAL = Opportunity("d1", "c1", None, name="Cold chain", owner="Li")


def item(
    due: int, owner: str | None = None, code: str = "visit", deal: str | None = None
) -> Item:
    """What another source than the deals may have to say."""
    what = Reason("task-stage", (("task", code), ("stage", "identification")))
    return Item("visits", code, day(due), what, owner, "c1", deal_id=deal)


ITEMS = st.lists(
    st.builds(
        item,
        st.integers(-9, 9),
        st.none() | st.sampled_from(["Li", "director"]),
        st.sampled_from(["visit", "call"]),
        st.none() | st.sampled_from(["d1", "d2"]),
    ),
    max_size=8,
)


# Items.


def test_a_task_becomes_an_item_with_its_owner_and_its_names() -> None:
    [task] = stages.due(opened(), as_of=FIRST)

    found = item_of(task, opportunity=DEAL, customer=CUSTOMER)

    assert (found.source, found.code, found.due_on) == ("deals", task.code, day(7))
    assert (found.owner, found.deal_id, found.deal) == ("Li", "d1", "Cold chain")
    assert (found.customer_id, found.customer) == ("c1", "Harbour Foods")
    assert found.says() == task.explain()[0]


def test_an_item_needs_no_owner_and_no_names() -> None:
    [task] = stages.due(opened(), as_of=FIRST)

    found = item_of(task)

    assert (found.owner, found.customer_id, found.deal) == (None, None, None)
    assert item_of(task, opportunity=DEAL).customer_id == "c1"
    assert found.parts(FIRST)[1:] == ("due in 7 days, on 2026-01-12", "d1")


def test_the_items_of_a_deal_are_its_tasks() -> None:
    opportunity = attrs.evolve(
        deal_of(Milestone("m", day(1)), close=day(3)), owner="director"
    )

    found = deal_items(opened(), as_of=FIRST, opportunity=opportunity)
    done = deal_items(opened(), {"gate_is_real": "pass"}, as_of=FIRST)

    assert [one.code for one in found] == ["m", "expected-close", "answer-first-gate"]
    assert {one.owner for one in found} == {"director"}
    assert not done
    assert not deal_items(closed(EventKind.LOSE), as_of=FIRST)


def test_an_item_bears_the_names_that_its_pipeline_gives() -> None:
    [call, _] = deal_items(opened(OWN), as_of=FIRST, pipeline=OWN)

    assert call.says() == "call them (first talk)"


@pytest.mark.parametrize(("due", "late"), [(-2, 2), (0, 0), (5, 0)])
def test_an_item_is_as_late_as_its_day_is_past(due: int, late: int) -> None:
    assert item(due).days_late(FIRST) == late


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"source": ""}, "$.source", "empty"),
        ({"code": ""}, "$.code", "empty"),
        ({"due_on": AT}, "$.due_on", "wrong-type"),
        ({"due_on": "2026-01-05"}, "$.due_on", "wrong-type"),
    ],
)
def test_an_item_checks_itself(
    changes: dict[str, object], path: str, code: str
) -> None:
    assert refused(attrs.evolve, item(0), **changes) == ((path, code),)


# The agenda.


def test_what_is_late_leads_then_what_is_due_by_date_and_owner() -> None:
    given_ = [item(3, "Li"), item(0), item(-5, "director"), item(0, "Li"), item(-1)]

    found = agenda(given_, as_of=FIRST)

    assert [(one.due_on, one.owner) for one in found] == [
        (day(-5), "director"),
        (day(-1), None),
        (day(0), "Li"),
        (day(0), None),
        (day(3), "Li"),
    ]
    assert found.late == found.items[:2]
    assert found.today == found.items[2:4]
    assert found.coming(3) == found.items[4:]
    assert not found.coming(2)
    assert len(found) == 5


@given(ITEMS, ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_items_and_sources_changes_nothing(
    one: list[Item], other: list[Item], dice: random.Random
) -> None:
    shuffled = [*one, *other]
    dice.shuffle(shuffled)

    found = agenda(one, other, as_of=FIRST)

    assert agenda(shuffled, as_of=FIRST) == found
    assert agenda(other, iter(one), as_of=FIRST) == found
    assert set(found) == {*one, *other}


@given(ITEMS, st.integers(0, 9))
def test_everything_is_late_today_or_coming_and_somebody_s(
    items: list[Item], days: int
) -> None:
    found = agenda(items, as_of=FIRST)

    assert (*found.late, *found.today, *found.coming(9)) == found.items
    assert [one for _, mine in found.by_owner for one in mine] == sorted(
        found.items, key=lambda one: (one.owner is None, one.owner or "")
    )
    assert [one for _, mine in found.by_day for one in mine] == list(found.items)
    near = found.within(days)
    assert set(near) == {one for one in found if one.due_on <= day(days)}


def test_everybody_has_an_agenda_of_their_own() -> None:
    found = agenda([item(1, "director"), item(2), item(0, "Li")], as_of=FIRST)

    assert [owner for owner, _ in found.by_owner] == ["Li", "director", None]
    assert found.of("director") == agenda([item(1, "director")], as_of=FIRST)
    assert found.of(None) == agenda([item(2)], as_of=FIRST)
    assert not found.of("Zhao")


def test_what_two_sources_say_in_the_same_words_is_said_once() -> None:
    assert len(agenda([item(1)], [item(1)], [item(2)], as_of=FIRST)) == 2


def test_deals_and_other_sources_stand_in_one_list() -> None:
    deals = [opened(), paused()]
    tasks = [deal_items(deal, as_of=day(31)) for deal in deals]

    found = agenda(*tasks, [item(30, "Li")], as_of=day(31))

    assert [one.source for one in found] == ["deals", "visits", "deals", "deals"]
    assert [one.code for one in found.today] == ["resume"]


def test_items_that_differ_in_their_words_only_have_an_order_too() -> None:
    words = [Reason("landmark", (("name", name),)) for name in "abc"]
    items = [attrs.evolve(item(0), what=what) for what in words]

    for order in itertools.permutations(items):
        assert agenda(order, as_of=FIRST).items == tuple(items)


def test_an_empty_agenda_is_an_agenda() -> None:
    found = agenda(as_of=FIRST)

    assert (found.items, found.by_owner, found.by_day) == ((), (), ())
    assert found.explain() == ("late: 0, today: 0, coming: 0",)


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_an_agenda_tells_itself_a_line_an_item(locale: str) -> None:
    [task] = stages.due(opened(), as_of=day(9))
    mine = item_of(task, opportunity=DEAL, customer=CUSTOMER)

    head, line = agenda([mine], as_of=day(9)).explain(locale)

    assert "1" in head
    assert line.startswith("  ")
    for part in ("2026-01-12", "Harbour Foods", "Cold chain", "Li", " · "):
        assert part in line


def test_names_stay_on_one_line() -> None:
    named = attrs.evolve(item(0), deal="one\ntwo\x1b[0m", owner="Li\u202e\nfalse")

    [_, line] = agenda([named], as_of=FIRST).explain()

    assert line.isprintable()


def test_own_words_of_a_source_are_used() -> None:
    labels = (Label("en", "stage-task.visit", "visit them"),)

    assert attrs.evolve(item(0), labels=labels).says() == "visit them (identification)"


def test_a_source_may_say_a_sentence_of_its_own_or_just_a_text() -> None:
    labels = (Label("zh-Hans", "sentence.ring", "致电{name}"),)
    rings = attrs.evolve(
        item(0), what=Reason("ring", (("name", "张三"),)), labels=labels
    )
    text = attrs.evolve(item(0), what=Reason("agenda-text", (("text", "ring Li"),)))

    assert rings.says("zh-Hans") == "致电张三"
    assert [text.says(locale) for locale in wording.LOCALES] == ["ring Li"] * 3


def test_an_agenda_is_a_value() -> None:
    found = agenda(deal_items(opened(OWN), as_of=FIRST, pipeline=OWN), as_of=FIRST)

    assert wire.loads(wire.dumps(found), Agenda) == found
    assert hash(found) == hash(agenda(found.items[::-1], as_of=FIRST))


def test_only_items_and_plain_days_are_taken() -> None:
    wrong = [item(0), "call them"]

    assert refused(agenda, [], wrong, as_of=AT) == (
        ("$.as_of", "wrong-type"),
        ("$.sources[1][1]", "wrong-type"),
    )


def test_a_long_agenda_is_put_in_order() -> None:
    days = itertools.cycle(range(-9, 9))
    many = [item(next(days), f"p{at % 7}", deal=f"d{at}") for at in range(3000)]

    found = agenda(many, as_of=FIRST)

    assert [one.due_on for one in found] == sorted(one.due_on for one in many)


def test_what_is_due_is_a_reason() -> None:
    day = dt.date(2026, 3, 31)

    assert refused(Item, "ours", "call", day, "call") == (("$.what", "wrong-type"),)


# Work days, and plain data.


WEEKENDS = WorkCalendar(holidays=[day(14)], workdays=[day(5)])  # FIRST is a Monday


@pytest.mark.parametrize(
    ("due", "act_by"),
    [(4, None), (5, None), (6, 5), (13, 11), (14, 11), (-1, None)],
)
def test_what_falls_on_a_free_day_says_by_when_to_act(
    due: int, act_by: int | None
) -> None:
    [found] = agenda([item(due)], as_of=FIRST).on_workdays(WEEKENDS)

    assert found.due_on == day(due)
    assert found.act_by == (None if act_by is None else day(act_by))
    if act_by is not None:
        assert found.parts(FIRST)[2] == (
            f"act by {day(act_by)}: people are off on the day"
        )


def test_a_day_before_which_nobody_works_bears_no_day_to_act_by() -> None:
    found = agenda([item(1)], as_of=day(1)).on_workdays(
        WorkCalendar(holidays=[day(at) for at in range(-3, 2)])
    )

    assert [one.act_by for one in found] == [None]


@given(ITEMS)
def test_work_days_lose_no_item_and_move_no_due_day(items: list[Item]) -> None:
    found = agenda(items, as_of=FIRST)

    moved = found.on_workdays(WEEKENDS)

    assert [attrs.evolve(one, act_by=None) for one in moved] == list(found)
    assert moved.on_workdays(WorkCalendar(weekend=[])) == found


@given(ITEMS)
def test_an_agenda_as_plain_data_has_a_row_an_item(items: list[Item]) -> None:
    found = agenda(items, as_of=FIRST)

    rows = found.records()

    assert [row["due_on"] for row in rows] == [str(one.due_on) for one in found]
    assert [row["days_late"] for row in rows] == [one.days_late(FIRST) for one in found]
    assert json.loads(json.dumps(rows)) == list(rows)


def test_nobody_acts_after_the_day_it_is_due() -> None:
    late = refused(attrs.evolve, item(0), act_by=day(1))
    wrong = refused(attrs.evolve, item(0), act_by="2026-01-05")

    assert late == (("$.act_by", "not-sorted"),)
    assert wrong == (("$.act_by", "wrong-type"),)
