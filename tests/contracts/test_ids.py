"""Every rule of the mission that the foundation is about is named where it lives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


ROOT = Path(__file__).parent.parent.parent
IDS = (
    *(f"S0-{number}" for number in (*range(1, 12), 36, 37, 38)),
    "S0-5a",
    "S0-6a",
    "S0-7a",
    "S0-20",
    "S0-20e",
    *(f"S1-{number}" for number in range(1, 7)),
    "P-1",
    "P-4",
    *(f"S1-{number}" for number in range(7, 14)),
    *(f"S1-9{letter}" for letter in "abcde"),
    *(f"S1-10{letter}" for letter in "abc"),
    *(f"S1-11{letter}" for letter in "abcdefg"),
    *(f"S1-12{letter}" for letter in "abcdefg"),
    *(f"Q-{number}" for number in (*range(1, 9), 13)),
    *(f"S2-{number}" for number in (*range(1, 8), 24, 25)),
    *(f"S2-{number}" for number in (*range(8, 15), 18, 19, 26, 27, 28)),
    *(f"C-{number}" for number in (9, 10, 11)),
    "ST-1",
    "ST-2",
    "F-1",
    "F-3",
    *(f"S3-{number}" for number in range(1, 38)),
    *(f"S4-{number}" for number in range(3, 15)),
    *(f"S-{number}" for number in range(1, 5)),
    "V-1",
    "G-1",
    "G-4",
    *(f"S4-13{letter}" for letter in "abcdef"),
    "A-1",
    "A-2",
)
PLACES = (
    *sorted((ROOT / "tests").rglob("test_*.py")),
    *sorted((ROOT / "tests" / "cases").glob("*.toml")),
    ROOT / "docs" / "architecture.md",
)
HERE = Path(__file__)


def named(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z]+\d?-\d+[a-z]?\b", text))


FOUND = {
    place: named(place.read_text(encoding="utf-8")) for place in PLACES if place != HERE
}
DEALS = tuple(
    slug
    for slug in IDS
    if slug.startswith(("S1-", "Q-", "P-", "F-", "A-", "ST-"))
    or slug in {f"S2-{number}" for number in (*range(8, 15), 18, 19, 26, 27, 28)}
)
CUSTOMERS = tuple(
    slug
    for slug in IDS
    if slug in {f"S0-{number}" for number in (*range(1, 12), 36, 37, 38)}
    or slug in {f"S2-{number}" for number in (*range(1, 8), 24, 25)}
    or slug in {f"S3-{number}" for number in (*range(1, 5), *range(30, 38))}
    or slug in {f"S4-{number}" for number in (*range(3, 13), 14)}
    or slug.startswith(("S-", "V-", "G-"))
)


@pytest.mark.parametrize("slug", IDS)
def test_every_id_stands_in_a_test_a_case_or_the_plan(slug: str) -> None:
    assert any(slug in found for found in FOUND.values())


@pytest.mark.parametrize("slug", [*DEALS, *CUSTOMERS])
def test_every_id_of_deals_and_customers_stands_in_a_test_or_a_case(slug: str) -> None:
    assert any(slug in found for place, found in FOUND.items() if place.suffix != ".md")
