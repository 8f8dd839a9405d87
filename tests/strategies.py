"""Hypothesis strategies for sound nouns, shared by all the tests."""

from __future__ import annotations

import datetime as dt
import enum
import itertools
from decimal import Decimal
from typing import TypeVar

import attrs
from hypothesis import strategies as st

from keyaccount.domain import (
    CURRENCIES,
    LEAST_DEMAND_LEVEL,
    MOST_DEMAND_LEVEL,
    AccountAnalysis,
    AccountPhase,
    AccountPlan,
    AccountProject,
    AccountTeam,
    AdminLevel,
    AnnualTarget,
    Attitude,
    BackgroundAnalysis,
    BusinessPositioning,
    ChannelPlans,
    ChecklistAnswer,
    CommChannel,
    Commitment,
    CommPurpose,
    Contract,
    Cooperation,
    Cover,
    CoverageMode,
    CoverageModel,
    CoverKind,
    CoverQuality,
    Customer,
    CustomerAction,
    DealEvent,
    EventKind,
    Executive,
    ExecutiveResponse,
    ExecutiveStyle,
    FactorScore,
    ForecastCategory,
    FxRate,
    FxTable,
    GateAnswers,
    IndustryReach,
    Invoice,
    Issue,
    KnowledgeItem,
    KnowledgeKind,
    LossReason,
    Milestone,
    Money,
    Need,
    NeedCoverage,
    NeedKind,
    ObligationKind,
    OfferMode,
    Opportunity,
    Outcome,
    Pairing,
    Pause,
    PaymentTerm,
    ProbabilityOverride,
    ProductDemand,
    ProductRequirement,
    ProjectTask,
    Purchase,
    PurchaseHistory,
    PurchasingRole,
    Receipt,
    Receivables,
    ReceivablesPeriod,
    Relation,
    RivalSales,
    RootCause,
    SalesMotion,
    ServiceCapacity,
    ServicePromise,
    ShareGrowthCell,
    SponsorshipMode,
    Stage,
    StageAnswers,
    StageEvent,
    Stakeholder,
    Standing,
    StrategicIntent,
    StrategicIntentKind,
    StrategicProfile,
    TargetKind,
    TeamMember,
    TeamProximity,
    TierOverride,
    TierRecord,
    TimeUnit,
    Timing,
    TitleControl,
    Touchpoint,
    TouchpointKind,
    Tranche,
    ValueProposition,
    ValueTier,
    VisitLevel,
    WeakPoint,
    WeakPointOwner,
    WinFactor,
    WorkCalendar,
    WorthInputs,
    YearMetrics,
)
from keyaccount.tri import Tri


__all__ = [
    "account_analyses",
    "account_plans",
    "account_projects",
    "account_teams",
    "amounts",
    "annual_targets",
    "backgrounds",
    "channel_plans",
    "checklist_answers",
    "commitments",
    "contracts",
    "cooperations",
    "covers",
    "currencies",
    "customer_actions",
    "customers",
    "days",
    "deal_events",
    "fx_tables",
    "identifiers",
    "industry_reaches",
    "invoices",
    "issues",
    "knowledge_items",
    "milestones",
    "moments",
    "moneys",
    "nouns",
    "opportunities",
    "pauses",
    "payment_terms",
    "positionings",
    "probabilities",
    "project_tasks",
    "purchase_histories",
    "purchases",
    "receivables",
    "receivables_periods",
    "requirements",
    "sales_motions",
    "service_capacities",
    "service_promises",
    "share_growth_cells",
    "stage_answers",
    "stakeholders",
    "standings",
    "strategic_intents",
    "strategic_profiles",
    "texts",
    "tier_records",
    "touchpoints",
    "tranches",
    "tris",
    "value_propositions",
    "work_calendars",
    "year_metrics",
]


_LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"])

