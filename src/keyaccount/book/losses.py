"""What the loss of each strategic customer would cost, seen beside all others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs

from keyaccount.models import selection
from keyaccount.tri import Tri

from .beside_others import Whole
from .policies import Policies
from .sheet import Sheet


__all__ = ["with_losses"]


def with_losses(
    sheets: Sequence[Sheet], *, as_of: dt.date, policies: Policies, whole: Whole
) -> tuple[Sheet, ...]:
    """Return the sheets, those of strategic customers with what their loss would cost.

    Nobody asks it of others; and where customers have no shares, nobody can tell.
    """
    asked = [
        one.customer.id
        for one in sheets
        if one.lenses.designation is not None
        and one.lenses.designation.is_strategic is Tri.YES
        and one.customer.id in whole.scales
    ]
    if not asked:
        return tuple(sheets)
    found = selection.loss_impacts(
        asked, whole.customers, as_of=as_of, fx=whole.fx, policy=policies.selection
    )
    losses = {loss.customer_id: loss for loss in found}
    return tuple(
        attrs.evolve(one, lenses=attrs.evolve(one.lenses, loss=losses[one.customer.id]))
        if one.customer.id in losses
        else one
        for one in sheets
    )
