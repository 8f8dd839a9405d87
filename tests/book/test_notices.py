"""Notifications as plain data: sound, within their limits, and harmless (S2-28)."""

from __future__ import annotations

import datetime as dt
import json
import re
from email.message import EmailMessage

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from keyaccount import wire, wording
from keyaccount.book import (
    Agenda,
    Channel,
    Item,
    Notification,
    agenda,
    notice,
)
from keyaccount.exceptions import InvalidValueError
from keyaccount.rules import Reason
from tests.models.due_deals import FIRST, day
from tests.refusals import refused


CHATS = (Channel.WECOM, Channel.DINGTALK)
PLAIN = {
    "bullet_list_close",
    "bullet_list_open",
    "heading_close",
    "heading_open",
    "inline",
    "list_item_close",
    "list_item_open",
    "paragraph_close",
    "paragraph_open",
    "softbreak",
    "strong_close",
    "strong_open",
    "text",
    "text_special",
}
HOSTILE = (
    "<script>alert(1)</script>",
    "[Pay here](https://evil.example/pay)",
    "![x](https://evil.example/p.png)",
    "https://evil.example www.evil.example",
    "<https://evil.example>",
    "<@all> @all <@zhangsan> @13800138000",
    '<font color="warning">red</font>',
    "**x** __y__ ~~z~~ `code` # head > quote | table",
    "one\n\n# two\r\nBcc: x@evil.example",
    "&lt;script&gt; &amp; &#60;b&#62;",
    "\\[x\\](y) \\",
    "1. one",
    "2) two",
    "- three",
    "+ four",
    "=== ---",
    "\u202eevil\u2028\u0000\x1b[31m",
    "客户“甲”（上海） 🚚",
    "\ud800",
)


def item(due: int = 0, text: str = "Acme", deal: str | None = None) -> Item:
    """Something due, whose every name is the same text."""
    what = Reason("landmark", (("name", text),))
    return Item(
        "visits",
        "visit",
        day(due),
        what,
        owner=text,
        customer=text,
        deal_id="d1",
        deal=deal or text,
    )


def of(*items: Item) -> Agenda:
    return agenda(items, as_of=FIRST)


def content(note: Notification) -> str:
    """What a robot shows, as it stands in the payload."""
    body = note.payload["markdown"]
    assert isinstance(body, dict)
    return body["content" if note.channel is Channel.WECOM else "text"]


