"""What a page holds, as a parser sees it: its tags, its attributes, its text."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser


__all__ = ["Seen", "seen"]


class Seen(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.style: list[str] = []
        self.comments: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop() == tag  # everything that is opened is closed

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style.append(data)
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def text(self) -> str:
        """All text, on one line."""
        return " ".join("".join(self.texts).split())

    def values(self, name: str) -> list[str]:
        """Return the values of an attribute, wherever it stands."""
        return [value for _, found, value in self.attributes if found == name]


_VOID = frozenset({"meta", "img", "br", "hr", "link", "base", "input"})


def seen(html: str) -> Seen:
    found = Seen()
    found.feed(html)
    found.close()
    assert not found._open
    return found
