"""Is our organisation ready? Laws that hold whatever was answered."""

from __future__ import annotations

import datetime as dt
import pickle
import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire, wording
from keyaccount.domain import (
    ChecklistAnswer,
    OrgElement,
    TeamProximity,
    TeamRequirement,
)
from keyaccount.exceptions import UnknownNameError
from keyaccount.models import readiness
from keyaccount.models.readiness import (
    ChecklistKind,
    Readiness,
    ReadinessPolicy,
    ReadinessVerdict,
)
from keyaccount.rules import Interval
from keyaccount.tri import Tri, all_of
from tests.models.readiness_policies import own
from tests.refusals import refused
from tests.strategies import tris


TODAY = dt.date(2025, 12, 31)
YEAR_AGO = dt.date(2024, 12, 31)
SHIPPED = readiness.default_policy()
LINES = tuple(item.id for item in SHIPPED.lines)
ELEMENT_LINES = tuple(
    item.id
    for item in SHIPPED.lines
    if item.checklist in {element.value for element in OrgElement}
)
EVERYTHING = dict.fromkeys(LINES, Tri.YES)

# The letters of DOMAIN.md, and the line that carries each.
LETTERS = {
    "S0-16a": "goals-beyond-revenue",
    "S0-16b": "goals-industry-benchmark",
    "S0-16c": "goals-solution-innovation",
    "S0-16d": "goals-standard-selling",
    "S0-16e": "goals-seed-sellers",
    "S0-17a": "organisation-own-unit",
    "S0-17b": "organisation-chief-leads",
    "S0-17c": "organisation-consultative",
    "S0-18a": "mechanism-own-assessment",
    "S0-18b": "mechanism-own-incentives",
    "S0-18c": "mechanism-collaboration",
    "S0-18d": "mechanism-profit-sharing",
    "S0-19a": "process-complex-purchasing",
    "S0-19b": "process-fast-resolution",
    "S0-20a": "tools-solution-demo",
    "S0-20b": "tools-visit-reception",
    "S0-20c": "tools-company-deck",
    "S0-20d": "tools-scripts",
    "S0-20e": "tools-standardised",
    "S0-21a": "benchmark-industry",
    "S0-21b": "benchmark-barrier",
    "S0-21c": "benchmark-seed-sellers",
    "S0-22a": "replication-mechanism",
    "S0-22b": "replication-process",
    "S0-22c": "replication-tools",
    "S0-22d": "replication-penetration",
    "S0-23a": "stand-high-leader",
    "S0-23b": "stand-high-pairing",
    "S0-23c": "stand-high-visits",
    "S0-23d": "stand-high-training",
    "S0-24a": "stay-close-on-site",
    "S0-24b": "stay-close-joint-team",
    "S0-25": "see-wide-ourselves",
    "S0-26": "be-patient-internal-selling",
    "S0-37": "joint-force-top-down",
}

answered = st.dictionaries(st.sampled_from(LINES), tris)
nearly = answered.map(lambda some: {**EVERYTHING, **some})
told = answered | nearly
policies_ = st.sampled_from(
    [
        SHIPPED,
        own(numbers={"ready_from": "1", "partly_from": "0"}),
        own(
            rows=[
                {
                    "id": "all-in-place",
                    "when": "elements_share >= 0.9 and weakest_requirement > 0 "
                    "and tools_share >= 0.6 and joint_force_top_down",
                },
                {
                    "id": "half-in-place",
                    "when": "requirements_share >= 0.5 or not tools_scripts",
                },
            ]
        ),
    ]
)


def assessed(
    answers: Mapping[str, Tri], policy: ReadinessPolicy | None = None
) -> ReadinessVerdict:
    return readiness.assess(answers, as_of=TODAY, policy=policy)


def every_score(verdict: ReadinessVerdict) -> list[Interval]:
    return [verdict.score, *(one.score for one in verdict.checklists)]


# ── the checklists (S0-16 to S0-26, S3-36, S2-21) ───────────────────────────────


def test_the_seven_elements_stand_in_the_order_of_the_seed() -> None:
    elements = assessed({}).of_kind(ChecklistKind.ELEMENT)

    assert [one.id for one in elements] == [one.value for one in OrgElement]
    assert [one.size for one in elements] == [5, 3, 4, 2, 5, 3, 4]