days = st.dates(dt.date(1970, 1, 1), dt.date(2200, 12, 31))
tris = st.sampled_from(Tri)
currencies = st.sampled_from(sorted(CURRENCIES))
identifiers = st.text(_LETTERS, min_size=1, max_size=20).filter(str.strip)
texts = st.text(_LETTERS | st.sampled_from("\n\t"), min_size=1, max_size=30).filter(
    str.strip
)


def amounts(
    low: int | None = -(10**12), high: int = 10**12, *, places: int = 2
) -> st.SearchStrategy[Decimal]:
    """Amounts of money with a few decimals."""
    return st.decimals(low, high, places=places, allow_nan=False)


@st.composite
def moneys(draw: st.DrawFn, currency: str | None = None) -> Money:
    """Amounts in the currency given, or in any."""
    places = draw(st.sampled_from([0, 2, 4, 12]))
    amount = draw(amounts(-(10**12), 10**12, places=places))
    return Money(amount, currency or draw(currencies))


@st.composite
def fx_tables(draw: st.DrawFn) -> FxTable:
    """Tables of a handful of rates, some pairs listed on several days."""
    pairs = st.lists(currencies, min_size=2, max_size=2, unique=True)
    keys = draw(
        st.lists(
            st.tuples(pairs.map(tuple), days), max_size=6, unique_by=lambda key: key
        )
    )
    rates = st.decimals(Decimal("0.0001"), 10_000, places=6)
    return FxTable(
        tuple(FxRate(pair[0], pair[1], on, draw(rates)) for pair, on in keys)
    )


@st.composite
def year_metrics(draw: st.DrawFn, year: int | None = None) -> YearMetrics:
    """Fiscal years with whatever is known of their amounts."""
    named = draw(st.integers(1970, 2200)) if year is None else year
    maybe = st.none() | amounts()
    collected = draw(st.none() | amounts(0))
    on_time = draw(st.none() | amounts(0))
    if collected is not None and on_time is not None:
        on_time = min(collected, on_time)
    return YearMetrics(
        named,
        months=draw(st.integers(1, 12)),
        sales=draw(maybe),
        gross_profit=draw(maybe),
        due=draw(st.none() | amounts(0)),
        collected=collected,
        on_time=on_time,
    )


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    """Customers and prospects."""
    years = draw(st.lists(st.integers(1970, 2200), max_size=4, unique=True))
    relation = Relation.TRADING if years else draw(st.sampled_from(Relation))
    identifier = draw(identifiers)
    parents = st.none() | identifiers.map(lambda text: f"over {text}")
    return Customer(
        identifier,
        draw(texts),
        draw(currencies if years else st.none() | currencies),
        industry=draw(st.none() | texts),
        relation=relation,
        parent_id=draw(parents.filter(lambda parent: parent != identifier)),
        owner=draw(st.none() | texts),
        years=[draw(year_metrics(year)) for year in years],
        influence=draw(st.none() | amounts(0, 100)),
    )


@st.composite
def receivables(draw: st.DrawFn) -> Receivables:
    """What is owed, and perhaps how much of it is late."""
    total, late = draw(amounts(0)), draw(st.none() | amounts(0))
    return Receivables(draw(days), total, late if late is None else min(late, total))


@st.composite
def invoices(
    draw: st.DrawFn, currency: str | None = None, around: dt.date | None = None
) -> Invoice:
    """Invoices and credit notes, paid in parts or not; near a day if one is given."""
    code = currency or draw(currencies)
    near = dt.date(2000, 1, 1) if around is None else around
    dates = st.integers(-150, 150).map(lambda days: near + dt.timedelta(days))
    issued, due = sorted(draw(st.tuples(dates, dates)))
    sign = draw(st.sampled_from([1, 1, 1, -1]))
    parts = amounts(0, 10_000).filter(bool).map(lambda part: Money(part * sign, code))
    return Invoice(
        draw(identifiers),
        draw(identifiers),
        draw(parts),
        issued,
        draw(st.none() | st.just(due)),
        draw(st.lists(st.builds(Receipt, dates, parts), max_size=3)),
        draw(tris),
    )


