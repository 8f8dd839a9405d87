"""Payment terms in columns are rated as each of them is by itself."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.domain import (
    Cover,
    CoverKind,
    CoverQuality,
    PaymentTerm,
    Timing,
    TitleControl,
    Tranche,
)
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.models import payment
from keyaccount.models.payment import Buyer, NamedTerm, TermVerdict
from keyaccount.rules import FactKind
from keyaccount.tri import Tri
from tests.frames.cased import Native, answered, cells, few, on_every_engine
from tests.frames.engines import PRESENT, Engine
from tests.strategies import tranches, tris


NAMES = [term.id for term in payment.catalogue()]
MOST = 2
PARTS = {
    "share": FactKind.NUMBER,
    "timing": FactKind.CHOICE,
    "title": FactKind.CHOICE,
    "tenor_days": FactKind.NUMBER,
    "cover": FactKind.CHOICE,
    "quality": FactKind.CHOICE,
    "ratio": FactKind.NUMBER,
    "recourse": FactKind.YES_NO,
    "at_order": FactKind.YES_NO,
}
KINDS = {
    "term": FactKind.CHOICE,
    **{
        f"{part}_{at}": kind
        for at in range(1, MOST + 1)
        for part, kind in PARTS.items()
    },
}
SETTING = {
    "goods": FactKind.YES_NO,
    "who": FactKind.CHOICE,
    "pay_when_paid": FactKind.YES_NO,
}
Row = dict[str, object]


@st.composite
def terms(draw: st.DrawFn) -> PaymentTerm:
    """Terms of one or two tranches; what is little known takes long to rate."""
    cuts = draw(st.sets(st.integers(1, 9_999), max_size=MOST - 1))
    edges = [0, *sorted(cuts), 10_000]
    shares = [Decimal(end - start) / 10_000 for start, end in itertools.pairwise(edges)]
    return PaymentTerm([draw(tranches(st.just(share))) for share in shares])


def expected(verdict: TermVerdict) -> Row:
    """Say what the columns must hold of a verdict."""
    ratings = verdict.possible
    safety = {rating.safety.value for rating in ratings}
    control = {rating.controllability.value for rating in ratings}
    found: Row = {
        "payment": None if verdict.value is None else verdict.value.slug,
        "payment_safety": safety.pop() if len(safety) == 1 else None,
        "payment_controllability": control.pop() if len(control) == 1 else None,
        "payment_low": min(ratings, key=_badness).slug,
        "payment_high": max(ratings, key=_badness).slug,
        "payment_flags": ";".join(verdict.flags),
        "payment_missing": ";".join(gap.fact for gap in verdict.missing),
    }
    for part in ("unsafe", "uncontrolled", "prepaid", "uncovered", "weighted_days"):
        interval = getattr(verdict, part)
        found |= {f"payment_{part}_low": interval.low}
        found |= {f"payment_{part}_high": interval.high}
    return found


def _badness(rating: payment.Rating) -> tuple[int, int]:
    return -rating.safety.rank, -rating.controllability.rank


def cell(tri: Tri) -> bool | None:
    return None if tri is Tri.UNKNOWN else tri is Tri.YES


def told(term: PaymentTerm) -> Row:
    """Write a term's tranches side by side."""
    row: Row = {}
    for at, tranche in enumerate(term.tranches, start=1):
        cover = tranche.cover
        parts: Row = {
            "share": tranche.share,
            "timing": _slug(tranche.timing),
            "title": _slug(tranche.title),
            "tenor_days": tranche.tenor_days,
            "at_order": cell(tranche.at_order),
        }
        if cover is not None:
            parts |= {
                "cover": cover.kind.value,
                "quality": _slug(cover.quality),
                "ratio": cover.ratio,
                "recourse": cell(cover.recourse),
            }
        row |= {f"{part}_{at}": value for part, value in parts.items()}
    return row


def _slug(
    member: Timing | TitleControl | CoverQuality | CoverKind | None,
) -> str | None:
    return None if member is None else member.value


