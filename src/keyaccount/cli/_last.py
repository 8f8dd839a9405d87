"""The review to compare with: what an earlier `review --format json` wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import attrs

from keyaccount import book, wire
from keyaccount.book.standings import ground_of
from keyaccount.domain import Customer, Outlook, Relation, TierRecord
from keyaccount.exceptions import (
    InvalidValueError,
    KeyAccountError,
    Problems,
    ReadError,
)
from keyaccount.models import tiering
from keyaccount.rules import FactKind
from keyaccount.tri import Tri

from ._designations import Designated, written_designation


__all__ = ["Last", "facts_of", "written_review"]


_LIMITS = wire.Limits(items=1_000_000, nodes=20_000_000, document=200_000_000)
_ANEW = "what `keyaccount review --format json` writes, by this version"
_NO_COLUMNS = f"{_ANEW} and not by columns,"


@attrs.frozen
class Last:
    """An earlier review: its customers, the records that it left behind.

    `designated` is what customers were to us, as far as anybody had asked.

    `is_judged_anew` says that another policy judged it then: its facts are judged by
    today's, so that whoever moved has moved by itself.
    """

    portfolio: book.Portfolio
    records: Mapping[str, TierRecord]
    designated: Mapping[str, Designated]
    is_judged_anew: bool = False


def facts_of(sheet: book.Sheet) -> dict[str, float | str | None] | None:
    """Return the facts that a customer was judged by; None where it was not."""
    verdict = sheet.verdict
    ground = None if verdict is None else ground_of(verdict.evidence)
    if ground is None:
        return None
    return {name: _plain(value) for name, value in ground.facts.items()}


def _plain(value: object) -> float | str | None:
    """Write a fact as JSON holds it: a number, a slug, yes or no; null is unknown."""
    if value is None or isinstance(value, float | str):
        return value
    return str(getattr(value, "value", value))


def written_review(
    path: Path, policy: tiering.TieringPolicy, *, by_groups: bool = False
) -> Last:
    """Read what an earlier review has written, and judge its facts by a policy.

    *by_groups* says whether this review rolls subsidiaries up: then the last one did.

    Raises:
        ReadError: it is none, or was written without facts; every mistake is listed.
    """
    problems = Problems()
    document = _document(path, problems)
    if "records" not in document and document.get("customers"):
        problems.add("records", "missing", None, _NO_COLUMNS)
        raise ReadError(f"review {path.name}", problems.all())
    as_of = _day(document.get("as_of"), problems)
    _same_groups(document, problems, by_groups=by_groups)
    if document.get("currency") != policy.currency:
        got, wanted = document.get("currency"), f"amounts in {policy.currency}, as now"
        problems.add("currency", "contradiction", got, wanted)
    sheets: list[book.Sheet] = []
    designated: dict[str, Designated] = {}
    seen: set[str] = set()
    rows = document.get("customers")
    if not isinstance(rows, list):
        problems.add("customers", "wrong-type", rows, _ANEW)
    for at, row in enumerate(rows if isinstance(rows, list) else ()):
        where = f"customers[{at}]"
        if not isinstance(row, dict):
            problems.add(where, "wrong-type", row, "a customer")
            continue
        try:
            sheet = _sheet(row, as_of, policy)
            sheets.append(sheet)
            if sheet.customer.id in seen:
                problems.add(f"{where}.customer", "duplicate", sheet.customer.id)
            seen.add(sheet.customer.id)
            told = written_designation(row.get("lenses"))
            if told is not None:
                designated[sheet.customer.id] = told
        except InvalidValueError as error:
            problems.take(where, error)
        except KeyAccountError as error:  # a fact that nobody declares
            problems.add(f"{where}.facts", "bad-syntax", str(error), _ANEW)
    records = _records(document.get("records"), problems)
    if problems:
        raise ReadError(f"review {path.name}", problems.all())
    judged_by = document.get("policy")
    digest = judged_by.get("digest") if isinstance(judged_by, dict) else None
    portfolio = book.Portfolio(tuple(sheets), as_of)
    is_other = digest != policy.ref.digest
    return Last(portfolio, records, MappingProxyType(designated), is_other)


def _document(path: Path, problems: Problems) -> dict[str, object]:
    try:
        found = wire.read_json(path.read_bytes(), limits=_LIMITS)
    except OSError as error:
        problems.add("", "bad-syntax", error.strerror or "", "name a file to be read")
    except ReadError as error:
        problems.extend(error.problems)
    else:
        if isinstance(found, dict):
            return cast("dict[str, object]", found)
        problems.add("", "wrong-type", type(found).__name__, _ANEW)
    raise ReadError(f"review {path.name}", problems.all())


def _day(text: object, problems: Problems) -> dt.date:
    try:
        return wire.structure(text, dt.date)
    except ReadError as error:
        problems.take("as_of", error)
        return dt.date.min


def _same_groups(
    document: Mapping[str, object], problems: Problems, *, by_groups: bool
) -> None:
    """Refuse groups beside single customers: those rolled up would seem to be gone."""
    was_grouped = "groups" in document
    if was_grouped is not by_groups:
        written, now = (
            "with --groups" if is_so else "without --groups"
            for is_so in (was_grouped, by_groups)
        )
        wanted = f"a review written {now}, as this one"
        problems.add("groups", "contradiction", f"written {written}", wanted)


def _records(given: object, problems: Problems) -> Mapping[str, TierRecord]:
    found: dict[str, TierRecord] = {}
    if isinstance(given, dict):
        for slug, record in given.items():
            try:
                found[slug] = wire.structure(record, TierRecord)
            except InvalidValueError as error:
                problems.take(f"records.{slug}", error)
    else:
        problems.add("records", "wrong-type", given, _ANEW)
    return MappingProxyType(found)


def _sheet(
    row: Mapping[str, object], as_of: dt.date, policy: tiering.TieringPolicy
) -> book.Sheet:
    """Judge the facts of one customer again; they say what its tables said."""
    problems = Problems()
    for key in ("customer", "relation"):
        if not isinstance(row.get(key), str):
            problems.add(key, "missing", None, _ANEW)
    offered = [relation.value for relation in Relation]
    if isinstance(row.get("relation"), str) and row["relation"] not in offered:
        problems.add("relation", "unknown-choice", row["relation"], offered)
    facts = row.get("facts")
    if "facts" not in row:
        problems.add("facts", "missing", None, _ANEW)
    elif facts is not None and not isinstance(facts, dict):
        problems.add("facts", "wrong-type", facts, _ANEW)
    problems.check("customer")
    identifier, name = str(row["customer"]), row.get("name")
    relation = Relation(row["relation"])
    customer = Customer(
        identifier, name if isinstance(name, str) else identifier, relation=relation
    )
    account = book.Account(customer)
    if not isinstance(facts, dict):
        return book.Sheet(account, as_of)  # its amounts could not be converted
    if relation is Relation.PROSPECT:
        outlook = Outlook(**_marks(facts))
        seen = tiering.prospect(outlook, as_of=as_of, policy=policy)
        return book.Sheet(account, as_of, prospect=seen)
    tier = tiering.judge(_told(facts), as_of=as_of, policy=policy)
    return book.Sheet(account, as_of, tier=tier)


def _marks(facts: Mapping[str, object]) -> dict[str, Any]:
    """Return the marks of a prospect; every one is written, unknown ones as null."""
    problems = Problems()
    names = tiering.OUTLOOK_FACTS.names
    for name in names:
        if name not in facts:
            problems.add(f"facts.{name}", "missing", None, _ANEW)
    for name in facts:
        if name not in names:
            problems.add(f"facts.{name}", "unknown-choice", name, list(names))
    problems.check("prospect")
    return {name: facts[name] for name in names}


def _told(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts as their door takes them: yes and no are written as slugs.

    Raises:
        InvalidValueError: a fact is not there; unknown ones are written as null.
    """
    problems = Problems()
    kinds = {fact.name: fact.kind for fact in tiering.FACTS.facts}
    for name in kinds:
        if name not in facts:
            problems.add(f"facts.{name}", "missing", None, _ANEW)
    problems.check("tiering")
    answers: Mapping[object, Tri] = {answer.value: answer for answer in Tri}
    return {
        name: answers.get(value, value)
        if kinds.get(name) is FactKind.YES_NO and isinstance(value, str)
        else value
        for name, value in facts.items()
    }
