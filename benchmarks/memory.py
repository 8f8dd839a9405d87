"""What 100,000 customers with three years and all five amounts weigh."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc

from .report import Held, Table, held


__all__ = ["measure"]


COUNT = 100_000


def measure(rounds: int) -> list[Table]:
    """Weigh them in a process of their own, as Python and as the system count."""
    del rounds  # allocation is the same every time
    kilobytes = {}
    for how in ("python", "system"):
        command = [sys.executable, "-m", "benchmarks.memory", how]
        answer = subprocess.run(  # noqa: S603 - our own module
            command, check=True, capture_output=True, text=True
        )
        kilobytes[how] = float(answer.stdout) / COUNT / 1000
    python, system = kilobytes["python"], kilobytes["system"]
    return [
        held(
            f"Memory of {COUNT:,} customers, kB each (1 kB = 1,000 bytes)",
            [
                Held("", "as Python allocates it", python, f"{python:.2f}", 3.5),
                Held("", "as the system counts it", system, f"{system:.2f}"),
            ],
        )
    ]


def _weigh(how: str) -> int:
    from .models import customers  # noqa: PLC0415 - not in the parent process

    list(customers(10))  # what is built once does not count
    gc.collect()
    if how == "python":
        tracemalloc.start()
        held_ = list(customers(COUNT))
        gc.collect()
        weight = tracemalloc.get_traced_memory()[0]
    else:
        before = _resident()
        held_ = list(customers(COUNT))
        gc.collect()
        weight = _resident() - before
    assert len(held_) == COUNT
    return weight


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a benchmark
        return int(file.read().split()[1]) * 4096


if __name__ == "__main__":
    print(_weigh(sys.argv[1]))
