"""Whatever is put into whichever field: a sound noun, or one typed error, at once."""

from __future__ import annotations

import datetime as dt
import enum
import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal

import attrs
import pytest

from keyaccount import domain
from keyaccount.domain import (
    Cover,
    Customer,
    FactorScore,
    FactorWeights,
    FxRate,
    FxTable,
    Money,
    Need,
    NeedKind,
    Opportunity,
    PaymentTerm,
    Receivables,
    StageEvent,
    Stakeholder,
    TierOverride,
    TierRecord,
    Timing,
    Touchpoint,
    Tranche,
    ValueTier,
    YearMetrics,
)
from keyaccount.exceptions import InvalidValueError
from keyaccount.tri import Tri


EVOLVE: Callable[..., attrs.AttrsInstance] = attrs.evolve
DAY = dt.date(2025, 12, 31)
NOON = dt.datetime(2025, 12, 31, 12, tzinfo=dt.UTC)
TRANCHE = Tranche(Decimal(1), Timing.POST, 60)
SOUND: tuple[attrs.AttrsInstance, ...] = (
    domain.AccountPlan("c1", domain.AccountPhase.DEVELOPMENT),
    domain.WeakPoint("w1", domain.WeakPointOwner.OURS),
    domain.ProjectTask("t1", "call"),
    domain.AccountProject("p1", "c1", "win", DAY, DAY, tasks=[]),
    domain.BusinessPositioning("c1"),
    domain.CustomerAction("a1", "c1"),
    domain.ValueProposition("v1", "c1"),
    domain.KnowledgeItem("k1", domain.KnowledgeKind.SOLUTION, "milk run"),
    domain.AnnualTarget(2025, domain.TargetKind.SATISFACTION, Decimal(5)),
    domain.SalesMotion(),
    domain.TeamMember("Li"),
    domain.AccountTeam("c1", [domain.TeamMember("Li")]),
    Money.of("5 CNY"),
    FxRate("USD", "CNY", DAY, Decimal(7)),
    FxTable(),
    YearMetrics(2025, sales=5, due=3, collected=2, on_time=1),
    Customer("c1", "Acme", "CNY", years=[YearMetrics(2025)]),
    Receivables(DAY, 5, 1),
    domain.Receipt(DAY, Money.of("5 CNY")),
    domain.Invoice("i1", "c1", Money.of("5 CNY"), DAY),
    domain.ReceivablesPeriod(DAY, DAY, closing=Money.of("5 CNY")),
    domain.Standing(),
    domain.Outlook(),
    domain.Cooperation(["express"]),
    domain.StrategicIntent("n1", domain.StrategicIntentKind.OTHER, DAY),
    domain.StrategicProfile(value=80),
    TierOverride(ValueTier.GOLD, "merger", "Li", DAY),
    TierRecord(ValueTier.GOLD, DAY),
    Stakeholder("s1", "c1", "director"),
    Cover(),
    TRANCHE,
    PaymentTerm.of(TRANCHE),
    Need(NeedKind.PRODUCT),
    domain.GateAnswers(),
    FactorScore("price", 1),
    domain.WorthInputs(),
    StageEvent("pilot", DAY),
    Opportunity("o1", "c1", Money.of("5 CNY")),
    domain.StageAnswers(),
    domain.Milestone("m1", DAY),
    domain.ProbabilityOverride(Decimal("0.5"), "Li", DAY),
    domain.Pause("holidays", NOON, DAY),
    domain.DealEvent("e1", domain.EventKind.WIN, NOON, "Li"),
    Touchpoint("c1", DAY),
    domain.Commitment("k1", "c1", "a sample", DAY),
    domain.Issue("i1", "c1", "late truck", DAY),
    FactorWeights(relationship=46, price=36),
    domain.BuyingFactorProfile("c1", FactorWeights(price=100), DAY),
    domain.BackgroundAnalysis(),
    domain.ProductRequirement(domain.ProductDemand.PRICE, 4, 3),
    domain.ChannelPlans(),
    domain.AccountAnalysis("c1"),
    domain.RivalSales("Borealis", 5),
    domain.ShareGrowthCell("c1", 2025, "CNY", ours=5),
    domain.Purchase("c1", DAY),
    domain.PurchaseHistory("c1", 2, 30, 90, 5),
    domain.Contract("c1", "CNY", 5, 1),
    domain.Executive("e1", "Wu"),
    domain.Pairing("c1", "e1", since=DAY),
    domain.ChecklistAnswer("goals-beyond-revenue"),
    domain.IndustryReach("apparel", DAY, targets=5, served=1),
    domain.ServicePromise("c1", executive_visits_per_year=2),
    domain.ServiceCapacity("Li", domain.ObligationKind.EXECUTIVE_VISIT, 5),
    domain.WorkCalendar([DAY], known_from=DAY, known_until=DAY),
)


