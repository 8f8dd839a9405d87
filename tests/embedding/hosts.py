"""Hosts that keep deals as the how-to pages say, on databases that are really there."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import attrs
import pytest

from keyaccount import DealEvent, stages, wire
from tests.embedding.pages import block, copied


__all__ = ["HOSTS", "Host", "Take", "django", "postgresql", "sqlalchemy", "sqlite"]


HOSTS = (
    "sqlite3",
    "psycopg on postgresql",
    "sqlalchemy on sqlite",
    "sqlalchemy on postgresql",
    "django on sqlite",
    "django on postgresql",
)

_PATIENCE = 60  # seconds that a writer waits for its turn at a SQLite file
_CROWD = 50


class Take(Protocol):
    """Take one event: what every recipe offers."""

    def __call__(
        self, deal: str, event: DealEvent, facts: Mapping[str, object] | None = None, /
    ) -> stages.Ruling: ...


@attrs.frozen
class Host:
    """A program that embeds the machine, and a look behind its back.

    `visit` gives a thread its own way in, `rows` runs a query; `clash` is what a
    driver raises where two events get in each other's way.
    """

    visit: Callable[[], AbstractContextManager[Take]]
    rows: Callable[[str], list[tuple[Any, ...]]]
    recipe: ModuleType
    clash: Exception | None = None
    history: str = "select deal, record from deal_event order by version"
    outbox: str = "select event from outbox"

    def records(self, deal: str) -> list[stages.Accepted]:
        """Return what is stored of a deal, in its order."""
        rows = self.rows(self.history)
        return [wire.loads(text, stages.Accepted) for of, text in rows if of == deal]

    def deal(self, deal: str) -> stages.Deal:
        """Return the whole deal, out of what is stored."""
        return stages.replay(deal, self.records(deal))

    def owed(self) -> list[str]:
        """Return the events whose effects are still to be sent."""
        return sorted(event for (event,) in self.rows(self.outbox))


def sqlite(folder: Path) -> Host:
    """Return a host of plain sqlite3, with a file."""
    recipe = copied("sqlite3", "deals")
    path = folder / "deals.db"

    @contextlib.contextmanager
    def visit() -> Iterator[Take]:
        with closing(recipe.connect(path)) as db:
            yield lambda *words: recipe.take(db, *words)

    def rows(query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(path)) as db:
            return db.execute(query).fetchall()

    recipe.connect(path).close()
    return Host(visit, rows, recipe)


def postgresql(url: str) -> Host:
    """Return a host of plain psycopg."""
    recipe = copied("postgresql", "deals_postgresql")

    @contextlib.contextmanager
    def visit() -> Iterator[Take]:
        with recipe.connect(url) as db:
            yield lambda *words: recipe.take(db, *words)

    def rows(query: str) -> list[tuple[Any, ...]]:
        with recipe.connect(url) as db:
            found: list[tuple[Any, ...]] = db.execute(query).fetchall()
        return found

    with recipe.connect(url) as db:
        db.execute(recipe.TABLES)
    return Host(visit, rows, recipe)


@contextlib.contextmanager
def sqlalchemy(url: str) -> Iterator[Host]:
    """Run a host of SQLAlchemy 2."""
    alchemy = pytest.importorskip("sqlalchemy", reason="needs the extra embed")
    orm = pytest.importorskip("sqlalchemy.orm")
    recipe = copied("sqlalchemy", "deals_sqlalchemy")
    is_file = url.startswith("sqlite")
    patient = {"timeout": _PATIENCE} if is_file else {}
    engine = alchemy.create_engine(url, pool_size=_CROWD, connect_args=patient)
    sessions = orm.sessionmaker(engine)

    @contextlib.contextmanager
    def visit() -> Iterator[Take]:
        yield lambda *words: recipe.take(sessions, *words)

    def rows(query: str) -> list[tuple[Any, ...]]:
        with engine.connect() as db:
            return [tuple(row) for row in db.exec_driver_sql(query)]

    if is_file:
        rows("pragma journal_mode = wal")
    recipe.Base.metadata.create_all(engine)
    try:
        yield Host(visit, rows, recipe, recipe.exc.IntegrityError("", {}, KeyError()))
    finally:
        engine.dispose()


_APP = "deals_django"


@contextlib.contextmanager
def django(database: Mapping[str, object], folder: Path) -> Iterator[Host]:
    """Run a host of Django; its app's models are the page's block."""
    pytest.importorskip("django", reason="needs the extra embed")
    conf = pytest.importorskip("django.conf")
    db = pytest.importorskip("django.db")
    if not conf.settings.configured:
        _install(conf.settings, folder)
    patient = {"timeout": _PATIENCE, "transaction_mode": "IMMEDIATE"}
    is_file = str(database["ENGINE"]).endswith("sqlite3")
    options = {"OPTIONS": patient} if is_file else {}
    db.connections.close_all()
    found = {"default": {**database, **options}}
    db.connections.settings = db.connections.configure_settings(found)
    del db.connections["default"]
    recipe = sys.modules[f"{_APP}.models"]

    @contextlib.contextmanager
    def visit() -> Iterator[Take]:
        try:
            yield recipe.take
        finally:
            db.connections.close_all()

    def rows(query: str) -> list[tuple[Any, ...]]:
        with db.connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    if is_file:
        rows("pragma journal_mode = wal")
    with db.connection.schema_editor() as editor:
        for model in (recipe.DealRow, recipe.EventRow, recipe.OutboxRow):
            editor.create_model(model)
    try:
        yield Host(
            visit,
            rows,
            recipe,
            recipe.IntegrityError(),
            "select deal_id, record from deals_django_eventrow order by version",
            "select event_id from deals_django_outboxrow",
        )
    finally:
        db.connections.close_all()


def _install(settings: Any, folder: Path) -> None:  # noqa: ANN401 - Django's own
    """Make the app of the page's block, once: Django is set up once a process."""
    app = folder / _APP
    app.mkdir()
    (app / "__init__.py").write_text("", encoding="utf-8")
    (app / "models.py").write_text(block("django"), encoding="utf-8")
    sys.path.insert(0, str(folder))
    settings.configure(INSTALLED_APPS=[_APP], USE_TZ=True)
    pytest.importorskip("django").setup()
