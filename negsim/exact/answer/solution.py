"""Exact solutions: the law of a scenario under one setting, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from negsim.exact.answer.expectations import Expectation
from negsim.exact.answer.objective import Objective
from negsim.exact.answer.words import at_most, certain, decimal
from negsim.html import html_table
from negsim.policy.idle import Idle
from negsim.policy.table import PolicyTable
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Settings
from negsim.version import VERSION

DIGITS = 12  # of a probability, as it is shown: what every platform's arithmetic agrees on


def shown(value: float) -> float:
    """A number as it is shown and written: 12 significant digits."""
    return float(f"{value:.{DIGITS}g}")


@attrs.frozen(eq=False)
class BestPlay:
    """The most (or least) that can be made of an outcome's probability, and the policy that does it.

    It is no probability of the outcome: it says what choosing so would make of it. `from_table` is what the
    table alone reaches: less than the value where a choice hangs on more than a policy sees.
    """

    objective: Objective
    value: float
    from_table: float
    policy: PolicyTable = attrs.field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """The keys that an objective adds to a solution."""
        return {
            "objective": self.objective.as_json(),
            "value": shown(self.value),
            "value_from_table": shown(self.from_table),
            "policy": self.policy.as_json()["entries"],
        }


@attrs.frozen(eq=False)
class Solution:
    """The exact law of a scenario under one setting.

    `outcomes` gives each outcome's probability; where the solution `is_exact` no more, the least that it can
    be, and `bounds` both ends; `stopped` says of what there were too many. `curves` gives, for each outcome
    and day from 0 to `reached`, the probability that a run has ended so by that dusk, or would if it were
    the last one (where no outcome has a meaning yet, its chance is on no curve). `measures` are expected
    values, of those that were asked for and can be had. `merged` are the members that were counted as alike,
    `apart` says why others that look alike were not. `idle` are the choices made beforehand that never came to
    bear. With an objective, `best` says what can be reached, and
    everything else is how it is if those who choose best do so.
    """

    scenario: Scenario = attrs.field(repr=False)
    settings: Settings = attrs.field(repr=False)
    outcomes: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]] = attrs.field(repr=False)
    curves: Mapping[str, tuple[float, ...]] = attrs.field(repr=False)
    measures: Mapping[str, Expectation]
    states: int
    reached: int
    stopped: str | None
    merged: tuple[tuple[str, ...], ...] = attrs.field(repr=False)
    apart: tuple[str, ...] = attrs.field(repr=False)
    best: BestPlay | None = attrs.field(repr=False, default=None)
    idle: tuple[Idle, ...] = attrs.field(repr=False, default=())

    @property
    def parameters(self) -> Mapping[str, float]:
        """All parameters."""
        return self.settings.parameters

    @property
    def readings(self) -> Mapping[str, str]:
        """All readings."""
        return self.settings.readings

    @property
    def is_exact(self) -> bool:
        """Whether all runs were followed to the horizon."""
        return self.stopped is None

    @property
    def certain(self) -> frozenset[str]:
        """The outcome beside which no other can come about, if there is one."""
        return certain(self.outcomes) if self.is_exact else frozenset()

    def certain_on(self, day: int) -> frozenset[str]:
        """The outcome that all runs have by the dusk of a day, if there is one."""
        return certain({name: curve[day] for name, curve in self.curves.items()})

    def as_json(self) -> dict[str, Any]:
        """The solution with the keys that `negsim solve --json` prints."""
        step = {} if self.scenario.calendar.is_days else {"step": self.scenario.calendar.name}
        return {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            "negsim": VERSION,
            **step,
            **self.cell_as_json(),
            "policies": [each.as_json() for each in self.settings.choices],
        }

    def cell_as_json(self) -> dict[str, Any]:
        """The solution as one of several under different settings, without what these have in common."""
        reached = {"day": self.reached, "date": self.scenario.calendar.written(self.reached)}
        found: dict[str, Any] = {
            "parameters": dict(self.parameters),
            "readings": dict(self.readings),
            "outcomes": {name: shown(value) for name, value in self.outcomes.items()},
            "states": self.states,
            "exact": self.is_exact,
            "reached": None if self.reached < 0 else reached,
            "curves": {name: [shown(value) for value in curve] for name, curve in self.curves.items()},
            "merged": [list(members) for members in self.merged],
            "apart": list(self.apart),
        }
        if not self.is_exact:
            found["stopped"] = self.stopped
            found["bounds"] = {name: [shown(low), shown(high)] for name, (low, high) in self.bounds.items()}
        if self.best is not None:
            found |= self.best.as_json()
        if self.measures:
            found["measures"] = {
                name: {"mean": None if each.mean is None else shown(each.mean), "missing": shown(each.missing)}
                for name, each in self.measures.items()
            }
        return found

    def _repr_html_(self) -> str:
        """The solution as a table, for a notebook."""
        if self.is_exact:
            rows = [(name, decimal(value, sure=name in self.certain)) for name, value in self.outcomes.items()]
        else:
            rows = [(name, f"{decimal(low)} to {at_most(high)}") for name, (low, high) in self.bounds.items()]
        reached = f"{self.scenario.calendar.name} {self.reached}"
        kind = "exact" if self.is_exact else f"followed to {reached}, then {self.stopped}"
        foot = "Probabilities under these assumptions, no forecasts."
        return html_table(f"{self.scenario.title}: {kind}", ("outcome", "probability"), rows, foot=foot)
