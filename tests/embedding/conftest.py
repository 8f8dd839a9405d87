"""The databases on which the how-to pages on embedding are tried."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.embedding.hosts import HOSTS, Host, django, postgresql, sqlalchemy, sqlite


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[[], str]]:
    """Start a PostgreSQL server; each call makes a database, and gives its URL."""
    if os.name != "posix":
        pytest.skip("the server is started as Debian's package has it")
    psycopg = pytest.importorskip("psycopg", reason="needs the extra embed")
    from tests.embedding import cluster  # noqa: PLC0415 - its accounts are Unix's

    folder = cluster.binaries()
    if folder is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    names = (f"deals_{number}" for number in itertools.count())
    with cluster.running(folder) as server:

        def create() -> str:
            name = next(names)
            with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
                db.execute(f"create database {name}")
            return f"{server}/{name}"

        yield create


@pytest.fixture(scope="session")
def django_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the app, the same for all tests."""
    return tmp_path_factory.mktemp("django")


@pytest.fixture(params=HOSTS)
def host(
    request: pytest.FixtureRequest, tmp_path: Path, django_folder: Path
) -> Iterator[Host]:
    """Run one host after the other, each with an empty database."""
    library, _, database = str(request.param).partition(" on ")
    path = tmp_path / "deals.db"
    url = server = f"sqlite:///{path}"
    engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    if database == "postgresql":
        server = request.getfixturevalue("new_database")()
        found = urlsplit(server)
        url = found._replace(scheme="postgresql+psycopg").geturl()
        engine = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": found.path.strip("/"),
            "USER": str(found.username),
            "HOST": str(found.hostname),
            "PORT": str(found.port),
        }
    with contextlib.ExitStack() as stack:
        if library == "sqlite3":
            yield sqlite(tmp_path)
        elif library == "psycopg":
            yield postgresql(server)
        elif library == "sqlalchemy":
            yield stack.enter_context(sqlalchemy(url))
        else:
            yield stack.enter_context(django(engine, django_folder))
