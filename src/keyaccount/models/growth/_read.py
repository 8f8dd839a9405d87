"""Reads share and growth of every customer in every category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from keyaccount.domain import FxTable, GrowthQuadrant, ShareGrowthCell
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Found, Missing, missing

from ._facts import BUSINESS, FACTS, WALLET, check_before, facts_of, needed_for
from ._pairs import Amounts, Pair, is_by_category
from ._policy import GrowthPolicy, default_policy
from ._ratios import change, is_above, ratio
from ._roll_up import Parents, pairs_of
from ._room import headroom
from ._verdict import GrowthBasis, GrowthVerdict
from ._why import GrowthEvidence


__all__ = ["read"]


def read(  # noqa: PLR0913 - the year's cells, and what turns them into pairs
    cells: Iterable[ShareGrowthCell],
    *,
    year: int,
    parents: Parents | None = None,
    fx: FxTable | None = None,
    currency: str | None = None,
    policy: GrowthPolicy | None = None,
) -> tuple[GrowthVerdict, ...]:
    """Hold our growth in every category against the customer's and the competitor's.

    *year* is paired with the year before it; other years are passed over. Subsidiaries
    are rolled up to their parent first. Growth is this year ÷ last year − 1, share is
    ours ÷ what the customer buys in the category; we lag where our growth is below
    the customer's, that is: where our share falls (S3-35). Where what it buys is not
    known of both years, its own business is taken for it (flag `business-basis`). The
    competitor is the largest of each year; flag `rival-changed` where it is another
    one. Amounts of money that flags or rows ask for stand in the cells' currency.

    Args:
        cells: at most one an account, category and year, in any order.
        year: the fiscal year to be judged.
        parents: who belongs to whom, see `roll_up`.
        fx: rates; those of a year's last day count.
        currency: what all amounts are turned into; left out, they stay as they are.
        policy: whose opinion; left out, the shipped one.

    Returns:
        A verdict for each customer and category of which one of the two years is told.

    Raises:
        InvalidValueError: a cell twice, somebody who belongs to itself, or more came
            back than was sold in the year before, so that nothing grows (S3-30).
        CurrencyMismatchError: two currencies in one pair, or no rates.
        MissingRateError: no rate that is old enough.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    pairs = pairs_of(cells, year, parents, fx, currency)
    for pair in pairs:
        check_before(problems, pair)
    problems.check("growth")
    return tuple(_verdict(pair, policy) for pair in pairs)


def _verdict(pair: Pair, policy: GrowthPolicy) -> GrowthVerdict:
    told, amounts = facts_of(pair), pair.amounts
    possible = policy.quadrants.possible(told)
    found = policy.flags.collect(told)
    open_flags = dict.fromkeys(
        one for one in found.possible if one not in found.certain
    )
    quadrants = tuple(map(GrowthQuadrant, possible))
    ours = change(amounts["our_sales"], amounts["our_sales_before"])
    theirs = _customer_growth(amounts)
    rival = change(amounts["rival_sales"], amounts["rival_sales_before"])
    now, before = pair.rivals
    basis = told["growth_basis"]
    return GrowthVerdict(
        value=quadrants[0] if len(quadrants) == 1 else None,
        possible=quadrants,
        missing=_missing(policy, told, possible, found),
        flags=(*dict.fromkeys(found.certain), *_data_flags(pair)),
        policy=policy.ref,
        as_of=None,
        customer_id=pair.customer_id,
        category=pair.category,
        year=pair.year,
        accounts=pair.accounts,
        share=_number(told, "wallet_share"),
        share_before=_number(told, "wallet_share_before"),
        growth=_float(ours),
        customer_growth=_float(theirs),
        rival_growth=_float(rival),
        gap_to_customer=_gap(ours, theirs),
        gap_to_rival=_gap(ours, rival),
        basis=None if basis is None else GrowthBasis(basis),
        relative_share=ratio(amounts["our_sales"], amounts["rival_sales"]),
        relative_share_before=ratio(
            amounts["our_sales_before"], amounts["rival_sales_before"]
        ),
        rival=now.name if now else None,
        rival_before=before.name if before else None,
        headroom=headroom(*map(pair.money, _wallet(amounts))),
        open_flags=tuple(open_flags),
        evidence=GrowthEvidence(policy, pair, told),
    )


def _wallet(amounts: Amounts) -> tuple[Decimal | None, Decimal | None]:
    return amounts["our_sales"], amounts["category_spend"]


def _customer_growth(amounts: Amounts) -> Fraction | None:
    """Return how the wallet has grown; where it is not known, the business."""
    if is_by_category(amounts):
        spend, before = amounts["category_spend"], amounts["category_spend_before"]
    else:
        spend = amounts["customer_business"]
        before = amounts["customer_business_before"]
    return change(spend, before)


def _float(growth: Fraction | None) -> float | None:
    return None if growth is None else float(growth)


def _gap(ours: Fraction | None, theirs: Fraction | None) -> float | None:
    """Subtract two growths exactly, and round once."""
    return None if ours is None or theirs is None else float(ours - theirs)


def _number(told: Facts, name: str) -> float | None:
    value = told[name]
    return value if isinstance(value, float) else None


def _data_flags(pair: Pair) -> tuple[str, ...]:
    """Say what is odd about the figures themselves."""
    told = pair.amounts
    ours, before = told["our_sales"], told["our_sales_before"]
    flags = []
    if is_above(ours, told["category_spend"]) or is_above(
        before, told["category_spend_before"]
    ):
        flags.append("share-above-one")
    if ours is not None and ours < 0:
        flags.append("net-returns")
    elif ours and before == 0:
        flags.append("new-business")
    if is_by_category(told) is False:
        flags.append("business-basis")
    rival, rival_before = pair.rivals
    if rival and rival_before and rival.name != rival_before.name:
        flags.append("rival-changed")
    return tuple(flags)


def _missing(
    policy: GrowthPolicy, told: Facts, possible: Sequence[str], found: Found
) -> tuple[Missing, ...]:
    """Return which amounts to ask for: first those that most open rules hang on.

    A wallet that the business stands in for is worth a question too, the last one.
    """
    asked = [
        table.asks
        for table in policy.each_flag
        if table.rows[0].then in found.possible
        and table.rows[0].then not in found.certain
    ]
    if len(possible) > 1:
        asked.append(policy.quadrants.table.asks)
    counts = Counter(amount for names in asked for amount in _unknown(names, told))
    if told["growth_basis"] == GrowthBasis.CUSTOMER_BUSINESS.value:
        counts.update(dict.fromkeys(_unknown(("wallet_share",), told), 0))
        counts.update(dict.fromkeys(_unknown(("wallet_share_before",), told), 0))
    in_order = (name for name in told.unknown if name in counts)
    return missing(FACTS, sorted(in_order, key=lambda name: -counts[name]))


def _unknown(names: Iterable[str], told: Facts) -> set[str]:
    """Return the amounts that nobody has told, and these facts are made of.

    The business is asked for where nothing of the wallet is known, not where half is.
    """
    unknown = [name for name in names if told[name] is None]
    needed = {amount for name in unknown for amount in needed_for(name)}
    if any(told[amount] is not None for amount in WALLET):
        needed -= set(BUSINESS)
    return {amount for amount in needed if told[amount] is None}
