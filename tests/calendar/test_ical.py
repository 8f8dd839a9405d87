"""Agendas for calendar programs: nothing lost, nothing doubled, nothing smuggled in."""

from __future__ import annotations

import collections
import datetime as dt
import os
import random
import re
import subprocess
import sys
from typing import cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wording
from keyaccount.book import Agenda, Item, agenda
from keyaccount.domain import WorkCalendar
from keyaccount.rules import Label, Reason
from tests.models.due_deals import FIRST, day
from tests.refusals import refused


pytest.importorskip("holidays", reason="the extra `calendar`")
pytest.importorskip("icalendar", reason="the extra `calendar`")

import icalendar

from keyaccount.calendar import to_ical


STAMP = dt.datetime(2026, 1, 5, 8, 30, tzinfo=dt.UTC)
PROPERTIES = {
    "CATEGORIES",
    "DESCRIPTION",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "SUMMARY",
    "TRANSP",
    "UID",
}
HOSTILE = (
    "Acme\r\nATTENDEE:mailto:x@evil.example",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:y",
    "x\nEND:VCALENDAR",
    "x\u2028ATTENDEE:y\u0085z\x0bw\x0cv",
    "one, two; three: four",
    '"quoted" ^n ^\' %0D%0A',
    "D:\\New\\notes \\n \\N \\, \\; \\",
    "BEGIN:VALARM",
    "=?utf-8?q?x?=",
    "客户“甲”（上海）🚚" * 20,
    "👩‍👩‍👧 e\u0301 \U0001f1e8\U0001f1f3",
    "\u202egnp.exe\u2066x\u2069 \u200b",
    "\ud800",
    "\0\x1b[31m\x7f",
    "\ufeff\ufffe\uffff",
    " ",
)


def item(due: int = 0, text: str = "Acme", code: str = "visit") -> Item:
    """Something due, whose every name is the same text."""
    what = Reason("agenda-text", (("text", text),))
    return Item(
        "contact",
        code,
        day(due),
        what,
        owner=text,
        customer_id="c1",
        customer=text,
        deal_id="d1",
        deal=text,
    )


def of(*items: Item) -> Agenda:
    return agenda(items, as_of=FIRST)


def events(written: bytes) -> list[icalendar.Component]:
    """Read a file back, and look at the only calendar that it may hold."""
    [calendar] = icalendar.Calendar.from_ical(written, multiple=True)
    assert not calendar.errors
    found = cast("list[icalendar.Component]", list(calendar.subcomponents))
    assert all(event.name == "VEVENT" for event in found)
    assert all(not event.subcomponents and not event.errors for event in found)
    return found


def day_of(event: icalendar.Component) -> dt.date:
    return cast("dt.date", event.decoded("dtstart"))


def last_of(event: icalendar.Component) -> dt.date:
    """Return the last day of an event; its end is the first day that is not."""
    if "dtend" not in event:
        return day_of(event)
    return cast("dt.date", event.decoded("dtend")) - dt.timedelta(days=1)


def told(event: icalendar.Component) -> tuple[dt.date, str]:
    """Return the day by which something must be done, and what."""
    return last_of(event), str(event["summary"])


def uids(written: bytes) -> list[str]:
    return [str(event["uid"]) for event in events(written)]


def said(one: Item, locale: str = "en") -> str:
    """Return what a calendar shows: what, and for whom."""
    name = wording.plain(one.customer or "") or wording.plain(one.customer_id or "")
    what = one.says(locale) or wording.plain(one.code)
    parts = [part if len(part) <= 200 else part[:199] + "…" for part in (what, name)]
    return " · ".join(part for part in parts if part)


NAMES = st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=300)
ITEMS = st.lists(
    st.builds(
        Item,
        st.sampled_from(["deals", "contact", "own.desk"]) | NAMES.filter(bool),
        st.sampled_from(["visit", "call"]) | NAMES.filter(bool),
        st.integers(-9, 9).map(day) | st.dates(),
        st.builds(lambda text: Reason("agenda-text", (("text", text),)), NAMES),
        st.none() | NAMES,
        st.none() | st.sampled_from(["c1", "c2"]) | NAMES,
        st.none() | NAMES,
        st.none() | st.sampled_from(["d1", "d2"]) | NAMES,
        st.none() | NAMES,
    ),
    max_size=8,
)
AGENDAS = st.builds(
    lambda items, days: agenda(items, as_of=FIRST).on_workdays(days),
    ITEMS,
    st.sampled_from(
        [WorkCalendar(), WorkCalendar([day(at) for at in range(1, 9)])]  # on or off
    ),
)
STAMPS = st.datetimes(
    dt.datetime(1971, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    dt.datetime(2199, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.integers(-840, 840).map(
        lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))
    ),
)