@st.composite
def receivables_periods(draw: st.DrawFn) -> ReceivablesPeriod:
    """Periods of which anything may be unknown."""
    code = draw(currencies)
    begins_on, ends_on = sorted(draw(st.tuples(days, days)))
    known = amounts(0, 10_000).map(lambda amount: Money(amount, code))
    sold = amounts(-1_000, 10_000).map(lambda amount: Money(amount, code))
    closing, current = draw(st.none() | known), draw(st.none() | known)
    if closing is not None and current is not None:
        current = min(closing, current)
    return ReceivablesPeriod(
        begins_on,
        ends_on,
        opening=draw(st.none() | known),
        credit_sales=draw(st.none() | sold),
        closing=closing,
        closing_current=current,
        months=draw(st.none() | st.integers(1, 24)),
    )


standings = st.builds(Standing, reputation_harm=tris, dispute=tris)
cooperations = st.builds(
    Cooperation,
    service_lines=st.none() | st.frozensets(identifiers, max_size=3),
    customised=tris,
    executives_meet_ours=tris,
    commits_resources=tris,
    intents_served=st.none() | st.frozensets(st.sampled_from(StrategicIntentKind)),
)
strategic_profiles = st.builds(
    StrategicProfile,
    value=st.none() | amounts(0, 100),
    potential=st.none() | amounts(0, 100),
    scarcity=st.none() | amounts(0, 100),
    loyalty=st.none() | amounts(0, 100),
    benchmark=st.none() | amounts(0, 100),
)


@st.composite
def strategic_intents(draw: st.DrawFn) -> StrategicIntent:
    """Intents that end, or do not, on the first day at the earliest."""
    begins, ends = sorted(draw(st.tuples(days, days)))
    return StrategicIntent(
        draw(identifiers),
        draw(st.sampled_from(StrategicIntentKind)),
        begins,
        draw(st.sampled_from([None, ends])),
        draw(st.none() | texts),
    )


@st.composite
def tier_records(draw: st.DrawFn) -> TierRecord:
    """What a last review may have left."""
    strikes = draw(st.integers(0, 2))
    year = st.integers(1970, 2200)
    rungs = [tier for tier in ValueTier if tier is not ValueTier.PROBLEM]
    override = st.builds(
        TierOverride, st.sampled_from(ValueTier), reason=texts, by=texts, until=days
    )
    return TierRecord(
        draw(st.sampled_from(rungs)),
        draw(days),
        strikes=strikes,
        struck_in=draw(year if strikes else st.none() | year),
        problem=draw(st.booleans()),
        clean=draw(st.integers(0, 3)),
        override=draw(st.none() | override),
    )


stakeholders = st.builds(
    Stakeholder,
    identifiers,
    identifiers,
    texts,
    admin_level=st.none() | st.sampled_from(AdminLevel),
    roles=st.frozensets(st.sampled_from(PurchasingRole)),
    attitude=st.sampled_from(Attitude),
    last_contact=st.none() | days,
    our_owner=st.none() | texts,
    scope=st.none() | texts,
)
_parts = st.integers(1, 10_000).map(lambda points: Decimal(points) / 10_000)
covers = st.builds(
    Cover,
    kind=st.sampled_from(CoverKind),
    quality=st.none() | st.sampled_from(CoverQuality),
    ratio=st.none() | _parts,
    recourse=tris,
)


def tranches(
    shares: st.SearchStrategy[Decimal] = _parts,
) -> st.SearchStrategy[Tranche]:
    """Parts of a price, well or little known."""
    return st.builds(
        Tranche,
        shares,
        st.none() | st.sampled_from(Timing),
        tenor_days=st.none() | st.integers(0, 400),
        title=st.none() | st.sampled_from(TitleControl),
        cover=st.none() | covers,
        at_order=tris,
    )


