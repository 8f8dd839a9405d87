"""Who is designated otherwise than at the last review, and by which criterion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs

from keyaccount import book
from keyaccount.domain import Customer, SelectionCriterion, StrategicDesignation
from keyaccount.tri import Tri

from ._lens._marks import mark
from ._text import shortened
from ._words import Words


__all__ = [
    "Designated",
    "Redesignated",
    "designations",
    "redesignated",
    "redesignated_slugs",
    "show_redesignated",
    "written_designation",
]


_MOST = 40


@attrs.frozen
class Designated:
    """What a customer may be to us, the lowest first, and what each criterion said."""

    possible: tuple[StrategicDesignation, ...]
    criteria: Mapping[SelectionCriterion, Tri]


@attrs.frozen
class Redesignated:
    """A customer that is something else to us than it was."""

    customer: Customer
    before: Designated
    after: Designated

    @property
    def criteria(self) -> tuple[SelectionCriterion, ...]:
        """Those that answer otherwise than they did."""
        was, now = self.before.criteria, self.after.criteria
        return tuple(one for one in SelectionCriterion if was.get(one) != now.get(one))


def designations(portfolio: book.Portfolio) -> Mapping[str, Designated]:
    """Return what each customer is to us, by id, as far as anybody has asked."""
    found = {}
    for sheet in portfolio:
        verdict = sheet.lenses.designation
        if verdict is not None:
            criteria = {part.criterion: part.answer for part in verdict.criteria}
            told = Designated(verdict.possible, MappingProxyType(criteria))
            found[sheet.customer.id] = told
    return MappingProxyType(found)


def written_designation(lenses: object) -> Designated | None:
    """Read what an earlier review wrote of it; None where it wrote nothing sound."""
    told = lenses.get("selection") if isinstance(lenses, dict) else None
    if not isinstance(told, dict):
        return None
    possible, criteria = told.get("possible"), told.get("criteria")
    if not isinstance(possible, list) or not isinstance(criteria, dict):
        return None
    if not possible:
        return None
    try:
        return Designated(
            tuple(dict.fromkeys(StrategicDesignation(slug) for slug in possible)),
            MappingProxyType(
                {
                    SelectionCriterion(key): Tri(answer)
                    for key, answer in criteria.items()
                }
            ),
        )
    except ValueError:  # slugs of another version
        return None


def redesignated(
    before: Mapping[str, Designated], portfolio: book.Portfolio
) -> tuple[Redesignated, ...]:
    """Say who is something else to us now; nobody of whom only one review tells."""
    now = designations(portfolio)
    return tuple(
        Redesignated(sheet.customer, before[slug], now[slug])
        for sheet in portfolio
        if (slug := sheet.customer.id) in before
        and slug in now
        and before[slug].possible != now[slug].possible
    )


def show_redesignated(found: Iterable[Redesignated], words: Words) -> None:
    """Print a line for each, with the criteria that answer otherwise."""
    screen, say = words.screen, words.screen.say
    listed = tuple(found)
    if not listed:
        return
    screen.line(say("against.designations"), "bold")
    for one in listed[:_MOST]:
        was, now = (
            words.either_of("lens-selection", told.possible)
            for told in (one.before, one.after)
        )
        criteria = words.listed(
            f"{say(f'lens-selection.{part.value}')} {_turn(one, part)}"
            for part in one.criteria
        )
        name = shortened(one.customer.name)
        remark = f"{was} → {now}"
        if criteria:
            remark = say("against.by-criteria", move=remark, criteria=criteria)
        screen.indented(say("deals.person", name=name, remark=remark))
    if len(listed) > _MOST:
        more = say("review.more", count=len(listed) - _MOST)
        screen.line(f"{more} (--format json)")


def _turn(one: Redesignated, criterion: SelectionCriterion) -> str:
    was, now = (
        told.criteria.get(criterion, Tri.UNKNOWN) for told in (one.before, one.after)
    )
    return f"{mark(was)} → {mark(now)}"


def redesignated_slugs(found: Iterable[Redesignated]) -> list[dict[str, object]]:
    """Return the same for machines."""
    return [
        {
            "customer": one.customer.id,
            "before": [part.value for part in one.before.possible],
            "after": [part.value for part in one.after.possible],
            "criteria": [part.value for part in one.criteria],
        }
        for one in found
    ]
