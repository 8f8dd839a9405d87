"""Conditions as text: what is written is read back, and nothing else is read."""

from __future__ import annotations

import math
from typing import Any as Whatever

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.exceptions import InvalidValueError
from keyaccount.rules import (
    All,
    Any,
    Between,
    Compare,
    Condition,
    Known,
    Named,
    Not,
    OneOf,
    Op,
    Yes,
)
from tests.refusals import refused
from tests.rule_strategies import conditions, schemas


NUMBERS = {"enter": 60, "floor": 0.25}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gross_margin >= 0.3", Compare("gross_margin", Op.GE, 0.3)),
        ("0.3 <= gross_margin", Compare("gross_margin", Op.GE, 0.3)),
        ("gross_margin > -2", Compare("gross_margin", Op.GT, -2.0)),
        ("1 > x", Compare("x", Op.LT, 1.0)),
        ("x == 3", Compare("x", Op.EQ, 3.0)),
        ("3 != x", Compare("x", Op.NE, 3.0)),
        ("composite >= enter", Compare("composite", Op.GE, 60.0)),
        ("enter <= composite", Compare("composite", Op.GE, 60.0)),
        ("enter >= enter", Compare("enter", Op.GE, 60.0)),
        ("0.1 <= x < 0.3", Between("x", 0.1, 0.3, high_included=False)),
        ("0.3 >= x > 0.1", Between("x", 0.1, 0.3, low_included=False)),
        ("floor < x < enter", Between("x", 0.25, 60.0, False, False)),
        ('timing == "pre"', OneOf("timing", ("pre",))),
        ("'pre' == timing", OneOf("timing", ("pre",))),
        ('timing != "pre"', Not(OneOf("timing", ("pre",)))),
        ('timing in ("pre", "doc")', OneOf("timing", ("pre", "doc"))),
        ('timing in ["pre"]', OneOf("timing", ("pre",))),
        ('timing not in {"pre", "doc"}', Not(OneOf("timing", ("pre", "doc")))),
        ("dispute", Yes("dispute")),
        ("not dispute", Not(Yes("dispute"))),
        ("known(influence)", Known("influence")),
        ("a and b and c", All((Yes("a"), Yes("b"), Yes("c")))),
        ("a and b or c", Any((All((Yes("a"), Yes("b"))), Yes("c")))),
        ("a and (b or c)", All((Yes("a"), Any((Yes("b"), Yes("c")))))),
        ("(a and b) and c", All((All((Yes("a"), Yes("b"))), Yes("c")))),
        ("  a\n  and b ", All((Yes("a"), Yes("b")))),
        ("a  # somebody asked", Yes("a")),
        ("not (a and b)", Not(All((Yes("a"), Yes("b"))))),
    ],
)
def test_a_text_says_a_condition(text: str, expected: Condition) -> None:
    assert wire.condition(text, NUMBERS) == expected


def test_a_named_number_keeps_its_name_both_ways() -> None:
    found = wire.condition("floor <= x < enter", NUMBERS)

    assert isinstance(found, Between)
    assert repr((found.low, found.high)) == (
        "(Named(0.25, 'floor'), Named(60.0, 'enter'))"
    )
    assert wire.condition_text(found) == "floor <= x < enter"


SYNTAX = [("$", "bad-syntax")]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x + 1 > 2", "arithmetic"),
        ("exists(x)", "known(fact)"),
        ("known(x, y)", "known(fact)"),
        ("known(x, deep=1)", "known(fact)"),
        ("known(3)", "known(fact)"),
        ("customer.margin > 1", "without points"),
        ("margins[0] > 1", "without brackets"),
        ("a if b else c", "instead of if"),
        ("lambda: 1", "nothing is called"),
        ("3", "a constant alone"),
        ("-x", "only not"),
        ("~x", "only not"),
        ("(x := 3)", "write =="),
        ("[x]", "join with and, or, not"),
        ("x = 3", "gross_margin >= 0.3"),
        ("x >=", "gross_margin >= 0.3"),
        ("x is 3", "write == instead of is"),
        ("x is not 3", "write == instead of is"),
        ("x == True", "stands alone"),
        ("x == None", "compare with a number"),
        ("x == b'a'", "compare with a number"),
        ("x > 'a'", "no order"),
        ("1 < 2", "name a fact"),
        ("x + 1 in ('a',)", "arithmetic"),
        ("-enter < x", "itself negative"),
        ("x > -'a'", "compare with a number"),
        ("x > --1", "only not"),
        ("x > y + 1", "arithmetic"),
        ("1 < x < 2 < 3", "two signs"),
        ("1 < x > 2", "low <= fact < high"),
        ("1 == x < 2", "low <= fact < high"),
        ("1 in x in 2", "low <= fact < high"),
        ("x in 'abc'", "list choices"),
        ("x in (1, 2)", "list choices"),
        ("x in choices", "list choices"),
        ('x == "\\n"', "backslash"),
        ("a # why\nand b", "comments"),
        ("x > 1_", "gross_margin >= 0.3"),
        ("x > １", "gross_margin >= 0.3"),
    ],
)
def test_what_is_no_condition_says_what_to_write_instead(text: str, hint: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        wire.condition(text, NUMBERS)

    assert [(part.path, part.code) for part in caught.value.problems] == SYNTAX
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("x in ()", "empty"),
        ('x in ("a", "a")', "duplicate"),
        ("x" * 501, "too-long"),
        ("not " * 16 + "x", "too-deep"),
        ("x\0", "not-text"),
        ("x == '\u200b'", "not-text"),
        ("x > 1e999", "not-finite"),
        ("x > " + "9" * 400, "not-finite"),
        ("x > y", "unknown-number"),
        ("x > entr", "unknown-number"),
        (3, "wrong-type"),
        (None, "wrong-type"),
    ],
)
def test_what_cannot_be_read_is_refused_by_code(text: str, code: str) -> None:
    assert refused(wire.condition, text, NUMBERS) == (("$", code),)


