"""Every row of the tables of our own side is accepted, or accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyaccount import book
from keyaccount.cli import main
from keyaccount.intake import TABLES, Company, read_folder, spool_folder
from keyaccount.intake._firm_tables import FIRM_TABLES
from keyaccount.intake._our_tables import OUR_TABLES
from tests.book.firm import DAY, POLICIES
from tests.shells.our_tables import FILLED


Write = Callable[..., Path]
CUSTOMERS = "id,currency\nC1,CNY\nC2,CNY\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes tables beside those of two customers."""

    def write_tables(**tables: str) -> Path:
        for name, content in {"customers": CUSTOMERS, **tables}.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        return tmp_path

    return write_tables


CELLS = st.sampled_from(
    [
        *("", "C1", "C9", "P1", "W1", "E1", "yes", "no", "unknown", "a;b", "none"),
        *("0", "1", "12", "2025", "-3", "0.5", "5000", "1,5", "CNY", "XXQ", "'=1"),
        *("2025-01-31", "2025-12-31", "2025-02-30", "1900-01-01"),
        *("development", "sales-amount", "executive-visit", "experience", "ours"),
        *("executive", "consultative", "team", "dedicated", "trust", "problem"),
    ]
)
FITTING = {
    "customer": ["C1", "C2"],
    "project": ["P1", "P2"],
    "weak_point": ["W1", ""],
    "made_on": ["2025-01-31", "2025-12-31"],
    "opened_on": ["2025-01-31"],
    "starts_on": ["2025-01-31"],
    "deadline": ["2025-06-30"],
    "counted_on": ["2025-12-31", "2024-12-31"],
    "on": ["2025-01-31"],
    "phase": ["development", "maintenance"],
    "year": ["2024", "2025"],
    "target": ["0.5", "0.9"],
    "name": ["Wu", "Li"],
    "text": ["words"],
    "objective": ["win"],
    "industry": ["retail", "chemicals"],
    "item": ["goals-beyond-revenue"],
    "answered_on": ["2025-01-31", "2024-01-31", ""],
    "targets.kind": ["sales-volume", "market-share", "satisfaction"],
    "capacities.kind": ["executive-visit", "first-response"],
    "capacities.owner": ["Wu", "Li"],
    "knowledge.kind": ["experience", "solution"],
    "projects.id": ["P1", "P2"],
    "weak_points.id": ["W1", "W2"],
    "weak_points.owner": ["ours", "competitor"],
    "pairings.executive": ["E1", "E2"],
    "id": ["K1", "K2", "K3"],
}
TOGETHER = ("projects", "weak_points", "project_tasks")


def _rows(table: str) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """Draw rows: sound ones, and such as have a cell that may not do."""
    names = [column.name for column in TABLES[table].columns]
    fitting = [
        FITTING.get(f"{table}.{name}", FITTING.get(name, [""])) for name in names
    ]
    sound = st.tuples(*map(st.sampled_from, fitting))
    place = st.integers(0, len(names) - 1)
    odd = st.builds(
        lambda row, at, cell: (*row[:at], cell, *row[at + 1 :]), sound, place, CELLS
    )
    return st.lists(sound | odd, max_size=4)


ROWS = {name: _rows(name) for name in FILLED}


@st.composite
def our_folders(draw: st.DrawFn) -> dict[str, str]:
    """Draw some tables of our own side, with rows that make sense or do not."""
    names = draw(st.sets(st.sampled_from(sorted(FILLED)), max_size=4))
    found = {}
    for name in sorted(names | set(TOGETHER if names & set(TOGETHER) else ())):
        rows = [[column.name for column in TABLES[name].columns], *draw(ROWS[name])]
        lines = (",".join(f'"{cell}"' for cell in row) for row in rows)
        found[name] = "\n".join(lines) + "\n"
    return found


