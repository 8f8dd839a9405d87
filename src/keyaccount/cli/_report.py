"""`keyaccount report`: a review as a page, a Markdown text or a workbook in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount import book, report

from ._against import Since, last_review, since
from ._due import work_days
from ._errors import FINDINGS, FINE, UsageError
from ._folder import Loaded, judged, load, policies_of
from ._imported import show_account
from ._screen import Screen


__all__ = ["Asked", "show_report"]


_DAYS_AHEAD = 366
_TELL_EVERY = 20
_KILO = 1000


@attrs.frozen
class Asked:
    """What the flags ask for: the file, its title, whose work days count, what else.

    `against` is the last review, `groups` rolls subsidiaries up, `charts` draws.
    """

    out: Path
    title: str | None
    country: str | None
    against: Path | None
    groups: bool
    charts: bool


def show_report(  # noqa: PLR0913, PLR0917 - the flags of the command
    folder: Path,
    asked: Asked,
    policy: tuple[Path, ...],
    mapping: Path | None,
    lang: str,
    as_of: str | None,
) -> int:
    """Review a folder and write the report; rows that were left out are a finding."""
    screen = Screen(lang)
    form = asked.out.suffix.lower()
    if form not in _FORMS:
        raise UsageError("--out", asked.out.name, screen.say("report.forms"))
    policies = policies_of(folder, policy, screen)
    loaded = load(
        folder,
        mapping,
        as_of,
        screen,
        policies,
    )
    portfolio = _review(loaded, asked, policies, screen)
    found = _since(portfolio, loaded, asked, policies, mapping, screen)
    told = _told(portfolio, loaded, asked, policies, found, screen)
    data = _FORMS[form](told, screen)
    asked.out.write_bytes(data)
    size = f"{max(len(data) // _KILO, 1)}"
    screen.aside(screen.say("report.written", file=asked.out.name, size=size))
    if loaded.company.report.rejected:
        show_account(loaded.company.report, screen)
        return FINDINGS
    is_short = any(one.unconverted is not None for one in portfolio)
    return FINDINGS if is_short else FINE


@attrs.frozen
class _Told:
    """All that a report rests on."""

    portfolio: book.Portfolio
    loaded: Loaded
    policies: book.Policies
    agenda: book.Agenda
    found: Since | None
    asked: Asked
    locale: str

    @property
    def beside(self) -> report.Beside:
        """What stands beside the review."""
        found, company = self.found, self.loaded.company
        return {
            "policies": self.policies,
            "fx": company.fx,
            "agenda": self.agenda,
            "comparison": None if found is None else found.comparison,
            "reclassified": None if found is None else found.reclassified,
            "rejected": company.report.rejected,
        }


def _review(
    loaded: Loaded, asked: Asked, policies: book.Policies, screen: Screen
) -> book.Portfolio:
    company, accounts = loaded.company, loaded.company.accounts
    if asked.groups:
        accounts = book.roll_up(accounts).accounts
    portfolio = judged(company, policies, screen, as_of=loaded.as_of, accounts=accounts)
    unconverted = [one.unconverted for one in portfolio if one.unconverted is not None]
    if unconverted and not portfolio.judged:
        raise unconverted[0]  # the whole folder is in another currency
    return portfolio


def _since(  # noqa: PLR0913, PLR0917 - two reviews, and how they were read
    portfolio: book.Portfolio,
    loaded: Loaded,
    asked: Asked,
    policies: book.Policies,
    mapping: Path | None,
    screen: Screen,
) -> Since | None:
    if asked.against is None:
        return None
    last = last_review(
        asked.against, policies, mapping=mapping, by_groups=asked.groups, screen=screen
    )
    return since(last, portfolio, policies, loaded.company.fx, screen)


def _told(  # noqa: PLR0913, PLR0917 - all that a report rests on
    portfolio: book.Portfolio,
    loaded: Loaded,
    asked: Asked,
    policies: book.Policies,
    found: Since | None,
    screen: Screen,
) -> _Told:
    days = None
    if asked.country is not None:
        days = work_days(asked.country, loaded.as_of, _DAYS_AHEAD, screen)
    records = {} if found is None else found.reclassified.records
    agenda = book.due(
        portfolio,
        as_of=loaded.as_of,
        loose_deals=portfolio.loose_deals,
        records=records,
        days=days,
        policies=policies,
    )
    return _Told(portfolio, loaded, policies, agenda, found, asked, screen.locale)


def _html(told: _Told, screen: Screen) -> bytes:
    total = len(told.portfolio)
    tell = screen.progress("report.writing", _TELL_EVERY)
    text = report.page(
        told.portfolio,
        locale=told.locale,
        title=told.asked.title,
        charts=_charts(told),
        progress=lambda done: tell("", done, total),
        **told.beside,
    )
    return text.encode()


def _markdown(told: _Told, screen: Screen) -> bytes:
    del screen
    text = report.markdown(
        told.portfolio, locale=told.locale, title=told.asked.title, **told.beside
    )
    return text.encode()


def _workbook(told: _Told, screen: Screen) -> bytes:
    del screen
    return report.workbook(
        told.portfolio, locale=told.locale, title=told.asked.title, **told.beside
    )


_FORMS: Mapping[str, Callable[[_Told, Screen], bytes]] = MappingProxyType(
    {".html": _html, ".htm": _html, ".md": _markdown, ".xlsx": _workbook}
)


def _charts(told: _Told) -> Mapping[str, str]:
    """Draw what goes beside the questions; nothing where there is nothing to see."""
    if not told.asked.charts:
        return {}
    from keyaccount import plots  # noqa: PLC0415 - only a page has charts

    portfolio, locale = told.portfolio, told.locale
    drawn = {"classes": plots.tier_ladder(portfolio, locale=locale)}
    if told.found is not None:
        matrix = told.found.comparison.matrix
        drawn["classes"] = plots.tier_ladder(matrix, locale=locale)
    if told.agenda.items:
        drawn["week"] = plots.calendar_load(told.agenda, locale=locale)
    if portfolio.deals:
        pipeline = told.policies.pipeline
        drawn["pipeline"] = plots.pipeline_funnel(
            portfolio, pipeline=pipeline, locale=locale
        )
    board = book.growth_board(
        portfolio, policies=told.policies, fx=told.loaded.company.fx
    )
    if board is not None and board.rows:
        drawn["growth"] = plots.share_growth(board, locale=locale)
    return {name: plots.svg(chart) for name, chart in drawn.items()}
