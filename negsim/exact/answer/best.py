"""Best and worst play: what some actors can make of an outcome's probability by choosing, knowing all that is.

Backward induction over days (Bellman 1957, "Dynamic Programming"; for two sides Shapley 1953, "Stochastic
games", here with one side choosing at a time): from the last dusk back, each decision takes the option
with the highest (or lowest) probability of the outcome. All other actors, and nature, go by weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from negsim.addition import added
from negsim.exact.answer.forward import Progress
from negsim.exact.answer.objective import Objective
from negsim.exact.state.branches import Floats
from negsim.exact.state.rows import spread
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.dusk import Dusk
from negsim.exact.step.unfold import Fork, Unfolded

SAME = 1e-12  # options whose values are nearer than this are equally good: the first in the file is taken
UNLIKELY = 1e-15  # a situation that is reached with less is left out of the table
Choices = npt.NDArray[np.int64]


class Play:
    """All days of a scenario with the decisions of some actors kept apart, and the best that they can do."""

    def __init__(self, crowds: Crowds, objective: Objective, *, most_forks: int) -> None:
        self.crowds = crowds
        self.objective = objective
        self.horizon = crowds.layout.program.scenario.horizon_days
        self._most_forks = most_forks
        self._unfolded: dict[Any, Unfolded] = {}
        self._sign: dict[int, Floats] = {}
        self.outcomes: Floats = np.zeros(0)  # the chances of the outcomes if all choose so
        self.chosen: list[Choices] = []  # by day, for each fork of the day's signature the option taken

    def of(self, day: int) -> Unfolded:
        """The steps of a day."""
        signature = self.crowds.steps.agendas.signature(day)
        found = self._unfolded.get(signature)
        if found is None:
            found = self._unfolded[signature] = Unfolded(self.crowds, most=self._most_forks)
        return found

    def explore(self, firsts: Iterable[int], progress: Progress | None = None) -> None:
        """Finds every crowd that any choice can lead to, from the crowd before day 0 on."""
        here, dusk = {*firsts}, Dusk(self.crowds)
        for day in range(self.horizon + 1):
            unfolded = self.of(day)
            for number in sorted(here):
                unfolded.learn(number, day)
            dusk.goes_on(here, day)
            after = self._ends(unfolded, here)
            marks = np.zeros(len(self.crowds), dtype=bool)
            marks[[*after]] = True
            dusk.look(marks, np.array(self.crowds.ended), day)
            here = {number for number in after if not self.crowds.ended[number]}
            if progress is not None:
                progress(day, len(self.crowds))

    @staticmethod
    def _ends(unfolded: Unfolded, here: set[int]) -> set[int]:
        """The crowds at dusk that these crowds, a day before, can lead to."""
        found: set[int] = set()
        ways = [unfolded.ways[unfolded.known[number]] for number in sorted(here)]
        while ways:
            way = ways.pop()
            found.update(way.crowds.tolist())
            ways += [option for fork in way.forks.tolist() for option in unfolded.options[fork]]
        return found

    def solve(self, firsts: Mapping[int, float]) -> float:
        """The value: the outcome's probability if all who choose choose best, from the crowds before day 0."""
        place = list(self.crowds.layout.program.scenario.outcomes).index(self.objective.outcome)
        final = (np.array(self.crowds.outcomes) == place).astype(float)
        over = np.array(self.crowds.ended)
        values = final
        self.chosen = []
        for day in range(self.horizon, -1, -1):
            values = np.where(over, final, values)
            values, chosen = self._back(self.of(day), values)
            self.chosen.append(chosen)
        self.chosen.reverse()
        return float(added(chance * values[number] for number, chance in firsts.items()))

    def _back(self, unfolded: Unfolded, values: Floats) -> tuple[Floats, Choices]:
        """The values a day earlier, from those at a dusk; and which option each fork of that day takes."""
        matrices = unfolded.matrices
        at_forks = np.zeros(max(len(unfolded.forks), 1))
        chosen = np.zeros(len(unfolded.forks), dtype=np.int64)
        options = matrices.option_crowds @ values
        for level in reversed(matrices.levels):
            worth = (options + matrices.option_forks @ at_forks)[level.options] * self._signs(unfolded)[level.owners]
            best = np.maximum.reduceat(worth, level.firsts)
            good = np.flatnonzero(worth >= best[level.segments] - SAME)
            _, first_good = np.unique(level.segments[good], return_index=True)
            taken = good[first_good]
            chosen[level.forks] = taken - level.firsts
            at_forks[level.forks] = worth[taken] * self._signs(unfolded)[level.forks]
        earlier = np.zeros(len(self.crowds))
        earlier[matrices.starts] = matrices.to_crowds @ values + matrices.to_forks @ at_forks
        return earlier, chosen

    def _signs(self, unfolded: Unfolded) -> Floats:
        """1 for each fork whose actor seeks the outcome, -1 for one who avoids it."""
        found = self._sign.get(id(unfolded))
        if found is None or len(found) != len(unfolded.forks):
            seeking = [(f.decision.actor in self.objective.by) == self.objective.maximise for f in unfolded.forks]
            found = self._sign[id(unfolded)] = np.where(seeking, 1.0, -1.0)
        return found

    # The policy.

    def reached(self, firsts: Mapping[int, float]) -> Iterator[tuple[int, Fork, int, float]]:
        """(day, fork, option taken, chance) for each decision that best play comes to."""
        weights = np.zeros(len(self.crowds))
        for number, chance in firsts.items():
            weights[number] = chance
        over = np.array(self.crowds.ended)
        outcomes = np.zeros(len(self.crowds.layout.program.outcomes))
        for day in range(self.horizon + 1):
            unfolded = self.of(day)
            matrices, chosen = unfolded.matrices, self.chosen[day]
            share = weights[matrices.starts]
            after = spread(matrices.to_crowds.T, share)
            at_forks = spread(matrices.to_forks.T, share)
            for level in matrices.levels:
                here = at_forks[level.forks]
                for fork in level.forks[here > UNLIKELY].tolist():
                    yield day, unfolded.forks[fork], int(chosen[fork]), float(at_forks[fork])
                taken = matrices.firsts[level.forks] + chosen[level.forks]
                after = after + spread(matrices.option_crowds[taken].T, here)
                at_forks = at_forks + spread(matrices.option_forks[taken].T, here)
            done = over | (day == self.horizon)
            ended = np.where(done, after, 0.0)
            outcomes += np.bincount(self.crowds.outcomes, weights=ended, minlength=len(outcomes))[: len(outcomes)]
            weights = np.where(done, 0.0, after)
        self.outcomes = outcomes
