"""What is it worth over its life?

S3-1, S3-6, DOMAIN 2.1 (CLV). `value` judges a contract, in closed form and exactly;
`purchase_value` judges a history of purchases by models that `keyaccount.predict` has
fitted: who is still a customer, how often it will buy, for how much. What a customer's
influence brings stands apart from its own value and is never added to it. Everything
that an answer assumes is listed in it. It is no forecast of next month's sales, and
says nothing of what it costs to win or to keep the customer.
"""

from __future__ import annotations

from ._amounts import AmountRange
from ._facts import FACTS, PURCHASE_FACTS, facts, purchase_facts
from ._fits import PurchaseFit, SpendFit
from ._histories import Histories, histories
from ._policy import Assumption, FirstMargin, LifetimePolicy, default_policy
from ._purchases import PurchaseVerdict, purchase_value
from ._value import LifetimeVerdict, value


__all__ = [
    "FACTS",
    "PURCHASE_FACTS",
    "AmountRange",
    "Assumption",
    "FirstMargin",
    "Histories",
    "LifetimePolicy",
    "LifetimeVerdict",
    "PurchaseFit",
    "PurchaseVerdict",
    "SpendFit",
    "default_policy",
    "facts",
    "histories",
    "purchase_facts",
    "purchase_value",
    "value",
]
