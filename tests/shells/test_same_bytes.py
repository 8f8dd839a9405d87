"""The command line gives the same JSON and CSV, whatever the computer is set to."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from tests.shells.payload_folder import write_folder


COMMANDS = tuple(
    (verb, "--format", form)
    for verb, form in itertools.product(("review", "due"), ("json", "csv"))
)
SETTINGS = tuple(
    zip(
        ("0", "1", "2", "3"),
        itertools.product(("C.UTF-8", "C"), ("UTC", "Asia/Shanghai")),
        strict=True,
    )
)
# Every command in one process: what it wrote, and on which machine it believed to be.
SCRIPT = """
import os, sys, time
from keyaccount.cli import main
for command in {commands!r}:
    main([command[0], {folder!r}, *command[1:]])
    sys.stdout.flush()
    sys.stdout.buffer.write(b"\\0")
sys.stdout.buffer.write(repr((hash("x"), time.tzname)).encode())
"""


@attrs.frozen
class Ran:
    """What a process wrote, command by command, and what it ran under."""

    written: tuple[bytes, ...]
    told: bytes
    setting: bytes


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, ...]:
    """Run every command under four seeds, two locales and two time zones."""
    folder = tmp_path_factory.mktemp("tables")
    write_folder(folder, '客户 ß,"é"')
    script = SCRIPT.format(commands=COMMANDS, folder=str(folder))
    found = []
    for seed, (language, zone) in SETTINGS:
        env = {
            **{name: text for name, text in os.environ.items()
               if not name.startswith(("LC_", "PYTHON"))},
            "PYTHONHASHSEED": seed,
            "LC_ALL": language,
            "LANG": language,
            "TZ": zone,
        }  # fmt: skip
        done = subprocess.run(  # noqa: S603 - this interpreter, a script of ours
            [sys.executable, "-c", script],
            env=env, cwd=folder, capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        *written, setting = done.stdout.split(b"\0")
        found.append(Ran(tuple(written), done.stderr, setting))
    return tuple(found)


@pytest.mark.parametrize("at", range(len(COMMANDS)), ids=map(" ".join, COMMANDS))
def test_seeds_locales_and_time_zones_change_no_byte(
    runs: tuple[Ran, ...], at: int
) -> None:
    written = {run.written[at] for run in runs}

    (only,) = written
    assert len(only) > 1_000
    assert "客户 ß".encode() in only or rb"\u5ba2\u6237 \u00df" in only


def test_what_is_told_beside_the_answers_is_the_same_too(
    runs: tuple[Ran, ...],
) -> None:
    assert len({run.told for run in runs}) == 1
    assert runs[0].told


def test_the_processes_did_run_under_settings_of_their_own(
    runs: tuple[Ran, ...],
) -> None:
    assert len({run.setting for run in runs}) == len(SETTINGS) == 4
    assert len({run.written for run in runs}) == 1
    assert len({*runs[0].written}) == len(COMMANDS)


def test_the_folder_of_tables_says_nothing_of_where_it_lies(
    runs: tuple[Ran, ...], tmp_path: Path
) -> None:
    place = str(tmp_path.parent).encode()

    assert not [text for text in runs[0].written if place in text]
