"""What can be asked of a fact: compare, between, one of, known, yes; all, any, not.

A condition answers on two rails, (must, may): does it hold whatever the unknown
facts turn out to be, and could it hold? Neither is ever unknown, so no engine's
null logic is needed, and `not` merely swaps them. This is Kleene's logic.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import NoReturn, Self, TypeAlias, assert_never

import attrs

from keyaccount.tri import Tri

from ._facts import Facts


__all__ = [
    "All",
    "Any",
    "Between",
    "Compare",
    "Condition",
    "FactRef",
    "Known",
    "Named",
    "Not",
    "OneOf",
    "Op",
    "Rails",
    "Reading",
    "Yes",
    "compare",
    "constants",
    "fact",
    "kleene",
    "rails",
    "walk",
]


Rails: TypeAlias = tuple[bool, bool]


class Named(float):
    """A number that remembers what the policy calls it.

    >>> Named(60, "enter_strategic") + 1
    61.0
    """

    __slots__ = ("name",)
    name: str

    def __new__(cls, value: float, name: str) -> Self:
        """Make *value* known as *name*."""
        self = super().__new__(cls, value)
        self.name = name
        return self

    def __reduce__(self) -> tuple[type[Named], tuple[float, str]]:
        return Named, (float(self), self.name)

    def __repr__(self) -> str:
        return f"Named({float(self)!r}, {self.name!r})"


class Op(enum.Enum):
    """How a number is compared."""

    GE = ">="
    GT = ">"
    LE = "<="
    LT = "<"
    EQ = "=="
    NE = "!="


class _Joinable:
    __slots__ = ()

    def __and__(self, other: Condition) -> All:
        return All((self, other))  # type: ignore[arg-type]  # only conditions inherit this

    def __or__(self, other: Condition) -> Any:
        return Any((self, other))  # type: ignore[arg-type]  # only conditions inherit this

    def __invert__(self) -> Not:
        return Not(self)  # type: ignore[arg-type]  # only conditions inherit this

    def __bool__(self) -> NoReturn:
        message = (
            "a condition has no truth of its own; join with & | ~ instead of "
            "and/or/not, write fact(…).between(…) instead of a chain, "
            "and ask rules.holds(condition, facts)"
        )
        raise TypeError(message)


@attrs.frozen
class Compare(_Joinable):
    """A number, compared with a constant: `fact("gross_margin") >= 0.3`."""

    fact: str
    op: Op
    value: float


@attrs.frozen
class Between(_Joinable):
    """A number within two constants, both included unless said otherwise."""

    fact: str
    low: float
    high: float
    low_included: bool = True
    high_included: bool = True


@attrs.frozen
class OneOf(_Joinable):
    """A choice that is one of the slugs listed."""

    fact: str
    choices: tuple[str, ...]


@attrs.frozen
class Known(_Joinable):
    """Somebody has told us the fact."""

    fact: str


@attrs.frozen
class Yes(_Joinable):
    """A yes-no fact that is yes."""

    fact: str


@attrs.frozen
class All(_Joinable):
    """Every term holds."""

    terms: tuple[Condition, ...]


@attrs.frozen
class Any(_Joinable):
    """At least one term holds."""

    terms: tuple[Condition, ...]


@attrs.frozen
class Not(_Joinable):
    """The term does not hold."""

    term: Condition


Condition: TypeAlias = Compare | Between | OneOf | Known | Yes | All | Any | Not


@attrs.frozen(order=False)  # said aloud for mypy, which else sees attrs' own >=
class FactRef:
    """A fact's name that turns comparisons into conditions; see `fact`."""

    name: str

    def __ge__(self, value: float) -> Compare:
        return Compare(self.name, Op.GE, value)

    def __gt__(self, value: float) -> Compare:
        return Compare(self.name, Op.GT, value)

    def __le__(self, value: float) -> Compare:
        return Compare(self.name, Op.LE, value)

    def __lt__(self, value: float) -> Compare:
        return Compare(self.name, Op.LT, value)

    def equals(self, value: float) -> Compare:
        """Hold if the number is exactly *value*."""
        return Compare(self.name, Op.EQ, value)

    def between(self, low: float, high: float) -> Between:
        """Hold if the number lies within *low* and *high*, both included."""
        return Between(self.name, low, high)

    def one_of(self, *choices: str) -> OneOf:
        """Hold if the choice is one of *choices*."""
        return OneOf(self.name, choices)

    def is_known(self) -> Known:
        """Hold if the fact is known."""
        return Known(self.name)

    def is_yes(self) -> Yes:
        """Hold if the answer is yes."""
        return Yes(self.name)


