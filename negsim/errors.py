"""One form of message for everything that can be wrong with an input or a run."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any
from unicodedata import category, east_asian_width

import attrs

from negsim.clean import clean

MOST_NAMED = 12  # how many words a hint lists


@attrs.frozen(order=True)
class Place:
    """A place in a text: file, line and column counted from 1, and how many characters are meant."""

    file: str
    line: int
    column: int
    width: int = 1


@attrs.frozen
class Problem:
    """Something wrong in an input: where, what, and a way out.

    `text` is the offending line as it stands in the file (empty where there is none).
    """

    place: Place
    message: str
    hint: str | None = None
    text: str = ""
    severity: str = "error"

    def render(self) -> str:
        """The problem as `FILE:LINE:COLUMN: error: WHAT`, the line, a caret and the hint."""
        place = self.place
        lines = [f"{place.file}:{place.line}:{place.column}: {self.severity}: {self.message}"]
        if self.text.strip():
            shown, column = _excerpt(self.text, place.column)
            margin = f"  {place.line} | "
            before, meant = shown[: column - 1], shown[column - 1 :][: place.width]
            lines.append(margin + shown)
            lines.append(" " * (len(margin) - 2) + "| " + " " * _columns(before) + "^" * max(1, _columns(meant)))
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)


def _excerpt(text: str, column: int) -> tuple[str, int]:
    """The part of a long line around a column, without characters that would act, and the column in it."""
    shown = clean(text).replace("\t", " ")
    start = max(0, column - 80)
    return shown[start : start + 160].rstrip() or " ", column - start


def _columns(text: str) -> int:
    """How wide a text is where it is shown: joiners and combining marks take no room, wide characters two columns."""
    marks = ("Mn", "Me", "Cf")
    return sum(0 if category(c) in marks else 2 if east_asian_width(c) in "WF" else 1 for c in text)


class ScenarioError(Exception):
    """A scenario that cannot be used. `problems` holds every one of them, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.render() for problem in self.problems))


class ModelError(Exception):
    """A run that had to stop: what the scenario says has no meaning in the state it reached.

    `events` are the events logged before, where the run's maker kept them; `step` is what a day is called.
    """

    def __init__(self, message: str, *, where: str, day: int, step: str = "day") -> None:
        self.events: tuple[Any, ...] = ()
        self.message = message
        self.where = where
        self.day = day
        self.step = step
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.step} {self.day}: {self.where}: {self.message}"


@contextmanager
def in_steps(name: str) -> Iterator[None]:
    """Has a model error that comes out of here name its day by what a step of the scenario is called."""
    try:
        yield
    except ModelError as error:
        error.step = name
        raise


class UsageError(Exception):
    """A request that does not fit the scenario or the run: an unknown name, a day that never was.

    `settings` are those that the hint asks for, by the names that they have in Python; who shows the
    hint elsewhere says how they are given there.
    """

    def __init__(self, message: str, hint: str | None = None, *, settings: Sequence[str] = ()) -> None:
        self.message = message
        self.hint = hint
        self.settings = tuple(settings)
        super().__init__(message)


def to_install(extra: str) -> str:
    """How an extra of the package is installed: by the Python that runs here, since only what is there is found."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable or "python"
    return f'{python} -m pip install "negsim[{extra}]"'


class LogError(Exception):
    """A log or a store that cannot be trusted or used: cut, changed, reordered, locked, unknown."""


class StoreError(LogError):
    """A store that cannot be opened, made or written, or that is no store. `elsewhere`: another store would do."""

    def __init__(self, message: str, *, elsewhere: bool = False) -> None:
        self.message = message
        self.elsewhere = elsewhere
        super().__init__(f"{message}; name another store" if elsewhere else message)


MOST_COMPARED, LONGEST_COMPARED = 200, 64  # comparing takes time, and there can be thousands of words, and long ones


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is meant, as it seems; nothing where none is like it."""
    if len(word) > LONGEST_COMPARED:
        return None
    few = [name for name in islice(known, MOST_COMPARED) if len(name) <= LONGEST_COMPARED]
    return next(iter(difflib.get_close_matches(word, few, n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the closest known word, or lists a few; nothing where none is known."""
    names = list(dict.fromkeys(known))
    close = closest(word, names)
    few = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    if close:
        return f"did you mean '{close}'?" + (f" It can be: {few}" if len(names) <= MOST_NAMED else "")
    return f"it can be: {few}" if names else None
