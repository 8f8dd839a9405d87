"""What the pipeline adds up to: weighted, by category, month, stage and owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import attrs

from keyaccount import wire
from keyaccount.domain import ForecastCategory, FxTable, Money, Opportunity, Outcome
from keyaccount.rules import Missing, PolicyRef, Reason

from ._amounts import Span
from ._asking import has_no_rate, has_no_value, has_unknown_stage, listed, questions
from ._chances import Predictor
from ._coverage import Coverage, CoverageState, cover
from ._ledger import Ledger, Line, Period, ledger_of
from ._policy import ForecastPolicy, rules_of
from ._probabilities import Chances
from ._telling import Datum, Telling


__all__ = ["CategoryPart", "Part", "RollUp", "roll_up"]


@attrs.frozen
class Part:
    """One row of a roll-up: so many deals, open, weighted, closed and omitted.

    `key` is None for the deals of which nobody has said it.
    """

    key: str | None
    deals: int
    open: Span
    weighted: Span
    closed: Span
    omitted: Span


@attrs.frozen
class CategoryPart:
    """A forecast category: its own deals, and what it holds with the surer ones.

    Commit holds what is closed, best case both, pipeline all three; omitted stands
    alone (2.3).
    """

    category: ForecastCategory
    deals: int
    value: Span
    cumulative: Span


_LISTS = (
    "unvalued",
    "unconverted",
    "undated",
    "overdue",
    "unknown_stage",
    "outside",
    "not_yet",
)


@attrs.frozen(repr=False)
class RollUp(wire.Plain, Telling):
    """What the pipeline adds up to on a day.

    `open` is the whole value of the open deals, `weighted` their values by their
    chances; `closed` is what was won, `omitted` what was lost, abandoned or left out
    on purpose. Each is a span: what is not known makes it wider, never smaller. The
    parts of every grouping add up to it to the last cent. `gap` is what is missing to
    the quota beyond closed and weighted; 0 where they reach it.

    `unvalued`, `unconverted`, `undated`, `overdue` and `unknown_stage` hold the ids
    of deals that somebody should look at; `outside` lie in another period, `not_yet`
    had not been opened on that day.
    """

    as_of: dt.date
    currency: str
    open: Span
    weighted: Span
    closed: Span
    omitted: Span
    categories: tuple[CategoryPart, ...]
    months: tuple[Part, ...]
    stages: tuple[Part, ...]
    owners: tuple[Part, ...]
    lines: tuple[Line, ...]
    coverage: Coverage | None
    gap: Span | None
    unvalued: tuple[str, ...]
    unconverted: tuple[str, ...]
    undated: tuple[str, ...]
    overdue: tuple[str, ...]
    unknown_stage: tuple[str, ...]
    outside: tuple[str, ...]
    not_yet: tuple[str, ...]
    flags: tuple[str, ...]
    missing: tuple[Missing, ...]
    policy: PolicyRef

    def reason(self) -> Reason:
        """Say the totals, then what they are made of, then what to look at."""
        parts = [
            Reason("roll-up-open", (("amount", str(self.open)),)),
            Reason("roll-up-closed", (("amount", str(self.closed)),)),
            Reason("roll-up-omitted", (("amount", str(self.omitted)),)),
        ]
        if self.coverage is not None:
            parts.append(self.coverage.reason())
        if self.gap is not None:
            parts.append(Reason("roll-up-gap", (("amount", str(self.gap)),)))
        parts += [_category(part) for part in self.categories]
        parts += [_month(part) for part in self.months]
        parts += listed({name: getattr(self, name) for name in _LISTS})
        data: tuple[Datum, ...] = (
            ("amount", str(self.weighted)),
            ("count", str(sum(line.is_open for line in self.lines))),
            ("day", self.as_of.isoformat()),
        )
        return Reason("roll-up-weighted", data, tuple(parts))

    def __repr__(self) -> str:
        parts = [f"weighted {self.weighted}", f"closed {self.closed}"]
        if self.coverage is not None:
            states = " or ".join(state.value for state in self.coverage.possible)
            parts.append(f"coverage {states}")
        return f"<RollUp {' · '.join(parts)} · as of {self.as_of}>"


def _category(part: CategoryPart) -> Reason:
    data = (
        ("outcome", part.category.value),
        ("answers", "forecast-category"),
        ("amount", str(part.value)),
        ("total", str(part.cumulative)),
        ("count", str(part.deals)),
    )
    if part.category in {ForecastCategory.CLOSED, ForecastCategory.OMITTED}:
        return Reason("roll-up-category-alone", data)
    return Reason("roll-up-category", data)


def _month(part: Part) -> Reason:
    data: tuple[Datum, ...] = (
        ("weighted", str(part.weighted)),
        ("closed", str(part.closed)),
        ("count", str(part.deals)),
    )
    if part.key is None:
        return Reason("roll-up-no-month", data)
    return Reason("roll-up-month", (("month", part.key), *data))


def roll_up(  # noqa: PLR0913 - what surrounds a forecast, all by name
    deals: Iterable[Opportunity],
    *,
    as_of: dt.date,
    quota: Money | None = None,
    currency: str | None = None,
    fx: FxTable | None = None,
    probabilities: Chances | Predictor | None = None,
    policy: ForecastPolicy | None = None,
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> RollUp:
    """Add deals up: weighted, by category, by month, by stage and by owner (S2-19).

    Args:
        deals: open and ended ones; those not opened by then are left out.
        as_of: the day; what happened after it is not known yet.
        quota: what is to be won in the period; without it there is no coverage.
        currency: what to add up in; the quota's, or the deals' one, where left out.
        fx: dated rates. An open deal is converted at the rate of *as_of*, an ended
            one at that of the day it ended. A deal without a rate is listed.
        probabilities: what stages stand for; the shipped pipeline's if left out.
        policy: your own; the shipped one otherwise.
        begins_on: the period's first day. Open deals whose day has passed count.
        ends_on: its last day.

    Raises:
        InvalidValueError: a deal twice, an amount below 0; no deal has a value and
            nobody says a currency.
        CurrencyMismatchError: several currencies and no rates: they never add.
    """
    rules = rules_of(policy)
    ledger = ledger_of(
        deals,
        as_of=as_of,
        policy=rules,
        period=Period(begins_on, ends_on),
        quota=quota,
        currency=currency,
        fx=fx,
        probabilities=probabilities,
    )
    return _rolled(ledger, as_of, quota, rules)


def _rolled(
    ledger: Ledger, as_of: dt.date, quota: Money | None, rules: ForecastPolicy
) -> RollUp:
    lines, unit = ledger.lines, ledger.currency
    whole = _part(None, lines, unit)
    is_open = [line for line in lines if line.is_open]
    coverage = gap = None
    if quota is not None:
        needed = rules.real("enough_coverage")
        coverage = cover(whole.open, whole.closed, quota, needed)
        gap = _gap_of(quota, whole, unit)
    told = {
        "unvalued": _ids(
            line for line in lines if _counts(line) and has_no_value(line)
        ),
        "unconverted": _ids(line for line in lines if has_no_rate(line)),
        "undated": _ids(line for line in lines if line.month is None and _counts(line)),
        "overdue": _ids(line for line in is_open if line.is_overdue),
        "unknown_stage": _ids(line for line in is_open if has_unknown_stage(line)),
    }
    return RollUp(
        as_of=as_of,
        currency=unit,
        open=whole.open,
        weighted=whole.weighted,
        closed=whole.closed,
        omitted=whole.omitted,
        categories=_categories(lines, unit),
        months=_grouped(lines, unit, lambda line: line.month),
        stages=_grouped(lines, unit, lambda line: line.stage),
        owners=_grouped(lines, unit, lambda line: line.owner),
        lines=lines,
        coverage=coverage,
        gap=gap,
        outside=ledger.outside,
        not_yet=ledger.not_yet,
        flags=_flags(is_open, coverage),
        missing=questions(told, quota),
        policy=rules.ref,
        **told,
    )


def _part(key: str | None, lines: Iterable[Line], unit: str) -> Part:
    found = tuple(lines)
    won = [line for line in found if line.outcome is Outcome.WON]
    is_open = [line for line in found if line.is_open]
    rest = [line for line in found if line.category is ForecastCategory.OMITTED]
    return Part(
        key,
        len(found),
        Span.total((line.worth for line in is_open), unit),
        Span.total((line.weighted for line in is_open), unit),
        Span.total((line.worth for line in won), unit),
        Span.total((line.worth for line in rest), unit),
    )


def _grouped(
    lines: Iterable[Line], unit: str, key: Callable[[Line], str | None]
) -> tuple[Part, ...]:
    """Return a part for each key, in order; what has none stands last."""
    groups: dict[str | None, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    keys = sorted(groups, key=lambda name: (name is None, name or ""))
    return tuple(_part(name, groups[name], unit) for name in keys)


_SUREST_LAST = (
    ForecastCategory.PIPELINE,
    ForecastCategory.BEST_CASE,
    ForecastCategory.COMMIT,
    ForecastCategory.CLOSED,
)


def _categories(lines: Iterable[Line], unit: str) -> tuple[CategoryPart, ...]:
    own: dict[ForecastCategory, list[Line]] = {kind: [] for kind in ForecastCategory}
    for line in lines:
        own[line.category].append(line)
    found = []
    for category in ForecastCategory:
        held = [category]
        if category in _SUREST_LAST:
            held = list(_SUREST_LAST[_SUREST_LAST.index(category) :])
        value = Span.total((line.worth for line in own[category]), unit)
        cumulative = Span.total(
            (line.worth for kind in held for line in own[kind]), unit
        )
        found.append(CategoryPart(category, len(own[category]), value, cumulative))
    return tuple(found)


def _gap_of(quota: Money, whole: Part, unit: str) -> Span:
    """Return what is missing to the quota beyond closed and weighted."""
    both, nothing = Span.total((whole.closed, whole.weighted), unit), quota - quota
    least = nothing if both.high is None else max(quota - both.high, nothing)
    return Span(least, max(quota - both.low, nothing))


def _counts(line: Line) -> bool:
    return line.is_open or line.outcome is Outcome.WON


def _ids(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.id for line in lines)


def _flags(is_open: list[Line], coverage: Coverage | None) -> tuple[str, ...]:
    flags = []
    if coverage is not None and coverage.value is CoverageState.LOW:
        flags.append("low-coverage")
    if coverage is not None and CoverageState.REACHED not in coverage.possible:
        flags.append("coverage-alone")
    chances = [line.chance for line in is_open if line.chance is not None]
    if any(chance.expired for chance in chances):
        flags.append("expired-probability")
    if any(chance.clamped for chance in chances):
        flags.append("clamped-probability")
    return tuple(flags)
