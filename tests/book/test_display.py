"""What meets in the book shows itself: tables that are short, whole and escaped."""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Protocol, cast

import attrs
import pytest

import keyaccount as ka
from keyaccount import book, models, wire, wording
from keyaccount.book.shown import Page
from keyaccount.domain import EventKind
from keyaccount.models import payment, stages, tiering
from keyaccount.rules import Interval, Label, Verdict
from keyaccount.rules.display import Explained, Shown
from tests.contracts.rooms import PROJECT
from tests.payloads import PAYLOADS
from tests.report.demo_firm import RULES, company, portfolio, retold, reviewed, some
from tests.report.seen import Seen, seen


TAGS = frozenset(
    {
        "bdi", "caption", "details", "div", "li", "p", "strong", "summary", "table",
        "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
AT = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
DAY = dt.date(2025, 12, 31)


class _Result(Protocol):
    def html(self, locale: str = "en") -> str: ...

    def to_dict(self) -> dict[str, object]: ...

    def _repr_html_(self) -> str: ...

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]: ...


def walked(text: str) -> Iterator[_Result]:
    """Yield a deal that was opened, what it answers, and itself moved on."""
    opened = stages.open_deal(
        f"D{text}", ka.DealEvent("e1", EventKind.OPEN, AT, f"li {text}")
    )
    yield opened
    hold = ka.DealEvent(
        "e2",
        EventKind.PAUSE,
        AT,
        f"li {text}",
        reason=f"wait {text}",
        resume_on=dt.date(2026, 3, 1),
    )
    held = stages.decide(opened, hold)
    assert isinstance(held, stages.Moved)
    yield from (held, held.deal, stages.decide(held.deal, hold))
    ahead = ka.DealEvent("e3", EventKind.ADVANCE, AT, f"li {text}")
    yield stages.decide(opened, ahead)
    yield stages.decide(opened, attrs.evolve(ahead, expected_version=7))
    lost = ka.DealEvent(
        "e4",
        EventKind.LOSE,
        AT,
        "li",
        loss_reason=ka.LossReason.COMPETITOR,
        competitor=f"rival {text}",
    )
    yield stages.decide(opened, lost)


def results(found: book.Portfolio, firm: book.Portfolio) -> Iterator[_Result]:
    """Yield one of each kind of answer that a review of these customers gives."""
    yield found
    yield from found.sheets
    yield from found.deals
    yield from (found.agenda, *found.forecasts)
    accounts = [one.account for one in found.sheets]
    yield book.reclassify(accounts, as_of=found.as_of, policies=RULES)
    fewer = attrs.evolve(found, sheets=found.sheets[1:])
    yield from (book.compare(firm, found), book.compare(fewer, found))
    yield book.compare(found, firm).matrix
    for one in found.sheets:
        yield from (one.lenses, one.ours)
    if found.firm is not None:
        yield found.firm


@functools.cache
def shipped() -> tuple[_Result, ...]:
    return (*results(portfolio(), portfolio()), *walked("17"))


def harmless(shown: str) -> Seen:
    found = seen(shown)
    assert {*found.tags} <= TAGS
    assert {name for _, name, _ in found.attributes} <= {"lang", "scope"}
    assert {*found.values("scope")} <= {"col", "row"}
    assert {*found.values("lang")} <= {*wording.LOCALES}
    assert not found.comments
    return found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_every_text_is_shown_as_text(payload: str) -> None:
    firm = some(("C01", "C02", "C04", "P01"))
    accounts = []
    name = wording.plain(payload)  # a noun refuses controls
    for account in firm.accounts:
        told = cast("book.Account", retold(account, lambda text: f"{text}{payload}"))
        customer = attrs.evolve(told.customer, name=name, owner=name, industry=name)
        accounts.append(attrs.evolve(told, customer=customer))
    ours = cast("book.Firm", retold(firm.firm, lambda text: f"{text}{payload}"))
    found = reviewed(attrs.evolve(firm, accounts=tuple(accounts), firm=ours))

    for one in results(found, portfolio()):
        for locale in ("en", "zh-Hans"):
            harmless(one.html(locale))
    head = harmless(found.html())
    assert name in head.texts
    for answer in walked(name):
        harmless(answer.html("zh-Hant"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_policys_own_words_is_shown_as_text(payload: str) -> None:
    rules = RULES.tiering
    assert rules is not None
    own = tuple(
        Label("en", code, payload)
        for code in ("value-tier.diamond", "question.growth", "fact.contribution")
    )
    told = attrs.evolve(rules, labels=(*rules.labels, *own))
    accounts = company().accounts[:3]
    found = book.review(accounts, as_of=DAY, policies=book.Policies(tiering=told))

    for sheet in found:
        assert sheet.verdict is not None
        harmless(sheet.verdict.html())
        assert wording.plain(payload) in harmless(sheet.html()).text
    assert any(wording.plain(payload) in one for one in harmless(found.html()).texts)
    named = payment.catalogue()[0]
    term = ka.PaymentTerm(named.tranches, wording.plain(payload))
    harmless(payment.rate(term).html())


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_everything_shows_itself_in_every_language(locale: str) -> None:
    for one in shipped():
        found = harmless(one.html(locale))

        assert found.text, one
        assert {*found.values("lang")} == {locale}
        for heading in ("thead", "caption"):
            assert found.tags[heading] == found.tags["table"]
        assert not [text for text in found.texts if text.startswith("shown.")], one


def test_a_notebook_gets_html_and_one_short_line() -> None:
    for one in shipped():
        bundle = one._repr_mimebundle_()

        assert bundle["text/html"] == one._repr_html_() == one.html("en")
        assert bundle["text/plain"] == repr(one)
        if isinstance(one, Page):
            assert len(repr(one)) <= 120
            assert "\n" not in repr(one)


def test_plain_data_of_an_answer_is_what_the_wire_writes() -> None:
    for one in shipped():
        told = one.to_dict()

        assert told == wire.unstructure(one)
        assert json.loads(json.dumps(told)) == told


def test_a_portfolio_is_told_by_its_counts_and_a_row_a_customer() -> None:
    found = harmless(portfolio().html())

    assert repr(portfolio()) == (
        "<Portfolio · 45 customers · 9 deals · as of 2025-12-31>"
    )
    assert found.texts[0] == "Review of 45 customers as of 2025-12-31"
    assert found.tags["tr"] == 46
    assert "月兔电池 Moonrabbit Batteries" in found.texts
    assert "problem (diamond)" in found.texts


def test_a_sheet_says_where_it_stands_and_unfolds_every_lens() -> None:
    sheet = next(one for one in portfolio() if one.customer.id == "C22")
    found = harmless(sheet.html())

    assert found.texts[0].startswith(f"{sheet.customer.name}: ")
    assert repr(sheet) == "<Sheet · C22 · potential or strategic · as of 2025-12-31>"
    assert sheet.tier is not None
    question = wording.say(f"question.{sheet.tier.missing[0].question}", {})
    assert f"Ask first: {question}" in found.texts
    assert sheet.tier.explain()[0] in found.texts


def test_a_customer_that_could_not_be_converted_says_why() -> None:
    (account,) = some(("C01",)).accounts
    found = book.review((account,), as_of=DAY)  # the shipped amounts are in USD
    (sheet,) = found

    assert sheet.unconverted is not None
    assert "not judged" in harmless(sheet.html()).text
    assert "?" in harmless(found.html()).texts
    assert sheet.to_dict()["unconverted"] == sheet.unconverted.to_dict()


def test_a_comparison_says_who_moved_and_by_which_fact() -> None:
    first = portfolio().sheets[0]
    assert first.account.customer.years
    customer = first.account.customer
    years = [
        attrs.evolve(year, sales=year.sales / 100, gross_profit=None)
        for year in customer.years
        if year.sales is not None
    ]
    less = attrs.evolve(first.account, customer=attrs.evolve(customer, years=years))
    after = reviewed(
        attrs.evolve(
            company(),
            accounts=tuple(
                less if one.customer.id == customer.id else one
                for one in company().accounts
            ),
        )
    )
    compared = book.compare(portfolio(), after)
    found = harmless(compared.html())

    (move,) = compared.moves
    assert move.mover is not None
    assert found.texts[0] == "Since 2025-12-31: 1 of 45 customers moved"
    assert move.mover.says() in found.texts
    assert found.tags["table"] == 2
    assert "1 moved" in repr(compared)


def test_ten_thousand_customers_do_not_freeze_a_notebook() -> None:
    many = attrs.evolve(portfolio(), sheets=portfolio().sheets * 223)
    items = portfolio().agenda.items * 200
    began = time.perf_counter()
    shown = (many.html(), book.Agenda(items, DAY).html("zh-Hans"), repr(many))
    took = time.perf_counter() - began

    assert len(many) > 10_000
    assert took < 5
    assert all(len(one) < 60_000 for one in shown)
    assert harmless(shown[0]).text.endswith("… and 9,985 more")
    assert harmless(shown[1]).tags["tr"] == 51


LOOK = """
import hashlib
from tests.book.test_display import shipped
text = "".join(one.html(locale) for one in shipped() for locale in ("en", "zh-Hant"))
print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_the_same_review_gives_the_same_bytes_under_every_hash_seed() -> None:
    found = set()
    for seed in ("0", "1", "77"):
        done = subprocess.run(  # noqa: S603 - the script is this test's own
            [sys.executable, "-c", LOOK],
            capture_output=True,
            check=True,
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC-{seed[0]}"},
        )
        found.add(done.stdout)

    assert len(found) == 1


def answers() -> Iterator[type]:
    """Yield every public class that explains itself, and what the book returns."""
    for info in pkgutil.iter_modules(models.__path__):
        room = importlib.import_module(f"{models.__name__}.{info.name}")
        for name in room.__all__:
            kind = getattr(room, name)
            if inspect.isclass(kind) and hasattr(kind, "explain"):
                yield kind
    yield from (tiering.TierVerdict, stages.Deal, book.Portfolio, book.Sheet)
    yield from (book.Agenda, book.Comparison, book.Reclassified, book.DealSheet)
    yield from (book.Migration, book.Lenses, book.OurView, book.FirmView)


@pytest.mark.parametrize("kind", [*answers()], ids=lambda kind: kind.__qualname__)
def test_every_answer_shows_itself_and_gives_itself_as_plain_data(kind: type) -> None:
    assert issubclass(kind, Shown)
    assert issubclass(kind, wire.Plain)
    assert callable(getattr(kind, "html", None))


def verdicts(kind: type = Verdict) -> Iterator[type]:
    below: list[type] = kind.__subclasses__()
    for one in below:
        if one.__module__.startswith("keyaccount."):
            yield one
        yield from verdicts(one)


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_number_of_a_verdict_has_a_name(locale: str) -> None:
    assert len([*answers()]) > 40
    named = {
        field.name.replace("_", "-")
        for kind in verdicts()
        for field in attrs.fields(cast("type[attrs.AttrsInstance]", kind))
        if Interval.__name__ in str(field.type)
    }

    assert {
        name for name in named if not wording.has(f"bounds.{name}", locale)
    } == set()
    assert named >= {"score", "support-index"}


def test_answers_that_are_no_verdicts_explain_themselves_as_well() -> None:
    moved = [one for one in shipped() if isinstance(one, Explained)]

    assert len(moved) > 4
    for one in moved:
        told = cast("stages.Moved", one).explain("zh-Hans")
        shown = cast("_Result", one).html("zh-Hans")
        assert harmless(shown).texts[0] == wording.plain(told[0])
