"""The page: complete in itself, in the reader's language, the week first."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from decimal import Decimal

import attrs
import pytest

from keyaccount import book, wording
from keyaccount.exceptions import InvalidValueError
from tests.report.demo_firm import RULES, company, portfolio, reviewed, some
from tests.report.seen import Seen, seen


report = pytest.importorskip("keyaccount.report", reason="the extra report is not here")


@pytest.fixture(scope="module", params=wording.LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def page(locale: str = "en", **more: object) -> str:
    written: str = report.page(
        portfolio(), policies=RULES, fx=company().fx, locale=locale, **more
    )
    return written


@pytest.fixture(scope="module")
def found(locale: str) -> Seen:
    return seen(page(locale))


def test_a_page_names_its_language(found: Seen, locale: str) -> None:
    assert ("html", "lang", locale) in found.attributes


def test_a_page_holds_no_script_and_asks_for_nothing(found: Seen) -> None:
    assert not {"script", "iframe", "object", "embed", "form", "link"} & {*found.tags}
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    assert not found.values("style")
    assert not found.values("src")
    assert all(one.startswith("#") for one in found.values("href"))


def test_a_page_allows_its_own_style_and_nothing_else(found: Seen) -> None:
    (policy,) = [one for one in found.values("content") if "default-src" in one]
    (style,) = found.style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert "url(" not in style
    assert "@import" not in style


def test_every_link_leads_to_something_on_the_page(found: Seen) -> None:
    anchors = found.values("id")

    assert len(anchors) == len({*anchors})
    assert {one.removeprefix("#") for one in found.values("href")} <= {*anchors}


def test_every_table_has_a_caption_and_scoped_headings(found: Seen) -> None:
    scopes = found.values("scope")

    assert found.tags["table"] == found.tags["caption"] > 0
    assert len(scopes) == found.tags["th"]
    assert {*scopes} == {"col", "row"}


def test_every_account_has_a_sheet_of_its_own(found: Seen) -> None:
    assert found.tags["article"] == len(portfolio()) == 45


def test_the_ten_questions_stand_in_their_order(found: Seen, locale: str) -> None:
    asked = [
        wording.say(f"report.q-{code}", {}, locale)
        for code in (
            "classes", "strategic", "bids", "people", "selling",
            "terms", "growth", "pipeline", "executives", "readiness",
        )
    ]  # fmt: skip
    places = [found.text.index(f"{at}. {one}") for at, one in enumerate(asked, 1)]

    assert places == sorted(places)


def test_no_sentence_is_left_without_its_words(found: Seen) -> None:
    assert not re.search(r"report\.[a-z]|\{[a-z_]+\}|None|Undefined", found.text)


def test_numbers_and_days_are_written_the_readers_way() -> None:
    texts = {locale: seen(page(locale)).text for locale in wording.LOCALES}

    assert "CN¥47.6M to CN¥51.5M" in texts["en"]
    assert "Dec 31, 2025" in texts["en"]
    assert "由 ¥4760万 增至 ¥5150万" in texts["zh-Hans"]
    assert "2025年12月31日" in texts["zh-Hans"]
    assert "CN¥4760萬" in texts["zh-Hant"]


def test_the_first_page_says_what_is_late_today_and_coming_and_by_whom() -> None:
    html = page()
    week = html[
        html.index('<section id="week"') : html.index('<section id="questions"')
    ]
    found = seen(f"{week[: week.rindex('</section>')]}</section>")

    due = portfolio().agenda.within(7)
    late, today, coming = due.numbers
    said = f"{late} late, {today} due today, {coming} to come by Wed, Jan 7."
    assert said in found.text
    assert min(due.numbers) > 0 < len(due.of(None))
    assert f"{len(due.of(None))} that nobody owns" in found.text
    assert found.tags["tr"] == len(due) + found.tags["table"]  # all, and the headings
    for owner in ("South desk", "North desk", "East desk", "operations director"):
        assert owner in found.text
    assert "Nobody owns these: name somebody" in found.text
    assert "keep the promise: rates 5% lower from November on" in found.text
    assert "31 days late" in found.text
    # whoever has most that is late stands first, what nobody owns last
    assert found.text.index("South desk") < found.text.index("East desk")


def test_what_is_due_on_the_very_day_is_not_late() -> None:
    day = dt.date(2025, 11, 30)  # that on which a promise falls due
    firm = some(["C02"])
    for as_of, said in ((day, "today"), (day + dt.timedelta(1), "1 day late")):
        portfolio = book.review(firm.accounts, as_of=as_of, policies=RULES)
        text = seen(report.page(portfolio, policies=RULES)).text

        where = text.index("keep the promise: rates 5% lower")
        assert said in text[where - 60 : where]


def test_a_customer_that_stands_twice_does_not_break_the_page() -> None:
    (account,) = some(["C10"]).accounts
    bare = book.Account(account.customer)
    found = book.review((bare, bare), as_of=portfolio().as_of, policies=RULES)
    anchors = seen(report.page(found, policies=RULES)).values("id")

    assert len(anchors) == len({*anchors})


def test_a_week_without_anything_due_says_so() -> None:
    text = seen(report.page(book.review((), as_of=dt.date(2025, 12, 31)))).text

    assert "Nothing is due up to Wed, Jan 7." in text


def test_a_report_with_a_last_review_says_who_moved_and_why() -> None:
    now = portfolio()
    before = book.review(
        company().accounts,
        as_of=dt.date(2024, 12, 31),
        policies=RULES,
        fx=company().fx,
        intents=company().intents,
    )
    comparison = book.compare(before, now)
    reviewed = book.reclassify(company().accounts, as_of=now.as_of, policies=RULES)
    text = seen(page(comparison=comparison, reclassified=reviewed)).text
    moved = len(comparison.moves) + len(comparison.prospects) + len(comparison.turned)

    assert moved
    assert f"{moved} of 45 accounts moved since Dec 31, 2024." in text
    assert "What moved it most" in text
    first = comparison.moves[0].mover
    assert first is not None
    assert first.says() in text


def test_a_title_stands_on_top_and_nowhere_runs() -> None:
    found = seen(page(title="A & B <Ltd>"))

    assert found.text.count("A & B <Ltd>") == 2  # in the window, and on the page


def test_rows_that_were_left_out_are_told_on_the_first_page() -> None:
    assert "3 rows of the tables were left out" in seen(page(rejected=3)).text


def test_an_agenda_of_another_day_is_refused() -> None:
    other = book.Agenda((), dt.date(2026, 1, 1))

    with pytest.raises(InvalidValueError, match="one of 2025-12-31"):
        page(agenda=other)


def test_only_a_portfolio_is_reported() -> None:
    with pytest.raises(InvalidValueError, match="a Portfolio"):
        report.page([1, 2])


def test_progress_is_told_after_every_sheet() -> None:
    done: list[int] = []
    page(progress=done.append)

    assert done == list(range(1, 46))


def many(count: int) -> book.Portfolio:
    """Return the review of a firm that has so many accounts, as full as the demo's."""
    accounts = company().accounts
    copies = []
    for at in range(count):
        account = accounts[at % len(accounts)]
        customer = attrs.evolve(account.customer, id=f"N{at}", parent_id=None)
        deals = tuple(
            attrs.evolve(one, id=f"{one.id}-{at}", customer_id=f"N{at}")
            for one in account.deals
        )
        again = attrs.evolve(account, customer=customer)
        if at >= len(accounts):  # few tell everything of every account
            again = attrs.evolve(
                book.Account(customer), receivables=account.receivables,
                standing=account.standing, terms=account.terms, deals=deals,
            )  # fmt: skip
        copies.append(again)
    return reviewed(attrs.evolve(company(), accounts=tuple(copies)))


