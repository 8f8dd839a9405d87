"""How safe, how controllable are these payment terms?

S4-13, S4-13a to S4-13f, DOMAIN 4. Safety asks who stands behind the money if the
buyer will not pay, controllability what lever is in our own hand; the two are
ordered one after the other and never averaged. Every part of the price is judged by
two tables, and the parts are added up: what is at the worst level must not be more
than the policy calls immaterial. It rates the term, not the buyer: judge the
buyer's credit apart. Notes on payment rules are advisory.
"""

from __future__ import annotations

from ._appetite import appetite
from ._choice import Acceptance, Choice, choose, mitigate
from ._facts import FACTS, TERM_FACTS
from ._flags import FLAGS, Buyer
from ._mitigate import Mitigation, TermChange
from ._opinions import Appetite, CoverRule, NamedTerm, Remedy, RemedyKind
from ._policy import PaymentPolicy, default_policy
from ._rate import TermVerdict, catalogue, facts, rate
from ._sums import Rating


__all__ = [
    "FACTS",
    "FLAGS",
    "TERM_FACTS",
    "Acceptance",
    "Appetite",
    "Buyer",
    "Choice",
    "CoverRule",
    "Mitigation",
    "NamedTerm",
    "PaymentPolicy",
    "Rating",
    "Remedy",
    "RemedyKind",
    "TermChange",
    "TermVerdict",
    "appetite",
    "catalogue",
    "choose",
    "default_policy",
    "facts",
    "mitigate",
    "rate",
]
