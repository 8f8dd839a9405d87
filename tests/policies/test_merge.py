"""A user's changes, laid over a policy."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.policies import defaults, merge, shipped
from tests.refusals import refused


BASE = {
    "name": "ladder",
    "numbers": {
        "large": {"value": 1000, "unit": "money", "origin": "seed", "why": "S3-8"},
        "fair": {"value": 60, "origin": "prop", "why": "half"},
    },
    "rows": [
        {"id": "high", "when": "a", "origin": "seed", "why": "both"},
        {"id": "low", "when": "b", "origin": "prop", "why": "else"},
    ],
    "list": [1, 2],
}


def test_tables_merge_by_key_and_the_rest_is_replaced() -> None:
    found = merge(BASE, {"version": "2", "list": [3], "extra": {"a": [{"b": 1}]}})

    assert found["name"] == "ladder"
    assert found["version"] == "2"
    assert found["list"] == [3]
    assert found["extra"] == {"a": [{"b": 1}]}


def test_nothing_that_was_given_is_touched() -> None:
    base, changes = copy.deepcopy(BASE), {"rows": [{"id": "high", "when": "c"}]}

    found = merge(base, changes)
    found["rows"][0]["when"] = "d"
    found["numbers"].clear()

    assert base == BASE
    assert changes == {"rows": [{"id": "high", "when": "c"}]}


def test_entries_merge_by_id_and_new_ones_come_last() -> None:
    changes = {"rows": [{"id": "middle", "when": "c"}, {"id": "low", "when": "d"}]}

    rows = merge(BASE, changes)["rows"]

    assert [row["id"] for row in rows] == ["high", "low", "middle"]
    assert rows[1]["when"] == "d"


@pytest.mark.parametrize(
    ("entries", "order"),
    [
        ([{"id": "middle", "before": "low"}], ["high", "middle", "low"]),
        ([{"id": "middle", "before": "high"}], ["middle", "high", "low"]),
        ([{"id": "low", "before": "high"}], ["low", "high"]),
        (
            [{"id": "x"}, {"id": "y", "before": "x"}],
            ["high", "low", "y", "x"],
        ),
    ],
)
def test_before_says_where_an_entry_goes(
    entries: list[dict[str, str]], order: list[str]
) -> None:
    rows = merge(BASE, {"rows": entries})["rows"]

    assert [row["id"] for row in rows] == order
    assert all("before" not in row for row in rows)


def test_drop_takes_entries_away_and_numbers_where_no_entry_has_the_name() -> None:
    found = merge(BASE, {"drop": ["high", "fair"]})

    assert [row["id"] for row in found["rows"]] == ["low"]
    assert list(found["numbers"]) == ["large"]
    assert "drop" not in found


def test_drop_reaches_into_the_lists_of_an_entry() -> None:
    exits = [{"id": "met"}, {"id": "signed"}]
    base = {"stages": [{"id": "one", "exits": exits}, {"id": "two", "exits": exits}]}

    asked = refused(merge, base, {"drop": ["signed"]})
    found = merge(base, {"drop": ["stages.one.exits.signed"]})

    assert asked == (("$.drop[0]", "contradiction"),)
    assert found == {
        "stages": [{"id": "one", "exits": exits[:1]}, {"id": "two", "exits": exits}]
    }


def test_drop_means_the_outermost_entry_of_a_name() -> None:
    inner = [{"id": "low", "parts": [{"id": "high"}]}]
    base = {"rows": [{"id": "high"}, *inner]}

    assert merge(base, {"drop": ["high"]}) == {"rows": inner}


def test_drop_asks_which_where_two_lists_have_that_id() -> None:
    base = {**BASE, "benefits": [{"id": "high", "visits": 4}]}

    asked = refused(merge, base, {"drop": ["high"]})
    found = merge(base, {"drop": ["benefits.high"]})

    assert asked == (("$.drop[0]", "contradiction"),)
    assert found["benefits"] == []
    assert found["rows"] == BASE["rows"]


def test_an_empty_list_empties() -> None:
    assert merge(BASE, {"rows": []})["rows"] == []
    assert merge({"rows": []}, {"rows": [{"id": "a"}]})["rows"] == [{"id": "a"}]


def test_what_a_user_changes_is_the_users_own() -> None:
    changes = {
        "numbers": {"large": {"value": 5}, "fair": {"value": 60, "why": "ours too"}},
        "rows": [
            {"id": "high", "when": "c", "why": "ours"},
            {"id": "low", "when": "c", "origin": "ext:mckinsey"},
        ],
    }

    found = merge(BASE, changes)

    assert found["numbers"]["large"] == {"value": 5, "unit": "money", "origin": "own"}
    assert found["numbers"]["fair"]["origin"] == "own"
    assert found["numbers"]["fair"]["why"] == "ours too"
    assert found["rows"][0]["origin"] == "own"
    assert found["rows"][0]["why"] == "ours"
    assert found["rows"][1]["origin"] == "ext:mckinsey"
    assert found["rows"][1]["why"] == "else"


def test_a_better_reason_alone_does_not_make_it_the_users_own() -> None:
    found = merge(BASE, {"numbers": {"fair": {"why": "we measured it"}}})

    assert found["numbers"]["fair"]["origin"] == "prop"
    assert found["numbers"]["fair"]["why"] == "we measured it"


def test_a_number_may_be_given_alone() -> None:
    found = merge(BASE, {"numbers": {"large": 7, "small": 1}})

    assert found["numbers"]["large"] == {"value": 7, "unit": "money", "origin": "own"}
    assert found["numbers"]["small"] == 1


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"drop": "high"}, "$.drop", "wrong-type"),
        ({"drop": 3}, "$.drop", "wrong-type"),
        ({"drop": ["hgh"]}, "$.drop[0]", "unknown-choice"),
        ({"drop": [3]}, "$.drop[0]", "unknown-choice"),
        ({"drop": [["a"]]}, "$.drop[0]", "unknown-choice"),
        ({"drop": ["high", "high"]}, "$.drop[1]", "unknown-choice"),
        ({"rows": [{"when": "x"}]}, "$.rows[0].id", "missing"),
        ({"rows": [{"id": 3}]}, "$.rows[0].id", "missing"),
        ({"rows": [{"id": "a"}, {"id": "a"}]}, "$.rows[1].id", "duplicate"),
        ({"rows": [{"id": "a", "before": "b"}]}, "$.rows[0].before", "unknown-choice"),
        ({"rows": [{"id": "a", "before": "a"}]}, "$.rows[0].before", "unknown-choice"),
        ({"rows": [{"id": "a", "before": 3}]}, "$.rows[0].before", "unknown-choice"),
    ],
)
def test_changes_that_name_nothing_are_refused(
    changes: Mapping[str, object], path: str, code: str
) -> None:
    assert refused(merge, BASE, changes) == ((path, code),)


@pytest.mark.parametrize("name", shipped())
def test_no_changes_change_nothing(name: str) -> None:
    data = defaults(name)

    assert merge(data, {}) == data
    assert merge(data, {"based_on": name}) == data
    assert merge(data, data) == data


ENTRIES = st.lists(
    st.sampled_from("abcdef").map(lambda slug: {"id": slug, "when": slug}),
    max_size=4,
    unique_by=lambda entry: entry["id"],
)


@given(ENTRIES, ENTRIES)
def test_nothing_is_lost_and_nothing_stands_twice(
    base: list[dict[str, str]], changes: list[dict[str, str]]
) -> None:
    rows = merge({"rows": base}, {"rows": changes} if changes else {})["rows"]

    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {row["id"] for row in (*base, *changes)}
