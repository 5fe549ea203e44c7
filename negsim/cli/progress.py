"""What is told of long work, on standard error: a bar on a terminal, and once a line on how to make it shorter."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Protocol

import attrs
import click


class Told(Protocol):
    """What is to be told how much was done, how much there is to do, if that is known, and perhaps in which words."""

    def __call__(self, done: int, total: int | None, words: str | None = None) -> None:
        """Takes note of it."""


LOOKED_SECONDS = 1.0  # before it is told how long it will take
LONG_SECONDS = 10.0  # what is told of on a terminal
VERY_LONG_SECONDS = 60.0  # what is told of where nobody may be looking
MINUTE, HOUR = 60, 3600


@contextmanager
def watched(unit: str, *, quiet: bool, shorter: str) -> Iterator[Told | None]:
    """What is to be told how much was done; nothing where nobody wants to know.

    `unit` is what is counted; `shorter` says how the work can be made shorter, for whoever has to wait long.
    """
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        yield _Wait(unit, shorter, VERY_LONG_SECONDS, lambda line: click.echo(line, err=True)).told
        return
    from rich.console import Console  # noqa: PLC0415 - rich is loaded where it is used
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as Bar  # noqa: PLC0415 - as above

    shown_on = Console(stderr=True, highlight=False, markup=False)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with Bar(*columns, console=shown_on, transient=True) as bar:
        task = bar.add_task("", total=None)
        wait = _Wait(unit, shorter, LONG_SECONDS, shown_on.print)

        def told(done: int, total: int | None, words: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=words or f"{done:,} {unit}")
            wait.told(done, total)

        yield told


@attrs.define(eq=False)
class _Wait:
    """How long work takes: told once, as soon as it is known to be long."""

    unit: str
    shorter: str
    long_seconds: float
    say: Callable[[str], object]
    _began: tuple[float, int] | None = None
    _is_said: bool = False

    def told(self, done: int, total: int | None, words: str | None = None) -> None:  # noqa: ARG002 - a bar shows words
        """Notes how much was done."""
        if self._began is None:
            self._began = (perf_counter(), done)
        elif not self._is_said:
            self._judge(perf_counter() - self._began[0], done - self._began[1], None if total is None else total - done)

    def _judge(self, seconds: float, made: int, left: int | None) -> None:
        """Says how long it will take, where that is long, or that it takes long, where no end is known."""
        if left is None and seconds > self.long_seconds:
            self._tell(f"{made:,} {self.unit} so far")
        elif left is not None and made and seconds > LOOKED_SECONDS:
            more = seconds / made * left
            if more > self.long_seconds:
                self._tell(f"this takes about {_words(more)} more")

    def _tell(self, what: str) -> None:
        self._is_said = True
        self.say(f"{what}; {self.shorter}")


def _words(seconds: float) -> str:
    for size, unit in ((HOUR, "h"), (MINUTE, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
