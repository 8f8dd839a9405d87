"""What stands in the way of an event: what is needed, and what was found."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from keyaccount.rules import Missing, Seen, missing
from keyaccount.tri import Tri

from ._policy import Pipeline


__all__ = ["Unmet", "exits_unmet", "lack"]


@attrs.frozen
class Unmet:
    """One thing that stands in the way: what is needed, and what was found.

    `answer` is NO where it surely is not met, UNKNOWN where somebody has yet to say;
    `missing` then lists what to ask. `code` is the id of an exit of `stage`, or says
    what the event itself lacks (`stage` is then None). `found` holds the known facts
    that the exit asks for, yes-nos as yes and no.
    """

    code: str
    answer: Tri
    needed: str
    found: tuple[tuple[str, float | str], ...] = ()
    missing: tuple[Missing, ...] = ()
    stage: str | None = None


def lack(code: str, needed: str, *found: tuple[str, float | str]) -> Unmet:
    """Say what the event itself lacks, or what the deal's state forbids."""
    return Unmet(code, Tri.NO, needed, found)


def exits_unmet(stage: str, facts: Seen, pipeline: Pipeline) -> Iterator[Unmet]:
    """Yield the exits of a stage that do not surely hold."""
    for gate, answer in pipeline.machine.guards[stage].unmet(facts):
        needed, names = pipeline.needs[stage, gate.id]
        found = tuple(
            (name, value.value if isinstance(value, Tri) else value)
            for name in names
            if (value := facts[name]) is not None
        )
        unknown = (name for name in names if facts[name] is None)
        asked = missing(pipeline.about, unknown) if answer is Tri.UNKNOWN else ()
        yield Unmet(gate.id, answer, needed, found, asked, stage)
