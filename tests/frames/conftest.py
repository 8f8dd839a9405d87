"""What the tests of columns share."""

from __future__ import annotations

import pytest

from tests.frames.ran import Ran


@pytest.fixture
def ran(request: pytest.FixtureRequest) -> Ran:
    """Count what an engine answers alike; the end of the run tells it."""
    return Ran(request.node)