def kept(company: Company) -> dict[str, int]:
    """Count what was made of the rows, where one row makes one of something."""
    sides = [account.ours for account in company.accounts]
    projects = [project for side in sides for project in side.projects]
    firm = company.firm
    return {
        "contacts": sum(len(account.contacts) for account in company.accounts),
        "commitments": sum(len(side.commitments) for side in sides),
        "issues": sum(len(side.issues) for side in sides),
        "pairings": sum(len(side.pairings) for side in sides),
        "plans": sum(len(side.plans) for side in sides),
        "projects": len(projects),
        "weak_points": sum(len(project.weak_points) for project in projects),
        "project_tasks": sum(len(project.tasks) for project in projects),
        "positioning": sum(side.positioning is not None for side in sides),
        "actions": sum(len(side.actions) for side in sides),
        "propositions": sum(len(side.propositions) for side in sides),
        "promises": sum(side.promise is not None for side in sides),
        "targets": len(firm.targets) + sum(len(side.targets) for side in sides),
        "executives": len(firm.executives or ()),
        "readiness": len(firm.answers or ()),
        "industries": len(firm.reaches),
        "capacities": len(firm.capacities or ()),
        "knowledge": len(firm.knowledge),
    }


@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tables=our_folders())
def test_no_row_of_ours_is_ever_lost(write: Write, tables: dict[str, str]) -> None:
    for old in write().glob("*.csv"):
        old.unlink()
    company = read_folder(write(**tables))

    lines = {name: text.count("\n") - 1 for name, text in tables.items()}
    rejected = {(note.file, note.line) for note in company.report.rejections}
    made = kept(company)
    for report in company.report:
        if report.table == "customers":
            continue
        blank = sum(
            not set(row) - set('",') for row in tables[report.table].split()[1:]
        )
        assert report.read == lines[report.table] - blank
        assert report.rejected == sum(file == report.file for file, _ in rejected)
        if report.table in made:
            assert report.accepted == made[report.table]


@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tables=our_folders())
def test_what_is_accepted_can_be_reviewed_one_by_one_and_as_a_group(
    write: Write, tables: dict[str, str]
) -> None:
    for old in write().glob("*.csv"):
        old.unlink()
    group = "id,currency,parent\nC1,CNY,\nC2,CNY,C1\n"
    company = read_folder(write(customers=group, **tables))

    rolled = book.roll_up(company.accounts)
    for accounts in (company.accounts, rolled.accounts):
        found = book.review(accounts, as_of=DAY, policies=POLICIES, firm=company.firm)
        assert len(tuple(found)) == len(accounts)


def test_the_story_of_the_sample_counts_every_row(write: Write) -> None:
    company = read_folder(write(**FILLED))

    accepted = {report.table: report.accepted for report in company.report}
    for table, count in kept(company).items():
        assert (table, accepted[table]) == (table, count)
        assert count > 0


def test_more_people_than_anybody_has_are_told_and_not_a_crash(write: Write) -> None:
    crowd = "".join(f"C1,N{at}\n" for at in range(100_001))
    company = read_folder(write(team=f"customer,name\n{crowd}"))

    assert company.accounts[0].ours.team is None
    assert company.report.rejected == 100_001


def test_what_columns_do_not_read_is_named_and_does_not_disturb(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    there = tmp_path_factory.mktemp("spools")
    spools = spool_folder(write(**FILLED), there, progress=lambda *_: None)

    assert set(spools.unread) == {f"{name}.csv" for name in FILLED}
    assert [report.table for report in spools.report()] == ["customers"]


def test_the_sample_fills_every_column_of_every_table_of_ours() -> None:
    for name, text in FILLED.items():
        columns = [column.name for column in TABLES[name].columns]
        assert (name, text.split("\n", 1)[0].split(",")) == (name, columns)
    ours = {*OUR_TABLES, *FIRM_TABLES}
    assert {table.name for table in ours} | {"contacts"} == set(FILLED)


def test_a_review_reads_the_answers_to_the_lines_of_its_own_policy(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(readiness="item,answer\nparking,yes\n")
    own = folder / "ours.toml"
    own.write_text(
        'based_on = "readiness"\n[[items]]\nid = "parking"\nchecklist = "goals"\n'
        'why = "customers come by car"\n'
    )
    flags = ["review", str(folder), "--as-of", "2025-12-31", "--format", "json"]

    assert main(flags) == 1
    assert "parking" in capsys.readouterr().out
    assert main([*flags, "--policy", str(own)]) == 0
