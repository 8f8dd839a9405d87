"""What a rule may ask about: declared facts, and one customer's values for them.

A fact is a number, a choice among slugs, or a yes-no; unknown is None, and nothing
else is. Values pass one door, `FactSchema.read`, so that no rule ever sees a NaN,
an infinity, a minus zero or a name that nobody declared.
"""

from __future__ import annotations

import enum
import keyword
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NewType, TypeAlias

import attrs

from keyaccount.exceptions import Problems, UnknownFactError, nearest
from keyaccount.tri import Tri

from ._checks import check_number


__all__ = ["Fact", "FactKind", "FactSchema", "FactValue", "Facts", "Seen"]


FactValue: TypeAlias = float | str | Tri | None


class FactKind(enum.Enum):
    """The three kinds of fact."""

    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes-no"


@attrs.frozen
class Fact:
    """A fact that a model offers to its rules.

    `unit` tells people how to read a number (`money`, `ratio`, `mark`, `days`);
    `low` and `high` bound it, both inclusive; `question` is the code of the
    sentence that asks for it (the name in kebab-case unless given); `movable`
    says whether anybody can do something about it.
    """

    name: str
    kind: FactKind = FactKind.NUMBER
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    question: str = attrs.field(
        default=attrs.Factory(lambda self: _asked_by(self.name), takes_self=True)
    )
    movable: bool = False

    @classmethod
    def number(
        cls,
        name: str,
        *,
        unit: str = "",
        low: float | None = None,
        high: float | None = None,
        movable: bool = False,
    ) -> Fact:
        """Declare a number, its unit and its range."""
        return cls(name, FactKind.NUMBER, unit, low, high, movable=movable)

    @classmethod
    def choice(cls, name: str, choices: tuple[str, ...]) -> Fact:
        """Declare a choice among slugs."""
        return cls(name, FactKind.CHOICE, choices=choices)

    @classmethod
    def yes_no(cls, name: str) -> Fact:
        """Declare a question that is answered by yes or no."""
        return cls(name, FactKind.YES_NO)

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        if not str(self.name).isidentifier() or keyword.iskeyword(self.name):
            problems.add("name", "bad-syntax", self.name, "use a plain snake_case name")
        if (self.kind is FactKind.CHOICE) != bool(self.choices):
            problems.add("choices", "empty", expected="one choice, for a choice only")
        if len(set(self.choices)) != len(self.choices):
            problems.add("choices", "duplicate", self.choices)
        ends = [("low", self.low), ("high", self.high)]
        given = [(end, value) for end, value in ends if value is not None]
        sound = [value for end, value in given if check_number(end, value, problems)]
        if sound != sorted(sound):
            problems.add("low", "out-of-range", sound[0], f"at most {sound[1]:g}")
        problems.check(f"fact {self.name}")

    def read(self, value: object, problems: Problems) -> FactValue:
        """Bring one value through the door; what is wrong goes into *problems*."""
        if value is None:
            return None
        if self.kind is FactKind.NUMBER:
            return self._read_number(value, problems)
        if self.kind is FactKind.CHOICE:
            slug = value.value if isinstance(value, enum.Enum) else value
            if isinstance(slug, str) and slug in self.choices:
                return slug
            problems.add(
                self.name, "unknown-choice", value, nearest(str(slug), self.choices)
            )
            return None
        if isinstance(value, bool):
            return Tri.of(value)
        if isinstance(value, Tri):
            return None if value is Tri.UNKNOWN else value
        problems.add(self.name, "wrong-type", value, "a Tri, True or False")
        return None

    def _read_number(self, value: object, problems: Problems) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            problems.add(self.name, "wrong-type", value, "a number")
            return None
        try:
            number = float(value) + 0.0  # -0.0 becomes 0.0
        except (OverflowError, ValueError):  # a huge int, a signalling NaN
            problems.add(self.name, "not-finite", value)
            return None
        if math.isnan(number):
            return None
        if math.isinf(number):
            problems.add(self.name, "not-finite", value)
            return None
        above = self.low is None or number >= self.low
        below = self.high is None or number <= self.high
        if not (above and below):
            problems.add(self.name, "out-of-range", value, self.range_text)
            return None
        return number

    @property
    def range_text(self) -> str:
        """The declared range, for a message; empty where any number will do."""
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"at least {self.low:g}"
        return "" if self.high is None else f"at most {self.high:g}"


@attrs.frozen
class FactSchema:
    """The facts a model declares, in their order."""

    facts: tuple[Fact, ...]
    positions: Mapping[str, int] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        positions = {fact.name: at for at, fact in enumerate(self.facts)}
        problems = Problems()
        if len(positions) != len(self.facts):
            problems.add("facts", "duplicate", [fact.name for fact in self.facts])
        problems.check("facts")
        object.__setattr__(self, "positions", positions)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(self.positions)

    def __contains__(self, name: object) -> bool:
        return name in self.positions

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __getitem__(self, name: str) -> Fact:
        try:
            return self.facts[self.positions[name]]
        except KeyError:
            raise UnknownFactError(name, self.names) from None

    def read(self, given: Mapping[str, object]) -> Facts:
        """Bring a mapping through the door: absent is unknown, undeclared an error.

        Numbers may be int, float or Decimal (NaN is unknown, infinity refused);
        choices a slug or an enum; yes-nos a Tri or a bool.

        Raises:
            UnknownFactError: a key that is not declared.
            InvalidValueError: values of the wrong kind or out of range, all at once.
        """
        for name in given:
            if name not in self.positions:
                raise UnknownFactError(name, self.names)
        problems = Problems()
        row = tuple(fact.read(given.get(fact.name), problems) for fact in self.facts)
        problems.check("facts")
        return Facts(self, row)


@attrs.frozen
class Facts(Mapping[str, FactValue]):
    """One customer's values for every declared fact; None is unknown.

    Build them with `FactSchema.read`; the constructor trusts its caller.
    """

    schema: FactSchema = attrs.field(hash=False)
    row: tuple[FactValue, ...]

    def __getitem__(self, name: str) -> FactValue:
        try:
            return self.row[self.schema.positions[name]]
        except KeyError:
            raise UnknownFactError(name, self.schema.names) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.schema.positions)

    def __len__(self) -> int:
        return len(self.row)

    def __repr__(self) -> str:
        known = ", ".join(
            f"{name}={value.value if isinstance(value, Tri) else repr(value)}"
            for name, value in self.items()
            if value is not None
        )
        return f"Facts({known})"

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names nobody has told us, in order."""
        return tuple(name for name, value in self.items() if value is None)

    def with_(self, **changes: FactValue) -> Facts:
        """Return the same facts with some of them changed."""
        return self.schema.read({**self, **changes})


Seen = NewType("Seen", Facts)
"""Facts as a judgement once saw them: on the wire, the known values and no more."""


def _asked_by(name: object) -> str:
    return str(name).replace("_", "-")
