"""Every case file of ours is a test, a case each; the sentence is the name."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyaccount import cases


FILES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
CASES = [
    pytest.param(case, id=f"{file.stem}: {case.name}")
    for file in FILES
    for case in cases.read(file)
]


@pytest.mark.parametrize("case", CASES)
def test_the_rules_answer_as_expected(case: cases.Case) -> None:
    result = cases.judge(case)

    assert result.passed, "\n".join(
        [
            *(
                f"{part.path}: expected {part.expected}, found {part.found}"
                for part in result.differences
            ),
            *result.reasons,
        ]
    )
