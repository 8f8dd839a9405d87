"""A firm in columns: who is sound, whom only the nouns can judge, and the facts.

What the nouns check of a customer and its years is asked of whole columns here, and
asked a little too strictly: whoever is not surely sound goes the way of the objects,
rows and all, so that both ways say the same of everybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

import narwhals as nw

from keyaccount import frames
from keyaccount.book import Account
from keyaccount.exceptions import Problems
from keyaccount.intake import SPOOLED, Ledger, Spools
from keyaccount.models import tiering
from keyaccount.rules import FactKind

from ._engines import Columns, Engine


__all__ = ["LargeCompany"]


_CHUNK = 20_000  # customers that are objects at the same time
_FULL_YEAR = 12
_ODD, _LONG = "2", "1"
_NUMBER, _FLOAT = FactKind.NUMBER, nw.Float64


class LargeCompany:
    """A folder's customers, most of them columns and the odd ones objects."""

    def __init__(
        self, spools: Spools, engine: Engine, currencies: Collection[str]
    ) -> None:
        """*currencies* are the policies': with any other amounts must be converted."""
        self.spools, self.engine = spools, engine
        self._typed = {
            name: engine.scan(spool) for name, spool in spools.tables.items()
        }
        customers = self._typed["customers"]
        odd = [_odd_customers(customers, set(currencies))]
        for name, marks in (
            ("years", _odd_years),
            ("receivables", _odd_receivables),
            ("standing", _odd_standing),
        ):
            if name in self._typed:
                rows = self._typed[name]
                odd += [marks(rows), _strangers(rows, customers)]
        if "years" in self._typed:
            homeless = customers.filter(nw.col("currency").is_null())
            odd.append(
                homeless.join(
                    self._typed["years"], left_on="id", right_on="customer", how="semi"
                ).select("id")
            )
        self._odd = engine.keep(nw.concat(odd).unique())
        self.sound = engine.keep(
            customers.join(self._odd, on="id", how="anti").select(
                "id", "name", "influence", "parent", "line"
            )
        )
        self.sound_count = self._count(self.sound)
        self.odd_count = self._count(self._odd)
        self._odd_rows = {
            name: engine.keep(self._texts(name, self._odd)) for name in self._typed
        }

    def _count(self, frame: Columns) -> int:
        ((count,),) = self.engine.rows(frame.select(nw.len()))
        return int(str(count))

    # whom only the nouns can judge

    def odd_accounts(self, *, is_first: bool = False) -> Iterator[Account]:
        """Build the customers that are no columns, some at a time.

        The first time their rows are accounted for.
        """
        ids = [str(one) for (one,) in self.engine.rows(self._odd.sort("id"))]
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            rows = {
                name: self.engine.rows(
                    frame.filter(
                        nw.col(_key(name)) >= chunk[0], nw.col(_key(name)) <= chunk[-1]
                    )
                )
                for name, frame in self._odd_rows.items()
            }
            ledger = Ledger()
            yield from self.spools.accounts(rows, ledger)
            if is_first:
                self.spools.tally.absorb(ledger)

    def accounts(self, ids: Collection[str]) -> tuple[Account, ...]:
        """Build a few customers, with all that the large tables hold of them."""
        wanted = [*ids]
        rows = {
            name: self.engine.rows(
                self.engine.scan(spool, is_typed=False).filter(
                    nw.col(_key(name)).is_in(wanted)
                )
            )
            for name, spool in self.spools.tables.items()
        }
        return self.spools.accounts(rows, Ledger())

    def _texts(self, name: str, ids: Columns) -> Columns:
        """Return the rows of some customers as the text that they were."""
        rows = self.engine.scan(self.spools.tables[name], is_typed=False)
        key = _key(name)
        return rows.join(ids, left_on=key, right_on="id", how="semi")

    # the account of the rows

    def account_for_all(self) -> dt.date | None:
        """Account for every row; return the last day of the latest full year."""
        ends = [*self._latest_of_sound()]
        accepted: set[str] = set()
        for account in self.odd_accounts(is_first=True):
            accepted.add(account.customer.id)
            ends += [
                year.ends_on
                for year in account.customer.years
                if year.months == _FULL_YEAR
            ]
        self._tell_lost_parents(accepted)
        return max(ends, default=None)

    def _latest_of_sound(self) -> Iterator[dt.date]:
        if "years" not in self._typed:
            return
        months = nw.col("months")
        full = self._sound_rows("years").filter(
            months.is_null() | (months == _FULL_YEAR)
        )
        dated = full.select(nw.col("ends_on").max())
        named = full.filter(nw.col("ends_on").is_null()).select(nw.col("year").max())
        ((day,),) = self.engine.rows(dated)
        if isinstance(day, dt.date):
            yield day
        ((year,),) = self.engine.rows(named)
        if isinstance(year, int):
            yield dt.date(year, 12, 31)

    def _tell_lost_parents(self, accepted: set[str]) -> None:
        """Remark on parents that nobody knows, as the objects' way does."""
        file = self.spools.tables["customers"].report.file
        places = [
            frame.filter(~nw.col("parent").is_null())
            .join(self.sound, left_on="parent", right_on="id", how="anti")
            .select("line", "id", "parent")
            for frame in (self.sound, self._odd_rows["customers"])
        ]
        for at, frame in enumerate(places):
            for line, one, parent in self.engine.rows(frame.sort("line")):
                if str(parent) not in accepted and (at == 0 or str(one) in accepted):
                    problems = Problems()
                    wanted = "no accepted row of the customers has this id"
                    problems.add("parent", "contradiction", str(parent), wanted)
                    tally = self.spools.tally
                    tally.remark(file, int(str(line)), problems.all())

    # the facts

    def facts(self, as_of: dt.date, policy: tiering.TieringPolicy) -> Columns:
        """Return what tiering asks of the sound customers: `id`, `name`, the facts."""
        found = self.sound.select("id", "name", "influence")
        if "years" in self._typed:
            years = self.engine.near(self._sound_rows("years").drop("line", "rank"))
            told = frames.tiering_facts(years, as_of=as_of, policy=policy).lazy()
            found = found.join(told, left_on="id", right_on="customer", how="left")
        if "receivables" in self._typed:
            owed = self._overdue(as_of)
            found = found.join(owed, left_on="id", right_on="customer", how="left")
        if "standing" in self._typed:
            standing = self._sound_rows("standing").select(
                "customer", _answer("reputation_harm"), _answer("dispute")
            )
            found = found.join(standing, left_on="id", right_on="customer", how="left")
        there = found.collect_schema().names()
        blank = {
            fact.name: nw.lit(None, _FLOAT if fact.kind is _NUMBER else nw.Boolean)
            for fact in tiering.FACTS
            if fact.name not in there
        }
        found = found.with_columns(**blank) if blank else found
        return found.with_columns(nw.col("years_in_row").fill_null(0.0))

    def _sound_rows(self, name: str) -> Columns:
        rows = self._typed[name]
        return rows.join(self._odd, left_on=_key(name), right_on="id", how="anti")

    def _overdue(self, as_of: dt.date) -> Columns:
        """Return what part is more than 90 days late, of the latest day that is told.

        Owing nothing, a customer is late with nothing.
        """
        known = self._sound_rows("receivables").filter(nw.col("as_of") <= as_of)
        latest = known.group_by("customer").agg(nw.col("as_of").max())
        share = (
            nw.when(nw.col("total") == 0.0)
            .then(nw.lit(0.0))
            .otherwise(nw.col("overdue_90") / nw.col("total"))
        )
        return known.join(latest, on=["customer", "as_of"], how="inner").select(
            "customer", share.alias("overdue_share")
        )