@st.composite
def payment_terms(draw: st.DrawFn) -> PaymentTerm:
    """Terms of one to five tranches whose shares add up to 1."""
    cuts = draw(st.sets(st.integers(1, 9_999), max_size=4))
    edges = [0, *sorted(cuts), 10_000]
    shares = [Decimal(end - start) / 10_000 for start, end in itertools.pairwise(edges)]
    parts = [draw(tranches(st.just(share))) for share in shares]
    return PaymentTerm(parts, draw(st.none() | texts))


def _worth(currency: str) -> st.SearchStrategy[WorthInputs]:
    positive = amounts(0).map(lambda amount: Money(amount, currency))
    fraction = amounts(0, 1, places=4)
    mark = st.none() | st.integers(0, 3)
    return st.builds(
        WorthInputs,
        gross_profit=st.none() | moneys(currency),
        funds_tied=st.none() | positive,
        annual_rate=st.none() | fraction,
        days=st.none() | st.integers(0, 400),
        exposure=st.none() | positive,
        default_probability=st.none() | fraction,
        loss_given_default=st.none() | fraction,
        importance=mark,
        direction=mark,
        side_effects=mark,
        deviation=mark,
    )


_ANSWERED = [
    field.name for field in attrs.fields(StageAnswers) if field.name != "open_concerns"
]
stage_answers = st.builds(
    StageAnswers,
    open_concerns=st.none() | st.integers(0, 10_000),
    **dict.fromkeys(_ANSWERED, tris),
)
milestones = st.builds(
    Milestone,
    identifiers,
    days,
    reached_on=st.none() | days,
    moved_to=st.none() | days,
    text=st.none() | texts,
)


@st.composite
def probabilities(draw: st.DrawFn) -> ProbabilityOverride:
    """What somebody thinks the odds are, for some time or for good."""
    since, until = sorted(draw(st.tuples(days, days)))
    return ProbabilityOverride(
        Decimal(draw(st.integers(1, 9_999))) / 10_000,
        draw(texts),
        since,
        draw(st.sampled_from([None, until])),
        draw(st.none() | texts),
    )


moments = st.datetimes(
    dt.datetime(1970, 1, 2),  # noqa: DTZ001 - the zone is drawn beside
    dt.datetime(2200, 12, 30),  # noqa: DTZ001 - the same
    timezones=st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))
    ),
)
pauses = st.builds(Pause, texts, moments, days)


@st.composite
def deal_events(draw: st.DrawFn) -> DealEvent:
    """Events of every kind, saying any of what their kind may say."""
    kind = draw(st.sampled_from(EventKind))
    said: dict[str, st.SearchStrategy[object]] = {}
    if kind in {EventKind.OPEN, EventKind.ADVANCE, EventKind.BACK, EventKind.REOPEN}:
        said["to"] = st.none() | st.sampled_from(Stage)
    if kind in {EventKind.ADVANCE, EventKind.WIN}:
        said["approver"] = st.none() | texts
    if kind is EventKind.LOSE:
        said["loss_reason"] = st.none() | st.sampled_from(LossReason)
    if kind in {EventKind.LOSE, EventKind.ABANDON}:
        said["competitor"] = st.none() | texts
    if kind is EventKind.PAUSE:
        said["resume_on"] = st.none() | days
    return DealEvent(
        draw(identifiers),
        kind,
        draw(moments),
        draw(texts),
        reason=draw(st.none() | texts),
        expected_version=draw(st.none() | st.integers(0, 10**9)),
        **{name: draw(value) for name, value in said.items()},  # type: ignore[arg-type]  # the names of its fields
    )


