"""SVG and PNG: static, the same each time, and no boxes for letters."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


pytest.importorskip("altair", reason="the extra `plots`")
pytest.importorskip("vl_convert", reason="the extra `plots`")

import altair as alt

from keyaccount import plots
from keyaccount.exceptions import InvalidValueError
from tests.contracts.rooms import python
from tests.plots.drawn import CHARTS, has_active, parsed, portfolio, texts
from tests.refusals import refused


PNG = b"\x89PNG\r\n\x1a\n"
STACK = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("on_page", [False, True])
def test_an_svg_is_still(name: str, on_page: bool) -> None:
    drawn = plots.svg(CHARTS[name]("zh-Hans"), on_page=on_page)

    assert not has_active(drawn)
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_text_stays_text_in_the_fonts_that_were_asked_for() -> None:
    drawn = plots.svg(CHARTS["ladder"]("zh-Hans"))

    words = [
        element for element in parsed(drawn).iter() if element.tag.endswith("}text")
    ]
    assert "钻石" in texts(drawn)
    assert {element.get("font-family") for element in words} == {STACK}


def test_an_svg_says_what_it_is() -> None:
    root = parsed(plots.svg(CHARTS["agenda"]("en")))

    assert root.get("role") == "img"
    assert root.get("aria-label") == "What is due for whom, week by week"


def test_on_a_page_it_is_drawn_in_the_ink_of_the_page() -> None:
    chart = CHARTS["portfolio"]("en")
    alone, on_page = plots.svg(chart), plots.svg(chart, on_page=True)

    assert 'fill="#ffffff"' in alone
    assert "currentColor" not in alone
    assert "currentColor" in on_page
    assert "#1a1a1a" not in on_page


def test_a_png_is_a_picture_as_large_as_asked() -> None:
    chart = CHARTS["ladder"]("zh-Hans")
    small, large = plots.png(chart, scale=1), plots.png(chart, scale=2)

    assert small.startswith(PNG)
    width, double = (int.from_bytes(picture[16:20]) for picture in (small, large))
    assert double == pytest.approx(2 * width, abs=2)


@pytest.mark.parametrize("scale", [0, -1, 9, float("nan"), True, "2"])
def test_an_odd_scale_is_refused(scale: object) -> None:
    assert refused(plots.png, CHARTS["ladder"]("en"), scale=scale)[0][0] == "$.scale"


def test_a_letter_that_no_font_has_is_refused() -> None:
    chart = plots.tier_ladder(portfolio(), title="Acme \u0378")  # is no letter yet

    with pytest.raises(InvalidValueError, match="fonts-noto-cjk"):
        plots.png(chart)
    assert plots.svg(chart)


@pytest.mark.parametrize("write", [plots.svg, plots.png])
def test_what_is_no_chart_is_refused(write: object) -> None:
    assert refused(write, "chart") == (("$.chart", "wrong-type"),)  # type: ignore[arg-type]  # that is the point


def test_a_chart_that_links_is_refused() -> None:
    rows = alt.InlineData(values=[{"to": "https://example.org/", "text": "here"}])
    chart = alt.Chart(rows).mark_text().encode(text="text:N", href="to:N")

    assert refused(plots.svg, chart) == (("$.chart", "contradiction"),)


def test_a_chart_loads_nothing_from_elsewhere() -> None:
    rows = alt.UrlData(url="https://example.org/rows.json")
    chart = alt.Chart(rows).mark_point().encode(x="x:Q")

    with pytest.raises(ValueError, match=r"example\.org"):
        plots.svg(chart)


SCRIPT = """
import hashlib
from keyaccount import plots
from tests.contracts.rooms import python
from tests.plots.drawn import CHARTS
for name, draw in CHARTS.items():
    for locale in ("en", "zh-Hans"):
        chart = draw(locale)
        print(name, locale, hashlib.sha256(plots.svg(chart).encode()).hexdigest())
picture = plots.png(CHARTS["ladder"]("zh-Hans"), scale=1)
print(hashlib.sha256(picture).hexdigest())
"""


def test_the_same_charts_are_the_same_bytes_everywhere() -> None:
    around = [
        ("0", "C.UTF-8", "UTC"),
        ("1", "C", "Asia/Shanghai"),
        ("2", "C.UTF-8", "America/Los_Angeles"),
        ("3", "C", "UTC"),
    ]

    found = set()
    for seed, locale, zone in around:
        env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
        done = subprocess.run(  # noqa: S603 - the script is this test's own
            [sys.executable, "-c", SCRIPT],
            capture_output=True,
            check=False,
            encoding="utf-8",
            env={**env, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert not done.returncode, done.stderr
        found.add(done.stdout)
    (told,) = found
    assert len(told.splitlines()) == 2 * len(CHARTS) + 1


WITHOUT = """
import sys

sys.modules[{package!r}] = None  # as if nobody had installed it
import keyaccount as ka

try:
    from keyaccount import plots
except ka.MissingExtraError as error:
    print(error)
"""


@pytest.mark.parametrize(
    "package, named", [("altair", "altair"), ("vl_convert", "vl-convert-python")]
)
def test_without_the_extra_one_is_told(package: str, named: str) -> None:
    said = python(WITHOUT.format(package=package)).strip()

    assert said == f'this needs {named}; pip install "keyaccount[plots]"'
