"""How likely each outcome still was along a run, as it is told: the points, and what a step between two of them is."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import attrs

from negsim.engine.run import Run
from negsim.ensemble.sample.intervals import Z95
from negsim.exact.answer.words import certain, percent, share

DECIDED = 0.95  # an outcome this likely is called decided


@attrs.frozen
class Chance:
    """How likely an outcome is at a point; sampled ones have a 95 % Wilson interval, exact ones no width."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """The chance as JSON writes it."""
        return {"value": self.value, "low": self.low, "high": self.high}


@attrs.frozen
class Point:
    """A moment of a run: at the dusk of a day (`at_dusk`), after the last event by then; or in its middle, after one.

    `seq` is that event's; -1 is the moment before day 0 begins, after history. `quiet_days` says on how many days
    since the point before nothing happened; 0 where something did.
    """

    seq: int
    day: int
    chances: Mapping[str, Chance]
    quiet_days: int = 0
    at_dusk: bool = True

    def words(self, outcome: str) -> str:
        """The chance of an outcome in percent; 0 and 100 only where it has none, or no other has any."""
        chance = self.chances[outcome]
        if chance.low < chance.high:
            return f"{share(chance.value)} %"
        return percent(chance.value, sure=outcome in certain({name: each.value for name, each in self.chances.items()}))


@attrs.frozen(eq=False)
class TurningPoints:
    """The chances of all outcomes along a run.

    `is_exact` says how they were had, `runs` how many runs each point took (0 where exact).
    """

    run: Run = attrs.field(repr=False)
    is_exact: bool
    runs: int
    points: tuple[Point, ...]

    @property
    def outcome(self) -> str:
        """How the run ended."""
        return self.run.outcome

    @property
    def steps(self) -> tuple[tuple[Point, float], ...]:
        """Each point but the first, with how much it changed the chance of the run's outcome."""
        pairs = zip(self.points[1:], self.points, strict=False)
        return tuple((p, p.chances[self.outcome].value - before.chances[self.outcome].value) for p, before in pairs)

    def is_noise(self, point: Point, step: float) -> bool:
        """Whether a step of that size up to a point is one that chance alone makes, with this many runs.

        The two shares are taken as independent, which is on the safe side: they have their luck in common.
        """
        if self.is_exact or point is self.points[-1]:
            return False
        after = point.chances[self.outcome].value
        before = after - step
        return abs(step) < Z95 * sqrt((after * (1 - after) + before * (1 - before)) / self.runs)

    @property
    def decided(self) -> Point | None:
        """The first point from which on the run's outcome stays at least 95 % likely."""
        found: Point | None = None
        for point in reversed(self.points):
            if point.chances[self.outcome].value < DECIDED:
                break
            found = point
        return found

    def as_json(self) -> dict[str, Any]:
        """The keys of `negsim why RUN --turning-points --json`."""
        return {
            "run": self.run.id,
            "outcome": self.outcome,
            "exact": self.is_exact,
            "runs": self.runs,
            "decided": None if self.decided is None else {"seq": self.decided.seq, "day": self.decided.day},
            "points": [
                {
                    "seq": point.seq,
                    "day": point.day,
                    "at_dusk": point.at_dusk,
                    "quiet_days": point.quiet_days,
                    "chances": {name: chance.as_json() for name, chance in point.chances.items()},
                }
                for point in self.points
            ],
        }
