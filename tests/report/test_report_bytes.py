"""The same review gives the same bytes, whatever the computer is set to."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest


pytest.importorskip("keyaccount.report", reason="the extra report is not here")
pytest.importorskip("xlsxwriter", reason="the extra excel is not here")

PROJECT = Path(__file__).parents[2]
SCRIPT = """
import hashlib
from keyaccount import plots, report
from tests.report.demo_firm import RULES, company, portfolio

found, fx = portfolio(), company().fx
chart = plots.svg(plots.tier_ladder(found, locale="zh-Hans"))
for locale in ("en", "zh-Hans", "zh-Hant"):
    told = dict(policies=RULES, fx=fx, locale=locale)
    for written in (
        report.page(found, charts={"classes": chart}, **told).encode(),
        report.markdown(found, **told).encode(),
        report.workbook(found, **told),
    ):
        print(hashlib.sha256(written).hexdigest())
"""


def test_four_seeds_two_locales_and_two_time_zones_give_the_same_bytes() -> None:
    pytest.importorskip("keyaccount.plots", reason="the extra plots is not here")
    runs = []
    places = itertools.cycle((("C.UTF-8", "UTC"), ("zh_CN.UTF-8", "Asia/Shanghai")))
    for seed, (language, zone) in zip(("0", "1", "42", "1234"), places, strict=False):
        env = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "LC_ALL": language,
            "LANG": language,
            "TZ": zone,
        }
        done = subprocess.run(  # noqa: S603 - this interpreter, a script of ours
            [sys.executable, "-c", SCRIPT],
            cwd=PROJECT, env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        runs.append(done.stdout.split())

    assert len(runs) == 4
    assert len({*runs[0]}) == len(runs[0]) == 9
    assert all(run == runs[0] for run in runs)
