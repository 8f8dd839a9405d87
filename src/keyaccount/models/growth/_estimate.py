"""A share guessed from a rank, for where nobody knows the wallet: an estimate."""

from __future__ import annotations

from fractions import Fraction

import attrs

from keyaccount import wire
from keyaccount.exceptions import Problems
from keyaccount.rules import Reason, display

from ._telling import told


__all__ = ["EstimatedShare", "estimated_share"]


@attrs.frozen
class EstimatedShare(wire.Plain, display.Explained):
    """What share of a wallet goes with a rank among suppliers: a guess, no measure.

    No other answer of this model uses it; it is never put in place of a share.
    """

    rank: int
    suppliers: int
    share: float
    flags: tuple[str, ...] = ("estimated-share",)

    @property
    def why(self) -> Reason:
        """The rule, and what it makes of the rank."""
        place = ("rank", str(self.rank)), ("suppliers", str(self.suppliers))
        return Reason("share-by-rank", (*place, ("unit", "share"), ("got", self.share)))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the estimate, and that it is one, in a language."""
        return told(self.why, locale, {}, flags=self.flags)


def estimated_share(rank: int, suppliers: int) -> EstimatedShare:
    """Estimate our share of a wallet by our rank among all suppliers (DOMAIN 2.1).

    The wallet allocation rule: (1 − rank ÷ (n + 1)) · 2 ÷ n. The shares of all ranks
    add up to 1. Not for judging: ask what the customer spends.

    >>> estimated_share(1, 3).share, estimated_share(3, 3).share
    (0.5, 0.16666666666666666)

    Args:
        rank: 1 for the supplier that the customer prefers; a tie is the mean rank's
            affair, not this rule's.
        suppliers: how many the customer buys from, us among them.

    Raises:
        InvalidValueError: no such rank.
    """
    problems = Problems()
    wholes = [
        problems.is_a(name, value, int, "a whole number")
        for name, value in (("rank", rank), ("suppliers", suppliers))
    ]
    if all(wholes) and not 1 <= rank <= suppliers:
        problems.add("rank", "out-of-range", rank, f"1 to {suppliers}")
    problems.check("estimated_share")
    share = Fraction(2 * (suppliers + 1 - rank), suppliers * (suppliers + 1))
    return EstimatedShare(rank, suppliers, float(share))