@on_every_engine
def test_terms_by_name_are_rated_as_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(st.sampled_from([*NAMES, None]), min_size=1, max_size=8), tris)
    def check(names: list[str | None], customised: Tri) -> None:
        rows: list[Mapping[str, object]] = [{"term": name} for name in names]

        found = answered(
            engine,
            cells({"term": FactKind.CHOICE}, rows),
            lambda frame: frames.payment(frame, customised=customised),
        )

        nobody_knows = PaymentTerm.of(Tranche(Decimal(1), None, None, None, None))
        for name, row in zip(names, found, strict=True):
            term = nobody_knows if name is None else name
            wanted = expected(payment.rate(term, customised=customised))
            if name is None:
                wanted["payment_missing"] = "term"
            assert row == wanted

    check()


@on_every_engine
def test_terms_by_tranches_are_rated_as_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(terms() | st.sampled_from(NAMES), min_size=1, max_size=3))
    def check(given: list[PaymentTerm | str]) -> None:
        rows = [
            {"term": term} if isinstance(term, str) else told(term) for term in given
        ]

        found = answered(engine, cells(KINDS, rows), frames.payment)

        assert found == [expected(payment.rate(term)) for term in given]

    check()


@pytest.mark.parametrize("engine", PRESENT[:1], ids=str)
def test_what_surrounds_a_term_may_differ_from_row_to_row(engine: Engine) -> None:
    @few(engine)
    @given(
        st.lists(
            st.tuples(terms(), tris, st.none() | st.sampled_from(Buyer), tris),
            min_size=1,
            max_size=2,
        ),
        tris,
    )
    def check(
        cases: list[tuple[PaymentTerm, Tri, Buyer | None, Tri]], small: Tri
    ) -> None:
        rows = [
            {
                **told(term),
                "goods": cell(goods),
                "who": None if buyer is None else buyer.value,
                "pay_when_paid": cell(back),
            }
            for term, goods, buyer, back in cases
        ]
        names = dict(zip(("customised", "buyer", "back_to_back"), SETTING, strict=True))

        found = answered(
            engine,
            cells({**KINDS, **SETTING}, rows),
            lambda frame: frames.payment(frame, small_seller=small, names=names),
        )

        assert found == [
            expected(
                payment.rate(
                    term,
                    customised=goods,
                    small_seller=small,
                    buyer=buyer,
                    back_to_back=back,
                )
            )
            for term, goods, buyer, back in cases
        ]

    check()


def test_a_term_may_have_many_tranches() -> None:
    polars = pytest.importorskip("polars")
    cover = Cover(CoverKind.ESCROW, ratio=Decimal("0.5"))
    parts = [
        Tranche(Decimal(share) / 100, Timing.POST, at, TitleControl.NONE, cover, Tri.NO)
        for at, share in enumerate([*[8] * 11, 12])
    ]
    row = told(PaymentTerm(parts))
    plain = {
        name: [float(value) if isinstance(value, Decimal) else value]
        for name, value in row.items()
    }

    found = frames.payment(polars.DataFrame(plain))

    answers = found.row(0, named=True)
    wanted = expected(payment.rate(PaymentTerm(parts)))
    assert wanted == {name: answers[name] for name in wanted}


def test_a_policy_of_your_own_brings_its_own_names() -> None:
    polars = pytest.importorskip("polars")
    own = NamedTerm("half-half", (Tranche(Decimal(1), Timing.POST, 10),))
    policy = attrs.evolve(payment.default_policy(), terms=(own,))

    found = frames.payment(
        polars.DataFrame({"t": ["half-half"]}), names={"term": "t"}, policy=policy
    )

    verdict = payment.rate("half-half", policy=policy)
    assert found["payment"].to_list() == [verdict.worst.slug]


