"""JSON and TOML texts: read without loss, written the same every time."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import Customer, Money, PaymentTerm, YearMetrics
from keyaccount.exceptions import InvalidValueError, ReadError
from keyaccount.rules import Number, Policy, Row
from keyaccount.wire import Limits
from tests.refusals import refused


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_data_that_is_written_is_read_back(data: object) -> None:
    assert _plain(wire.read_json(wire.to_json(data))) == data


def _plain(data: object) -> object:
    if isinstance(data, dict):
        return {key: _plain(part) for key, part in data.items()}
    if isinstance(data, list):
        return [_plain(part) for part in data]
    return float(data) if isinstance(data, Decimal) else data


def test_a_number_with_a_point_is_read_to_the_last_digit() -> None:
    text = '{"amount": 100000000000000.123456789012, "currency": "CNY"}'

    assert str(wire.loads(text, Money).amount) == "100000000000000.123456789012"


def test_a_byte_order_mark_is_no_letter() -> None:
    text = '{"amount": "1", "currency": "CNY"}'

    expected = Money(Decimal(1), "CNY")
    assert wire.loads("\ufeff" + text, Money) == expected
    assert wire.loads(text.encode("utf-8-sig"), Money) == expected
    assert wire.read_toml(b"\xef\xbb\xbfa = 1\r\n") == {"a": 1}


DOCUMENT = {"amount": "1", "currency": "CNY"}


@pytest.mark.parametrize(
    ("header", "path", "code"),
    [
        ({}, "$.keyaccount", "missing"),
        ({"keyaccount": 2, "type": "money"}, "$.keyaccount", "unknown-choice"),
        ({"keyaccount": True, "type": "money"}, "$.keyaccount", "unknown-choice"),
        ({"keyaccount": "1", "type": "money"}, "$.keyaccount", "unknown-choice"),
        ({"keyaccount": 1}, "$.type", "missing"),
        ({"keyaccount": 1, "type": 3}, "$.type", "missing"),
        ({"keyaccount": 1, "type": "mony"}, "$.type", "unknown-choice"),
    ],
)
def test_a_header_says_what_a_document_holds(
    header: dict[str, object], path: str, code: str
) -> None:
    text = json.dumps({**header, **DOCUMENT})

    assert (path, code) in refused(wire.loads, text)


def test_a_header_must_agree_with_what_is_asked_for() -> None:
    text = json.dumps({"keyaccount": 1, "type": "customer", **DOCUMENT})
    wrong = json.dumps({"keyaccount": 3, "type": "money", **DOCUMENT})

    assert refused(wire.loads, text, Money) == (("$.type", "unknown-choice"),)
    assert refused(wire.loads, wrong, Money) == (("$.keyaccount", "unknown-choice"),)
    assert wire.loads(json.dumps(DOCUMENT), Money) == Money(Decimal(1), "CNY")


def test_a_verdicts_document_says_that_its_class_is_needed() -> None:
    text = json.dumps({"keyaccount": 1, "type": "tier-verdict"})

    with pytest.raises(ReadError, match="pass its class as type="):
        wire.loads(text)


def test_a_document_is_a_table() -> None:
    assert refused(wire.loads, "[1]") == (("$", "wrong-type"),)
    assert refused(wire.loads, "3", Money) == (("$", "wrong-type"),)
    assert refused(wire.dumps, (1, 2)) == (("$", "wrong-type"),)


def test_rules_have_documents_too() -> None:
    number = Number("enter", Decimal(60))

    assert wire.loads(wire.dumps(number)) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad-syntax"),
        ("{", "bad-syntax"),
        ('{"a": 1,}', "bad-syntax"),
        ('{"a": 1} {"a": 2}', "bad-syntax"),
        (b"\xff\xfe", "bad-syntax"),
        ('{"a": 1, "a": 2}', "duplicate"),
        ('{"a": {"b": 1, "c": 2, "b": 3}}', "duplicate"),
        ("[NaN]", "not-finite"),
        ("[-Infinity]", "not-finite"),
        ("[" * 65 + "]" * 65, "too-deep"),
        ("[" * 100_000, "too-deep"),
        (f'["{"x" * 10_001}"]', "too-long"),
        (f"[{'9' * 31}]", "too-long"),
        (f"[{'9' * 5_000}]", "too-long"),
        (f"[0.{'1' * 40}]", "too-long"),
        (f"[0.{'1' * 4_000}]", "too-long"),
    ],
)
def test_a_json_text_that_is_no_document_is_refused(
    text: str | bytes, code: str
) -> None:
    ((_, found),) = refused(wire.read_json, text)

    assert found == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a = ", "bad-syntax"),
        ("a = 1\na = 2", "bad-syntax"),
        ("a = 2025-02-30", "bad-syntax"),
        (b"a = '\xff'", "bad-syntax"),
        ("a = nan", "not-finite"),
        ("a = -inf", "not-finite"),
        (f"a = {'9' * 5_000}", "bad-syntax"),
        (f"a = {'9' * 31}", "too-long"),
        (f"a = 0.{'1' * 61}", "too-long"),
        ("a = " + "[" * 65 + "]" * 65, "too-deep"),
        ("a = " + "[" * 5_000, "too-deep"),
        ("a" + ".a" * 65 + " = 1", "too-deep"),
        ('"a"' + " . 'a'" * 65 + " = 1", "too-deep"),
        (".".join("a" * 100_000) + " = 1", "too-deep"),
    ],
)
def test_a_toml_text_that_is_no_policy_is_refused(text: str | bytes, code: str) -> None:
    ((_, found),) = refused(wire.read_toml, text)

    assert found == code


def test_toml_numbers_are_decimal() -> None:
    assert wire.read_toml("a = 1_000.50\nb = 1e2\nc = 7") == {
        "a": Decimal("1000.50"),
        "b": Decimal("1E+2"),
        "c": 7,
    }


def test_the_limits_are_the_callers() -> None:
    text = '[["abcdef"], [1, 2, 3]]'

    assert wire.read_json(text)
    assert refused(wire.read_json, text, limits=Limits(text=5)) == (
        ("$[0][0]", "too-long"),
    )
    assert refused(wire.read_json, text, limits=Limits(items=2)) == (
        ("$[1]", "too-large"),
    )
    assert refused(wire.read_json, text, limits=Limits(depth=1)) == (
        ("$[1]", "too-deep"),
    )
    assert refused(wire.read_json, text, limits=Limits(nodes=5)) == (
        ("$", "too-large"),
    )
    assert refused(wire.read_json, text, limits=Limits(document=9)) == (
        ("$", "too-large"),
    )
    assert refused(wire.read_toml, "a = 1", limits=Limits(policy=4)) == (
        ("$", "too-large"),
    )
    assert refused(wire.read_json, "[1234, 1.234]", limits=Limits(digits=3)) == (
        ("$[0]", "too-long"),
        ("$[1]", "too-long"),
    )
    assert refused(wire.loads, '{"a b": "xx"}', Money, limits=Limits(text=1)) == (
        ("$['a b']", "too-long"),
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (float("nan"), "not-finite"),
        ([float("inf")], "not-finite"),
        ("\ud800", "not-text"),
        ({1, 2}, "wrong-type"),
        (Decimal(1), "wrong-type"),
    ],
)
def test_what_json_cannot_say_is_not_written(data: object, code: str) -> None:
    assert refused(wire.to_json, data) == (("$", code),)


def test_what_is_nested_without_end_is_not_written() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]

    assert refused(wire.to_json, deep) == (("$", "too-deep"),)
    while deep:  # taken apart by hand: a list this deep is no joy to anybody
        deep = deep.pop()  # type: ignore[assignment]  # a list


ORDERS = """
from keyaccount import wire
from keyaccount.domain import *

