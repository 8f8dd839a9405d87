"""Diagrams as text, for Mermaid and for Graphviz: a pipeline, or one deal's path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from ._deal import Deal
from ._decide import judged_by
from ._picture import ANYWHERE, Arrow, Box, Look, Picture, Way, path_of, plan_of
from ._policy import Pipeline
from ._task import check_day


__all__ = ["dot", "mermaid"]


def mermaid(
    pipeline: Pipeline,
    deal: Deal | None = None,
    *,
    locale: str = "en",
    as_of: dt.date | None = None,
) -> str:
    """Return a Mermaid flowchart of a pipeline, or of a deal's path through it.

    Ways on are solid and say what must be met, ways back are dotted. A deal's path
    numbers its steps; a thick arrow is one that somebody approved although not
    everything was met; `as_of` says for how long the deal has been where it is.

    Raises:
        InvalidValueError: the deal goes through another pipeline; no plain day.
    """
    picture = _picture(pipeline, deal, locale, as_of)
    names = _names(picture)
    lines = ["flowchart LR"]
    lines += [f"    {line}" for line in _mermaid_boxes(picture, names)]
    lines += [f"    {_mermaid_arrow(arrow, names)}" for arrow in picture.arrows]
    for look in Look:
        mine = [names[box.id] for box in picture.boxes if box.look is look]
        if mine:
            lines += [
                f"    classDef {look.value} {_MERMAID_LOOKS[look]}",
                f"    class {','.join(mine)} {look.value}",
            ]
    return "\n".join(lines) + "\n"


def dot(
    pipeline: Pipeline,
    deal: Deal | None = None,
    *,
    locale: str = "en",
    as_of: dt.date | None = None,
) -> str:
    """Return a diagram in Graphviz's language, as `mermaid` does in Mermaid's.

    Raises:
        InvalidValueError: the deal goes through another pipeline; no plain day.
    """
    picture = _picture(pipeline, deal, locale, as_of)
    names = _names(picture)
    lines = ["digraph {", *(f"    {line}" for line in _DOT_HEAD)]
    lines += [f"    {line}" for line in _dot_boxes(picture, names)]
    lines += [f"    {_dot_arrow(arrow, picture, names)}" for arrow in picture.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _picture(
    pipeline: Pipeline, deal: Deal | None, locale: str, as_of: dt.date | None
) -> Picture:
    if as_of is not None:
        check_day(as_of, "diagram")
    if deal is None:
        return plan_of(pipeline, locale)
    return path_of(judged_by(deal, pipeline), deal, locale, as_of)


def _names(picture: Picture) -> Mapping[str, str]:
    """Give every box a name of ours, so that no name from a file gets into the text."""
    return {box.id: f"n{at}" for at, box in enumerate(picture.boxes)}


def _is_grouped(picture: Picture) -> bool:
    return any(arrow.start == ANYWHERE for arrow in picture.arrows)


_MERMAID_LOOKS = MappingProxyType(
    {
        Look.STAGE: "fill:#f4f4f4,stroke:#8a8a8a,color:#333333",
        Look.VISITED: "fill:#e3eefa,stroke:#3b6ea5,color:#16324f",
        Look.CURRENT: "fill:#ffe9a8,stroke:#a66f00,color:#4a3200,stroke-width:3px",
        Look.OUTCOME: "fill:#ffffff,stroke:#333333,color:#333333",
    }
)
_MERMAID_WAYS = MappingProxyType(
    {Way.ON: "-->", Way.BACK: "-.->", Way.WAIVED: "==>", Way.AHEAD: "-.-"}
)
_GROUP = "stages"


def _mermaid_boxes(picture: Picture, names: Mapping[str, str]) -> Iterator[str]:
    stages = [box for box in picture.boxes if not box.is_end]
    if _is_grouped(picture):
        yield f'subgraph {_GROUP} [" "]'
        yield from (f"    {_mermaid_box(box, names)}" for box in stages)
        yield "end"
    else:
        yield from (_mermaid_box(box, names) for box in stages)
    yield from (_mermaid_box(box, names) for box in picture.boxes if box.is_end)


def _mermaid_box(box: Box, names: Mapping[str, str]) -> str:
    text = _mermaid_text(box.lines)
    name = names[box.id]
    return f"{name}([{text}])" if box.is_end else f"{name}[{text}]"


def _mermaid_arrow(arrow: Arrow, names: Mapping[str, str]) -> str:
    start = names.get(arrow.start, _GROUP)
    label = f"|{_mermaid_text(arrow.lines)}|" if arrow.lines else ""
    return f"{start} {_MERMAID_WAYS[arrow.way]}{label} {names[arrow.end]}"


_MERMAID_PLAIN = frozenset(" ,:()/+")
_MERMAID_OWN = frozenset("ﬂ°¶ß")  # with which Mermaid itself marks a coded letter


def _mermaid_text(lines: tuple[str, ...]) -> str:
    """Return lines as one quoted label; what could mean something is coded."""
    return '"' + "<br/>".join(map(_mermaid_line, lines)) + '"'


def _mermaid_line(line: str) -> str:
    coded = (
        letter if _is_plain(letter, before) else f"#{ord(letter)};"
        for before, letter in pairwise(f" {line}")
    )
    return "".join(coded).replace(":fa", "#58;fa")  # would be drawn as an icon


def _is_plain(letter: str, before: str) -> bool:
    """Tell whether a letter means nothing to Mermaid; a dash within a word does not."""
    if letter == "-":
        return before.isalnum()
    if letter.isascii():
        return letter.isalnum() or letter in _MERMAID_PLAIN
    return letter not in _MERMAID_OWN


_DOT_HEAD = (
    "rankdir=LR;",
    "compound=true;",
    'node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    'edge [fontname="sans-serif", fontsize=10];',
)
_DOT_LOOKS = MappingProxyType(
    {
        Look.STAGE: 'fillcolor="#f4f4f4", color="#8a8a8a"',
        Look.VISITED: 'fillcolor="#e3eefa", color="#3b6ea5"',
        Look.CURRENT: 'fillcolor="#ffe9a8", color="#a66f00", penwidth=3',
        Look.OUTCOME: 'fillcolor="#ffffff", color="#333333"',
    }
)
_DOT_WAYS = MappingProxyType(
    {
        Way.ON: "style=solid",
        Way.BACK: "style=dotted, constraint=false",
        Way.WAIVED: "style=bold",
        Way.AHEAD: 'style=dashed, color="#8a8a8a", arrowhead=none',
    }
)


def _dot_boxes(picture: Picture, names: Mapping[str, str]) -> Iterator[str]:
    stages = [box for box in picture.boxes if not box.is_end]
    if _is_grouped(picture):
        yield f"subgraph cluster_{_GROUP} {{"
        yield "    style=dotted;"
        yield from (f"    {_dot_box(box, names)}" for box in stages)
        yield "}"
    else:
        yield from (_dot_box(box, names) for box in stages)
    yield from (_dot_box(box, names) for box in picture.boxes if box.is_end)


def _dot_box(box: Box, names: Mapping[str, str]) -> str:
    shape = ", shape=ellipse" if box.is_end else ""
    text = _dot_text(box.lines)
    return f"{names[box.id]} [label={text}, {_DOT_LOOKS[box.look]}{shape}];"


def _dot_arrow(arrow: Arrow, picture: Picture, names: Mapping[str, str]) -> str:
    start, tail, ways = arrow.start, "", _DOT_WAYS[arrow.way]
    if start == ANYWHERE:  # an arrow needs a box to start at: the last stage's
        start = [box.id for box in picture.boxes if not box.is_end][-1]
        tail, ways = f", ltail=cluster_{_GROUP}", "style=dotted"
    label = f", label={_dot_text(arrow.lines)}" if arrow.lines else ""
    return f"{names[start]} -> {names[arrow.end]} [{ways}{tail}{label}];"


def _dot_text(lines: tuple[str, ...]) -> str:
    """Return lines as one quoted label; what could mean something is escaped."""
    return '"' + r"\n".join(map(_dot_line, lines)) + '"'


def _dot_line(line: str) -> str:
    escaped = line.replace("\\", "\\\\").replace('"', '\\"')
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
