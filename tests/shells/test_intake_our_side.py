"""The tables of our own side come in whole, by customer and for our firm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount import policies
from keyaccount.book import Account, Firm, OurSide
from keyaccount.domain import (
    AccountPhase,
    AccountPlan,
    AccountProject,
    AccountTeam,
    AnnualTarget,
    BusinessPositioning,
    ChecklistAnswer,
    CommChannel,
    Commitment,
    CommPurpose,
    CoverageMode,
    CoverageModel,
    CustomerAction,
    Executive,
    ExecutiveResponse,
    ExecutiveStyle,
    IndustryReach,
    Issue,
    KnowledgeItem,
    KnowledgeKind,
    Money,
    ObligationKind,
    OfferMode,
    Pairing,
    ProjectTask,
    RootCause,
    SalesMotion,
    ServiceCapacity,
    ServicePromise,
    SponsorshipMode,
    TargetKind,
    TeamMember,
    TeamProximity,
    Touchpoint,
    TouchpointKind,
    ValueProposition,
    VisitLevel,
    WeakPoint,
    WeakPointOwner,
)
from keyaccount.intake import Company, read_folder, read_mapping
from keyaccount.models import plans, readiness
from keyaccount.tri import Tri
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


def by_id(company: Company) -> Mapping[str, Account]:
    return {account.customer.id: account for account in company.accounts}


def ours(company: Company, slug: str = "C1") -> OurSide:
    return by_id(company)[slug].ours


def places(company: Company) -> list[str]:
    return [note.place for note in company.report.rejections]


def day(month: int, of: int) -> dt.date:
    return dt.date(2025, month, of)


def test_every_column_of_a_customers_tables_is_read(write: Write) -> None:
    company = read_folder(write(**FILLED))

    assert company.report.notes == ()
    assert by_id(company)["C1"].contacts == (
        Touchpoint(
            "C1",
            day(5, 5),
            CommChannel.CUSTOMER,
            CommPurpose.TRUST,
            TouchpointKind.VISIT,
            {"Wu", "Li"},
            {"S1"},
            executive=Tri.YES,
            planned=Tri.YES,
            prepared=Tri.NO,
            style=ExecutiveStyle.BUSINESS,
            note="spoke of the new plant",
        ),
    )
    assert ours(company) == OurSide(
        motion=SalesMotion(
            OfferMode.CONSULTATIVE,
            CoverageMode.TEAM,
            SponsorshipMode.EXECUTIVE_SPONSORED,
        ),
        team=AccountTeam(
            "C1",
            (
                TeamMember("Wu", "sales", {"price", "negotiation"}),
                TeamMember("Li", "service"),
                TeamMember("Bo"),
            ),
            TeamProximity.JOINT_TEAM,
            CoverageModel.DEDICATED,
            dt.date(2024, 7, 1),
        ),
        commitments=(
            Commitment(
                "K1",
                "C1",
                "a second crane",
                day(2, 1),
                day(6, 30),
                "Gao",
                Tri.NO,
                Tri.YES,
                day(6, 30),
                "Wu",
            ),
        ),
        issues=(
            Issue(
                "I1",
                "C1",
                "late for the third time",
                day(4, 1),
                "Li",
                Tri.YES,
                RootCause.INTERNAL_COORDINATION,
                ExecutiveResponse.COORDINATE,
                Tri.YES,
                Tri.YES,
                day(4, 20),
                Tri.YES,
                day(4, 2),
            ),
        ),
        pairings=(Pairing("C1", "E1", day(1, 1), day(12, 31)),),
        plans=(
            AccountPlan(
                "C1",
                AccountPhase.DEVELOPMENT,
                "Wu",
                "win the north",
                {"share", "reference"},
                day(1, 1),
                day(12, 31),
                day(6, 30),
                day(7, 1),
            ),
            AccountPlan("C1", AccountPhase.MAINTENANCE),
        ),
        projects=(
            AccountProject(
                "P1",
                "C1",
                "win the north",
                day(1, 1),
                day(9, 30),
                "Wu",
                (WeakPoint("W1", WeakPointOwner.OURS, "slow to answer"),),
                (
                    ProjectTask(
                        "T1",
                        "a desk in the north",
                        "Li",
                        day(5, 31),
                        "service",
                        "W1",
                        Tri.YES,
                        day(5, 1),
                    ),
                ),
                "the tender is now",
                "Gao",
                day(9, 1),
            ),
        ),
        positioning=BusinessPositioning(
            "C1", "ten more cities", "first in cold chain", "Fast Ox", day(2, 2)
        ),
        actions=(
            CustomerAction("A1", "C1", "S1", "show the plant", "Wu", day(5, 5), Tri.NO),
        ),
        propositions=(
            ValueProposition(
                "V1",
                "C1",
                "no spoilt goods",
                "cold chain",
                "a tenth less loss",
                Money.of("120000 CNY"),
                "pilot in May",
            ),
        ),
        promise=ServicePromise(
            "C1",
            executive_visits_per_year=6,
            visit_level=VisitLevel.EXECUTIVE,
            technical_exchanges_per_year=4,
            first_response_hours=8,
            business_hours=True,
            owner="Wu",
            visitor="Gao",
            since=day(1, 1),
        ),
        targets=(
            AnnualTarget(
                2025,
                TargetKind.SALES_AMOUNT,
                Decimal(900),
                Decimal(850),
                6,
                "CNY",
                "C1",
                "Wu",
            ),
            AnnualTarget(
                2025, TargetKind.MARKET_SHARE, Decimal("0.4"), customer_id="C1"
            ),
        ),
    )


def test_what_a_customer_has_little_of_is_read_and_the_rest_stays_unknown(
    write: Write,
) -> None:
    company = read_folder(write(**FILLED))

    assert ours(company, "C2") == OurSide(
        motion=SalesMotion(OfferMode.STANDARD_PRODUCT),
        commitments=(Commitment("K2", "C2", "a visit", day(3, 1)),),
        propositions=(ValueProposition("V2", "C2", amount=Money.of("5 USD")),),
        promise=ServicePromise("C2"),
    )


def test_every_column_of_our_firms_tables_is_read(write: Write) -> None:
    company = read_folder(write(**FILLED))

    assert company.firm == Firm(
        executives=(
            Executive(
                "E1",
                "Gao",
                is_chief=True,
                trained=Tri.NO,
                most_accounts=3,
                visits_per_year=12,
            ),
            Executive("E2", "Ma"),
        ),
        answers=(
            ChecklistAnswer(
                "goals-beyond-revenue",
                Tri.YES,
                day(1, 31),
                "Gao",
                "said so in January",
            ),
            ChecklistAnswer("goals-beyond-revenue", Tri.NO, dt.date(2024, 1, 31)),
        ),
        reaches=(IndustryReach("retail", day(12, 31), 20, 7),),
        capacities=(
            ServiceCapacity("Gao", ObligationKind.EXECUTIVE_VISIT, 12),
            ServiceCapacity("Li", ObligationKind.FIRST_RESPONSE),
        ),
        targets=(
            AnnualTarget(2025, TargetKind.SALES_AMOUNT, Decimal(5000), currency="CNY"),
        ),
        knowledge=(
            KnowledgeItem(
                "N1",
                KnowledgeKind.EXPERIENCE,
                "count the pallets twice",
                "retail",
                {"cold-chain", "audit"},
                "C1",
                day(3, 3),
            ),
        ),
    )


def test_without_a_table_nothing_is_known_of_us(write: Write) -> None:
    company = read_folder(write())

    assert company.firm == Firm()
    assert company.firm.executives is None
    assert ours(company) == OurSide()


def test_an_empty_table_says_that_there_is_none(write: Write) -> None:
    heads = {name: text.split("\n", 1)[0] + "\n" for name, text in FILLED.items()}
    company = read_folder(write(**heads))

    assert company.firm == Firm(executives=(), answers=(), capacities=())
    assert ours(company) == OurSide()


def test_a_blank_answer_is_unknown_and_a_day_beside_it_makes_it_yes(
    write: Write,
) -> None:
    head = "id,customer,text,made_on,feasibility_confirmed,fulfilled,fulfilled_on\n"
    rows = (
        "K1,C1,x,2025-01-01,,,\nK2,C1,x,2025-01-01,,,2025-02-01\n"
        "K3,C1,x,2025-01-01,,no,2025-02-01\nK4,C1,x,2025-01-01,,unknown,2025-02-01\n"
    )
    company = read_folder(write(commitments=head + rows))

    first, second = ours(company).commitments
    assert (first.fulfilled, first.feasibility_confirmed) == (Tri.UNKNOWN,) * 2
    assert second.fulfilled is Tri.YES
    assert places(company) == [f"commitments.csv:{line} fulfilled" for line in (4, 5)]


def test_a_purpose_tells_its_channel_and_suits_no_other(write: Write) -> None:
    rows = "customer,on,channel,purpose\nC1,2025-01-01,,resource\n"
    company = read_folder(write(contacts=f"{rows}C1,2025-01-02,team,trust\n"))

    (contact,) = by_id(company)["C1"].contacts
    assert contact.channel is CommChannel.CROSS_DEPT
    (note,) = company.report.rejections
    assert note.place == "contacts.csv:3 purpose"
    assert "got 'trust'; it belongs to the channel 'customer'" in note.say()


def test_what_is_told_of_a_row_is_told_in_the_words_of_the_tables(
    write: Write,
) -> None:
    company = read_folder(
        write(
            contacts="customer,on,channel,purpose\nC1,2025-01-02,team,trust\n",
            commitments="id,customer,text,made_on,fulfilled,fulfilled_on\n"
            "K1,C1,a crane,2025-02-01,no,2025-06-30\n",
            projects="id,customer,objective,starts_on,deadline\n"
            "P1,C1,win,2025-01-01,2025-09-30\n",
            project_tasks="project,id,text,done,done_on\nP1,T1,go,no,2025-03-01\n",
        )
    )

    told = [note.say() for note in company.report.rejections]
    assert len(told) == 3
    assert not any("Tri." in one or "Comm" in one for one in told)


def test_a_choice_may_be_written_with_blanks_as_people_say_it(write: Write) -> None:
    company = read_folder(
        write(
            issues="id,customer,text,opened_on,root_cause,executive_response\n"
            "I1,C1,late,2025-04-01,Internal  coordination,blame_sales\n"
        )
    )

    (issue,) = by_id(company)["C1"].ours.issues
    assert issue.root_cause is RootCause.INTERNAL_COORDINATION
    assert issue.executive_response is ExecutiveResponse.BLAME_SALES
    assert not company.report.rejections


def test_a_blank_channel_without_a_purpose_is_the_customers(write: Write) -> None:
    company = read_folder(write(contacts="customer,on\nC1,2025-01-01\n"))

    (contact,) = by_id(company)["C1"].contacts
    assert (contact.channel, contact.purpose) == (CommChannel.CUSTOMER, None)


def test_who_works_for_a_customer_is_unknown_until_somebody_tells(
    write: Write,
) -> None:
    motion = "customer,proximity\nC1,same-city\nC2,\n"
    company = read_folder(write(motion=motion, team="customer,name\n"))

    assert ours(company).team == AccountTeam("C1", None, TeamProximity.SAME_CITY)
    assert ours(company).motion is None
    assert ours(company, "C2") == OurSide()


def test_where_one_of_a_team_is_left_out_nobody_claims_to_know_the_team(
    write: Write,
) -> None:
    far = "x" * 201  # too long for an id
    team = f"customer,name,strengths\nC1,Wu,\nC1,Li,{far}\nC2,Bo,\nC2,Wu,a\nC2,Wu,\n"
    motion = "customer,model\nC1,named\n"
    company = read_folder(write(team=team, motion=motion))

    assert ours(company).team == AccountTeam("C1", model=CoverageModel.NAMED)
    assert ours(company, "C2").team is None
    assert all(account.is_partly_read for account in company.accounts)
    assert places(company) == [
        "team.csv:3 strengths",
        "team.csv:5 name",
        "team.csv:6 name",
    ]


def test_who_stands_twice_on_a_team_is_on_it_once(write: Write) -> None:
    team = "customer,name,department\nC1,Wu,sales\nC1,Wu,sales\nC1,Li,\n"
    company = read_folder(write(team=team))

    told = ours(company).team
    assert told == AccountTeam("C1", (TeamMember("Wu", "sales"), TeamMember("Li")))
    assert places(company) == ["team.csv:3 name"]


def test_what_stands_twice_is_named_as_it_stands_in_the_table(write: Write) -> None:
    plans = "customer,phase,owner\nC1,development,Wu\nC1,development,Li\n"
    company = read_folder(write(plans=plans))

    said = [str(note.problem) for note in company.report.notes]
    assert said == [
        "$.phase: 'C1 development (line 3 as well)' stands twice; keep one",
        "$.phase: 'C1 development (line 2 as well)' stands twice; keep one",
    ]


def test_a_motion_of_a_day_that_is_none_says_nothing(write: Write) -> None:
    motion = "customer,offer,since\nC1,consultative,1800-01-01\n"
    company = read_folder(write(motion=motion))

    assert ours(company) == OurSide()
    assert places(company) == ["motion.csv:2 since"]


PROJECTS = (
    "id,customer,objective,starts_on,deadline\nP1,C1,win,2025-01-01,2025-09-30\n"
    "P2,C1,win,2025-09-30,2025-01-01\nP3,C9,win,2025-01-01,2025-09-30\n"
)


def test_parts_of_a_project_go_with_it(write: Write) -> None:
    points = "project,id,owner\nP1,W1,ours\nP2,W1,ours\nP3,W1,ours\nP4,W1,ours\n"
    tasks = "project,id,text\nP1,T1,go\nP2,T1,go\nP3,T1,go\nP4,T1,go\n"
    company = read_folder(
        write(projects=PROJECTS, weak_points=points, project_tasks=tasks)
    )

    (project,) = ours(company).projects
    assert [point.id for point in project.weak_points] == ["W1"]
    assert [task.id for task in project.tasks] == ["T1"]
    assert places(company) == [
        "projects.csv:3 deadline",
        "projects.csv:4 customer",
        *(f"weak_points.csv:{line} project" for line in (3, 4, 5)),
        *(f"project_tasks.csv:{line} project" for line in (3, 4, 5)),
    ]


def test_a_task_for_a_weak_point_that_is_left_out_is_left_out(write: Write) -> None:
    points = f"project,id,owner,text\nP1,W1,ours,\nP1,W2,ours,{'x' * 10_001}\n"
    tasks = "project,id,text,weak_point\nP1,T1,go,W1\nP1,T2,go,W2\nP1,T3,go,\n"
    company = read_folder(
        write(
            projects="\n".join(PROJECTS.split("\n")[:2]),
            weak_points=points,
            project_tasks=tasks,
        )
    )

    (project,) = ours(company).projects
    assert [task.id for task in project.tasks] == ["T1", "T3"]
    assert [note.say() for note in company.report.rejections][1:] == [
        "project_tasks.csv:3 weak_point: got 'W2'; use one of W1"
    ]
    assert by_id(company)["C1"].is_partly_read


def test_amounts_speak_the_customers_currency_unless_they_name_another(
    write: Write,
) -> None:
    targets = (
        "year,kind,target,currency,customer\n2025,sales-amount,5,,C1\n"
        "2026,sales-amount,5,USD,C1\n2025,sales-volume,5,,C1\n2025,sales-amount,5,,\n"
        "2025,sales-amount,5,,C2\n2024,sales-volume,5,CNY,C1\n"
    )
    values = "id,customer,amount\nV1,C1,5\nV2,C2,5\nV3,C2,\n"
    customers = "id,currency\nC1,CNY\nC2,\n"
    company = read_folder(
        write(customers=customers, targets=targets, propositions=values)
    )

    assert [aim.currency for aim in ours(company).targets] == ["CNY", "USD", None]
    assert company.firm.targets == ()
    assert [one.id for one in ours(company, "C2").propositions] == ["V3"]
    assert places(company) == [
        "propositions.csv:3 currency",
        *(f"targets.csv:{line} currency" for line in (5, 6, 7)),
    ]


def test_two_targets_for_the_same_disagree_whoever_owns_them(write: Write) -> None:
    targets = (
        "year,kind,target,month,currency,customer,owner\n"
        "2025,sales-volume,5,,,C1,Wu\n2025,sales-volume,6,,,C1,Li\n"
        "2025,sales-amount,5,1,,C1,\n2025,sales-amount,5,2,USD,C1,\n"
        "2026,sales-amount,5,1,USD,C1,\n2025,sales-amount,5,2,USD,,\n"
    )
    company = read_folder(write(targets=targets))

    found = ours(company).targets
    assert [(aim.year, aim.currency) for aim in found] == [(2025, "CNY"), (2026, "USD")]
    assert plans.attainment(found, as_of=day(12, 31)).kinds
    assert [aim.currency for aim in company.firm.targets] == ["USD"]
    assert [note.say() for note in company.report.rejections][-1] == (
        "targets.csv:5 currency: got 'USD'; CNY, as the year's other amounts"
    )
    assert places(company)[:-1] == ["targets.csv:2 kind", "targets.csv:3 kind"]


@pytest.mark.parametrize("answer", ["maybe", "unknown", "1"])
def test_a_chief_is_one_or_is_none(write: Write, answer: str) -> None:
    company = read_folder(write(executives=f"id,name,chief\nE1,Gao,{answer}\n"))

    assert company.firm.executives == ()
    (note,) = company.report.rejections
    assert note.say() == f"executives.csv:2 chief: got '{answer}'; use one of no, yes"


def test_an_executive_or_a_customer_that_no_table_knows_is_told_and_kept(
    write: Write,
) -> None:
    company = read_folder(
        write(
            executives="id,name\nE1,Gao\n",
            pairings="customer,executive\nC1,E1\nC1,E9\nC9,E9\n",
            knowledge="id,kind,text,customer\nN1,solution,x,C9\nN2,solution,x,\n",
        )
    )

    assert [one.executive_id for one in ours(company).pairings] == ["E1", "E9"]
    assert [one.customer_id for one in company.firm.knowledge] == ["C9", None]
    assert places(company) == ["pairings.csv:4 customer"]
    assert [note.place for note in company.report.remarks] == [
        "pairings.csv:3 executive",
        "knowledge.csv:2 customer",
    ]


def test_without_a_table_of_executives_nobody_is_a_stranger(write: Write) -> None:
    company = read_folder(write(pairings="customer,executive\nC1,E9\n"))

    assert company.report.notes == ()


def test_an_answer_to_no_line_of_a_checklist_is_rejected_with_the_near_one(
    write: Write,
) -> None:
    company = read_folder(write(readiness="item,answer\ngoals-beyond-revenu,yes\n"))

    assert company.firm.answers == ()
    (note,) = company.report.rejections
    assert note.say() == (
        "readiness.csv:2 item: got 'goals-beyond-revenu'; use 'goals-beyond-revenue'"
    )


def test_a_policy_of_ones_own_names_the_lines_of_its_checklists(write: Write) -> None:
    shipped = readiness.default_policy().lines[0]
    own = policies.read(
        {
            "based_on": "readiness",
            "items": [
                {
                    "id": "parking",
                    "checklist": shipped.checklist,
                }
            ],
        },
        readiness.ReadinessPolicy,
    )
    folder = write(readiness="item,answer\nparking,yes\n")
    company = read_folder(folder, readiness_policy=own)

    assert company.firm.answers == (ChecklistAnswer("parking", Tri.YES),)


def test_rows_of_a_customer_that_is_rejected_are_rejected_with_it(write: Write) -> None:
    tables = {name: text for name, text in FILLED.items() if name != "contacts"}
    company = read_folder(write(customers="id,currency\nC1,XXQ\nC2,CNY\n", **tables))

    lost = {report.table: report.rejected for report in company.report}
    assert ours(company, "C2").motion is not None
    assert lost == {
        "customers": 1,
        "motion": 1,
        "team": 3,
        "commitments": 1,
        "issues": 1,
        "pairings": 1,
        "plans": 2,
        "projects": 1,
        "positioning": 1,
        "actions": 1,
        "propositions": 1,
        "promises": 1,
        "targets": 2,
        "weak_points": 1,
        "project_tasks": 1,
        "executives": 0,
        "readiness": 0,
        "industries": 0,
        "capacities": 0,
        "knowledge": 0,
    }


def test_a_mapping_file_knows_the_tables_of_our_own_side(
    write: Write, tmp_path: Path
) -> None:
    folder = write(
        承诺="编号,客户,内容,日期,可行\nK1,C1,加派吊车,2025-02-01,已确认\n",
        方式="客户,卖法\nC1,顾问式\n",
    )
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        """
        [commitments]
        file = "承诺.csv"
        columns = { "编号" = "id", "客户" = "customer", "内容" = "text", \
"日期" = "made_on", "可行" = "feasibility_confirmed" }
        values.feasibility_confirmed = { "已确认" = "yes" }
        [motion]
        file = "方式.csv"
        columns = { "客户" = "customer", "卖法" = "offer" }
        values.offer = { "顾问式" = "consultative" }
        fixed = { sponsorship = "sales-owned" }
        """,
        encoding="utf-8",
    )
    company = read_folder(folder, read_mapping(mapping))

    (promised,) = ours(company).commitments
    assert (promised.text, promised.feasibility_confirmed) == ("加派吊车", Tri.YES)
    assert ours(company).motion == SalesMotion(
        OfferMode.CONSULTATIVE, None, SponsorshipMode.SALES_OWNED
    )
