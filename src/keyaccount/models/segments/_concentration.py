"""How much of an industry its largest customers make up."""

from __future__ import annotations

import decimal
import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal

from keyaccount.exceptions import Problems
from keyaccount.rules import Interval

from ._answers import is_finite
from ._policy import SegmentsPolicy, default_policy


__all__ = ["concentration_ratio", "top_of"]


_EXACT = decimal.Context(prec=100, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX)


def concentration_ratio(
    amounts: Iterable[Decimal | int | None],
    *,
    n: int | None = None,
    policy: SegmentsPolicy | None = None,
) -> Interval:
    """Return the share of the *n* largest in the whole, CRn (S3-3).

    An amount that is not known may be anything from 0 up: the bounds hold whatever
    it is. Without *n* it is that of the top customers of the policy.

    Raises:
        InvalidValueError: a negative amount, no amounts, or nothing but zeros.

    >>> print(concentration_ratio([60, 20, 10, 10], n=2).low)
    0.8
    """
    rules = default_policy() if policy is None else policy
    top = top_of(n, rules)
    problems = Problems()
    wanted = "a list of amounts"
    is_list = problems.is_a("amounts", amounts, Iterable, wanted)
    listed = tuple(amounts) if is_list else ()
    known: list[Decimal] = []
    for at, amount in enumerate(listed):
        path = f"amounts[{at}]"
        if amount is None:
            continue
        if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
            problems.add(path, "wrong-type", amount, "a Decimal")
        elif not is_finite(amount):
            problems.add(path, "not-finite", amount)
        elif amount < 0:
            problems.add(path, "out-of-range", amount, "0 or more")
        else:
            known.append(Decimal(amount))
    if is_list and not problems:
        if not listed:
            problems.add("amounts", "empty", expected="one amount")
        elif len(known) == len(listed) and not any(known):
            problems.add("amounts", "sum", 0, "more than 0")
    problems.check("segments")
    return _ratio(sorted(known, reverse=True), len(listed), top)


def _ratio(known: Sequence[Decimal], count: int, top: int) -> Interval:
    """Return the bounds: the unknown amounts may be anything from 0 up.

    Of the same sum, unknown amounts press the share of the top down most when all are
    alike; and then as large as one of the known, or larger than all by far.
    """
    if top >= count:
        return Interval(1.0, 1.0)
    sums = [Decimal(0), *itertools.accumulate(known, _EXACT.add)]
    hidden = count - len(known)
    if not hidden:
        share = float(_EXACT.divide(sums[top], sums[-1]))
        return Interval(share, share)
    least = min(1.0, top / hidden)
    for at, amount in enumerate(known[:top]):
        among = min(hidden, top - at)
        head = _EXACT.fma(amount, among, sums[top - among])
        whole = _EXACT.fma(amount, hidden, sums[-1])
        if whole > 0:
            least = min(least, float(_EXACT.divide(head, whole)))
    return Interval(least, 1.0)


def top_of(n: int | None, policy: SegmentsPolicy) -> int:
    """Return how many count as the top: the policy's number where none is given."""
    if n is None:
        return int(policy.number("top_customers"))
    problems = Problems()
    if isinstance(n, bool) or not isinstance(n, int):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers without types
        problems.add("n", "wrong-type", n, "a whole number (int)")
    elif n < 1:
        problems.add("n", "out-of-range", n, "1 or more")
    elif not is_finite(n):
        problems.add("n", "not-finite", n)
    problems.check("segments")
    return n
