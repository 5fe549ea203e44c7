"""Cells that vary readings: one at a time around what is given, or crossed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from negsim.ensemble.design.cells import Cell, crossed
from negsim.errors import UsageError, did_you_mean
from negsim.scenario.model import Scenario

EACH, ALL = "each", "all"


def named(scenario: Scenario, readings: str | Iterable[str]) -> tuple[str, ...]:
    """The readings that `a,b`, `each`, `all` or some names stand for, in the order of the file; raises `UsageError`."""
    words = readings.split(",") if isinstance(readings, str) else list(readings)
    names = [word.strip() for word in words]
    if names in ([EACH], [ALL]):
        names = list(scenario.readings)
    for name in names:
        if name not in scenario.readings:
            raise UsageError(f"there is no reading `{name}`", did_you_mean(name, (*scenario.readings, EACH, ALL)))
    if not names:
        raise UsageError("this scenario has no reading", "readings are declared under `readings:`")
    return tuple(name for name in scenario.readings if name in names)


def size(scenario: Scenario, readings: str | Iterable[str]) -> int:
    """How many cells they make."""
    options = [len(scenario.readings[name].options) for name in named(scenario, readings)]
    return 1 + sum(count - 1 for count in options) if is_each(readings) else prod(options)


def is_each(readings: str | Iterable[str]) -> bool:
    """Whether each reading is to be varied alone."""
    return readings == EACH or [*readings] == [EACH]


def varied(scenario: Scenario, readings: str | Iterable[str], given: Mapping[str, str]) -> list[Cell]:
    """The cells: for `each` what is given and then each other option alone, else all combinations, the first slowest.

    A cell names no reading that it leaves as `given`.
    """
    names = named(scenario, readings)
    others = {
        name: [
            Cell() if option == given[name] else Cell({}, {name: option}) for option in scenario.readings[name].options
        ]
        for name in names
    }
    if is_each(readings):
        return [Cell(), *(cell for name in names for cell in others[name] if not cell.is_base)]
    cells = [Cell()]
    for name in names:
        cells = crossed(cells, others[name])
    return cells
