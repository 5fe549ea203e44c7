"""Exact solutions: the Python door's `solve` and what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from negsim.errors import ModelError, UsageError, did_you_mean
from negsim.exact.best import Objective, Play
from negsim.exact.branches import TooLargeError
from negsim.exact.crowds import Crowds
from negsim.exact.expectations import Expectation, expectations
from negsim.exact.forward import Course, Progress, beginning, forward
from negsim.exact.layout import Layout
from negsim.exact.orbits import orbits
from negsim.exact.order import order, tied_by, tying
from negsim.exact.steps import NotAloneError, Steps
from negsim.exact.turns import Turns
from negsim.exact.words import at_most, certain, decimal
from negsim.html import html_table
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Choice
from negsim.policy.fixed import FixedPolicy
from negsim.policy.idle import Idle, never_applied
from negsim.policy.situation import Policy, Situation, put_off
from negsim.policy.table import PolicyTable
from negsim.program.formula import MeaninglessError
from negsim.program.monitors import Monitor
from negsim.program.program import Program
from negsim.scenario.choices import FixedChoice
from negsim.scenario.expressions import MemberVariable, walk
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Choices, Settings, settings_of
from negsim.version import VERSION
from negsim.whole import whole

MOST_STATES = 100_000
SITUATIONS_A_STATE = 20  # how many situations in the middle of a day are allowed, for each state that is
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
        return {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            "negsim": VERSION,
            **self.cell_as_json(),
            "policies": [each.as_json() for each in self.settings.choices],
        }

    def cell_as_json(self) -> dict[str, Any]:
        """The solution as one of several under different settings, without what these have in common."""
        reached = {"day": self.reached, "date": self.scenario.date_of(self.reached).isoformat()}
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
        kind = "exact" if self.is_exact else f"followed to day {self.reached}, then {self.stopped}"
        foot = "Probabilities under these assumptions, no forecasts."
        return html_table(f"{self.scenario.title}: {kind}", ("outcome", "probability"), rows, foot=foot)


@attrs.frozen
class Asked:
    """What a solution is asked with."""

    program: Program
    measures: bool
    max_states: int
    progress: Progress | None
    policy: Policy | None = None
    objective: Objective | None = None

    @cached_property
    def fixed(self) -> FixedPolicy:
        """The choices, to be asked, and to tell afterwards which of them never came to bear."""
        return FixedPolicy(self.choices)

    @property
    def choices(self) -> tuple[FixedChoice, ...]:
        """The decisions made beforehand."""
        return self.program.settings.decisions

    @property
    def by(self) -> tuple[str, ...]:
        """Those whose choices hang on all that is."""
        if self.objective is not None:
            return self.objective.actors
        if isinstance(self.policy, PolicyTable):
            return self.policy.actors
        return () if self.policy is None else tuple(self.program.scenario.actors)


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
        idle=never_applied(asked.fixed),
    )


def _played(asked: Asked, apart: tuple[str, ...], together: tuple[tuple[str, ...], ...]) -> Solution:
    """The solution in which those of the objective choose best."""
    program, scenario, objective = asked.program, asked.program.scenario, asked.objective
    if objective is None:
        raise TypeError("there is no objective")
    turns = Turns(program, controlled=frozenset(objective.actors))
    crowds = crowds_of(asked, turns, together)
    play = Play(crowds, objective, most_forks=asked.max_states * SITUATIONS_A_STATE)
    try:
        start = beginning(turns).snapshot
        first = crowds.first(start)
        play.explore(first, asked.progress)
    except (MeaninglessError, OverflowError) as error:
        raise ModelError(str(error), where="an outcome", day=turns.today) from None
    except TooLargeError as error:
        raise UsageError(
            f"{error}, so best play cannot be told",
            "give more with `max_states`, or shorten the horizon",
            settings=("max_states",),
        ) from None
    value = play.solve(first)
    table = play.table(first, program.settings)
    outcomes = {name: float(share) for name, share in zip(scenario.outcomes, play.outcomes, strict=True)}
    value = value or outcomes[objective.outcome]  # looked at backward, a chance may vanish that is not none
    from_table = value
    if table.ambiguous:
        from_table = _solved(attrs.evolve(asked, objective=None, policy=table), (), together).outcomes[
            objective.outcome
        ]
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
        idle=never_applied(asked.fixed),
    )


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


def merging(
    program: Program, *, measures: bool = False, by: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Why members are told apart, and the orbits whose members are counted."""
    choices = program.settings.decisions
    named = {actor for choice in choices for actor in choice.actors or ()}
    named |= {choice.option.partition("[")[2].rstrip("]") for choice in choices if "[" in choice.option}
    found = orbits(program, named=sorted(named), by=by)
    verdict = order(program, found, by=by)
    reasons, merged = list(verdict.reasons), list[tuple[str, ...]]()
    for orbit in verdict.merged:
        rule = tying(program, orbit, verdict.rules)
        if rule is None:
            merged.append(orbit)
        else:
            reasons.append(tied_by(rule))
    if merged and measures and any(_looks_at_members(each.condition) for each in program.layout.seen if each.event):
        reasons.append("a measure that counts events looks at members")
        merged = []
    return tuple(dict.fromkeys(reasons)), tuple(merged)


def _looks_at_members(condition: Any) -> bool:
    return condition is not None and any(isinstance(node, MemberVariable) for node in walk(condition))


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
        course = forward(crowds, start.snapshot, np.array(start.counted), asked.progress)
    except (MeaninglessError, OverflowError) as error:
        raise ModelError(str(error), where="an outcome or a measure", day=turns.today) from None
    return crowds, course, start.firsts


def crowds_of(asked: Asked, turns: Turns, together: Sequence[Sequence[str]]) -> Crowds:
    """What is to be filled with states: choices that are fixed, or a policy's, are made as they say."""
    steps = Steps(Layout(turns, together), most=asked.max_states * SITUATIONS_A_STATE, controlled=frozenset(asked.by))
    days = {choice.day for choice in asked.choices if choice.day is not None}
    if asked.policy is not None:
        days |= {*range(asked.program.scenario.horizon_days + 1)}
    steps.agendas.told_apart = days

    def pick(choice: Choice, moment: Moment) -> int | None:
        if asked.policy is not None:
            name = asked.policy(situation(turns, choice, moment))
            for index, option in enumerate(choice.options):
                if option.name == name:
                    return index
        return asked.fixed.pick(choice, day=moment.day, nth=-1)

    if asked.choices or asked.policy is not None:
        turns.pick = pick
    return Crowds(steps, most=asked.max_states)


def situation(turns: Turns, choice: Choice, moment: Moment) -> Situation:
    """What a policy sees at a decision in the middle of a day."""
    program = turns.program
    left = program.scenario.horizon_days - moment.day
    return Situation(
        choice.instance.name,
        choice.by or "",
        choice.instance.actors,
        moment.day,
        {option.name: option.weight for option in choice.options},
        program.layout.named(moment.state),
        tuple(
            put_off(each.instance, each.due, each.chance)
            for each in turns.pending(moment)
            if each.chance is not None or each.due <= left
        ),
    )
