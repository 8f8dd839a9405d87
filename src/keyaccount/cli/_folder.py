"""From a folder and the flags to the customers, the policies, the day, the review."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount import intake, policies
from keyaccount.book import Account, Policies, Portfolio, review
from keyaccount.book.policies import SHIPPED
from keyaccount.domain import WorkCalendar
from keyaccount.exceptions import Problems, ReadError, UnknownNameError
from keyaccount.models import tiering
from keyaccount.rules import Policy

from ._errors import UsageError
from ._kinds import KINDS, model_named
from ._screen import Screen


__all__ = [
    "POLICY_FILE",
    "Loaded",
    "day_of",
    "judged",
    "load",
    "model_of",
    "policies_of",
    "read_policy",
    "read_tables",
    "tiering_policy",
]


POLICY_FILE = "policy.toml"
_FIRST_YEAR, _LAST_YEAR = 1970, 2200  # as every date of a noun


@attrs.frozen
class Loaded:
    """A firm's tables, and the day on which they are reviewed."""

    company: intake.Company
    as_of: dt.date


def load(
    folder: Path,
    mapping: Path | None,
    as_of: str | None,
    screen: Screen,
    rules: Policies = SHIPPED,
) -> Loaded:
    """Read a folder; without a day, take the latest full year end and say so.

    Raises:
        ReadError: the folder or the mapping cannot be read.
        UsageError: the day is no date, or the tables hold none to take.
    """
    company = read_tables(folder, mapping, screen, rules)
    if as_of is not None:
        return Loaded(company, day_of(as_of))
    found = company.latest_full_year_end
    if found is None:
        raise UsageError("--as-of", "", screen.say("review.no-day"))
    screen.aside(screen.say("review.day-found", day=found.isoformat()))
    return Loaded(company, found)


def judged(  # noqa: PLR0913 - what the tables hold, and what the flags ask
    company: intake.Company,
    rules: Policies,
    screen: Screen,
    *,
    as_of: dt.date,
    accounts: tuple[Account, ...] | None = None,
    days: WorkCalendar | None = None,
) -> Portfolio:
    """Review all that the tables tell, and say how far it has come.

    *accounts* stand for the company's own, where subsidiaries are rolled up.
    """
    found = company.accounts if accounts is None else accounts
    tell, total = screen.progress("review.judging"), len(found)
    return review(
        found,
        as_of=as_of,
        policies=rules,
        fx=company.fx,
        loose_deals=company.loose_deals,
        loose_facts=company.loose_facts,
        intents=company.intents,
        firm=company.firm,
        days=days,
        progress=lambda done: tell("", done, total),
    )


def read_tables(
    folder: Path,
    mapping: Path | None,
    screen: Screen,
    rules: Policies = SHIPPED,
) -> intake.Company:
    """Read the tables of a folder, through a mapping if there is one.

    The names of terms, stages and lines of checklists are those of the policies.

    Raises:
        ReadError: the folder or the mapping cannot be read.
    """
    asked = () if rules.pipeline is None else rules.pipeline.facts
    own_facts = [fact.id for fact in asked]
    mapped = intake.mapping_for(folder, mapping, own_facts=own_facts)
    return intake.read_folder(
        folder,
        mapped,
        payment_policy=rules.payment,
        pipeline=rules.pipeline,
        readiness_policy=rules.readiness,
        progress=screen.progress("import.reading"),
    )


def day_of(text: str) -> dt.date:
    """Read the day of the review.

    Raises:
        UsageError: it is no date as YYYY-MM-DD.
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("--as-of", text, "a date as YYYY-MM-DD") from None
    if day.isoformat() != text:  # 20251231, 2025-W01-1
        raise UsageError("--as-of", text, "a date as YYYY-MM-DD")
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        wanted = f"a date between {_FIRST_YEAR} and {_LAST_YEAR}"
        raise UsageError("--as-of", text, wanted)
    return day


def policies_of(folder: Path, files: tuple[Path, ...], screen: Screen) -> Policies:
    """Read the policies that the flags or the folder name; a model a file.

    Raises:
        PolicyError: a policy has mistakes; all of them are listed.
    """
    if not files and (folder / POLICY_FILE).is_file():
        files = (folder / POLICY_FILE,)
        screen.aside(screen.say("review.policy-found", file=POLICY_FILE))
    found: dict[str, Path] = {}
    for file in files:
        model = model_of(file)
        if model in found:
            wanted = f"one policy a model; {found[model].name} is for {model} too"
            raise UsageError("--policy", file.name, wanted)
        if model not in _LENSES:
            wanted = f"a policy for {' or '.join(_LENSES)}; this one is for {model}"
            raise UsageError("--policy", file.name, wanted)
        found[model] = file
    read = {
        _LENSES[model]: policies.read(file, KINDS[model])
        for model, file in found.items()
    }
    return Policies(**read)  # type: ignore[arg-type]  # each is of its model's class


# The models that a review asks, and what `book.Policies` calls their policies.
_LENSES: Mapping[str, str] = MappingProxyType(
    {
        "tiering": "tiering",
        "payment": "payment",
        "qualification": "qualification",
        "stakeholders": "stakeholders",
        "stages": "pipeline",
        "forecast": "forecast",
        "selection": "selection",
        "buying": "buying",
        "segments": "segments",
        "growth": "growth",
        "fit": "fit",
        "lifetime": "lifetime",
        "allocation": "allocation",
        "motion": "motion",
        "readiness": "readiness",
        "engagement": "engagement",
        "communication": "communication",
        "plans": "plans",
    }
)


def model_of(file: Path) -> str:
    """Say which model a policy file is for: what it is based on, else its name."""
    problems = Problems()
    try:
        document = tomllib.loads(file.read_bytes().decode())
    except OSError as error:
        problems.add("", "bad-syntax", error.strerror, "name a file to be read")
    except (ValueError, RecursionError) as error:  # broken, no UTF-8, a huge number
        problems.add("", "bad-syntax", str(error), "write TOML in UTF-8")
    else:
        model = model_named(document)
        if model is not None:
            return model
        named = document.get("based_on", document.get("name"))
        names = " or ".join(f'"{name}"' for name in KINDS)
        wanted = f"based_on = {names}, or [[stages]] of a pipeline"
        problems.add("based_on", "unknown-choice", named, wanted)
    raise ReadError(f"policy {file.name}", problems.all())


def read_policy(name: str) -> Policy:
    """Read any policy, by its shipped name or its file, as its model's class.

    Raises:
        UnknownNameError: neither a shipped name nor a file.
        PolicyError: it has mistakes; all of them are listed.
    """
    path = Path(name)
    if path.is_file():
        return policies.read(path, KINDS[model_of(path)])
    model = model_named({"based_on": name})
    if model is None:
        raise UnknownNameError("policy", name, policies.shipped())
    return policies.read(name, KINDS[model])


def tiering_policy(name: str | Path) -> tiering.TieringPolicy:
    """Read a tiering policy by its name or file."""
    return policies.read(name, tiering.TieringPolicy)
