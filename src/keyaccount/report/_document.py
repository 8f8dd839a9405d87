"""A review put together as a document, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Unpack

from keyaccount.book import Agenda, Item, Policies, Portfolio
from keyaccount.exceptions import Problems
from keyaccount.models import tiering
from keyaccount.wording import plain

from ._accounts import account, index
from ._case import Beside, Case
from ._parts import AccountSheet, Document
from ._questions import answers
from ._speech import Speech
from ._week import week


__all__ = ["case_of", "document"]


def document(
    portfolio: Portfolio,
    locale: str,
    title: str | None,
    progress: Callable[[int], None] | None,
    **beside: Unpack[Beside],
) -> Document:
    """Put a review together as a document; raises as `case_of` does."""
    case = case_of(portfolio, locale, **beside)
    speech = case.speech
    rules = case.policies.tiering or tiering.default_policy()
    told = {"name": rules.name, "version": rules.version, "currency": rules.currency}
    basis = [speech.say("basis", **told)]
    if rules.has_example_amounts:
        basis.append(speech.label("flag", "example-thresholds"))
    count = speech.count(len(portfolio))
    return Document(
        speech.locale,
        plain(title or "") or speech.say("title"),
        speech.say("subtitle", count=count, day=speech.day(portfolio.as_of)),
        tuple(basis),
        week(case),
        answers(case),
        index(case),
        tuple(_accounts(case, progress)),
    )


def case_of(portfolio: Portfolio, locale: str, **beside: Unpack[Beside]) -> Case:
    """Gather what every part of a report looks at.

    Raises:
        InvalidValueError: something else than a review, or an agenda of another day.
    """
    agenda = beside.get("agenda")
    _check(portfolio, agenda)
    anchors = {
        sheet.customer.id: f"a{at}" for at, sheet in enumerate(portfolio, start=1)
    }
    return Case(
        portfolio,
        beside.get("policies", Policies()),
        Speech(locale),
        portfolio.agenda if agenda is None else agenda,
        anchors,
        beside.get("fx"),
        beside.get("comparison"),
        beside.get("reclassified"),
        beside.get("rejected", 0),
    )


def _accounts(
    case: Case, progress: Callable[[int], None] | None
) -> Iterable[AccountSheet]:
    items = _by_customer(case.agenda)
    for done, sheet in enumerate(case.portfolio, start=1):
        theirs = items.get(sheet.customer.id, ())
        yield account(sheet, f"a{done}", theirs, case)
        if progress is not None:
            progress(done)


def _by_customer(agenda: Agenda) -> Mapping[str, Iterable[Item]]:
    found: dict[str, list[Item]] = {}
    for item in agenda:
        if item.customer_id is not None:
            found.setdefault(item.customer_id, []).append(item)
    return found


def _check(portfolio: Portfolio, agenda: Agenda | None) -> None:
    problems = Problems()
    wanted = "a Portfolio, as book.review gives it"
    is_one = problems.is_a("portfolio", portfolio, Portfolio, wanted)
    if agenda is not None and is_one and agenda.as_of != portfolio.as_of:
        wanted = f"one of {portfolio.as_of}"
        problems.add("agenda", "contradiction", agenda.as_of.isoformat(), wanted)
    problems.check("report")
