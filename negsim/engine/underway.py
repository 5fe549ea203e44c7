"""A run under way: its moment, which goes on turn by turn, and what becomes of what the day tells and puts off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from negsim.engine.agenda import DELAYED, Agenda
from negsim.engine.answers import Answers, AskedOfRun
from negsim.engine.interventions import Interventions
from negsim.engine.luck import Luck
from negsim.engine.plan import Plan
from negsim.engine.recorder import Recorder
from negsim.engine.waits import Delayed, Delays
from negsim.errors import ModelError
from negsim.kernel.action import Action
from negsim.kernel.day import Day
from negsim.kernel.looks import broken
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Question, asker
from negsim.kernel.steps import Take, Trigger
from negsim.program.events import Occurrence
from negsim.program.formula import MeaninglessError
from negsim.program.options import Picked
from negsim.program.rules import Instance
from negsim.program.said import Speaker

MOST_EVENTS = 1_000_000


class Underway:
    """The host of a run's day. `moment` is where the run is now; it is changed in place.

    `then` is called after each event, where anything can be changed there, and gives the events put in right after it.
    """

    def __init__(
        self,
        plan: Plan,
        luck: Luck,
        agenda: Agenda,
        *,
        asked: AskedOfRun,
        then: Callable[[], Sequence[Occurrence]] | None,
    ) -> None:
        self.moment = Moment(plan.program)
        self.answers = Answers(plan, luck, agenda, moment=self.moment, asked=asked, waiting=self.waiting)
        self.recorder = Recorder()
        self.interventions = Interventions(asked.interventions)
        self.hears_seats = self.answers.strategists.are_needed
        self._day = Day(self)
        self._delays = Delays() if asked.notes_delays else None
        self._agenda = agenda
        self._then = then
        self._keeps = asked.keeps

    # Turns.

    def recall(self, occurrence: Occurrence, day: int, late: str | None = None) -> Sequence[Occurrence]:
        """Logs an event of the past, with the delays that it starts; gives the events put in after it."""
        put_in = self._day.recall(self.moment, occurrence, day, late)
        self.finish()
        self.moment.late = None
        return put_in

    def convene(self) -> None:
        """Puts off the first round of all talks that open on a day."""
        for table in self.moment.program.tables:
            try:
                if table.first_day is not None:
                    self.moment.convene(table, table.first_day)
            except (MeaninglessError, OverflowError) as error:
                raise broken(f"talks `{table.name}`", error, 0) from None
        self.note_postponed()

    def turn(self, item: Trigger | Take) -> None:
        """Takes an item of the agenda, and all that follows from it today."""
        question = self._day.turn(self.moment, item)
        if question is not None:
            self._answer(question)
        if self.moment.postponed:
            self.note_postponed()

    def finish(self) -> None:
        """Takes what is left to do at once."""
        question = self._day.finish(self.moment)
        if question is not None:
            self._answer(question)
        self.note_postponed()

    def go_on(self) -> None:
        """Goes on from the question at which the run has stopped."""
        self._answer(self.moment.asked)
        self.note_postponed()

    def _answer(self, question: Question | None) -> None:
        """Answers what a turn asks, one question after the other, to its end."""
        moment, to, go_on = self.moment, self.answers.to, self._day.answer
        while question is not None:
            try:
                answer = to[type(question)](question)
            except (MeaninglessError, OverflowError) as error:
                raise broken(asker(question), error, moment.day) from None
            question = go_on(moment, answer)

    # What is put off.

    def note_postponed(self) -> None:
        """Puts what the day has put off on the agenda, unless the run is over by then."""
        postponed, today = self.moment.postponed, self._agenda.today
        for action, days, daily in postponed:
            self._put_off(action, today + days, daily)
        postponed.clear()

    def _put_off(self, action: Action, due: int, daily: float | None) -> None:
        instance = action.instance
        if isinstance(instance, Speaker):
            raise TypeError(f"{instance.name} has no place in the agenda")
        if self._delays is not None:
            self._delays.add(action, due, daily)
        self._agenda.put(due, instance.place, DELAYED, partial(self._delayed_turn, action))

    def _delayed_turn(self, action: Action) -> None:
        if self._delays is not None and not self._delays.drop(action):
            return
        self.turn(Take(action))

    def waiting(self) -> Sequence[Delayed]:
        """The actions that are put off and can still be taken, where somebody looks at what waits."""
        if self._delays is None:
            return ()
        self.note_postponed()
        return self._delays.still(self.moment.awaits)

    def turn_luck(self, luck: Luck) -> None:
        """Goes on with other luck, which puts off anew each action that a daily chance has drawn for a later day."""
        self.answers.luck = luck
        if self._delays is None:
            return
        today = self._agenda.today
        for each in self.waiting():
            action, instance = each.action, each.action.instance
            if each.chance is None or each.due <= today or not isinstance(instance, Instance):
                continue
            self._delays.drop(action)
            self.moment.guards.release(action)
            again = Action(instance, action.trigger_day, action.cause, action.watches)
            again.chance, again.seen = action.chance, action.seen
            self.moment.guards.watch(again)
            days, left = self.answers.days(instance, each.chance)
            self._put_off(again, today + (left + 1 if days is None else days), each.chance)

    # What the day tells.

    def admits(self, occurrence: Occurrence, action: Action | None) -> bool:
        """Whether an event happens: it does, unless it is to be left out."""
        changes = self.interventions
        return not changes.leave_out or changes.admit(occurrence, action, day=self.moment.day, seq=self.moment.seq)

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> Sequence[Occurrence]:
        """Keeps an event; gives the events put in right after it."""
        day = self.moment.day
        if self.moment.seq >= MOST_EVENTS:
            raise ModelError(f"more than {MOST_EVENTS:,} events", where="the run", day=day)
        if self._keeps:
            self.recorder.keep(occurrence, action, picked, day=day, date=self.answers.plan.date(day))
        return () if self._then is None else self._then()
