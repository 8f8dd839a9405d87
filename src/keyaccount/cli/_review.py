"""`keyaccount review`: the customers of a folder, side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from keyaccount import book
from keyaccount.domain import ProspectClass
from keyaccount.intake import Company
from keyaccount.models import tiering

from ._against import Since, last_review, show_since, since, since_slugs, title_of
from ._deals import show_deals
from ._errors import FINDINGS, FINE, UsageError
from ._folder import judged, load, policies_of
from ._groups import group_slugs, show_groups
from ._imported import show_account, show_import
from ._large import goes_by_columns
from ._lens import portfolio_slugs, show_lenses
from ._machine import review_csv, review_json
from ._ours import firm_slugs, show_ours
from ._screen import Heading, Screen
from ._text import amount, label, shortened
from ._words import Words


__all__ = [
    "counted",
    "distribution",
    "show_heading",
    "show_portfolio",
    "show_review",
    "show_sheets",
    "tiers",
]


_MOST_NAMES = 4
_SELDOM = frozenset({"incomplete", "example-thresholds"})


def show_review(  # noqa: PLR0913, PLR0917 - the flags of the command
    folder: Path,
    form: Literal["table", "json", "csv"],
    policy: tuple[Path, ...],
    mapping: Path | None,
    lang: str,
    as_of: str | None,
    columns: bool | None = None,  # noqa: FBT001 - a flag, as the others
    against: Path | None = None,
    by_groups: bool = False,  # noqa: FBT001, FBT002 - the same
) -> int:
    """Review a folder; findings are rows that had to be left out, or moves."""
    screen = Screen(lang)
    policies = policies_of(folder, policy, screen)
    rules = policies.tiering or tiering.default_policy()
    in_full = against is not None or by_groups
    if in_full and columns:
        raise UsageError("--columns", "", screen.say("against.no-columns"))
    wish = False if in_full else columns
    if goes_by_columns(folder, mapping, wish, (rules,), screen):
        from ._large._review import show_large_review  # noqa: PLC0415 - needs an engine

        return show_large_review(folder, form, rules, mapping, as_of, screen)
    loaded = load(folder, mapping, as_of, screen, policies)
    company = loaded.company
    rolled = book.roll_up(company.accounts) if by_groups else None
    accounts = None if rolled is None else rolled.accounts
    portfolio = judged(company, policies, screen, as_of=loaded.as_of, accounts=accounts)
    unconverted = [one.unconverted for one in portfolio if one.unconverted is not None]
    if unconverted and not portfolio.judged:
        raise unconverted[0]  # the whole folder is in another currency
    found = None
    if against is not None:
        last = last_review(
            against, policies, mapping=mapping, by_groups=by_groups, screen=screen
        )
        found = since(last, portfolio, policies, company.fx, screen)
    words = Words(screen)
    if form == "json":
        text = _json(portfolio, company, policies, rolled, found, words)
        screen.raw(text)
    elif form == "csv":
        text, changed = review_csv(portfolio, words)
        screen.raw(text)
        if changed:
            screen.aside(screen.say("import.prefixed", count=changed))
        if found is not None:
            screen.aside(f"{title_of(found, screen)} (--format json)")
        show_account(company.report, screen)
    else:
        show_portfolio(portfolio, rules, screen)
        if rolled is not None:
            show_groups(rolled, words)
        if found is not None:
            show_since(found, words)
        show_lenses(portfolio, policies, company.fx, words)
        show_ours(portfolio, words)
        show_deals(portfolio, screen, policies.pipeline)
        show_import(company.report, screen)
    has_moved = found is not None and found.has_changed
    is_finding = company.report.rejected or unconverted or has_moved
    return FINDINGS if is_finding else FINE


def _json(  # noqa: PLR0913, PLR0917 - what one document holds
    portfolio: book.Portfolio,
    company: Company,
    policies: book.Policies,
    rolled: book.RolledUp | None,
    found: Since | None,
    words: Words,
) -> str:
    """Write the document of a review, with what the next one needs of it."""
    fx = company.fx
    accounts = [sheet.account for sheet in portfolio]
    known = (
        book.reclassify(accounts, as_of=portfolio.as_of, policies=policies, fx=fx)
        if found is None
        else found.reclassified
    )
    beside = {
        "lenses": portfolio_slugs(portfolio, policies, fx),
        "firm": firm_slugs(portfolio.firm),
        **({} if found is None else since_slugs(found, words.locale)),
        **({} if rolled is None else group_slugs(rolled)),
    }
    return review_json(
        portfolio,
        company.report,
        policies.tiering or tiering.default_policy(),
        words,
        records=known.records,
        beside=beside,
    )


def show_portfolio(
    portfolio: book.Portfolio, policy: tiering.TieringPolicy, screen: Screen
) -> None:
    """Print the table of customers, and what it takes to read it."""
    words = Words(screen, portfolio.unknown_of_all)
    show_heading(len(portfolio), portfolio.as_of, policy, screen)
    show_sheets(portfolio, words)
    _summary(portfolio, words)
    _remarks(portfolio, words)


def show_heading(
    customers: int, as_of: dt.date, policy: tiering.TieringPolicy, screen: Screen
) -> None:
    """Print how many customers are reviewed, as of when, by which policy."""
    say = screen.say
    screen.line(say("review.title", customers=customers, day=str(as_of)), "bold")
    screen.line(
        say(
            "review.policy",
            name=policy.name,
            version=policy.version,
            currency=policy.currency,
        )
    )
    amounts = {
        name: amount(policy.number(name), screen.locale)
        for name in ("diamond", "gold", "strategic", "potential")
    }
    screen.line(say("review.amounts", **amounts))
    if policy.has_example_amounts:
        screen.line(label("flag", "example-thresholds", screen.locale), "bold")


def show_sheets(portfolio: book.Portfolio, words: Words) -> None:
    """Print a row a customer."""
    screen = words.screen
    has_terms = any(sheet.terms for sheet in portfolio)
    headings, rows = _headings(screen), _rows(portfolio, words)
    if not has_terms:
        headings = headings[:-1]
        rows = (row if row is None else row[:-1] for row in rows)
    screen.table(headings, rows)


def _headings(screen: Screen) -> tuple[Heading, ...]:
    say = screen.say
    customer = Heading(say("review.customer"), wraps=True, most=32)
    tier = Heading(say("review.tier"), wraps=True, most=14)
    score = Heading(say("review.score"), is_number=True)
    if not screen.is_wide:
        step = Heading(say("review.next"), wraps=True)
        return (
            customer,
            tier,
            score,
            step,
            Heading(say("review.terms"), wraps=True, most=8),
        )
    return (
        customer,
        tier,
        score,
        Heading(say("review.ask"), wraps=True),
        Heading(say("review.lift"), wraps=True),
        Heading(say("review.terms"), wraps=True),
    )


def _rows(portfolio: book.Portfolio, words: Words) -> Iterator[tuple[str, ...] | None]:
    """Yield the rows, with a rule between rungs."""
    before = None
    for sheet in portfolio:
        verdict = sheet.verdict
        group = None if verdict is None else verdict.possible[0]
        if before is not None and group is not before:
            yield None
        before = group
        who = (shortened(sheet.customer.name), words.tier(sheet), words.score(sheet))
        if words.screen.is_wide:
            yield (*who, words.question(sheet), words.lift(sheet), words.term(sheet))
        else:
            yield (*who, words.next_step(sheet), words.term(sheet, short=True))


def distribution(portfolio: book.Portfolio, words: Words) -> str:
    """Write how many customers there are of each tier, and how many are open."""
    counts = [(tier.value, count) for tier, count in portfolio.distribution]
    return tiers(counts, portfolio.open_count, portfolio.problem_count, words)


def tiers(
    counts: Iterable[tuple[str, int]], open_count: int, problems: int, words: Words
) -> str:
    """Write the counts of tiers, of open ones and of problems."""
    say = words.screen.say
    parts = [counted(counts, words)]
    if open_count:
        parts.append(say("review.open", count=open_count))
    if problems:
        parts.append(say("review.problems", count=problems))
    return " · ".join(filter(None, parts))


def counted(counts: Iterable[tuple[str, int]], words: Words) -> str:
    """Write how many there are of each slug."""
    return " · ".join(f"{words.name(slug)} {count}" for slug, count in counts)


def _summary(portfolio: book.Portfolio, words: Words) -> None:
    screen, say = words.screen, words.screen.say
    screen.line(say("review.tiers", tiers=distribution(portfolio, words)))
    prospects = [(kind.value, count) for kind, count in portfolio.prospects]
    if prospects:
        screen.line(say("review.prospects", tiers=counted(prospects, words)))
    unknown = portfolio.unknown_of_all
    if unknown:
        facts = words.listed(label("fact", fact, screen.locale) for fact in unknown)
        screen.line(say("review.unknown-of-all", facts=facts))
    if any(not one.score.is_exact for one in portfolio.judged):
        screen.line(say("review.legend-score"))
    if portfolio.open_count:
        screen.line(say("review.legend-open"))
    if any(sheet.terms for sheet in portfolio):
        screen.line(say("review.legend-terms"))


def _remarks(portfolio: book.Portfolio, words: Words) -> None:
    """Say what a reader must know about single customers, one remark a line."""
    screen = words.screen
    found: dict[str, list[str]] = {}
    for sheet in portfolio:
        name = sheet.customer.name
        for flag in sheet.verdict.flags if sheet.verdict else ():
            if flag not in _SELDOM:
                found.setdefault(label("flag", flag, screen.locale), []).append(name)
        focus = None if sheet.tier is None else sheet.tier.focus
        if focus is ProspectClass.KEY_OPPORTUNITY:
            found.setdefault(screen.say("review.focus"), []).append(name)
        if sheet.account.is_partly_read:
            found.setdefault(screen.say("review.partly-read"), []).append(name)
    if found:
        screen.line()
        screen.line(screen.say("review.remarks"), "bold")
    for remark, names in found.items():
        listed = words.listed(shortened(name) for name in names[:_MOST_NAMES])
        more = len(names) - _MOST_NAMES
        if more > 0:
            listed = f"{listed} {screen.say('review.more', count=more)}"
        screen.indented(screen.say("review.remark", remark=remark, names=listed))
