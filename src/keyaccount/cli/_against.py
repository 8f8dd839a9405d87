"""What `keyaccount review --against` says: who moved since the last review, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from keyaccount import book, wire, wording
from keyaccount.domain import Customer, FxTable, TierRecord
from keyaccount.models import tiering
from keyaccount.rules import FactValue, Interval
from keyaccount.tri import Tri

from ._designations import (
    Redesignated,
    designations,
    redesignated,
    redesignated_slugs,
    show_redesignated,
)
from ._errors import UsageError
from ._folder import read_tables
from ._last import Last, written_review
from ._rungs import (
    changed_rungs,
    changed_slugs,
    held_rungs,
    held_slugs,
    show_changed,
    show_held,
    show_rest,
)
from ._screen import Heading, Screen
from ._text import plain, shortened
from ._words import Words


__all__ = [
    "Since",
    "check_order",
    "last_review",
    "record_slugs",
    "show_since",
    "since",
    "since_slugs",
    "title_of",
]


_MOST_MOVES = 60
_MOST_NAMES = 8
_SHORT = 18


@attrs.frozen
class Since:
    """Two reviews side by side, and where this one leaves everybody's rung."""

    last: Last
    comparison: book.Comparison
    reclassified: book.Reclassified
    most_strikes: int
    redesignated: tuple[Redesignated, ...] = ()

    @property
    def has_changed(self) -> bool:
        """Whether anybody moved, came or went, or is something else to us."""
        told = (self.comparison.has_changed, self.rungs, self.redesignated)
        return any(map(bool, told))

    @property
    def rungs(self) -> tuple[book.Reviewed, ...]:
        """Those whose rung this review changes, and whose figures alone do not say so.

        A second weak review lowers a rung whose figures have said the same before.
        """
        return changed_rungs(self.reclassified, self.comparison.moves)

    @property
    def moved_count(self) -> int:
        """How many of the customers of both reviews moved, by figures or by rung."""
        comparison = self.comparison
        customers = [one.customer for one in comparison.moves]
        customers += [one.customer for one in comparison.prospects]
        customers += [one.customer for one in comparison.turned]
        customers += [one.customer for one in self.rungs]
        return len({customer.id for customer in customers})

    @property
    def held(self) -> tuple[book.Reviewed, ...]:
        """Those whose rung the anti-flap rule keeps, or who are still supervised."""
        return held_rungs(self.reclassified)


def last_review(
    path: Path,
    policies: book.Policies,
    *,
    mapping: Path | None,
    by_groups: bool,
    screen: Screen,
) -> Last:
    """Read the last review: the folder of its tables, or the JSON that it wrote.

    Raises:
        ReadError: it can be read as neither.
        UsageError: its tables hold no full year.
    """
    rules = policies.tiering or tiering.default_policy()
    if not path.is_dir():
        return written_review(path, rules, by_groups=by_groups)
    company = read_tables(path, mapping, screen, policies)
    day = company.latest_full_year_end
    if day is None:
        raise UsageError("--against", path.name, screen.say("against.no-day"))
    if company.report.rejected:
        count = company.report.rejected
        screen.aside(screen.say("against.left-out", count=count, file=path.name))
    accounts = company.accounts
    if by_groups:
        accounts = book.roll_up(accounts).accounts
    fx = company.fx
    portfolio = book.review(
        accounts, as_of=day, policies=policies, fx=fx, intents=company.intents
    )
    first = book.reclassify(accounts, as_of=day, policies=policies, fx=fx)
    return Last(portfolio, first.records, designations(portfolio))


def check_order(last: Last, after: dt.date, screen: Screen) -> None:
    """See to it that the last review is no later than this one.

    Raises:
        UsageError: it is.
    """
    before = last.portfolio.as_of
    if before > after:
        wanted = screen.say("against.later", day=before.isoformat())
        raise UsageError("--as-of", after.isoformat(), wanted)


def since(
    last: Last,
    portfolio: book.Portfolio,
    policies: book.Policies,
    fx: FxTable | None,
    screen: Screen,
) -> Since:
    """Compare a review with the last one, and review every rung from there.

    Raises:
        UsageError: the last review is later than this one.
    """
    after = portfolio.as_of
    check_order(last, after, screen)
    found = book.reclassify(
        [sheet.account for sheet in portfolio],
        last.records,
        as_of=after,
        policies=policies,
        fx=fx,
    )
    rules = policies.tiering or tiering.default_policy()
    compared = book.compare(last.portfolio, portfolio)
    most = int(rules.number("strikes"))
    others = redesignated(last.designated, portfolio)
    return Since(last, compared, found, most, others)


def show_since(found: Since, words: Words) -> None:
    """Print who moved, whom the anti-flap rule keeps, who came and went."""
    screen, say, comparison = words.screen, words.screen.say, found.comparison
    rows = list(_rows(comparison, words))
    screen.line()
    screen.line(title_of(found, screen), "bold")
    if found.last.is_judged_anew:
        screen.line(say("against.anew"))
    if rows:
        headings = (
            Heading(say("diff.customer"), wraps=True, most=28),
            Heading(say("against.was"), wraps=True, most=16),
            Heading(say("against.is"), wraps=True, most=16),
            Heading(say("against.why"), wraps=True),
        )
        screen.table(headings, rows[:_MOST_MOVES])
        show_rest(len(rows) - _MOST_MOVES, screen)
    show_changed(found.rungs, words)
    show_redesignated(found.redesignated, words)
    show_held(found.held, found.most_strikes, words)
    for code, customers in (
        ("against.joined", comparison.joined),
        ("against.left", comparison.left),
    ):
        if customers:
            screen.line(say(code, names=_names(customers, words)))
    if comparison.has_changed:
        _matrix(comparison.matrix, words)


