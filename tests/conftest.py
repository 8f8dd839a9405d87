"""How hard the tests try: profiles of Hypothesis, and a stop for hostile input.

`KEYACCOUNT_PROFILE` chooses the profile. `quick` is what a newcomer's first run
uses: 60 examples a law, other ones each time. `ci` draws half as many, the same ones
each time, for what random examples have tried before; `deep` 1,000, `brief` 10:
enough to see that an installed copy is whole.
A test that deserves more than the others scales with the profile:

    RULES = settings(max_examples=5 * max(100, settings().max_examples))

is 500 cases at least, and 5,000 under `deep`.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.frames import ran


_HOSTILE_SECONDS = 5

settings.register_profile(
    "quick",
    max_examples=60,
    deadline=None,  # two busy cores say nothing about a property
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "ci",
    settings.get_profile("quick"),
    max_examples=30,
    derandomize=True,
    print_blob=True,
)
settings.register_profile("deep", settings.get_profile("ci"), max_examples=1_000)
settings.register_profile("brief", settings.get_profile("ci"), max_examples=10)
settings.load_profile(os.environ.get("KEYACCOUNT_PROFILE", "quick"))


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Stop every hostile test after five seconds: a hang is an answer too late.

    Under coverage every line takes several times as long, and where every core runs
    tests none is whole for one of them: there the stop is later.
    """
    measured = config.pluginmanager.hasplugin("_cov")
    shared = "PYTEST_XDIST_WORKER" in os.environ
    seconds = _HOSTILE_SECONDS * (5 if measured else 1) * (3 if shared else 1)
    for item in items:
        if "hostile" in item.path.stem:
            item.add_marker(pytest.mark.hostile)
        if item.get_closest_marker("hostile"):
            item.add_marker(pytest.mark.timeout(seconds))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which engines the columns were held to the object path on, and which not."""
    passed = terminalreporter.stats.get("passed", [])
    if told := ran.lines(passed):
        terminalreporter.section("columns: the same answers on")
        for line in told:
            terminalreporter.line(line)
