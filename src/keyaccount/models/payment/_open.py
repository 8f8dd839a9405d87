"""What a term may come to while something about it is unknown, and what to ask first.

What nobody has told us is filled in with every answer there is, a few at a time;
truth is constant between a policy's thresholds, so one number from each stretch is
enough. Where that would be too many cases the rest stays open and is judged on two
rails: still sound, a little wider.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from keyaccount.tri import Tri

from ._facts import UNCOVERED, WHOLE, Slice, is_unknown, prepaid_slice
from ._policy import Bench, PaymentPolicy
from ._sums import RATINGS, Case, Exposure, Rating, Sums, exposure, judge


__all__ = ["Spread", "is_open", "look_out"]


_MOST_PIECES = 2 * 2 * 2 * 2 * 100  # tranches judged, over all cases


class Spread(NamedTuple):
    """What may come out: ratings, worst first, the widest sums, facts to ask for."""

    possible: tuple[Rating, ...]
    unsafe: tuple[int, int]
    uncontrolled: tuple[int, int]
    prepaid: tuple[int, int]
    missing: tuple[str, ...]


class _Gap(NamedTuple):
    """One unknown fact of one tranche; of the term as a whole where *at* is -1."""

    fact: str
    at: int


_Result: TypeAlias = tuple[Sums, Exposure]


class _Filled(NamedTuple):
    """A case, and which answer it gives to each gap that was filled in."""

    case: Case
    answers: Mapping[_Gap, int]


def is_open(case: Case) -> bool:
    """Tell whether anything that could matter is unknown."""
    if case.customised is Tri.UNKNOWN:
        return True
    for part in case.slices:  # noqa: SIM110 - half the price of a generator
        if None in part or part.low != part.high:
            return True
    return False


def look_out(case: Case, policy: PaymentPolicy) -> Spread:
    """Judge every way of filling in what is unknown, the large tranches first."""
    case = Case(tuple(sorted(case.slices, key=_size)), case.customised)
    filled, rest = _fill(case, policy)
    bench = policy.bench
    found = [
        (one, (judge(one.case, bench), exposure(one.case.slices))) for one in filled
    ]
    gaps = dict.fromkeys(gap for one in filled for gap in one.answers)
    narrowed: dict[str, float] = {}
    for gap in gaps:
        groups = _groups(gap, found)
        if all(group == groups[0] for group in groups):
            continue
        still = [_ratings(sums for sums, _ in group) for group in groups]
        count = sum(map(len, still)) / len(groups)
        fact = _asked(gap, case)
        narrowed[fact] = min(count, narrowed.get(fact, count))
    asked = sorted(narrowed, key=narrowed.__getitem__)
    asked += [_asked(gap, case) for gap in rest]
    every = [sums for _, (sums, _) in found]
    return Spread(
        _ratings(every),
        _span(sums.unsafe for sums in every),
        _span(sums.uncontrolled for sums in every),
        _span(sums.prepaid for sums in every),
        tuple(dict.fromkeys(asked)),
    )


def _size(part: Slice) -> tuple[int, str]:
    """Sort tranches so that their order in the term makes no difference."""
    return -part.share, repr(part)


def _asked(gap: _Gap, case: Case) -> str:
    """Return the fact to ask for: who asks for a cover asks for its ratio, too."""
    if gap.fact == "cover_ratio" and is_unknown(case.slices[gap.at]):
        return "cover"
    return gap.fact


def _groups(gap: _Gap, found: list[tuple[_Filled, _Result]]) -> list[set[_Result]]:
    """Sort what comes out by the answer to one question.

    A case in which nobody would ask it belongs to every answer.
    """
    count = 1 + max(one.answers.get(gap, 0) for one, _ in found)
    groups: list[set[_Result]] = [set() for _ in range(count)]
    for one, result in found:
        answer = one.answers.get(gap)
        for group in groups if answer is None else (groups[answer],):
            group.add(result)
    return groups


def _ratings(every: Iterable[Sums]) -> tuple[Rating, ...]:
    found = {rating for sums in every for rating in sums.ratings}
    return tuple(rating for rating in RATINGS.values() if rating in found)


def _span(spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    lows, highs = zip(*spans, strict=True)
    return min(lows), max(highs)


def _fill(case: Case, policy: PaymentPolicy) -> tuple[list[_Filled], list[_Gap]]:
    """Fill in one unknown fact after the other, as far as the cases stay few."""
    most = _MOST_PIECES // max(2 * 2, len(case.slices))
    filled = [_Filled(case, {})]
    left: list[_Gap] = []
    gaps = [_Gap("customised", -1)]
    for fact in ("timing", "recourse", "cover", "cover_ratio", "tenor_days", "title"):
        gaps += [_Gap(fact, at) for at in range(len(case.slices))]
    for gap in gaps:
        more: list[_Filled] = []
        for one in filled:
            answers = _answers(one.case, gap, policy)
            more += [
                _Filled(answer, {**one.answers, gap: index})
                for index, answer in enumerate(answers)
            ] or [one]
            if len(more) > most:
                left.append(gap)
                break
        else:
            filled = more
    return filled, left


def _answers(case: Case, gap: _Gap, policy: PaymentPolicy) -> tuple[Case, ...]:
    """Return the case with every answer to one question; none if it is not asked."""
    if gap.fact == "customised":
        if case.customised is not Tri.UNKNOWN:
            return ()
        return Case(case.slices, Tri.YES), Case(case.slices, Tri.NO)
    told = _told(case.slices[gap.at], gap.fact, policy)
    before, after = case.slices[: gap.at], case.slices[gap.at + 1 :]
    return tuple(Case((*before, one, *after), case.customised) for one in told)


def _told(part: Slice, fact: str, policy: PaymentPolicy) -> tuple[Slice, ...]:
    """Return a tranche with every answer to one question about it."""
    if fact == "timing":
        return _timings(part) if part.timing is None else ()
    if fact in {"cover", "recourse"}:
        is_asked = bool(part.choices) and is_unknown(part) is (fact == "cover")
        return _covers(part) if is_asked else ()
    if fact == "cover_ratio":
        return _ratios(part, policy.bench)
    if fact == "tenor_days":
        if part.tenor is not None:
            return ()
        return tuple(part._replace(tenor=float(days)) for days in policy.tenors)
    if part.title is not None:
        return ()
    return tuple(part._replace(title=title) for title in ("full", "weak", "none"))


def _timings(part: Slice) -> tuple[Slice, ...]:
    delivered = "none" if part.title is None else part.title
    return (
        prepaid_slice(part.share),
        part._replace(timing="doc"),
        part._replace(timing="post", title=delivered),
    )


def _covers(part: Slice) -> tuple[Slice, ...]:
    return tuple(
        part._replace(cover=quality, low=0, high=0, choices=())
        if quality == UNCOVERED
        else part._replace(cover=quality, choices=())
        for quality in part.choices
    )


def _ratios(part: Slice, bench: Bench) -> tuple[Slice, ...]:
    """Cut the open ratio where this tranche alone would become immaterial."""
    if part.low == part.high:
        return ()
    enough = min(max(WHOLE - bench.most // part.share, part.low), part.high)
    bounds = ((part.low, enough - 1), (enough, part.high - 1), (part.high, part.high))
    return tuple(
        part._replace(low=low, high=high) for low, high in bounds if low <= high
    )
