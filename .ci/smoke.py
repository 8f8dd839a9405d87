"""Asks an installed keyaccount for one reasoned answer, in three languages."""

from __future__ import annotations

import keyaccount as ka


verdict = ka.payment.rate("deposit-and-balance-before-shipment")
for locale in ("en", "zh-Hans", "zh-Hant"):
    lines = verdict.explain(locale)
    assert lines  # noqa: S101 - a smoke test
    print(lines[0])
for name in ka.__all__:
    getattr(ka, name)
print(len(ka.__all__), "names fetched")
