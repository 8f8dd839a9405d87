"""Finds the parameters under which what was seen is likeliest, or says why not.

Parameters are positive, so their logarithms are searched, from several starts; data
are scaled first, so that neither the unit of time nor the currency plays a part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

import attrs
import numpy as np
import numpy.typing as npt
from scipy import optimize

from keyaccount.exceptions import FitError, Problems


__all__ = ["Floats", "Peak", "check_penalty", "climb", "counted", "weights_of"]


Floats: TypeAlias = npt.NDArray[np.float64]

Slope: TypeAlias = Callable[[Floats], tuple[float, Floats]]
"""Parameters → mean log-likelihood, and how it changes with each parameter."""

_STARTS = (0.0, -1.5, 1.5)  # of every logarithm; the last ones mixed
_MIXED = ((-1.5, 1.0, -0.5, 1.0), (1.0, 1.0, 0.0, 2.0))
_FLAT = 1e-5  # a slope that counts as the top
_FAR = 12.0  # a logarithm beyond which a parameter has run away: 160,000-fold
_INCH, _ROUNDING = 0.1, 1e-12
_MOST_PENALTY = 1e6
_PENALTY_WANTED = "between 0 and 1,000,000"


@attrs.frozen
class Peak:
    """The likeliest parameters, and the mean log-likelihood there."""

    parameters: tuple[float, ...]
    mean_log_likelihood: float


def climb(slope: Slope, count: int, penalty: float, model: str) -> Peak:
    """Return the highest peak that any start leads to.

    Args:
        slope: the mean log-likelihood and its slopes, in scaled data.
        count: how many parameters there are.
        penalty: how strongly their logarithms are drawn to 0.
        model: what is fitted, for a message.

    Raises:
        FitError: no start leads to a peak.
    """

    def cost(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(np.clip(logs, -2 * _FAR, 2 * _FAR))
        mean, slopes = slope(parameters)
        drawn = penalty * float(np.sum(logs**2))
        return drawn - mean, 2 * penalty * logs - slopes * parameters

    starts = [np.full(count, start) for start in _STARTS]
    starts += [np.array(mixed[:count]) for mixed in _MIXED]
    found: list[tuple[float, Floats]] = []
    with np.errstate(all="ignore"):  # what is not finite is looked at below
        for start in starts:
            result = optimize.minimize(
                cost,
                start,
                jac=True,
                method="L-BFGS-B",
                bounds=[(-2 * _FAR, 2 * _FAR)] * count,
                options={"maxiter": 2_000, "ftol": 1e-15, "gtol": _FLAT / 100},
            )
            height, slopes = cost(result.x)
            if np.isfinite(height) and np.all(np.isfinite(slopes)):
                found.append((height, result.x))
        return _best(found, cost, penalty, model)


def _best(
    found: Sequence[tuple[float, Floats]],
    cost: Slope,
    penalty: float,
    model: str,
) -> Peak:
    """Return the highest of the peaks, if it is one."""
    if not found:
        cause = "the likelihood is not a finite number anywhere"
        remedy = "look at the histories for times or amounts out of all proportion"
        raise FitError(model, cause, remedy)
    height, logs = _polished(min(found, key=lambda peak: peak[0]), cost)
    _, slopes = cost(logs)
    steepest = float(np.max(np.abs(slopes)))
    if float(np.max(np.abs(logs))) > _FAR:
        cause = "a parameter runs to infinity: customers are too much alike"
        remedy = "pass a penalty, from 0.01 to 1"
        raise FitError(model, cause, remedy)
    if steepest > _FLAT:
        cause = f"the search did not come to a peak, the slope is still {steepest:.2g}"
        remedy = "pass a penalty, from 0.01 to 1, or more histories"
        raise FitError(model, cause, remedy)
    drawn = penalty * float(np.sum(logs**2))
    parameters = tuple(float(parameter) for parameter in np.exp(logs))
    return Peak(parameters, drawn - height)


def _polished(peak: tuple[float, Floats], cost: Slope) -> tuple[float, Floats]:
    """Go the last inch to where the slope is nothing, so that digits do not drift."""
    height, logs = peak
    result = optimize.root(lambda point: cost(point)[1], logs, tol=1e-12)
    top = cost(result.x)[0]
    moved = float(np.max(np.abs(result.x - logs)))
    if np.isfinite(top) and top <= height + _ROUNDING and moved < _INCH:
        return top, result.x
    return peak


def check_penalty(problems: Problems, penalty: object) -> None:
    """Check how strongly the parameters are drawn together."""
    if isinstance(penalty, bool) or not isinstance(penalty, int | float):
        problems.add("penalty", "wrong-type", penalty, "a number")
    elif not 0 <= penalty <= _MOST_PENALTY:
        problems.add("penalty", "out-of-range", penalty, _PENALTY_WANTED)


def weights_of(
    problems: Problems, weights: Sequence[int] | None, count: int
) -> tuple[int, ...]:
    """Return how many customers every history stands for: one each, unless said."""
    if weights is None:
        return (1,) * count
    given: tuple[object, ...] = tuple(weights)
    if len(given) != count:
        wanted = f"{count} weights, one for every history"
        problems.add("weights", "contradiction", len(given), wanted)
    for index, weight in enumerate(given):
        if isinstance(weight, bool) or not isinstance(weight, int) or weight < 1:
            wanted = "a whole number, 1 or more"
            problems.add(f"weights[{index}]", "wrong-type", weight, wanted)
    return cast("tuple[int, ...]", given)


def counted(rows: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return every distinct row once, in order, with how many customers it is of."""
    distinct, place = np.unique(rows, axis=0, return_inverse=True)
    times = np.bincount(place.ravel(), weights=weights, minlength=len(distinct))
    return distinct, times.astype(np.float64)
