"""Deals, needs, rivals, people: every row is accepted, or accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount import policies, wire
from keyaccount.domain import (
    AdminLevel,
    CommChannel,
    LossReason,
    NeedCoverage,
    NeedKind,
    Opportunity,
    Outcome,
    PurchasingRole,
)
from keyaccount.intake import Company, TableMapping, read_folder, read_mapping
from keyaccount.models.stages import Pipeline
from keyaccount.tri import Tri


Write = Callable[..., Path]
CUSTOMERS = "id,name,currency\nC1,Acme,CNY\nC2,Brix,\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes tables beside two customers."""

    def write_tables(**tables: str) -> Path:
        for name, content in {"customers": CUSTOMERS, **tables}.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        return tmp_path

    return write_tables


def said(company: Company) -> list[str]:
    return [note.say() for note in company.report.notes]


def deals(company: Company) -> dict[str, Opportunity]:
    theirs = [deal for account in company.accounts for deal in account.deals]
    return {deal.id: deal for deal in (*theirs, *company.loose_deals)}


def test_a_deal_comes_in_with_all_that_stands_beside_it(write: Write) -> None:
    head = "id,customer,value,stage,entered_on,explicit_need,funded,open_concerns"
    more = "gross_profit,importance,probability,probability_by,probability_on,term"
    row = "D1,C1,900,solution-design,2025-05-01,yes,no,2,90,3,0.4,desk,2025-06-01,"
    company = read_folder(
        write(
            deals=f"{head},{more}\n{row}open-account-60\n",
            needs="deal,kind,mandatory,coverage\nD1,service,yes,own\n",
            factors="deal,factor,score\nD1,our-relationship,-2\n",
            milestones="deal,id,planned_on,reached_on\nD1,bid,2025-06-01,2025-06-03\n",
        )
    )
    deal = deals(company)["D1"]

    assert said(company) == []
    assert (str(deal.value), deal.stage, deal.customer_id) == (
        "900 CNY",
        "solution-design",
        "C1",
    )
    assert [(one.stage, one.at) for one in deal.history] == [
        ("solution-design", dt.date(2025, 5, 1))
    ]
    assert (deal.answers.explicit_need, deal.answers.funded) == (Tri.YES, Tri.NO)
    assert deal.answers.empty_promise is Tri.UNKNOWN
    assert deal.progress.open_concerns == 2
    assert str(deal.worth.gross_profit) == "90 CNY"
    assert deal.worth.importance == 3
    assert deal.probability is not None
    assert deal.probability.value == Decimal("0.4")
    assert deal.payment_term is not None
    assert deal.payment_term.name == "open-account-60"
    assert deal.needs[0].kind is NeedKind.SERVICE
    assert deal.needs[0].coverage is NeedCoverage.OWN
    assert [(one.factor, one.score) for one in deal.win_factors] == [
        ("our-relationship", -2)
    ]
    assert deal.milestones[0].reached_on == dt.date(2025, 6, 3)


def test_the_way_of_a_deal_is_sorted_by_day(write: Write) -> None:
    history = (
        "deal,stage,on\nD1,need-confirmation,2025-03-01\nD1,identification,2025-01-01\n"
    )
    tables = write(deals="id,stage\nD1,need-confirmation\n", history=history)

    (deal,) = read_folder(tables).loose_deals
    stages = [event.stage for event in deal.history]
    assert stages == ["identification", "need-confirmation"]


def test_an_ended_deal_keeps_its_outcome_and_nobody_makes_up_its_stage(
    write: Write,
) -> None:
    text = (
        "id,customer,outcome,loss_reason,closed_on\nD1,C1,lost,no-decision,2025-01-01\n"
    )
    deal = deals(read_folder(write(deals=text)))["D1"]

    assert deal.outcome is Outcome.LOST
    assert deal.loss_reason is LossReason.NO_DECISION
    assert deal.stage is None
    assert deal.value is None


def test_deals_without_a_customer_are_kept_and_counted(write: Write) -> None:
    text = "id,customer,value,currency\nD1,,5,CNY\nD2,,6,CNY\nD3,C1,7,\n"
    company = read_folder(write(deals=text))

    assert [deal.id for deal in company.loose_deals] == ["D1", "D2"]
    assert [deal.customer_id for deal in company.loose_deals] == [None, None]
    assert said(company) == [
        "deals.csv customer: rows without customer: 2; they are kept without one"
    ]
    assert company.report.rejected == 0


def test_a_deal_of_a_customer_that_is_not_there_is_kept(write: Write) -> None:
    company = read_folder(write(deals="id,customer\nD1,C9\n"))

    assert [deal.id for deal in company.loose_deals] == ["D1"]
    assert "C9" in said(company)[0]
    assert company.report.rejected == 0


def test_a_deal_of_a_rejected_customer_is_kept(write: Write) -> None:
    customers = "id,name,currency\nC1,Acme,XXY\n"
    company = read_folder(write(customers=customers, deals="id,customer\nD1,C1\n"))

    assert company.accounts == ()
    assert [deal.id for deal in company.loose_deals] == ["D1"]


