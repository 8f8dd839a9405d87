"""`keyaccount policy diff` over a large folder: who moves from where to where."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import narwhals as nw

from keyaccount import book, frames
from keyaccount.cli._errors import FINDINGS, FINE
from keyaccount.cli._policy import show_class_moves, show_moves
from keyaccount.cli._screen import Heading, Screen
from keyaccount.cli._words import Words
from keyaccount.domain import Relation, ValueTier
from keyaccount.models import tiering

from ._company import LargeCompany
from ._engines import Columns
from ._opened import opened


__all__ = ["show_large_diff"]


Pair: TypeAlias = tuple[tiering.TieringPolicy, tiering.TieringPolicy]
Side: TypeAlias = tuple[str, str, bool]
"""The lowest and the highest rung still possible, and whether it is a problem."""

_FIRST = 40
_ENDS = ("before", "after")
_PARTS = ("low", "high", "problem")
_RANKS: Mapping[str, int] = MappingProxyType({t.value: t.rank for t in ValueTier})


def show_large_diff(  # noqa: PLR0913, PLR0917 - the flags of the command
    names: tuple[str, str],
    policies: Pair,
    folder: Path,
    mapping: Path | None,
    as_of: str | None,
    screen: Screen,
) -> int:
    """Say who changes tier between two policies; a change is a finding."""
    currencies = {policy.currency for policy in policies}
    with opened(folder, mapping, as_of, currencies, screen) as (company, day):
        tell = screen.progress("large.judging", every=1)
        tell(company.engine.name, 0, 1)
        moves = _Moves(company, policies, day)
        tell(company.engine.name, 1, 1)
        words = Words(screen)
        if moves.count:
            _show(moves, names, words)
        else:
            screen.line(screen.say("diff.none"))
        show_class_moves(moves.prospects, names, words)
    return FINDINGS if moves.count or moves.prospects else FINE


class _Moves:
    """Who changes tier: counted by from and to, and the first of them in full."""

    def __init__(self, company: LargeCompany, policies: Pair, as_of: dt.date) -> None:
        self._company, self._policies, self._as_of = company, policies, as_of
        self.counts: Counter[tuple[Side, Side]] = Counter()
        self.trading = company.sound_count
        self.prospects: list[book.ClassMove] = []
        odd = sorted(
            (_RANKS[move.before.possible[-1].value], move.customer.id)
            for move in self._odd_moves()
        )
        sound = company.engine.keep(_moved(self._judged()))
        places = ("place", "id")
        first = company.engine.rows(sound.sort(*places).select(*places).head(_FIRST))
        self._first = sorted([*odd, *((int(str(at)), str(one)) for at, one in first)])
        sides = [f"{end}_{part}" for end in _ENDS for part in _PARTS]
        counted = sound.group_by(*sides).agg(nw.len()).select(*sides, "len")
        for low, high, problem, *after, count in company.engine.rows(counted):
            now_low, now_high, now_problem = after
            before = (str(low), str(high), bool(problem))
            now = (str(now_low), str(now_high), bool(now_problem))
            self.counts[before, now] += int(str(count))

    @property
    def count(self) -> int:
        """How many customers move."""
        return self.counts.total()

    def first(self) -> tuple[book.Move, ...]:
        """Return the first of them with what tips each: these few are objects."""
        ids = [one for _, one in self._first[:_FIRST]]
        return self._changes(self._company.accounts(ids))

    def _changes(self, accounts: tuple[book.Account, ...]) -> tuple[book.Move, ...]:
        fx = self._company.spools.fx
        return book.changes(accounts, *self._policies, as_of=self._as_of, fx=fx)

    def _odd_moves(self) -> Iterator[book.Move]:
        for account in self._company.odd_accounts():
            self.trading += account.customer.relation is Relation.TRADING
            self.prospects += book.class_changes(
                (account,), *self._policies, as_of=self._as_of
            )
            for move in self._changes((account,)):
                self.counts[_side(move.before), _side(move.after)] += 1
                yield move

    def _judged(self) -> Columns:
        """Judge the sound customers by both policies, from the same facts if it may."""
        old, new = self._policies
        facts = self._company.facts(self._as_of, old)
        before = frames.tiering(facts, policy=old, name=_ENDS[0])
        if tiering.yardstick(old) == tiering.yardstick(new):
            return frames.tiering(before, policy=new, name=_ENDS[1])
        others = self._company.facts(self._as_of, new)
        after = frames.tiering(others, policy=new, name=_ENDS[1]).select(
            "id", *(f"{_ENDS[1]}_{part}" for part in _PARTS)
        )
        return before.join(after, on="id", how="inner")


def _side(verdict: tiering.TierVerdict) -> Side:
    low, high = verdict.possible[0].value, verdict.possible[-1].value
    return low, high, verdict.is_supervised


def _moved(judged: Columns) -> Columns:
    """Keep whoever has another rung, or is a problem under one policy only."""
    words = {
        f"{end}_{part}": nw.col(f"{end}_{part}").cast(nw.String)
        for end in _ENDS
        for part in ("low", "high")
    }
    problems = {
        f"{end}_problem": nw.col(f"{end}_problem").fill_null(False)  # noqa: FBT003 - a literal
        for end in _ENDS
    }
    told = judged.select("id", **words, **problems)
    before, after = ([nw.col(f"{end}_{part}") for part in _PARTS] for end in _ENDS)
    stays = nw.lit(True)  # noqa: FBT003 - a literal
    for was, now in zip(before, after, strict=True):
        stays &= was == now
    rank = nw.lit(len(_RANKS))
    for slug, place in _RANKS.items():
        rank = nw.when(before[1] == slug).then(nw.lit(place)).otherwise(rank)
    return told.filter(~stays).with_columns(place=rank)


def _show(moves: _Moves, names: tuple[str, str], words: Words) -> None:
    screen, say = words.screen, words.screen.say
    count, total = f"{moves.count:,}", f"{moves.trading:,}"
    screen.line(say("diff.title", count=count, total=total), "bold")
    before, after = names
    headings = (
        Heading(say("diff.before", name=before), wraps=True),
        Heading(say("diff.after", name=after), wraps=True),
        Heading(say("large.moves"), is_number=True),
    )
    ordered = sorted(
        moves.counts.items(), key=lambda counted: (-counted[1], counted[0])
    )
    rows = [
        (_said(was, words), _said(now, words), f"{n:,}") for (was, now), n in ordered
    ]
    screen.table(headings, rows)
    first = moves.first()
    if len(first) < moves.count:
        screen.line(say("large.best", count=len(first)))
    show_moves(first, names, words)


def _said(side: Side, words: Words) -> str:
    low, high, is_problem = side
    possible = (low,) if low == high else (low, high)
    return words.standing(possible, is_problem=is_problem)
