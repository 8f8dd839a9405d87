"""One customer through every lens there is: its tier, the way up, its terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from keyaccount import wording
from keyaccount.domain import (
    Customer,
    FxTable,
    Outlook,
    PaymentTerm,
    Relation,
    ValueTier,
    VolumeProfitType,
)
from keyaccount.exceptions import CurrencyMismatchError, MissingRateError
from keyaccount.models import payment, stakeholders, tiering
from keyaccount.rules import Lift, Missing, display

from .account import Account
from .beside_others import NO_WHOLE, Whole
from .deals import CustomerClass, DealSheet, deal_sheet
from .lenses import NO_LENSES, Lenses, lenses
from .our_view import NO_VIEW, OurView, our_view
from .policies import SHIPPED, Policies
from .shown import Page, asked, headings, lifted, said, scored, standing, unfolded


__all__ = ["Account", "RatedTerm", "Sheet", "Step", "sheet"]


@attrs.frozen
class RatedTerm:
    """A payment term of the customer's, what it is called, and what it is worth."""

    name: str | None
    verdict: payment.TermVerdict

    def says(self, locale: str = "en") -> str:
        """Say in a language what the term is called, how safe and controllable."""
        return said("review.comma", locale).join(filter(None, self.cells(locale)))

    def cells(self, locale: str = "en") -> tuple[str, str, str]:
        """Return its name, its safety and its controllability, as people call them."""
        rating = self.verdict.worst
        name = "" if self.name is None else self.name
        return (
            wording.label("payment-term", name, locale),
            wording.label("safety", rating.safety.value, locale),
            wording.label("controllability", rating.controllability.value, locale),
        )


@attrs.frozen
class Step:
    """Changes that lift a customer, and the rung that it then stands on at least."""

    lift: Lift
    reaches: ValueTier


@attrs.frozen(repr=False)
class Sheet(Page):
    """What the models say of one customer.

    A customer that trades has a `tier`, the way up from it and the `steps` on that
    way, a prospect has a `prospect` class. `terms` are sorted worst first; `deals`
    are those that are still open.
    `unconverted` is set instead of a tier where its amounts could not be brought
    into the policy's currency. `lenses` are those beside the tier, `ours` those on
    our own side.
    """

    account: Account
    as_of: dt.date
    tier: tiering.TierVerdict | None = None
    way_up: tiering.NextRung | None = None
    steps: tuple[Step, ...] = ()
    prospect: tiering.ProspectVerdict | None = None
    terms: tuple[RatedTerm, ...] = ()
    unconverted: CurrencyMismatchError | MissingRateError | None = None
    deals: tuple[DealSheet, ...] = ()
    lenses: Lenses = NO_LENSES
    ours: OurView = NO_VIEW

    @property
    def customer(self) -> Customer:
        """Whose sheet it is."""
        return self.account.customer

    @property
    def verdict(self) -> tiering.TierVerdict | tiering.ProspectVerdict | None:
        """The tier or the prospect class; None where nothing could be judged."""
        return self.tier or self.prospect

    @property
    def worst_term(self) -> RatedTerm | None:
        """The term that leaves us most exposed, None if no term is known."""
        return self.terms[0] if self.terms else None

    @property
    def ask_first(self) -> Missing | None:
        """The unknown fact whose answer settles most, None if all are known."""
        verdict = self.verdict
        return verdict.missing[0] if verdict and verdict.missing else None

    def html(self, locale: str = "en") -> display.Html:
        """Write it as HTML in a language: where it stands, what to do, then why."""
        name = self.customer.name
        terms = headings(locale, "report.col-term", "report.col-safety")
        deals = ("deals.deal", "deals.gates", "deals.stage", "deals.missing")
        return display.block(
            locale,
            display.headline(f"{name}: {standing(self.verdict, locale)}"),
            display.remarks(self._remarks(locale)),
            display.table(
                said("report.caption-terms", locale),
                (*terms, *headings(locale, "report.col-control")),
                (term.cells(locale) for term in self.terms),
                locale,
            ),
            display.table(
                said("report.caption-deals", locale),
                headings(locale, *deals),
                (deal.cells(locale) for deal in self.deals),
                locale,
            ),
            unfolded(self, locale),
        )

    def _remarks(self, locale: str) -> Iterator[str]:
        """Say the score, what would lift it, and what to ask first."""
        if self.unconverted is not None:
            error = self.unconverted
            told = {**error.data, "remedy": said("review.add-rate", locale)}
            why = wording.say(f"error.{error.code}", told, locale)
            yield said("review.not-converted", locale, why=why)
        score, ask = scored(self.verdict), asked(self.verdict, locale)
        if score:
            yield said("report.score-of", locale, score=score)
        if ask:
            yield said("shown.ask", locale, text=ask)
        for step in self.steps:
            target = wording.label("tier-name", step.reaches.value, locale)
            yield lifted(step.lift, target, locale)

    def _counts(self) -> tuple[str, ...]:
        possible = () if self.verdict is None else self.verdict.possible
        answer = " or ".join(one.value for one in possible) or "open"
        return self.customer.id, answer, f"as of {self.as_of}"


