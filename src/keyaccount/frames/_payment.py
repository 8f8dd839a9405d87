"""Payment terms in columns: how safe and how controllable, by name or by tranches."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from keyaccount.domain import (
    Controllability,
    Cover,
    CoverKind,
    CoverQuality,
    PaymentTerm,
    Safety,
    Timing,
    TitleControl,
    Tranche,
)
from keyaccount.exceptions import InvalidValueError, Problem, Problems
from keyaccount.models.payment import (
    Buyer,
    PaymentPolicy,
    Rating,
    TermVerdict,
    default_policy,
    rate,
)
from keyaccount.rules import Fact, FactSchema, Interval
from keyaccount.tri import Tri

from ._cases import Answer, Case, Known, by_case, whole
from ._engines import opened
from ._facts import Names
from ._joins import Kind
from ._sheet import NO_NAMES


__all__ = ["payment"]


FrameT = TypeVar("FrameT")

_INTERVALS = ("unsafe", "uncontrolled", "prepaid", "uncovered", "weighted_days")
_SETTING = ("customised", "buyer", "back_to_back")
_PREPAID = PaymentTerm.of(Tranche(Decimal(1), Timing.PRE))
_NO_TERM = PaymentTerm.of(Tranche(Decimal(1), None, None, None, None))


def payment(  # noqa: PLR0913 - what surrounds a term, all by name
    frame: FrameT,
    *,
    policy: PaymentPolicy | None = None,
    name: str = "payment",
    names: Names = NO_NAMES,
    customised: Tri = Tri.NO,
    small_seller: Tri = Tri.UNKNOWN,
    buyer: Buyer | None = None,
    back_to_back: Tri = Tri.UNKNOWN,
) -> FrameT:
    """Say how safe and how controllable every row's payment term is (S4-13).

    A row tells its term by name, in the column `term`, or tranche by tranche, in
    `share_1`, `timing_1`, `title_1`, `tenor_days_1`, `cover_1`, `quality_1`,
    `ratio_1`, `recourse_1`, `at_order_1`, `share_2`, …: the columns of a table of
    terms, numbered. Where there are shares, they count, and the name only names. A
    row of which neither is known has a term that nobody knows.

    `NAME` is the rating, `NAME_safety` and `NAME_controllability` its two words, null
    while open; `NAME_low` and `NAME_high` are the worst and the best rating that is
    possible. `NAME_unsafe_low` and `_high`, and so for `uncontrolled`, `prepaid`,
    `uncovered` and `weighted_days`, bound shares of the price, and days.
    `NAME_flags` and `NAME_missing` are joined by `;`, what to ask first stands first.

    Args:
        frame: of any engine; the same kind comes back.
        policy: your own; the shipped one otherwise.
        name: what the answers are called.
        names: the column of a fact, where it is not called so. Only here can
            `customised`, `buyer` and `back_to_back` be columns.
        customised: goods that nobody else would buy, in every row.
        small_seller: whether we are a small or medium enterprise.
        buyer: whether every buyer is a public body or a large enterprise.
        back_to_back: whether we are always paid only when the buyer is.

    Raises:
        UnknownFactError: *names* speaks of something that is not told of a term.
        InvalidValueError: no frame, columns that cannot be used, a name that the
            catalogue does not have, tranches that are none or do not add up to 1.
    """
    rules = policy or default_policy()
    setting = _Setting(customised, small_seller, buyer, back_to_back)
    setting.rate(_PREPAID, rules)  # refuses arguments of the wrong type
    titles = opened(frame).collect_schema().names()
    numbers = _numbers((*names, *titles))
    return by_case(
        frame,
        about=_about(rules, numbers or (1,)),
        asked=_asked(numbers, {*names, *titles}, names),
        names=names,
        judge=functools.partial(_judge, name, numbers, setting, rules),
        answers=_answers(name),
    )


class _Setting(NamedTuple):
    """What surrounds a term, as `rate` takes it."""

    customised: Tri
    small_seller: Tri
    buyer: Buyer | None
    back_to_back: Tri

    def of(self, case: Case) -> _Setting:
        """Return what surrounds one case, where columns tell it."""
        told: dict[str, Any] = {name: case[name] for name in _SETTING if name in case}
        if told.get("buyer") is not None:
            told["buyer"] = Buyer(told["buyer"])
        return self._replace(**told)

    def rate(self, term: PaymentTerm | str, policy: PaymentPolicy) -> TermVerdict:
        """Rate a term in this setting."""
        return rate(term, policy=policy, **self._asdict())


# which columns


def _numbers(titles: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of the tranches: where a share can be told."""
    found = (re.fullmatch(r"share_([1-9][0-9]{0,2})", title) for title in titles)
    return tuple(sorted({int(match[1]) for match in found if match}))


def _about(policy: PaymentPolicy, numbers: Iterable[int]) -> FactSchema:
    tranches = (fact for number in numbers for fact in _tranche_facts(number))
    return FactSchema(
        (
            Fact.choice("term", tuple(term.id for term in policy.terms)),
            *tranches,
            Fact.yes_no("customised"),
            Fact.choice("buyer", _slugs(Buyer)),
            Fact.yes_no("back_to_back"),
        )
    )


