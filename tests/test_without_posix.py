"""Where POSIX is not, all tests are found, and those that need it are skipped with the reason."""

import os
import re
import subprocess
import sys
from pathlib import Path

BARE = """
import os
import signal
import sys

import pytest

for name in ("fcntl", "pty", "resource", "termios", "tty"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "killpg", "mkfifo", "openpty"):
    delattr(os, name)
del signal.SIGKILL
sys.exit(pytest.main(sys.argv[1:]))
"""


def bare(*words: str) -> subprocess.CompletedProcess[str]:
    """What pytest says in a process that hides what only POSIX has."""
    tests = Path(__file__).parent
    command = [sys.executable, "-c", BARE, "-q", "-p", "no:cacheprovider", *words, str(tests)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(command, cwd=tests.parent, env=environment, capture_output=True, text=True, check=False)


def test_what_needs_posix_is_skipped_with_the_reason() -> None:
    done = bare("-m", "posix")
    *_, reason, told = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"\d+ skipped, \d+ deselected in .*", told), done.stdout
    assert reason.endswith(": it needs POSIX: its links, modes, pipes, signals or terminals")
