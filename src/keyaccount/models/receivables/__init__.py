"""Do they pay, how late, and how well does what is owed to us come in?

DOMAIN 2.5 (DSO, best possible DSO, ADD, CEI), A-1, A-2; S3-16 (collection), S2-13.
`measure` judges a period's totals, `ageing` sorts open invoices by how late they are;
`position`, `collected` and `totals` turn invoices into the figures that other models
ask for. An invoice is never set off against a credit note that nobody has set off,
and two currencies never add. It says how a customer pays, not whether it can pay.
"""

from __future__ import annotations

from ._ageing import AgeingRow, AgeingVerdict, ageing
from ._balances import by_currency
from ._facts import FACTS, INPUT_FACTS, facts
from ._figures import Figure
from ._history import Collections, collected, position, totals
from ._measure import CollectionVerdict, measure
from ._policy import AgeBucket, ReceivablesPolicy, default_policy


__all__ = [
    "FACTS",
    "INPUT_FACTS",
    "AgeBucket",
    "AgeingRow",
    "AgeingVerdict",
    "CollectionVerdict",
    "Collections",
    "Figure",
    "ReceivablesPolicy",
    "ageing",
    "by_currency",
    "collected",
    "default_policy",
    "facts",
    "measure",
    "position",
    "totals",
]
