"""What goes to the screen: tables that fit it, in any console's letters."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.exceptions import MissingExtraError

from ._errors import UsageError
from ._text import plain


try:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text
except ImportError as error:
    raise MissingExtraError("cli", "rich") from error


__all__ = ["Heading", "Screen", "language_of"]


_ALIASES = MappingProxyType(
    {
        "zh": "zh-Hans",
        "zh-cn": "zh-Hans",
        "zh-sg": "zh-Hans",
        "zh-hans": "zh-Hans",
        "zh-tw": "zh-Hant",
        "zh-hk": "zh-Hant",
        "zh-hant": "zh-Hant",
        "en": "en",
        "en-us": "en",
        "en-gb": "en",
    }
)
_WIDE = 118
_TELL_EVERY = 200
# For consoles that know neither dashes nor arrows.
_SPELT_OUT = MappingProxyType(
    str.maketrans(
        {
            "–": "-",
            "…": "...",
            "→": "->",
            "≥": ">=",
            "≤": "<=",
            "“": '"',
            "”": '"',
            "·": "-",
            "✓": "+",
            "✗": "x",
            "∞": "inf",
        }
    )
)


@attrs.frozen
class Heading:
    """A column: its heading, whether it may wrap, how wide it may become."""

    text: str
    wraps: bool = False
    most: int | None = None
    is_number: bool = False


def language_of(lang: str) -> str:
    """Return the shipped language that the user means.

    Raises:
        UsageError: none does.
    """
    found = _ALIASES.get(lang.replace("_", "-").casefold())
    if found is None:
        raise UsageError("--lang", lang, ", ".join(wording.LOCALES))
    return found


class Screen:
    """Prints in one language: answers to stdout, what happens meanwhile to stderr."""

    def __init__(self, lang: str) -> None:
        self.locale = language_of(lang)
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._is_telling = sys.stderr.isatty()

    @property
    def is_wide(self) -> bool:
        """Whether there is room for every column."""
        return self._console.width >= _WIDE

    def say(self, code: str, **data: float | str) -> str:
        """Return one of the command line's own sentences."""
        return wording.say(code, data, self.locale)

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line of text, wrapped at words."""
        self._print(Text(plain(text), style=style))

    def raw(self, text: str) -> None:
        """Print text for machines as it is."""
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")

    def indented(self, text: str, by: int = 2) -> None:
        """Print a line of text under a heading."""
        room = max(self._console.width - by, 20)
        lines = Text(plain(text)).wrap(self._console, room)
        self._print(Text("\n").join([Text(" " * by) + line for line in lines]))

    def verbatim(self, text: str) -> None:
        """Print a line that is to be copied: never wrapped."""
        indent = len(text) - len(text.lstrip())
        self._write(f"{' ' * indent}{plain(text)}\n")

    def aside(self, text: str) -> None:
        """Tell something on stderr that does not belong to the answer."""
        sys.stderr.write(f"{plain(text)}\n")

    def table(
        self, headings: Sequence[Heading], rows: Iterable[Sequence[str] | None]
    ) -> None:
        """Print a table; a row that is None draws a rule between groups."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
        for heading in headings:
            table.add_column(
                Text(plain(heading.text), style="bold"),
                justify="right" if heading.is_number else "left",
                overflow="fold",
                no_wrap=not heading.wraps,
                max_width=heading.most,
            )
        for row in rows:
            if row is None:
                table.add_section()
            else:
                table.add_row(*(Text(_clean(cell)) for cell in row))
        self._print(table)

    def progress(
        self, code: str, every: int = _TELL_EVERY
    ) -> Callable[[str, int, int], None]:
        """Return a callback that tells on stderr how far the work has come."""

        def tell(file: str, done: int, total: int) -> None:
            if not self._is_telling:
                return
            if done == total:
                sys.stderr.write("\r\x1b[K")
            elif done % every == 0:
                said = self.say(code, file=plain(file), done=done, total=total)
                sys.stderr.write(f"\r\x1b[K{said}")
            sys.stderr.flush()

        return tell

    def _print(self, what: Text | Table) -> None:
        """Render first and write then, so that a closed pipe is our own to handle."""
        with self._console.capture() as capture:
            self._console.print(what)
        self._write("\n".join(line.rstrip() for line in capture.get().split("\n")))

    @staticmethod
    def _write(text: str) -> None:
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:
            text = text.translate(_SPELT_OUT)
        sys.stdout.write(text)


def _clean(cell: str) -> str:
    """Clean a cell line by line: its line breaks are ours."""
    return "\n".join(plain(line) for line in cell.split("\n"))
