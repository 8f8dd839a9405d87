"""Headings of other people are proposed as ours; what is unsure stays theirs to say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wording
from keyaccount.domain import Outcome, Relation
from keyaccount.intake import TABLES, read_folder, read_mapping, suggest
from keyaccount.models import stages
from tests.shells.running import FINDINGS, FINE, USAGE, Run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


def sure(file: str, headings: str) -> tuple[str | None, Mapping[str, tuple[str, ...]]]:
    """Return the table, and the headings whose columns are sure."""
    (guess,) = suggest(headings.split(","), file=file)
    found = {one.heading: one.columns for one in guess.headings if one.is_sure}
    return guess.table, found


def whole(table: str, pairs: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    split = (pair.split("=") for pair in pairs.split(","))
    return table, {heading: tuple(ours.split("+")) for heading, ours in split}


REAL = [
    (
        "客户档案.xlsx",
        "客户编号,客户名称,所属行业,客户类型,客户经理,币种",
        "customers",
        "客户编号=id,客户名称=name,所属行业=industry,客户类型=relation,客户经理=owner,币种=currency",
    ),
    (
        "客戶清單.csv",
        "客戶代碼,客戶名稱,行業別,負責人,集團",
        "customers",
        "客戶代碼=id,客戶名稱=name,負責人=owner,集團=parent",
    ),
    (
        "accounts_2025.csv",
        "Customer No.,Customer name,Industry,Account Manager,Currency",
        "customers",
        (
            "Customer No.=id,Customer name=name,Industry=industry,"
            "Account Manager=owner,Currency=currency"
        ),
    ),
    (
        "Company export.csv",
        "Company ID,Company Name,Sector,Status,Owner",
        "customers",
        "Company ID=id,Company Name=name,Sector=industry,Status=relation,Owner=owner",
    ),
    (
        "年度销售.csv",
        "客户编号,年度,年销售额（万元）,毛利（万元）,应回款,回款额,回款率",
        "years",
        (
            "客户编号=customer,年度=year,年销售额（万元）=sales,毛利（万元）=gross_profit,"
            "应回款=due,回款额=collected"
        ),
    ),
    (
        "歷年銷售.csv",
        "客戶編號,年份,銷售額,毛利額,毛利率,已回款",
        "years",
        "客戶編號=customer,年份=year,銷售額=sales,毛利額=gross_profit,已回款=collected",
    ),
    (
        "annual sales.csv",
        "Customer Number,Fiscal Year,Revenue,Gross Profit,Gross Margin %,Paid",
        "years",
        (
            "Customer Number=customer,Fiscal Year=year,Revenue=sales,"
            "Gross Profit=gross_profit,Paid=collected"
        ),
    ),
    (
        "turnover.csv",
        "client,FY,Turnover,YoY growth",
        "years",
        "client=customer,FY=year,Turnover=sales",
    ),
    (
        "应收账款.csv",
        "客户名称,统计日期,应收余额,逾期90天以上,逾期",
        "receivables",
        "客户名称=customer,统计日期=as_of,应收余额=total,逾期90天以上=overdue_90",
    ),
    (
        "AR ageing.csv",
        "Customer ID,As of,Balance,90+ days,Days overdue",
        "receivables",
        "Customer ID=customer,As of=as_of,Balance=total,90+ days=overdue_90",
    ),
    (
        "付款条件.csv",
        "客户,付款方式,账期（天）",
        "terms",
        "客户=customer,付款方式=term,账期（天）=tenor_days",
    ),
    (
        "商机清单.csv",
        "商机编号,客户名称,商机名称,阶段,预计成交金额,预计成交日期,负责人,赢率",
        "deals",
        (
            "商机编号=id,客户名称=customer,商机名称=name,阶段=stage,预计成交金额=value,"
            "预计成交日期=expected_close,负责人=owner"
        ),
    ),
    (
        "銷售機會.csv",
        "商機編號,商機名稱,階段,金額,預計成交日期,輸單原因",
        "deals",
        (
            "商機編號=id,商機名稱=name,階段=stage,金額=value,預計成交日期=expected_close,"
            "輸單原因=loss_reason"
        ),
    ),
    (
        "pipeline Q4.csv",
        "Deal ID,Company,Deal name,Sales Stage,Amount,Expected Close Date,Sales Rep",
        "deals",
        (
            "Deal ID=id,Company=customer,Deal name=name,Sales Stage=stage,Amount=value,"
            "Expected Close Date=expected_close,Sales Rep=owner"
        ),
    ),
    (
        "Opportunities.csv",
        "Opportunity Name,Account Name,Stage,Close Date,Weighted Amount",
        "deals",
        (
            "Opportunity Name=id+name,Account Name=customer,Stage=stage,"
            "Close Date=expected_close"
        ),
    ),
    (
        "联系人.csv",
        "联系人编号,客户编号,姓名,职级,态度,最近联系日期",
        "people",
        (
            "联系人编号=id,客户编号=customer,姓名=name,职级=admin_level,态度=attitude,"
            "最近联系日期=last_contact"
        ),
    ),
    (
        "contact list.csv",
        "Contact ID,Company,Full name,Seniority,Email",
        "people",
        "Contact ID=id,Company=customer,Full name=name,Seniority=admin_level",
    ),
    (
        "跟进记录.csv",
        "客户名称,跟进日期,跟进方式,跟进人,跟进内容",
        "contacts",
        "客户名称=customer,跟进日期=on,跟进方式=kind,跟进人=our_people,跟进内容=note",
    ),
    (
        "visit log.csv",
        "Customer,Visit date,Meeting type,Visited by,Meeting notes",
        "contacts",
        (
            "Customer=customer,Visit date=on,Meeting type=kind,Visited by=our_people,"
            "Meeting notes=note"
        ),
    ),
    (
        "sales orders.csv",
        "Customer ID,Order date,Order total,Currency",
        "purchases",
        "Customer ID=customer,Order date=on,Order total=amount",
    ),
]


@pytest.mark.parametrize(
    ("file", "headings", "table", "pairs"), REAL, ids=[row[0] for row in REAL]
)
def test_real_looking_headings_find_their_columns(
    file: str, headings: str, table: str, pairs: str
) -> None:
    assert sure(file, headings) == whole(table, pairs)


@pytest.mark.parametrize("locale", wording.LOCALES)
@pytest.mark.parametrize(
    "heading", ["回款率", "Collection Rate", "毛利率", "Gross Margin"]
)
def test_a_rate_is_never_taken_for_an_amount_and_the_reason_is_told(
    heading: str, locale: str
) -> None:
    found = suggest(["customer", "year", heading], file="years.csv")

    (guess,) = [
        one for file in found for one in file.headings if one.heading == heading
    ]
    assert guess.columns == ()
    why = wording.label("suggest", guess.note.code, locale)
    assert why != guess.note.code
    assert why in found.to_toml(locale)


def test_a_chance_without_a_day_is_a_default_of_the_stage() -> None:
    headings = ["Deal ID", "Stage", "Probability"]

    (bare,) = suggest(headings, file="deals.csv")
    (dated,) = suggest([*headings, "probability_on"], file="deals.csv")

    assert bare.headings[2].note.code == "trap-stage-odds"
    assert dated.headings[2].columns == ("probability",)


def test_what_is_only_alike_is_commented_out_with_its_alternatives() -> None:
    found = suggest(["客户编号", "客户名称", "负责人员"], file="客户.csv")

    (file,) = found
    unsure = file.headings[2]
    assert not unsure.is_sure
    assert unsure.columns == ("owner",)
    assert 0.6 < unsure.score < 1
    line = next(x for x in found.to_toml().splitlines() if "负责人员" in x)
    assert line.startswith('# "负责人员" = "owner"')
    assert "负责人员" not in tomllib.loads(found.to_toml())["customers"]["columns"]


def test_of_two_headings_for_one_column_the_likelier_is_taken() -> None:
    (file,) = suggest(["客户名称", "客户编号", "商机编号"], file="商机.csv")

    told = {one.heading: (one.columns, one.note.code) for one in file.headings}
    assert told["客户编号"] == (("customer",), "")
    assert told["客户名称"] == ((), "taken")


FOLDER = {
    "客户清单.csv": (
        "客户编号,客户名称,客户类型,币种\nK1,甲,老客户,CNY\nK2,乙,潜在客户,CNY\n"
    ),
    "商机.csv": (
        "商机编号,客户名称,阶段,商机金额（万元）\n"
        "1,甲,方案设计,12\n2,乙,赢单,3\n3,乙,商务谈判,5\n"
    ),
    "说明.csv": "甲乙丙,丁\n1,2\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for name, text in FOLDER.items():
        (theirs / name).write_text(text, encoding="utf-8")
    return theirs


def test_the_proposal_for_a_folder_reads_it(folder: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(suggest(folder).to_toml("zh-Hans"), encoding="utf-8")

    company = read_folder(folder, read_mapping(mapping))

    assert company.report.rejected == 0
    customers = {one.customer.id: one for one in company.accounts}
    assert customers["乙"].customer.relation is Relation.PROSPECT
    deals = {deal.id: deal for one in company.accounts for deal in one.deals}
    assert {deal.id for deal in customers["乙"].deals} == {"2", "3"}
    assert deals["2"].outcome is Outcome.WON
    assert deals["3"].outcome is None
    assert deals["1"].value is not None
    assert deals["1"].value.amount == 120_000


def test_customers_are_called_alike_everywhere(folder: Path) -> None:
    found = {file.table: file for file in suggest(folder)}

    columns = {one.heading: one.columns for one in found["customers"].headings}
    assert columns["客户名称"] == ("id", "name")  # the deals know no number
    assert columns["客户编号"] == ()
    assert found[None].file == "说明.csv"


def test_every_shipped_word_is_for_a_table_and_column_of_ours() -> None:
    folder = resources.files("keyaccount").joinpath("intake/mappings")
    words = tomllib.loads(folder.joinpath("aliases.toml").read_text(encoding="utf-8"))
    columns = {t.name: {c.name for c in t.columns} for t in TABLES.values()}
    why = wording.table("en")["suggest"]

    assert set(words["files"]) <= set(TABLES)
    assert set(words["any"]) <= set().union(*columns.values())
    assert all(set(own) <= columns[name] for name, own in words["columns"].items())
    assert all(f"trap-{code}" in why for code in words["traps"])
    assert set(words["values"]["outcome"]) == {outcome.value for outcome in Outcome}
    assert set(words["values"]["relation"]) == {one.value for one in Relation}
    assert set(words["values"]["stage"]) <= set(stages.default_policy().by_id)


def test_two_files_are_never_one_table(folder: Path) -> None:
    (folder / "客户.csv").write_text("客户编号,客户名称\nK1,甲\n", encoding="utf-8")

    found = [file.table for file in suggest(folder) if file.table is not None]

    assert len(found) == len(set(found))
    assert found.count("customers") == 1


HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "客" * 10_000,
    "a\nb\x1b[31m\x7f",
    '"]\n[deals]\nfile = "/etc/passwd"',
    "\u202eeman",
    "name\ud800",
    "'''",
    "#",
]


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_a_hostile_heading_breaks_out_of_no_comment(locale: str) -> None:
    found = suggest(["客户编号", "客户名称", *HOSTILE], file='x"\n[years]\n.csv')

    text = found.to_toml(locale)

    document = tomllib.loads(text)
    (table,) = document
    assert table == found.files[0].table
    assert document[table]["file"] == found.files[0].file
    assert max(map(len, text.splitlines())) < 1_000
    assert "\x1b" not in text
    assert "\x7f" not in text
    text.encode()


@given(st.lists(st.text(max_size=40), max_size=12), st.text(max_size=20))
def test_whatever_the_headings_the_proposal_is_toml(
    headings: list[str], file: str
) -> None:
    tomllib.loads(suggest(headings, file=file).to_toml())


def test_a_heading_that_stands_twice_is_named_and_not_guessed() -> None:
    (file,) = suggest(["客户编号", "销售额", "年度", "销售额"], file="年度.csv")

    assert {one.heading: one.note.code for one in file.headings}["销售额"] == "twice"


def test_two_thousand_headings_are_looked_at_in_no_time() -> None:
    headings = [f"heading number {at} of very many" for at in range(2_000)]

    (file,) = suggest(headings, file="customers.csv")

    assert len(file.headings) == 2_000


def test_the_command_writes_a_mapping_once(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mapping.toml"

    first = run("import", "suggest", folder, "-o", out)
    again = run("import", "suggest", folder, "-o", out)
    checked = run("import", "check", folder, "--mapping", out)

    assert (first.code, first.out) == (FINE, "")
    assert "keyaccount import check" in first.err
    assert again.code == USAGE
    assert checked.code == FINE


def test_the_command_prints_the_proposal_and_names_what_is_unreadable(
    run: Run, folder: Path
) -> None:
    (folder / "broken.csv").write_bytes(b"\xff\xff\xff\x00\x81")

    said = run("import", "suggest", folder, "--lang", "zh-TW")

    assert said.code == FINDINGS
    assert "broken.csv" in said.err
    assert tomllib.loads(said.out)["customers"]["file"] == "客户清单.csv"
