"""Turns in every way they can go: the day is asked on where one run draws.

A turn is taken by the kernel's day until it asks; then the moment is copied for each answer, and gone on with.
What asks in the same situation is merged, so 26 coin flips in one reaction are 27 counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Literal, NamedTuple

import attrs

from negsim.addition import added
from negsim.exact.state.branches import SURE
from negsim.exact.state.clocks import Clocks
from negsim.kernel.action import Action
from negsim.kernel.day import Day
from negsim.kernel.looks import broken
from negsim.kernel.moment import Moment, Postponed
from negsim.kernel.questions import Answer, Aspiration, Choice, Geometric, Question, Trial, Uniform, asker
from negsim.kernel.steps import Take, Trigger
from negsim.program.events import Occurrence
from negsim.program.formula import MeaninglessError, Values
from negsim.program.monitors import Monitor
from negsim.program.options import Picked
from negsim.program.program import Program
from negsim.program.rules import Instance, Watches
from negsim.program.said import Speaker
from negsim.program.table import Table

COME = 0  # what the state keeps of the day on which something first came: that it has come, not when
TRIED = -1  # the due of a `geometric` action whose trial of today is over, or that was scheduled today
NOT_YET = -3  # that of one that an event of the past scheduled for trials from day 1 on, before day 0
UNTRIED = -2  # the due of a `geometric` action whose trial of today is still to come


class Pending(NamedTuple):
    """An action that waits for its day, as far as it matters for what comes.

    `due` counts the days until its turn; with a `chance`, a trial on each day decides.
    """

    instance: Instance | Table
    due: int
    chance: float | None
    watches: Watches


class Snapshot(NamedTuple):
    """What there is between two turns, as far as it matters for what comes: the state, and what waits."""

    values: Values
    pending: tuple[Pending, ...]


Kind = Literal["trigger", "wait", "action"]


class Start(NamedTuple):
    """An item of the agenda whose turn is about to come: its trigger, the end of its wait, or its action."""

    instance: Instance | Table
    kind: Kind


class AllAnswers(NamedTuple):
    """The answers that a question can have, with their chances; for a decision to be looked into, the choice."""

    each: tuple[tuple[float, Answer], ...]
    decision: Choice | None = None


@attrs.frozen
class Stop:
    """Where a turn came to: over (no `answers`) or at a question; and what was `counted` since the last one."""

    moment: Moment
    answers: AllAnswers | None
    counted: tuple[int, ...]


Pick = Callable[[Choice, Moment], int | None]


class Unlogged:
    """The host of days of which no log is kept: everything happens, and nothing is put in."""

    hears_seats = False

    def admits(self, occurrence: Occurrence, action: Action | None) -> bool:  # noqa: ARG002 - the host's signature
        """Everything happens."""
        return True

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> Sequence[Occurrence]:  # noqa: ARG002 - as above
        """Nothing is put in."""
        return ()


class Turns:
    """Takes turns of one program, in every way they can go, on the day `today`.

    `controlled` are the actors whose decisions are looked into; others choose as `pick` says, or else by weight.
    `counting` are the monitors whose counts are read off each turn, `firsts` those of which the state keeps whether
    their event has come. Of all else that measures remember it keeps nothing: that would tell states apart.
    """

    def __init__(
        self,
        program: Program,
        *,
        controlled: frozenset[str] = frozenset(),
        counting: Sequence[Monitor] = (),
        firsts: Sequence[Monitor] = (),
    ) -> None:
        self.program = program
        self.counting = tuple(counting)
        self.firsts = tuple(firsts)
        self.today = 0
        self.clocks = Clocks(program)
        self.pick: Pick | None = None
        self.day = Day(Unlogged())
        self._controlled = controlled
        self._interned: dict[Hashable, Instance] = {}

    def same(self, instance: Instance) -> Instance:
        """One instance for all that will act alike: the same rule, and the same for every name that it still uses."""
        return self._interned.setdefault((instance.name, instance.actors, instance.late_scope), instance)

    # From what there is between two turns to a moment, and back.

    def moment(self, snapshot: Snapshot, start: Start) -> Moment:
        """The moment in which a turn begins."""
        moment = Moment(self.program, snapshot.values)
        moment.begin(self.today)
        moment.tell_time(self.clocks.day(self.today), 0)
        for instance, due, chance, watches in snapshot.pending:
            moment.postponed.append(Postponed(_waiting(instance, watches, moment), due, chance))
        if start.kind == "action":
            moment.front.append(Take(_waiting(start.instance, (), moment)))
        elif isinstance(start.instance, Instance):
            moment.front.append(Trigger(start.instance, None if start.kind == "trigger" else SURE))
        return moment

    def snapshot(self, moment: Moment) -> Snapshot:
        """What matters of a moment for what comes after its turn."""
        return Snapshot(self.clocks.kept(moment.values), self.pending(moment))

    def pending(self, moment: Moment) -> tuple[Pending, ...]:
        """The actions of a moment that wait for their day."""
        found = []
        for action, due, chance in moment.postponed:
            instance = action.instance
            if isinstance(instance, Speaker):
                raise TypeError(f"{instance.name} never waits")
            if moment.awaits(action):
                same = self.same(instance) if isinstance(instance, Instance) else instance
                found.append(Pending(same, due, chance, action.watches))
        return tuple(found)

    # Turns.

    def go_on(self, moment: Moment, answer: Answer = None) -> Stop:
        """Goes on from a moment until the turn is over or the day asks what has more than one answer.

        A moment that asks is left as it is; a copy of it goes on with the answer.
        """
        if moment.asked is None:
            question = self.day.finish(moment)
        else:
            moment = moment.copy()
            moment.begin(moment.day)  # too many events is said of those between two questions: see `Steps.rounds`
            question = self.day.answer(moment, answer)
        while question is not None:
            answers = self._answers(question, moment)
            if answers.decision is not None or len(answers.each) > 1:
                return self._stop(moment, answers)
            question = self.day.answer(moment, answers.each[0][1])
        return self._stop(moment, None)

    def _stop(self, moment: Moment, answers: AllAnswers | None) -> Stop:
        return Stop(moment, answers, self.read_off(moment))

    def read_off(self, moment: Moment) -> tuple[int, ...]:
        """What has been counted since the last time; what measures remember is cut down to what the state keeps."""
        layout, state = moment.program.layout, moment.state
        counted = tuple([state[monitor.at] for monitor in self.counting])
        come = [monitor.at for monitor in self.firsts if state[monitor.at] is not None]
        state[layout.world : -1] = layout.memory
        for at in come:
            state[at] = COME
        return counted

    def _answers(self, question: Question, moment: Moment) -> AllAnswers:
        """The answers that a question can have, with their chances."""
        match question:
            case Trial(chance=chance):
                if chance <= 0 or chance >= 1:
                    return AllAnswers(((1.0, chance >= 1),))
                return AllAnswers(((chance, True), (1 - chance, False)))
            case Uniform(low=low, high=high):
                count = high - low + 1
                left = moment.program.scenario.horizon_days - moment.day
                days = [(1 / count, each) for each in range(low, min(high, left) + 1)]
                never = [] if high <= left else [((high - max(low - 1, left)) / count, None)]
                return AllAnswers((*days, *never))
            case Geometric(chance=chance) if 0 < chance < 1 and moment.late is not None:
                return _tried_in_the_past(chance, moment.day)
            case Geometric(chance=chance):  # with a trial on each day to come: nothing is known today
                return AllAnswers(((1.0, None if chance <= 0 else 1 if chance >= 1 else TRIED),))
            case Choice():
                try:
                    return self._options(question, moment)
                except (MeaninglessError, OverflowError) as error:
                    raise broken(asker(question), error, moment.day) from None
            case Aspiration():
                return AllAnswers(((1.0, question.strategy(question.view)),))

    def _options(self, choice: Choice, moment: Moment) -> AllAnswers:
        """The option that is picked; all of them for those who are looked into; else each by weight."""
        if choice.by is not None:
            if choice.by in self._controlled:
                each = tuple((0.0, (index, None)) for index in range(len(choice.options)))
                return AllAnswers(each, choice if len(each) > 1 else None)
            index = None if self.pick is None else self.pick(choice, moment)
            if index is not None:
                return AllAnswers(((1.0, (index, None)),))
        weights = [option.weight for option in choice.options]
        total = added(weights)
        if not total > 0:
            raise MeaninglessError("all open options have weight 0, so none can be drawn")
        return AllAnswers(tuple((weight / total, (index, None)) for index, weight in enumerate(weights) if weight))


def _tried_in_the_past(chance: float, day: int) -> AllAnswers:
    """The answers to a daily chance that an event of a day of the past began: it has succeeded since, or goes on."""
    if day == 0:
        return AllAnswers(((1.0, NOT_YET),))
    left = 1.0
    for _ in range(day + 1, 0):
        left *= 1 - chance
    return AllAnswers(tuple((share, answer) for share, answer in ((1 - left, 1), (left, TRIED)) if share > 0))


def _waiting(instance: Instance | Table, watches: Watches, moment: Moment) -> Action:
    """An action that is under way, with the events that drop it watched, or as the round of talks that is due."""
    action = Action(instance, 0, None, watches)
    if isinstance(instance, Table):
        moment.rounds[instance.name] = action
    moment.guards.watch(action)
    return action
