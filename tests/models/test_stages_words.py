"""What stages say: a word for every slug, and sentences that people can read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal

import pytest

from keyaccount import policies, wording
from keyaccount.domain import DealEvent, EventKind, LossReason
from keyaccount.models import stages
from keyaccount.models.stages import Deal, Pipeline, Refused
from keyaccount.rules import FactKind
from tests.models.stage_deals import (
    AT,
    BRANCHES,
    DAY,
    MET,
    SHIPPED,
    SIGNATURE,
    closed,
    event,
    moved,
    opened,
    paused,
)


# ── a word for everything ───────────────────────────────────────────────────────


def slugs(pipeline: Pipeline) -> Iterator[str]:
    """Yield the address of every word that a pipeline needs."""
    for plan in pipeline.stages:
        yield f"stage.{plan.id}"
        yield from (f"exit.{gate.id}" for gate in plan.exits)
        yield from (f"stage-task.{task.id}" for task in plan.tasks)
        yield from (f"stage-activity.{slug}" for slug in plan.activities)
        yield from (f"stage-monitor.{slug}" for slug in plan.monitors)
    for fact in pipeline.about:
        yield f"fact.{fact.name}"
        yield f"question.{fact.question}"
        yield from (f"{fact.question}.{slug}" for slug in fact.choices)
    for step in pipeline.steps:
        yield f"stage.{step.id}"
        yield f"buying-step.{step.buying}"
        yield f"verifiable-outcome.{step.outcome}"


@pytest.mark.parametrize("pipeline", [SHIPPED, SIGNATURE], ids=lambda one: one.name)
@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_word_of_a_shipped_pipeline_has_a_label(
    pipeline: Pipeline, locale: str
) -> None:
    tables = wording.table(locale)

    silent = [
        address
        for address in slugs(pipeline)
        if address.partition(".")[2] not in tables.get(address.partition(".")[0], {})
    ]

    assert not silent


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_what_a_gate_says_is_called_alike_everywhere(locale: str) -> None:
    tables = wording.table(locale)
    gates = [fact for fact in stages.FACTS if fact.kind is FactKind.CHOICE]

    assert len(gates) == 4
    for gate in gates:
        assert tables[gate.question] == tables["gate-result"]


def test_the_seven_steps_have_their_chinese_names() -> None:
    names = [wording.label("stage", step.id, "zh-Hans") for step in SIGNATURE.steps]

    assert names == [
        "商机洞察",
        "商机识别",
        "商机确立",
        "商机确认",
        "有条件达成一致",
        "赢单",
        "实施",
    ]


# ── what stands in the way ──────────────────────────────────────────────────────


SKIP = event(EventKind.ADVANCE, to="solution-design")
HALF = {"source_recorded": True, "gate_is_real": "hold", "mandatory_needs": 0}


def test_a_refused_skip_reads_as_a_colleague_would_say_it() -> None:
    refused = stages.decide(opened(), SKIP, HALF)

    assert refused.explain() == (
        "Refused: step forward, asked for by Li; the deal stays at “identification”",
        (
            "  “need confirmation” comes next, not “solution design”; "
            "skipping takes an approver and a reason"
        ),
        "  not met: it is an opportunity",
        "    step 1 (is it an opportunity?) is waiting for information, not passed",
        "  not met: the needs are documented",
        "    mandatory needs on record 0 ≥ 1: no",
        "  not known whether met: somebody from business or technology has been met",
        "    contact with business or technology: not known yet",
        "  not known whether met: we can compete",
        "    whether step 2 (can we compete?) is passed: not known yet",
    )
    assert refused.explain("zh-Hans")[:4] == (
        "未获通过：推进（Li）；商机仍处于“商机识别”阶段",
        "  下一阶段是“需求确认”，而不是“方案设计”；跳过须有批准人和理由",
        "  未满足：是机会",
        "    第一步（是不是机会）为“待补信息”，而非“通过”",
    )
    assert refused.explain("zh-Hant")[:4] == (
        "未獲通過：推進（Li）；商機仍處於「商機識別」階段",
        "  下一階段是「需求確認」，而不是「方案設計」；跳過須有核准人和理由",
        "  未滿足：是機會",
        "    第一步（是不是機會）為「待補資訊」，而非「通過」",
    )


LATE = event(EventKind.ADVANCE, days=-1)
RESUMED = event(EventKind.RESUME)
WAYS: tuple[tuple[str, Deal, DealEvent, str, str], ...] = (
    ("opened", opened(), event(EventKind.OPEN), "opened before", "不能重复开启"),
    ("open", opened(), event(EventKind.REOPEN), "not ended", "商机尚未结束"),
    (
        "closed",
        closed(EventKind.LOSE),
        event(EventKind.PAUSE),
        "the deal has ended (lost); only reopening it leads on",
        "商机已经结束（输单），只能重新开启",
    ),
    (
        "paused",
        paused(),
        event(EventKind.BACK),
        "on hold until 2026",
        "商机暂停至 2026",
    ),
    ("not-paused", opened(), RESUMED, "nothing to resume", "无须恢复"),
    (
        "no-way",
        opened(stage="contract-signing"),
        event(EventKind.ADVANCE, to="identification"),
        "from here no way leads on to “identification”; possible: win",
        "；可选：赢单",
    ),
    (
        "last-stage",
        opened(stage="contract-signing"),
        event(EventKind.ADVANCE),
        "nothing comes after “contract signing”; the deal can be won, lost or",
        "“合同签订”之后没有阶段；商机可以赢单、输单或放弃",
    ),
    (
        "no-way-back",
        opened(),
        event(EventKind.BACK, to="contract-signing"),
        "from here no way leads back to “contract signing”; possible: none",
        "从当前阶段不能回到“合同签订”；可选：无",
    ),
    ("reason", opened(), event(EventKind.ABANDON), "a reason is missing", "缺少理由"),
    (
        "resume-on",
        opened(),
        event(EventKind.PAUSE),
        "the day is missing",
        "缺少恢复日期",
    ),
    (
        "no-end",
        opened(),
        event(EventKind.WIN),
        "a deal is not won at “identification”; it is won at: contract signing",
        "不能在“商机识别”阶段赢单；可赢单的阶段：合同签订",
    ),
    (
        "loss-reason",
        opened(),
        event(EventKind.LOSE),
        "“no decision” is one, and not the same as “competitor”",
        "“未作决定”也是一种原因，与“竞争对手”不同",
    ),
    ("early", opened(), LATE, "must be ≥ 2026", "早于商机的上一事件，须 ≥ 2026"),
)


@pytest.mark.parametrize(
    "code, deal, refused, english, chinese", WAYS, ids=[way[0] for way in WAYS]
)
def test_every_obstacle_is_said_in_words(
    code: str, deal: Deal, refused: DealEvent, english: str, chinese: str
) -> None:
    ruling = stages.decide(deal, refused, MET["stages"])

    assert isinstance(ruling, Refused)
    assert code in [gap.code for gap in ruling.unmet]
    assert english in "\n".join(ruling.explain())
    assert chinese in "\n".join(ruling.explain("zh-Hans"))


def test_more_than_one_way_on_are_offered_by_name() -> None:
    words = """
    [labels.en]
    "stage.pilot" = "trial run"
    """
    pipeline = policies.read(
        tomllib.loads(BRANCHES + words, parse_float=Decimal), Pipeline
    )
    ruling = stages.decide(
        opened(pipeline),
        event(EventKind.ADVANCE),
        {"source_recorded": True},
        pipeline=pipeline,
    )

    assert ruling.explain()[1:] == (
        "  there is more than one way from “lead”; say which stage: trial run, offer",
    )


# ── what happened ───────────────────────────────────────────────────────────────


def test_an_override_says_who_approved_why_and_what_was_not_met() -> None:
    waived = event(
        EventKind.ADVANCE, to="solution-design", approver="boss", reason="they insist"
    )
    ruling = stages.decide(opened(), waived, {**MET["stages"], "mandatory_needs": 0})

    lines = ruling.explain()
    assert lines[:2] == (
        (
            "Recorded, although not everything is met: step forward, by Li; "
            "the deal is at “solution design”; approved by boss"
        ),
        "  reason: “they insist”",
    )
    assert "  skipped: need confirmation" in lines
    assert "  not met: the needs are documented" in lines
    assert ruling.explain("zh-Hans")[:2] == (
        (
            "条件未全部满足，经批准予以记录：推进（Li）；"
            "商机处于“方案设计”阶段；批准人：boss"
        ),
        "  理由：“they insist”",
    )
    assert ruling.explain("zh-Hant")[0].endswith("「方案設計」階段；核准人：boss")


def test_a_loss_to_nobody_and_a_loss_to_a_competitor_are_told_apart() -> None:
    nobody = event(EventKind.LOSE, loss_reason=LossReason.NO_DECISION)
    rival = event(
        EventKind.LOSE, loss_reason=LossReason.COMPETITOR, competitor="Sunrise"
    )

    assert stages.decide(opened(), nobody).explain() == (
        "Recorded: loss, by Li; the deal is at “identification”",
        "  lost because of: no decision",
    )
    assert stages.decide(opened(), rival).explain("zh-Hans") == (
        "已记录：输单（Li）；商机处于“商机识别”阶段",
        "  输单原因：竞争对手",
        "  竞争对手：Sunrise",
    )


def test_a_pause_says_why_and_until_when() -> None:
    rest = event(EventKind.PAUSE, reason="no money", resume_on=AT.date() + 30 * DAY)

    assert stages.decide(opened(), rest).explain()[1:] == (
        "  reason: “no money”",
        "  on hold until 2026-02-04",
    )


def test_a_repeated_event_changes_nothing_and_says_so() -> None:
    deal = opened()
    again = stages.decide(deal, deal.last.event)

    assert again.explain() == (
        (
            "Nothing changes: event open-0 (opening, by Li) was recorded before, "
            "as version 1"
        ),
    )
    assert again.explain("zh-Hans") == (
        "没有变化：事件 open-0（开启，Li）此前已记录，为第 1 版",
    )
    assert again.explain("zh-Hant") == (
        "沒有變化：事件 open-0（開啟，Li）先前已記錄，為第 1 版",
    )


def test_who_came_too_late_is_told_which_version_there_is() -> None:
    deal = moved(opened(), event(EventKind.ADVANCE), MET["stages"])
    late = event(EventKind.WIN, expected_version=1)
    conflict = stages.decide(deal, late)

    assert conflict.explain() == (
        (
            "Somebody was faster: Li saw version 1 of the deal, "
            "it is at version 2 by now. Look again, then decide anew"
        ),
    )
    assert conflict.explain("zh-Hans") == (
        "商机已被他人更新：Li 看到的是第 1 版，现为第 2 版。请先查看最新情况，再作决定",
    )
    assert conflict.explain("zh-Hant") == (
        "商機已被他人更新：Li 看到的是第 1 版，現為第 2 版。請先查看最新情況，再作決定",
    )
