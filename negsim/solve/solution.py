"""Exact solutions: the Python door's `solve` and what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import attrs
import numpy as np

from negsim.engine.policy import FixedChoice, FixedPolicy
from negsim.engine.settings import Choices, defaults, fixed_choices, parameter_values, reading_options
from negsim.errors import ModelError, UsageError, did_you_mean
from negsim.html import html_table
from negsim.kernel.formula import MeaninglessError
from negsim.kernel.host import Choice
from negsim.kernel.program import Program
from negsim.scenario.expressions import MemberVariable, walk
from negsim.scenario.model import Scenario
from negsim.solve.crowds import Crowds
from negsim.solve.expectations import Expectation, expectations, needs
from negsim.solve.forward import Course, Progress, beginning, forward
from negsim.solve.layout import Layout
from negsim.solve.orbits import orbits
from negsim.solve.order import order
from negsim.solve.steps import NotAloneError, Steps
from negsim.solve.turns import Turns

MOST_STATES = 100_000
SITUATIONS_A_STATE = 20  # how many situations in the middle of a day are allowed, for each state that is
MOST_CELLS = 10_000
DIGITS = 12  # of a probability, as it is shown: what every platform's arithmetic agrees on


def shown(value: float) -> float:
    """A number as it is shown and written: 12 significant digits."""
    return float(f"{value:.{DIGITS}g}")


@attrs.frozen(eq=False)
class Solution:
    """The exact law of a scenario under one setting.

    `outcomes` gives each outcome's probability; where the solution `is_exact` no more (there were too many
    states), the least that it can be, and `bounds` both ends. `curves` gives, for each outcome and day from
    0 to `reached`, the probability that a run has ended so by that dusk, or would if it were the last one.
    `measures` are expected values, of those that were asked for and can be had. `apart` says why members
    that look alike were told apart.
    """

    scenario: Scenario = attrs.field(repr=False)
    parameters: Mapping[str, float] = attrs.field(repr=False)
    readings: Mapping[str, str] = attrs.field(repr=False)
    policies: tuple[Mapping[str, Any], ...] = attrs.field(repr=False)
    outcomes: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]] = attrs.field(repr=False)
    curves: Mapping[str, tuple[float, ...]] = attrs.field(repr=False)
    measures: Mapping[str, Expectation]
    states: int
    reached: int
    is_exact: bool
    merged: tuple[tuple[str, ...], ...] = attrs.field(repr=False)
    apart: tuple[str, ...] = attrs.field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """The solution with the keys that `negsim solve --json` prints."""
        found: dict[str, Any] = {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            "parameters": dict(self.parameters),
            "readings": dict(self.readings),
            "policies": [dict(each) for each in self.policies],
            **self.figures(),
        }
        return found

    def figures(self) -> dict[str, Any]:
        """What was worked out, without what it was asked with."""
        found: dict[str, Any] = {
            "outcomes": {name: shown(value) for name, value in self.outcomes.items()},
            "states": self.states,
            "exact": self.is_exact,
            "reached": {"day": self.reached, "date": self.scenario.date_of(max(self.reached, 0)).isoformat()},
            "curves": {name: [shown(value) for value in curve] for name, curve in self.curves.items()},
        }
        if not self.is_exact:
            found["bounds"] = {name: [shown(low), shown(high)] for name, (low, high) in self.bounds.items()}
        if self.measures:
            found["measures"] = {
                name: {"mean": None if each.mean is None else shown(each.mean), "missing": shown(each.missing)}
                for name, each in self.measures.items()
            }
        return found

    def _repr_html_(self) -> str:
        """The solution as a table, for a notebook."""
        if self.is_exact:
            rows = [(name, f"{value:.6f}") for name, value in self.outcomes.items()]
        else:
            rows = [(name, f"{low:.6f} to {high:.6f}") for name, (low, high) in self.bounds.items()]
        kind = "exact" if self.is_exact else f"followed to day {self.reached}: too many states to go on"
        return html_table(f"{self.scenario.title}: {kind}", ("outcome", "probability"), rows)


@attrs.frozen
class _Asked:
    """What a solution is asked with."""

    program: Program
    choices: tuple[FixedChoice, ...]
    measures: bool
    max_states: int
    progress: Progress | None


def solve(
    scenario: Scenario,
    *,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    measures: bool = False,
    max_states: int = MOST_STATES,
    progress: Progress | None = None,
) -> Solution:
    """The exact probability of each outcome, by following all runs at once.

    `measures` also works out the expected measures, which can take more states. `max_states` bounds the
    states that are looked at; beyond it the solution is not exact, and says how far it came. Raises
    `UsageError` for names and values that the scenario does not have, `ModelError` where a run breaks down.
    """
    if max_states < 1:
        raise UsageError(f"max_states is at least 1, not {max_states}")
    own_parameters, own_readings = defaults(scenario)
    parameters = {**own_parameters, **parameter_values(scenario, set or {})}
    readings = {**own_readings, **reading_options(scenario, read or {})}
    choices = fixed_choices(scenario, choose)
    program = Program(scenario, parameters, readings)
    asked = _Asked(program, choices, measures, max_states, progress)
    apart, together = merging(program, choices, measures=measures)
    while True:
        try:
            crowds, course, known = _followed(asked, together)
            break
        except NotAloneError as error:
            apart = (*apart, f"in rule `{error.rule}`: a member's turn touches others")
            together = tuple(orbit for number, orbit in enumerate(together) if number != error.orbit)
    names = list(scenario.outcomes)
    final = course.curves[-1] if course.is_complete else course.ended
    rest = max(0.0, 1.0 - float(course.ended.sum()))
    outcomes = {name: float(value) for name, value in zip(names, final, strict=True)}
    return Solution(
        scenario,
        parameters,
        readings,
        tuple(choice.as_json() for choice in choices),
        outcomes,
        {name: (low, low if course.is_complete else min(1.0, low + rest)) for name, low in outcomes.items()},
        {name: tuple(course.curves[:, place].tolist()) for place, name in enumerate(names)},
        expectations(crowds, course, known) if measures and course.is_complete else {},
        len(crowds),
        course.reached,
        course.is_complete,
        together,
        apart,
    )


def merging(
    program: Program, choices: Sequence[FixedChoice], *, measures: bool = False, by: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Why members are told apart, and the orbits whose members are counted."""
    named = {actor for choice in choices for actor in choice.actors or ()}
    named |= {choice.option.partition("[")[2].rstrip("]") for choice in choices if "[" in choice.option}
    found = orbits(program, named=sorted(named), by=by)
    verdict = order(program, found, by=by)
    merged = [orbit for orbit in verdict.merged if _is_countable(program, orbit, verdict.rules)]
    if measures and any(_looks_at_members(each.condition) for each in program.observations if each.event):
        merged = []
    return tuple(verdict.reasons), tuple(merged)


