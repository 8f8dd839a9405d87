"""The script starts the command line, or says which extra it lacks."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence

import pytest

from keyaccount.__main__ import main


def test_the_script_ends_with_the_exit_code_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["keyaccount", "--version"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 0
    assert capsys.readouterr().out.strip()


def test_without_its_extra_the_script_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = builtins.__import__

    def bare(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - Python's name
        locals: Mapping[str, object] | None = None,  # noqa: A002 - Python's name
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> object:
        if name.split(".", maxsplit=1)[0] == "cyclopts":
            raise ModuleNotFoundError(name)
        return there(name, globals, locals, fromlist, level)

    for name in [name for name in sys.modules if name.startswith("keyaccount.cli")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", bare)

    with pytest.raises(SystemExit) as ended:
        main()

    told = capsys.readouterr()
    assert ended.value.code == 3
    assert not told.out
    assert 'pip install "keyaccount[cli]"' in told.err
    assert "Traceback" not in told.err