_PROSPECTS_OUTLOOK = Outlook()


def sheet(
    account: Account,
    *,
    as_of: dt.date,
    policies: Policies = SHIPPED,
    fx: FxTable | None = None,
    whole: Whole = NO_WHOLE,
) -> Sheet:
    """Judge one customer by every model there is.

    Args:
        account: the customer and what stands beside it.
        as_of: the day of the review.
        policies: your own; the shipped ones have example amounts in USD.
        fx: dated rates, where a customer's currency is not the policy's.
        whole: what is seen of the customer only beside all others; without it
            nobody knows its share, nor what our strategy wants.
    """
    rated = [
        RatedTerm(_name_of(term), payment.rate(term, policy=policies.payment))
        for term in account.terms
    ]
    rated.sort(key=lambda one: one.verdict, reverse=True)
    terms = tuple(rated)
    customer = account.customer
    if customer.relation is Relation.PROSPECT:
        outlook = account.outlook or _PROSPECTS_OUTLOOK
        seen = tiering.prospect(outlook, as_of=as_of, policy=policies.tiering)
        found = Sheet(account, as_of, prospect=seen, terms=terms)
        return _complete(found, seen.value, policies, whole)
    try:
        found = _trading(account, as_of, policies.tiering, fx, terms)
    except (CurrencyMismatchError, MissingRateError) as error:
        found = Sheet(account, as_of, terms=terms, unconverted=error)
    worth = None if found.tier is None else found.tier.effective
    return _complete(found, worth, policies, whole)


def _complete(
    sheet: Sheet, customer_class: CustomerClass, policies: Policies, whole: Whole
) -> Sheet:
    """Add what the lenses say, beside the tier and on our own side, and the deals."""
    account, as_of = sheet.account, sheet.as_of
    found = lenses(account, sheet.tier, as_of=as_of, policies=policies, whole=whole)
    people = _people(account, as_of, policies)
    ours = our_view(
        account,
        tier=sheet.tier,
        designation=found.designation,
        match=found.fit,
        people=people,
        type=_type(found),
        as_of=as_of,
        policies=policies,
        whole=whole,
    )
    deals = tuple(
        deal_sheet(
            deal,
            as_of=as_of,
            customer=account.customer,
            customer_class=customer_class,
            people=people,
            known=account.deal_facts.get(deal.id),
            policies=policies,
        )
        for deal in account.deals
        if deal.outcome is None
    )
    if (found, ours, deals) == (NO_LENSES, NO_VIEW, ()):
        return sheet
    return attrs.evolve(sheet, lenses=found, ours=ours, deals=deals)


def _type(found: Lenses) -> VolumeProfitType | None:
    """Say what a strategic customer brings; None where that is open, or not asked."""
    segment = found.segment
    return None if segment is None or segment.type is None else segment.type.value


def _people(
    account: Account, as_of: dt.date, policies: Policies
) -> stakeholders.MapVerdict | None:
    """Draw the map of the people, where somebody will look at it."""
    has_deals = any(deal.outcome is None for deal in account.deals)
    if not (has_deals or account.people or account.contacts):
        return None
    return stakeholders.read(
        account.people,
        as_of=as_of,
        touchpoints=account.contacts,
        policy=policies.stakeholders,
    )


def _trading(
    account: Account,
    as_of: dt.date,
    policy: tiering.TieringPolicy | None,
    fx: FxTable | None,
    terms: tuple[RatedTerm, ...],
) -> Sheet:
    customer, owed = account.customer, account.owed(as_of)

    def classify(customer: Customer) -> tiering.TierVerdict:
        return tiering.classify(
            customer,
            as_of=as_of,
            receivables=owed,
            standing=account.standing,
            outlook=account.outlook,
            fx=fx,
            policy=policy,
        )

    way_up = tiering.next_rung(
        customer,
        as_of=as_of,
        receivables=owed,
        standing=account.standing,
        fx=fx,
        policy=policy,
    )
    steps = []
    for lift in way_up.lifts:
        figures = {change.lever.name: change.to for change in lift.changes}
        moved = classify(tiering.what_if(customer, figures, as_of=as_of))
        steps.append(Step(lift, moved.possible[0]))
    return Sheet(
        account,
        as_of,
        tier=way_up.verdict if account.outlook is None else classify(customer),
        way_up=way_up,
        steps=tuple(steps),
        terms=terms,
    )


def _name_of(term: PaymentTerm | str) -> str | None:
    return term if isinstance(term, str) else term.name
