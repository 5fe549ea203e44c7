"""What matters most: how much of an outcome's variation over the ranges of parameters each of them makes (Sobol)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from negsim.ensemble.cells import Cell
from negsim.ensemble.evaluate import Progress, evaluate
from negsim.ensemble.places import ALONE, Places, places
from negsim.ensemble.request import Request, request_for
from negsim.errors import UsageError, did_you_mean, to_install
from negsim.exact.solution import MOST_STATES, shown, solve
from negsim.html import html_table
from negsim.policy.situation import Policy
from negsim.scenario.model import Parameter, Scenario
from negsim.scenario.ranges import ranged, value_at
from negsim.scenario.seeds import seed_number
from negsim.scenario.settings import Choices
from negsim.whole import whole

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

POINTS = 64
RUNS = 100
MOST_CELLS = 100_000
RESAMPLES = 1_000  # of the bootstrap that gives the intervals
NO_VARIATION = 1e-12  # a probability that varies less does so by the dust of binary fractions alone


@attrs.frozen
class Estimate:
    """An index with the 95 % interval that the bootstrap gives it. It can lie outside 0..1: it is an estimate."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """The estimate with the keys of `negsim explore --sensitivity --json`."""
        return {"value": shown(self.value), "low": shown(self.low), "high": shown(self.high)}


@attrs.frozen
class Index:
    """What one parameter is to one outcome.

    `first` is the share of its variance that the parameter makes alone, `total` that which it makes alone and
    together with others. `places` are those that it can have in the order by `total`, as far as the intervals tell.
    """

    parameter: str
    first: Estimate
    total: Estimate
    places: Places = ALONE


@attrs.frozen
class Spread:
    """How an outcome's share varies over the points: the least, the mean, the most; and the indices, largest first.

    There are no indices where it does not vary.
    """

    least: float
    mean: float
    most: float
    indices: tuple[Index, ...]


@attrs.frozen(eq=False)
class Sensitivity:
    """The Sobol indices of outcomes over the ranges of parameters, each value of a range as likely as any other.

    `points` is the size of the design, `settings` how many settings it makes, `runs` the runs of each, with
    the same seeds; nothing where the probabilities are exact. `errors` counts runs that broke down.
    """

    request: Request = attrs.field(repr=False)
    parameters: tuple[Parameter, ...] = attrs.field(repr=False)
    points: int
    settings: int
    runs: int | None
    seed: int
    errors: int
    outcomes: Mapping[str, Spread]

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.request.scenario

    @property
    def is_exact(self) -> bool:
        """Whether the probabilities behind it are exact."""
        return self.runs is None

    def to_pandas(self) -> pd.DataFrame:
        """A row for each outcome and parameter, as a data frame of pandas."""
        _salib()
        import pandas as pd  # noqa: PLC0415 - comes with SALib

        rows = [
            (name, each.parameter, *attrs.astuple(each.first), *attrs.astuple(each.total), *attrs.astuple(each.places))
            for name, spread in self.outcomes.items()
            for each in spread.indices
        ]
        names = ["first", "first_low", "first_high", "total", "total_low", "total_high", "first_place", "last_place"]
        return pd.DataFrame.from_records(rows, columns=["outcome", "parameter", *names])

    def as_json(self) -> dict[str, Any]:
        """The indices with the keys that `negsim explore --sensitivity --json` prints."""
        return {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            **self.request.asked(),
            "ranges": {
                p.name: {"low": p.low, "high": p.high, "origin": p.origin.standing.value, "rule": p.rule}
                for p in self.parameters
            },
            "points": self.points,
            "settings": self.settings,
            "runs": self.runs,
            "exact": self.is_exact,
            "seed": self.seed,
            "errors": self.errors,
            "outcomes": {name: _spread_json(spread) for name, spread in self.outcomes.items()},
        }

    def _repr_html_(self) -> str:
        """The indices as a table, for a notebook."""
        rows = [
            (name, each.places.words(), each.parameter, _words(each.first), _words(each.total))
            for name, spread in self.outcomes.items()
            for each in spread.indices
        ]
        return html_table(
            f"{self.scenario.title}: what matters most",
            ("outcome", "place", "parameter", "first", "total"),
            rows,
            foot=about(self),
        )


def _spread_json(spread: Spread) -> dict[str, Any]:
    return {
        "least": shown(spread.least),
        "mean": shown(spread.mean),
        "most": shown(spread.most),
        "indices": {
            each.parameter: {
                "first": each.first.as_json(),
                "total": each.total.as_json(),
                "places": each.places.as_json(),
            }
            for each in spread.indices
        },
    }


def _words(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"


def about(found: Sensitivity) -> str:
    """What is to be said beside the indices."""
    if found.is_exact:
        return "Of exact probabilities; the intervals say how far the choice of the points may have moved an index."
    return (
        f"Of shares of {found.runs:,} runs a setting, with the same seeds. Chance in the shares counts as variation,"
        " and as what parameters do together: it makes totals too large, the more so the fewer runs there are."
    )


def sobol(
    scenario: Scenario,
    *,
    over: str | Iterable[str] | None = None,
    points: int = POINTS,
    runs: int | None = None,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    outcome: str | None = None,
    exact: bool = False,
    max_states: int = MOST_STATES,
    workers: int = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """First and total Sobol indices of the outcomes' probabilities over the ranges of parameters.

    `over` names the parameters; else all that have a range and are not in `set`. `points` is a power of two:
    with d parameters there are `points * (d + 2)` settings, each with `runs` runs (100 unless given) of the
    same seeds, or, with `exact`, solved exactly. `seed` names the first seed and the points. Raises
    `UsageError`, also where a setting cannot be solved exactly.

    A. Saltelli, P. Annoni, I. Azzini, F. Campolongo, M. Ratto, S. Tarantola (2010): Variance based
    sensitivity analysis of model output. Computer Physics Communications 181, 259-270.
    """
    if outcome is not None and outcome not in scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, scenario.outcomes))
    if exact and (runs is not None or out is not None):
        raise UsageError("exact probabilities need no runs", "leave out exact, or the runs")
    parameters = ranged(scenario, over, fixed=set or {})
    seed, points = seed_number(seed), whole(points, "points")
    cells = saltelli(parameters, points=points, seed=seed)
    asked: dict[str, Any] = {"set": set, "read": read, "choose": _kept(choose), "policy": policy}
    if exact:
        shares, errors = _exact(scenario, cells, asked, max_states=max_states, progress=progress), 0
    else:
        runs = RUNS if runs is None else runs
        how: dict[str, Any] = {"runs": runs, "seed": seed, "workers": workers, "cluster": cluster}
        with evaluate(scenario, cells, out=out, progress=progress, **how, **asked) as result:
            shares = [{name: each.share or 0.0 for name, each in cell.outcomes.items()} for cell in result.cells]
            errors = result.errors
    names = list(scenario.outcomes) if outcome is None else [outcome]
    outcomes = {name: _spread([each[name] for each in shares], parameters, seed=seed) for name in names}
    request, _ = request_for(scenario, cells, seed=seed, **asked)
    return Sensitivity(request, parameters, points, len(cells), runs, seed, errors, outcomes)


def _kept(choose: Choices | None) -> Choices | None:
    """Choices that can be gone through more than once."""
    return list(choose) if choose is not None and not isinstance(choose, Mapping) else choose


def saltelli(parameters: Sequence[Parameter], *, points: int, seed: int) -> list[Cell]:
    """The settings of the design: for each point one, one with each parameter from another point, and that point."""
    if points < 2 or points & (points - 1):  # noqa: PLR2004 - a power of two
        raise UsageError(f"the points are a power of two, not {points:,}", "such as 64 or 128")
    size = points * (len(parameters) + 2)
    if size > MOST_CELLS:
        raise UsageError(
            f"{points:,} points over {len(parameters)} parameters make {size:,} settings,"
            f" and at most {MOST_CELLS:,} are looked at",
            "name the parameters with `over`",
            settings=("over",),
        )
    sample, _ = _salib()
    rows = sample(_problem(parameters), points, calc_second_order=False, seed=seed)
    return [
        Cell({p.name: value_at(p, share) for p, share in zip(parameters, row, strict=True)}) for row in rows.tolist()
    ]


def _problem(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The ranges as SALib wants them; a whole number has no range of its own there, so all are shares of a range."""
    return {"num_vars": len(parameters), "names": [p.name for p in parameters], "bounds": [[0, 1]] * len(parameters)}


