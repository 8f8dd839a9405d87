"""What another policy would change in a portfolio: which rows, from what, to what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import attrs
import narwhals as nw

from keyaccount.domain import ValueTier
from keyaccount.exceptions import CurrencyMismatchError, Problems
from keyaccount.models.tiering import TieringPolicy

from ._columns import ColumnForm
from ._engines import back, opened
from ._facts import Names
from ._portfolio import counted
from ._sheet import NO_COLUMNS, NO_NAMES, Wanted
from ._tiering import tiering


__all__ = ["Changes", "Flow", "changes"]


FrameT = TypeVar("FrameT")

_PARTS: tuple[Wanted, ...] = ("bounds",)
_OPEN = "open"
_TIERS = tuple(
    tier.value for tier in ValueTier
)  # the best first, problem, unclassified


@attrs.frozen
class Flow:
    """How many rows go from one tier to another.

    A tier is the effective one: `problem`, or else the rung, `open` while it is not
    settled. `changed` counts those of the rows that are different: all of them where
    the tiers differ; where they do not, those whose rung changed behind a problem, or
    that are open between other rungs than before.
    """

    before: str
    after: str
    count: int
    changed: int


@attrs.frozen
class Changes(Generic[FrameT]):
    """What another policy changes in a portfolio.

    `frame` has the rows that change, of the same kind as the frame that was given, with
    the answers of both policies; `flows` counts all rows, whether they change or not.
    """

    rows: int
    changed: int
    flows: tuple[Flow, ...]
    frame: FrameT = attrs.field(eq=False, repr=False)

    @property
    def matrix(self) -> dict[str, dict[str, int]]:
        """The counts of all rows, by the tier before, then by the tier after."""
        found: dict[str, dict[str, int]] = {}
        for flow in self.flows:
            found.setdefault(flow.before, {})[flow.after] = flow.count
        return found

    def to_dict(self) -> dict[str, object]:
        """Return plain data, without the frame."""
        return attrs.asdict(self, filter=lambda field, _: field.name != "frame")


def changes(  # noqa: PLR0913 - what a caller can say, all by name
    frame: FrameT,
    before: TieringPolicy,
    after: TieringPolicy,
    *,
    name: str = "tiering",
    names: Names = NO_NAMES,
    names_after: Names | None = None,
    columns: Mapping[type, ColumnForm] = NO_COLUMNS,
    rowwise: bool = False,
) -> Changes[FrameT]:
    """Say which rows change their tier between two tiering policies.

    A row changes if the lowest or the highest rung that is possible for it is another
    one, or its effective tier is. (`book.changes` looks at the rungs in between, too.)

    The rows that change come back with `NAME_before`, `NAME_before_low`, `…_high`,
    `…_problem`, `…_effective`, and the same after `NAME_after`. A lazy frame stays
    lazy; only the counts are worked out.

    Args:
        frame: of any engine, with ready facts, a row a customer.
        before: the policy that you have.
        after: the policy that you think of, in the same currency.
        name: what the answers are called.
        names: as for `score`, as are the others.
        names_after: columns for the second policy where it measures otherwise, by
            another basis or over other years; *names*, if left out.
        columns: column forms of your own scorers, by type.
        rowwise: whether scorers without one are asked row by row.

    Raises:
        CurrencyMismatchError: the policies have two currencies; the amounts of a frame
            have one.
        InvalidValueError: the policies measure by different bases or years, and there
            is no *names_after*; no frame, or columns that cannot be used.
        UnknownFactError: *names* speaks of a fact that is not declared.
    """
    _check(before, after, is_told=names_after is not None)
    first, second = f"{name}_before", f"{name}_after"
    was = tiering(
        frame,
        policy=before,
        name=first,
        names=names,
        parts=_PARTS,
        columns=columns,
        rowwise=rowwise,
    )
    both = tiering(
        was,
        policy=after,
        name=second,
        names=names if names_after is None else names_after,
        parts=_PARTS,
        columns=columns,
        rowwise=rowwise,
    )
    judged = opened(both)
    differs = _differs(first, second)
    keys = {
        "before": _word(f"{first}_effective"),
        "after": _word(f"{second}_effective"),
        "differs": differs,
    }
    flows = _flows(counted(judged, keys))
    return Changes(
        sum(flow.count for flow in flows),
        sum(flow.changed for flow in flows),
        flows,
        back(judged.filter(differs), frame),
    )


def _differs(first: str, second: str) -> nw.Expr:
    """Say where the ends differ, or only one of the two is surely a problem."""
    low, high = (
        _text(f"{first}_{end}") != _text(f"{second}_{end}") for end in ("low", "high")
    )
    was, now = (
        nw.col(f"{title}_problem").fill_null(False)  # noqa: FBT003 - a literal
        for title in (first, second)
    )
    return low | high | (was != now)


def _word(title: str) -> nw.Expr:
    return _text(title).fill_null(_OPEN)


def _flows(found: Mapping[tuple[float | str, ...], int]) -> tuple[Flow, ...]:
    """Order the counts by tier, the best first, what is open last."""
    order = (*_TIERS, _OPEN)
    return tuple(
        Flow(before, after, same + changed, changed)
        for before in order
        for after in order
        if (same := found.get((before, after, False), 0))
        + (changed := found.get((before, after, True), 0))
    )


def _text(title: str) -> nw.Expr:
    return nw.col(title).cast(nw.String)


def _check(before: TieringPolicy, after: TieringPolicy, *, is_told: bool) -> None:
    problems = Problems()
    given: Mapping[str, object] = {"before": before, "after": after}
    for path, policy in given.items():
        if not isinstance(policy, TieringPolicy):
            wanted = "a tiering policy"
            problems.add(path, "wrong-type", type(policy).__name__, wanted)
    problems.check("changes")
    if before.currency != after.currency:
        remedy = "give both policies the currency of the frame's amounts"
        raise CurrencyMismatchError(before.currency, after.currency, remedy)
    for field in ("basis", "years"):
        was = getattr(before.yardstick, field)
        now = getattr(after.yardstick, field)
        if was != now and not is_told:
            wanted = f"{was}, as before; or names_after, the columns measured so"
            problems.add(f"after.{field}", "contradiction", now, wanted)
    problems.check("changes")
