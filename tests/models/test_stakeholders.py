"""The map of the people at a customer: laws that hold for any people."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
from collections.abc import Iterable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    AdminLevel,
    Attitude,
    CommChannel,
    PurchasingRole,
    Stakeholder,
    Touchpoint,
)
from keyaccount.exceptions import InvalidValueError, UnknownNameError
from keyaccount.models import stakeholders
from keyaccount.models.stakeholders import (
    MapCoverage,
    MapVerdict,
    NextAction,
    StakeholderPolicy,
)
from keyaccount.models.stakeholders._spans import Span, spans_of
from keyaccount.models.stakeholders._survey import survey
from keyaccount.tri import Tri


TODAY = dt.date(2025, 12, 31)
DECIDES = PurchasingRole.DECISION_MAKER
KNOWLEDGE = {"levels_known", "attitudes_known"}  # grows with what is found out


def day(ago: int) -> dt.date:
    return TODAY - dt.timedelta(days=ago)


def person(slug: str = "a", **known: object) -> Stakeholder:
    """Somebody at the customer c1, of whom this is known."""
    return Stakeholder(slug, "c1", f"Name of {slug}", **known)  # type: ignore[arg-type]  # checked by the noun


def talk(ago: int, *slugs: str, ours: Iterable[str] = ("li",)) -> Touchpoint:
    """A contact so many days ago."""
    return Touchpoint(
        "c1", day(ago), our_people=frozenset(ours), stakeholder_ids=frozenset(slugs)
    )


persons = st.builds(
    person,
    st.sampled_from("abcdefgh"),
    admin_level=st.none() | st.sampled_from(AdminLevel),
    roles=st.frozensets(st.sampled_from(PurchasingRole), max_size=3),
    attitude=st.sampled_from(Attitude),
    last_contact=st.none() | st.integers(-3, 200).map(day),
    our_owner=st.none() | st.sampled_from(["li", "wu"]),
    scope=st.none() | st.just("plant"),
)
people = st.lists(persons, max_size=6, unique_by=lambda one: one.id)
few = st.lists(persons, max_size=3, unique_by=lambda one: one.id)
talks = st.lists(
    st.builds(
        Touchpoint,
        st.just("c1"),
        st.integers(-9, 250).map(day),
        channel=st.sampled_from([CommChannel.CUSTOMER, CommChannel.TEAM]),
        our_people=st.frozensets(st.sampled_from(["li", "wu"]), max_size=2),
        stakeholder_ids=st.frozensets(st.sampled_from(["a", "b", "z"]), max_size=2),
    ),
    max_size=3,
)


@st.composite
def filled(draw: st.DrawFn, one: Stakeholder) -> Stakeholder:
    """The same person, with some of what is not known found out."""
    found: dict[str, object] = {}
    if one.attitude is Attitude.UNKNOWN and draw(st.booleans()):
        found["attitude"] = draw(st.sampled_from(list(Attitude)[:3]))
    if one.admin_level is None and draw(st.booleans()):
        found["admin_level"] = draw(st.sampled_from(AdminLevel))
    if one.last_contact is None and draw(st.booleans()):
        found["last_contact"] = day(draw(st.integers(0, 200)))
    return attrs.evolve(one, **found)  # type: ignore[arg-type]  # fields from a table


def read(
    listed: Iterable[Stakeholder],
    touchpoints: Iterable[Touchpoint] = (),
    policy: StakeholderPolicy | None = None,
) -> MapVerdict:
    return stakeholders.read(
        listed, as_of=TODAY, touchpoints=touchpoints, policy=policy
    )


def bounds(
    listed: Iterable[Stakeholder], touchpoints: Iterable[Touchpoint] = ()
) -> dict[str, Span | Tri]:
    policy = stakeholders.default_policy()
    return dict(spans_of(survey(listed, touchpoints, TODAY, policy)))


def own(**changes: object) -> StakeholderPolicy:
    return policies.read({"based_on": "stakeholders", **changes}, StakeholderPolicy)


def codes(actions: Iterable[NextAction]) -> list[str]:
    return [action.code for action in actions]


# ── laws ────────────────────────────────────────────────────────────────────────


@given(st.data(), people, talks)
def test_the_order_of_people_and_contacts_changes_nothing(
    data: st.DataObject, listed: list[Stakeholder], log: list[Touchpoint]
) -> None:
    shuffled = data.draw(st.permutations(listed))

    assert read(shuffled, log[::-1]) == read(listed, log)


@given(st.data(), people)
def test_whatever_is_found_out_the_answer_allowed_for_it(
    data: st.DataObject, listed: list[Stakeholder]
) -> None:
    before = read(listed)

    after = read([data.draw(filled(one)) for one in listed])

    assert set(after.possible) <= set(before.possible)
    assert _judged(before.flags) <= _judged(after.flags)
    assert _judged(one.code for one in after.warnings) <= _judged(
        one.code for one in before.warnings
    )
    assert after.role_coverage.low in before.role_coverage
    assert after.role_coverage.high in before.role_coverage
    for found in (after.support_bounds, after.support_index):
        assert found.low in before.support_bounds
        assert found.high in before.support_bounds


def _judged(slugs: Iterable[str]) -> set[str]:
    """Leave out what is said of our knowledge, not of the people."""
    return set(slugs) - {"future-contact", "admin-level-only"}


@given(st.data(), people)
def test_whatever_is_found_out_every_fact_stays_within_its_bounds(
    data: st.DataObject, listed: list[Stakeholder]
) -> None:
    before = bounds(listed)

    after = bounds([data.draw(filled(one)) for one in listed])

    for name, span in after.items():
        if isinstance(span, Tri):
            assert before[name] in {span, Tri.UNKNOWN}
        elif name not in KNOWLEDGE:
            old = before[name]
            assert isinstance(old, Span)
            assert old.low <= span.low <= span.high <= old.high
            assert old.is_void or not span.is_void


@given(few)
def test_the_bounds_of_every_share_and_index_are_reached(
    listed: list[Stakeholder],
) -> None:
    ways = itertools.product(*(list(_ways(one)) for one in listed))
    found = [bounds(way) for way in ways]

    before = bounds(listed)

    for name in ("supporters_share", "key_supporters_share", "support_index"):
        reached = [span for way in found if isinstance(span := way.get(name), Span)]
        span = before.get(name)
        assert bool(reached) is (span is not None)
        if isinstance(span, Span):
            assert min(one.low for one in reached) == span.low
            assert max(one.high for one in reached) == span.high
            assert span.is_void is (len(reached) < len(found))


def _ways(one: Stakeholder) -> Iterable[Stakeholder]:
    """Every way of filling in level and attitude, the ends of the levels only."""
    attitudes = [one.attitude]
    if one.attitude is Attitude.UNKNOWN:
        attitudes = [Attitude.SUPPORT, Attitude.NEUTRAL, Attitude.OPPOSE]
    levels: list[AdminLevel | None] = [one.admin_level]
    if one.admin_level is None:
        levels = [AdminLevel.STAFF, AdminLevel.TOP_EXECUTIVE]
    for attitude, level in itertools.product(attitudes, levels):
        yield attrs.evolve(one, attitude=attitude, admin_level=level)


@given(people, persons)
def test_one_more_person_met_never_lowers_the_coverage(
    listed: list[Stakeholder], more: Stakeholder
) -> None:
    known = read(listed).role_coverage
    newcomer = attrs.evolve(more, id="new", last_contact=day(1))

    wider = read([*listed, newcomer]).role_coverage

    assert wider.low >= known.low
    assert wider.high >= known.high


@given(people, persons)
def test_an_unknown_attitude_is_never_taken_for_neutral(
    listed: list[Stakeholder], one: Stakeholder
) -> None:
    unknown = attrs.evolve(one, id="who", attitude=Attitude.UNKNOWN)

    verdict = read([*listed, unknown])

    assert verdict.support_bounds.low < verdict.support_bounds.high
    assert verdict.support_index == read(listed).support_index
    assert not [
        cell
        for cell in verdict.cells
        if "who" in cell.people and cell.attitude is not Attitude.UNKNOWN
    ]
    theirs = [action.code for action in verdict.actions if action.person == "who"]
    assert "ask-attitude" in theirs
    assert not [code for code in theirs if code.startswith("win")]


@given(people, talks)
def test_a_map_survives_the_wire_and_a_pickle(
    listed: list[Stakeholder], log: list[Touchpoint]
) -> None:
    verdict = read(listed, log)

    assert wire.structure(wire.unstructure(verdict), MapVerdict) == verdict
    assert wire.loads(wire.dumps(verdict), MapVerdict).explain() == verdict.explain()
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own


@given(people, talks)
def test_no_answer_holds_a_name(
    listed: list[Stakeholder], log: list[Touchpoint]
) -> None:
    verdict = read(listed, log)

    for text in (
        repr(verdict),
        repr(verdict.actions),
        repr(verdict.evidence),
        wire.dumps(verdict).decode(),
        *verdict.explain(),
        *verdict.next_steps("zh-Hans"),
    ):
        assert "Name of" not in text


@given(people, talks)
def test_every_gap_every_warning_and_everybody_has_a_next_action(
    listed: list[Stakeholder], log: list[Touchpoint]
) -> None:
    verdict = read(listed, log)

    for part in verdict.roles:
        if part.required and part.covered is not Tri.YES:
            assert [one for one in verdict.actions if part.role in one.roles]
    answered = {slug for one in verdict.actions for slug in one.warnings}
    sure = {one.code for one in verdict.warnings if one.fires is Tri.YES}
    assert answered == sure
    assert sure <= set(verdict.flags)
    assert {one.id for one in listed} <= {one.person for one in verdict.actions}
    assert len(set(verdict.actions)) == len(verdict.actions)


@given(people, talks)
def test_everybody_stands_in_the_cells_once_for_every_role(
    listed: list[Stakeholder], log: list[Touchpoint]
) -> None:
    found = [
        (slug, cell.level, cell.role, cell.attitude)
        for cell in read(listed, log).cells
        for slug in cell.people
    ]

    wanted = [
        (one.id, one.admin_level, role, one.attitude)
        for one in listed
        for role in one.roles or [None]
    ]
    assert sorted(found, key=str) == sorted(wanted, key=str)


@given(people)
def test_whatever_is_missing_is_not_known_and_what_is_settled_asks_nothing(
    listed: list[Stakeholder],
) -> None:
    verdict = read(listed)
    told = stakeholders.facts(listed, as_of=TODAY)

    assert all(told[gap.fact] is None for gap in verdict.missing)
    unsure = [one for one in verdict.warnings if one.fires is Tri.UNKNOWN]
    assert bool(verdict.missing) is bool(unsure or verdict.value is None)


# ── contacts ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ago,met", [(0, Tri.YES), (90, Tri.YES), (91, Tri.NO)])
def test_a_role_stays_covered_for_ninety_days(ago: int, met: Tri) -> None:
    verdict = read([person(roles={DECIDES}, last_contact=day(ago))])

    assert verdict.decision_maker_covered is met
    assert verdict.role(DECIDES).covered is met


def test_the_later_of_record_and_log_is_the_last_contact() -> None:
    listed = [person(roles={DECIDES}, last_contact=day(100))]

    assert read(listed, [talk(20, "a")]).decision_maker_covered is Tri.YES
    assert read(listed, [talk(120, "a")]).decision_maker_covered is Tri.NO
    assert read(listed, [talk(20, "b")]).decision_maker_covered is Tri.NO


def test_a_contact_nobody_noted_is_not_taken_for_none() -> None:
    verdict = read([person(roles={DECIDES})])

    assert verdict.decision_maker_covered is Tri.UNKNOWN
    assert "stale-contact" not in verdict.flags
    assert verdict.open_people[0].questions == (
        "person-attitude",
        "person-contact",
        "person-level",
        "person-scope",
    )


def test_a_record_of_tomorrow_does_not_tell_when_we_had_met() -> None:
    verdict = read([person(roles={DECIDES}, last_contact=day(-1))])

    assert verdict.decision_maker_covered is Tri.UNKNOWN
    assert "future-contact" in verdict.flags


def test_somebody_met_who_is_not_listed_counts_as_a_thread() -> None:
    listed = [person(roles={DECIDES}, last_contact=day(5))]

    verdict = read(listed, [talk(3, "stranger")])

    assert "single-threaded" in read(listed).flags
    assert "single-threaded" not in verdict.flags
    assert "unlisted-contact" in verdict.flags
    known = stakeholders.facts(listed, as_of=TODAY, touchpoints=[talk(3, "stranger")])
    assert known["people_contacted"] == 2
    assert known["days_since_contact"] == 3


def test_whoever_was_met_without_a_known_role_may_be_a_user() -> None:
    met = person(last_contact=day(1))
    lawyer = person("b", roles={PurchasingRole.LEGAL}, last_contact=day(1))
    user = person("c", roles={PurchasingRole.BUSINESS}, last_contact=day(1))

    assert read([lawyer]).contacted_business_or_technical is Tri.NO
    assert read([lawyer, met]).contacted_business_or_technical is Tri.UNKNOWN
    assert read([lawyer, met, user]).contacted_business_or_technical is Tri.YES


# ── our side (S0-20e) ───────────────────────────────────────────────────────────


def ours(
    listed: Iterable[Stakeholder], log: Iterable[Touchpoint] = ()
) -> tuple[float, float]:
    span = bounds(listed, log)["our_people_in_contact"]
    assert isinstance(span, Span)
    return span.low, span.high


def test_the_owner_had_the_contact_that_only_the_record_tells_of() -> None:
    owned = person(last_contact=day(5), our_owner="wu")

    assert ours([owned]) == (1, 1)
    assert ours([owned], [talk(5, "a")]) == (1, 1)
    assert ours([owned], [talk(6, "a")]) == (2, 2)
    assert ours([attrs.evolve(owned, last_contact=day(181))]) == (0, 0)


def test_a_contact_of_nobody_knows_whom_leaves_our_side_open() -> None:
    nameless = person(last_contact=day(5))

    assert ours([nameless]) == (1, 1)
    assert ours([nameless, person("b", last_contact=day(5))]) == (1, 2)
    assert ours([person(our_owner="wu")]) == (0, 1)
    assert ours([], [talk(5, ours=())]) == (1, float("inf"))
    assert ours([], [talk(181)]) == (0, 0)


def test_a_contact_within_our_team_is_none_with_the_customer() -> None:
    within = attrs.evolve(talk(1, "a"), channel=CommChannel.TEAM)

    assert ours([person()], [within]) == (0, 1)


# ── support (S1-6) ──────────────────────────────────────────────────────────────


def test_an_unknown_level_bounds_the_index_and_an_unknown_attitude_its_bounds() -> None:
    boss = person(admin_level=AdminLevel.TOP_EXECUTIVE, attitude=Attitude.OPPOSE)
    friend = person("b", attitude=Attitude.SUPPORT)
    other = person("c", admin_level=AdminLevel.MANAGER)

    verdict = read([boss, friend, other])

    assert (verdict.support_index.low, verdict.support_index.high) == (-4 / 6, 0)
    assert (verdict.support_bounds.low, verdict.support_bounds.high) == (
        -7 / 9,
        3 / 13,
    )
    assert [part.code for _, part in verdict.why.walk() if "support" in part.code] == [
        "support-index-open",
        "support-bounds",
    ]


def test_neutral_people_of_unknown_level_pull_towards_the_middle() -> None:
    against = person(admin_level=AdminLevel.STAFF, attitude=Attitude.OPPOSE)
    neutral = person("b", attitude=Attitude.NEUTRAL)

    index = read([against, neutral]).support_index

    assert (index.low, index.high) == (-1 / 2, -1 / 6)


# ── actions (S1-4, S1-5) ────────────────────────────────────────────────────────


def test_whoever_has_waited_too_long_comes_first_then_the_weightiest() -> None:
    listed = [
        person("staff", admin_level=AdminLevel.STAFF, last_contact=day(1)),
        person("boss", roles={DECIDES}, last_contact=day(1)),
        person("lost", admin_level=AdminLevel.STAFF, last_contact=day(300)),
        person("top", admin_level=AdminLevel.TOP_EXECUTIVE, last_contact=day(1)),
    ]

    order = dict.fromkeys(action.person for action in read(listed).actions)

    assert list(order) == ["lost", None, "boss", "top", "staff"]


@pytest.mark.parametrize(
    "role,code",
    [
        (PurchasingRole.DECISION_MAKER, "win-decision-maker"),
        (PurchasingRole.TECHNICAL, "win-technical"),
        (PurchasingRole.BUSINESS, "win-business"),
        (PurchasingRole.FINANCIAL, "win-financial"),
        (PurchasingRole.PROCUREMENT, "win-procurement"),
        (PurchasingRole.LEGAL, "win-legal"),
        (PurchasingRole.COACH, "win"),
    ],
)
def test_the_neutral_are_won_with_what_is_worth_something_in_their_role(
    role: PurchasingRole, code: str
) -> None:
    neutral = person(roles={role}, attitude=Attitude.NEUTRAL, last_contact=day(1))

    found = stakeholders.next_actions([neutral], as_of=TODAY)

    assert code in codes(one for one in found if one.person == "a")


def test_a_role_whose_last_contact_nobody_noted_is_looked_up_first() -> None:
    unsure = person(roles={PurchasingRole.FINANCIAL})

    found = read([unsure]).actions

    looked_up = [one for one in found if one.code == "check-contact"]
    assert [one.person for one in looked_up] == ["a"]
    assert looked_up[0].due == dt.date(2026, 1, 7)


def test_an_action_is_said_in_three_languages() -> None:
    boss = person(
        "boss", roles={DECIDES}, attitude=Attitude.OPPOSE, last_contact=day(1)
    )

    verdict = read([boss, person("who", last_contact=day(1))])

    english = verdict.next_steps()
    assert english[0].startswith("by 2026-01-07, technical: find out who holds")
    assert any(line.startswith("by 2026-01-14, who: ") for line in english)
    assert any("boss, decision maker: listen" in line for line in english)
    assert any("boss，决策人：倾听" in line for line in verdict.next_steps("zh-Hans"))
    assert any("boss，決策人：傾聽" in line for line in verdict.next_steps("zh-Hant"))


@pytest.mark.parametrize(
    "group,wanted",
    [
        ("everybody", {"a", "b", "c", "d"}),
        ("decision-makers", {"a"}),
        ("key-people", {"a", "b"}),
        ("supporters", {"a"}),
        ("neutrals", {"b"}),
        ("opponents", {"c"}),
        ("undeclared", {"d"}),
        ("stale", {"b"}),
        ("unmet", {"b", "d"}),
        ("without-role", {"b", "d"}),
    ],
)
def test_a_warning_of_ones_own_is_about_the_people_of_a_group(
    group: str, wanted: set[str]
) -> None:
    policy = own(
        warning_rows=[{"id": "own", "when": "people >= 1", "then": "own"}],
        warnings=[{"id": "own", "action": "meet-all", "people": [group]}],
        actions=[{"id": "meet-all", "within": 0}],
        labels={"en": {"stakeholder-action.meet-all": "meet them all"}},
    )
    listed = [
        person("a", roles={DECIDES}, attitude=Attitude.SUPPORT, last_contact=day(1)),
        person(
            "b",
            admin_level=AdminLevel.DIRECTOR,
            attitude=Attitude.NEUTRAL,
            last_contact=day(99),
        ),
        person(
            "c",
            roles={PurchasingRole.LEGAL},
            attitude=Attitude.OPPOSE,
            last_contact=day(1),
        ),
        person("d"),
    ]

    verdict = read(listed, policy=policy)

    found = [one for one in verdict.actions if one.code == "meet-all"]
    assert {one.person for one in found} == wanted
    assert {one.due for one in found} == {TODAY}
    assert any("meet them all" in line for line in verdict.next_steps())


# ── warnings and questions ──────────────────────────────────────────────────────


def test_a_rule_that_asks_for_too_much_at_once_is_answered_by_the_two_rails() -> None:
    whole = (
        "opponents >= 2 and supporters >= 1 and people_contacted >= 3 and "
        "longest_silence > 5 and key_supporters_share > 0.3"
    )
    row = {"id": "much", "when": whole, "then": "nobody-against"}
    policy = own(drop=["warning_rows.no-opponent"], warning_rows=[row])

    verdict = read([person(slug) for slug in "abcde"], policy=policy)

    assert "nobody-against" in [one.code for one in verdict.warnings]
    assert "nobody-against" not in verdict.flags


def test_two_rows_may_give_one_warning() -> None:
    row = {"id": "again", "when": "people == 0", "then": "no-decision-maker"}

    verdict = read([], policy=own(warning_rows=[row]))

    assert verdict.flags.count("no-decision-maker") == 1


def test_the_attitude_of_whoever_decides_is_asked_first() -> None:
    listed = [
        person("boss", roles={DECIDES}, last_contact=day(1), our_owner="li"),
        person("b", roles={PurchasingRole.LEGAL}, last_contact=day(1), our_owner="wu"),
    ]

    verdict = read(listed)

    assert verdict.missing[0].fact == "decision_maker_opposed"
    assert verdict.open_people[0].person == "boss"


def test_an_open_coverage_is_asked_about_before_everything_else() -> None:
    listed = [person("boss", roles={DECIDES, PurchasingRole.TECHNICAL})]

    verdict = read(listed)

    assert verdict.possible == (MapCoverage.UNCOVERED, MapCoverage.PARTLY)
    assert verdict.missing[0].fact == "role_coverage"
    assert "<MapVerdict uncovered or partly · roles 0.00…0.33" in repr(verdict)


def test_a_map_explains_itself_in_three_languages() -> None:
    listed = [
        person("boss", roles={DECIDES, PurchasingRole.TECHNICAL}),
        person("b", roles={PurchasingRole.BUSINESS}, last_contact=day(1)),
        person("c", roles={PurchasingRole.FINANCIAL}, last_contact=day(99)),
    ]

    verdict = read(listed)

    assert verdict.explain()[:4] == (
        "of the 3 roles that must be covered, 1 surely are and 1 more may be",
        "  technical: known, but nobody noted whether we met within 90 days",
        "  business (user): known, and met within 90 days",
        "  financial: known, but not met for more than 90 days",
    )
    assert verdict.explain("zh-Hans")[0] == (
        "3 个必需角色中，确定已覆盖 1 个，另有 1 个可能已覆盖"
    )
    assert "決策人" in "".join(verdict.explain("zh-Hant"))


def test_a_settled_coverage_is_explained_by_the_rows_that_settle_it() -> None:
    listed = [
        person("a", roles={PurchasingRole.TECHNICAL}),
        person("b", roles={PurchasingRole.BUSINESS}, last_contact=day(1)),
    ]

    verdict = read(listed)

    assert verdict.value is MapCoverage.PARTLY
    decided = next(part for _, part in verdict.why.walk() if part.code == "decided")
    assert [part.code for part in decided.because] == ["row-fails", "row-fires"]
    nobody = next(part for _, part in read([]).why.walk() if part.code == "decided")
    assert [part.code for part in nobody.because][-1] == "otherwise"
    unsure = next(
        part for _, part in read(listed[:1]).why.walk() if part.code == "undecided"
    )
    assert [part.code for part in unsure.because] == [
        "row-fails",
        "row-open",
        "otherwise-open",
    ]


def test_bounds_are_said_where_a_fact_is_open() -> None:
    verdict = read([person(last_contact=day(99)), person("b")])

    lines = "\n".join(verdict.explain())

    assert "people met recently < 2: as far as we know, between 0 and 1" in lines
    assert "in days > 90: as far as we know, at least 99" in lines


# ── words and mistakes ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "word,attitude",
    [
        ("champion", Attitude.SUPPORT),
        ("supporter", Attitude.SUPPORT),
        ("mobiliser", Attitude.NEUTRAL),
        ("neutral", Attitude.NEUTRAL),
        ("bystander", Attitude.NEUTRAL),
        ("sceptic", Attitude.OPPOSE),
        ("blocker", Attitude.OPPOSE),
    ],
)
def test_a_finer_scale_folds_to_three(word: str, attitude: Attitude) -> None:
    assert stakeholders.fold(word) is attitude


def test_a_word_of_no_scale_is_refused_with_a_near_one() -> None:
    with pytest.raises(UnknownNameError, match="champion"):
        stakeholders.fold("champoin")


def test_a_policy_may_have_words_of_its_own() -> None:
    policy = own(scale=[{"id": "mentor", "attitude": "support"}])

    assert stakeholders.fold("mentor", policy=policy) is Attitude.SUPPORT


def test_everything_wrong_with_the_lists_is_said_at_once() -> None:
    stranger = attrs.evolve(person("b"), customer_id="c2")
    log = [attrs.evolve(talk(1, "a"), customer_id="c3")]

    with pytest.raises(InvalidValueError) as caught:
        read([person(), stranger, person()], log)

    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("$.people[1].customer_id", "contradiction"),
        ("$.touchpoints[0].customer_id", "contradiction"),
        ("$.people[2].id", "duplicate"),
    ]
