"""What the values of a column of theirs may be among the choices of ours."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.models import stages

from ._aliases import Likeness, aliases, told
from ._choices import is_list, kind_of, names_of
from ._columns import Column, Table
from ._guesses import HeadingGuess, Note, ValueGuess
from ._mapping import EVERYTHING_ELSE
from ._seen import Seen


__all__ = ["guess_values"]


_MOST_VALUES = 60  # of a column; one with more is no choice between a few
_LIKE = 0.6
_MOST_OTHERS = 3
_STAGE, _OUTCOME = "stage", "outcome"

Guessed = tuple[tuple[HeadingGuess, ...], tuple[ValueGuess, ...]]


def guess_values(
    table: Table, seen: Seen, headings: tuple[HeadingGuess, ...]
) -> Guessed:
    """Propose what the values of their columns are; a stage may tell the outcome too.

    A value that is one of our choices already, or a stage by its name, needs no word.
    """
    ours = {column.name: column for column in table.columns}
    found: list[ValueGuess] = []
    kept = []
    for guess in headings:
        texts = _texts(seen, guess.heading) if guess.is_sure else ()
        for name in guess.columns if texts else ():
            found += _of_column(ours[name], texts)
        if table.name == "deals" and guess.columns == (_STAGE,) and texts:
            told_outcome = _outcomes(texts, headings)
            if told_outcome:
                found = [one for one in found if not _ends(one, told_outcome)]
                found += told_outcome
                both = (_STAGE, _OUTCOME)
                guess = attrs.evolve(  # noqa: PLW2901 - the same, and more
                    guess, columns=both, note=Note("two-in-one")
                )
        kept.append(guess)
    return tuple(kept), tuple(found)


def _texts(seen: Seen, heading: str) -> tuple[str, ...]:
    """Return the different values below a heading; none where they are too many."""
    at = seen.header.index(heading)
    found: dict[str, None] = {}
    for cells in seen.rows:
        if at < len(cells) and cells[at].strip():
            found[cells[at].strip()] = None
        if len(found) > _MOST_VALUES:
            return ()
    return tuple(found)


def _of_column(column: Column, texts: Sequence[str]) -> list[ValueGuess]:
    names = _names(column)
    if not names:
        return []
    own = column.name == _STAGE or not is_list(column)
    guesses = []
    for text in texts:
        parts = [text] if own else [one.strip() for one in text.split(";")]
        guessed = [_value(column.name, part, names) for part in parts if part]
        if all(_is_ours(one.value, one.choice, column) for one in guessed):
            continue
        guesses.append(guessed[0] if len(guessed) == 1 else _joined(text, guessed))
    return guesses


def _is_ours(value: str, choice: str, column: Column) -> bool:
    """Whether the reader of a column knows a value as it is."""
    if value.casefold() == choice:
        return True
    if column.name != _STAGE:
        return False
    called = (wording.label(_STAGE, choice, locale) for locale in wording.LOCALES)
    return value.casefold() in {name.casefold() for name in called}


def _names(column: Column) -> Mapping[str, tuple[str, ...]]:
    """Return the choices of a column, and all the words for each."""
    words = aliases().values
    if column.name == _STAGE:
        slugs: Iterable[str] = stages.default_policy().by_id
        called = {
            slug: tuple(wording.label(_STAGE, slug, one) for one in wording.LOCALES)
            for slug in slugs
        }
    else:
        called = dict(names_of(column))
    more = words.get(column.name) or words.get(kind_of(column)) or {}
    more = {} if column.name == "kind" and "call" not in called else more
    return MappingProxyType(
        {
            slug: (told(slug), *map(told, labels), *more.get(slug, ()))
            for slug, labels in called.items()
        }
    )


def _value(column: str, text: str, names: Mapping[str, tuple[str, ...]]) -> ValueGuess:
    name = told(text)
    for slug, words in names.items():
        if name in words:
            return ValueGuess(column, text, slug, 1.0, is_sure=True)
    scored = (
        Likeness(slug, round(max(_ratio(name, word) for word in words), 2))
        for slug, words in names.items()
    )
    like = sorted((one for one in scored if one.score > _LIKE), key=lambda o: -o.score)
    if not like:
        choices = tuple(Likeness(slug, 0.0) for slug in names)
        return ValueGuess(column, text, "", 0.0, choices)
    others = tuple(like[1 : 1 + _MOST_OTHERS])
    return ValueGuess(column, text, like[0].name, like[0].score, others)


def _ratio(name: str, word: str) -> float:
    return difflib.SequenceMatcher(None, word, name[:40], autojunk=False).ratio()


def _joined(text: str, parts: Sequence[ValueGuess]) -> ValueGuess:
    """Return what a cell of several values says."""
    return ValueGuess(
        parts[0].column,
        text,
        ";".join(part.choice for part in parts),
        min(part.score for part in parts),
        is_sure=all(part.is_sure for part in parts),
    )


def _outcomes(
    texts: Sequence[str], headings: Iterable[HeadingGuess]
) -> list[ValueGuess]:
    """Return what their stages tell of the outcome, where nothing else tells it."""
    if any(_OUTCOME in one.columns for one in headings):
        return []
    words = aliases().values[_OUTCOME]
    ended = {
        text: slug
        for text in texts
        for slug, names in words.items()
        if told(text) in {slug, *names}
    }
    if not ended:
        return []
    gone = [ValueGuess(_STAGE, text, "", 1.0, is_sure=True) for text in ended]
    told_by = [
        ValueGuess(_OUTCOME, text, slug, 1.0, is_sure=True)
        for text, slug in ended.items()
    ]
    rest = ValueGuess(_OUTCOME, EVERYTHING_ELSE, "", 1.0, is_sure=True)
    return [*gone, *told_by, rest]


def _ends(guess: ValueGuess, told_outcome: Iterable[ValueGuess]) -> bool:
    return any(one.value == guess.value for one in told_outcome)
