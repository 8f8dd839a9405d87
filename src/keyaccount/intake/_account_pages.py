"""An account of rows as CSV and as one HTML page: escaped, no script, no request."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from html import escape

import attrs

from keyaccount import wording


__all__ = ["Section", "csv_text", "html_page"]


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",
sans-serif;max-width:72rem;margin:0 auto;padding:1.5rem;overflow-wrap:anywhere}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}
table{width:100%;border-collapse:collapse;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid #8886}
.num{text-align:right;font-variant-numeric:tabular-nums}
@media print{body{padding:0}thead{display:table-header-group}tr{break-inside:avoid}}
"""


@attrs.frozen
class Section:
    """A table under a heading; *numbers* are the places of columns of figures."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    more: str = ""


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows as CSV; what a spreadsheet might run gets a quote in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def html_page(
    title: str, lead: Sequence[str], sections: Iterable[Section], locale: str
) -> str:
    """Write sections as one page that stands by itself."""
    language = wording.language(locale)
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{language}">',
        '<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{_text(title)}</title>",
        f"<style>{_STYLE}</style></head>",
        f"<body><main><h1>{_text(title)}</h1>",
        *(f"<p>{_text(line)}</p>" for line in lead),
    ]
    for section in sections:
        parts += _section(section)
    parts.append("</main></body></html>")
    return "\n".join(parts) + "\n"


def _section(section: Section) -> list[str]:
    headings = "".join(
        f'<th scope="col"{_kind(at, section)}>{_text(one)}</th>'
        for at, one in enumerate(section.headings)
    )
    rows = (
        "".join(
            f"<td{_kind(at, section)}>{_text(cell)}</td>" for at, cell in enumerate(row)
        )
        for row in section.rows
    )
    more = [f"<p>{_text(section.more)}</p>"] if section.more else []
    return [
        f"<section><h2>{_text(section.title)}</h2>",
        f"<table><thead><tr>{headings}</tr></thead><tbody>",
        *(f"<tr>{row}</tr>" for row in rows),
        "</tbody></table>",
        *more,
        "</section>",
    ]


def _kind(at: int, section: Section) -> str:
    return ' class="num"' if at in section.numbers else ""


def _text(text: str) -> str:
    """Return somebody's text on one line, with nothing in it that a browser runs."""
    return escape(wording.plain(text))


def _safe(text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    risky = text.startswith(_FORMULA)
    risky = risky or any(line.lstrip().startswith(_FORMULA) for line in lines)
    shown = "".join(one if one in "\n\t" or one.isprintable() else " " for one in text)
    return f"'{shown}" if risky else shown
