"""The Python door's `solve`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np

from negsim.errors import ModelError, UsageError, in_steps
from negsim.exact.answer.asked import MOST_STATES, Asked, crowds_of
from negsim.exact.answer.best import Play
from negsim.exact.answer.best_table import table_of
from negsim.exact.answer.expectations import expectations
from negsim.exact.answer.forward import Course, Progress, forward
from negsim.exact.answer.objective import Objective, objective_of
from negsim.exact.answer.solution import BestPlay, Solution
from negsim.exact.state.branches import TooLargeError
from negsim.exact.state.turns import Turns
from negsim.exact.step.beginning import beginning
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.steps import NotAloneError
from negsim.exact.symmetry.merging import merging
from negsim.policy.idle import never_applied
from negsim.policy.situation import Policy
from negsim.program.formula import MeaninglessError
from negsim.program.monitors import Monitor
from negsim.program.program import Program
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Choices, settings_of
from negsim.whole import whole


def solve(
    scenario: Scenario,
    *,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    maximise: str | None = None,
    minimise: str | None = None,
    by: Sequence[str] = (),
    against: Sequence[str] = (),
    measures: bool = False,
    max_states: int = MOST_STATES,
    progress: Progress | None = None,
) -> Solution:
    """The exact probability of each outcome, by following all runs at once.

    `policy` is followed as in a run. `maximise` or `minimise` name an outcome: the actors of `by` choose what
    makes it likeliest (or least likely), knowing the state, those of `against` choose the opposite, all
    others go by weight. `measures` also works out the expected measures, which can take more states.
    `max_states` bounds the states that are looked at; beyond it the solution is not exact, and says how far
    it came (with an objective it raises `UsageError`). Raises `UsageError` for names and values that the
    scenario does not have, `ModelError` where a run breaks down.
    """
    objective = objective_of(scenario, maximise=maximise, minimise=minimise, by=by, against=against)
    if objective is not None and policy is not None:
        raise UsageError("best play and a policy do not go together", "ask for one after the other")
    max_states = whole(max_states, "max_states", least=1)
    program = Program(scenario, settings_of(scenario, set=set, read=read, choose=choose))
    asked = Asked(program, measures, max_states, progress, policy, objective)
    apart, together = merging(program, measures=measures, by=asked.by)
    while True:
        try:
            with in_steps(scenario.calendar.name):
                return _played(asked, apart, together) if objective else _solved(asked, apart, together)
        except NotAloneError as error:
            apart = (*apart, f"in rule `{error.rule}`: a member's turn touches others")
            together = tuple(orbit for number, orbit in enumerate(together) if number != error.orbit)


def _solved(asked: Asked, apart: tuple[str, ...], together: tuple[tuple[str, ...], ...]) -> Solution:
    """The solution with these orbits merged."""
    program, scenario = asked.program, asked.program.scenario
    crowds, course, known = _followed(asked, together)
    names = list(scenario.outcomes)
    final = course.curves[-1] if course.is_complete else course.ended
    rest = max(0.0, 1.0 - float(course.ended.sum()))
    outcomes = {name: float(value) for name, value in zip(names, final, strict=True)}
    return Solution(
        scenario,
        program.settings,
        outcomes,
        {name: (low, low if course.is_complete else min(1.0, low + rest)) for name, low in outcomes.items()},
        {name: tuple(course.curves[:, place].tolist()) for place, name in enumerate(names)},
        expectations(crowds, course, known) if asked.measures and course.is_complete else {},
        len(crowds),
        course.reached,
        course.stopped,
        together,
        apart,
        idle=never_applied(asked.fixed, scenario.calendar.name),
    )


def _played(asked: Asked, apart: tuple[str, ...], together: tuple[tuple[str, ...], ...]) -> Solution:
    """The solution in which those of the objective choose best."""
    program, scenario, objective = asked.program, asked.program.scenario, asked.objective
    if objective is None:
        raise TypeError("there is no objective")
    crowds, play, firsts = _explored(asked, objective, together)
    value = play.solve(firsts)
    table = table_of(play, firsts, program.settings)
    outcomes = {name: float(share) for name, share in zip(scenario.outcomes, play.outcomes, strict=True)}
    value = value or outcomes[objective.outcome]  # looked at backward, a chance may vanish that is not none
    from_table = value
    if table.ambiguous:
        followed = attrs.evolve(asked, objective=None, policy=table)
        from_table = _solved(followed, (), together).outcomes[objective.outcome]
    return Solution(
        scenario,
        program.settings,
        outcomes,
        {name: (share, share) for name, share in outcomes.items()},
        {},
        {},
        len(crowds),
        scenario.horizon_days,
        stopped=None,
        merged=together,
        apart=apart,
        best=BestPlay(objective, value, from_table, table),
        idle=never_applied(asked.fixed, scenario.calendar.name),
    )


def _explored(
    asked: Asked, objective: Objective, together: Sequence[Sequence[str]]
) -> tuple[Crowds, Play, Mapping[int, float]]:
    """All that any choice of those who choose best can lead to, and the crowds before day 0 with their chances."""
    turns = Turns(asked.program, controlled=frozenset(objective.actors))
    crowds = crowds_of(asked, turns, together)
    play = Play(crowds, objective, most_forks=asked.most_situations)
    try:
        firsts = crowds.firsts(beginning(turns).starts)
        play.explore(firsts, asked.progress)
    except (MeaninglessError, OverflowError) as error:
        raise ModelError(str(error), where="an outcome", day=turns.today) from None
    except TooLargeError as error:
        raise UsageError(
            f"{error}, so best play cannot be told",
            "give more with `max_states`, or shorten the horizon",
            settings=("max_states",),
        ) from None
    return crowds, play, firsts


def _followed(asked: Asked, together: Sequence[Sequence[str]]) -> tuple[Crowds, Course, Mapping[Monitor, int]]:
    """All runs, followed with these orbits merged; and the first days that lie in the past."""
    monitors = asked.program.monitors if asked.measures else ()
    turns = Turns(
        asked.program,
        counting=[each for each in monitors if each.function == "count"],
        firsts=[each for each in monitors if each.function == "first"],
    )
    crowds = crowds_of(asked, turns, together)
    try:
        start = beginning(turns)
        course = forward(crowds, start.starts, np.array(start.counted), asked.progress)
    except (MeaninglessError, OverflowError) as error:
        raise ModelError(str(error), where="an outcome or a measure", day=turns.today) from None
    return crowds, course, start.firsts
