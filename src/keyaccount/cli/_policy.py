"""`keyaccount policy init | show | lint | diff`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from keyaccount import book, policies, wire, wording
from keyaccount.domain import Relation
from keyaccount.exceptions import Problems, ReadError
from keyaccount.models import tiering

from ._errors import FINDINGS, FINE, UsageError
from ._folder import load, model_of, read_policy, tiering_policy
from ._large import goes_by_columns
from ._review import distribution
from ._screen import Heading, Screen
from ._text import label, score
from ._words import Words


__all__ = [
    "show_class_moves",
    "show_diff",
    "show_init",
    "show_lint",
    "show_moves",
    "show_policy",
]


def show_init(folder: Path, mapping: Path | None, lang: str, as_of: str | None) -> int:
    """Propose amounts; the file goes to stdout, what it rests on to stderr."""
    screen = Screen(lang)
    loaded = load(folder, mapping, as_of, screen)
    company, day = loaded.company, loaded.as_of
    customers = [account.customer for account in company.accounts]
    currency = _commonest_currency(company.accounts)
    found = tiering.propose(customers, currency=currency, as_of=day, fx=company.fx)
    numbers = ", ".join(f"{tier.value} = {value:f}" for tier, value in found.amounts)
    lines = (
        f"# from {found.customers} customers as of {day}",
        'based_on = "tiering"',
        f'currency = "{currency}"',
        f"numbers = {{ {numbers} }}",
    )
    screen.raw("\n".join(lines))
    say = screen.say
    told = [say("init.from-customers", customers=found.customers, day=day.isoformat())]
    if found.is_thin:
        told.append(say("init.thin"))
    amounts = {tier.value: value for tier, value in found.amounts}
    data = {"based_on": "tiering", "currency": currency, "numbers": amounts}
    policy = policies.read(data, tiering.TieringPolicy)
    portfolio = book.review(
        company.accounts,
        as_of=day,
        policies=book.Policies(tiering=policy),
        fx=company.fx,
    )
    words = Words(screen)
    told.append(say("init.would-be", tiers=distribution(portfolio, words)))
    told.append(say("init.save"))
    for line in told:
        screen.aside(line)
    return FINDINGS if company.report.rejected else FINE


def _commonest_currency(accounts: tuple[book.Account, ...]) -> str:
    """Return the currency that most trading customers report in."""
    counts = Counter(
        currency
        for account in accounts
        if account.customer.years and (currency := account.customer.currency)
    )
    if not counts:
        problems = Problems()
        problems.add("customers", "empty", None, "one customer with a full year")
        raise ReadError("policy init", problems.all())
    return max(sorted(counts), key=lambda code: counts[code])


def show_policy(name: str, lang: str) -> int:
    """Print a policy: its rules, its score and its numbers, and who says so."""
    screen = Screen(lang)
    policy = read_policy(name)
    screen.line(f"{policy.name} {policy.version} ({policy.digest})", "bold")
    if policy.question:
        screen.line(policy.question)
    columns = ("name", "what", "origin", "why")
    headings = [Heading(screen.say(f"policy.{name}"), wraps=True) for name in columns]
    for key, entries in _entries(wire.unstructure(policy)):
        screen.line()
        screen.line(key.replace("_", " "), "bold")
        screen.table(headings, [_entry(entry) for entry in entries])
    return FINE


def _entries(
    written: Mapping[str, object], inside: str = ""
) -> Iterator[tuple[str, list[Mapping[str, object]]]]:
    """Yield the policy's lists of named things, those inside them, and its numbers."""
    for key, value in written.items():
        if isinstance(value, Mapping) and not inside:
            yield key, [{"id": name, **entry} for name, entry in value.items()]
        elif _is_named(value):
            entries = cast("list[Mapping[str, object]]", value)
            yield f"{inside}{key}", entries
            for entry in entries:
                yield from _entries(entry, f"{entry['id']}: ")


def _is_named(value: object) -> bool:
    """Whether it is a list of things that have an id each."""
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], Mapping)
        and "id" in value[0]
    )


_TOLD_APART = frozenset({"id", "origin", "why", "adds"})


def _entry(entry: Mapping[str, object]) -> tuple[str, ...]:
    if "when" in entry:
        then = f" → {entry['then']}" if "then" in entry else ""
        what = f"{entry['when']}{then}"
    else:
        told = {
            key: value
            for key, value in entry.items()
            if key not in _TOLD_APART and value is not False and value != []
            if not _is_named(value)
        }
        what = ", ".join(f"{key} {_short(value)}" for key, value in told.items())
        if {"value", "unit"} >= told.keys() and told:
            what = f"{_short(told['value'])} {told.get('unit', '')}"
    return (
        str(entry["id"]),
        what,
        str(entry.get("origin", "")),
        str(entry.get("why", "")),
    )


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={_short(part)}" for key, part in value.items())
    if isinstance(value, list):
        return "; ".join(map(_short, value))
    return str(value)


