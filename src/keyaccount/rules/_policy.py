"""What every policy has: a name, a version, a question, its numbers and its labels.

A model's policy class extends this, frozen, with its rows, criteria and lists. It
is read from TOML by `keyaccount.policies.read` and checked whole on construction.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from typing import NotRequired, TypedDict

import attrs

from keyaccount.exceptions import UnknownNameError

from ._facts import FactSchema
from ._scorecard import Scorecard
from ._table import HitPolicy, Row
from ._verdict import PolicyRef


__all__ = ["Label", "Number", "Policy", "TableParts"]


class TableParts(TypedDict):
    """What a decision table is built from: once checked, then built, from the same."""

    name: str
    about: FactSchema
    rows: tuple[Row, ...]
    otherwise: str | None
    outcomes: tuple[str, ...]
    answers: str
    hit: NotRequired[HitPolicy]
    scorecards: NotRequired[tuple[Scorecard, ...]]


@attrs.frozen
class Number:
    """A number of a policy: what it is called, its unit, and who says so.

    `origin` is `seed`, `prop`, `ext:<key>` or `own`.
    """

    id: str
    value: Decimal
    unit: str = ""
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Label:
    """What the policy calls something in a language: `tiering.vip` → "VIP"."""

    locale: str
    address: str
    text: str


@attrs.frozen(kw_only=True)
class Policy:
    """The opinions that one model judges by."""

    name: str
    version: str
    question: str = ""
    numbers: tuple[Number, ...] = ()
    labels: tuple[Label, ...] = attrs.field(default=(), eq=False, hash=False)
    digest: str = attrs.field(default="", eq=False, hash=False)

    @functools.cached_property
    def ref(self) -> PolicyRef:
        """What a verdict says of the policy that gave it."""
        return PolicyRef(self.name, self.version, self.digest)

    @property
    def own_labels(self) -> Mapping[str, Mapping[str, str]]:
        """The labels by language, as `wording.say` takes them."""
        found: dict[str, dict[str, str]] = {}
        for label in self.labels:
            found.setdefault(label.locale, {})[label.address] = label.text
        return found

    def number(self, name: str) -> Decimal:
        """Return one of the policy's numbers.

        Raises:
            UnknownNameError: the policy has no number of that name.
        """
        for number in self.numbers:
            if number.id == name:
                return number.value
        offered = tuple(number.id for number in self.numbers)
        raise UnknownNameError("number", name, offered)
