"""How far probabilities go over the ranges of parameters: what was found, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from negsim.errors import UsageError, to_install
from negsim.exact.answer.feeding import held_fixed
from negsim.exact.answer.solution import shown
from negsim.exact.answer.words import decimal
from negsim.html import html_table
from negsim.policy.idle import Idle
from negsim.scenario.model import Scenario
from negsim.scenario.record import Parameter
from negsim.scenario.settings import Settings
from negsim.version import VERSION

if TYPE_CHECKING:
    import pandas as pd


@attrs.frozen(eq=False)
class Extreme:
    """A probability, and the parameters with which it is reached; `is_certain` where nothing else can be there."""

    probability: float
    parameters: Mapping[str, float]
    is_certain: bool = False

    @property
    def words(self) -> str:
        """The probability with six decimals."""
        return decimal(self.probability, 6, sure=self.is_certain)

    def as_json(self) -> dict[str, Any]:
        """The extreme with the keys of `negsim solve --over-ranges --json`."""
        return {
            "probability": shown(self.probability),
            "parameters": {name: shown(value) for name, value in self.parameters.items()},
        }


@attrs.frozen(eq=False)
class ProbabilitySpan:
    """The lowest and the highest probability of an outcome that were found, and what it is as given."""

    lowest: Extreme
    highest: Extreme
    given: float
    given_is_certain: bool = False

    @property
    def words(self) -> tuple[str, str, str]:
        """The lowest, as given, the highest, with six decimals."""
        return self.lowest.words, decimal(self.given, 6, sure=self.given_is_certain), self.highest.words

    def as_json(self) -> dict[str, Any]:
        """The span with the keys of `negsim solve --over-ranges --json`."""
        return {"lowest": self.lowest.as_json(), "highest": self.highest.as_json(), "given": shown(self.given)}


@attrs.frozen(eq=False)
class Ranges:
    """How far the outcomes' exact probabilities go over the ranges of some parameters, all else as asked.

    `parameters` are those that are varied, `settings` all as given.
    Each was reached at a point that was solved exactly; that there is none beyond is what a search of `points`
    points found, and no proof. Where `is_continuous`, every probability between is reached, too. `idle` are the
    choices made beforehand that never came to bear at any point.
    """

    scenario: Scenario = attrs.field(repr=False)
    parameters: tuple[Parameter, ...] = attrs.field(repr=False)
    settings: Settings = attrs.field(repr=False)
    outcomes: Mapping[str, ProbabilitySpan]
    points: int
    is_continuous: bool
    idle: tuple[Idle, ...] = attrs.field(repr=False, default=())

    def to_pandas(self) -> pd.DataFrame:
        """A row for each end of each outcome's span, as a data frame of pandas (the extra `tables`)."""
        try:
            import pandas as pd  # noqa: PLC0415 - an extra, loaded where it is used
        except ImportError:
            raise UsageError("tables need the tables extra", to_install("tables")) from None
        rows = [
            {"outcome": name, "end": end, "probability": extreme.probability, **extreme.parameters}
            for name, span in self.outcomes.items()
            for end, extreme in (("lowest", span.lowest), ("highest", span.highest))
        ]
        return pd.DataFrame.from_records(rows)

    def as_json(self) -> dict[str, Any]:
        """The spans with the keys that `negsim solve --over-ranges --json` prints."""
        return {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            "negsim": VERSION,
            "parameters": dict(self.settings.parameters),
            "readings": dict(self.settings.readings),
            "policies": [each.as_json() for each in self.settings.choices],
            "ranges": {p.name: [p.low, p.high] for p in self.parameters},
            "points": self.points,
            "continuous": self.is_continuous,
            "outcomes": {name: span.as_json() for name, span in self.outcomes.items()},
        }

    def _repr_html_(self) -> str:
        """The spans as a table, for a notebook."""
        rows = [(name, *span.words) for name, span in self.outcomes.items()]
        columns = ("outcome", "lowest found", "as given", "highest found")
        return html_table(f"{self.scenario.title}: over the ranges", columns, rows, foot=about(self))


def about(found: Ranges) -> str:
    """What is to be said beside the spans."""
    between = " Every probability between is reached, too." if found.is_continuous else ""
    return (
        f"The ends were reached, each at a point that was solved exactly. That nothing lies beyond is what a search of"
        f" {found.points:,} points found; it is no proof.{between}{held_fixed(found.scenario)}"
    )
