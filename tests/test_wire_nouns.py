"""Nouns both ways: what is written is read back, and what is unknown stays so."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import attrs
import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from hypothesis import given

from keyaccount import domain, wire
from keyaccount.domain import (
    Cooperation,
    Customer,
    Money,
    PaymentTerm,
    Stakeholder,
    Timing,
    Tranche,
    YearMetrics,
)
from keyaccount.exceptions import ReadError
from tests.refusals import refused
from tests.strategies import nouns


NOUNS = [
    noun
    for noun in map(domain.__dict__.get, domain.__all__)
    if isinstance(noun, type) and attrs.has(noun)
]


@given(nouns())
def test_a_noun_that_is_written_is_read_back(noun: attrs.AttrsInstance) -> None:
    plain = wire.unstructure(noun)

    assert wire.structure(plain, type(noun)) == noun
    assert wire.unstructure(wire.structure(plain, type(noun))) == plain


@given(nouns())
def test_a_document_says_what_it_holds(noun: attrs.AttrsInstance) -> None:  # S2-23
    text = wire.dumps(noun)

    assert wire.loads(text) == noun
    assert wire.loads(text.decode(), type(noun)) == noun
    assert wire.dumps(wire.loads(text)) == text


@given(nouns())
def test_what_is_written_keeps_to_the_schema(noun: attrs.AttrsInstance) -> None:
    schema = wire.schema(type(noun))
    validator = jsonschema.Draft202012Validator(schema)

    validator.validate(wire.unstructure(noun))
    validator.validate(json.loads(wire.dumps(noun)))


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_noun_has_a_schema_that_is_closed(noun: type) -> None:
    schema = wire.schema(noun)

    jsonschema.Draft202012Validator.check_schema(schema)
    drawn = [schema, *schema["$defs"].values()]
    assert all(part["additionalProperties"] is False for part in drawn)
    assert all(part["description"] for part in drawn)


TERM = PaymentTerm.of(
    Tranche(Decimal("0.3"), Timing.PRE),
    Tranche(Decimal("0.7"), None, None, cover=None),
)


def test_what_is_unknown_is_left_out_or_said_where_leaving_out_means_something() -> (
    None
):
    first, second = wire.unstructure(TERM)["tranches"]

    assert first["tenor_days"] == 0
    assert "timing" not in second
    assert "title" not in second
    assert second["tenor_days"] == second["cover"] == "unknown"
    assert second["at_order"] == "unknown"


def test_null_is_unknown_where_a_value_may_be_unknown() -> None:
    plain = {
        "tranches": [
            {"share": "0.3", "timing": "pre"},
            {"share": "0.7", "timing": None, "tenor_days": None, "cover": None},
        ]
    }

    assert wire.structure(plain, PaymentTerm) == TERM


def test_amounts_are_text_and_keep_their_decimals() -> None:
    plain = wire.unstructure(Money(Decimal("1200000.50"), "CNY"))

    assert plain == {"amount": "1200000.50", "currency": "CNY"}


def test_an_amount_is_written_without_an_exponent() -> None:
    assert wire.unstructure(Money(Decimal("1E+3"), "CNY"))["amount"] == "1000"


@pytest.mark.parametrize(
    "amount", [12, Decimal(12), "12", "12.0", "+12", "1.2e1", "1.2E+1"]
)
def test_an_amount_may_be_a_number_or_plain_text(amount: object) -> None:
    plain = {"amount": amount, "currency": "CNY"}

    assert wire.structure(plain, Money) == Money(Decimal(12), "CNY")


def test_a_set_is_sorted_and_a_date_is_iso() -> None:
    person = Stakeholder(
        "s1",
        "c1",
        "Li",
        roles=frozenset({domain.PurchasingRole.TECHNICAL, domain.PurchasingRole.COACH}),
        last_contact=dt.date(2025, 3, 1),
    )

    plain = wire.unstructure(person)

    assert plain["roles"] == ["coach", "technical"]
    assert plain["last_contact"] == "2025-03-01"
    assert wire.structure(plain, Stakeholder) == person


def test_a_date_from_a_toml_file_is_a_date() -> None:
    plain = wire.read_toml("year = 2025\nends_on = 2025-06-30\nsales = 1.50")

    metrics = wire.structure(plain, YearMetrics)

    assert metrics.ends_on == dt.date(2025, 6, 30)
    assert str(metrics.sales) == "1.50"


def test_known_to_be_empty_is_not_unknown() -> None:
    assert "service_lines" not in wire.unstructure(Cooperation())
    empty = Cooperation(service_lines=frozenset())

    assert wire.unstructure(empty)["service_lines"] == []
    assert wire.structure(wire.unstructure(empty), Cooperation) == empty


def test_all_that_is_wrong_is_said_at_once_with_its_path() -> None:
    plain = {
        "tranches": [
            {"share": 0.3, "timin": "pre"},
            {"share": "0.7", "timing": "prre", "cover": {"kind": 7, "recourse": True}},
            "balance",
        ],
        "nam": "net 30",
    }

    assert refused(wire.structure, plain, PaymentTerm) == (
        ("$.tranches[0].share", "wrong-type"),
        ("$.tranches[0].timin", "unknown-key"),
        ("$.tranches[1].timing", "unknown-choice"),
        ("$.tranches[1].cover.kind", "wrong-type"),
        ("$.tranches[1].cover.recourse", "wrong-type"),
        ("$.tranches[2]", "wrong-type"),
        ("$.nam", "unknown-key"),
    )


def test_the_message_names_the_remedy() -> None:
    plain = {"share": 0.3, "timin": "pre"}

    with pytest.raises(ReadError) as caught:
        wire.structure(plain, Tranche)

    said = str(caught.value).splitlines()
    assert "parse_float=Decimal" in said[0]
    assert said[1] == "tranche: $.timin: 'timin' is not a key here; use 'timing'"
    assert caught.value.what == "tranche"


def test_what_the_class_itself_refuses_has_its_path_in_the_document() -> None:
    plain = {
        "id": "c1",
        "name": " ",
        "currency": "CNYY",
        "years": [{"year": 1900}, {"year": 2025, "sales": "1e16"}],
    }

    assert refused(wire.structure, plain, Customer) == (
        ("$.years[0].year", "out-of-range"),
        ("$.years[1].sales", "out-of-range"),
    )
    assert refused(wire.structure, {**plain, "years": []}, Customer) == (
        ("$.name", "empty"),
        ("$.currency", "unknown-choice"),
    )


def test_an_unknown_key_does_not_hide_what_else_is_wrong() -> None:
    plain = {"id": "c1", "name": " ", "idustry": "rail"}

    assert refused(wire.structure, plain, Customer) == (
        ("$.idustry", "unknown-key"),
        ("$.name", "empty"),
    )


def test_what_must_be_given_is_missed_by_name() -> None:
    assert refused(wire.structure, {}, Money) == (
        ("$.amount", "missing"),
        ("$.currency", "missing"),
    )


def test_an_odd_key_is_quoted_in_the_path() -> None:
    plain = {"amount": "1", "currency": "CNY", "a b": 1, 3: 1}

    assert refused(wire.structure, plain, Money) == (
        ("$['a b']", "unknown-key"),
        ("$['3']", "unknown-key"),
    )


def test_several_nouns_are_read_as_a_list() -> None:
    one = Customer("c1", "State Grid")
    two = Customer("c2", "中远海运")

    plain = wire.unstructure((one, two))

    assert wire.structure(plain, tuple[Customer, ...]) == (one, two)
    assert wire.loads(wire.to_json(plain), tuple[Customer, ...]) == (one, two)


def test_two_currencies_in_one_place_are_a_problem_of_that_place() -> None:
    plain = {
        "id": "o1",
        "customer_id": "c1",
        "value": {"amount": "1", "currency": "CNY"},
        "worth": {"gross_profit": {"amount": "1", "currency": "USD"}},
    }

    ((path, _),) = refused(wire.structure, plain, domain.Opportunity)
    assert path.startswith("$")