def test_the_four_requirements_stand_in_the_order_of_the_seed() -> None:
    requirements = assessed({}).of_kind(ChecklistKind.REQUIREMENT)

    assert [one.id for one in requirements] == [one.value for one in TeamRequirement]
    assert [one.size for one in requirements] == [4, 2, 5, 1]


def test_four_changes_support_and_four_things_make_a_culture() -> None:
    verdict = assessed({})  # S3-36, S2-21

    assert verdict.of_kind(ChecklistKind.SUPPORTING) == (
        verdict.of("supporting-changes"),
    )
    assert verdict.of("supporting-changes").size == 4
    assert verdict.of("sales-culture").size == 4
    assert [one.id for one in verdict.of_kind(ChecklistKind.CULTURE)] == [
        "sales-culture",
        "joint-force",
    ]


@pytest.mark.parametrize(("letter", "slug"), LETTERS.items())
def test_every_letter_of_the_seed_is_a_line(letter: str, slug: str) -> None:
    item = next(one for one in SHIPPED.items if one.id == slug)

    assert item.origin == "seed"
    assert item.why.startswith(f"{letter}:")


@pytest.mark.parametrize(
    ("checklist", "seed", "lines"),
    [
        (
            "see-wide",
            "S0-25",
            ("ourselves", "customer", "industry", "competitors", "opportunities"),
        ),
        (
            "supporting-changes",
            "S3-36",
            ("org-structure", "policies", "talent", "it-system"),
        ),
        (
            "sales-culture",
            "S2-21",
            ("training", "incentives", "professionalism", "teamwork"),
        ),
    ],
)
def test_what_the_seed_counts_without_letters_is_a_line_each(
    checklist: str, seed: str, lines: tuple[str, ...]
) -> None:
    items = SHIPPED.of(checklist)

    assert tuple(item.id.split("-", 1)[1] for item in items) == tuple(
        f"wide-{line}" if checklist == "see-wide" else line for line in lines
    )
    assert all(item.why.startswith(f"{seed}:") for item in items)


def test_of_the_four_knows_those_that_lack_are_gaps() -> None:
    answers = {"see-wide-customer": Tri.YES, "see-wide-competitors": Tri.NO}

    wide = assessed(answers).of(TeamRequirement.SEE_WIDE)  # S0-25

    assert wide.gaps == ("see-wide-competitors",)
    assert [gap.question for gap in wide.questions] == [
        "see-wide-ourselves",
        "see-wide-industry",
        "see-wide-opportunities",
    ]


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_line_and_every_share_has_a_name_and_every_line_a_question(
    locale: str,
) -> None:
    named = [f"fact.{name}" for name in SHIPPED.about.names]
    asked = [f"question.{slug}" for slug in LINES]
    titled = [f"{one.kind.words}.{one.id}" for one in SHIPPED.checklists]

    assert [
        code for code in (*named, *asked, *titled) if not wording.has(code, locale)
    ] == []


@given(told)
def test_a_score_is_bounded_by_what_is_and_what_may_be_in_place(
    answers: dict[str, Tri],
) -> None:
    for one in assessed(answers).checklists:
        lines = [item.id for item in SHIPPED.of(one.id)]
        found = [answers.get(slug, Tri.UNKNOWN) for slug in lines]
        yes, unknown = found.count(Tri.YES), found.count(Tri.UNKNOWN)
        assert one.score == Interval(yes / len(lines), (yes + unknown) / len(lines))
        assert one.completeness == (len(lines) - unknown) / len(lines)
        assert one.complete is all_of(found)
        asked = tuple(gap.fact.replace("_", "-") for gap in one.questions)
        assert sorted((*one.met, *one.gaps, *asked)) == sorted(lines)


@given(told)
def test_the_whole_is_all_lines_together(answers: dict[str, Tri]) -> None:
    verdict = assessed(answers)

    found = [answers.get(slug, Tri.UNKNOWN) for slug in LINES]
    yes, unknown = found.count(Tri.YES), found.count(Tri.UNKNOWN)
    count = len(LINES)
    assert verdict.score == Interval(yes / count, (yes + unknown) / count)
    assert verdict.completeness == (count - unknown) / count
    assert verdict.gaps == tuple(slug for slug in LINES if answers.get(slug) is Tri.NO)
    assert len(verdict.questions) == unknown


