"""From the rows that tell of our own side to what we know of it for one customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

import attrs

from keyaccount.book.our_side import NOTHING_OF_OURS, OurSide
from keyaccount.domain import (
    AccountPlan,
    AccountProject,
    AccountTeam,
    AnnualTarget,
    BusinessPositioning,
    Commitment,
    Customer,
    CustomerAction,
    Issue,
    Money,
    Pairing,
    ProjectTask,
    SalesMotion,
    ServicePromise,
    TargetKind,
    TeamMember,
    ValueProposition,
    WeakPoint,
)
from keyaccount.exceptions import InvalidValueError, Problem, nearest
from keyaccount.tri import Tri

from ._columns import Table
from ._our_tables import OF_CUSTOMERS
from ._rows import Entry, Ledger, each_of, one_problem, single


__all__ = ["by_project", "ours_of", "renamed", "targets_of"]


Rows: TypeAlias = Mapping[str, list[Entry]]
Noun = TypeVar("Noun")

_TEAM = Table("team", (), ("customer", "name"))
_PROJECT = "project"
_WAY = ("offer", "coverage", "sponsorship")
_NEARNESS = ("proximity", "model", "since")


def by_project(
    table: str,
    entries: Mapping[str, Sequence[Entry]],
    people: Mapping[str, Entry],
    ledger: Ledger,
) -> dict[str, list[Entry]]:
    """Sort a table's rows by the customer of their project; one of none is rejected."""
    customers = {
        str(row.values["id"]): str(row.values["customer"])
        for row in entries.get("projects", ())
    }
    found: dict[str, list[Entry]] = {}
    for row in entries.get(table, ()):
        project = str(row.values["project"])
        customer = customers.get(project)
        if customer is not None and customer in people:
            found.setdefault(customer, []).append(row)
        else:
            _reject_without_project(row, ledger)
    return found


def ours_of(customer: Customer, rows: Rows, ledger: Ledger) -> OurSide:
    """Build what we know of our own side of one customer."""
    if not any(rows[table] for table in OF_CUSTOMERS):
        return NOTHING_OF_OURS
    commitment = _settled(Commitment, "fulfilled")
    issue = _settled(Issue, "resolved", "responded")
    pairing = renamed(Pairing, executive="executive_id")
    action = renamed(CustomerAction, person="stakeholder_id")
    motion, team = _selling(customer, rows, ledger)
    return OurSide(
        motion=motion,
        team=team,
        commitments=each_of(rows["commitments"], commitment, ledger),
        issues=each_of(rows["issues"], issue, ledger),
        pairings=each_of(rows["pairings"], pairing, ledger),
        plans=each_of(rows["plans"], renamed(AccountPlan), ledger),
        projects=_projects(rows, ledger),
        positioning=_one(BusinessPositioning, rows["positioning"], ledger),
        actions=each_of(rows["actions"], action, ledger),
        propositions=_propositions(customer, rows["propositions"], ledger),
        promise=_one(ServicePromise, rows["promises"], ledger),
        targets=targets_of(rows["targets"], customer.currency, ledger),
    )


def targets_of(
    rows: Sequence[Entry], currency: str | None, ledger: Ledger
) -> tuple[AnnualTarget, ...]:
    """Build what we aim at; amounts stand in *currency* unless a row names another.

    Amounts of one year stand in one currency: that of the first row.
    """
    build = renamed(AnnualTarget)
    spoken: dict[int, str | None] = {}

    def target(row: Entry) -> AnnualTarget:
        is_amount = row.values.get("kind") is TargetKind.SALES_AMOUNT
        if is_amount and currency is not None and "currency" not in row.values:
            row = attrs.evolve(row, values={**row.values, "currency": currency})
        found = build(row)
        first = spoken.setdefault(found.year, found.currency) if is_amount else None
        if first is not None and found.currency != first:
            wanted = f"{first}, as the year's other amounts"
            told = one_problem("currency", "contradiction", found.currency, wanted)
            raise InvalidValueError(row.file, told)
        return found

    return each_of(rows, target, ledger)


def renamed(kind: Callable[..., Noun], **names: str) -> Callable[[Entry], Noun]:
    """Return what builds a noun of a row; *names* says which column is which field.

    Where the noun names a field in a problem the column is named instead.
    """
    fields = {"customer": "customer_id", **names}
    columns = {f"$.{field}": f"$.{column}" for column, field in fields.items()}

    def build(row: Entry) -> Noun:
        given = {fields.get(name, name): value for name, value in row.values.items()}
        try:
            return kind(**given)
        except InvalidValueError as error:
            told = (
                Problem(columns.get(p.path, p.path), p.code, p.data)
                for p in error.problems
            )
            raise InvalidValueError(row.file, tuple(told)) from None

    return build


