"""What is said of a problem: the English sentence of every code, and its words.

An exception must be able to speak without opening package data, so its English
stands here and nowhere else; the labels hold the other languages.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType


__all__ = ["SENTENCES", "closest", "nearest", "shorten"]


SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # what a value can do wrong: the codes of `Problem`
        "wrong-type": "got {got}; expected {expected}",
        "missing": "nothing given; {expected} is required",
        "unknown-key": "{got} is not a key here; use {expected}",
        "unknown-choice": "got {got}; use {expected}",
        "unknown-fact": "{got} is not a fact of this model; use {expected}",
        "unknown-number": "{got} is not one of the policy's numbers; use {expected}",
        "out-of-range": "got {got}; must be {expected}",
        "not-finite": "got {got}; must be a finite number",
        "too-large": "got {got}; at most {expected}",
        "too-long": "got {got}; at most {expected}",
        "too-deep": "nested too deeply; at most {expected} levels",
        "not-text": "got {got}; control characters are not allowed, remove them",
        "empty": "empty; give at least {expected}",
        "duplicate": "{got} stands twice; keep one",
        "not-sorted": "got {got}; must be {expected}",
        "sum": "adds up to {got}; must be {expected}",
        "contradiction": "got {got}; {expected}",
        "unlisted": "{got} is not in its table; probably {expected}; the rows are kept",
        "not-linked": "rows without {expected}: {got}; they are kept without one",
        "bad-date": "got {got}; write a date as YYYY-MM-DD between 1970 and 2200",
        "bad-syntax": "got {got}; {expected}",
        "ambiguous-number": "got {got}, which may mean {expected}; "
        'say decimal = "." or "," in the mapping file',
        "ambiguous-date": "got {got}, which may mean {expected}; "
        'say dates = "dmy" or "mdy" in the mapping file',
        "read-as": "{got} was read as {expected}",
        "set-aside": "{got} stands outside the table; it is not read as a row",
        "no-line-end": "the last row has no line end: if the file was cut off there, "
        "the row's last cell is cut too; look at it",
        "bad-scorer": "got {got}; {expected}",
        # what a policy can do wrong: findings of the hygiene check
        "gap": "no row answers for {got}; add a row or a default",
        "overlap": "rows {got} both answer for {expected}; "
        "make them exclude each other",
        "unreachable-row": "row {got} can never fire: {expected} always comes first",
        "impossible-row": "row {got} can never fire: its condition contradicts itself",
        "dead-column": "{got} never changes the answer; use it or drop it",
        "not-monotone": "the mark of {got} runs the wrong way: {expected}",
        "unreachable-stage": "no way leads from {expected} to stage {got}; "
        "name it in another stage's `to`, or drop it",
        "dead-end": "no way leads from stage {got} to a win; "
        "give it a `to`, or wins = true",
        "impossible-exit": "no facts can meet {got}: nothing would ever leave "
        "stage {expected}; mend the condition",
        "no-reason": '{got} says no why; add why = "…"',
        # errors with fields of their own
        "currency-mismatch": "{left} and {right} do not mix; {remedy}",
        "missing-rate": "no rate from {left} to {right} on or before {day}; {remedy}",
        "unknown-name": "{name} is not a known {kind}; {remedy}",
        "event-reused": "event {event} of deal {deal} was accepted before with other "
        "content; give every event an id of its own",
        "no-fit": "{model} cannot be fitted: {cause}; {remedy}",
        "bad-mark": "scorer {scorer} gave {mark} for {fact}; a mark is 0 to 100",
        "hit-policy": "table {table} hits {rows} at once, which {policy} forbids",
        "no-row": "no row of table {table} answers; add a row or an otherwise",
        "not-columnar": "{criterion}: {scorer} has no column form; {remedy}",
        "missing-extra": 'this needs {package}; pip install "keyaccount[{extra}]"',
    }
)


_MOST_NAMES = 12  # as many as an eye takes in


def nearest(name: object, offered: Iterable[str]) -> str:
    """Say which offered name was probably meant, or list what there is.

    >>> nearest("gros_margin", ["gross_margin", "influence"])
    "'gross_margin'"
    """
    names = sorted(set(offered))
    near = closest(name, names)
    if near is not None:
        return repr(near)
    if not names:
        return "nothing: none is offered"
    listed = ", ".join(names[:_MOST_NAMES])
    return f"one of {listed}" + (" …" if len(names) > _MOST_NAMES else "")


def closest(name: object, offered: Iterable[str]) -> str | None:
    """Return the offered name that was probably meant; the name itself if offered."""
    if not isinstance(name, str):
        return None
    near = difflib.get_close_matches(name, sorted(offered), n=1)
    return near[0] if near else None


def shorten(value: object, limit: int = 80) -> str:
    """Quote a value for a message, cut to *limit* characters."""
    if isinstance(value, str):
        text = repr(value[: limit + 1])
    elif isinstance(value, Decimal):
        text = str(value)  # as the user wrote it
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**40:
        text = "a very large whole number"
    else:
        try:
            text = repr(value)
        except (ValueError, RecursionError):  # a number too long, a nest too deep
            text = f"a {type(value).__name__}"
    return text if len(text) <= limit else text[: limit - 1] + "…"
