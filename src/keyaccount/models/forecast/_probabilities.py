"""What the stages of a pipeline stand for: as told, as shipped, or as learned."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias, cast

import attrs

from keyaccount import policies, wire
from keyaccount.domain import ForecastCategory
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval, Reason

from ._telling import Datum, Telling


__all__ = ["Chances", "Probabilities", "StageProbability", "probabilities_of"]


@attrs.frozen
class StageProbability:
    """What a stage stands for: its chance, and what it was learned from.

    `default` is what the pipeline says; `won` of `closed` deals that had come to the
    stage were won. `is_learned` is False where these are too few: the default stands.
    `category` is where the pipeline sorts its deals, if it says so.
    """

    id: str
    probability: Decimal
    default: Decimal | None = None
    won: int = 0
    closed: int = 0
    interval: Interval | None = None
    is_learned: bool = False
    category: ForecastCategory | None = None

    @property
    def start(self) -> Decimal:
        """What the pipeline says, whatever was learned."""
        return self.probability if self.default is None else self.default

    def reason(self) -> Reason:
        """Say the chance, and whether there was enough to learn it from."""
        data: tuple[Datum, ...] = (
            ("stage", self.id),
            ("unit", "share"),
            ("got", float(self.probability)),
        )
        if self.default is None:
            return Reason("stage-stands", data)
        counts = (("hits", str(self.won)), ("of", str(self.closed)))
        if not self.is_learned or self.interval is None:
            return Reason("stage-default", (*data, *counts))
        return Reason(
            "stage-learned",
            (
                *data,
                *counts,
                ("default", float(self.default)),
                ("low", self.interval.low),
                ("high", self.interval.high),
            ),
        )


@attrs.frozen
class Probabilities(wire.Plain, Telling):
    """What every stage of a pipeline stands for, in the pipeline's order."""

    stages: tuple[StageProbability, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        seen: set[str] = set()
        for index, stage in enumerate(self.stages):
            if stage.id in seen:
                problems.add(f"stages[{index}].id", "duplicate", stage.id)
            seen.add(stage.id)
            if not 0 <= stage.probability <= 1:
                path, got = f"stages[{index}].probability", stage.probability
                problems.add(path, "out-of-range", got, "between 0 and 1")
        problems.check("Probabilities")

    @property
    def flags(self) -> tuple[str, ...]:
        """What a reader must know: whether some stages could not be learned."""
        thin = [s for s in self.stages if s.default is not None and not s.is_learned]
        return ("not-enough-data",) if thin else ()

    def reason(self) -> Reason:
        """Say what each stage stands for."""
        parts = tuple(stage.reason() for stage in self.stages)
        return Reason("chances", (("count", str(len(parts))),), parts)

    @functools.cached_property
    def by_stage(self) -> Mapping[str, StageProbability]:
        """The stages by their slug."""
        return {stage.id: stage for stage in self.stages}

    def at(self, stage: str | None) -> StageProbability | None:
        """Return what a stage stands for, None if nobody knows it."""
        return None if stage is None else self.by_stage.get(stage)

    @functools.cached_property
    def first(self) -> str | None:
        """The stage where every deal begins; None of a pipeline without stages."""
        return self.stages[0].id if self.stages else None

    @functools.cached_property
    def ranks(self) -> Mapping[str, int]:
        """How far along the pipeline each stage stands."""
        return {stage.id: at for at, stage in enumerate(self.stages)}


Chances: TypeAlias = Probabilities | Mapping[str, Decimal | float]
"""What stages stand for: learned, or plain numbers by stage."""


def probabilities_of(given: Chances | None) -> Probabilities:
    """Return what stages stand for: as given, or the shipped pipeline's.

    Raises:
        InvalidValueError: a number that is no fraction.
    """
    if given is None:
        return _shipped()
    if isinstance(given, Probabilities):
        return given
    problems = Problems()
    found = []
    for stage, number in given.items():
        value = _fraction(number)
        if value is None:
            wanted = "a number between 0 and 1"
            problems.add(f"probabilities.{stage}", "out-of-range", number, wanted)
        else:
            found.append(StageProbability(stage, value))
    problems.check("forecast")
    return Probabilities(tuple(found))


def _fraction(number: object) -> Decimal | None:
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        return None
    value = Decimal(str(number))
    return value if value.is_finite() and 0 <= value <= 1 else None


@functools.cache
def _shipped() -> Probabilities:
    """Read the shipped pipeline's stages as plain data: they are another model's."""
    stages = cast("list[dict[str, object]]", policies.defaults("stages")["stages"])
    return Probabilities(
        tuple(
            StageProbability(
                str(stage["id"]),
                Decimal(str(stage["probability"])),
                category=ForecastCategory(stage["category"])
                if "category" in stage
                else None,
            )
            for stage in stages
        )
    )
