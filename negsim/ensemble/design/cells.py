"""Cells: the settings of parameters and readings under which the same seeds are run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import attrs

from negsim.scenario.model import Scenario
from negsim.scenario.settings import parameter_values, reading_options


@attrs.frozen
class Cell:
    """What one cell has other than the settings that the whole ensemble is asked with."""

    parameters: Mapping[str, float] = attrs.field(factory=dict)
    readings: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def is_base(self) -> bool:
        """Whether it changes nothing."""
        return not self.parameters and not self.readings


def cell(
    scenario: Scenario,
    *,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
) -> Cell:
    """A cell, its settings checked. Raises `UsageError` for names and values that the scenario does not have."""
    return Cell(parameter_values(scenario, set or {}), reading_options(scenario, read or {}))


def crossed(one: Iterable[Cell], other: Iterable[Cell]) -> list[Cell]:
    """Each of the first with each of the second, the first changing slowest."""
    return [
        Cell({**left.parameters, **right.parameters}, {**left.readings, **right.readings})
        for left, right in product(one, other)
    ]


def varied(cells: Iterable[Cell]) -> tuple[str, ...]:
    """The names of the parameters, then of the readings, that some cell changes, in the order of their coming."""
    parameters: dict[str, None] = {}
    readings: dict[str, None] = {}
    for each in cells:
        parameters.update(dict.fromkeys(each.parameters))
        readings.update(dict.fromkeys(each.readings))
    return (*parameters, *readings)
