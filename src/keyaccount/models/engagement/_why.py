"""Why the engagement is what it is: the answer, the evidence, what to do instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from keyaccount import wording
from keyaccount.domain import ExecutiveAntiPattern
from keyaccount.rules import Facts, Interval, Reason, explain_table
from keyaccount.tri import Tri

from ._opinions import Engagement, Source
from ._policy import EngagementPolicy
from ._verdict import Finding


__all__ = ["EngagementEvidence"]


Data = tuple[tuple[str, float | str], ...]


@attrs.frozen
class EngagementEvidence:
    """What a verdict on engagement keeps to explain itself."""

    policy: EngagementPolicy
    facts: Facts
    possible: tuple[str, ...]
    findings: tuple[Finding, ...]
    risks: tuple[Finding, ...]
    share: Interval | None

    def reason(self) -> Reason:
        """Say the answer, then where each pattern shows, then what to do instead."""
        table = self.policy.answer.table
        found = explain_table(table, self.facts, self.possible)
        parts = (
            *found.because,
            *self._told(self.findings, is_risk=False),
            *self._told(self.risks, is_risk=True),
            *self._share(),
            *self._instead(),
        )
        return attrs.evolve(found, because=parts)

    def _told(self, findings: Sequence[Finding], *, is_risk: bool) -> Iterator[Reason]:
        """Yield what is sure one by one, contacts that are open all together."""
        named = [
            one
            for one in findings
            if one.fires is Tri.YES or one.source is not Source.TOUCHPOINT
        ]
        yield from (self._finding(one, is_risk=is_risk) for one in named)
        for pattern in ExecutiveAntiPattern:
            days = [
                one.day.isoformat()
                for one in findings
                if one.pattern is pattern and one not in named and one.day is not None
            ]
            if days:
                data: Data = (
                    *_outcome(pattern),
                    ("count", float(len(days))),
                    ("day", max(days)),
                )
                code = "pattern-coming-open" if is_risk else "pattern-contacts-open"
                yield Reason(code, data)

    def _finding(self, one: Finding, *, is_risk: bool) -> Reason:
        table = self._table(one.source, is_risk=is_risk)
        signs = (
            *(_sign("sign", row, table) for row in one.faults),
            *(_sign("sign-open", row, table) for row in one.perhaps),
        )
        data: Data = _outcome(one.pattern)
        if one.day is not None:
            data = (*data, ("day", one.day.isoformat()))
        if one.ref is not None and one.text is not None:
            names = (("names", wording.plain(one.ref)),)
            data = (*data, *names, ("text", wording.plain(one.text)))
        return Reason(_code(one, is_risk=is_risk), data, signs)

    def _table(self, source: Source, *, is_risk: bool) -> str:
        policy = self.policy
        tables = {
            Source.TOUCHPOINT: policy.coming if is_risk else policy.touchpoints,
            Source.COMMITMENT: policy.promises if is_risk else policy.commitments,
            Source.ISSUE: policy.issues,
            Source.CUSTOMER: policy.customer,
        }
        return tables[source].table.name

    def _share(self) -> Iterator[Reason]:
        """Yield how many planned contacts were talked through beforehand (S0-32)."""
        if self.share is None:
            return
        needed = ("needed", float(self.policy.number("pre_brief_share")))
        unit = ("unit", "share")
        if self.share.is_exact:
            yield Reason("pre-brief", (unit, ("got", self.share.low), needed))
        else:
            ends = (("low", self.share.low), ("high", self.share.high))
            yield Reason("pre-brief-open", (unit, *ends, needed))

    def _instead(self) -> Iterator[Reason]:
        """Yield what to do instead of each pattern, or where contact is too rare."""
        for pattern in ExecutiveAntiPattern:
            name = pattern.value.replace("-", "_")
            if self.facts[name] is Tri.YES:
                yield Reason("pattern-instead", _outcome(pattern), self._steps(pattern))
        if self.possible == (Engagement.RARE.value,):
            steps = self._steps(ExecutiveAntiPattern.HANDS_OFF)
            yield Reason("rare-instead", (), steps)

    def _steps(self, pattern: ExecutiveAntiPattern) -> tuple[Reason, ...]:
        answers = ("answers", "engagement-action")
        return tuple(
            Reason("engagement-step", (("outcome", action), answers))
            for action in self.policy.actions[pattern]
        )

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _outcome(pattern: ExecutiveAntiPattern) -> Data:
    return ("outcome", pattern.value), ("answers", "executive-anti-pattern")


def _sign(code: str, row: str, table: str) -> Reason:
    if code == "sign":
        return Reason("sign", (("row", row), ("table", table)))
    return Reason("sign-open", (("row", row), ("table", table)))


def _code(one: Finding, *, is_risk: bool) -> str:
    """Return the code of a finding's sentence: the record, and how sure it is."""
    if one.source is Source.CUSTOMER and one.day is None:
        code = "pattern-never"
    elif one.source is Source.COMMITMENT and one.day is None:
        code = "pattern-commitment-undated"
    else:
        code = f"pattern-{one.source.value}"
    risk = "-risk" if is_risk else ""
    return f"{code}{risk}" if one.fires is Tri.YES else f"{code}{risk}-open"
