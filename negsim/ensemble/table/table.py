"""A result as one table: a row for each run, with the settings that differ between cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from negsim.ensemble.sample.sample import Sample
from negsim.log.table import LARGEST_WHOLE, Column
from negsim.scenario.model import Scenario
from negsim.scenario.types import Real, Truth, Type

FIXED_COLUMNS = ("cell", "seed", "outcome", "ended_on", "error")


def free_names(names: Iterable[str], word: str, taken: Iterable[str]) -> tuple[str, ...]:
    """Names of columns that no other column has: with a word before one that is taken, as often as it takes.

    A name that is free keeps to itself, whatever the others become.
    """
    wanted, fixed = list(names), set(taken)
    used = fixed.union(wanted)
    found = []
    for name in wanted:
        free = name
        while name in fixed and free in used:
            free = f"{word}_{free}"
        used.add(free)
        found.append(free)
    return tuple(found)


def measure_columns(scenario: Scenario) -> tuple[str, ...]:
    """The column of each measure: its name, with `measure_` before it where a column of every result is called so."""
    return free_names(scenario.measures, "measure", FIXED_COLUMNS)


def columns(sample: Sample) -> tuple[Column, ...]:
    """The columns: cell, seed, the settings that some cell changes, outcome, ended_on, error, measures.

    A setting or measure whose name another column has gets a word before it: `parameter_outcome`.
    """
    scenario = sample.scenario
    taken = (*FIXED_COLUMNS, *measure_columns(scenario))
    parameters = [name for name in sample.varied if name in scenario.parameters]
    readings = [name for name in sample.varied if name in scenario.readings]
    called = dict(zip(parameters, free_names(parameters, "parameter", (*taken, *readings)), strict=True))
    called |= zip(readings, free_names(readings, "reading", (*taken, *called.values())), strict=True)
    settings = [Column(called[name], _kind_of_setting(sample, name)) for name in sample.varied]
    large = sample.file.large_measures()
    measures = [
        Column(name, "real" if place in large else _kind(measure.expression.tree.type))
        for place, (name, measure) in enumerate(zip(measure_columns(scenario), scenario.measures.values(), strict=True))
    ]
    ends = (Column("outcome", "text"), Column("ended_on", "whole"), Column("error", "text"))
    return (Column("cell", "whole"), Column("seed", "whole"), *settings, *ends, *measures)


def _kind_of_setting(sample: Sample, name: str) -> str:
    """What the column of a setting holds: whole numbers past 64 bits are kept as reals."""
    parameter = sample.scenario.parameters.get(name)
    if parameter is None:
        return "text"
    largest = max(abs(float(cell.settings[name])) for cell in sample.cells)
    return "whole" if parameter.whole and largest < LARGEST_WHOLE else "real"


def _kind(measured: Type) -> str:
    return "truth" if isinstance(measured, Truth) else "real" if isinstance(measured, Real) else "whole"


def table_rows(sample: Sample) -> Iterator[tuple[Any, ...]]:
    """The rows, in the order of cells and seeds; truths are 1 and 0."""
    settings = [tuple(each.settings[name] for name in sample.varied) for each in sample.cells]
    for cell, seed, *rest in sample.file.rows(runs=sample.runs):
        yield (cell, seed, *settings[cell], *rest)
