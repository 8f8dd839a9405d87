"""Rules, policies and verdicts both ways; numbers with names keep them."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
import pickle
from collections.abc import Mapping
from decimal import Decimal
from typing import Any as Whatever
from typing import Generic, Literal, TypeVar, cast

import attrs
import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import DealEvent, EventKind, Money, ValueTier
from keyaccount.exceptions import InvalidValueError, ReadError
from keyaccount.models import stages
from keyaccount.rules import (
    All,
    Any,
    Compare,
    Condition,
    Criterion,
    Decay,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    Gate,
    Gates,
    HitPolicy,
    Interval,
    Label,
    Linear,
    Lookup,
    Missing,
    Named,
    Not,
    Number,
    OneOf,
    Op,
    Policy,
    PolicyRef,
    Reason,
    Row,
    Scorecard,
    Scorer,
    Steps,
    Told,
    Verdict,
    Yes,
    explain_table,
)
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.rule_strategies import Plateau, cases, facts_for, schemas, tables


KINDS: wire.Kinds = {"plateau": Plateau}


def numbered(value: Whatever, numbers: dict[str, float]) -> Whatever:  # noqa: ANN401 - any part of a rule
    """Give every named number in a rule a name of its own, and note it."""
    if isinstance(value, Named):
        name = f"number_{len(numbers)}"
        numbers[name] = float(value)
        return Named(float(value), name)
    if isinstance(value, tuple):
        return tuple(numbered(part, numbers) for part in value)
    if attrs.has(type(value)):
        changes = {
            attribute.name: numbered(getattr(value, attribute.name), numbers)
            for attribute in attrs.fields_dict(type(value)).values()
            if attribute.init
        }
        return type(value)(**changes)
    return value


def single_terms(part: object) -> bool:
    """Whether a condition joins one term somewhere: the text writes that as it is."""
    match part:
        case All(terms=terms) | Any(terms=terms):
            return len(terms) == 1 or any(map(single_terms, terms))
        case Not(term=term):
            return single_terms(term)
        case _:
            return False


@given(tables())
def test_a_table_that_is_written_is_read_back(table: DecisionTable) -> None:
    numbers: dict[str, float] = {}
    given_table = numbered(table, numbers)

    try:
        plain = wire.unstructure(given_table, kinds=KINDS)
    except InvalidValueError as error:
        assert {part.code for part in error.problems} == {"too-long"}
        return
    found = wire.structure(plain, DecisionTable, kinds=KINDS, numbers=numbers)

    assert wire.unstructure(found, kinds=KINDS) == plain
    if not any(single_terms(row.when) for row in table.rows):
        assert repr(found) == repr(given_table)
    json.loads(wire.to_json(plain))


@given(cases())
def test_facts_and_reasons_that_are_written_are_read_back(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case

    assert wire.structure(wire.unstructure(facts), Facts) == facts
    if not table.hit.is_single or table.otherwise is None:
        return
    if table.hit in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        return
    reason = explain_table(table, facts)
    text = wire.to_json(wire.unstructure(reason))
    assert wire.structure(wire.read_json(text), Reason) == reason


@given(st.data())
def test_facts_keep_to_their_schema(data: st.DataObject) -> None:
    facts = data.draw(facts_for(data.draw(schemas())))
    schema = wire.schema(Facts)

    jsonschema.Draft202012Validator(schema).validate(
        json.loads(wire.to_json(wire.unstructure(facts)))
    )


@given(tables())
def test_a_table_keeps_to_its_schema(table: DecisionTable) -> None:
    numbers: dict[str, float] = {}
    plain_table = numbered(table, numbers)
    try:
        plain = wire.unstructure(plain_table, kinds=KINDS)
    except InvalidValueError:
        return
    document = json.loads(wire.to_json(plain))

    for kinds in (KINDS, None):
        schema = wire.schema(DecisionTable, kinds=kinds)
        jsonschema.Draft202012Validator(schema).validate(document)


FACTS = FactSchema(
    (
        Fact.number("margin", unit="share"),
        Fact.choice("timing", ("pre", "doc")),
        Fact.yes_no("dispute"),
    )
)
SCHEMA = wire.unstructure(FACTS)


def test_facts_that_do_not_fit_are_refused_where_they_stand() -> None:
    plain = {"schema": SCHEMA, "values": {"margin": "high", "timing": "dc"}}

    assert refused(wire.structure, plain, Facts) == (
        ("$.values.margin", "wrong-type"),
        ("$.values.timing", "unknown-choice"),
    )
    assert refused(wire.structure, {"schema": SCHEMA, "values": {"m": 1}}, Facts) == (
        ("$.values", "unknown-fact"),
    )
    assert refused(wire.structure, {"values": {}}, Facts) == (("$.schema", "missing"),)


def test_a_yes_no_fact_is_written_as_yes_or_no() -> None:
    facts = FACTS.read({"dispute": True, "margin": 0.25})

    plain = wire.unstructure(facts)

    assert plain["values"] == {"margin": 0.25, "dispute": "yes"}
    assert wire.structure(plain, Facts) == facts
    wrong = {"schema": SCHEMA, "values": {"dispute": "maybe"}}
    assert refused(wire.structure, wrong, Facts) == (
        ("$.values.dispute", "wrong-type"),
    )


@pytest.mark.parametrize(
    "scorer",
    [Linear(0, 0.4), Steps(((1, 20), (2, 50)), 5), Lookup((("a", 1), ("b", 2)))],
)
def test_a_scorer_says_its_kind(scorer: Scorer) -> None:
    criterion = Criterion("c", "x", 100, scorer)

    plain = wire.unstructure(criterion)

    assert plain["scorer"]["kind"] == type(scorer).kind  # type: ignore[attr-defined]  # ours have one
    assert wire.structure(plain, Criterion) == criterion


def test_a_lookup_is_a_table_and_steps_are_pairs() -> None:
    lookup = Lookup((("pre", 100), ("doc", 50.5)))

    assert wire.unstructure(lookup) == {"marks": {"pre": 100, "doc": 50.5}}
    assert wire.structure({"marks": [["pre", 100], ["doc", 50.5]]}, Lookup) == lookup
    assert wire.unstructure(Steps(((1.0, 2.0),))) == {"at": [[1.0, 2.0]], "below": 0.0}


def test_pairs_whose_key_stands_twice_stay_pairs() -> None:
    reason = Reason("row-fires", (("row", "a"), ("row", "b")))

    plain = wire.unstructure(reason)

    assert plain["data"] == [["row", "a"], ["row", "b"]]
    assert wire.structure(plain, Reason) == reason


@attrs.frozen
class Cliff:
    """A scorer of the program's own, with a kind of its own."""

    kind = "cliff"
    edge: float

    def __call__(self, fact: float, /) -> float:
        """Return the mark."""
        return 100.0 if fact >= self.edge else 0.0


