"""`keyaccount import`: what your tables are, and an account of them unjudged."""

from __future__ import annotations

import shlex
from pathlib import Path

from keyaccount import intake

from ._errors import FINDINGS, FINE, UsageError
from ._folder import policies_of, read_tables
from ._imported import show_import
from ._screen import Screen


__all__ = ["show_import_check", "show_suggestions"]


_FORMS = (".csv", ".html")


def show_suggestions(
    folder: Path, out: Path | None, mapping: Path | None, lang: str
) -> int:
    """Propose a mapping to be checked: printed, or written to a file.

    With a *mapping*, a shipped one, it is that one as it fits this folder.

    Raises:
        UsageError: the file is there already.
    """
    screen = Screen(lang)
    if out is not None and out.exists():
        raise UsageError("--out", out.name, screen.say("suggest.new-file"))
    code = FINE
    if mapping is not None:
        text = intake.mapping_toml(intake.mapping_for(folder, mapping))
    else:
        found = intake.suggest(folder)
        text = found.to_toml(screen.locale)
        for problem in found.problems:
            screen.aside(screen.say("suggest.unreadable", problem=str(problem)))
            code = FINDINGS
    if out is None:
        screen.raw(text)
        return code
    out.write_bytes(text.encode())
    command = f"keyaccount import check {_quoted(folder)} --mapping {_quoted(out)}"
    screen.aside(screen.say("suggest.written", file=out.name, command=command))
    return code


def show_import_check(
    folder: Path,
    policy: tuple[Path, ...],
    mapping: Path | None,
    report: Path | None,
    lang: str,
) -> int:
    """Read the tables and judge nothing; a row that is left out is a finding.

    Raises:
        UsageError: the report is to be of a kind that there is not.
    """
    screen = Screen(lang)
    if report is not None and report.suffix.lower() not in _FORMS:
        raise UsageError("--report", report.name, "a file .html or .csv")
    policies = policies_of(folder, policy, screen)
    company = read_tables(
        folder,
        mapping,
        screen,
        policies,
    )
    account = company.report
    show_import(account, screen)
    if report is not None:
        is_page = report.suffix.lower() == ".html"
        text = (account.to_html if is_page else account.to_csv)(screen.locale)
        report.write_bytes(text.encode("utf-8" if is_page else "utf-8-sig"))
        screen.aside(screen.say("account.saved", file=report.name))
    return FINDINGS if account.rejected else FINE


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
