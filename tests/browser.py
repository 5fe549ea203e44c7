"""Pages opened in Chromium, headless, spoken to over a pipe: what they ask for, what they complain of.

Chromium is no dependency: tests that need it are skipped where it is not installed.
"""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_SECONDS = 600


def found() -> str | None:
    """The path of Chromium; nothing where there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    """Chromium with one open page. Use it as a context; `home` is an empty folder for its profile."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._number = 0
        self._rest = b""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        import fcntl  # noqa: PLC0415 - POSIX alone has it

        self._in, theirs_out = os.pipe()
        theirs_in, self._out = os.pipe()
        # The protocol's descriptors are 3 and 4; ours are moved out of their way before they are put there.
        pair = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, 10) for each in (theirs_in, theirs_out)]

        def wire() -> None:
            os.dup2(pair[0], 3)
            os.dup2(pair[1], 4)

        chromium = found()
        assert chromium
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        self._process = subprocess.Popen(
            [chromium, *options, "--remote-debugging-pipe", f"--user-data-dir={self._home}", "about:blank"],
            preexec_fn=wire,  # noqa: PLW1509 - it calls dup2 alone
            pass_fds=(3, 4),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for each in (theirs_in, theirs_out, *pair):
            os.close(each)
        targets = self._asked("Target.getTargets")["targetInfos"]
        target = next(each["targetId"] for each in targets if each["type"] == "page")
        self._session = self._asked("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)
        os.close(self._in)
        os.close(self._out)

    def ask(self, method: str, **parameters: Any) -> Any:
        """What the page answers."""
        return self._asked(method, session=self._session, **parameters)

    def _asked(self, method: str, *, session: str | None = None, **parameters: Any) -> Any:
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def _read(self) -> Any:
        while b"\0" not in self._rest:
            more = os.read(self._in, 1 << 16)
            if not more:
                raise RuntimeError("the browser has gone")
            self._rest += more
        first, _, self._rest = self._rest.partition(b"\0")
        return json.loads(first)

    def open(self, path: Path, *, width: int = 1280, height: int = 900) -> None:
        """Opens a file and waits until it has settled."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.events.clear()
        self.ask("Page.navigate", url=path.absolute().as_uri())
        self.wait("document.readyState === 'complete'")

    def wait(self, condition: str) -> None:
        """Waits until a condition holds in the page."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not self.value(condition):
            if time.monotonic() > ends:
                raise TimeoutError(condition)
            time.sleep(0.05)

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def complaints(self) -> list[str]:
        """What stands on the console: errors, warnings, what the security policy stopped."""
        said = []
        for event in self.events:
            match event.get("method"):
                case "Runtime.consoleAPICalled":
                    said.append(json.dumps(event["params"]["args"]))
                case "Runtime.exceptionThrown":
                    said.append(json.dumps(event["params"]["exceptionDetails"]))
                case "Log.entryAdded":
                    said.append(event["params"]["entry"]["text"])
        return said

    def requests(self) -> list[str]:
        """What was asked for, the page itself left out."""
        asked = [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        return [url for url in asked if not url.startswith("file:")]
