"""A pipeline is data: a stranger's file is read, linted and run, or refused whole."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal

import pytest

from keyaccount import policies
from keyaccount.exceptions import PolicyError
from keyaccount.models.stages import Pipeline
from tests.models.stage_deals import HEAD, SOUND


def read(text: str) -> Pipeline:
    return policies.read(tomllib.loads(text, parse_float=Decimal), Pipeline)


def refused(text: str) -> set[tuple[str, str]]:
    """Return path and code of all that is wrong with a pipeline's file."""
    with pytest.raises(PolicyError) as caught:
        read(text)
    assert str(caught.value).encode()
    return {(problem.path, problem.code) for problem in caught.value.problems}


def named(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        read(text)
    return str(caught.value)


STRANGE = """
name = "strange"
version = "1"

[[facts]]
id = "source_recorded"

[[facts]]
id = "budget"
kind = "number"
low = 10
high = 1

[[facts]]
id = "no-name"

[[steps]]
id = "meet"
buying = "looks"
outcome = "met"
[[steps]]
id = "meet"
buying = "looks"
outcome = "met"

[numbers.close_notice]
value = -1

[[stages]]
id = "talk"
probability = 1.0
to = ["del", "deal", "deal", "talk"]
max_days = 0
[[stages.exits]]
id = "dear-and-cheap"
when = "contract_value > 10 and contract_value < 5"
[[stages.exits]]
id = "misspelt"
when = "sorce_recorded"
[[stages.exits]]
id = "same"
when = "term_rated"
[[stages.exits]]
id = "same"
when = "term_rated"
[[stages.tasks]]
id = "call"
after_days = -1
[[stages.tasks]]
id = "call"
after_days = 1
every_days = 0
until = "never_heard_of"

[[stages]]
id = "Attic"
probability = 0.0
to = []
back = ["cellar"]

[[stages]]
id = "deal"
probability = 0.7
wins = true
"""


def test_a_strangers_file_is_refused_with_all_that_is_wrong_at_once() -> None:
    """The unreachable stage and the impossible exit among them are named."""
    assert refused(STRANGE) == {
        ("$.facts[0].id", "duplicate"),
        ("$.facts[1].low", "out-of-range"),
        ("$.facts[2].id", "bad-syntax"),
        ("$.steps[1].id", "duplicate"),
        ("$.numbers.close_notice.value", "out-of-range"),
        ("$.stages[0].probability", "out-of-range"),
        ("$.stages[0].to[0]", "unknown-choice"),
        ("$.stages[0].to[2]", "duplicate"),
        ("$.stages[0].to[3]", "contradiction"),
        ("$.stages[0].max_days", "out-of-range"),
        ("$.stages[0].exits[0]", "impossible-exit"),
        ("$.stages[0].exits[1].when", "unknown-fact"),
        ("$.stages[0].exits", "duplicate"),
        ("$.stages[0].tasks[0].after_days", "out-of-range"),
        ("$.stages[0].tasks[1].id", "duplicate"),
        ("$.stages[0].tasks[1].every_days", "out-of-range"),
        ("$.stages[0].tasks[1].until", "unknown-fact"),
        ("$.stages[1].id", "bad-syntax"),
        ("$.stages[1].probability", "out-of-range"),
        ("$.stages[1].back[0]", "unknown-choice"),
        ("$.stages[1]", "unreachable-stage"),
        ("$.stages[1]", "dead-end"),
    }


def test_what_is_wrong_is_named_so_that_it_can_be_found() -> None:
    said = named(STRANGE)

    assert "Attic" in said
    assert "dear-and-cheap" in said
    assert "source_recorded" in said  # what `sorce_recorded` was to be
    assert "use 'deal'" in said  # what `del` was to be


ALONE: Mapping[str, tuple[str, str, tuple[str, str]]] = {
    "an unreachable stage": (
        "wins = true",
        'wins = true\nto = []\n[[stages]]\nid = "x"\nprobability = 0.5\nwins = true',
        ("$.stages[2]", "unreachable-stage"),
    ),
    "an exit that no fact can meet": (
        '"source_recorded"',
        '"mandatory_needs < 0"',
        ("$.stages[0].exits[0]", "impossible-exit"),
    ),
    "an exit that contradicts itself": (
        '"source_recorded"',
        '"source_recorded and not source_recorded"',
        ("$.stages[0].exits[0]", "impossible-exit"),
    ),
    "a misspelt fact": (
        '"source_recorded"',
        '"source_record"',
        ("$.stages[0].exits[0].when", "unknown-fact"),
    ),
    "a question of the wrong kind": (
        '"source_recorded"',
        '"source_recorded >= 1"',
        ("$.stages[0].exits[0].when", "wrong-type"),
    ),
    "an answer that a gate does not give": (
        '"source_recorded"',
        "\"gate_is_real == 'passed'\"",
        ("$.stages[0].exits[0].when", "unknown-choice"),
    ),
    "sure to be won": ("0.7", "1.0", ("$.stages[1].probability", "out-of-range")),
    "sure to be lost": ("0.7", "0", ("$.stages[1].probability", "out-of-range")),
    "ages in no time": (
        "wins = true",
        "wins = true\nmax_days = 0",
        ("$.stages[1].max_days", "out-of-range"),
    ),
    "no name for an event to say": (
        '"talk"',
        '"First talk"',
        ("$.stages[0].id", "bad-syntax"),
    ),
    "a way to nowhere": (
        "probability = 0.2",
        'probability = 0.2\nto = ["deal", "dael"]',
        ("$.stages[0].to[1]", "unknown-choice"),
    ),
    "a way back to itself": (
        "probability = 0.2",
        'probability = 0.2\nback = ["talk"]',
        ("$.stages[0].back[0]", "contradiction"),
    ),
    "a task for ever": (
        "wins = true",
        'wins = true\n[[stages.tasks]]\nid = "call"\nafter_days = 1000000',
        ("$.stages[1].tasks[0].after_days", "out-of-range"),
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_each_fault_alone_is_named_where_it_stands(name: str) -> None:
    old, new, found = ALONE[name]
    text = HEAD + SOUND
    assert text.count(old) == 1
    assert read(text).machine.start == "talk"

    assert refused(text.replace(old, new)) == {found}


def test_a_stage_that_stands_twice_is_named() -> None:
    assert ("$.stages", "duplicate") in refused(HEAD + SOUND.replace("deal", "talk"))


def test_a_pipeline_where_nothing_can_be_won_has_no_end() -> None:
    assert refused(HEAD + SOUND.replace("wins = true", "")) == {
        ("$.stages[0]", "dead-end"),
        ("$.stages[1]", "dead-end"),
    }


def test_a_pipeline_without_stages_is_none() -> None:
    assert refused(HEAD + "stages = []") == {("$.stages", "empty")}


def test_a_dead_end_is_told_although_it_can_be_reached() -> None:
    text = HEAD + SOUND.replace(
        "probability = 0.2", 'probability = 0.2\nto = ["deal", "limbo"]'
    )

    assert refused(text + '[[stages]]\nid = "limbo"\nprobability = 0.1\n') == {
        ("$.stages[2]", "dead-end")
    }


def clashing(*whens: str) -> set[tuple[str, str]]:
    exits = "".join(
        f'[[stages.exits]]\nid = "e{index}"\nwhen = "{when}"\n'
        for index, when in enumerate(whens)
    )
    return refused(HEAD + SOUND + exits)


def test_exits_that_clash_only_with_each_other_are_named_together() -> None:
    assert clashing("contract_value > 10", "contract_value < 5") == {
        ("$.stages[1].exits", "impossible-exit")
    }
    said = named(
        HEAD
        + SOUND
        + '[[stages.exits]]\nid = "dear"\nwhen = "contract_value > 10"\n'
        + '[[stages.exits]]\nid = "cheap"\nwhen = "contract_value < 5"\n'
    )
    assert "dear and cheap together" in said


def test_exits_that_clash_only_all_together_are_named_too() -> None:
    whens = (
        "term_rated or terms_reasonable",
        "not term_rated or contract_signed",
        "not terms_reasonable or contract_signed",
        "not contract_signed",
    )

    assert clashing(*whens) == {("$.stages[1].exits", "impossible-exit")}