def _is_countable(program: Program, orbit: Sequence[str], rules: Mapping[str, Any]) -> bool:
    """Whether each member's turns are its own affair in all rules that may be about a member."""
    scenario = program.scenario
    for name, found in rules.items():
        groups = [binder.group for binder in scenario.rules[name].binders]
        concerned = not groups or any(orbit[0] in scenario.groups[group].members for group in groups)
        if concerned and not found.independent:
            return False
    return True


def _looks_at_members(condition: Any) -> bool:
    return condition is not None and any(isinstance(node, MemberVariable) for node in walk(condition))


def _followed(asked: _Asked, together: Sequence[Sequence[str]]) -> tuple[Crowds, Course, Mapping[int, int]]:
    """All runs, followed with these orbits merged; and the first days that lie in the past."""
    counts, flags = needs(asked.program) if asked.measures else ((), ())
    turns = Turns(asked.program, counts=counts, flags=flags)
    steps = Steps(Layout(turns, together), most=asked.max_states * SITUATIONS_A_STATE)
    pick_by(turns, asked.choices)
    steps.agendas.told_apart = {choice.day for choice in asked.choices if choice.day is not None}
    crowds = Crowds(steps, most=asked.max_states)
    try:
        start, past = beginning(turns)
        course = forward(crowds, start, np.array([past[index] or 0 for index in counts]), asked.progress)
    except (MeaninglessError, OverflowError) as error:
        raise ModelError(str(error), where="an outcome or a measure", day=turns.day.day) from None
    return crowds, course, {index: past[index] for index in flags if past[index] is not None}


def pick_by(turns: Turns, choices: Sequence[FixedChoice]) -> None:
    """Has the choices of a policy made where they are named."""
    if choices:
        policy = FixedPolicy(choices)

        def pick(choice: Choice) -> int | None:
            return policy.pick(choice, day=turns.day.day, nth=-1)

        turns.teller.pick = pick


def cells_of(scenario: Scenario, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Every combination of the options of these readings, the last one quickest."""
    for name in names:
        if name not in scenario.readings:
            raise UsageError(f"there is no reading `{name}`", did_you_mean(name, scenario.readings))
    options = [list(scenario.readings[name].options) for name in names]
    for each in product(*options):
        yield dict(zip(names, each, strict=True))
