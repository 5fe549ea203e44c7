"""Cells that vary parameters: along a grid, or all over their ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from negsim.ensemble.design.cells import Cell, crossed
from negsim.errors import UsageError
from negsim.scenario.model import Scenario
from negsim.scenario.ranges import ranged, value_at
from negsim.scenario.record import Parameter, Reading
from negsim.scenario.settings import parameter_values

MOST_STEPS = 10_000
_SWEEP = re.compile(r"(?P<name>[^=]+)=(?P<low>[^:]+):(?P<high>[^:]+):(?P<steps>\d{1,9})")

Sweeps = Mapping[str, Iterable[float]] | Iterable[str]


def grid(scenario: Scenario, sweeps: Sweeps) -> list[Cell]:
    """Each value of each parameter with each of the others, the first parameter changing slowest.

    Sweeps are texts `parameter=low:high:steps`, or values by parameter. Raises `UsageError`.
    """
    cells = [Cell()]
    for name, values in _values(scenario, sweeps).items():
        cells = crossed(cells, [Cell({name: value}) for value in values])
    return cells


def _values(scenario: Scenario, sweeps: Sweeps) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    if isinstance(sweeps, Mapping):
        for name, given in sweeps.items():
            values = [parameter_values(scenario, {name: value})[name] for value in given]
            found[name] = list(dict.fromkeys(values))
            if not values:
                raise UsageError(f"the sweep of `{name}` has no value")
        return found
    for text in [sweeps] if isinstance(sweeps, str) else sweeps:
        name, values = _steps(scenario, text)
        if name in found:
            raise UsageError(f"parameter `{name}` is swept twice")
        found[name] = values
    return found


def _steps(scenario: Scenario, text: str) -> tuple[str, list[float]]:
    """The parameter and the values of `parameter=low:high:steps`, both ends included."""
    match = _SWEEP.fullmatch(text.replace(" ", ""))
    if match is None:
        raise UsageError(f"'{text}' is no sweep", "write parameter=low:high:steps, such as stop_chance=0.001:0.02:10")
    name, steps = match["name"], int(match["steps"])
    low, high = (parameter_values(scenario, {name: match[end]})[name] for end in ("low", "high"))
    if not 2 <= steps <= MOST_STEPS:  # noqa: PLR2004 - two ends
        raise UsageError(f"a sweep has 2 to {MOST_STEPS:,} steps, not {steps:,}")
    if not low < high:
        raise UsageError(f"'{text}': {low} is not below {high}")
    values = [_step(low, high, share=step / (steps - 1)) for step in range(steps)]
    return name, list(dict.fromkeys(map(round, values) if scenario.parameters[name].whole else values))


def _step(low: float, high: float, *, share: float) -> float:
    """A number between two, as it would be written by hand: without the dust of binary fractions."""
    return float(f"{low + (high - low) * share:.12g}") if 0 < share < 1 else (high if share else low)


def latin_hypercube(scenario: Scenario, count: int, *, seed: int, fixed: Iterable[str] = ()) -> list[Cell]:
    """So many cells all over the ranges of the parameters, by a Latin hypercube; `fixed` parameters stay as they are.

    Each range is cut into `count` parts, and each part is used once. Whole numbers are each as likely.

    M. D. McKay, R. J. Beckman, W. J. Conover (1979): A comparison of three methods for selecting values of
    input variables in the analysis of output from a computer code. Technometrics 21, 239-245.
    """
    if count < 1:
        raise UsageError(f"a Latin hypercube has 1 cell or more, not {count}")
    return hypercube(ranged(scenario, fixed=fixed), (), count, seed=seed)


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
