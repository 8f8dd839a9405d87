"""How far the templates of the toolkit are filled in, and what they leave to do."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    BusinessPositioning,
    CustomerAction,
    Money,
    ValueProposition,
)
from keyaccount.models import plans
from keyaccount.models.plans import (
    ActionMapVerdict,
    PlansPolicy,
    TemplateField,
    TemplateVerdict,
)
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import customer_actions, days, positionings, value_propositions


DAY = dt.date(2026, 3, 31)
ONE = dt.timedelta(1)
VALUE = ValueProposition(
    "v1",
    "harbour",
    "less stock",
    "vendor-managed hub",
    "stock down by a fifth",
    Money.of("600000 CNY"),
    "the same at another factory in 2024",
)
CALL = CustomerAction("a1", "harbour", "p1", "show the hub", "Li", DAY, Tri.NO)


@pytest.mark.parametrize(
    ("given_", "share", "gaps"),
    [
        (
            BusinessPositioning("harbour"),
            0,
            (
                TemplateField.CUSTOMER_STRATEGY,
                TemplateField.OUR_POSITION,
                TemplateField.COMPETITOR,
            ),
        ),
        (
            BusinessPositioning("harbour", "cold chain", competitor="Fast Co"),
            2 / 3,
            (TemplateField.OUR_POSITION,),
        ),
        (BusinessPositioning("harbour", "cold chain", "hub", "Fast Co"), 1, ()),
    ],
)
def test_a_positioning_has_three_fields(
    given_: BusinessPositioning, share: float, gaps: tuple[TemplateField, ...]
) -> None:  # S2-22
    verdict = plans.positioning(given_)

    assert verdict.value is Tri.of(not gaps)
    assert verdict.completeness == share
    assert verdict.lines[0].gaps == gaps
    assert verdict.lines[0].completeness == share


def test_a_template_that_nobody_wrote_is_not_filled_in() -> None:
    for verdict in (
        plans.positioning(None),
        plans.propositions([]),
        plans.action_map([], as_of=DAY),
    ):
        assert verdict.value is Tri.NO
        assert verdict.completeness is None
        assert verdict.lines == ()


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"amount": None}, TemplateField.AMOUNT),
        ({"amount": None, "benefit": None}, TemplateField.BENEFIT),
        ({"amount": Money.of("0 CNY")}, TemplateField.AMOUNT),
        ({"need": None}, TemplateField.NEED),
        ({"capability": None}, TemplateField.CAPABILITY),
        ({"proof": None}, TemplateField.PROOF),
    ],
)
def test_a_benefit_in_words_is_not_quantified(
    changes: dict[str, object], gap: TemplateField
) -> None:  # S2-22
    verdict = plans.propositions([attrs.evolve(VALUE, **changes)])  # type: ignore[arg-type]  # any field

    assert (verdict.value, verdict.completeness) == (Tri.NO, 0.75)
    assert verdict.lines[0].gaps == (gap,)
    assert plans.propositions([VALUE]).value is Tri.YES


def test_an_amount_needs_no_words() -> None:
    assert plans.propositions([attrs.evolve(VALUE, benefit=None)]).value is Tri.YES


@pytest.mark.parametrize(("as_of", "late"), [(DAY, 0), (DAY + ONE, 1)])
def test_an_action_is_late_from_the_day_after(as_of: dt.date, late: int) -> None:
    verdict = plans.action_map([CALL], as_of=as_of, people=["p1"])

    assert verdict.value is Tri.YES
    assert [one.days_late for one in verdict.due] == [late]


def test_the_map_tells_for_whom_nothing_is_planned_and_who_is_a_stranger() -> None:
    done = attrs.evolve(CALL, id="a2", stakeholder_id="p2", done=Tri.YES)
    strange = attrs.evolve(CALL, id="a3", stakeholder_id="p9")

    known = plans.action_map(
        [CALL, done, strange], as_of=DAY, people=["p3", "p2", "p1"]
    )
    untold = plans.action_map([CALL, done, strange], as_of=DAY)

    assert known.without_action == ("p2", "p3")
    assert known.strangers == ("p9",)
    assert known.flags == ("unknown-people",)
    assert [one.id for one in known.due] == ["a1", "a3"]
    assert (untold.without_action, untold.strangers, untold.flags) == (None, (), ())


def test_the_map_explains_what_it_found() -> None:
    perhaps = attrs.evolve(CALL, id="a2", stakeholder_id="p9", done=Tri.UNKNOWN)

    verdict = plans.action_map([CALL, perhaps], as_of=DAY + ONE, people=["p1", "p2"])

    assert verdict.explain()[4:] == (
        "  nothing is planned for p2",
        "  p9 is on the map and not among the people whom we know",
        "  “show the hub” was due on 2026-03-31; days since then: 1",
        "  what may also be so; nobody has told us",
        "    “show the hub” was due on 2026-03-31; days since then: 1",
        "the action map names people whom nobody knows at this customer",
    )


def test_an_action_without_a_day_is_due_now_and_says_so() -> None:
    loose = attrs.evolve(CALL, id="a0", due=None, done=Tri.UNKNOWN, owner=None)

    verdict = plans.action_map([loose, CALL], as_of=DAY + ONE)

    assert [(one.id, one.due_on, one.is_dated, one.is_sure) for one in verdict.due] == [
        ("a1", DAY, True, True),
        ("a0", DAY + ONE, False, False),
    ]
    assert verdict.completeness == 6 / 8
    assert verdict.lines[0].gaps == (TemplateField.OWNER, TemplateField.DUE)


def test_a_house_may_want_something_planned_for_everybody() -> None:
    row = {
        "id": "filled-in",
        "when": "lines >= 1 and share_filled >= complete_from"
        " and people_without_action <= 0",
        "then": "yes",
    }
    policy = policies.read({"based_on": "plans", "tool_rows": [row]}, PlansPolicy)

    def judged(people: list[str] | None, done: Tri = Tri.NO) -> ActionMapVerdict:
        action = attrs.evolve(CALL, done=done)
        return plans.action_map([action], as_of=DAY, people=people, policy=policy)

    assert judged(["p1"]).value is Tri.YES
    assert judged(["p1", "p2"]).value is Tri.NO
    assert judged(["p1"], Tri.YES).value is Tri.NO
    assert judged(["p1"], Tri.UNKNOWN).possible == (Tri.NO, Tri.YES)
    assert judged(["p1"], Tri.UNKNOWN).without_action == ()
    assert judged(None).possible == (Tri.NO, Tri.YES)
    assert [gap.fact for gap in judged(None).missing] == ["people_without_action"]


def test_a_verdict_counts_the_fields_that_are_filled_in() -> None:
    half = attrs.evolve(VALUE, id="v2", need=None, proof=None)

    assert repr(plans.propositions([VALUE, half])) == (
        "<TemplateVerdict no · 6 of 8 filled in>"
    )


def test_everything_wrong_with_the_arguments_is_told() -> None:
    assert refused(plans.positioning, "harbour") == (("$.given", "wrong-type"),)
    assert refused(plans.propositions, 5) == (("$.propositions", "wrong-type"),)
    assert refused(plans.propositions, [VALUE, 5, VALUE]) == (
        ("$.propositions[1]", "wrong-type"),
        ("$.propositions[2].id", "duplicate"),
    )
    assert refused(plans.action_map, [CALL], as_of=1, people="p1") == (
        ("$.as_of", "wrong-type"),
        ("$.people", "wrong-type"),
    )
    assert refused(plans.action_map, [CALL], as_of=DAY, people=5) == (
        ("$.people", "wrong-type"),
    )


LINES = st.lists(value_propositions, max_size=4, unique_by=lambda one: one.id)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_share(
    given_: list[ValueProposition], random: object
) -> None:
    one = plans.propositions(given_)
    random.shuffle(given_)  # type: ignore[attr-defined]  # a Random

    other = plans.propositions(given_)
    assert (one.value, one.completeness) == (other.value, other.completeness)
    assert set(one.lines) == set(other.lines)


@given(value_propositions)
def test_filling_in_a_field_never_lowers_the_share(given_: ValueProposition) -> None:
    before = plans.propositions([given_]).completeness
    for field in ("need", "capability", "benefit", "amount", "proof"):
        fuller = attrs.evolve(given_, **{field: getattr(VALUE, field)})

        assert (plans.propositions([fuller]).completeness or 0) >= (before or 0)


@given(
    st.lists(customer_actions, max_size=4, unique_by=lambda one: one.id),
    days,
    st.integers(0, 300),
)
def test_a_later_day_never_removes_an_action_that_is_late(
    given_: list[CustomerAction], as_of: dt.date, more: int
) -> None:
    later = as_of + dt.timedelta(more)

    def late(day: dt.date) -> set[str]:
        due = plans.action_map(given_, as_of=day).due
        return {one.id for one in due if one.days_late}

    assert late(as_of) <= late(later)


@given(
    st.none() | positionings,
    LINES,
    st.lists(customer_actions, max_size=4, unique_by=lambda one: one.id),
)
def test_a_verdict_explains_itself_and_can_be_sent(
    one: BusinessPositioning | None,
    values: list[ValueProposition],
    actions: list[CustomerAction],
) -> None:
    given_map = plans.action_map(actions, as_of=DAY, people=["p1"])
    for verdict in (plans.positioning(one), plans.propositions(values), given_map):
        assert verdict.is_settled
        assert "filled in" in repr(verdict)
        again = wire.structure(wire.unstructure(verdict), type(verdict))
        assert again == verdict
        for locale in ("en", "zh-Hans", "zh-Hant"):
            assert again.explain(locale) == verdict.explain(locale)
    assert isinstance(plans.positioning(one), TemplateVerdict)
