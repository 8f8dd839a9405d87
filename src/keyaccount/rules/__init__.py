"""The kernel: rules as data over named facts. It has never heard of a customer."""

from __future__ import annotations

from ._asking import holds
from ._checked import check_ids, checked_scorecard, checked_table
from ._compile import Compiled, compile_table, run
from ._conditions import (
    All,
    Any,
    Between,
    Compare,
    Condition,
    FactRef,
    Known,
    Named,
    Not,
    OneOf,
    Op,
    Yes,
    constants,
    fact,
)
from ._curves import lint_scorecard
from ._days import days_later
from ._decision import Decision, look_up
from ._explain import explain_condition, explain_rows, explain_table
from ._expressions import asked
from ._facts import Fact, FactKind, Facts, FactSchema, FactValue, Seen
from ._gates import Gate, GateAnswer, Gates, Passage, pass_through
from ._hygiene import lint_table
from ._inversion import reaching
from ._machine import Guard, Machine, Station, asked_by, checked_machine
from ._policy import Label, Number, Policy, TableParts
from ._questions import ask_first, missing, narrowing
from ._scorecard import Contribution, Criterion, Scorecard
from ._scorers import Decay, Linear, Lookup, Scorer, Steps
from ._table import DecisionTable, Found, HitPolicy, Row, collect, judge
from ._verdict import Evidence, Interval, Missing, PolicyRef, Reason, Told, Verdict
from ._weights import WeightRange, sensitivity, weight_range
from ._whatif import Change, Lever, Lift, reach


__all__ = [
    "All",
    "Any",
    "Between",
    "Change",
    "Compare",
    "Compiled",
    "Condition",
    "Contribution",
    "Criterion",
    "Decay",
    "Decision",
    "DecisionTable",
    "Evidence",
    "Fact",
    "FactKind",
    "FactRef",
    "FactSchema",
    "FactValue",
    "Facts",
    "Found",
    "Gate",
    "GateAnswer",
    "Gates",
    "Guard",
    "HitPolicy",
    "Interval",
    "Known",
    "Label",
    "Lever",
    "Lift",
    "Linear",
    "Lookup",
    "Machine",
    "Missing",
    "Named",
    "Not",
    "Number",
    "OneOf",
    "Op",
    "Passage",
    "Policy",
    "PolicyRef",
    "Reason",
    "Row",
    "Scorecard",
    "Scorer",
    "Seen",
    "Station",
    "Steps",
    "TableParts",
    "Told",
    "Verdict",
    "WeightRange",
    "Yes",
    "ask_first",
    "asked",
    "asked_by",
    "check_ids",
    "checked_machine",
    "checked_scorecard",
    "checked_table",
    "collect",
    "compile_table",
    "constants",
    "days_later",
    "explain_condition",
    "explain_rows",
    "explain_table",
    "fact",
    "holds",
    "judge",
    "lint_scorecard",
    "lint_table",
    "look_up",
    "missing",
    "narrowing",
    "pass_through",
    "reach",
    "reaching",
    "run",
    "sensitivity",
    "weight_range",
]
