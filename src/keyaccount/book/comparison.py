"""Two reviews of a portfolio side by side: who moved, who came, who went (S2-25)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wording
from keyaccount.domain import Customer, Outlook, ProspectClass, Relation, ValueTier
from keyaccount.exceptions import Problems
from keyaccount.models import tiering
from keyaccount.rules import display

from .movers import Mover, class_mover
from .moves import Move, move_of, sorted_moves
from .portfolio import Portfolio
from .sheet import Account, Sheet
from .shown import Page, headings, said, standing


__all__ = [
    "ClassMove",
    "Comparison",
    "Flow",
    "Migration",
    "Turn",
    "class_changes",
    "compare",
]


JOINED, LEFT, OPEN = "joined", "left", "open"
PROSPECT_OPEN, UNCONVERTED = "prospect-open", "unconverted"

_PLACES = (
    *(tier.value for tier in ValueTier),
    OPEN,
    UNCONVERTED,
    *(kind.value for kind in ProspectClass),
    PROSPECT_OPEN,
    JOINED,
    LEFT,
)


@attrs.frozen
class Flow:
    """How many customers go from one standing to another."""

    before: str
    after: str
    count: int


@attrs.frozen(repr=False)
class Migration(Page):
    """How many customers went from where to where; who stays is counted, too.

    A standing is a tier's slug (`problem` for whoever is one), `open` where more than
    one rung is possible, a prospect's class or `prospect-open`, `unconverted` where
    the amounts could not be brought into the policy's currency. Whoever was not there
    before comes from `joined`, whoever is not there any more goes to `left`.
    """

    flows: tuple[Flow, ...]

    @property
    def total(self) -> int:
        """How many customers there were in either review."""
        return sum(flow.count for flow in self.flows)

    @property
    def befores(self) -> tuple[str, ...]:
        """The standings that somebody came from, the best first."""
        return _placed({flow.before for flow in self.flows})

    @property
    def afters(self) -> tuple[str, ...]:
        """The standings that somebody went to, the best first."""
        return _placed({flow.after for flow in self.flows})

    def count(self, before: str | None = None, after: str | None = None) -> int:
        """Return how many went from one standing to another; None: from, to any."""
        return sum(
            flow.count
            for flow in self.flows
            if before in {None, flow.before} and after in {None, flow.after}
        )

    @property
    def rows(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The matrix: a row a standing before, a number for each of `afters`."""
        afters = self.afters
        return tuple(
            (before, tuple(self.count(before, after) for after in afters))
            for before in self.befores
        )

    def label(self, standing: str, locale: str = "en") -> str:
        """Return what people call a standing."""
        kinds = ("value-tier", "prospect-class", "migration")
        told = (kind for kind in kinds if wording.has(f"{kind}.{standing}", locale))
        return wording.label(next(told, "migration"), standing, locale)

    def html(self, locale: str = "en") -> display.Html:
        """Write the matrix as HTML in a language: from where, to where, how many."""
        return display.block(locale, self.matrix_table(locale))

    def matrix_table(self, locale: str) -> str:
        """Return the matrix as a table; nothing where there is nobody."""
        names = [self.label(one, locale) for one in self.afters]
        rows = (
            (self.label(before, locale), *(str(count or "") for count in counts))
            for before, counts in self.rows
        )
        was = said("against.was", locale)
        return display.table(said("shown.matrix", locale), (was, *names), rows, locale)

    def _counts(self) -> tuple[str, ...]:
        return f"{self.total} customers", f"{len(self.flows)} flows"


@attrs.frozen
class ClassMove:
    """A prospect whose class moved, and the one fact that moved it most."""

    customer: Customer
    before: tiering.ProspectVerdict
    after: tiering.ProspectVerdict
    mover: Mover | None = None

    @property
    def fact(self) -> str | None:
        """The name of the one fact that moved it most."""
        return None if self.mover is None else self.mover.fact


@attrs.frozen
class Turn:
    """A customer that is judged otherwise than before: a prospect trades now, say.

    `before` and `after` are standings, as in the migration matrix.
    """

    customer: Customer
    before: str
    after: str


@attrs.frozen(repr=False)
class Comparison(Page):
    """What changed from one review to another.

    `moves` are the customers that trade and whose tier moved, `prospects` those whose
    class did, `turned` those that have a tier instead of a class or the other way
    round, or whose amounts can be converted in one review only. `joined` and `left`
    are the customers of one review only. `matrix` counts them all.
    """

    before: dt.date
    after: dt.date
    moves: tuple[Move, ...]
    prospects: tuple[ClassMove, ...]
    turned: tuple[Turn, ...]
    joined: tuple[Customer, ...]
    left: tuple[Customer, ...]
    matrix: Migration

    @property
    def has_changed(self) -> bool:
        """Whether anybody moved, came or went."""
        found = (self.moves, self.prospects, self.turned, self.joined, self.left)
        return any(found)

    def html(self, locale: str = "en") -> display.Html:
        """Write it as HTML in a language: who moved and by which fact, the matrix."""

        def named(one: str) -> str:
            return self.matrix.label(one, locale)

        moved: tuple[Move | ClassMove, ...] = (*self.moves, *self.prospects)
        count = len(moved) + len(self.turned)
        title = said(
            "against.title",
            locale,
            day=self.before.isoformat(),
            moved=count,
            count=self.matrix.total,
        )
        rows: list[tuple[str, ...]] = [
            (
                one.customer.name,
                standing(one.before, locale),
                standing(one.after, locale),
                "" if one.mover is None else one.mover.says(locale),
            )
            for one in moved
        ]
        rows += [
            (turn.customer.name, *map(named, (turn.before, turn.after)), "")
            for turn in self.turned
        ]
        columns = ("review.customer", "against.was", "against.is", "against.why")
        comma = said("review.comma", locale)
        told = (
            said(f"against.{code}", locale, names=_few(names, comma, locale))
            for code, names in (("joined", self.joined), ("left", self.left))
            if names
        )
        return display.block(
            locale,
            display.headline(title),
            display.remarks(told),
            display.table(
                said("report.caption-moves", locale),
                headings(locale, *columns),
                rows,
                locale,
            ),
            self.matrix.matrix_table(locale),
        )

    def _counts(self) -> tuple[str, ...]:
        moved = len(self.moves) + len(self.prospects) + len(self.turned)
        ends = f"{self.before} to {self.after}"
        return (
            ends,
            f"{moved} moved",
            f"{len(self.joined)} joined",
            f"{len(self.left)} left",
        )


