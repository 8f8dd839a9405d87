"""The shipped, invented firm, reviewed: what the tests of the report look at."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path
from typing import cast

import attrs

from keyaccount import book, intake, policies
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import tiering


__all__ = ["DEMO", "RULES", "company", "portfolio", "retold", "reviewed", "some"]


DEMO = Path(str(resources.files("keyaccount").joinpath("demo")))
RULES = book.Policies(
    tiering=policies.read(DEMO / "policy.toml", tiering.TieringPolicy)
)


@functools.cache
def company() -> intake.Company:
    return intake.read_folder(DEMO)


@functools.cache
def portfolio() -> book.Portfolio:
    return reviewed(company())


def reviewed(firm: intake.Company) -> book.Portfolio:
    day = firm.latest_full_year_end
    assert day is not None
    return book.review(
        firm.accounts,
        as_of=day,
        policies=RULES,
        fx=firm.fx,
        loose_deals=firm.loose_deals,
        loose_facts=firm.loose_facts,
        intents=firm.intents,
        firm=firm.firm,
    )


def some(ids: Iterable[str]) -> intake.Company:
    """Return the firm with a few of its customers only."""
    wanted = set(ids)
    kept = tuple(one for one in company().accounts if one.customer.id in wanted)
    assert len(kept) == len(wanted)
    return attrs.evolve(company(), accounts=kept)


def retold(value: object, words: Callable[[str], str]) -> object:
    """Return a value with every text in it replaced, as far as its class lets it be.

    The same text becomes the same other text wherever it stands, so that ids still
    name each other. A class that refuses one of its fields keeps what it had there.
    """
    if isinstance(value, str):
        return words(value)
    if isinstance(value, tuple):
        return tuple(retold(one, words) for one in value)
    if not attrs.has(type(value)):
        return value
    found = value
    evolved = cast("Callable[..., object]", attrs.evolve)
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(value))):
        held = getattr(found, field.name)
        told = held if field.name in _CHOSEN else retold(held, words)
        if told == held or not field.init:
            continue
        try:
            found = evolved(found, **{field.name: told})
        except InvalidValueError:
            continue
    return found


_CHOSEN = frozenset({"currency", "item", "terms"})  # words of ours, not of people
