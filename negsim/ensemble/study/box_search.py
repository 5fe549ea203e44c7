"""The search for boxes: PRIM peels the ranges, quasi-p values drop the limits that luck explains."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import attrs

from negsim.ensemble.design.cells import Cell
from negsim.ensemble.sample.intervals import Share, wilson
from negsim.ensemble.study.box import Box
from negsim.errors import UsageError, to_install
from negsim.scenario.record import Parameter, Reading

if TYPE_CHECKING:
    import pandas as pd

MOST_BOXES = 3
FEWEST = 10  # runs of either kind that a box is looked for with
LARGEST_QUASI_P = 0.05  # of a limit that stays
PEEL = 0.1  # the share of the runs in a box that one cut takes away, at least
SOME = 1e-9  # a share of runs that is above none


def prim() -> Any:
    """The library. Raises `UsageError` where the extra is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of extras of its own that are not there
        try:
            from ema_workbench.analysis import prim as library  # noqa: PLC0415 - an extra, loaded where it is used
        except ImportError:
            raise UsageError("boxes need the sensitivity extra", to_install("sensitivity")) from None
    return library


@attrs.frozen
class BoxSearch:
    """Runs, with their settings and whether they have the outcome: boxes are found in the even ones."""

    parameters: Sequence[Parameter]
    readings: Sequence[Reading]
    cells: Sequence[Cell]
    has: Sequence[bool]

    def boxes(self) -> tuple[Box, ...]:
        """One box after the other, as long as runs that had no part in the finding bear it out."""
        cases, others = sum(self.has[::2]), len(self.has[::2]) - sum(self.has[::2])
        if min(cases, others) < FEWEST:
            return ()
        found: list[Box] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pandas, about what the library asks it for
            for limits, quasi_p in self._limits():
                box = self._measured(limits, quasi_p, found)
                rest = [has for cell, has in self._rest(found, 1)]
                if box.density.share is None or box.density.low <= sum(rest) / len(rest):
                    break
                found.append(box)
        return tuple(found)

    def _limits(self) -> Iterator[tuple[dict[str, Any], dict[str, float]]]:
        """The limits of one box after the other, and the quasi-p of each."""
        import numpy as np  # noqa: PLC0415 - loaded where it is used

        library = prim()
        search = library.Prim(
            self._frame(),
            np.array(self.has[::2]).astype(int),
            threshold=SOME,
            obj_function=library.PRIMObjectiveFunctions.LENIENT2,  # fair to settings that lose many runs at one cut
            peel_alpha=PEEL,
        )
        for _ in range(MOST_BOXES):
            box = search.find_box()
            if box is None:
                return
            quasi_p = _settle(box)
            if not quasi_p:
                return
            yield {name: box.box_lim[name] for name in quasi_p}, quasi_p

    def _frame(self) -> pd.DataFrame:
        """The settings of the even runs; options by number, as a set of numbers always has the same order."""
        import pandas as pd  # noqa: PLC0415 - comes with the library

        columns: dict[str, Any] = {
            p.name: pd.Series([float(cell.parameters[p.name]) for cell in self.cells[::2]]) for p in self.parameters
        }
        for reading in self.readings:
            place = {option: number for number, option in enumerate(reading.options)}
            columns[reading.name] = pd.Series([place[cell.readings[reading.name]] for cell in self.cells[::2]])
            columns[reading.name] = columns[reading.name].astype("category")
        return pd.DataFrame(columns)

    def _measured(self, limits: Mapping[str, Any], quasi_p: Mapping[str, float], before: Sequence[Box]) -> Box:
        """A box with what it holds of the runs that are in none before."""
        settings: dict[str, tuple[float, float]] = {}
        for p in self.parameters:
            if p.name in limits:
                values = [cell.parameters[p.name] for cell in self.cells[::2]]
                settings[p.name] = _limits(p, *limits[p.name], least=min(values), most=max(values))
        options = {
            r.name: tuple(option for number, option in enumerate(r.options) if number in limits[r.name].iloc[0])
            for r in self.readings
            if r.name in limits
        }
        empty = wilson(0, 0)
        box = Box(settings, options, quasi_p, empty, empty, empty, empty, empty)
        density, coverage, mass = self._shares(box, before, 1)
        found_density, found_coverage, _ = self._shares(box, before, 0)
        return attrs.evolve(
            box,
            density=density,
            coverage=coverage,
            mass=mass,
            found_density=found_density,
            found_coverage=found_coverage,
        )

    def _rest(self, before: Sequence[Box], first: int) -> list[tuple[Cell, bool]]:
        """Every other run, but for those in boxes before."""
        pairs = zip(self.cells[first::2], self.has[first::2], strict=True)
        return [(cell, has) for cell, has in pairs if not any(box.holds(cell) for box in before)]

    def _shares(self, box: Box, before: Sequence[Box], first: int) -> tuple[Share, Share, Share]:
        """Density, coverage and mass of a box, of every other run."""
        inside = [has for cell, has in self._rest(before, first) if box.holds(cell)]
        every = self.has[first::2]
        return (
            wilson(sum(inside), len(inside)),
            wilson(sum(inside), sum(every)),
            wilson(len(inside), len(every)),
        )


def _limits(parameter: Parameter, low: float, high: float, *, least: float, most: float) -> tuple[float, float]:
    """Limits as they would be written by hand; one that no value of the runs is beyond is the range's own."""
    ends = (
        parameter.low if low <= least else float(f"{low:.4g}"),
        parameter.high if high >= most else float(f"{high:.4g}"),
    )
    return (ceil(ends[0]), floor(ends[1])) if parameter.whole else ends


def _settle(box: Any) -> dict[str, float]:
    """Has a box be the best on its way, without the limits that luck explains; gives the quasi-p of those that stay.

    The best is the one whose density and coverage have the largest harmonic mean.
    """
    way = box.peeling_trajectory
    scores = [2 * d * c / (d + c) if d + c else 0.0 for d, c in zip(way["mean"], way["coverage"], strict=True)]
    at = max(range(len(scores)), key=lambda number: (scores[number], -int(way["res_dim"].iloc[number])))
    while True:
        box.select(at)
        quasi_p = _quasi_p(box, at)
        weakest = max(quasi_p, key=lambda name: quasi_p[name], default=None)
        if weakest is None or quasi_p[weakest] <= LARGEST_QUASI_P:
            return quasi_p
        box.drop_restriction(weakest, at)
        at = len(box.peeling_trajectory) - 1


def _quasi_p(box: Any, at: int) -> dict[str, float]:
    """The smallest quasi-p of each setting that a box limits."""
    first, limits = box.box_lims[0], box.box_lims[at]
    names = [name for name in limits.columns if not _alike(first[name], limits[name])]
    found = box._calculate_quasi_p(at, names) if names else {}  # noqa: SLF001 - the library shows it in a table alone
    return {str(name): float(f"{min(p for p in found[name] if p >= 0):.3g}") for name in names}


def _alike(one: Any, other: Any) -> bool:
    return all(a == b for a, b in zip(one, other, strict=True))