# What stands in a file.


def test_an_item_is_an_event_of_a_whole_day_that_leaves_it_free() -> None:
    found = Item(
        "commitment",
        "k7",
        day(3),
        Reason("agenda-text", (("text", "send the samples"),)),
        owner="Li",
        customer_id="c1",
        customer="Harbour Foods",
    )

    written = to_ical(of(found), stamp=STAMP, name="East desk").decode()

    lines = [line for line in written.split("\r\n") if not line.startswith("UID")]
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//keyaccount//agenda//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:East desk",
        "BEGIN:VEVENT",
        "SUMMARY:send the samples · Harbour Foods",
        "DTSTART;VALUE=DATE:20260108",
        "DTEND;VALUE=DATE:20260109",
        "DTSTAMP:20260105T083000Z",
        "CATEGORIES:promises",
        "DESCRIPTION:send the samples\\ndue in 3 days\\, on 2026-01-08\\nHarbour Foods",
        " \\nowner: Li\\nAgenda for 2026-01-05",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    assert re.search(r"\r\nUID:[0-9a-f]{32}-0@keyaccount\r\n", written)


@pytest.mark.parametrize(
    "locale, kind, words",
    [
        ("en", "promises", "owner: Li"),
        ("zh-Hans", "承诺", "负责人：Li"),
        ("zh-Hant", "承諾", "負責人：Li"),
    ],
)
def test_an_event_speaks_three_languages(locale: str, kind: str, words: str) -> None:
    found = attrs.evolve(item(text="Li"), source="commitment")

    [event] = events(to_ical(of(found), stamp=STAMP, locale=locale))

    [category] = cast("icalendar.Event", event).categories
    assert category == kind
    text = str(event["description"]).split("\n")
    assert words in text
    title = wording.say("notice.title", {"day": FIRST.isoformat()}, locale)
    assert text[-1] == title
    assert text[:-1] == list(found.parts(FIRST, locale))


def test_an_event_begins_on_the_day_to_act_by() -> None:
    free = WorkCalendar(holidays=[day(3)])
    found = of(item(3)).on_workdays(free)

    [event] = events(to_ical(found, stamp=STAMP))

    assert (day_of(event), last_of(event)) == (day(2), day(3))
    assert day(2).isoformat() in str(event["description"])


def test_own_words_of_a_policy_are_used() -> None:
    own = attrs.evolve(
        item(),
        what=Reason("ring"),
        labels=(Label("zh-Hans", "sentence.ring", "打电话"),),
    )

    [event] = events(to_ical(of(own), stamp=STAMP, locale="zh-Hans"))

    assert told(event) == (FIRST, "打电话 · Acme")


def test_the_last_day_there_is_has_no_day_after_it() -> None:
    last = attrs.evolve(item(), due_on=dt.date.max)
    off = attrs.evolve(last, act_by=day(2), code="call")

    found = events(to_ical(of(last, off), stamp=STAMP))

    assert [day_of(event) for event in found] == [dt.date.max] * 2
    assert all("dtend" not in event for event in found)


def test_what_has_no_words_is_told_by_its_code() -> None:
    blank = attrs.evolve(item(text="\u202e"), customer_id=None, source="\u200b")

    [event] = events(to_ical(of(blank), stamp=STAMP))

    assert told(event) == (FIRST, "visit")
    assert "categories" not in event


def test_nothing_due_is_a_calendar_too() -> None:
    written = to_ical(of(), stamp=STAMP)

    assert not events(written)
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert written.endswith(b"END:VCALENDAR\r\n")


# Late things.


def test_what_is_late_stands_on_the_day_it_was_due() -> None:
    [late] = events(to_ical(of(item(-3)), stamp=STAMP))

    assert day_of(late) == day(-3)
    assert "3 days late" in str(late["description"])


