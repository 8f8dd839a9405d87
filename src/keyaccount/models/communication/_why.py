"""Why a customer counts as talked to or not: talk by talk, then the rule."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from keyaccount.domain import CommChannel
from keyaccount.rules import Facts, Reason, explain_table

from ._policy import CommunicationPolicy
from ._talk import Talk


__all__ = ["CommunicationEvidence"]


@attrs.frozen
class CommunicationEvidence:
    """What a judgement of communication keeps to explain itself."""

    policy: CommunicationPolicy
    talks: tuple[Talk, ...]
    facts: Facts
    outcomes: tuple[str, ...]

    def reason(self) -> Reason:
        """Say how it stands, channel by channel, and which rule says so."""
        told = explain_table(self.policy.states.table, self.facts, self.outcomes)
        channels = tuple(self._channel(channel) for channel in CommChannel)
        return attrs.evolve(told, because=(*channels, *told.because))

    def _channel(self, channel: CommChannel) -> Reason:
        data = (("row", channel.value), ("table", "comm-channel"))
        talks = (talk.why for talk in self.talks if talk.channel is channel)
        return Reason("talks-on", data, tuple(talks))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
