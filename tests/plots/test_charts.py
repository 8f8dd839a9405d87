"""A chart draws all that there is, once, and says what it leaves out."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import cast

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


pytest.importorskip("altair", reason="the extra `plots`")
pytest.importorskip("vl_convert", reason="the extra `plots`")

from keyaccount import book, plots, wording
from keyaccount.domain import ValueTier
from keyaccount.models import allocation, forecast, payment, stages, tiering
from tests.plots.drawn import (
    CHARTS,
    board,
    compared,
    layers,
    notes,
    of_mark,
    people,
    placed,
    portfolio,
    texts,
    tier_of,
    values,
)
from tests.refusals import refused


@pytest.mark.parametrize("locale", wording.LOCALES)
@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_drawn_in_every_language(name: str, locale: str) -> None:
    chart = CHARTS[name](locale)

    drawn = " ".join(texts(plots.svg(chart)))
    assert chart.to_dict()["title"]["text"] in drawn
    assert "plots." not in drawn
    assert "?" not in drawn.replace("recently?", "")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_has_no_english_words_of_its_own_in_chinese(name: str) -> None:
    english, chinese = (CHARTS[name](locale) for locale in ("en", "zh-Hans"))

    titles = [chart.to_dict()["title"]["text"] for chart in (english, chinese)]
    axes = [
        {str(axis["title"]) for axis in _axes(chart.to_dict()) if axis.get("title")}
        for chart in (english, chinese)
    ]
    assert titles[0] != titles[1]
    assert not axes[0] & axes[1]


def _axes(spec: dict[str, object]) -> list[dict[str, object]]:
    found = []
    for layer in cast("list[dict[str, dict[str, dict[str, object]]]]", spec["layer"]):
        for channel in layer["encoding"].values():
            axis = channel.get("axis")
            found += [axis] if isinstance(axis, dict) else []
    return found


@pytest.mark.parametrize("name", CHARTS)
def test_colour_never_speaks_alone(name: str) -> None:
    """What a colour tells is told by a shape, by a place or in words, too."""
    spec = CHARTS[name]("en").to_dict()

    for layer in spec["layer"]:
        mark = layer["mark"]["type"]
        if "color" in layer["encoding"] and mark == "point":
            shape = layer["encoding"].get("shape")
            assert shape is not None
            assert shape["field"] == layer["encoding"]["color"]["field"]


# ── Portfolio matrix ──


def test_every_customer_stands_once_in_the_portfolio_matrix() -> None:
    chart = plots.portfolio_matrix(portfolio())

    found = values(chart, "point", "id")
    assert sorted(map(str, found)) == sorted(one.customer.id for one in portfolio())


def test_a_customer_is_drawn_where_its_score_is() -> None:
    drawn = {
        row["id"]: row for row in of_mark(plots.portfolio_matrix(portfolio()), "point")
    }

    for one in portfolio():
        assert one.verdict is not None
        row = drawn[one.customer.id]
        assert (row["x"], row["high"]) == attrs.astuple(one.verdict.score)


def test_no_two_customers_of_the_matrix_share_a_place() -> None:
    rows = of_mark(plots.portfolio_matrix(portfolio()), "point")

    by_lane: dict[object, list[tuple[float, float]]] = {}
    for row in rows:
        ends = cast("float", row["x"]), cast("float", row["high"])
        by_lane.setdefault(row["y"], []).append(ends)
    for lane in map(sorted, by_lane.values()):
        assert all(before[1] < after[0] for before, after in pairwise(lane))


def test_better_rungs_stand_higher() -> None:
    rows = {
        row["id"]: row for row in of_mark(plots.portfolio_matrix(portfolio()), "point")
    }
    tiers = [(one.tier, one.customer.id) for one in portfolio() if one.tier]

    highest = {
        tier: [
            cast("float", rows[slug]["y"])
            for one, slug in tiers
            if one.possible[0] is tier
        ]
        for tier in ValueTier
    }
    found = [places for places in highest.values() if places]
    assert all(max(above) < min(below) for above, below in pairwise(found))


def test_whoever_could_not_be_converted_is_named_and_not_drawn() -> None:
    first, *rest = portfolio().sheets
    unjudged = attrs.evolve(first, tier=None, way_up=None)
    chart = plots.portfolio_matrix(attrs.evolve(portfolio(), sheets=(unjudged, *rest)))

    assert first.customer.name in notes(chart)
    assert first.customer.id not in values(chart, "point", "id")


def test_marks_of_attractiveness_and_strength_stand_where_they_are() -> None:
    chart = plots.portfolio_matrix(placed())

    found = [
        (row["x"], row["x_high"], row["y"], row["text"])
        for row in of_mark(chart, "rect")
    ]
    assert found == [
        (70, 70, 80, "Acme"),
        (90, 90, 20, "Bolt"),
        (0, 100, 60, "Cog"),
        (15, 15, 10, "Dyn"),
    ]


def test_the_cuts_are_drawn_for_the_policy_that_judged() -> None:
    own = attrs.evolve(allocation.default_policy(), version="of our own")

    known, unknown = (
        len(layers(plots.portfolio_matrix(placed(), policy=policy)))
        for policy in (None, own)
    )
    assert known == unknown + 2


# ── Tier ladder ──


def test_the_ladder_counts_every_customer_once() -> None:
    counts = values(plots.tier_ladder(portfolio()), "bar", "count")

    assert sum(cast("list[int]", counts)) == len(portfolio())


def test_the_ladder_counts_the_problems_apart() -> None:
    rows = of_mark(plots.tier_ladder(portfolio()), "bar")

    told = [
        cast("int", row["count"]) for row in rows if row["kind"] == "problem customer"
    ]
    assert sum(told) == portfolio().problem_count


@pytest.mark.parametrize("given", ["comparison", "matrix"])
def test_every_flow_is_a_field_of_the_migrations(given: str) -> None:
    compare = compared()
    chart = plots.tier_ladder(compare if given == "comparison" else compare.matrix)

    rows = of_mark(chart, "point")
    ends = Counter((row["before"], row["after"]) for row in rows)
    assert sum(cast("int", row["count"]) for row in rows) == compare.matrix.total
    assert len(rows) == len(compare.matrix.flows) == len(ends)


def test_who_rises_is_told_from_who_falls() -> None:
    flows = (
        book.Flow("gold", "diamond", 1),
        book.Flow("gold", "gold", 4),
        book.Flow("gold", "general", 2),
        book.Flow("gold", "left", 3),
    )
    chart = plots.tier_ladder(book.Migration(flows))

    kinds = [row["kind"] for row in of_mark(chart, "point")]
    assert kinds == ["rises", "stays", "falls", "other change"]


def test_a_dated_review_is_drawn_as_it_moved_everybody() -> None:
    accounts = [one.account for one in portfolio()]
    done = book.reclassify(accounts, as_of=portfolio().as_of)

    counts = cast("list[int]", values(plots.tier_ladder(done), "point", "count"))
    assert sum(counts) == len(done.reviews)


# ── Score waterfall ──


@pytest.mark.parametrize("customer", [one.customer.id for one in portfolio()])
def test_the_bars_of_a_score_add_up_to_its_bounds(customer: str) -> None:
    verdict = next(one.verdict for one in portfolio() if one.customer.id == customer)
    assert verdict is not None
    rows = of_mark(plots.score_waterfall(verdict), "bar")

    ends = {
        kind: [cast("float", row["end"]) for row in rows if row["kind"] == kind]
        for kind in ("points", "what nobody knows may add", "score")
    }
    assert ends["score"] == [verdict.score.low]
    assert max(ends["points"], default=0) == pytest.approx(verdict.score.low)
    if not verdict.score.is_exact:
        assert max(ends["what nobody knows may add"]) == pytest.approx(
            verdict.score.high
        )


def test_every_criterion_has_one_bar_the_most_points_first() -> None:
    verdict = tier_of("C24")
    rows = of_mark(plots.score_waterfall(verdict), "bar")
    policy = tiering.default_policy()

    names = [row["name"] for row in rows if row["name"] != "score"]
    known = [
        cast("float", row["end"]) - cast("float", row["start"])
        for row in rows
        if row["kind"] == "points"
    ]
    assert sorted(map(str, names)) == sorted(
        wording.label("composite", part.id) for part in policy.criteria
    )
    assert known == sorted(known, reverse=True)


# ── Stakeholder map ──


def test_every_person_stands_in_every_cell_that_is_theirs() -> None:
    verdict, known = people()
    chart = plots.stakeholder_map(verdict, known)

    names = {one.id: one.name for one in known}
    wanted = Counter(names[slug] for cell in verdict.cells for slug in cell.people)
    assert Counter(values(chart, "point", "person")) == wanted


def test_without_names_the_ids_stand_there() -> None:
    verdict, _ = people()

    found = {
        str(name) for name in values(plots.stakeholder_map(verdict), "point", "person")
    }
    assert found == {slug for cell in verdict.cells for slug in cell.people}


# ── Share and growth ──


def test_what_is_not_known_is_named_and_not_guessed() -> None:
    rows = board().rows
    chart = plots.share_growth(rows)

    known = [one for one in rows if None not in {one.verdict.share, one.verdict.growth}]
    lost = [one for one in rows if one not in known]
    drawn = [(row["share"], row["growth"]) for row in of_mark(chart, "point")]
    assert drawn == [(one.verdict.share, one.verdict.growth) for one in known]
    assert lost
    assert all(one.customer.name[:20] in notes(chart) for one in lost)


def test_a_portfolio_is_read_as_its_board() -> None:
    drawn, of_board = (
        Counter(map(str, values(plots.share_growth(of), "point", "text")))
        for of in (portfolio(), board())
    )

    assert drawn == of_board


# ── Pipeline ──


def test_the_funnel_counts_every_open_deal_once() -> None:
    chart = plots.pipeline_funnel(portfolio())

    deals = [one for one in portfolio().deals if one.deal is not None]
    assert sum(cast("list[int]", values(chart, "bar", "count"))) == len(deals)
    lost = [one.opportunity for one in portfolio().deals if one.deal is None]
    assert all((deal.name or deal.id)[:20] in notes(chart) for deal in lost)


def test_what_stands_too_long_is_told_apart() -> None:
    ages = (
        stages.StageAge("identification", 5, 1, 30, 12.0, 40, ("d1", "d2")),
        stages.StageAge("contract-signing", 0, 0, 30, None, None, ()),
    )
    chart = plots.pipeline_funnel(ages)

    counts = {row["kind"]: row["count"] for row in of_mark(chart, "bar")}
    assert counts == {"in time": 3, "longer than the stage allows": 2}
    assert "none" in texts(plots.svg(chart))


# ── Forecast ──


def test_the_forecast_has_a_line_for_each_amount() -> None:
    found = portfolio().forecasts[0].distribution
    assert found is not None
    chart = plots.forecast_distribution(found)

    shown = [row["text"] for row in of_mark(chart, "text")]
    spans = (found.closed, *(part.amount for part in found.quantiles), found.mean)
    assert sorted(map(str, shown)) == sorted(map(str, spans))


def test_an_amount_without_an_upper_bound_bears_an_arrow() -> None:
    found = portfolio().forecasts[0].distribution
    assert found is not None
    bare = [part for part in (*found.quantiles,) if part.amount.high is None]
    marks = [
        rows
        for kind, rows in layers(plots.forecast_distribution(found))
        if kind == "point"
    ]

    assert bare
    assert {row["name"] for row in marks[0]} < {row["name"] for row in marks[1]}
    assert all(row["high"] is None for row in marks[0])


def test_the_quota_and_its_chance_are_told() -> None:
    deals = [one.opportunity for one in portfolio().deals]
    deals = [deal for deal in deals if deal.value is not None]
    value = deals[0].value
    assert value is not None
    spread = forecast.distribution(
        deals,
        as_of=portfolio().as_of,
        quota=value,
        probabilities=stages.default_policy().probabilities,
    )
    chart = plots.forecast_distribution(spread)

    assert spread.reaches is not None
    assert "Chance to reach the quota" in notes(chart)
    assert "quota" in values(chart, "point", "name")


# ── Payment ──


def test_every_term_is_counted_in_the_field_of_its_worst_case() -> None:
    terms = [term.verdict for one in portfolio() for term in one.terms]
    rows = of_mark(plots.payment_risk(portfolio()), "rect")

    counts = {(row["safety"], row["control"]): row["count"] for row in rows}
    wanted = Counter(
        (
            wording.label("safety", one.worst.safety.value),
            wording.label("controllability", one.worst.controllability.value),
        )
        for one in terms
    )
    assert {key: count for key, count in counts.items() if count} == wanted


def test_an_open_rating_bears_a_question_mark() -> None:
    verdicts = [term.verdict for one in portfolio() for term in one.terms]
    is_open = [one for one in verdicts if not one.is_settled]
    chart = plots.payment_risk(is_open)

    named = [row["text"] for row in of_mark(chart, "text") if "at" in row]
    assert is_open
    assert all(str(name).endswith(" ?") for name in named)


def test_the_terms_of_the_catalogue_are_named() -> None:
    chart = plots.payment_risk(payment.rate([payment.catalogue()[0].id]))

    label = wording.label("payment-term", payment.catalogue()[0].id)
    assert any(str(row["text"])[:12] == label[:12] for row in of_mark(chart, "text"))


# ── Agenda ──


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 53))
def test_however_many_weeks_everything_due_is_counted_once(weeks: int) -> None:
    chart = plots.calendar_load(portfolio(), weeks=weeks)

    counts = cast("list[int]", values(chart, "text", "count"))
    assert sum(counts) == len(portfolio().agenda)


def test_what_is_late_stands_first() -> None:
    agenda = portfolio().agenda
    chart = plots.calendar_load(agenda)

    rows = [row for row in of_mark(chart, "text") if row["week"] == "late"]
    assert sum(cast("int", row["count"]) for row in rows) == len(agenda.late)
    spec = chart.to_dict()["layer"][-1]["encoding"]["x"]
    assert spec["scale"]["domain"][0] == "late"


def test_owners_of_the_same_name_stay_apart() -> None:
    long = "a desk whose name goes on and on until nobody reads it any more "
    items = [
        attrs.evolve(item, owner=f"{long}{at}")
        for at, item in enumerate(portfolio().agenda.items[:3])
    ]
    chart = plots.calendar_load(book.agenda(items, as_of=portfolio().as_of))

    assert len(set(values(chart, "text", "owner"))) == 3


# ── Nothing to draw, and one of it ──


NOBODY = book.review([], as_of=portfolio().as_of)


@pytest.mark.parametrize("locale", wording.LOCALES)
@pytest.mark.parametrize(
    "code, draw",
    [
        ("no-customers", plots.portfolio_matrix),
        ("no-customers", plots.tier_ladder),
        ("no-shares", plots.share_growth),
        ("no-deals", plots.pipeline_funnel),
        ("no-terms", plots.payment_risk),
        ("nothing-due", plots.calendar_load),
    ],
)
def test_an_empty_chart_says_so(code: str, draw: object, locale: str) -> None:
    chart = draw(NOBODY, locale=locale)  # type: ignore[operator]  # one of the charts

    assert wording.say(f"plots.{code}", {}, locale) in texts(plots.svg(chart))


def test_a_forecast_of_nothing_and_a_map_of_nobody_say_so() -> None:
    rolled = attrs.evolve(portfolio().forecasts[0], distribution=None)
    verdict, _ = people()
    nobody = attrs.evolve(verdict, cells=())

    assert "No open deals" in texts(plots.svg(plots.forecast_distribution(rolled)))
    shown = texts(plots.svg(plots.stakeholder_map(nobody)))
    assert "Nobody is known at this customer" in shown
    assert "No customers to show" in texts(plots.svg(plots.portfolio_matrix({})))


@pytest.mark.parametrize(
    "draw", [plots.portfolio_matrix, plots.tier_ladder, plots.payment_risk]
)
def test_one_customer_is_enough(draw: object) -> None:
    one = attrs.evolve(portfolio(), sheets=portfolio().sheets[:1])

    assert len(plots.svg(draw(one))) > 1000  # type: ignore[operator]  # one of the charts


# ── Arguments ──


def test_a_title_may_be_another_or_none() -> None:
    own, none = (plots.tier_ladder(portfolio(), title=title) for title in ("Ours", ""))

    assert "Ours" in texts(plots.svg(own))
    assert none.to_dict()["title"]["text"] == ""


@pytest.mark.parametrize("width", [240, 900])
@pytest.mark.parametrize("name", ["matrix", "people", "growth", "payment"])
def test_a_chart_is_as_wide_as_asked(name: str, width: int) -> None:
    draw = {
        "matrix": lambda: plots.portfolio_matrix(portfolio(), width=width),
        "people": lambda: plots.stakeholder_map(*people(), width=width),
        "growth": lambda: plots.share_growth(board(), width=width),
        "payment": lambda: plots.payment_risk(portfolio(), width=width),
    }

    chart = draw[name]()
    assert chart.to_dict()["width"] == width
    assert plots.svg(chart)


@pytest.mark.parametrize("width", [0, 10_000, 2.5, True, "wide"])
def test_an_odd_width_is_refused(width: object) -> None:
    (path, code), *_ = refused(plots.tier_ladder, portfolio(), width=width)

    assert path == "$.width"
    assert code in {"out-of-range", "wrong-type"}


@pytest.mark.parametrize(
    "draw, path",
    [
        (plots.portfolio_matrix, "$.of"),
        (plots.tier_ladder, "$.of"),
        (plots.score_waterfall, "$.verdict"),
        (plots.stakeholder_map, "$.verdict"),
        (plots.forecast_distribution, "$.of"),
        (plots.calendar_load, "$.of"),
    ],
)
def test_something_else_is_refused(draw: object, path: str) -> None:
    problems = refused(draw, 7)  # type: ignore[arg-type]  # that is the point

    assert (path, "wrong-type") in problems


@pytest.mark.parametrize(
    "draw", [plots.share_growth, plots.pipeline_funnel, plots.payment_risk]
)
def test_a_row_of_something_else_is_refused(draw: object) -> None:
    assert refused(draw, [7]) == (("$.of[0]", "wrong-type"),)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("weeks", [0, 54, 1.5, True])
def test_an_odd_number_of_weeks_is_refused(weeks: object) -> None:
    assert refused(plots.calendar_load, portfolio(), weeks=weeks)[0][0] == "$.weeks"
