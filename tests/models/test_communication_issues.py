"""How long open issues have waited: laws that hold for any list of them."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
from collections.abc import Iterator

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import Issue, RootCause
from keyaccount.models import communication
from keyaccount.models.communication import IssueAge, IssueVerdict
from keyaccount.tri import Tri
from tests.models.communication_contacts import TODAY, ago, issues
from tests.refusals import refused


def aged(found: tuple[Issue, ...], as_of: dt.date = TODAY) -> IssueVerdict:
    return communication.issue_ageing(found, as_of=as_of)


def fillings(found: tuple[Issue, ...]) -> Iterator[tuple[Issue, ...]]:
    """Yield every way to answer what nobody has said of the issues."""
    ways = [
        [
            attrs.evolve(issue, resolved=resolved, internal=internal)
            for resolved in _told(issue.resolved)
            for internal in _told(issue.internal)
        ]
        for issue in found
    ]
    yield from itertools.product(*ways)


def _told(answer: Tri) -> tuple[Tri, ...]:
    return (Tri.YES, Tri.NO) if answer is Tri.UNKNOWN else (answer,)


@given(issues())
def test_what_is_possible_is_just_what_some_answer_leads_to(
    found: tuple[Issue, ...],
) -> None:
    open_one = aged(found)

    told = [aged(way) for way in fillings(found)]

    assert {one.value for one in told} == set(open_one.possible)
    for one in told:
        assert one.total.count.low in open_one.total.count
        assert one.internal.count.low in open_one.internal.count
        assert not one.missing


@given(issues(), st.integers(0, 200))
def test_a_later_day_never_makes_an_open_issue_younger(
    found: tuple[Issue, ...], days: int
) -> None:
    undated = tuple(one for one in found if one.resolved_on is None)

    now = aged(undated)
    then = aged(undated, TODAY + dt.timedelta(days))

    older = {one.id: one for one in then.issues}
    for one in now.issues:
        later = older[one.id]
        assert later.days == one.days + days
        assert max(age.rank for age in later.possible) >= max(
            age.rank for age in one.possible
        )
    assert then.possible[0].rank >= now.possible[0].rank
    assert then.possible[-1].rank >= now.possible[-1].rank


@given(st.data(), issues())
def test_the_order_of_the_issues_changes_nothing(
    data: st.DataObject, found: tuple[Issue, ...]
) -> None:
    mixed = tuple(data.draw(st.permutations(found)))

    one, other = aged(found), aged(mixed)

    assert one == other
    assert one.why == other.why


@given(issues())
def test_the_oldest_stands_first_and_everything_adds_up(
    found: tuple[Issue, ...],
) -> None:
    verdict = aged(found)

    days = [one.days for one in verdict.issues]
    assert days == sorted(days, reverse=True)
    assert verdict.total.count.high == len(days)
    assert sum(part.count for part in verdict.causes) == len(days)
    assert verdict.total.oldest_days_perhaps == max(days, default=None)
    assert set(verdict.unowned) == {
        one.id for one in verdict.issues if one.owner is None
    }
    assert verdict.internal.count.high <= verdict.total.count.high


@given(issues(), st.sampled_from(("en", "zh-Hans", "zh-Hant")))
def test_a_verdict_survives_the_wire_and_can_be_said(
    found: tuple[Issue, ...], locale: str
) -> None:
    verdict = aged(found)

    back = wire.loads(wire.dumps(verdict), IssueVerdict)

    assert back == verdict
    assert back.why == verdict.why
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
    assert all(verdict.explain(locale))
    assert len(repr(verdict)) <= 120


@given(issues())
def test_the_facts_of_an_issue_are_known_or_unknown_and_nothing_else(
    found: tuple[Issue, ...],
) -> None:
    for issue in found:
        if issue.opened_on <= TODAY:
            facts = communication.issue_facts(issue, as_of=TODAY)

            assert facts["issue_age_days"] == (TODAY - issue.opened_on).days
            assert (facts["issue_internal"] is None) is (issue.internal is Tri.UNKNOWN)


@pytest.mark.parametrize(
    "days,internal,age",
    [
        (7, Tri.YES, IssueAge.FRESH),
        (8, Tri.YES, IssueAge.AGEING),
        (14, Tri.NO, IssueAge.FRESH),
        (15, Tri.NO, IssueAge.AGEING),
        (30, Tri.YES, IssueAge.AGEING),
        (31, Tri.YES, IssueAge.STALE),
        (15, Tri.UNKNOWN, IssueAge.AGEING),
        (8, Tri.UNKNOWN, None),
    ],
)
def test_the_day_itself_is_not_too_long(
    days: int, internal: Tri, age: IssueAge | None
) -> None:  # S2-17, S0-26
    issue = Issue("i1", "c1", "x", ago(days), internal=internal, resolved=Tri.NO)

    verdict = aged((issue,))

    assert verdict.value is age
    assert verdict.issues[0].age is age


def test_the_question_that_settles_most_stands_first() -> None:
    unsure = Issue("i1", "c1", "x", ago(40), internal=Tri.NO)
    inside = Issue("i2", "c1", "x", ago(10), resolved=Tri.NO)

    verdict = aged((unsure, inside))

    assert verdict.possible == (IssueAge.STALE, IssueAge.AGEING, IssueAge.FRESH)
    assert [gap.fact for gap in verdict.missing] == ["issue_resolved", "issue_internal"]


def test_what_settles_more_is_asked_first_whichever_it_is() -> None:
    unsure = Issue("i1", "c1", "x", ago(3), internal=Tri.NO)
    inside = Issue("i2", "c1", "x", ago(10), resolved=Tri.NO)

    verdict = aged((unsure, inside))

    assert verdict.possible == (IssueAge.AGEING, IssueAge.FRESH)
    assert [gap.fact for gap in verdict.missing] == ["issue_internal", "issue_resolved"]


def test_the_figures_are_of_what_is_surely_open() -> None:
    days = (1, 2, 30)
    sure = [
        Issue(f"i{at}", "c1", "x", ago(at), internal=Tri.NO, resolved=Tri.NO)
        for at in days
    ]
    perhaps = Issue("i9", "c1", "x", ago(50), internal=Tri.NO)

    total = aged((*sure, perhaps)).total

    assert (total.count.low, total.count.high) == (3, 4)
    assert (total.oldest_days, total.oldest_days_perhaps) == (30, 50)
    assert total.median_days == 2


@pytest.mark.parametrize("answer", Tri)
def test_what_is_not_known_to_be_open_or_internal_raises_no_flag(answer: Tri) -> None:
    def flags(resolved: Tri, internal: Tri, owner: str | None = None) -> set[str]:
        issue = Issue(
            "i1", "c1", "x", ago(20), owner, resolved=resolved, internal=internal
        )
        return set(aged((issue,)).flags)

    is_sure = answer is Tri.YES
    assert ("internal-issue-ageing" in flags(Tri.NO, answer)) is is_sure
    unsure = flags(answer, Tri.YES)
    assert ("internal-issue-ageing" in unsure) is (answer is Tri.NO)
    assert ("issue-without-owner" in unsure) is (answer is Tri.NO)
    assert flags(Tri.NO, Tri.NO, "Li") == set()


def test_an_open_answer_names_both_ends_and_what_may_be_internal() -> None:
    unsure = Issue("i1", "c1", "x", ago(40), "Li", internal=Tri.YES)

    said = aged((unsure,)).explain()
    inside = Issue("i2", "c1", "x", ago(10), resolved=Tri.NO)
    [line] = [one for one in aged((inside,)).explain() if "c1/i2" in one]

    assert (
        line == "  c1/i2: days since it was opened: 10; open between ageing and fresh"
    )
    assert said[0] == (
        "issues open on 2025-12-31: 0 for sure, 1 at most; "
        "how the oldest counts is open between stale and none open"
    )
    assert [line for line in said if "rule" in line] == [
        "    rule “open for too long” applies"
    ]
    assert said[-3] == (
        "  among ourselves: 0 for sure, 1 at most; days that the oldest has waited: 40"
    )


def test_internal_selling_is_read_aloud() -> None:  # S0-26
    sample = Issue(
        "sample",
        "c1",
        "waits for the laboratory",
        ago(9),
        internal=Tri.YES,
        root_cause=RootCause.INTERNAL_COORDINATION,
        resolved=Tri.NO,
    )

    verdict = aged((sample,))

    assert verdict.explain() == (
        "issues open on 2025-12-31: 1 for sure, 1 at most; the oldest counts as ageing",
        "  c1/sample: days since it was opened: 9; ageing",
        "    rule “among ourselves, and open for long” applies",
        "      among ourselves: yes",
        "      days open 9 > 7: yes",
        "    nobody is named to solve it",
        "  among ourselves: 1 for sure, 1 at most; days that the oldest has waited: 9",
        "  cause: internal coordination; issues: 1",
        "some open issues have nobody who is to solve them",
        "an issue among ourselves has waited for too long",
    )


def test_an_issue_may_have_the_id_of_another_customers_but_not_stand_twice() -> None:
    one, other = (Issue("i1", slug, "x", TODAY) for slug in ("c1", "c2"))

    assert len(aged((one, other)).issues) == 2
    assert refused(communication.issue_ageing, [one, "x", one], as_of="2025-12-31") == (
        ("$.as_of", "wrong-type"),
        ("$.issues[1]", "wrong-type"),
        ("$.issues[2].id", "duplicate"),
    )


def test_the_facts_of_an_issue_that_is_not_there_yet_are_refused() -> None:
    issue = Issue("i1", "c1", "x", TODAY)

    assert refused(communication.issue_facts, issue, as_of=ago(1)) == (
        ("$.as_of", "out-of-range"),
    )
    assert refused(communication.issue_facts, "i1", as_of=TODAY) == (
        ("$.issue", "wrong-type"),
    )