def root(fact: float) -> float:
    """Mark by the square root: a scorer that is ready as it is."""
    return min(100.0, math.sqrt(max(0.0, fact)))


OWN: wire.Kinds = {"cliff": Cliff, "root": root}


@pytest.mark.parametrize("scorer", [Cliff(3), root])
def test_a_program_passes_its_own_scorers(scorer: Scorer) -> None:
    criterion = Criterion("c", "x", 100, scorer)

    plain = wire.unstructure(criterion, kinds=OWN)

    assert wire.structure(plain, Criterion, kinds=OWN) == criterion
    schema = wire.schema(Criterion, kinds=OWN)
    jsonschema.Draft202012Validator(schema).validate(plain)


@pytest.mark.parametrize(
    ("scorer", "path", "code"),
    [
        ({"kind": "liner"}, "$.scorer.kind", "unknown-choice"),
        ({"kind": 3}, "$.scorer.kind", "wrong-type"),
        ({"low": 0}, "$.scorer.kind", "missing"),
        ("linear", "$.scorer", "wrong-type"),
        ({"kind": "root", "of": 3}, "$.scorer.of", "unknown-key"),
        ({"kind": "list"}, "$.scorer", "bad-scorer"),
        ({"kind": "linear", "low": 1, "high": 1}, "$.scorer", "bad-scorer"),
        ({"kind": "steps", "at": [[1, 2, 3]]}, "$.scorer.at[0]", "wrong-type"),
        ({"kind": "steps", "at": [["a", True]]}, "$.scorer.at[0][0]", "wrong-type"),
        ({"kind": "steps", "at": 3}, "$.scorer.at", "wrong-type"),
        ({"kind": "lookup", "marks": 3}, "$.scorer.marks", "wrong-type"),
        ({"kind": "lookup", "marks": {"a": "b"}}, "$.scorer.marks.a", "wrong-type"),
        ({"kind": "cliff"}, "$.scorer.edge", "missing"),
    ],
)
def test_a_scorer_that_cannot_be_read_is_refused(
    scorer: object, path: str, code: str
) -> None:
    plain = {"id": "c", "fact": "x", "weight": 100, "scorer": scorer}
    kinds: Mapping[str, object] = {**OWN, "list": list}

    found = refused(wire.structure, plain, Criterion, kinds=kinds)
    assert (path, code) in found