class Surprise(enum.Enum):
    """A closed list of somebody else."""

    SPRUNG = "unknown"


def _nest(levels: int) -> object:
    nest: list[object] = []
    for _ in range(levels):
        nest = [nest]
    return nest


HOSTILE: dict[str, object] = {
    "nothing": None,
    "true": True,
    "one": 1,
    "minus one": -1,
    "a number too long to print": 10**5_000,
    "a hundred thousand digits": 10**100_000,
    "a fraction": 0.1,
    "nan": float("nan"),
    "infinity": float("inf"),
    "1e308": 1e308,
    "complex": 1j,
    "Decimal nan": Decimal("NaN"),
    "Decimal snan": Decimal("sNaN"),
    "Decimal infinity": Decimal("-Infinity"),
    "1E+999999": Decimal("1E+999999"),
    "1E-999999": Decimal("1E-999999"),
    "zero, very finely": Decimal("0E-999999"),
    "a million digits": Decimal("7" * 1_000_000),
    "a million decimals": Decimal("0." + "7" * 1_000_000),
    "empty": "",
    "blank": " \u3000\t",
    "nul": "a\0",
    "lone surrogate": "\ud800",
    "right to left": "\u202egnp.exe",
    "zero width": "a\u200bb",
    "escape": "\x1b[2J",
    "full width": "１２３",
    "arabic digits": "٣",
    "underscore": "1_000",
    "ten million letters": "x" * 10_000_000,
    "grows under NFC": "\ufb2c" * 200,
    "bytes": b"a",
    "last day": dt.date.max,
    "first day": dt.date.min,
    "naive time": dt.datetime(2025, 1, 1),  # noqa: DTZ001 - the mistake under test
    "aware time": dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    "iso week": "2026-W01-1",
    "list": [],
    "dict": {"a": 1},
    "list of lists": [[]],
    "set of texts": {"a", "\0"},
    "nested": _nest(100_000),
    "a foreign member": Surprise.SPRUNG,
    "an answer": Tri.UNKNOWN,
    "a class": YearMetrics,
    "an object": object(),
    "a year": YearMetrics(2025),
    "a tranche": TRANCHE,
    "very many": range(1_000_000),
    "the same again": (TRANCHE, TRANCHE),
}


def _fields() -> Iterator[tuple[str, attrs.AttrsInstance, str]]:
    for noun in SOUND:
        for field in attrs.fields(type(noun)):
            yield f"{type(noun).__name__}.{field.name}", noun, field.name


@pytest.mark.parametrize(
    "noun, name", [pytest.param(n, f, id=i) for i, n, f in _fields()]
)
def test_no_value_in_any_field_does_more_than_be_refused(
    noun: attrs.AttrsInstance, name: str
) -> None:
    errors = [
        error
        for value in HOSTILE.values()
        if (error := _put(noun, name, value)) is not None
    ]

    assert len(errors) > len(HOSTILE) / 2
    for error in errors:
        assert str(error).encode()
        assert len(str(error)) < 500 * len(error.problems)


def _put(
    noun: attrs.AttrsInstance, name: str, value: object
) -> InvalidValueError | None:
    try:
        made = EVOLVE(noun, **{name: value})
    except InvalidValueError as error:
        return error
    assert made == EVOLVE(made)
    assert hash(made) == hash(EVOLVE(made))
    assert repr(made).encode()
    return None


def test_every_noun_is_attacked() -> None:
    exported = {
        value for name in domain.__all__ if attrs.has(value := getattr(domain, name))
    }

    assert exported == {type(noun) for noun in SOUND}


def test_an_endless_sequence_is_cut() -> None:
    with pytest.raises(InvalidValueError, match="at most 100 items"):
        PaymentTerm(itertools.repeat(TRANCHE))
    with pytest.raises(InvalidValueError, match="at most 100000 items"):
        Customer("c1", "Acme", "CNY", years=itertools.repeat(YearMetrics(2025)))


def test_two_nouns_that_were_refused_say_so_twice() -> None:
    with pytest.raises(InvalidValueError) as caught:
        Customer.from_records(
            [{"customer": key, "sales": value} for key, value in HOSTILE.items()],
            currency="CNY",
        )

    assert str(caught.value).encode()
