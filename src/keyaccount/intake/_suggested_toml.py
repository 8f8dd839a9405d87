"""A proposal as a mapping file that a person checks: what is not sure is a comment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from keyaccount import wording
from keyaccount.exceptions import shorten

from ._aliases import Likeness
from ._guesses import FileGuess, HeadingGuess, ValueGuess
from ._layout import folded
from ._tables import TABLES


__all__ = ["quoted", "written"]


_LONGEST = 60
_MOST_NAMED = 12  # headings that nobody reads, in one comment


def written(files: Sequence[FileGuess], folder: str, locale: str) -> str:
    """Write a mapping file; it is TOML that `read_mapping` takes, whatever is in it."""
    shown = wording.plain(folder) or "FOLDER"
    lines = [
        f"# {wording.say('suggest.intro', {'folder': shown}, locale)}",
        f"# {wording.say('suggest.confirm', {}, locale)}",
    ]
    for file in files:
        lines.append("")
        if file.table is None:
            lines.append(f"# {_place(file)}: {_no_table(file, locale)}")
        else:
            block = list(_block(file, file.table, locale))
            lines += block if file.is_sure else [_commented(line) for line in block]
    return "\n".join(lines) + "\n"


def _place(file: FileGuess) -> str:
    return wording.plain(file.label) or "-"


def _no_table(file: FileGuess, locale: str) -> str:
    told = wording.say("suggest.no-table", {}, locale)
    return f"{told}{_others(file.others, locale)}"


def _block(file: FileGuess, table: str, locale: str) -> Iterator[str]:
    if not file.is_sure:
        data = {"file": _place(file), "table": table, "score": _score(file.score)}
        yield f"# {wording.say('suggest.perhaps', data, locale)}"
    yield f"[{table}]{_remark(_others(file.others, locale).lstrip('; ；'))}"
    if file.file:
        yield f"file = {quoted(file.file)}"
    if file.sheet is not None:
        yield f"sheet = {quoted(file.sheet)}"
    for name in file.missing:
        yield f"# {wording.say('suggest.missing', {'name': name}, locale)}"
    lacking = (*file.missing, *(["currency"] if file.lacks_currency else []))
    if file.lacks_currency:
        yield f"# {wording.say('suggest.currency', {}, locale)}"
    if lacking:
        fixed = ", ".join(f'{name} = "…"' for name in lacking)
        yield f"# fixed = {{ {fixed} }}"
    yield f"[{table}.columns]"
    unknown = [one for one in file.headings if one.note.code == "unknown"]
    for guess in file.headings:
        if guess.note.code != "unknown":
            yield from _heading(guess, table, locale)
    for guess in unknown:
        if folded(guess.heading) in _ours(table):
            yield f'{quoted(guess.heading)} = ""'
    if unknown:
        names = [_named(one.heading) for one in unknown[:_MOST_NAMED]]
        rest = " …" if len(unknown) > _MOST_NAMED else ""
        data = {"names": f"{', '.join(names)}{rest}"}
        yield f"# {wording.say('suggest.unknown', data, locale)}"
    yield from _values(file.values, table, locale)


def _heading(guess: HeadingGuess, table: str, locale: str) -> Iterator[str]:
    note = ""
    if guess.note.code:
        data = {"place": guess.note.place}
        note = wording.say(f"suggest.{guess.note.code}", data, locale)
    if guess.is_sure:
        yield f"{_line(guess.heading, guess.columns)}{_remark(note)}"
    elif guess.columns:
        unsure = wording.say("suggest.unsure", {"score": _score(guess.score)}, locale)
        more = _others(guess.others, locale)
        if folded(guess.heading) in _ours(table):
            yield f'{quoted(guess.heading)} = ""'
        yield f"# {_line(guess.heading, guess.columns)}{_remark(unsure + more)}"
    elif guess.note.code != "twice" or folded(guess.heading) in _ours(table):
        yield f'{quoted(guess.heading)} = ""{_remark(note)}'
    else:
        yield f"# {_named(guess.heading)}: {note}"


def _values(values: Iterable[ValueGuess], table: str, locale: str) -> Iterator[str]:
    by_column: dict[str, list[ValueGuess]] = {}
    for value in values:
        by_column.setdefault(value.column, []).append(value)
    for column, guesses in by_column.items():
        yield f"[{table}.values.{column}]"
        for guess in guesses:
            line = f"{quoted(guess.value)} = {quoted(guess.choice)}"
            if guess.is_sure:
                yield line
            else:
                yield f"# {line}{_remark(_doubt(guess, locale))}"


def _doubt(guess: ValueGuess, locale: str) -> str:
    if guess.score:
        unsure = wording.say("suggest.unsure", {"score": _score(guess.score)}, locale)
        return unsure + _others(guess.others, locale)
    names = ", ".join(one.name for one in guess.others)
    return wording.say("suggest.choose", {"names": names}, locale)


def _ours(table: str) -> frozenset[str]:
    return frozenset(column.name for column in TABLES[table].columns)


def _line(heading: str, columns: Sequence[str]) -> str:
    ours = [quoted(name) for name in columns]
    told = ours[0] if len(ours) == 1 else f"[{', '.join(ours)}]"
    return f"{quoted(heading)} = {told}"


def _others(others: Sequence[Likeness], locale: str) -> str:
    if not others:
        return ""
    names = ", ".join(f"{one.name} {_score(one.score)}" for one in others)
    return wording.say("suggest.others", {"names": names}, locale)


def _score(score: float) -> str:
    return f"{score:.2f}"


def _remark(text: str) -> str:
    return f"  # {text}" if text else ""


def _commented(line: str) -> str:
    return line if line.startswith("#") else f"# {line}"


def _named(heading: str) -> str:
    """Return a heading for a comment: on one line, and short."""
    return shorten(wording.plain(heading), _LONGEST)


def quoted(text: str) -> str:
    """Write a TOML string, whatever letters stand in it."""
    sound = text.encode("utf-8", "replace").decode()
    return json.dumps(sound, ensure_ascii=False).replace("\x7f", "\\u007f")