@pytest.mark.parametrize("scorer", [root, Plateau(3), float])
def test_a_scorer_without_a_name_is_not_written(scorer: Scorer) -> None:
    criterion = Criterion("c", "x", 100, scorer)

    found = refused(wire.unstructure, criterion)
    assert found == (("$.scorer", "bad-scorer"),)


@attrs.frozen
class Trigger:
    """One of a policy's own small classes."""

    id: str
    when: Condition
    origin: str = "own"
    why: str = ""


@attrs.frozen(kw_only=True)
class SmallPolicy(Policy):
    """A policy with every sort of thing that can name a number."""

    rows: tuple[Row, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    amount: Decimal = Decimal(1)
    days: int = 1
    limit: float = 1.0
    mode: Literal["strict", "lenient"] = "strict"
    tiers: frozenset[ValueTier] = frozenset()
    floor: Decimal | None = Decimal("0.1")


PLAIN = {
    "name": "small",
    "version": "1",
    "question": "What?",
    "numbers": {
        "enter": {"value": Decimal("60.5"), "unit": "mark", "origin": "seed"},
        "days_of_grace": 30,
        "low": "0.1",
    },
    "rows": [{"id": "r", "when": "x >= enter", "then": "yes", "adds": "enter"}],
    "criteria": [
        {
            "id": "c",
            "fact": "x",
            "weight": 100,
            "scorer": {"kind": "linear", "low": "low", "high": 1},
        }
    ],
    "triggers": [{"id": "t", "when": "low <= x < enter"}],
    "amount": "enter",
    "days": "days_of_grace",
    "limit": "enter",
    "tiers": ["gold", "diamond"],
    "labels": {"en": {"small.vip": "VIP", "tier": {"gold": "Gold"}}},
}


def small() -> SmallPolicy:
    return wire.structure(PLAIN, SmallPolicy)


def test_a_policy_names_its_numbers_wherever_a_number_stands() -> None:
    policy = small()

    assert policy.numbers[0] == Number("enter", Decimal("60.5"), "mark", "seed")
    assert policy.number("days_of_grace") == 30
    assert repr(policy.rows[0].adds) == "Named(60.5, 'enter')"
    assert repr(policy.limit) == "Named(60.5, 'enter')"
    assert policy.amount == Decimal("60.5")
    assert policy.days == 30
    assert policy.labels == (
        Label("en", "small.vip", "VIP"),
        Label("en", "tier.gold", "Gold"),
    )


def test_a_policy_that_is_written_is_read_back() -> None:
    policy = small()

    plain = wire.unstructure(policy)

    assert plain["limit"] == "enter"
    assert plain["rows"][0]["adds"] == "enter"
    assert plain["criteria"][0]["scorer"]["low"] == "low"
    assert plain["tiers"] == ["diamond", "gold"]
    assert plain["labels"] == {"en": {"small.vip": "VIP", "tier.gold": "Gold"}}
    assert "digest" not in plain
    again = wire.loads(wire.dumps(policy), SmallPolicy)
    assert again == policy
    assert again.labels == policy.labels
    assert again.digest == policy.digest != ""
    jsonschema.Draft202012Validator(wire.schema(SmallPolicy)).validate(
        json.loads(wire.dumps(policy))
    )


def test_the_digest_is_of_what_decides_not_of_what_explains() -> None:
    policy = small()
    told = wire.structure(
        {**PLAIN, "question": "Who?", "labels": {}, "rows": _why()}, SmallPolicy
    )
    other = wire.structure({**PLAIN, "limit": 60.25}, SmallPolicy)

    assert len(policy.digest) == 12
    assert told.digest == policy.digest
    assert other.digest != policy.digest


def _why() -> list[dict[str, object]]:
    rows = PLAIN["rows"]
    assert isinstance(rows, list)
    return [{**row, "why": "because"} for row in rows]


def test_a_part_that_is_unknown_though_it_has_a_default_says_so() -> None:
    policy = wire.structure({**PLAIN, "floor": None}, SmallPolicy)

    assert policy.floor is None
    assert wire.unstructure(policy)["floor"] == "unknown"
    assert wire.structure({**PLAIN, "floor": "unknown"}, SmallPolicy) == policy


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"numbers": 3}, "$.numbers", "wrong-type"),
        ({"numbers": {"a b": 3}}, "$.numbers['a b']", "bad-syntax"),
        ({"numbers": {"enter": {"id": "x"}}}, "$.numbers.enter", "unknown-key"),
        ({"numbers": {"enter": {}}}, "$.numbers.enter.value", "missing"),
        ({"numbers": {"enter": 0.5}}, "$.numbers.enter.value", "wrong-type"),
        ({"labels": 3}, "$.labels", "wrong-type"),
        ({"labels": {"en": 3}}, "$.labels.en", "wrong-type"),
        ({"labels": {"en": {"a": 3}}}, "$.labels.en.a", "wrong-type"),
        ({"labels": {"en": {"a": {"b": {"c": {"d": {}}}}}}}, "$.labels.en", "too-deep"),
        ({"limit": "entr"}, "$.limit", "unknown-number"),
        ({"amount": "entr"}, "$.amount", "unknown-number"),
        ({"days": "enter"}, "$.days", "wrong-type"),
        ({"days": "7"}, "$.days", "wrong-type"),
        ({"days": "day"}, "$.days", "unknown-number"),
        ({"limit": "7"}, "$.limit", "wrong-type"),
        ({"mode": "strct"}, "$.mode", "unknown-choice"),
        ({"mode": 3}, "$.mode", "wrong-type"),
        ({"tiers": ["gold", "gold"]}, "$.tiers[1]", "duplicate"),
        ({"tiers": ["gld"]}, "$.tiers[0]", "unknown-choice"),
        ({"tiers": {}}, "$.tiers", "wrong-type"),
        ({"digest": "x"}, "$.digest", "unknown-key"),
        ({"rows": {}}, "$.rows", "wrong-type"),
        ({"triggers": [{"id": "t", "when": 3}]}, "$.triggers[0].when", "wrong-type"),
        ({"triggers": [{"id": "t"}]}, "$.triggers[0].when", "missing"),
    ],
)
def test_a_policy_that_cannot_be_read_says_where(
    change: dict[str, object], path: str, code: str
) -> None:
    found = refused(wire.structure, {**PLAIN, **change}, SmallPolicy)

    assert any(
        where.startswith(path) and found_code == code for where, found_code in found
    )


