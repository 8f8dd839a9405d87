"""From a customer's sheet to the words of one row."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from decimal import Decimal

from keyaccount.book import Sheet
from keyaccount.domain import ValueTier
from keyaccount.exceptions import CurrencyMismatchError, MissingRateError
from keyaccount.rules import Lift, Missing
from keyaccount.tri import Tri

from ._screen import Screen
from ._text import amount, amounts, label, score


__all__ = ["Words", "slugs", "why_unconverted"]


def why_unconverted(
    error: CurrencyMismatchError | MissingRateError, screen: Screen
) -> str:
    """Say why amounts could not be converted, and what a reader of tables can do."""
    remedy = screen.say("review.add-rate")
    return screen.say(f"error.{error.code}", **{**error.data, "remedy": remedy})


class Words:
    """Says what a sheet holds, in the language of a screen."""

    def __init__(self, screen: Screen, said_once: Iterable[str] = ()) -> None:
        """*said_once* are facts that nobody knows of anybody: not asked row by row."""
        self.screen = screen
        self.locale = screen.locale
        self._said_once = frozenset(said_once)

    def tier(self, sheet: Sheet) -> str:
        """The tier to act on; the rung in brackets where a problem overlays it."""
        verdict = sheet.verdict
        if verdict is None:
            return "?"
        is_problem = sheet.tier is not None and sheet.tier.is_supervised
        possible = tuple(one.value for one in verdict.possible)
        return self.standing(possible, is_problem=is_problem)

    def standing(self, possible: tuple[str, ...], *, is_problem: bool) -> str:
        """The rung, or the two that it lies between; in brackets behind a problem."""
        rung = self.either(possible)
        if not is_problem:
            return rung
        problem = self.name(ValueTier.PROBLEM.value)
        return self.screen.say("review.problem-of", problem=problem, rung=rung)

    def either(self, possible: tuple[str, ...]) -> str:
        """One tier, or the lowest and the highest that are still possible."""
        lowest, highest = self.name(possible[0]), self.name(possible[-1])
        if len(possible) == 1:
            return lowest
        return self.screen.say("review.either", lowest=lowest, highest=highest)

    def either_of(self, kind: str, possible: Sequence[enum.Enum]) -> str:
        """One answer by its label, or the two ends of those still possible."""
        names = [label(kind, str(one.value), self.locale) for one in possible]
        if not names:
            return "?"
        if len(names) == 1:
            return names[0]
        ends = {"lowest": names[0], "highest": names[-1]}
        return self.screen.say("review.either", **ends)

    def label(self, kind: str, slug: str) -> str:
        """What people call a slug."""
        return label(kind, slug, self.locale)

    def name(self, slug: str) -> str:
        """The short name of a tier or prospect class."""
        return label("tier-name", slug, self.locale)

    def score(self, sheet: Sheet) -> str:
        """The score, or its bounds."""
        verdict = sheet.verdict
        if verdict is None or verdict.value is ValueTier.UNCLASSIFIED:
            return ""
        return score(verdict.score.low, verdict.score.high)

    def question(self, sheet: Sheet) -> str:
        """The question to ask first, in full; none where no answer would help."""
        verdict, ask = sheet.verdict, sheet.ask_first
        if verdict is None or ask is None:
            return ""
        if "no-full-year" in verdict.flags:
            return ""  # time answers it, not the customer
        is_open = not verdict.is_settled or verdict.value is ValueTier.UNCLASSIFIED
        if not is_open:
            is_checked = sheet.tier is None or sheet.tier.is_problem is not Tri.UNKNOWN
            if is_checked or ask.fact in self._said_once:
                return ""
        return label("question", ask.question, self.locale)

    def next_step(self, sheet: Sheet) -> str:
        """The one thing to do: cure a problem, ask what is open, or lift."""
        ask = sheet.ask_first
        if sheet.tier is not None and sheet.tier.is_supervised:
            return self.lift(sheet)
        if ask is not None and sheet.verdict and not sheet.verdict.is_settled:
            return self._ask(ask)
        return self.lift(sheet)

    def lift(self, sheet: Sheet) -> str:
        """What would cure the problem, or lift the customer to the next rung."""
        if sheet.unconverted is not None:
            why = why_unconverted(sheet.unconverted, self.screen)
            return self.screen.say("review.not-converted", why=why)
        tier, way = sheet.tier, sheet.way_up
        if tier is None or way is None:
            return ""
        if tier.is_supervised:
            causes = (label("problem", slug, self.locale) for slug in tier.triggers)
            because = self.screen.say("review.because", trigger=self.listed(causes))
            cure = [self._lift("review.cure", lift, "") for lift in way.cure[:1]]
            return self.screen.say("review.semicolon").join([because, *cure])
        if tier.value is ValueTier.UNCLASSIFIED:
            return self._without_figures(sheet)
        if way.target is None:
            at_top = tier.value is ValueTier.DIAMOND
            return self.screen.say("review.at-the-top") if at_top else ""
        target = self.name(way.target.value)
        if sheet.steps:
            step = sheet.steps[0]
            reached = self.name(step.reaches.value)
            return self._lift("review.reach", step.lift, reached)
        if way.waits_for_a_second_year:
            return self._second_year(sheet, target)
        if not tier.is_settled:
            return ""  # an answer comes before any lift
        return self.screen.say("review.no-single-lift", target=target)

    def _lift(self, code: str, lift: Lift, target: str) -> str:
        """The changes of one lift; what they reach is said once, at the beginning."""
        parts: list[str] = []
        for change in lift.changes:
            lever = label("lever", change.lever.name, self.locale)
            now, to = amounts(change.now, change.to, self.locale)
            said = "review.change" if parts else code
            parts.append(
                self.screen.say(said, lever=lever, now=now, to=to, target=target)
            )
        return self.screen.say("review.and").join(parts)

    def _without_figures(self, sheet: Sheet) -> str:
        flags = () if sheet.verdict is None else sheet.verdict.flags
        if "no-full-year" in flags:
            return label("flag", "no-full-year", self.locale)
        return "" if sheet.ask_first is None else self._ask(sheet.ask_first)

    def _ask(self, ask: Missing) -> str:
        return self.screen.say("review.ask-for", fact=ask.fact)

    def listed(self, parts: Iterable[str]) -> str:
        """Join the parts of a list as the language does."""
        return self.screen.say("review.comma").join(parts)

    def _figure(self, value: Decimal) -> str:
        return amount(value, self.locale)

    def _second_year(self, sheet: Sheet, target: str) -> str:
        way = sheet.way_up
        gap = "" if way is None or not way.gap else self._figure(way.gap)
        code = "review.second-year-more" if gap else "review.second-year"
        return self.screen.say(code, gap=gap, target=target)

    def term(self, sheet: Sheet, *, short: bool = False) -> str:
        """The worst term's rating; its name too, where there is room."""
        worst = sheet.worst_term
        if worst is None:
            return ""
        rating = worst.verdict.worst
        safety = label("safety", rating.safety.value, self.locale)
        if short:
            return safety
        control = label("controllability", rating.controllability.value, self.locale)
        name = (
            "" if worst.name is None else label("payment-term", worst.name, self.locale)
        )
        return self.listed(filter(None, (name, safety, control)))

    def reasons(self, sheet: Sheet) -> tuple[str, ...]:
        """The verdict's own reasons, a line each."""
        verdict = sheet.verdict
        return () if verdict is None else verdict.explain(self.locale)


