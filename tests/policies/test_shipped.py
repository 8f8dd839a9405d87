"""What the shipped files must say, whichever model they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from keyaccount.policies import defaults, shipped


ORIGIN = re.compile(r"seed|prop|ext:[a-z0-9-]+")


def entries(value: object, path: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every number and everything that has an id, with its place."""
    if isinstance(value, dict):
        if "id" in value or path.startswith("$.numbers."):
            yield path, value
        for key, part in value.items():
            yield from entries(part, f"{path}.{key}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from entries(part, f"{path}[{index}]")


def test_policies_are_shipped() -> None:
    assert {"tiering", "payment", "buying"} <= set(shipped())


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_policy_says_who_says_so_and_why_everywhere(name: str) -> None:
    silent = [
        path
        for path, entry in entries(defaults(name), "$")
        if isinstance(entry.get("value", 0), dict | list)
        or not ORIGIN.fullmatch(str(entry.get("origin", "")))
        or not str(entry.get("why", "")).strip()
    ]

    assert not silent


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_policy_has_its_name_a_version_and_a_question(name: str) -> None:
    data = defaults(name)

    assert data["name"] == name
    assert re.fullmatch(r"20[0-9]{2}\.[0-9]+", data["version"])
    assert data["question"].endswith("?")


@pytest.mark.parametrize("name", shipped())
def test_every_number_has_a_unit(name: str) -> None:
    numbers = defaults(name).get("numbers", {})

    assert [key for key, number in numbers.items() if "unit" not in number] == []