def test_a_broken_number_does_not_break_whoever_names_it() -> None:
    change = {"numbers": {"enter": "?", "days_of_grace": 30, "low": "0.1"}}

    assert refused(wire.structure, {**PLAIN, **change}, SmallPolicy) == (
        ("$.numbers.enter.value", "wrong-type"),
    )


def test_a_rule_outside_a_policy_is_told_the_numbers() -> None:
    row = Row("r", Compare("x", Op.GE, Named(60, "enter")), "yes", Named(60, "enter"))

    plain = wire.unstructure(row)

    assert plain["adds"] == "enter"
    assert wire.structure(plain, Row, numbers={"enter": 60}) == row
    assert refused(wire.structure, plain, Row) == (
        ("$.when", "unknown-number"),
        ("$.adds", "wrong-type"),
    )


def test_a_condition_is_its_text() -> None:
    condition = Compare("x", Op.GE, 3.0)

    assert wire.unstructure(condition) == "x >= 3.0"
    assert wire.structure("x >= 3", Compare) == condition
    assert wire.structure("x >= 3", cast("type[Compare]", Condition)) == condition
    assert refused(wire.structure, "x", Compare) == (("$", "wrong-type"),)
    gates = Gates(
        "g", FACTS, (Gate("a", All((Yes("dispute"), OneOf("timing", ("pre",))))),)
    )
    assert wire.structure(wire.unstructure(gates), Gates) == gates


class Light(enum.Enum):
    """What a verdict may say."""

    GREEN = "green"
    RED = "red"


