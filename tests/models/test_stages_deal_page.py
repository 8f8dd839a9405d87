"""A deal as a page: where it stands, how it ended, every event."""

from __future__ import annotations

import pytest

from keyaccount import wording
from keyaccount.domain import EventKind
from tests.models.stage_deals import closed, opened, paused


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_a_closed_deal_says_how_it_ended(locale: str) -> None:
    lost = closed(EventKind.LOSE).html(locale)

    assert wording.label("outcome", "lost", locale) in lost
    assert wording.label("outcome", "lost", locale) not in opened().html(locale)


def test_a_deal_on_hold_says_until_when() -> None:
    resting = paused()
    pause = resting.last.pause

    assert pause is not None
    assert pause.resume_on.isoformat() in resting.html()
