"""The stakeholder map: who stands where at a customer, in which role, for us or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import altair as alt
import attrs

from keyaccount.domain import AdminLevel, Attitude, PurchasingRole, Stakeholder
from keyaccount.exceptions import Problems
from keyaccount.models import stakeholders
from keyaccount.tri import Tri

from ._theme import (
    BAD,
    CALM,
    FINE,
    GRID,
    LETTER,
    MAIN,
    ROW,
    Page,
    Row,
    marked,
    page_of,
    rows_of,
    said,
)
from ._words import Words, width_of, wrapped


__all__ = ["stakeholder_map"]


def stakeholder_map(
    verdict: stakeholders.MapVerdict,
    people: Iterable[Stakeholder] = (),
    *,
    locale: str = "en",
    title: str | None = None,
    width: int = 720,
) -> alt.LayerChart:
    """Draw the people at a customer by level, role and attitude.

    A person with several roles stands in several columns. The line at the foot says of
    every role whether somebody known holds it and was met recently. Attitudes towards
    named people are personal data: show the picture to whom it concerns.

    Args:
        verdict: what `stakeholders.read` says.
        people: whose names are to stand there; of anybody else the id does.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: no such verdict, no people, or an odd width.
    """
    problems = Problems()
    wanted = "what stakeholders.read returns"
    problems.is_a("verdict", verdict, stakeholders.MapVerdict, wanted)
    known = tuple(people)
    for at, person in enumerate(known):
        problems.is_a(f"people[{at}]", person, Stakeholder, "a Stakeholder")
    problems.check("stakeholder_map")
    page = page_of("stakeholder-map", locale, title, width)
    if not verdict.cells:
        return page.empty("no-people")
    return _drawn(verdict, {one.id: one.name for one in known}, page)


@attrs.frozen
class _Column:
    """A role: where its column begins, in pixels, and how long its names may be."""

    role: PurchasingRole | None
    head: str
    foot: str
    x: float
    most: int


def _drawn(
    verdict: stakeholders.MapVerdict, names: Mapping[str, str], page: Page
) -> alt.LayerChart:
    words = page.words
    columns = {one.role: one for one in _columns(verdict, names, page)}
    rows: list[Row] = []
    bands: list[Row] = []
    names_of: list[Row] = []
    top = 0.0
    for level in (*AdminLevel, None):
        cells = [cell for cell in verdict.cells if cell.level is level]
        if level is None and not cells:
            continue
        depth = dict.fromkeys(columns, 0.0)
        for cell in cells:
            column = columns[cell.role]
            for person in cell.people:
                name = words.named(names.get(person), person, 2 * column.most)
                kind = words.label("attitude", cell.attitude.value)
                y = top + depth[cell.role] + 0.5
                rows.append({"x": column.x, "y": y, "kind": kind, "person": name})
                lines = wrapped(name, column.most, 2)
                names_of += [
                    {"x": column.x, "y": y + at * _LINE, "text": line}
                    for at, line in enumerate(lines)
                ]
                depth[cell.role] += 1 + (len(lines) - 1) * _LINE
        end = top + max(1, *depth.values())
        name = words.say("not-known")
        if level is not None:
            name = words.label("admin-level", level.value)
        bands.append({"top": top, "end": end, "y": (top + end) / 2, "text": name})
        top = end
    bands.append({"top": top, "end": top + 1, "y": top + 0.5, "text": words.say("met")})
    texts: list[Row] = []
    for one in columns.values():
        texts.append({"x": one.x, "y": -0.5, "text": one.head})
        texts.append({"x": one.x, "y": top + 0.5, "text": one.foot})
    is_asked = any(part.required for part in verdict.roles)
    return page.drawn(
        _layers(rows, names_of, bands, texts, top, page),
        height=1.1 * ROW * (top + 2),
        notes=[words.say("required-role")] if is_asked else (),
    )


_MARK = 22  # what a mark and the space beside it take, in pixels
_GAP = 12  # between two columns
_LINE = 0.68  # of a row: a second line of a name


def _columns(
    verdict: stakeholders.MapVerdict, names: Mapping[str, str], page: Page
) -> list[_Column]:
    """Give every role the room that its names need, as far as there is any."""
    words = page.words
    roles: list[PurchasingRole | None] = list(PurchasingRole)
    if any(cell.role is None for cell in verdict.cells):
        roles.append(None)
    told = [_told(verdict, role, words) for role in roles]
    bare = [max(map(width_of, pair)) * LETTER + _GAP for pair in told]
    full = []
    for role, least in zip(roles, bare, strict=True):
        cells = (cell for cell in verdict.cells if cell.role is role)
        here = [person for cell in cells for person in cell.people]
        lengths = [width_of(words.named(names.get(one), one)) for one in here]
        full.append(max(least, max(lengths, default=0) * LETTER + _MARK + _GAP))
    spare, wanted = page.width - sum(bare), sum(full) - sum(bare)
    part = max(0.0, min(1.0, spare / wanted)) if wanted else 0.0
    found = []
    x = 0.0
    for role, (head, foot), least, most in zip(roles, told, bare, full, strict=True):
        wide = least + part * (most - least)
        letters = int((wide - _MARK - _GAP) / LETTER)
        found.append(_Column(role, head, foot, x, max(letters, _FEWEST)))
        x += wide
    return found


_FEWEST = 6  # letters of a name, however little room there is


def _told(
    verdict: stakeholders.MapVerdict, role: PurchasingRole | None, words: Words
) -> tuple[str, str]:
    """Name a role, with a star where somebody must hold it; say whether we met."""
    if role is None:
        return words.say("not-known"), ""
    part = next((one for one in verdict.roles if one.role is role), None)
    name = words.label("purchasing-role", role.value)
    if part is None:
        return name, ""
    codes = {Tri.YES: "met-yes", Tri.NO: "met-no", Tri.UNKNOWN: "met-unknown"}
    code = codes[part.covered] if part.people else "met-nobody"
    return f"{name} *" if part.required else name, words.say(code)


def _layers(  # noqa: PLR0913, PLR0917 - all that stands on the map
    rows: Sequence[Row],
    names: Sequence[Row],
    bands: Sequence[Row],
    texts: Sequence[Row],
    top: float,
    page: Page,
) -> list[alt.Chart]:
    words = page.words
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, page.width], nice=False), axis=None)
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[-1, top + 1], nice=False, reverse=True),
        axis=None,
    )
    looks = {
        Attitude.SUPPORT: (FINE, "triangle-up"),
        Attitude.NEUTRAL: (MAIN, "circle"),
        Attitude.OPPOSE: (BAD, "triangle-down"),
        Attitude.UNKNOWN: (CALM, "diamond"),
    }
    found = {row["kind"] for row in rows}
    every = {
        words.label("attitude", attitude.value): look
        for attitude, look in looks.items()
    }
    kinds = {name: look for name, look in every.items() if name in found}
    color, shape = marked("kind", kinds, title=words.say("attitude"))
    shaded = [band for at, band in enumerate(bands) if not at % 2]
    return [
        rows_of(shaded)
        .mark_rect(color=GRID, opacity=0.13)
        .encode(
            y=alt.Y("top:Q", axis=None),
            y2="end:Q",
            x=alt.value(0),
            x2=alt.value(page.width),
        ),
        said(bands, align="right").encode(x=alt.value(-8), y=y),
        said(texts, dx=2).encode(x=x, y=y),
        rows_of(rows)
        .mark_point(filled=True, size=70, opacity=1, xOffset=8)
        .encode(x=x, y=y, color=color, shape=shape),
        said(names, dx=_MARK - 6).encode(x=x, y=y),
    ]
