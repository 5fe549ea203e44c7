"""What came out of an ensemble: shares with intervals, measures, cells, and what a change of settings does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, SupportsIndex

import attrs

from negsim.ensemble.again import run_command
from negsim.ensemble.cells import Cell, varied
from negsim.ensemble.drawn import is_drawn
from negsim.ensemble.effects import deciding, deciding_places, effects, order_of
from negsim.ensemble.intervals import Share, ShareDifference, certain, paired_difference, wilson
from negsim.ensemble.request import Request
from negsim.ensemble.result_file import ResultFile, opened
from negsim.ensemble.summary import Summary, Values, summary
from negsim.errors import UsageError, did_you_mean
from negsim.html import html_table
from negsim.scenario.model import Scenario
from negsim.scenario.seeds import seed_number
from negsim.scenario.settings import Settings
from negsim.whole import whole

if TYPE_CHECKING:
    import pandas as pd

MOST_ERRORS = 10
MOST_IN_NOTEBOOK = 50
NO_OUTCOME = "error"  # what stands for an outcome where a run ended with a model error


@attrs.frozen
class SettingChange:
    """What a cell's settings change, seed by seed: in how many runs the outcome, and each outcome's share."""

    changed: Share
    outcomes: Mapping[str, ShareDifference]

    def as_json(self) -> dict[str, Any]:
        """The change with the keys of `negsim explore --json`."""
        return {
            "changed": self.changed.as_json(),
            "outcomes": {name: each.as_json() for name, each in self.outcomes.items()},
        }


@attrs.frozen(eq=False)
class CellResult:
    """What came out of one cell, `under` which settings; `cell` has what it changes of them."""

    number: int
    cell: Cell
    under: Settings = attrs.field(repr=False)
    runs: int
    errors: int
    outcomes: Mapping[str, Share]
    _result: Result = attrs.field(repr=False)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self._result.scenario

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
        return self._result.summaries(self.number)

    @cached_property
    def against_base(self) -> SettingChange | None:
        """What the cell's settings change against the cell that changes nothing, where there is one."""
        base = self._result.base
        return None if base is None or base.number == self.number else self._result.change(base, self)

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
class Result:
    """An ensemble's result: the first `runs` runs of each cell, as far as they are there.

    `made` says how many runs were made now, in `seconds`; the others were in the file. Close it, or use
    it as a context, where its file is to be moved.
    """

    file: ResultFile = attrs.field(repr=False)
    runs: int
    made: int = 0
    seconds: float = 0.0

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Result:
        """The result in a file, all that is there. Raises `LogError` where it cannot be used or trusted."""
        file = opened(Path(path))
        return cls(file, max(file.done()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file. Nothing more can be asked then."""
        self.file.close()

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

    @property
    def path(self) -> Path | None:
        """The file; nothing where it is a temporary one."""
        return self.file.path

    @property
    def runs_per_second(self) -> float | None:
        """How quickly runs were made; nothing where none had to be."""
        return self.made / self.seconds if self.made and self.seconds else None

    @cached_property
    def varied(self) -> tuple[str, ...]:
        """The parameters and readings that some cell changes, readings in the order of the file."""
        names = varied(self.request.cells)
        readings = tuple(name for name in self.scenario.readings if name in names)
        return (*(name for name in names if name not in readings), *readings)

    @cached_property
    def is_one_at_a_time(self) -> bool:
        """Whether each cell but the first, which changes nothing, changes one reading."""
        first, *others = self.request.cells
        return bool(others) and first.is_base and all(not c.parameters and len(c.readings) == 1 for c in others)

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
    def outcomes(self) -> Mapping[str, Share]:
        """The share of runs that end in each outcome, in the order of the file; of a plain ensemble."""
        return self.only.outcomes

    @property
    def measures(self) -> Mapping[str, Summary]:
        """The measures of a plain ensemble."""
        return self.only.measures

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
        runs = pairs.total()
        outcomes = {}
        for name in self.scenario.outcomes:
            gained = sum(count for (before, after), count in pairs.items() if after == name != before)
            lost = sum(count for (before, after), count in pairs.items() if before == name != after)
            difference = paired_difference(gained, lost, runs)
            outcomes[name] = difference if self.is_drawn else certain(difference)
        changed = sum(count for (before, after), count in pairs.items() if before != after)
        return SettingChange(self._share(changed, runs), outcomes)

    def summaries(self, cell: int) -> Mapping[str, Summary]:
        """The measures of a cell."""
        ended = 0
        columns = [Values() for _ in self.scenario.measures]
        for _, _, batch in self.file.batches(runs=self.runs, cell=cell):
            ended += len(batch) - len(batch.errors)
            for place, column in enumerate(columns):
                column.add(batch.measures[place], batch.large.get(place, {}))
        return {
            name: summary(column.counted(), total=column.total, missing=ended - column.total)
            for name, column in zip(self.scenario.measures, columns, strict=True)
        }

    # For others.

    def to_pandas(self) -> pd.DataFrame:
        """A row for each run, as a data frame of pandas (the extra `tables`)."""
        from negsim.ensemble.arrow import to_pandas  # noqa: PLC0415 - an extra

        return to_pandas(self)

    def plot(self, outcome: str | None = None) -> Any:
        """A picture of the result, a chart of Altair (the extra `charts`); of one outcome alone where it is named."""
        from negsim.ensemble.pictures import picture  # noqa: PLC0415 - where a picture is made

        return picture(self, outcome)

    def as_json(self, outcome: str | None = None) -> dict[str, Any]:
        """The result with the keys that `negsim explore --json` prints; readings ordered by an outcome if named."""
        request = self.request
        errors = {
            "count": self.errors,
            "first": [dict(zip(("cell", "seed", "message"), each, strict=True)) for each in self.first_errors()],
        }
        about = {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            "negsim": request.version,
            "policies": [each.as_json() for each in request.settings.choices],
            "errors": errors,
            "runs_per_second": self.runs_per_second,
        }
        if len(self.cells) > 1:
            cells = [each.as_json() for each in self.cells]
            return {"cells": cells, "runs": self.runs, "seed": self.seed, **self._order_json(outcome), **about}
        found = self.only.as_json()
        found.pop("errors")
        return {**found, "seed": self.seed, **about}

    def _order_json(self, outcome: str | None) -> dict[str, Any]:
        """Which readings decide, with the places that the intervals leave them."""
        found = deciding(self, outcome)
        known = deciding_places(found)
        decides = {name: {**each.as_json(), "places": known[name].as_json()} for name, each in found.items()}
        if not self.is_one_at_a_time:
            return {"decides": decides}
        order = {name: each.as_json() for name, each in order_of(effects(self, outcome)).items()}
        return {"decides": decides, "order": order}

    def _repr_html_(self) -> str:
        """The result as a table, for a notebook."""
        title = f"{self.scenario.title}: {self.runs:,} runs a cell, seeds {self.seed} to {self.seed + self.runs - 1}"
        names = list(self.scenario.outcomes)
        rows = [
            (
                *(str(each.settings[name]) for name in self.varied),
                *(_share_text(each.outcomes[name]) for name in names),
            )
            for each in islice(self.cells, MOST_IN_NOTEBOOK)
        ]
        more = f" The first {MOST_IN_NOTEBOOK} of {len(self.cells)} cells." if len(self.cells) > len(rows) else ""
        foot = f"Shares of runs under these assumptions, no forecasts, with 95 % intervals.{more}"
        return html_table(title, (*self.varied, *names), rows, foot=foot)


def _share_text(share: Share) -> str:
    """A share with its interval in a few characters."""
    if share.share is None:
        return "no run"
    return f"{share.share:.3f} ({share.low:.3f} to {share.high:.3f})"
