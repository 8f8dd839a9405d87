"""The command line: parse, read, call, print, exit code; it decides nothing.

Exit codes: 0 fine, 1 findings, 2 usage, 3 input or set-up.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from keyaccount.exceptions import (
    CurrencyMismatchError,
    InvalidValueError,
    KeyAccountError,
    MissingExtraError,
    MissingRateError,
)


try:
    from cyclopts import App, CycloptsError, Parameter
    from cyclopts.validators import Path as Exists
except ImportError as _error:
    raise MissingExtraError("cli", "cyclopts") from _error

from ._errors import FINE, INPUT, USAGE, UsageError
from ._table_commands import Layout, importing, template


__all__ = ["main"]


app: App = App(
    name="keyaccount",
    help="Which customers are key accounts, and why: answers with reasons.",
    help_format="markdown",
    version_flags=("--version",),
    result_action="return_value",
)
policy: App = App(name="policy", help="Propose, show, check and compare policies.")
app.command(policy)
app.command(importing)
app.command(template)

Format = Literal["table", "json", "csv"]
DueFormat = Literal["table", "json", "csv", "ical"]
Folder = Annotated[Path, Parameter(validator=Exists(file_okay=False, exists=True))]
File = Annotated[Path, Parameter(validator=Exists(dir_okay=False, exists=True))]
Last = Annotated[Path, Parameter(validator=Exists(exists=True))]
Files = Annotated[tuple[File, ...], Parameter(negative=(), show_default=False)]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no mistake ends in a traceback."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller, as in `>&-`
            setattr(sys, name, io.StringIO())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that lacks a letter
            stream.reconfigure(errors="replace")
    try:
        code = app(
            sys.argv[1:] if argv is None else argv,
            exit_on_error=False,
            print_error=False,
        )
        sys.stdout.flush()
    except BrokenPipeError:  # `… | head`: nobody is left to read
        _let_go_of_stdout()
        return FINE
    except (CycloptsError, UsageError) as error:
        return _fail(USAGE, str(error), "keyaccount --help says how")
    except InvalidValueError as error:
        return _fail(INPUT, *_listed(error))
    except (CurrencyMismatchError, MissingRateError) as error:
        rates = "a table rates.csv (base, quote, on, rate) in the folder gives rates"
        return _fail(INPUT, str(error), rates)
    except (KeyAccountError, OSError) as error:
        return _fail(INPUT, str(error))
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else FINE


def _listed(error: InvalidValueError) -> list[str]:
    """Return a line per problem, with the place as people write it."""
    return [
        f"{error.what}: {problem}".replace(": $.", ": ", 1).replace(": $: ", ": ", 1)
        for problem in error.problems
    ]


def _fail(code: int, *lines: str) -> int:
    from ._text import plain  # noqa: PLC0415 - only where something went wrong

    for line in lines:
        sys.stderr.write(f"keyaccount: {plain(line)}\n")
    return code


def _let_go_of_stdout() -> None:
    """Point stdout nowhere, so that Python does not complain when it exits."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return  # stdout was no file


@app.command
def demo(*, lang: str = "en") -> int:
    """Review a shipped, invented logistics firm, and say what to try next.

    Args:
        lang: language of the answer: en, zh-Hans or zh-Hant.
    """
    from ._demo import show_demo  # noqa: PLC0415 - `--help` does not wait for it

    return show_demo(lang)


@app.command
def review(  # noqa: PLR0913 - the flags of the command
    folder: Folder,
    /,
    *,
    format: Format = "table",  # noqa: A002 - the name of the flag
    policy: Files = (),
    mapping: Layout | None = None,
    lang: str = "en",
    as_of: str | None = None,
    against: Last | None = None,
    groups: Annotated[bool, Parameter(negative=())] = False,
    columns: bool | None = None,
) -> int:
    """Review the customers of a folder of tables, CSV or Parquet.

    Args:
        folder: holds customers.csv and, as far as you have them, years.csv,
            receivables.csv, standing.csv, terms.csv, products.csv, deals.csv,
            needs.csv, factors.csv, history.csv, milestones.csv, people.csv,
            contacts.csv, cooperation.csv, intents.csv, attributes.csv, shares.csv,
            rivals.csv, background.csv, requirements.csv, channels.csv,
            purchases.csv, profiles.csv, contracts.csv, rates.csv; of our own side
            motion.csv, team.csv, executives.csv, pairings.csv, commitments.csv,
            issues.csv, readiness.csv, industries.csv, plans.csv, projects.csv,
            weak_points.csv, project_tasks.csv, positioning.csv, actions.csv,
            propositions.csv, promises.csv, capacities.csv, targets.csv,
            knowledge.csv.
        format: a table for people, JSON or CSV for machines.
        policy: your own policy file; may be given once per model. Left out,
            policy.toml in the folder is taken, else the shipped example.
        mapping: a file that says which file, column and value of yours is which of
            ours, or a shipped one: frappe, hubspot, odoo, salesforce.
        lang: language of the answer: en, zh-Hans or zh-Hant.
        as_of: day of the review, YYYY-MM-DD. Left out, the latest full year end.
        against: the last review, a folder of its tables or what its --format json
            wrote: who moved since then, from where to where, and by which fact.
        groups: roll subsidiaries up into their parents before judging.
        columns: judge column by column, as is done by itself for large tables:
            any number of customers, but no deals, terms or ways up.
    """
    from ._review import show_review  # noqa: PLC0415 - as above

    return show_review(
        folder, format, policy, mapping, lang, as_of, columns, against, groups
    )


