"""T8 and T9: a customer with three years from plain data and back. Reported only.

All ways but msgspec's build the library's own frozen, checking nouns, so that what
differs is the reading. msgspec cannot build attrs classes whose defaults depend on
other fields; it reads structs of its own, which check no invariant.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Literal

import cattrs
import msgspec

import keyaccount as ka

from .models import customers
from .report import Table, ways
from .timing import compare, way


__all__ = ["measure"]


_READ = {
    "hand": "written by hand: `Customer(...)` from a dict, names and types trusted",
    "ours": "`wire.structure(data, Customer)`: strict, every problem with its path",
    "cattrs": "cattrs, plain `Converter` with four hooks",
    "text by hand": "JSON bytes: `json.loads`, then by hand",
    "text ours": "JSON bytes: `wire.loads(text, Customer)`",
    "text msgspec": "JSON bytes: `msgspec.json.decode` into its own structs, unchecked",
}
_WRITE = {
    "hand": "written by hand: a dict from the attributes",
    "ours": "`wire.unstructure(customer)`",
    "cattrs": "cattrs, plain `Converter` with four hooks",
    "text by hand": "JSON: by hand, then `json.dumps`",
    "text ours": "JSON: `wire.dumps(customer)`",
    "text msgspec": "JSON: `msgspec.json.encode` of its own structs",
}
_AMOUNTS = ("sales", "gross_profit", "due", "collected", "on_time")


def _read(data: dict[str, object]) -> ka.Customer:
    years = [
        ka.YearMetrics(
            year["year"],
            dt.date.fromisoformat(year["ends_on"]),
            **{name: Decimal(year[name]) for name in _AMOUNTS if name in year},
        )
        for year in data["years"]
    ]
    influence = data.get("influence")
    return ka.Customer(
        data["id"],
        data["name"],
        data.get("currency"),
        industry=data.get("industry"),
        years=years,
        influence=None if influence is None else Decimal(influence),
    )


def _write(customer: ka.Customer) -> dict[str, object]:
    years = []
    for year in customer.years:
        row = {"year": year.year, "ends_on": year.ends_on.isoformat()}
        for name in _AMOUNTS:
            amount = getattr(year, name)
            if amount is not None:
                row[name] = str(amount)
        years.append(row)
    data: dict[str, object] = {"id": customer.id, "name": customer.name}
    if customer.currency is not None:
        data["currency"] = customer.currency
    if customer.industry is not None:
        data["industry"] = customer.industry
    data["relation"] = customer.relation.value
    data["years"] = years
    if customer.influence is not None:
        data["influence"] = str(customer.influence)
    return data


class Year(msgspec.Struct, frozen=True, omit_defaults=True):
    """A year as msgspec would have it."""

    year: int
    ends_on: dt.date
    months: int = 12
    sales: Decimal | None = None
    gross_profit: Decimal | None = None
    due: Decimal | None = None
    collected: Decimal | None = None
    on_time: Decimal | None = None


class Buyer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A customer as msgspec would have it."""

    id: str
    name: str
    currency: str | None = None
    industry: str | None = None
    relation: Literal["trading", "prospect"] = "trading"
    years: tuple[Year, ...] = ()
    influence: Decimal | None = None


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(detailed_validation=False)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(
        dt.date, lambda value, _: dt.date.fromisoformat(value)
    )
    converter.register_unstructure_hook(dt.date, dt.date.isoformat)
    return converter


def measure(rounds: int) -> list[Table]:
    """Time reading and writing."""
    drawn = list(customers(64))
    converter = _converter()
    ours = [ka.wire.unstructure(one) for one in drawn]
    plain = [converter.unstructure(one) for one in drawn]
    bodies = [json.dumps(data).encode() for data in ours]
    documents = [ka.wire.dumps(one) for one in drawn]
    buyers = [_decode(body) for body in bodies]
    for at, customer in enumerate(drawn):
        assert ka.wire.structure(ours[at], ka.Customer) == customer
        assert _read(ours[at]) == customer
        assert converter.structure(plain[at], ka.Customer) == customer
        assert ka.wire.loads(documents[at], ka.Customer) == customer
        assert _read(json.loads(msgspec.json.encode(buyers[at]))) == customer
        assert _read(_write(customer)) == customer
    read = compare(
        {
            "hand": way(_read, ours),
            "ours": way(lambda data: ka.wire.structure(data, ka.Customer), ours),
            "cattrs": way(lambda data: converter.structure(data, ka.Customer), plain),
            "text by hand": way(lambda text: _read(json.loads(text)), bodies),
            "text ours": way(lambda text: ka.wire.loads(text, ka.Customer), documents),
            "text msgspec": way(_decode, bodies),
        },
        yardstick="hand",
        rounds=rounds,
    )
    write = compare(
        {
            "hand": way(_write, drawn),
            "ours": way(ka.wire.unstructure, drawn),
            "cattrs": way(converter.unstructure, drawn),
            "text by hand": way(lambda one: json.dumps(_write(one)), drawn),
            "text ours": way(ka.wire.dumps, drawn),
            "text msgspec": way(msgspec.json.encode, buyers),
        },
        yardstick="hand",
        rounds=rounds,
    )
    return [
        ways("T8: plain data to a customer with three years", _READ, read),
        ways("T9: a customer with three years to plain data", _WRITE, write),
    ]


def _decode(text: bytes) -> Buyer:
    return msgspec.json.decode(text, type=Buyer)
