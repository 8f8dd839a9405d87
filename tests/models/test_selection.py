"""Whether a customer is strategic, or merely large: laws that hold for any answers."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
import unicodedata

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import (
    Cooperation,
    Customer,
    SelectionCriterion,
    StrategicDesignation,
    StrategicIntent,
    StrategicIntentKind,
    ValueTier,
)
from keyaccount.models import selection
from keyaccount.models.selection import (
    DesignationVerdict,
    Scale,
    SelectionAdvice,
)
from keyaccount.rules import Interval, Verdict
from keyaccount.tri import Tri
from tests.models.selection_customers import (
    BEGIN,
    TODAY,
    books,
    brought,
    cooperations,
    intents,
    own,
    scales_of,
)
from tests.refusals import refused


LOWEST_FIRST = tuple(reversed(StrategicDesignation))
POLICY = selection.default_policy()
HARBOUR = Customer("c1", "Harbour Foods")
NETWORK = StrategicIntent("n1", StrategicIntentKind.NETWORK_BUILDOUT, BEGIN)
WILLING = Cooperation(
    ["express", "warehouse"],
    Tri.NO,
    Tri.YES,
    Tri.YES,
    [StrategicIntentKind.NETWORK_BUILDOUT],
)
LARGE = Scale("c1", Interval(0.3, 0.3), Tri.YES)
RISING = {Tri.NO: (Tri.UNKNOWN, Tri.YES), Tri.UNKNOWN: (Tri.YES,), Tri.YES: ()}


def designated(
    scale: Scale | None = LARGE,
    cooperation: Cooperation | None = WILLING,
    wanted: tuple[StrategicIntent, ...] | None = (NETWORK,),
    **more: object,
) -> DesignationVerdict:
    return selection.designate(
        HARBOUR,
        as_of=TODAY,
        scale=scale,
        cooperation=cooperation,
        intents=wanted,
        **more,  # type: ignore[arg-type]  # a policy, if anything
    )


def bounds(found: tuple[StrategicDesignation, ...]) -> tuple[int, int]:
    return LOWEST_FIRST.index(found[0]), LOWEST_FIRST.index(found[-1])


# ── the designation (S0-8 to S0-11) ─────────────────────────────────────────────


def test_no_criterion_more_ever_lowers_a_designation() -> None:
    """The designation is monotone in the answers: no < unknown < yes."""
    for answers, found in POLICY.designations.items():
        for at, answer in enumerate(answers):
            for better in RISING[answer]:
                raised = (*answers[:at], better, *answers[at + 1 :])
                low, high = bounds(found)
                new_low, new_high = bounds(POLICY.designations[raised])

                assert new_low >= low
                assert new_high >= high


def test_what_is_possible_is_what_some_answers_lead_to_and_no_more() -> None:
    """S0-11."""
    for answers, found in POLICY.designations.items():
        ways = itertools.product(
            *([Tri.NO, Tri.YES] if one is Tri.UNKNOWN else [one] for one in answers)
        )
        led_to = {POLICY.designations[way] for way in ways}

        assert {(one,) for one in found} == led_to
        assert list(found) == sorted(found, key=LOWEST_FIRST.index)


@pytest.mark.parametrize(
    "answers", list(itertools.product([Tri.NO, Tri.YES], repeat=4))
)
def test_four_answers_make_one_designation(answers: tuple[Tri, ...]) -> None:
    """S0-8, S0-9, S0-10, C-13."""
    count = answers.count(Tri.YES)
    if count == 4:
        expected = StrategicDesignation.STRATEGIC
    elif count == 0:
        expected = StrategicDesignation.ORDINARY
    elif answers[0] is Tri.YES:
        expected = StrategicDesignation.KEY_ACCOUNT
    else:
        expected = StrategicDesignation.HIGH_POTENTIAL

    assert POLICY.designations[answers] == (expected,)


def test_scale_unknown_and_all_else_met_is_high_potential_or_strategic() -> None:
    """A key account is not among what may come out: S0-11 is as narrow as can be."""
    found = designated(scale=None)

    assert found.possible == (
        StrategicDesignation.HIGH_POTENTIAL,
        StrategicDesignation.STRATEGIC,
    )
    assert found.is_strategic is Tri.UNKNOWN


@given(scales_of(), cooperations, intents(), st.data())
def test_any_way_of_filling_in_stays_within_what_is_possible(
    scale: Scale | None,
    cooperation: Cooperation,
    wanted: tuple[StrategicIntent, ...] | None,
    data: st.DataObject,
) -> None:
    found = designated(scale, cooperation, wanted)
    whole = designated(
        data.draw(_known_scales(scale)),
        data.draw(_known_cooperations(cooperation)),
        wanted if found.intents else (NETWORK,),
    )

    assert whole.is_settled
    assert set(whole.possible) <= set(found.possible)


def _known_cooperations(told: Cooperation) -> st.SearchStrategy[Cooperation]:
    lines: list[tuple[str, ...]] = [(), ("a",), ("a", "b")]
    served = [(), (StrategicIntentKind.NETWORK_BUILDOUT,)]
    given_lines, given_kinds = told.service_lines, told.intents_served
    return st.builds(
        Cooperation,
        st.sampled_from(lines) if given_lines is None else st.just(given_lines),
        _answers(told.customised),
        _answers(told.executives_meet_ours),
        _answers(told.commits_resources),
        st.sampled_from(served) if given_kinds is None else st.just(given_kinds),
    )


def _answers(given: Tri) -> st.SearchStrategy[Tri]:
    return st.sampled_from([Tri.NO, Tri.YES] if given is Tri.UNKNOWN else [given])


def _known_scales(scale: Scale | None) -> st.SearchStrategy[Scale]:
    given = Scale("c1") if scale is None else scale
    bounds = given.share or Interval(0.0, 1.0)
    shares = st.floats(bounds.low, bounds.high)
    exact = shares.map(lambda share: Interval(share, share))
    return st.builds(Scale, st.just("c1"), exact, _answers(given.in_head))


@given(scales_of(), cooperations, intents())
def test_a_verdict_holds_together(
    scale: Scale | None,
    cooperation: Cooperation,
    wanted: tuple[StrategicIntent, ...] | None,
) -> None:
    found = designated(scale, cooperation, wanted)
    again = designated(scale, cooperation, wanted)
    is_open = any(part.answer is Tri.UNKNOWN for part in found.criteria)

    assert found == again
    assert hash(found) == hash(again)
    assert found.why == again.why
    assert (found.value is None) is (len(found.possible) > 1)
    assert (found.is_strategic is Tri.YES) is (
        found.value is StrategicDesignation.STRATEGIC
    )
    assert bool(found.missing) is is_open
    assert len({gap.fact for gap in found.missing}) == len(found.missing)
    assert found.policy == POLICY.ref


@given(scales_of(), cooperations, intents())
def test_a_verdict_is_read_back_as_it_was_written(
    scale: Scale | None,
    cooperation: Cooperation,
    wanted: tuple[StrategicIntent, ...] | None,
) -> None:
    found = designated(scale, cooperation, wanted)
    back = wire.structure(wire.unstructure(found), DesignationVerdict)

    assert back == found
    assert back.why == found.why
    assert back.explain("zh-Hans") == found.explain("zh-Hans")
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes


@given(books(), intents(), st.randoms(use_true_random=False))
def test_the_order_of_the_customers_changes_no_verdict(
    book: tuple[Customer, ...],
    wanted: tuple[StrategicIntent, ...] | None,
    random: object,
) -> None:
    shuffled = list(book)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # it is a random.Random
    cooperation = {"c1": WILLING, "c9": Cooperation()}
    first, second = (
        selection.pool(some, as_of=TODAY, cooperation=cooperation, intents=wanted)
        for some in (book, shuffled)
    )

    assert {one.customer_id: one for one in first} == {
        one.customer_id: one for one in second
    }
    assert [one.customer_id for one in second] == [one.id for one in shuffled]


# ── the criteria and their evidence (S0-3 to S0-7) ──────────────────────────────


def test_a_criterion_without_evidence_is_unknown() -> None:
    """S0-3."""
    found = designated(None, None, None)

    assert [part.answer for part in found.criteria] == [Tri.UNKNOWN] * 4
    assert [part.because for part in found.criteria] == [()] * 4
    assert [part.unknown for part in found.criteria] == [
        ("share_of_total", "in_head"),
        ("service_lines", "customised_service"),
        ("intents_matched",),
        ("executives_meet_ours", "commits_resources"),
    ]


def test_a_criterion_keeps_what_was_seen() -> None:
    """S0-3."""
    found = designated()
    seen = {part.criterion: dict(part.because) for part in found.criteria}

    assert seen[SelectionCriterion.SCALE] == {"share_of_total": 0.3, "in_head": "yes"}
    assert seen[SelectionCriterion.SOLUTION_NEED] == {
        "service_lines": 2,
        "customised_service": "no",
    }
    assert found.answer(SelectionCriterion.WILLINGNESS) is Tri.YES


@pytest.mark.parametrize(
    "lines, customised, need",
    [
        (["express", "warehouse"], Tri.NO, Tri.YES),
        (["express"], Tri.YES, Tri.YES),
        (["express"], Tri.NO, Tri.NO),
        (["express"], Tri.UNKNOWN, Tri.UNKNOWN),
        ([], Tri.NO, Tri.NO),
        (None, Tri.NO, Tri.UNKNOWN),
        (None, Tri.YES, Tri.YES),
    ],
)
def test_a_solution_is_customised_or_several_lines(
    lines: list[str] | None, customised: Tri, need: Tri
) -> None:
    """S0-5."""
    told = attrs.evolve(WILLING, service_lines=lines, customised=customised)
    found = designated(cooperation=told)

    assert found.answer(SelectionCriterion.SOLUTION_NEED) is need


def test_the_fit_names_the_kinds_of_intent_that_match() -> None:
    """S0-6, S0-6a, S4-3."""
    benchmark = StrategicIntent("n2", StrategicIntentKind.INDUSTRY_BENCHMARK, BEGIN)
    found = designated(wanted=(benchmark, NETWORK))

    assert found.matched == (StrategicIntentKind.NETWORK_BUILDOUT,)
    assert [(one.id, one.kind) for one in found.intents or ()] == [
        ("n1", StrategicIntentKind.NETWORK_BUILDOUT),
        ("n2", StrategicIntentKind.INDUSTRY_BENCHMARK),
    ]


def test_who_serves_nothing_is_known_not_to_fit() -> None:
    """S0-6."""
    found = designated(cooperation=attrs.evolve(WILLING, intents_served=[]))

    assert found.answer(SelectionCriterion.STRATEGIC_FIT) is Tri.NO


@pytest.mark.parametrize("wanted", [None, ()])
def test_without_an_intent_of_ours_nobody_fits_or_fails_to(
    wanted: tuple[StrategicIntent, ...] | None,
) -> None:
    """S0-6, S4-3: UNKNOWN, and the question goes to ourselves."""
    found = designated(wanted=wanted)

    assert found.answer(SelectionCriterion.STRATEGIC_FIT) is Tri.UNKNOWN
    assert [gap.question for gap in found.missing] == ["strategic-intents"]
    assert "no-valid-intents" in found.flags


def test_the_same_customer_is_strategic_in_one_period_and_not_in_another() -> None:
    """S4-3, S4-5: the verdict is a function of the customer and the intents then."""
    until = StrategicIntent(
        "n1", StrategicIntentKind.NETWORK_BUILDOUT, BEGIN, dt.date(2025, 12, 31)
    )
    after = StrategicIntent(
        "n2", StrategicIntentKind.CORE_CAPABILITY, dt.date(2026, 1, 1)
    )
    now, then = (
        selection.designate(
            HARBOUR, as_of=day, scale=LARGE, cooperation=WILLING, intents=(until, after)
        )
        for day in (TODAY, TODAY + dt.timedelta(days=1))
    )

    assert now.value is StrategicDesignation.STRATEGIC
    assert then.value is StrategicDesignation.KEY_ACCOUNT


@pytest.mark.parametrize(
    "meet, commit, answer",
    [
        (Tri.YES, Tri.YES, Tri.YES),
        (Tri.NO, Tri.UNKNOWN, Tri.NO),
        (Tri.UNKNOWN, Tri.NO, Tri.NO),
        (Tri.YES, Tri.UNKNOWN, Tri.UNKNOWN),
    ],
)
def test_willingness_takes_executives_and_resources(
    meet: Tri, commit: Tri, answer: Tri
) -> None:
    """S0-7, S0-7a."""
    told = attrs.evolve(WILLING, executives_meet_ours=meet, commits_resources=commit)
    found = designated(cooperation=told)
    is_one_sided = answer is Tri.NO

    assert found.answer(SelectionCriterion.WILLINGNESS) is answer
    assert ("one-sided" in found.flags) is is_one_sided
    assert (found.advice is SelectionAdvice.CAUTION) is is_one_sided


def test_big_orders_alone_make_nobody_strategic() -> None:
    """S4-4."""
    told = attrs.evolve(WILLING, intents_served=[])
    found = designated(Scale("c1", Interval(0.9, 0.9), Tri.YES), told)

    assert found.value is StrategicDesignation.KEY_ACCOUNT
    assert found.is_strategic is Tri.NO
    assert "merely-large" in found.flags


def test_a_house_that_goes_by_size_alone_is_not_told_that_size_is_not_enough() -> None:
    by_size = own(
        drop=[
            "required_criteria.solution-need",
            "required_criteria.strategic-fit",
            "required_criteria.willingness",
        ]
    )
    misfit = attrs.evolve(WILLING, intents_served=[])

    assert "merely-large" in designated(cooperation=misfit).flags
    found = designated(cooperation=misfit, policy=by_size)
    assert found.value is StrategicDesignation.STRATEGIC
    assert "merely-large" not in found.flags


def test_a_designation_looks_at_no_tier_and_no_profile() -> None:
    """C-1, S0-2; S0-37 has no formula: nothing of ours is asked but the intents."""
    asked = set(selection.designate.__annotations__)

    assert asked == {
        "customer",
        "as_of",
        "scale",
        "cooperation",
        "intents",
        "policy",
        "return",
    }
    assert not {tier.value for tier in ValueTier} & set(selection.FACTS.names)


# ── questions, words, refusals ──────────────────────────────────────────────────


def test_what_settles_most_is_asked_first() -> None:
    """S0-11: one answer decides the fit; the solution may take two."""
    found = designated(None, Cooperation(executives_meet_ours=Tri.YES))

    assert [gap.fact for gap in found.missing] == [
        "share_of_total",
        "intents_matched",
        "commits_resources",
        "service_lines",
        "customised_service",
    ]


def test_the_head_is_asked_for_where_only_that_is_open() -> None:
    found = designated(Scale("c1", Interval(0.01, 0.01)))

    assert [(gap.fact, gap.question) for gap in found.missing] == [
        ("in_head", "in-head")
    ]


def test_the_head_is_a_matter_of_what_the_others_bring() -> None:
    partial = Scale("c1", Interval(0.01, 0.01), flags=("partial-total",))
    found = designated(partial)

    assert [gap.question for gap in found.missing] == ["amounts-of-others"]


def test_who_has_no_figures_of_its_own_is_asked_for_them() -> None:
    unknown = Scale("c1", flags=("partial-total",))

    assert [gap.question for gap in designated(unknown).missing] == ["share-of-total"]


def test_whose_own_figure_is_known_is_not_asked_for_it_again() -> None:
    """The total may be nothing, so there is no share, and the amount is there."""
    book = brought("c1", 10), brought("c2", -10), brought("c3", None)
    found = designated(selection.scales(book, as_of=TODAY)["c1"])

    assert found.share is None
    assert [gap.question for gap in found.missing] == ["amounts-of-others"]
    assert found.explain()[2:4] == (
        "    sales in the full year to 2025-12-31: 10 CNY",
        "    its share of our sales is not known",
    )


def test_a_bounded_share_is_explained_with_its_bounds() -> None:
    lines = designated(Scale("c1", Interval(0.04, 0.06), Tri.NO)).explain()

    assert any("between 4% and 6%" in line for line in lines)


def test_a_scale_from_the_book_is_explained_with_its_amount() -> None:
    scale = selection.scales([brought("c1", 1200)], as_of=TODAY)["c1"]

    assert "    sales in the full year to 2025-12-31: 1,200 CNY" in (
        designated(scale).explain()
    )


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("wanted", [None, (), (NETWORK,)])
@pytest.mark.parametrize("told", [None, WILLING, Cooperation(commits_resources=Tri.NO)])
@pytest.mark.parametrize("scale", [None, LARGE, Scale("c1", Interval(0.04, 0.06))])
def test_every_reason_is_said_in_every_language(
    locale: str,
    wanted: tuple[StrategicIntent, ...] | None,
    told: Cooperation | None,
    scale: Scale | None,
) -> None:
    lines = designated(scale, told, wanted).explain(locale)

    assert not [line for line in lines if "=" in line.replace(" = ", "") or "_" in line]


def test_a_verdict_reads_well() -> None:
    told = attrs.evolve(WILLING, commits_resources=Tri.NO)
    found = designated(cooperation=told)

    assert repr(found) == (
        "<DesignationVerdict key-account · yes/yes/yes/no · caution · "
        "as of 2025-12-31 · flags one-sided>"
    )
    assert isinstance(found, Verdict)
    assert found.evidence.labels() == {}


def test_the_rule_that_decides_is_told_and_none_after_it() -> None:
    told = attrs.evolve(WILLING, commits_resources=Tri.NO)
    lines = [line for line in designated(cooperation=told).explain() if line[2] != " "]

    assert lines[5:] == [
        "  rule “meets all required criteria” does not apply",
        "  rule “large” applies",
        "  advice: be careful about letting it into the pool of strategic customers",
        "one-sided zeal: the customer does not want it as much as we do",
    ]


def test_without_a_scale_nobody_knows_the_share_or_the_head() -> None:
    found = designated(None)

    assert (found.share, found.in_head) == (None, Tri.UNKNOWN)
    assert found.answer(SelectionCriterion.SCALE) is Tri.UNKNOWN


def test_a_scale_must_be_the_customers_own_and_on_the_same_basis() -> None:
    other = Scale("c2", basis=selection.ScaleBasis.GROSS_PROFIT)

    assert refused(designated, other) == (
        ("$.scale.customer_id", "contradiction"),
        ("$.scale.basis", "contradiction"),
    )
    assert refused(designated, "large") == (("$.scale", "wrong-type"),)


def test_one_intent_stands_once() -> None:
    assert refused(designated, wanted=(NETWORK, NETWORK)) == (
        ("$.intents[1].id", "duplicate"),
    )
    assert refused(designated, wanted=("network",)) == (("$.intents[0]", "wrong-type"),)


def test_a_cooperation_must_be_one() -> None:
    assert refused(designated, cooperation="willing") == (
        ("$.cooperation", "wrong-type"),
    )


def test_a_cooperation_is_found_however_the_letters_of_its_id_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "café")
    (found,) = selection.pool(
        [brought("café", 5)], as_of=TODAY, cooperation={decomposed: WILLING}
    )

    assert found.answer(SelectionCriterion.WILLINGNESS) is Tri.YES


def test_a_scale_says_everything_that_is_wrong() -> None:
    assert refused(Scale, 1, Interval(0.5, 0.4), None, "sales") == (
        ("$.customer_id", "wrong-type"),
        ("$.in_head", "wrong-type"),
        ("$.basis", "wrong-type"),
        ("$.share.low", "out-of-range"),
    )
    assert refused(Scale, "c1", 0.5) == (("$.share", "wrong-type"),)


def test_facts_are_what_the_rows_ask() -> None:
    """Every declared fact is told; what nobody knows is None."""
    found = selection.facts(None, as_of=TODAY)

    assert tuple(found) == selection.FACTS.names
    assert set(found.values()) == {None}


def test_a_bounded_share_is_no_known_fact() -> None:
    scale = Scale("c1", Interval(0.04, 0.06))

    assert selection.facts(None, as_of=TODAY, scale=scale)["share_of_total"] is None


def test_a_policy_of_ones_own_may_ask_for_more() -> None:
    strict = own(
        numbers={"scale_share": "0.5"},
        willingness_rows=[{"id": "mutual", "when": "executives_meet_ours"}],
    )
    told = attrs.evolve(WILLING, commits_resources=Tri.NO)
    found = designated(Scale("c1", Interval(0.5, 0.5)), told, policy=strict)

    assert found.value is StrategicDesignation.STRATEGIC
    assert found.policy == strict.ref != POLICY.ref
