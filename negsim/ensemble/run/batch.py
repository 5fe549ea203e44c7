"""The runs themselves: a piece of work goes in, a batch comes out. Nothing here knows of files or processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from negsim.engine.calendar import Calendar
from negsim.engine.plan import Plan, bound
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.run.columns import Batch, Row, Shape
from negsim.errors import ModelError
from negsim.language import load_files
from negsim.policy.situation import Policy
from negsim.program.strategy import Strategy
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Settings


@attrs.frozen
class Job:
    """What all runs of an ensemble share, in plain values that can be sent to another process or machine.

    `files` are the scenario's texts; cells change the settings.
    """

    files: Mapping[str, str]
    seed: int
    settings: Settings
    policy: Policy | None = None
    strategies: Mapping[str, Strategy] = attrs.field(factory=dict)


@attrs.frozen
class Piece:
    """Some runs of one cell: those with the numbers first, …, first + count - 1."""

    number: int
    cell: Cell
    first: int
    count: int


class Runner:
    """Makes the runs of a job."""

    def __init__(self, job: Job, scenario: Scenario | None = None) -> None:
        self.job = job
        self._scenario = load_files(job.files) if scenario is None else scenario
        self.shape = Shape.of(self._scenario)

    def rows(self, piece: Piece) -> Iterator[Row]:
        """A row for each run of a piece, in the order of the seeds, as `shape` makes a batch of them."""
        settings = self.job.settings.changed(piece.cell.parameters, piece.cell.readings)
        seeds = range(self.job.seed + piece.first, self.job.seed + piece.first + piece.count)
        try:
            with bound(self._scenario, settings) as plan:
                for seed in seeds:
                    yield self._row(plan, seed)
        except ModelError as error:  # with these settings no run can begin
            yield from (self._broken(error) for _ in seeds)

    def _row(self, plan: Plan, seed: int) -> Row:
        job = self.job
        calendar = Calendar(
            plan,
            luck=plan.luck(seed),
            choices=job.settings.choices,
            policy=job.policy,
            strategies=job.strategies,
            keep=False,
        )
        try:
            ending = calendar.run()
        except ModelError as error:
            return self._broken(error)
        return (ending.outcome, ending.day, None, *ending.measures.values())

    def _broken(self, error: ModelError) -> Row:
        return (None, None, str(error), *(None,) * len(self._scenario.measures))


_last: list[Runner] = []


def run_batch(job: Job, piece: Piece) -> Batch:
    """The runs of a piece of a job. The same job and piece give the same batch, in any process on any machine.

    What pieces of one job share stays bound in the process until it gets a piece of another job.
    """
    if not _last or _last[0].job != job:
        _last[:] = [Runner(job)]
    runner = _last[0]
    return runner.shape.batch(list(runner.rows(piece)))
