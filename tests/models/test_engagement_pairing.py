"""Which executive stands for which customer: laws, and whom to name."""

from __future__ import annotations

import datetime as dt
import pickle
from collections import Counter
from collections.abc import Iterable, Mapping

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import Executive, Pairing, StrategicDesignation
from keyaccount.models import engagement
from keyaccount.models.engagement import (
    EngagementPolicy,
    PairingVerdict,
    PairingWarning,
    SponsorState,
)
from keyaccount.tri import Tri
from tests.refusals import refused


TODAY = dt.date(2025, 12, 31)
STRATEGIC = StrategicDesignation.STRATEGIC
ORDINARY = StrategicDesignation.ORDINARY
YES, NO, UNKNOWN = Tri.YES, Tri.NO, Tri.UNKNOWN
Designations = Mapping[str, StrategicDesignation | None]


def executive(slug: str, **known: object) -> Executive:
    return Executive(slug, f"Name of {slug}", **known)  # type: ignore[arg-type]  # checked by the noun


def pair(
    designations: Designations,
    executives: Iterable[Executive] | None = (),
    pairings: Iterable[Pairing] = (),
    as_of: dt.date = TODAY,
    policy: EngagementPolicy | None = None,
) -> PairingVerdict:
    return engagement.pair(
        designations, executives, pairings, as_of=as_of, policy=policy
    )


def strategic(count: int) -> dict[str, StrategicDesignation | None]:
    return {f"c{number}": STRATEGIC for number in range(count)}


def codes(verdict: PairingVerdict) -> list[tuple[str, Tri]]:
    return [(one.code, one.fires) for one in verdict.warnings]


