"""Before a visit, promises in order, targets, and the policy itself."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire, wording
from keyaccount.domain import (
    CommChannel,
    Commitment,
    CommPurpose,
    Executive,
    Issue,
    Touchpoint,
)
from keyaccount.exceptions import PolicyError
from keyaccount.models import engagement
from keyaccount.models.engagement import (
    Concern,
    DueState,
    EngagementPolicy,
    Role,
    RoleTarget,
    VisitVerdict,
)
from keyaccount.tri import Tri, all_of
from tests.refusals import refused


TODAY = dt.date(2025, 12, 31)
YES, NO, UNKNOWN = Tri.YES, Tri.NO, Tri.UNKNOWN
LOCALES = ("en", "zh-Hans", "zh-Hant")


def day(ago: int) -> dt.date:
    return TODAY - dt.timedelta(days=ago)


def promise(slug: str = "k1", **known: object) -> Commitment:
    return Commitment(slug, "c1", "a dock", day(300), **known)  # type: ignore[arg-type]  # checked by the noun


VISIT = Touchpoint(
    "c1",
    TODAY,
    purpose=CommPurpose.TRUST,
    stakeholder_ids=["p1"],
    executive=YES,
    planned=YES,
    prepared=YES,
    sales_team_notified=YES,
    pre_brief=YES,
)
SPONSOR = Executive("e1", "Wu", trained=YES)
LATE = promise(due=day(1), fulfilled=NO)
OPEN = Issue("i1", "c1", "late truck", day(9), resolved=NO)


def prepare(visit: Touchpoint = VISIT, **more: object) -> VisitVerdict:
    """Ask for a visit at which nothing is amiss unless told."""
    sound: dict[str, object] = {
        "commitments": (),
        "issues": (),
        "sponsor": SPONSOR,
        "as_of": TODAY,
    }
    return engagement.prepare(visit, **{**sound, **more})  # type: ignore[arg-type]  # checked by the verb


def answer_of(verdict: VisitVerdict) -> Tri:
    return UNKNOWN if verdict.value is None else verdict.value


def answers(verdict: VisitVerdict) -> dict[str, Tri]:
    return {check.id: check.answer for check in verdict.checks}


tris = st.sampled_from(Tri)
visits = st.builds(
    Touchpoint,
    st.just("c1"),
    st.integers(0, 30).map(lambda ahead: day(-ahead)),
    purpose=st.none() | st.just(CommPurpose.TRUST),
    stakeholder_ids=st.frozensets(st.sampled_from(["p1", "p2"])),
    executive=tris,
    planned=tris,
    prepared=tris,
    sales_team_notified=tris,
    pre_brief=tris,
)
promise_lists = st.lists(
    st.builds(
        Commitment,
        st.sampled_from("abcdef"),
        st.just("c1"),
        st.just("a dock"),
        st.integers(-5, 300).map(day),
        feasibility_confirmed=tris,
        fulfilled=tris,
        owner=st.none() | st.just("Li"),
    ).flatmap(
        lambda one: (
            st.none()
            .__or__(st.integers(0, 400))
            .map(
                lambda days: attrs.evolve(
                    one,
                    due=None if days is None else one.made_on + dt.timedelta(days=days),
                )
            )
        )
    ),
    max_size=5,
    unique_by=lambda one: one.id,
)


# ── the visit (S0-27, S0-32) ────────────────────────────────────────────────────


@given(visits, st.none() | promise_lists, tris, tris)
def test_a_visit_is_ready_when_every_point_is_settled(
    visit: Touchpoint,
    promised: list[Commitment] | None,
    reviewed: Tri,
    trained: Tri,
) -> None:
    verdict = prepare(
        visit,
        commitments=promised,
        commitments_reviewed=reviewed,
        sponsor=Executive("e1", "Wu", trained=trained),
    )

    found = all_of(check.answer for check in verdict.checks)
    assert answer_of(verdict) is found
    assert bool(verdict.to_do) is (found is not YES)
    assert (UNKNOWN in answers(verdict).values()) is bool(verdict.missing)
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
    assert wire.loads(wire.dumps(verdict), VisitVerdict) == verdict
    for locale in LOCALES:
        assert not [line for line in verdict.explain(locale) if "=" in line]


@given(visits, st.data())
def test_whatever_is_found_out_the_check_allowed_for_it(
    visit: Touchpoint, data: st.DataObject
) -> None:
    before = prepare(visit, commitments=None, issues=None, sponsor=None)
    names = ("executive", "planned", "prepared", "sales_team_notified", "pre_brief")
    told = {
        name: data.draw(st.sampled_from([YES, NO]))
        for name in names
        if getattr(visit, name) is UNKNOWN
    }

    filled = attrs.evolve(visit, **told)  # type: ignore[arg-type]  # fields by their names
    after = prepare(
        filled,
        commitments=data.draw(st.sampled_from([(), (LATE,)])),
        issues=data.draw(st.sampled_from([(), (OPEN,)])),
        commitments_reviewed=data.draw(tris),
        issues_reviewed=data.draw(tris),
        sponsor=Executive("e1", "Wu", trained=data.draw(tris)),
    )

    assert set(after.possible) <= set(before.possible)


@pytest.mark.parametrize(
    ("missed", "check"),
    [
        ("planned", "planned"),
        ("prepared", "prepared"),
        ("sales_team_notified", "sales-team-notified"),
        ("pre_brief", "pre-brief-done"),
    ],
)
@pytest.mark.parametrize("answer", [NO, UNKNOWN])
def test_each_point_alone_holds_the_visit_up(
    missed: str, check: str, answer: Tri
) -> None:
    verdict = prepare(attrs.evolve(VISIT, **{missed: answer}))  # type: ignore[arg-type]  # a field by its name

    assert answer_of(verdict) is answer
    assert [slug for slug, found in answers(verdict).items() if found is not YES] == [
        check
    ]


def test_what_nobody_has_written_down_is_not_named() -> None:
    verdict = prepare(attrs.evolve(VISIT, purpose=None, stakeholder_ids=()))

    assert verdict.value is NO
    assert verdict.to_do == ("name-purpose", "name-whom")
    assert verdict.first == "name-purpose"


def test_of_a_visit_that_is_ready_nothing_is_left_to_do() -> None:
    verdict = prepare()

    assert verdict.value is YES
    assert verdict.first is None
    assert verdict.next_steps() == ()
    assert "9 of 9" in repr(verdict)


def test_what_surely_lacks_comes_before_what_is_not_known() -> None:
    visit = attrs.evolve(VISIT, planned=UNKNOWN, prepared=NO)

    verdict = prepare(visit)

    assert verdict.to_do == ("prepare-visit", "agree-plan")
    assert verdict.next_steps("zh-Hans")[0] == "做好拜访准备"


def test_open_promises_and_issues_want_to_be_gone_through() -> None:
    def reviewed(promises: Tri, issues: Tri) -> Tri | None:
        return prepare(
            commitments=[LATE],
            issues=[OPEN],
            commitments_reviewed=promises,
            issues_reviewed=issues,
        ).value

    assert reviewed(UNKNOWN, UNKNOWN) is None
    assert reviewed(YES, NO) is NO
    assert reviewed(YES, YES) is YES


def test_what_is_settled_needs_no_review_what_nobody_looked_for_does() -> None:
    kept = promise(fulfilled=YES)
    solved = attrs.evolve(OPEN, resolved=YES)

    assert prepare(commitments=[kept], issues=[solved]).value is YES
    assert prepare(commitments=None).value is None
    assert prepare(issues=None, issues_reviewed=YES).value is YES


def test_an_issue_opened_later_is_no_issue_yet() -> None:
    later = attrs.evolve(OPEN, opened_on=day(-1))
    resolved_later = Issue("i2", "c1", "x", day(9), resolved=YES, resolved_on=day(-1))
    unsure = Issue("i3", "c1", "y", day(20))

    verdict = prepare(issues=[later, resolved_later, unsure])

    assert [(one.id, one.resolved) for one in verdict.issues] == [
        ("i3", UNKNOWN),
        ("i2", NO),
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_open_issues_are_told_before_the_visit(locale: str) -> None:
    unsure = Issue("i2", "c1", "wrong invoice", day(3), owner="Li")

    lines = prepare(issues=[OPEN, unsure], issues_reviewed=YES).explain(locale)

    first = next(at for at, line in enumerate(lines) if "late truck" in line)
    assert "i1" in lines[first]
    assert "2025-12-22" in lines[first]
    assert "wrong invoice" in lines[first + 2]
    assert "Li" in lines[first + 3]
    assert len(lines) == first + 5
    assert not [line for line in lines if "=" in line]


@pytest.mark.parametrize(("after", "is_listed"), [(30, True), (31, False)])
def test_promises_due_within_a_month_of_the_visit_come_up(
    after: int,
    is_listed: bool,
) -> None:
    visit = attrs.evolve(VISIT, on=day(-10))

    verdict = prepare(visit, commitments=[promise(due=day(-10 - after))])

    assert bool(verdict.commitments) is is_listed
    assert verdict.days_left == 10


def test_what_is_due_today_is_no_late_promise() -> None:
    assert prepare(commitments=[LATE]).flags == ("late-commitments",)
    assert prepare(commitments=[promise(due=TODAY)]).flags == ()


def test_only_an_executive_who_goes_has_to_be_trained() -> None:  # S0-23
    untrained = Executive("e1", "Wu", trained=NO)

    assert prepare(sponsor=untrained).to_do == ("train-sponsor",)
    assert prepare(sponsor=None).value is None
    without = attrs.evolve(VISIT, executive=NO)
    assert prepare(without, sponsor=untrained).value is YES


def test_the_facts_of_a_visit_are_all_told() -> None:
    told = engagement.visit_facts(
        VISIT, commitments=[LATE], issues=(), sponsor=SPONSOR, as_of=TODAY
    )

    assert set(told) == set(engagement.VISIT_FACTS.names)
    assert told.unknown == ("commitments_reviewed",)


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"as_of": day(-1)}, ["$.touchpoint.on"]),
        ({"as_of": "today"}, ["$.as_of"]),
        ({"touchpoint": "visit"}, ["$.touchpoint"]),
        ({"commitments": 5, "issues": [LATE]}, ["$.commitments", "$.issues[0]"]),
        ({"commitments": 0, "issues": False}, ["$.commitments", "$.issues"]),
        (
            {"touchpoint": Touchpoint("c1", TODAY, CommChannel.TEAM)},
            ["$.touchpoint.channel"],
        ),
        (
            {"commitments": [attrs.evolve(LATE, customer_id="c2")]},
            ["$.commitments[0].customer_id"],
        ),
        ({"issues": [OPEN, OPEN]}, ["$.issues[1].id"]),
        (
            {"commitments_reviewed": True, "issues_reviewed": None},
            ["$.commitments_reviewed", "$.issues_reviewed"],
        ),
        ({"sponsor": "Wu", "policy": "mine"}, ["$.policy", "$.sponsor"]),
    ],
)
def test_what_is_no_visit_ahead_is_refused(
    given: dict[str, object], paths: list[str]
) -> None:
    sound: dict[str, object] = {"touchpoint": VISIT, "as_of": TODAY}

    found = refused(engagement.prepare, **{**sound, **given})

    assert [path for path, _ in found] == paths


# ── promises in order (S0-28) ───────────────────────────────────────────────────


@given(st.data(), promise_lists)
def test_promises_stand_in_one_order_and_none_is_lost(
    data: st.DataObject, promised: list[Commitment]
) -> None:
    found = engagement.commitments_due(promised, as_of=TODAY)
    shuffled = data.draw(st.permutations(promised))

    assert engagement.commitments_due(shuffled, as_of=TODAY) == found
    assert {one.id for one in found} == {
        one.id for one in promised if one.made_on <= TODAY and one.fulfilled is not YES
    }
    order = list(DueState)
    places = [order.index(one.state) for one in found]
    assert places == sorted(places)
    dated = [one.due for one in found if one.due is not None]
    assert dated == sorted(dated)


@given(promise_lists, st.integers(0, 500))
def test_a_later_day_never_makes_a_promise_less_late(
    promised: list[Commitment], days: int
) -> None:
    def late(on: dt.date) -> dict[str, int]:
        found = engagement.commitments_due(promised, as_of=on)
        return {one.id: one.days_late for one in found if one.state is DueState.LATE}

    before, after = late(TODAY), late(TODAY + dt.timedelta(days=days))

    assert before.keys() <= after.keys()
    assert all(after[name] == before[name] + days for name in before)


@pytest.mark.parametrize(
    ("ago", "state", "words"),
    [
        (2, DueState.LATE, "2 days late"),
        (1, DueState.LATE, "a day late"),
        (0, DueState.TODAY, "due today"),
        (-1, DueState.COMING, "due tomorrow"),
        (-2, DueState.COMING, "due in 2 days"),
        (None, DueState.UNDATED, "nobody noted by when"),
    ],
)
def test_a_promise_says_how_it_stands(
    ago: int | None, state: DueState, words: str
) -> None:
    due = None if ago is None else day(ago)
    (found,) = engagement.commitments_due([promise(due=due)], as_of=TODAY)

    assert found.state is state
    assert found.days_late == max(ago or 0, 0)
    assert words in found.explain()[1]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("owner", [None, "Li"])
@pytest.mark.parametrize("feasible", Tri)
def test_a_promise_says_whose_it_is_and_whether_it_can_be_kept(
    locale: str, owner: str | None, feasible: Tri
) -> None:
    one = promise(owner=owner, feasibility_confirmed=feasible, fulfilled=NO)
    (found,) = engagement.commitments_due([one], as_of=TODAY)

    codes = [part.code for _, part in found.why.walk()]

    assert ("promise-nobody" in codes) is (owner is None)
    assert ("promise-unconfirmed" in codes) is (feasible is NO)
    assert ("promise-feasible-open" in codes) is (feasible is UNKNOWN)
    assert not [line for line in found.explain(locale) if "=" in line]


def test_commitments_due_wants_commitments_and_a_day() -> None:
    found = refused(engagement.commitments_due, [OPEN], as_of="today")

    assert [path for path, _ in found] == ["$.as_of", "$.commitments[0]"]


def test_a_promise_that_stands_twice_is_refused_but_each_customer_has_its_own() -> None:
    other = attrs.evolve(LATE, customer_id="c2")

    found = refused(engagement.commitments_due, [LATE, other, LATE], as_of=TODAY)

    assert found == (("$.commitments[2].id", "duplicate"),)
    assert len(engagement.commitments_due([LATE, other], as_of=TODAY)) == 2


# ── who is responsible for what (S0-34, S0-40) ──────────────────────────────────


@pytest.mark.parametrize("locale", LOCALES)
def test_advice_on_a_target_is_said_in_words(locale: str) -> None:
    (advice,) = engagement.check_targets([RoleTarget(Role.CEO, Concern.WALLET_SHARE)])

    assert advice.belongs_to is Role.ACCOUNT_MANAGER
    assert "=" not in advice.say(locale)


def test_only_the_chief_with_a_wallet_share_is_advised() -> None:
    targets = [RoleTarget(role, concern) for role in Role for concern in Concern]

    found = engagement.check_targets(targets)

    assert [one.target for one in found] == [RoleTarget(Role.CEO, Concern.WALLET_SHARE)]
    assert refused(engagement.check_targets, ["wallet"]) == (
        ("$.targets[0]", "wrong-type"),
    )


def test_responsibilities_may_be_dealt_otherwise() -> None:
    policy = own(responsibilities=[{"id": "wallet-share", "role": "ceo"}])

    found = {part.id: part.role for part in engagement.responsibilities(policy=policy)}

    assert found[Concern.WALLET_SHARE] is Role.CEO
    target = RoleTarget(Role.CEO, Concern.WALLET_SHARE)
    assert engagement.check_targets([target], policy=policy) == ()


def test_advice_of_ones_own_is_said_in_its_own_words() -> None:
    policy = own(
        target_rows=[
            {
                "id": "trust-of-sales",
                "when": 'target_concern == "trust" and target_role != "ceo"',
                "then": "send-the-boss",
            }
        ],
        labels={
            "en": {
                "engagement-target.trust-of-sales": "sales is measured by trust",
                "target-advice.send-the-boss": "send the boss",
            }
        },
    )
    target = RoleTarget(Role.ACCOUNT_MANAGER, Concern.TRUST)

    (advice,) = engagement.check_targets([target], policy=policy)

    assert advice.say(own=policy.own_labels) == (
        "sales is measured by trust: send the boss"
    )


@pytest.mark.parametrize(
    ("verb", "given", "paths"),
    [
        (RoleTarget, {"role": "ceo", "concern": 5}, ["$.role", "$.concern"]),
        (engagement.responsibilities, {"policy": "mine"}, ["$.policy"]),
        (
            engagement.check_targets,
            {"targets": 5, "policy": 5},
            ["$.policy", "$.targets"],
        ),
    ],
)
def test_a_target_has_a_role_and_a_concern(
    verb: Callable[..., object], given: dict[str, object], paths: list[str]
) -> None:
    assert [path for path, _ in refused(verb, **given)] == paths


# ── the policy ──────────────────────────────────────────────────────────────────


def own(**changes: object) -> EngagementPolicy:
    return policies.read({"based_on": "engagement", **changes}, EngagementPolicy)


def test_the_policy_survives_the_wire() -> None:
    policy = engagement.default_policy()

    assert wire.loads(wire.dumps(policy), EngagementPolicy) == policy


@pytest.mark.parametrize("locale", LOCALES)
def test_every_word_of_the_model_has_a_label(locale: str) -> None:
    policy = engagement.default_policy()
    words = [
        *(("visit-check", rule.id) for rule in policy.visit_rules),
        *(("engagement-action", rule.action) for rule in policy.visit_rules),
        *(
            ("engagement-action", action)
            for counter in policy.counters
            for action in counter.actions
        ),
        *(("engagement", answer.value) for answer in engagement.Engagement),
        *(("due-state", state.value) for state in DueState),
        *(("sponsor-state", state.value) for state in engagement.SponsorState),
        *(("target-concern", concern.value) for concern in Concern),
        *(("target-role", role.value) for role in Role),
        *(("pairing-warning", row.then) for row in policy.pairing_rows),
        ("pairing-warning", "overloaded"),
        ("pairing-warning", "chief-alone"),
    ]

    assert not [
        word for word in words if not wording.has(f"{word[0]}.{word[1]}", locale)
    ]


def test_a_check_of_ones_own_is_told_by_its_own_words() -> None:
    policy = own(
        visit_rules=[
            {"id": "gift-free", "when": "not executive", "action": "ask-lawyer"}
        ],
        labels={"en": {"visit-check.gift-free": "no gifts are taken along"}},
    )

    verdict = prepare(policy=policy)

    assert verdict.to_do == ("ask-lawyer",)
    assert any("no gifts" in line for line in verdict.explain())


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"numbers": {"quarters": 0}}, "$.numbers.quarters.value", "out-of-range"),
        (
            {"numbers": {"silence_days": -1}},
            "$.numbers.silence_days.value",
            "out-of-range",
        ),
        (
            {"numbers": {"notice_days": "1.5"}},
            "$.numbers.notice_days.value",
            "out-of-range",
        ),
        (
            {"numbers": {"most_accounts": 0}},
            "$.numbers.most_accounts.value",
            "out-of-range",
        ),
        (
            {"numbers": {"pre_brief_share": 2}},
            "$.numbers.pre_brief_share.value",
            "out-of-range",
        ),
        ({"drop": ["numbers.quarters"]}, "$.numbers", "missing"),
        ({"drop": ["counters.blame"]}, "$.counters", "missing"),
        (
            {"counters": [{"id": "blame", "actions": []}]},
            "$.counters[blame].actions",
            "empty",
        ),
        (
            {"counters": [{"id": "blame", "actions": ["talk", "talk"]}]},
            "$.counters[blame].actions[1]",
            "duplicate",
        ),
        (
            {"counters": [{"id": "blame", "actions": [" "]}]},
            "$.counters[blame].actions[0]",
            "empty",
        ),
        (
            {"visit_rules": [{"id": "planned", "when": "planned", "action": ""}]},
            "$.visit_rules[planned].action",
            "empty",
        ),
        (
            {"customer_rows": [{"id": "x", "when": "whim", "then": "blame"}]},
            "$.customer_rows[x].when",
            "unknown-fact",
        ),
        ({"drop": ["responsibilities.trust"]}, "$.responsibilities", "missing"),
        ({"drop": ["customer_rows.out-of-sight"]}, "$.customer_rows", "empty"),
        (
            {"visit_rules": [{"id": "x", "when": "plannd", "action": "y"}]},
            "$.visit_rules[x].when",
            "unknown-fact",
        ),
        (
            {"issue_rows": [{"id": "x", "when": "issue_resolved", "then": "whimsy"}]},
            "$.issue_rows[x].then",
            "unknown-choice",
        ),
    ],
)
def test_a_policy_that_cannot_judge_is_refused(
    changes: dict[str, object], path: str, code: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        own(**changes)

    assert (path, code) in {(one.path, one.code) for one in caught.value.problems}


def test_a_policy_without_a_single_check_is_refused() -> None:
    ids = [rule.id for rule in engagement.default_policy().visit_rules]

    with pytest.raises(PolicyError) as caught:
        own(drop=[f"visit_rules.{slug}" for slug in ids])

    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("$.visit_rules", "empty")
    ]
