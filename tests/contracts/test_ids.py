"""Every item of the documents that we were given has a place, and the place exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import pytest

import keyaccount
from keyaccount import wording


ROOT = Path(__file__).parent.parent.parent
HOUSE = Path(keyaccount.__file__).parent
PAGE = ROOT / "docs" / "reference" / "ids.md"
DOMAIN = ROOT.parent / "shared" / "DOMAIN.md"


def lettered(number: str, letters: str) -> tuple[str, ...]:
    return tuple(f"{number}{letter}" for letter in letters)


IDS = (
    *(f"S0-{number}" for number in range(1, 41)),
    "S0-5a",
    "S0-6a",
    "S0-7a",
    *lettered("S0-16", "abcde"),
    *lettered("S0-17", "abc"),
    *lettered("S0-18", "abcd"),
    *lettered("S0-19", "ab"),
    *lettered("S0-20", "abcde"),
    *lettered("S0-21", "abc"),
    *lettered("S0-22", "abcd"),
    *lettered("S0-23", "abcd"),
    *lettered("S0-24", "ab"),
    *(f"S1-{number}" for number in range(1, 14)),
    *lettered("S1-9", "abcde"),
    *lettered("S1-10", "abc"),
    *lettered("S1-11", "abcdefg"),
    *lettered("S1-12", "abcdefg"),
    *(f"S2-{number}" for number in range(1, 30)),
    *(f"S3-{number}" for number in range(1, 38)),
    *(f"S4-{number}" for number in range(1, 17)),
    *lettered("S4-13", "abcdef"),
)
PROSE = ("S0-39", "S0-40", "S3-37", "S4-2")
CONFLICTS = tuple(f"C-{number}" for number in range(1, 16))
EXAMPLES = (
    *(f"T-{number}" for number in (1, 2, 3, 4, 8, 11, 13, 14, 15)),
    "PR-1",
    *(f"S-{number}" for number in range(1, 5)),
    "V-1",
    *(f"Q-{number}" for number in (*range(1, 9), 13)),
    *("P-1", "P-4", "B-1", "B-2", "G-1", "G-4"),
    *(f"PT-{number}" for number in range(1, 7)),
    *("E-1", "E-4", "F-1", "F-3", "A-1", "A-2", "ST-1", "ST-2", "C-1"),
)

NAMED = re.compile(r"\b[A-Z]+\d?-\d+[a-z]?\b")
TESTS = (
    *sorted((ROOT / "tests").rglob("test_*.py")),
    *sorted((ROOT / "tests" / "cases").glob("*.toml")),
)
TESTED = frozenset(
    slug
    for place in TESTS
    if place != Path(__file__)
    for slug in NAMED.findall(place.read_text(encoding="utf-8"))
)


def rows() -> Iterator[tuple[str, str]]:
    """Yield what stands first and last in every row of the page's tables."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and NAMED.match(cells[0]):
            yield cells[0], cells[-1]


ROWS = tuple(rows())
PLACES = sorted({place for _, where in ROWS for place in re.findall(r"`(.+?)`", where)})


# ── the page is whole ───────────────────────────────────────────────────────────


def test_the_page_has_a_row_for_every_id_in_order_and_no_other() -> None:
    listed = [slug for slug, _ in ROWS if re.match(r"S\d", slug)]

    assert listed == sorted(IDS, key=natural)


def natural(slug: str) -> tuple[str, int, str]:
    found = re.fullmatch(r"(S\d)-(\d+)([a-z]?)", slug)
    assert found
    return found[1], int(found[2]), found[3]


def test_the_page_has_a_row_for_every_conflict() -> None:
    listed = [slug for slug, _ in ROWS if slug.startswith("C-")]

    assert tuple(listed) == (*CONFLICTS, "C-1")  # an example is called so as well


def test_the_page_has_every_worked_example() -> None:
    listed = [
        slug
        for cell, _ in ROWS
        if not re.match(r"S\d", cell)
        for slug in cell.split(", ")
    ]

    assert sorted(listed) == sorted((*CONFLICTS, *EXAMPLES))


@pytest.mark.parametrize("slug, where", ROWS, ids=[slug for slug, _ in ROWS])
def test_every_id_has_a_place_or_is_marked_as_prose(slug: str, where: str) -> None:
    is_prose = where.startswith("*prose only*: ")

    assert is_prose is (slug in PROSE)
    assert is_prose or re.fullmatch(r"`[^`]+`( · `[^`]+`)*", where)


# ── every place exists ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("place", PLACES)
def test_every_place_exists(place: str) -> None:
    file, _, line = place.partition("#")
    if place.startswith("flag:"):
        assert wording.has(f"flag.{place.removeprefix('flag:')}")
    elif "/" not in file:
        assert is_public(place)
    else:
        held = [root / file for root in (HOUSE, ROOT) if (root / file).is_file()]
        assert held
        assert not line or has_line(held[0], line)


def is_public(name: str) -> bool:
    """Whether somebody who imports the package reaches the name by public ones."""
    whole = keyaccount
    for part in name.split("."):
        offered = getattr(whole, "__all__", None)
        if part.startswith("_") or (offered is not None and part not in offered):
            return False
        whole = attrgetter(part)(whole)
    return True


def has_line(file: Path, name: str) -> bool:
    """Whether a policy has a line of that id, or a table or list of that name."""
    text = file.read_text(encoding="utf-8")
    listed = rf"^\[+(\w+\.)*{re.escape(name)}\]+$"
    return bool(re.search(rf'^id += "{re.escape(name)}"$|{listed}', text, re.MULTILINE))


def test_a_place_that_is_none_is_found_out() -> None:
    assert not is_public("selection._designate")
    assert not is_public("selection.nothing")
    assert not has_line(HOUSE / "policies" / "selection.toml", "nothing")


# ── every id is tested ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("slug", [slug for slug in IDS if slug not in PROSE])
def test_every_id_stands_in_a_test_or_a_case(slug: str) -> None:
    # the lines of a checklist are one item: a test of it is a test of each
    number = slug.rstrip("abcde") if slug in LINES else slug

    assert number in TESTED


LINES = frozenset(
    line
    for number in range(16, 25)
    for line in lettered(f"S0-{number}", "abcde")
    if line != "S0-20e"
)


@pytest.mark.parametrize("slug", EXAMPLES)
def test_every_worked_example_is_a_case(slug: str) -> None:
    place = next(where for cell, where in reversed(ROWS) if slug in cell.split(", "))
    text = (ROOT / place.strip("`")).read_text(encoding="utf-8")

    assert re.search(rf"^id +=.*\b{slug}\b", text, re.MULTILINE)


# ── the list itself ─────────────────────────────────────────────────────────────


@pytest.mark.skipif(
    not DOMAIN.is_file(), reason="the inventory that the ids come from is not here"
)
def test_the_ids_are_those_of_the_inventory() -> None:
    text = DOMAIN.read_text(encoding="utf-8")
    inventory = text[text.index("\n# 1. ") : text.index("\n# 2. ")]

    found = set(re.findall(r"\bS[0-4]-\d+[a-z]?\b", inventory))
    for row in re.finditer(r"^\| (S0-\d+) \|(.*)$", inventory, re.MULTILINE):
        found.update(row[1] + letter for letter in re.findall(r"\(([a-e])\)", row[2]))
    assert found == set(IDS)