designations = st.dictionaries(
    st.sampled_from(["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"]),
    st.none() | st.sampled_from([STRATEGIC, STRATEGIC, ORDINARY]),
)
executives = st.lists(
    st.builds(
        executive,
        st.sampled_from("abcd"),
        is_chief=st.booleans(),
        trained=st.sampled_from(Tri),
        most_accounts=st.none() | st.integers(0, 3),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
pairings = st.lists(
    st.builds(
        Pairing,
        st.sampled_from(["c0", "c1", "c2", "c3", "c9"]),
        st.sampled_from("abcdz"),
    ),
    max_size=6,
)


# ── laws ────────────────────────────────────────────────────────────────────────


@given(st.data(), designations, executives, pairings)
def test_the_order_of_customers_executives_and_pairings_changes_nothing(
    data: st.DataObject,
    found: dict[str, StrategicDesignation | None],
    people: list[Executive],
    pairs: list[Pairing],
) -> None:
    shuffled = dict(data.draw(st.permutations(list(found.items()))))

    again = pair(shuffled, data.draw(st.permutations(people)), [*pairs[::-1], *pairs])

    assert again == pair(found, people, pairs)


@given(designations, executives, pairings)
def test_no_proposal_goes_beyond_what_there_is_room_for(
    found: dict[str, StrategicDesignation | None],
    people: list[Executive],
    pairs: list[Pairing],
) -> None:
    verdict = pair(found, people, pairs)

    named = Counter(one.executive_id for one in verdict.proposals)
    room = {load.executive_id: load.room for load in verdict.loads}
    nobody = named.pop(None, 0)
    assert all(named[name] <= room[name] for name in named if name is not None)
    assert nobody == max(len(verdict.proposals) - sum(room.values()), 0)
    assert ("no-room" in verdict.flags) is bool(nobody)
    assert verdict.is_settled or verdict.missing


@given(designations, executives, pairings)
def test_after_the_proposals_every_strategic_customer_has_somebody_or_nobody_has_room(
    found: dict[str, StrategicDesignation | None],
    people: list[Executive],
    pairs: list[Pairing],
) -> None:
    proposed = pair(found, people, pairs).proposals
    more = [
        Pairing(one.customer_id, one.executive_id)
        for one in proposed
        if one.executive_id is not None
    ]

    after = pair(found, people, [*pairs, *more])

    left = {one.customer_id for one in proposed if one.executive_id is None}
    assert {one.customer_id for one in after.proposals} == left
    assert {
        one.customer_id
        for one in after.sponsorships
        if one.strategic is YES and one.state is SponsorState.NONE
    } == left


@given(st.data(), designations, executives, pairings, st.booleans())
def test_whatever_is_found_out_the_pairing_allowed_for_it(
    data: st.DataObject,
    found: dict[str, StrategicDesignation | None],
    people: list[Executive],
    pairs: list[Pairing],
    are_listed: bool,
) -> None:
    before = pair(found, people if are_listed else None, pairs)
    told: Designations = {
        **{one.customer_id: ORDINARY for one in before.sponsorships},
        **{
            name: one or data.draw(st.sampled_from([STRATEGIC, ORDINARY]))
            for name, one in found.items()
        },
    }

    after = pair(
        told,
        [
            attrs.evolve(one, trained=data.draw(st.sampled_from([YES, NO])))
            if one.trained is UNKNOWN
            else one
            for one in people
        ],
        pairs,
    )

    def told_of(warnings: Iterable[PairingWarning]) -> set[tuple[object, ...]]:
        return {
            (one.code, one.customer_id, name)
            for one in warnings
            for name in one.executives or (None,)
        }

    sure = told_of(one for one in before.warnings if one.fires is YES)
    then = told_of(after.warnings)
    assert set(after.possible) <= set(before.possible)
    assert sure <= then
    assert all(one.fires is YES for one in after.warnings)
    if are_listed:
        assert then <= told_of(before.warnings)


@given(designations, st.none() | executives, pairings)
def test_a_pairing_survives_pickling_the_wire_and_being_told(
    found: dict[str, StrategicDesignation | None],
    people: list[Executive] | None,
    pairs: list[Pairing],
) -> None:
    verdict = pair(found, people, pairs)

    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
    assert wire.loads(wire.dumps(verdict), PairingVerdict) == verdict
    for locale in ("en", "zh-Hans", "zh-Hant"):
        assert not [line for line in verdict.explain(locale) if "=" in line]


# ── who stands for whom (S0-23) ─────────────────────────────────────────────────


def test_a_pairing_counts_on_its_days_only() -> None:
    pairs = [
        Pairing("c0", "a", until=TODAY - dt.timedelta(days=1)),
        Pairing("c0", "b", since=TODAY),
        Pairing("c0", "c", since=TODAY + dt.timedelta(days=1)),
    ]
    people = [executive(slug, trained=YES) for slug in "abc"]

    verdict = pair(strategic(1), people, pairs)

    assert verdict.value is YES
    assert [one.executives for one in verdict.sponsorships] == [("b",)]


def test_a_customer_that_may_be_strategic_leaves_the_answer_open() -> None:
    verdict = pair({"c0": None}, [executive("a", trained=YES)])

    assert verdict.value is None
    assert codes(verdict) == [("no-sponsor", UNKNOWN)]
    assert [gap.fact for gap in verdict.missing] == ["strategic"]
    assert verdict.proposals == ()


def test_a_customer_that_only_a_pairing_names_is_load_all_the_same() -> None:
    people = [executive("a", trained=YES, most_accounts=1)]

    verdict = pair({}, people, [Pairing("c0", "a"), Pairing("c1", "a")])

    assert verdict.loads[0].customers == ("c0", "c1")
    assert verdict.loads[0].room == 0
    assert codes(verdict) == [("overloaded", YES)]
    assert verdict.value is YES


def test_whether_somebody_was_trained_is_a_question() -> None:
    verdict = pair(strategic(1), [executive("a")], [Pairing("c0", "a")])

    assert verdict.value is YES
    assert codes(verdict) == [("untrained-sponsor", UNKNOWN)]
    assert [gap.question for gap in verdict.missing] == ["sponsor-trained"]


def test_without_a_list_of_executives_nobody_is_a_stranger() -> None:
    verdict = pair(strategic(2), None, [Pairing("c0", "a")])

    assert verdict.value is NO
    assert [gap.fact for gap in verdict.missing] == [
        "sponsor_listed",
        "sponsor_trained",
    ]
    assert codes(verdict) == [
        ("unlisted-sponsor", UNKNOWN),
        ("untrained-sponsor", UNKNOWN),
        ("no-sponsor", YES),
    ]
    assert not verdict.proposals
    assert not verdict.loads
    assert not verdict.flags


def test_whether_the_one_named_is_an_executive_decides_whether_all_are_paired() -> None:
    verdict = pair(strategic(1), None, [Pairing("c0", "a")])

    assert verdict.value is None
    assert verdict.missing[0].fact == "sponsor_listed"
    assert "0 of 1" in verdict.explain()[0]


def test_only_whom_it_is_about_is_named() -> None:
    people = [
        executive("a", trained=NO),
        executive("b", trained=YES),
        executive("c", trained=UNKNOWN),
    ]
    pairs = [Pairing("c0", name) for name in "abcz"]

    verdict = pair(strategic(1), people, pairs)

    assert [(one.code, one.fires, one.executives) for one in verdict.warnings] == [
        ("several-sponsors", YES, ("a", "b", "c", "z")),
        ("unlisted-sponsor", YES, ("z",)),
        ("untrained-sponsor", YES, ("a",)),
        ("untrained-sponsor", UNKNOWN, ("c",)),
    ]
    assert [gap.fact for gap in verdict.missing] == ["sponsor_trained"]


def test_executives_are_called_by_their_names() -> None:
    people = [Executive("e1", "Wu", trained=YES), Executive("e2", "Li", trained=NO)]

    lines = pair(strategic(2), people, [Pairing("c0", "e2")]).explain()

    assert any("(Li)" in line for line in lines)
    assert any("name Wu," in line for line in lines)


def test_a_stranger_stands_for_nobody() -> None:
    verdict = pair(strategic(1), [executive("a", trained=YES)], [Pairing("c0", "z")])

    assert verdict.value is NO
    assert codes(verdict) == [("unlisted-sponsor", YES)]
    assert not verdict.missing
    assert not verdict.proposals


def test_whether_a_customer_with_a_stranger_is_strategic_is_a_question() -> None:
    verdict = pair({"c0": None}, [], [Pairing("c0", "z")])

    assert verdict.value is None
    assert [gap.fact for gap in verdict.missing] == ["strategic"]
    assert repr(verdict) == (
        "<PairingVerdict no or yes · unlisted-sponsor · as of 2025-12-31"
        " · missing strategic>"
    )


def test_the_executives_own_number_comes_before_the_policys() -> None:
    people = [
        executive("a", most_accounts=7),
        executive("b"),
        executive("c", is_chief=True),
        executive("d", is_chief=True, most_accounts=0),
    ]

    assert {one.executive_id: one.most for one in pair({}, people).loads} == {
        "a": 7,
        "b": 3,
        "c": 5,
        "d": 0,
    }


def test_the_load_on_the_number_itself_is_not_too_much() -> None:
    people = [executive("a", trained=YES)]
    pairs = [Pairing(f"c{number}", "a") for number in range(4)]

    assert codes(pair(strategic(3), people, pairs[:3])) == []
    assert codes(pair(strategic(4), people, pairs)) == [("overloaded", YES)]


# ── the chief executive (S0-23) ─────────────────────────────────────────────────


BOSS = executive("boss", is_chief=True, trained=YES, most_accounts=50)


def bossed(count: int) -> list[Pairing]:
    return [Pairing(f"c{number}", "boss") for number in range(count)]


def test_the_chief_alone_is_enough_for_five() -> None:
    assert codes(pair(strategic(5), [BOSS], bossed(5))) == []
    assert codes(pair(strategic(6), [BOSS], bossed(6))) == [("chief-alone", YES)]


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_what_is_wrong_with_an_executive_is_said_by_name(locale: str) -> None:
    boss = Executive("e1", "Zhao", is_chief=True, trained=YES, most_accounts=5)
    pairs = [Pairing(f"c{number}", "e1") for number in range(6)]

    lines = pair({**strategic(5), "c5": None}, [boss], pairs).explain(locale)

    assert sum(line.startswith("  Zhao") for line in lines) == 2


def test_with_a_colleague_the_chief_is_not_alone() -> None:
    people = [BOSS, executive("a", trained=YES)]

    verdict = pair(strategic(6), people, [*bossed(5), Pairing("c5", "a")])

    assert codes(verdict) == []


def test_whether_a_sixth_is_strategic_decides_about_the_chief() -> None:
    found: Designations = {**strategic(5), "c5": None}

    verdict = pair(found, [BOSS], bossed(6))

    assert codes(verdict) == [("chief-alone", UNKNOWN)]
    assert [gap.fact for gap in verdict.missing] == ["strategic"]


def test_whose_a_customer_is_that_may_be_strategic_decides_about_the_chief() -> None:
    people = [BOSS, executive("a", trained=YES)]
    found: Designations = {**strategic(6), "c6": None}

    verdict = pair(found, people, [*bossed(6), Pairing("c6", "a")])

    assert codes(verdict) == [("chief-alone", UNKNOWN)]


def test_a_chief_who_stands_for_nobody_is_not_alone() -> None:
    assert ("chief-alone", YES) not in codes(pair(strategic(6), [BOSS]))


# ── whom to name (S0-23) ────────────────────────────────────────────────────────


def named(verdict: PairingVerdict) -> list[str | None]:
    return [one.executive_id for one in verdict.proposals]


def test_the_trained_come_first_then_whoever_has_the_fewest_then_the_id() -> None:
    people = [
        executive("d", trained=YES),
        executive("c", trained=YES),
        executive("b", trained=UNKNOWN),
        executive("a", trained=NO),
    ]

    verdict = pair(strategic(9), people, [Pairing("x", "c")])

    assert named(verdict) == ["d", "c", "d", "c", "d", "b", "b", "b", "a"]
    assert [one.trained for one in verdict.proposals[-2:]] == [UNKNOWN, NO]


def test_the_chief_comes_last_once_there_are_too_many() -> None:
    people = [BOSS, executive("a", trained=NO, most_accounts=5)]

    assert named(pair(strategic(5), people)) == ["boss"] * 5
    assert named(pair(strategic(6), people)) == ["a"] * 5 + ["boss"]


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_the_promise_that_cannot_be_kept_is_named(locale: str) -> None:
    verdict = pair(strategic(1), [executive("a", most_accounts=0)])

    assert named(verdict) == [None]
    assert verdict.flags == ("no-room",)
    assert [line for line in verdict.explain(locale) if line.startswith("  c0")]


def test_an_id_may_be_spelled_in_two_ways() -> None:
    people = [executive("a", trained=YES)]
    pairs = [Pairing("caf\u00e9", "a")]

    assert pair({"cafe\u0301": STRATEGIC}, people, pairs).value is YES
    assert refused(
        pair, {"cafe\u0301": STRATEGIC, "caf\u00e9": ORDINARY}, people, pairs
    ) == (("$.designations['caf\u00e9']", "duplicate"),)


def test_a_policy_of_ones_own_says_how_many_are_too_many() -> None:
    policy = policies.read(
        {"based_on": "engagement", "numbers": {"most_accounts": 1}}, EngagementPolicy
    )
    pairs = [Pairing("c0", "a"), Pairing("c1", "a")]

    verdict = pair(strategic(2), [executive("a", trained=YES)], pairs, policy=policy)

    assert codes(verdict) == [("overloaded", YES)]


# ── what is refused ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"as_of": "today"}, ["$.as_of"]),
        ({"policy": "mine"}, ["$.policy"]),
        ({"designations": ["c1"]}, ["$.designations"]),
        ({"designations": {"c1": "strategic"}}, ["$.designations['c1']"]),
        ({"designations": {5: STRATEGIC}}, ["$.designations[5]"]),
        ({"executives": [executive("a"), executive("a")]}, ["$.executives[1].id"]),
        ({"executives": ["a"], "pairings": 5}, ["$.executives[0]", "$.pairings"]),
        ({"executives": 0}, ["$.executives"]),
    ],
)
def test_what_is_not_of_its_kind_is_refused(
    given: dict[str, object], paths: list[str]
) -> None:
    sound: dict[str, object] = {
        "designations": {},
        "executives": (),
        "pairings": (),
        "as_of": TODAY,
    }

    found = refused(engagement.pair, **{**sound, **given})

    assert [path for path, _ in found] == paths
