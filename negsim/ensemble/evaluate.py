"""The same seeds under a list of cells: what is not in the result file yet is run, and added piece by piece."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from time import perf_counter

import attrs

from negsim.ensemble.design.cells import Cell
from negsim.ensemble.file.opening import made, temporary
from negsim.ensemble.file.result_file import ResultFile
from negsim.ensemble.result import Result
from negsim.ensemble.run.batch import Job, Piece
from negsim.ensemble.run.cluster import done_by_cluster
from negsim.ensemble.run.columns import Batch
from negsim.ensemble.run.request import request_for
from negsim.ensemble.run.workers import done_by_workers, done_here, worker_count
from negsim.ensemble.sample.intervals import wilson
from negsim.errors import UsageError
from negsim.policy.situation import Policy
from negsim.program.strategy import Strategy
from negsim.scenario.model import Scenario
from negsim.scenario.seeds import check_seeds, seed_number
from negsim.scenario.settings import Choices
from negsim.whole import whole

RUNS = 1_000
MOST_RUNS_UNTIL_WIDTH = 1_000_000
PIECE = 100  # runs that are handed out and added together
ROUND = 500  # runs of a cell before it is the next one's turn, where there are several; at first a piece
SUFFIXES = (".sqlite", ".db")

Progress = Callable[[int, int], None]  # is told how many runs there are, and how many there are to be


def evaluate(
    scenario: Scenario,
    cells: Iterable[Cell] = (Cell(),),
    *,
    runs: int | None = None,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    strategies: Mapping[str, Strategy] | None = None,
    workers: int = 1,
    cluster: str | None = None,
    until_width: float | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Result:
    """The result of running each cell with the seeds `seed`, …, `seed + runs - 1`: luck is common to all cells.

    `set`, `read` and `choose` hold for all cells. `until_width` stops at the first of some fixed numbers
    of runs at which every interval of every cell is narrower. `workers` processes, or those of the Dask
    cluster at the address `cluster`, share the work. `out` names a result file, which is gone on
    with where it is there; without it the result is in a temporary file. Where the work is interrupted,
    what was done is in the file. Raises `UsageError`, and `LogError` where the file cannot be used.
    """
    seed, workers = seed_number(seed), worker_count(workers)
    most = _checked(runs, until_width, seed, workers=workers, cluster=cluster)
    request, job = request_for(
        scenario, cells, seed=seed, set=set, read=read, choose=choose, policy=policy, strategies=strategies
    )
    file = temporary(request) if out is None else made(result_path(out), request)
    try:
        work = Work(file, job, most, workers=workers, cluster=cluster, until_width=until_width, progress=progress)
        began = perf_counter()
        found = work.run()
        return Result(file, found, work.made, perf_counter() - began)
    except BaseException:
        file.close()
        raise


def result_path(name: str | os.PathLike[str]) -> Path:
    """The path of a result file. Raises `UsageError` where it is called as none."""
    path = Path(name)
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"'{path}' is no result's name", f"end it in {SUFFIXES[0]}")
    return path


def _checked(runs: int | None, until_width: float | None, seed: int, *, workers: int, cluster: str | None) -> int:
    """How many runs there are to be at most. Raises `UsageError` for numbers that make no sense."""
    if until_width is not None and not 0 < until_width < 1:
        raise UsageError(f"an interval's width is between 0 and 1, not {until_width}")
    if runs is None:
        runs = RUNS if until_width is None else MOST_RUNS_UNTIL_WIDTH
    runs = whole(runs, "runs", least=1)
    if cluster is not None and workers > 1:
        raise UsageError("workers are processes of this machine, a cluster has its own", "leave one of them out")
    check_seeds(seed, runs)
    return runs


@attrs.define(eq=False)
class Work:
    """What is to be done for a result, and how much of it was."""

    file: ResultFile
    job: Job
    runs: int
    workers: int = attrs.field(kw_only=True)
    cluster: str | None = attrs.field(kw_only=True)
    until_width: float | None = attrs.field(kw_only=True)
    progress: Progress | None = attrs.field(kw_only=True)
    made: int = 0

    def run(self) -> int:
        """Does what is not done yet; gives how many runs of each cell make up the result."""
        done = self.file.done()
        goal = Goal(self.file, self._stages(), self.until_width)
        end = goal.reached(min(done))
        if end is not None:
            return end
        total = sum(min(each, self.runs) for each in done)
        with closing(self._results(self._pieces(tuple(done)))) as results:
            self._tell(total)
            for piece, batch in results:
                self.file.add(piece.number, batch, first=piece.first)
                self.made += len(batch)
                total += len(batch)
                done[piece.number] += len(batch)
                self._tell(total)
                end = goal.reached(min(done))
                if end is not None:
                    break
        return self.runs if end is None else end

    def _stages(self) -> Iterator[int]:
        """The numbers of runs that one cell after the other comes to; the last is all of them."""
        step = PIECE if len(self.file.request.cells) == 1 else ROUND
        if min(step, self.runs) > PIECE:
            yield PIECE  # soon there is something of each cell
        yield from range(step, self.runs, step)
        yield self.runs

    def _pieces(self, done: tuple[int, ...]) -> Iterator[Piece]:
        """What is to be done yet, stage after stage, cell after cell."""
        there = list(done)
        for end in self._stages():
            for number, cell in enumerate(self.file.request.cells):
                while there[number] < end:
                    first = there[number]
                    there[number] = min(end, (first // PIECE + 1) * PIECE)
                    yield Piece(number, cell, first, there[number] - first)

    def _results(self, pieces: Iterator[Piece]) -> Generator[tuple[Piece, Batch]]:
        if self.cluster is not None:
            scenario_hash = self.file.request.scenario.hash
            return done_by_cluster(self.job, pieces, address=self.cluster, scenario_hash=scenario_hash)
        if self.workers == 1:
            return done_here(self.job, self.file.request.scenario, pieces)
        return done_by_workers(self.job, pieces, workers=self.workers)

    def _tell(self, total: int) -> None:
        if self.progress is not None:
            self.progress(total, self.runs * len(self.file.request.cells))


class Goal:
    """When it is enough: looked at where all cells have come to a stage, so always at the same numbers of runs."""

    def __init__(self, file: ResultFile, stages: Iterator[int], until_width: float | None) -> None:
        self._file = file
        self._width = until_width
        self._stages = stages
        self._next = next(stages)
        self._looked = 0
        self._counts: list[Counter[str | None]] = [Counter() for _ in file.request.cells]

    def reached(self, least: int) -> int | None:
        """The first number of runs that is enough, where each cell has `least` runs; nothing: more are needed."""
        while self._next <= least:
            after = next(self._stages, None)
            if after is None or (self._width is not None and self._is_narrow(self._next, self._width)):
                return self._next
            self._next = after
        return None

    def _is_narrow(self, runs: int, width: float) -> bool:
        """Whether each interval of each cell is narrower than a width after so many runs."""
        for cell, counts in enumerate(self._counts):
            counts.update(self._file.outcomes_between(cell, self._looked, runs))
        self._looked = runs
        outcomes = self._file.request.scenario.outcomes
        return all(wilson(counts[name], runs).width < width for counts in self._counts for name in outcomes)
