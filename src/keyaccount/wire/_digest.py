"""The twelve letters that tell two policies apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


__all__ = ["digest_of"]


_TOLD = frozenset({"why", "label", "labels", "question"})
_LETTERS = 12


def digest_of(data: object) -> str:
    """Digest plain data, leaving out what only explains it.

    The first twelve hexadecimal digits of the SHA-256 of the data as JSON, keys
    sorted, without `why`, `label`, `labels` and `question`.
    """
    text = json.dumps(_decisive(data), sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_LETTERS]


def _decisive(data: object) -> object:
    if isinstance(data, Mapping):
        return {
            str(key): _decisive(part) for key, part in data.items() if key not in _TOLD
        }
    if isinstance(data, list | tuple):
        return [_decisive(part) for part in data]
    return data
