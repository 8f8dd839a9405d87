"""Which payment terms we accept of a customer, and the least change to the others."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount.book import DealSheet, Sheet
from keyaccount.domain import ValueTier
from keyaccount.models import payment

from ._case import Case
from ._parts import Cell


__all__ = ["named", "offered"]


def named(deal: DealSheet, case: Case) -> Cell:
    """Name a deal and its customer, and lead to the customer's sheet."""
    found, customer = deal.opportunity, deal.customer
    slug = found.customer_id if customer is None else customer.id
    name = None if customer is None else customer.name
    whose = "" if slug is None else case.speech.name(name, slug)
    to = "" if slug is None else case.anchors.get(slug, "")
    return Cell(case.speech.name(found.name, found.id), note=whose, to=to)


def offered(sheet: Sheet, case: Case) -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
    """Yield every term of a customer's and of its deals: whose, and how it stands.

    What we accept follows from the customer's class; where that is open, nobody knows.
    """
    for deal in sheet.deals:
        if deal.term is not None:
            who = named(deal, case)
            yield from ((who, cells) for cells in _judged(deal.term, case))
    worth = None if sheet.tier is None else sheet.tier.effective
    if worth is None or worth is ValueTier.UNCLASSIFIED:
        return
    for term in sheet.account.terms:
        found = payment.choose(
            [term], worth, policy=case.policies.payment, as_of=case.as_of
        )
        yield from ((case.who(sheet), cells) for cells in _judged(found, case))


def _judged(found: payment.Choice, case: Case) -> Iterator[tuple[Cell, ...]]:
    speech = case.speech
    own = found.evidence.labels()
    ways = {way.offer: way for way in found.mitigations}
    for verdicts, code, tone in (
        (found.refused, "no", "bad"),
        (found.undecided, "open", "open"),
        (found.acceptable, "yes", "good"),
    ):
        for verdict in verdicts:
            way = ways.get(verdict.term)
            least = () if way is None else way.explain(speech.locale)
            safety, control = verdict.worst.safety, verdict.worst.controllability
            rating = (
                speech.label("safety", safety.value),
                speech.label("controllability", control.value),
            )
            yield (
                Cell(speech.label("payment-term", verdict.term.name or "unnamed", own)),
                Cell(speech.listed(rating)),
                Cell(speech.say(code), tone=tone),
                Cell(speech.clauses(least)),
            )
