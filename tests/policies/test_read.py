"""Policies: shipped, from a file, from plain data; checked whole, all at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from keyaccount import policies, wire
from keyaccount.exceptions import PolicyError, Problem, UnknownNameError
from keyaccount.rules import Policy, Row
from tests.policies.ladder import TEXT, LadderPolicy
from tests.refusals import refused


def plain(**changes: object) -> dict[str, object]:
    return {**wire.read_toml(TEXT), **changes}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ladder.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_file_and_plain_data_are_the_same_policy(file: Path) -> None:
    policy = policies.read(file, LadderPolicy)

    assert policy.rows[0].id == "high"
    assert policy.number("large") == 1000
    assert policies.read(str(file), LadderPolicy) == policy
    assert policies.read(plain(), LadderPolicy) == policy
    assert policy.digest == policies.digest(policy)
    assert policy.ref.digest == policy.digest


def test_a_file_may_start_with_a_mark_and_end_lines_as_windows_does(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ladder.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())

    assert policies.read(path, LadderPolicy) == policies.read(plain(), LadderPolicy)


def test_four_mistakes_are_told_in_one_go() -> None:
    data = plain(otherwise=None)
    rows = [
        {"id": "high", "when": "sales >= large", "then": "high"},
        {"id": "middle", "when": "sales >= 2000", "then": "middle"},
        {"id": "odd", "when": "margn >= 0.3", "then": "low"},
    ]
    criteria = data["criteria"]
    assert isinstance(criteria, list)
    lighter = [{**criteria[0], "weight": 59}, criteria[1]]

    with pytest.raises(PolicyError) as caught:
        policies.read({**data, "rows": rows, "criteria": lighter}, LadderPolicy)

    assert caught.value.what == "ladder"
    codes = {problem.code for problem in caught.value.problems}
    assert codes >= {"sum", "unknown-fact", "gap", "unreachable-row"}
    said = str(caught.value)
    assert "99" in said
    assert "'margn' is not a fact of this model; use 'margin'" in said


def test_a_broken_file_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("name = ", encoding="utf-8")

    with pytest.raises(PolicyError, match=r"mine\.toml: ") as caught:
        policies.read(path, LadderPolicy)
    with pytest.raises(PolicyError, match=r"mine\.toml: "):
        policies.read(str(path), LadderPolicy)

    assert caught.value.problems[0].code == "bad-syntax"


@pytest.mark.parametrize("source", [None, 3, ["tiering"]])
def test_a_source_is_a_name_a_path_or_a_mapping(source: object) -> None:
    assert refused(policies.read, source, LadderPolicy) == (("$", "wrong-type"),)


@pytest.mark.parametrize("source", ["tierng", "", "../tiering", "a\0b"])
def test_a_name_that_is_not_shipped_is_no_policy(source: str) -> None:
    with pytest.raises(UnknownNameError, match="policy"):
        policies.read(source, LadderPolicy)


@pytest.mark.parametrize("source", ["nowhere.toml", "a\0b.toml"])
def test_a_file_that_is_not_there_is_no_policy(source: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="policy file"):
        policies.read(source, LadderPolicy)
    with pytest.raises(UnknownNameError, match="policy file"):
        policies.read(tmp_path, LadderPolicy)


def test_a_policy_is_based_on_a_shipped_one_by_name() -> None:
    assert refused(policies.read, {"based_on": "tierng"}, LadderPolicy) == (
        ("$.based_on", "unknown-choice"),
    )
    assert refused(policies.read, {"based_on": ["tiering"]}, LadderPolicy) == (
        ("$.based_on", "unknown-choice"),
    )
    with pytest.raises(PolicyError, match=r"tiering: \$\.drop\[0\]"):
        policies.read({"based_on": "tiering", "drop": ["x"]}, LadderPolicy)


@attrs.frozen(kw_only=True)
class Loose(Policy):
    """The rows of the shipped tiering, taken as they are."""

    rows: tuple[Row, ...]
    currency: str


def test_a_problem_in_a_merged_list_is_found_by_id() -> None:
    changes = {"based_on": "tiering", "rows": [{"id": "gold", "when": "gld >= 3 +"}]}

    found = dict(refused(policies.read, changes, Loose))

    assert found["$.rows[gold].when"] == "bad-syntax"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", "$"),
        ("$.rows", "$.rows"),
        ("$.rows[0]", "$.rows[a]"),
        ("$.rows[0].when", "$.rows[a].when"),
        ("$.rows[1].when", "$.rows[1].when"),
        ("$.rows[7].when", "$.rows[7].when"),
        ("$.rows[0].at[0][1]", "$.rows[a].at[0][1]"),
        ("$['odd key'].a[0]", "$['odd key'].a[0]"),
        ("$.rows[0]['odd key']", "$.rows[a]['odd key']"),
        ("$.name.x", "$.name.x"),
    ],
)
def test_a_place_is_named_by_id_where_there_is_one(path: str, expected: str) -> None:
    from keyaccount.policies._places import by_id  # noqa: PLC0415 - a room's own piece

    data = {"rows": [{"id": "a", "at": [[1, 2]]}, {"when": "b"}], "name": "n"}

    assert by_id(Problem(path, "empty"), data).path == expected


@pytest.mark.parametrize("data", [{"name": 3}, {"name": ["x"] * 10_000}, {}])
def test_a_policy_without_a_name_is_called_policy(data: dict[str, object]) -> None:
    with pytest.raises(PolicyError) as caught:
        policies.read(data, LadderPolicy)

    assert caught.value.what == "policy"


def test_a_shipped_policy_is_read_by_name() -> None:
    from keyaccount.models.tiering import TieringPolicy  # noqa: PLC0415 - the joint

    policy = policies.read("tiering", TieringPolicy)

    assert policy.name == "tiering"
    assert policies.read({"based_on": "tiering"}, TieringPolicy) == policy
    assert policies.lint(policy) == ()


def test_a_user_names_fewer_things_and_gets_a_whole_policy() -> None:
    from keyaccount.models.tiering import TieringPolicy  # noqa: PLC0415 - the joint

    text = """
    based_on = "tiering"
    currency = "CNY"
    numbers = { diamond = 7e8, gold = 3e8, strategic = 1e8, potential = 1e7 }
    """

    policy = policies.read(wire.read_toml(text), TieringPolicy)

    assert policy.number("strategic") == Decimal(10) ** 8
    own = {number.id for number in policy.numbers if number.origin == "own"}
    assert own == {"diamond", "gold", "strategic", "potential"}
    assert [str(problem) for problem in policies.lint(policy)] == [
        f"$.numbers.{name}: '{name}' says no why; add why = \"…\""
        for name in ("diamond", "gold", "strategic", "potential")
    ]


def test_a_missing_why_is_a_finding_not_an_error() -> None:
    rows = [
        {"id": "high", "when": "sales >= large", "then": "high", "why": "so"},
        {"id": "middle", "when": "composite >= fair", "then": "middle"},
    ]

    policy = policies.read(plain(rows=rows), LadderPolicy)

    assert policy.rows[1].origin == "own"
    assert policies.lint(policy) == (
        Problem("$.rows[1]", "no-reason", (("got", "'middle'"),)),
    )


def test_every_reason_is_there_in_the_small_policy() -> None:
    assert policies.lint(policies.read(plain(), LadderPolicy)) == ()


def test_the_programs_own_scorers_are_passed_in() -> None:
    def flat(fact: float) -> float:
        return 50.0 if fact > 0 else 0.0

    data = plain()
    criteria = data["criteria"]
    assert isinstance(criteria, list)
    own = [{**criteria[0], "scorer": {"kind": "flat"}}, criteria[1]]

    policy = policies.read(
        {**data, "criteria": own}, LadderPolicy, kinds={"flat": flat}
    )

    assert policy.criteria[0].scorer is flat
    assert policies.digest(policy, kinds={"flat": flat}) == policy.digest


def test_a_default_is_a_copy_of_ones_own() -> None:
    data = policies.defaults("tiering")
    data.clear()

    assert policies.defaults("tiering")["name"] == "tiering"
    with pytest.raises(UnknownNameError, match="tiering"):
        policies.defaults("tierng")
