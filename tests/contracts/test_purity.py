"""The core lives on attrs, cattrs and the standard library, and touches nothing else.

One half reads the source: no clock, no dice, no environment, no file, no code from
text. The other half runs the core in a fresh interpreter and looks at what it loaded.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.rooms import address, core, files, nodes, python, storey


READERS = {"policies", "wording"}  # they open the package's own data, nothing else
CLOSED_MODULES = {
    "asyncio",
    "io",
    "locale",
    "logging",
    "os",
    "pathlib",
    "platform",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "uuid",
    "zoneinfo",
}
CODE_FROM_TEXT = {"dill", "joblib", "marshal", "pickle", "runpy", "shelve", "yaml"}
CLOCKS = {"now", "today", "utcnow", "fromtimestamp", "localtime", "perf_counter"}
SPEAKERS = {"breakpoint", "input", "open", "print"}
RUNNERS = {"__import__", "compile", "eval", "exec"}
ALLOWED_GUESTS = {
    "_cattrs",
    "attr",
    "attrs",
    "cattr",
    "cattrs",
    "exceptiongroup",
    "keyaccount",
    "typing_extensions",
}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def called(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield line, name and whether it is an attribute, of every call."""
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id, False
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, node.func.attr, True


@pytest.mark.parametrize("path", core(), ids=address)
def test_the_core_asks_no_clock_no_dice_and_no_machine(path: Path) -> None:
    reached = [(line, name) for line, name in imported(path)]

    closed = [
        (line, name) for line, name in reached if name.split(".")[0] in CLOSED_MODULES
    ]
    clocks = [(line, name) for line, name, attr in called(path) if name in CLOCKS]
    assert not closed
    assert not clocks


@pytest.mark.parametrize(
    "path", [path for path in core() if storey(path) not in READERS], ids=address
)
def test_the_core_opens_nothing_and_says_nothing(path: Path) -> None:
    spoken = [
        (line, name)
        for line, name, attribute in called(path)
        if name in SPEAKERS and not attribute
    ]
    read = [
        (line, name)
        for line, name, attribute in called(path)
        if attribute and name in {"open", "read_bytes", "read_text", "write_text"}
    ]

    assert not spoken
    assert not read


@pytest.mark.parametrize("path", files(), ids=address)
def test_no_code_comes_from_text(path: Path) -> None:
    stored = [
        (line, name)
        for line, name in imported(path)
        if name.split(".")[0] in CODE_FROM_TEXT
    ]
    run = [
        name for _, name, attribute in called(path) if name in RUNNERS and not attribute
    ]

    assert not stored
    if address(path) == "rules/_compile.py":
        # the one place: it runs a code object that it built from syntax-tree nodes
        assert sorted(run) == ["compile", "exec"]
    else:
        assert not run


@pytest.mark.parametrize("path", files(), ids=address)
def test_no_module_is_imported_by_a_name_from_data(path: Path) -> None:
    asked = [line for line, name, _ in called(path) if name == "import_module"]

    assert not asked or address(path) == "__init__.py"


LOOK = """
import json, sys

before = set(sys.modules)
import keyaccount as ka

for name in ka.__all__:
    getattr(ka, name)
{calls}
loaded = {{name.split(".")[0] for name in set(sys.modules) - before}}
print(json.dumps(sorted(loaded)))
"""

CALLS = """
import datetime as dt

day = dt.date(2025, 12, 31)
row = {"customer": "c1", "year": 2025, "sales": 36_000_000, "gross_profit": 9_000_000}
[customer] = ka.Customer.from_records([row], currency="USD")
weights = ka.buying.prior()
deal = ka.Opportunity("o1", "c1", ka.Money.of("5 USD"))
at = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
period = ka.ReceivablesPeriod(
    dt.date(2025, 12, 1),
    day,
    opening=None,
    credit_sales=ka.Money.of("10000 USD"),
    closing=ka.Money.of("15000 USD"),
    closing_current=ka.Money.of("4000 USD"),
)
for verdict in (
    ka.payment.rate("deposit-and-balance-before-shipment"),
    ka.stakeholders.read([ka.Stakeholder("s1", "c1", "buyer")], as_of=day),
    ka.receivables.measure(period, as_of=day),
    *ka.growth.read([ka.ShareGrowthCell("c1", 2025, "USD", ours=5)], year=2025),

    ka.tiering.classify(customer, as_of=day),
    ka.lifetime.value(ka.Contract("c1", "USD", 5), as_of=day),
    ka.buying.need_type(weights),
    ka.buying.match(weights, weights, as_of=day),
    ka.qualification.qualify(deal, as_of=day),
):
    verdict.explain("zh-Hans")
    repr(verdict)
    verdict._repr_html_()
    ka.wire.dumps(verdict)
ka.tiering.next_rung(customer, as_of=day)
ka.tiering.entitlements(ka.ValueTier.GOLD)
ka.wire.loads(ka.wire.dumps(customer), ka.Customer)
ka.book.sheet(ka.book.Account(customer, deals=(deal,)), as_of=day)
portfolio = ka.book.review([ka.book.Account(customer, deals=(deal,))], as_of=day)
ka.book.notice(portfolio.agenda, channel=ka.book.Channel.WECOM, locale="zh-Hant")
for answer in (
    ka.forecast.roll_up([deal], as_of=day),
    ka.forecast.distribution([deal], as_of=day),
    ka.forecast.conversion([deal], as_of=day),
):
    answer.explain("zh-Hans")
opened = ka.stages.open_deal("o1", ka.DealEvent("e1", ka.EventKind.OPEN, at, "li"))
ruling = ka.stages.decide(opened, ka.DealEvent("e2", ka.EventKind.ADVANCE, at, "li"))
ruling.explain("zh-Hans")
ka.stages.mermaid(ka.stages.default_policy(), opened)
ka.wire.loads(ka.wire.dumps(opened), ka.stages.Deal)
"""


def test_everything_in_the_core_loads_only_attrs_and_cattrs() -> None:
    loaded: list[str] = json.loads(python(LOOK.format(calls=CALLS)))

    assert not set(loaded) - sys.stdlib_module_names - ALLOWED_GUESTS


BARE = """
import sys

ALLOWED = {allowed!r} | sys.stdlib_module_names


class Bare:
    '''Nothing but the two dependencies is installed.'''

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in ALLOWED:
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Bare())
import keyaccount as ka

assert dir(ka) == sorted(ka.__all__)
print([name for name in ka.__all__ if not hasattr(ka, name)])
"""


def test_the_front_door_is_whole_where_no_extra_is_installed() -> None:
    said = python(BARE.format(allowed=ALLOWED_GUESTS))

    assert said.strip() == "[]"
