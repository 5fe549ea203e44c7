"""A moment of a run: all that there is in the middle of a day, and what is left to do.

It is a value that can be copied, compared, kept and gone on with. Whoever runs a day (`Day`) changes a moment in
place; who wants to go on from it in more than one way copies it first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

from negsim.kernel.action import Action, Guards
from negsim.kernel.questions import Question
from negsim.kernel.steps import Happen, Step
from negsim.program.events import Occurrence
from negsim.program.formula import State, new_state, values_of
from negsim.program.program import Program
from negsim.program.table import Table
from negsim.scenario.types import Value


class Postponed(NamedTuple):
    """An action that is put off: it is due in so many days; `daily` is the chance that each day has, where one draws.

    Who draws has drawn the number of days from that chance; who looks at every answer tries it day by day.
    """

    action: Action
    days: int
    daily: float | None


class Moment:
    """What there is in the middle of a day.

    `program` is the scenario as it is bound now, `state` the values and what the measures remember, `moved` the slots
    that have changed since the last dusk, `seq` that of the event logged last (-1 before any). `front` is what goes
    on at once (the rest of an event's list, the rules it triggers), `queue` the actions that wait for their turn in
    the cascade, first in, first out; `asked` what the day waits to be answered. `postponed` is what is put off: who
    keeps a calendar takes it from here. Of each talks, `rounds` holds the round that is due next, `spoken` the seq of
    what was said last, or opened them, and `notices` that of the notice given; `mute` is the talks whose offer of this
    round was left out. Where an agreement is in force for a term, that is over when the next round would be due. While
    an entry of the past is looked at that starts delays, `late` says when what was due before day 0 comes (`today`,
    `never`).
    """

    __slots__ = (
        "asked", "busy", "day", "events_today", "front", "guards", "late", "moved", "mute", "notices", "postponed",
        "program",
        "queue", "rounds", "seq", "spoken", "state",
    )  # fmt: skip

    def __init__(self, program: Program, values: Sequence[Value | None] | None = None) -> None:
        self.program = program
        self.state: State = program.layout.first_state() if values is None else new_state(values)
        self.day = 0
        self.seq = -1
        self.moved: set[int] = set()
        self.front: deque[Step] = deque()
        self.queue: deque[Action] = deque()
        self.asked: Question | None = None
        self.postponed: list[Postponed] = []
        self.guards = Guards()
        self.rounds: dict[str, Action] = {}
        self.spoken: dict[str, int] = {}
        self.notices: dict[str, int] = {}
        self.mute: str | None = None
        self.late: str | None = None
        self.events_today = 0
        self.busy: set[str] = set()  # the rules of the last events of a day that has far too many

    def copy(self) -> Moment:
        """The same moment, to go on with apart. What has the state's version has the world's values."""
        moment = Moment.__new__(Moment)
        moment.program, moment.day, moment.seq = self.program, self.day, self.seq
        moment.state, moment.moved = [*self.state], {*self.moved}
        moment.guards = self.guards.copy()
        moment.front, moment.queue = self.front.copy(), self.queue.copy()
        moment.asked, moment.postponed = self.asked, [*self.postponed]
        moment.rounds, moment.spoken, moment.mute = {**self.rounds}, {**self.spoken}, self.mute
        moment.late, moment.notices = self.late, {**self.notices}
        moment.events_today, moment.busy = self.events_today, {*self.busy}
        return moment

    def begin(self, day: int, *, tells: bool = False) -> None:
        """Starts a day; has the state say so where it `tells` the day."""
        self.day = day
        self.events_today = 0
        self.busy.clear()
        if tells and self.program.layout.time:
            self.tell_time(day, day)

    def tell_time(self, day: int, now: int) -> None:
        """Has the state say which day it is, where something looks at that."""
        self.program.layout.tell_time(self.state, day=day, now=now)

    def rebind(self, program: Program) -> None:
        """Goes on under other parameters or readings."""
        self.program = program

    @property
    def values(self) -> tuple[Value, ...]:
        """The state, slot by slot; behind the world's what the measures remember."""
        return values_of(self.state)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do in this turn."""
        return not (self.front or self.queue or self.asked)

    def put_in(self, occurrence: Occurrence) -> None:
        """Has an event happen next, before what is left of today."""
        self.front.appendleft(Happen(occurrence))

    def convene(self, table: Table, days: int) -> None:
        """Puts off the next turn of talks, for so many days; one that was due before is not taken."""
        action = self.rounds[table.name] = Action(table, self.day, None)
        self.postponed.append(Postponed(action, days, None))

    def awaits(self, action: Action) -> bool:
        """Whether an action that was put off can still be taken."""
        table = action.instance
        if isinstance(table, Table):
            due = not table.is_closed(self.state) or table.is_in_force(self.state)
            return due and self.rounds.get(table.name) is action
        return self.guards.stands(action)

    @property
    def about(self) -> tuple[Any, ...]:
        """What two moments have in common that go on alike, whatever led to them and whatever measures have seen."""
        world = self.values[: self.program.layout.world]
        still = [each for each in self.postponed if self.awaits(each.action)]
        waiting = [(each.action.about, each.action.bound, each.days, each.daily) for each in still]
        queue = [(each.about, each.bound) for each in self.queue if self.guards.stands(each)]
        asked = None if self.asked is None else self.asked.about
        return self.day, world, [step.about for step in self.front], queue, waiting, asked, self.mute

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moment) and self.program is other.program and self.about == other.about

    __hash__ = None  # type: ignore[assignment] # it changes
