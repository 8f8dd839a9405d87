"""Invented folders for reviews in columns: sound rows, and all that goes wrong."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path


__all__ = ["POLICY", "write_firm"]


POLICY = (
    'based_on = "tiering"\ncurrency = "CNY"\n'
    "numbers = { diamond = 900000, gold = 500000, strategic = 200000, "
    "potential = 50000 }\n"
)

_NAMES = (
    "Acme",
    "=1+1",
    "'=quoted",
    "Käse, GmbH",
    '"Say"',
    "客户",
    "-dash",
    "two\nlines",
)
_YEARS = ("2022", "2023", "2024", "2025")


def write_firm(
    folder: Path, customers: int, *, seed: int = 0, sound: bool = False
) -> None:
    """Write a folder of tables; unless *sound*, about one row in six has something."""
    dice = random.Random(seed)  # noqa: S311 - no secret hangs on it
    odds = 0.0 if sound else 0.15
    firm = _Firm(dice, odds)
    people = [firm.customer(at) for at in range(customers)]
    ids = [row[0] for row in people]
    _write(
        folder / "customers.csv",
        "id,name,industry,relation,currency,parent,owner,influence,closing_potential",
        people if sound else [*people, *people[:3], *firm.strange_customers()],
    )
    years = [row for one in ids for row in firm.years(one)]
    _write(
        folder / "years.csv",
        "customer,year,ends_on,months,sales,gross_profit,due,collected,on_time",
        years if sound else [*years, *years[5:8], *firm.strange_years(ids)],
    )
    debts = [row for one in ids for row in firm.receivables(one)]
    _write(folder / "receivables.csv", "customer,as_of,total,overdue_90", debts)
    standing = [row for one in ids for row in firm.standing(one)]
    _write(folder / "standing.csv", "customer,reputation_harm,dispute", standing)
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")


def _write(path: Path, header: str, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{header}\n")
        for at, row in enumerate(rows):
            csv.writer(file, lineterminator="\n").writerow(row)
            if at == 4:
                file.write("\n,,\n")


class _Firm:
    """Draws rows; with some luck something is wrong with them."""

    def __init__(self, dice: random.Random, odds: float) -> None:
        self._dice, self._odds = dice, odds

    def _or(self, usual: str, *others: str) -> str:
        is_odd = self._dice.random() < self._odds / 3
        return self._dice.choice(others) if is_odd and others else usual

    def _amount(self, most: int, *others: str) -> str:
        dice = self._dice
        if dice.random() < 0.06:
            return ""
        whole = dice.randrange(most)
        usual = (
            f"{whole}.{dice.randrange(100):02d}" if dice.random() < 0.5 else f"{whole}"
        )
        return self._or(usual, *others)

    def customer(self, at: int) -> list[str]:
        dice, name = self._dice, f"C{at}"
        return [
            self._or(name, f" {name} ", f"é{at}", f"e\u0301{at}", f"客{at}", f"'={at}"),
            self._or(f"Firm {at}", *_NAMES, "", "x" * 80),
            self._or("toys", "", " toys "),
            self._or("trading", "prospect", "Trading", "", "custommer"),
            self._or("CNY", "EUR", "cny", "", "USD"),
            self._or("", "C1", "C0", "nobody", name),
            "Li",
            self._or(str(dice.randrange(101)), "", "33.5", "101", "-1", "1e2", "12,5"),
            self._or("", "", "55", "101", "40.25"),
        ]

    def strange_customers(self) -> list[list[str]]:
        rest = ["", "", "CNY", "", "", "", ""]
        return [
            ["", "no id", *rest],
            ["C2", "another name", *rest],
            ["short", "row"],
            ["long", "row", *rest, "", "more"],
            ["wide", "row", *rest, "", " "],
            ["bad\x07bell", "control", *rest],
            ["sep\x1farator", "control", *rest],
            ["p1", "a prospect", "", "prospect", "", "", "", "60", "60"],
            ["p2", "a prospect with years", "", "prospect", "CNY", "", "", "", ""],
            ["n1", "x" * 10_001, *rest],
            ["i" * 201, "a long id", *rest],
        ]

    def years(self, one: str) -> list[list[str]]:
        dice = self._dice
        end = self._or("", "-12-31", "-03-31", "-02-29", "-02-28")
        found = []
        for year in _YEARS:
            if dice.random() < 0.12:
                continue  # a gap
            due = dice.randrange(1, 500_000)
            collected = int(due * dice.choice((0.5, 0.8, 0.95, 1)))
            on_time = int(collected * dice.choice((0.6, 0.9, 1)))
            found.append(
                [
                    self._or(one, f" {one}", "nobody", ""),
                    self._or(year, "20x5", "1969", "2201", "2200", "02025", year),
                    self._or(
                        f"{year}{end}" if end else "",
                        f"{year}-13-01",
                        "2021-12-31",
                        f"{int(year) + 1}-12-31",
                    ),
                    self._or("", "12", "6", "0", "13", "1.5"),
                    self._amount(1_200_000, "-5", "1,200", "+7", "-0", "1e5", "9" * 16),
                    self._amount(
                        300_000, "-1", "0.1234567890123", "12345678901234.567"
                    ),
                    self._or(str(due), "", "0", "-1", "n/a"),
                    self._or(str(collected), "", "-0", "1" + "0" * 15),
                    self._or(str(on_time), "", str(collected + 1), f"{collected}.00"),
                ]
            )
        return found

    def strange_years(self, ids: Sequence[str]) -> list[list[str]]:
        rest = ["", "", "100", "", "", "", ""]
        return [
            [ids[4], "2025", *rest],
            [ids[5].strip(), "2031", *rest],
            ["p2", "2025", *rest],
            ["bad\x07bell", "2025", *rest],
            ["sep\x1farator", "2025", *rest],
            ["short"],
            [
                ids[6],
                "2020",
                "",
                "",
                *["9007199254740993.1"] * 2,
                *["900719925474099.31"] * 3,
            ],
            [
                ids[7],
                "2020",
                "",
                "",
                "5",
                "",
                "9",
                "0.30000000000000002",
                "0.30000000000000003",
            ],
        ]

    def receivables(self, one: str) -> list[list[str]]:
        days = ("2025-11-30", "2025-12-31", "2026-01-31")
        return [
            [
                self._or(one, "nobody"),
                self._or(day, "2025-02-30", "31.12.2025", "1969-12-31"),
                self._or(str(self._dice.randrange(9_000, 90_000)), "", "0", "-1"),
                self._or(str(self._dice.randrange(9_000)), "", "90001", "0"),
            ]
            for day in days
            if self._dice.random() < 0.4
        ]

    def standing(self, one: str) -> list[list[str]]:
        if self._dice.random() < 0.4:
            return []
        row = [
            one,
            self._or("no", "yes", "unknown", "", "YES", "maybe"),
            self._or("no", "yes", "", "No"),
        ]
        return [row, row] if self._dice.random() < self._odds / 9 else [row]
