"""What is known of a pipeline's own facts, deal by deal, for nobody to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

import attrs


__all__ = ["NO_FACTS", "FactsByDeal", "frozen_facts"]


Value = TypeVar("Value")


@attrs.frozen(eq=False)
class _Frozen(Mapping[str, Value]):
    """A mapping that cannot be changed, but copied and sent to another process."""

    _known: tuple[tuple[str, Value], ...]

    def __getitem__(self, key: str) -> Value:
        return dict(self._known)[key]

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._known)

    def __len__(self) -> int:
        return len(self._known)


class FactsByDeal(_Frozen[Mapping[str, object]]):
    """The facts by the deal's id."""

    __slots__ = ()


def frozen_facts(facts: Mapping[str, Mapping[str, object]]) -> FactsByDeal:
    """Return a copy of facts by deal that nobody can change."""
    return FactsByDeal(
        tuple((deal, _Frozen(tuple(known.items()))) for deal, known in facts.items())
    )


NO_FACTS = FactsByDeal(())