@app.command
def due(  # noqa: PLR0913 - the flags of the command
    folder: Folder,
    /,
    *,
    format: DueFormat = "table",  # noqa: A002 - the name of the flag
    owner: str | None = None,
    nobody: Annotated[bool, Parameter(negative=())] = False,
    days: int = 14,
    country: str | None = None,
    against: Last | None = None,
    policy: Files = (),
    mapping: Layout | None = None,
    lang: str = "en",
    as_of: str | None = None,
) -> int:
    """List what is late, due and coming: deals, talks, promises, visits, projects.

    Args:
        folder: the tables, as for `review`.
        format: a table for people, JSON or CSV for machines, ical for a calendar.
        owner: only what this person must do.
        nobody: only what nobody is named for.
        days: how many days ahead to look.
        country: whose work days count, as in CN; what falls on a free day then
            says by when to act. Left out, every day counts.
        against: the last review, as for `review`: then the next review of every
            customer's class is due too, before that one is stale.
        policy: as for `review`.
        mapping: as for `review`.
        lang: language of the answer: en, zh-Hans or zh-Hant.
        as_of: the day, YYYY-MM-DD. Left out, the latest full year end.
    """
    from ._due import Wanted, show_due  # noqa: PLC0415 - as above

    wanted = Wanted(format, owner, nobody, days, country, against)
    return show_due(folder, wanted, policy, mapping, lang, as_of)


@app.command
def report(  # noqa: PLR0913 - the flags of the command
    folder: Folder,
    /,
    *,
    out: Annotated[Path, Parameter(alias="-o")],
    title: str | None = None,
    policy: Files = (),
    mapping: Layout | None = None,
    lang: str = "en",
    as_of: str | None = None,
    against: Last | None = None,
    groups: Annotated[bool, Parameter(negative=())] = False,
    country: str | None = None,
    charts: bool = True,
) -> int:
    """Write what to do this week, ten answers and a sheet an account into one file.

    Args:
        folder: the tables, as for `review`.
        out: the file: .html for a page to open or print, .md, or .xlsx.
        title: stands on top of it.
        policy: as for `review`.
        mapping: as for `review`.
        lang: language of the report: en, zh-Hans or zh-Hant.
        as_of: the day, YYYY-MM-DD. Left out, the latest full year end.
        against: the last review, as for `review`: who moved since then.
        groups: roll subsidiaries up into their parents before judging.
        country: whose work days count, as in CN, as for `due`.
        charts: draw charts beside the answers of a page.
    """
    from ._report import Asked, show_report  # noqa: PLC0415 - as above

    asked = Asked(out, title, country, against, groups, charts)
    return show_report(folder, asked, policy, mapping, lang, as_of)


@app.command
def check(file: File, /, *more: File, policy: Files = (), lang: str = "en") -> int:
    """Run case files: a line per case; where one falls short, why.

    Args:
        file: a TOML file of worked examples.
        more: further files.
        policy: your own policy, for the cases of its model; one per model.
        lang: language of the reasons: en, zh-Hans or zh-Hant.
    """
    from ._check import show_check  # noqa: PLC0415 - as above

    return show_check((file, *more), policy, lang)


@app.command
def schema(type: str | None = None, /) -> int:  # noqa: A002 - what the user calls it
    """Print the JSON Schema of a document type; of none, list the types.

    Args:
        type: such as customer, payment-term, tiering-policy.
    """
    from ._schema import show_schema  # noqa: PLC0415 - as above

    return show_schema(type)


@policy.command(name="init")
def policy_init(
    folder: Folder,
    /,
    *,
    mapping: Layout | None = None,
    lang: str = "en",
    as_of: str | None = None,
) -> int:
    """Propose your own amounts from your own customers; prints a policy file.

    Args:
        folder: the tables, as for `review`.
        mapping: as for `review`.
        lang: language of what is said on stderr.
        as_of: day of the review, YYYY-MM-DD. Left out, the latest full year end.
    """
    from ._policy import show_init  # noqa: PLC0415 - as above

    return show_init(folder, mapping, lang, as_of)


@policy.command(name="show")
def policy_show(name: str, /, *, lang: str = "en") -> int:
    """Show a policy: its rules, its numbers, and who says so.

    Args:
        name: a shipped policy such as tiering, or a file of yours.
        lang: language of the headings: en, zh-Hans or zh-Hant.
    """
    from ._policy import show_policy  # noqa: PLC0415 - as above

    return show_policy(name, lang)


@policy.command(name="lint")
def policy_lint(file: File, /, *, lang: str = "en") -> int:
    """Check a policy file: every mistake at once, and every number without a why.

    Args:
        file: the policy file.
        lang: language of the findings: en, zh-Hans or zh-Hant.
    """
    from ._policy import show_lint  # noqa: PLC0415 - as above

    return show_lint(file, lang)


@policy.command(name="diff")
def policy_diff(  # noqa: PLR0913 - the flags of the command
    before: str,
    after: str,
    folder: Folder,
    /,
    *,
    mapping: Layout | None = None,
    lang: str = "en",
    as_of: str | None = None,
    columns: bool | None = None,
) -> int:
    """Say which customers change their tier between two policies, and why.

    Args:
        before: a shipped policy's name, or a file.
        after: another one.
        folder: the tables, as for `review`.
        mapping: as for `review`.
        lang: language of the answer: en, zh-Hans or zh-Hant.
        as_of: day of the review, YYYY-MM-DD. Left out, the latest full year end.
        columns: as for `review`.
    """
    from ._policy import show_diff  # noqa: PLC0415 - as above

    return show_diff(before, after, folder, mapping, lang, as_of, columns)
