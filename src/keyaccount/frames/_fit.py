"""Fit in columns: do every row's customer and we match, and what would it take?"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from typing import TypeVar, cast

from keyaccount.domain import (
    AccountAnalysis,
    BackgroundAnalysis,
    BackgroundTopic,
    ChannelPlans,
    ProductDemand,
    ProductRequirement,
)
from keyaccount.exceptions import InvalidValueError, Problem, Problems
from keyaccount.models.fit import FACTS, FitGap, FitPolicy, assess, default_policy
from keyaccount.rules import FactSchema, Verdict
from keyaccount.tri import Tri

from ._cases import Answer, Case, by_case, whole
from ._facts import Names
from ._joins import Kind
from ._sheet import NO_NAMES


__all__ = ["fit"]


FrameT = TypeVar("FrameT")


def _snake(slug: str) -> str:
    return slug.replace("-", "_")


_TOPICS = tuple(_snake(topic.value) for topic in BackgroundTopic)
_DEMANDS = tuple(_snake(demand.value) for demand in ProductDemand)
_PLANS = ("builds_warehouses", "widens_channel", "raises_investment")
_TERM = "term_within_appetite"
_LEVELS = ("required", "our")  # whose level it is, and how its fact begins
_ABOUT = FactSchema(
    tuple(
        FACTS[name]
        for name in (
            *(f"background_{topic}" for topic in _TOPICS),
            *(f"{whose}_{demand}" for demand in _DEMANDS for whose in _LEVELS),
            *_PLANS,
            _TERM,
        )
    )
)
_ANY_DAY = dt.date(1970, 1, 1)  # an analysis without a day has no age
_KNOWN = "known"  # what is known of a topic is asked by no rule
_ENDS = ("", "_low", "_high")


def fit(
    frame: FrameT,
    *,
    policy: FitPolicy | None = None,
    name: str = "fit",
    names: Names = NO_NAMES,
) -> FrameT:
    """Say of every row whether they and we match (S4-10 to S4-14).

    The columns are called like `fit.FACTS`: `background_reputation` and so for every
    topic, Boolean, whether somebody has found out (no is not yet); a level from 1 to
    5 in `required_price`, `our_price` and so for every demand; `builds_warehouses`,
    `widens_channel`, `raises_investment`; and `term_within_appetite`.

    `NAME` says whether they and we match, `NAME_background` whether the background
    is known, `NAME_product` whether the product is a match: Boolean, null while open.
    `NAME_completeness` is the share of topics known. `NAME_short` lists the demands
    that we surely fall short of. `NAME_channel` is where the channel is heading, null
    while open, `NAME_channel_low` and `_high` the least and the most that is
    possible. `NAME_gaps` is a least set of changes that would do: demands with the
    level that is to be ours, as in `price:4`, and `payment-term`. `NAME_missing` says
    what to ask, the most telling first. Lists are joined by `;`.

    The three analyses are judged together (an open level may make one gap or two),
    which is more than one table: every distinct case is judged once, as an object.

    Args:
        frame: of any engine, a row a customer; the same kind comes back.
        policy: your own; the shipped one otherwise.
        name: what the answers are called.
        names: the column of a fact, where it is not called so.

    Raises:
        UnknownFactError: *names* speaks of something that nobody is asked.
        InvalidValueError: no frame, columns that cannot be used, levels that are no
            whole numbers from 1 to 5.
    """
    rules = policy or default_policy()
    return by_case(
        frame,
        about=_ABOUT,
        asked=_ABOUT.names,
        names=names,
        judge=functools.partial(_judge, name, rules),
        answers=_answers(name, rules),
    )


def _judge(name: str, policy: FitPolicy, case: Case) -> Answer:
    verdict = assess(
        _analysis(case),
        as_of=_ANY_DAY,
        term_within_appetite=cast("Tri", case[_TERM]),
        policy=policy,
    )
    channel = verdict.channel
    outlooks = [outlook.value for outlook in channel.possible]
    ends = None if channel.value is None else channel.value.value, *_ends(outlooks)
    return {
        name: _answer(verdict),
        f"{name}_background": _answer(verdict.background),
        f"{name}_completeness": verdict.background.completeness,
        f"{name}_product": _answer(verdict.product),
        f"{name}_short": ";".join(gap.demand.value for gap in verdict.product.gaps),
        **{
            f"{name}_channel{end}": outlook
            for end, outlook in zip(_ENDS, ends, strict=True)
        },
        f"{name}_gaps": ";".join(map(_change, verdict.gaps)),
        f"{name}_missing": ";".join(gap.fact for gap in verdict.missing),
    }


def _answer(verdict: Verdict[Tri]) -> bool | None:
    return None if verdict.value is None else verdict.value is Tri.YES


def _ends(outcomes: list[str]) -> tuple[str, str]:
    return outcomes[0], outcomes[-1]


def _change(gap: FitGap) -> str:
    if gap.demand is None:
        return gap.part.value
    return f"{gap.demand.value}:{gap.to}"


def _analysis(case: Case) -> AccountAnalysis:
    """Build the analysis of a case.

    Raises:
        InvalidValueError: with every level that there is not.
    """
    problems, requirements = Problems(), []
    for demand, stem in zip(ProductDemand, _DEMANDS, strict=True):
        required, ours = (whole(case[f"{whose}_{stem}"]) for whose in _LEVELS)
        try:
            requirements.append(ProductRequirement(demand, required, ours))
        except InvalidValueError as error:
            problems.extend(_of_fact(one, stem) for one in error.problems)
    problems.check("fit")
    topics = (
        _KNOWN if case[f"background_{topic}"] is Tri.YES else None for topic in _TOPICS
    )
    plans = cast("Mapping[str, Tri]", {plan: case[plan] for plan in _PLANS})
    return AccountAnalysis(
        "row", BackgroundAnalysis(*topics), tuple(requirements), ChannelPlans(**plans)
    )


def _of_fact(problem: Problem, stem: str) -> Problem:
    """Tell a problem of a requirement's level as one of the fact."""
    whose = "our" if problem.path.endswith("ours") else "required"
    return Problem(f"$.{whose}_{stem}", problem.code, problem.data)


def _answers(name: str, policy: FitPolicy) -> dict[str, Kind]:
    outlooks = policy.channel.table.outcomes
    return {
        name: bool,
        f"{name}_background": bool,
        f"{name}_completeness": float,
        f"{name}_product": bool,
        f"{name}_short": str,
        **{f"{name}_channel{end}": outlooks for end in _ENDS},
        f"{name}_gaps": str,
        f"{name}_missing": str,
    }
