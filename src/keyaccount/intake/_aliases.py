"""What other people call our tables, columns and values: looked up, or likened."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from importlib import resources
from itertools import pairwise
from types import MappingProxyType

import attrs

from ._columns import Column
from ._tables import TABLES


__all__ = ["Aliases", "Likeness", "aliases", "parts_of", "told"]


Words = Mapping[str, tuple[str, ...]]

_LONGEST_READ = 200
_LONGEST = 40  # letters of a heading that are likened; a longer one is a sentence
_LIKE = 0.6
_WITHIN = 0.9  # a name of ours stands in theirs, as in `2025客户清单.csv`
_MOST = 4
_BRACKETS = re.compile(r"[(（\[［【][^()（）\[\]［］【】]{0,20}[)）\]］】]\Z")
_FIGURES = re.compile(r"[0-9年]+")
_BETWEEN = re.compile(r"[\s_\-./:：、]+")


@attrs.frozen
class Likeness:
    """One thing that a word may stand for, and how sure that is: 1 is its very name."""

    name: str
    score: float


def told(word: str) -> str:
    """Return a word without what does not matter: case, blanks, a unit in brackets.

    >>> told("Account_Name "), told("年销售额（万元）")
    ('accountname', '年销售额')
    """
    if len(word) > _LONGEST_READ:
        return word[:_LONGEST_READ]
    plain = unicodedata.normalize("NFKC", word).casefold().strip()
    bare = _BRACKETS.sub("", plain).strip() or plain
    return _BETWEEN.sub("", bare)


@attrs.frozen
class Aliases:
    """The shipped words, each as `told` writes it.

    `columns` holds them by our table and column, the likeliest first; `values` by
    column, or by `yes-no`.
    """

    files: Words
    columns: Mapping[str, Words]
    traps: Mapping[str, str]
    values: Mapping[str, Words]

    def of_file(self, stem: str) -> tuple[Likeness, ...]:
        """Say which tables a file of that name may be, the likeliest first."""
        name, parts = told(stem), parts_of(stem)
        return _ranked(
            (table, _best_file(name, parts, words))
            for table, words in self.files.items()
        )

    def of_heading(self, table: str, heading: str) -> tuple[Likeness, ...]:
        """Say which columns of a table a heading names, by its very words."""
        name = told(heading)
        places = {
            column: words.index(name)
            for column, words in self.columns[table].items()
            if name in words
        }
        order = sorted(places, key=lambda column: places[column])
        return tuple(Likeness(column, 1.0) for column in order)

    def like_heading(self, table: str, heading: str) -> tuple[Likeness, ...]:
        """Say which columns of a table a heading looks like, the likeliest first."""
        name = told(heading)
        if not name or len(name) > _LONGEST:
            return ()
        return _ranked(
            (column, _ratio(name, words))
            for column, words in self.columns[table].items()
        )

    def elsewhere(self, table: str, heading: str) -> str | None:
        """Return the column of another table that a heading names, as `years.sales`."""
        name = told(heading)
        return next(
            (
                f"{other}.{column}"
                for other, columns in self.columns.items()
                for column, words in columns.items()
                if other != table and name in words
            ),
            None,
        )

    def every_heading(self) -> frozenset[str]:
        """Return all words for columns of any table."""
        return frozenset(
            word
            for columns in self.columns.values()
            for words in columns.values()
            for word in words
        ) | {*self.traps}


@functools.cache
def aliases() -> Aliases:
    """Return the shipped words."""
    folder = resources.files("keyaccount").joinpath("intake/mappings")
    text = folder.joinpath("aliases.toml").read_bytes().decode()
    document = tomllib.loads(text)
    anywhere, own = document["any"], document["columns"]
    columns = {
        table.name: MappingProxyType(
            {
                column.name: _words(column, own.get(table.name, {}), anywhere)
                for column in table.columns
            }
        )
        for table in TABLES.values()
    }
    return Aliases(
        _plain({table: (table, *words) for table, words in document["files"].items()}),
        MappingProxyType(columns),
        MappingProxyType(
            {
                told(word): why
                for why, words in document["traps"].items()
                for word in words
            }
        ),
        MappingProxyType(
            {column: _plain(words) for column, words in document["values"].items()}
        ),
    )


def _words(
    column: Column,
    own: Mapping[str, list[str]],
    anywhere: Mapping[str, list[str]],
) -> tuple[str, ...]:
    """Return what a column is called; a word that another column claims is its own."""
    claimed = {told(word) for name in own if name != column.name for word in own[name]}
    given = own.get(column.name, [])
    shared = [w for w in anywhere.get(column.name, []) if told(w) not in claimed]
    return tuple(dict.fromkeys(map(told, (column.name, *given, *shared))))


def _plain(words: Mapping[str, Iterable[str]]) -> Words:
    plain = {
        name: tuple(dict.fromkeys(map(told, said))) for name, said in words.items()
    }
    return MappingProxyType(plain)


def parts_of(stem: str) -> frozenset[str]:
    """Return the words of a file name, and each two that follow one another."""
    plain = unicodedata.normalize("NFKC", stem[:_LONGEST_READ]).casefold()
    words = [word for word in re.split(r"[^a-z]+", plain) if word]
    pairs = (f"{one}{two}" for one, two in pairwise(words))
    return frozenset({*words, *pairs})


def _best_file(name: str, parts: frozenset[str], words: tuple[str, ...]) -> float:
    if name in words:
        return 1.0
    bare = _FIGURES.sub("", name)
    within = [len(word) for word in words if not word.isascii() and word in bare]
    if within:
        return _LIKE + (_WITHIN - _LIKE) * max(within) / len(bare)
    known = [len(word) for word in words if word in parts]
    if known:
        return _LIKE + (_WITHIN - _LIKE) * max(known) / max(len(bare), 1)
    return _ratio(name[:_LONGEST], words)


def _ratio(name: str, words: Iterable[str]) -> float:
    """Return how like a word the likest of some words is, 0 to 1."""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(name)
    best = 0.0
    for word in words:
        matcher.set_seq1(word)
        floor = max(best, _LIKE)
        if matcher.real_quick_ratio() > floor and matcher.quick_ratio() > floor:
            best = max(best, matcher.ratio())
    return best


def _ranked(found: Iterable[tuple[str, float]]) -> tuple[Likeness, ...]:
    likely = [Likeness(name, round(score, 2)) for name, score in found if score > _LIKE]
    return tuple(sorted(likely, key=lambda one: -one.score)[:_MOST])
