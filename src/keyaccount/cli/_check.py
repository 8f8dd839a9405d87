"""`keyaccount check`: worked examples, held against what the library answers."""

from __future__ import annotations

from pathlib import Path

from keyaccount import cases

from ._errors import FINDINGS, FINE
from ._folder import model_of, read_policy
from ._screen import Screen


__all__ = ["show_check"]


def show_check(files: tuple[Path, ...], policy: tuple[Path, ...], lang: str) -> int:
    """Print a line per case; one that falls short says what was expected and why."""
    screen = Screen(lang)
    own = {model_of(file): read_policy(str(file)) for file in policy}
    passed = count = 0
    for file in files:
        if len(files) > 1:
            screen.line(file.name, "bold")
        for result in cases.run(file, own=own, locale=screen.locale):
            count += 1
            passed += result.passed
            _show(result, screen)
    screen.line(screen.say("check.total", passed=passed, count=count))
    return FINE if passed == count else FINDINGS


def _show(result: cases.CaseResult, screen: Screen) -> None:
    slug = f"{result.id}: " if result.id else ""
    word = screen.say("check.passed" if result.passed else "check.failed")
    screen.line(f"{word}  {slug}{result.name}", "" if result.passed else "bold")
    for difference in result.differences:
        said = screen.say(
            "check.difference",
            path=difference.path,
            expected=difference.expected,
            found=difference.found,
        )
        screen.indented(said, by=4)
    if not result.passed:
        for reason in result.reasons:
            indent = len(reason) - len(reason.lstrip())
            screen.indented(reason.strip(), by=6 + indent)