# ── laws ────────────────────────────────────────────────────────────────────────


@given(told, st.sampled_from(LINES))
def test_a_yes_more_lowers_no_score_and_no_answer(
    answers: dict[str, Tri], slug: str
) -> None:
    before, after = assessed(answers), assessed({**answers, slug: Tri.YES})

    for old, new in zip(every_score(before), every_score(after), strict=True):
        assert new.low >= old.low
        assert new.high >= old.high
    assert after.possible[0].rank <= before.possible[0].rank  # 0 is the best
    assert after.possible[-1].rank <= before.possible[-1].rank


@given(told, st.sampled_from(LINES))
def test_a_no_where_nobody_knew_raises_nothing(
    answers: dict[str, Tri], slug: str
) -> None:
    before = assessed({**answers, slug: Tri.UNKNOWN})
    after = assessed({**answers, slug: Tri.NO})

    for old, new in zip(every_score(before), every_score(after), strict=True):
        assert new.high <= old.high
        assert new.low == old.low
    assert after.possible[-1].rank >= before.possible[-1].rank
    assert set(after.possible) <= set(before.possible)


@given(told, policies_, st.data())
def test_whatever_is_filled_in_the_answer_stays_inside(
    answers: dict[str, Tri], policy: ReadinessPolicy, data: st.DataObject
) -> None:
    before = assessed(answers, policy)
    unknown = [slug for slug in LINES if answers.get(slug, Tri.UNKNOWN) is Tri.UNKNOWN]
    filled = data.draw(
        st.fixed_dictionaries(
            {slug: st.sampled_from([Tri.YES, Tri.NO]) for slug in unknown}
        )
    )

    after = assessed({**answers, **filled}, policy)

    assert after.value in before.possible
    assert after.is_settled
    assert after.missing == ()
    for old, new in zip(every_score(before), every_score(after), strict=True):
        assert new.is_exact
        assert old.low <= new.low <= old.high
    if before.is_settled:
        assert after.value is before.value


@given(told)
def test_every_answer_that_is_possible_can_come_true(answers: dict[str, Tri]) -> None:
    """Nothing is left open that is not: filled in one way or the other, it happens."""
    verdict = assessed(answers)
    open_lines = [gap.fact.replace("_", "-") for gap in verdict.questions]
    worst = assessed({**answers, **dict.fromkeys(open_lines, Tri.NO)})
    best = assessed({**answers, **dict.fromkeys(open_lines, Tri.YES)})

    assert verdict.possible[0] is worst.value
    assert verdict.possible[-1] is best.value


@given(answered, policies_)
def test_a_verdict_survives_the_wire_and_pickling(
    answers: dict[str, Tri], policy: ReadinessPolicy
) -> None:
    verdict = assessed(answers, policy)

    again = wire.loads(wire.dumps(verdict), ReadinessVerdict)
    assert again == verdict
    assert again.explain() == verdict.explain()
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
    assert hash(verdict) == hash(again)


