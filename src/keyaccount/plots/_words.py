"""The words of a chart in a language, and names cut to what a picture has room for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.rules import Label
from keyaccount.wording import Labels


__all__ = [
    "NAME",
    "Words",
    "distinct",
    "own_labels",
    "shortened",
    "width_of",
    "wrapped",
]


NAME = 32
"""How wide a name may be, in letters; a Chinese one is as wide as two."""

_WIDE = frozenset({"W", "F"})
_NO_WIDTH = frozenset({"Mn", "Me"})
_NO_XML = MappingProxyType({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})
_NONE: Labels = MappingProxyType({})


@attrs.frozen
class Words:
    """What a chart says in a language."""

    locale: str

    @property
    def language(self) -> str:
        """The shipped language that serves the locale."""
        return wording.language(self.locale)

    def say(self, code: str, **data: float | str) -> str:
        """Say one of the charts' own sentences."""
        return wording.say(f"plots.{code}", data, self.locale)

    def label(self, kind: str, slug: str, own: Labels = _NONE) -> str:
        """Return what people call a slug, cut to what there is room for."""
        return shortened(wording.label(kind, slug, self.locale, own=own), 2 * NAME)

    def number(self, value: float, unit: str = "mark") -> str:
        """Write a number as people read it."""
        return wording.number(value, unit, self.locale)

    def listed(self, names: Sequence[str], most: int) -> str:
        """Name the first of many, and say how many more there are."""
        comma = ", " if self.language == "en" else "、"
        shown = comma.join(names[:most])
        more = len(names) - most
        return self.say("and-more", names=shown, count=more) if more > 0 else shown

    @staticmethod
    def shown(text: str) -> str:
        """Return a text on one line, as XML can hold it."""
        return wording.plain(text).translate(_NO_XML)

    def named(self, name: str | None, slug: str | None, most: int = NAME) -> str:
        """Return somebody's name, or the id where the name has no letters."""
        found = self.shown(name or "") or self.shown(slug or "")
        return shortened(found, most) if found else self.say("nobody")


def width_of(text: str) -> int:
    """Return how wide a text is, in Latin letters.

    >>> width_of("Acme"), width_of("月兔电池")
    (4, 8)
    """
    return sum(map(_width, text))


def _width(letter: str) -> int:
    if unicodedata.category(letter) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in _WIDE else 1


def shortened(text: str, most: int = NAME) -> str:
    """Return a text on one line, no wider than so many Latin letters.

    >>> shortened("Left-Handed Kettle Appliances", 12), shortened("会走路的钟", 8)
    ('Left-Handed…', '会走路…')
    """
    line = wording.plain(text[:_LONGEST]).translate(_NO_XML)
    if width_of(line) <= most and len(line) <= _MARKED * most:
        return line
    kept, room = "", most - 1
    for letter in line[: _MARKED * most]:
        room -= _width(letter)
        if room < 0:
            break
        kept += letter
    return f"{kept.rstrip()}…"


_LONGEST = 1_000  # what comes after that is in no picture
_MARKED = 2  # letters may bear marks that take no room, but not without end


def wrapped(text: str, most: int, lines: int | None = None) -> list[str]:
    """Break a text into lines of so many letters; what is beyond the last is cut.

    >>> wrapped("chief financial officer", 16), wrapped("head of logistics", 8, 2)
    (['chief financial', 'officer'], ['head of', 'logisti…'])
    """
    found: list[str] = []
    rest = text.strip()
    while rest:
        if len(found) + 1 == lines:
            return [*found, shortened(rest, most)]
        line = ""
        for piece in _pieces(rest):
            if line and width_of(f"{line}{piece}".rstrip()) > most:
                break
            line += piece
        found.append(shortened(line, most))
        rest = rest[len(line) :].strip()
    return found


def _pieces(text: str) -> list[str]:
    """Split where a line may end: behind a space, or behind a wide letter."""
    pieces = [""]
    for letter in text:
        pieces[-1] += letter
        if letter == " " or _width(letter) > 1:
            pieces.append("")
    return pieces


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in their order, equal ones told apart by a number.

    >>> distinct(["Acme", "Acme", "Bolt"])
    ('Acme', 'Acme (2)', 'Bolt')
    """
    seen: set[str] = set()
    found = []
    for name in names:
        one, number = name, 1
        while one in seen:
            number += 1
            one = f"{name} ({number})"
        seen.add(one)
        found.append(one)
    return tuple(found)


def own_labels(labels: Iterable[Label]) -> Labels:
    """Return a policy's own labels as `wording` asks for them."""
    own: dict[str, dict[str, str]] = {}
    for label in labels:
        own.setdefault(label.locale, {})[label.address] = label.text
    return own
