"""Many customers side by side, sorted and counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from keyaccount import wording
from keyaccount.domain import (
    FxTable,
    Opportunity,
    ProspectClass,
    StrategicIntent,
    ValueTier,
    WorkCalendar,
)
from keyaccount.models import forecast, tiering
from keyaccount.rules import display

from .agenda import Agenda, due
from .beside_others import whole
from .deals import DealSheet, deal_sheet
from .facts import NO_FACTS
from .firm_view import FirmView, firm_view
from .forecasts import DealForecast, forecast_deals
from .losses import with_losses
from .our_side import NO_FIRM, Firm
from .policies import SHIPPED, Policies
from .sheet import Account, Sheet, sheet
from .shown import Page, asked, headings, said, scored, standing


__all__ = ["Portfolio", "review"]


@attrs.frozen(repr=False)
class Portfolio(Page):
    """The sheets of many customers, the best rung first, then the best score.

    `loose_deals` are open deals of which nobody knows whose they are; `forecasts`
    hold what all deals add up to, one a currency; `conversion` tells how many of those
    that ended were won, None where there are no deals at all. `dated_ahead` are deals
    of which something is dated after the day, although it has happened already.
    `firm` is what the lenses on our own firm say, None where nothing is told of it.
    """

    sheets: tuple[Sheet, ...]
    as_of: dt.date
    loose_deals: tuple[DealSheet, ...] = ()
    forecasts: tuple[DealForecast, ...] = ()
    conversion: forecast.Conversion | None = None
    dated_ahead: tuple[Opportunity, ...] = ()
    firm: FirmView | None = None

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)

    def __len__(self) -> int:
        return len(self.sheets)

    @property
    def deals(self) -> tuple[DealSheet, ...]:
        """Every open deal: customer by customer, then those that name none."""
        theirs = [deal for one in self.sheets for deal in one.deals]
        return (*theirs, *self.loose_deals)

    @property
    def agenda(self) -> Agenda:
        """All that is due for the customers and on open deals, the oldest first.

        `book.due` also knows the next reviews, which days are worked, and a policy's
        own words.
        """
        return due(self.sheets, as_of=self.as_of, loose_deals=self.loose_deals)

    @property
    def judged(self) -> tuple[tiering.TierVerdict, ...]:
        """The tier verdicts of the customers that trade."""
        return tuple(one.tier for one in self.sheets if one.tier is not None)

    @property
    def open_count(self) -> int:
        """How many customers that trade have a tier that is still open."""
        return sum(not verdict.is_settled for verdict in self.judged)

    @property
    def unknown_of_all(self) -> tuple[str, ...]:
        """The facts that nobody has told of any customer that trades."""
        missing = [{gap.fact for gap in verdict.missing} for verdict in self.judged]
        everywhere = set[str].intersection(*missing) if missing else set()
        return tuple(fact for fact in tiering.FACTS.names if fact in everywhere)

    @property
    def problem_count(self) -> int:
        """How many customers that trade are problems."""
        return sum(verdict.is_supervised for verdict in self.judged)

    @property
    def distribution(self) -> tuple[tuple[ValueTier, int], ...]:
        """How many customers stand on each rung, whether problems or not (S3-19)."""
        counts = Counter(verdict.value for verdict in self.judged)
        return tuple((tier, counts[tier]) for tier in ValueTier if counts[tier])

    @property
    def prospects(self) -> tuple[tuple[ProspectClass, int], ...]:
        """How many prospects there are of each class."""
        counts = Counter(one.prospect.value for one in self.sheets if one.prospect)
        return tuple((kind, counts[kind]) for kind in ProspectClass if counts[kind])

    def html(self, locale: str = "en") -> display.Html:
        """Write it as HTML in a language: the counts, then a row a customer."""
        title = said(
            "review.title", locale, customers=len(self), day=self.as_of.isoformat()
        )
        columns = ("customer", "tier", "score", "ask", "terms")
        rows = (
            (
                one.customer.name,
                standing(one.verdict, locale),
                scored(one.verdict),
                asked(one.verdict, locale),
                "" if one.worst_term is None else one.worst_term.says(locale),
            )
            for one in self.sheets
        )
        return display.block(
            locale,
            display.headline(title),
            display.remarks(self._remarks(locale)),
            display.table(
                said("shown.portfolio", locale),
                headings(locale, *(f"review.{one}" for one in columns)),
                rows,
                locale,
                count=len(self),
            ),
        )

    def _remarks(self, locale: str) -> Iterator[str]:
        """Say how many stand where, and what is open."""
        tiers = [(tier.value, count) for tier, count in self.distribution]
        for code, counts in (
            ("tiers", tiers),
            ("prospects", [(kind.value, count) for kind, count in self.prospects]),
        ):
            named = (
                f"{wording.label('tier-name', slug, locale)} {count}"
                for slug, count in counts
            )
            if counts:
                yield said(f"review.{code}", locale, tiers=" · ".join(named))
        for code, count in (
            ("open", self.open_count),
            ("problems", self.problem_count),
        ):
            if count:
                yield said(f"review.{code}", locale, count=count)
        if self.deals:
            yield said("deals.title", locale, count=len(self.deals))

    def _counts(self) -> tuple[str, ...]:
        return (
            f"{len(self)} customers",
            f"{len(self.deals)} deals",
            f"as of {self.as_of}",
        )


def review(  # noqa: PLR0913 - what a review rests on, all by name
    accounts: Iterable[Account],
    *,
    as_of: dt.date,
    policies: Policies = SHIPPED,
    fx: FxTable | None = None,
    loose_deals: Iterable[Opportunity] = (),
    loose_facts: Mapping[str, Mapping[str, object]] = NO_FACTS,
    intents: Iterable[StrategicIntent] | None = None,
    firm: Firm = NO_FIRM,
    days: WorkCalendar | None = None,
    progress: Callable[[int], None] | None = None,
) -> Portfolio:
    """Judge many customers and their deals, each by itself, whatever their order.

    Args:
        accounts: the customers and what stands beside them.
        as_of: the day of the review.
        policies: your own; the shipped ones have example amounts in USD.
        fx: dated rates, where a customer's currency is not the policy's.
        loose_deals: deals of which nobody knows whose they are.
        loose_facts: what is known of your pipeline's own facts about those, by id.
        intents: what our strategy wants of customers; None is not declared.
        firm: what is told of ourselves: executives, readiness, capacities, targets.
        days: which days are worked, for answers promised in business hours.
        progress: told after each customer how many are done.
    """
    everybody = tuple(accounts)
    beside = whole(
        everybody,
        as_of=as_of,
        policies=policies,
        fx=fx,
        intents=intents,
        firm=firm,
        days=days,
    )
    sheets: list[Sheet] = []
    deals: list[Opportunity] = [*loose_deals]
    loose = tuple(
        deal_sheet(deal, as_of=as_of, known=loose_facts.get(deal.id), policies=policies)
        for deal in deals
        if deal.outcome is None
    )
    for done, account in enumerate(everybody, start=1):
        sheets.append(
            sheet(account, as_of=as_of, policies=policies, fx=fx, whole=beside)
        )
        deals += account.deals
        if progress is not None:
            progress(done)
    sheets[:] = with_losses(sheets, as_of=as_of, policies=policies, whole=beside)
    judged = [*loose, *(deal for one in sheets for deal in one.deals)]
    against = {deal.opportunity.id for deal in judged if deal.is_advised_against}
    found = forecast_deals(
        deals, as_of=as_of, policies=policies, fx=fx, advised_against=against
    )
    rates = None
    if deals:
        rates = forecast.conversion(deals, as_of=as_of, policy=policies.forecast)
    ahead = tuple(deal for deal in deals if _is_dated_ahead(deal, as_of))
    ordered = tuple(sorted(sheets, key=_place))
    ourselves = firm_view(ordered, as_of=as_of, policies=policies, firm=firm)
    return Portfolio(ordered, as_of, loose, found, rates, ahead, ourselves)


def _is_dated_ahead(deal: Opportunity, as_of: dt.date) -> bool:
    """Whether something that has happened is dated after a day."""
    days = (deal.opened_on, deal.closed_on, *(event.at for event in deal.history))
    return any(day is not None and day > as_of for day in days)


def _place(one: Sheet) -> tuple[int, int, float, str]:
    """Trading customers by their lowest possible rung and score, then prospects."""
    if one.tier is not None:
        lowest = one.tier.possible[0]
        return 0, lowest.rank, -one.tier.score.low, one.customer.id
    if one.prospect is not None:
        return (
            1,
            one.prospect.possible[0].rank,
            -one.prospect.score.low,
            one.customer.id,
        )
    return 2, 0, 0.0, one.customer.id
