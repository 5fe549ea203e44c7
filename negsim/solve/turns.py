"""Turns in every way they can go: the host that branches where one run draws.

A turn is taken by the kernel's day until it asks; what is left of the day is kept, and taken again with
each answer. What asks in the same situation is merged, so 26 coin flips in one reaction are 27 counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import attrs

from negsim.addition import added
from negsim.kernel.day import Day
from negsim.kernel.formula import MeaninglessError
from negsim.kernel.host import Action, Choice, Picked, Watches
from negsim.kernel.program import Instance, Occurrence, Program
from negsim.kernel.steps import Step
from negsim.kernel.table import Table
from negsim.scenario.types import Value

TRIED = -1  # the due of a `geometric` action whose trial of today is over, or that was scheduled today
UNTRIED = -2  # the due of a `geometric` action whose trial of today is still to come


class Pending(NamedTuple):
    """An action that waits for its day.

    `due` counts the days until its turn; with a `chance`, a trial on each day decides.
    """

    instance: Instance | Table
    due: int
    chance: float | None
    watches: Watches


class Queued(NamedTuple):
    """An action that waits for its turn in today's cascade."""

    instance: Instance | Table
    watches: Watches


class Start(NamedTuple):
    """An item of the agenda whose turn is about to come (`triggered`: see `Day.turn`; `sure`: its trial succeeded)."""

    instance: Instance | Table
    triggered: bool
    sure: bool
    watches: Watches


class Moment(NamedTuple):
    """What there is in the middle of a day: the state, what waits, and what is left of this turn."""

    values: tuple[Value, ...]
    pending: tuple[Pending, ...]
    front: tuple[Step, ...] = ()
    queue: tuple[Queued, ...] = ()
    start: Start | None = None

    @property
    def is_over(self) -> bool:
        """Whether the turn has run to completion."""
        return not (self.front or self.queue or self.start)


class Asked(NamedTuple):
    """A question of the day: the answers with their chances; for a decision to be looked into, the choice."""

    answers: tuple[tuple[float, Any], ...]
    decision: Choice | None


class _QuestionError(Exception):
    """The day asks, and no answer is known yet."""

    def __init__(self, asked: Asked) -> None:
        super().__init__("a question of the day")
        self.asked = asked


Pick = Callable[[Choice], int | None]


class Teller:
    """The host of a day that is told the answers, one after the other, and raises where they end."""

    def __init__(self, intern: Callable[[Instance], Instance], controlled: frozenset[str]) -> None:
        self.seq = 0
        self.asked = None
        self.pick: Pick | None = None
        self.waiting: list[tuple[Action, int, float | None]] = []
        self.answers: tuple[Any, ...] = ()
        self.told = 0
        self._daily: float | None = None
        self._intern = intern
        self._controlled = controlled

    def _answer(self, answers: Sequence[tuple[float, Any]], decision: Choice | None = None) -> Any:
        if self.told < len(self.answers):
            self.told += 1
            return self.answers[self.told - 1]
        raise _QuestionError(Asked(tuple(answers), decision))

    def happens(self, instance: Instance, chance: float) -> bool:  # noqa: ARG002 - the host's signature
        """Both, where both can be."""
        if chance <= 0 or chance >= 1:
            return chance >= 1
        return bool(self._answer(((chance, True), (1 - chance, False))))

    def days_between(self, instance: Instance, low: int, high: int) -> int:  # noqa: ARG002 - as above
        """Each of the days."""
        if low == high:
            return low
        count = high - low + 1
        return int(self._answer([(1 / count, low + each) for each in range(count)]))

    def days_until_success(self, instance: Instance, chance: float) -> int | None:  # noqa: ARG002 - as above
        """A trial on each day to come: nothing is known today."""
        if chance <= 0:
            return None
        self._daily = None if chance >= 1 else chance
        return 1

    def choose(self, choice: Choice) -> tuple[int, float | None]:
        """The option that a policy names; all of them for those who are looked into; else each by weight."""
        if choice.by is not None:
            if choice.by in self._controlled:
                if len(choice.options) == 1:
                    return 0, None
                return self._answer([(0.0, index) for index in range(len(choice.options))], choice), None
            index = None if self.pick is None else self.pick(choice)
            if index is not None:
                return index, None
        weights = [option.weight for option in choice.options]
        total = added(weights)
        if not total > 0:
            raise MeaninglessError("all open options have weight 0, so none can be drawn")
        open_to_chance = [(weight / total, index) for index, weight in enumerate(weights) if weight]
        if len(open_to_chance) == 1:
            return open_to_chance[0][1], 1.0
        return self._answer(open_to_chance), None

    def later(self, action: Action, days: int) -> None:
        """Keeps an action that is due in one day or more."""
        if isinstance(action.instance, Table):
            self.waiting = [each for each in self.waiting if each[0].instance is not action.instance]
        elif isinstance(action.instance, Instance):
            action.instance = self._intern(action.instance)
        self.waiting.append((action, TRIED if self._daily is not None else days, self._daily))
        self._daily = None

    def admits(self, occurrence: Occurrence, action: Action | None) -> bool:  # noqa: ARG002 - as above
        """Everything happens."""
        return True

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> Sequence[Occurrence]:  # noqa: ARG002 - as above
        """No log is kept; its length is."""
        self.seq += 1
        return ()


