"""The log up to an event, with when each variable was set and to what: what could be looked at, and who had set it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import attrs

from negsim.log.event import Header, LoggedEvent
from negsim.log.fold import Fold
from negsim.program.formula import State, new_state
from negsim.program.program import Program
from negsim.scenario.clocks import NEVER
from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin
from negsim.scenario.types import Value


@attrs.frozen
class Condition:
    """One thing that was read: a state variable, an attribute, a reading or a parameter; at talks a red line too.

    A `clock` is how many days ago an event came last (`set_by` is that one), the `day` that of the run. `read_by` names
    what read it (`while`, `when`, `chance`, `after`, `unless`, `still`, `weight`, `option`, `other options`, `emit`,
    `set …`, …); `set_by` is the seq of the event that last set a state variable (nothing: as it was at the start), or
    of the last refusal where refusals are counted. `own` is what the scenario itself has for a reading or a parameter:
    where that is another value, whoever ran it has set this one. The origin of a reading is where its question arises;
    which answer is taken stands in no source. `rule` names the rule, position or talks that a parameter is written in:
    it has the origin of that, whose words do not state the number.
    """

    kind: str
    name: str
    value: Value
    read_by: tuple[str, ...]
    set_by: int | None = None
    origin: Origin | None = None
    own: Value | None = None
    rule: str | None = None

    @property
    def is_set(self) -> bool:
        """Whether whoever ran it has set another value than the scenario's own."""
        return self.own is not None and self.value != self.own


class Past:
    """A log, with when each variable was set and to what."""

    def __init__(self, scenario: Scenario, header: Header, events: Sequence[LoggedEvent]) -> None:
        self.scenario = scenario
        self.events = events
        fold = Fold(scenario, header)
        self._programs: list[tuple[int, Program]] = [(-1, fold.program)]
        self._set_at: list[list[int]] = [[-1] for _ in fold.program.layout.initial]
        self._set_to: list[list[Value]] = [[value] for value in fold.program.layout.initial]
        self._seen: tuple[tuple[int, int], State] | None = None  # what was asked for last
        for event in events:
            for slot in fold.apply(event):
                self._set_at[slot].append(event.seq)
                self._set_to[slot].append(fold.state[slot])
            if fold.program is not self._programs[-1][1]:
                self._programs.append((event.seq, fold.program))

    def program(self, seq: int) -> Program:
        """The parameters and readings in force after an event."""
        return next(program for since, program in reversed(self._programs) if since <= seq)

    def last_set(self, slot: int, seq: int) -> tuple[int, Value]:
        """(seq, value) of the last event up to `seq` that set a slot; seq -1 for its initial value."""
        place = bisect_right(self._set_at[slot], seq) - 1
        return self._set_at[slot][place], self._set_to[slot][place]

    def state(self, seq: int, day: int) -> State:
        """The state after an event, as it was looked at on a day."""
        if self._seen is None or self._seen[0] != (seq, day):
            state = new_state([self.last_set(slot, seq)[1] for slot in range(len(self._set_at))])
            self.program(seq).layout.tell_time(state, day=day, now=day)
            self._seen = (seq, day), state
        return self._seen[1]

    def last_before(self, day: int, seq: int) -> int:
        """The last event, up to one, that was logged before a day; -1 for none."""
        return bisect_left(self.events, day, hi=seq + 1, key=lambda event: event.day) - 1

    def clock(self, slot: int, seq: int, day: int) -> tuple[int | str, int | None]:
        """How many days before a day an event had come, and which it was; nothing, and none, where none had come."""
        setter, last = self.last_set(slot, seq)
        return (day - int(last), setter) if last != NEVER else ("nothing", None)

    def condition(self, kind: str, name: str, seq: int, read_by: str) -> Condition:
        """What was read of that kind and name, in the state after an event."""
        scenario, program = self.scenario, self.program(seq)
        by = (read_by,)
        if kind == "reading":
            reading = scenario.readings[name]
            answer = program.settings.readings[name]
            return Condition(kind, name, answer, by, None, reading.origin, reading.default)
        if kind == "parameter":
            number = scenario.parameters[name]
            taken = program.settings.parameters[name]
            return Condition(kind, name, taken, by, None, number.origin, number.value, number.rule)
        member, _, variable = name.rpartition(".")
        if kind == "attribute":
            group = next(g for g in scenario.groups.values() if (member, variable) in g.given)
            origin = group.origins.get((member, variable)) or scenario.actors[member].origin
            return Condition(kind, name, group.given[member, variable], by, None, origin)
        slot = program.layout.slots[variable, member]
        setter, value = self.last_set(slot, seq)
        origin = program.layout.variable_at[slot].origin
        return Condition(kind, name, value, by, None if setter == -1 else setter, origin)
