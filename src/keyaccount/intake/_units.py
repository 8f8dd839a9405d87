"""The unit and the currency that a heading names: 万元, k€, millions, %, USD.

A heading that names a unit in words which are not understood is refused: read as it
stands, its numbers would be wrong by a thousand or more, and nobody would see it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from ._ways import unit_of


__all__ = ["named_money", "named_unit"]


_LAST = re.compile(
    r"(?:[(\[【](?P<within>[^()\[\]【】]*)[)\]】]|\bin (?P<words>[^()]*)"
    r"|'(?P<thousands>000s?))\Z"
)
_MONEY = re.compile(
    r"eur|usd|cny|rmb|hkd|twd|jpy|gbp|chf|sgd|hk\$|us\$|nt\$|[$€¥£元圆圓]"
    r"|(?:人民|港|新台|新臺|台|臺)[币幣]|[美欧歐日]元|港元|[单單]位|[\s:'’.]"
)
_CODES: Mapping[str, str] = MappingProxyType(
    {
        **{code.lower(): code for code in ("CNY", "EUR", "USD", "HKD", "TWD", "JPY")},
        **{code.lower(): code for code in ("GBP", "CHF", "SGD")},
        **dict.fromkeys(("rmb", "人民币", "人民幣"), "CNY"),
        **dict.fromkeys(("欧元", "歐元"), "EUR"),
        **dict.fromkeys(("港元", "港币", "港幣"), "HKD"),
        "美元": "USD",
        "日元": "JPY",
        "$": "$",
        "€": "€",
        "¥": "¥",
    }
)
_CODE = re.compile(
    r"(?<![a-z])[km]?(usd|eur|cny|rmb|hkd|twd|jpy|gbp|chf|sgd)(?![a-z])"
    r"|(人民[币幣]|[欧歐美日港]元|港[币幣])|(?<![a-z])[km]?([$€¥])"
)
_REMARK = re.compile(r"[,;、/]")
_SCALES: Mapping[str, int] = MappingProxyType(
    {
        **{
            f"{ten}{myriad}": tens + power
            for ten, tens in (("", 0), ("十", 1), ("百", 2), ("千", 3))
            for myriad, power in (("万", 4), ("萬", 4), ("亿", 8), ("億", 8))
        },
        **dict.fromkeys(("千", "仟", "k", "tsd", "thousand", "thousands"), 3),
        **dict.fromkeys(("000", "000s"), 3),
        **dict.fromkeys(("mio", "mln", "million", "millions"), 6),
        **dict.fromkeys(("bn", "billion", "billions"), 9),
    }
)
_DOUBTFUL = re.compile(
    r"[万萬亿億千仟]|(?<![a-z])(?:k|t|m|mm|mn|mio|mln|bn|tsd|tds|lakhs?|crores?)(?![a-z])"
    r"|thousand|million|billion|(?<![0-9])000"
)


def named_unit(heading: str) -> int | None:
    """Return the power of ten that a heading names, 0 if none; None if in doubt.

    >>> named_unit("Sales (k€)"), named_unit("销售额（万美元，不含税）")
    (3, 4)
    >>> named_unit("Revenue ($M)") is None
    True
    """
    known = unit_of(heading)
    if known:
        return known
    bare = [_MONEY.sub("", part) for part in _REMARK.split(_said(heading))]
    if bare[0] in _SCALES and not any(map(_DOUBTFUL.search, bare[1:])):
        return _SCALES[bare[0]]
    return None if any(map(_DOUBTFUL.search, bare)) else 0


def named_money(heading: str) -> str:
    """Return the currency, or the sign of one, that a heading names; "" if none.

    >>> named_money("Sales (k EUR)"), named_money("销售额（万美元）")
    ('EUR', 'USD')
    """
    found = {_CODES["".join(one)] for one in _CODE.findall(_said(heading))}
    return min(found) if len(found) == 1 else ""


def _said(heading: str) -> str:
    """Return what a heading says of its numbers: in brackets, or after "in"."""
    found = _LAST.search(unicodedata.normalize("NFKC", heading).casefold().strip())
    return "" if found is None else next(filter(None, found.groups()), "")
