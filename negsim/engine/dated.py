"""What is dated in a run: `at` and `every` instances, each on the agenda for its days."""

from __future__ import annotations

from functools import partial

from negsim.engine.agenda import TRIGGER, Agenda
from negsim.engine.underway import Underway
from negsim.kernel.looks import in_season
from negsim.kernel.steps import Trigger
from negsim.program.program import Program
from negsim.program.rules import Instance
from negsim.scenario.rules import At, Every


class Dated:
    """The dated instances of a run. `program` is the one under which the run goes on."""

    def __init__(self, program: Program, agenda: Agenda, underway: Underway) -> None:
        self.program = program
        self._agenda = agenda
        self._underway = underway

    def lay_out(self) -> None:
        """Puts all on the agenda for their first day."""
        for instance in self.program.dated:
            self._put(instance, instance.first_day)

    def change(self, program: Program) -> None:
        """Goes on under another program; what is still to come moves to its new day."""
        today = self._agenda.today
        for instance, old in zip(program.dated, self.program.dated, strict=True):
            day = instance.first_day
            if isinstance(instance.rule.trigger, At) and day is not None and day > today and day != old.first_day:
                self._put(instance, day)
        self.program = program

    def _put(self, instance: Instance, day: int | None) -> None:
        """Puts a trigger on the agenda, if it comes at all."""
        if day is not None:
            self._agenda.put(day, instance.place, TRIGGER, partial(self._turn, instance))

    def _turn(self, instance: Instance) -> None:
        today = self._agenda.today
        instance = self.program.same(instance)
        if isinstance(instance.rule.trigger, Every):  # before the turn, which may stop at a question
            self._put(instance, today + instance.period_days)
        moved = isinstance(instance.rule.trigger, At) and instance.first_day != today
        if not moved and in_season(instance, today):
            self._underway.turn(Trigger(instance, None))
