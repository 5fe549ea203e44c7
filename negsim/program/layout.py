"""Where a state keeps what: the variables of the world, what talks keep of themselves, what measures remember."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from math import prod
from typing import Any

from negsim.program.attendance import left_names
from negsim.program.formula import State, new_state
from negsim.program.memory import memory_names
from negsim.program.phases import AGREED, ENDED, LAPSED, OPEN, PHASE, ROUND, WAITING
from negsim.program.term import NOTICE
from negsim.scenario.called import term_type
from negsim.scenario.clocks import NEVER, Clock, Kept
from negsim.scenario.expressions import Observation
from negsim.scenario.model import Scenario
from negsim.scenario.rules import StateVariable
from negsim.scenario.talks import Talks
from negsim.scenario.types import NOBODY, TRUTH, WHOLE, ActorOf, Enumeration, Type, Value, Whole
from negsim.scenario.walking import walk
from negsim.scenario.words import UNSETTLED

MOST_ROUNDS = 100_000


class StateLayout:
    """The slots of a scenario's states, and what they hold at first.

    `slots` maps (variable, member) to its slot (member `""` for variables of the whole scenario, the talks' name for
    theirs), `variable_at` the slot to the variable. These are the world's, `world` in number: all that can bear on
    what comes; `initial` are their values before history. Where a rule looks at time they have the `day`, and the
    `clocks`: `last` has the slot of the day on which an event came last, by its clock and the values of the clock's
    names, and `now` that of the day from which these are counted. Behind them stands what the measures remember of a
    run, `memory` at first: `seen` has the slot of each observation, and `since` that of the day from which on a `days`
    has still to count.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.slots: dict[tuple[str, str], int] = {}
        self.variable_at: list[StateVariable] = []
        initial: list[Value] = []
        for owners, variable in _variables(scenario):
            for owner in owners:
                self.slots[variable.name, owner] = len(initial)
                self.variable_at.append(variable)
                initial.append(variable.initial[owner])
        self.day: int | None = None
        self.now: int | None = None
        self.last: dict[tuple[Clock, tuple[Value, ...]], int] = {}
        self.clocks: dict[Clock, Kept] = {}
        for owner, variable in self._time(scenario):
            self.slots[variable.name, owner] = len(initial)
            self.variable_at.append(variable)
            initial.append(variable.initial[owner])
        self.initial = tuple(initial)
        self.world = len(initial)
        self.seen: dict[Observation, int] = {}
        self.since: dict[Observation, int] = {}
        memory: list[int | None] = []
        for observation in _observations(scenario):
            self.seen[observation] = self.world + len(memory)
            memory.append(0 if observation.function in ("count", "days") else None)
            if observation.function == "days":
                self.since[observation] = self.world + len(memory)
                memory.append(None)
        self.memory = tuple(memory)

    def first_state(self) -> State:
        """The state before history, with nothing remembered of the run."""
        return new_state((*self.initial, *self.memory))

    def _time(self, scenario: Scenario) -> Iterator[tuple[str, StateVariable]]:
        """What the state keeps of time, with whose it is; notes the places, in the order of the slots."""
        at = len(self.slots)
        days = Whole(min((entry.day for entry in scenario.history), default=0), scenario.horizon_days)
        if scenario.looks_at_day:
            self.day, at = at, at + 1
            yield "", _hidden("day of the run", "", 0, days)
        if scenario.clocks:
            self.now, at = at, at + 1
            yield "", _hidden("day of the clocks", "", 0, days)
        for number, kept in enumerate(scenario.clocks):
            self.clocks[kept.clock] = kept
            for values in kept.each():
                self.last[kept.clock, values], at = at, at + 1
                owner = _whose(scenario, kept, values)
                others = "" if owner else " ".join(map(str, values))
                yield owner, _hidden(f"last {kept.clock.event} {number} {others}", owner, NEVER)

    def tell_time(self, state: State, *, day: int, now: int) -> None:
        """Has a state say which day it is: the day of the run, and the one from which its clocks are counted.

        What no event has moved is not told to who looks at what has moved: time goes on by itself.
        """
        if self.day is not None:
            state[self.day] = day
        if self.now is not None:
            state[self.now] = now

    @cached_property
    def time(self) -> frozenset[int]:
        """The slots that change as time goes on, without an event."""
        return frozenset(slot for slot in (self.day, self.now) if slot is not None)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of each slot of the world: `conflict`, `france.force`."""
        return tuple(f"{owner}.{name}" if owner else name for name, owner in self.slots)

    def named(self, state: Iterable[Any]) -> dict[str, Value]:
        """A state by name: `conflict`, `france.force`; without what seats at talks keep in mind."""
        return {name: value for name, value in zip(self.names, state, strict=False) if " " not in name}


def _hidden(name: str, owner: str, initial: Value, kind: Type = WHOLE) -> StateVariable:
    """A variable that no expression names: its own name has a blank."""
    return StateVariable(name, None, kind, {owner: initial})


def _whose(scenario: Scenario, kept: Kept, values: tuple[Value, ...]) -> str:
    """The member whose clock it is; nobody's where it hangs on something else."""
    is_actors = len(values) == 1 and values[0] != NOBODY and values[0] in scenario.actors
    return str(values[0]) if is_actors and isinstance(kept.kinds[0], ActorOf) else ""


def _variables(scenario: Scenario) -> Iterable[tuple[tuple[str, ...], StateVariable]]:
    """All variables of the world in the order of their slots, each with those who have a copy."""
    for variable in scenario.variables.values():
        yield scenario.groups[variable.group].members if variable.group else ("",), variable
    for talks in scenario.talks.values():
        for variable in talks_variables(talks):
            yield (talks.name,), variable


def _observations(scenario: Scenario) -> Mapping[Observation, None]:
    """What measures observe, in the order of the file, each once."""
    trees = [measure.expression.tree for measure in scenario.measures.values()]
    return dict.fromkeys(node for tree in trees for node in walk(tree) if isinstance(node, Observation))


def talks_variables(talks: Talks) -> list[StateVariable]:
    """What the state keeps of talks: the terms, the phase, the rounds held; what seats remember, who left, a notice."""

    def variable(name: str, kind: Type, initial: Value) -> StateVariable:
        return StateVariable(name, None, kind, {talks.name: initial}, talks.origin)

    terms = [variable(issue, term_type(talks, issue), UNSETTLED) for issue in talks.issues]
    packages = prod(len(options) for options in talks.issues.values())
    phases = (WAITING, OPEN, AGREED, LAPSED, *(() if talks.until_notice is None else (ENDED,)))
    return [
        *terms,
        variable(PHASE, Enumeration(phases), WAITING),
        variable(ROUND, Whole(0, MOST_ROUNDS), 0),
        *(variable(name, Whole(-1, packages - 1), -1) for name in memory_names(talks)),
        *(variable(name, TRUTH, initial=False) for name in left_names(talks)),
        *(() if talks.until_notice is None else (variable(NOTICE, TRUTH, initial=False),)),
    ]