def shown(markdown: str) -> tuple[set[str], list[str]]:
    """Return the kinds of parts that Markdown has, and the text of every line."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    kinds, lines = set[str](), list[str]()
    for token in parser.parse(markdown):
        kinds.add(token.type)
        if token.children is not None:
            kinds |= {child.type for child in token.children}
            lines.append("".join(child.content for child in token.children))
    return kinds, lines


# Forms.


def test_wecom_takes_markdown_content() -> None:
    note = notice(of(item()), channel=Channel.WECOM)

    assert note.payload == {
        "msgtype": "markdown",
        "markdown": {"content": note.markdown},
    }


def test_dingtalk_takes_a_title_and_a_text() -> None:
    note = notice(of(item()), channel=Channel.DINGTALK, title="Today")

    assert note.payload == {
        "msgtype": "markdown",
        "markdown": {"title": "Today", "text": note.markdown},
    }


def test_a_mail_has_a_subject_and_both_texts() -> None:
    note = notice(of(item()), channel=Channel.EMAIL)

    assert note.payload == {
        "subject": "Agenda for 2026-01-05",
        "text": note.text,
        "markdown": note.markdown,
    }
    assert note.text.startswith("Agenda for 2026-01-05\n\n")
    assert "**" not in note.text


def test_what_is_late_stands_first_under_a_heading_of_its_own() -> None:
    names = "Acme · Acme · owner: Acme"

    note = notice(of(item(3), item(-2), item(0)), channel=Channel.WECOM)

    assert note.markdown.split("\n\n") == [
        "### Agenda for 2026-01-05",
        "late: 1, today: 1, coming: 1",
        "**Late**",
        f"- milestone: Acme · 2 days late: it was due on 2026-01-03 · {names}",
        "**Today**",
        f"- milestone: Acme · due today, 2026-01-05 · {names}",
        "**Coming**",
        "- milestone: Acme · due in 3 days, on 2026-01-08 · Acme · Acme · owner: Acme",
    ]
    assert (note.shown, note.more) == (3, 0)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_channel_speaks_every_language(channel: Channel, locale: str) -> None:
    note = notice(of(item(-1), item(0), item(1)), channel=channel, locale=locale)

    own = wording.table(locale)["notice"]
    for name in ("late", "today", "coming"):
        assert own[name] in note.markdown
        assert own[name] in note.text
    assert "2026-01-05" in note.title
    assert not re.search(r"[{}]|notice\.|due-", note.markdown)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("locale", wording.LOCALES)
def test_nothing_due_is_said_too(channel: Channel, locale: str) -> None:
    note = notice(of(), channel=channel, locale=locale)

    assert wording.table(locale)["notice"]["nothing"] in note.markdown
    assert (note.shown, note.more) == (0, 0)


# Limits.


LIMITS = {Channel.WECOM: 4096, Channel.DINGTALK: 20_000, Channel.EMAIL: 100_000}
LETTERS = st.sampled_from("aA1 客户🚚<*\\\"'&@\n[]_é")
LONG = st.builds(
    lambda text, times: text * times,
    st.text(LETTERS, min_size=1, max_size=30),
    st.integers(1, 300),
)
ITEMS = st.lists(st.builds(item, st.integers(-40, 40), LONG), max_size=30)


def size(note: Notification) -> int:
    """Return what the channel counts, however the JSON is written."""
    if note.channel is Channel.DINGTALK:
        plain = json.dumps(note.payload, ensure_ascii=False).encode()
        return max(len(plain), len(json.dumps(note.payload)))
    return len(note.markdown.encode())


@given(
    ITEMS,
    st.sampled_from(Channel),
    st.sampled_from(wording.LOCALES),
    st.none() | LONG,
    st.integers(1, 40),
)
def test_every_payload_is_sound_json_within_its_limit(
    items: list[Item],
    channel: Channel,
    locale: str,
    title: str | None,
    times: int,
) -> None:
    many = [attrs.evolve(one, deal_id=f"d{at}") for at in range(times) for one in items]
    found = of(*many)

    note = notice(found, channel=channel, locale=locale, title=title)

    assert size(note) <= LIMITS[channel]
    assert json.loads(json.dumps(note.payload)) == note.payload
    assert json.dumps(note.payload, ensure_ascii=False).encode()
    assert note.shown + note.more == len(found)
    assert note.shown > 0 or not found
    told = [line for line in note.markdown.split("\n") if line.startswith("- ")]
    assert len(told) == note.shown
    assert note == notice(of(*many[::-1]), channel=channel, locale=locale, title=title)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("locale", wording.LOCALES)
def test_what_does_not_fit_is_counted(channel: Channel, locale: str) -> None:
    found = of(*(item(at, deal=f"d{at}") for at in range(2000)))

    note = notice(found, channel=channel, locale=locale)

    assert 0 < note.shown < 2000
    said = wording.say("notice.more", {"count": note.more}, locale)
    assert note.markdown.endswith("\n\n" + said)
    assert note.text.endswith("\n\n" + said)


@pytest.mark.parametrize("channel", Channel)
def test_no_item_more_would_fit(channel: Channel) -> None:
    found = of(*(item(at, deal=f"d{at}") for at in range(2000)))

    note = notice(found, channel=channel)

    line = max(map(len, note.markdown.split("\n")))
    assert size(note) > LIMITS[channel] - line - 10


def test_long_names_are_cut() -> None:
    note = notice(of(item(0, "长" * 500)), channel=Channel.EMAIL, title="t" * 500)

    assert f"{'长' * 79}…" in note.text
    assert "长" * 200 not in note.text
    assert note.title == "t" * 59 + "…"


def test_even_the_worst_item_finds_room() -> None:
    worst = item(0, "🚚" * 5000)

    for channel in Channel:
        for locale in wording.LOCALES:
            note = notice(
                of(worst, item(1)), channel=channel, locale=locale, title="🚚" * 500
            )
            assert note.shown >= 1


# Names that want to be more than names.


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("channel", Channel)
def test_a_name_formats_links_and_mentions_nothing(channel: Channel, text: str) -> None:
    note = notice(of(item(0, text)), channel=channel, title=text)

    kinds, lines = shown(note.markdown)

    assert kinds <= PLAIN
    assert len(lines) == 4  # the title, the counts, a heading, the item
    if channel in CHATS:
        assert not re.search(r"[<>@\[\]`*_]|://|www\.", content(note).replace("**", ""))
        assert not re.search(r"[<>@\[\]]|://", note.title)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_mail_shows_every_name_as_it_is(text: str) -> None:
    note = notice(of(item(0, text)), channel=Channel.EMAIL, title=text)

    _, lines = shown(note.markdown)

    plain = wording.plain(text)
    assert lines[0] == plain
    names = f" · {plain} · {plain} · owner: {plain}" if plain else " · d1"
    assert lines[-1].endswith(names)
    assert note.text.endswith(names)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_subject_starts_no_other_header(text: str) -> None:
    note = notice(of(item(0)), channel=Channel.EMAIL, title=text)
    mail = EmailMessage()

    mail["Subject"] = note.title
    mail.set_content(note.text)

    assert mail.keys()[0] == "Subject"
    assert "Bcc" not in mail
    assert note.title == note.payload["subject"]
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", note.title)


LETTER = st.characters(codec="utf-8") | st.sampled_from("<>[]()*_`~@#|\\&!-+=.)1:/ \n")


@given(st.text(LETTER, max_size=40), st.sampled_from(Channel))
def test_no_text_at_all_becomes_more_than_text(text: str, channel: Channel) -> None:
    named = item(0, text)
    as_first = attrs.evolve(named, what=Reason("task-asks", (("fact", text),)))

    for one in (named, as_first):
        note = notice(of(one), channel=channel, title=text)
        kinds, lines = shown(note.markdown)
        assert kinds <= PLAIN
        assert len(lines) in {3, 4}
        assert note.markdown.count("\n- ") == 1


def test_a_notification_is_a_value() -> None:
    note = notice(of(item(0)), channel=Channel.DINGTALK)

    assert wire.loads(wire.dumps(note), Notification) == note
    assert hash(note) == hash(notice(of(item(0)), channel=Channel.DINGTALK))
    note.payload.clear()
    assert note.payload


def test_a_channel_may_be_named_by_its_slug_and_must_be_one() -> None:
    empty = Agenda((), dt.date(2026, 3, 31))

    for channel in Channel:
        assert notice(empty, channel=channel.value) == notice(empty, channel=channel)
    wrongs: tuple[object, ...] = ("wechat", None, [])
    for wrong in wrongs:
        assert refused(notice, empty, channel=wrong) == (
            ("$.channel", "unknown-choice"),
        )
    with pytest.raises(InvalidValueError, match="dingtalk, email, wecom"):
        notice(empty, channel="pigeon")
    assert refused(notice, [], channel="email") == (("$.agenda", "wrong-type"),)
