"""Who moved between two judgements, and the one fact that moved it most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.book import (
    Account,
    Mover,
    Policies,
    changes,
    class_changes,
    compare,
    review,
)
from keyaccount.book.movers import class_mover, tier_mover
from keyaccount.domain import (
    Customer,
    Outlook,
    Receivables,
    Relation,
    Standing,
    ValueTier,
    YearMetrics,
)
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import tiering
from keyaccount.models.tiering import TieringPolicy
from keyaccount.rules import Interval
from keyaccount.tri import Tri


BEFORE, AFTER = dt.date(2024, 12, 31), dt.date(2025, 12, 31)
AMOUNTS: Mapping[str, object] = {
    "diamond": 100,
    "gold": 50,
    "strategic": 10,
    "potential": 1,
}


def policy(numbers: Mapping[str, object] = AMOUNTS, **more: object) -> TieringPolicy:
    data = {"based_on": "tiering", "currency": "CNY", "numbers": numbers, **more}
    return policies.read(data, TieringPolicy)


OWN = policy()
OTHERS = (
    OWN,
    policy({**AMOUNTS, "diamond": 115, "gold": 40}),
    policy({**AMOUNTS, "enter_strategic": 70}),
    policy({**AMOUNTS, "leave_strategic": 20, "enter_strategic": 45}),
    policy(use_gold=False),
    policy(criteria=[{"id": "sales", "weight": 10}, {"id": "margin", "weight": 40}]),
    policy(triggers=[{"id": "collection", "when": "collection_rate < 0.5"}]),
    policy(drop=["triggers.dispute", "rows.potential"]),
    policy(drop=[f"triggers.{trigger.id}" for trigger in OWN.triggers]),
)
OK = {
    "contribution": 36.0,
    "years_in_row": 2.0,
    "lowest_contribution": 30.0,
    "growth_ratio": 1.2,
    "gross_margin": 0.25,
    "collection_rate": 0.95,
    "timeliness": 0.9,
    "influence": 70.0,
    "overdue_share": 0.0,
    "reputation_harm": False,
    "dispute": False,
}


def moved(
    before: Mapping[str, object],
    after: Mapping[str, object],
    old: TieringPolicy = OWN,
    new: TieringPolicy | None = None,
) -> Mover | None:
    was = tiering.judge(before, policy=old)
    now = tiering.judge(after, policy=new or old)
    return tier_mover(was.evidence, now.evidence)


def known(name: str) -> st.SearchStrategy[object]:
    fact = tiering.FACTS[name]
    if name in {"reputation_harm", "dispute"}:
        return st.sampled_from(["yes", "no"]).map(Tri)
    if fact.unit == "money":
        return st.sampled_from([0.5, 5.0, 11.0, 45.0, 60.0, 99.0, 100.0, 130.0])
    if fact.unit == "mark":
        return st.sampled_from([0.0, 40.0, 70.0, 100.0])
    if name == "growth_ratio":
        return st.sampled_from([0.7, 1.0, 1.2, 1.5])
    if name == "years_in_row":
        return st.sampled_from([1.0, 2.0, 3.0])
    return st.sampled_from([0.0, 0.15, 0.45, 0.6, 0.85, 1.0])


FACTS = st.fixed_dictionaries(
    {name: st.none() | known(name) for name in tiering.FACTS.names}
)


def standing(facts: Mapping[str, object], rules: TieringPolicy) -> tuple[object, ...]:
    verdict = tiering.judge(facts, policy=rules)
    return verdict.possible, verdict.is_supervised


# ── the facts changed ───────────────────────────────────────────────────────────


@given(FACTS, FACTS, st.sampled_from(OTHERS))
def test_the_fact_with_those_beside_it_makes_the_whole_move(
    before: dict[str, object], after: dict[str, object], rules: TieringPolicy
) -> None:
    mover = moved(before, after, rules)
    start, end = standing(before, rules), standing(after, rules)

    assert (mover is None) == (start == end)
    if mover is None:
        return
    assert before[mover.fact] != after[mover.fact]
    assert mover.fact not in mover.together
    names = (mover.fact, *mover.together)
    assert standing({**before, **{name: after[name] for name in names}}, rules) == end
    assert mover.alone == (not mover.together)
    for name in mover.together:  # none of them is there for nothing
        rest = {one: after[one] for one in names if one != name}
        assert standing({**before, **rest}, rules) != end


@given(FACTS, st.sampled_from(tiering.FACTS.names), st.data())
def test_where_one_fact_changed_it_is_the_one(
    before: dict[str, object], name: str, data: st.DataObject
) -> None:
    after = {**before, name: data.draw(st.none() | known(name))}
    mover = moved(before, after)

    assert mover is None or (mover.fact, mover.alone) == (name, True)


@pytest.mark.parametrize(
    ("changed", "fact", "alone"),
    [
        ({"collection_rate": 0.7}, "collection_rate", True),
        ({"collection_rate": 0.7, "contribution": 9.0}, "collection_rate", False),
        ({"contribution": 9.0, "growth_ratio": 0.3}, "contribution", False),
        ({"contribution": 9.0, "influence": 69.0}, "contribution", True),
        ({"gross_margin": 0.0, "influence": 69.0}, "gross_margin", True),
        ({"dispute": True, "contribution": 35.0}, "dispute", True),
        ({"overdue_share": 0.3}, "overdue_share", True),
        ({"contribution": None}, "contribution", True),
        ({"gross_margin": None}, "gross_margin", True),
    ],
)
def test_the_problem_counts_before_the_rung(
    changed: dict[str, object], fact: str, *, alone: bool
) -> None:
    mover = moved(OK, {**OK, **changed})

    assert mover is not None
    assert (mover.fact, mover.alone) == (fact, alone)


def test_what_no_fact_does_alone_is_said_with_the_others_it_takes() -> None:
    before = {**OK, "contribution": 9.0, "growth_ratio": 1.0, "gross_margin": 0.05}
    after = {**OK, "growth_ratio": 1.0}
    mover = moved(before, after)

    assert mover is not None
    assert mover == Mover("contribution", 9.0, 36.0, False, ("gross_margin",))
    assert mover.says() == "contribution 9 → 36, together with gross margin"
    assert mover.says("zh-Hans") == "贡献额：9 → 36，与毛利率共同作用"
    assert mover.says("zh-Hant") == "貢獻額：9 → 36，與毛利率共同作用"


def test_a_fact_that_the_move_does_not_take_is_not_named() -> None:
    changed = {
        "contribution": (20.0, 9.0),
        "growth_ratio": (1.1, 1.2),
        "gross_margin": (0.4, 0.25),
        "collection_rate": (0.95, 0.82),
        "timeliness": (0.8, 0.7),
        "influence": (40.0, 100.0),  # it rose, and the customer fell
    }
    before, after = (
        {**OK, **{name: ends[at] for name, ends in changed.items()}} for at in (0, 1)
    )
    mover = moved(before, after)

    assert mover is not None
    assert (mover.fact, mover.together) == ("contribution", ("growth_ratio",))


def test_a_problem_that_stays_one_hides_no_fact_that_moved_the_rung() -> None:
    before = {**OK, "gross_margin": 0.3, "dispute": True, "influence": 69.0}
    after = {**OK, "gross_margin": -0.1, "dispute": False}
    mover = moved(before, after)

    assert mover is not None
    assert (mover.fact, mover.alone) == ("gross_margin", True)


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("contribution", 36.0, 9.0, "contribution 36 → 9"),
        ("contribution", None, 9.0, "contribution 9, not known before"),
        ("contribution", 36.0, None, "contribution is not known any more"),
        ("dispute", False, True, "now yes"),
        ("dispute", True, False, "now no"),
        ("dispute", True, None, "is not known any more"),
        ("collection_rate", 0.95, 0.7, "95% → 70%"),
    ],
)
def test_a_mover_says_what_was_and_what_is(
    name: str, before: object, after: object, said: str
) -> None:
    mover = moved({**OK, name: before}, {**OK, name: after})

    assert mover is not None
    assert said in mover.says()


# ── the policy changed ──────────────────────────────────────────────────────────


@given(FACTS, st.sampled_from(OTHERS), st.sampled_from(OTHERS))
def test_whoever_moves_under_another_policy_has_a_fact_that_moved_it(
    facts: dict[str, object], old: TieringPolicy, new: TieringPolicy
) -> None:
    mover = moved(facts, facts, old, new)

    assert (mover is None) == (standing(facts, old) == standing(facts, new))
    if mover is not None:
        assert mover.by_policy
        assert mover.fact in {*tiering.FACTS.names, "composite"}
        assert mover.before == mover.after or mover.fact == "composite"


@given(FACTS, FACTS, st.sampled_from(OTHERS), st.sampled_from(OTHERS))
def test_a_move_by_facts_and_policy_together_has_one_of_both(
    before: dict[str, object],
    after: dict[str, object],
    old: TieringPolicy,
    new: TieringPolicy,
) -> None:
    mover = moved(before, after, old, new)

    assert (mover is None) == (standing(before, old) == standing(after, new))
    if mover is not None and not mover.by_policy:
        assert before[mover.fact] != after[mover.fact]


def by_policy(new: TieringPolicy, **facts: object) -> Mover:
    mover = moved({**OK, **facts}, {**OK, **facts}, OWN, new)
    assert mover is not None
    assert mover.by_policy
    return mover


DIAMOND = {"contribution": 110.0, "lowest_contribution": 105.0}


@pytest.mark.parametrize(
    ("new", "facts", "fact", "alone"),
    [
        (policy({**AMOUNTS, "diamond": 107}), DIAMOND, "lowest_contribution", True),
        (policy({**AMOUNTS, "diamond": 115}), DIAMOND, "contribution", True),
        (policy({**AMOUNTS, "strategic": 40}), {}, "contribution", True),
        (policy({**AMOUNTS, "enter_strategic": 80}), {}, "composite", True),
        (OTHERS[6], {"collection_rate": 0.6}, "collection_rate", True),
        (OTHERS[8], {"dispute": True}, "dispute", True),
        (policy(use_gold=False), {**DIAMOND, "contribution": 60.0,
                                  "lowest_contribution": 55.0}, "contribution", True),
        (policy(drop=["rows.potential"]), {"gross_margin": 0.0}, "contribution", True),
    ],
)  # fmt: skip
def test_the_fact_that_decides_between_two_policies_is_named(
    new: TieringPolicy, facts: dict[str, object], fact: str, *, alone: bool
) -> None:
    mover = by_policy(new, **facts)

    assert (mover.fact, mover.alone) == (fact, alone)


def test_going_back_to_the_lower_amount_takes_both_years() -> None:
    facts = {**OK, "contribution": 95.0, "lowest_contribution": 92.0}
    mover = moved(facts, facts, OWN, policy({**AMOUNTS, "diamond": 90}))

    assert mover is not None
    assert (mover.fact, mover.together) == ("contribution", ("lowest_contribution",))
    assert not mover.alone


def test_other_weights_name_the_criterion_that_costs_most() -> None:
    weighed = policy(
        criteria=[{"id": "sales", "weight": 15}, {"id": "margin", "weight": 35}]
    )
    facts = {**OK, "gross_margin": 0.02, "contribution": 45.0, "growth_ratio": 1.15}
    mover = moved(facts, facts, OWN, weighed)

    assert mover is not None
    assert (mover.fact, mover.by_policy) == ("contribution", True)
    assert mover.says() == "contribution 45: the two policies judge it differently"


def test_a_limit_on_the_score_names_the_score() -> None:
    mover = by_policy(policy({**AMOUNTS, "enter_strategic": 80}))

    assert isinstance(mover.before, Interval)
    assert mover.before == mover.after
    assert mover.says().startswith("composite")


def test_a_yes_or_no_that_decides_is_named_without_a_value() -> None:
    lenient = policy(drop=[f"triggers.{trigger.id}" for trigger in OWN.triggers])
    facts = {**OK, "reputation_harm": True}
    mover = moved(facts, facts, OWN, lenient)

    assert mover is not None
    assert (
        mover.says() == "harm to our reputation: the two policies judge it differently"
    )


def test_a_policy_that_measures_otherwise_shows_both_figures() -> None:
    gross = policy(basis="gross-profit")
    (move,) = changes((account("a", 120, 130),), OWN, gross, as_of=AFTER)

    assert move.mover is not None
    assert move.fact == "contribution"
    assert move.mover.says() == (
        "contribution 130 → 39: the two policies measure it differently"
    )


# ── two reviews ─────────────────────────────────────────────────────────────────


def account(slug: str, *sales: int, paid: int = 98, **more: object) -> Account:
    years = tuple(
        YearMetrics(
            2025 - back,
            sales=Decimal(amount),
            gross_profit=Decimal(amount) * Decimal("0.3"),
            due=Decimal(100),
            collected=Decimal(paid),
            on_time=Decimal(min(paid, 60)),
        )
        for back, amount in enumerate(reversed(sales))
    )
    customer = Customer(slug, slug, "CNY", years=years, influence=Decimal(60))
    return Account(customer, **more)  # type: ignore[arg-type]  # what an account takes


def prospect(slug: str, potential: int | None) -> Account:
    closing = None if potential is None else Decimal(potential)
    return Account(
        Customer(slug, slug, relation=Relation.PROSPECT),
        outlook=Outlook(Decimal(70), closing),
    )


STEADY = account("steady", 60, 60, 60)
FALLS = account("falls", 120, 130, 90)
LATE = account(
    "late",
    60,
    60,
    60,
    receivables=(Receivables(AFTER, Decimal(100), Decimal(30)),),
    standing=Standing(Tri.NO, Tri.NO),
)
FIRM = (STEADY, FALLS, LATE, account("gone", 2, 2, 2), prospect("p", 70))
NEXT = (STEADY, FALLS, LATE, account("new", 3), prospect("p", 30))
RULES = Policies(tiering=OWN)


def test_every_customer_that_moved_is_named_with_its_fact() -> None:
    found = compare(
        review(FIRM, as_of=BEFORE, policies=RULES),
        review(NEXT, as_of=AFTER, policies=RULES),
    )

    assert [(move.customer.id, move.fact) for move in found.moves] == [
        ("falls", "contribution"),
        ("late", "overdue_share"),
    ]
    assert found.moves[1].triggers == ("overdue",)
    assert [(one.customer.id, one.fact) for one in found.prospects] == [
        ("p", "closing_potential")
    ]
    assert [one.id for one in found.joined] == ["new"]
    assert [one.id for one in found.left] == ["gone"]
    assert found.turned == ()
    assert found.has_changed


def test_the_migration_matrix_counts_everybody_once() -> None:
    found = compare(
        review(FIRM, as_of=BEFORE, policies=RULES),
        review(NEXT, as_of=AFTER, policies=RULES),
    ).matrix

    assert found.total == len(FIRM) + 1
    assert found.count("diamond", "gold") == 1
    assert found.count("gold") == 2
    assert found.count(after="left") == found.count("joined") == 1
    assert found.afters == (
        "gold",
        "problem",
        "open",
        "general-opportunity",
        "left",
    )
    assert dict(found.rows)["gold"] == (1, 1, 0, 0, 0)
    assert sum(sum(counts) for _, counts in found.rows) == found.total
    assert [found.label(slug, "zh-Hans") for slug in ("gold", "left")] == [
        "黄金客户",
        "退出",
    ]


ANY_ACCOUNTS = st.lists(
    st.builds(
        account,
        st.sampled_from("abcdef"),
        st.integers(0, 150),
        st.integers(0, 150),
        st.integers(0, 150),
        paid=st.sampled_from([50, 98]),
    )
    | st.builds(prospect, st.sampled_from("abcdef"), st.none() | st.integers(0, 100)),
    unique_by=lambda one: one.customer.id,
)


@given(ANY_ACCOUNTS, ANY_ACCOUNTS)
def test_the_totals_of_the_matrix_are_those_of_the_reviews(
    first: list[Account], second: list[Account]
) -> None:
    old = review(first, as_of=BEFORE, policies=RULES)
    new = review(second, as_of=AFTER, policies=RULES)
    found = compare(old, new)
    matrix = found.matrix

    assert matrix.total - matrix.count("joined") == len(old)
    assert matrix.total - matrix.count(after="left") == len(new)
    assert matrix.count("joined") == len(found.joined)
    assert matrix.count(after="left") == len(found.left)
    changed = sum(flow.count for flow in matrix.flows if flow.before != flow.after)
    told = (found.moves, found.prospects, found.turned, found.joined, found.left)
    assert changed <= sum(map(len, told))
    assert all(move.mover is not None for move in found.moves)


@given(ANY_ACCOUNTS)
def test_a_review_compared_with_itself_moves_nobody(firm: list[Account]) -> None:
    portfolio = review(firm, as_of=AFTER, policies=RULES)
    found = compare(portfolio, portfolio)

    assert not found.has_changed
    assert {flow.before == flow.after for flow in found.matrix.flows} <= {True}


@given(ANY_ACCOUNTS, ANY_ACCOUNTS)
def test_the_order_of_the_customers_changes_no_comparison(
    first: list[Account], second: list[Account]
) -> None:
    pairs = [(first, second), (first[::-1], second[::-1])]
    one, other = (
        compare(
            review(before, as_of=BEFORE, policies=RULES),
            review(after, as_of=AFTER, policies=RULES),
        )
        for before, after in pairs
    )

    assert one == other


def test_a_prospect_that_was_won_is_told_apart() -> None:
    found = compare(
        review([prospect("a", 70)], as_of=BEFORE, policies=RULES),
        review([account("a", 3, 3)], as_of=AFTER, policies=RULES),
    )

    (turn,) = found.turned
    assert (turn.before, turn.after) == ("key-opportunity", "general")
    assert not found.moves
    assert not found.prospects


def test_amounts_that_cannot_be_converted_any_more_are_told_apart() -> None:
    yuan, dollars = account("a", 3, 3), account("a", 3, 3)
    dollars = attrs.evolve(
        dollars, customer=attrs.evolve(dollars.customer, currency="USD")
    )
    found = compare(
        review([yuan], as_of=BEFORE, policies=RULES),
        review([dollars], as_of=AFTER, policies=RULES),
    )

    (turn,) = found.turned
    assert turn.after == "unconverted"
    assert found.matrix.label("unconverted") == "amounts not convertible"


def test_an_open_class_is_a_standing_of_its_own() -> None:
    found = compare(
        review([prospect("a", 70)], as_of=BEFORE, policies=RULES),
        review([prospect("a", None)], as_of=AFTER, policies=RULES),
    )

    assert found.matrix.count("key-opportunity", "prospect-open") == 1
    (move,) = found.prospects
    assert move.fact == "closing_potential"


def test_what_is_no_review_is_not_compared() -> None:
    with pytest.raises(InvalidValueError) as caught:
        compare(None, ())  # type: ignore[arg-type]

    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("$.before", "wrong-type"),
        ("$.after", "wrong-type"),
    ]


def test_a_customer_that_comes_twice_is_refused() -> None:
    twice = review([STEADY, STEADY], as_of=AFTER, policies=RULES)

    with pytest.raises(InvalidValueError, match="steady"):
        compare(twice, twice)


def test_a_verdict_that_was_read_back_holds_no_facts_to_name() -> None:
    old, new = (tiering.judge({**OK, "dispute": is_so}) for is_so in (True, False))
    read = wire.structure(
        wire.unstructure(old, tiering.TierVerdict), tiering.TierVerdict
    )

    assert tier_mover(old.evidence, new.evidence) is not None
    assert tier_mover(read.evidence, new.evidence) is None
    assert class_mover(read.evidence, new.evidence) is None


def test_a_move_under_two_policies_at_two_dates_says_which_of_both() -> None:
    cheaper = Policies(tiering=policy({**AMOUNTS, "gold": 70}))
    found = compare(
        review(FIRM, as_of=BEFORE, policies=RULES),
        review(FIRM, as_of=AFTER, policies=cheaper),
    )

    told = {
        move.customer.id: (move.mover.fact, move.mover.by_policy)
        for move in found.moves
        if move.mover is not None
    }
    assert told["steady"] == ("contribution", True)
    assert told["falls"] == ("contribution", False)
    assert told["late"] == ("overdue_share", False)


def test_changes_name_the_fact_too() -> None:
    moves = changes(FIRM, OWN, policy({**AMOUNTS, "gold": 70}), as_of=AFTER)

    assert [(move.customer.id, move.fact) for move in moves] == [
        ("late", "contribution"),
        ("steady", "contribution"),
    ]
    assert moves[1].before.value is ValueTier.GOLD


def test_a_prospect_under_another_policy_has_a_fact_that_moved_it() -> None:
    demanding = policy({**AMOUNTS, "enter_closing": 60})
    found = compare(
        review([prospect("p", 55)], as_of=AFTER, policies=RULES),
        review([prospect("p", 55)], as_of=AFTER, policies=Policies(tiering=demanding)),
    )

    (move,) = found.prospects
    assert move.mover is not None
    assert (move.fact, move.mover.by_policy) == ("closing_potential", True)


def test_who_could_not_be_converted_in_either_review_stands_still() -> None:
    dollars = account("a", 3, 3)
    dollars = attrs.evolve(
        dollars, customer=attrs.evolve(dollars.customer, currency="USD")
    )
    old, new = (review([dollars], as_of=day, policies=RULES) for day in (BEFORE, AFTER))

    assert not compare(old, new).has_changed


def test_a_band_of_the_score_names_the_score() -> None:
    wide, narrow = (
        policy(
            rows=[
                {
                    "id": "strategic",
                    "when": f"contribution >= 10 and 60 <= composite <= {most}",
                }
            ]
        )
        for most in (100, 70)
    )
    mover = moved(OK, OK, wide, narrow)

    assert mover is not None
    assert (mover.fact, mover.by_policy) == ("composite", True)


def test_another_policy_names_the_prospects_that_it_moves() -> None:
    demanding = policy({**AMOUNTS, "enter_closing": 60})
    firm = [prospect("q", 55), prospect("p", 50), prospect("r", 80), STEADY]
    moves = class_changes(firm, OWN, demanding, as_of=AFTER)

    assert [(move.customer.id, move.fact) for move in moves] == [
        ("p", "closing_potential"),
        ("q", "closing_potential"),
    ]
    reviews = (
        review(firm, as_of=AFTER, policies=Policies(tiering=rules))
        for rules in (OWN, demanding)
    )
    assert moves == compare(*reviews).prospects
    assert class_changes(firm, OWN, OWN, as_of=AFTER) == ()
