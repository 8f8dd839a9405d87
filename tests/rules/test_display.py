"""How the kernel writes an answer as HTML: few tags, text escaped, never endless."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterator

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wording
from keyaccount.domain import ValueTier
from keyaccount.rules import Interval, Missing, PolicyRef, Reason, Told, Verdict
from keyaccount.rules.display import (
    Explained,
    Html,
    Tabled,
    block,
    folded,
    listed,
    table,
    words,
)
from tests.report.seen import seen


@attrs.frozen(repr=False)
class Scored(Verdict[ValueTier]):
    """A verdict with a number between bounds."""

    score: Interval = attrs.field(default=Interval(59.5, 79.5))


WHY = Reason(
    "decided",
    (("outcome", "gold"),),
    (Reason("row-fires", (("row", "a"),), (Reason("row-open", (("row", "b"),)),)),),
)
OPEN = Scored(
    None,
    (ValueTier.GOLD, ValueTier.DIAMOND),
    (Missing("gross_margin", "gross-margin"), Missing("influence", "influence")),
    ("incomplete",),
    PolicyRef("tiering", "1", "abc"),
    None,
    evidence=Told(WHY),
)
SETTLED = attrs.evolve(
    OPEN,
    value=ValueTier.GOLD,
    possible=(ValueTier.GOLD,),
    missing=(),
    score=Interval(70.0, 70.0),
)


class Wordy(Explained):
    """An answer that is no verdict."""

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        return f"answer in {locale}", "    first", "      second", "    third"


@given(st.text(max_size=900))
def test_whatever_somebody_wrote_is_text_and_nothing_else(text: str) -> None:
    found = seen(words(text))

    assert {*found.tags} == {"bdi"}
    assert not found.attributes
    assert not found.comments
    shown = wording.plain(text[:800])
    whole = "".join(found.texts)
    assert whole == shown if len(shown) <= 400 else whole == f"{shown[:399]}…"


@given(st.lists(st.tuples(st.integers(-3, 9), st.text(max_size=5)), max_size=250))
def test_lists_within_lists_are_closed_whatever_their_levels(
    pairs: list[tuple[int, str]],
) -> None:
    found = seen(listed(pairs))

    assert {*found.tags} <= {"ul", "li", "bdi", "p"}
    assert found.tags["li"] == min(len(pairs), 200)
    assert ("more" in found.text) >= (len(pairs) > 200)


def test_levels_become_lists_within_lists() -> None:
    shown = listed([(0, "a"), (1, "b"), (0, "c")])

    assert shown == (
        "<ul><li><bdi>a</bdi><ul><li><bdi>b</bdi></li></ul></li>"
        "<li><bdi>c</bdi></li></ul>"
    )


def test_a_table_has_a_caption_and_headings_for_columns_and_rows() -> None:
    shown = table("Who <b>", ("name", "mark"), [("Lotus 莲花", "5")], "en")

    assert shown == (
        "<table><caption><bdi>Who &lt;b&gt;</bdi></caption><thead><tr>"
        '<th scope="col"><bdi>name</bdi></th><th scope="col"><bdi>mark</bdi></th>'
        '</tr></thead><tbody><tr><th scope="row"><bdi>Lotus 莲花</bdi></th>'
        "<td><bdi>5</bdi></td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    "count,more", [(49, ""), (50, ""), (51, "… and 1 more"), (60, "… and 10 more")]
)
def test_a_table_shows_fifty_rows_and_says_how_many_more(count: int, more: str) -> None:
    rows = [(str(at),) for at in range(count)]
    for shown in (
        table("all", ("n",), rows, "en"),
        table("all", ("n",), rows, "en", count=count),
    ):
        found = seen(shown)

        assert found.tags["tr"] == min(count, 50) + 1
        assert found.tags["p"] == bool(more)
        assert found.text.endswith(more)


def test_rows_that_do_not_fit_are_not_worked_out() -> None:
    asked: list[int] = []

    def rows() -> Iterator[tuple[str, ...]]:
        for at in itertools.count():
            asked.append(at)
            yield (str(at),)

    assert "and 9,950 more" in table("all", ("n",), rows(), "en", count=10_000)
    assert len(asked) == 50


def test_a_table_without_rows_and_a_list_without_lines_are_not_shown() -> None:
    assert not table("none", ("n",), [], "en")
    assert not listed([])
    assert not folded("why", [], "en")


def test_an_open_verdict_says_first_what_it_says_and_what_to_ask() -> None:
    shown = OPEN.html()
    before = html.unescape(shown[: shown.index("<details>")])

    assert before.startswith('<div lang="en"><p><strong><bdi>gold')
    assert "score: between 59.5 and 79.5" in before
    assert wording.say("question.gross-margin", {}) in before
    assert wording.say("question.influence", {}) not in before
    assert wording.say("question.influence", {}) in html.unescape(shown)
    assert wording.label("value-tier", "diamond") in before
    assert wording.say("flag.incomplete", {}) in before
    assert seen(shown).tags["details"] == 2


def test_a_settled_verdict_says_its_number_exactly_and_asks_nothing() -> None:
    found = seen(SETTLED.html())

    assert "score: 70" in found.text
    assert "between" not in found.text
    assert "Ask first" not in found.text
    assert found.tags["details"] == 1


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_html_names_the_language_that_it_is_in(locale: str) -> None:
    found = seen(OPEN.html(locale))

    assert found.values("lang") == [locale]
    assert wording.say("shown.why", {}, locale) in found.text
    assert found.text.count("score") == (locale == "en")


def test_a_locale_of_the_system_is_understood() -> None:
    assert OPEN.html("zh_TW") == OPEN.html("zh-Hant")
    assert block("fr", "") == '<div lang="en"></div>'


def test_a_notebook_gets_both_forms_in_english() -> None:
    bundle = OPEN._repr_mimebundle_(include=None, exclude=None)

    assert bundle == {"text/plain": repr(OPEN), "text/html": OPEN.html("en")}
    assert OPEN._repr_html_() == OPEN.html()


def test_an_answer_that_is_no_verdict_is_its_first_line_and_its_reasons() -> None:
    found = seen(Wordy().html("zh-Hans"))

    assert found.texts[0] == "answer in zh-Hans"
    assert found.tags["ul"] == 2  # the margin is where the least level stands
    assert found.tags["li"] == 3


def test_many_answers_are_told_in_one_short_line() -> None:
    assert repr(Tabled()) == "<Tabled>"
    assert seen(Tabled().html()).texts == ["<Tabled>"]


def test_html_is_shown_by_notebooks_and_templates_as_it_is() -> None:
    page = Html("<b>gold</b>")

    assert page._repr_html_() == page.__html__() == "<b>gold</b>"


@pytest.mark.parametrize(("letters", "shown"), [(400, 400), (401, 400), (900, 400)])
def test_a_long_text_is_cut_and_says_so(letters: int, shown: int) -> None:
    written = words("x" * letters)

    inner = written.removeprefix("<bdi>").removesuffix("</bdi>")
    assert len(inner) == shown
    assert inner.endswith("…") is (letters > shown)
