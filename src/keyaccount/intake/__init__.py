"""From a folder of tables, CSV or Parquet, to customers, with an account of every row.

    company = read_folder(Path("my-tables"))
    company.accounts      # customers, and what stands beside them
    company.report        # rows read, accepted, rejected, with line numbers

Which tables there are and what their columns mean: `docs/how-to`, "Review your own
tables". Numbers and dates are read strictly; a blank cell means not known.
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
from ._files import open_sheet
from ._firm_rows import with_known_lines
from ._folder import table_file
from ._mapping import NO_MAPPING, Mapped, TableMapping, read_mapping
from ._own import facts_by_deal, with_known_stages, with_own_facts
from ._parquet import open_parquet
from ._report import ImportReport, Note, TableReport
from ._rows import Entry, Ledger, Progress, read_entries
from ._spool import SEPARATOR, SPOOLED, Kind, Spool
from ._spools import Spools, Tally, spool_folder
from ._tables import TABLES


__all__ = [
    "NO_MAPPING",
    "SEPARATOR",
    "SPOOLED",
    "TABLES",
    "Company",
    "ImportReport",
    "Kind",
    "Ledger",
    "Mapped",
    "Note",
    "Spool",
    "Spools",
    "TableMapping",
    "TableReport",
    "Tally",
    "open_parquet",
    "read_folder",
    "read_mapping",
    "spool_folder",
    "table_file",
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
        folder: holds `customers.csv`, and any of the other tables.
        mapping: which file, column and value of yours is which of ours.
        payment_policy: names the payment terms; the shipped one otherwise.
        pipeline: names the stages of a deal and the facts that stand in columns of
            their own; the shipped one otherwise.
        readiness_policy: names the lines of our checklists; the shipped one otherwise.
        progress: told the file, the rows done and the rows in all, now and then.

    Raises:
        ReadError: a table cannot be read as a whole, or `customers.csv` is missing;
            every such problem is listed.
    """
    pipeline = pipeline or stages.default_policy()
    problems = Problems()
    ledger = Ledger()
    entries: dict[str, list[Entry]] = {}
    reports = []
    for table in TABLES.values():
        mapped = mapping.table(table.name)
        path = table_file(folder, table, mapped, problems)
        if path is None:
            continue
        sheet = open_sheet(path, mapping.encoding, problems)
        if sheet is not None:
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
    known = with_known_stages(entries, pipeline, ledger)
    known = with_known_lines(known, readiness_policy, ledger)
    built = build(known, terms, ledger, told_facts)
    counted = tuple(
        attrs.evolve(report, rejected=ledger.rejected_in(report.file))
        for report in reports
    )
    order = {report.file: at for at, report in enumerate(counted)}
    notes = sorted(ledger.notes, key=lambda note: (order[note.file], note.line))
    rates = built.fx if "rates" in entries else None
    told_of_all = ImportReport(counted, tuple(notes))
    return Company(
        built.accounts,
        rates,
        told_of_all,
        built.loose_deals,
        built.loose_facts,
        built.intents,
        built.firm,
    )


def _silent(file: str, done: int, total: int) -> None:
    del file, done, total
