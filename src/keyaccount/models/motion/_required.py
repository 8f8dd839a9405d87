"""How a customer of a designation is to be sold to."""

from __future__ import annotations

from collections.abc import Iterable

from keyaccount.domain import StrategicDesignation
from keyaccount.exceptions import Problems

from ._judging import Designations, required_of
from ._policy import MotionPolicy, default_policy
from ._verdict import RequiredMotion


__all__ = ["designations_of", "required"]


_LOWEST_FIRST = tuple(reversed(StrategicDesignation))


def required(
    designation: StrategicDesignation | Iterable[StrategicDesignation] | None,
    *,
    policy: MotionPolicy | None = None,
) -> RequiredMotion:
    """Say how a customer is to be sold to: the way follows the customer (S0-15).

    Args:
        designation: what selection makes of the customer; where that is still open,
            all that it may be (a verdict's `possible`); None is not known at all.
        policy: your own; left out, the shipped one.

    Raises:
        InvalidValueError: no designation.

    >>> required(StrategicDesignation.STRATEGIC).motion.offer
    <OfferMode.CONSULTATIVE: 'consultative'>
    """
    rules = default_policy() if policy is None else policy
    return required_of(designations_of(designation), rules.demands)


def designations_of(designation: object) -> Designations:
    """Return all that a customer may be, lowest first, each once.

    Raises:
        InvalidValueError: no designation.
    """
    if designation is None:
        return _LOWEST_FIRST
    if isinstance(designation, StrategicDesignation):
        return (designation,)
    problems, wanted = Problems(), "a StrategicDesignation"
    if isinstance(designation, str) or not isinstance(designation, Iterable):
        problems.add("designation", "wrong-type", designation, wanted)
        held: tuple[object, ...] = ()
    else:
        held = tuple(designation)
        if not held:
            problems.add("designation", "empty", expected="one designation, or None")
    for at, one in enumerate(held):
        problems.is_a(f"designation[{at}]", one, StrategicDesignation, wanted)
    problems.check("motion")
    return tuple(one for one in _LOWEST_FIRST if one in held)