def _key(name: str) -> str:
    return next(iter(SPOOLED[name]))


def _answer(name: str) -> nw.Expr:
    told = nw.col(name)
    no = nw.when(told == "no").then(nw.lit(False))  # noqa: FBT003 - a literal
    return nw.when(told == "yes").then(nw.lit(True)).otherwise(no).alias(name)  # noqa: FBT003 - the same


def _sure(doubt: nw.Expr) -> nw.Expr:
    """Return a doubt without unknowns: what is not known contradicts nothing."""
    return doubt.fill_null(False)  # noqa: FBT003 - a literal


def _odd_customers(customers: Columns, currencies: set[str]) -> Columns:
    """Say of whom a column cannot speak, or whose row a noun would refuse."""
    currency = nw.col("currency")
    foreign = ~currency.is_null()
    for ours in currencies if len(currencies) == 1 else ():
        foreign = _sure(currency != ours)
    doubt = (
        (nw.col("rank") == _ODD)
        | _sure(nw.col("relation") == "prospect")
        | _sure(nw.col("parent") == nw.col("id"))
        | foreign
    )
    twice = customers.group_by("id").agg(nw.len().alias("rows"))
    return nw.concat(
        [
            customers.filter(doubt).select("id"),
            twice.filter(nw.col("rows") > 1).select("id"),
        ]
    )


def _odd_years(years: Columns) -> Columns:
    """Say whose years a noun might refuse: twice, out of order, paid too early."""
    ends_on, on_time, collected = map(nw.col, ("ends_on", "on_time", "collected"))
    is_long = nw.col("rank") == _LONG
    late = nw.when(~ends_on.is_null()).then(ends_on.dt.year() - nw.col("year"))
    same = (on_time == collected) | (nw.col("gross_profit") == nw.col("sales"))
    doubt = (
        (nw.col("rank") == _ODD) | _sure(on_time > collected) | (is_long & _sure(same))
    )
    return _odd_of(
        years.with_columns(
            late=late.otherwise(nw.lit(0)).cast(nw.Int64), doubt=doubt.cast(nw.Int64)
        ),
        "year",
        (nw.col("late").min() < 0)
        | (nw.col("late").max() > 1)
        | (nw.col("late").min() != nw.col("late").max()),
    )


def _odd_receivables(rows: Columns) -> Columns:
    overdue, total = nw.col("overdue_90"), nw.col("total")
    is_long = nw.col("rank") == _LONG
    doubt = _sure(overdue > total) | (is_long & _sure(overdue == total))
    doubt |= nw.col("rank") == _ODD
    return _odd_of(rows.with_columns(doubt=doubt.cast(nw.Int64)), "as_of")


def _odd_standing(rows: Columns) -> Columns:
    doubt = (nw.col("rank") == _ODD).cast(nw.Int64)
    return _odd_of(rows.with_columns(doubt=doubt), "line", nw.len() > 1)


def _odd_of(rows: Columns, key: str, also: nw.Expr | None = None) -> Columns:
    """Return the customers with a doubtful row, or two rows of the same key."""
    odd = (nw.col("doubt").max() > 0) | (nw.col(key).n_unique() < nw.len())
    odd = odd if also is None else odd | also
    found = rows.group_by("customer").agg(odd.alias("odd"))
    return found.filter(nw.col("odd")).select(nw.col("customer").alias("id"))


def _strangers(rows: Columns, customers: Columns) -> Columns:
    """Return the customers of whom no row of the customers speaks."""
    strange = rows.join(customers, left_on="customer", right_on="id", how="anti")
    return strange.select(nw.col("customer").alias("id"))
