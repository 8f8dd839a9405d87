"""Names, notes and ids that would like to be more than text, through every form.

Shown by parsing what comes out: as HTML, as Markdown turned into HTML, as a workbook.
"""

from __future__ import annotations

import functools
import io
import re
import zipfile

import attrs
import pytest
from markdown_it import MarkdownIt

from keyaccount import book
from keyaccount.wording import plain
from tests.report.demo_firm import RULES, portfolio, retold, reviewed, some
from tests.report.seen import Seen, seen


report = pytest.importorskip("keyaccount.report", reason="the extra report is not here")
openpyxl = pytest.importorskip("openpyxl", reason="reads workbooks back")

PAYLOADS = (
    "<script>alert(1)</script>",
    "</style><script>alert(2)</script>",
    "</title><svg onload=alert(3)>",
    "<img src=x onerror=alert(4)>",
    '" onmouseover="alert(5)" x="',
    "' autofocus onfocus='alert(6)",
    "<a href=javascript:alert(7)>x</a>",
    "[x](javascript:alert(8))",
    "![x](https://a.example/9.png)",
    "<https://a.example/10>",
    "https://a.example/11 www.a.example",
    "<base href=//a.example><meta http-equiv=refresh content=0>",
    "<iframe srcdoc='<script>alert(13)</script>'></iframe>",
    "--><!--<b>",
    "]]><![CDATA[<b>15",
    "{{ 7 * 7 }}{% include 'x' %}{# y #}",
    "{name}{0.__class__}%s%(x)s",
    "&lt;b&gt;&#60;script&#62;",
    '=HYPERLINK("https://a.example","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1",
    "| a | b |\n|---|---|\n# title ``` code",
    "\u202egpj.exe\u2066\u200b x",
    "@import url(//a.example);expression(alert(25))",
)
ALLOWED_TAGS = frozenset(
    {
        "a", "article", "b", "bdi", "body", "caption", "dd", "details", "div", "dl",
        "dt", "figure", "footer", "h1", "h2", "h3", "h4", "head", "header", "html",
        "img", "li", "main", "meta", "nav", "ol", "p", "rect", "section", "small",
        "span", "style", "summary", "svg", "table", "tbody", "td", "th", "thead",
        "title", "tr", "ul",
    }
)  # fmt: skip
ALLOWED_ATTRIBUTES = frozenset(
    {
        "aria-hidden", "aria-label", "aria-labelledby", "charset", "class", "content",
        "data-c", "height", "href", "http-equiv", "id", "lang", "name", "scope",
        "viewbox", "width", "x",
    }
)  # fmt: skip
TOLD = ("C01", "C02", "C04", "C07", "P01")


@functools.cache
def hostile(payload: str) -> book.Portfolio:
    """Return a review in which every text of people's holds a payload."""
    firm = some(TOLD)
    named = []
    for account in firm.accounts:
        told = retold(account, lambda text: f"{text}{payload}")
        assert isinstance(told, book.Account)
        customer = attrs.evolve(
            told.customer,
            name=f"{payload}{account.customer.name}",  # a formula must come first
            owner=payload,
            industry=payload,
        )
        named.append(attrs.evolve(told, customer=customer))
    ours = retold(firm.firm, lambda text: f"{text}{payload}")
    assert isinstance(ours, book.Firm)
    return reviewed(attrs.evolve(firm, accounts=tuple(named), firm=ours))


@functools.cache
def page(payload: str) -> Seen:
    found = hostile(payload)
    return seen(report.page(found, policies=RULES, title=payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_payload_becomes_part_of_the_page(payload: str) -> None:
    found = page(payload)

    assert {*found.tags} <= ALLOWED_TAGS
    assert {name for _, name, _ in found.attributes} <= ALLOWED_ATTRIBUTES
    assert all(re.fullmatch(r"#[a-z]+[0-9]*", one) for one in found.values("href"))
    assert not found.comments
    assert len(found.style) == found.tags["style"] == 1
    assert found.tags["meta"] == 5


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_shown_as_the_text_that_it_is(payload: str) -> None:
    found = page(payload)
    (title,) = [
        one for one in found.texts if one.strip() == plain(payload) and one.strip()
    ][:1]

    assert title
    assert found.text.count(" ".join(plain(payload).split())) > 5


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_stays_text_where_a_reader_renders_it(payload: str) -> None:
    written = report.markdown(hostile(payload), policies=RULES, title=payload)
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found = seen(reader.render(written))

    assert {*found.tags} <= {
        "blockquote", "em", "h1", "h2", "h3", "h4", "li", "p", "strong", "table",
        "tbody", "td", "th", "thead", "tr", "ul",
    }  # fmt: skip
    assert {name for _, name, _ in found.attributes} <= {"style"}
    assert {*found.values("style")} <= {"text-align:right"}
    assert not re.search(r"(?<![\\])://", written.replace("\\://", ""))
    for tag in ("h1", "h2", "h3", "h4", "table"):  # nothing more, nothing less
        assert found.tags[tag] == page(payload).tags[tag]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(payload: str) -> None:
    data = report.workbook(hostile(payload), policies=RULES, title=payload)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode()
            assert not re.search(r"<f[ >]|<hyperlink|externalLink|DDE", text), name
    book_read = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book_read for row in sheet.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    shown = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert sum(plain(payload) in one for one in shown) > 5


def test_a_title_for_a_terminal_is_no_more_than_text() -> None:
    title = "\x1b]8;;https://a.example\x07x\x1b]8;;\x07\x00\ud800 end"
    found = seen(report.page(portfolio(), policies=RULES, title=title))
    text = report.markdown(portfolio(), policies=RULES, title=title)
    data = report.workbook(portfolio(), policies=RULES, title=title)

    assert found.text.startswith("]8;;https://a.example x ]8;; end")
    assert "\x1b" not in text
    assert text.encode()
    assert openpyxl.load_workbook(io.BytesIO(data)).properties.title == plain(title)


def test_the_texts_of_every_noun_were_reached() -> None:
    payload = "harmless"
    html = report.page(hostile(payload), policies=RULES)
    told = seen(html).text

    for text in (
        "rates 5% lower from November on",  # a promise
        "purchasing director",  # a person
        "Robot spares warehouse",  # a deal
        "line haul",  # a category
        "settle the payment days",  # an action
        "one hub instead of nine rented stores",  # a project
    ):
        assert f"{text}{payload}" in told
    for customer in TOLD:
        assert f"{customer}{payload}" in told
    untouched = seen(report.page(portfolio(), policies=RULES)).text
    assert payload not in untouched
