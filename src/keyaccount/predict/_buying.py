"""Fits BG/NBD: how often customers buy, and when they leave for good.

The likelihood is that of Fader, Hardie and Lee (2005), their equation 6, in
logarithms throughout; its slopes are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import special

from keyaccount.domain import PurchaseHistory, TimeUnit
from keyaccount.exceptions import FitError, Problems
from keyaccount.models.lifetime import LifetimePolicy, PurchaseFit, default_policy

from ._climb import Floats, check_penalty, climb, counted, weights_of


__all__ = ["fit_purchases"]


_MODEL = "the model of buying (BG/NBD)"


def fit_purchases(
    histories: Iterable[PurchaseHistory],
    *,
    unit: TimeUnit | None = None,
    weights: Sequence[int] | None = None,
    penalty: float = 0.0,
    policy: LifetimePolicy | None = None,
) -> PurchaseFit:
    """Learn from many histories how often customers buy and when they leave.

    Order plays no part, and a history of weight 3 counts as three of them.

    Args:
        histories: all customers whose first purchase is known, not only those who
            came back: to leave them out is to take everybody for loyal.
        unit: in which the fit's times are told; that of the histories if they have
            but one, else days.
        weights: how many customers every history stands for; one if left out.
        penalty: how strongly the logarithms of the parameters are drawn to 0, time
            being measured in the longest observation; 0.01 tames a fit that has too
            little to go by.
        policy: from how many customers on a fit is no accident.

    Raises:
        InvalidValueError: no histories, or arguments of another kind.
        FitError: too few customers, nobody came back, or no peak is to be found.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    found = tuple(histories)
    for index, history in enumerate(found):
        problems.is_a(
            f"histories[{index}]", history, PurchaseHistory, "a PurchaseHistory"
        )
    if unit is not None:
        problems.is_a("unit", unit, TimeUnit, "a TimeUnit")
    check_penalty(problems, penalty)
    times = weights_of(problems, weights, len(found))
    problems.check("fit_purchases")
    told = unit or _unit_of(found)
    return _fit(found, times, told, float(penalty), rules)


def _unit_of(histories: tuple[PurchaseHistory, ...]) -> TimeUnit:
    units = {history.unit for history in histories}
    return units.pop() if len(units) == 1 else TimeUnit.DAYS


def _fit(
    histories: tuple[PurchaseHistory, ...],
    times: tuple[int, ...],
    unit: TimeUnit,
    penalty: float,
    policy: LifetimePolicy,
) -> PurchaseFit:
    customers = sum(times)
    repeating = sum(
        weight
        for history, weight in zip(histories, times, strict=True)
        if history.repeats
    )
    _check_enough(customers, repeating, policy)
    rows = np.array([_row(history, unit) for history in histories])
    longest = float(rows[:, 2].max())
    rows[:, 1:] /= longest  # so that the unit of time plays no part
    distinct, weighed = counted(rows, np.array(times, dtype=np.float64))
    peak = climb(_Buying(distinct, weighed).slope, 4, penalty, _MODEL)
    r, alpha, a, b = peak.parameters
    repeats = float(weighed @ distinct[:, 0])
    return PurchaseFit(
        r,
        alpha * longest,
        a,
        b,
        unit,
        customers * peak.mean_log_likelihood - repeats * float(np.log(longest)),
        customers,
        repeating,
        longest,
        penalty,
    )


def _check_enough(customers: int, repeating: int, policy: LifetimePolicy) -> None:
    if customers == 0 or customers < policy.whole("fewest_customers"):
        fewest = policy.whole("fewest_customers")
        remedy = "gather more, or say in your policy that fewer are enough"
        raise FitError(_MODEL, f"{customers} customers, fewer than {fewest}", remedy)
    if repeating == 0:
        cause = f"none of {customers} customers came back"
        raise FitError(_MODEL, cause, "look further back: repeats are what it learns")
    if repeating < policy.whole("fewest_repeating"):
        fewest = policy.whole("fewest_repeating")
        cause = f"{repeating} customers came back, fewer than {fewest}"
        remedy = "look further back, or say in your policy that fewer are enough"
        raise FitError(_MODEL, cause, remedy)


def _row(history: PurchaseHistory, unit: TimeUnit) -> tuple[float, float, float]:
    scale = history.unit.days / unit.days
    last, seen = float(history.last_after), float(history.observed)
    return float(history.repeats), last * scale, seen * scale


class _Buying:
    """The likelihood of histories: repeats x, the last after t, observed for T."""

    __slots__ = ("came_back", "last", "repeats", "seen", "shares")

    def __init__(self, rows: Floats, weights: Floats) -> None:
        self.repeats, self.last, self.seen = rows.T
        self.shares = weights / weights.sum()
        self.came_back = self.repeats > 0

    def slope(self, parameters: Floats) -> tuple[float, Floats]:
        """Return the mean log-likelihood, and how it changes with r, alpha, a, b."""
        r, alpha, a, b = parameters
        x, count = self.repeats, r + self.repeats
        seen, last = alpha + self.seen, alpha + self.last
        stayed = -count * np.log(seen)
        before = b + np.where(self.came_back, x - 1, 1.0)
        left = np.where(
            self.came_back,
            np.log(a) - np.log(before) - count * np.log(last),
            -np.inf,
        )
        either = np.logaddexp(stayed, left)
        is_there, is_gone = np.exp(stayed - either), np.exp(left - either)
        logs = (
            special.gammaln(count)
            - special.gammaln(r)
            + r * np.log(alpha)
            + special.gammaln(b + x)
            - special.gammaln(a + b + x)
            - special.gammaln(b)
            + special.gammaln(a + b)
            + either
        )
        both = special.digamma(a + b) - special.digamma(a + b + x)
        slopes = (
            special.digamma(count)
            - special.digamma(r)
            + np.log(alpha)
            - is_there * np.log(seen)
            - is_gone * np.log(last),
            r / alpha - count * (is_there / seen + is_gone / last),
            both + is_gone / a,
            both + special.digamma(b + x) - special.digamma(b) - is_gone / before,
        )
        shares = self.shares
        return float(shares @ logs), np.array([shares @ part for part in slopes])
