"""Where an outcome happens: boxes in the ranges of parameters and among readings in which it is frequent (PRIM)."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import attrs

from negsim.ensemble import readings as reading_cells
from negsim.ensemble.batch import Piece
from negsim.ensemble.cells import Cell
from negsim.ensemble.columns import ERROR, Shape
from negsim.ensemble.evaluate import Progress
from negsim.ensemble.intervals import Share, wilson
from negsim.ensemble.request import Request, request_for
from negsim.ensemble.workers import done_by_workers, done_here, worker_count
from negsim.errors import UsageError, did_you_mean, to_install
from negsim.policy.situation import Policy
from negsim.scenario.model import Parameter, Reading, Scenario
from negsim.scenario.ranges import ranged, value_at
from negsim.scenario.seeds import check_seeds, seed_number
from negsim.scenario.settings import Choices
from negsim.whole import whole

if TYPE_CHECKING:
    import pandas as pd

RUNS = 1_000
MOST_BOXES = 3
FEWEST = 10  # runs of either kind that a box is looked for with
LARGEST_QUASI_P = 0.05  # of a limit that stays
PEEL = 0.1  # the share of the runs in a box that one cut takes away, at least
SOME = 1e-9  # a share of runs that is above none


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
        _prim()
        import pandas as pd  # noqa: PLC0415 - comes with the library

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
    if outcome not in scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, scenario.outcomes))
    runs = RUNS if runs is None else whole(runs, "runs", least=1)
    seed, workers = seed_number(seed), worker_count(workers)
    check_seeds(seed, runs)
    _prim()
    varied = _readings(scenario, readings)
    none = varied and over is None and not any(p.low < p.high for p in scenario.parameters.values())
    parameters = () if none else ranged(scenario, over, fixed=set or {})
    cells = hypercube(parameters, varied, runs, seed=seed)
    request, job = request_for(scenario, cells, seed=seed, set=set, read=read, choose=choose, policy=policy)
    pieces = (Piece(number, cell, number, 1) for number, cell in enumerate(request.cells))
    ends: list[int] = []
    wanted = Shape.of(scenario).place(outcome)
    made = done_here(job, scenario, pieces) if workers == 1 else done_by_workers(job, pieces, workers=workers)
    with closing(made) as results:
        for _, batch in results:
            ends += batch.outcomes
            if progress is not None:
                progress(len(ends), runs)
    has = tuple(end == wanted for end in ends)
    found = _Search(parameters, varied, cells, has).boxes()
    return Boxes(
        request, outcome, parameters, varied, seed, wilson(sum(has), runs), ends.count(ERROR), found, tuple(cells), has
    )


def _readings(scenario: Scenario, readings: str | Iterable[str] | None) -> tuple[Reading, ...]:
    if readings is None:
        return ()
    if reading_cells.is_each(readings):
        raise UsageError("boxes vary readings together", "name readings, or say all")
    return tuple(scenario.readings[name] for name in reading_cells.named(scenario, readings))


def hypercube(parameters: Sequence[Parameter], readings: Sequence[Reading], count: int, *, seed: int) -> list[Cell]:
    """So many settings all over the ranges and options, each option as likely: a Latin hypercube."""
    import numpy as np  # noqa: PLC0415 - NumPy and SciPy are loaded where they are used
    from scipy.stats import qmc  # noqa: PLC0415 - as above

    sampler = qmc.LatinHypercube(len(parameters) + len(readings), seed=np.random.default_rng(seed))
    cells = []
    for row in sampler.random(count).tolist():
        values = {p.name: value_at(p, share) for p, share in zip(parameters, row, strict=False)}
        shares = row[len(parameters) :]
        options = {r.name: [*r.options][int(s * len(r.options))] for r, s in zip(readings, shares, strict=True)}
        cells.append(Cell(values, options))
    return cells


def _prim() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of extras of its own that are not there
        try:
            from ema_workbench.analysis import prim  # noqa: PLC0415 - an extra, loaded where it is used
        except ImportError:
            raise UsageError("boxes need the sensitivity extra", to_install("sensitivity")) from None
    return prim


@attrs.frozen
class _Search:
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

        prim = _prim()
        search = prim.Prim(
            self._frame(),
            np.array(self.has[::2]).astype(int),
            threshold=SOME,
            obj_function=prim.PRIMObjectiveFunctions.LENIENT2,  # fair to settings that lose many runs at one cut
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
