"""The search for the lowest and the highest probability: corners, DIRECT, then downhill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import attrs

from negsim.errors import UsageError
from negsim.exact.answer.solution import Solution
from negsim.exact.answer.solve import solve
from negsim.exact.answer.spans import Extreme, ProbabilitySpan
from negsim.exact.answer.words import certain
from negsim.policy.idle import Idle
from negsim.scenario.model import Scenario
from negsim.scenario.ranges import value_at
from negsim.scenario.record import Parameter

if TYPE_CHECKING:
    import numpy as np

FIRST_POINTS = 8  # and as many for each parameter, before it is asked whether more are worth it
MOST_CORNERS = 64  # ends of ranges in all combinations that are looked at first
FINE = 1e-6  # of a range: how far the search goes into it

Watch = Callable[[int], None]  # is told how many points were looked at


@attrs.frozen(eq=False)
class RangeSearch:
    """Points, and the probabilities at each that was looked at; a point is a share of each parameter's range."""

    scenario: Scenario
    parameters: tuple[Parameter, ...]
    given: Mapping[str, object]
    asked: Mapping[str, Any]
    progress: Watch | None
    known: dict[tuple[float, ...], tuple[tuple[float, ...], Mapping[str, float]]] = attrs.field(factory=dict)
    idle: list[Sequence[Idle]] = attrs.field(factory=list)

    def solved(self, given: Mapping[str, object]) -> Solution:
        """The solution under some parameters. Raises `UsageError` where there is no exact one."""
        found = solve(self.scenario, set=given, **self.asked)
        if not found.is_exact:
            raise UsageError(
                f"there are more than {self.asked['max_states']:,} states, so the scenario cannot be solved exactly",
                "give more with `max_states`, or shorten the horizon",
                settings=("max_states",),
            )
        self.idle.append(found.idle)
        return found

    def at(self, point: Sequence[float]) -> Mapping[str, float]:
        """The probabilities at a point."""
        shares = [min(1.0, max(0.0, float(share))) for share in point]
        values = tuple(value_at(p, share) for p, share in zip(self.parameters, shares, strict=True))
        if values not in self.known:
            chosen = {p.name: value for p, value in zip(self.parameters, values, strict=True)}
            self.known[values] = (tuple(shares), self.solved({**self.given, **chosen}).outcomes)
            if self.progress is not None:
                self.progress(len(self.known))
        return self.known[values][1]

    def look(self, outcome: str, sign: int, points: int) -> None:
        """Looks for the lowest probability of an outcome (with the sign -1 for the highest).

        Twice as many points are looked at, and so on, as long as the last ones have found something better. Those
        that are known cost nothing: DIRECT goes the same way again.
        """
        from scipy.optimize import Bounds, direct, minimize  # noqa: PLC0415 - loaded where it is used

        def goal(point: np.ndarray) -> float:
            return sign * self.at(point.tolist())[outcome]

        size = len(self.parameters)
        bounds = Bounds([0.0] * size, [1.0] * size)
        if 2**size <= MOST_CORNERS:
            for corner in product((0.0, 1.0), repeat=size):
                self.at(corner)
        budget, before = min(points, FIRST_POINTS * (1 + size)), float("inf")
        while True:
            direct(goal, bounds, maxfun=budget, len_tol=FINE)
            best = self._best(outcome, sign)
            if best[1] >= before - FINE:
                return
            minimize(goal, best[0], method="L-BFGS-B", bounds=bounds, options={"maxfun": points, "ftol": FINE * FINE})
            before = self._best(outcome, sign)[1]
            if budget >= points:
                return
            budget = min(points, 2 * budget)

    def _best(self, outcome: str, sign: int) -> tuple[tuple[float, ...], float]:
        """The best point by now, and the goal there."""
        shares, found = min(self.known.values(), key=lambda each: sign * each[1][outcome])
        return shares, sign * found[outcome]

    def span(self, outcome: str, given: Solution) -> ProbabilitySpan:
        """What was found for an outcome; of equal ends the one that was looked at first."""
        lowest = min(self.known, key=lambda values: self.known[values][1][outcome])
        highest = max(self.known, key=lambda values: self.known[values][1][outcome])
        ends = self._extreme(lowest, outcome), self._extreme(highest, outcome)
        return ProbabilitySpan(*ends, given.outcomes[outcome], outcome in given.certain)

    def _extreme(self, values: tuple[float, ...], outcome: str) -> Extreme:
        chosen = {p.name: value for p, value in zip(self.parameters, values, strict=True)}
        found = self.known[values][1]
        return Extreme(found[outcome], chosen, outcome in certain(found))
