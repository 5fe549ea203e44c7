"""The design that Sobol indices are worked out from, and what comes of the shares under its settings.

A. Saltelli, P. Annoni, I. Azzini, F. Campolongo, M. Ratto, S. Tarantola (2010): Variance based
sensitivity analysis of model output. Computer Physics Communications 181, 259-270.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from negsim.ensemble.design.cells import Cell
from negsim.ensemble.sample.places import places
from negsim.ensemble.study.indices import Estimate, Index, Spread
from negsim.errors import UsageError, to_install
from negsim.scenario.ranges import value_at
from negsim.scenario.record import Parameter

if TYPE_CHECKING:
    import numpy as np

MOST_CELLS = 100_000
RESAMPLES = 1_000  # of the bootstrap that gives the intervals
NO_VARIATION = 1e-12  # a probability that varies less does so by the dust of binary fractions alone


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
    sample, _ = salib()
    rows = sample(_problem(parameters), points, calc_second_order=False, seed=seed)
    return [
        Cell({p.name: value_at(p, share) for p, share in zip(parameters, row, strict=True)}) for row in rows.tolist()
    ]


def _problem(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The ranges as SALib wants them; a whole number has no range of its own there, so all are shares of a range."""
    return {"num_vars": len(parameters), "names": [p.name for p in parameters], "bounds": [[0, 1]] * len(parameters)}


def salib() -> tuple[Callable[..., np.ndarray], Callable[..., Mapping[str, Any]]]:
    """The functions that sample and that analyse. Raises `UsageError` where the extra is not installed."""
    try:
        from SALib.analyze.sobol import analyze  # noqa: PLC0415 - an extra, loaded where it is used
        from SALib.sample.sobol import sample  # noqa: PLC0415 - as above
    except ImportError:
        raise UsageError("Sobol indices need the sensitivity extra", to_install("sensitivity")) from None
    return sample, analyze


def spread(shares: Sequence[float], parameters: Sequence[Parameter], *, seed: int) -> Spread:
    """What an outcome's shares under the settings of the design come to."""
    import numpy as np  # noqa: PLC0415 - loaded where it is used

    step = len(parameters) + 2
    values = np.array(shares)
    points = np.concatenate([values[::step], values[step - 1 :: step]])
    within = (float(points.min()), float(points.mean()), float(points.max()))
    if values.max() - values.min() < NO_VARIATION or within[2] - within[0] < NO_VARIATION:
        return Spread(*within, ())
    _, analyze = salib()
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
