"""How a command ends: its exit status, and output that nobody reads any more."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

DONE, NO, BAD_INPUT, MODEL_ERROR, INTERRUPTED = 0, 1, 2, 3, 130


def no_more_output() -> None:
    """Drops what is still to be written: nobody reads it, or there is no room for it."""
    with suppress(OSError, AttributeError):  # where standard output is no file, or none, there is nothing to drop
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
