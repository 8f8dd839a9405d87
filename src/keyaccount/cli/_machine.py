"""A review for machines: every verdict as JSON, a row a customer as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from keyaccount import book
from keyaccount.domain import TierRecord
from keyaccount.intake import ImportReport
from keyaccount.models import tiering

from ._against import record_slugs
from ._deals import deal_slugs
from ._forecasts import forecast_slugs
from ._last import facts_of
from ._lens import lens_slugs
from ._ours import ours_slugs
from ._text import csv_safe
from ._words import Words, slugs


__all__ = ["cell", "review_csv", "review_json"]


def review_json(  # noqa: PLR0913 - what one document holds
    portfolio: book.Portfolio,
    report: ImportReport,
    policy: tiering.TieringPolicy,
    words: Words,
    *,
    records: Mapping[str, TierRecord],
    beside: Mapping[str, object],
) -> str:
    """Write every verdict with its reasons and its facts, and the account of the rows.

    *records* is what the review leaves behind for the next one, *beside* what stands
    between the customers and their deals.
    """
    ref = policy.ref
    document = {
        "as_of": portfolio.as_of.isoformat(),
        "policy": {"name": ref.name, "version": ref.version, "digest": ref.digest},
        "currency": policy.currency,
        "tiers": {tier.value: count for tier, count in portfolio.distribution},
        "open": portfolio.open_count,
        "problems": portfolio.problem_count,
        "customers": [
            {
                **slugs(sheet),
                "question": words.question(sheet) or None,
                "lift": words.lift(sheet) or None,
                "reasons": words.reasons(sheet),
                "facts": facts_of(sheet),
                "lenses": lens_slugs(sheet, words.locale),
                "ours": ours_slugs(sheet),
            }
            for sheet in portfolio
        ],
        **beside,
        "records": record_slugs(records),
        "deals": [deal_slugs(deal) for deal in portfolio.deals],
        "forecast": forecast_slugs(portfolio),
        "agenda": [dict(row) for row in portfolio.agenda.records(words.locale)],
        "dated_ahead": [deal.id for deal in portfolio.dated_ahead],
        "import": report.to_dict(),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2)


def review_csv(portfolio: book.Portfolio, words: Words) -> tuple[str, int]:
    """Write the rows as CSV; what a spreadsheet might run gets a quote in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    changed = 0
    for at, sheet in enumerate(portfolio):
        row = {
            **slugs(sheet),
            "question": words.question(sheet),
            "lift": words.lift(sheet),
        }
        if at == 0:
            writer.writerow(row)
        cells = []
        for value in row.values():
            text, is_changed = cell(value)
            cells.append(text)
            changed += is_changed
        writer.writerow(cells)
    return out.getvalue(), changed


def cell(value: object) -> tuple[str, bool]:
    """Write a CSV cell; say whether it had to be made safe."""
    if value is None:
        return "", False
    if isinstance(value, float):
        return repr(value), False
    if isinstance(value, tuple):
        return csv_safe(";".join(map(str, value)))
    return csv_safe(str(value))
