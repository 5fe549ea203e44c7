"""What a result says: the shares of each cell with their intervals, its measures, its seeds, cells compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any, SupportsIndex

import attrs

from negsim.ensemble.design.cells import Cell, varied
from negsim.ensemble.file.result_file import ResultFile
from negsim.ensemble.run.request import Request
from negsim.ensemble.sample.again import run_command
from negsim.ensemble.sample.drawn import is_drawn
from negsim.ensemble.sample.intervals import Share, certain, wilson
from negsim.ensemble.sample.setting_change import SettingChange, setting_change
from negsim.ensemble.sample.summary import Summary, summaries
from negsim.errors import UsageError, did_you_mean
from negsim.scenario.held import taken_otherwise
from negsim.scenario.model import Scenario
from negsim.scenario.seeds import seed_number
from negsim.scenario.settings import Settings
from negsim.whole import whole

MOST_ERRORS = 10
NO_OUTCOME = "error"  # what stands for an outcome where a run ended with a model error


@attrs.frozen(eq=False)
class CellResult:
    """What came out of one cell, `under` which settings; `cell` has what it changes of them."""

    number: int
    cell: Cell
    under: Settings = attrs.field(repr=False)
    runs: int
    errors: int
    outcomes: Mapping[str, Share]
    _sample: Sample = attrs.field(repr=False)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self._sample.scenario

    @property
    def parameters(self) -> Mapping[str, float]:
        """All parameters."""
        return self.under.parameters

    @property
    def readings(self) -> Mapping[str, str]:
        """All readings."""
        return self.under.readings

    @property
    def settings(self) -> Mapping[str, float | str]:
        """All parameters and readings by name."""
        return self.under.named

    @cached_property
    def measures(self) -> Mapping[str, Summary]:
        """The measures, over the runs that came to an end."""
        return self._sample.summaries(self.number)

    def count(self, outcome: str) -> int:
        """How many runs ended in an outcome; under `NO_OUTCOME`, how many stopped with an error."""
        return self.errors if outcome == NO_OUTCOME else self.outcomes[outcome].count

    @cached_property
    def against_base(self) -> SettingChange | None:
        """What the cell's settings change against the cell that changes nothing, where there is one."""
        base = self._sample.base
        return None if base is None or base.number == self.number else self._sample.change(base, self)

    def as_json(self) -> dict[str, Any]:
        """The cell with the keys of `negsim explore --json`."""
        found: dict[str, Any] = {
            "parameters": dict(self.parameters),
            "readings": dict(self.readings),
            "runs": self.runs,
            "errors": self.errors,
            "outcomes": {name: share.as_json() for name, share in self.outcomes.items()},
            "measures": {name: each.as_json() for name, each in self.measures.items()},
        }
        if self.against_base is not None:
            found["against_base"] = self.against_base.as_json()
        return found


@attrs.frozen(eq=False)
class Sample:
    """The first `runs` runs of each cell in a file, as far as they are there, and what they come to."""

    file: ResultFile = attrs.field(repr=False)
    runs: int

    # What was asked.

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.file.request

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.request.scenario

    @property
    def seed(self) -> int:
        """The first seed."""
        return self.request.seed

    @cached_property
    def varied(self) -> tuple[str, ...]:
        """The parameters and readings that some cell changes, readings in the order of the file."""
        names = varied(self.request.cells)
        readings = tuple(name for name in self.scenario.readings if name in names)
        return (*(name for name in names if name not in readings), *readings)

    @cached_property
    def is_one_at_a_time(self) -> bool:
        """Whether each cell but the first, which changes nothing, changes one reading, for one holder or for all."""
        first, *others = self.request.cells
        alone = [not c.parameters and taken_otherwise(self.scenario, c.readings) is not None for c in others]
        return bool(others) and first.is_base and all(alone)

    # What came out.

    @cached_property
    def is_drawn(self) -> bool:
        """Whether some run draws. Where none does, every run of a cell is the same, and no number is an estimate."""
        return is_drawn(self.request)

    @cached_property
    def cells(self) -> tuple[CellResult, ...]:
        """All cells, in their order, also those that have no run yet."""
        counts = self.file.outcomes(runs=self.runs)
        return tuple(
            self._cell(number, cell, found)
            for number, (cell, found) in enumerate(zip(self.request.cells, counts, strict=True))
        )

    def _cell(self, number: int, cell: Cell, counts: Counter[str | None]) -> CellResult:
        runs = counts.total()
        shares = {name: self._share(counts[name], runs) for name in self.scenario.outcomes}
        return CellResult(number, cell, self.request.settings_of(cell), runs, counts[None], shares, self)

    def _share(self, count: int, runs: int) -> Share:
        found = wilson(count, runs)
        return found if self.is_drawn else certain(found)

    @property
    def only(self) -> CellResult:
        """The cell of a plain ensemble. Raises `UsageError` where there are several."""
        if len(self.cells) > 1:
            raise UsageError(f"the result has {len(self.cells):,} cells", "ask each of `.cells`")
        return self.cells[0]

    @cached_property
    def base(self) -> CellResult | None:
        """The cell that changes nothing, where there is one."""
        return next((each for each in self.cells if each.cell.is_base), None)

    @property
    def errors(self) -> int:
        """How many runs of all cells stopped with a model error."""
        return sum(each.errors for each in self.cells)

    @property
    def is_complete(self) -> bool:
        """Whether each cell has all runs."""
        return all(each.runs == self.runs for each in self.cells)

    def first_errors(self, most: int = MOST_ERRORS) -> list[tuple[int, int, str]]:
        """(number of the cell, seed, message) of the first model errors."""
        return self.file.errors(runs=self.runs, most=most)

    def seeds(self, outcome: str, *, cell: int = 0, most: int | None = None) -> list[int]:
        """The seeds of the runs of a cell that end in an outcome (`error`: in a model error), the first ones."""
        known = (*self.scenario.outcomes, NO_OUTCOME)
        if outcome not in known:
            raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, self.scenario.outcomes))
        kept = outcome if outcome in self.scenario.outcomes else None
        most = None if most is None else min(whole(most, "most", least=0), self.runs)
        return self.file.seeds(self._place(cell), kept, runs=self.runs, most=most)

    def run_command(self, seed: int, *, cell: int = 0, scenario: str | None = None) -> str:
        """The command that makes a run again, with its whole log."""
        return run_command(self.request, self.request.cells[self._place(cell)], seed_number(seed), scenario=scenario)

    def _place(self, cell: SupportsIndex) -> int:
        """The number of a cell. Raises `UsageError` where there is none of that number."""
        found = whole(cell, "cell", least=0)
        if found >= len(self.request.cells):
            raise UsageError(f"there is no cell {found}", f"they are 0 to {len(self.request.cells) - 1}")
        return found

    def change(self, base: CellResult, other: CellResult) -> SettingChange:
        """What one cell's settings change against another's, by the seeds that both have."""
        pairs = self.file.changes(base.number, other.number, runs=self.runs)
        return setting_change(pairs, self.scenario.outcomes, is_drawn=self.is_drawn)

    def summaries(self, cell: int) -> Mapping[str, Summary]:
        """The measures of a cell."""
        batches = (batch for _, _, batch in self.file.batches(runs=self.runs, cell=cell))
        return summaries(self.scenario.measures, batches)