@attrs.frozen(repr=False)
class LightVerdict(Verdict[Light]):
    """A verdict with extras of every sort."""

    is_problem: Tri
    score: Interval
    runner_up: Light | None = None
    exposure: Money | None = None
    weights: tuple[tuple[Light, int], ...] = ()


@attrs.frozen(repr=False)
class PlainVerdict(LightVerdict):
    """A verdict two classes below."""

    note: str = ""


WHY = Reason(
    "decided",
    (("outcome", "green"), ("needed", 0.3)),
    (Reason("compare-holds", (("fact", "margin"), ("got", 0.1 + 0.2))),),
)


def verdict(cls: type[LightVerdict], **changes: object) -> LightVerdict:
    settled: dict[str, object] = {
        "value": Light.GREEN,
        "possible": (Light.GREEN,),
        "missing": (Missing("margin", "margin"),),
        "flags": ("incomplete",),
        "policy": PolicyRef("small", "1", "abc"),
        "as_of": dt.date(2025, 12, 31),
        "is_problem": Tri.UNKNOWN,
        "score": Interval(Named(1, "enter"), 2.5),
        "weights": ((Light.RED, 40), (Light.GREEN, 60)),
        "evidence": Told(WHY),
    }
    return cls(**{**settled, **changes})  # type: ignore[arg-type]  # as listed


@pytest.mark.parametrize("cls", [LightVerdict, PlainVerdict])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"value": None, "possible": (Light.RED, Light.GREEN), "as_of": None},
        {"exposure": Money.of("5 CNY"), "runner_up": Light.RED},
    ],
)
def test_a_verdict_that_is_written_is_read_back_with_its_reasons(
    cls: type[LightVerdict], changes: dict[str, object]
) -> None:
    told = verdict(cls, **changes)

    text = wire.dumps(told)
    found = wire.loads(text, cls)

    assert found == told
    assert found.why == told.why
    assert found.explain() == told.explain()
    assert pickle.loads(pickle.dumps(found)) == told  # noqa: S301 - our own bytes
    assert wire.dumps(found) == text
    schema = wire.schema(cls)
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))


def test_a_verdict_is_written_as_a_case_expects_it() -> None:
    plain = wire.unstructure(verdict(LightVerdict, value=None))

    assert plain["is_problem"] == "unknown"
    assert plain["score"] == {"low": 1.0, "high": 2.5}
    assert plain["possible"] == ["green"]
    assert plain["weights"] == {"red": 40, "green": 60}
    assert plain["why"]["data"] == {"outcome": "green", "needed": 0.3}
    assert "value" not in plain
    assert "evidence" not in plain


def test_a_verdict_needs_its_reasons() -> None:
    plain = wire.unstructure(verdict(LightVerdict))
    del plain["why"]

    assert refused(wire.structure, plain, LightVerdict) == (("$.why", "missing"),)


def test_a_verdict_of_any_value_is_read_as_that_of_its_value() -> None:
    bare = Verdict(
        Light.RED,
        (Light.RED,),
        (),
        (),
        PolicyRef("p", "1", ""),
        None,
        evidence=Told(WHY),
    )

    plain = wire.unstructure(bare)

    assert plain["value"] == "red"
    assert wire.structure(plain, Verdict[Light]) == bare
    with pytest.raises(TypeError, match="cannot read"):
        wire.structure(plain, Verdict)
    schema = wire.schema(Verdict[Light])
    jsonschema.Draft202012Validator(schema).validate(plain)


def test_a_number_that_is_not_finite_is_not_written() -> None:
    told = verdict(LightVerdict, score=Interval(0, float("inf")))

    assert refused(wire.unstructure, told) == (("$.score.high", "not-finite"),)
    row = wire.unstructure(Row("r", Yes("a"), "b"))
    with pytest.raises(ReadError):
        wire.structure({**row, "adds": Decimal("1e999")}, Row)


T = TypeVar("T")
U = TypeVar("U")


@attrs.frozen
class Pair(Generic[T, U]):
    """Two of a kind each."""

    left: T
    right: tuple[U, ...] = ()


@attrs.frozen
class Half(Pair[int, T]):
    """The left one is a number."""


@attrs.frozen
class Moved:
    """One of several answers."""

    to: str


@attrs.frozen
class Refused:
    """Another one."""

    kind = "no"
    unmet: tuple[str, ...] = ()