def test_an_unlisted_product_is_reported_once_with_its_count(write: Write) -> None:
    text = "id,product\nD1,GTXPro\nD2,GTXPro\nD3,GTX Pro\nD4,\n"
    company = read_folder(write(deals=text, products="id\nGTX Pro\n"))

    notes = [line for line in said(company) if "GTX" in line]
    (note,) = notes
    assert "'GTXPro' × 2 is not in its table; probably 'GTX Pro'" in note


def test_without_a_table_of_products_any_product_will_do(write: Write) -> None:
    company = read_folder(write(deals="id,customer,product\nD1,C1,GTXPro\n"))

    assert said(company) == []
    assert deals(company)["D1"].product == "GTXPro"


@pytest.mark.parametrize(
    "table, text, line, telling",
    [
        ("deals", "id,value\nD1,500\n", 2, "a currency, of the deal"),
        ("deals", "id,term\nD1,open-account-6000\n", 2, "open-account"),
        ("deals", "id,value,currency\nD1,-7000,CNY\n", 2, "must be 0 or more"),
        ("deals", "id,probability,owner\nD1,0.4,desk\n", 2, "probability_on"),
        ("deals", "id,probability,probability_by,probability_on\nD1,1,a,2025-01-01\n",
         2, "never sure"),
        ("deals", "id,closed_on\nD1,2025-01-01\n", 2, "outcome"),
        ("needs", "deal,kind\nD9,service\n", 2, "no accepted row of the deals"),
        ("factors", "deal,factor,score\nD1,our-relationship,3\n", 2, "-2 and 2"),
        ("factors", "deal,factor,score\nD1,our-relationship,1.5\n", 2, "whole number"),
        ("milestones", "deal,id,planned_on\nD1,bid,2199-13-01\n", 2, "YYYY-MM-DD"),
        ("history", "deal,stage,on\nD1,Bid!,2025-01-01\n", 2, "kebab-case"),
        ("history", "deal,stage,on\nD1,bid,2025-01-01\nD1,bid,2025-01-01\n", 3,
         "the same row as line 2"),
        ("people", "id,customer,roles\nS1,C1,technical;boss\n", 2, "decision-maker"),
        ("people", "id,customer,last_contact\nS1,C1,0001-01-01\n", 2, "1970"),
        ("contacts", "customer,on\nC1,3000-01-01\n", 2, "2200"),
    ],
)  # fmt: skip
def test_a_row_that_will_not_do_is_rejected_by_its_line(
    write: Write, table: str, text: str, line: int, telling: str
) -> None:
    tables = {"deals": "id\nD1\n", table: text}
    company = read_folder(write(**tables))

    told = [note for note in company.report.rejections if note.file == f"{table}.csv"]
    assert [note.line for note in told] == [line]
    assert telling in told[0].say()


@pytest.mark.parametrize(
    "text, slug",
    [
        ("solution-design", "solution-design"),
        ("Solution Design", "solution-design"),
        ("方案设计", "solution-design"),
        ("方案設計", "solution-design"),
        ("提案及谈判", "proposal-negotiation"),
        ("contract_signing", "contract-signing"),
    ],
)
def test_a_stage_may_be_called_what_people_call_it(
    write: Write, text: str, slug: str
) -> None:
    history = f"deal,stage,on\nD1,identification,2025-01-01\nD1,{text},2025-02-01\n"
    tables = write(deals=f"id,customer,stage\nD1,C1,{text}\n", history=history)
    company = read_folder(tables)
    deal = deals(company)["D1"]

    assert said(company) == []
    assert deal.stage == slug
    assert [event.stage for event in deal.history] == ["identification", slug]


@pytest.mark.parametrize(
    "text, telling",
    [
        ("solution-desing", "use 'solution-design'"),
        ("negotiating", "use 'proposal-negotiation'"),
        ("第九阶段", "identification"),
    ],
)
def test_a_mistyped_stage_is_told_and_the_deal_kept_at_none(
    write: Write, text: str, telling: str
) -> None:
    rows = f"id,customer,stage,entered_on\nD1,C1,{text},2025-01-01\n"
    history = f"deal,stage,on\nD1,identification,2024-01-01\nD1,{text},2025-01-01\n"
    company = read_folder(write(deals=rows, history=history))
    (remark,) = company.report.notes

    assert (remark.place, remark.is_rejection) == ("deals.csv:2 stage", False)
    assert telling in remark.say()
    assert company.report.rejected == 0
    assert (deals(company)["D1"].stage, deals(company)["D1"].history) == (None, ())


RESELLERS = """
name = "resellers"
version = "1"
[[facts]]
id = "fit"
[[facts]]
id = "seats"
kind = "number"
low = 0
[[facts]]
id = "region"
kind = "choice"
choices = ["north", "south"]
[[facts]]
id = "name"
[[stages]]
id = "call"
probability = 0.2
exits = [{ id = "fits", when = "fit and seats >= 5 and region == 'north'", why = "w" }]
[[stages]]
id = "trial"
probability = 0.6
wins = true
[labels.en]
"stage.call" = "First call"
"""