def _salib() -> tuple[Callable[..., np.ndarray], Callable[..., Mapping[str, Any]]]:
    try:
        from SALib.analyze.sobol import analyze  # noqa: PLC0415 - an extra, loaded where it is used
        from SALib.sample.sobol import sample  # noqa: PLC0415 - as above
    except ImportError:
        raise UsageError("Sobol indices need the sensitivity extra", to_install("sensitivity")) from None
    return sample, analyze


def _exact(
    scenario: Scenario, cells: Sequence[Cell], asked: Mapping[str, Any], *, max_states: int, progress: Progress | None
) -> list[Mapping[str, float]]:
    """The probabilities under each setting; equal settings are solved once."""
    known: dict[tuple[float, ...], Mapping[str, float]] = {}
    found = []
    for number, cell in enumerate(cells):
        key = tuple(cell.parameters.values())
        if key not in known:
            given = {**(asked["set"] or {}), **cell.parameters}
            solution = solve(scenario, **{**asked, "set": given}, max_states=max_states)
            if not solution.is_exact:
                raise UsageError(
                    f"there are more than {max_states:,} states, so the scenario cannot be solved exactly",
                    "leave out `exact` to have shares of runs",
                    settings=("exact",),
                )
            known[key] = solution.outcomes
        found.append(known[key])
        if progress is not None:
            progress(number + 1, len(cells))
    return found


def _spread(shares: Sequence[float], parameters: Sequence[Parameter], *, seed: int) -> Spread:
    """What an outcome's shares under the settings of the design come to."""
    import numpy as np  # noqa: PLC0415 - loaded where it is used

    step = len(parameters) + 2
    values = np.array(shares)
    points = np.concatenate([values[::step], values[step - 1 :: step]])
    within = (float(points.min()), float(points.mean()), float(points.max()))
    if values.max() - values.min() < NO_VARIATION or within[2] - within[0] < NO_VARIATION:
        return Spread(*within, ())
    _, analyze = _salib()
    # SALib takes a seed of 0 for none.
    made = analyze(_problem(parameters), values, calc_second_order=False, num_resamples=RESAMPLES, seed=seed + 1)
    indices = [
        Index(parameter.name, _estimate(made, "S1", place), _estimate(made, "ST", place))
        for place, parameter in enumerate(parameters)
    ]
    indices.sort(key=lambda each: -each.total.value)
    known = places([(each.total.low, each.total.high) for each in indices])
    placed = (attrs.evolve(each, places=those) for each, those in zip(indices, known, strict=True))
    return Spread(*within, tuple(placed))


def _estimate(made: Mapping[str, Any], kind: str, place: int) -> Estimate:
    value, half = float(made[kind][place]), float(made[f"{kind}_conf"][place])
    return Estimate(value, value - half, value + half)