@st.composite
def opportunities(draw: st.DrawFn) -> Opportunity:
    """Deals at any stage of the shipped pipeline."""
    currency = draw(currencies)
    dates = sorted(draw(st.lists(days, max_size=4)))
    history = [StageEvent(draw(st.sampled_from(Stage)), at) for at in dates]
    stage = history[-1].stage if history else draw(st.sampled_from(Stage)).value
    needs = st.builds(
        Need,
        st.sampled_from(NeedKind),
        mandatory=tris,
        coverage=st.sampled_from(NeedCoverage),
        text=st.none() | texts,
    )
    factors = draw(st.sets(st.sampled_from(WinFactor)))
    scores = st.none() | st.integers(-2, 2)
    outcome = draw(st.none() | st.sampled_from(Outcome))
    opened_on, closed_on = sorted(draw(st.tuples(days, days)))
    is_lost = outcome is Outcome.LOST
    return Opportunity(
        draw(identifiers),
        draw(identifiers),
        draw(st.none() | moneys(currency)),
        stage,
        name=draw(st.none() | texts),
        needs=draw(st.lists(needs, max_size=3)),
        answers=draw(st.builds(GateAnswers, tris, tris, tris)),
        win_factors=[FactorScore(factor.value, draw(scores)) for factor in factors],
        worth=draw(_worth(currency)),
        payment_term=draw(st.none() | payment_terms()),
        forecast_category=draw(st.none() | st.sampled_from(ForecastCategory)),
        outcome=outcome,
        history=history,
        owner=draw(st.none() | texts),
        opened_on=draw(st.sampled_from([None, opened_on])),
        expected_close=draw(st.none() | days),
        closed_on=None if outcome is None else draw(st.sampled_from([None, closed_on])),
        loss_reason=draw(st.none() | st.sampled_from(LossReason)) if is_lost else None,
        probability=draw(st.none() | probabilities()),
        progress=draw(stage_answers),
        milestones=draw(st.lists(milestones, max_size=3, unique_by=lambda one: one.id)),
        product=draw(st.none() | texts),
    )


@st.composite
def touchpoints(draw: st.DrawFn) -> Touchpoint:
    """Contacts through any channel."""
    channel = draw(st.sampled_from(CommChannel))
    purposes = [purpose for purpose in CommPurpose if purpose.channel is channel]
    return Touchpoint(
        draw(identifiers),
        draw(days),
        channel,
        draw(st.none() | st.sampled_from(purposes)),
        draw(st.none() | st.sampled_from(TouchpointKind)),
        our_people=draw(st.frozensets(identifiers, max_size=2)),
        stakeholder_ids=draw(st.frozensets(identifiers, max_size=2)),
        executive=draw(tris),
        planned=draw(tris),
        prepared=draw(tris),
        sales_team_notified=draw(tris),
        pre_brief=draw(tris),
        style=draw(st.none() | st.sampled_from(ExecutiveStyle)),
        note=draw(st.none() | texts),
    )


@st.composite
def commitments(draw: st.DrawFn) -> Commitment:
    """Promises, open, kept or of unknown fate."""
    made_on, *later = sorted(draw(st.lists(days, min_size=3, max_size=3)))
    fulfilled = draw(tris)
    return Commitment(
        draw(identifiers),
        draw(identifiers),
        draw(texts),
        made_on,
        draw(st.none() | st.sampled_from(later)),
        draw(st.none() | texts),
        feasibility_confirmed=draw(tris),
        fulfilled=fulfilled,
        fulfilled_on=draw(st.sampled_from([None, *later]))
        if fulfilled is Tri.YES
        else None,
        owner=draw(st.none() | texts),
    )


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    """Troubles, open or resolved."""
    opened_on, later = sorted(draw(st.lists(days, min_size=2, max_size=2)))
    resolved, responded = draw(tris), draw(tris)
    return Issue(
        draw(identifiers),
        draw(identifiers),
        draw(texts),
        opened_on,
        owner=draw(st.none() | texts),
        internal=draw(tris),
        root_cause=draw(st.none() | st.sampled_from(RootCause)),
        executive_response=draw(st.none() | st.sampled_from(ExecutiveResponse)),
        cross_department_action=draw(tris),
        resolved=resolved,
        resolved_on=draw(st.sampled_from([None, later]))
        if resolved is Tri.YES
        else None,
        responded=responded,
        responded_on=draw(st.sampled_from([None, opened_on, later]))
        if responded is Tri.YES
        else None,
    )


