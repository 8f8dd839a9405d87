"""Everything that goes wrong, drawn as one tree.

    KeyAccountError
    ├── InvalidValueError          (ValueError)   a value breaks an invariant
    │   └── ReadError                             a document cannot be read
    │       └── PolicyError                       a policy file has mistakes
    ├── CurrencyMismatchError      (TypeError)    two currencies meet
    ├── MissingRateError           (LookupError)  no exchange rate for that day
    ├── UnknownFactError           (LookupError)  a fact nobody declared
    ├── UnknownNameError           (LookupError)  a name nobody offers
    ├── EventReusedError           (ValueError)   an event id used for something else
    ├── FitError                   (ValueError)   numbers that no model can be fitted to
    ├── ScorerError                (ValueError)   a scorer gave an impossible mark
    ├── HitPolicyError             (ValueError)   rows of a table contradict each other
    ├── NoRowError                 (LookupError)  no row of a table answers
    ├── NotColumnarError           (TypeError)    a scorer that has no column form
    └── MissingExtraError          (ImportError)  an optional package is not installed

A problem in data is a value, `Problem`, so that all of them are told at once.
A business "no" is neither: that is a verdict.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

import attrs

from keyaccount.sentences import SENTENCES, closest, nearest, shorten


__all__ = [
    "SENTENCES",
    "CurrencyMismatchError",
    "EventReusedError",
    "FitError",
    "HitPolicyError",
    "InvalidValueError",
    "KeyAccountError",
    "MissingExtraError",
    "MissingRateError",
    "NoRowError",
    "NotColumnarError",
    "PolicyError",
    "Problem",
    "Problems",
    "ReadError",
    "ScorerError",
    "UnknownFactError",
    "UnknownNameError",
    "closest",
    "nearest",
    "shorten",
]


@attrs.frozen
class Problem:
    """One thing wrong with one place: where, what, what was got, what to do.

    `path` is written as in `$.tranches[1].share`; `data` fills the sentence that
    belongs to `code`.
    """

    path: str
    code: str
    data: tuple[tuple[str, str], ...] = ()

    def under(self, prefix: str) -> Problem:
        """Return the same problem, seen from the document that holds the value."""
        return attrs.evolve(self, path=prefix + self.path.removeprefix("$"))

    def to_dict(self) -> dict[str, str]:
        """Return path, code and data as plain text, for an API's answer."""
        return {"path": self.path, "code": self.code, **dict(self.data)}

    def __str__(self) -> str:
        return f"{self.path}: {SENTENCES[self.code].format_map(dict(self.data))}"


class Problems:
    """Collects what is wrong with one value, so that all of it is said at once."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(
        self, path: str, code: str, got: object = None, expected: object = None
    ) -> None:
        """Note one problem; *path* is `share`, `rows[2].when`, or starts with `$`."""
        where = path if path.startswith("$") else f"$.{path}" if path else "$"
        data: list[tuple[str, str]] = []
        if got is not None or "{got}" in SENTENCES[code]:
            data.append(("got", got if code in _VERBATIM else shorten(got)))  # type: ignore[arg-type]  # verbatim codes get text
        if expected is not None:
            data.append(("expected", str(expected)))
        self._found.append(Problem(where, code, tuple(data)))

    def is_a(self, path: str, value: object, kind: type, wanted: str) -> bool:
        """Tell whether an argument is of its kind, and note it if it is not."""
        if not isinstance(value, kind):
            self.add(path, "wrong-type", value, wanted)
            return False
        return True

    def is_day(self, path: str, value: object) -> bool:
        """Tell whether an argument is a plain date, and note it if it is not."""
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            self.add(path, "wrong-type", value, "a datetime.date")
            return False
        return True

    def take(self, prefix: str, error: InvalidValueError) -> None:
        """Note all the problems of a part of this value."""
        where = f"$.{prefix}" if prefix else "$"
        self._found.extend(problem.under(where) for problem in error.problems)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note problems whose paths are right already."""
        self._found.extend(problems)

    def all(self) -> tuple[Problem, ...]:
        """Return what was noted, in the order of noting."""
        return tuple(self._found)

    def check(self, what: str) -> None:
        """Raise InvalidValueError about *what* if anything was noted."""
        if self._found:
            raise InvalidValueError(what, tuple(self._found))


_VERBATIM = frozenset(
    {
        "gap",
        "overlap",
        "unreachable-row",
        "impossible-row",
        "dead-column",
        "not-monotone",
        "unreachable-stage",
        "dead-end",
        "impossible-exit",
        "unlisted",
    }
)


class KeyAccountError(Exception):
    """Any error that this library raises on purpose."""

    code: ClassVar[str] = "error"

    @property
    def data(self) -> dict[str, str]:
        """What fills the sentence of `code`."""
        return {}

    def to_dict(self) -> dict[str, object]:
        """Return code, data and the English sentence, for an API's answer."""
        return {"code": self.code, **self.data, "message": str(self)}

    def __str__(self) -> str:
        return SENTENCES[self.code].format_map(self.data)


