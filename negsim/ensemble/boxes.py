"""Where an outcome happens: boxes in the ranges of parameters and among readings in which it is frequent (PRIM)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing

from negsim.ensemble.design import readings as reading_cells
from negsim.ensemble.design.sweeps import hypercube
from negsim.ensemble.evaluate import Progress
from negsim.ensemble.run.batch import Job, Piece
from negsim.ensemble.run.columns import ERROR, Shape
from negsim.ensemble.run.request import Request, request_for
from negsim.ensemble.run.workers import done_by_workers, done_here, worker_count
from negsim.ensemble.sample.intervals import wilson
from negsim.ensemble.study.box import Boxes
from negsim.ensemble.study.box_search import BoxSearch, prim
from negsim.errors import UsageError
from negsim.policy.situation import Policy
from negsim.scenario.model import Scenario
from negsim.scenario.ranges import ranged
from negsim.scenario.record import Reading
from negsim.scenario.seeds import check_seeds, seed_number
from negsim.scenario.settings import Choices
from negsim.whole import whole

RUNS = 1_000


def boxes(
    scenario: Scenario,
    outcome: str,
    *,
    over: str | Iterable[str] | None = None,
    readings: str | Iterable[str] | None = None,
    runs: int | None = None,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Boxes:
    """Where an outcome happens: `runs` runs (1,000 unless given), each with settings and luck of its own.

    The settings are a Latin hypercube over the ranges of the parameters that `over` names (else all that are
    not in `set`) and the options of `readings` (names, or `all`; else none are varied). Boxes are looked for
    in every other run and measured in the rest. Raises `UsageError`.

    J. H. Friedman, N. I. Fisher (1999): Bump hunting in high-dimensional data. Statistics and Computing 9,
    123-143. B. P. Bryant, R. J. Lempert (2010): Thinking inside the box. Technological Forecasting and Social
    Change 77, 34-49 (quasi-p).
    """
    wanted = Shape.of(scenario).place(outcome)
    runs = RUNS if runs is None else whole(runs, "runs", least=1)
    seed, workers = seed_number(seed), worker_count(workers)
    check_seeds(seed, runs)
    prim()
    varied = _readings(scenario, readings)
    none = varied and over is None and not any(p.low < p.high for p in scenario.parameters.values())
    parameters = () if none else ranged(scenario, over, fixed=set or {})
    cells = hypercube(parameters, varied, runs, seed=seed)
    request, job = request_for(scenario, cells, seed=seed, set=set, read=read, choose=choose, policy=policy)
    ends = _ends(job, request, workers, progress)
    has = tuple(end == wanted for end in ends)
    found = BoxSearch(parameters, varied, cells, has).boxes()
    share, errors = wilson(sum(has), runs), ends.count(ERROR)
    return Boxes(request, outcome, parameters, varied, seed, share, errors, found, tuple(cells), has)


def _ends(job: Job, request: Request, workers: int, progress: Progress | None) -> list[int]:
    """The outcome of one run of each cell, each with a seed of its own, as a batch holds it."""
    pieces = (Piece(number, cell, number, 1) for number, cell in enumerate(request.cells))
    scenario = request.scenario
    made = done_here(job, scenario, pieces) if workers == 1 else done_by_workers(job, pieces, workers=workers)
    ends: list[int] = []
    with closing(made) as results:
        for _, batch in results:
            ends += batch.outcomes
            if progress is not None:
                progress(len(ends), len(request.cells))
    return ends


def _readings(scenario: Scenario, readings: str | Iterable[str] | None) -> tuple[Reading, ...]:
    if readings is None:
        return ()
    if reading_cells.is_each(readings):
        raise UsageError("boxes vary readings together", "name readings, or say all")
    return tuple(scenario.readings[name] for name in reading_cells.named(scenario, readings))
