"""Cells that vary readings: one at a time around what is given, or crossed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from negsim.ensemble.design.cells import Cell, crossed
from negsim.errors import UsageError
from negsim.scenario.held import held_readings, readings_meant
from negsim.scenario.model import Scenario
from negsim.scenario.settings import defaults

EACH, ALL = "each", "all"
SEVERAL = 2


def named(scenario: Scenario, readings: str | Iterable[str]) -> tuple[str, ...]:
    """The readings that `a,b`, `each`, `all` or some names stand for, in the order of the file; raises `UsageError`."""
    words = readings.split(",") if isinstance(readings, str) else list(readings)
    words = [word.strip() for word in words]
    if words in ([EACH], [ALL]):
        words = list(scenario.readings)
    names = {name for word in words for name in readings_meant(scenario, word, EACH, ALL)}
    if not names:
        raise UsageError("this scenario has no reading", "readings are declared under `readings:`")
    return tuple(name for name in scenario.readings if name in names)


def size(scenario: Scenario, readings: str | Iterable[str]) -> int:
    """How many cells they make."""
    if is_each(readings):
        return len(varied(scenario, readings, defaults(scenario).readings))
    return prod(len(scenario.readings[name].options) for name in named(scenario, readings))


def is_each(readings: str | Iterable[str]) -> bool:
    """Whether each reading is to be varied alone."""
    return readings == EACH or [*readings] == [EACH]


def varied(scenario: Scenario, readings: str | Iterable[str], given: Mapping[str, str]) -> list[Cell]:
    """The cells: for `each` what is given and then each other option alone, else all combinations, the first slowest.

    Where a reading is held, each holder alone takes another option, and then all of them take one together: these cells
    name each holder. Any other names no reading that it leaves as `given`.
    """
    names = named(scenario, readings)
    others = {
        name: [
            Cell() if option == given[name] else Cell({}, {name: option}) for option in scenario.readings[name].options
        ]
        for name in names
    }
    if is_each(readings):
        alone = [(name, cell) for name in names for cell in others[name] if not cell.is_base]
        last = {by_holder[-1]: by_holder for by_holder in held_readings(scenario).values()}
        found = [Cell()]
        for name in names:
            found += [cell for of, cell in alone if of == name]
            found += _alike(scenario, last.get(name, ()), given)
        return found
    cells = [Cell()]
    for name in names:
        cells = crossed(cells, others[name])
    return cells


def _alike(scenario: Scenario, by_holder: tuple[str, ...], given: Mapping[str, str]) -> list[Cell]:
    """For each option a cell in which all holders take it, where there are several and not all take it yet."""
    if len(by_holder) < SEVERAL:
        return []
    cells = [dict.fromkeys(by_holder, option) for option in scenario.readings[by_holder[0]].options]
    return [Cell({}, answers) for answers in cells if any(given[name] != answers[name] for name in by_holder)]
