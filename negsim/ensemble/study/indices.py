"""Sobol indices as values: what a parameter is to an outcome, and how all of it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from negsim.ensemble.run.request import Request
from negsim.ensemble.sample.places import ALONE, Places
from negsim.exact.answer.solution import shown
from negsim.html import html_table
from negsim.scenario.model import Scenario
from negsim.scenario.record import Parameter

if TYPE_CHECKING:
    import pandas as pd


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
        import pandas as pd  # noqa: PLC0415 - comes with SALib, without which there are no indices

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
