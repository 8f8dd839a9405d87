"""What a type checker sees of the main calls; checked by mypy and pyright, never run.

A line with `type: ignore` must be an error: both checkers complain where it is none.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import datetime as dt
from typing import assert_type

import keyaccount as ka
from keyaccount.book import Account, Move, Portfolio, Sheet
from keyaccount.models.buying import MatchVerdict, NeedVerdict, ProfileVerdict
from keyaccount.models.payment import NamedTerm, Rating, TermVerdict
from keyaccount.models.qualification import Comparison, DealVerdict, HollowShare
from keyaccount.models.tiering import (
    Entitlement,
    NextRung,
    ProspectVerdict,
    ReviewVerdict,
    TieringPolicy,
    TierVerdict,
)
from keyaccount.rules import Facts


def nouns() -> None:
    assert_type(ka.Money.of("1200000 CNY"), ka.Money)
    assert_type(ka.Money.of("1 CNY") + ka.Money.of("2 CNY"), ka.Money)
    assert_type(ka.Tri.of(None), ka.Tri)
    ka.Money.of(1.5)  # type: ignore[arg-type]  # no float is an amount
    ka.Custmer  # type: ignore[attr-defined]  # no name is taken for granted


def payment(term: ka.PaymentTerm, day: dt.date) -> None:
    verdict = ka.payment.rate(term)
    assert_type(verdict, TermVerdict)
    assert_type(verdict.value, Rating | None)
    assert_type(verdict.possible, tuple[Rating, ...])
    assert_type(verdict.why, ka.Reason)
    assert_type(verdict.missing, tuple[ka.Missing, ...])
    assert_type(verdict.explain("zh-Hans"), tuple[str, ...])
    assert_type(verdict.unsafe, ka.Interval)
    assert_type(ka.payment.rate("deposit-and-balance-before-shipment"), TermVerdict)
    assert_type(ka.payment.rate([term, term]), tuple[TermVerdict, ...])
    assert_type(ka.payment.catalogue(), tuple[NamedTerm, ...])
    assert_type(ka.payment.facts(term), tuple[Facts, ...])
    assert_type(min(ka.payment.rate([term, term])), TermVerdict)
    ka.payment.rate(term, day)  # type: ignore[call-overload]  # options have names
    if verdict.value:
        assert_type(verdict.value.safety, ka.Safety)


def buying(profile: ka.BuyingFactorProfile, day: dt.date) -> None:
    prior = ka.buying.prior()
    assert_type(prior, ka.FactorWeights)
    known = ka.buying.profile(profile, customer_id="c1", as_of=day)
    assert_type(known, ProfileVerdict)
    assert_type(known.value, ka.FactorWeights | None)
    assert_type(ka.buying.match(prior, known, as_of=day), MatchVerdict)
    assert_type(ka.buying.match(prior, [known], as_of=day), tuple[MatchVerdict, ...])
    assert_type(ka.buying.need_type(prior), NeedVerdict)


def qualification(deal: ka.Opportunity, day: dt.date) -> None:
    verdict = ka.qualification.qualify(deal, as_of=day)
    assert_type(verdict, DealVerdict)
    assert_type(verdict.value, ka.Decision | None)
    assert_type(verdict.reachable, tuple[ka.Decision, ...])
    many = ka.qualification.qualify([deal], as_of=day, customer_class="gold")
    assert_type(many, tuple[DealVerdict, ...])
    assert_type(ka.qualification.compare({"us": deal}, as_of=day), Comparison)
    assert_type(ka.qualification.hollow_share(many), HollowShare)
    ka.qualification.qualify(deal)  # type: ignore[call-overload]  # time is asked for


def tiering(customer: ka.Customer, record: ka.TierRecord, day: dt.date) -> None:
    verdict = ka.tiering.classify(customer, as_of=day)
    assert_type(verdict, TierVerdict)
    assert_type(verdict.value, ka.ValueTier | None)
    assert_type(verdict.effective, ka.ValueTier | None)
    assert_type(verdict.is_problem, ka.Tri)
    assert_type(verdict.score, ka.Interval)
    many = ka.tiering.classify([customer], as_of=day)
    assert_type(many, tuple[TierVerdict, ...])
    assert_type(ka.tiering.judge({"gross_margin": 0.3}), TierVerdict)
    assert_type(ka.tiering.next_rung(customer, as_of=day), NextRung)
    assert_type(ka.tiering.review(record, customer, as_of=day), ReviewVerdict)
    assert_type(ka.tiering.entitlements(ka.ValueTier.GOLD), Entitlement)
    assert_type(ka.tiering.default_policy(), TieringPolicy)
    ka.tiering.classify(customer)  # type: ignore[call-overload]  # what changes the answer is asked for


def prospects(outlook: ka.Outlook) -> None:
    assert_type(ka.tiering.prospect(outlook), ProspectVerdict)
    assert_type(ka.tiering.prospect([outlook]), tuple[ProspectVerdict, ...])


def book(account: Account, policy: TieringPolicy, day: dt.date) -> None:
    assert_type(ka.book.sheet(account, as_of=day), Sheet)
    assert_type(ka.book.review([account], as_of=day), Portfolio)
    moves = ka.book.changes([account], policy, policy, as_of=day)
    assert_type(moves, tuple[Move, ...])


def boundary(text: bytes) -> None:
    customer = ka.wire.loads(text, ka.Customer)
    assert_type(customer, ka.Customer)
    assert_type(ka.wire.dumps(customer), bytes)
    assert_type(ka.wire.structure({}, ka.PaymentTerm), ka.PaymentTerm)
    assert_type(ka.policies.read("tiering", TieringPolicy), TieringPolicy)
    assert_type(ka.wording.say("decided", {}, "en"), str)
