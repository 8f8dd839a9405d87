"""The boundary: plain data to objects and back, strictly, all problems at once.

Nothing is coerced: `null` is no text, `1.9` no whole number, `true` no 1. Amounts
are Decimal and written as text; a value that is not known is left out. `structure`
and `unstructure` work on plain data, `loads` and `dumps` on documents with a header,
`condition` and `condition_text` on one condition.
"""

from __future__ import annotations

from ._condition_text import condition
from ._condition_writing import condition_text
from ._context import Kinds, Numbers
from ._digest import digest_of
from ._documents import dumps, loads, schema, structure, unstructure
from ._limits import LIMITS, Limits, check_limits
from ._plain import Plain
from ._texts import read_json, read_toml, to_json


__all__ = [
    "LIMITS",
    "Kinds",
    "Limits",
    "Numbers",
    "Plain",
    "check_limits",
    "condition",
    "condition_text",
    "digest_of",
    "dumps",
    "loads",
    "read_json",
    "read_toml",
    "schema",
    "structure",
    "to_json",
    "unstructure",
]
