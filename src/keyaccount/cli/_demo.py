"""`keyaccount demo`: the shipped, invented firm, and what to try next."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from pathlib import Path

from keyaccount import book, intake

from ._deals import show_deals
from ._errors import FINE
from ._folder import POLICY_FILE, judged, tiering_policy
from ._lens import show_lenses
from ._ours import show_ours
from ._review import show_portfolio
from ._screen import Screen
from ._words import Words


__all__ = ["show_demo"]


_SHOWN_IN_FULL = "C22"  # open: nobody wrote its margin down


def show_demo(lang: str) -> int:
    """Review the shipped firm, one customer of it in full; say what to try next."""
    screen = Screen(lang)
    with resources.as_file(resources.files("keyaccount").joinpath("demo")) as folder:
        company = intake.read_folder(folder)
        policy = tiering_policy(folder / POLICY_FILE)
        as_of = company.latest_full_year_end or dt.date.min
        rules = book.Policies(tiering=policy)
        portfolio = judged(company, rules, screen, as_of=as_of)
        screen.line(screen.say("demo.intro"))
        screen.line()
        show_portfolio(portfolio, policy, screen)
        show_lenses(portfolio, rules, company.fx, Words(screen))
        show_ours(portfolio, Words(screen))
        show_deals(portfolio, screen)
        _one_in_full(portfolio, screen)
        _what_next(folder, screen)
    return FINE


def _one_in_full(portfolio: book.Portfolio, screen: Screen) -> None:
    words = Words(screen)
    for sheet in portfolio:
        if sheet.customer.id == _SHOWN_IN_FULL:
            screen.line()
            name = sheet.customer.name
            screen.line(screen.say("demo.in-full", customer=name), "bold")
            for reason in words.reasons(sheet):
                indent = len(reason) - len(reason.lstrip())
                screen.indented(reason.strip(), by=2 + indent)


def _what_next(folder: Path, screen: Screen) -> None:
    screen.line()
    screen.line(screen.say("demo.try"), "bold")
    other = "zh-Hans" if screen.locale == "en" else "en"
    for code, command in (
        ("demo.try-folder", str(folder)),
        ("demo.try-review", "keyaccount review FOLDER"),
        ("demo.try-due", "keyaccount due FOLDER"),
        ("demo.try-against", "keyaccount review FOLDER --against LAST"),
        ("demo.try-init", "keyaccount policy init FOLDER"),
        ("demo.try-diff", "keyaccount policy diff old.toml new.toml FOLDER"),
        ("demo.try-show", "keyaccount policy show tiering"),
        ("demo.try-lang", f"keyaccount demo --lang {other}"),
    ):
        screen.indented(screen.say(code))
        screen.verbatim(f"    {command}")
