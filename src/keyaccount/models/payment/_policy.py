"""The opinions that payment terms are judged by: numbers, covers, rows, appetites."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import attrs

from keyaccount import policies
from keyaccount.domain import (
    MAX_TENOR_DAYS,
    Controllability,
    CoverKind,
    CoverQuality,
    Safety,
    StrategicDesignation,
    ValueTier,
)
from keyaccount.exceptions import Problems, UnknownNameError, nearest
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    Facts,
    Policy,
    PolicyRef,
    Row,
    TableParts,
    checked_table,
    compile_table,
    constants,
)

from ._facts import FACTS, WHOLE, basis_points
from ._opinions import Appetite, CoverRule, NamedTerm, Remedy, RemedyKind


__all__ = ["Bench", "Limits", "PaymentPolicy", "default_policy"]


class Bench(NamedTuple):
    """What the judging itself needs of a policy, ready to use."""

    safety: Callable[[Facts], tuple[str, ...]]
    controllability: Callable[[Facts], tuple[str, ...]]
    most: int  # materiality, in units of a basis point of a basis point
    loss: int
    loss_customised: int
    qualities: dict[CoverKind, str]
    ref: PolicyRef


class Limits(NamedTuple):
    """What warnings are measured against: days, and a deposit in basis points."""

    long: int
    bill: int
    sme_public: int
    sme_large: int
    loss_customised: int


_SHARES = ("materiality", "loss_on_refusal", "loss_on_refusal_customised")
_DAYS = ("long_tenor", "bill_tenor", "sme_public_days", "sme_large_days")
_CLASSES = tuple(
    dict.fromkeys(
        member.value for kind in (ValueTier, StrategicDesignation) for member in kind
    )
)


@attrs.frozen(kw_only=True)
class PaymentPolicy(Policy):
    """How safe and how controllable each part of a price is, and what we accept.

    `safety` and `controllability` are first-match rows over `FACTS`; where none
    fires, nobody but the buyer stands behind the money and nothing holds it.
    """

    safety: tuple[Row, ...]
    controllability: tuple[Row, ...]
    covers: tuple[CoverRule, ...]
    appetites: tuple[Appetite, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    terms: tuple[NamedTerm, ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_numbers(problems)
        checked_table(problems, "safety", **self._table("safety"))
        checked_table(problems, "controllability", **self._table("controllability"))
        kinds = tuple(kind.value for kind in CoverKind)
        self._check_ids(problems, "covers", kinds)
        given = {rule.id for rule in self.covers}
        for kind in kinds:
            if kind not in given:
                problems.add("covers", "missing", expected=f"one for {kind}")
        for index, rule in enumerate(self.covers):
            is_none = rule.id == CoverKind.UNCOVERED.value
            if is_none != (rule.quality is CoverQuality.NONE):
                wanted = "uncovered for the kind uncovered, for no other"
                problems.add(
                    f"covers[{index}].quality",
                    "contradiction",
                    rule.quality.value,
                    wanted,
                )
        self._check_ids(problems, "appetites", _CLASSES)
        self._check_ids(problems, "remedies", ())
        for index, remedy in enumerate(self.remedies):
            if (remedy.kind is RemedyKind.ADD_COVER) != (remedy.cover is not None):
                wanted = "a cover for add-cover, for no other kind"
                problems.add(
                    f"remedies[{index}].cover", "contradiction", remedy.cover, wanted
                )
        self._check_ids(problems, "terms", ())
        problems.check(f"policy {self.name}")

    def _check_numbers(self, problems: Problems) -> None:
        given = {number.id: number.value for number in self.numbers}
        for name in (*_SHARES, *_DAYS):
            if name not in given:
                problems.add("numbers", "missing", expected=f"numbers.{name}")
                continue
            path, value = f"numbers.{name}.value", given[name]
            if name in _SHARES:
                share = basis_points(value)
                least = 0 if name == "materiality" else 1
                if share is None or not least <= share <= WHOLE:
                    above = "" if name == "materiality" else "above "
                    wanted = f"{above}0, at most 1, with at most four decimals"
                    problems.add(path, "out-of-range", value, wanted)
            elif not (value.is_finite() and 0 <= value <= MAX_TENOR_DAYS):
                problems.add(path, "out-of-range", value, f"0 to {MAX_TENOR_DAYS}")

    def _check_ids(
        self, problems: Problems, name: str, offered: tuple[str, ...]
    ) -> None:
        ids: list[str] = [item.id for item in getattr(self, name)]
        for slug in sorted({slug for slug in ids if ids.count(slug) > 1}):
            problems.add(name, "duplicate", slug)
        for index, slug in enumerate(ids):
            if offered and slug not in offered:
                hint = nearest(slug, offered)
                problems.add(f"{name}[{index}].id", "unknown-choice", slug, hint)

    def _table(self, axis: str) -> TableParts:
        kind = Safety if axis == "safety" else Controllability
        outcomes = tuple(member.value for member in reversed(kind))
        return {
            "name": f"payment-{axis}",
            "about": FACTS,
            "rows": getattr(self, axis),
            "otherwise": outcomes[0],
            "outcomes": outcomes,
            "answers": axis,
        }

    # What follows is built once, on first use.

    @functools.cached_property
    def safety_table(self) -> Compiled:
        """The table that says how safe a part is."""
        return compile_table(DecisionTable(**self._table("safety")))

    @functools.cached_property
    def controllability_table(self) -> Compiled:
        """The table that says how controllable a part is."""
        return compile_table(DecisionTable(**self._table("controllability")))

    @functools.cached_property
    def bench(self) -> Bench:
        """The tables and numbers that every judgement needs."""
        most, loss, loss_customised = (
            basis_points(self.number(name)) for name in _SHARES
        )
        return Bench(
            self.safety_table.possible,
            self.controllability_table.possible,
            (most or 0) * WHOLE,
            loss or 0,
            loss_customised or 0,
            {CoverKind(rule.id): rule.quality.value for rule in self.covers},
            self.ref,
        )

    @functools.cached_property
    def limits(self) -> Limits:
        """The numbers that warnings need."""
        long, bill, public, large = (math.floor(self.number(name)) for name in _DAYS)
        return Limits(long, bill, public, large, self.bench.loss_customised)

    @functools.cached_property
    def tenors(self) -> tuple[int, ...]:
        """Days of credit, one from every stretch within which no row changes."""
        days = {0}
        for row in (*self.safety, *self.controllability):
            for name, value in constants(row.when):
                if name == "tenor_days":
                    days |= {math.floor(value), math.floor(value) + 1}
        return tuple(day for day in sorted(days) if 0 <= day <= MAX_TENOR_DAYS)

    @functools.cached_property
    def unassessed(self) -> frozenset[CoverKind]:
        """The covers that somebody ought to assess."""
        return frozenset(CoverKind(rule.id) for rule in self.covers if rule.assess)

    @functools.cached_property
    def ranks(self) -> dict[CoverKind, int]:
        """How good covers usually are: 0 is the best."""
        return {CoverKind(rule.id): rule.quality.rank for rule in self.covers}

    @functools.cached_property
    def by_name(self) -> dict[str, NamedTerm]:
        """The named terms, by name."""
        return {named.id: named for named in self.terms}

    def named(self, name: str) -> NamedTerm:
        """Return the term of that name.

        Raises:
            UnknownNameError: no such term; says which is near.
        """
        try:
            return self.by_name[name]
        except KeyError:
            raise UnknownNameError("payment term", name, tuple(self.by_name)) from None

    def appetite(self, customer_class: str) -> Appetite:
        """Return what we accept from a class of customers.

        Raises:
            UnknownNameError: no appetite for that class.
        """
        for appetite in self.appetites:
            if appetite.id == customer_class:
                return appetite
        offered = tuple(appetite.id for appetite in self.appetites)
        raise UnknownNameError("appetite", customer_class, offered)


@functools.cache
def default_policy() -> PaymentPolicy:
    """Return the shipped policy."""
    return policies.read("payment", PaymentPolicy)
