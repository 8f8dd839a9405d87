"""Whatever stands in a table or a policy is only ever text: CSV, JSON, terminal, graph.

Shown by parsing what comes out. Pages, workbooks and pictures have tests of their own.
"""

from __future__ import annotations

import collections
import contextlib
import csv
import functools
import io
import json
import re
import shutil
import subprocess
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import attrs
import pytest

from keyaccount import wording
from keyaccount.cli import main
from keyaccount.domain import EventKind
from keyaccount.exceptions import InvalidValueError
from keyaccount.models.stages import dot
from tests.models.stage_deals import SHIPPED, complete, event, moved, opened
from tests.models.test_stages_diagrams import drawn, named, shown, taken
from tests.payloads import PAYLOADS
from tests.shells.payload_folder import TEXTS, cells, write_folder
from tests.shells.running import FINDINGS, INPUT, Run, Said


HIDDEN = "\x9b2J\x85\x7f\u2066\u2028\u200b\ufeff\u00adx\ry\x08z"
TURNED = "\u202egpj.exe\u2066\u200b x"  # letters that texts may hold, but not ids
TEXTS_TOLD = (*PAYLOADS, HIDDEN)
REFUSED = frozenset({PAYLOADS[23], HIDDEN})  # by every noun, for their controls
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
FORMULAS = tuple("=+-@\t\r＝＋－＠")
TERMINAL = (
    ("review",),
    ("review", "--columns"),
    ("due", "--days", "90"),
    ("import", "check"),
)
SPREADSHEETS = (
    ("review", "--format", "csv"),
    ("review", "--columns", "--format", "csv"),
    ("due", "--format", "csv"),
)
DOCUMENTS = (("review", "--format", "json"), ("due", "--format", "json"))
PROPERTIES = {
    "CATEGORIES", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "SUMMARY", "TRANSP",
    "UID",
}  # fmt: skip


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "400")
    return Run(capsys)


@functools.cache
def told(payload: str, *words: str) -> Said:
    """Run a command once on a folder full of a payload; there is much to find."""
    if "--columns" in words:
        pytest.importorskip("polars", reason="reviews in columns")
    out, err = io.StringIO(), io.StringIO()
    at = 2 if words[0] == "import" else 1
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setenv("COLUMNS", "400")
        patch.delenv("FORCE_COLOR", raising=False)
        write_folder(Path(folder), payload)
        code = main([*words[:at], folder, *words[at:]])
    assert code == FINDINGS
    return Said(code, out.getvalue(), err.getvalue())


def unseen(text: str) -> set[str]:
    """The letters of a text that steer a terminal, turn a line round or hide."""
    return {letter for letter in text if unicodedata.category(letter) in UNSEEN} - {
        "\n"
    }


def table_of(text: str) -> list[dict[str, str]]:
    """Read a CSV file as strictly as can be."""
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert len({*header}) == len(header)
    return [dict(zip(header, row, strict=True)) for row in rows]


def is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell) is not None


def is_live(cell: str) -> bool:
    """Tell whether a spreadsheet could take a cell for a formula."""
    if is_number(cell) or cell.startswith("'"):
        return False
    return any(line.lstrip(" ").startswith(FORMULAS) for line in cell.split("\n"))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


@pytest.mark.parametrize("payload", [*TEXTS_TOLD, TURNED])
def test_every_text_column_of_every_table_holds_the_payload(
    tmp_path: Path, payload: str
) -> None:
    write_folder(tmp_path, payload)

    held = {(table, name) for table, name, text in cells(tmp_path) if payload in text}
    assert held == {(table, name) for table in TEXTS for name in TEXTS[table]}
    assert len(held) > 100


@pytest.mark.parametrize("words", TERMINAL, ids=" ".join)
@pytest.mark.parametrize("payload", [*TEXTS_TOLD, TURNED])
def test_nothing_but_plain_letters_reaches_a_terminal(
    payload: str, words: tuple[str, ...]
) -> None:
    said = told(payload, *words)

    assert not unseen(said.out)
    assert not unseen(said.err)
    assert "Traceback" not in said.err


