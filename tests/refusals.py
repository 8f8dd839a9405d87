"""Call something that must be refused, and see what for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keyaccount.exceptions import InvalidValueError


__all__ = ["refused"]


def refused(
    make: Callable[..., object], *args: object, **kwargs: object
) -> tuple[tuple[str, str], ...]:
    """Return path and code of everything that was wrong; every message can be said."""
    with pytest.raises(InvalidValueError) as caught:
        make(*args, **kwargs)
    error = caught.value
    assert str(error).encode()
    assert len(str(error)) < 1000 * len(error.problems)
    return tuple((problem.path, problem.code) for problem in error.problems)