@attrs.frozen
class Stop:
    """Where a turn came to: over (`asked` is nothing) or at a question; and what its measures counted so far.

    `given` are the answers that the step which asks has had already.
    """

    moment: Moment
    asked: Asked | None
    given: tuple[Any, ...]
    counted: tuple[int, ...]


class Turns:
    """Takes turns of one program, in every way they can go.

    `controlled` are the actors whose decisions are looked into; `counts` the numbers of the observations
    that are counted along the way, `flags` those of which the state keeps, behind its slots, whether they
    have come.
    """

    def __init__(
        self,
        program: Program,
        *,
        controlled: frozenset[str] = frozenset(),
        counts: Sequence[int] = (),
        flags: Sequence[int] = (),
    ) -> None:
        self.program = program
        self.counts = tuple(counts)
        self.flags = tuple(flags)
        self._interned: dict[Hashable, Instance] = {}
        self.teller = Teller(self.same, controlled)
        self.day = Day(program, self.teller)

    def same(self, instance: Instance) -> Instance:
        """One instance for all that will act alike: the same rule, and the same for every name that it still uses."""
        return self._interned.setdefault((instance.name, instance.actors, instance.late_scope), instance)

    def go_on(self, moment: Moment, answers: tuple[Any, ...]) -> Stop:
        """Goes on from a moment, with these answers, until the turn is over or the day asks more."""
        day, teller = self.day, self.teller
        waiting = []
        teller.waiting = []
        for pending in moment.pending:
            action = Action(pending.instance, 0, None)
            action.watches = pending.watches
            waiting.append(action)
            teller.waiting.append((action, pending.due, pending.chance))
        day.resume(moment.values, moment.front, waiting)
        for queued in moment.queue:
            day.queue.append(self._action(queued.instance, queued.watches))
        if self.counts or self.flags:
            day.tally.forget()
        teller.answers, teller.told = answers, 0
        return self._run(moment.start)

    def _action(self, instance: Instance | Table, watches: Watches) -> Action:
        action = Action(instance, 0, None)
        action.watches = watches
        self.day.expect(action)
        return action

    def _run(self, start: Start | None) -> Stop:
        day, teller = self.day, self.teller
        try:
            if start is not None:
                self._begin(start)
                teller.answers, teller.told = (), 0
        except _QuestionError as question:
            return self._kept(start, question.asked)
        while day.front or day.queue:
            if day.front:
                step = day.front.popleft()
                try:
                    step(day)
                    teller.answers, teller.told = (), 0
                except _QuestionError as question:
                    day.front.appendleft(step)
                    return self._kept(None, question.asked)
            else:
                action = day.queue[0]
                try:
                    day.step()
                    teller.answers, teller.told = (), 0
                except _QuestionError as question:
                    action.dropped = False
                    day.queue.appendleft(action)
                    return self._kept(None, question.asked)
        return self._kept(None, None)

    def _begin(self, start: Start) -> None:
        instance = start.instance
        if start.sure and isinstance(instance, Instance) and not self.day.still_holds(instance):
            return
        action = Action(instance, 0, None)
        if isinstance(instance, Table):
            self.day.expect(action)
        if start.sure:
            action.chance = 1.0
        self.day.start(action, triggered=start.triggered)

    def _kept(self, start: Start | None, asked: Asked | None) -> Stop:
        day = self.day
        pending = tuple(
            Pending(action.instance, due, chance, action.watches)  # type: ignore[arg-type] # a speaker never waits
            for action, due, chance in self.teller.waiting
            if day.awaits(action)
        )
        queue = tuple(
            Queued(action.instance, action.watches)  # type: ignore[arg-type] # as above
            for action in day.queue
            if not action.dropped
        )
        moment = Moment(self.values(), pending, tuple(day.front), queue, start)
        counted = tuple(day.tally.values[index] or 0 for index in self.counts) if self.counts else ()
        return Stop(moment, asked, self.teller.answers, counted)

    def values(self) -> tuple[Value, ...]:
        """The state of the day now, with its flags."""
        values = self.day.state[:-1]
        for place, index in enumerate(self.flags, len(self.program.initial)):
            if self.day.tally.values[index] is not None:
                values[place] = True
        return tuple(values)
