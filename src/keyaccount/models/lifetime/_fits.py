"""What was learned from many purchase histories, as plain numbers (S3-1).

`keyaccount.predict` fits them, `wire` stores them, and no package of numerics is
needed to ask them. Buying is BG/NBD (Fader, Hardie and Lee 2005): while it is a
customer, it buys at random at a rate of its own, and after every purchase it leaves
for good with a chance of its own. Spending is the gamma-gamma model (Fader and Hardie
2013): amounts vary about a mean of the customer's own, which has nothing to do with
how often it buys.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import attrs

from keyaccount.domain import PurchaseHistory, TimeUnit
from keyaccount.exceptions import Problems

from ._expecting import Posterior


__all__ = ["PurchaseFit", "SpendFit", "check_history"]


@attrs.frozen
class PurchaseFit:
    """How often customers buy and when they leave, fitted to many histories.

    Rates of buying are spread by a gamma distribution (`r`, `alpha`), chances of
    leaving by a beta distribution (`a`, `b`). `alpha` is a time in `unit`.
    `customers` were fitted, `repeating` of them came back, and `longest` is how long
    any was observed: beyond that the fit only extrapolates.
    """

    r: float
    alpha: float
    a: float
    b: float
    unit: TimeUnit
    log_likelihood: float
    customers: int
    repeating: int
    longest: float
    penalty: float = 0.0

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        for name in ("r", "alpha", "a", "b", "longest"):
            _check_positive(problems, name, getattr(self, name))
        _check_finite(problems, "log_likelihood", self.log_likelihood)
        for name in ("customers", "repeating"):
            _check_count(problems, name, getattr(self, name))
        problems.is_a("unit", self.unit, TimeUnit, "a TimeUnit")
        problems.check("PurchaseFit")

    def alive(self, history: PurchaseHistory) -> float:
        """Return the chance that a customer has not left.

        1 ÷ (1 + a ÷ (b + x − 1) × ((α + T) ÷ (α + t))^(r + x)), with x repeats, the
        last after t, observed for T. It is 1 for a customer without repeats, for in
        this model one leaves after a purchase only.

        Raises:
            InvalidValueError: no history.
        """
        return self._posterior(history).alive

    def expected(self, history: PurchaseHistory, horizon: float | Decimal) -> float:
        """Return how many purchases to expect of a customer from now on.

        Args:
            history: what it has bought so far; in another unit it is converted.
            horizon: how far ahead, in the fit's `unit`.

        Raises:
            InvalidValueError: no history, or a horizon below 0 or not finite.
        """
        problems = Problems()
        ahead = _horizon(problems, horizon)
        problems.check("horizon")
        return self.expected_by(history, (ahead,))[0]

    def expected_by(
        self, history: PurchaseHistory, horizons: Sequence[float]
    ) -> tuple[float, ...]:
        """Return the same for several horizons at once, which is quicker."""
        return self._posterior(history).expected(horizons)

    def _posterior(self, history: PurchaseHistory) -> Posterior:
        problems = Problems()
        check_history(problems, history)
        problems.check("history")
        scale = history.unit.days / self.unit.days
        last, seen = float(history.last_after), float(history.observed)
        repeats = history.repeats
        return Posterior(
            shape=self.r + repeats,
            time=self.alpha + seen * scale,
            silence=(seen - last) * scale,
            leave=self.a,
            stay=self.b + repeats,
            has_left_open=repeats > 0,
        )


@attrs.frozen
class SpendFit:
    """What customers pay on average, fitted to many histories.

    Amounts vary by a gamma distribution of shape `p`, its scale from customer to
    customer by another (`q`, `v`). `v` is an amount in `currency`. `correlation` is
    that of how often and how much, which the model takes for 0; None where it has no
    meaning.
    """

    p: float
    q: float
    v: float
    currency: str | None
    log_likelihood: float
    customers: int
    correlation: float | None = None
    penalty: float = 0.0

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        for name in ("p", "q", "v"):
            _check_positive(problems, name, getattr(self, name))
        if not problems and self.q <= 1:
            wanted = "above 1, or customers have no mean"
            problems.add("q", "out-of-range", self.q, wanted)
        _check_finite(problems, "log_likelihood", self.log_likelihood)
        _check_count(problems, "customers", self.customers)
        problems.check("SpendFit")

    def mean(self, repeats: int, average: float) -> float:
        """Return what to expect of a customer's purchases: p (v + x·m) ÷ (p·x + q − 1).

        The more it bought, the more its own average counts; of one that never came
        back all that is known is what customers pay, p·v ÷ (q − 1).
        """
        return self.p * (self.v + repeats * average) / (self.p * repeats + self.q - 1)


def check_history(problems: Problems, history: object) -> bool:
    """Check that this is a history."""
    return problems.is_a("history", history, PurchaseHistory, "a PurchaseHistory")


def _horizon(problems: Problems, horizon: object) -> float:
    """Bring a horizon through the door; what is wrong goes into *problems*."""
    if isinstance(horizon, bool) or not isinstance(horizon, int | float | Decimal):
        problems.add("horizon", "wrong-type", horizon, "a number")
        return 0.0
    is_number = not isinstance(horizon, Decimal) or horizon.is_finite()
    if not (is_number and 0 <= horizon <= _FAR):
        problems.add("horizon", "out-of-range", horizon, f"between 0 and {_FAR}")
        return 0.0
    return float(horizon)


_FAR = 100**2 * 100
_LEAST, _MOST = 1 / 100**2 / 100**2, 100**2 * 100**2 * 100**2


def _check_positive(problems: Problems, path: str, value: object) -> None:
    if not isinstance(value, float):
        problems.add(path, "wrong-type", value, "a float")
    elif not _LEAST <= value <= _MOST:
        wanted = f"between {_LEAST:g} and {_MOST:g}"
        problems.add(path, "out-of-range", value, wanted)


def _check_finite(problems: Problems, path: str, value: object) -> None:
    if not isinstance(value, float):
        problems.add(path, "wrong-type", value, "a float")
    elif not math.isfinite(value):
        problems.add(path, "not-finite", value)


def _check_count(problems: Problems, path: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        problems.add(path, "wrong-type", value, "a whole number")
    elif value < 0:
        problems.add(path, "out-of-range", value, "0 or more")
