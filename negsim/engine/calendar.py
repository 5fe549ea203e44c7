"""One run: days come, chance and policies answer their questions, events come out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import attrs

from negsim.engine.agenda import DAWN, TRIGGER, Agenda, Item
from negsim.engine.answers import AskedOfRun
from negsim.engine.dated import Dated
from negsim.engine.luck import Luck
from negsim.engine.plan import PLANS, Plan
from negsim.engine.underway import Underway
from negsim.engine.waits import Waiting, Waits
from negsim.errors import ModelError
from negsim.kernel.dusk import DuskLooks
from negsim.kernel.observing import measured
from negsim.kernel.steps import Trigger
from negsim.log.event import Ending, Intervention, LoggedEvent
from negsim.policy.situation import Policy, StoppedError
from negsim.program.events import Occurrence
from negsim.program.formula import MeaninglessError
from negsim.program.strategy import Strategy
from negsim.scenario.choices import Fixed


@attrs.frozen
class OtherLuck:
    """From where on a run has other luck, and which: right after an event (by seq), or from the dusk of a day."""

    luck: Luck
    after: int | None = None
    dusk: int | None = None


class Calendar:
    """A run in progress: its days, from the history to the last dusk. `underway` goes through them.

    `luck` is spent by this run alone. `policy` is asked at each decision after event `policy_from`, `strategies` at
    each round of talks. `keep` says whether `events` are kept; without, only the ending is. With `other_luck` the run
    goes on differently from a moment; `at_dusk` is called at each dusk that anything can come to, and at those of the
    days `looked_at`, with the calendar and the day.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        luck: Luck,
        choices: tuple[Fixed, ...] = (),
        interventions: Sequence[Intervention] = (),
        policy: Policy | None = None,
        policy_from: int = -1,
        strategies: Mapping[str, Strategy] | None = None,
        keep: bool = True,
        other_luck: OtherLuck | None = None,
        at_dusk: Callable[[Calendar, int], None] | None = None,
        looked_at: Iterable[int] = (),
    ) -> None:
        self.plan = plan
        self._taken: list[Plan] = []  # the plans that interventions changed to
        self._agenda = Agenda(plan.program.scenario.horizon_days, self._live)
        asked = AskedOfRun(
            choices=choices,
            interventions=interventions,
            policy=policy,
            policy_from=policy_from,
            strategies=strategies or {},
            keeps=keep,
            notes_delays=policy is not None or other_luck is not None or at_dusk is not None,
        )
        then = self._after_event if interventions or other_luck is not None else None
        self.underway = Underway(plan, luck, self._agenda, asked=asked, then=then)
        self._dated = Dated(plan.program, self._agenda, self.underway)
        self.answers = self.underway.answers
        self.events: Sequence[LoggedEvent] = self.underway.recorder.events
        self._moment = self.underway.moment
        self._dusk = DuskLooks(plan.program)
        self._waits = Waits(plan, luck)
        self._other_luck = other_luck
        self._at_dusk = at_dusk
        self._looked_at = tuple(looked_at)
        self._left: deque[Item] = deque()  # of today's agenda
        self._over = self._laid_out = self._is_stopped = False

    # From start to end.

    def run(self) -> Ending:
        """Runs to the end; goes on to it where a policy has stopped the run.

        Raises `StoppedError` where one stops it, `ModelError` where the scenario has no meaning in the state reached.
        """
        self._is_stopped = False
        try:
            self._go_to_the_end()
            measures = measured(self.plan.program, self._moment.state, self._agenda.today)
            return Ending(self.plan.program.outcome(self._moment.state), self._agenda.today, measures)
        except StoppedError:
            self._is_stopped = True
            raise
        except ModelError as error:
            error.events, error.step = tuple(self.events), self.plan.program.scenario.calendar.name
            raise
        except (MeaninglessError, OverflowError) as error:
            step = self.plan.program.scenario.calendar.name
            broken = ModelError(str(error), where="an outcome or a measure", day=self._agenda.today, step=step)
            broken.events = tuple(self.events)
            raise broken from None
        finally:
            for plan in () if self._is_stopped else self._taken:
                PLANS.give(plan)

    def _go_to_the_end(self) -> None:
        if not self._laid_out:
            self._recall()
            self._lay_out()
        if self._moment.asked is not None:
            self.underway.go_on()
            self._go_through()
        while not self._over:
            self._agenda.step()

    def _recall(self) -> None:
        """Logs the past. What is put in after its last event happens on day 0, before the agenda."""
        entries = self.plan.program.scenario.history
        last_day = entries[0].day if entries else 0
        put_in = self._interrupt(self.underway.interventions.after(-1))
        for entry in entries:
            self.underway.recorder.origin = None
            for extra in put_in:
                self.underway.recall(extra, last_day)
            last_day = entry.day
            self.underway.recorder.origin = entry.origin
            occurrence = self.plan.program.emission(entry.emission)
            put_in = self.underway.recall(occurrence, entry.day, entry.late if entry.starts else None)
        self.underway.recorder.origin = None
        if put_in:
            self._agenda.put(0, DAWN, TRIGGER, partial(self._put_in, put_in))

    def _put_in(self, occurrences: Sequence[Occurrence]) -> None:
        for occurrence in reversed(occurrences):
            self._moment.put_in(occurrence)
        self.underway.finish()

    def _lay_out(self) -> None:
        """Puts on the agenda what is known from the start."""
        self._dated.lay_out()
        self.underway.convene()
        turned_at = None if self._other_luck is None else self._other_luck.dusk
        self._open((0, *self.plan.wake_days, *self._looked_at, turned_at, self._agenda.last_day))
        self._laid_out = True

    def _open(self, days: Iterable[int | None]) -> None:
        """Has days come that are still to come, even if nothing is due on them."""
        for day in days:
            if day is not None and self._agenda.today <= day <= self._agenda.last_day:
                self._agenda.open(day)

    def _live(self, items: Sequence[Item]) -> None:
        """Lives through a day: its agenda, then its dusk."""
        self._moment.begin(self._agenda.today, tells=True)
        self._left.extend(items)
        self._go_through()

    def _go_through(self) -> None:
        """Takes what is left of today's agenda, then looks at its dusk."""
        today = self._agenda.today
        while self._left:
            self._left.popleft()[1]()
        if self._dusk.has_work(self._moment):
            for wait in self._waits.dusk(self._dusk.look(self._moment), today):
                self._end_on_its_day(wait)
            self._over = self._dusk.ended
            if days := self._dusk.days_to_look():
                self._open(days)
        if self._at_dusk is not None:
            self._at_dusk(self, today)
        if self._other_luck is not None and today == self._other_luck.dusk:
            self._turn_luck(self._other_luck.luck)
        self._over = self._over or today >= self._agenda.last_day

    def _end_on_its_day(self, wait: Waiting) -> None:
        """Puts the end of a wait on the agenda."""
        if wait.due is not None:
            instance = self.plan.program.waits[wait.number]
            self._agenda.put(wait.due, instance.place, TRIGGER, partial(self._waited_turn, wait))

    def _waited_turn(self, wait: Waiting) -> None:
        today = self._agenda.today
        if self._waits.end(wait, today):
            self._dusk.look_again(wait.number)
            self.underway.turn(Trigger(self.plan.program.waits[wait.number], wait.chance))

    # What is changed from outside.

    def _after_event(self) -> Sequence[Occurrence]:
        """Makes the changes that come right after the event logged last; gives the events put in."""
        if self._other_luck is not None and self._moment.seq == self._other_luck.after:
            self._turn_luck(self._other_luck.luck)
        changes = self.underway.interventions.after(self._moment.seq)
        return self._interrupt(changes) if changes else ()

    def _interrupt(self, changes: Sequence[Intervention]) -> Sequence[Occurrence]:
        put_in: list[Occurrence] = []
        for each in changes:
            if each.parameters or each.readings:
                self._change(each)
            if each.choices:
                self.answers.chooser.add(each.choices)
            if each.emit:
                values = tuple(each.emit["fields"].values())
                put_in.append(self.plan.program.occurrence(each.emit["event"], values))
        return put_in

    def _change(self, change: Intervention) -> None:
        """Goes on under other parameters or readings; what is dated and still to come moves with them."""
        before = self.plan
        settings = before.program.settings.changed(change.parameters, change.readings)
        after = PLANS.take(before.program.scenario, settings)
        self._taken.append(after)
        self.plan = self.answers.plan = self._waits.plan = after
        self._moment.rebind(after.program)
        self._dusk = DuskLooks(after.program)
        if not self._laid_out:
            self._dated.program = after.program
            return
        self._dated.change(after.program)
        self._open(day for day in after.wake_days if day > self._agenda.today)

    def _turn_luck(self, luck: Luck) -> None:
        """Draws anew all that is still to come, but what is due today: that was drawn at dawn."""
        for wait in self._waits.turn_luck(luck, self._agenda.today):
            self._end_on_its_day(wait)
        self.underway.turn_luck(luck)
