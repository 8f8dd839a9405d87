"""From two years of a customer in a category to the facts that growth judges."""

from __future__ import annotations

from decimal import Decimal

from keyaccount.domain import ShareGrowthCell, ValueTier
from keyaccount.exceptions import Problems
from keyaccount.rules import Fact, FactKind, Facts, FactSchema

from ._pairs import Amounts, Pair, is_by_category, key_of, pair_of, place_of
from ._ratios import MOST, against, product, ratio


__all__ = [
    "BUSINESS",
    "FACTS",
    "SCOPE_FACTS",
    "WALLET",
    "check_before",
    "facts",
    "facts_of",
    "needed_for",
]


BY_CATEGORY, BY_BUSINESS = "category-spend", "customer-business"


def _money(name: str, low: float | None = 0) -> Fact:
    return Fact.number(name, unit="money", low=low, movable=name == "our_sales")


def _times(name: str) -> Fact:
    return Fact.number(name, unit="ratio", low=-MOST, high=MOST)


FACTS = FactSchema(
    (
        _money("our_sales", None),
        _money("category_spend"),
        _money("rival_sales"),
        _money("customer_business"),
        _money("our_sales_before", None),
        _money("category_spend_before"),
        _money("rival_sales_before"),
        _money("customer_business_before"),
        Fact.number("wallet_share", unit="share"),
        Fact.number("wallet_share_before", unit="share"),
        Fact.number("our_growth_ratio", unit="ratio"),
        Fact.number("customer_growth_ratio", unit="ratio", low=0),
        Fact.number("rival_growth_ratio", unit="ratio", low=0),
        Fact.choice("growth_basis", (BY_CATEGORY, BY_BUSINESS)),
        _times("growth_against_customer"),
        _times("growth_against_rival"),
        _times("relative_share"),
    )
)
"""What was bought and sold in both years, and the ratios between.

A growth ratio is this year's amount to last year's: 1.2 is a growth of 20 %. The two
comparisons divide our growth ratio by the customer's or the competitor's, crosswise
and exactly, so that 1 is level and below 1 is behind; `relative_share` is our sales to
the largest competitor's. These three count up to 100 times: whoever comes from
nothing, or has no competitor, is that far ahead. A ratio to nothing has no value.
"""

SCOPE_FACTS = FactSchema(
    (
        Fact.number("customers", unit="customers", low=0),
        Fact("tier", FactKind.CHOICE, choices=tuple(tier.value for tier in ValueTier)),
    )
)
"""How many customers there are, and the value tier of one of them (S3-33)."""

_OURS = ("our_sales", "our_sales_before")
_RIVALS = ("rival_sales", "rival_sales_before")
WALLET = ("category_spend", "category_spend_before")
BUSINESS = ("customer_business", "customer_business_before")
_NEEDED = (
    ("wallet_share", ("our_sales", "category_spend")),
    ("wallet_share_before", ("our_sales_before", "category_spend_before")),
    ("our_growth_ratio", _OURS),
    ("customer_growth_ratio", (*WALLET, *BUSINESS)),
    ("rival_growth_ratio", _RIVALS),
    ("growth_basis", (*WALLET, *BUSINESS)),
    ("growth_against_customer", (*_OURS, *WALLET, *BUSINESS)),
    ("growth_against_rival", (*_OURS, *_RIVALS)),
    ("relative_share", ("our_sales", "rival_sales")),
)


def needed_for(name: str) -> tuple[str, ...]:
    """Return the amounts that a fact is made of: these somebody can be asked for."""
    return dict(_NEEDED).get(name, (name,))


def facts(now: ShareGrowthCell, before: ShareGrowthCell | None = None) -> Facts:
    """Bring a year of a customer in a category, and the year before, through the door.

    Raises:
        InvalidValueError: two cells that are no pair, or more came back than was sold
            in the year before: nothing grows from less than nothing (S3-30).
        CurrencyMismatchError: the two years stand in two currencies.
    """
    problems = Problems()
    cells = (now,) if before is None else (now, before)
    if before is not None and (key_of(before), before.year) != (
        key_of(now),
        now.year - 1,
    ):
        wanted = f"the cell of {now.year - 1} of the same customer and category"
        problems.add("before", "contradiction", place_of(before), wanted)
    problems.check("growth")
    pair = pair_of(key_of(now), now.year, cells, (now.customer_id,))
    check_before(problems, pair)
    problems.check("growth")
    return facts_of(pair)


def check_before(problems: Problems, pair: Pair) -> None:
    """Note where growth would start below zero (S3-30)."""
    if pair.before and pair.before.ours is not None and pair.before.ours < 0:
        path = f"{place_of(pair.before)}.ours"
        wanted = "0 or more: nothing grows from less than nothing"
        problems.add(path, "out-of-range", pair.before.ours, wanted)


def facts_of(pair: Pair) -> Facts:
    """Work the facts of a pair out; what nobody has told us stays unknown."""
    told = pair.amounts
    by_category = is_by_category(told)
    basis = None
    wallet: tuple[Decimal | None, Decimal | None] = None, None
    if by_category is not None:
        names = WALLET if by_category else BUSINESS
        wallet = told[names[0]], told[names[1]]
        basis = BY_CATEGORY if by_category else BY_BUSINESS
    ours, ours_before = told["our_sales"], told["our_sales_before"]
    rival, rival_before = told["rival_sales"], told["rival_sales_before"]
    return FACTS.read(
        {
            **told,
            "wallet_share": ratio(ours, told["category_spend"]),
            "wallet_share_before": ratio(ours_before, told["category_spend_before"]),
            "our_growth_ratio": ratio(ours, ours_before),
            "customer_growth_ratio": ratio(*wallet),
            "rival_growth_ratio": ratio(rival, rival_before),
            "growth_basis": basis,
            "growth_against_customer": _growth_against(told, *wallet),
            "growth_against_rival": _growth_against(told, rival, rival_before),
            "relative_share": against(product(ours, ONE), product(rival, ONE)),
        }
    )


ONE = Decimal(1)


def _growth_against(
    told: Amounts, now: Decimal | None, before: Decimal | None
) -> float | None:
    """Divide our growth by another's, crosswise: (ours·before′) ÷ (before·ours′).

    Whoever comes from nothing is behind nobody, whatever the others did.
    """
    ours, ours_before = told["our_sales"], told["our_sales_before"]
    if ours is not None and ours > 0 and ours_before == 0:
        return float(MOST)
    return against(product(ours, before), product(ours_before, now))
