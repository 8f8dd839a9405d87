"""The page in a browser: it says nothing, asks for nothing, fits, and can be read."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyaccount import wording
from tests.report.chromium import Page, needs_chromium, opened
from tests.report.demo_firm import RULES, company, portfolio
from tests.report.test_hostile_report import PAYLOADS, hostile


report = pytest.importorskip("keyaccount.report", reason="the extra report is not here")

pytestmark = needs_chromium

WIDTHS = (1280, 390)
TOO_WIDE = """
[...document.querySelectorAll('body, body *')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.right > innerWidth + 0.5 || box.left < -0.5;
}).map(one => one.tagName + ' ' + one.textContent.slice(0, 60))
"""
OVERLAPPING = """
[...document.querySelectorAll('th, td, li, p, h2, h3, dd')].filter(one =>
    one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline'
    && !one.closest('thead') && one.clientWidth > 1
).map(one => one.tagName + ' ' + one.textContent.slice(0, 60))
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    charts = {}
    if importlib.util.find_spec("vl_convert"):
        from keyaccount import plots  # noqa: PLC0415 - where the extra is installed

        charts["classes"] = plots.svg(plots.tier_ladder(portfolio()))
    for locale in wording.LOCALES:
        text = report.page(
            portfolio(),
            policies=RULES,
            fx=company().fx,
            locale=locale,
            charts=charts,
        )
        (folder / f"{locale}.html").write_text(text, encoding="utf-8")
    for at, payload in enumerate(PAYLOADS):
        text = report.page(hostile(payload), policies=RULES, title=payload)
        (folder / f"hostile{at}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def browser(tmp_path: Path, written: Path) -> Iterator[Page]:
    with opened(written / "en.html", 1280, tmp_path / "profile") as page:
        yield page


def outside(page: Page) -> list[str]:
    """Return what the page asked for beyond the file itself and its own pictures."""
    return [
        url for url in page.asked_for
        if not url.startswith("data:image/svg+xml") and not url.endswith(".html")
    ]  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("locale", wording.LOCALES)
def test_a_page_fits_says_nothing_and_asks_for_nothing(
    browser: Page, written: Path, locale: str, width: int
) -> None:
    browser.open(written / f"{locale}.html", width)

    assert not browser.said
    assert not outside(browser)
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert not browser.run(TOO_WIDE)
    assert not browser.run(OVERLAPPING)
    assert browser.run("document.documentElement.lang") == locale


def test_a_browser_sees_what_would_be_wrong(browser: Page, tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    policy = "default-src 'none'"
    page.write_text(
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<p style="width:3000px">wide</p><script>alert(1)</script>'
        '<table width="3000"><td>wide</table><img src="other.png">',
        encoding="utf-8",
    )
    browser.open(page, 1280)

    assert len(browser.said) >= 3  # a style, a script and a picture were refused
    assert browser.run(TOO_WIDE)


def test_nothing_of_a_payload_runs(browser: Page, written: Path) -> None:
    for at, payload in enumerate(PAYLOADS):
        browser.open(written / f"hostile{at}.html", 390)

        assert not browser.said, payload
        assert not outside(browser), payload
        assert browser.run("document.scripts.length") == 0, payload
        assert not browser.run(TOO_WIDE), payload


def test_a_name_without_blanks_does_not_widen_the_page(
    browser: Page, tmp_path: Path
) -> None:
    page = tmp_path / "long.html"
    text = report.page(hostile("W" * 150), policies=RULES, title="W" * 200)
    page.write_text(text, encoding="utf-8")
    for width in WIDTHS:
        browser.open(page, width)

        assert not browser.run(TOO_WIDE)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(
    browser: Page, written: Path, width: int, dark: bool
) -> None:
    axe = axe_script()
    browser.open(written / "zh-Hans.html", width)
    if dark:
        browser.dark()
    browser.run(f"{axe};1")
    found = browser.run(
        "axe.run(document, {resultTypes: ['violations']})"
        ".then(all => all.violations.map(one => [one.id, one.impact]))"
    )

    assert not [one for one in found if one[1] in {"serious", "critical"}]


def axe_script() -> str:
    """Return axe's own script, from whichever package brings it; else skip."""
    for package in ("axe_playwright_python", "axe_core_python"):
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            file = Path(spec.origin).parent / "axe.min.js"
            return file.read_text(encoding="utf-8")
    return pytest.skip("no axe here: pip install axe-core-python")


def test_a_sheet_begins_on_a_page_of_its_own(browser: Page, tmp_path: Path) -> None:
    page = tmp_path / "few.html"
    found = report.page(hostile("x"), policies=RULES)
    page.write_text(found, encoding="utf-8")
    browser.open(page, 1280)
    breaks = browser.printed(
        "[...document.querySelectorAll('article')]"
        ".map(one => getComputedStyle(one).breakBefore)"
    )

    assert len(breaks) == 5
    assert {*breaks} == {"page"}
