"""What a folder of other people's tables may be in our words: proposed, not applied.

    suggestions = intake.suggest(Path("their-tables"))
    print(suggestions.to_toml())      # to be checked, and passed as a mapping file

Exact words decide first, those that ship with the library; what only looks alike is
offered with its score and left to whoever knows the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from keyaccount.exceptions import Problem, Problems

from ._aliases import Likeness, aliases, told
from ._guesses import FileGuess, HeadingGuess, Note
from ._seen import Seen, seen_in
from ._suggested_toml import written
from ._tables import TABLES
from ._values import guess_values


__all__ = ["Suggestions", "suggest"]


_MOST_ROWS = 20_000  # looked at for values
_MOST_LIKENED = 200  # headings of a file; after that only exact words count
_LEAST = 0.3  # of what makes a file a table
_SURE = 0.75


@attrs.frozen
class Suggestions:
    """What the files of a folder may be; nothing of it holds until somebody says so.

    `problems` are files that could not be read.
    """

    files: tuple[FileGuess, ...]
    folder: str = ""
    problems: tuple[Problem, ...] = ()

    def __iter__(self) -> Iterator[FileGuess]:
        return iter(self.files)

    def to_toml(self, locale: str = "en") -> str:
        """Write a mapping file to be checked; what is not sure is commented out."""
        return written(self.files, self.folder, locale)

    def to_dict(self) -> dict[str, object]:
        """Return the proposal as plain data."""
        return {
            "folder": self.folder,
            "files": [attrs.asdict(file) for file in self.files],
            "problems": [problem.to_dict() for problem in self.problems],
        }


def suggest(source: Path | Sequence[str], *, file: str = "") -> Suggestions:
    """Propose which file, heading and value of theirs is which of ours.

    Args:
        source: a folder of tables, or the headings of one table.
        file: where only headings are given, what their file is called.

    Raises:
        MissingExtraError: what reads a kind of file is not installed.
    """
    if isinstance(source, Path):
        problems = Problems()
        seen = tuple(seen_in(source, problems, _MOST_ROWS))
        return Suggestions(_together(seen), source.name or str(source), problems.all())
    header = tuple(heading.strip() for heading in source)
    return Suggestions(_together([Seen(file, None, header)]))


def _together(seen: Sequence[Seen]) -> tuple[FileGuess, ...]:
    """Say which file is which table, a table a file; the surest choose first."""
    ranked = {at: _tables(one) for at, one in enumerate(seen)}
    claims = sorted(
        (-likely.score, at, likely.name)
        for at, found in ranked.items()
        for likely in found
        if likely.score >= _LEAST
    )
    chosen: dict[int, str] = {}
    for _, at, name in claims:
        if at not in chosen and name not in chosen.values():
            chosen[at] = name
    guesses = []
    for at, one in enumerate(seen):
        table = chosen.get(at)
        others = tuple(
            likely
            for likely in ranked[at]
            if likely.score >= _LEAST and likely.name != table
        )
        if table is None:
            guesses.append(FileGuess(one.file, one.sheet, None, 0.0, others=others[:3]))
            continue
        score = next(found.score for found in ranked[at] if found.name == table)
        guesses.append(_guess(one, Likeness(table, score), others[:3]))
    return _with_one_key(guesses)


def _tables(seen: Seen) -> tuple[Likeness, ...]:
    """Say which tables a file may be: by its name, and by the headings it has."""
    words = aliases()
    by_name = {one.name: one.score for one in words.of_file(seen.stem)}
    headings = seen.headings
    found = []
    for table in TABLES.values():
        named = {
            likely.name
            for heading in headings
            for likely in words.of_heading(table.name, heading)[:1]
        }
        count = sum(bool(words.of_heading(table.name, one)) for one in headings)
        share = count / max(len(headings), 1)
        has_key = not {*table.required} - named
        score = 0.5 * by_name.get(table.name, 0.0) + 0.4 * share + 0.1 * has_key
        if count or by_name.get(table.name, 0.0) >= _SURE:
            found.append(Likeness(table.name, round(score, 2)))
    return tuple(sorted(found, key=lambda one: -one.score))


def _guess(seen: Seen, table: Likeness, others: tuple[Likeness, ...]) -> FileGuess:
    headings = _headings(table.name, seen)
    ours = TABLES[table.name]
    headings, values = guess_values(ours, seen, headings)
    named = {name for one in headings if one.is_sure for name in one.columns}
    lacking = tuple(name for name in ours.required if name not in named)
    return FileGuess(
        seen.file,
        seen.sheet,
        table.name,
        table.score,
        is_sure=table.score >= _SURE or (not lacking and table.score >= _LEAST),
        others=others,
        headings=headings,
        values=values,
        missing=lacking,
    )


def _headings(table: str, seen: Seen) -> tuple[HeadingGuess, ...]:
    """Give each heading the column that it names; the surest choose first."""
    words = aliases()
    exact = {one: words.of_heading(table, one) for one in seen.headings}
    ranks = sorted(
        (words.columns[table][likely.name].index(told(heading)), at, heading, likely)
        for at, (heading, found) in enumerate(exact.items())
        for likely in found[:1]
    )
    taken: dict[str, str] = {}
    for _, _, heading, likely in ranks:
        taken.setdefault(likely.name, heading)
    twice = {one for one in seen.headings if seen.header.count(one) > 1}
    guesses = []
    for at, heading in enumerate(seen.headings):
        found = exact[heading]
        why = words.traps.get(told(heading))
        if found and taken[found[0].name] == heading and heading not in twice:
            others = found[1:]
            named = HeadingGuess(heading, (found[0].name,), 1.0, others, is_sure=True)
            guesses.append(named)
        elif found:
            note = Note("twice") if heading in twice else Note("taken", found[0].name)
            guesses.append(HeadingGuess(heading, (), 0.0, found, note=note))
        elif why is not None:
            guesses.append(HeadingGuess(heading, (), 0.0, note=Note(f"trap-{why}")))
        else:
            likened = at < _MOST_LIKENED
            guesses.append(_unsure(table, heading, {*taken}, likened=likened))
    return _without_odds(_with_id(table, tuple(guesses)))


def _unsure(
    table: str, heading: str, taken: set[str], *, likened: bool
) -> HeadingGuess:
    """Offer what a heading looks like; who knows it must say."""
    words = aliases()
    place = words.elsewhere(table, heading)
    if place is not None:
        return HeadingGuess(heading, (), 0.0, note=Note("elsewhere", place))
    like = words.like_heading(table, heading) if likened else ()
    free = tuple(one for one in like if one.name not in taken)
    if not free:
        return HeadingGuess(heading, (), 0.0, note=Note("unknown"))
    return HeadingGuess(heading, (free[0].name,), free[0].score, free[1:])


def _with_id(table: str, guesses: tuple[HeadingGuess, ...]) -> tuple[HeadingGuess, ...]:
    """Let a name stand for the id where a table needs one and has none."""
    required = TABLES[table].required
    named = {name for one in guesses if one.is_sure for name in one.columns}
    if "id" not in required or "id" in named or "name" not in named:
        return guesses
    return tuple(
        attrs.evolve(one, columns=("id", "name"), note=Note("name-as-id"))
        if one.is_sure and one.columns == ("name",)
        else one
        for one in guesses
    )


def _without_odds(guesses: tuple[HeadingGuess, ...]) -> tuple[HeadingGuess, ...]:
    """Leave out chances of which nobody says when they were given: a stage's default.

    Ours is what a person thinks, and as of a day.
    """
    named = {name for one in guesses if one.is_sure for name in one.columns}
    if "probability" not in named or "probability_on" in named:
        return guesses
    return tuple(
        HeadingGuess(one.heading, (), 0.0, note=Note("trap-stage-odds"))
        if one.columns == ("probability",)
        else one
        for one in guesses
    )


def _with_one_key(guesses: Iterable[FileGuess]) -> tuple[FileGuess, ...]:
    """Call customers alike everywhere: by name, where other tables know no id.

    A table that names them in another way than the customers' own is told of it.
    """
    files = tuple(guesses)
    by_name: Mapping[str, bool] = {
        file.label: _is_name(one.heading)
        for file in files
        if file.table != "customers"
        for one in file.headings
        if one.is_sure and "customer" in one.columns
    }
    own = next((file for file in files if file.table == "customers"), None)
    if own is None or not by_name:
        return files
    sure = [one for one in own.headings if one.is_sure]
    headings = {name: one for one in sure for name in one.columns}
    identifier, name = headings.get("id"), headings.get("name")
    if identifier is None or name is None:
        return files
    if all(by_name.values()) and not _is_name(identifier.heading):
        changed = _by_name(own, identifier, name)
        return tuple(changed if file is own else file for file in files)
    uses_name = _is_name(identifier.heading)
    return tuple(
        _told_apart(file) if by_name.get(file.label, uses_name) != uses_name else file
        for file in files
    )


def _by_name(own: FileGuess, identifier: HeadingGuess, name: HeadingGuess) -> FileGuess:
    note = Note("by-name")
    new = {
        identifier.heading: attrs.evolve(
            identifier, columns=(), score=0.0, is_sure=False, note=note
        ),
        name.heading: attrs.evolve(name, columns=("id", "name"), note=note),
    }
    return attrs.evolve(
        own, headings=tuple(new.get(one.heading, one) for one in own.headings)
    )


def _told_apart(file: FileGuess) -> FileGuess:
    note = Note("other-key")
    return attrs.evolve(
        file,
        headings=tuple(
            attrs.evolve(one, note=note) if "customer" in one.columns else one
            for one in file.headings
        ),
    )


def _is_name(heading: str) -> bool:
    """Whether a heading is what customers are called, and no id of theirs."""
    words = aliases().columns["customers"]
    return told(heading) in words["name"] and told(heading) not in words["id"]
