"""How safe a term is, how controllable, and how sure we are of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import NoneType
from typing import NamedTuple, overload

import attrs

from keyaccount import wire
from keyaccount.domain import PaymentTerm
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Interval, Missing, Reason, Verdict
from keyaccount.tri import Tri, any_of

from ._facts import FACTS, SQUARE, TERM_FACTS, WHOLE, facts_of, slices_of
from ._flags import Buyer, Setting, flags_of, questions_of
from ._open import is_open, look_out
from ._opinions import NamedTerm, is_a
from ._policy import PaymentPolicy, default_policy
from ._sums import RATINGS, Case, Rating, exposure, interval, judge
from ._why import explain


__all__ = [
    "TermVerdict",
    "catalogue",
    "checked_setting",
    "facts",
    "rate",
    "rate_one",
    "resolve",
    "terms_of",
]


class TermEvidence(NamedTuple):
    """What a term's verdict keeps to explain itself."""

    term: PaymentTerm
    customised: Tri
    policy: PaymentPolicy

    def reason(self) -> Reason:
        """Say the rating, then what every part of the price adds to it."""
        slices = slices_of(self.term, self.policy.bench.qualities)
        return explain(self.term, Case(slices, self.customised), self.policy)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen(repr=False)
class TermVerdict(wire.Plain, Verdict[Rating]):
    """How safe and how controllable a term is (S4-13).

    `possible` lists the worst rating first. The intervals are shares of the price:
    paid in advance; unsafe; uncontrolled; paid later with nobody but the buyer
    behind it. `weighted_days` is how long the whole price is tied up, on average.

    Verdicts are ordered by safety, controllability, unsafe share, uncontrolled
    share, weighted days; the smaller is better, so `min` finds the best term. An
    open verdict stands where its worst case stands.
    """

    term: PaymentTerm
    prepaid: Interval
    unsafe: Interval
    uncontrolled: Interval
    uncovered: Interval
    weighted_days: Interval

    @property
    def worst(self) -> Rating:
        """The rating if all that is unknown turns out badly; the rating if settled."""
        return self.possible[0]

    @property
    def rank(self) -> tuple[Rating, float, float, float]:
        """What verdicts are compared by, in its worst case."""
        return (
            self.possible[0],
            self.unsafe.high,
            self.uncontrolled.high,
            self.weighted_days.high,
        )

    def __lt__(self, other: TermVerdict) -> bool:
        if not isinstance(other, TermVerdict):
            return NotImplemented
        return self.rank < other.rank

    def __le__(self, other: TermVerdict) -> bool:
        if not isinstance(other, TermVerdict):
            return NotImplemented
        return self.rank <= other.rank

    def __gt__(self, other: TermVerdict) -> bool:
        if not isinstance(other, TermVerdict):
            return NotImplemented
        return self.rank > other.rank

    def __ge__(self, other: TermVerdict) -> bool:
        if not isinstance(other, TermVerdict):
            return NotImplemented
        return self.rank >= other.rank

    def _extras(self) -> tuple[str, ...]:
        days = self.weighted_days
        name = () if self.term.name is None else (self.term.name,)
        return (*name, f"{days} days") if days.high else name


def catalogue(policy: PaymentPolicy | None = None) -> tuple[NamedTerm, ...]:
    """Return the named terms: the catalogue of DOMAIN 4.5 and what a policy adds.

    >>> catalogue()[0].id
    'deposit-and-balance-before-shipment'
    """
    return (policy or default_policy()).terms


def facts(
    term: PaymentTerm,
    *,
    customised: Tri = Tri.NO,
    policy: PaymentPolicy | None = None,
) -> tuple[Facts, ...]:
    """Return the facts of every part of the price, as the tables judge them.

    A tranche that is covered for a share of it is two parts, the covered one first.
    """
    bench = (policy or default_policy()).bench
    loss: int | None = bench.loss
    if customised is not Tri.NO:
        loss = bench.loss_customised if customised is Tri.YES else None
    return tuple(facts_of(slices_of(term, bench.qualities), customised, loss))


@overload
def rate(  # type: ignore[overload-overlap]  # a str is iterable, but it is one name
    term: PaymentTerm | str,
    *,
    customised: Tri = Tri.NO,
    small_seller: Tri = Tri.UNKNOWN,
    buyer: Buyer | None = None,
    back_to_back: Tri = Tri.UNKNOWN,
    policy: PaymentPolicy | None = None,
    as_of: dt.date | None = None,
) -> TermVerdict: ...


@overload
def rate(
    term: Iterable[PaymentTerm | str],
    *,
    customised: Tri = Tri.NO,
    small_seller: Tri = Tri.UNKNOWN,
    buyer: Buyer | None = None,
    back_to_back: Tri = Tri.UNKNOWN,
    policy: PaymentPolicy | None = None,
    as_of: dt.date | None = None,
) -> tuple[TermVerdict, ...]: ...