@given(answered, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_says_nothing(
    answers: dict[str, Tri], chance: random.Random
) -> None:
    dated = [ChecklistAnswer(slug, one, TODAY) for slug, one in answers.items()]
    dated += [ChecklistAnswer(slug, Tri.NO, YEAR_AGO) for slug in answers]
    mixed = dated.copy()
    chance.shuffle(mixed)

    assert readiness.assess(mixed, as_of=TODAY) == readiness.assess(dated, as_of=TODAY)


@given(told)
def test_facts_are_the_lines_and_what_follows_from_them(
    answers: dict[str, Tri],
) -> None:
    facts = readiness.facts(answers, as_of=TODAY)
    verdict = assessed(answers)

    assert facts.schema == SHIPPED.about
    assert set(readiness.FACTS.names) <= set(facts)
    shares = {"readiness_share": verdict.score}
    for one in verdict.checklists:
        shares[f"{one.id.replace('-', '_')}_share"] = one.score
    for name, score in shares.items():
        assert facts[name] == (score.low if score.is_exact else None)
    elements = verdict.of_kind(ChecklistKind.ELEMENT)
    least = min(one.score.low for one in elements)
    most = min(one.score.high for one in elements)
    assert facts["weakest_element"] == (least if least == most else None)
    for slug in LINES:
        answer = answers.get(slug, Tri.UNKNOWN)
        told_ = None if answer is Tri.UNKNOWN else answer
        assert facts[slug.replace("-", "_")] is told_


# ── how ready on the whole ──────────────────────────────────────────────────────


def counted(yes: int) -> dict[str, Tri]:
    """Answer yes to so many lines, the elements' first, and no to the others."""
    order = (*ELEMENT_LINES, *(slug for slug in LINES if slug not in ELEMENT_LINES))
    return {slug: Tri.of(at < yes) for at, slug in enumerate(order)}


@pytest.mark.parametrize(
    ("yes", "expected"),
    [
        (47, Readiness.READY),
        (38, Readiness.READY),  # 38 of 47 is 80.9 %
        (37, Readiness.PARTLY_READY),
        (24, Readiness.PARTLY_READY),  # 51.1 %
        (23, Readiness.NOT_READY),
        (0, Readiness.NOT_READY),
    ],
)
def test_four_of_five_lines_make_ready_and_half_of_them_partly(
    yes: int, expected: Readiness
) -> None:
    verdict = assessed(counted(yes))

    assert verdict.value is expected
    assert verdict.possible == (expected,)


def test_exactly_the_share_that_is_asked_for_is_enough() -> None:
    drop = ["joint-force", "joint-force-top-down", "be-patient-internal-selling"]
    policy = own(drop=[*drop, "be-patient"])
    lines = [item.id for item in policy.lines]
    answers = {slug: Tri.of(at < 36) for at, slug in enumerate(lines)}

    assert len(lines) == 45
    assert assessed(answers, policy).value is Readiness.READY  # 36 of 45 is 80 %
    answers[lines[35]] = Tri.NO
    assert assessed(answers, policy).value is Readiness.PARTLY_READY


@pytest.mark.parametrize(("lacking", "expected"), [(1, "ready"), (2, "partly-ready")])
def test_an_element_that_is_left_behind_keeps_us_from_being_ready(
    lacking: int, expected: str
) -> None:
    process = [item.id for item in SHIPPED.of("process")][:lacking]
    verdict = assessed({**EVERYTHING, **dict.fromkeys(process, Tri.NO)})

    assert verdict.value is Readiness(expected)  # S0-19: one of two is half


def test_nothing_answered_leaves_everything_open() -> None:
    verdict = assessed({})

    assert verdict.value is None
    assert verdict.possible == tuple(reversed(Readiness))
    assert verdict.score == Interval(0, 1)
    assert verdict.completeness == 0
    assert len(verdict.missing) == len(LINES)
    assert verdict.missing[0].fact == "goals_beyond_revenue"
    assert verdict.first.do is None
    assert verdict.first.ask == verdict.missing[0]


def test_the_question_that_settles_most_stands_first() -> None:
    answers = dict(EVERYTHING)
    for slug in ("see-wide-customer", "process-fast-resolution"):
        del answers[slug]
    answers["process-complex-purchasing"] = Tri.NO

    verdict = assessed(answers)

    assert verdict.possible == (Readiness.PARTLY_READY, Readiness.READY)
    assert [gap.question for gap in verdict.missing] == [
        "process-fast-resolution",
        "see-wide-customer",
    ]


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        ("goals_share >= 1", [item.id for item in SHIPPED.of("goals")]),
        ("weakest_element >= 0.5", ELEMENT_LINES),
        (
            "joint_force_top_down or tools_scripts",
            ("joint-force-top-down", "tools-scripts"),
        ),
    ],
)
def test_only_what_the_rules_ask_for_is_asked(when: str, lines: Sequence[str]) -> None:
    policy = own(rows=[{"id": "all-in-place", "when": when}], drop=["half-in-place"])

    verdict = assessed({}, policy)

    assert {gap.question for gap in verdict.missing} == set(lines)


