"""Exports of four systems are read by the mappings that ship."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from keyaccount.domain import Outcome, Relation
from keyaccount.exceptions import Problems, ReadError, UnknownNameError
from keyaccount.intake import (
    SHIPPED,
    TABLES,
    Company,
    mapping_for,
    mapping_toml,
    read_folder,
    read_mapping,
    shipped_mapping,
)
from keyaccount.intake._cells import Reader
from keyaccount.models import stages
from tests.shells.running import FINE, USAGE, Run


MAPPINGS = Path(str(read_folder.__code__.co_filename)).parent / "mappings"

EXPORTS = {
    "salesforce": {
        "accounts.csv": (
            "Account ID,Account Name,Type,Industry,Annual Revenue,Account Owner,"
            "Account Currency\n"
            "001A,Acme,Customer - Direct,Energy,9000000,Ann,USD\n"
            "001B,Brix,Prospect,Retail,,Bob,USD\n"
        ),
        "opportunities.csv": (
            "Opportunity ID,Opportunity Name,Account ID,Account Name,Amount,Stage,"
            "Probability (%),Close Date,Opportunity Owner\n"
            "006A,Haul,001A,Acme,120000,Negotiation/Review,75,2026-03-31,Ann\n"
            "006B,Depot,001B,Brix,50000,Closed Won,100,2025-11-30,Bob\n"
            "006C,Own,001B,Brix,50000,Our own stage,10,2026-05-30,Bob\n"
        ),
    },
    "hubspot": {
        "hubspot-crm-exports-all-companies-2025.csv": (
            "Record ID,Company name,Industry,Lifecycle Stage,Company owner,Currency\n"
            "001A,Acme,ENERGY,Customer,Ann,USD\n001B,Brix,RETAIL,Lead,Bob,USD\n"
        ),
        "hubspot-crm-exports-all-deals-2025.csv": (
            "Record ID,Deal Name,Deal Stage,Amount,Close Date,Deal owner,"
            "Associated Company IDs,Associated Company\n"
            "006A,Haul,Decision Maker Bought-In,120000,2026-03-31 09:00,Ann,001A,Acme\n"
            "006B,Depot,Closed Won (Sales Pipeline),50000,2025-11-30 09:00,Bob,"
            "001B,Brix\n"
            "006C,Own,Our own stage,50000,2026-05-30 09:00,Bob,001B,Brix\n"
        ),
    },
    "odoo": {
        "res.partner.csv": (
            "id,name,industry_id,user_id,currency_id\n"
            "001A,Acme,Energy,Ann,USD\n001B,Brix,Retail,Bob,USD\n"
        ),
        "crm.lead.csv": (
            "id,name,partner_id/id,expected_revenue,stage_id,date_deadline,probability,"
            "user_id\n"
            "006A,Haul,001A,120000.0,Proposition,2026-03-31,75.0,Ann\n"
            "006B,Depot,001B,50000.0,Won,2025-11-30,100.0,Bob\n"
            "006C,Own,001B,50000.0,Our own stage,2026-05-30,1.0,Bob\n"
        ),
    },
    "frappe": {
        "CRM Organization.csv": (
            "organization_name,industry,annual_revenue,currency\n"
            "001A,Energy,9000000,USD\n001B,Retail,,USD\n"
        ),
        "CRM Deal.csv": (
            "name,organization,status,deal_value,probability,expected_closure_date,"
            "deal_owner,annual_revenue\n"
            "006A,001A,Negotiation,120000,75,2026-03-31,ann@example.com,9000000\n"
            "006B,001B,Won,50000,100,2025-11-30,bob@example.com,0\n"
            "006C,001B,Our own stage,50000,1,2026-05-30,bob@example.com,0\n"
        ),
    },
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


def export(system: str, folder: Path) -> Path:
    for name, text in EXPORTS[system].items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read(system: str, folder: Path) -> Company:
    return read_folder(folder, shipped_mapping(system, export(system, folder)))


def is_read(column: str, text: str, reader: Reader) -> bool:
    problems = Problems()
    return reader(column, text, problems) is not None and not problems


def test_there_is_an_export_for_every_mapping_that_ships() -> None:
    shipped = {file.stem for file in MAPPINGS.glob("*.toml")} - {"aliases"}

    assert set(SHIPPED) == shipped == set(EXPORTS)


@pytest.mark.parametrize("system", SHIPPED)
def test_an_export_is_read_without_a_rejected_row(system: str, tmp_path: Path) -> None:
    company = read(system, tmp_path)

    assert [note.say() for note in company.report.rejections] == []
    accounts = {account.customer.id: account for account in company.accounts}
    assert set(accounts) == {"001A", "001B"}
    (haul,) = accounts["001A"].deals
    assert haul.id == "006A"
    assert haul.value is not None
    assert haul.value.amount == 120_000
    assert haul.stage == "proposal-negotiation"
    assert haul.outcome is None
    assert str(haul.expected_close) == "2026-03-31"
    ended = {deal.id: deal for deal in accounts["001B"].deals}
    assert ended["006B"].outcome is Outcome.WON
    assert ended["006C"].outcome is None


@pytest.mark.parametrize("system", SHIPPED)
def test_a_default_chance_and_the_customers_own_revenue_are_not_read(
    system: str, tmp_path: Path
) -> None:
    company = read(system, tmp_path)

    assert all(d.probability is None for a in company.accounts for d in a.deals)
    assert all(not account.customer.years for account in company.accounts)


@pytest.mark.parametrize("system", ["salesforce", "hubspot"])
def test_a_prospect_is_one(system: str, tmp_path: Path) -> None:
    company = read(system, tmp_path)

    relations = {a.customer.id: a.customer.relation for a in company.accounts}
    assert relations == {"001A": Relation.TRADING, "001B": Relation.PROSPECT}


def test_without_ids_customers_are_called_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "report1.csv").write_text(
        "Account Name,Industry,Account Owner,Account Currency\nAcme,Energy,Ann,USD\n"
    )
    (tmp_path / "report2.csv").write_text(
        "Opportunity ID,Opportunity Name,Account Name,Amount,Stage,Close Date\n"
        "006A,Haul,Acme,5,Prospecting,2026-01-31\n"
    )

    company = read_folder(tmp_path, shipped_mapping("salesforce", tmp_path))

    (account,) = company.accounts
    assert account.customer.id == "Acme"
    assert [deal.id for deal in account.deals] == ["006A"]


@pytest.mark.parametrize("system", SHIPPED)
def test_a_shipped_mapping_names_our_tables_columns_and_choices(system: str) -> None:
    document = tomllib.loads((MAPPINGS / f"{system}.toml").read_text(encoding="utf-8"))
    keys = document.pop("keys")
    known = set(stages.default_policy().by_id)

    for kind in keys:
        assert "customers" in kind
        assert set(kind) <= set(TABLES)
    for table, given in document.items():
        columns = {column.name for column in TABLES[table].columns}
        assert set(given["columns"]) <= columns
        assert set(given.get("values", {})) <= columns
        for column in TABLES[table].columns:
            said = set(given.get("values", {}).get(column.name, {}).values()) - {""}
            if column.name == "stage":
                assert said <= known
            assert all(is_read(column.name, slug, column.read) for slug in said)


@pytest.mark.parametrize("system", SHIPPED)
def test_a_fitted_mapping_is_written_as_the_file_that_says_it(
    system: str, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    fitted = shipped_mapping(system, export(system, folder))
    file = tmp_path / "mapping.toml"
    file.write_text(mapping_toml(fitted), encoding="utf-8")

    assert read_mapping(file) == fitted


def test_a_name_that_does_not_ship_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="salesforce"):
        shipped_mapping("salesfroce", tmp_path)
    with pytest.raises(ReadError):
        mapping_for(tmp_path, tmp_path / "nothing.toml")


def test_the_command_line_takes_a_shipped_mapping_by_its_name(
    run: Run, tmp_path: Path
) -> None:
    export("odoo", tmp_path)

    checked = run("import", "check", tmp_path, "--mapping", "odoo")
    reviewed = run(
        "review", tmp_path, "--mapping", "odoo", "--as-of", "2025-12-31", "--no-columns"
    )
    written = run("import", "suggest", tmp_path, "--mapping", "odoo")
    wrong = run("import", "check", tmp_path, "--mapping", "oodo")

    assert checked.code == FINE
    assert "Acme" in reviewed.out
    assert tomllib.loads(written.out)["deals"]["columns"]["probability"] == ""
    assert wrong.code == USAGE


def test_per_cents_and_all_other_values_may_be_said_in_a_mapping(
    tmp_path: Path,
) -> None:
    (tmp_path / "customers.csv").write_text("id,currency\nC1,CNY\n")
    (tmp_path / "deals.csv").write_text(
        "id,customer,owner,probability,probability_on,state\n"
        "D1,C1,Ann,75,2025-12-01,halted\nD2,C1,Ann,5 %,2025-12-01,gone\n"
    )
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[deals]\npercent = ["probability"]\ncolumns = { state = "outcome" }\n'
        'values.outcome = { gone = "lost", "*" = "" }\n'
    )

    company = read_folder(tmp_path, read_mapping(mapping))

    deals = {deal.id: deal for deal in company.accounts[0].deals}
    odds = {name: deal.probability for name, deal in deals.items()}
    assert {name: str(one and one.value) for name, one in odds.items()} == {
        "D1": "0.75",
        "D2": "0.05",
    }
    assert [deals[name].outcome for name in ("D1", "D2")] == [None, Outcome.LOST]


def test_only_a_fraction_is_counted_in_per_cent(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,influence\nC1,75\n")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[customers]\npercent = ["influence"]\n')

    with pytest.raises(ReadError, match="influence"):
        read_folder(tmp_path, read_mapping(mapping))
