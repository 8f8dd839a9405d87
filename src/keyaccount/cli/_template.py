"""`keyaccount template`: tables to fill in, as a workbook or as a folder of CSV."""

from __future__ import annotations

from pathlib import Path

from keyaccount import intake

from ._errors import FINE, UsageError
from ._screen import Screen


__all__ = ["show_template"]


_WORKBOOK = ".xlsx"


def show_template(out: Path, lang: str) -> int:
    """Write the template; nothing that is there already is written over.

    Raises:
        UsageError: something is there already.
    """
    screen = Screen(lang)
    is_workbook = out.suffix.lower() == _WORKBOOK
    is_there = out.exists() if is_workbook else out.is_file() or _holds(out)
    if is_there:
        raise UsageError("--out", out.name, screen.say("workbook.new-file"))
    if is_workbook:
        out.write_bytes(intake.template_workbook(screen.locale))
        folder = out.resolve().parent.name or "FOLDER"
    else:
        for name, text in intake.template_files(screen.locale).items():
            file = out / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8-sig"))
        folder = out.name
        screen.line(screen.say("workbook.move", place=intake.ONLY_IF_FILLED))
    screen.line(screen.say("workbook.written", file=out.name, folder=folder))
    return FINE


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
