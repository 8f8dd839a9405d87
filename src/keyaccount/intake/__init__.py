"""From a folder of tables to customers, with an account of every row.

    company = read_folder(Path("my-tables"))
    company.accounts      # customers, and what stands beside them
    company.report        # rows read, accepted, rejected, with line numbers

Which tables there are and what their columns mean: `docs/how-to`, "Review your own
tables"; how their cells may be written: "Read messy tables". What may mean two things
is refused; a blank cell means not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import attrs

from keyaccount.book import Account, Firm
from keyaccount.book.facts import NO_FACTS, frozen_facts
from keyaccount.book.our_side import NO_FIRM
from keyaccount.domain import FxTable, Opportunity, PaymentTerm, StrategicIntent
from keyaccount.exceptions import Problems, ReadError
from keyaccount.models import payment, readiness, stages

from ._build import build
from ._columns import Table
from ._currencies import with_right_signs
from ._excel import Books, open_table
from ._files import Sheet
from ._firm_rows import with_known_lines
from ._folder import table_file
from ._mapping import NO_MAPPING, Mapped, TableMapping, read_mapping
from ._mapping_toml import mapping_toml
from ._own import facts_by_deal, with_known_stages, with_own_facts
from ._parquet import open_parquet
from ._report import Change, ImportReport, Note, TableReport
from ._rows import Entry, Ledger, Progress, account_of, read_entries
from ._shipped import SHIPPED, mapping_for, shipped_mapping
from ._spool import SEPARATOR, SPOOLED, Kind, Spool
from ._spools import Spools, Tally, spool_folder
from ._suggest import Suggestions, suggest
from ._tables import TABLES
from ._template import ONLY_IF_FILLED, template_files
from ._template_book import template_workbook
from ._workbook import BOOKS


__all__ = [
    "NO_MAPPING",
    "ONLY_IF_FILLED",
    "SEPARATOR",
    "SHIPPED",
    "SPOOLED",
    "TABLES",
    "Change",
    "Company",
    "ImportReport",
    "Kind",
    "Ledger",
    "Mapped",
    "Note",
    "Spool",
    "Spools",
    "Suggestions",
    "TableMapping",
    "TableReport",
    "Tally",
    "mapping_for",
    "mapping_toml",
    "open_parquet",
    "read_folder",
    "read_mapping",
    "shipped_mapping",
    "spool_folder",
    "suggest",
    "table_file",
    "template_files",
    "template_workbook",
]


@attrs.frozen
class Company:
    """A firm's customers as its tables tell them, and the account of the reading.

    `fx` is None where there is no table of rates. `loose_deals` are those of which
    nobody knows whose they are, `loose_facts` what is known of a pipeline's own facts
    about them, by the deal's id. `intents` is what our strategy wants of customers,
    None where no table says so; `firm` is what we know of our own firm as a whole.
    """

    accounts: tuple[Account, ...]
    fx: FxTable | None
    report: ImportReport
    loose_deals: tuple[Opportunity, ...] = ()
    loose_facts: Mapping[str, Mapping[str, object]] = attrs.field(
        default=NO_FACTS, converter=frozen_facts, hash=False
    )
    intents: tuple[StrategicIntent, ...] | None = None
    firm: Firm = NO_FIRM

    @property
    def latest_full_year_end(self) -> dt.date | None:
        """The last day of the latest full fiscal year that any customer has."""
        ends = [
            year.ends_on
            for account in self.accounts
            for year in account.customer.years
            if year.months == FULL_YEAR
        ]
        return max(ends, default=None)


FULL_YEAR = 12


def read_folder(  # noqa: PLR0913 - the folder, and what its words rest on
    folder: Path,
    mapping: Mapped = NO_MAPPING,
    *,
    payment_policy: payment.PaymentPolicy | None = None,
    pipeline: stages.Pipeline | None = None,
    readiness_policy: readiness.ReadinessPolicy | None = None,
    progress: Progress | None = None,
) -> Company:
    """Read the tables of a folder; every row is accepted or accounted for.

    Args:
        folder: holds `customers.csv`, and any of the other tables, as CSV, Parquet or
            in workbooks; or is a workbook whose sheets are called as the tables are.
        mapping: which file, column and value of yours is which of ours.
        payment_policy: names the payment terms; the shipped one otherwise.
        pipeline: names the stages of a deal and the facts that stand in columns of
            their own; the shipped one otherwise.
        readiness_policy: names the lines of our checklists; the shipped one otherwise.
        progress: told the file, the rows done and the rows in all, now and then.

    Raises:
        ReadError: a table cannot be read as a whole, or `customers.csv` is missing;
            every such problem is listed.
        MissingExtraError: what reads a kind of file is not installed.
    """
    pipeline = pipeline or stages.default_policy()
    problems = Problems()
    ledger = Ledger()
    books = Books()
    entries: dict[str, list[Entry]] = {}
    reports = []
    for table in TABLES.values():
        mapped = mapping.table(table.name)
        path = table_file(folder, table, mapped, problems, books)
        if path is None:
            continue
        sheet = open_table(path, table, mapping, books, problems)
        if sheet is not None and not _is_unfilled(table, path, sheet):
            told = progress or _silent
            if table.name == "deals":
                table = with_own_facts(table, pipeline)  # noqa: PLW2901 - the same, wider
            found, report = read_entries(table, sheet, mapped, ledger, problems, told)
            entries[table.name] = found
            reports.append(report)
    if problems:
        raise ReadError(f"folder {folder.name or folder}", problems.all())
    terms = {
        named.id: PaymentTerm(named.tranches, named.id)
        for named in payment.catalogue(payment_policy)
    }
    told_facts = facts_by_deal(entries.get("deals", ()), pipeline)
    known = with_known_stages(with_right_signs(entries, ledger), pipeline, ledger)
    known = with_known_lines(known, readiness_policy, ledger)
    built = build(known, terms, ledger, told_facts)
    rates = built.fx if "rates" in entries else None
    return Company(
        built.accounts,
        rates,
        account_of(reports, ledger),
        built.loose_deals,
        built.loose_facts,
        built.intents,
        built.firm,
    )


def _is_unfilled(table: Table, path: Path, sheet: Sheet) -> bool:
    """Whether nobody filled in this sheet of a workbook that has one a table.

    A file of its own, or the sheet of one, that holds no row says that there is none.
    """
    is_shared = path.suffix.lower() in BOOKS and path.stem != table.name
    return is_shared and not sheet.lines and table.name != "customers"


def _silent(file: str, done: int, total: int) -> None:
    del file, done, total
