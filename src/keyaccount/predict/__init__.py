"""Learns from many purchase histories how customers buy, leave and spend (S3-1).

`fit_purchases` fits BG/NBD, `fit_spend` the gamma-gamma model. What comes back is
plain data of `keyaccount.models.lifetime`, which judges single customers by it and
needs no package of numerics. A fit that is no good is an error that says why, and
never a number.
"""

from __future__ import annotations

from keyaccount.exceptions import MissingExtraError


try:
    import scipy as _scipy
except ImportError as _error:
    raise MissingExtraError("clv", "scipy") from _error

from ._buying import fit_purchases
from ._spending import fit_spend


__all__ = ["fit_purchases", "fit_spend"]


del _scipy