@pytest.mark.parametrize("payload", [PAYLOADS[7], *sorted(REFUSED)])
def test_with_colours_a_terminal_is_told_of_colours_only(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, payload: str
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    write_folder(tmp_path, payload)

    said = run("review", tmp_path)

    steered = collections.Counter(re.findall(r"\x1b(?:\[[0-9;]*m)?", said.out))
    assert {*steered} == {"\x1b[1m", "\x1b[0m"}  # bold headings, and their end
    assert unseen(said.out) == {"\x1b"}


@pytest.mark.parametrize("payload", [*TEXTS_TOLD, TURNED])
def test_a_terminal_shows_a_payload_as_the_text_that_it_is(payload: str) -> None:
    said = told(payload, "review")

    if payload in REFUSED:
        assert f"industry: got {payload!r}; control characters" in said.out
    else:
        assert wording.plain(payload) in said.out


@pytest.mark.parametrize("words", SPREADSHEETS, ids=" ".join)
@pytest.mark.parametrize("payload", TEXTS_TOLD)
def test_no_cell_of_a_csv_file_is_a_formula(
    payload: str, words: tuple[str, ...]
) -> None:
    said = told(payload, *words)

    rows = table_of(said.out)
    found = [cell for row in rows for cell in row.values()]
    assert rows
    assert not [cell for cell in found if is_live(cell)]
    assert not unseen(said.out)
    assert not unseen(said.err)
    held = [cell for cell in found if payload in cell]
    assert bool(held) is (payload not in REFUSED)
    if payload.startswith(FORMULAS):
        assert "'" + payload in found


@pytest.mark.parametrize("words", DOCUMENTS, ids=" ".join)
@pytest.mark.parametrize("payload", TEXTS_TOLD)
def test_a_json_document_holds_a_payload_as_a_string_and_no_more(
    payload: str, words: tuple[str, ...]
) -> None:
    said = told(payload, *words)

    document = json.loads(said.out)
    assert not unseen(said.out)
    held = [text for text in strings(document) if payload in text]
    shown_plain = [text for text in strings(document) if shown(payload) in text]
    assert bool(held or shown_plain) is (payload not in REFUSED)
    if words[0] == "review":
        as_rows = table_of(told(payload, "review", "--format", "csv").out)
        assert len(as_rows) == len(document["customers"])


@pytest.mark.parametrize("payload", [*TEXTS_TOLD, TURNED])
def test_every_row_is_taken_or_left_out_with_a_word(
    tmp_path: Path, payload: str
) -> None:
    write_folder(tmp_path, payload)
    written = collections.Counter(
        table for table, name, _ in cells(tmp_path) if name == TEXTS[table][0]
    )

    document = json.loads(told(payload, "review", "--format", "json").out)

    tables = {one["file"]: one for one in document["import"]["tables"]}
    assert {file: one["read"] for file, one in tables.items()} == {
        f"{table}.csv": count for table, count in written.items()
    }
    for one in tables.values():
        assert one["read"] == one["accepted"] + one["rejected"]
    rejected = collections.Counter(
        file
        for file, _ in {
            (note["file"], note["line"])
            for note in document["import"]["notes"]
            if note["rejected"]
        }
    )
    assert rejected == {
        file: one["rejected"] for file, one in tables.items() if one["rejected"]
    }


@pytest.mark.parametrize("payload", [*TEXTS_TOLD, TURNED])
def test_a_calendar_holds_events_and_nothing_else(payload: str) -> None:
    icalendar = pytest.importorskip("icalendar", reason="the extra `calendar`")
    said = told(payload, "due", "--format", "ical")
    items = json.loads(told(payload, "due", "--format", "json").out)["items"]

    calendar = icalendar.Calendar.from_ical(said.out)
    events = calendar.subcomponents
    assert {event.name for event in events} == {"VEVENT"}
    assert len(events) == len(items)
    assert {name for event in events for name in event} <= PROPERTIES
    assert not [event for event in events if event.subcomponents]
    assert unseen(said.out) <= {"\r"}
    assert not re.search(r"\r(?!\n)", said.out)
    texts = [str(event["DESCRIPTION"]) for event in events]
    is_shown = any(wording.plain(payload) in text for text in texts)
    assert is_shown is (payload not in REFUSED)


# Diagrams, and the policies that they are drawn of.


@pytest.mark.parametrize("payload", TEXTS_TOLD)
def test_a_name_in_a_pipeline_is_only_a_name_in_its_diagrams(payload: str) -> None:
    found = drawn(named(payload))

    assert found.boxes["n0"] == f"{shown(payload)}\n10%"
    assert found.arrows[0][3] == shown(payload)


@pytest.mark.parametrize("payload", TEXTS_TOLD)
def test_what_happened_to_a_deal_is_only_text_in_its_diagrams(payload: str) -> None:
    words = taken(payload)
    deal = moved(opened(), event(EventKind.ADVANCE, 1, approver=words, reason=words))
    deal = moved(deal, complete(EventKind.LOSE, 2, competitor=words, reason=words))

    labels = [label for *_, label in drawn(deal=deal).arrows]

    assert f"approved by {shown(words)}\n{shown(words)}" in labels[0]
    assert f"competitor: {shown(words)}"[:100] in labels[1]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not here")
@pytest.mark.parametrize("payload", TEXTS_TOLD)
def test_graphviz_draws_a_payload_as_text(payload: str) -> None:
    drawn_by = [str(shutil.which("dot")), "-Tsvg"]
    text = dot(named(payload))
    done = subprocess.run(  # noqa: S603 - Graphviz, and no name from a file
        drawn_by, input=text.encode(), capture_output=True, check=True, timeout=60
    )

    root = ET.fromstring(done.stdout)  # noqa: S314 - of Graphviz, a moment ago
    tags = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert tags <= {"ellipse", "g", "path", "polygon", "polyline", "svg", "text",
                    "title"}  # fmt: skip
    assert not [name for one in root.iter() for name in one.attrib if "href" in name]
    texts = [
        " ".join((one.text or "").replace("\u00a0", " ").split()) for one in root.iter()
    ]
    assert texts.count(shown(payload)) == 2  # a stage's and an exit's name


@pytest.mark.parametrize("payload", TEXTS_TOLD)
def test_an_id_of_a_pipeline_is_a_slug_or_refused(payload: str) -> None:
    first, *others = SHIPPED.stages

    with pytest.raises(InvalidValueError) as refused:
        attrs.evolve(SHIPPED, stages=(attrs.evolve(first, id=payload), *others))

    assert not unseen(str(refused.value))


@pytest.mark.parametrize("payload", [*TEXTS_TOLD, TURNED])
def test_a_policy_file_full_of_payloads_tells_a_terminal_nothing(
    run: Run, tmp_path: Path, payload: str
) -> None:
    shipped = resources.files("keyaccount") / "policies" / "stages.toml"
    text = shipped.read_text(encoding="utf-8")
    word = json.dumps(payload).replace("\x7f", "\\u007f")  # as TOML writes it
    because = re.sub(r'^why( +)= ".*"$', lambda one: f"why{one[1]}= {word}", text,
                     flags=re.MULTILINE)  # fmt: skip
    named_so = text.replace('"identification"', word, 1)
    file, other = tmp_path / "why.toml", tmp_path / "id.toml"
    file.write_text(because, encoding="utf-8")
    other.write_text(named_so, encoding="utf-8")

    reasons, ids = run("policy", "show", file), run("policy", "lint", other)

    assert because.count(word) > 10
    assert named_so.count(word) == 1
    assert ids.code in {FINDINGS, INPUT}
    for said in (reasons, ids):
        assert not unseen(said.out)
        assert not unseen(said.err)
        assert "Traceback" not in said.err


@pytest.mark.parametrize("payload", TEXTS_TOLD)
def test_a_stage_that_is_called_so_is_shown_to_a_terminal_as_text(
    run: Run, tmp_path: Path, payload: str
) -> None:
    write_folder(tmp_path, "harmless")
    shipped = resources.files("keyaccount") / "policies" / "stages.toml"
    word = json.dumps(payload).replace("\x7f", "\\u007f")
    labels = "".join(f'"stage.{plan.id}" = {word}\n' for plan in SHIPPED.stages)
    file = tmp_path / "stages.toml"
    text = shipped.read_text(encoding="utf-8")
    file.write_text(f"{text}\n[labels.en]\n{labels}", encoding="utf-8")

    listed = run("due", tmp_path, "--policy", file)
    written = run("due", tmp_path, "--policy", file, "--format", "csv")

    for said in (listed, written):
        assert not unseen(said.out)
        assert not unseen(said.err)
        assert wording.plain(payload) in said.out.replace('""', '"')
    rows = table_of(written.out)
    assert not [cell for row in rows for cell in row.values() if is_live(cell)]