def _settled(kind: Callable[..., Noun], *answers: str) -> Callable[[Entry], Noun]:
    """Return what builds a noun of a row in which a day alone means yes."""
    build = renamed(kind)

    def settle(row: Entry) -> Noun:
        dated = [answer for answer in answers if f"{answer}_on" in row.values]
        told = {**dict.fromkeys(dated, Tri.YES), **row.values}
        return build(attrs.evolve(row, values=told))

    return settle


def _one(kind: Callable[..., Noun], rows: list[Entry], ledger: Ledger) -> Noun | None:
    """Build what a table says once of a customer; None where it says nothing."""
    return next(iter(each_of(rows, renamed(kind), ledger)), None)


def _selling(
    customer: Customer, rows: Rows, ledger: Ledger
) -> tuple[SalesMotion | None, AccountTeam | None]:
    """Say how we sell, and who does; None of what no table tells.

    Where somebody of the team is left out nobody claims to know who is on it.
    """
    motion, team = None, AccountTeam(customer.id)
    for row in rows["motion"]:
        way = _picked(row, _WAY)
        try:
            team = AccountTeam(customer.id, **_picked(row, _NEARNESS))
            motion = SalesMotion(**way) if way else None
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    members = each_of(single(_TEAM, rows["team"], ledger), _member, ledger)
    everybody = {row.text("name") for row in rows["team"]}
    if members and len(members) == len(everybody):
        try:
            team = attrs.evolve(team, members=members)
        except InvalidValueError as error:  # more than anybody has
            _reject_all(rows["team"], _in_column(error, "name"), ledger)
    return motion, None if team == AccountTeam(customer.id) else team


def _picked(row: Entry, columns: Sequence[str]) -> dict[str, Any]:
    return {name: row.values[name] for name in columns if name in row.values}


def _member(row: Entry) -> TeamMember:
    return TeamMember(**_picked(row, ("name", "department", "strengths")))


def _projects(rows: Rows, ledger: Ledger) -> tuple[AccountProject, ...]:
    """Build the projects, each with its weak points and its tasks."""
    points = _of_each_project(rows["weak_points"])
    tasks = _of_each_project(rows["project_tasks"])
    build = renamed(AccountProject)
    found = []
    for row in rows["projects"]:
        slug = str(row.values["id"])
        told, to_do = points.get(slug, []), tasks.get(slug, [])
        try:
            bare = build(row)
            known = each_of(told, renamed(WeakPoint), ledger)
            aimed = _aimed(to_do, [point.id for point in known], ledger)
            done = each_of(aimed, _settled(ProjectTask, "done"), ledger)
            found.append(attrs.evolve(bare, weak_points=known, tasks=done))
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
            for part in (*told, *to_do):
                if not ledger.has_rejected(part.file, part.line):
                    _reject_without_project(part, ledger, slug)
    return tuple(found)


def _of_each_project(rows: list[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for row in rows:
        values = {name: row.values[name] for name in row.values if name != _PROJECT}
        plain = attrs.evolve(row, values=values)
        found.setdefault(str(row.values[_PROJECT]), []).append(plain)
    return found


def _aimed(rows: list[Entry], points: list[str], ledger: Ledger) -> list[Entry]:
    """Leave out the tasks that address a weak point which the project has not."""
    found = []
    for row in rows:
        point = row.text("weak_point")
        if point is None or point in points:
            found.append(row)
        else:
            wanted = nearest(point, points)
            told = one_problem("weak_point", "unknown-choice", point, wanted)
            ledger.reject(row, told)
    return found


def _propositions(
    customer: Customer, rows: list[Entry], ledger: Ledger
) -> tuple[ValueProposition, ...]:
    build = renamed(ValueProposition)

    def proposition(row: Entry) -> ValueProposition:
        values = {name: row.values[name] for name in row.values if name != "currency"}
        currency = row.text("currency") or customer.currency
        amount = row.values.get("amount")
        if isinstance(amount, Decimal):
            if currency is None:
                wanted = "a currency, of the row or of its customer"
                told = one_problem("currency", "missing", None, wanted)
                raise InvalidValueError(row.file, told)
            values["amount"] = Money(amount, currency)
        return build(attrs.evolve(row, values=values))

    return each_of(rows, proposition, ledger)


def _reject_without_project(
    row: Entry, ledger: Ledger, project: str | None = None
) -> None:
    got = row.text(_PROJECT) if project is None else project
    wanted = "no accepted row of the projects has this id"
    ledger.reject(row, one_problem(_PROJECT, "contradiction", got, wanted))


def _reject_all(
    rows: list[Entry], problems: tuple[Problem, ...], ledger: Ledger
) -> None:
    for row in rows:
        ledger.reject(row, problems)


def _in_column(error: InvalidValueError, column: str) -> tuple[Problem, ...]:
    return tuple(Problem(f"$.{column}", p.code, p.data) for p in error.problems)