@pytest.mark.parametrize(
    ("when", "possible", "said"),
    [
        (
            "goals_share > 0.8",
            (Readiness.NOT_READY, Readiness.READY),
            "may apply, not everything is known",
        ),
        ("goals_share >= 0.8", (Readiness.READY,), "applies"),
        ("goals_share < 0.8", (Readiness.NOT_READY,), "does not apply"),
        (
            "goals_share <= 0.8",
            (Readiness.NOT_READY, Readiness.READY),
            "may apply, not everything is known",
        ),
    ],
)
def test_a_share_on_the_mark_and_one_above_it_are_told_apart(
    when: str, possible: tuple[Readiness, ...], said: str
) -> None:
    policy = own(rows=[{"id": "all-in-place", "when": when}], drop=["half-in-place"])
    four_of_five = [item.id for item in policy.of("goals")][:4]

    verdict = assessed(dict.fromkeys(four_of_five, Tri.YES), policy)

    assert verdict.possible == possible
    assert verdict.explain()[1].endswith(f"” {said}")


def test_more_open_lines_than_can_be_tried_are_left_to_the_rails() -> None:
    lines = [item.id.replace("-", "_") for item in SHIPPED.lines[:10]]
    policy = own(
        rows=[{"id": "all-in-place", "when": " and ".join(lines)}],
        drop=["half-in-place"],
    )

    assert assessed({}, policy).possible == (Readiness.NOT_READY, Readiness.READY)
    some_no = {SHIPPED.lines[0].id: Tri.NO}
    assert assessed(some_no, policy).value is Readiness.NOT_READY


# ── what to do first ────────────────────────────────────────────────────────────


@given(told)
def test_what_is_done_first_rests_on_nothing_that_is_not_in_place(
    answers: dict[str, Tri],
) -> None:
    verdict = assessed(answers)
    after = {item.id: item.after for item in SHIPPED.items}
    first = verdict.first

    free = [
        slug
        for slug in verdict.gaps
        if all(answers.get(before) is Tri.YES for before in after[slug])
    ]
    assert first.do == (free[0] if free else None)
    assert first.waiting == tuple(slug for slug in verdict.gaps if slug not in free)
    if first.do is None:
        assert first.ask is not None or not verdict.gaps
    assert (first.ask is None) == (not verdict.questions)


def test_replication_before_a_benchmark_makes_no_sense() -> None:
    no = dict.fromkeys(("benchmark-industry", "replication-mechanism"), Tri.NO)
    first = assessed({**EVERYTHING, **no}).first

    assert first.do == "benchmark-industry"  # S0-21, S0-22
    assert first.waiting == ("replication-mechanism",)
    assert first.ask is None


def test_nobody_leads_or_assesses_a_unit_that_there_is_not() -> None:
    unit = [item for item in SHIPPED.items if "organisation-own-unit" in item.after]
    no = dict.fromkeys((item.id for item in unit), Tri.NO)
    answers = {**EVERYTHING, **no}
    del answers["organisation-own-unit"]

    first = assessed(answers).first

    assert set(no) == {  # S0-17b, S0-18a, S0-18b, S0-23a
        "organisation-chief-leads",
        "mechanism-own-assessment",
        "mechanism-own-incentives",
        "stand-high-leader",
    }
    assert first.do is None
    assert first.ask is not None
    assert first.ask.question == "organisation-own-unit"


def test_what_rests_on_something_unknown_is_asked_about_before_it_is_done() -> None:
    answers = {**EVERYTHING, "replication-tools": Tri.NO}
    del answers["tools-standardised"], answers["goals-beyond-revenue"]

    verdict = assessed(answers)

    assert verdict.is_settled
    assert verdict.first.do is None
    assert verdict.first.ask is not None
    assert verdict.first.ask.question == "tools-standardised"
    standard = wording.label("fact", "tools_standardised")
    assert verdict.explain()[-2:] == (
        f"  before anything is done, find out: {standard}",
        "    comes later: the tools copied to other customers of the industry",
    )


