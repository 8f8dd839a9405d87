"""Qualification in columns: should we follow every row's deal, what is to be asked?"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar, cast

from keyaccount.domain import (
    Decision,
    FactorScore,
    GateAnswers,
    GateId,
    GateResult,
    Money,
    Need,
    NeedCoverage,
    NeedKind,
    Opportunity,
    WorthInputs,
)
from keyaccount.exceptions import InvalidValueError, Problem, Problems
from keyaccount.models.qualification import (
    FACTS,
    REAL_FACTS,
    CustomerClass,
    QualificationPolicy,
    default_policy,
    qualify,
)
from keyaccount.rules import Fact, FactSchema
from keyaccount.tri import Tri

from ._cases import Answer, Case, Known, by_case, whole
from ._engines import opened
from ._facts import Names
from ._joins import Kind
from ._sheet import NO_NAMES


__all__ = ["qualification"]


FrameT = TypeVar("FrameT")
Built = TypeVar("Built")

_MONEY = ("gross_profit", "funds_tied", "exposure")
_RATES = ("annual_rate", "default_probability", "loss_given_default")
_MARKS = ("importance", "direction", "side_effects", "deviation")
_IN_DEALS: Mapping[str, str] = MappingProxyType(
    {"contract_value": "value", "days_tied": "days"}
)
"""What a table of deals calls what the facts call otherwise."""

_DECISIONS = (
    Decision.NOT_AN_OPPORTUNITY,
    Decision.NO_BID,
    Decision.NOT_WORTH,
    Decision.HOLD,
    Decision.REVIEW,
    Decision.LIMITED,
    Decision.PURSUE,
)
"""The worst first, as `reachable` lists them."""

_ANY_DAY = dt.date(1970, 1, 1)  # noted in a verdict, asked by no gate
_ONE_CURRENCY = "USD"  # no gate asks which; a row's amounts stand in the same


def qualification(
    frame: FrameT,
    *,
    policy: QualificationPolicy | None = None,
    name: str = "qualification",
    names: Names = NO_NAMES,
    customer_class: CustomerClass = None,
) -> FrameT:
    """Ask the four gates of every row's deal (S1-9 to S1-13).

    The columns are called like `qualification.FACTS`, or like those of a table of
    deals: `explicit_need`, `funded`, `empty_promise`; a score from -2 to 2 for every
    win factor, such as `our_relationship`; `contract_value` (or `value`),
    `gross_profit`, `funds_tied`, `annual_rate`, `days_tied` (or `days`), `exposure`,
    `default_probability`, `loss_given_default`, in one currency; `importance`,
    `direction`, `side_effects`, `deviation`. The needs are numbered: `need_kind_1`,
    `need_mandatory_1`, `need_coverage_1`, `need_kind_2`, …. A deal of which no need
    is told has needs that nobody knows.

    `NAME` is the decision today, `NAME_low` and `NAME_high` the worst and the best
    that it may become, `NAME_reachable` all of them, joined by `;`. `NAME_is_real`,
    `NAME_can_compete`, `NAME_can_win` and `NAME_worth_winning` are what each gate
    says; `NAME_first_failing`, `NAME_first_open` and `NAME_decided_by` name gates.
    `NAME_win_index_low` and `_high` and `NAME_worth_low` and `_high` are bounds,
    `NAME_release` is a share of the resources. `NAME_flags` and `NAME_missing` are
    joined by `;`, what to ask first stands first.

    Exact amounts make almost every row a case of its own: the price is then that of
    judging every row.

    Args:
        frame: of any engine, a row a deal; the same kind comes back.
        policy: your own; the shipped one otherwise.
        name: what the answers are called.
        names: the column of a fact, where it is not called so.
        customer_class: whose questions are asked first, in every row.

    Raises:
        UnknownFactError: *names* speaks of something that is not told of a deal.
        UnknownNameError: no class of customers is called that.
        InvalidValueError: no frame, columns that cannot be used, values that no deal
            can have.
    """
    rules = policy or default_policy()
    unknown = Opportunity("row", None, None)
    qualify(unknown, as_of=_ANY_DAY, customer_class=customer_class, policy=rules)
    titles = opened(frame).collect_schema().names()
    numbers = _numbers((*names, *titles)) or (1,)
    about = _about(rules, numbers)
    aliases = {
        fact: column
        for fact, column in _IN_DEALS.items()
        if column in titles and fact not in titles
    }
    return by_case(
        frame,
        about=about,
        asked=about.names,
        names={**aliases, **names},
        judge=functools.partial(_judge, name, numbers, customer_class, rules),
        answers=_answers(name),
    )


# which columns


def _numbers(titles: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of the needs: where a kind can be told."""
    found = (re.fullmatch(r"need_kind_([1-9][0-9]{0,2})", title) for title in titles)
    return tuple(sorted({int(match[1]) for match in found if match}))


def _about(policy: QualificationPolicy, numbers: Iterable[int]) -> FactSchema:
    """Declare what is told, gate by gate; nothing that follows from it."""
    own = (
        FACTS[name] if name in FACTS else Fact.number(name, unit="mark", low=-2, high=2)
        for name in map(_fact_of, policy.factor_ids)
    )
    needs = (fact for number in numbers for fact in _need_facts(number))
    amounts = ("contract_value", *_MONEY, *_RATES, "days_tied", *_MARKS)
    told = {*amounts, *REAL_FACTS.names}
    return FactSchema(
        (
            *REAL_FACTS,
            *needs,
            *own,
            *(fact for fact in FACTS if fact.name in told - {*REAL_FACTS.names}),
        )
    )


