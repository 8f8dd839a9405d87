"""The report: what a page of 635 real resellers takes, and how large pages become.

The resellers are AdventureWorks', made into tables by the very lines of
docs/how-to/real-data.md; KEYACCOUNT_DATA names the folder where the data lies, if it
is not beside the project. Where it is not there, the table says so. The pages by hand
are what somebody would write with Jinja in an hour, over the same review.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment

import keyaccount as ka
from keyaccount import book, intake, plots, policies, report, tiering

from .models import customers
from .report import Held, Table, held, ways
from .timing import Figure, compare, figures, way


__all__ = ["measure"]


PROJECT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("KEYACCOUNT_DATA", PROJECT.parent / "shared" / "data"))
GUIDE = PROJECT / "docs" / "how-to" / "real-data.md"
RESELLERS, FEWER = 635, 200
LAST_DAY = {"resellers": "2013-11-30", "drawn": "2026-01-31"}
MEGABYTE = 1_000_000

_AMOUNTS = ("sales", "gross_profit", "due", "collected", "on_time")
_WHAT = "The report on AdventureWorks' resellers"
_SIZE = "How large the page is, MB (1 MB = 1,000,000 bytes)"
_BLOCK = re.compile(r"^```(python|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_TABLE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Accounts</title>
<table>{% for one in portfolio %}
<tr><td>{{ one.customer.name }}<td>{{ one.tier.possible | map(attribute="value") | \
join(" or ") }}<td>{{ "%.0f" | format(one.tier.score.low) }} to \
{{ "%.0f" | format(one.tier.score.high) }}<td>{% for year in one.customer.years %}\
{{ year.year }}: {{ year.sales }} {% endfor %}<td>{{ one.tier.missing | \
map(attribute="fact") | join(", ") }}</tr>{% endfor %}
</table>"""
_SHEETS = """{% for one in portfolio %}
<article><h2>{{ one.customer.name }}</h2>{% for line in one.tier.explain("en") %}
<p>{{ line }}</p>{% endfor %}</article>{% endfor %}"""

_PAGES = MappingProxyType(
    {
        "review": "`book.review(accounts)`: what the page rests on",
        "hand": "Jinja by hand: a table with a row an account",
        "hand told": "the same, and below it every account's `tier.explain()`",
        "page": "`report.page(portfolio)`: the week, ten questions, a sheet an account",
        "chart": "the same with the chart of the classes, drawn anew",
        "markdown": "`report.markdown(portfolio)`",
    }
)
_COMMANDS = MappingProxyType(
    {
        "review": "`keyaccount review`, as text on the screen",
        "words": "`keyaccount report --no-charts`",
        "charts": "`keyaccount report`",
    }
)


