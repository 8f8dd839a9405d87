"""How customers buy and behave: three axes side by side, a row a customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from keyaccount import book
from keyaccount.cli._screen import Heading
from keyaccount.cli._text import label, shortened
from keyaccount.cli._words import Words
from keyaccount.models import segments
from keyaccount.rules import Interval

from ._marks import MOST_ROWS, show_table


__all__ = ["segment_slugs", "show_segments"]


_SAID_ONCE = ("few-customers", "later-purchase", "others-unknown")


def show_segments(portfolio: book.Portfolio, words: Words) -> None:
    """Print what each is worth, what moves it and how it buys."""
    screen, say = words.screen, words.screen.say
    found = [
        (shortened(sheet.customer.name), sheet.lenses.segment)
        for sheet in portfolio
        if sheet.lenses.segment is not None
    ]
    if not found:
        return
    headings = (
        Heading(say("review.customer"), wraps=True, most=26),
        Heading(say("lens-segments.value"), wraps=True, most=12),
        Heading(say("lens-segments.need"), wraps=True, most=20),
        Heading(say("lens-segments.behaviour"), wraps=True, most=24),
        Heading("R F M"),
    )
    shown = found[:MOST_ROWS]
    rows = (_row(name, one, words) for name, one in shown)
    show_table("lens-segments", headings, rows, len(found), screen)
    flags = {
        flag
        for _, segment in found
        if segment.buying is not None
        for flag in segment.buying.flags
    }
    counts = Counter(
        segment.axes.behaviour for _, segment in found if segment.axes.behaviour
    )
    if len(found) > MOST_ROWS and counts:
        listed = " · ".join(
            f"{words.label('rfm-segment', one.value)} {counts[one]}"
            for one in segments.RfmSegment
            if counts[one]
        )
        screen.line(say("lens-segments.counts", counts=listed))
    if any(segment.buying is not None for _, segment in found):
        screen.line(say("lens-segments.legend"))
    for flag in _SAID_ONCE:
        if flag in flags:
            screen.line(label("flag", flag, screen.locale))
    for name, segment in shown:
        remark = say("review.semicolon").join(_remarks(segment, words))
        if remark:
            screen.indented(say("deals.person", name=name, remark=remark))


def _row(name: str, segment: book.Segment, words: Words) -> tuple[str, ...]:
    value = segment.axes.value
    need, buying = segment.need, segment.buying
    return (
        name,
        "?" if value is None else words.label("three-level-grade", value.value),
        "?" if need is None else words.either_of("need-type", need.possible),
        "?" if buying is None else words.either_of("rfm-segment", buying.possible),
        "" if buying is None else " ".join(map(_mark, _scores(segment))),
    )


def _scores(segment: book.Segment) -> tuple[Interval, ...]:
    buying = segment.buying
    if buying is None:
        return ()
    return buying.recency, buying.frequency, buying.monetary


def _mark(score: Interval) -> str:
    low, high = f"{score.low:.0f}", f"{score.high:.0f}"
    return low if low == high else f"{low}–{high}"


def _remarks(segment: book.Segment, words: Words) -> Iterator[str]:
    """Say how far the need can be relied on, and what a customer brings (S4-7)."""
    for flag in () if segment.need is None else segment.need.flags:
        yield label("flag", flag, words.locale)
    found = segment.type
    if found is not None and found.is_settled:
        yield words.either_of("volume-profit-type", found.possible)


def segment_slugs(segment: book.Segment | None) -> dict[str, object] | None:
    """Return what a machine wants to know of the three axes."""
    if segment is None:
        return None
    axes, buying, kind = segment.axes, segment.buying, segment.type
    scores = zip(("recency", "frequency", "monetary"), _scores(segment), strict=False)
    return {
        "value": None if axes.value is None else axes.value.value,
        "under_supervision": axes.under_supervision.value,
        "need": None if axes.need is None else axes.need.value,
        "possible_needs": []
        if segment.need is None
        else [one.value for one in segment.need.possible],
        "behaviour": None if axes.behaviour is None else axes.behaviour.value,
        "possible_behaviour": []
        if buying is None
        else [one.value for one in buying.possible],
        **{name: [score.low, score.high] for name, score in scores},
        "type": None if kind is None or kind.value is None else kind.value.value,
        "missing": [gap.fact for gap in axes.missing],
        "flags": [] if buying is None else list(buying.flags),
        "need_flags": [] if segment.need is None else list(segment.need.flags),
    }
