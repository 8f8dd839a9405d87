"""Fits the gamma-gamma model: what customers pay for a purchase on average.

The likelihood is that of Fader and Hardie (2013), their equation 1a, in logarithms;
its slopes are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import special

from keyaccount.domain import PurchaseHistory
from keyaccount.exceptions import CurrencyMismatchError, FitError, Problems
from keyaccount.models.lifetime import LifetimePolicy, SpendFit, default_policy

from ._climb import Floats, check_penalty, climb, counted, weights_of


__all__ = ["fit_spend"]


_MODEL = "the model of spending (gamma-gamma)"


def fit_spend(
    histories: Iterable[PurchaseHistory],
    *,
    weights: Sequence[int] | None = None,
    penalty: float = 0.0,
    policy: LifetimePolicy | None = None,
) -> SpendFit:
    """Learn from many histories what customers pay for a purchase.

    Of use are customers who came back and whose average amount is known and above 0;
    the others are left out. The model takes it that how much somebody pays has
    nothing to do with how often; the `correlation` found says how true that is.

    Args:
        histories: as for `fit_purchases`, all in one currency.
        weights: how many customers every history stands for; one if left out.
        penalty: how strongly the logarithms of the parameters are drawn to 0, amounts
            being measured in their geometric mean.
        policy: from how many customers on a fit is no accident.

    Raises:
        InvalidValueError: no histories, or arguments of another kind.
        CurrencyMismatchError: histories in several currencies.
        FitError: too few customers, no peak, or amounts without a mean.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    found = tuple(histories)
    for index, history in enumerate(found):
        problems.is_a(
            f"histories[{index}]", history, PurchaseHistory, "a PurchaseHistory"
        )
    check_penalty(problems, penalty)
    times = weights_of(problems, weights, len(found))
    problems.check("fit_spend")
    used = [
        (history, weight)
        for history, weight in zip(found, times, strict=True)
        if history.repeats and history.average_amount
    ]
    currency = _currency_of(history for history, _ in used)
    customers = sum(weight for _, weight in used)
    fewest = rules.whole("fewest_repeating")
    if customers == 0 or customers < fewest:
        cause = f"{customers} customers came back for a known amount, "
        remedy = "look further back, or say in your policy that fewer are enough"
        raise FitError(_MODEL, cause + f"fewer than {fewest}", remedy)
    rows = np.array(
        [(history.repeats, history.average_amount) for history, _ in used],
        dtype=np.float64,
    )
    weighed = np.array([weight for _, weight in used], dtype=np.float64)
    return _fit(rows, weighed, currency, float(penalty))


def _currency_of(histories: Iterable[PurchaseHistory]) -> str | None:
    found = dict.fromkeys(history.currency for history in histories)
    if len(found) > 1:
        left, right = sorted(str(currency or "an unnamed one") for currency in found)[
            :2
        ]
        raise CurrencyMismatchError(left, right, "fit each currency on its own")
    return next(iter(found), None)


def _fit(
    rows: Floats, weights: Floats, currency: str | None, penalty: float
) -> SpendFit:
    distinct, weighed = counted(rows, weights)
    customers = float(weighed.sum())
    # so that the currency plays no part, nor a few enormous amounts
    middle = float(np.exp(weighed @ np.log(distinct[:, 1]) / customers))
    scaled = distinct / np.array([1.0, middle])
    peak = climb(_Spending(scaled, weighed).slope, 3, penalty, _MODEL)
    p, q, v = peak.parameters
    if q <= 1:
        cause = "a few customers pay so much that amounts have no mean"
        raise FitError(_MODEL, cause, "leave them out, or judge them on their own")
    return SpendFit(
        p,
        q,
        v * middle,
        currency,
        customers * (peak.mean_log_likelihood - float(np.log(middle))),
        int(customers),
        _correlation(distinct, weighed),
        penalty,
    )


def _correlation(rows: Floats, weights: Floats) -> float | None:
    """Return the correlation of repeats and amounts; None where either stands still."""
    spread = np.cov(rows.T, aweights=weights, ddof=0)
    scale = float(spread[0, 0] * spread[1, 1])
    return None if scale <= 0 else float(spread[0, 1]) / scale**0.5


class _Spending:
    """The likelihood of averages: x repeats, of m on average."""

    __slots__ = ("average", "repeats", "shares")

    def __init__(self, rows: Floats, weights: Floats) -> None:
        self.repeats, self.average = rows.T
        self.shares = weights / weights.sum()

    def slope(self, parameters: Floats) -> tuple[float, Floats]:
        """Return the mean log-likelihood, and how it changes with p, q, v."""
        p, q, v = parameters
        x, m = self.repeats, self.average
        paid = p * x
        whole = v + x * m
        logs = (
            special.gammaln(paid + q)
            - special.gammaln(paid)
            - special.gammaln(q)
            + q * np.log(v)
            + (paid - 1) * np.log(m)
            + paid * np.log(x)
            - (paid + q) * np.log(whole)
        )
        both = special.digamma(paid + q) - np.log(whole)
        slopes = (
            x * (both - special.digamma(paid) + np.log(m) + np.log(x)),
            both - special.digamma(q) + np.log(v),
            q / v - (paid + q) / whole,
        )
        shares = self.shares
        return float(shares @ logs), np.array([shares @ part for part in slopes])
