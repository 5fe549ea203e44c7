"""Tests are no package: what they share (`naive`) is found beside them."""

import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import pytest

sys.path.insert(0, str(Path(__file__).parent))

IS_POSIX = hasattr(os, "fork") and all(map(find_spec, ("fcntl", "resource", "termios")))


# How long an example takes says what the machine does beside.
hypothesis.settings.register_profile("negsim", deadline=None)
hypothesis.settings.load_profile("negsim")


def pytest_configure() -> None:
    # Where the tests run in the background of a shell, they and all that they start would hear no interruption.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before a test's own conditions: a browser that is missing is no reason there
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("posix") and not IS_POSIX:
        pytest.skip("it needs POSIX: its links, modes, pipes, signals or terminals")
