"""Write the table of ISO 4217 codes that the library checks currencies against.

Run `python tools/make_currencies.py` with the `iso4217` package installed; it
overwrites `src/keyaccount/domain/_currencies.py`.
"""  # noqa: INP001 - a script, no package

from __future__ import annotations

import pathlib

import iso4217


# Not in the list any more, but past years and old contracts still name them.
WITHDRAWN = {
    "ANG": 2,
    "BGN": 2,
    "BYR": 0,
    "CUC": 2,
    "HRK": 2,
    "LTL": 2,
    "MRO": 2,
    "SLL": 2,
    "STD": 2,
    "VEF": 2,
    "ZWL": 2,
}
NO_CURRENCY = {"XTS", "XXX"}
TARGET = "src/keyaccount/domain/_currencies.py"
HEAD = '''"""ISO 4217 codes and their minor units, as published on {edition}.

Written by `tools/make_currencies.py`: do not edit. None means that the standard
gives no minor unit. Codes withdrawn since 2014 are kept for past years.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


__all__ = ["CURRENCIES", "EDITION"]


EDITION = "{edition}"
CURRENCIES: Mapping[str, int | None] = MappingProxyType(
    {{
{rows}
    }}
)
'''


def table() -> dict[str, int | None]:
    """Read code and minor units from the package's copy of the standard."""
    found: dict[str, int | None] = dict(WITHDRAWN)
    for code, entry in iso4217.raw_table.items():
        if code is not None and code not in NO_CURRENCY:
            units = entry["CcyMnrUnts"]
            found[code] = int(units) if units.isdigit() else None
    return dict(sorted(found.items()))


if __name__ == "__main__":
    rows = "\n".join(f'        "{code}": {units},' for code, units in table().items())
    text = HEAD.format(edition=iso4217.__published__.isoformat(), rows=rows)
    root = pathlib.Path(__file__).resolve().parent.parent
    (root / TARGET).write_text(text, encoding="utf-8")
