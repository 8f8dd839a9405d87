"""What a review makes of a customer's rung: up at once, down only on a trend (S2-25).

Moving up needs no patience, the two-year rule is patient enough. Moving down takes
weak reviews in a row, one a fiscal year, and a band below the amount is no weakness
yet: so nobody flaps. A problem counts at once and is over after clean reviews.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from keyaccount import wire
from keyaccount.domain import (
    Customer,
    FxTable,
    Money,
    Receivables,
    Standing,
    TierRecord,
    ValueTier,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Reason, Verdict, holds
from keyaccount.tri import Tri

from ._classify import TierVerdict, classify, yardstick
from ._facts import check_day, facts, years_of
from ._policy import TieringPolicy, default_policy


__all__ = ["ReviewVerdict", "review"]


@attrs.frozen
class ReviewEvidence:
    """What a review keeps to explain itself: what happened, and the new verdict."""

    policy: TieringPolicy
    what: Reason
    record: TierRecord
    verdict: TierVerdict

    def reason(self) -> Reason:
        """Say what the review does, and why the customer is judged as it is."""
        notes = [*self._override(), *self._cure(), self.verdict.why]
        return attrs.evolve(self.what, because=tuple(notes))

    def _override(self) -> tuple[Reason, ...]:
        """Show the tier set by hand: who, why, until when."""
        override = self.record.override
        if override is None:
            return ()
        said = _said("review-override", self.record.rung, override.tier)
        more = (
            ("by", override.by),
            ("until", override.until.isoformat()),
            ("remark", override.reason),
        )
        return (attrs.evolve(said, data=(*said.data, *more)),)

    def _cure(self) -> tuple[Reason, ...]:
        """Say how far a problem is from being over that this review did not find."""
        if not self.record.problem or self.verdict.is_problem is Tri.YES:
            return ()
        needed = float(self.policy.number("clean_reviews"))
        data = (("got", float(self.record.clean)), ("needed", needed))
        return (Reason("review-problem", data),)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen(repr=False)
class ReviewVerdict(wire.Plain, Verdict[ValueTier]):
    """Where the review leaves the customer.

    `value` is the rung, `effective` the tier to act on (a problem, or an override
    that is still valid), `before` the rung so far, `record` what the next review
    needs, `verdict` the raw judgement of the figures: that one may be open while
    the review always leaves a rung.
    """

    effective: ValueTier
    before: ValueTier
    record: TierRecord
    verdict: TierVerdict

    @property
    def has_moved(self) -> bool:
        """Whether the rung has changed."""
        return self.value is not self.before


def review(  # noqa: PLR0913 - the nouns that stand beside a customer
    record: TierRecord,
    customer: Customer,
    *,
    as_of: dt.date,
    receivables: Receivables | None = None,
    standing: Standing | None = None,
    lifetime: Money | None = None,
    fx: FxTable | None = None,
    policy: TieringPolicy | None = None,
) -> ReviewVerdict:
    """Review a customer's rung (DOMAIN 3.6, S2-25): keep, raise, strike or lower it.

    Args:
        record: where the last review left it; its rung is `unclassified` before the
            first. Keep `ReviewVerdict.record` for the next one. Where the policy has
            no gold, a gold record is read as strategic (S3-17).
        customer: whom the review is about.
        as_of: the day of this review; on the day of the last one it is the same
            review again, which neither strikes nor cures a second time.
        receivables: as in `classify`.
        standing: as in `classify`.
        lifetime: as in `classify`.
        fx: as in `classify`.
        policy: as in `classify`.

    Raises:
        InvalidValueError: the review is dated before the last one, or the customer
            is a prospect.
        CurrencyMismatchError: another currency than the policy's, and no `fx`.
    """
    rules = policy or default_policy()
    check_day(as_of)
    if as_of < record.reviewed_on:
        problems = Problems()
        last = f"not before the last review, {record.reviewed_on}"
        problems.add("as_of", "out-of-range", as_of.isoformat(), last)
        problems.check("review")
    if record.rung is ValueTier.GOLD and not rules.use_gold:
        record = attrs.evolve(record, rung=ValueTier.STRATEGIC)
    verdict = classify(
        customer,
        as_of=as_of,
        receivables=receivables,
        standing=standing,
        lifetime=lifetime,
        fx=fx,
        policy=rules,
    )
    years = years_of(customer, as_of)
    found = facts(
        customer,
        yardstick(rules, fx),
        as_of=as_of,
        receivables=receivables,
        standing=standing,
        lifetime=lifetime,
        years=years,
    )
    year = years.latest.year if years.latest else as_of.year
    moved, what = _move(record, verdict, found, year, rules)
    is_again = as_of == record.reviewed_on
    after = _supervise(moved, verdict, rules, is_again=is_again)
    after = attrs.evolve(after, reviewed_on=as_of)
    flags = list(verdict.flags)
    if (as_of - record.reviewed_on).days > rules.number("stale_review"):
        flags.append("stale-review")
    effective = ValueTier.PROBLEM if after.problem else after.rung
    override = record.override
    if override is not None and override.until >= as_of:
        flags.append("override")
        effective = override.tier
    elif override is not None:
        flags.append("override-expired")
        after = attrs.evolve(after, override=None)
    return ReviewVerdict(
        after.rung,
        (after.rung,),
        verdict.missing,
        tuple(flags),
        rules.ref,
        as_of,
        effective=effective,
        before=record.rung,
        record=after,
        verdict=verdict,
        evidence=ReviewEvidence(rules, what, after, verdict),
    )


def _move(
    record: TierRecord,
    verdict: TierVerdict,
    facts: Facts,
    year: int,
    policy: TieringPolicy,
) -> tuple[TierRecord, Reason]:
    rung = record.rung
    lowest = verdict.possible[0]
    clear = attrs.evolve(record, strikes=0, struck_in=None)
    if lowest.is_rung and (not rung.is_rung or lowest.rank < rung.rank):
        code = "review-up" if rung.is_rung else "review-first"
        return attrs.evolve(clear, rung=lowest), _said(code, rung, lowest)
    leaving = policy.leaving.get(rung)
    if leaving is None or lowest is rung:  # no rung to leave, or it is earned anew
        return clear, _said("review-keep", rung, rung)
    weak = holds(leaving, facts, {"composite": policy.composite.fold(facts)})
    if weak is Tri.UNKNOWN:
        return record, _said("review-open", rung, rung)
    if weak is Tri.NO:
        return clear, _said("review-keep", rung, rung)
    most = int(policy.number("strikes"))
    if record.struck_in is None or year > record.struck_in:
        strikes = min(record.strikes + 1, most)
        record = attrs.evolve(record, strikes=strikes, struck_in=year)
    is_rung = verdict.value is not None and verdict.value.is_rung
    if record.strikes >= most and is_rung:
        fallen = attrs.evolve(clear, rung=lowest)
        return fallen, _said("review-down", rung, lowest)
    said = _said("review-strike", rung, rung)
    return record, attrs.evolve(said, data=(*said.data, ("strikes", record.strikes)))


def _said(code: str, before: ValueTier, after: ValueTier) -> Reason:
    data = (("before", before.value), ("outcome", after.value))
    return Reason(code, (*data, ("answers", "value-tier")))


def _supervise(
    record: TierRecord, verdict: TierVerdict, policy: TieringPolicy, *, is_again: bool
) -> TierRecord:
    """A problem counts at once; it is over after clean reviews in a row."""
    if verdict.is_problem is Tri.YES:
        return attrs.evolve(record, problem=True, clean=0)
    if verdict.is_problem is Tri.UNKNOWN or not record.problem or is_again:
        return record
    clean = record.clean + 1
    if clean >= policy.number("clean_reviews"):
        return attrs.evolve(record, problem=False, clean=0)
    return attrs.evolve(record, clean=clean)