def title_of(found: Since, screen: Screen) -> str:
    """Say how many of the customers of both reviews moved."""
    comparison = found.comparison
    came, went = len(comparison.joined), len(comparison.left)
    return screen.say(
        "against.title",
        day=comparison.before.isoformat(),
        moved=found.moved_count,
        count=comparison.matrix.total - came - went,
    )


def _rows(
    comparison: book.Comparison, words: Words
) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each that moved: from what to what, and by which fact."""
    locale, matrix = words.locale, comparison.matrix
    for move in comparison.moves:
        was, now = (
            words.standing(
                tuple(tier.value for tier in verdict.possible),
                is_problem=verdict.is_supervised,
            )
            for verdict in (move.before, move.after)
        )
        yield shortened(move.customer.name), was, now, _why(move.mover, locale)
    for one in comparison.prospects:
        was, now = (
            words.either(tuple(kind.value for kind in verdict.possible))
            for verdict in (one.before, one.after)
        )
        yield shortened(one.customer.name), was, now, _why(one.mover, locale)
    for turn in comparison.turned:
        was, now = (_standing(matrix, end, words) for end in (turn.before, turn.after))
        yield shortened(turn.customer.name), was, now, ""


def _why(mover: book.Mover | None, locale: str) -> str:
    """Name the fact; figures start on a line of their own where no blank parts them."""
    if mover is None:
        return ""
    said = mover.says(locale)
    return said.replace("：", "：\n", 1) if len(said) > _SHORT else said


def _names(customers: tuple[Customer, ...], words: Words) -> str:
    names = words.listed(shortened(one.name) for one in customers[:_MOST_NAMES])
    more = len(customers) - _MOST_NAMES
    if more <= 0:
        return names
    return f"{names} {words.screen.say('review.more', count=more)}"


def _matrix(matrix: book.Migration, words: Words) -> None:
    """Print a row a standing: how many were there, and where they are now."""
    screen, say = words.screen, words.screen.say
    rows = []
    for before, counts in matrix.rows:
        went = (
            f"{_standing(matrix, after, words)} {count}"
            for after, count in zip(matrix.afters, counts, strict=True)
            if count
        )
        was = _standing(matrix, before, words)
        rows.append((was, str(sum(counts)), " · ".join(went)))
    headings = (
        Heading(say("against.was"), wraps=True, most=28),
        Heading(say("against.count"), is_number=True),
        Heading(say("against.is"), wraps=True),
    )
    screen.table(headings, rows)


def _standing(matrix: book.Migration, slug: str, words: Words) -> str:
    """Return what people call a standing, as short as in the table of customers."""
    if wording.has(f"tier-name.{slug}", words.locale):
        return words.name(slug)
    return plain(matrix.label(slug, words.locale))


def since_slugs(found: Since, locale: str) -> dict[str, object]:
    """Return what a machine wants to know of the two reviews."""
    comparison = found.comparison
    return {
        "against": {
            "as_of": comparison.before.isoformat(),
            "judged_anew": found.last.is_judged_anew,
        },
        "moves": [
            *(_move(move, locale) for move in comparison.moves),
            *(_move(move, locale) for move in comparison.prospects),
            *(
                {**_ends(turn.customer, (turn.before,), (turn.after,)), "fact": None}
                for turn in comparison.turned
            ),
        ],
        "rungs": changed_slugs(found.rungs),
        "designations": redesignated_slugs(found.redesignated),
        "joined": [customer.id for customer in comparison.joined],
        "left": [customer.id for customer in comparison.left],
        "matrix": [attrs.asdict(flow) for flow in comparison.matrix.flows],
        "held": held_slugs(found.held),
    }


def _ends(
    customer: Customer, before: tuple[str, ...], after: tuple[str, ...]
) -> dict[str, object]:
    return {
        "customer": customer.id,
        "name": customer.name,
        "before": list(before),
        "after": list(after),
    }


def _move(move: book.Move | book.ClassMove, locale: str) -> dict[str, object]:
    before, after = (
        tuple(one.value for one in verdict.possible)
        for verdict in (move.before, move.after)
    )
    told = _ends(move.customer, before, after)
    if isinstance(move, book.Move):
        told["was_problem"] = move.before.is_problem.value
        told["is_problem"] = move.after.is_problem.value
    mover = move.mover
    if mover is None:
        return {**told, "fact": None}
    return {
        **told,
        "fact": mover.fact,
        "was": _value(mover.before),
        "now": _value(mover.after),
        "alone": mover.alone,
        "together": list(mover.together),
        "by_policy": mover.by_policy,
        "said": mover.says(locale),
    }


def _value(value: FactValue | Interval) -> object:
    """Write a fact as JSON holds it; a score that is open as its two ends."""
    if isinstance(value, Interval):
        return [value.low, value.high]
    return value.value if isinstance(value, Tri) else value


def record_slugs(records: Mapping[str, TierRecord]) -> dict[str, object]:
    """Return what this review leaves behind, for the next one to start from."""
    return {slug: wire.unstructure(record) for slug, record in sorted(records.items())}