class InvalidValueError(KeyAccountError, ValueError):
    """A value breaks an invariant; `problems` lists everything that is wrong."""

    code = "invalid-value"

    def __init__(self, what: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(what, problems)
        self.what = what
        self.problems = problems

    def to_dict(self) -> dict[str, object]:
        """Return the code and every problem as plain data."""
        problems = [problem.to_dict() for problem in self.problems]
        return {"code": self.code, "what": self.what, "problems": problems}

    def __str__(self) -> str:
        lines = [f"{self.what}: {problem}" for problem in self.problems]
        return "\n".join(lines)


class ReadError(InvalidValueError):
    """A document cannot be read as what it claims to be."""

    code = "unreadable"


class PolicyError(ReadError):
    """A policy file has mistakes; all of them are listed."""

    code = "bad-policy"


class CurrencyMismatchError(KeyAccountError, TypeError):
    """Amounts of two currencies meet without a rate."""

    code = "currency-mismatch"

    def __init__(
        self,
        left: str,
        right: str,
        remedy: str = "convert one with a dated FxTable first",
    ) -> None:
        super().__init__(left, right, remedy)
        self.left = left
        self.right = right
        self.remedy = remedy

    @property
    def data(self) -> dict[str, str]:
        """The two currencies and the way out."""
        return {"left": self.left, "right": self.right, "remedy": self.remedy}


class MissingRateError(KeyAccountError, LookupError):
    """The exchange-rate table has no rate for that pair and day."""

    code = "missing-rate"

    def __init__(self, left: str, right: str, day: str) -> None:
        super().__init__(left, right, day)
        self.left = left
        self.right = right
        self.day = day

    @property
    def data(self) -> dict[str, str]:
        """The pair, the day and the way out."""
        told = {"left": self.left, "right": self.right, "day": self.day}
        return {**told, "remedy": "add one to the FxTable"}


class UnknownFactError(KeyAccountError, LookupError):
    """A rule or a mapping names a fact that its model does not offer."""

    code = "unknown-fact"

    def __init__(self, fact: str, offered: tuple[str, ...]) -> None:
        super().__init__(fact, offered)
        self.fact = fact
        self.offered = offered

    @property
    def data(self) -> dict[str, str]:
        """The name and what was probably meant."""
        return {"got": repr(self.fact), "expected": nearest(self.fact, self.offered)}


class UnknownNameError(KeyAccountError, LookupError):
    """A name stands for nothing: a term, a policy, a language, a kind of scorer."""

    code = "unknown-name"

    def __init__(self, kind: str, name: str, offered: tuple[str, ...]) -> None:
        super().__init__(kind, name, offered)
        self.kind = kind
        self.name = name
        self.offered = offered

    @property
    def data(self) -> dict[str, str]:
        """The kind, the name and what to use instead."""
        remedy = f"use {nearest(self.name, self.offered)}"
        return {"kind": self.kind, "name": shorten(self.name), "remedy": remedy}


class EventReusedError(KeyAccountError, ValueError):
    """An event has the id of one that was accepted before, and says something else."""

    code = "event-reused"

    def __init__(self, event: str, deal: str) -> None:
        super().__init__(event, deal)
        self.event = event
        self.deal = deal

    @property
    def data(self) -> dict[str, str]:
        """The event's id and the deal."""
        return {"event": shorten(self.event), "deal": shorten(self.deal)}


class FitError(KeyAccountError, ValueError):
    """No model can be fitted to these numbers: why, and what to do about it."""

    code = "no-fit"

    def __init__(self, model: str, cause: str, remedy: str) -> None:
        super().__init__(model, cause, remedy)
        self.model = model
        self.cause = cause
        self.remedy = remedy

    @property
    def data(self) -> dict[str, str]:
        """The model, what stands in its way, and the way out."""
        return {"model": self.model, "cause": self.cause, "remedy": self.remedy}


class ScorerError(KeyAccountError, ValueError):
    """A scorer gave something that is no mark from 0 to 100."""

    code = "bad-mark"

    def __init__(self, scorer: str, fact: float | str, mark: object) -> None:
        super().__init__(scorer, fact, mark)
        self.scorer = scorer
        self.fact = fact
        self.mark = mark

    @property
    def data(self) -> dict[str, str]:
        """The scorer, the fact it was given and what it returned."""
        told = {"fact": shorten(self.fact), "mark": shorten(self.mark)}
        return {"scorer": self.scorer, **told}


class HitPolicyError(KeyAccountError, ValueError):
    """Several rows of a table fire where its hit policy forbids it."""

    code = "hit-policy"

    def __init__(self, table: str, rows: tuple[str, ...], policy: str) -> None:
        super().__init__(table, rows, policy)
        self.table = table
        self.rows = rows
        self.policy = policy

    @property
    def data(self) -> dict[str, str]:
        """The table, the rows and the hit policy."""
        rows = ", ".join(self.rows)
        return {"table": self.table, "rows": rows, "policy": self.policy}


class NoRowError(KeyAccountError, LookupError):
    """No row of a table answers, and it has no `otherwise`."""

    code = "no-row"

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table

    @property
    def data(self) -> dict[str, str]:
        """The table."""
        return {"table": self.table}


class NotColumnarError(KeyAccountError, TypeError):
    """A scorer has no column form, so its rule cannot be put into columns."""

    code = "not-columnar"

    def __init__(self, criterion: str, scorer: str, remedy: str) -> None:
        super().__init__(criterion, scorer, remedy)
        self.criterion = criterion
        self.scorer = scorer
        self.remedy = remedy

    @property
    def data(self) -> dict[str, str]:
        """The criterion, its scorer's type and the way out."""
        told = {"criterion": self.criterion, "scorer": self.scorer}
        return {**told, "remedy": self.remedy}


class MissingExtraError(KeyAccountError, ImportError):
    """A shell needs a package that is not installed."""

    code = "missing-extra"

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(extra, package)
        self.extra = extra
        self.package = package

    @property
    def data(self) -> dict[str, str]:
        """The extra to install and the package that it brings."""
        return {"extra": self.extra, "package": self.package}
