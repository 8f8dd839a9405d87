"""What `keyaccount review` says of deals: gates, stage, what is missing and due."""

from __future__ import annotations

from decimal import Decimal
from textwrap import wrap

from keyaccount import book, wording
from keyaccount.domain import Decision
from keyaccount.models import stages

from ._forecasts import show_forecast
from ._screen import Heading, Screen
from ._text import briefly, figure, label, plain, shortened


__all__ = ["deal_slugs", "show_deals"]


_MOST_DEALS = 40
_MOST_TASKS = 15
_MOST_NAMED = 2
_MOST_PEOPLE = 5
_MOST_AHEAD = 5
_STAGE_WIDTH = 15


def show_deals(
    portfolio: book.Portfolio, screen: Screen, pipeline: stages.Pipeline | None = None
) -> None:
    """Print the open deals, what is due today, and what will close."""
    if portfolio.deals:
        _Deals(screen, pipeline, portfolio).show()
        _people(portfolio, screen)
        _agenda(portfolio.agenda, screen)
    _dated_ahead(portfolio, screen)
    if portfolio.forecasts or portfolio.conversion:
        show_forecast(portfolio, screen)


class _Deals:
    """The table of open deals, in a language and in a pipeline's own words."""

    def __init__(
        self,
        screen: Screen,
        pipeline: stages.Pipeline | None,
        portfolio: book.Portfolio,
    ) -> None:
        self._screen = screen
        self._own = {} if pipeline is None else pipeline.own_labels
        self._deals = sorted(portfolio.deals, key=_place)
        values = (deal.opportunity.value for deal in portfolio.deals)
        self._currencies = {value.currency for value in values if value is not None}

    def show(self) -> None:
        """Print the dearest, and how many more there are."""
        screen, say, deals = self._screen, self._screen.say, self._deals
        is_wide = screen.is_wide
        screen.line()
        screen.line(say("deals.title", count=len(deals)), "bold")
        headings = (
            Heading(say("deals.deal"), wraps=True, most=32 if is_wide else 14),
            Heading(say("deals.value"), is_number=True),
            Heading(say("deals.gates"), wraps=True, most=24 if is_wide else 12),
            Heading(say("deals.stage")),
            Heading(say("deals.days"), is_number=True),
            Heading(say("deals.missing"), wraps=True),
        )
        shown = deals[:_MOST_DEALS]
        screen.table(headings, map(self._row, shown))
        if any(map(_is_ageing, shown)):
            screen.line(say("deals.legend-days"))
        if len(deals) > _MOST_DEALS:
            more = say("review.more", count=len(deals) - _MOST_DEALS)
            screen.line(f"{more} (--format json)")

    def _row(self, deal: book.DealSheet) -> tuple[str, ...]:
        return (
            shortened(deal.opportunity.name or deal.opportunity.id),
            self._value(deal),
            self._label("decision", _slug(deal.gates.value)),
            self._stage(deal),
            _days(deal),
            self._missing(deal),
        )

    def _label(self, kind: str, slug: str) -> str:
        return plain(wording.label(kind, slug, self._screen.locale, own=self._own))

    def _value(self, deal: book.DealSheet) -> str:
        """The value; its currency too, where there are several."""
        value = deal.opportunity.value
        if value is None:
            return "?"
        amount = figure(value.amount, self._screen.locale)
        return f"{amount} {value.currency}" if len(self._currencies) > 1 else amount

    def _stage(self, deal: book.DealSheet) -> str:
        """The stage's name, broken between words only."""
        stage = deal.opportunity.stage
        if stage is None:
            return "?"
        return "\n".join(wrap(self._label("stage", stage), _STAGE_WIDTH))

    def _missing(self, deal: book.DealSheet) -> str:
        """Why it is not worth our time, what to ask, or what the stage waits for."""
        gates, say = deal.gates, self._screen.say
        if deal.is_advised_against and gates.decided_by is not None:
            gate = self._label("gate-id", gates.decided_by.value)
            why = [self._label("flag", flag) for flag in gates.flags]
            return why[0] if why else say("deals.fails", gate=gate)
        if gates.missing and gates.value is Decision.HOLD:
            question = self._label("question", gates.missing[0].question)
            if not self._screen.is_wide:
                return question
            asked = say("review.ask-for", fact=question)
            return "\n".join(filter(None, (asked, self._exits(deal))))
        return self._exits(deal)

    def _exits(self, deal: book.DealSheet) -> str:
        """Return what the stage waits for, as far as there is room."""
        say = self._screen.say
        if deal.way_on is None:
            return ""
        codes = [self._label("exit", gap.code) for gap in deal.way_on.unmet]
        if not codes:
            return say("deals.ready")
        most = _MOST_NAMED if self._screen.is_wide else 1
        named = say("review.semicolon").join(codes[:most])
        more = len(codes) - most
        return named if more <= 0 else f"{named} {say('review.more', count=more)}"


