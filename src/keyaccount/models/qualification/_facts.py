"""What the four gates may ask of an opportunity, gate by gate and all together."""

from __future__ import annotations

from keyaccount.domain import MAX_TENOR_DAYS, NeedCoverage, NeedKind, WinFactor
from keyaccount.rules import Fact, FactSchema


__all__ = [
    "AMOUNTS",
    "FACTS",
    "MARKS",
    "MARK_NAMES",
    "NEED_FACTS",
    "REAL_FACTS",
    "SCORES",
    "WIN_FACTS",
    "WORTH_FACTS",
    "fact_of",
]


SCORES = tuple(range(-2, 2 + 1))
"""How we may stand on one win factor, from far worse to far better (S1-11)."""

MARKS = tuple(range(2 + 2))
"""The marks of the judgements at gate 4 (S1-12d to S1-12f)."""

MARK_NAMES = ("importance", "direction", "side_effects", "deviation")

AMOUNTS = (
    "contract_value",
    "gross_profit",
    "funds_tied",
    "annual_rate",
    "days_tied",
    "exposure",
    "default_probability",
    "loss_given_default",
)


def fact_of(slug: str) -> str:
    """Return what the fact of a win factor is called.

    >>> fact_of("our-relationship")
    'our_relationship'
    """
    return slug.replace("-", "_")


def _mark(name: str) -> Fact:
    return Fact.number(name, unit="mark", low=MARKS[0], high=MARKS[-1])


def _money(name: str, *, low: float | None = None) -> Fact:
    return Fact.number(name, unit="money", low=low, movable=True)


def _share(name: str) -> Fact:
    return Fact.number(name, unit="share", low=0, high=1)


REAL_FACTS = FactSchema(
    (
        Fact.yes_no("explicit_need"),
        Fact.yes_no("funded"),
        Fact.yes_no("empty_promise"),
    )
)
"""Gate 1: is it an opportunity (S1-9a to S1-9c)? A yes to an empty promise is bad."""

NEED_FACTS = FactSchema(
    (
        Fact.choice("need_kind", tuple(kind.value for kind in NeedKind)),
        Fact.yes_no("need_mandatory"),
        Fact.choice(
            "need_coverage",
            tuple(
                coverage.value
                for coverage in NeedCoverage
                if coverage is not NeedCoverage.UNKNOWN
            ),
        ),
    )
)
"""Gate 2: can we compete (S1-10a to S1-10c)? Asked of every need, one by one."""

WIN_FACTS = FactSchema((_share("win_index"),))
"""Gate 3: can we win? (Σ scores + 2n) / 4n over the policy's n factors (S1-11f)."""

WORTH_FACTS = FactSchema(
    (
        Fact.number("worth", unit="mark"),
        Fact.number("return_mark", unit="mark"),
        *map(_mark, MARK_NAMES),
    )
)
"""Gate 4: is it worth winning? The sum, and the marks that it is made of (S1-12)."""

FACTS = FactSchema(
    (
        *REAL_FACTS,
        Fact.yes_no("needs_met"),
        *(
            Fact.number(
                fact_of(factor.value), unit="mark", low=SCORES[0], high=SCORES[-1]
            )
            for factor in WinFactor
        ),
        *WIN_FACTS,
        _money("contract_value"),
        _money("gross_profit"),
        _money("funds_tied", low=0),
        _share("annual_rate"),
        Fact.number("days_tied", unit="days", low=0, high=MAX_TENOR_DAYS, movable=True),
        _money("exposure", low=0),
        _share("default_probability"),
        _share("loss_given_default"),
        Fact.number("ram", unit="share"),
        *WORTH_FACTS,
    )
)
"""Everything that is asked of an opportunity, in the order of the gates.

`needs_met` sums up gate 2. `ram` is what is left of the gross profit after the cost
of capital and the risk of not being paid, divided by the contract's value.
"""
