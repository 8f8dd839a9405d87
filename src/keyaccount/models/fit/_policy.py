"""The opinions on fit: what is complete, what is a match, what the channel does."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount import policies
from keyaccount.domain import ChannelOutlook
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    FactSchema,
    Policy,
    Row,
    TableParts,
    checked_table,
    compile_table,
)

from ._facts import BACKGROUND_FACTS, CHANNEL_FACTS, FACTS, PRODUCT_FACTS
from ._ways import Ask, asking


__all__ = ["FitPolicy", "default_policy"]


_NO, _YES = "no", "yes"
_OUTLOOKS = tuple(outlook.value for outlook in reversed(ChannelOutlook))


@attrs.frozen(kw_only=True)
class FitPolicy(Policy):
    """When an analysis is complete, what a match is, and when the customer fits.

    Of each list the first row that fires answers. `background_rows`, `product_rows`
    and `account_rows` say yes or no, and no where none fires; `channel_rows` say the
    outlook, flat where none fires.
    """

    background_rows: tuple[Row, ...]
    product_rows: tuple[Row, ...]
    channel_rows: tuple[Row, ...]
    account_rows: tuple[Row, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_days(problems)
        for path, parts in (
            ("background_rows", self._background()),
            ("product_rows", self._product()),
            ("channel_rows", self._channel()),
            ("account_rows", self._account()),
        ):
            checked_table(problems, path, **parts)
        problems.check(f"policy {self.name}")

    def _check_days(self, problems: Problems) -> None:
        given = [number.value for number in self.numbers if number.id == "stale_after"]
        if not given:
            problems.add("numbers", "missing", expected="numbers.stale_after")
        for value in given:
            if not (value.is_finite() and value >= 0):
                path = "numbers.stale_after.value"
                problems.add(path, "out-of-range", value, "0 or more")

    @functools.cached_property
    def background(self) -> Compiled:
        """The table that says whether the background is known (S4-10)."""
        return compile_table(DecisionTable(**self._background()))

    @functools.cached_property
    def product(self) -> Compiled:
        """The table that says whether the product matches (S4-11)."""
        return compile_table(DecisionTable(**self._product()))

    @functools.cached_property
    def channel(self) -> Compiled:
        """The table of channel outlooks (S4-12)."""
        return compile_table(DecisionTable(**self._channel()))

    @functools.cached_property
    def account(self) -> Compiled:
        """The table that says whether they and we match (S4-14)."""
        return compile_table(DecisionTable(**self._account()))

    @functools.cached_property
    def asking(self) -> Mapping[str, Ask]:
        """The four tables by their short names, set up to be asked often."""
        tables = {
            "background": self.background,
            "product": self.product,
            "channel": self.channel,
            "account": self.account,
        }
        return MappingProxyType({name: asking(one) for name, one in tables.items()})

    def _background(self) -> TableParts:
        rows, answers = self.background_rows, "background-analysis"
        return _parts("fit-background", BACKGROUND_FACTS, rows, answers)

    def _product(self) -> TableParts:
        return _parts("fit-product", PRODUCT_FACTS, self.product_rows, "product-match")

    def _channel(self) -> TableParts:
        return {
            "name": "fit-channel",
            "about": CHANNEL_FACTS,
            "rows": self.channel_rows,
            "otherwise": ChannelOutlook.FLAT.value,
            "outcomes": _OUTLOOKS,
            "answers": "channel-outlook",
        }

    def _account(self) -> TableParts:
        return _parts("fit-account", FACTS, self.account_rows, "account-fit")


def _parts(
    name: str, about: FactSchema, rows: tuple[Row, ...], answers: str
) -> TableParts:
    """Return the parts of a table that says yes or no."""
    return {
        "name": name,
        "about": about,
        "rows": rows,
        "otherwise": _NO,
        "outcomes": (_NO, _YES),
        "answers": answers,
    }


@functools.cache
def default_policy() -> FitPolicy:
    """Return the shipped policy."""
    return policies.read("fit", FitPolicy)
