"""What was passed by mistake: looked for once something broke, and told by name.

A decision trusts its arguments, so that a sound one costs no more than it must; what
is none of what is asked for breaks it soon, and only then does anybody look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from keyaccount.domain import DealEvent, Opportunity
from keyaccount.exceptions import Problems

from ._deal import Deal
from ._policy import Pipeline


__all__ = ["check_given"]


_KINDS: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        "deal": (Deal, "a Deal, as open_deal, decide and replay return one"),
        "deals": (Iterable, "a list of Deal"),
        "event": (DealEvent, "a DealEvent"),
        "opportunity": (Opportunity, "an Opportunity"),
        "pipeline": (
            Pipeline,
            "a Pipeline object: policies.read(…, stages.Pipeline) makes one of a file",
        ),
    }
)


def check_given(what: str, **given: object) -> None:
    """Refuse every argument that is not of the kind that its name stands for.

    Raises:
        InvalidValueError: all of them at once.
    """
    problems = Problems()
    for name, value in given.items():
        kind, wanted = _KINDS[name]
        problems.is_a(name, value, kind, wanted)
    problems.check(what)