def _need_facts(number: int) -> Iterator[Fact]:
    yield Fact.choice(f"need_kind_{number}", tuple(kind.value for kind in NeedKind))
    yield Fact.yes_no(f"need_mandatory_{number}")
    coverages = tuple(coverage.value for coverage in NeedCoverage)
    yield Fact.choice(f"need_coverage_{number}", coverages)


def _fact_of(factor: str) -> str:
    return factor.replace("-", "_")


# what is judged


def _judge(
    name: str,
    numbers: Sequence[int],
    customer_class: CustomerClass,
    policy: QualificationPolicy,
    case: Case,
) -> Answer:
    deal = _deal(case, numbers, policy)
    verdict = qualify(
        deal, as_of=_ANY_DAY, customer_class=customer_class, policy=policy
    )
    reachable = [decision.value for decision in verdict.reachable]
    return {
        name: None if verdict.value is None else verdict.value.value,
        f"{name}_low": reachable[0],
        f"{name}_high": reachable[-1],
        f"{name}_reachable": ";".join(reachable),
        **{
            f"{name}_{_fact_of(gate.gate.value)}": gate.result.value
            for gate in verdict.gates
        },
        f"{name}_first_failing": _slug(verdict.first_failing),
        f"{name}_first_open": _slug(verdict.first_open),
        f"{name}_decided_by": _slug(verdict.decided_by),
        f"{name}_win_index_low": verdict.win_index.low,
        f"{name}_win_index_high": verdict.win_index.high,
        f"{name}_worth_low": verdict.worth.low,
        f"{name}_worth_high": verdict.worth.high,
        f"{name}_release": verdict.release.low,
        f"{name}_flags": ";".join(verdict.flags),
        f"{name}_missing": ";".join(gap.fact for gap in verdict.missing),
    }


def _slug(gate: GateId | None) -> str | None:
    return None if gate is None else gate.value


def _deal(
    case: Case, numbers: Sequence[int], policy: QualificationPolicy
) -> Opportunity:
    """Build the deal of a case.

    Raises:
        InvalidValueError: with every value that no deal can have.
    """
    problems = Problems()

    def built(facts: Mapping[str, str], build: Callable[[], Built]) -> Built | None:
        """Build a part of a deal; what is wrong with it is told of its facts."""
        try:
            return build()
        except InvalidValueError as error:
            for one in error.problems:
                field = one.path.removeprefix("$.")
                path = f"$.{facts.get(field, field)}"
                problems.extend((Problem(path, one.code, one.data),))
            return None

    money = {
        fact: built({"amount": fact}, functools.partial(_money, case[fact]))
        for fact in ("contract_value", *_MONEY)
    }
    value = money.pop("contract_value")
    fields: dict[str, Any] = {fact: case[fact] for fact in _RATES}
    fields |= {fact: whole(case[fact]) for fact in _MARKS}
    fields |= {"days": whole(case["days_tied"]), **money}
    worth = built({"days": "days_tied"}, functools.partial(WorthInputs, **fields))
    scores = []
    for factor in policy.factor_ids:
        fact = _fact_of(factor)
        score = functools.partial(FactorScore, factor, whole(case[fact]))
        scores.append(built({"score": fact}, score))
    needs = []
    for number in numbers:
        told = [case[fact.name] for fact in _need_facts(number)]
        if any(known not in {None, Tri.UNKNOWN} for known in told):
            names = {"kind": f"need_kind_{number}"}
            needs.append(built(names, functools.partial(_need, *told)))
    problems.check("deal")
    return Opportunity(
        "row",
        None,
        value,
        needs=cast("list[Need]", needs),
        answers=GateAnswers(
            **{fact: cast("Tri", case[fact]) for fact in REAL_FACTS.names}
        ),
        win_factors=cast("list[FactorScore]", scores),
        worth=cast("WorthInputs", worth),
    )


def _money(amount: Known) -> Money | None:
    return None if amount is None else Money(cast("Decimal", amount), _ONE_CURRENCY)


def _need(kind: Known, mandatory: Known, coverage: Known) -> Need:
    return Need(
        None if kind is None else NeedKind(kind),  # type: ignore[arg-type]  # for the noun to refuse
        cast("Tri", mandatory),
        NeedCoverage.UNKNOWN if coverage is None else NeedCoverage(coverage),
    )


def _answers(name: str) -> dict[str, Kind]:
    decisions = tuple(decision.value for decision in _DECISIONS)
    results = tuple(result.value for result in reversed(GateResult))
    gates = tuple(gate.value for gate in GateId)
    return {
        name: decisions,
        f"{name}_low": decisions,
        f"{name}_high": decisions,
        f"{name}_reachable": str,
        **{f"{name}_{_fact_of(gate)}": results for gate in gates},
        f"{name}_first_failing": gates,
        f"{name}_first_open": gates,
        f"{name}_decided_by": gates,
        **{
            f"{name}_{part}_{end}": float
            for part in ("win_index", "worth")
            for end in ("low", "high")
        },
        f"{name}_release": float,
        f"{name}_flags": str,
        f"{name}_missing": str,
    }
