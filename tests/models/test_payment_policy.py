"""The opinions about payment terms: what a policy file may say and may not."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import Safety
from keyaccount.exceptions import InvalidValueError, PolicyError
from keyaccount.models import payment
from keyaccount.models.payment import CoverRule, PaymentPolicy, Remedy, RemedyKind
from keyaccount.rules import Number, Row, fact
from keyaccount.tri import Tri


SHIPPED = payment.default_policy()


def with_number(name: str, value: str) -> PaymentPolicy:
    numbers = tuple(
        Number(one.id, Decimal(value)) if one.id == name else one
        for one in SHIPPED.numbers
    )
    return attrs.evolve(SHIPPED, numbers=numbers)


def problems_of(**changes: object) -> list[str]:
    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(SHIPPED, **changes)  # type: ignore[arg-type]  # fields from a table
    return [f"{problem.path} {problem.code}" for problem in caught.value.problems]


def test_the_shipped_policy_says_why_of_everything() -> None:
    assert policies.lint(SHIPPED) == ()
    assert SHIPPED.digest


def test_the_policy_is_written_and_read_back() -> None:
    back = wire.structure(wire.unstructure(SHIPPED), PaymentPolicy)

    assert back == SHIPPED
    assert policies.digest(back) == SHIPPED.digest


@pytest.mark.parametrize(
    "name,value",
    [
        ("materiality", "-0.1"),
        ("materiality", "1.1"),
        ("materiality", "0.33333"),
        ("materiality", "NaN"),
        ("materiality", "1E-999999"),
        ("loss_on_refusal", "0"),
        ("loss_on_refusal_customised", "1.5"),
        ("long_tenor", "-1"),
        ("bill_tenor", "Infinity"),
        ("sme_public_days", "40000"),
    ],
)
def test_a_number_out_of_its_range_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidValueError, match=name):
        with_number(name, value)


def test_nothing_may_be_immaterial() -> None:
    strict = with_number("materiality", "0")

    insured = payment.rate("open-account-insured-90", policy=strict)

    assert insured.value is not None
    assert insured.value.safety is Safety.UNSAFE


def test_a_missing_number_is_named() -> None:
    numbers = tuple(one for one in SHIPPED.numbers if one.id != "materiality")

    assert problems_of(numbers=numbers) == ["$.numbers missing"]


def test_every_cover_has_a_worth_and_no_other() -> None:
    covers = (
        *SHIPPED.covers[1:-1],
        CoverRule("confirmed-cl", SHIPPED.covers[0].quality),
    )

    assert problems_of(covers=covers) == [
        "$.covers[13].id unknown-choice",
        "$.covers missing",
        "$.covers missing",
    ]


def test_only_no_cover_is_worth_nothing() -> None:
    nothing = SHIPPED.covers[-1].quality
    first = attrs.evolve(SHIPPED.covers[0], quality=nothing)

    assert problems_of(covers=(first, *SHIPPED.covers[1:])) == [
        "$.covers[0].quality contradiction"
    ]


def test_names_stand_once() -> None:
    twice = (*SHIPPED.terms, SHIPPED.terms[0])

    assert problems_of(terms=twice) == ["$.terms duplicate"]


def test_an_appetite_is_for_a_class_of_customers() -> None:
    vip = attrs.evolve(SHIPPED.appetites[0], id="vip")

    assert problems_of(appetites=(vip,)) == ["$.appetites[0].id unknown-choice"]


def test_a_remedy_names_its_cover_and_only_a_cover_has_one() -> None:
    remedies = (
        Remedy("cover", RemedyKind.ADD_COVER),
        attrs.evolve(SHIPPED.remedies[3], kind=RemedyKind.PREPAY),
    )

    assert problems_of(remedies=remedies) == [
        "$.remedies[0].cover contradiction",
        "$.remedies[1].cover contradiction",
    ]


def test_a_table_is_checked_with_the_rest() -> None:
    wrong = Row("wrong", fact("tenor") <= 5, "safe")

    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(SHIPPED, safety=(wrong,), terms=(*SHIPPED.terms, SHIPPED.terms[0]))

    said = str(caught.value)
    assert "safety" in said
    assert "tenor_days" in said
    assert "terms" in said


def test_a_file_with_mistakes_names_them_with_their_places() -> None:
    with pytest.raises(PolicyError) as caught:
        policies.read(
            {
                "based_on": "payment",
                "numbers": {"materiality": Decimal(2)},
                "safety": [{"id": "x", "when": "tenor < 5", "then": "safest"}],
            },
            PaymentPolicy,
        )

    assert "materiality" in str(caught.value)


def test_a_row_of_ones_own_may_forbid_what_the_shipped_ones_allow() -> None:
    mine = policies.read(
        {
            "based_on": "payment",
            "safety": [
                {
                    "id": "customised",
                    "when": 'customised and timing != "pre"',
                    "then": "unsafe",
                    "before": "paid-first",
                    "why": "nobody else buys it",
                }
            ],
        },
        PaymentPolicy,
    )

    open_goods = payment.rate(
        "letter-of-credit-sight", customised=Tri.UNKNOWN, policy=mine
    )

    assert [rating.safety for rating in open_goods.possible] == [
        Safety.UNSAFE,
        Safety.SAFE,
    ]


@given(st.sampled_from(SHIPPED.terms), st.integers(0, 10_000))
def test_a_larger_materiality_never_worsens_a_rating(
    named: payment.NamedTerm, points: int
) -> None:
    lenient = with_number("materiality", str(Decimal(points) / 10_000))

    before, after = payment.rate(named.id), payment.rate(named.id, policy=lenient)

    better, worse = (after, before) if points >= 1_000 else (before, after)
    assert better.possible[0] <= worse.possible[0]
