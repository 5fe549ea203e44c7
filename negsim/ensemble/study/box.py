"""Boxes as values: limits of parameters and options of readings, with what they hold of the runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from negsim.ensemble.design.cells import Cell
from negsim.ensemble.run.request import Request
from negsim.ensemble.sample.intervals import Share
from negsim.scenario.model import Scenario
from negsim.scenario.record import Parameter, Reading

if TYPE_CHECKING:
    import pandas as pd


@attrs.frozen
class Box:
    """Limits of parameters and options of readings. `quasi_p` says of each how little luck alone explains it.

    `density` is the share of runs in the box that have the outcome, `coverage` the share of runs with the
    outcome that are in the box, `mass` the share of runs that are in it; all of runs that had no part in the
    finding, and that are in no box before. `found_density` and `found_coverage` are those of the runs that
    it was found in.
    """

    parameters: Mapping[str, tuple[float, float]]
    readings: Mapping[str, tuple[str, ...]]
    quasi_p: Mapping[str, float]
    density: Share
    coverage: Share
    mass: Share
    found_density: Share
    found_coverage: Share

    def holds(self, cell: Cell) -> bool:
        """Whether a setting is in the box."""
        return all(low <= cell.parameters[name] <= high for name, (low, high) in self.parameters.items()) and all(
            cell.readings[name] in options for name, options in self.readings.items()
        )

    def as_json(self) -> dict[str, Any]:
        """The box with the keys of `negsim explore --boxes --json`."""
        return {
            "parameters": {name: list(limits) for name, limits in self.parameters.items()},
            "readings": {name: list(options) for name, options in self.readings.items()},
            "quasi_p": dict(self.quasi_p),
            **{
                name: getattr(self, name).as_json()
                for name in ("density", "coverage", "mass", "found_density", "found_coverage")
            },
        }


@attrs.frozen(eq=False)
class Boxes:
    """The boxes that were found for an outcome, best first; `share` is that of all runs. `errors` broke down."""

    request: Request = attrs.field(repr=False)
    outcome: str
    parameters: tuple[Parameter, ...] = attrs.field(repr=False)
    readings: tuple[Reading, ...] = attrs.field(repr=False)
    seed: int
    share: Share
    errors: int
    boxes: tuple[Box, ...]
    cells: tuple[Cell, ...] = attrs.field(repr=False)
    has_outcome: tuple[bool, ...] = attrs.field(repr=False)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.request.scenario

    @property
    def runs(self) -> int:
        """How many runs there were."""
        return self.share.runs

    def to_pandas(self) -> pd.DataFrame:
        """A row for each run: its seed, its settings, and whether it has the outcome."""
        import pandas as pd  # noqa: PLC0415 - comes with the library, without which there are no boxes

        rows = [
            {"seed": self.seed + number, **cell.parameters, **cell.readings, "has_outcome": has}
            for number, (cell, has) in enumerate(zip(self.cells, self.has_outcome, strict=True))
        ]
        return pd.DataFrame.from_records(rows)

    def as_json(self) -> dict[str, Any]:
        """The boxes with the keys that `negsim explore --boxes --json` prints."""
        return {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            **self.request.asked(),
            "outcome": self.outcome,
            "varied": {
                "parameters": {p.name: [p.low, p.high] for p in self.parameters},
                "readings": {r.name: list(r.options) for r in self.readings},
            },
            "runs": self.runs,
            "seed": self.seed,
            "errors": self.errors,
            "share": self.share.as_json(),
            "boxes": [box.as_json() for box in self.boxes],
        }
