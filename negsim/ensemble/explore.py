"""The Python door's `explore`: an ensemble, or one for each of some settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from math import prod
from pathlib import Path
from typing import Any

from negsim.engine.run import header_for
from negsim.ensemble.design import readings as reading_cells
from negsim.ensemble.design.cells import Cell, crossed
from negsim.ensemble.design.sweeps import Sweeps, grid, latin_hypercube
from negsim.ensemble.evaluate import Progress, evaluate
from negsim.ensemble.result import Result
from negsim.ensemble.table.parquet import check_can_write, is_parquet, write_parquet
from negsim.errors import UsageError
from negsim.policy.situation import Policy
from negsim.program.strategy import Strategy
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Choices
from negsim.whole import whole

MOST_CELLS = 10_000


def explore(
    scenario: Scenario,
    *,
    runs: int | None = None,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    strategies: Mapping[str, Strategy] | None = None,
    sweep: Sweeps | None = None,
    lhs: int | None = None,
    readings: str | Iterable[str] | None = None,
    workers: int = 1,
    cluster: str | None = None,
    until_width: float | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Result:
    """An ensemble: `runs` runs (1,000 unless given) with the seeds `seed`, `seed` + 1 and so on.

    The settings are those of `run`. `sweep`, `lhs` and `readings` make several cells, see `design`; each is
    run with the same seeds. `until_width` stops as soon as every 95 % interval is narrower. `workers`
    processes, or those of the Dask cluster at the address `cluster`, share the work. `out` names a
    result file (`.sqlite`), which is gone on with where it is there, or a table (`.parquet`); without it
    nothing is kept. `progress` is told how many runs there are and how many there are to be. Raises
    `UsageError`, and `LogError` where the file cannot be used.
    """
    how: dict[str, Any] = {"runs": runs, "until_width": until_width, "workers": workers, "cluster": cluster}
    how |= {"policy": policy, "strategies": strategies, "progress": progress}
    asked: dict[str, Any] = {"seed": seed, "set": set, "read": read}
    cells = design(scenario, sweep=sweep, lhs=lhs, readings=readings, **asked)
    if out is None or not is_parquet(Path(out)):
        return evaluate(scenario, cells, out=out, choose=choose, **asked, **how)
    check_can_write()
    result = evaluate(scenario, cells, choose=choose, **asked, **how)
    write_parquet(result, Path(out))
    return result


def design(
    scenario: Scenario,
    *,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    sweep: Sweeps | None = None,
    lhs: int | None = None,
    readings: str | Iterable[str] | None = None,
) -> tuple[Cell, ...]:
    """The cells of an ensemble: one, unless settings are varied.

    `sweep` gives values of parameters (`{"stop_chance": [0.001, 0.01]}`, or texts such as
    `"stop_chance=0.001:0.02:10"`), each of them with each of the others; `lhs` so many points all over the
    parameters' ranges, by a Latin hypercube that `seed` names; `readings` varies readings: `"each"` one at a
    time, names all combinations of these, `"all"` of all. Parameters in `set` are not varied by `lhs`.
    Raises `UsageError`, also where there are more than 10,000 cells.
    """
    header = header_for(scenario, seed=seed, set=set, read=read)
    lhs = None if lhs is None else whole(lhs, "lhs", least=1)
    if sweep is not None and lhs is not None:
        raise UsageError("a sweep and a Latin hypercube do not go together", "ask for one of them")
    if readings is not None and reading_cells.is_each(readings) and (sweep is not None or lhs is not None):
        raise UsageError("readings one at a time do not go with a sweep", "name readings, to have them crossed with it")
    sizes = [1 if lhs is None else lhs, 1 if readings is None else reading_cells.size(scenario, readings)]
    _check_size(prod(sizes))
    cells = [Cell()]
    if sweep is not None:
        cells = grid(scenario, sweep)
        both = [name for name in cells[0].parameters if name in (set or {})]
        if both:
            raise UsageError(f"parameter `{both[0]}` is both set and swept", "leave one of them out")
    if lhs is not None:
        cells = latin_hypercube(scenario, lhs, seed=header.seed, fixed=set or {})
    if readings is not None:
        _check_size(len(cells) * sizes[1])
        cells = crossed(cells, reading_cells.varied(scenario, readings, header.settings.readings))
    _check_size(len(cells))
    return tuple(cells)


def _check_size(cells: int) -> None:
    if cells > MOST_CELLS:
        raise UsageError(
            f"these settings make {cells:,} cells, and at most {MOST_CELLS:,} are run",
            "name fewer readings or steps; `each` varies one reading at a time",
        )
