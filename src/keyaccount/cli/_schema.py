"""`keyaccount schema`: what a document of a type must look like, as JSON Schema."""

from __future__ import annotations

import json
import re

import attrs

from keyaccount import domain, wire
from keyaccount.exceptions import UnknownNameError
from keyaccount.models import stages

from ._errors import FINE
from ._kinds import KINDS
from ._screen import Screen


__all__ = ["show_schema"]


def show_schema(name: str | None) -> int:
    """Print a type's JSON Schema; without a type, the types that there are.

    Raises:
        UnknownNameError: no such type; says which is near.
    """
    screen = Screen("en")
    nouns = (getattr(domain, noun) for noun in domain.__all__)
    classes = [noun for noun in nouns if isinstance(noun, type) and attrs.has(noun)]
    named = (*classes, *_ANSWERS, *KINDS.values())
    types: dict[str, object] = {_slug(one.__name__): one for one in named}
    types["ruling"] = stages.Ruling
    if name is None:
        screen.raw("\n".join(sorted(types)))
        return FINE
    found = types.get(name)
    if found is None:
        raise UnknownNameError("type", name, tuple(types))
    screen.raw(json.dumps(wire.schema(found), ensure_ascii=True, indent=2))
    return FINE


# What a service that embeds the stage machine stores and sends.
_ANSWERS = (
    stages.Deal,
    stages.Moved,
    stages.Refused,
    stages.Duplicate,
    stages.Conflict,
)


def _slug(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
