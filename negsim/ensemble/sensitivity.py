"""What matters most: how much of an outcome's variation over the ranges of parameters each of them makes (Sobol)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import Progress, evaluate
from negsim.ensemble.run.request import request_for
from negsim.ensemble.study.indices import Sensitivity
from negsim.ensemble.study.saltelli import saltelli, spread
from negsim.errors import UsageError, did_you_mean
from negsim.exact.answer.asked import MOST_STATES
from negsim.exact.answer.solve import solve
from negsim.policy.situation import Policy
from negsim.scenario.model import Scenario
from negsim.scenario.ranges import ranged
from negsim.scenario.seeds import seed_number
from negsim.scenario.settings import Choices, kept_choices
from negsim.whole import whole

POINTS = 64
RUNS = 100


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
    """
    names = _outcomes(scenario, outcome, is_of_two_kinds=exact and (runs is not None or out is not None))
    parameters = ranged(scenario, over, fixed=set or {})
    seed, points = seed_number(seed), whole(points, "points")
    cells = saltelli(parameters, points=points, seed=seed)
    asked: dict[str, Any] = {"set": set, "read": read, "choose": kept_choices(choose), "policy": policy}
    if exact:
        shares, errors = _exact(scenario, cells, asked, max_states=max_states, progress=progress), 0
    else:
        how: dict[str, Any] = {"seed": seed, "workers": workers, "cluster": cluster, "out": out, "progress": progress}
        runs = RUNS if runs is None else runs
        shares, errors = _sampled(scenario, cells, {**asked, **how, "runs": runs})
    outcomes = {name: spread([each[name] for each in shares], parameters, seed=seed) for name in names}
    request, _ = request_for(scenario, cells, seed=seed, **asked)
    return Sensitivity(request, parameters, points, len(cells), runs, seed, errors, outcomes)


def _outcomes(scenario: Scenario, outcome: str | None, *, is_of_two_kinds: bool) -> list[str]:
    """All outcomes, or the one. Raises `UsageError`, also where exact probabilities and runs are asked for at once."""
    if outcome is not None and outcome not in scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, scenario.outcomes))
    if is_of_two_kinds:
        raise UsageError("exact probabilities need no runs", "leave out exact, or the runs")
    return list(scenario.outcomes) if outcome is None else [outcome]


def _sampled(
    scenario: Scenario, cells: Sequence[Cell], how: Mapping[str, Any]
) -> tuple[list[Mapping[str, float]], int]:
    """The shares of runs under each setting, and how many runs broke down."""
    with evaluate(scenario, cells, **how) as result:
        return [
            {name: each.share or 0.0 for name, each in cell.outcomes.items()} for cell in result.cells
        ], result.errors


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
