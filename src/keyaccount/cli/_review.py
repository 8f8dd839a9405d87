"""`keyaccount review`: the customers of a folder, and the account of its rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from keyaccount import book
from keyaccount.domain import ProspectClass
from keyaccount.intake import ImportReport
from keyaccount.models import tiering

from ._deals import deal_slugs, show_deals
from ._errors import FINDINGS, FINE
from ._folder import load, policies_of
from ._forecasts import forecast_slugs
from ._large import goes_by_columns
from ._screen import Heading, Screen
from ._text import amount, csv_safe, label, shortened
from ._words import Words, slugs


__all__ = [
    "cell",
    "counted",
    "distribution",
    "show_account",
    "show_heading",
    "show_import",
    "show_portfolio",
    "show_review",
    "show_sheets",
    "tiers",
]


_MOST_NOTES = 50
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
) -> int:
    """Review a folder; findings are rows that had to be left out."""
    screen = Screen(lang)
    policies = policies_of(folder, policy, screen)
    rules = policies.tiering or tiering.default_policy()
    if goes_by_columns(folder, mapping, columns, (rules,), screen):
        from ._large._review import show_large_review  # noqa: PLC0415 - needs an engine

        return show_large_review(folder, form, rules, mapping, as_of, screen)
    loaded = load(
        folder,
        mapping,
        as_of,
        screen,
        terms=policies.payment,
        pipeline=policies.pipeline,
    )
    company = loaded.company
    total = len(company.accounts)
    tell = screen.progress("review.judging")
    portfolio = book.review(
        company.accounts,
        as_of=loaded.as_of,
        policies=policies,
        fx=company.fx,
        loose_deals=company.loose_deals,
        loose_facts=company.loose_facts,
        progress=lambda done: tell("", done, total),
    )
    unconverted = [one.unconverted for one in portfolio if one.unconverted is not None]
    if unconverted and not portfolio.judged:
        raise unconverted[0]  # the whole folder is in another currency
    if form == "json":
        screen.raw(_json(portfolio, company.report, rules, Words(screen)))
    elif form == "csv":
        text, changed = _csv(portfolio, Words(screen))
        screen.raw(text)
        if changed:
            screen.aside(screen.say("import.prefixed", count=changed))
        show_account(company.report, screen)
    else:
        show_portfolio(portfolio, rules, screen)
        show_deals(portfolio, screen, policies.pipeline)
        show_import(company.report, screen)
    return FINDINGS if company.report.rejected or unconverted else FINE


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


def show_import(report: ImportReport, screen: Screen) -> None:
    """Print the account of the rows: read, accepted, rejected, and why."""
    say = screen.say
    headings = (
        Heading(say("import.file"), wraps=True),
        *(
            Heading(say(f"import.{name}"), is_number=True)
            for name in ("read", "accepted", "rejected")
        ),
        Heading(say("import.form")),
    )
    screen.table(headings, _counts(report, screen))
    for line in _notes(report, screen):
        screen.indented(line, by=0)


def show_account(report: ImportReport, screen: Screen) -> None:
    """Say the same on stderr, where stdout is for machines."""
    for file, read, accepted, rejected, form in _counts(report, screen):
        counts = ", ".join(
            f"{screen.say(f'import.{name}')} {count}"
            for name, count in zip(
                ("read", "accepted", "rejected"),
                (read, accepted, rejected),
                strict=True,
            )
        )
        screen.aside(f"{file}: {counts} ({form})")
    for line in _notes(report, screen):
        screen.aside(line)


def _counts(report: ImportReport, screen: Screen) -> Iterator[tuple[str, ...]]:
    for table in report:
        delimiter = screen.say(f"import.{table.delimiter}")
        counts = (f"{n:,}" for n in (table.read, table.accepted, table.rejected))
        yield table.file, *counts, f"{table.encoding}, {delimiter}"


def _notes(report: ImportReport, screen: Screen) -> Iterator[str]:
    unlisted = report.unlisted
    for heading, notes in (
        ("import.left-out", report.rejections),
        ("import.noticed", report.remarks),
    ):
        if notes:
            yield screen.say(heading)
        for note in notes[:_MOST_NOTES]:
            yield f"  {note.say(screen.locale)}"
        more = max(len(notes) - _MOST_NOTES, 0)
        if notes:
            more, unlisted = more + unlisted, 0
        if more:
            yield f"  {screen.say('review.more', count=more)} (--format json)"
    for table in report:
        if table.unprefixed:
            count = table.unprefixed
            yield screen.say("import.unprefixed", file=table.file, count=count)


def _json(
    portfolio: book.Portfolio,
    report: ImportReport,
    policy: tiering.TieringPolicy,
    words: Words,
) -> str:
    ref = policy.ref
    document = {
        "as_of": portfolio.as_of.isoformat(),
        "policy": {"name": ref.name, "version": ref.version, "digest": ref.digest},
        "currency": policy.currency,
        "tiers": {tier.value: count for tier, count in portfolio.distribution},
        "open": portfolio.open_count,
        "problems": portfolio.problem_count,
        "customers": [
            {
                **slugs(sheet),
                "question": words.question(sheet) or None,
                "lift": words.lift(sheet) or None,
                "reasons": words.reasons(sheet),
            }
            for sheet in portfolio
        ],
        "deals": [deal_slugs(deal) for deal in portfolio.deals],
        "forecast": forecast_slugs(portfolio),
        "dated_ahead": [deal.id for deal in portfolio.dated_ahead],
        "import": report.to_dict(),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2)


def _csv(portfolio: book.Portfolio, words: Words) -> tuple[str, int]:
    """Write the rows as CSV; what a spreadsheet might run gets a quote in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    changed = 0
    for at, sheet in enumerate(portfolio):
        row = {
            **slugs(sheet),
            "question": words.question(sheet),
            "lift": words.lift(sheet),
        }
        if at == 0:
            writer.writerow(row)
        cells = []
        for value in row.values():
            text, is_changed = cell(value)
            cells.append(text)
            changed += is_changed
        writer.writerow(cells)
    return out.getvalue(), changed


def cell(value: object) -> tuple[str, bool]:
    """Write a CSV cell; say whether it had to be made safe."""
    if value is None:
        return "", False
    if isinstance(value, float):
        return repr(value), False
    if isinstance(value, tuple):
        return csv_safe(";".join(map(str, value)))
    return csv_safe(str(value))
