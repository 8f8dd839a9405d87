"""From a folder and the flags to the customers, the policies and the day."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount import intake, policies
from keyaccount.book import Policies
from keyaccount.exceptions import Problems, ReadError, UnknownNameError
from keyaccount.models import buying, payment, tiering
from keyaccount.rules import Policy

from ._errors import UsageError
from ._screen import Screen


__all__ = [
    "POLICY_FILE",
    "Loaded",
    "load",
    "model_of",
    "policies_of",
    "read_policy",
    "tiering_policy",
]


POLICY_FILE = "policy.toml"
_FIRST_YEAR, _LAST_YEAR = 1970, 2200  # as every date of a noun
_KINDS: Mapping[str, type[Policy]] = MappingProxyType(
    {
        "buying": buying.BuyingPolicy,
        "payment": payment.PaymentPolicy,
        "tiering": tiering.TieringPolicy,
    }
)


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
    *,
    terms: payment.PaymentPolicy | None = None,
) -> Loaded:
    """Read a folder; without a day, take the latest full year end and say so.

    Raises:
        ReadError: the folder or the mapping cannot be read.
        UsageError: the day is no date, or the tables hold none to take.
    """
    mapped = intake.NO_MAPPING if mapping is None else intake.read_mapping(mapping)
    progress = screen.progress("import.reading")
    company = intake.read_folder(
        folder, mapped, payment_policy=terms, progress=progress
    )
    if as_of is not None:
        return Loaded(company, _day(as_of))
    found = company.latest_full_year_end
    if found is None:
        raise UsageError("--as-of", "", screen.say("review.no-day"))
    screen.aside(screen.say("review.day-found", day=found.isoformat()))
    return Loaded(company, found)


def _day(text: str) -> dt.date:
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
        found[model] = file
    return Policies(
        tiering=tiering_policy(found["tiering"]) if "tiering" in found else None,
        payment=_payment_policy(found["payment"]) if "payment" in found else None,
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
        named = document.get("based_on", document.get("name"))
        if isinstance(named, str) and named in _KINDS:
            return named
        names = " or ".join(f'"{name}"' for name in _KINDS)
        wanted = f"based_on = {names}"
        problems.add("based_on", "unknown-choice", named, wanted)
    raise ReadError(f"policy {file.name}", problems.all())


def read_policy(name: str) -> Policy:
    """Read any policy, by its shipped name or its file, as its model's class.

    Raises:
        UnknownNameError: neither a shipped name nor a file.
        PolicyError: it has mistakes; all of them are listed.
    """
    path = Path(name)
    model = model_of(path) if path.is_file() else name
    kind = _KINDS.get(model)
    if kind is None:
        raise UnknownNameError("policy", name, policies.shipped())
    return policies.read(path if path.is_file() else name, kind)


def tiering_policy(name: str | Path) -> tiering.TieringPolicy:
    """Read a tiering policy by its name or file."""
    return policies.read(name, tiering.TieringPolicy)


def _payment_policy(name: str | Path) -> payment.PaymentPolicy:
    """Read a payment policy by its name or file."""
    return policies.read(name, payment.PaymentPolicy)
