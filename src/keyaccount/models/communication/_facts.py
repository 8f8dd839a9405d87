"""What communication is judged by, and what is asked for to know it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from keyaccount.domain import CommChannel, CommPurpose
from keyaccount.rules import Fact, FactSchema


__all__ = ["ASKED_BY", "COUNTED_BY", "FACTS", "INPUT_FACTS", "ISSUE_FACTS", "PURPOSES"]


PURPOSES: Mapping[CommChannel, tuple[CommPurpose, ...]] = MappingProxyType(
    {
        channel: tuple(one for one in CommPurpose if one.channel is channel)
        for channel in CommChannel
    }
)
"""What a talk on each channel may be for."""


def _name(channel: CommChannel, what: str) -> str:
    return f"{channel.value.replace('-', '_')}_{what}"


COUNTED_BY: Mapping[CommChannel, str] = MappingProxyType(
    {channel: _name(channel, "overdue") for channel in CommChannel}
)
"""The fact that counts what is overdue on each channel."""

ASKED_BY: Mapping[CommChannel, str] = MappingProxyType(
    {channel: _name(channel, "purpose") for channel in CommChannel}
)
"""The fact that is asked for where nobody said what a contact was for."""

FACTS = FactSchema(
    (
        Fact.number("talks_overdue", unit="talks", low=0, high=len(CommPurpose)),
        *(
            Fact.number(name, unit="talks", low=0, high=len(PURPOSES[channel]))
            for channel, name in COUNTED_BY.items()
        ),
    )
)
"""How many talks are overdue, in all and on each channel."""

INPUT_FACTS = FactSchema(
    tuple(
        Fact.choice(name, tuple(one.value for one in PURPOSES[channel]))
        for channel, name in ASKED_BY.items()
    )
)
"""What somebody has to tell: what the contacts on a channel were for."""

ISSUE_FACTS = FactSchema(
    (
        Fact.number("issue_age_days", unit="days", low=0),
        Fact.yes_no("issue_resolved"),
        Fact.yes_no("issue_internal"),
    )
)
"""What the age of an issue is judged by."""