def slugs(sheet: Sheet) -> dict[str, object]:
    """Return what a machine wants to know of a sheet: slugs, numbers, fact names."""
    tier, verdict, worst = sheet.tier, sheet.verdict, sheet.worst_term
    answers = () if verdict is None else verdict.possible
    possible = tuple(one.value for one in answers)
    effective = None if tier is None else tier.effective
    ask = sheet.ask_first
    customer = sheet.customer
    designation = sheet.lenses.designation
    designated = None if designation is None else designation.value
    return {
        "customer": customer.id,
        "name": customer.name,
        "relation": customer.relation.value,
        "tier": None if effective is None else effective.value,
        "rung": possible[0] if tier is not None and len(possible) == 1 else None,
        "rung_low": possible[0] if tier is not None else None,
        "rung_high": possible[-1] if tier is not None else None,
        "prospect_low": possible[0] if sheet.prospect is not None else None,
        "prospect_high": possible[-1] if sheet.prospect is not None else None,
        "score_low": None if verdict is None else verdict.score.low,
        "score_high": None if verdict is None else verdict.score.high,
        "is_problem": None if tier is None else tier.is_problem.value,
        "triggers": () if tier is None else tier.triggers,
        "unchecked": () if tier is None else tier.unchecked,
        "missing": () if verdict is None else tuple(m.fact for m in verdict.missing),
        "ask_first": None if ask is None else ask.fact,
        "next_rung": _target(sheet),
        "worst_term": None if worst is None else worst.name,
        "safety": None if worst is None else worst.verdict.worst.safety.value,
        "controllability": (
            None if worst is None else worst.verdict.worst.controllability.value
        ),
        "flags": () if verdict is None else verdict.flags,
        "designation": None if designated is None else designated.value,
    }


def _target(sheet: Sheet) -> str | None:
    way = sheet.way_up
    return None if way is None or way.target is None else way.target.value
