"""Why a customer's category reads as it does: the figures, the gaps, the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

import attrs

from keyaccount.domain import Money
from keyaccount.rules import Facts, Reason, explain_rows, explain_table
from keyaccount.wording import plain

from ._pairs import Pair, is_by_category
from ._policy import GrowthPolicy
from ._ratios import change, ratio
from ._room import amount_text


__all__ = ["GrowthEvidence"]


Data: TypeAlias = tuple[tuple[str, float | str], ...]
_FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "ours": "our_sales",
        "wallet": "category_spend",
        "business": "customer_business",
        "rival": "rival_sales",
    }
)


@attrs.frozen
class GrowthEvidence:
    """What a verdict on growth keeps to explain itself."""

    policy: GrowthPolicy
    pair: Pair
    facts: Facts

    def reason(self) -> Reason:
        """Say where we stand, with the figures first and the rules after them."""
        possible = self.policy.quadrants.possible(self.facts)
        data: Data = (
            ("customer", self.pair.customer_id),
            ("category", self.pair.category or ""),
            ("year", str(self.pair.year)),
            ("outcome", possible[0]),
            ("best", possible[-1]),
            ("answers", "growth-quadrant"),
        )
        parts = (
            *self._accounts(),
            *self._figures(),
            *explain_table(self.policy.quadrants.table, self.facts).because,
            *self._warnings(),
        )
        state = "read" if len(possible) == 1 else "open"
        whole = "" if self.pair.category else "-all"
        return Reason(f"growth-{state}{whole}", data, parts)

    def _accounts(self) -> Iterator[Reason]:
        names = self.pair.accounts
        if len(names) > 1:
            yield Reason("growth-accounts", (("names", ", ".join(names)),))

    def _figures(self) -> Iterator[Reason]:
        yield self._figure("ours")
        yield self._figure("wallet")
        yield self._share()
        if is_by_category(self.pair.amounts) is False:
            yield self._figure("business")
            yield from self._gap("business")
        else:
            yield from self._gap("wallet")
        yield from self._rival()

    def _figure(self, figure: str) -> Reason:
        """Say what an amount is, what it was, and how it has grown."""
        now, before = self._both(figure)
        data: Data = (("row", figure), ("table", "growth-figure"), ("unit", "share"))
        if now is not None:
            data = (*data, ("amount", self._text(now)))
        if before is not None:
            data = (*data, ("earlier", self._text(before)))
        growth = change(now, before)
        if growth is not None:
            return Reason("figure-growth", (*data, ("growth", float(growth))))
        if now is None:
            code = "figure-unknown" if before is None else "figure-earlier"
            return Reason(code, data)
        return Reason("figure-now" if before is None else "figure-from-nothing", data)

    def _share(self) -> Reason:
        """Say which part of the wallet is ours, and was."""
        share, before = self.facts["wallet_share"], self.facts["wallet_share_before"]
        data: Data = (("unit", "share"),)
        if isinstance(share, float):
            data = (*data, ("got", share))
        if isinstance(before, float):
            data = (*data, ("earlier", before))
        code = "wallet-share" if "got" in dict(data) else "wallet-share-unknown"
        return Reason(code + ("-earlier" if "earlier" in dict(data) else ""), data)

    def _gap(self, figure: str) -> Iterator[Reason]:
        """Say by how many points our growth is above another's, or below."""
        ours, theirs = change(*self._both("ours")), change(*self._both(figure))
        if ours is None or theirs is None:
            return
        gap = ours - theirs
        data: Data = (("row", figure), ("table", "growth-figure"))
        if gap == 0:
            yield Reason("growth-level", data)
        else:
            points: Data = (("got", _points(gap)), ("needed", 0.0), ("unit", "mark"))
            code = "growth-ahead" if gap > 0 else "growth-behind"
            yield Reason(code, (*data, *points))

    def _rival(self) -> Iterator[Reason]:
        """Say who the largest competitor is, how it grows, how large we are beside."""
        now, before = self.pair.rivals
        cell = self.pair.now
        if cell is not None and cell.rivals == ():
            yield Reason("rival-none")
        if now is None and before is None:
            if cell is None or cell.rivals is None:
                yield self._figure("rival")
            return
        yield self._figure("rival")
        if now is not None:
            yield _named(now.name, before.name if before else now.name)
        told = self.pair.amounts
        share = ratio(told["our_sales"], told["rival_sales"])
        if share is not None:
            data: Data = (("unit", "ratio"), ("got", share))
            earlier = ratio(told["our_sales_before"], told["rival_sales_before"])
            if earlier is None:
                yield Reason("relative-share", data)
            else:
                yield Reason("relative-share-earlier", (*data, ("earlier", earlier)))
        yield from self._gap("rival")

    def _warnings(self) -> Iterator[Reason]:
        """Say of every rule that warns, or may, what it found."""
        for part in explain_rows(self.policy.flags.table, self.facts):
            if part.code != "row-fails":
                yield part

    def _both(self, figure: str) -> tuple[Decimal | None, Decimal | None]:
        told, name = self.pair.amounts, _FIGURES[figure]
        return told[name], told[f"{name}_before"]

    def _text(self, amount: Decimal) -> str:
        return amount_text(Money(amount, self.pair.currency))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _named(name: str, earlier: str) -> Reason:
    told: Data = (("name", plain(name)),)
    if name == earlier:
        return Reason("rival-named", told)
    return Reason("rival-other", (*told, ("earlier", plain(earlier))))


def _points(gap: Fraction) -> float:
    """Return a gap in percentage points, without its sign.

    It is never nothing, and is held against 0 so as not to be written like it.
    """
    return float(abs(gap) * 100)
