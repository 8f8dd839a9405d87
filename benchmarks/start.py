"""T10: whole processes, from start to end, each against `import attrs`."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from types import MappingProxyType

from .report import Held, Table, held, ways
from .timing import figures


__all__ = ["measure"]


SOURCE = Path(__file__).resolve().parents[1] / "src"
_RATE = 'ka.payment.rate("deposit-and-balance-before-shipment")'
_CODE = MappingProxyType(
    {
        "attrs": "import attrs",
        "nothing": "",
        "front door": "import keyaccount",
        "rules": "import keyaccount.rules",
        "domain": "import keyaccount.domain",
        "cattrs": "import attrs, cattrs",
        "rate": f"import keyaccount as ka; {_RATE}",
    }
)
_NAMES = MappingProxyType(
    {
        "attrs": "`import attrs`",
        "nothing": "Python alone",
        "front door": "`import keyaccount`",
        "rules": "`import keyaccount.rules`: the kernel, every class of it",
        "domain": "`import keyaccount.domain`: the nouns, every class of them",
        "cattrs": "`import attrs, cattrs`",
        "rate": f"`{_CODE['rate']}`: policy read, checked and compiled",
    }
)


def measure(rounds: int) -> list[Table]:
    """Start each process in turn, many times over."""
    order = list(_CODE)
    shuffle = random.Random(7).shuffle
    for name in order:
        _run(_CODE[name])  # bytecode is written, files are in memory
    times: dict[str, list[float]] = {name: [] for name in order}
    for _ in range(rounds):
        shuffle(order)
        for name in order:
            start = time.perf_counter()
            _run(_CODE[name])
            times[name].append(time.perf_counter() - start)
    found = figures(times, "attrs")
    door = found["front door"]
    return [
        held(
            "Starting, × a process that imports attrs",
            [Held("T10", "`import keyaccount`", door.ratio, door.spread, 1.3, 1.1)],
        ),
        ways("T10: a whole process", _NAMES, found),
    ]


def _run(code: str) -> None:
    path = f"import sys; sys.path.insert(0, {str(SOURCE)!r})\n"
    subprocess.run([sys.executable, "-I", "-c", path + code], check=True)  # noqa: S603 - our own code
