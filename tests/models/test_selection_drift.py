"""Whether a designation still stands, and whom a change of strategy touches."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given

from keyaccount import wire
from keyaccount.domain import (
    Cooperation,
    Customer,
    SelectionCriterion,
    StrategicIntent,
    StrategicIntentKind,
)
from keyaccount.models import selection
from keyaccount.models.selection import (
    DesignationVerdict,
    DriftReason,
    IntentRef,
    Invalidated,
)
from keyaccount.tri import Tri
from tests.models.selection_customers import (
    BEGIN,
    TODAY,
    cooperations,
    intents,
    own,
)
from tests.refusals import refused


NETWORK = StrategicIntentKind.NETWORK_BUILDOUT
BENCHMARK = StrategicIntentKind.INDUSTRY_BENCHMARK
FIRST = StrategicIntent("n1", NETWORK, BEGIN)
SECOND = StrategicIntent("n2", BENCHMARK, BEGIN)
LATER = dt.date(2026, 6, 30)


def verdict(
    served: object = (NETWORK,),
    wanted: tuple[StrategicIntent, ...] | None = (FIRST,),
    day: dt.date = TODAY,
) -> DesignationVerdict:
    return selection.designate(
        Customer("c1", "Harbour Foods"),
        as_of=day,
        cooperation=Cooperation(intents_served=served),  # type: ignore[arg-type]  # converted
        intents=wanted,
    )


def touched(
    one: DesignationVerdict, wanted: tuple[StrategicIntent, ...] | None
) -> tuple[DriftReason, ...]:
    found = selection.invalidated_by([one], wanted, as_of=TODAY)
    return found[0].reasons if found else ()


# ── age (S0-38) ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("days, stale", [(0, Tri.NO), (365, Tri.NO), (366, Tri.YES)])
def test_a_designation_is_stale_after_a_year(days: int, stale: Tri) -> None:
    """S0-38: the last day still counts."""
    day = TODAY + dt.timedelta(days=days)

    assert selection.is_stale(verdict(), day) is stale


@pytest.mark.parametrize(
    "changed, stale",
    [
        (TODAY - dt.timedelta(days=1), Tri.NO),
        (TODAY, Tri.NO),
        (TODAY + dt.timedelta(days=1), Tri.YES),
        (LATER, Tri.YES),
        (LATER + dt.timedelta(days=1), Tri.NO),
    ],
)
def test_a_change_of_our_intents_since_makes_it_stale(
    changed: dt.date, stale: Tri
) -> None:
    """S0-38, S4-5: what has not happened yet changes nothing yet."""
    found = selection.is_stale(verdict(), as_of=LATER, intents_changed_on=changed)

    assert found is stale


def test_other_criteria_make_it_stale_at_once() -> None:
    """S0-38: the verdict carries the version of its criteria."""
    policy = own(numbers={"stale_after": 0})

    assert selection.is_stale(verdict(), TODAY, policy=policy) is Tri.YES
    same = selection.default_policy()
    assert selection.is_stale(verdict(), TODAY, policy=same) is Tri.NO


def test_of_a_designation_without_a_date_nobody_knows() -> None:
    undated = attrs.evolve(verdict(), as_of=None)

    assert selection.is_stale(undated, TODAY) is Tri.UNKNOWN


def test_days_are_plain_dates() -> None:
    assert refused(
        selection.is_stale, verdict(), "today", intents_changed_on="yesterday"
    ) == (("$.as_of", "wrong-type"), ("$.intents_changed_on", "wrong-type"))


# ── a change of strategy (S4-3, S4-5) ───────────────────────────────────────────


@given(cooperations, intents(), intents())
def test_who_is_not_touched_gets_the_same_answer_again(
    cooperation: Cooperation,
    before: tuple[StrategicIntent, ...] | None,
    after: tuple[StrategicIntent, ...] | None,
) -> None:
    """S4-5: the list is neither too short nor, where the fit changes, too long."""
    customer = Customer("c1", "Harbour Foods")
    old, new = (
        selection.designate(
            customer, as_of=TODAY, cooperation=cooperation, intents=wanted
        )
        for wanted in (before, after)
    )
    found = selection.invalidated_by([old], after, as_of=TODAY)
    fit = SelectionCriterion.STRATEGIC_FIT

    if not found:
        assert new.possible == old.possible
        assert new.matched == old.matched
    if new.answer(fit) is not old.answer(fit) or new.matched != old.matched:
        assert [one.customer_id for one in found] == ["c1"]
    assert selection.invalidated_by([new], after, as_of=TODAY) == ()


@pytest.mark.parametrize(
    "served, before, after, reasons",
    [
        ([NETWORK], (FIRST,), (FIRST,), ()),
        ([NETWORK], (FIRST,), (FIRST, SECOND), ()),
        ([NETWORK], (FIRST, SECOND), (FIRST,), ()),
        ([NETWORK, BENCHMARK], (FIRST,), (FIRST, SECOND), ("intent-began",)),
        ([NETWORK], (FIRST,), (SECOND,), ("intent-ended",)),
        ([NETWORK], (FIRST,), (), ("intent-ended", "intents-gone")),
        ([NETWORK], (SECOND,), None, ("intents-gone",)),
        ([NETWORK], None, (SECOND,), ("intents-declared",)),
        ([NETWORK], (), (FIRST,), ("intent-began", "intents-declared")),
        (None, (FIRST,), (SECOND,), ()),
        ([], (FIRST,), (SECOND,), ()),
        ([], None, (FIRST,), ("intents-declared",)),
    ],
)
def test_a_change_touches_whom_it_concerns(
    served: list[StrategicIntentKind] | None,
    before: tuple[StrategicIntent, ...] | None,
    after: tuple[StrategicIntent, ...] | None,
    reasons: tuple[str, ...],
) -> None:
    """S4-5."""
    found = touched(verdict(served, before), after)

    assert tuple(reason.value for reason in found) == reasons


def test_another_intent_of_the_same_kind_is_another_intent() -> None:
    again = attrs.evolve(FIRST, id="n9")

    assert touched(verdict(), (again,)) == (
        DriftReason.INTENT_BEGAN,
        DriftReason.INTENT_ENDED,
    )


def test_an_intent_may_run_out_without_anybody_changing_anything() -> None:
    """S4-3."""
    ending = attrs.evolve(FIRST, valid_until=TODAY)
    found = selection.invalidated_by(
        [verdict(wanted=(ending,))], (ending,), as_of=LATER
    )

    assert found == (
        Invalidated(
            "c1",
            (DriftReason.INTENT_ENDED, DriftReason.INTENTS_GONE),
            ended=(IntentRef("n1", NETWORK),),
        ),
    )


def test_other_criteria_touch_everybody() -> None:
    policy = own(numbers={"stale_after": 30})
    found = selection.invalidated_by(
        [verdict(None), verdict()], (FIRST,), as_of=TODAY, policy=policy
    )

    assert [one.reasons for one in found] == [(DriftReason.CRITERIA_CHANGED,)] * 2


def test_a_verdict_that_was_read_back_remembers_what_it_rested_on() -> None:
    back = wire.structure(wire.unstructure(verdict()), DesignationVerdict)

    assert touched(back, (SECOND,)) == (DriftReason.INTENT_ENDED,)


def test_the_reasons_are_said_in_every_language() -> None:
    one = Invalidated(
        "c1",
        tuple(DriftReason),
        (IntentRef("n1", NETWORK),),
        (IntentRef("n2", BENCHMARK),),
    )

    assert one.explain() == (
        "c1 must be judged anew:",
        "  it serves what we want since: building out a network (n1)",
        "  it serves what we no longer want: a benchmark in its industry (n2)",
        "  when it was judged, nobody had declared what we want",
        "  nothing that we wanted when it was judged still holds",
        "  it was judged by other criteria",
    )
    for locale in ("zh-Hans", "zh-Hant"):
        assert len(one.explain(locale)) == 6
        assert not [line for line in one.explain(locale) if "drift" in line]