def test_where_there_are_shares_the_name_only_names() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"term": [NAMES[0]], "share_1": [1], "timing_1": "post"})

    with pytest.warns(frames.MissingColumnWarning, match="tenor_days_1"):
        found = frames.payment(frame)

    term = PaymentTerm.of(Tranche(Decimal(1), Timing.POST, None, None, None))
    assert found["payment_low"].to_list() == [payment.rate(term).worst.slug]


def frame_of(**columns: object) -> Native:
    polars = pytest.importorskip("polars")
    blank: Row = {f"{part}_{at}": None for at in (1, 2) for part in PARTS}
    kinds = {
        FactKind.NUMBER: polars.Float64,
        FactKind.CHOICE: polars.String,
        FactKind.YES_NO: polars.Boolean,
    }
    count = max(len(one) for one in columns.values() if isinstance(one, list))
    filled = {name: [None] * count for name in blank} | columns
    schema = {name: kinds[KINDS[name]] for name in filled}
    return polars.DataFrame(filled, schema=schema)


def problems_of(frame: Native) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValueError) as caught:
        frames.payment(frame)
    return [(one.path, one.code) for one in caught.value.problems]


def test_a_name_that_the_catalogue_does_not_have_is_refused_with_its_row() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"term": [NAMES[0], None, "letter-of-credit-9o"]})

    with pytest.raises(InvalidValueError) as caught:
        frames.payment(frame)

    assert caught.value.problems[0].path == "$.columns['term'][2]"
    assert "letter-of-credit-90" in str(caught.value)


def test_shares_that_do_not_add_up_are_refused_with_row_and_sum() -> None:
    frame = frame_of(share_1=[1.0, 0.5, 0.5], share_2=[None, 0.5, 0.4])

    with pytest.raises(InvalidValueError, match=r"rows\[2\]: adds up to.*0\.9"):
        frames.payment(frame)


def test_a_tranche_without_a_share_is_refused_by_its_column() -> None:
    frame = frame_of(share_1=[1.0, 1.0], timing_2=[None, "pre"])

    assert problems_of(frame) == [("$.columns['share_2'][1]", "missing")]


def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    frame = frame_of(
        share_1=[0.30000001, 1.0],
        tenor_days_1=[2.5, 1.0],
        share_2=[float("inf"), None],
        cover_2=["escrow", None],
        ratio_2=[1.5, None],
    )

    assert problems_of(frame) == [
        ("$.columns['share_1'][0]", "out-of-range"),
        ("$.columns['tenor_days_1'][0]", "wrong-type"),
        ("$.columns['ratio_2'][0]", "out-of-range"),
    ]
    frame = frame_of(share_1=[1.0], timing_1=["later"], cover_1=["escro"])
    assert problems_of(frame) == [
        ("$.columns['timing_1'][0]", "unknown-choice"),
        ("$.columns['cover_1'][0]", "unknown-choice"),
    ]


def test_a_frame_that_tells_no_term_is_refused() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(InvalidValueError, match="one of term, share_1"):
        frames.payment(polars.DataFrame({"terms": ["x"]}))


def test_names_of_what_is_not_told_of_a_term_are_refused() -> None:
    frame = frame_of(share_1=[1.0])

    with pytest.raises(UnknownFactError, match="share_1"):
        frames.payment(frame, names={"shares_1": "share_1"})


def test_shares_may_be_called_otherwise() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"deposit": [1.0]})

    with pytest.warns(frames.MissingColumnWarning):
        found = frames.payment(frame, names={"share_1": "deposit"})

    assert found["payment_missing"].to_list() != ["term"]


def test_an_argument_of_the_wrong_type_is_refused_as_by_rate() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"term": [NAMES[0]]})

    with pytest.raises(InvalidValueError, match=r"payment term: \$\.customised"):
        frames.payment(frame, customised=True)  # type: ignore[arg-type]  # that is the point


def test_columns_called_like_the_setting_are_left_alone_unless_named() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"term": [NAMES[0]], "buyer": ["Moonrabbit Batteries"]})

    assert frames.payment(frame)["payment_missing"].to_list() == [""]