def _tranche_facts(number: int) -> Iterator[Fact]:
    yield Fact.number(f"share_{number}", unit="share", low=0, high=1)
    for name, kind in _CHOICES.items():
        yield Fact.choice(f"{name}_{number}", _slugs(kind))
    yield Fact.number(f"tenor_days_{number}", unit="days", low=0)
    yield Fact.number(f"ratio_{number}", unit="share", low=0, high=1)
    yield Fact.yes_no(f"recourse_{number}")
    yield Fact.yes_no(f"at_order_{number}")


_CHOICES: Mapping[str, type[enum.Enum]] = MappingProxyType(
    {
        "timing": Timing,
        "title": TitleControl,
        "cover": CoverKind,
        "quality": CoverQuality,
    }
)


def _slugs(kind: type[enum.Enum]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


def _asked(numbers: Sequence[int], there: set[str], names: Names) -> Iterator[str]:
    """Yield what is read: what nobody need tell, only where somebody does."""
    if "term" in there or not numbers:
        yield "term"
    for number in numbers:
        for fact in _tranche_facts(number):
            if fact.name in there or fact.name != f"quality_{number}":
                yield fact.name
    if not there & {"term", *(f"share_{number}" for number in numbers)}:
        yield "share_1"
    yield from (name for name in _SETTING if name in names)


# what is judged


def _judge(
    name: str,
    numbers: Sequence[int],
    setting: _Setting,
    policy: PaymentPolicy,
    case: Case,
) -> Answer:
    term = _term(case, numbers)
    verdict = setting.of(case).rate(_NO_TERM if term is None else term, policy)
    asked = [gap.fact for gap in verdict.missing] if term is not None else ["term"]
    ratings = verdict.possible
    answer: dict[str, float | str | None] = {
        name: _agreed(rating.slug for rating in ratings),
        f"{name}_safety": _agreed(rating.safety.value for rating in ratings),
        f"{name}_controllability": _agreed(
            rating.controllability.value for rating in ratings
        ),
        f"{name}_low": ratings[0].slug,
        f"{name}_high": ratings[-1].slug,
        f"{name}_flags": ";".join(verdict.flags),
        f"{name}_missing": ";".join(asked),
    }
    for part in _INTERVALS:
        bounds: Interval = getattr(verdict, part)
        answer[f"{name}_{part}_low"] = bounds.low
        answer[f"{name}_{part}_high"] = bounds.high
    return answer


def _agreed(slugs: Iterable[str]) -> str | None:
    first, *others = dict.fromkeys(slugs)
    return None if others else first


def _term(case: Case, numbers: Sequence[int]) -> PaymentTerm | str | None:
    """Return the term of a case; None if nobody knows any of it.

    Raises:
        InvalidValueError: tranches that are none, or do not add up to 1.
    """
    name = case.get("term")
    problems, tranches = Problems(), []
    for number in numbers:
        ending = f"_{number}"
        told = {
            fact.removesuffix(ending): value
            for fact, value in case.items()
            if fact.endswith(ending)
        }
        if all(value is None or value is Tri.UNKNOWN for value in told.values()):
            continue
        try:
            tranches.append(_tranche(told))
        except InvalidValueError as error:
            problems.extend(
                Problem(one.path + ending, one.code, one.data) for one in error.problems
            )
    problems.check("payment term")
    if not tranches:
        return None if name is None else str(name)
    return PaymentTerm(tuple(tranches), None if name is None else str(name))


def _tranche(told: Mapping[str, Known]) -> Tranche:
    """Build a tranche; what is not told of it is not known."""
    choices = {
        name: kind(told[name]) if told.get(name) is not None else None
        for name, kind in _CHOICES.items()
    }
    kind, quality = choices.pop("cover"), choices.pop("quality")
    cover = None
    if kind is not None:
        cover = Cover(kind, quality, told["ratio"], told["recourse"])  # type: ignore[arg-type]  # as the facts are declared
    days = whole(told["tenor_days"])
    return Tranche(
        told["share"],  # type: ignore[arg-type]  # the same
        tenor_days=days,
        cover=cover,
        at_order=told["at_order"],  # type: ignore[arg-type]  # the same
        **choices,  # type: ignore[arg-type]  # the same
    )


def _answers(name: str) -> dict[str, Kind]:
    safety, control = _slugs(Safety)[::-1], _slugs(Controllability)[::-1]
    ratings = tuple(
        Rating(one, other).slug
        for one in reversed(Safety)
        for other in reversed(Controllability)
    )
    return {
        name: ratings,
        f"{name}_safety": safety,
        f"{name}_controllability": control,
        f"{name}_low": ratings,
        f"{name}_high": ratings,
        **{
            f"{name}_{part}_{end}": float
            for part in _INTERVALS
            for end in ("low", "high")
        },
        f"{name}_flags": str,
        f"{name}_missing": str,
    }
