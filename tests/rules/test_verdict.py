"""Verdicts: values that keep their evidence, and say it when asked."""

from __future__ import annotations

import copy
import datetime as dt
import enum
import html.parser
import pickle
from decimal import Decimal

import attrs
import pytest

from keyaccount.exceptions import UnknownNameError
from keyaccount.rules import (
    Interval,
    Label,
    Missing,
    Number,
    Policy,
    PolicyRef,
    Reason,
    Told,
    Verdict,
)


class Rung(enum.Enum):
    """Two rungs."""

    GENERAL = "general"
    GOLD = "gold"


POINTS = Reason("points", (("criterion", "margin"), ("points", 8.0), ("most", 20.0)))
WHY = Reason("decided", (("outcome", "gold"),), (POINTS,))
GOLD = Verdict(
    Rung.GOLD,
    (Rung.GOLD,),
    (),
    ("incomplete",),
    PolicyRef("tiering", "1", "abc"),
    dt.date(2025, 12, 31),
    evidence=Told(WHY),
)
OPEN = attrs.evolve(
    GOLD,
    value=None,
    possible=tuple(Rung),
    missing=(Missing("gross_margin", "gross-margin"),),
)


def test_a_verdict_is_settled_or_open() -> None:
    assert GOLD.is_settled
    assert not OPEN.is_settled
    assert GOLD.why == WHY


def test_verdicts_are_equal_on_their_fields_not_on_their_evidence() -> None:
    other = attrs.evolve(GOLD, evidence=Told(POINTS))

    assert other == GOLD
    assert hash(other) == hash(GOLD)
    assert copy.deepcopy(GOLD) == GOLD
    assert pickle.loads(pickle.dumps(GOLD)) == GOLD  # noqa: S301 - our own bytes
    assert GOLD != OPEN


def test_a_verdict_says_its_answer_and_its_reasons_indented() -> None:
    lines = GOLD.explain()

    assert lines[0] == "gold"
    assert lines[1].startswith("  ")
    assert len(lines) == 3
    assert len(OPEN.explain("zh-Hans")) == 4


def test_a_verdict_shows_itself_on_one_line() -> None:
    answer = "<Verdict gold · as of 2025-12-31 · flags incomplete>"

    assert repr(GOLD) == answer
    assert "general or gold" in repr(OPEN)
    assert "missing gross_margin" in repr(OPEN)
    bare = attrs.evolve(GOLD, possible=(), flags=(), as_of=None)
    assert repr(bare) == "<Verdict open>"


def test_an_answer_need_not_be_an_enumeration() -> None:
    plain = Verdict(
        "plain", ("plain",), (), (), GOLD.policy, None, evidence=GOLD.evidence
    )

    assert repr(plain) == "<Verdict plain>"


def test_a_long_verdict_is_cut_to_one_line() -> None:
    wordy = attrs.evolve(GOLD, flags=tuple(f"a-long-flag-{at}" for at in range(20)))

    assert len(repr(wordy)) <= 120
    assert repr(wordy).endswith("…>")


class _Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.found.add(tag)


def test_a_notebook_shows_no_markup_from_outside() -> None:
    nasty = Reason("<script>alert(1)</script>")

    tags = _Tags()
    tags.feed(attrs.evolve(GOLD, evidence=Told(nasty))._repr_html_())

    assert tags.found == {"div", "p", "strong", "bdi", "ul", "li"}


def test_a_reason_is_a_tree() -> None:
    assert [level for level, _ in WHY.walk()] == [0, 1]
    assert WHY.get("outcome") == "gold"
    assert WHY.get("nothing") is None


def test_an_interval_holds_what_lies_within() -> None:
    interval = Interval(59.6, 79.6)

    assert 60 in interval
    assert 59.6 in interval
    assert 80.0 not in interval
    assert "60" not in interval
    assert str(interval) == "59.6…79.6"
    assert str(Interval(60.0, 60.0)) == "60.0"
    assert Interval(60.0, 60.0).is_exact
    assert Interval(1.0, 9.0) < Interval(2.0, 3.0)


def test_a_policy_knows_its_numbers_and_its_own_labels() -> None:
    labels = (
        Label("en", "value-tier.gold", "VIP"),
        Label("en", "value-tier.general", "other"),
        Label("zh-Hans", "value-tier.gold", "贵宾"),
    )
    policy = Policy(
        name="mine",
        version="2",
        digest="d",
        numbers=(Number("gold", Decimal(1)),),
        labels=labels,
    )

    assert policy.ref == PolicyRef("mine", "2", "d")
    assert policy.number("gold") == 1
    assert policy.own_labels["en"]["value-tier.gold"] == "VIP"
    assert policy.own_labels["zh-Hans"] == {"value-tier.gold": "贵宾"}
    with pytest.raises(UnknownNameError, match="'gold'"):
        policy.number("gould")
