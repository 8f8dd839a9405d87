"""What holds for every noun: frozen, hashable, picklable, light to import."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable

import attrs
import pytest
from hypothesis import given

from keyaccount import domain
from keyaccount.domain import Money, PaymentTerm, YearMetrics
from keyaccount.exceptions import (
    CurrencyMismatchError,
    InvalidValueError,
    KeyAccountError,
    MissingRateError,
)
from tests.strategies import nouns


CLASSES = [
    value for name in domain.__all__ if attrs.has(value := getattr(domain, name))
]


@given(nouns())
def test_a_noun_survives_pickling(noun: attrs.AttrsInstance) -> None:
    assert pickle.loads(pickle.dumps(noun)) == noun  # noqa: S301 - our own bytes


@given(nouns())
def test_equal_nouns_have_one_hash(noun: attrs.AttrsInstance) -> None:
    evolve: Callable[..., attrs.AttrsInstance] = attrs.evolve

    copy = evolve(noun)

    assert copy == noun
    assert hash(copy) == hash(noun)


@pytest.mark.parametrize("noun", CLASSES)
def test_a_noun_is_frozen_and_has_no_room_for_more(noun: type) -> None:
    assert "__setattr__" in vars(noun)
    assert "__dict__" not in dir(noun)
    assert noun.__doc__


def test_nothing_can_be_assigned() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Money.of("5 CNY").currency = "USD"  # type: ignore[misc]  # the mistake under test


def errors() -> list[KeyAccountError]:
    found: list[KeyAccountError] = [
        CurrencyMismatchError("EUR", "USD"),
        MissingRateError("EUR", "USD", "2025-12-31"),
    ]
    for make in (
        lambda: Money.of("x"),
        lambda: PaymentTerm(()),
        lambda: YearMetrics(0),
    ):
        with pytest.raises(InvalidValueError) as caught:
            make()
        found.append(caught.value)
    return found


@pytest.mark.parametrize("error", errors())
def test_an_error_survives_a_process_pool(error: KeyAccountError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.to_dict() == error.to_dict()


def test_the_front_is_sorted_and_complete() -> None:
    assert list(domain.__all__) == sorted(domain.__all__, key=_as_ruff_sorts)
    assert all(hasattr(domain, name) for name in domain.__all__)


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1, name)


def test_the_storey_needs_attrs_and_the_standard_library_only() -> None:
    script = (
        "import sys, keyaccount.domain\n"
        "print({name.split('.')[0] for name in sys.modules}"
        " - set(sys.stdlib_module_names))"
    )

    printed = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout

    for guest in ("cattrs", "narwhals", "polars", "numpy", "keyaccount.rules"):
        assert guest not in printed
