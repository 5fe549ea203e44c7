"""The collector: every problem of every file of a scenario, each once, in file order."""

from __future__ import annotations

from collections.abc import Iterable

from negsim.errors import Place, Problem, ScenarioError
from negsim.language.nodes import Node, Scalar, Sheet, extent, spot
from negsim.language.odd import first_odd, meant_by, named
from negsim.language.tongues import Tongues
from negsim.scenario.calendar_steps import Step

Warned = tuple[tuple[str, str], str, str | None]  # a warning: the place by kind and name, what, and a way out

MOST_SHOWN = 200
MOST_FOUND = 1_000
LONGEST_LINE = 10_000
LONGEST_NAMED = 100  # in a longer text an odd character is probably meant


class Enough(Exception):  # noqa: N818  # no mistake of its own: there are too many to go on
    """More problems than anyone reads."""


class Problems:
    """What is wrong so far. Checks go on after a problem, so that all are found at once.

    Raises Enough where there are a great many. `step` is what time is counted in, for what is said of it, `tongues`
    are the languages of what is read.
    """

    def __init__(self, severity: str = "error", *, language: str | None = None) -> None:
        self.step = Step.DAY
        self.tongues = Tongues(language)
        self._severity = severity
        self._found: dict[tuple[Place, str], Problem] = {}
        self._order: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, at: Node, message: str, hint: str | None = None) -> None:
        """A problem with a node as a whole."""
        line, column, width = extent(at)
        self.put(at.sheet, Place(at.sheet.name, line, column, width), message, hint)

    def within(self, at: Scalar, span: tuple[int, int], message: str, hint: str | None = None) -> None:
        """A problem with a part of a scalar's text, from one offset to another."""
        line, column = spot(at, span[0])
        width = max(1, span[1] - span[0])
        self.put(at.sheet, Place(at.sheet.name, line, column, width), message, hint)

    def __len__(self) -> int:
        return len(self._found)

    def put(self, sheet: Sheet, place: Place, message: str, hint: str | None = None) -> None:
        """A problem with a place in a file."""
        self._order.setdefault(sheet.name, sheet.order)
        text = sheet.lines[place.line - 1] if 0 < place.line <= len(sheet.lines) else ""
        text = text if len(text) <= LONGEST_LINE else ""
        hint = _with_odd(hint, text[place.column - 1 :][: place.width])
        problem = Problem(place, message, hint, text, self._severity)
        self._found.setdefault((place, message), problem)
        if len(self._found) >= MOST_FOUND:
            raise Enough

    def take(self, found: Iterable[Problem], order: int) -> None:
        """Problems that were found elsewhere, of files whose place in the order of reading is `order`."""
        for problem in found:
            self._order.setdefault(problem.place.file, order)
            self._found.setdefault((problem.place, problem.message), problem)
            if len(self._found) >= MOST_FOUND:
                raise Enough

    def sorted(self, most: int = MOST_SHOWN) -> tuple[Problem, ...]:
        """The problems in file order; of a great many, the first ones and a word on the rest."""

        def key(problem: Problem) -> tuple[int, int, int]:
            return (self._order[problem.place.file], problem.place.line, problem.place.column)

        found = sorted(self._found.values(), key=key)
        rest = len(found) - most
        if rest <= 0:
            return tuple(found)
        last = found[most].place
        many = f"{rest} more problem{'' if rest == 1 else 's'}"
        many = many if len(found) < MOST_FOUND else f"at least {many}"
        more = Problem(last, f"and {many}", severity=self._severity)
        return (*found[:most], more)

    def raise_any(self) -> None:
        """Raise a ScenarioError if there is a problem."""
        if self._found:
            raise ScenarioError(self.sorted())


def _with_odd(hint: str | None, meant: str) -> str | None:
    """The hint, and a word on a character in the place that only looks like another."""
    odd = first_odd(meant) if len(meant) <= LONGEST_NAMED else None
    if odd is None or (hint is not None and len(meant) == 1):
        return hint
    plain = meant_by(odd)
    looks = "cannot be seen" if plain == "nothing" else f"looks like {plain} and is none"
    said = f"{named(odd)} in it {looks}"
    return said if hint is None else f"{said}; {hint}"
