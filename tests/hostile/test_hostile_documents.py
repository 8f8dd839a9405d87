"""Documents, policies, conditions and values from somebody who means no good.

Each ends in an error of ours that says where and what, or in a defined value, and
within five seconds.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from keyaccount import policies, wire
from keyaccount.domain import Customer, FxTable, Money, PaymentTerm, YearMetrics
from keyaccount.exceptions import InvalidValueError
from keyaccount.rules import (
    Criterion,
    DecisionTable,
    Facts,
    Linear,
    Policy,
    Reason,
    Row,
    Steps,
    Verdict,
)
from tests.policies.ladder import TEXT, LadderPolicy


def held(act: Callable[[], object]) -> tuple[str, ...]:
    """Return the codes of what was wrong, every one of them with a path."""
    with pytest.raises(InvalidValueError) as caught:
        act()
    error = caught.value
    assert error.problems
    assert all(problem.path.startswith("$") for problem in error.problems)
    assert len(str(error)) < 1000 * len(error.problems)
    str(error).encode()
    json.dumps(error.to_dict())
    return tuple(problem.code for problem in error.problems)


def customer(**changes: object) -> str:
    return json.dumps({"id": "c1", "name": "Acme", "currency": "CNY", **changes})


JSON: Mapping[str, tuple[str | bytes, str]] = {
    "nothing": ("", "bad-syntax"),
    "half": ('{"id": "c1"', "bad-syntax"),
    "two documents": ("{}{}", "bad-syntax"),
    "single quotes": ("{'id': 'c1'}", "bad-syntax"),
    "a comment": ('{"id": "c1"} // ok', "bad-syntax"),
    "a trailing comma": ('{"id": "c1",}', "bad-syntax"),
    "null": ("null", "wrong-type"),
    "a list": ("[]", "wrong-type"),
    "a text": ('"customer"', "wrong-type"),
    "not UTF-8": (b"\xff\xfe{}", "bad-syntax"),
    "UTF-16": ('{"id": 1}'.encode("utf-16"), "bad-syntax"),
    "a NUL byte": (b'{"id": "c\x00"}', "bad-syntax"),
    "name is null": (customer(name=None), "wrong-type"),
    "name is a number": (customer(name=123), "wrong-type"),
    "name is a list": (customer(name=["Acme"]), "wrong-type"),
    "name is empty": (customer(name=" "), "empty"),
    "name has a NUL": (customer(name="a\x00b"), "not-text"),
    "name has half a letter": ('{"id": "c", "name": "\\ud800"}', "not-text"),
    "id has a hidden direction": (customer(id="c\u202e1"), "not-text"),
    "id has no width": (customer(id="c\u200b1"), "not-text"),
    "name is very long": (customer(name="x" * 10_001), "too-long"),
    "id is very long": (customer(id="x" * 300), "too-long"),
    "a homoglyph currency": (customer(currency="СNY"), "unknown-choice"),
    "a lower-case currency": (customer(currency="cny"), "unknown-choice"),
    "a misspelt key": (customer(industy="rail"), "unknown-key"),
    "a key that Python knows": (customer(__class__="x"), "unknown-key"),
    "an empty key": (customer(**{"": 1}), "unknown-key"),
    "a key of ten thousand letters": (customer(**{"k" * 10_000: 1}), "unknown-key"),
    "the same key twice": ('{"id": "a", "name": "b", "id": "c"}', "duplicate"),
    "NaN": ('{"id": "c", "name": "n", "influence": NaN}', "not-finite"),
    "Infinity": ('{"id": "c", "name": "n", "influence": -Infinity}', "not-finite"),
    "1e999": ('{"id": "c", "name": "n", "influence": 1e999}', "out-of-range"),
    "1e-999": ('{"id": "c", "name": "n", "influence": 1e-999}', "out-of-range"),
    "a number of 5,000 digits": (
        f'{{"id": "c", "name": "n", "influence": {"9" * 5_000}}}',
        "too-long",
    ),
    "a fraction of a million digits": (
        f'{{"id": "c", "name": "n", "influence": 0.{"1" * 1_000_000}}}',
        "too-long",
    ),
    "an exponent of a million digits": (
        f'{{"id": "c", "name": "n", "influence": 1e{"1" * 1_000_000}}}',
        "too-long",
    ),
    "influence is true": (customer(influence=True), "wrong-type"),
    "influence is a full-width number": (customer(influence="５０"), "wrong-type"),
    "influence is an Arabic number": (customer(influence="٣"), "wrong-type"),
    "influence has underscores": (customer(influence="1_0"), "wrong-type"),
    "influence is above a hundred": (customer(influence=101), "out-of-range"),
    "year is text": (customer(years=[{"year": "2025"}]), "wrong-type"),
    "year has a fraction": (customer(years=[{"year": 2025.9}]), "wrong-type"),
    "year is true": (customer(years=[{"year": True}]), "wrong-type"),
    "year is in the Bronze Age": (customer(years=[{"year": -2025}]), "out-of-range"),
    "the same year twice": (
        customer(years=[{"year": 2025}, {"year": 2025}]),
        "duplicate",
    ),
    "the last day there is": (
        customer(years=[{"year": 2025, "ends_on": "9999-12-31"}]),
        "bad-date",
    ),
    "a date by week": (
        customer(years=[{"year": 2025, "ends_on": "2026-W01-1"}]),
        "bad-date",
    ),
    "a date without strokes": (
        customer(years=[{"year": 2025, "ends_on": "20251231"}]),
        "bad-date",
    ),
    "a date that is none": (
        customer(years=[{"year": 2025, "ends_on": "2025-02-30"}]),
        "bad-date",
    ),
    "nested a hundred thousand times": ("[" * 100_000, "too-deep"),
    "nested a thousand times in a name": (
        '{"id": "c", "name": ' + "[" * 900 + "]" * 900 + "}",
        "too-deep",
    ),
    "a million items": ("[" + "0," * 1_000_000 + "0]", "too-large"),
    "another version": ('{"keyaccount": 99, "id": "c"}', "unknown-choice"),
    "another type": ('{"keyaccount": 1, "type": "os.system"}', "unknown-choice"),
}


@pytest.mark.parametrize("name", JSON)
def test_a_hostile_json_text_is_refused(name: str) -> None:
    text, code = JSON[name]

    assert code in held(lambda: wire.loads(text, Customer))


def test_a_document_above_the_limit_is_not_even_read() -> None:
    text = b'{"id": "' + b"x" * 20_000_000 + b'"}'

    assert held(lambda: wire.loads(text, Customer)) == ("too-large",)


def policy(text: str) -> object:
    return policies.read(wire.read_toml(text), LadderPolicy)


TOML = {
    "nothing": ("", "missing"),
    "half a table": ("[numbers", "bad-syntax"),
    "a key twice": (TEXT + '\nname = "again"\n[x]\na = 1\na = 2', "bad-syntax"),
    "not a table": (TEXT.replace("[numbers.large]", "[[numbers.large]]"), "wrong-type"),
    "infinity": (TEXT.replace("1000", "inf"), "not-finite"),
    "not a number": (TEXT.replace("1000", "nan"), "not-finite"),
    "an endless number": (TEXT.replace("1000", "9" * 5_000), "bad-syntax"),
    "an extreme number": (TEXT.replace("1000", "1e999999"), "out-of-range"),
    "an amount as true": (TEXT.replace("1000", "true"), "wrong-type"),
    "an amount as a date": (TEXT.replace("1000", "2025-01-01"), "wrong-type"),
    "a key of many parts": ("a" + ".a" * 100_000 + " = 1", "too-deep"),
    "a table of many parts": ("[" + "a." * 50_000 + "a]", "too-deep"),
    "lists in lists": ("a = " + "[" * 50_000, "too-deep"),
    "tables in tables": ("a = " + "{a = " * 5_000, "too-deep"),
    "two megabytes": ("# " + "x" * 2_000_000, "too-large"),
    "a condition that calls": (
        TEXT.replace('sales >= large"', "__import__('os').system('ls')\""),
        "bad-syntax",
    ),
    "a condition that reaches": (
        TEXT.replace('sales >= large"', 'sales.__class__ >= 1"'),
        "bad-syntax",
    ),
    "a condition that writes": (
        TEXT.replace('sales >= large"', '(sales := 3) >= 1"'),
        "bad-syntax",
    ),
    "a condition without end": (
        TEXT.replace('sales >= large"', "not " * 100 + 'sales"'),
        "too-deep",
    ),
    "a scorer by import": (
        TEXT.replace('kind = "linear"', 'kind = "os.system"'),
        "unknown-choice",
    ),
    "a slope without bound": (
        TEXT.replace("high = 0.40", "high = 1e-300"),
        "bad-scorer",
    ),
    "a weight of half a per cent": (
        TEXT.replace("weight = 60", "weight = 60.5"),
        "wrong-type",
    ),
    "weights of ninety-nine": (TEXT.replace("weight = 60", "weight = 59"), "sum"),
    "a weight below nothing": (
        TEXT.replace("weight = 60", "weight = -60"),
        "out-of-range",
    ),
    "an outcome nobody has": (
        TEXT.replace('then = "high"', 'then = "hgh"'),
        "unknown-choice",
    ),
    "based on a path": ('based_on = "../../etc/passwd"', "unknown-choice"),
    "based on itself": ('based_on = "ladder"', "unknown-choice"),
    "drops what is not there": ('based_on = "tiering"\ndrop = ["x"]', "unknown-choice"),
    "labels without end": (
        TEXT + "\n[labels.en.a.b.c.d.e.f]\ng = 1",
        "too-deep",
    ),
    "a digest of its own": ('digest = "0"\n' + TEXT, "unknown-key"),
}


@pytest.mark.parametrize("name", TOML)
def test_a_hostile_policy_is_refused(name: str) -> None:
    text, code = TOML[name]

    assert code in held(lambda: policy(text))


def cyclic() -> dict[str, Any]:
    table: dict[str, Any] = {"id": "c", "name": "n"}
    table["years"] = [table]
    return table


def laughs(times: int) -> list[Any]:
    """A list that is small in memory and has ten to the power of *times* leaves."""
    inner: list[Any] = ["ha"] * 10
    for _ in range(times):
        inner = [inner] * 10
    return inner


def nested(times: int) -> dict[str, Any]:
    table: dict[str, Any] = {"code": "row-fires"}
    for _ in range(times):
        table = {"code": "row-fires", "because": [table]}
    return table


class Liar(str):
    """A text that is no plain text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "x" * 1_000_000