def _place(deal: book.DealSheet) -> tuple[bool, str, Decimal, str]:
    """The dearest first, of each currency; those without a value last."""
    value = deal.opportunity.value
    if value is None:
        return True, "", Decimal(0), deal.opportunity.id
    return False, value.currency, -value.amount, deal.opportunity.id


def _slug(member: object) -> str:
    return str(getattr(member, "value", member))


def _is_ageing(deal: book.DealSheet) -> bool:
    return any(task.kind is stages.TaskKind.AGEING for task in deal.tasks)


def _days(deal: book.DealSheet) -> str:
    """How long it has been at its stage; marked where that is too long."""
    if deal.days_in_stage is None:
        return ""
    return f"{'! ' if _is_ageing(deal) else ''}{deal.days_in_stage}"


def _people(portfolio: book.Portfolio, screen: Screen) -> None:
    """Say what is wrong with our standing at the customers with the dearest deals."""
    found: dict[str, str] = {}
    for deal in sorted(portfolio.deals, key=_place):
        if deal.customer is None or deal.people is None or not deal.people.flags:
            continue
        name = shortened(deal.customer.name)
        flags = (label("flag", flag, screen.locale) for flag in deal.people.flags)
        remark = screen.say("review.semicolon").join(flags)
        found[deal.customer.id] = screen.say("deals.person", name=name, remark=remark)
    if not found:
        return
    screen.line()
    screen.line(screen.say("deals.people"), "bold")
    for line in list(found.values())[:_MOST_PEOPLE]:
        screen.indented(line)
    if len(found) > _MOST_PEOPLE:
        screen.indented(screen.say("review.more", count=len(found) - _MOST_PEOPLE))


def _dated_ahead(portfolio: book.Portfolio, screen: Screen) -> None:
    """List the deals of which something is dated after the day of the review."""
    names = [shortened(deal.name or deal.id) for deal in portfolio.dated_ahead]
    if not names:
        return
    listed = screen.say("review.comma").join(names[:_MOST_AHEAD])
    if len(names) > _MOST_AHEAD:
        more = screen.say("review.more", count=len(names) - _MOST_AHEAD)
        listed = f"{listed} {more}"
    screen.line()
    screen.line(screen.say("deals.dated-ahead", names=listed))


def _agenda(found: book.Agenda, screen: Screen) -> None:
    """List what is late or due today, the oldest first."""
    due = (*found.late, *found.today)
    if not due:
        return
    screen.line()
    screen.line(screen.say("deals.today", count=len(due)), "bold")
    for item in due[:_MOST_TASKS]:
        parts = item.parts(found.as_of, screen.locale)
        named = (briefly(parts[0]), parts[1], *map(shortened, parts[2:]))
        screen.indented(" · ".join(named))
    if len(due) > _MOST_TASKS:
        screen.indented(screen.say("review.more", count=len(due) - _MOST_TASKS))


def deal_slugs(deal: book.DealSheet) -> dict[str, object]:
    """Return what a machine wants to know of an open deal."""
    found, gates = deal.opportunity, deal.gates
    unmet = () if deal.way_on is None else deal.way_on.unmet
    return {
        "deal": found.id,
        "customer": found.customer_id,
        "name": found.name,
        "value": None if found.value is None else str(found.value.amount),
        "currency": None if found.value is None else found.value.currency,
        "stage": found.stage,
        "days_in_stage": deal.days_in_stage,
        "decision": _slug(gates.value),
        "reachable": [_slug(one) for one in gates.reachable],
        "first_failing": gates.first_failing and gates.first_failing.value,
        "release_low": gates.release.low,
        "release_high": gates.release.high,
        "missing": [gap.fact for gap in gates.missing],
        "to_advance": [gap.code for gap in unmet],
        "tasks": [
            {
                "task": task.code,
                "kind": task.kind.value,
                "due_on": task.due_on.isoformat(),
                "days_late": task.days_late,
            }
            for task in deal.tasks
        ],
        "warnings": [] if deal.people is None else list(deal.people.flags),
    }