service_promises = st.builds(
    ServicePromise,
    identifiers,
    st.none() | st.sampled_from(ValueTier),
    executive_visits_per_year=st.integers(0, 1000),
    visit_level=st.sampled_from(VisitLevel),
    technical_exchanges_per_year=st.integers(0, 1000),
    first_response_hours=st.none() | st.integers(1, 24 * 366),
    business_hours=st.booleans(),
    weekly_receivables_review=st.booleans(),
    owner=st.none() | texts,
    visitor=st.none() | texts,
    since=st.none() | days,
)
service_capacities = st.builds(
    ServiceCapacity,
    texts,
    st.sampled_from(ObligationKind),
    st.none() | st.integers(0, 10**6),
)
_topics = st.none() | texts
backgrounds = st.builds(
    BackgroundAnalysis, _topics, _topics, _topics, _topics, _topics, _topics
)
channel_plans = st.builds(ChannelPlans, tris, tris, tris)
_levels = st.none() | st.integers(LEAST_DEMAND_LEVEL, MOST_DEMAND_LEVEL)


@st.composite
def requirements(draw: st.DrawFn) -> tuple[ProductRequirement, ...]:
    """Requirements for some demands, in any order, each listed once."""
    demands = draw(st.lists(st.sampled_from(ProductDemand), unique=True))
    return tuple(
        ProductRequirement(demand, draw(_levels), draw(_levels)) for demand in demands
    )


@st.composite
def account_analyses(draw: st.DrawFn) -> AccountAnalysis:
    """Analyses of which some things are known and others are not."""
    return AccountAnalysis(
        draw(identifiers),
        draw(backgrounds),
        draw(requirements()),
        draw(channel_plans),
        draw(st.none() | days),
    )


purchases = st.builds(
    Purchase, identifiers, days, st.none() | amounts(), st.none() | currencies
)


@st.composite
def purchase_histories(
    draw: st.DrawFn, unit: TimeUnit | None = None, currency: str | None = None
) -> PurchaseHistory:
    """Histories of customers who came back, and of others, over up to ten years."""
    repeats = draw(st.just(0) | st.integers(1, 300))
    seen = draw(st.decimals(Decimal("0.01"), 3_650, places=2))
    last = draw(st.decimals(Decimal("0.01"), seen, places=2)) if repeats else 0
    return PurchaseHistory(
        draw(identifiers),
        repeats,
        last,
        seen,
        draw(st.none() | amounts(0, 10**6)) if repeats else None,
        unit or draw(st.sampled_from(TimeUnit)),
        currency or draw(st.none() | currencies),
    )


def contracts() -> st.SearchStrategy[Contract]:
    """Contracts of which the margin and the retention may be unknown."""
    retention = st.decimals(0, 1, places=4)
    return st.builds(
        Contract,
        identifiers,
        currencies,
        st.none() | amounts(-(10**9), 10**9),
        st.none() | retention,
    )


@st.composite
def share_growth_cells(draw: st.DrawFn) -> ShareGrowthCell:
    """What a customer buys in a category, with rivals, without any, or unknown."""
    sold = st.builds(RivalSales, texts, amounts(0))
    rivals = st.lists(sold, max_size=3, unique_by=lambda rival: rival.name)
    return ShareGrowthCell(
        draw(identifiers),
        draw(st.integers(1970, 2200)),
        draw(currencies),
        draw(st.none() | identifiers),
        draw(st.none() | amounts()),
        draw(st.none() | amounts(0)),
        draw(st.none() | rivals),
        draw(st.none() | amounts(0)),
    )


