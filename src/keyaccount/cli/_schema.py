"""`keyaccount schema`: what a document of a type must look like, as JSON Schema."""

from __future__ import annotations

import json
import re

import attrs

from keyaccount import domain, wire
from keyaccount.exceptions import UnknownNameError
from keyaccount.models import buying, payment, tiering

from ._errors import FINE
from ._screen import Screen


__all__ = ["show_schema"]


_POLICIES = (tiering.TieringPolicy, payment.PaymentPolicy, buying.BuyingPolicy)


def show_schema(name: str | None) -> int:
    """Print a type's JSON Schema; without a type, the types that there are.

    Raises:
        UnknownNameError: no such type; says which is near.
    """
    screen = Screen("en")
    nouns = (getattr(domain, noun) for noun in domain.__all__)
    classes = [noun for noun in nouns if isinstance(noun, type) and attrs.has(noun)]
    types = {_slug(one.__name__): one for one in (*classes, *_POLICIES)}
    if name is None:
        screen.raw("\n".join(sorted(types)))
        return FINE
    found = types.get(name)
    if found is None:
        raise UnknownNameError("type", name, tuple(types))
    screen.raw(json.dumps(wire.schema(found), ensure_ascii=True, indent=2))
    return FINE


def _slug(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
