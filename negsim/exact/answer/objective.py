"""What is sought by those who choose best: the highest or lowest probability of an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.scenario.model import Scenario


@attrs.frozen
class Objective:
    """What is sought: the highest or lowest probability of an outcome, by `by`; `against` seek the opposite."""

    outcome: str
    maximise: bool
    by: tuple[str, ...]
    against: tuple[str, ...] = ()

    @property
    def actors(self) -> tuple[str, ...]:
        """All who choose."""
        return (*self.by, *self.against)

    def as_json(self) -> dict[str, Any]:
        """The objective as it is written."""
        found = {
            "outcome": self.outcome,
            "direction": "maximise" if self.maximise else "minimise",
            "by": list(self.by),
        }
        return {**found, "against": list(self.against)} if self.against else found


def objective_of(
    scenario: Scenario, *, maximise: str | None, minimise: str | None, by: Sequence[str], against: Sequence[str]
) -> Objective | None:
    """The objective that is asked for, checked; nothing where there is none."""
    if maximise is not None and minimise is not None:
        raise UsageError("maximise and minimise are one or the other")
    outcome = minimise if maximise is None else maximise
    if outcome is None:
        if by or against:
            hint = "give `maximise` or `minimise`"
            raise UsageError("choosing best needs an outcome", hint, settings=("maximise", "minimise"))
        return None
    if outcome not in scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, scenario.outcomes))
    if not by:
        raise UsageError("nobody is named who chooses", "give `by`", settings=("by",))
    for actor in (*by, *against):
        if actor not in scenario.actors:
            raise UsageError(f"there is no actor `{actor}`", did_you_mean(actor, scenario.actors))
    both = [actor for actor in by if actor in against]
    if both:
        raise UsageError(f"`{both[0]}` cannot choose for and against the outcome")
    return Objective(outcome, maximise is not None, tuple(dict.fromkeys(by)), tuple(dict.fromkeys(against)))