def test_two_hundred_accounts_take_less_than_a_megabyte(locale: str) -> None:
    written = report.page(many(200), policies=RULES, locale=locale)

    assert len(written.encode()) <= 1_000_000


GOOD = '<svg xmlns="http://www.w3.org/2000/svg"><text x="1">a &amp; b</text></svg>'


def test_a_chart_is_let_in_as_a_picture_with_words_beside_it() -> None:
    found = seen(page(charts={"classes": GOOD}))
    (source,) = found.values("src")
    (told,) = found.values("alt")

    head, _, body = source.partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(body).decode() == GOOD
    assert "Which accounts changed class" in told


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<a href="https://a.example"><text>x</text></a>',
        '<image href="https://a.example/b.png"/>',
        '<use href="https://a.example/b.svg#c"/>',
        '<rect onload="alert(1)"/>',
        "<foreignObject><b/></foreignObject>",
        '<rect fill="url(https://a.example/b)"/>',
        "<style>@import 'https://a.example'</style>",
        '<set attributeName="href" to="javascript:alert(1)"/>',
    ],
)
def test_a_chart_that_is_more_than_a_drawing_is_refused(inside: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'

    with pytest.raises(InvalidValueError, match=r"charts\[week\]"):
        page(charts={"week": svg})


@pytest.mark.parametrize(
    "svg",
    [
        "<svg",
        "<html/>",
        "",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        "x" * 10**6,
    ],
)
def test_what_is_no_drawing_is_refused(svg: str) -> None:
    with pytest.raises(InvalidValueError, match=r"charts\[week\]"):
        page(charts={"week": svg})


def test_amounts_that_cannot_be_converted_are_named_and_not_guessed() -> None:
    firm = some(["C01", "C02"])
    first, second = firm.accounts
    customer = attrs.evolve(second.customer, currency="USD", influence=Decimal(50))
    deals = tuple(attrs.evolve(one, value=None) for one in second.deals)
    other = attrs.evolve(second, customer=customer, deals=deals, cells=())
    found = reviewed(attrs.evolve(firm, accounts=(first, other)))
    text = seen(report.page(found, policies=RULES)).text

    assert "Not judged, as their amounts could not be converted" in text
    assert "add a rate to rates.csv" in text


def test_promises_stand_by_their_day_whoever_they_were_made_to() -> None:
    written = report.page(reviewed(company()), policies=RULES)
    asked = written[written.index('id="q9"') :]
    texts = (
        "rates 5% lower from November on",  # late
        "the damage report of the year",  # today
        "trial of the night shuttle",  # February
        "a clean-room hall of its own",  # March
    )

    places = [asked.index(text) for text in texts]

    assert places == sorted(places)
