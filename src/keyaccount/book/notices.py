"""Notifications as plain data: what WeCom, DingTalk and a mail program take (S2-28).

Nothing is sent: the host posts the payload. Names come from anybody, so nothing in
them may format, link or mention. A text that is longer than its channel takes is cut
between two items, and says how many more there are.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Callable
from types import MappingProxyType
from typing import TypeAlias, assert_never

import attrs

from keyaccount import wording
from keyaccount.exceptions import Problems, nearest

from .agenda import Agenda


__all__ = ["Channel", "Notification", "Payload", "notice"]


Payload: TypeAlias = dict[str, str | dict[str, str]]
"""What `json.dumps` takes."""


class Channel(enum.Enum):
    """Where a notification goes: a group robot's webhook, or a mail program."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    EMAIL = "email"


# What the channels take, in bytes: WeCom counts the robot's `content`, DingTalk the
# whole body; a mail of more than 100 kB is cut off by the readers' programs.
_MOST_BYTES = MappingProxyType(
    {Channel.WECOM: 4096, Channel.DINGTALK: 20_000, Channel.EMAIL: 100_000}
)
_LONGEST_TITLE, _LONGEST_WHAT, _LONGEST_PART = 60, 160, 80  # one item always fits


@attrs.frozen
class Notification:
    """A message for one channel: its Markdown, the same as plain text, its payload.

    `shown` items are told, `more` did not fit.
    """

    channel: Channel
    title: str
    markdown: str
    text: str
    shown: int
    more: int

    @property
    def payload(self) -> Payload:
        """The body to post as JSON; for e-mail its subject and both texts."""
        return _payload(self.channel, self.title, self.markdown, self.text)


def notice(
    agenda: Agenda,
    *,
    channel: Channel | str,
    locale: str = "en",
    title: str | None = None,
) -> Notification:
    """Write an agenda as a notification for one channel, in one language.

    Args:
        agenda: what to tell; `agenda.of(owner)` or `agenda.within(days)` tells less.
        channel: who takes it, or its slug; it decides on the form and the longest
            text.
        locale: the language.
        title: what it is called; left out: "Agenda for" the day.

    Raises:
        InvalidValueError: no such channel, or no agenda.
    """
    channel = _checked(agenda, channel)
    if title is None:
        title = wording.say("notice.title", {"day": agenda.as_of.isoformat()}, locale)
    escape = _in_mail if channel is Channel.EMAIL else _in_chat
    plain = _cut(wording.plain(title), _LONGEST_TITLE)
    named = plain if channel is Channel.EMAIL else escape(plain)
    page = _Page(agenda, locale, f"### {escape(plain)}", "**{}**", escape)

    def fits(count: int) -> bool:
        return _size(channel, named, page.write(count)) <= _MOST_BYTES[channel]

    shown = _most(len(agenda), fits)
    text = _Page(agenda, locale, plain, "{}", str).write(shown)
    more = len(agenda) - shown
    return Notification(channel, named, page.write(shown), text, shown, more)


def _checked(given: object, channel: Channel | str) -> Channel:
    """Return the channel, once it and the agenda are known to be what they should."""
    problems = Problems()
    problems.is_a("agenda", given, Agenda, "an Agenda")
    slugs = [one.value for one in Channel]
    slug = channel.value if isinstance(channel, Channel) else channel
    if slug not in slugs:
        problems.add("channel", "unknown-choice", channel, nearest(channel, slugs))
    problems.check("notice")
    return Channel(slug)


def _size(channel: Channel, title: str, markdown: str) -> int:
    """Count the bytes that the channel counts, as the longest JSON would have them."""
    if channel is Channel.DINGTALK:
        return len(json.dumps(_payload(channel, title, markdown, "")))
    return len(markdown.encode())


def _payload(channel: Channel, title: str, markdown: str, text: str) -> Payload:
    match channel:
        case Channel.WECOM:
            return {"msgtype": "markdown", "markdown": {"content": markdown}}
        case Channel.DINGTALK:
            body = {"title": title, "text": markdown}
            return {"msgtype": "markdown", "markdown": body}
        case Channel.EMAIL:
            return {"subject": title, "text": text, "markdown": markdown}
        case _:
            assert_never(channel)


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """Return how many items fit: all, or the most that leave room to say so."""
    low, high = 0, 1
    while high < count and fits(high):
        low, high = high, 2 * high
    high = min(high, count)
    if high == count and fits(count):
        return count
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


class _Page:
    """An agenda as one text: it writes as many items as are asked for."""

    __slots__ = ("_agenda", "_bold", "_escape", "_heading", "_lines", "_locale")

    def __init__(
        self,
        agenda: Agenda,
        locale: str,
        heading: str,
        bold: str,
        escape: Callable[[str], str],
    ) -> None:
        self._agenda, self._locale = agenda, locale
        self._heading, self._bold, self._escape = heading, bold, escape
        self._lines: list[str] = []

    def write(self, count: int) -> str:
        """Write the heading, the counts, and so many items under their headings."""
        agenda, locale = self._agenda, self._locale
        blocks = [self._heading]
        if not agenda.items:
            return "\n\n".join((*blocks, wording.say("notice.nothing", {}, locale)))
        blocks.append(agenda.counts(locale))
        begin = 0
        for name, many in zip(_GROUPS, agenda.numbers, strict=True):
            end = min(begin + many, count)
            if begin < end:
                said = wording.say(f"notice.{name}", {}, locale)
                blocks.append(self._bold.format(said))
                blocks.append("\n".join(map(self._line, range(begin, end))))
            begin += many
        if count < len(agenda):
            more = {"count": len(agenda) - count}
            blocks.append(wording.say("notice.more", more, locale))
        return "\n\n".join(blocks)

    def _line(self, at: int) -> str:
        while len(self._lines) <= at:
            item = self._agenda.items[len(self._lines)]
            what, *rest = item.parts(self._agenda.as_of, self._locale)
            parts = (
                _cut(what, _LONGEST_WHAT),
                *(_cut(one, _LONGEST_PART) for one in rest),
            )
            self._lines.append("- " + " · ".join(map(self._escape, parts)))
        return self._lines[at]


_GROUPS = ("late", "today", "coming")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


_WIDE = MappingProxyType(str.maketrans("<>[]*_`~@#|\\&", "＜＞［］＊＿｀～＠＃｜＼＆"))
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)


def _in_chat(text: str) -> str:
    """Put a full-width sign for each that a chat would obey: it knows no escapes.

    >>> _in_chat("[Pay](https://x.example) <@all>")
    '［Pay］(https：//x.example) ＜＠all＞'
    """
    wide = _WWW.sub(r"\1．", text.translate(_WIDE).replace("://", "：//"))
    return _START.sub(lambda found: found[1] + _WIDE_START[found[2]], wide)


_START = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))(.)")  # of a list, or of a rule
_WIDE_START = MappingProxyType(dict(zip("-+=.)", "－＋＝．）", strict=True)))
_SIGNS = re.compile(r"([\\`*_\[\]<>&#|~@!])")


def _in_mail(text: str) -> str:
    r"""Put a backslash before each sign that Markdown would obey.

    >>> print(_in_mail("[Pay](https://x.example)"))
    \[Pay\](https\://x.example)
    """
    signs = _WWW.sub(r"\1\\.", _SIGNS.sub(r"\\\1", text).replace("://", "\\://"))
    return _START.sub(r"\1\\\2", signs)
