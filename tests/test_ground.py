"""The ground: three-valued logic, errors, sentences."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import exceptions, wording
from keyaccount.exceptions import (
    CurrencyMismatchError,
    FitError,
    HitPolicyError,
    InvalidValueError,
    KeyAccountError,
    MissingExtraError,
    MissingRateError,
    NoRowError,
    PolicyError,
    Problem,
    Problems,
    ReadError,
    ScorerError,
    UnknownFactError,
    UnknownNameError,
)
from keyaccount.sentences import nearest, shorten
from keyaccount.tri import Tri, all_of, any_of, negate


answers = st.lists(st.sampled_from(Tri))
PROBLEM = Problem("$.share", "out-of-range", (("got", "2"), ("expected", "at most 1")))
ERRORS = [
    InvalidValueError("term", (PROBLEM,)),
    ReadError("file", (PROBLEM, PROBLEM)),
    PolicyError("policy", (PROBLEM,)),
    CurrencyMismatchError("USD", "CNY"),
    MissingRateError("USD", "CNY", "2025-12-31"),
    UnknownFactError("gros_margin", ("gross_margin", "influence")),
    UnknownNameError("term", "depozit", ("deposit",)),
    FitError("spending", "12 customers", "gather more"),
    ScorerError("curve", 3.0, 101),
    HitPolicyError("table", ("a", "b"), "unique"),
    NoRowError("table"),
    MissingExtraError("excel", "python-calamine"),
]


@given(answers)
def test_all_and_any_mirror_each_other(given: list[Tri]) -> None:
    assert negate(all_of(given)) is any_of(negate(answer) for answer in given)


@given(answers, st.lists(st.booleans(), min_size=10, max_size=10))
def test_no_way_of_filling_in_the_unknown_contradicts_a_settled_answer(
    given: list[Tri], told: list[bool]
) -> None:
    filled = [
        Tri.of(told[at % len(told)]) if answer is Tri.UNKNOWN else answer
        for at, answer in enumerate(given)
    ]

    assert all_of(given) in {Tri.UNKNOWN, all_of(filled)}
    assert any_of(given) in {Tri.UNKNOWN, any_of(filled)}


def test_no_answers_at_all_are_all_yes_and_none_of_them_yes() -> None:
    assert all_of([]) is Tri.YES
    assert any_of([]) is Tri.NO


def test_nobody_can_mistake_unknown_for_no() -> None:
    with pytest.raises(TypeError, match=r"answer is Tri\.YES"):
        bool(Tri.UNKNOWN)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_speaks_and_survives_a_process_pool(
    error: KeyAccountError,
) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert str(copy) == str(error)
    assert copy.to_dict() == error.to_dict()
    assert "{" not in str(error)
    assert error.to_dict()["code"] == error.code


@pytest.mark.parametrize(
    "error, builtin",
    [
        (InvalidValueError, ValueError),
        (CurrencyMismatchError, TypeError),
        (MissingRateError, LookupError),
        (UnknownFactError, LookupError),
        (UnknownNameError, LookupError),
        (FitError, ValueError),
        (ScorerError, ValueError),
        (HitPolicyError, ValueError),
        (NoRowError, LookupError),
        (MissingExtraError, ImportError),
    ],
)
def test_an_error_is_also_the_builtin_one_that_one_would_catch(
    error: type[KeyAccountError], builtin: type[Exception]
) -> None:
    assert issubclass(error, builtin)


def test_the_tree_in_the_docstring_names_every_error() -> None:
    names = [name for name in exceptions.__all__ if name.endswith("Error")]

    assert all(name in str(exceptions.__doc__) for name in names)


def test_a_problem_of_a_part_is_seen_from_the_whole() -> None:
    part = InvalidValueError("tranche", (PROBLEM,))
    problems = Problems()

    problems.take("tranches[1]", part)
    problems.add("", "empty", expected="one")

    assert bool(problems)
    assert [problem.path for problem in problems.all()] == ["$.tranches[1].share", "$"]
    with pytest.raises(InvalidValueError, match=r"\$\.tranches\[1\]\.share"):
        problems.check("term")


def test_nothing_noted_is_nothing_raised() -> None:
    Problems().check("term")


def test_a_near_match_is_offered_else_what_there_is() -> None:
    assert nearest("margn", ["margin", "growth"]) == "'margin'"
    assert nearest("zzz", ["margin", "growth"]) == "one of growth, margin"
    assert nearest("zzz", []) == "nothing: none is offered"
    assert nearest("zzz", [f"n{at}" for at in range(20)]).endswith("…")


def test_a_long_value_is_cut_before_it_is_quoted() -> None:
    assert len(shorten("x" * 10**6)) <= 80
    assert shorten(10**5000) == "a very large whole number"
    assert shorten(True) == "True"


@pytest.mark.parametrize(
    "locale, expected",
    [
        ("en", "en"),
        ("en_GB.UTF-8", "en"),
        ("zh", "zh-Hans"),
        ("zh_CN.GB18030", "zh-Hans"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("fr", "en"),
    ],
)
def test_a_locale_is_served_by_the_nearest_language(locale: str, expected: str) -> None:
    assert wording.language(locale) == expected


def test_what_has_no_label_is_shown_as_its_slug() -> None:
    assert wording.label("value-tier", "platinum", "zh-Hans") == "platinum"
    assert wording.say("no-such-code", {"got": 1.0}) == "no-such-code got=1.0"
    assert not wording.has("no-such-code")


def test_a_policys_label_comes_before_the_shipped_one() -> None:
    own = {"en": {"value-tier.gold": "A customer"}}

    assert wording.label("value-tier", "gold", "en", own=own) == "A customer"
    assert wording.label("value-tier", "gold", "zh-Hant", own=own) == "黃金客戶"


def test_an_error_is_said_in_chinese_too() -> None:
    said = wording.say("error.out-of-range", dict(PROBLEM.data), "zh-Hans")

    assert "2" in said
    assert "at most 1" in said
    assert said != str(PROBLEM)


@pytest.mark.parametrize(
    "value, unit, expected",
    [
        (0.25, "share", "25%"),
        (0.333333, "share", "33.33%"),
        (1234567.4, "money", "1,234,567"),
        (72.14, "mark", "72.1"),
        (-0.0, "ratio", "0"),
        (1.2, "ratio", "1.2"),
        (float("inf"), "", "∞"),
        (float("-inf"), "", "−∞"),
    ],
)
def test_a_number_is_written_as_people_read_it(
    value: float, unit: str, expected: str
) -> None:
    assert wording.number(value, unit) == expected


@pytest.mark.parametrize(
    "got, needed, unit, expected",
    [
        (59.97, 60.0, "mark", "59.97"),
        (49_999_999.6, 5e7, "money", "49,999,999.6"),
        (-1e-7, 0.0, "share", "-0.00001%"),
        (60.0, 60.0, "mark", "60"),
        (1 / 3, 1 / 3 + 1e-17, "ratio", "0.3333"),
        (0.1 + 0.2, 0.3, "ratio", "0.3"),
    ],
)
def test_a_number_that_falls_short_does_not_look_as_if_it_reached(
    got: float, needed: float, unit: str, expected: str
) -> None:
    data: dict[str, float | str] = {"fact": "x", "unit": unit, "op": ">="}
    data |= {"got": got, "needed": needed}

    assert wording.say("compare-fails", data) == (
        f"x {expected} ≥ {wording.number(needed, unit)}: no"
    )


def test_a_choice_is_said_in_the_readers_words() -> None:
    data = {"fact": "profile_level", "got": "customer", "needed": "prior, class"}

    assert wording.say("one-of-fails", data, "zh-Hans") == (
        "画像的层级为客户，不属于整体市场、客户类别"
    )
    assert wording.say("one-of-fails", data) == (
        "level of the profile is customer, "
        "not one of market at large, class of customers"
    )


def test_stages_that_lead_on_are_said_in_the_readers_words() -> None:
    data = {"stage": "trial", "needed": "contract-signing, win, own-stage"}
    own = {"en": {"stage.own-stage": "a stage of ours"}}

    assert wording.say("refused-no-way", data, own=own) == (
        "from here no way leads on to “trial”; "
        "possible: contract signing, win, a stage of ours"
    )
    assert wording.say("refused-no-way", {"stage": "trial", "needed": ""}, "zh") == (
        "从当前阶段不能推进到“trial”；可选：无"
    )


def test_a_sign_is_written_as_people_write_it() -> None:
    data = {"at": "2026-01-01", "needed": ">= 2026-02-01"}

    assert wording.say("refused-early", data) == (
        "dated 2026-01-01, before the deal's last event: must be ≥ 2026-02-01"
    )


def test_an_outcome_of_no_table_is_a_deals_own() -> None:
    assert wording.say("refused-closed", {"outcome": "lost"}, "zh-Hant") == (
        "商機已經結束（輸單），只能重新開啟"
    )


def test_a_piece_of_data_that_is_not_there_is_a_question_mark() -> None:
    assert wording.say("compare-open", {"fact": "influence"}) == (
        "customer influence ? ?: not known yet"
    )