person = Stakeholder("s", "c", "Li", roles=list(PurchasingRole))
print(wire.dumps(person).decode())
"""


def test_the_same_value_is_the_same_bytes_in_every_process() -> None:
    outputs = {
        subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", ORDERS],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(outputs) == 1


LAZY = """
import sys
from keyaccount import policies, wire

print("cattrs" in sys.modules)
wire.unstructure(1)
print("cattrs" in sys.modules)
"""


def test_the_reader_is_built_when_it_is_first_needed() -> None:
    ran = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", LAZY],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        check=True,
        text=True,
    )

    assert ran.stdout.split() == ["False", "True"]


def test_threads_do_not_see_each_others_numbers() -> None:
    plain = {"name": "p", "version": "1"}
    wrong: list[object] = []

    def read(value: int) -> None:
        for _ in range(50):
            numbers = {"enter": value}
            policy = wire.structure({**plain, "numbers": numbers}, Policy)
            row = {"id": "r", "when": "x >= enter", "then": "a", "adds": "enter"}
            found = wire.structure(row, Row, numbers=numbers)
            if policy.number("enter") != value or found.adds != value:
                wrong.append(value)

    threads = [threading.Thread(target=read, args=(value,)) for value in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize(
    ("type_", "plain", "path", "code"),
    [
        (Money, {"amount": True, "currency": "CNY"}, "$.amount", "wrong-type"),
        (Money, {"amount": None, "currency": "CNY"}, "$.amount", "wrong-type"),
        (Money, {"amount": "", "currency": "CNY"}, "$.amount", "wrong-type"),
        (Money, {"amount": [1], "currency": "CNY"}, "$.amount", "wrong-type"),
        (Money, {"amount": 1.5, "currency": "CNY"}, "$.amount", "wrong-type"),
        (Money, {"amount": float("nan"), "currency": "CNY"}, "$.amount", "not-finite"),
        (Money, {"amount": Decimal("sNaN"), "currency": "X"}, "$.amount", "not-finite"),
        (Money, {"amount": 10**29, "currency": "CNY"}, "$.amount", "out-of-range"),
        (Money, {"amount": "1" * 29, "currency": "CNY"}, "$.amount", "out-of-range"),
        (Money, {"amount": "1e19", "currency": "CNY"}, "$.amount", "out-of-range"),
        (Money, {"amount": "1e-13", "currency": "CNY"}, "$.amount", "out-of-range"),
        (Money, {"amount": "１２", "currency": "CNY"}, "$.amount", "wrong-type"),
        (Money, {"amount": "1_0", "currency": "CNY"}, "$.amount", "wrong-type"),
        (Money, {"amount": "NaN", "currency": "CNY"}, "$.amount", "wrong-type"),
        (Money, {"amount": "1", "currency": None}, "$.currency", "wrong-type"),
        (Money, {"amount": "1", "currency": 3}, "$.currency", "wrong-type"),
        (YearMetrics, {"year": "2025"}, "$.year", "wrong-type"),
        (YearMetrics, {"year": 2025.0}, "$.year", "wrong-type"),
        (YearMetrics, {"year": Decimal("2025.0")}, "$.year", "wrong-type"),
        (YearMetrics, {"year": True}, "$.year", "wrong-type"),
        (YearMetrics, {"year": 2025, "ends_on": 3}, "$.ends_on", "bad-date"),
        (YearMetrics, {"year": 2025, "ends_on": "20251231"}, "$.ends_on", "bad-date"),
        (YearMetrics, {"year": 2025, "ends_on": "2025-W01-1"}, "$.ends_on", "bad-date"),
        (YearMetrics, {"year": 2025, "ends_on": "2025-02-30"}, "$.ends_on", "bad-date"),
        (YearMetrics, {"year": 2025, "ends_on": "1969-12-31"}, "$.ends_on", "bad-date"),
        (Customer, {"id": "c", "name": None}, "$.name", "wrong-type"),
        (Customer, {"id": "c", "name": "\x00"}, "$.name", "not-text"),
        (Customer, {"id": "c", "name": "\ud800"}, "$.name", "not-text"),
        (Customer, {"id": "c", "name": "a", "years": {}}, "$.years", "wrong-type"),
        (Customer, [], "$", "wrong-type"),
        (
            Row,
            {"id": "a", "when": "x", "then": "b", "adds": "1"},
            "$.adds",
            "wrong-type",
        ),
        (
            Row,
            {"id": "a", "when": "x", "then": "b", "adds": True},
            "$.adds",
            "wrong-type",
        ),
        (
            Row,
            {"id": "a", "when": "x", "then": "b", "adds": Decimal("1e500")},
            "$.adds",
            "out-of-range",
        ),
        (
            Row,
            {"id": "a", "when": "x", "then": "b", "adds": Decimal("1e390")},
            "$.adds",
            "not-finite",
        ),
        (
            Row,
            {"id": "a", "when": "x", "then": "b", "adds": Decimal("sNaN")},
            "$.adds",
            "not-finite",
        ),
    ],
)
def test_nothing_is_taken_for_what_it_is_not(
    type_: type, plain: object, path: str, code: str
) -> None:
    assert (path, code) in refused(wire.structure, plain, type_)


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "关键客户", "zero\u200bwidth"])
def test_text_for_people_is_kept_as_it_is(name: str) -> None:
    plain = {"id": "c", "name": name}

    assert wire.structure(plain, Customer).name == name


def test_a_list_of_tranches_too_many_is_refused() -> None:
    tranche = {"share": "0.01", "timing": "pre"}
    plain = {"tranches": [tranche] * 100_001}

    assert refused(wire.structure, plain, PaymentTerm) == (("$.tranches", "too-large"),)


def test_an_error_says_the_same_after_a_journey() -> None:
    with pytest.raises(InvalidValueError) as caught:
        wire.structure({}, Money)

    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert str(again) == str(caught.value)
    assert again.to_dict() == caught.value.to_dict()