def test_what_is_late_may_stand_on_the_day_of_the_agenda() -> None:
    found = of(item(-3), item(-1, code="call"), item(0, code="mail"), item(2))

    usual = to_ical(found, stamp=STAMP)
    moved = to_ical(found, stamp=STAMP, late_today=True)

    assert [day_of(event) for event in events(moved)] == [FIRST, FIRST, FIRST, day(2)]
    assert uids(moved) == uids(usual)


# Nothing is lost, nothing is doubled.


@given(AGENDAS, st.sampled_from(wording.LOCALES), st.none() | NAMES, st.booleans())
def test_what_is_read_back_is_what_was_due(
    found: Agenda, locale: str, name: str | None, late_today: bool
) -> None:
    written = to_ical(
        found, stamp=STAMP, locale=locale, name=name, late_today=late_today
    )

    back = events(written)

    begins = (one.act_by or one.due_on for one in found)
    assert collections.Counter(map(day_of, back)) == collections.Counter(
        max(day, FIRST) if late_today else day for day in begins
    )
    wanted = collections.Counter(
        (max(one.due_on, FIRST) if late_today else one.due_on, said(one, locale))
        for one in found
    )
    assert collections.Counter(map(told, back)) == wanted
    assert len(set(uids(written))) == len(found)
    for event in back:
        assert set(event) - {"CATEGORIES", "DTEND"} == PROPERTIES - {
            "CATEGORIES",
            "DTEND",
        }
        assert day_of(event) <= last_of(event)
        assert "DTEND" in event or last_of(event) == dt.date.max
    assert max(map(len, written.split(b"\r\n"))) <= 75
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", written)


@given(ITEMS, st.randoms(use_true_random=False), STAMPS)
def test_order_and_moment_change_no_event(
    items: list[Item], dice: random.Random, stamp: dt.datetime
) -> None:
    shuffled = list(items)
    dice.shuffle(shuffled)

    written = to_ical(of(*items), stamp=stamp)

    assert to_ical(of(*shuffled), stamp=stamp) == written
    assert to_ical(of(*items), stamp=stamp.astimezone(dt.UTC)) == written
    assert uids(to_ical(of(*items), stamp=STAMP)) == uids(written)


@given(ITEMS, st.integers(-30, 30), NAMES)
def test_what_is_imported_again_takes_the_place_of_what_was_there(
    items: list[Item], later: int, name: str
) -> None:
    tomorrow = agenda(items, as_of=FIRST + dt.timedelta(later))
    taken_over = agenda([attrs.evolve(one, owner=name) for one in items], as_of=FIRST)

    before = collections.Counter(uids(to_ical(of(*items), stamp=STAMP)))

    assert collections.Counter(uids(to_ical(tomorrow, stamp=STAMP))) == before
    again = to_ical(of(*items), stamp=STAMP, locale="zh-Hant")
    assert collections.Counter(uids(again)) == before
    assert set(uids(to_ical(taken_over, stamp=STAMP))) <= set(before)


@pytest.mark.parametrize(
    "name, other",
    [
        ("source", "deals"),
        ("code", "call"),
        ("due_on", day(1)),
        ("customer_id", "c2"),
        ("customer_id", None),
        ("deal_id", "d2"),
        ("deal_id", None),
    ],
)
def test_what_is_another_thing_has_another_id(name: str, other: object) -> None:
    evolve = cast("collections.abc.Callable[..., Item]", attrs.evolve)

    [first, second] = uids(
        to_ical(of(item(), evolve(item(), **{name: other})), stamp=STAMP)
    )

    assert first[:32] != second[:32]


@pytest.mark.parametrize("name", ["owner", "customer", "deal", "what"])
def test_another_word_for_the_same_thing_keeps_its_id(name: str) -> None:
    other: object = Reason("ring") if name == "what" else "Borealis"
    evolve = cast("collections.abc.Callable[..., Item]", attrs.evolve)

    again = evolve(item(), **{name: other})

    assert uids(to_ical(of(again), stamp=STAMP)) == uids(
        to_ical(of(item()), stamp=STAMP)
    )


def test_names_tell_customers_without_an_id_apart() -> None:
    first = attrs.evolve(item(), customer_id=None, deal_id=None)
    second = attrs.evolve(first, customer="Borealis")
    third = attrs.evolve(first, deal="Cold chain")

    found = uids(to_ical(of(first, second, third), stamp=STAMP))

    assert len({uid[:32] for uid in found}) == 3