def show_lint(file: Path, lang: str) -> int:
    """Check a policy file; a mistake or a missing why is a finding."""
    screen = Screen(lang)
    try:
        problems = policies.lint(read_policy(str(file)))
    except ReadError as error:
        problems = error.problems
    for problem in problems:
        sentence = screen.say(f"error.{problem.code}", **dict(problem.data))
        screen.line(f"{problem.path}: {sentence}")
    if problems:
        screen.line(screen.say("policy.findings", count=len(problems)))
        return FINDINGS
    screen.line(screen.say("policy.clean"))
    return FINE


def show_diff(  # noqa: PLR0913, PLR0917 - the flags of the command
    before: str,
    after: str,
    folder: Path,
    mapping: Path | None,
    lang: str,
    as_of: str | None,
    columns: bool | None = None,  # noqa: FBT001 - a flag, as the others
) -> int:
    """Say who changes tier between two policies; a change is a finding."""
    screen = Screen(lang)
    old, new = (_tiering(name) for name in (before, after))
    if goes_by_columns(folder, mapping, columns, (old, new), screen):
        from ._large._diff import show_large_diff  # noqa: PLC0415 - needs an engine

        names = Path(before).stem, Path(after).stem
        return show_large_diff(names, (old, new), folder, mapping, as_of, screen)
    loaded = load(folder, mapping, as_of, screen)
    company = loaded.company
    accounts, day, words = company.accounts, loaded.as_of, Words(screen)
    moves = book.changes(accounts, old, new, as_of=day, fx=company.fx)
    others = book.class_changes(accounts, old, new, as_of=day)
    names = Path(before).stem, Path(after).stem
    trading = sum(one.customer.relation is Relation.TRADING for one in accounts)
    if moves:
        title = screen.say("diff.title", count=len(moves), total=trading)
        screen.line(title, "bold")
        show_moves(moves, names, words)
    else:
        screen.line(screen.say("diff.none"))
    show_class_moves(others, names, words)
    return FINDINGS if moves or others else FINE


def show_moves(
    moves: Iterable[book.Move], names: tuple[str, str], words: Words
) -> None:
    """Print who moves from where to where, and what tips it."""
    screen = words.screen
    rows = [
        (
            move.customer.name,
            _was(move.before, words),
            _was(move.after, words),
            "\n".join(_why(move, words)),
        )
        for move in moves
    ]
    screen.table(_headings(names, screen), rows)


def show_class_moves(
    moves: Sequence[book.ClassMove], names: tuple[str, str], words: Words
) -> None:
    """Print which prospects change their class; nothing where none does."""
    screen = words.screen
    if not moves:
        return
    rows = []
    for move in moves:
        was, now = (
            words.either(tuple(kind.value for kind in verdict.possible))
            for verdict in (move.before, move.after)
        )
        rows.append((move.customer.name, was, now, _most_of_all(move.fact, screen)))
    screen.line(screen.say("diff.prospects", count=len(moves)), "bold")
    screen.table(_headings(names, screen), rows)


def _headings(names: tuple[str, str], screen: Screen) -> tuple[Heading, ...]:
    before, after = names
    return (
        Heading(screen.say("diff.customer"), wraps=True, most=28),
        Heading(screen.say("diff.before", name=before), wraps=True, most=16),
        Heading(screen.say("diff.after", name=after), wraps=True, most=16),
        Heading(screen.say("diff.why"), wraps=True),
    )


def _most_of_all(fact: str | None, screen: Screen) -> str:
    """Name the one fact that moved a customer most."""
    if fact is None:
        return ""
    return screen.say("diff.fact", fact=label("fact", fact, screen.locale))


def _tiering(name: str) -> tiering.TieringPolicy:
    """Read a tiering policy by its shipped name or its file.

    Raises:
        UsageError: it is another model's; only tiers can be compared.
    """
    path = Path(name)
    model = model_of(path) if path.is_file() else name
    if model != "tiering" and model in policies.shipped():
        raise UsageError("policy diff", name, "two tiering policies")
    return tiering_policy(path if path.is_file() else name)


def _was(verdict: tiering.TierVerdict, words: Words) -> str:
    possible = tuple(tier.value for tier in verdict.possible)
    return words.standing(possible, is_problem=verdict.is_supervised)


def _why(move: book.Move, words: Words) -> tuple[str, ...]:
    """The one fact, and the conditions answered differently; else the scores."""
    screen, locale = words.screen, words.locale
    lines = [
        wording.say(reason.code, dict(reason.data), locale)
        for tipped in move.tipped
        for reason in tipped.because
    ]
    lines += [
        screen.say("diff.trigger", trigger=label("problem", trigger, locale))
        for trigger in move.triggers
    ]
    if not lines:
        scores = (move.before.score, move.after.score)
        before, after = (score(one.low, one.high) for one in scores)
        lines.append(screen.say("diff.score", before=before, after=after))
    return tuple(filter(None, (_most_of_all(move.fact, screen), *lines)))
