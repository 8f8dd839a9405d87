"""Whatever the library can say, it can say in English and in both Chinese scripts."""

from __future__ import annotations

import ast
import enum
import importlib
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from keyaccount import policies, wording
from keyaccount.rules import DecisionTable, FactSchema, Scorecard
from tests.contracts.rooms import address, files, load, nodes


CHINESE = ("zh-Hans", "zh-Hant")
HAN = re.compile(r"[㐀-鿿]")


def sentences(locale: str) -> dict[str, str]:
    """Return every shipped sentence of a language by `table.key`."""
    return {
        f"{subject}.{key}": text
        for subject, rows in wording.table(locale).items()
        for key, text in rows.items()
    }


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", CHINESE)
def test_a_language_has_every_sentence_and_no_more(locale: str) -> None:
    ours, english = sentences(locale), sentences("en")

    silent = sorted(english.keys() - ours.keys())
    alone = sorted(ours.keys() - english.keys())
    assert not silent
    assert not alone


@pytest.mark.parametrize("locale", CHINESE)
def test_a_translation_fills_in_the_same_places(locale: str) -> None:
    ours, english = sentences(locale), sentences("en")

    differing = {
        key: (english[key], text)
        for key, text in ours.items()
        if key in english and placeholders(text) != placeholders(english[key])
    }
    assert not differing


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_no_sentence_is_empty(locale: str) -> None:
    assert not [key for key, text in sentences(locale).items() if not text.strip()]


@pytest.mark.parametrize("locale", CHINESE)
def test_a_chinese_sentence_is_chinese(locale: str) -> None:
    plain = {
        key: text
        for key, text in sentences(locale).items()
        if not HAN.search(text) and re.search(r"[a-z]{4}", re.sub(r"\{.*?\}", "", text))
    }

    assert not plain


def test_the_two_scripts_differ() -> None:
    simplified, traditional = map(sentences, CHINESE)

    same = sum(simplified[key] == traditional.get(key) for key in simplified)
    assert same < len(simplified) / 2


def codes(path: Path) -> Iterator[tuple[int, str]]:
    """Yield a pattern for every code that a file gives to a Reason.

    An f-string becomes a pattern in which each piece may be anything.
    """
    named: dict[str, list[ast.expr]] = {}
    for node in nodes(path):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
    for node in nodes(path):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in REASONS:
            given = [word.value for word in node.keywords if word.arg == "code"]
            for code in (given or node.args)[:1]:
                yield from ((node.lineno, text) for text in patterns(code, named))


REASONS = {"Reason", "rules.Reason"}


def patterns(code: ast.expr, named: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    match code:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.IfExp(body=one, orelse=other):
            yield from patterns(one, named)
            yield from patterns(other, named)
        case ast.JoinedStr(values=parts):
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
                for part in parts
            )
        case ast.Name(id=name):
            for value in named.get(name, ()):
                if not isinstance(value, ast.Name):
                    yield from patterns(value, named)


@pytest.mark.parametrize("path", files(), ids=address)
def test_every_reason_has_a_sentence(path: Path) -> None:
    known = [
        key if subject == "sentence" else f"{subject}.{key}"
        for subject, _, key in (full.rpartition(".") for full in sentences("en"))
    ]

    silent = [
        (line, code)
        for line, code in codes(path)
        if not any(re.fullmatch(code, full) for full in known)
    ]
    assert not silent


def kebab(name: str) -> str:
    """Turn `ValueTier` into `value-tier`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


@pytest.mark.parametrize("path", files("domain"), ids=address)
def test_every_word_of_the_domain_has_a_label(path: Path) -> None:
    room = load(path)
    kinds = [
        kind
        for kind in vars(room).values()
        if isinstance(kind, type) and issubclass(kind, enum.Enum)
        if kind.__module__ == room.__name__
    ]

    words = sentences("en")
    silent = [
        name
        for kind in kinds
        for name in (f"{kebab(kind.__name__)}.{member.value}" for member in kind)
        if name not in words
    ]
    assert not silent


@pytest.mark.parametrize("path", files("models"), ids=address)
def test_every_fact_has_a_name_and_a_question(path: Path) -> None:
    declared = [
        ast.unparse(target)
        for node in nodes(path)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    if not any(name.endswith("FACTS") for name in declared):
        return
    held = vars(load(path))
    schemas = [held[name] for name in declared if name in held]

    words = sentences("en")
    facts = [
        fact for schema in schemas if isinstance(schema, FactSchema) for fact in schema
    ]
    asked = {f"fact.{fact.name}" for fact in facts}
    asked |= {f"question.{fact.question}" for fact in facts}
    silent = sorted(asked - words.keys())
    assert not silent


def flags(path: Path) -> Iterator[str]:
    """Yield every flag that a file raises: what it puts into something called flags."""
    for node in nodes(path):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append")):
                held: list[ast.AST] = list(node.args)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                held = [value]
            case ast.FunctionDef(name=name):
                held = [part for part in ast.walk(node) if isinstance(part, ast.Return)]
            case _:
                continue
        if "flags" not in name.lower():
            continue
        for part in (part for whole in held for part in ast.walk(whole)):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


@pytest.mark.parametrize("path", files("models"), ids=address)
def test_every_flag_has_a_sentence(path: Path) -> None:
    words = sentences("en")

    silent = sorted({flag for flag in flags(path) if f"flag.{flag}" not in words})
    assert not silent


def judged_by(policy: object, depth: int = 2) -> Iterator[DecisionTable | Scorecard]:
    """Yield the tables and scorecards that a policy holds, and those these hold."""
    for name in dir(policy):
        if name.startswith("_"):
            continue
        held = getattr(policy, name)
        for part in held if isinstance(held, tuple) else (held,):
            if isinstance(part, DecisionTable):
                yield part
                yield from part.scorecards
            elif isinstance(part, Scorecard):
                yield part
            elif type(part).__module__.startswith("keyaccount.") and depth:
                yield from judged_by(part, depth - 1)


@pytest.mark.parametrize("room", policies.shipped())
def test_every_row_and_criterion_of_a_shipped_policy_has_a_name(room: str) -> None:
    words = sentences("en")
    model = importlib.import_module(f"keyaccount.models.{room.partition('-')[0]}")
    policy = policies.read(room, type(model.default_policy()))
    silent = set[str]()

    for judge in judged_by(policy):
        ids = {f"{judge.name}.{row.id}" for row in getattr(judge, "rows", ())}
        ids |= {f"{judge.name}.{part.id}" for part in getattr(judge, "criteria", ())}
        if isinstance(judge, DecisionTable):
            ids |= {f"{judge.answers}.{outcome}" for outcome in judge.outcomes}
        silent |= ids - words.keys()

    assert not sorted(silent)
