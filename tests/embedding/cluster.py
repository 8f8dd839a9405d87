"""A PostgreSQL server of one's own: made, started on a loopback port, thrown away."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


__all__ = ["binaries", "running"]


_DEBIAN = Path("/usr/lib/postgresql")
_SETTINGS = {
    "fsync": "off",  # the data is thrown away: nothing needs to survive a power cut
    "listen_addresses": "127.0.0.1",
    "max_connections": "120",
}


def binaries() -> Path | None:
    """Return the folder with `initdb` and `pg_ctl`, None if there is none.

    Debian keeps them out of the path, a folder a version.
    """
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=_version)
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _version(path: Path) -> float:
    return float(path.parents[1].name)


def _unprivileged() -> str | None:
    """Return whom to run the server as; None for ourselves. It refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a fresh server and yield its URL; stop and remove it at the end."""
    user = _unprivileged()
    home = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path must be
    group = None if user is None else pwd.getpwnam(user).pw_gid
    if user is not None:
        shutil.chown(home, user, group)

    def call(tool: str, *words: str) -> None:
        log = home / "server.log"
        done = subprocess.run(  # noqa: S603 - Debian's own binaries
            [str(folder / tool), *words],
            cwd=home,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        told = log.read_text(encoding="utf-8") if log.exists() else ""
        assert not done.returncode, f"{tool}: {done.stderr}\n{told}"

    data, port = str(home / "data"), _free_port()
    settings = {**_SETTINGS, "port": str(port), "unix_socket_directories": str(home)}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        call(
            "initdb",
            f"--pgdata={data}",
            "--username=keyaccount",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        log = str(home / "server.log")
        call("pg_ctl", "start", "-D", data, "-l", log, "-w", "-o", options)
        try:
            yield f"postgresql://keyaccount@127.0.0.1:{port}"
        finally:
            call("pg_ctl", "stop", "-D", data, "-m", "immediate", "-w")
    finally:
        shutil.rmtree(home)