def compare(before: Portfolio, after: Portfolio) -> Comparison:
    """Say who moved between two reviews, from where to where, and by which fact.

    Each review was judged by its own policy, as of its own day, so that a move may
    come from the facts or from the policy: `Move.mover` says which. Customers are
    told apart by their ids; the order of the reviews' sheets changes nothing.

    Raises:
        InvalidValueError: something else than a review, or a customer twice in one.
    """
    problems = Problems()
    for path, review in (("before", before), ("after", after)):
        problems.is_a(path, review, Portfolio, "a Portfolio, as review gives it")
    problems.check("compare")
    old = _by_id("before", before, problems)
    new = _by_id("after", after, problems)
    problems.check("compare")
    moves: list[Move] = []
    prospects: list[ClassMove] = []
    turned: list[Turn] = []
    counts: Counter[tuple[str, str]] = Counter()
    for slug in sorted({*old, *new}):
        was, now = old.get(slug), new.get(slug)
        ends = _standing(was, JOINED), _standing(now, LEFT)
        counts[ends] += 1
        if was is None or now is None:
            continue
        if was.tier is not None and now.tier is not None:
            move = move_of(now.customer, was.tier, now.tier)
            moves += [] if move is None else [move]
        elif was.prospect is not None and now.prospect is not None:
            prospects += _class_moves(now.customer, was.prospect, now.prospect)
        elif ends[0] != ends[1]:
            turned.append(Turn(now.customer, *ends))
    return Comparison(
        before.as_of,
        after.as_of,
        sorted_moves(moves),
        tuple(prospects),
        tuple(turned),
        tuple(new[slug].customer for slug in sorted(new.keys() - old.keys())),
        tuple(old[slug].customer for slug in sorted(old.keys() - new.keys())),
        _migration(counts),
    )


def class_changes(
    accounts: Iterable[Account],
    before: tiering.TieringPolicy,
    after: tiering.TieringPolicy,
    *,
    as_of: dt.date,
) -> tuple[ClassMove, ...]:
    """Say which prospects change their class between two policies, and why.

    `changes` does the same for the tiers of those that trade.
    """
    asked = (one for one in accounts if one.customer.relation is Relation.PROSPECT)
    moves: list[ClassMove] = []
    for account in sorted(asked, key=lambda one: one.customer.id):
        outlook = account.outlook or Outlook()
        old, new = (
            tiering.prospect(outlook, as_of=as_of, policy=policy)
            for policy in (before, after)
        )
        moves += _class_moves(account.customer, old, new)
    return tuple(moves)


_MOST_NAMES = 4


def _few(customers: tuple[Customer, ...], comma: str, locale: str) -> str:
    """List the first names, and say how many more there are."""
    listed = comma.join(one.name for one in customers[:_MOST_NAMES])
    more = len(customers) - _MOST_NAMES
    if more <= 0:
        return listed
    return f"{listed} {said('review.more', locale, count=more)}"


def _by_id(path: str, portfolio: Portfolio, problems: Problems) -> dict[str, Sheet]:
    found: dict[str, Sheet] = {}
    for sheet in portfolio:
        if sheet.customer.id in found:
            problems.add(path, "duplicate", sheet.customer.id)
        found[sheet.customer.id] = sheet
    return found


def _standing(sheet: Sheet | None, absent: str) -> str:
    if sheet is None:
        return absent
    if sheet.tier is not None:
        effective = sheet.tier.effective
        return OPEN if effective is None else effective.value
    if sheet.prospect is not None:
        kind = sheet.prospect.value
        return PROSPECT_OPEN if kind is None else kind.value
    return UNCONVERTED


def _class_moves(
    customer: Customer,
    was: tiering.ProspectVerdict,
    now: tiering.ProspectVerdict,
) -> tuple[ClassMove, ...]:
    if was.possible == now.possible:
        return ()
    mover = class_mover(was.evidence, now.evidence)
    return (ClassMove(customer, was, now, mover),)


def _placed(standings: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(standings, key=_PLACES.index))


def _migration(counts: Mapping[tuple[str, str], int]) -> Migration:
    def place(flow: Flow) -> tuple[int, int]:
        return _PLACES.index(flow.before), _PLACES.index(flow.after)

    flows = (Flow(*ends, count) for ends, count in counts.items())
    return Migration(tuple(sorted(flows, key=place)))