@st.composite
def work_calendars(draw: st.DrawFn) -> WorkCalendar:
    """Calendars with some weeks of holidays and make-up days, known or estimated."""
    first = draw(days.filter(lambda day: 1970 < day.year < 2200))
    around = st.integers(-40, 40).map(lambda at: first + dt.timedelta(at))
    free = draw(st.frozensets(around, max_size=30))
    known, until, estimated = sorted(
        draw(st.lists(st.integers(0, 90), min_size=3, max_size=3))
    )
    is_known = draw(st.booleans())
    return WorkCalendar(
        free,
        draw(st.frozensets(around, max_size=10)) - free,
        draw(st.frozensets(st.integers(0, 6), max_size=6)),
        known_from=first + dt.timedelta(known) if is_known else None,
        known_until=first + dt.timedelta(until) if is_known else None,
        estimated_from=draw(
            st.sampled_from([None, first + dt.timedelta(estimated + 1)])
        ),
    )


Word = TypeVar("Word", bound=enum.Enum)


def _maybe(kind: type[Word]) -> st.SearchStrategy[Word | None]:
    return st.none() | st.sampled_from(list(kind))


sales_motions = st.builds(
    SalesMotion, _maybe(OfferMode), _maybe(CoverageMode), _maybe(SponsorshipMode)
)


@st.composite
def account_teams(draw: st.DrawFn) -> AccountTeam:
    """Teams of which the members, their departments and the rest may be unknown."""
    department = st.none() | st.sampled_from(["sales", "Sales", "delivery", "finance"])
    member = st.builds(
        TeamMember, texts, department, st.frozensets(identifiers, max_size=2)
    )
    members = st.lists(member, max_size=4, unique_by=lambda one: one.name)
    return AccountTeam(
        draw(identifiers),
        draw(st.none() | members),
        draw(_maybe(TeamProximity)),
        draw(_maybe(CoverageModel)),
        draw(st.none() | days),
    )


def _slugs() -> st.SearchStrategy[str]:
    word = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
    return st.lists(word, min_size=1, max_size=4).map("-".join)


checklist_answers = st.builds(
    ChecklistAnswer,
    _slugs(),
    tris,
    st.none() | days,
    st.none() | texts,
    st.none() | texts,
)


@st.composite
def industry_reaches(draw: st.DrawFn, industry: str | None = None) -> IndustryReach:
    """Counts of an industry of which some, or all, nobody has made."""
    targets = draw(st.none() | st.integers(0, 60))
    most = 60 if targets is None else targets
    served = draw(st.none() | st.integers(0, most))
    return IndustryReach(industry or draw(texts), draw(days), targets, served)


@st.composite
def account_plans(draw: st.DrawFn, customer_id: str | None = None) -> AccountPlan:
    """Plans that say much or little, in force for a while or for good."""
    begins, ends = sorted(draw(st.lists(days, min_size=2, max_size=2)))
    return AccountPlan(
        customer_id or draw(identifiers),
        draw(st.sampled_from(AccountPhase)),
        draw(st.none() | texts),
        draw(st.none() | texts),
        draw(st.frozensets(identifiers, max_size=2)),
        draw(st.sampled_from([None, begins])),
        draw(st.sampled_from([None, ends])),
        draw(st.none() | days),
        draw(st.none() | days),
    )


@st.composite
def project_tasks(
    draw: st.DrawFn, key: str, points: tuple[str, ...] = ()
) -> ProjectTask:
    """Tasks that are done, open, or of which nobody has told."""
    done = draw(tris)
    return ProjectTask(
        key,
        draw(texts),
        draw(st.none() | texts),
        draw(st.none() | days),
        draw(st.none() | identifiers),
        draw(st.sampled_from([None, *points])),
        done,
        draw(st.none() | days) if done is Tri.YES else None,
    )