def test_two_facts_are_not_compared_where_there_are_no_numbers() -> None:
    with pytest.raises(InvalidValueError, match="two facts are not compared"):
        wire.condition("x > y")


def test_fifteen_nots_are_within_the_limit() -> None:
    text = "not " * 15 + "x"

    assert wire.condition_text(wire.condition(text)) == text


def numbered(condition: Condition) -> tuple[Condition, dict[str, float]]:
    """Give every named number a name of its own, and list them."""
    numbers: dict[str, float] = {}

    def renamed(part: Whatever) -> Whatever:  # noqa: ANN401 - any part of a condition
        if isinstance(part, Named):
            name = f"number_{len(numbers)}"
            numbers[name] = float(part)
            return Named(float(part), name)
        if isinstance(part, tuple):
            return tuple(renamed(each) for each in part)
        if attrs.has(type(part)):
            names = list(attrs.fields_dict(type(part)))
            return type(part)(*(renamed(getattr(part, name)) for name in names))
        return part

    return renamed(condition), numbers


def collapsed(condition: Condition) -> Condition:
    """Write all or any of one term as that term."""
    match condition:
        case All(terms=(term,)) | Any(terms=(term,)):
            return collapsed(term)
        case All(terms=terms):
            return All(tuple(map(collapsed, terms)))
        case Any(terms=terms):
            return Any(tuple(map(collapsed, terms)))
        case Not(term=term):
            return Not(collapsed(term))
        case _:
            return condition


@given(st.data())
def test_a_condition_that_is_written_is_read_back(data: st.DataObject) -> None:
    drawn = data.draw(conditions(data.draw(schemas()), ["composite"]))
    condition, numbers = numbered(drawn)

    try:
        text = wire.condition_text(condition)
    except InvalidValueError as error:
        assert {part.code for part in error.problems} == {"too-long"}
        return

    found = wire.condition(text, numbers)
    assert repr(found) == repr(collapsed(condition))
    assert wire.condition_text(found) == text


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (All(()), "empty"),
        (OneOf("x", ()), "empty"),
        (Not(Any(())), "empty"),
        (Yes("no such name"), "bad-syntax"),
        (Yes("class"), "bad-syntax"),
        (Compare("x", Op.GE, Named(1, "a b")), "bad-syntax"),
        (Compare("x", Op.GE, True), "wrong-type"),
        (Compare("x", Op.GE, math.nan), "not-finite"),
        (Between("x", -math.inf, 1), "not-finite"),
        (OneOf("x", ("a\nb",)), "not-text"),
        (Yes("x" * 501), "too-long"),
    ],
)
def test_what_the_text_cannot_say_is_not_written(
    condition: Condition, code: str
) -> None:
    assert refused(wire.condition_text, condition) == (("$", code),)


def test_seventeen_levels_are_not_written() -> None:
    condition: Condition = Yes("x")
    for _ in range(16):
        condition = Not(condition)

    assert refused(wire.condition_text, condition) == (("$", "too-deep"),)


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_a_typed_error(text: str) -> None:
    try:
        found = wire.condition(text, NUMBERS)
    except InvalidValueError as error:
        assert str(error)
    else:
        assert wire.condition(wire.condition_text(found), NUMBERS) == found


WORDS = ["x", "known", "(", ")", "and", "or", "not", "in", "<", "<=", "==", "!=", ">="]
MORE = ["1", "0.5", "'a'", ",", "enter", "-", "True", ".", "[", "]", "is", "if", "else"]


@given(st.lists(st.sampled_from(WORDS + MORE), max_size=25).map(" ".join))
def test_any_heap_of_words_is_a_condition_or_a_typed_error(text: str) -> None:
    try:
        found = wire.condition(text, NUMBERS)
    except InvalidValueError as error:
        assert str(error)
    else:
        assert wire.condition(wire.condition_text(found), NUMBERS) == found
