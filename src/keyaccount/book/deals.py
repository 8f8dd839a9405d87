"""One open deal through every lens: the gates, the people, the term, the way on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from keyaccount import wording
from keyaccount.domain import (
    Customer,
    Decision,
    EventKind,
    GateResult,
    Opportunity,
    ProspectClass,
    ValueTier,
)
from keyaccount.models import payment, qualification, stages, stakeholders
from keyaccount.rules import display
from keyaccount.tri import Tri

from .policies import SHIPPED, Policies
from .shown import Page, headings, name_of, said, unfolded


__all__ = ["DealSheet", "deal_facts", "deal_sheet"]


CustomerClass = ValueTier | ProspectClass | None


@attrs.frozen(repr=False)
class DealSheet(Page):
    """What the models say of one deal that is still open.

    `gates` is the verdict of the four gates, `people` the map of the people at the
    customer (None where nobody knows whose deal it is), `term` whether the payment
    term is within what we accept. `deal` stands in the pipeline where the opportunity
    does; `way_on` tells what is missing to advance (None where nothing leads on, or
    where the stage is not known), `tasks` what is due.
    """

    opportunity: Opportunity
    customer: Customer | None
    as_of: dt.date
    gates: qualification.DealVerdict
    people: stakeholders.MapVerdict | None = None
    term: payment.Choice | None = None
    deal: stages.Deal | None = None
    way_on: stages.Option | None = None
    tasks: tuple[stages.Task, ...] = ()

    @property
    def days_in_stage(self) -> int | None:
        """How long it has been at its stage; None where nobody knows since when."""
        known = self.opportunity.history or self.opportunity.opened_on
        if self.deal is None or not known:
            return None
        return self.deal.days_in_stage(self.as_of)

    @property
    def is_advised_against(self) -> bool:
        """Whether the gates say to leave it: no opportunity, no bid, not worth it."""
        return self.gates.value in _LEFT

    def cells(self, locale: str = "en") -> tuple[str, str, str, str]:
        """Return its name, the gates' decision, its stage and what it lacks."""
        stage = self.opportunity.stage
        return (
            name_of(self.opportunity.name, self.opportunity.id),
            self.gates.explain(locale)[0],
            "" if stage is None else wording.label("stage", stage, locale),
            said("review.comma", locale).join(self._lacking(locale)),
        )

    def _lacking(self, locale: str) -> tuple[str, ...]:
        """Return what is missing to move on, as people call it."""
        unmet = () if self.way_on is None else self.way_on.unmet
        return tuple(wording.label("exit", gap.code, locale) for gap in unmet)

    def html(self, locale: str = "en") -> display.Html:
        """Write it as HTML in a language: the decision, what it lacks, then why."""
        name, decision, _, _ = self.cells(locale)
        tasks = (
            (task.due_on.isoformat(), wording.plain(task.explain(locale)[0]))
            for task in self.tasks
        )
        lacking = (
            said("shown.lacking", locale, text=one) for one in self._lacking(locale)
        )
        return display.block(
            locale,
            display.headline(f"{name}: {decision}"),
            display.remarks(lacking),
            display.table(
                said("report.caption-dues", locale),
                headings(locale, "due.on", "due.what"),
                tasks,
                locale,
            ),
            unfolded(self, locale),
        )

    def _counts(self) -> tuple[str, ...]:
        decision = self.gates.value
        answer = "open" if decision is None else decision.value
        return self.opportunity.id, answer, f"as of {self.as_of}"


_LEFT = (Decision.NOT_AN_OPPORTUNITY, Decision.NO_BID, Decision.NOT_WORTH)


def deal_facts(
    opportunity: Opportunity,
    *,
    gates: qualification.DealVerdict | None = None,
    people: stakeholders.MapVerdict | None = None,
    term: payment.Choice | None = None,
) -> dict[str, object]:
    """Gather what a pipeline may ask of a deal from the other models' answers.

    A gate that waits for information is not known; one that passes although a
    question is open (S1-9b) passes. The result is for `stages.decide` and its kin; a
    fact of your own pipeline goes beside it.
    """
    covered = contacted = Tri.UNKNOWN
    if people is not None:
        covered = people.decision_maker_covered
        contacted = people.contacted_business_or_technical
    found = () if gates is None else gates.gates
    return stages.known_of(
        opportunity,
        gates={
            gate.gate: gate.result
            for gate in found
            if gate.result is not GateResult.HOLD
        },
        decision_maker_covered=covered,
        business_or_technical_contacted=contacted,
        term_rated=_is_rated(term),
        term_within_appetite=_is_acceptable(term),
    )


def _is_rated(term: payment.Choice | None) -> Tri:
    if term is None:
        return Tri.UNKNOWN
    verdicts = (*term.acceptable, *term.undecided, *term.refused)
    return Tri.YES if all(one.is_settled for one in verdicts) else Tri.UNKNOWN


def _is_acceptable(term: payment.Choice | None) -> Tri:
    if term is None or term.undecided:
        return Tri.UNKNOWN
    return Tri.of(bool(term.acceptable))


def deal_sheet(  # noqa: PLR0913 - what stands around a deal, all by name
    opportunity: Opportunity,
    *,
    as_of: dt.date,
    customer: Customer | None = None,
    customer_class: CustomerClass = None,
    people: stakeholders.MapVerdict | None = None,
    known: Mapping[str, object] | None = None,
    policies: Policies = SHIPPED,
) -> DealSheet:
    """Judge one open deal by every model there is.

    Args:
        opportunity: the deal.
        as_of: the day of the review.
        customer: whose it is, as far as known.
        customer_class: what the customer is worth: the appetite for terms and the
            emphasis of the questions follow it.
        people: the map of the people at the customer, as `stakeholders.read` draws it.
        known: facts of your own pipeline, by name.
        policies: your own.
    """
    gates = qualification.qualify(
        opportunity,
        as_of=as_of,
        customer_class=customer_class,
        policy=policies.qualification,
    )
    term = _choice(opportunity, customer_class, as_of, policies)
    sheet = DealSheet(opportunity, customer, as_of, gates, people, term)
    pipeline = policies.pipeline or stages.default_policy()
    if opportunity.stage not in pipeline.by_id or opportunity.outcome is not None:
        return sheet
    gathered = deal_facts(opportunity, gates=gates, people=people, term=term)
    facts = pipeline.read({**gathered, **(known or {})})
    deal = stages.adopt(
        opportunity, facts, as_of=as_of, actor=_ACTOR, pipeline=pipeline
    )
    ways = stages.options(deal, facts, pipeline=pipeline)
    due = stages.due(
        deal, facts, as_of=as_of, pipeline=pipeline, opportunity=opportunity
    )
    onward = [way for way in ways if way.kind in _ONWARD]
    return attrs.evolve(
        sheet, deal=deal, way_on=onward[0] if onward else None, tasks=due
    )


_ACTOR = "review"
_ONWARD = (EventKind.ADVANCE, EventKind.WIN)


def _choice(
    opportunity: Opportunity,
    customer_class: CustomerClass,
    as_of: dt.date,
    policies: Policies,
) -> payment.Choice | None:
    """Say whether we accept the term; not where nobody knows it, or the customer."""
    term = opportunity.payment_term
    if term is None or not isinstance(customer_class, ValueTier):
        return None
    price = opportunity.value
    is_price = price is not None and price.amount > 0
    return payment.choose(
        [term],
        customer_class,
        price=price if is_price else None,
        policy=policies.payment,
        as_of=as_of,
    )