def test_where_there_is_something_to_do_the_first_open_line_is_asked() -> None:
    no = dict.fromkeys(("tools-scripts", "replication-tools"), Tri.NO)
    answers = {**EVERYTHING, **no}
    del answers["tools-standardised"], answers["goals-beyond-revenue"]

    first = assessed(answers).first

    assert first.do == "tools-scripts"
    assert first.waiting == ("replication-tools",)
    assert first.ask is not None
    assert first.ask.question == "goals-beyond-revenue"


def test_all_in_place_leaves_nothing_to_do() -> None:
    verdict = assessed(EVERYTHING)

    assert verdict.first == readiness.FirstStep()
    assert verdict.explain()[-1].endswith("everything is in place")


# ── answers over the years ──────────────────────────────────────────────────────


def dated(day: dt.date | None, answer: Tri = Tri.NO) -> ChecklistAnswer:
    return ChecklistAnswer("goals-beyond-revenue", answer, day)


@pytest.mark.parametrize(("days", "stale"), [(0, False), (365, False), (366, True)])
def test_an_answer_is_stale_the_day_after_a_year(days: int, stale: bool) -> None:
    verdict = readiness.assess([dated(TODAY - dt.timedelta(days))], as_of=TODAY)

    assert verdict.flags == (("stale-answers",) if stale else ())
    assert verdict.stale == (("goals-beyond-revenue",) if stale else ())
    assert verdict.gaps == ("goals-beyond-revenue",)  # it counts all the same
    told_ = any("older than 365 days" in line for line in verdict.explain())
    assert told_ is stale


@pytest.mark.parametrize(("days", "stale"), [(0, False), (1, True)])
def test_a_house_may_let_an_answer_hold_for_its_day_alone(
    days: int, stale: bool
) -> None:
    policy = own(numbers={"stale_after": 0})
    answers = [dated(TODAY - dt.timedelta(days))]

    verdict = readiness.assess(answers, as_of=TODAY, policy=policy)

    assert bool(verdict.stale) is stale


def test_the_latest_answer_counts() -> None:
    answers = [dated(YEAR_AGO), dated(TODAY, Tri.YES), dated(dt.date(2020, 1, 1))]
    verdict = readiness.assess(answers, as_of=TODAY)

    assert verdict.gaps == ()
    assert verdict.of(OrgElement.GOALS).met == ("goals-beyond-revenue",)
    assert verdict.flags == ()


def test_an_answer_of_a_later_day_is_not_yet_known() -> None:
    answers = [dated(YEAR_AGO), dated(TODAY, Tri.YES)]

    before = readiness.assess(answers, as_of=TODAY - dt.timedelta(1))
    after = readiness.assess(answers, as_of=TODAY)

    assert before.gaps == ("goals-beyond-revenue",)
    assert after.gaps == ()


def test_an_unknown_answer_says_nothing_and_replaces_nothing() -> None:
    answers = [dated(YEAR_AGO), dated(TODAY, Tri.UNKNOWN)]

    assert readiness.assess(answers, as_of=TODAY).gaps == ("goals-beyond-revenue",)


def test_an_answer_without_a_day_counts_gives_way_and_is_named() -> None:
    alone = readiness.assess([dated(None)], as_of=TODAY)
    both = readiness.assess([dated(None), dated(YEAR_AGO, Tri.YES)], as_of=TODAY)

    assert alone.gaps == alone.undated == ("goals-beyond-revenue",)
    assert alone.flags == ("undated-answers",)
    assert any("nobody noted when" in line for line in alone.explain())
    assert (both.gaps, both.undated, both.flags) == ((), (), ())


@pytest.mark.parametrize("day", [YEAR_AGO, None])
def test_two_answers_of_one_day_that_differ_are_refused(day: dt.date | None) -> None:
    answers = [dated(day), dated(day, Tri.YES), dated(TODAY)]

    assert refused(readiness.assess, answers, as_of=TODAY) == (
        ("$.answers[1].answer", "contradiction"),
    )
    assert readiness.assess([dated(day), dated(day)], as_of=TODAY).gaps


def test_what_contradicts_itself_tomorrow_is_not_known_today() -> None:
    tomorrow = TODAY + dt.timedelta(1)
    answers = [dated(tomorrow), dated(tomorrow, Tri.YES)]

    assert readiness.assess(answers, as_of=TODAY).completeness == 0