@st.composite
def account_projects(draw: st.DrawFn) -> AccountProject:
    """Projects with some weak points and tasks, and of each anything may be missing."""
    begins, ends, closed = sorted(draw(st.lists(days, min_size=3, max_size=3)))
    owners = draw(st.lists(st.sampled_from(WeakPointOwner), max_size=3))
    points = tuple(f"w{at}" for at in range(len(owners)))
    tasks = [
        draw(project_tasks(f"t{at}", points)) for at in range(draw(st.integers(0, 4)))
    ]
    return AccountProject(
        draw(identifiers),
        draw(identifiers),
        draw(texts),
        begins,
        ends,
        draw(st.none() | texts),
        [
            WeakPoint(point, owner, draw(st.none() | texts))
            for point, owner in zip(points, owners, strict=True)
        ],
        tasks,
        draw(st.none() | texts),
        draw(st.none() | texts),
        draw(st.sampled_from([None, None, closed])),
    )


positionings = st.builds(
    BusinessPositioning,
    identifiers,
    st.none() | texts,
    st.none() | texts,
    st.none() | texts,
    st.none() | days,
)
customer_actions = st.builds(
    CustomerAction,
    identifiers,
    identifiers,
    st.none() | identifiers,
    st.none() | texts,
    st.none() | texts,
    st.none() | days,
    tris,
)
value_propositions = st.builds(
    ValueProposition,
    identifiers,
    identifiers,
    st.none() | texts,
    st.none() | texts,
    st.none() | texts,
    st.none() | moneys(),
    st.none() | texts,
)
knowledge_items = st.builds(
    KnowledgeItem,
    identifiers,
    st.sampled_from(KnowledgeKind),
    texts,
    st.none() | texts,
    st.frozensets(identifiers, max_size=3),
    st.none() | identifiers,
    st.none() | days,
)


@st.composite
def annual_targets(draw: st.DrawFn) -> AnnualTarget:
    """Targets of a year or a month of it, reached, missed, or nobody knows."""
    kind = draw(st.sampled_from(TargetKind))
    most = 100 if kind is TargetKind.MARKET_SHARE else 10**6
    least = -(10**6) if kind is TargetKind.SALES_AMOUNT else 0
    return AnnualTarget(
        draw(st.integers(1990, 2100)),
        kind,
        Decimal(draw(st.integers(1, most))) / 100,
        draw(st.none() | st.integers(least, most).map(lambda one: Decimal(one) / 100)),
        draw(st.none() | st.integers(1, 12)),
        draw(currencies) if kind is TargetKind.SALES_AMOUNT else None,
        draw(st.none() | identifiers),
        draw(st.none() | texts),
    )


executives = st.builds(
    Executive,
    identifiers,
    texts,
    is_chief=st.booleans(),
    trained=tris,
    most_accounts=st.none() | st.integers(0, 1000),
    visits_per_year=st.none() | st.integers(0, 1000),
)


@st.composite
def pairings(draw: st.DrawFn) -> Pairing:
    """Executives who stand for a customer, for a time or for good."""
    since, until = sorted(draw(st.tuples(days, days)))
    return Pairing(
        draw(identifiers),
        draw(identifiers),
        draw(st.sampled_from([None, since])),
        draw(st.sampled_from([None, until])),
    )


def nouns() -> st.SearchStrategy[attrs.AttrsInstance]:
    """Any noun at all, for laws that hold for each."""
    return st.one_of(
        account_plans(),
        account_projects(),
        positionings,
        customer_actions,
        value_propositions,
        knowledge_items,
        annual_targets(),
        account_teams(),
        sales_motions,
        moneys(),
        fx_tables(),
        year_metrics(),
        customers(),
        receivables(),
        invoices(),
        receivables_periods(),
        standings,
        cooperations,
        strategic_profiles,
        strategic_intents(),
        tier_records(),
        stakeholders,
        payment_terms(),
        opportunities(),
        stage_answers,
        milestones,
        probabilities(),
        pauses,
        deal_events(),
        touchpoints(),
        commitments(),
        issues(),
        executives,
        pairings(),
        service_promises,
        service_capacities,
        account_analyses(),
        share_growth_cells(),
        purchases,
        purchase_histories(),
        contracts(),
        checklist_answers,
        industry_reaches(),
        work_calendars(),
    )
