"""A payment term is exactly the whole price, in parts that make sense."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given

from keyaccount.domain import (
    Cover,
    CoverKind,
    CoverQuality,
    PaymentTerm,
    Timing,
    TitleControl,
    Tranche,
)
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import payment_terms


def part(share: str, timing: Timing = Timing.PRE) -> Tranche:
    return Tranche(Decimal(share), timing)


def test_a_tranche_without_cover_is_uncovered() -> None:
    tranche = part("1", Timing.POST)

    assert tranche.cover == Cover(CoverKind.UNCOVERED)
    assert tranche.tenor_days == 0
    assert tranche.at_order is Tri.UNKNOWN


def test_a_cover_covers_all_of_it_without_recourse_unless_told() -> None:
    cover = Cover(CoverKind.FACTORING)

    assert cover.ratio == 1
    assert (cover.recourse, cover.quality) == (Tri.NO, None)


def test_title_is_asked_for_between_shipment_and_release_only() -> None:
    assert part("1", Timing.PRE).title is TitleControl.NONE
    assert part("1", Timing.POST).title is TitleControl.NONE
    assert part("1", Timing.DOC).title is None
    assert Tranche(Decimal(1), None).title is None
    assert attrs.evolve(part("1"), title=TitleControl.WEAK).title is TitleControl.WEAK


def test_what_is_not_known_may_be_none() -> None:
    tranche = Tranche(Decimal(1), None, None, None, None)

    assert (tranche.timing, tranche.tenor_days, tranche.cover) == (None, None, None)
    assert Cover(CoverKind.ESCROW, CoverQuality.PRIME, None).ratio is None


@given(payment_terms())
def test_a_term_is_the_whole_price(term: PaymentTerm) -> None:
    assert sum(Fraction(tranche.share) for tranche in term.tranches) == 1
    assert PaymentTerm.of(*term.tranches, name=term.name) == term


@pytest.mark.parametrize(
    "shares",
    [
        ["0.3", "0.7"],
        ["1"],
        ["0.3333", "0.3333", "0.3334"],
        ["0.50000", "0.5"],
        ["0.01"] * 100,
    ],
)
def test_shares_that_add_up_are_accepted(shares: list[str]) -> None:
    assert len(PaymentTerm(map(part, shares)).tranches) == len(shares)


@pytest.mark.parametrize(
    "shares", [["0.3"], ["0.3", "0.7001"], ["0.3333"] * 3, ["1", "0.0001"]]
)
def test_shares_that_do_not_add_up_to_one_are_refused(shares: list[str]) -> None:
    assert refused(PaymentTerm, list(map(part, shares))) == (("$.tranches", "sum"),)


def test_shares_are_added_exactly_in_any_ambient_context() -> None:
    with decimal.localcontext(decimal.Context(prec=1)):
        near = [part("0.9999"), part("0.0002")]

        assert refused(PaymentTerm, near) == (("$.tranches", "sum"),)


@pytest.mark.parametrize(
    "share, code",
    [
        (0, "out-of-range"),
        (Decimal(-1), "out-of-range"),
        (Decimal("1.0001"), "out-of-range"),
        (Decimal("0.33333"), "out-of-range"),
        (Decimal("1E-12"), "out-of-range"),
        (Decimal("1E+999999"), "out-of-range"),
        (Decimal("NaN"), "not-finite"),
        (0.3, "wrong-type"),
        ("0.3", "wrong-type"),
        (True, "wrong-type"),
        (None, "missing"),
    ],
)
def test_a_share_is_above_nothing_and_at_most_all(share: object, code: str) -> None:
    assert refused(Tranche, share, Timing.PRE) == (("$.share", code),)
    if share is not None:
        assert refused(Cover, CoverKind.ESCROW, None, share) == (("$.ratio", code),)


def test_a_tranche_says_everything_that_is_wrong() -> None:
    assert refused(Tranche, 2, "pre", -1, "full", "escrow", None) == (
        ("$.share", "out-of-range"),
        ("$.timing", "wrong-type"),
        ("$.tenor_days", "out-of-range"),
        ("$.title", "wrong-type"),
        ("$.cover", "wrong-type"),
        ("$.at_order", "missing"),
    )


def test_a_timing_that_is_no_timing_at_all_is_refused() -> None:
    assert refused(Tranche, 1, []) == (("$.timing", "wrong-type"),)


def test_a_cover_says_everything_that_is_wrong() -> None:
    assert refused(Cover, None, "prime", 2, recourse=False) == (
        ("$.kind", "missing"),
        ("$.quality", "wrong-type"),
        ("$.ratio", "out-of-range"),
        ("$.recourse", "wrong-type"),
    )


@pytest.mark.parametrize("days", [30.0, "30", True])
def test_a_tenor_is_a_whole_number(days: object) -> None:
    assert refused(Tranche, 1, Timing.POST, days) == (("$.tenor_days", "wrong-type"),)


@pytest.mark.parametrize(
    "tranches, problem",
    [
        ([], ("$.tranches", "empty")),
        ([part("1"), 3], ("$.tranches[1]", "wrong-type")),
        ([None], ("$.tranches[0]", "missing")),
        ("1", ("$.tranches", "wrong-type")),
        ({}, ("$.tranches", "wrong-type")),
        (None, ("$.tranches", "missing")),
        ([part("1")] * 101, ("$.tranches", "too-large")),
    ],
)
def test_a_term_is_made_of_one_to_a_hundred_tranches(
    tranches: object, problem: tuple[str, str]
) -> None:
    assert refused(PaymentTerm, tranches) == (problem,)


def test_a_terms_name_is_text() -> None:
    assert refused(PaymentTerm, [part("1")], "") == (("$.name", "empty"),)
