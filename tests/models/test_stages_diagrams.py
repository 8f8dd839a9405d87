"""Diagrams of pipelines and of deals: sound text, whatever anybody is called (S2-14).

Every line of a diagram must have one of the forms below, and its labels must read
back as the names that were put in: what has none of these forms could be a command.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire, wording
from keyaccount.domain import EventKind, LossReason
from keyaccount.models import stages
from keyaccount.models.stages import Deal, Pipeline, dot, mermaid
from keyaccount.rules import Label
from tests.models.stage_deals import (
    AT,
    MET,
    PIPELINES,
    SHIPPED,
    branching,
    closed,
    complete,
    event,
    moved,
    opened,
    paused,
)
from tests.refusals import refused
from tests.strategies import texts


LOCALES = wording.LOCALES
TODAY = dt.date(2026, 6, 30)
HOSTILE = (
    '"',
    '"]; click n0 "javascript:alert(1)"; n9["',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "%%{init: {'securityLevel': 'loose'}}%%",
    "`x` $$x$$ **x** _x_",
    "fa:fa-ban 1. one - two",
    "#quot; #60; &lt; &#60;",
    "ﬂ°°60¶ß",
    "--> n0 ==> n1 ~~~ |x| {x} (x) [x]",
    '\\N \\G \\L \\" \\',
    '"] n9 [label=<<b>x</b>>',
    "end subgraph x",
    "客户“甲”（上海）；北京、广州",
    "🚚 家👨‍👩‍👧 é",
    "one\n    n0 --> n1",
    "\u202eevil\u2028x\u2029",
)


# What a diagram may consist of.


class Drawn(NamedTuple):
    """A diagram read back: what is written in each box and on each arrow."""

    boxes: Mapping[str, str]
    arrows: tuple[tuple[str, str, str, str], ...]
    looks: Mapping[str, str]


_TEXT = r'"((?:[A-Za-z0-9 ,:()/+-]|[^\x00-\x7fﬂ°¶ß]|#\d+;|<br/>)*)"'
_MERMAID = re.compile(
    rf"(?P<box>n\d+)(?:\[{_TEXT}\]|\(\[{_TEXT}\]\))"
    rf"|(?P<start>n\d+|stages) (?P<way>-->|-\.->|==>|-\.-)(?:\|{_TEXT}\|)?"
    r" (?P<end>n\d+)"
    r"|class (?P<boxes>n\d+(?:,n\d+)*) (?P<look>stage|visited|current|outcome)"
    r"|classDef (?:stage|visited|current|outcome) [a-z:#0-9,-]+"
    r'|subgraph stages \[" "\]'
    r"|end"
)
_QUOTED = r'"((?:[^"\\\n]|\\.)*)"'
_DOT = re.compile(
    rf'(?P<box>n\d+) \[label={_QUOTED}(?:, [a-z]+=(?:"#[0-9a-f]+"|[a-z0-9]+))+\];'
    r"|(?P<start>n\d+) -> (?P<end>n\d+) \[(?P<way>style=[a-z]+)"
    rf'(?P<more>(?:, [a-z]+=(?:"#[0-9a-f]+"|[a-z_]+))*)(?:, label={_QUOTED})?\];'
    r"|rankdir=LR;|compound=true;|style=dotted;"
    r'|node \[shape=box, style="rounded,filled", fontname="sans-serif"\];'
    r'|edge \[fontname="sans-serif", fontsize=10\];'
    r"|subgraph cluster_stages \{|\}"
)


def said(*found: str | None) -> str:
    return next((text for text in found if text is not None), "")


def read_mermaid(text: str) -> Drawn:
    first, *lines = text.removesuffix("\n").split("\n")
    assert first == "flowchart LR"
    boxes, arrows = {}, []
    looks: dict[str, str] = {}
    for line in lines:
        found = _MERMAID.fullmatch(line.strip())
        assert found, line
        words = _plain_mermaid(said(found[2], found[3], found[6]))
        if found["box"]:
            boxes[found["box"]] = words
        elif found["start"]:
            arrows.append((found["start"], found["way"], found["end"], words))
        elif found["look"]:
            looks |= dict.fromkeys(found["boxes"].split(","), found["look"])
    assert {name for one in arrows for name in one[::2][:2]} <= {*boxes, "stages"}
    assert looks.keys() == boxes.keys()
    forms = [line.strip() for line in lines]
    assert sum(form.startswith("subgraph ") for form in forms) == forms.count("end")
    return Drawn(boxes, tuple(arrows), looks)


def _plain_mermaid(text: str) -> str:
    lines = text.replace("<br/>", "\n")
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), lines)


def read_dot(text: str) -> Drawn:
    first, *lines, last, end = text.split("\n")
    assert (first, last, end) == ("digraph {", "}", "")
    boxes, arrows = {}, []
    for line in lines:
        found = _DOT.fullmatch(line.strip())
        assert found, line
        if found["box"]:
            boxes[found["box"]] = _plain_dot(found[2])
        elif found["start"]:
            start = "stages" if "ltail" in found["more"] else found["start"]
            words = _plain_dot(said(found[7]))
            arrows.append((start, found["way"], found["end"], words))
    assert {name for one in arrows for name in one[::2][:2]} <= {*boxes, "stages"}
    forms = [line.strip() for line in lines]
    assert sum(form.startswith("subgraph ") for form in forms) == forms.count("}")
    return Drawn(boxes, tuple(arrows), {})


def _plain_dot(text: str) -> str:
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", text), text
    assert {found[1] for found in re.finditer(r"\\(.)", text)} <= {"n", '"', "\\"}
    plain = re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def drawn(
    pipeline: Pipeline = SHIPPED,
    deal: Deal | None = None,
    locale: str = "en",
    as_of: dt.date | None = TODAY,
) -> Drawn:
    """Read both diagrams back: they say the same."""
    one = read_mermaid(mermaid(pipeline, deal, locale=locale, as_of=as_of))
    other = read_dot(dot(pipeline, deal, locale=locale, as_of=as_of))
    assert one.boxes == other.boxes
    assert len(one.arrows) == len(other.arrows)
    for mine, theirs in zip(one.arrows, other.arrows, strict=True):
        assert mine[::2] == theirs[::2]
        assert mine[3] == theirs[3]
    return one


# A pipeline.


def test_a_pipeline_shows_stages_exits_ways_back_and_outcomes() -> None:
    found = drawn()

    assert list(found.boxes.values())[:2] == [
        "identification\n10%",
        "need confirmation\n25%",
    ]
    assert list(found.boxes.values())[5:] == ["won", "lost", "abandoned"]
    assert found.arrows[0] == (
        "n0",
        "-->",
        "n1",
        "it is an opportunity",
    )
    ways = [(start, way, end) for start, way, end, _ in found.arrows]
    assert [one for one in ways if one[1] == "-->"] == [
        ("n0", "-->", "n1"),
        ("n1", "-->", "n2"),
        ("n2", "-->", "n3"),
        ("n3", "-->", "n4"),
        ("n4", "-->", "n5"),
    ]
    back = [one for one in ways if one[1] == "-.->"]
    assert len(back) == 10 + 2
    assert back[-2:] == [("stages", "-.->", "n6"), ("stages", "-.->", "n7")]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", PIPELINES)
def test_every_pipeline_can_be_drawn_in_every_language(name: str, locale: str) -> None:
    pipeline = PIPELINES[name]

    found = drawn(pipeline, locale=locale)

    stations = pipeline.machine.stations
    assert len(found.boxes) == len(stations) + 3
    ways = sum(len(one.to) + len(one.back) + one.ends for one in stations)
    assert len(found.arrows) == ways + 2


def test_a_pipeline_may_branch_and_end_at_several_stages() -> None:
    found = drawn(branching())

    on = {(start, end) for start, way, end, _ in found.arrows if way == "-->"}
    assert {("n0", "n1"), ("n0", "n3"), ("n2", "n1"), ("n1", "n4")} <= on
    assert ("n3", "n4") in on


# A deal's path.


def walk(
    *steps: tuple[EventKind, Mapping[str, object]], stage: str | None = None
) -> Deal:
    deal = opened(stage=stage)
    for at, (kind, more) in enumerate(steps, start=1):
        facts = MET["stages"] if kind is EventKind.WIN else {}
        if kind is EventKind.ADVANCE and "approver" not in more:
            facts = MET["stages"]
        deal = moved(deal, complete(kind, 10 * at, **more), facts)
    return deal


def test_a_path_shows_when_the_deal_was_where_and_where_it_is() -> None:
    deal = walk((EventKind.ADVANCE, {}), (EventKind.PAUSE, {}), (EventKind.RESUME, {}))

    found = drawn(deal=deal, as_of=dt.date(2026, 2, 14))

    assert found.boxes["n0"] == "identification\n2026-01-05 to 2026-01-15, days: 10"
    assert found.boxes["n1"] == "need confirmation\nsince 2026-01-15, days: 20"
    assert found.boxes["n2"] == "solution design"
    assert found.boxes["n5"] == "won"
    assert [found.looks[name] for name in ("n0", "n1", "n2", "n5")] == [
        "visited",
        "current",
        "stage",
        "outcome",
    ]
    assert found.arrows[0] == ("n0", "-->", "n1", "(1) 2026-01-15")
    ahead = [one for one in found.arrows if one[1] == "-.-"]
    assert [(start, end) for start, _, end, _ in ahead] == [
        ("n1", "n2"),
        ("n2", "n3"),
        ("n3", "n4"),
        ("n4", "n5"),
    ]


def test_without_a_day_the_stay_that_lasts_has_no_length() -> None:
    found = drawn(deal=opened(), as_of=None)

    assert found.boxes["n0"] == "identification\nsince 2026-01-05"


def test_a_rest_is_seen() -> None:
    found = drawn(deal=paused())

    assert found.boxes["n0"].split("\n")[1:] == [
        "since 2026-01-05, days: 1",
        "on hold until 2026-02-05",
    ]


def test_skips_overrides_and_steps_back_are_seen() -> None:
    waived = {"to": "solution-design", "reason": "they wait", "approver": "总监"}
    deal = walk(
        (EventKind.ADVANCE, waived),
        (EventKind.BACK, {"to": "identification"}),
    )

    found = drawn(deal=deal)

    start, way, end, words = found.arrows[0]
    assert (start, way, end) == ("n0", "==>", "n2")
    assert words.split("\n") == [
        "(1) 2026-01-15",
        "stages skipped",
        "not met: it is an opportunity",
        "not met: the needs are documented",
        "not met: somebody from business or technology has been met",
        "not met: we can compete",
        "approved by 总监",
        "they wait",
    ]
    back = ("n2", "-.->", "n0", "(2) 2026-01-25\nback: the budget moved")
    assert found.arrows[1] == back
    assert found.boxes["n0"].count("2026-01-25") == 1
    assert found.looks["n0"] == "current"


def test_an_exit_that_was_waived_is_no_skip() -> None:
    waived = {"reason": "they wait", "approver": "director"}

    found = drawn(deal=walk((EventKind.ADVANCE, waived)))

    assert found.arrows[0][1] == "==>"
    assert "skipped" not in found.arrows[0][3]


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        (EventKind.WIN, {}, []),
        (EventKind.WIN, {"reason": "signed by both"}, ["signed by both"]),
        (
            EventKind.LOSE,
            {"loss_reason": LossReason.COMPETITOR, "competitor": "Rival & Co"},
            ["competitor", "competitor: Rival & Co"],
        ),
        (EventKind.ABANDON, {}, ["the budget moved"]),
    ],
)
def test_the_end_of_a_deal_says_why(
    kind: EventKind, more: Mapping[str, object], words: list[str]
) -> None:
    deal = walk((kind, more), stage="contract-signing")

    found = drawn(deal=deal)

    [(start, way, end, label)] = found.arrows
    assert (start, way) == ("n4", "-->")
    assert found.looks[end] == "current"
    assert label.split("\n") == ["(1) 2026-01-15", *words]
    assert found.boxes["n4"].endswith("2026-01-05 to 2026-01-15, days: 10")


def test_a_deal_that_ends_on_hold_was_not_at_its_stage_meanwhile() -> None:
    deal = walk((EventKind.PAUSE, {}), (EventKind.LOSE, {}))

    assert drawn(deal=deal).boxes["n0"].endswith("2026-01-25, days: 10")


def test_a_deal_that_was_reopened_shows_its_first_end() -> None:
    deal = walk(
        (EventKind.LOSE, {}),
        (EventKind.REOPEN, {}),
        (EventKind.ADVANCE, {}),
    )

    found = drawn(deal=deal)

    names = {words: name for name, words in found.boxes.items()}
    lost = names["lost"]
    assert ("n0", "-->", lost) in {one[:3] for one in found.arrows}
    assert ("-.->", "n0", "(2) 2026-01-25\nreopened: the budget moved") in {
        one[1:] for one in found.arrows if one[0] == lost
    }
    assert found.boxes["n0"].count("days: 10") == 2
    assert found.looks[lost] == "outcome"


@pytest.mark.parametrize(
    "deal",
    [
        walk((EventKind.ADVANCE, {}), (EventKind.PAUSE, {})),
        walk((EventKind.ADVANCE, {}), (EventKind.BACK, {})),
        closed(EventKind.WIN, stage="contract-signing"),
        closed(EventKind.LOSE),
    ],
    ids=repr,
)
def test_a_deal_without_its_beginning_is_drawn_from_where_it_is_known(
    deal: Deal,
) -> None:
    found = drawn(deal=deal.latest)

    here = [name for name, look in found.looks.items() if look == "current"]
    assert len(here) == 1
    stays = [words for words in found.boxes.values() if "2026-" in words]
    assert len(stays) == 1
    steps = [one for one in found.arrows if "(1)" in one[3]]
    assert len(steps) == (not deal.is_open)


def test_a_stage_that_its_pipeline_dropped_is_still_drawn() -> None:
    gone = attrs.evolve(
        SHIPPED, stages=tuple(one for one in SHIPPED.stages if "need" not in one.id)
    )
    passed = walk((EventKind.ADVANCE, {}), (EventKind.ADVANCE, {}))
    stuck = walk((EventKind.ADVANCE, {}))

    left, there = drawn(gone, passed), drawn(gone, stuck)

    assert left.boxes["n4"].startswith("need confirmation\n2026-01-15 to")
    assert there.looks["n4"] == "current"
    assert [one[:3] for one in there.arrows] == [("n0", "-->", "n4")]


# Names that want to be more than names.


def named(text: str) -> Pipeline:
    """The shipped pipeline with a stage and an exit that are called so."""
    labels = (
        Label("en", "stage.identification", text),
        Label("en", "exit.is-real", text),
    )
    return attrs.evolve(SHIPPED, labels=labels)


def shown(text: str) -> str:
    plain = wording.plain(text)
    return plain if len(plain) <= 100 else f"{plain[:100]}…"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_in_a_policy_is_only_ever_a_name(text: str) -> None:
    found = drawn(named(text))

    assert found.boxes["n0"] == f"{shown(text)}\n10%"
    assert found.arrows[0][3] == shown(text)


def taken(text: str) -> str:
    """The part of a text that an event takes: the domain refuses controls."""
    return "".join(
        letter for letter in text if letter.isprintable() or letter in "\n\t"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_into_events_is_only_ever_text(text: str) -> None:
    words = taken(text)
    waived = event(EventKind.ADVANCE, 1, approver=words, reason=words)
    deal = moved(opened(), waived)
    lost = complete(EventKind.LOSE, 2, competitor=words, reason=words)
    deal = moved(deal, lost)
    deal = moved(deal, complete(EventKind.REOPEN, 3, reason=words))
    if deal.stage != "identification":
        deal = moved(deal, complete(EventKind.BACK, 4, reason=words))

    found = drawn(deal=deal)

    labels = [label for *_, label in found.arrows]
    assert f"approved by {shown(words)}\n{shown(words)}" in labels[0]
    assert f"competitor: {shown(words)}"[:100] in labels[1]


@given(texts, texts)
def test_any_text_can_be_drawn(name: str, reason: str) -> None:
    pipeline = named(name)
    deal = moved(opened(), event(EventKind.ADVANCE, 1, approver="x", reason=reason))

    assert drawn(pipeline).boxes["n0"].startswith(shown(name))
    assert drawn(pipeline, deal).arrows[0][3].endswith(shown(reason))


def test_a_long_text_is_cut() -> None:
    deal = moved(opened(), event(EventKind.ADVANCE, 1, approver="x", reason="长" * 999))

    assert drawn(deal=deal).arrows[0][3].endswith("\n" + "长" * 100 + "…")


@pytest.mark.parametrize("slug", ["end", "subgraph", "graph", "n1", "winner"])
def test_a_stage_may_be_called_like_a_command(slug: str) -> None:
    plan = attrs.evolve(
        SHIPPED.stages[-1], id=slug, exits=(), tasks=(), stands_for=None
    )
    pipeline = attrs.evolve(SHIPPED, stages=(plan,))
    deal = stages.open_deal("d1", event(EventKind.OPEN, 0), pipeline=pipeline)

    assert drawn(pipeline).boxes["n0"] == f"{slug}\n90%"
    assert drawn(pipeline, deal).boxes["n0"].startswith(f"{slug}\nsince")


# The rest.


def test_the_same_deal_gives_the_same_text() -> None:
    deal = walk((EventKind.ADVANCE, {}), (EventKind.BACK, {}))
    again = wire.loads(wire.dumps(deal), Deal)

    for write in (mermaid, dot):
        assert write(SHIPPED, deal, as_of=TODAY) == write(SHIPPED, again, as_of=TODAY)


@given(
    st.sampled_from(sorted(PIPELINES)),
    st.lists(st.sampled_from(sorted(EventKind, key=str)), max_size=12),
    st.integers(0, 3),
)
def test_whatever_happens_to_a_deal_can_be_drawn(
    name: str, kinds: list[EventKind], which: int
) -> None:
    pipeline = PIPELINES[name]
    deal = opened(pipeline)
    for at, kind in enumerate(kinds, start=1):
        to = None
        ways = pipeline.machine[deal.stage].to
        if kind is EventKind.ADVANCE and ways:
            to = ways[which % len(ways)]
        what = complete(kind, at, to=to) if to else complete(kind, at)
        ruling = stages.decide(deal, what, MET[name], pipeline=pipeline)
        deal = ruling.deal

    found = drawn(pipeline, deal)

    current = [name for name, look in found.looks.items() if look == "current"]
    assert len(current) == 1
    steps = [words for *_, words in found.arrows if words]
    assert [words.split(" ")[0] for words in steps] == [
        f"({at})" for at in range(1, len(steps) + 1)
    ]
    moves = [one for one in deal.history[1:] if one.event.kind not in RESTS]
    assert len(steps) == len(moves)


RESTS = {EventKind.PAUSE, EventKind.RESUME}


def test_a_deal_of_another_pipeline_is_refused() -> None:
    deal = opened(branching())

    for write in (mermaid, dot):
        assert refused(write, SHIPPED, deal) == (("$.pipeline", "contradiction"),)


def test_a_moment_is_no_day() -> None:
    for write in (mermaid, dot):
        assert refused(write, SHIPPED, as_of=AT) == (("$.as_of", "wrong-type"),)
