"""The result file: an SQLite file with one row a block of runs.

Runs are added piece by piece, each piece whole or not at all; a process that is killed loses no piece
that was added.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from negsim.ensemble.file.block_table import TEMPORARY, BlockTable
from negsim.ensemble.run.columns import OUTCOME, Batch, Shape
from negsim.ensemble.run.request import Request
from negsim.errors import UsageError
from negsim.log.table import LARGEST_WHOLE
from negsim.scenario.seeds import check_seeds


class ResultFile:
    """A result on disk, or in a temporary file that is gone when this is closed (`path` is nothing)."""

    def __init__(self, path: Path | None, connection: sqlite3.Connection, request: Request) -> None:
        self.path = path
        self.request = request
        self.shape = Shape.of(request.scenario)
        name = TEMPORARY if path is None else str(path)
        self._blocks = BlockTable(connection, name, self.shape, cells=len(request.cells))
        self._names = (*self.shape.outcomes, None)  # that of a model error, -1, is the last

    def close(self) -> None:
        """Closes the file; it is then one file, without a journal beside it."""
        self._blocks.close(is_temporary=self.path is None)

    def add(self, cell: int, batch: Batch, *, first: int) -> None:
        """Adds the runs of a cell with the numbers first, first + 1, …, all or none; those that are there stay."""
        self._blocks.add(cell, batch, first=first)

    def done(self) -> list[int]:
        """How many runs each cell has. Raises `LogError` where one between others is missing."""
        found = self._blocks.done()
        try:
            check_seeds(self.request.seed, max(found))
        except UsageError as error:
            raise self._blocks.damaged(str(error)) from None
        return found

    def outcomes(self, *, runs: int) -> list[Counter[str | None]]:
        """For each cell, how often each outcome (nothing for a model error) is there among its first runs."""
        found: list[Counter[str | None]] = [Counter() for _ in self.request.cells]
        for cell, _, ends in self._blocks.ends(runs=runs):
            found[cell].update(self._named(ends))
        return found

    def outcomes_between(self, cell: int, first: int, end: int) -> Counter[str | None]:
        """How often each outcome is there among the runs of a cell with the numbers first … end - 1."""
        found: Counter[str | None] = Counter()
        for _, at, ends in self._blocks.ends(cell=cell, after=first, runs=end):
            found.update(self._named(ends[max(0, first - at) :]))
        return found

    def outcomes_in_order(self, cell: int, *, runs: int) -> array[int]:
        """The outcome of each run of a cell, by seed: places in the scenario's list, -1 for a model error (int32)."""
        found = array(OUTCOME)
        for _, _, ends in self._blocks.ends(cell=cell, runs=runs):
            found += ends
        return found

    def seeds(self, cell: int, outcome: str | None, *, runs: int, most: int | None = None) -> list[int]:
        """The seeds of the runs of a cell that ended so (nothing: with a model error), the first ones."""
        wanted = self.shape.place(outcome)
        blocks = self._blocks.ends(cell=cell, runs=runs)
        found = (first + place for _, first, ends in blocks for place, end in enumerate(ends) if end == wanted)
        return [self.request.seed + number for number in islice(found, most)]

    def errors(self, *, runs: int, most: int) -> list[tuple[int, int, str]]:
        """(cell, seed, message) of the first model errors."""
        found = (
            (cell, self.request.seed + first + place, message)
            for cell, first, batch in self._blocks.batches(runs=runs, only_with_more=True)
            for place, message in sorted(batch.errors.items())
        )
        return list(islice(found, most))

    def changes(self, base: int, other: int, *, runs: int) -> Counter[tuple[str | None, str | None]]:
        """How many seeds have (outcome in one cell, outcome in another), of the seeds that both have."""
        both = (self.outcomes_in_order(cell, runs=runs) for cell in (base, other))
        pairs = Counter(zip(*both, strict=False))
        return Counter({(self._names[one], self._names[two]): count for (one, two), count in pairs.items()})

    def batches(self, *, runs: int, cell: int | None = None) -> Iterator[tuple[int, int, Batch]]:
        """(cell, number of the first run, batch), in the order of cells and runs; of one cell alone where named."""
        return self._blocks.batches(runs=runs, cell=cell)

    def rows(self, *, runs: int, cell: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Cell, seed, outcome, last day, error and measures of each run, in the order of cells and seeds."""
        for number, first, batch in self.batches(runs=runs, cell=cell):
            for seed, row in enumerate(self.shape.rows(batch), self.request.seed + first):
                yield (number, seed, *row)

    def large_measures(self) -> frozenset[int]:
        """Which measures, by their places, have a whole number past 64 bits somewhere, which is kept as a double."""
        batches = self._blocks.batches(runs=LARGEST_WHOLE, only_with_more=True)
        return frozenset(place for _, _, batch in batches for place in batch.large)

    def _named(self, ends: array[int]) -> dict[str | None, int]:
        return {self._names[number]: count for number, count in Counter(ends).items()}