def test_everything_wrong_with_the_answers_is_told_at_once() -> None:
    answers = [ChecklistAnswer("goals-beyond-revenu", Tri.YES), "goals", dated(None)]

    assert refused(readiness.assess, answers, as_of="today") == (
        ("$.as_of", "wrong-type"),
        ("$.answers[0].item", "unknown-choice"),
        ("$.answers[1]", "wrong-type"),
    )
    assert refused(readiness.assess, {"goals": Tri.YES, 5: True}, as_of=TODAY) == (
        ("$.answers['goals']", "unknown-choice"),
        ("$.answers[5]", "unknown-choice"),
        ("$.answers[5]", "wrong-type"),
    )
    assert refused(readiness.facts, 5, as_of=TODAY) == (("$.answers", "wrong-type"),)


def test_a_misspelt_line_is_told_its_near_match() -> None:
    with pytest.raises(ValueError, match="'tools-scripts'"):
        assessed({"tool-scripts": Tri.YES})


# ── telling ─────────────────────────────────────────────────────────────────────


def test_a_verdict_names_its_checklists() -> None:
    verdict = assessed({})

    assert verdict.of("goals") == verdict.of(OrgElement.GOALS)
    assert verdict.of(TeamRequirement.SEE_WIDE).id == "see-wide"
    with pytest.raises(UnknownNameError, match="goals"):
        verdict.of("goal")


def test_a_verdict_shows_itself_on_one_line() -> None:
    assert repr(assessed({**EVERYTHING, "tools-scripts": Tri.NO})) == (
        "<ReadinessVerdict ready · 98% in place · first tools-scripts "
        "· as of 2025-12-31>"
    )
    assert repr(assessed({})).startswith(
        "<ReadinessVerdict not-ready or partly-ready or ready · 0…100% in place"
    )


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "    not in place: scripts for what to say"),
        ("zh-Hans", "    未到位：销售话术"),
        ("zh-Hant", "    未到位：銷售話術"),
    ],
)
def test_what_is_lacking_is_told_in_three_languages(locale: str, expected: str) -> None:
    verdict = assessed({**EVERYTHING, "tools-scripts": Tri.NO})

    assert expected in verdict.explain(locale)


def test_the_rows_are_told_up_to_the_one_that_answers() -> None:
    ready, unasked = assessed(EVERYTHING).explain(), assessed({}).explain()

    assert (
        ready[1] == "  rule “most is in place, and no element is left behind” applies"
    )
    assert ready[2] == "    share of all lines in place 100% ≥ 80%: yes"
    assert not any("at least half" in line for line in ready)
    assert any("at least half" in line for line in unasked)
    assert "  if no rule applies: not ready" in unasked
    lacking = assessed(dict.fromkeys(LINES, Tri.NO)).explain()
    assert "  no rule applies, so: not ready" in lacking


def test_a_row_that_is_open_tells_its_bounds() -> None:
    answers = counted(24)
    del answers["joint-force-top-down"]
    lines = assessed(answers).explain()

    assert lines[0] == "partly ready"
    assert (
        "    share of all lines in place ≥ 50%: as far as we know, between 51.06% "
        "and 53.19%"
    ) in lines
    assert "  joint force of the whole company: nobody has answered yet" in lines


# ── how near a team sits (S0-24) ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("place", "points", "line"),
    [
        (TeamProximity.NONE, (0, 0), "elsewhere: 0 of 2 points"),
        (TeamProximity.SAME_CITY, (1, 1), "in the customer's city: 1 of 2 points"),
        (
            TeamProximity.JOINT_TEAM,
            (2, 2),
            "joint team on the customer's site: 2 of 2 points",
        ),
        (
            None,
            (0, 2),
            "nobody has told us where the team sits: between 0 and 2 of 2 points",
        ),
    ],
)
def test_a_team_near_the_customer_scores_higher(
    place: TeamProximity | None, points: tuple[int, int], line: str
) -> None:
    found = readiness.proximity(place)

    assert found.points == Interval(*points)
    assert found.explain() == (line,)


def test_a_place_is_a_team_proximity_or_not_known() -> None:
    assert refused(readiness.proximity, "none") == (("$.place", "wrong-type"),)
