"""Weights in columns are compared with our emphasis as each of them is by itself."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames, policies
from keyaccount.domain import Aim, BuyingFactor, FactorWeights
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.models import buying
from keyaccount.models.buying import BuyingPolicy
from keyaccount.rules import FactKind
from tests.frames.cased import answered, cells, few, on_every_engine
from tests.frames.engines import Engine


DAY = dt.date(2025, 12, 31)
EMPHASIS = FactorWeights(relationship=20, price=60, innovation=20)
KINDS = {f"{factor.value}_weight": FactKind.NUMBER for factor in BuyingFactor}
Row = dict[str, object]


@st.composite
def weights(draw: st.DrawFn) -> FactorWeights:
    """Weights in steps of ten, some of them unknown."""
    low, high = sorted(draw(st.tuples(st.integers(0, 10), st.integers(0, 10))))
    whole = (10 * low, 10 * (high - low), 100 - 10 * high)
    kept = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    told = zip(BuyingFactor, whole, kept, strict=True)
    return FactorWeights(
        **{
            factor.value: weight if is_known else None
            for factor, weight, is_known in told
        }
    )


def slugs(members: Sequence[object]) -> str:
    return ";".join(str(getattr(member, "value", None)) for member in members)


def expected(emphasis: FactorWeights, one: FactorWeights) -> Row:
    """Say what the columns must hold of a customer."""
    verdict = buying.match(emphasis, one, as_of=DAY)
    need = buying.need_type(one)
    return {
        "buying": None if verdict.value is None else verdict.value.value,
        "buying_low": verdict.possible[0].value,
        "buying_high": verdict.possible[-1].value,
        "buying_mismatch_low": verdict.mismatch.low,
        "buying_mismatch_high": verdict.mismatch.high,
        "buying_mistakes": slugs(verdict.mistakes),
        "buying_possible_mistakes": slugs(verdict.possible_mistakes),
        "buying_missing": ";".join(gap.fact for gap in verdict.missing),
        "buying_need": None if need.value is None else need.value.value,
        "buying_need_possible": slugs(need.possible),
    }


def told(one: FactorWeights) -> Row:
    return {f"{factor.value}_weight": weight for factor, weight in one.items()}


@on_every_engine
def test_weights_are_matched_as_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(weights(), min_size=1, max_size=4), weights())
    def check(customers: list[FactorWeights], told_of_us: FactorWeights) -> None:
        emphasis = next(told_of_us.completions())
        rows = [told(one) for one in customers]

        found = answered(
            engine, cells(KINDS, rows), lambda frame: frames.buying(frame, emphasis)
        )

        assert found == [expected(emphasis, one) for one in customers]

    check()


@on_every_engine
def test_a_weight_that_the_others_leave_no_choice_is_reckoned(engine: Engine) -> None:
    rows: list[Row] = [
        {"relationship_weight": 25.0, "innovation_weight": 15.0},
        {"price_weight": 100, "innovation_weight": math.nan},
    ]

    found = answered(
        engine, cells(KINDS, rows), lambda frame: frames.buying(frame, EMPHASIS)
    )

    assert [row["buying_need"] for row in found] == ["price-sensitive"] * 2
    assert [row["buying_mismatch_high"] for row in found] == [0.05, 0.4]


def test_a_policy_of_your_own_is_asked() -> None:
    polars = pytest.importorskip("polars")
    numbers = {"misaligned_from": {"value": 1}}
    own = policies.read({"based_on": "buying", "numbers": numbers}, BuyingPolicy)
    frame = polars.DataFrame(
        {"relationship_weight": 21, "price_weight": 59, "innovation_weight": 20}
    )

    found = frames.buying(frame, EMPHASIS, policy=own, name="aim")

    weights_ = FactorWeights(relationship=21, price=59, innovation=20)
    verdict = buying.match(EMPHASIS, weights_, as_of=DAY, policy=own)
    assert verdict.value is Aim.MISALIGNED
    assert found["aim"].to_list() == ["misaligned"]


def test_weights_that_do_not_add_up_are_refused_with_row_and_sum() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {
            "relationship_weight": [40, 50, 40],
            "price_weight": [40, 50, 40],
            "innovation_weight": [20, 20, 10],
        }
    )

    with pytest.raises(InvalidValueError) as caught:
        frames.buying(frame, EMPHASIS)

    assert [one.path for one in caught.value.problems] == ["$.rows[1]", "$.rows[2]"]
    assert "adds up to 120" in str(caught.value)
    assert "adds up to 90" in str(caught.value)


def test_a_weight_that_is_no_whole_per_cent_is_refused_by_its_column() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {
            "relationship_weight": [40.0, 40.5],
            "p": [40.0, 140.0],
            "innovation_weight": [20.0, None],
        }
    )

    with pytest.raises(InvalidValueError) as caught:
        frames.buying(frame, EMPHASIS, names={"price_weight": "p"})

    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("$.columns['relationship_weight'][1]", "wrong-type"),
        ("$.columns['p'][1]", "out-of-range"),
    ]


def test_shares_of_one_instead_of_per_cents_are_refused() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {"relationship_weight": 0.5, "price_weight": 0.3, "innovation_weight": 0.2}
    )

    with pytest.raises(InvalidValueError, match="a whole number"):
        frames.buying(frame, EMPHASIS)


def test_what_we_stress_ourselves_must_be_known() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"price_weight": [10]})

    with pytest.raises(InvalidValueError, match=r"emphasis\.price"):
        frames.buying(frame, FactorWeights(relationship=20))


def test_text_is_no_weight() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"price_weight": ["10 %"]})

    with pytest.raises(InvalidValueError, match=r"price_weight.*cast text first"):
        frames.buying(frame, EMPHASIS)


def test_names_speak_of_weights_alone() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(UnknownFactError, match="price_weight"):
        frames.buying(polars.DataFrame({"p": [1]}), EMPHASIS, names={"price": "p"})


def test_a_weight_without_a_column_is_unknown_and_said_so() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"price_weight": [20]})

    with pytest.warns(frames.MissingColumnWarning, match="innovation_weight"):
        found = frames.buying(frame.lazy(), EMPHASIS).collect()

    assert found["buying_mismatch_low"].to_list() == [0.4]
