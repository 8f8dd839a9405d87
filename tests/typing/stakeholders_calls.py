"""What a type checker sees of the stakeholders model; checked, never run.

A line with `type: ignore` must be an error: both checkers complain where it is none.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import datetime as dt
from typing import assert_type

import keyaccount as ka
from keyaccount.models.stakeholders import (
    MapCell,
    MapCoverage,
    MapVerdict,
    NextAction,
    RoleCoverage,
    StakeholderPolicy,
)
from keyaccount.rules import Facts


def stakeholders(people: list[ka.Stakeholder], day: dt.date) -> None:
    verdict = ka.stakeholders.read(people, as_of=day)
    assert_type(verdict, MapVerdict)
    assert_type(verdict.value, MapCoverage | None)
    assert_type(verdict.possible, tuple[MapCoverage, ...])
    assert_type(verdict.role_coverage, ka.Interval)
    assert_type(verdict.support_bounds, ka.Interval)
    assert_type(verdict.roles, tuple[RoleCoverage, ...])
    assert_type(verdict.cells, tuple[MapCell, ...])
    assert_type(verdict.decision_maker_covered, ka.Tri)
    assert_type(verdict.contacted_business_or_technical, ka.Tri)
    assert_type(verdict.actions, tuple[NextAction, ...])
    found = ka.stakeholders.next_actions(people, as_of=day)
    assert_type(found, tuple[NextAction, ...])
    assert_type(ka.stakeholders.facts(people, as_of=day), Facts)
    assert_type(ka.stakeholders.fold("champion"), ka.Attitude)
    assert_type(ka.stakeholders.default_policy(), StakeholderPolicy)
    ka.stakeholders.read(people)  # type: ignore[call-arg]  # the day is asked for
