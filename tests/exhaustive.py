"""Every run of a scenario, with its probability: the naive interpreter, with draws that are decided when they matter.

A draw is a number of 0..1 that nobody knows yet. Each comparison narrows it down, in one way after the
other, so all ways together are all runs. Slow, and meant for scenarios of a few days and a few draws.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations, product
from typing import Any

from naive import BrokenError, Naive

from negsim.scenario.model import Scenario


class TooManyError(Exception):
    """There are more runs than were asked for."""


class Draw:
    """A number in `low..high` of 0..1, times a factor, of which a run asks whether it is below a bound."""

    def __init__(self, run: OneOfAll, low: float = 0.0, high: float = 1.0, factor: float = 1.0) -> None:
        self.run, self.low, self.high, self.factor = run, low, high, factor
        self.whole: Draw = self

    def below(self, bound: float) -> bool:
        """Whether it is below a bound, which is settled now where it is open."""
        whole, bound = self.whole, bound / self.factor
        if whole.high <= bound or whole.low >= bound:
            return whole.high <= bound
        share = (bound - whole.low) / (whole.high - whole.low)
        if self.run.settle(share):
            whole.high = bound
            return True
        whole.low = bound
        return False

    def __lt__(self, bound: float) -> bool:
        return self.below(bound)

    def __ge__(self, bound: float) -> bool:
        return not self.below(bound)

    def __gt__(self, bound: float) -> bool:  # `bound < draw`; that they are equal has no chance
        return not self.below(bound)

    def __le__(self, bound: float) -> bool:
        return self.below(bound)

    def __mul__(self, factor: float) -> Draw:
        found = Draw(self.run, factor=self.factor * factor)
        found.whole = self.whole
        return found

    def __int__(self) -> int:
        return next(number for number in range(int(self.factor)) if self.below(number + 1))


class OneOfAll(Naive):
    """One of all runs: the answers so far are given, all that is asked beyond them is answered with yes."""

    def __init__(self, scenario: Scenario, answers: tuple[bool, ...]) -> None:
        parameters = {name: parameter.value for name, parameter in scenario.parameters.items()}
        readings = {name: reading.default for name, reading in scenario.readings.items()}
        super().__init__(scenario, seed=0, parameters=parameters, readings=readings, choices=[])
        self.answers, self.chance = answers, 1.0
        self.asked: list[bool] = []

    def draw(self, *_names: object) -> Draw:
        return Draw(self)

    def settle(self, share: float) -> bool:
        """Yes or no, and the run's probability is that much less."""
        number = len(self.asked)
        self.asked.append(True)
        if number < len(self.answers):
            self.asked[number] = self.answers[number]
        self.chance *= share if self.asked[number] else 1 - share
        return self.asked[number]


def all_runs(scenario: Scenario, *, most: int, one: type[OneOfAll] = OneOfAll) -> Iterator[OneOfAll]:
    """Every run that can be, each ended or broken, made by `one`. Raises `TooManyError`."""
    open_answers: list[tuple[bool, ...]] = [()]
    for _ in range(most):
        if not open_answers:
            return
        run = one(scenario, open_answers.pop())
        try:
            run.run()
        except BrokenError:
            run.outcome, run.measures = "broken", {}
        given = len(run.answers)
        open_answers += [(*run.asked[:place], False) for place in range(given, len(run.asked))]
        yield run
    if open_answers:
        raise TooManyError


def law(scenario: Scenario, orbits: Sequence[Sequence[str]], *, most: int) -> dict[tuple[Any, ...], float]:
    """The probability of each end: outcome, day, measures and state, members of an orbit without their names."""
    found: dict[tuple[Any, ...], float] = defaultdict(float)
    for run in all_runs(scenario, most=most):
        found[run.outcome, run.day, tuple(run.measures.items()), nameless(run.state, orbits)] += run.chance
    return dict(found)


def nameless(state: dict[tuple[str, str], Any], orbits: Sequence[Sequence[str]]) -> tuple[tuple[str, str, str], ...]:
    """The one of all states that are the same with the names in orbits swapped that comes first."""
    found = []
    for swap in product(*(permutations(orbit) for orbit in orbits)):
        names = dict(
            pair for orbit, others in zip(orbits, swap, strict=True) for pair in zip(orbit, others, strict=True)
        )
        renamed = ((name, names.get(who, who), str(names.get(value, value))) for (name, who), value in state.items())
        found.append(tuple(sorted(renamed)))
    return min(found)
