"""Where do we put people and money, and on how few do we rest?

S2-1, S3-19, DOMAIN 2.1 (portfolio matrix), 6.2. `allocate` shares effort out by class,
`concentration` tells how much hangs on the largest customers, `matrix` places an
account between its attractiveness and our strength, `distribution` says whether the
tiers of a portfolio look sane. All take plain values: the tiers come from `tiering`,
the amounts from wherever you have them. It says where effort should go, not what a
customer is worth: that is `tiering`.
"""

from __future__ import annotations

from ._allocate import AllocationVerdict, Share, Shares, allocate
from ._concentration import ConcentrationVerdict, TopShare, concentration
from ._distribution import DistributionVerdict, distribution
from ._facts import (
    CONCENTRATION_FACTS,
    DISTRIBUTION_FACTS,
    MATRIX_FACTS,
    Dependence,
    MatrixCell,
    Shape,
)
from ._matrix import Mark, Marks, MatrixVerdict, matrix, matrix_facts
from ._policy import AllocationPolicy, TierWeight, Top, default_policy


__all__ = [
    "CONCENTRATION_FACTS",
    "DISTRIBUTION_FACTS",
    "MATRIX_FACTS",
    "AllocationPolicy",
    "AllocationVerdict",
    "ConcentrationVerdict",
    "Dependence",
    "DistributionVerdict",
    "Mark",
    "Marks",
    "MatrixCell",
    "MatrixVerdict",
    "Shape",
    "Share",
    "Shares",
    "TierWeight",
    "Top",
    "TopShare",
    "allocate",
    "concentration",
    "default_policy",
    "distribution",
    "matrix",
    "matrix_facts",
]
