"""The exit codes, and the one mistake that only a command line can make."""

from __future__ import annotations


__all__ = ["FINDINGS", "FINE", "INPUT", "USAGE", "UsageError"]


FINE, FINDINGS, USAGE, INPUT = 0, 1, 2, 3


class UsageError(Exception):
    """An argument that no command takes: what, what was got, what to do."""

    def __init__(self, argument: str, got: str, wanted: str) -> None:
        super().__init__(argument, got, wanted)
        self.argument, self.got, self.wanted = argument, got, wanted

    def __str__(self) -> str:
        if not self.got:
            return f"{self.argument}: {self.wanted}"
        return f"{self.argument}: got {self.got!r}; use {self.wanted}"
