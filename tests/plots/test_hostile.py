"""Names come from anybody: whatever stands in them comes out as text, and short."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from typing import TypeVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


pytest.importorskip("altair", reason="the extra `plots`")
pytest.importorskip("vl_convert", reason="the extra `plots`")

import altair as alt

from keyaccount import book, plots
from keyaccount.domain import AdminLevel, Customer, PurchasingRole, Stakeholder
from keyaccount.models import payment, stages, stakeholders
from keyaccount.plots._labels import lanes, named
from keyaccount.plots._words import distinct, shortened, width_of, wrapped
from keyaccount.rules import Label, Reason
from tests.plots.drawn import board, has_active, placed, portfolio, texts, tier_of


Noun = TypeVar("Noun")

PAYLOADS = (
    "<script>alert(1)</script>",
    "</text></svg><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    "]]><script>alert(1)</script>",
    "<!--",
    "&lt;script&gt;",
    "&#x3c;b&#x3e;",
    "url(javascript:alert(1))",
    "javascript:alert(1)",
    "<a href='https://example.org'>x</a>",
    "datum['x']; alert(1)",
    "\\' + alert(1) + \\'",
    '{"expr": "warn(1)"}',
    '{"signal": "width"}',
    "${7*7}",
    "{{7*7}}",
    "%(x)s",
    "{name}",
    "=HYPERLINK(1)",
    "__proto__",
    "constructor",
    "toString",
    "null",
    "NaN",
    "",
    "\u202eevil",
    "a\u200bb\u2028c",
    "\x1b[31mred\x00",
    "\ufffe\uffff",
    "𝕬𝖈𝖒𝖊 😀",
    "a.b[0]",
    "x\\y",
    "名" * 10_000,
    "a" * 10_000,
    "e" + "\u0301" * 5_000,
)
DAY = dt.date(2025, 12, 31)


def _with(noun: Noun, name: str, field: str = "name") -> Noun:
    """Return the noun with a text that its own checks may refuse."""
    changed = attrs.evolve(noun)  # type: ignore[misc]  # every noun is an attrs class
    object.__setattr__(changed, field, name)
    return changed


def hostile() -> book.Portfolio:
    """Return a portfolio in which everything that has a name has a hostile one."""
    names = itertools.cycle(PAYLOADS)
    sheets = []
    for one in portfolio():
        customer = _with(one.customer, next(names))
        deals = tuple(
            attrs.evolve(
                deal, opportunity=_with(deal.opportunity, next(names)), deal=None
            )
            for deal in one.deals
        )
        account = attrs.evolve(one.account, customer=customer)
        sheets.append(attrs.evolve(one, account=account, deals=deals))
    return attrs.evolve(portfolio(), sheets=tuple(sheets))


def people() -> list[Stakeholder]:
    """Return people with hostile names."""
    roles = frozenset({PurchasingRole.COACH})
    return [
        _with(Stakeholder(f"p{at}", "c", "x", AdminLevel.STAFF, roles), name)
        for at, name in enumerate(PAYLOADS)
    ]


def items() -> list[book.Item]:
    """Return what is due for owners with hostile names."""
    return [book.Item("own", "call", DAY, Reason("x"), name) for name in PAYLOADS]


def ages() -> list[stages.StageAge]:
    """Return stages whose own labels are hostile."""
    return [
        stages.StageAge("own", 2, 0, 30, 4.0, 9, (), (Label("en", "stage.own", name),))
        for name in PAYLOADS
    ]


@functools.cache
def charts() -> tuple[alt.LayerChart, ...]:
    """Draw every chart with hostile names wherever there can be one."""
    names = itertools.cycle(PAYLOADS)
    rows = [
        attrs.evolve(
            row,
            customer=_with(row.customer, name),
            verdict=attrs.evolve(row.verdict, category=next(names)),
        )
        for name in PAYLOADS
        for row in board().rows
    ]
    verdict = payment.rate(payment.catalogue()[0].id)
    terms = [attrs.evolve(verdict, term=_with(verdict.term, name)) for name in PAYLOADS]
    spread = portfolio().forecasts[0].distribution
    assert spread is not None
    return (
        plots.portfolio_matrix(hostile()),
        plots.portfolio_matrix(dict.fromkeys(PAYLOADS, placed()["Acme"])),
        plots.tier_ladder(hostile()),
        plots.stakeholder_map(stakeholders.read(people(), as_of=DAY), people()),
        plots.share_growth(rows),
        plots.pipeline_funnel(hostile()),
        plots.pipeline_funnel(ages()),
        plots.payment_risk(hostile()),
        plots.payment_risk(terms),
        plots.calendar_load(book.agenda(items(), as_of=DAY)),
        plots.forecast_distribution(attrs.evolve(spread, unvalued=PAYLOADS)),
    )


@pytest.mark.parametrize("at", range(11))
def test_whatever_a_name_holds_nothing_runs(at: int) -> None:
    drawn = plots.svg(charts()[at])

    assert not has_active(drawn)
    assert len(drawn) < 200_000


@pytest.mark.parametrize("name", PAYLOADS, ids=[ascii(one[:24]) for one in PAYLOADS])
def test_a_title_may_hold_anything(name: str) -> None:
    for drawn in (
        plots.svg(plots.payment_risk([], title=name)),
        plots.svg(plots.score_waterfall(tier_of("C24"), name=name)),
    ):
        assert not has_active(drawn)


@pytest.mark.parametrize("name", PAYLOADS, ids=[ascii(one[:24]) for one in PAYLOADS])
def test_a_name_comes_out_as_it_is_as_far_as_there_is_room(name: str) -> None:
    wanted = shortened(name)

    for chart in (
        plots.portfolio_matrix({name: placed()["Acme"]}),
        plots.calendar_load(
            book.agenda([book.Item("own", "call", DAY, Reason("x"), name)], as_of=DAY)
        ),
    ):
        shown = texts(plots.svg(chart))
        assert (wanted or "(no name)") in [text.strip() for text in shown]


@pytest.mark.parametrize("at", range(11))
def test_data_is_only_ever_a_value(at: int) -> None:
    """It stands in rows, scales and titles: in no field, expression or transform."""
    spec = charts()[at].to_dict()
    fields = [
        channel["field"]
        for layer in spec["layer"]
        for channel in layer["encoding"].values()
        if "field" in channel
    ]

    assert all(field.isidentifier() and field.isascii() for field in fields)
    assert not any(
        {"transform", "params"} & set(part) for part in (spec, *spec["layer"])
    )


def test_the_one_expression_is_a_constant() -> None:
    found = portfolio().forecasts[0].distribution
    assert found is not None
    told = {
        channel["axis"]["labelExpr"]
        for layer in plots.forecast_distribution(found).to_dict()["layer"]
        for channel in layer["encoding"].values()
        if isinstance(channel.get("axis"), dict) and "labelExpr" in channel["axis"]
    }

    assert told == {"replace(format(datum.value, '~s'), 'G', 'B')"}


def test_a_customer_whose_name_was_accepted_is_drawn() -> None:
    customer = Customer("c1", "Acme <b>&amp;</b>", currency="USD")
    found = book.review([book.Account(customer)], as_of=DAY)

    assert "Acme <b>&amp;</b>" in texts(plots.svg(plots.portfolio_matrix(found)))


# ── Names in what room there is ──


@given(st.text(max_size=60), st.integers(2, 40))
def test_a_name_is_never_wider_than_its_room(text: str, most: int) -> None:
    assert width_of(shortened(text, most)) <= most


@given(st.lists(st.sampled_from(["a", "b", "a (2)", "a (3)"]), max_size=12))
def test_told_apart_names_are_apart_and_in_order(names: list[str]) -> None:
    found = distinct(names)

    assert len(set(found)) == len(found) == len(names)
    assert all(one.startswith(name) for one, name in zip(found, names, strict=True))


WORDS = st.lists(st.sampled_from(["Acme", "月兔电池", "of", "Ltd"]), max_size=12)


@given(WORDS, st.integers(8, 40))
def test_a_wrapped_text_loses_nothing(words: list[str], most: int) -> None:
    lines = wrapped(" ".join(words), most)

    assert "".join(lines).replace(" ", "") == "".join(words)
    assert all(width_of(line) <= most for line in lines)


ENDS = st.tuples(st.floats(0, 100), st.floats(0.1, 30)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


@given(st.lists(ENDS, max_size=20))
def test_in_a_lane_nothing_touches(spans: list[tuple[float, float]]) -> None:
    placed = list(zip(lanes(spans), spans, strict=True))

    for at, (lane, (low, high)) in enumerate(placed):
        for other, (start, end) in placed[at + 1 :]:
            assert lane != other or high <= start or end <= low


PLACES = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=15)


@settings(deadline=None)
@given(PLACES)
def test_no_two_names_stand_on_each_other(places: list[tuple[float, float]]) -> None:
    rows: list[dict[str, str | float | None]] = [
        {"x": x, "y": y, "text": f"Acme {at}"} for at, (x, y) in enumerate(places)
    ]
    found = named(rows, ("x", "y"), ((0.0, 100.0), (0.0, 100.0)), (640, 480))

    assert len(found.words) + len(found.missing) == len(rows)
    boxes = []
    for word in found.words:
        wide = width_of(str(word["text"])) * 6.3 / 6.4
        x, y = float(word["x"] or 0), float(word["y"] or 0)
        left = x if word["side"] == "right" else x - wide
        boxes.append((left, y, left + wide))
    for at, (left, y, right) in enumerate(boxes):
        for start, height, end in boxes[at + 1 :]:
            is_apart = right <= start + 1e-6 or end <= left + 1e-6
            assert is_apart or abs(y - height) >= 14 / 4.8 - 1e-6
