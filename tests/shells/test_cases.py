"""The case runner: what passes, what falls short, and what is no case at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs
import pytest

from keyaccount import cases, policies
from keyaccount.cases._arguments import arguments
from keyaccount.domain import FactorWeights
from keyaccount.exceptions import ReadError
from keyaccount.models.buying import BuyingPolicy
from keyaccount.models.stages import Pipeline


MATCH = """
[[case]]
name  = "a price fight"
id    = "B-1"
model = "buying"
as_of = 2025-12-31
[case.given]
emphasis = { relationship = 20, price = 60, innovation = 20 }
customer = { relationship = 55, price = 15, innovation = 30 }
[case.expect]
"""


def match(expect: str) -> cases.CaseResult:
    """Run one match, which is misaligned by 0.45, against what is expected of it."""
    return cases.run(MATCH + expect)[0]


def differences(expect: str) -> list[tuple[str, str, str]]:
    """Return what a match lacks."""
    return [attrs.astuple(part) for part in match(expect).differences]


def problems(text: str | Mapping[str, object]) -> list[tuple[str, str]]:
    """Return path and code of everything that is wrong with a file."""
    with pytest.raises(ReadError) as caught:
        cases.run(text)
    assert str(caught.value)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def case(**keys: object) -> dict[str, object]:
    """Return a file with one case, about a need type unless said otherwise."""
    given = {"weights": {"relationship": 46, "price": 36, "innovation": 18}}
    whole: dict[str, object] = {
        "name": "the market demands service",
        "model": "buying",
        "verb": "need_type",
        "given": given,
        "expect": {"value": "service-demanding"},
    }
    changed = {**whole, **keys}
    kept = {key: part for key, part in changed.items() if part is not None}
    return {"case": [kept]}


# ── what passes, what falls short ───────────────────────────────────────────────


def test_a_case_that_holds_passes_and_says_why() -> None:
    result = match('value = "misaligned"')

    assert result.passed
    assert (result.name, result.id) == ("a price fight", "B-1")
    assert (result.model, result.verb) == ("buying", "match")
    assert result.reasons[0] == "mismatch 45%"


def test_the_reasons_come_in_the_language_asked_for() -> None:
    found = cases.run(MATCH + 'value = "misaligned"', locale="zh-Hans")

    assert found[0].reasons[0] == "错配度 45%"


def test_a_file_may_be_a_path_a_name_a_text_or_plain_data(tmp_path: Path) -> None:
    text = MATCH + 'value = "misaligned"'
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")

    for source in (file, str(file), text, case()):
        assert all(result.passed for result in cases.run(source))


def test_a_wrong_answer_is_shown_with_its_place() -> None:
    assert differences('value = "aligned"\ntrust = "high"\nnothing = 1') == [
        ("$.value", "'aligned'", "'misaligned'"),
        ("$.trust", "'high'", "nothing"),
        ("$.nothing", "1", "nothing"),
    ]


def test_a_number_agrees_exactly_unless_said_otherwise() -> None:
    assert differences("mismatch = { low = 0.45 }") == []
    assert differences("mismatch = { low = 0.44 }") == [
        ("$.mismatch.low", "0.44", "0.45")
    ]
    assert differences("mismatch = { low = 0.44 }\nwithin = 0.01") == []
    assert differences("mismatch = { low = 0.44, within = 0.01 }") == []
    assert differences("mismatch = { low = 0.43 }\nwithin = 0.01") == [
        ("$.mismatch.low", "0.43", "0.45")
    ]


@pytest.mark.parametrize(
    "expect, found",
    [
        ("mistakes = []", ("$.mistakes", "[]", "['price-fight-on-insensitive']")),
        ('mistakes = ["x"]', ("$.mistakes[0]", "'x'", "'price-fight-on-insensitive'")),
        ("flags = [1]", ("$.flags", "[1]", "[]")),
        ("value = { a = 1 }", ("$.value", "{ a = 1 }", "'misaligned'")),
        ("value = [true]", ("$.value", "[true]", "'misaligned'")),
        ("value = 1", ("$.value", "1", "'misaligned'")),
        ("value = false", ("$.value", "false", "'misaligned'")),
        ("value = 2025-12-31", ("$.value", "2025-12-31", "'misaligned'")),
        ("mismatch = 0.45", ("$.mismatch", "0.45", "{ low = 0.45, high = 0.45 }")),
        ('mismatch = { low = "0.45" }', ("$.mismatch.low", "'0.45'", "0.45")),
    ],
)
def test_another_kind_of_answer_is_no_agreement(
    expect: str, found: tuple[str, str, str]
) -> None:
    assert differences(expect) == [found]


def test_a_long_answer_is_cut_short() -> None:
    result = match('why = "because"')

    assert len(result.differences[0].found) == 200


def test_a_day_agrees_with_the_day_as_it_is_written() -> None:
    assert differences("as_of = 2025-12-31") == []


def test_an_answer_that_is_no_verdict_has_no_reasons() -> None:
    data = case(verb="prior", given={}, expect={"price": 36})

    assert cases.run(data)[0] == cases.CaseResult(
        "the market demands service", "", "buying", "prior", (), ()
    )


def test_a_list_given_is_answered_by_a_list() -> None:
    weights = [{"relationship": 46, "price": 36}, {"price": 100}]
    expect = [{"value": "service-demanding"}, {"value": "price-sensitive"}]

    result = cases.run(case(given={"weights": weights}, expect=expect))[0]

    assert result.passed
    assert "price-sensitive" in result.reasons


def test_a_table_that_may_be_of_several_kinds_is_known_by_its_keys() -> None:
    profile = {
        "customer_id": "c1",
        "weights": {"relationship": 46, "price": 36, "innovation": 18},
        "observed_on": dt.date(2025, 12, 30),
    }
    given = {
        "emphasis": {"relationship": 46, "price": 36, "innovation": 18},
        "customer": [profile, {"price": 36}, {"kind": "factor-weights", "price": 36}],
    }
    levels: list[object] = [{"level": "customer"}, {}, {}]

    found = cases.run(
        case(verb="match", as_of="2025-12-31", given=given, expect=levels)
    )

    assert found[0].differences == ()


# ── errors that are expected ────────────────────────────────────────────────────


@pytest.mark.parametrize("code", ["unreadable", "invalid-value", "sum"])
def test_an_expected_error_may_be_named_by_any_of_its_codes(code: str) -> None:
    data = case(given={"weights": {"price": 101}}, expect=None, error=code)
    if code == "sum":
        given = {"weights": {"price": 60, "relationship": 60}}
        data = case(given=given, expect=None, error=code)

    result = cases.run(data)[0]

    assert result.passed
    assert result.reasons


def test_an_error_of_the_verb_itself_may_be_expected() -> None:
    given = {"term": "open-acount"}

    result = cases.run(
        case(model="payment", verb=None, given=given, expect=None, error="unknown-name")
    )[0]

    assert result.passed
    assert result.verb == "rate"


def test_an_error_may_be_expected_under_expect_as_well() -> None:
    text = """
    [[case]]
    name  = "no such term"
    model = "payment"
    given.term   = "open-acount-60"
    expect.error = "unknown-name"
    """
    assert cases.run(text)[0].passed


def test_another_error_than_the_expected_one_falls_short() -> None:
    given = {"weights": {"price": 101}}

    result = cases.run(case(given=given, expect=None, error="no-row"))[0]

    assert [attrs.astuple(part) for part in result.differences] == [
        ("$", "the error no-row", "the error unreadable")
    ]


def test_an_answer_in_place_of_an_error_falls_short() -> None:
    result = cases.run(case(expect=None, error="no-row"))[0]

    assert result.differences[0].expected == "the error no-row"
    assert result.differences[0].found.startswith("an answer: { value = 'service-")


def test_an_error_in_place_of_an_answer_falls_short() -> None:
    given = {"emphasis": {"price": 60}, "customer": {"price": 36}}

    result = cases.run(
        case(verb="match", as_of="2025-12-31", given=given, expect={"value": "aligned"})
    )[0]

    assert [attrs.astuple(part) for part in result.differences] == [
        ("$", "an answer", "the error invalid-value")
    ]
    assert any("ours to say" in line for line in result.reasons)


# ── policies ────────────────────────────────────────────────────────────────────


def test_a_case_may_change_the_policy() -> None:
    policy = {"numbers": {"strong": 30}}

    result = cases.run(case(policy=policy, expect={"value": "price-sensitive"}))[0]

    assert result.passed


def test_a_policy_of_ones_own_is_used_and_changed() -> None:
    mine = policies.read(
        {"based_on": "buying", "version": "mine", "numbers": {"strong": 30}},
        BuyingPolicy,
    )
    said = {"version": "mine"}

    bare = case(expect={"value": "price-sensitive", "policy": said})
    changed = case(policy={"numbers": {"strong": 37}}, expect={"policy": said})
    silent = case(verb="prior", given={}, expect={"price": 36})

    for data in (bare, changed, silent):
        assert cases.run(data, own={"buying": mine})[0].passed
    assert not cases.run(bare)[0].passed


def test_mistakes_in_a_cases_policy_are_mistakes_of_the_file() -> None:
    assert problems(case(policy={"need_rows": [{"id": "price-led", "when": "x > 1"}]}))
    assert problems(case(policy="mine.toml")) == [("$.case[0].policy", "wrong-type")]


def test_a_case_may_expect_a_policy_to_be_refused() -> None:
    data = case(policy={"drop": ["nobody"]}, expect=None, error="bad-policy")

    assert cases.run(data)[0].passed


DEAL = """
[[case]]
name  = "a source alone is not enough"
model = "stages"
[case.given]
event = { id = "e2", kind = "advance", at = 2026-01-20T09:00:00Z, actor = "east-desk" }
facts = { source_recorded = true }
[case.given.deal]
id = "o1"
[[case.given.deal.history]]
event = { id = "e1", kind = "open", at = 2026-01-05T09:00:00Z, actor = "east-desk" }
version = 1
stage = "identification"
entered_at = 2026-01-05T09:00:00Z
paused_days = 0
facts = {}
policy = { name = "stages", version = "1", digest = "-" }
[case.expect]
"""


def test_a_ruling_says_its_kind_and_its_reasons() -> None:
    result = cases.run(DEAL + 'kind = "refused"\nunmet = [{ code = "is-real" }]')[0]

    assert result.passed
    assert result.reasons[1] == "  not known whether met: it is an opportunity"


def test_a_pipeline_is_the_policy_whatever_the_verb_calls_it() -> None:
    lax = cases.run(DEAL + 'kind = "moved"\n[case.policy]\ndrop = ["is-real"]')[0]
    mine = policies.read({"based_on": "stages", "drop": ["is-real"]}, Pipeline)
    own = cases.run(DEAL + 'kind = "moved"', own={"stages": mine})[0]

    assert lax.passed
    assert own.passed


def test_a_verb_that_must_have_a_pipeline_asks_for_the_policy() -> None:
    found = problems(
        case(model="stages", verb="rejudge", given={"history": []}, expect={})
    )

    assert found == [("$.case[0].policy", "missing")]


# ── files that are no case files ────────────────────────────────────────────────


@pytest.mark.parametrize(
    "data, found",
    [
        ("", ("$.case", "empty")),
        ({"case": "x"}, ("$.case", "empty")),
        ({"cases": [], **case()}, ("$.cases", "unknown-key")),
        ({"case": ["x"]}, ("$.case[0]", "wrong-type")),
        (case(name=None), ("$.case[0].name", "missing")),
        (case(name=1), ("$.case[0].name", "wrong-type")),
        (case(model=None), ("$.case[0].model", "missing")),
        (case(model="os"), ("$.case[0].model", "unknown-choice")),
        (case(verb="system"), ("$.case[0].verb", "unknown-choice")),
        (case(verb="default_policy"), ("$.case[0].verb", "unknown-choice")),
        (case(verb="BuyingPolicy"), ("$.case[0].verb", "unknown-choice")),
        (case(verb=1), ("$.case[0].verb", "wrong-type")),
        (case(expects={}), ("$.case[0].expects", "unknown-key")),
        (case(**{"my key": 1}), ("$.case[0]['my key']", "unknown-key")),
        (case(error="sum"), ("$.case[0].expect", "contradiction")),
        (case(expect=None), ("$.case[0].expect", "contradiction")),
        (case(expect={"within": -1}), ("$.case[0].expect.within", "out-of-range")),
        (case(expect={"within": True}), ("$.case[0].expect.within", "out-of-range")),
        (
            case(expect={"possible": [{"within": "1"}]}),
            ("$.case[0].expect.possible[0].within", "out-of-range"),
        ),
        (case(given=[]), ("$.case[0].given", "wrong-type")),
        (case(given={}), ("$.case[0].given.weights", "missing")),
        (case(given={"weights": 1}), ("$.case[0].given.weights", "wrong-type")),
        (
            case(given={"weights": [{"price": 1.5}, {"price": 101}]}),
            ("$.case[0].given.weights[1].price", "out-of-range"),
        ),
        (
            case(given={"weights": {"price": 36, "trust": 46}}),
            ("$.case[0].given.weights.trust", "unknown-key"),
        ),
        (
            case(given={"weights": {"price": 36}, "policy": {}}),
            ("$.case[0].given.policy", "unknown-key"),
        ),
        (case(verb="match"), ("$.case[0].as_of", "missing")),
        (case(verb="match", as_of="soon"), ("$.case[0].as_of", "bad-date")),
    ],
)
def test_a_mistake_in_the_file_is_an_error_with_its_place(
    data: str | Mapping[str, object], found: tuple[str, str]
) -> None:
    assert found in problems(data)


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    entries = [
        entry
        for data in (case(model="os"), case(given={}), case(name=None))
        for entry in data["case"]  # type: ignore[attr-defined]  # a list, by `case`
    ]

    found = problems({"case": entries})

    assert [path for path, _ in found] == [
        "$.case[0].model",
        "$.case[1].given.weights",
        "$.case[2].name",
    ]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        cases.run(tmp_path / "nobody.toml")


def test_every_model_offers_its_main_verb() -> None:
    for name, model in cases.MODELS.items():
        assert model.main in model.verbs
        assert model.module.__name__ == f"keyaccount.models.{name}"


# ── how a signature reads ───────────────────────────────────────────────────────


def verb(
    one: FactorWeights,
    *,
    many: Iterable[FactorWeights] = (),
    named: Mapping[str, FactorWeights] | None = None,
    loose: Mapping[str, object] | None = None,
    word: str = "",
) -> tuple[object, ...]:
    """Stand in for a verb with every form of argument."""
    return one, many, named, loose, word


def read(**given: object) -> dict[str, object]:
    """Read arguments for it."""
    return arguments(verb, {"given": given}, model="buying", own=None, path="$.case[0]")


def test_tables_by_name_and_loose_tables_are_read_by_the_signature() -> None:
    price = {"price": 100}
    whole = FactorWeights(price=100)

    found = read(one=price, many=[price], named={"c 1": price}, loose={"x": 1})

    assert found == {
        "one": whole,
        "many": (whole,),
        "named": {"c 1": whole},
        "loose": {"x": 1},
    }


def test_a_mistake_in_a_table_by_name_has_its_place() -> None:
    with pytest.raises(ReadError) as caught:
        read(one={"price": 100}, named={"c 1": {"price": 101}, "c2": 1})

    assert [problem.path for problem in caught.value.problems] == [
        "$.case[0].given.named['c 1'].price",
        "$.case[0].given.named.c2",
    ]


def test_lists_and_tables_where_none_belong_are_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read(one=[{"price": 100}], named=[], word={"price": 100})

    assert [(part.path, part.code) for part in caught.value.problems] == [
        ("$.case[0].given.one", "wrong-type"),
        ("$.case[0].given.named", "wrong-type"),
        ("$.case[0].given.word", "wrong-type"),
    ]


def test_a_verb_without_a_policy_takes_none() -> None:
    entry = {"given": {"one": {"price": 100}}, "policy": {"version": "2"}}

    with pytest.raises(ReadError, match="this verb asks for none") as caught:
        arguments(verb, entry, model="buying", own=None, path="$.case[0]")

    assert caught.value.problems[0].path == "$.case[0].policy"
