"""Case files: examples, written as TOML, of what the rules should answer.

A case names a model and a verb, gives the verb's arguments as the wire writes them,
and expects a part of the answer, or an error by its code. `read` finds everything
that is wrong with a file; `judge` holds one case against the library; `run` does
both.
"""

from __future__ import annotations

from ._file import MODELS, Case, read
from ._judge import CaseResult, Difference, judge, run


__all__ = ["MODELS", "Case", "CaseResult", "Difference", "judge", "read", "run"]