class Loud:
    """A value whose repr is endless."""

    def __repr__(self) -> str:
        return "x" * 1_000_000


VALUES: Mapping[str, tuple[object, type, str]] = {
    "a table that holds itself": (cyclic(), Customer, "too-deep"),
    "a billion laughs": ({"years": laughs(9)}, Customer, "too-large"),
    "reasons without end": (nested(500), Reason, "too-deep"),
    "keys that are no text": ({1: 2, None: 3, (): 4}, Customer, "unknown-key"),
    "a set": ({"tranches": {1, 2}}, PaymentTerm, "wrong-type"),
    "a generator": ({"tranches": iter("ab")}, PaymentTerm, "wrong-type"),
    "bytes": ({"id": b"c", "name": "n"}, Customer, "wrong-type"),
    "an endless repr": ({"id": Loud(), "name": "n"}, Customer, "wrong-type"),
    "an endless repr of a choice": (
        {"id": "c", "name": "n", "relation": Liar("x")},
        Customer,
        "unknown-choice",
    ),
    "a float amount": ({"amount": 0.1, "currency": "CNY"}, Money, "wrong-type"),
    "a NaN amount": ({"amount": float("nan"), "currency": "CNY"}, Money, "not-finite"),
    "a signalling NaN": (
        {"amount": Decimal("sNaN"), "currency": "CNY"},
        Money,
        "not-finite",
    ),
    "an amount of a million digits": (
        {"amount": Decimal((0, (9,) * 1_000_000, 0)), "currency": "CNY"},
        Money,
        "too-long",
    ),
    "an amount without bound": (
        {"amount": Decimal("1e999999"), "currency": "CNY"},
        Money,
        "out-of-range",
    ),
    "an amount without substance": (
        {"amount": Decimal("1e-20000000"), "currency": "CNY"},
        Money,
        "out-of-range",
    ),
    "an amount text without bound": (
        {"amount": "1e9999", "currency": "CNY"},
        Money,
        "out-of-range",
    ),
    "an amount text of a million digits": (
        {"amount": "9" * 1_000_000, "currency": "CNY"},
        Money,
        "too-long",
    ),
    "a huge whole number": (
        {"amount": 10**100_000, "currency": "CNY"},
        Money,
        "too-long",
    ),
    "a huge year": ({"year": 10**29}, YearMetrics, "out-of-range"),
    "a datetime for a date": (
        {"year": 2025, "ends_on": dt.datetime(2025, 1, 1)},  # noqa: DTZ001 - naive on purpose
        YearMetrics,
        "bad-date",
    ),
    "a time for a date": (
        {"year": 2025, "ends_on": dt.time(1)},
        YearMetrics,
        "bad-date",
    ),
    "a threshold without bound": (
        {"id": "a", "when": "x >= 1e400", "then": "b"},
        Row,
        "not-finite",
    ),
    "a slope of nothing": ({"low": 1, "high": 1}, Linear, "bad-scorer"),
    "an anchor beyond all floats": (
        {"low": 0, "high": Decimal("1e600")},
        Linear,
        "out-of-range",
    ),
    "steps that fall": ({"at": [[2, 1], [1, 2]]}, Steps, "not-sorted"),
    "steps by name": ({"at": {"a": 1}}, Steps, "wrong-type"),
    "shares that do not add up": (
        {"tranches": [{"share": "0.5", "timing": "pre"}] * 3},
        PaymentTerm,
        "sum",
    ),
    "a share of nothing": (
        {"tranches": [{"share": "0", "timing": "pre"}]},
        PaymentTerm,
        "out-of-range",
    ),
    "rates that contradict": (
        {"rates": [{"base": "CNY", "quote": "CNY", "on": "2025-01-01", "rate": 1}]},
        FxTable,
        "contradiction",
    ),
    "a table about nothing": (
        {"name": "t", "about": {"facts": []}, "rows": []},
        DecisionTable,
        "empty",
    ),
    "a fact with a bad name": (
        {"name": "t", "about": {"facts": [{"name": "a b"}]}, "rows": []},
        DecisionTable,
        "bad-syntax",
    ),
    "facts nobody declared": (
        {"schema": {"facts": []}, "values": {"x": 1}},
        Facts,
        "unknown-fact",
    ),
    "a scorer that is a class path": (
        {"id": "c", "fact": "x", "weight": 100, "scorer": {"kind": "subprocess.run"}},
        Criterion,
        "unknown-choice",
    ),
    "a policy of lists": (
        {"name": [], "version": [], "numbers": [], "labels": []},
        Policy,
        "wrong-type",
    ),
    "a verdict without anything": ({}, Verdict[str], "missing"),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_hostile_value_is_refused(name: str) -> None:
    data, type_, code = VALUES[name]

    assert code in held(lambda: wire.structure(data, type_))


CONDITIONS = {
    "nothing": ("", "empty"),
    "a call": ("exit()", "bad-syntax"),
    "an import": ("__import__('os')", "bad-syntax"),
    "an attribute": ("x.__class__.__mro__ >= 1", "bad-syntax"),
    "a comprehension": ("[x for x in y]", "bad-syntax"),
    "a lambda": ("(lambda: 1)() > 0", "bad-syntax"),
    "a power": ("x > 9**9**9**9", "bad-syntax"),
    "a product of texts": ("x == 'a' * 999999999", "bad-syntax"),
    "an f-string": ("x == f'{y}'", "bad-syntax"),
    "a walrus": ("(x := 1) > 0", "bad-syntax"),
    "a star": ("*x", "bad-syntax"),
    "await": ("await x", "bad-syntax"),
    "yield": ("(yield)", "bad-syntax"),
    "statements": ("x; import os", "bad-syntax"),
    "a line of its own": ("x\nimport os", "bad-syntax"),
    "a NUL": ("x\0", "not-text"),
    "a bidi mark": ("x == '\u202eabc'", "not-text"),
    "many brackets": ("(" * 250 + "x" + ")" * 249, "bad-syntax"),
    "many nots": ("not " * 100 + "x", "too-deep"),
    "many minus signs": ("x > " + "-" * 400 + "1", "bad-syntax"),
    "many letters": ("x" * 1_000_000, "too-long"),
    "a number without bound": ("x > 1e400", "not-finite"),
    "an imaginary number": ("x > 1j", "bad-syntax"),
    "a long whole number": ("x > " + "9" * 490, "not-finite"),
    "a number in other digits": ("x > ٣", "bad-syntax"),
    "bytes": ("x == b'a'", "bad-syntax"),
    "dots": ("x > ...", "bad-syntax"),
    "two facts": ("sales > margin", "unknown-number"),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_hostile_condition_is_refused(name: str) -> None:
    text, code = CONDITIONS[name]

    assert code in held(lambda: wire.condition(text, {"large": 1}))


DEFINED: Mapping[str, dict[str, object]] = {
    "a hidden direction in a name": {"name": "a\u202eb"},
    "letters of another script": {"name": "Асme 客户 שלום"},
    "an emoji of many parts": {"name": "👩‍👩‍👧‍👦"},
    "the largest influence": {"influence": "100"},
    "a zero with a sign": {"influence": "-0"},
    "thirty zeros": {"influence": "0.000000000000"},
    "the first day": {"years": [{"year": 1970, "ends_on": "1970-12-31"}]},
    "the last day": {"years": [{"year": 2200, "ends_on": "2200-12-31"}]},
    "sales below nothing": {"years": [{"year": 2025, "sales": "-999999999999999"}]},
}


@pytest.mark.parametrize("name", DEFINED)
def test_what_is_odd_but_sound_is_kept_and_comes_back(name: str) -> None:
    read = wire.loads(customer(**DEFINED[name]), Customer)

    assert wire.loads(wire.dumps(read), Customer) == read
