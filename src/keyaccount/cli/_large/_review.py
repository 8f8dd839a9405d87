"""`keyaccount review` of a large folder: counts, the best customers, every row."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from keyaccount import book
from keyaccount.cli._errors import FINDINGS, FINE
from keyaccount.cli._imported import show_account, show_import
from keyaccount.cli._machine import cell
from keyaccount.cli._review import counted, show_heading, show_sheets, tiers
from keyaccount.cli._screen import Screen
from keyaccount.cli._text import label
from keyaccount.cli._words import Words, why_unconverted
from keyaccount.domain import ProspectClass, ValueTier
from keyaccount.intake import ImportReport
from keyaccount.models import tiering

from ._company import LargeCompany
from ._opened import opened
from ._verdicts import COLUMNS, Verdicts


__all__ = ["show_large_review"]


_BEST = 40
_CHUNK = 5_000


def show_large_review(  # noqa: PLR0913, PLR0917 - the flags of the command
    folder: Path,
    form: Literal["table", "json", "csv"],
    policy: tiering.TieringPolicy,
    mapping: Path | None,
    as_of: str | None,
    screen: Screen,
) -> int:
    """Review a folder in columns; findings are as those of any review."""
    with opened(folder, mapping, as_of, {policy.currency}, screen) as (company, day):
        tell = screen.progress("large.judging", every=1)
        tell(company.engine.name, 0, 1)
        verdicts = Verdicts(company, policy, day)
        tell(company.engine.name, 1, 1)
        if verdicts.unconverted and not verdicts.judged_count:
            raise verdicts.unconverted[0]  # the whole folder is in another currency
        report = company.spools.report()
        if form == "csv":
            _write_csv(verdicts, screen)
        elif form == "json":
            _write_json(verdicts, report, policy, day, screen)
        else:
            show_heading(len(verdicts), day, policy, screen)
            _show_best(verdicts, company, policy, day, screen)
            _summary(verdicts, screen)
            show_import(report, screen)
        if form == "csv":
            show_account(report, screen)
        _tell_unconverted(verdicts, screen)
    return FINDINGS if report.rejected or verdicts.unconverted else FINE


def _show_best(
    verdicts: Verdicts,
    company: LargeCompany,
    policy: tiering.TieringPolicy,
    as_of: dt.date,
    screen: Screen,
) -> None:
    """Print the best customers in full: these few are objects, the way up and all."""
    best = [str(row[0]) for row in itertools.islice(verdicts, _BEST)]
    portfolio = book.review(
        company.accounts(best),
        as_of=as_of,
        policies=book.Policies(tiering=policy),
        fx=company.spools.fx,
    )
    show_sheets(portfolio, Words(screen, verdicts.unknown_of_all))
    more = len(verdicts) - len(best)
    if more > 0:
        said = screen.say("review.more", count=f"{more:,}")
        screen.line(f"{said} (--format csv)")


def _summary(verdicts: Verdicts, screen: Screen) -> None:
    """Print the counts, as under any review."""
    words, say = Words(screen), screen.say
    screen.line(
        say(
            "review.tiers",
            tiers=tiers(
                _tiers_of(verdicts).items(),
                verdicts.open_count,
                verdicts.problem_count,
                words,
            ),
        )
    )
    prospects = [
        (kind.value, verdicts.prospects[kind.value])
        for kind in ProspectClass
        if verdicts.prospects[kind.value]
    ]
    if prospects:
        screen.line(say("review.prospects", tiers=counted(prospects, words)))
    unknown = verdicts.unknown_of_all
    if unknown:
        facts = words.listed(label("fact", fact, screen.locale) for fact in unknown)
        screen.line(say("review.unknown-of-all", facts=facts))
    if verdicts.has_spans:
        screen.line(say("review.legend-score"))
    if verdicts.open_count:
        screen.line(say("review.legend-open"))


def _tiers_of(verdicts: Verdicts) -> dict[str, int]:
    counts = verdicts.tiers
    return {tier.value: counts[tier.value] for tier in ValueTier if counts[tier.value]}


def _tell_unconverted(verdicts: Verdicts, screen: Screen) -> None:
    if verdicts.unconverted:
        why = why_unconverted(verdicts.unconverted[0], screen)
        count = f"{len(verdicts.unconverted):,}"
        screen.aside(screen.say("large.not-converted", count=count, why=why))


def _chunks(verdicts: Verdicts, screen: Screen) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows some at a time, and tell how far it has come."""
    tell, total = screen.progress("large.writing", every=1), len(verdicts)
    rows, done = iter(verdicts), 0
    while chunk := list(itertools.islice(rows, _CHUNK)):
        yield chunk
        done += len(chunk)
        tell("", done, total)


def _write_csv(verdicts: Verdicts, screen: Screen) -> None:
    """Write a row a customer; what a spreadsheet might run gets a quote in front."""
    changed, headings = 0, [COLUMNS]
    for chunk in _chunks(verdicts, screen):
        text, more = _csv([*headings, *chunk])
        screen.raw(text)
        changed, headings = changed + more, []
    if changed:
        screen.aside(screen.say("import.prefixed", count=changed))


def _csv(rows: Iterable[tuple[object, ...]]) -> tuple[str, int]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    changed = 0
    for one, name, *slugs, missing in rows:  # slugs and numbers are no formulas
        texts = [cell(one), cell(name), cell(missing)]
        (first, _), (second, _), (last, _) = texts
        writer.writerow([first, second, *slugs, last])
        changed += sum(is_changed for _, is_changed in texts)
    return out.getvalue(), changed


def _write_json(
    verdicts: Verdicts,
    report: ImportReport,
    policy: tiering.TieringPolicy,
    as_of: dt.date,
    screen: Screen,
) -> None:
    """Write the document of a review, a line a customer."""
    ref = policy.ref
    head = {
        "as_of": as_of.isoformat(),
        "policy": {"name": ref.name, "version": ref.version, "digest": ref.digest},
        "currency": policy.currency,
        "tiers": _tiers_of(verdicts),
        "open": verdicts.open_count,
        "problems": verdicts.problem_count,
        "in_columns": True,
        "import": report.to_dict(),
    }
    screen.raw(f'{_json(head, indent=2)[:-2]},\n  "customers": [')
    before = ""
    for chunk in _chunks(verdicts, screen):
        lines = (_json(dict(zip(COLUMNS, row, strict=True))) for row in chunk)
        screen.raw(before + ",\n".join(f"    {line}" for line in lines))
        before = ","
    screen.raw("  ]\n}")


def _json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=indent)
