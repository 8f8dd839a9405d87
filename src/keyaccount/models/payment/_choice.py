"""Which of several offers to take, and what would make the others acceptable."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire
from keyaccount.domain import Money, PaymentTerm, StrategicDesignation, ValueTier
from keyaccount.exceptions import Problems
from keyaccount.rules import Missing, Reason, Verdict
from keyaccount.tri import Tri

from ._appetite import accepts, checked, price_asked, shortfalls
from ._flags import Setting
from ._mitigate import Mitigation, mitigations
from ._opinions import Appetite
from ._policy import PaymentPolicy, default_policy
from ._rate import TermVerdict, checked_setting, rate_one, resolve, terms_of


__all__ = ["Acceptance", "Choice", "choose", "mitigate"]


class Acceptance(enum.Enum):
    """Whether any of the offers will do."""

    NONE_ACCEPTABLE = "none-acceptable"
    CHOSEN = "chosen"


@attrs.frozen
class ChoiceEvidence:
    """What a choice keeps to explain itself: every offer's answer, the best first."""

    offers: tuple[tuple[Tri, TermVerdict], ...]
    mitigations: tuple[Mitigation, ...]
    appetite: Appetite
    price: Money | None
    policy: PaymentPolicy

    def reason(self) -> Reason:
        """Say what is chosen, then why each offer will do or will not."""
        because = tuple(self._offer(answer, verdict) for answer, verdict in self.offers)
        best, verdict = self.offers[0]
        if best is Tri.YES:
            return Reason("choice-made", _name(verdict), because)
        code = "choice-open" if best is Tri.UNKNOWN else "choice-none"
        return Reason(code, (("count", str(len(because))),), because)

    def _offer(self, answer: Tri, verdict: TermVerdict) -> Reason:
        rating = (("outcome", verdict.worst.slug), ("answers", "rating"))
        data = (*_name(verdict), *rating)
        if answer is Tri.YES:
            return Reason("offer-accepted", data)
        code = "offer-refused" if answer is Tri.NO else "offer-undecided"
        short = shortfalls(verdict, self.appetite, self.price)
        ways = [way.reason() for way in self.mitigations if way.offer == verdict.term]
        return Reason(code, data, (*short, *ways))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _name(verdict: TermVerdict) -> tuple[tuple[str, float | str], ...]:
    return ("row", verdict.term.name or "unnamed"), ("table", "payment-term")


@attrs.frozen(repr=False)
class Choice(wire.Plain, Verdict[Acceptance]):
    """Which offer to take (S4-13f).

    `chosen` is the best of those that are surely acceptable; `acceptable`,
    `undecided` and `refused` hold the verdicts on all offers, the best first. Where
    nothing is surely acceptable, `mitigations` holds the cheapest way out for each
    offer that has one; `mitigate` tells the others.
    """

    chosen: PaymentTerm | None
    acceptable: tuple[TermVerdict, ...]
    undecided: tuple[TermVerdict, ...]
    refused: tuple[TermVerdict, ...]
    mitigations: tuple[Mitigation, ...]

    def _extras(self) -> tuple[str, ...]:
        if self.chosen is None or self.chosen.name is None:
            return ()
        return (self.chosen.name,)


def choose(  # noqa: PLR0913 - what surrounds a choice, all by name
    offers: Iterable[PaymentTerm | str],
    appetite: Appetite | ValueTier | StrategicDesignation | str,
    *,
    price: Money | None = None,
    customised: Tri = Tri.NO,
    policy: PaymentPolicy | None = None,
    as_of: dt.date | None = None,
) -> Choice:
    """Choose the best of the offers that our appetite accepts (S4-13f).

    Args:
        offers: terms, or names from the catalogue.
        appetite: the least we accept, or a class of customers that has a default.
        price: the contract's, where the appetite limits an amount.
        customised: goods that nobody else would buy.
        policy: your own; the shipped one otherwise.
        as_of: the day of the choice, noted in the verdict.

    Raises:
        InvalidValueError: no offers, or something that is none.
        UnknownNameError: no term or appetite of that name.
        CurrencyMismatchError: price and limit are in two currencies.

    >>> choose(["open-account", "payment-before-shipment"], "gold").chosen.name
    'payment-before-shipment'
    """
    rules = policy or default_policy()
    setting = checked_setting(Setting(customised))
    wanted = checked(appetite, price, rules)
    given = (offers,) if isinstance(offers, PaymentTerm | str) else offers
    told = [resolve(offer, setting, rules) for offer in terms_of(given, "offers")]
    if not told:
        problems = Problems()
        problems.add("offers", "empty", expected="one offer")
        problems.check("payment choice")
    found: list[tuple[Tri, TermVerdict]] = []
    for term, its in told:
        verdict = rate_one(term, its, rules, as_of)
        found.append((accepts(verdict, wanted, price), verdict))
    order = (Tri.YES, Tri.UNKNOWN, Tri.NO)
    found.sort(key=lambda pair: (order.index(pair[0]), pair[1].rank))
    ways: list[Mitigation] = []
    if found[0][0] is not Tri.YES:
        for term, its in told:
            ways += mitigations(term, wanted, price, its, rules)[:1]
    evidence = ChoiceEvidence(tuple(found), tuple(ways), wanted, price, rules)
    return _answer(evidence, as_of)


def _answer(evidence: ChoiceEvidence, as_of: dt.date | None) -> Choice:
    offers = evidence.offers
    acceptable, undecided, refused = (
        tuple(verdict for answer, verdict in offers if answer is wanted)
        for wanted in (Tri.YES, Tri.UNKNOWN, Tri.NO)
    )
    possible: tuple[Acceptance, ...] = tuple(Acceptance)
    if acceptable or not undecided:
        possible = (possible[bool(acceptable)],)
    missing: list[Missing] = []
    for verdict in undecided:
        missing += verdict.missing
        missing += price_asked(verdict, evidence.appetite, evidence.price)
    return Choice(
        possible[0] if len(possible) == 1 else None,
        possible,
        tuple(dict.fromkeys(missing)),
        acceptable[0].flags if acceptable else (),
        evidence.policy.ref,
        as_of,
        acceptable[0].term if acceptable else None,
        acceptable,
        undecided,
        refused,
        evidence.mitigations,
        evidence=evidence,
    )


def mitigate(
    term: PaymentTerm | str,
    appetite: Appetite | ValueTier | StrategicDesignation | str,
    *,
    price: Money | None = None,
    customised: Tri = Tri.NO,
    policy: PaymentPolicy | None = None,
) -> tuple[Mitigation, ...]:
    """Return the least changes that make a term acceptable, the cheapest first.

    Every way was rated again and is surely acceptable; a term that is so already
    needs none. The arguments are those of `choose`.

    >>> [str(change.to) for change in mitigate("open-account", "gold")[0].changes]
    ['0.9']
    """
    rules = policy or default_policy()
    setting = checked_setting(Setting(customised))
    wanted = checked(appetite, price, rules)
    (given,) = terms_of((term,), "term")
    resolved, its = resolve(given, setting, rules)
    return mitigations(resolved, wanted, price, its, rules)