@attrs.frozen
class Answer:
    """Holds unions of every sort."""

    found: Moved | Refused
    maybe: Moved | Refused | None = None
    named: Moved | str = "x"
    number: int | str = 0
    table: Mapping[str, float] = attrs.field(factory=dict)
    at: dt.datetime | None = None
    from_: str = ""
    is_new: bool = False


AT = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(Moved("won"), at=AT),
        Answer(Refused(("a",)), Moved("x"), Moved("y"), "text", {"a": 1.5}),
        Answer(Refused(), None, "name", 3, from_="here", is_new=True),
    ],
)
def test_only_what_could_be_several_things_says_its_kind(answer: Answer) -> None:
    plain = json.loads(wire.dumps(answer))

    assert plain["found"]["kind"] in {"moved", "no"}
    assert plain["named"] != {"kind": "moved", "to": "y"}
    assert wire.structure(wire.unstructure(answer), Answer) == answer
    jsonschema.Draft202012Validator(wire.schema(Answer)).validate(plain)


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"found": {"to": "x"}}, "$.found.kind", "missing"),
        ({"found": {"kind": "move", "to": "x"}}, "$.found.kind", "unknown-choice"),
        ({"found": {"kind": 3}}, "$.found.kind", "wrong-type"),
        ({"found": "moved"}, "$.found", "wrong-type"),
        ({"named": {"to": 3}}, "$.named.to", "wrong-type"),
        ({"named": 3}, "$.named", "wrong-type"),
        ({"number": True}, "$.number", "wrong-type"),
        ({"table": 3}, "$.table", "wrong-type"),
        ({"table": {"a": "b"}}, "$.table.a", "wrong-type"),
        ({"at": "2026-03-01T09:30:00"}, "$.at", "wrong-type"),
        ({"at": "2026-13-01T09:30:00Z"}, "$.at", "wrong-type"),
        ({"at": "1926-03-01T09:30:00Z"}, "$.at", "bad-date"),
        ({"at": dt.datetime(2026, 3, 1)}, "$.at", "wrong-type"),  # noqa: DTZ001 - without an offset on purpose
        ({"is_new": 1}, "$.is_new", "wrong-type"),
    ],
)
def test_what_is_none_of_several_things_is_refused(
    change: dict[str, object], path: str, code: str
) -> None:
    plain = {"found": {"kind": "moved", "to": "x"}, **change}

    assert refused(wire.structure, plain, Answer) == ((path, code),)


def test_a_class_that_is_filled_in_is_read_as_such() -> None:
    half = Half(3, (Moved("a"),))

    assert wire.structure(wire.unstructure(half), Half[Moved]) == half
    pair = Pair("a", (1.5,))
    assert wire.structure(wire.unstructure(pair), Pair[str, float]) == pair


def test_a_part_of_a_narrower_class_is_written_as_what_it_is() -> None:
    @attrs.frozen
    class Holder:
        part: LightVerdict

    plain = wire.unstructure(Holder(verdict(PlainVerdict, note="n")))

    assert plain["part"]["note"] == "n"


@pytest.mark.parametrize("type_", [object, bytes, list[int], dict])
def test_what_the_wire_does_not_carry_is_the_programs_mistake(type_: type) -> None:
    with pytest.raises(TypeError, match=r"cannot read|no attrs class"):
        wire.structure({}, type_)
    if type_ is not object:
        with pytest.raises((TypeError, InvalidValueError)):
            wire.unstructure(b"")
    with pytest.raises(TypeError, match="does not carry"):
        wire.schema(bytes)


def test_decay_and_scorecards_come_back() -> None:
    card = Scorecard(
        "composite", FACTS, (Criterion("m", "margin", 100, Decay(30.0)),), (("g", 50),)
    )

    plain = wire.unstructure(card)

    assert plain["caps"] == {"g": 50}
    assert wire.structure(plain, Scorecard) == card


def test_an_answer_of_several_kinds_says_which_and_is_read_back() -> None:
    at = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    deal = stages.open_deal("o1", DealEvent("e1", EventKind.OPEN, at, "east-desk"))
    refused = stages.decide(deal, DealEvent("e2", EventKind.ADVANCE, at, "east-desk"))

    plain = wire.unstructure(refused, stages.Ruling)

    assert plain["kind"] == "refused"
    assert "kind" not in wire.unstructure(refused)
    assert wire.structure(plain, stages.Ruling) == refused  # type: ignore[arg-type]  # a union is no class
