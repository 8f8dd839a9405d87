"""Every rule of the mission that the foundation is about is named where it lives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


ROOT = Path(__file__).parent.parent.parent
IDS = (
    *(f"S2-{number}" for number in range(4, 8)),
    *(f"S3-{number}" for number in range(1, 38)),
    "S4-13",
    *(f"S4-13{letter}" for letter in "abcdef"),
)
PLACES = (
    *sorted((ROOT / "tests").rglob("test_*.py")),
    *sorted((ROOT / "tests" / "cases").glob("*.toml")),
    ROOT / "docs" / "architecture.md",
)
HERE = Path(__file__)


def named(text: str) -> set[str]:
    return set(re.findall(r"\bS\d-\d+[a-z]?\b", text))


FOUND = {
    slug
    for place in PLACES
    if place != HERE
    for slug in named(place.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("slug", IDS)
def test_every_id_stands_in_a_test_a_case_or_the_plan(slug: str) -> None:
    assert slug in FOUND
