"""What was promised is held against what can be given, before and after (S0-28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keyaccount import policies, wire, wording
from keyaccount.domain import ObligationKind, ServiceCapacity, ServicePromise
from keyaccount.models import plans
from keyaccount.models.plans import (
    CapacityVerdict,
    Load,
    PromiseVerdict,
    can_promise,
    capacity,
)
from keyaccount.tri import Tri
from tests.refusals import refused


VISIT, EXCHANGE = ObligationKind.EXECUTIVE_VISIT, ObligationKind.TECHNICAL_EXCHANGE
ANSWER, REVIEW = ObligationKind.FIRST_RESPONSE, ObligationKind.RECEIVABLES_REVIEW
NO_OR_YES = (Tri.NO, Tri.YES)


def visits(customer: str, count: int, visitor: str | None = "Wang") -> ServicePromise:
    return ServicePromise(customer, executive_visits_per_year=count, visitor=visitor)


def room(count: int | None, owner: str = "Wang") -> ServiceCapacity:
    return ServiceCapacity(owner, VISIT, count)


# ── Everything that was promised ────────────────────────────────────────────────


def test_what_fits_exactly_can_be_given() -> None:  # S3-18
    found = capacity([visits("acme", 4), visits("borealis", 2)], [room(6)])

    assert found.value is Tri.YES
    assert found.possible == (Tri.YES,)
    assert found.loads == (Load("Wang", VISIT, 6, 6, 0, ("acme", "borealis")),)
    assert found.loads[0].is_kept is Tri.YES
    assert found.short == found.unowned == ()
    assert (found.missing, found.flags) == ((), ())


def test_one_visit_too_many_cannot_be_given_and_is_named() -> None:  # S0-28
    found = capacity([visits("acme", 4), visits("borealis", 2)], [room(5)])

    assert found.value is Tri.NO
    assert found.short == (Load("Wang", VISIT, 6, 5, 1, ("acme", "borealis")),)
    assert found.short[0].is_kept is Tri.NO
    assert repr(found) == "<CapacityVerdict no · Wang 1 executive-visit short>"


def test_whoever_is_furthest_over_stands_first_among_the_short() -> None:
    promised = [visits("acme", 4, "Chen"), visits("borealis", 4)]

    found = capacity(promised, [room(3, "Chen"), room(1)])
    assert [load.owner for load in found.loads] == ["Chen", "Wang"]
    assert [load.owner for load in found.short] == ["Wang", "Chen"]


def test_room_that_nobody_told_leaves_it_open() -> None:
    for rooms in ([], [room(None)], [room(9, "Chen")]):
        found = capacity([visits("acme", 4)], rooms)

        assert found.value is None
        assert found.possible == NO_OR_YES
        assert found.loads == (Load("Wang", VISIT, 4, None, None, ("acme",)),)
        assert found.loads[0].is_kept is Tri.UNKNOWN
        assert [gap.fact for gap in found.missing] == ["room"]


def test_no_room_at_all_is_no_unknown_room() -> None:
    assert capacity([visits("acme", 1)], [room(0)]).value is Tri.NO


def test_what_nobody_is_named_for_stands_apart() -> None:
    found = capacity([visits("acme", 4, None), visits("borealis", 2)], [room(9)])

    assert found.value is None
    assert found.unowned == (Load(None, VISIT, 4, None, None, ("acme",)),)
    assert [load.owner for load in found.loads] == ["Wang"]
    assert [gap.fact for gap in found.missing] == ["owner"]
    assert found.flags == ("owners-missing",)


def test_the_question_that_settles_more_stands_first() -> None:
    nobody = attrs.evolve(visits("acme", 4, None), technical_exchanges_per_year=1)

    one_room = capacity([nobody, visits("borealis", 1)], [])
    two_rooms = capacity([visits("acme", 1, None), visits("b", 1), visits("c", 1)], [])
    more_rooms = capacity(
        [visits("acme", 1, None), visits("b", 1), visits("c", 1, "Chen")], []
    )
    assert [gap.fact for gap in one_room.missing] == ["owner", "room"]
    assert [gap.fact for gap in two_rooms.missing] == ["room", "owner"]
    assert [gap.fact for gap in more_rooms.missing] == ["room", "owner"]


def test_one_that_is_short_settles_it_whatever_else_is_open() -> None:
    found = capacity(
        [visits("acme", 4), visits("b", 1, "Chen"), visits("c", 1, None)], [room(3)]
    )

    assert found.value is Tri.NO
    assert found.missing == ()
    assert [load.owner for load in found.loads] == ["Chen", "Wang"]


def test_kinds_and_people_are_counted_apart() -> None:
    both = ServicePromise(
        "acme",
        executive_visits_per_year=4,
        technical_exchanges_per_year=2,
        weekly_receivables_review=True,
        owner="Li",
        visitor="Li",
    )
    rooms = [
        ServiceCapacity("Li", VISIT, 1),
        ServiceCapacity("Li", EXCHANGE, 2),
        ServiceCapacity("Li", REVIEW, 50),
    ]

    found = capacity([both], rooms)
    assert [(load.kind, load.owed, load.shortfall) for load in found.loads] == [
        (VISIT, 4, 3),
        (EXCHANGE, 2, 0),
        (REVIEW, 52, 2),  # as often as a week fits into a year
    ]
    assert [load.kind for load in found.short] == [VISIT, REVIEW]


def test_first_answers_have_no_number_and_are_left_out() -> None:
    quick = ServicePromise("acme", first_response_hours=2, owner="Li")

    found = capacity([quick], [ServiceCapacity("Li", ANSWER, 0)])
    assert found.value is Tri.YES
    assert found.loads == ()
    assert found.flags == ("answers-uncounted",)
    assert found.explain()[0] == "nothing is promised that can be counted"


def test_the_verdict_bears_the_day_it_is_given() -> None:
    day = dt.date(2026, 6, 30)

    assert capacity([], [], as_of=day).as_of == day
    assert can_promise(visits("acme", 1), [], [], as_of=day).as_of == day


# ── Before it is promised ───────────────────────────────────────────────────────


def test_the_promise_that_cannot_be_kept_is_named_before_it_is_made() -> None:  # S0-28
    made = [visits("borealis", 4), visits("corvus", 2)]

    found = can_promise(visits("acme", 4), made, [room(8)])
    assert found.value is Tri.NO
    (offer,) = found.offers
    assert (offer.asked, offer.others, offer.room) == (4, 6, 8)
    assert (offer.shortfall, offer.fits) == (2, 2)
    assert found.short == (offer,)
    assert found.largest == visits("acme", 2)
    assert not found.replaces
    assert repr(found) == "<PromiseVerdict no · acme · 2 of 4 executive-visit>"


def test_a_promise_that_just_fits_can_be_made() -> None:
    found = can_promise(visits("acme", 4), [visits("borealis", 4)], [room(8)])

    assert found.value is Tri.YES
    assert found.largest == visits("acme", 4)
    assert found.short == ()


def test_a_new_promise_stands_in_place_of_the_customers_old_one() -> None:
    found = can_promise(visits("acme", 4), [visits("acme", 6)], [room(5)])

    assert found.value is Tri.YES
    assert found.replaces
    assert found.offers[0].others == 0
    assert found.explain()[1] == (
        "  it takes the place of all that the customer has been promised so far"
    )
    fresh = can_promise(visits("acme", 4), [], [room(5)])
    assert not any("takes the place" in line for line in fresh.explain())


def test_only_what_the_new_promise_asks_for_is_judged() -> None:
    over = [visits("borealis", 9), visits("corvus", 1, "Chen")]
    rooms = [room(5), room(2, "Chen")]

    assert capacity(over, rooms).value is Tri.NO
    assert can_promise(visits("acme", 1, "Chen"), over, rooms).value is Tri.YES
    full = can_promise(visits("acme", 1), over, rooms)
    assert (full.offers[0].fits, full.offers[0].shortfall) == (0, 5)


def test_unknown_room_leaves_a_promise_open() -> None:
    two = attrs.evolve(visits("acme", 4), technical_exchanges_per_year=1)

    found = can_promise(two, [], [room(3)])
    assert found.value is Tri.NO  # the visits settle it
    assert found.largest is None
    assert found.missing == ()
    enough = can_promise(two, [], [room(4)])
    assert enough.value is None
    assert enough.possible == NO_OR_YES
    assert [gap.fact for gap in enough.missing] == ["owner"]
    assert [offer.owner for offer in enough.offers] == ["Wang", None]
    told = can_promise(visits("acme", 1), [], [])
    assert [gap.fact for gap in told.missing] == ["room"]
    assert told.offers[0].fits is told.offers[0].shortfall is None


def test_a_weekly_review_is_kept_as_a_whole_or_not_at_all() -> None:
    watched = ServicePromise("acme", weekly_receivables_review=True, owner="Li")

    short = can_promise(watched, [], [ServiceCapacity("Li", REVIEW, 51)])
    assert (short.offers[0].fits, short.offers[0].shortfall) == (0, 1)
    assert short.largest == ServicePromise("acme", owner="Li")
    whole = can_promise(watched, [], [ServiceCapacity("Li", REVIEW, 52)])
    assert whole.largest == watched


def test_a_review_that_comes_less_than_once_a_year_takes_no_room() -> None:
    rare = policies.read(
        {"based_on": "plans", "numbers": {"receivables_review": {"value": 1000}}},
        plans.PlansPolicy,
    )
    watched = ServicePromise("acme", weekly_receivables_review=True, owner="Li")
    rooms = [ServiceCapacity("Li", REVIEW, 0)]

    found = can_promise(watched, [], rooms, policy=rare)
    assert found.value is Tri.YES
    assert found.largest == watched
    assert capacity([watched], rooms, policy=rare).value is Tri.YES


def test_a_promise_of_nothing_can_always_be_made() -> None:
    found = can_promise(ServicePromise("acme"), [visits("b", 9)], [room(0)])

    assert found.value is Tri.YES
    assert found.offers == ()


def test_a_quick_answer_alone_is_not_said_to_fit() -> None:
    quick = ServicePromise("acme", first_response_hours=1, owner="Li")

    found = can_promise(quick, [], [ServiceCapacity("Li", ANSWER, 0)])
    assert found.flags == ("answers-uncounted",)
    assert found.explain() == (
        "acme: nothing in this promise is counted by number",
        wording.say("flag.answers-uncounted", {}),
    )


# ── Words and refusals ──────────────────────────────────────────────────────────

MIXED = (
    attrs.evolve(
        visits("acme", 4), technical_exchanges_per_year=2, first_response_hours=2
    ),
    attrs.evolve(
        visits("borealis", 2),
        technical_exchanges_per_year=2,
        weekly_receivables_review=True,
        owner="Li\nMing",
    ),
    visits("corvus", 1, "Chen"),
)
ROOMS = (room(5), room(1, "Chen"))


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_answer_explains_itself(locale: str) -> None:
    lines = [
        line
        for found in (
            capacity(MIXED, ROOMS),
            capacity(MIXED[2:], ROOMS),
            capacity(MIXED[:1], [room(4)]),
            *(can_promise(new, MIXED, ROOMS) for new in MIXED),
            can_promise(MIXED[0], [], [room(4)]),
        )
        for line in found.explain(locale)
    ]

    codes = ("capacity-", "load-", "offer-", "promise-", "flag.", "question.")
    assert not [line for line in lines if any(code in line for code in codes)]
    assert not [line for line in lines if "?" in line[:-1] or "\n" in line]


def test_who_is_over_is_said_with_whom_it_was_promised_to() -> None:
    more, *lines = capacity(MIXED, ROOMS).explain()

    assert more == "more is promised than can be given"
    assert "  Chen, executive visit: 1 promised a year, room for 1" in lines
    at = lines.index(
        "  Wang, executive visit: 6 promised a year, room for 5: 1 too many"
    )
    assert lines[at + 1] == "    promised to acme, borealis"
    reviews, nobody = lines[at - 1], lines[at + 2]
    assert reviews.startswith("  Li Ming, review of receivables: 52 promised a year")
    assert reviews.endswith("room not known; promised to borealis")
    assert nobody.startswith("  nobody is named, technical exchange: 2 promised a year")
    assert lines[-2] == "for part of what is promised nobody is named"


def test_a_promise_says_how_much_of_it_can_be_kept() -> None:
    first, _, offer = can_promise(visits("acme", 4), MIXED, ROOMS).explain()

    assert first == "acme: not all of this can be promised"
    assert offer.startswith("  Wang, executive visit: 4 asked a year, 2 promised to")
    assert offer.endswith("room for 5: 1 too many, 3 of 4 can be kept")


def test_what_stands_twice_or_is_no_promise_is_refused() -> None:
    twice = (visits("acme", 1), visits("acme", 2), "borealis")
    rooms = (room(1), room(2), None)
    moment = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)
    wrong = (
        ("$.promises[2]", "wrong-type"),
        ("$.promises[1].customer_id", "duplicate"),
        ("$.capacities[2]", "wrong-type"),
        ("$.capacities[1]", "duplicate"),
        ("$.as_of", "wrong-type"),
    )

    assert refused(capacity, twice, rooms, as_of=moment) == wrong
    assert refused(can_promise, "acme", twice, rooms, as_of=moment) == (
        ("$.new", "wrong-type"),
        *wrong,
    )
    assert refused(capacity, visits("acme", 1), "Wang") == (
        ("$.promises", "wrong-type"),
        ("$.capacities", "wrong-type"),
    )


# ── Laws ────────────────────────────────────────────────────────────────────────

WORSE = (Tri.NO, None, Tri.YES)
people = st.sampled_from([None, "Wang", "Chen", "Li"])
names = ["acme", "borealis", "corvus", "draco"]
some_promises = st.builds(
    ServicePromise,
    st.sampled_from(names),
    executive_visits_per_year=st.integers(0, 6),
    technical_exchanges_per_year=st.integers(0, 6),
    weekly_receivables_review=st.booleans(),
    first_response_hours=st.sampled_from([None, 8]),
    owner=people,
    visitor=people,
)
many = st.lists(some_promises, unique_by=lambda one: one.customer_id)
some_rooms = st.lists(
    st.builds(
        ServiceCapacity,
        st.sampled_from(["Wang", "Chen", "Li"]),
        st.sampled_from(ObligationKind),
        st.none() | st.integers(0, 120),
    ),
    unique_by=lambda one: (one.owner, one.kind),
)


def left(found: CapacityVerdict) -> dict[tuple[str | None, ObligationKind], int]:
    return {
        (load.owner, load.kind): load.room - load.owed
        for load in found.loads
        if load.room is not None
    }


@given(many, some_rooms, st.integers(1, 50))
def test_more_capacity_never_makes_it_worse(
    promises: Sequence[ServicePromise], rooms: list[ServiceCapacity], more: int
) -> None:
    wider = [
        one if one.per_year is None else attrs.evolve(one, per_year=one.per_year + more)
        for one in rooms
    ]

    old, new = capacity(promises, rooms), capacity(promises, wider)
    assert WORSE.index(new.value) >= WORSE.index(old.value)
    assert len(new.short) <= len(old.short)


@given(many, some_rooms, some_promises)
def test_one_more_promise_never_frees_room(
    promises: list[ServicePromise], rooms: list[ServiceCapacity], new: ServicePromise
) -> None:
    assume(all(one.customer_id != new.customer_id for one in promises))

    old, more = capacity(promises, rooms), capacity([*promises, new], rooms)
    assert WORSE.index(more.value) <= WORSE.index(old.value)
    after = left(more)
    assert all(after[key] <= room for key, room in left(old).items())


@given(many, some_rooms)
def test_the_order_changes_nothing(
    promises: list[ServicePromise], rooms: list[ServiceCapacity]
) -> None:
    new = ServicePromise("acme", executive_visits_per_year=3, visitor="Wang")

    assert capacity(promises[::-1], rooms[::-1]) == capacity(promises, rooms)
    assert can_promise(new, promises[::-1], rooms[::-1]) == can_promise(
        new, promises, rooms
    )


@given(many, some_rooms)
def test_sums_lose_nothing(
    promises: list[ServicePromise], rooms: list[ServiceCapacity]
) -> None:
    found = capacity(promises, rooms)
    loads = (*found.loads, *found.unowned)

    for kind, total in (
        (VISIT, sum(one.executive_visits_per_year for one in promises)),
        (EXCHANGE, sum(one.technical_exchanges_per_year for one in promises)),
        (REVIEW, 52 * sum(one.weekly_receivables_review for one in promises)),
    ):
        assert sum(load.owed for load in loads if load.kind is kind) == total


@given(many, some_rooms, some_promises)
def test_a_promise_agrees_with_the_whole(
    promises: list[ServicePromise], rooms: list[ServiceCapacity], new: ServicePromise
) -> None:
    others = [one for one in promises if one.customer_id != new.customer_id]
    found, whole = can_promise(new, promises, rooms), capacity([*others, new], rooms)

    loads = {(load.owner, load.kind): load for load in (*whole.loads, *whole.unowned)}
    assert len(found.offers) == len({(one.owner, one.kind) for one in found.offers})
    for offer in found.offers:
        load = loads[offer.owner, offer.kind]
        assert new.customer_id in load.customers
        assert offer.asked + offer.others == load.owed
        assert (offer.shortfall, offer.is_kept) == (load.shortfall, load.is_kept)
    if found.value is Tri.NO:
        assert whole.value is Tri.NO
    if whole.value is Tri.YES:
        assert found.value is Tri.YES
    if capacity(others, rooms).value is Tri.YES:
        assert found.value is whole.value


known_people = ["Wang", "Chen", "Li"]
COUNTED = [
    ServiceCapacity(owner, kind) for owner in known_people for kind in ObligationKind
]
every_room = st.lists(
    st.integers(0, 120), min_size=len(COUNTED), max_size=len(COUNTED)
).map(
    lambda counts: [
        attrs.evolve(one, per_year=count)
        for one, count in zip(COUNTED, counts, strict=True)
    ]
)
FIELDS = {
    VISIT: "executive_visits_per_year",
    EXCHANGE: "technical_exchanges_per_year",
}


@given(
    many, every_room, some_promises, *[st.sampled_from(known_people) for _ in range(2)]
)
def test_the_largest_promise_fits_and_one_more_does_not(
    promises: list[ServicePromise],
    rooms: list[ServiceCapacity],
    asked: ServicePromise,
    owner: str,
    visitor: str,
) -> None:
    new = attrs.evolve(asked, owner=owner, visitor=visitor)
    found = can_promise(new, promises, rooms)
    largest = found.largest

    assert largest is not None
    assert can_promise(largest, promises, rooms).value is Tri.YES
    assert (largest == new) is (found.value is Tri.YES)
    for name in [FIELDS[one.kind] for one in found.short if one.kind is not REVIEW]:
        more = attrs.evolve(largest, **{name: getattr(largest, name) + 1})
        assert can_promise(more, promises, rooms).value is Tri.NO


@given(many, some_rooms, st.data())
def test_what_is_found_out_later_was_possible(
    promises: list[ServicePromise], rooms: list[ServiceCapacity], data: st.DataObject
) -> None:
    told = [
        attrs.evolve(one, owner=one.owner or "Li", visitor=one.visitor or "Wang")
        for one in promises
    ]
    known = {(one.owner, one.kind): one.per_year for one in rooms}
    full = []
    for owner in ("Wang", "Chen", "Li"):
        for kind in ObligationKind:
            count = known.get((owner, kind))
            if count is None:
                count = data.draw(st.integers(0, 120))
            full.append(ServiceCapacity(owner, kind, count))

    found, after = capacity(promises, rooms), capacity(told, full)
    assert after.value is not None
    assert after.value in found.possible
    offered = ServicePromise("acme", executive_visits_per_year=2, visitor="Chen")
    new, settled = (
        can_promise(offered, promises, rooms),
        can_promise(offered, promises, full),
    )
    assert settled.value in new.possible


@given(many, some_rooms, some_promises)
def test_answers_are_read_back_as_they_were(
    promises: list[ServicePromise], rooms: list[ServiceCapacity], new: ServicePromise
) -> None:
    whole, offered = capacity(promises, rooms), can_promise(new, promises, rooms)

    for found, kind in ((whole, CapacityVerdict), (offered, PromiseVerdict)):
        again = wire.structure(wire.unstructure(found), kind)
        assert again == found
        assert again.explain("zh-Hant") == found.explain("zh-Hant")
    assert hash(whole) == hash(capacity(promises, rooms))
