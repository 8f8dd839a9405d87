"""The opinions on readiness: which lines there are, and how many of them it takes."""

from __future__ import annotations

import functools
import graphlib
import keyword
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import attrs

from keyaccount import policies
from keyaccount.domain import TeamProximity
from keyaccount.exceptions import Problems, UnknownNameError, nearest
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    Fact,
    FactSchema,
    Policy,
    Row,
    TableParts,
    check_ids,
    checked_table,
    compile_table,
)

from ._checklists import Checklist, ChecklistItem, ChecklistKind, ProximityMark
from ._facts import (
    ELEMENTS,
    FACTS,
    READINESS,
    REQUIREMENTS,
    WEAKEST_ELEMENT,
    WEAKEST_REQUIREMENT,
    fact_of,
    share_fact,
    share_of,
)
from ._verdict import Readiness
from ._ways import Ask, asking


__all__ = ["ReadinessPolicy", "default_policy"]


_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_KEBAB_CASE = "write kebab-case, as in goals-beyond-revenue"
_STANDS = tuple(one.value for one in reversed(Readiness))


@attrs.frozen(kw_only=True)
class ReadinessPolicy(Policy):
    """Which checklists there are, their lines in order, and when we are ready.

    Checklists stand in the order in which they are worked through, and so do the
    lines of each. Of `rows` the first that fires answers, not ready where none does.
    `proximities` says what a team near the customer is worth.
    """

    checklists: tuple[Checklist, ...]
    items: tuple[ChecklistItem, ...]
    rows: tuple[Row, ...]
    proximities: tuple[ProximityMark, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_days(problems)
        self._check_checklists(problems)
        self._check_items(problems)
        self._check_order(problems)
        self._check_proximities(problems)
        about = self._declared(problems)
        checked_table(problems, "rows", **self._stands(about))
        problems.check(f"policy {self.name}")

    def _check_days(self, problems: Problems) -> None:
        given = {number.id: number.value for number in self.numbers}
        days = given.get("stale_after")
        if days is None:
            problems.add("numbers", "missing", expected="numbers.stale_after")
        elif not (days.is_finite() and days >= 0):
            path = "numbers.stale_after.value"
            problems.add(path, "out-of-range", days, "0 or more")

    def _check_checklists(self, problems: Problems) -> None:
        if not self.checklists:
            problems.add("checklists", "empty", expected="one checklist")
        check_ids(problems, "checklists", (one.id for one in self.checklists))
        filled = {item.checklist for item in self.items}
        for index, one in enumerate(self.checklists):
            path = f"checklists[{index}]"
            if not _SLUG.fullmatch(one.id):
                problems.add(f"{path}.id", "bad-syntax", one.id, _KEBAB_CASE)
            if one.id not in filled:
                wanted = f'one of the items with checklist = "{one.id}"'
                problems.add(path, "empty", expected=wanted)

    def _check_items(self, problems: Problems) -> None:
        check_ids(problems, "items", (item.id for item in self.items))
        lists = {one.id for one in self.checklists}
        ids = {item.id for item in self.items}
        for index, item in enumerate(self.items):
            path = f"items[{index}]"
            if not _SLUG.fullmatch(item.id) or not _is_name(fact_of(item.id)):
                problems.add(f"{path}.id", "bad-syntax", item.id, _KEBAB_CASE)
            if item.checklist not in lists:
                hint = nearest(item.checklist, lists)
                where = f"{path}.checklist"
                problems.add(where, "unknown-choice", item.checklist, hint)
            for at, slug in enumerate(item.after):
                if slug not in ids:
                    where = f"{path}.after[{at}]"
                    hint = f"{nearest(slug, ids)}, or leave it out"
                    problems.add(where, "unknown-choice", slug, hint)

    def _check_order(self, problems: Problems) -> None:
        """Note every line that would have to be in place before itself."""
        ids = {item.id for item in self.items}
        rings = _rings(
            {
                item.id: [slug for slug in item.after if slug in ids]
                for item in self.items
            }
        )
        for index, item in enumerate(self.items):
            if item.id in rings:
                wanted = "no line can wait for itself; take one of the ring out"
                path = f"items[{index}].after"
                problems.add(path, "contradiction", item.after, wanted)

    def _check_proximities(self, problems: Problems) -> None:
        check_ids(problems, "proximities", (one.id for one in self.proximities))
        points = {one.id: one.points for one in self.proximities}
        for place in TeamProximity:
            if place not in points:
                wanted = f"one for {place.value}"
                problems.add("proximities", "missing", expected=wanted)
        found = [points[place] for place in TeamProximity if place in points]
        if found != sorted(found, reverse=True) or min(found, default=0) < 0:
            wanted = "0 or more, and no less for a team that sits nearer"
            problems.add("proximities", "not-sorted", found, wanted)

    def _declared(self, problems: Problems) -> FactSchema:
        """Return what rows may ask for; names that stand for two things are noted."""
        kinds = {one.kind for one in self.checklists}
        found = {fact.name: fact for fact in FACTS if _has_kind(fact.name, kinds)}
        taken = set(FACTS.names)
        for index, one in enumerate(self.checklists):
            name = share_of(one.id)
            if name in taken:
                problems.add(f"checklists[{index}].id", "duplicate", name)
            elif _is_name(name):
                found[name] = share_fact(name)
        taken.update(share_of(one.id) for one in self.checklists)
        for index, item in enumerate(self.items):
            name = fact_of(item.id)
            if name in taken:
                problems.add(f"items[{index}].id", "duplicate", name)
            elif _is_name(name):
                found[name] = Fact.yes_no(name)
        return FactSchema(tuple(found.values()))

    def _stands(self, about: FactSchema) -> TableParts:
        return {
            "name": "readiness-stand",
            "about": about,
            "rows": self.rows,
            "otherwise": Readiness.NOT_READY.value,
            "outcomes": _STANDS,
            "answers": "readiness",
        }

    # What follows is built once, on first use.

    @functools.cached_property
    def about(self) -> FactSchema:
        """Every fact that a row may ask for: shares, then the lines."""
        return self._declared(Problems())

    @functools.cached_property
    def stands(self) -> Compiled:
        """The table that says how ready we are."""
        return compile_table(DecisionTable(**self._stands(self.about)))

    @functools.cached_property
    def ask(self) -> Ask:
        """The same table, ready to be asked often."""
        return asking(self.stands)

    @functools.cached_property
    def each_row(self) -> tuple[Compiled, ...]:
        """The same table row by row, to see what each of them finds."""
        table = self.stands.table
        return tuple(
            compile_table(attrs.evolve(table, rows=(row,))) for row in table.rows
        )

    @functools.cached_property
    def lines(self) -> tuple[ChecklistItem, ...]:
        """All lines in the order in which they are worked through."""
        return tuple(item for one in self.checklists for item in self.of(one.id))

    def of(self, checklist: str) -> tuple[ChecklistItem, ...]:
        """Return the lines of a checklist.

        Raises:
            UnknownNameError: the policy has no such checklist.
        """
        if checklist not in self._by_checklist:
            raise UnknownNameError("checklist", checklist, tuple(self._by_checklist))
        return self._by_checklist[checklist]

    @functools.cached_property
    def _by_checklist(self) -> Mapping[str, tuple[ChecklistItem, ...]]:
        found: dict[str, list[ChecklistItem]] = {one.id: [] for one in self.checklists}
        for item in self.items:
            found[item.checklist].append(item)
        return MappingProxyType({name: tuple(items) for name, items in found.items()})

    @functools.cached_property
    def pooled(self) -> Mapping[str, tuple[str, ...]]:
        """The facts of the lines that each share is counted over."""
        found = {READINESS: tuple(fact_of(item.id) for item in self.lines)}
        for name, kind in _POOLED.items():
            lines = [part for group in self._groups(kind) for part in group]
            if lines:
                found[name] = tuple(lines)
        for one in self.checklists:
            found[share_of(one.id)] = _facts(self.of(one.id))
        return MappingProxyType(found)

    @functools.cached_property
    def weakest(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """The same for each smallest share: the lines of every list it looks at."""
        found = {name: self._groups(kind) for name, kind in _WEAKEST.items()}
        return MappingProxyType({name: parts for name, parts in found.items() if parts})

    def _groups(self, kind: ChecklistKind) -> tuple[tuple[str, ...], ...]:
        return tuple(
            _facts(self.of(one.id)) for one in self.checklists if one.kind is kind
        )


_POOLED = MappingProxyType(
    {ELEMENTS: ChecklistKind.ELEMENT, REQUIREMENTS: ChecklistKind.REQUIREMENT}
)
_WEAKEST = MappingProxyType(
    {
        WEAKEST_ELEMENT: ChecklistKind.ELEMENT,
        WEAKEST_REQUIREMENT: ChecklistKind.REQUIREMENT,
    }
)


def _facts(items: tuple[ChecklistItem, ...]) -> tuple[str, ...]:
    return tuple(fact_of(item.id) for item in items)


def _is_name(name: str) -> bool:
    """Whether a rule can ask for it by that name."""
    return name.isidentifier() and not keyword.iskeyword(name)


def _has_kind(name: str, kinds: set[ChecklistKind]) -> bool:
    """Whether there is a checklist of the kind that a share looks at."""
    needed = {**_POOLED, **_WEAKEST}.get(name)
    return needed is None or needed in kinds


def _rings(waiting: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the lines that wait for one another; of rings that cross, one is found."""
    found: set[str] = set()
    while True:
        rest = {
            slug: [one for one in before if one not in found]
            for slug, before in waiting.items()
            if slug not in found
        }
        try:
            graphlib.TopologicalSorter(rest).prepare()
        except graphlib.CycleError as error:
            found.update(error.args[1])
        else:
            return found


@functools.cache
def default_policy() -> ReadinessPolicy:
    """Return the shipped policy."""
    return policies.read("readiness", ReadinessPolicy)