def test_two_things_that_look_alike_are_two_events() -> None:
    found = of(*(item(text=text) for text in ("a", "b", "c")))

    written = to_ical(found, stamp=STAMP)

    assert [uid[32:34] for uid in uids(written)] == ["-0", "-1", "-2"]
    assert len({uid[:32] for uid in uids(written)}) == 1


# Names that want to be more than names.


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_smuggles_nothing_in(text: str) -> None:
    found = of(
        item(0, text),
        attrs.evolve(item(1, text), source=text, code=text),
        attrs.evolve(item(2, text), customer_id=text, deal_id=text),
    )

    written = to_ical(found, stamp=STAMP, name=text)

    back = events(written)
    assert [told(event) for event in back] == [(one.due_on, said(one)) for one in found]
    for event, one in zip(back, found, strict=True):
        parts = [*one.parts(FIRST), "Agenda for 2026-01-05"]
        assert str(event["description"]).split("\n") == parts
        assert set(event) <= PROPERTIES
    heads = [line.split(b":")[0] for line in re.split(rb"\r\n(?! )", written)]
    assert heads.count(b"BEGIN") == heads.count(b"END") == 4
    assert b"ATTENDEE" not in heads


def test_a_calendars_name_is_one_line_and_escaped() -> None:
    written = to_ical(of(), stamp=STAMP, name="我的, 日历;\r\nMETHOD:REQUEST")

    assert "X-WR-CALNAME:我的\\, 日历\\; METHOD:REQUEST\r\n" in written.decode()
    [calendar] = icalendar.Calendar.from_ical(written, multiple=True)
    assert "METHOD" not in calendar


@pytest.mark.hostile
def test_a_name_without_an_end_is_cut() -> None:
    longest = item(0, "长" * 100_000)

    written = to_ical(of(longest), stamp=STAMP, name="长" * 100_000)

    [event] = events(written)
    assert told(event) == (FIRST, said(longest))
    assert len(str(event["summary"])) == 2 * 200 + len(" · ")
    assert len(written) < 20_000


@pytest.mark.hostile
def test_a_few_thousand_items_are_written_at_once() -> None:
    many = of(*(item(at % 90, code=f"visit-{at}") for at in range(3_000)))

    written = to_ical(many, stamp=STAMP)

    assert written.count(b"BEGIN:VEVENT") == 3_000


# The machine.


SAID = """
import datetime as dt
from keyaccount.book import Item, agenda
from keyaccount.calendar import to_ical
from keyaccount.rules import Reason

day = dt.date(2026, 3, 29)
items = [
    Item(source, "visit", day, Reason("agenda-text", (("text", text),)), customer=text)
    for source in ("deals", "contact")
    for text in ("客户甲", "Île 🚚", "a, b; c")
]
stamp = dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
print(to_ical(agenda(items, as_of=day), stamp=stamp, locale="zh-Hans", name="甲"))
"""


def test_the_machine_and_its_zone_change_no_byte() -> None:
    outputs = {
        subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", SAID],
            env={
                "PATH": os.environ.get("PATH", ""),
                "PYTHONPATH": ":".join(sys.path),
                "PYTHONHASHSEED": seed,
                "LC_ALL": language,
                "TZ": zone,
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed, language, zone in (
            ("0", "C", "UTC"),
            ("1", "zh_CN.UTF-8", "Asia/Shanghai"),
            ("2", "tr_TR.UTF-8", "America/New_York"),
        )
    }

    assert len(outputs) == 1
    assert b"DTSTAMP:20260328T173000Z" in outputs.pop()


# What is refused.


def test_only_an_agenda_and_a_moment_with_a_zone_are_written() -> None:
    naive = dt.datetime(2026, 1, 5)  # noqa: DTZ001 - the mistake under test
    wrongs: tuple[object, ...] = (naive, dt.date(2026, 1, 5), "2026-01-05", None)

    for wrong in wrongs:
        assert refused(to_ical, of(), stamp=wrong) == (("$.stamp", "wrong-type"),)
    for year in (1, 1969, 2201, 9999):
        far = dt.datetime(year, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14)))
        assert refused(to_ical, of(), stamp=far) == (("$.stamp", "bad-date"),)
    assert refused(to_ical, [item()], stamp=naive) == (
        ("$.agenda", "wrong-type"),
        ("$.stamp", "wrong-type"),
    )