def rate(  # noqa: PLR0913 - what surrounds a term, all by name
    term: PaymentTerm | str | Iterable[PaymentTerm | str],
    *,
    customised: Tri = Tri.NO,
    small_seller: Tri = Tri.UNKNOWN,
    buyer: Buyer | None = None,
    back_to_back: Tri = Tri.UNKNOWN,
    policy: PaymentPolicy | None = None,
    as_of: dt.date | None = None,
) -> TermVerdict | tuple[TermVerdict, ...]:
    """Say how safe and how controllable a payment term is (S4-13).

    It rates the term, not the buyer: judge the buyer's credit apart.

    Args:
        term: a term, a name from the catalogue, or several of these.
        customised: goods that nobody else would buy: a refusal costs us more.
        small_seller: whether we are a small or medium enterprise, for the flag
            `sme-rule` (advisory, no legal advice).
        buyer: whether it is a public body or a large enterprise, for the same flag.
        back_to_back: whether we are paid only when the buyer is.
        policy: your own; the shipped one otherwise.
        as_of: the day of the judgement, noted in the verdict.

    Raises:
        UnknownNameError: no term of that name; says which is near.
        InvalidValueError: not a term, or a keyword of the wrong type.

    >>> rate("deposit-and-balance-before-shipment").value.safety
    <Safety.SAFE: 'safe'>
    """
    rules = policy or default_policy()
    setting = Setting(customised, small_seller, buyer, back_to_back)
    if setting != _USUAL:
        checked_setting(setting)
    if isinstance(term, PaymentTerm):
        return rate_one(term, setting, rules, as_of)
    if isinstance(term, str):
        return rate_one(*resolve(term, setting, rules), rules, as_of)
    return tuple(
        rate_one(*resolve(one, setting, rules), rules, as_of)
        for one in terms_of(term, "term")
    )


def terms_of(terms: Iterable[PaymentTerm | str], what: str) -> list[PaymentTerm | str]:
    """Return terms and names, and refuse what is neither.

    Raises:
        InvalidValueError: no sequence, or something in it that is no term.
    """
    problems = Problems()
    if not is_a(terms, Iterable) or is_a(terms, bytes, Mapping):
        wanted = "a PaymentTerm, a name from the catalogue, or several"
        problems.add(what, "wrong-type", repr(terms), wanted)
        problems.check("payment term")
    found: list[PaymentTerm | str] = []
    for index, term in enumerate(terms):
        found.append(term)
        if not is_a(term, PaymentTerm, str):
            wanted = "a PaymentTerm or a name from the catalogue"
            problems.add(f"{what}[{index}]", "wrong-type", repr(term), wanted)
    problems.check("payment term")
    return found


_USUAL = Setting()


def checked_setting(setting: Setting) -> Setting:
    """Return the setting, once its values are known to be of the right types.

    Raises:
        InvalidValueError: with every one that is not.
    """
    problems = Problems()
    for name in ("customised", "small_seller", "back_to_back"):
        value = getattr(setting, name)
        if not isinstance(value, Tri):
            wanted = "a Tri: Tri.YES, Tri.NO or Tri.UNKNOWN"
            problems.add(name, "wrong-type", repr(value), wanted)
    if not is_a(setting.buyer, Buyer, NoneType):
        wanted = "a payment.Buyer: PUBLIC, LARGE or OTHER"
        problems.add("buyer", "wrong-type", repr(setting.buyer), wanted)
    problems.check("payment term")
    return setting


def resolve(
    given: PaymentTerm | str, setting: Setting, policy: PaymentPolicy
) -> tuple[PaymentTerm, Setting]:
    """Return the term that is meant, and the setting that goes with its name.

    Raises:
        UnknownNameError: no term of that name; says which is near.
    """
    if isinstance(given, PaymentTerm):
        return given, setting
    named = policy.named(given)
    if named.customised is not Tri.NO:
        customised = any_of((setting.customised, named.customised))
        setting = setting._replace(customised=customised)
    return named.term, setting


def rate_one(
    term: PaymentTerm,
    setting: Setting,
    policy: PaymentPolicy,
    as_of: dt.date | None,
) -> TermVerdict:
    """Rate one term in a setting that has been checked."""
    bench = policy.bench
    slices = slices_of(term, bench.qualities)
    case = Case(slices, setting.customised)
    asked: tuple[str, ...] = ()
    if is_open(case):
        spread = look_out(case, policy)
        possible, unsafe, uncontrolled, prepaid, asked = spread
        value = possible[0] if len(possible) == 1 else None
    else:
        safety, control, unsafe, uncontrolled, prepaid = judge(case, bench)
        value = RATINGS[safety[0], control[0]]
        possible = (value,)
    asked += questions_of(term, setting, policy)
    days, uncovered = exposure(slices)
    return TermVerdict(
        value,
        possible,
        _missing(asked) if asked else (),
        flags_of(term, setting, policy),
        bench.ref,
        as_of,
        term,
        interval(prepaid, WHOLE),
        interval(unsafe, SQUARE),
        interval(uncontrolled, SQUARE),
        interval(uncovered, SQUARE),
        interval(days, WHOLE),
        evidence=TermEvidence(term, setting.customised, policy),
    )


def _missing(asked: tuple[str, ...]) -> tuple[Missing, ...]:
    return tuple(
        Missing(name, (FACTS if name in FACTS else TERM_FACTS)[name].question)
        for name in dict.fromkeys(asked)
    )