def measure(rounds: int) -> list[Table]:
    """Write the pages, weigh them and time them."""
    with tempfile.TemporaryDirectory() as name:
        desk = Path(name)
        _draw(desk / "drawn")
        sizes = _weigh(desk, "drawn", f"{FEWER} customers drawn, every amount known")
        if not (DATA / "adventureworks_dw").is_dir():
            return [held(_SIZE, sizes), _not_here()]
        _resellers(desk)
        _some(desk / "resellers", desk / "fewer", FEWER)
        sizes += _weigh(desk, "fewer", f"the first {FEWER} resellers")
        sizes += _weigh(desk, "resellers", f"all {RESELLERS} resellers", None)
        whole = _processes(desk, max(3, rounds // 6))
        charts = whole["charts"]
        spent = f"{charts.seconds:.2f} s"
        aim = Held(
            "", f"`keyaccount report`, {RESELLERS} resellers, seconds",
            charts.seconds, spent, None, 30,
        )  # fmt: skip
        return [
            held(_WHAT, [aim]),
            held(_SIZE, sizes),
            ways(f"{RESELLERS} resellers: whole processes", _COMMANDS, whole),
            _pages(desk / "resellers", max(5, rounds // 4)),
        ]


def _not_here() -> Table:
    why = "not measured: the data is not here; KEYACCOUNT_DATA names its folder"
    return Table(_WHAT, ("",), ((why,),))


def _pages(folder: Path, rounds: int) -> Table:
    """Time review and pages in one process, in turn."""
    company = intake.read_folder(folder)
    rules = policies.read(folder / "policy.toml", tiering.TieringPolicy)
    chosen = book.Policies(tiering=rules)
    day = dt.date.fromisoformat(LAST_DAY["resellers"])

    def review(accounts: Iterable[book.Account]) -> book.Portfolio:
        return book.review(accounts, as_of=day, policies=chosen, firm=company.firm)

    def page(portfolio: book.Portfolio) -> str:
        return report.page(portfolio, policies=chosen)

    def with_chart(portfolio: book.Portfolio) -> str:
        charts = {"classes": plots.svg(plots.tier_ladder(portfolio))}
        return report.page(portfolio, policies=chosen, charts=charts)

    short = Environment(autoescape=True).from_string(_TABLE)
    told = Environment(autoescape=True).from_string(_TABLE + _SHEETS)
    portfolio = review(company.accounts)
    jobs = {
        "hand": lambda one: short.render(portfolio=one),
        "hand told": lambda one: told.render(portfolio=one),
        "page": page,
        "chart": with_chart,
        "markdown": lambda one: report.markdown(one, policies=chosen),
    }
    _same_rows(portfolio, {name: jobs[name](portfolio) for name in jobs})
    timed = {name: way(job, [portfolio]) for name, job in jobs.items()}
    timed = {"review": way(review, [company.accounts]), **timed}
    found = compare(timed, yardstick="review", rounds=rounds)
    title = f"{RESELLERS} resellers: the page beside the review and a page by hand"
    return ways(title, _PAGES, found)


def _same_rows(portfolio: book.Portfolio, pages: Mapping[str, str]) -> None:
    """Every account stands on every page, and has a sheet where there are sheets."""
    assert len(portfolio) == RESELLERS
    for name in ("hand", "hand told", "page", "chart"):
        text = pages[name].replace("&#39;", "&#x27;")
        for one in portfolio:
            assert escape(one.customer.name) in text, (name, one.customer.name)
    sheets = {name: text.count("<article") for name, text in pages.items()}
    assert sheets["hand told"] == sheets["page"] == sheets["chart"] == RESELLERS
    assert pages["chart"].count("<img") == 1


def _processes(desk: Path, rounds: int) -> Mapping[str, Figure]:
    """Time whole processes, from start to end, in turn."""
    out = str(desk / "timed.html")
    day = ("--as-of", LAST_DAY["resellers"])
    commands = {
        "review": ("review", "resellers", *day),
        "words": ("report", "resellers", *day, "-o", out, "--no-charts"),
        "charts": ("report", "resellers", *day, "-o", out),
    }
    order = list(commands)
    shuffle = random.Random(7).shuffle
    times: dict[str, list[float]] = {name: [] for name in order}
    for _ in range(rounds):
        shuffle(order)
        for name in order:
            start = time.perf_counter()
            _keyaccount(desk, *commands[name])
            times[name].append(time.perf_counter() - start)
    return figures(times, "review")


def _weigh(desk: Path, name: str, what: str, must: float | None = 1.0) -> list[Held]:
    """Write a folder's page without and with charts, and say how large they are."""
    found = []
    for flags, charts in ((("--no-charts",), "without charts"), ((), "with charts")):
        out = desk / "page.html"
        day = LAST_DAY["drawn" if name == "drawn" else "resellers"]
        _keyaccount(desk, "report", name, "--as-of", day, "-o", str(out), *flags)
        size = out.stat().st_size / MEGABYTE
        found.append(Held("", f"{what}, {charts}", size, f"{size:.2f}", must))
    return found


def _keyaccount(desk: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "keyaccount", *arguments]
    subprocess.run(command, check=True, capture_output=True, cwd=desk)  # noqa: S603 - our own


def _resellers(desk: Path) -> None:
    """Run the first lines of the how-to page, which make the resellers' tables."""
    (_, lines), (_, policy) = _BLOCK.findall(GUIDE.read_text(encoding="utf-8"))[:2]
    (desk / "data").symlink_to(DATA, target_is_directory=True)
    with contextlib.chdir(desk):
        exec(compile(lines, str(GUIDE), "exec"), {})  # noqa: S102 - our own page
    (desk / "resellers" / "policy.toml").write_text(policy, encoding="utf-8")


def _some(folder: Path, into: Path, count: int) -> None:
    """Copy a folder's first customers, with their years."""
    into.mkdir()
    kept = _rows(folder / "customers.csv")[:count]
    ids = {row["id"] for row in kept}
    years = [one for one in _rows(folder / "years.csv") if one["customer"] in ids]
    _write(into / "customers.csv", kept)
    _write(into / "years.csv", years)
    policy = (folder / "policy.toml").read_text(encoding="utf-8")
    (into / "policy.toml").write_text(policy, encoding="utf-8")


def _draw(folder: Path) -> None:
    """Write drawn customers as the tables of a folder."""
    folder.mkdir()
    drawn = list(customers(FEWER))
    names = ("id", "name", "currency", "industry", "influence")
    _write(
        folder / "customers.csv",
        [{name: str(getattr(one, name)) for name in names} for one in drawn],
    )
    _write(folder / "years.csv", [row for one in drawn for row in _years(one)])


def _years(customer: ka.Customer) -> Iterator[dict[str, str]]:
    for year in customer.years:
        amounts = {name: str(getattr(year, name)) for name in _AMOUNTS}
        yield {"customer": customer.id, "year": str(year.year), **amounts}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