def fact(name: str) -> FactRef:
    """Name a fact, to compare it.

    >>> fact("gross_margin") >= 0.3
    Compare(fact='gross_margin', op=<Op.GE: '>='>, value=0.3)
    """
    return FactRef(name)


@attrs.frozen
class Reading:
    """What conditions are judged on: facts, and scores as (low, high) folds."""

    facts: Facts
    folds: Mapping[str, tuple[float, float]] = attrs.field(factory=dict)

    def span(self, name: str) -> tuple[float, float]:
        """Return the lowest and highest value that the number can have."""
        if name in self.folds:
            return self.folds[name]
        value = self.facts[name]
        if value is None:
            return -_INF, _INF
        return value, value  # type: ignore[return-value]  # a number, by check_condition

    def scale(self, name: str) -> float:
        """Return what a constant is multiplied by: a fold is a hundred scores."""
        return 100.0 if name in self.folds else 1.0


_INF = float("inf")


def compare(op: Op, span: tuple[float, float], value: float) -> Rails:
    """Compare every number in a span with a constant: (must, may)."""
    low, high = span
    match op:
        case Op.GE:
            return low >= value, high >= value
        case Op.GT:
            return low > value, high > value
        case Op.LE:
            return high <= value, low <= value
        case Op.LT:
            return high < value, low < value
        case Op.EQ:
            return low == value == high, low <= value <= high
        case Op.NE:
            return value < low or high < value, not (low == value == high)
        case _:
            assert_never(op)


def rails(condition: Condition, reading: Reading) -> Rails:
    """Answer whether the condition must hold, and whether it may."""
    match condition:
        case Compare(fact=name, op=op, value=value):
            return compare(op, reading.span(name), value * reading.scale(name))
        case Between(fact=name):
            span, scale = reading.span(name), reading.scale(name)
            low_op = Op.GE if condition.low_included else Op.GT
            high_op = Op.LE if condition.high_included else Op.LT
            low = compare(low_op, span, condition.low * scale)
            high = compare(high_op, span, condition.high * scale)
            return low[0] and high[0], low[1] and high[1]
        case OneOf(fact=name, choices=choices):
            found = reading.facts[name]
            is_one = found in choices
            return (False, True) if found is None else (is_one, is_one)
        case Known(fact=name):
            is_known = reading.facts[name] is not None
            return is_known, is_known
        case Yes(fact=name):
            found = reading.facts[name]
            is_yes = found is Tri.YES
            return (False, True) if found is None else (is_yes, is_yes)
        case All(terms=terms):
            both = [rails(term, reading) for term in terms]
            return all(must for must, _ in both), all(may for _, may in both)
        case Any(terms=terms):
            both = [rails(term, reading) for term in terms]
            return any(must for must, _ in both), any(may for _, may in both)
        case Not(term=term):
            must, may = rails(term, reading)
            return not may, not must
        case _:
            assert_never(condition)


def kleene(both: Rails) -> Tri:
    """Read the two rails as one answer that may be unknown."""
    must, may = both
    if must:
        return Tri.YES
    return Tri.UNKNOWN if may else Tri.NO


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield the condition and every condition in it, outermost first."""
    yield condition
    match condition:
        case All(terms=terms) | Any(terms=terms):
            for term in terms:
                yield from walk(term)
        case Not(term=term):
            yield from walk(term)
        case _:
            return


def constants(condition: Condition) -> Iterator[tuple[str, float]]:
    """Yield every (fact, constant) that the condition compares."""
    for part in walk(condition):
        match part:
            case Compare(fact=name, value=value):
                yield name, value
            case Between(fact=name, low=low, high=high):
                yield name, low
                yield name, high
            case _:
                continue
