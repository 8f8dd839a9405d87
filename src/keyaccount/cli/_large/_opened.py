"""A large folder opened for a command, and closed when it is done."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from keyaccount import intake
from keyaccount.cli._errors import UsageError
from keyaccount.cli._folder import day_of
from keyaccount.cli._screen import Screen

from . import engine_found
from ._company import LargeCompany
from ._engines import DuckDB, Engine, Polars


__all__ = ["Opened", "opened"]


Opened = tuple[LargeCompany, dt.date]
"""The company, and the day on which it is judged."""


@contextlib.contextmanager
def opened(
    folder: Path,
    mapping: Path | None,
    as_of: str | None,
    currencies: Collection[str],
    screen: Screen,
) -> Iterator[Opened]:
    """Read a folder into plain files, and let an engine look at them.

    Raises:
        ReadError: the folder or the mapping cannot be read.
        UsageError: the day is no date, or the tables hold none to take.
    """
    day = None if as_of is None else day_of(as_of)
    mapped = intake.mapping_for(folder, mapping)
    tell = screen.progress("large.judging", every=1)
    with tempfile.TemporaryDirectory(prefix="keyaccount-") as made:
        there = Path(made)
        engine: Engine = Polars() if engine_found() == "polars" else DuckDB(there)
        with contextlib.closing(engine):
            reading = screen.progress("large.reading", every=1)
            spools = intake.spool_folder(folder, there, mapped, progress=reading)
            tell(engine.name, 0, 1)
            company = LargeCompany(spools, engine, currencies)
            latest = company.account_for_all()
            tell(engine.name, 1, 1)
            _tell_the_way(company, screen)
            if day is None:
                if latest is None:
                    raise UsageError("--as-of", "", screen.say("review.no-day"))
                day = latest
                screen.aside(screen.say("review.day-found", day=day.isoformat()))
            yield company, day


def _tell_the_way(company: LargeCompany, screen: Screen) -> None:
    """Say on stderr who is judged how, and what nobody looks at."""
    say, sound, odd = screen.say, company.sound_count, company.odd_count
    name = company.engine.name
    screen.aside(say("large.in-columns", count=f"{sound:,}", engine=name))
    if odd:
        screen.aside(say("large.one-by-one", count=f"{odd:,}"))
    screen.aside(say("large.untold"))
    unread = company.spools.unread
    if unread:
        screen.aside(say("large.unread", files=say("review.comma").join(unread)))