@pytest.fixture
def resellers() -> Pipeline:
    return policies.read(wire.read_toml(RESELLERS), Pipeline)


def test_a_pipelines_own_facts_and_stages_come_in_with_the_deals(
    write: Write, resellers: Pipeline
) -> None:
    text = (
        "id,customer,name,stage,Fit,seats,region\n"
        "D1,C1,Robots,First call,yes,5.5,north\n"
        "D2,C1,,call,unknown,,\n"
        "D3,,,identification,no,,south\n"
    )
    company = read_folder(write(deals=text), pipeline=resellers)
    facts = company.accounts[0].deal_facts

    assert {deal: dict(known) for deal, known in facts.items()} == {
        "D1": {"fit": Tri.YES, "seats": 5.5, "region": "north"}
    }
    loose = {deal: dict(known) for deal, known in company.loose_facts.items()}
    assert loose == {"D3": {"fit": Tri.NO, "region": "south"}}
    found = deals(company)
    assert [found[deal].stage for deal in ("D1", "D2", "D3")] == ["call", "call", None]
    assert found["D1"].name == "Robots"
    with pytest.raises(TypeError):
        facts["D1"]["fit"] = Tri.NO  # type: ignore[index]  # it is frozen


@pytest.mark.parametrize(
    "cells, column, telling",
    [
        ("maybe,,", "fit", "yes"),
        (",-1,", "seats", "0"),
        (",many,", "seats", "plain number"),
        (",,nort", "region", "'north'"),
    ],
)
def test_a_fact_of_the_wrong_kind_rejects_its_row(
    write: Write, resellers: Pipeline, cells: str, column: str, telling: str
) -> None:
    text = f"id,fit,seats,region\nD1,{cells}\n"
    company = read_folder(write(deals=text), pipeline=resellers)
    (note,) = company.report.rejections

    assert (note.line, note.column) == (2, column)
    assert telling in note.say()


def test_a_mapping_may_name_a_pipelines_own_facts(
    write: Write, tmp_path: Path, resellers: Pipeline
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[deals]\ncolumns = { "席位" = "seats" }\n', encoding="utf-8")
    mapped = read_mapping(mapping, own_facts=["seats"])
    tables = write(deals="id,席位\nD1,7\n")
    company = read_folder(tables, mapped, pipeline=resellers)

    assert company.loose_facts["D1"]["seats"] == 7
    with pytest.raises(ValueError, match="seats"):
        read_mapping(mapping)


def test_whose_probability_it_is_without_a_probability_is_remarked(
    write: Write,
) -> None:
    text = "id,customer,probability_by,probability_on\nD1,C1,desk,2025-01-01\n"
    company = read_folder(write(deals=text))

    columns = [note.column for note in company.report.remarks]
    assert columns == ["probability_by", "probability_on"]
    assert company.report.rejected == 0


def test_people_and_contacts_stand_beside_their_customer(write: Write) -> None:
    people = (
        "id,customer,name,admin_level,roles,attitude,last_contact,our_owner\n"
        "S1,C1,head of purchasing,director,procurement; decision-maker,oppose,,desk\n"
        "S2,C1,,,,,,\n"
    )
    contacts = (
        "customer,on,channel,people,our_people\nC1,2025-05-05,customer,S1;S2,desk\n"
    )
    company = read_folder(write(people=people, contacts=contacts))
    account = company.accounts[0]

    assert said(company) == []
    assert account.people[0].roles == {
        PurchasingRole.PROCUREMENT,
        PurchasingRole.DECISION_MAKER,
    }
    assert account.people[0].admin_level is AdminLevel.DIRECTOR
    assert account.people[1].name == "S2"
    assert account.contacts[0].stakeholder_ids == {"S1", "S2"}
    assert account.contacts[0].channel is CommChannel.CUSTOMER


def test_one_column_of_theirs_may_say_two_things_of_ours(
    write: Write, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        "[deals]\n"
        'columns = { "状态" = ["stage", "outcome"], "编号" = "id" }\n'
        'values.stage = { "方案" = "solution-design", "赢单" = "" }\n'
        'values.outcome = { "方案" = "", "赢单" = "won" }\n',
        encoding="utf-8",
    )
    mapped = read_mapping(mapping)
    company = read_folder(write(deals="编号,状态\nD1,方案\nD2,赢单\n"), mapped)
    found = deals(company)

    assert isinstance(mapped.table("deals"), TableMapping)
    assert (found["D1"].stage, found["D1"].outcome) == ("solution-design", None)
    assert (found["D2"].stage, found["D2"].outcome) == (None, Outcome.WON)


@pytest.mark.parametrize("value", ["[]", "[1]", "5", '["stage", "stage"]'])
def test_a_mapping_that_makes_no_sense_is_refused(tmp_path: Path, value: str) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(f"[deals]\ncolumns = {{ a = {value} }}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"deals\.columns"):
        read_mapping(mapping)
