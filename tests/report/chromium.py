"""Opens a page in headless Chromium and asks about it, over a pipe."""

from __future__ import annotations

import itertools
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


__all__ = ["CHROMIUM", "Page", "needs_chromium", "opened"]


CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome")
     if (found := shutil.which(name))),
    None,
)  # fmt: skip

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: apt-get install chromium"
)

_PATIENCE = 60


class Page:
    """A page in a browser: what it said, what it asked for, what is on it."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session: str | None = None
        self.said: list[str] = []
        self.asked_for: list[str] = []

    def open(self, file: Path, width: int, height: int = 900) -> None:
        """Open a file in a window of a size, and wait until it is there."""
        self._session = None
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        found = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = found["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Security"):
            self._ask(f"{domain}.enable")
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        self.said.clear()
        self.asked_for.clear()
        self._ask("Page.navigate", url=file.as_uri())
        deadline = time.monotonic() + _PATIENCE
        while self.run("document.readyState") != "complete":
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script returns
        """Evaluate a script from outside; the page's own policy does not see it."""
        found = self._ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def dark(self) -> None:
        """Ask for the dark colours."""
        features = [{"name": "prefers-color-scheme", "value": "dark"}]
        self._ask("Emulation.setEmulatedMedia", features=features)

    def printed(self, script: str) -> Any:  # noqa: ANN401 - the same
        """Evaluate a script while the page is laid out for paper."""
        self._ask("Emulation.setEmulatedMedia", media="print")
        return self.run(script)

    def _ask(self, method: str, **params: object) -> Any:  # noqa: ANN401 - the same
        number = next(self._numbers)
        message: dict[str, object] = {"id": number, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + _PATIENCE
        while True:
            for answer in self._heard(deadline):
                if answer.get("id") == number:
                    assert "error" not in answer, answer
                    return answer["result"]
                self._note(answer)

    def _heard(self, deadline: float) -> Iterator[dict[str, Any]]:
        if b"\0" not in self._rest:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self._from], [], [], max(left, 0))
            assert ready, "the browser says nothing"
            self._rest += os.read(self._from, 1 << 20)
        while b"\0" in self._rest:
            line, _, self._rest = self._rest.partition(b"\0")
            yield json.loads(line)

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Log.entryAdded":
                self.said.append(params["entry"]["text"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self.said.append(json.dumps(params))
            case "Page.javascriptDialogOpening":
                self.said.append(f"dialog: {params['message']}")
            case "Network.requestWillBeSent":
                self.asked_for.append(params["request"]["url"])


@contextmanager
def opened(file: Path, width: int, profile: Path) -> Iterator[Page]:
    """Open a file in a browser of its own."""
    assert CHROMIUM is not None
    into, to_browser = os.pipe()
    from_browser, out = os.pipe()
    command = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-dev-shm-usage", "--disable-background-networking",
        "--disable-component-update", f"--user-data-dir={profile}",
        "--remote-debugging-pipe",
    ]  # fmt: skip

    def three_and_four() -> None:  # where the browser expects its pipes
        os.dup2(into, 103)
        os.dup2(out, 104)
        os.dup2(103, 3)
        os.dup2(104, 4)

    browser = subprocess.Popen(  # noqa: S603 - the browser that was found
        command,
        preexec_fn=three_and_four,  # noqa: PLW1509 - nothing else gives it two pipes
        close_fds=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(into)
    os.close(out)
    try:
        page = Page(to_browser, from_browser)
        page.open(file, width)
        yield page
    finally:
        browser.terminate()
        browser.wait(_PATIENCE)
        os.close(to_browser)
        os.close(from_browser)
