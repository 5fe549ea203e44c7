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


# What is told of on a terminal, and where nobody may be looking: work that takes longer than the second number, judged
# after the first.
ON_TERMINAL, ELSEWHERE = (1.0, 10.0), (10.0, 60.0)
MINUTE, HOUR = 60, 3600


@contextmanager
def watched(unit: str, *, quiet: bool, shorter: str, even: bool = True) -> Iterator[Told | None]:
    """What is to be told how much was done; nothing where nobody wants to know.

    `unit` is what is counted; `shorter` says how the work can be made shorter, for whoever has to wait long. Where the
    work is not `even`, what is done says nothing of how long the rest will take.
    """
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        yield _Wait(unit, shorter, even, ELSEWHERE, lambda line: click.echo(line, err=True)).told
        return
    from rich.console import Console  # noqa: PLC0415 - rich is loaded where it is used
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as Bar  # noqa: PLC0415 - as above

    shown_on = Console(stderr=True, highlight=False, markup=False)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with Bar(*columns, console=shown_on, transient=True) as bar:
        task = bar.add_task("", total=None)
        wait = _Wait(unit, shorter, even, ON_TERMINAL, shown_on.print)

        def told(done: int, total: int | None, words: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=words or f"{done:,} {unit}")
            wait.told(done, total)

        yield told


@attrs.define(eq=False)
class _Wait:
    """How long work takes: told once, as soon as it is known to be long."""

    unit: str
    shorter: str
    even: bool
    patience: tuple[float, float]
    say: Callable[[str], object]
    _began: tuple[float, int] | None = None
    _is_said: bool = False

    def told(self, done: int, total: int | None, words: str | None = None) -> None:  # noqa: ARG002 - a bar shows words
        """Notes how much was done."""
        if self._began is None:
            self._began = (perf_counter(), done)
        elif not self._is_said:
            left = total - done if self.even and total is not None else None
            self._judge(perf_counter() - self._began[0], done - self._began[1], left)

    def _judge(self, seconds: float, made: int, left: int | None) -> None:
        """Says how long it will take, where that is long, or that it takes long, where no end is known."""
        looked, long = self.patience
        if left is None and seconds > long:
            self._tell(f"{made:,} {self.unit} so far")
        elif left is not None and made and seconds > looked:
            more = seconds / made * left
            if more > long:
                self._tell(f"this takes about {_words(more)} more")

    def _tell(self, what: str) -> None:
        self._is_said = True
        self.say(f"{what}; {self.shorter}")


def _words(seconds: float) -> str:
    for size, unit in ((HOUR, "h"), (MINUTE, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
