"""The runs themselves: a piece of work goes in, a batch comes out. Nothing here knows of files or processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from negsim.engine.calendar import Calendar
from negsim.engine.plan import Plan
from negsim.ensemble.cells import Cell
from negsim.ensemble.columns import Batch, Row, Shape
from negsim.errors import ModelError
from negsim.language import load_files
from negsim.policy.situation import Policy
from negsim.program.program import Program
from negsim.program.strategy import Strategy
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Settings

KEPT_PLANS = 8  # of cells that were run last; a plan of a large scenario takes some megabytes


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
    """Makes the runs of a job; what runs of one cell share is bound once and kept for a while."""

    def __init__(self, job: Job, scenario: Scenario | None = None) -> None:
        self.job = job
        self._scenario = load_files(job.files) if scenario is None else scenario
        self.shape = Shape.of(self._scenario)
        self._plans: dict[int, tuple[Cell, Plan]] = {}  # by the number of the cell, the one used last at the end

    def rows(self, piece: Piece) -> Iterator[Row]:
        """A row for each run of a piece, in the order of the seeds, as `shape` makes a batch of them."""
        missing = (None,) * len(self._scenario.measures)
        for seed in range(self.job.seed + piece.first, self.job.seed + piece.first + piece.count):
            try:
                yield self._row(self._plan(piece), seed)
            except ModelError as error:
                yield (None, None, str(error), *missing)

    def _plan(self, piece: Piece) -> Plan:
        cell, plan = self._plans.pop(piece.number, (None, None))
        if plan is None or cell != piece.cell:
            settings = self.job.settings.changed(piece.cell.parameters, piece.cell.readings)
            plan = Plan(Program(self._scenario, settings))
            if len(self._plans) >= KEPT_PLANS:
                del self._plans[next(iter(self._plans))]
        self._plans[piece.number] = (piece.cell, plan)
        return plan

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
        ending = calendar.run()
        return (ending.outcome, ending.day, None, *ending.measures.values())


_last: list[Runner] = []


def run_batch(job: Job, piece: Piece) -> Batch:
    """The runs of a piece of a job. The same job and piece give the same batch, in any process on any machine.

    What pieces of one job share stays bound in the process until it gets a piece of another job.
    """
    if not _last or _last[0].job != job:
        _last[:] = [Runner(job)]
    runner = _last[0]
    return runner.shape.batch(list(runner.rows(piece)))
