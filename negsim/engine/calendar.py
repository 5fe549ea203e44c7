"""One run: days come, chance and policies answer their questions, events come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import attrs

from negsim.engine.agenda import DAWN, DELAYED, TRIGGER, Agenda, Item
from negsim.engine.choosing import Chooser, drawn
from negsim.engine.interventions import Interventions
from negsim.engine.luck import Luck
from negsim.engine.plan import PLANS, Plan
from negsim.engine.policy import FixedChoice, Policy, Situation, Strategists, put_off
from negsim.engine.recorder import Recorder
from negsim.engine.waits import Delayed, Delays, Waiting, Waits
from negsim.errors import ModelError
from negsim.kernel.day import Day
from negsim.kernel.formula import MeaninglessError
from negsim.kernel.host import Action, Choice, Picked
from negsim.kernel.program import Instance, Occurrence
from negsim.kernel.table import Speaker, Strategy, Table
from negsim.log.event import Ending, Intervention, LoggedEvent
from negsim.scenario.model import At, Every
from negsim.scenario.types import Value

MOST_EVENTS = 1_000_000


@attrs.frozen
class OtherLuck:
    """After which event (by seq) a run goes on with other luck, and with which."""

    after: int
    luck: Luck


class Calendar:
    """A run in progress: the host of the kernel's day.

    `luck` is spent by this run alone. `policy` is asked at each decision after event `policy_from`, `strategies` at
    each round of talks. `keep` says whether the events are kept; without, only the ending is. With `other_luck` the
    run goes on differently after an event; `at_dusk` is called at each dusk with the calendar and the day.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        luck: Luck,
        policies: Sequence[Mapping[str, Any]] = (),
        interventions: Sequence[Intervention] = (),
        policy: Policy | None = None,
        policy_from: int = -1,
        strategies: Mapping[str, Strategy] | None = None,
        keep: bool = True,
        other_luck: OtherLuck | None = None,
        at_dusk: Callable[[Calendar, int], None] | None = None,
    ) -> None:
        self.plan = plan
        self._taken: list[Plan] = []  # the plans that interventions changed to
        self.seq = -1
        self._recorder = Recorder()
        self._keep = keep
        # What the header says of policies, and what forks added, the latest last.
        said = [*policies, *(choice for each in interventions for choice in each.choices)]
        self.strategists = Strategists(said, strategies or {}, self._asks)
        self.asked = self.strategists if self.strategists.are_needed else None
        self._chooser = Chooser(policies, policy, self._asks)
        self._policy_from = policy_from
        self._luck = luck
        self._other_luck = other_luck
        self._at_dusk = at_dusk
        looked_at = policy is not None or other_luck is not None or at_dusk is not None
        self._delays = Delays() if looked_at else None
        self._interventions = Interventions(interventions) if interventions else None
        self._agenda = Agenda(plan.program.scenario.horizon_days, self._live)
        self._over = False
        self._laid_out = False
        self._day = Day(plan.program, self)
        self._waits = Waits(plan, luck)

    # From start to end.

    def run(self) -> Ending:
        """Runs to the end. Raises `ModelError` where the scenario has no meaning in the state reached."""
        try:
            self._recall()
            self._lay_out()
            while not self._over:
                self._agenda.step()
            measures = self._day.tally.close(self._day.state, self._agenda.today)
            return Ending(self.plan.program.outcome(self._day.state), self._agenda.today, measures)
        except ModelError as error:
            error.events = tuple(self.events)
            raise
        except (MeaninglessError, OverflowError) as error:
            broken = ModelError(str(error), where="an outcome or a measure", day=self._agenda.today)
            broken.events = tuple(self.events)
            raise broken from None
        finally:
            for plan in self._taken:
                PLANS.give(plan)

    @property
    def events(self) -> Sequence[LoggedEvent]:
        """The events so far, where they are kept."""
        return self._recorder.events

    @property
    def decisions(self) -> Sequence[FixedChoice]:
        """What a policy of the user's own has decided so far."""
        return self._chooser.decisions

    @property
    def values(self) -> tuple[Value, ...]:
        """The state now, slot by slot."""
        return tuple(self._day.state[:-1])

    def waiting(self) -> Sequence[Delayed]:
        """The actions that are put off and can still be taken, where anybody looks at what waits."""
        return () if self._delays is None else self._delays.still(self._day.awaits)

    def _recall(self) -> None:
        """Logs the past. What is put in after its last event happens on day 0, before the agenda."""
        entries = self.plan.program.scenario.history
        last_day = entries[0].day if entries else 0
        put_in = self._interrupt()
        for entry in entries:
            self._recorder.origin = None
            for extra in put_in:
                self._day.recall(extra, last_day)
            last_day = entry.day
            self._recorder.origin = entry.origin
            occurrence = self.plan.program.emission(entry.emission)
            put_in = self._day.recall(occurrence, entry.day)
        self._recorder.origin = None
        if put_in:
            self._agenda.put(0, DAWN, TRIGGER, partial(self._put_in, put_in))

    def _put_in(self, occurrences: Sequence[Occurrence]) -> None:
        for occurrence in reversed(occurrences):
            self._day.put_in(occurrence)
        self._day.finish()

    def _lay_out(self) -> None:
        """Puts on the agenda what is known from the start."""
        agenda = self._agenda
        for instance in self.plan.program.dated:
            self._trigger_on(instance, instance.first_day)
        for table in self.plan.program.tables:
            self._convene(table)
        for day in (0, *self.plan.wake_days, agenda.last_day):
            if day <= agenda.last_day:
                agenda.open(day)
        self._laid_out = True

    def _convene(self, table: Table) -> None:
        """Puts the first round of talks that open on a day on the agenda."""
        try:
            opens = table.opens_on_day
            if opens is not None:
                self._day.convene(table, opens if opens >= 0 else opens % table.every)
        except (MeaninglessError, OverflowError) as error:
            raise ModelError(str(error), where=f"talks `{table.name}`", day=0) from None

    def _live(self, items: Sequence[Item]) -> None:
        """Lives through a day: its agenda, then its dusk."""
        today = self._agenda.today
        self._day.begin(today)
        for _, take in items:
            take()
        if self._day.has_moved:
            for number, chance in self._day.dusk():
                wait = self._waits.look(number, chance, today)
                if wait is not None:
                    self._end_on_its_day(wait)
            self._over = self._day.ended
        if self._at_dusk is not None:
            self._at_dusk(self, today)
        self._over = self._over or today >= self._agenda.last_day

    # Turns.

    def _trigger_on(self, instance: Instance, day: int | None) -> None:
        """Puts the trigger of an `at` or `every` instance on the agenda, if it comes at all."""
        if day is not None:
            self._agenda.put(day, instance.place, TRIGGER, partial(self._dated_turn, instance))

    def _dated_turn(self, instance: Instance) -> None:
        today = self._agenda.today
        program = self.plan.program
        if instance.program is not program:
            instance = program.same(instance)
        moved = isinstance(instance.rule.trigger, At) and instance.first_day != today
        if not moved and self._day.in_season(instance):
            self._day.turn(Action(instance, today, None), triggered=True)
        if isinstance(instance.rule.trigger, Every):
            self._trigger_on(instance, today + instance.period_days)

    def _end_on_its_day(self, wait: Waiting) -> None:
        """Puts the end of a wait on the agenda."""
        if wait.due is not None:
            instance = self.plan.program.waits[wait.number]
            self._agenda.put(wait.due, instance.place, TRIGGER, partial(self._waited_turn, wait))

    def _waited_turn(self, wait: Waiting) -> None:
        today, day = self._agenda.today, self._day
        if not self._waits.end(wait, today):
            return
        day.look_again(wait.number)
        instance = self.plan.program.waits[wait.number]
        if day.still_holds(instance):
            action = Action(instance, today, None)
            action.chance = wait.chance
            day.turn(action, triggered=True)

    def _delayed_turn(self, action: Action) -> None:
        if self._delays is not None:
            self._delays.drop([action])
        if not action.dropped:
            self._day.turn(action, triggered=False)

    # What the day asks.

    def happens(self, instance: Instance, chance: float) -> bool:
        """Draws a trigger's chance."""
        if chance <= 0 or chance >= 1:
            self._luck.skip(instance, "chance")
            return chance >= 1
        return self._luck.draw(instance, "chance") < chance

    def days_between(self, instance: Instance, low: int, high: int) -> int:
        """Draws `uniform(low, high)`."""
        return low + int(self._luck.draw(instance, "delay") * (high - low + 1))

    def days_until_success(self, instance: Instance, chance: float) -> int | None:
        """Draws `geometric(chance)`."""
        draw = self._luck.draw(instance, "delay")
        left = self._agenda.last_day - self._agenda.today
        days = self.plan.falling.days(draw, chance, left)
        if self._delays is not None and 0 < chance < 1:
            self._delays.chance = chance
            return left + 1 if days is None else days
        return days

    def choose(self, choice: Choice) -> tuple[int, float | None]:
        """Takes the option that a policy names, or draws one by weight."""
        instance = choice.instance
        if choice.by is not None:
            nth = self._luck.count(instance, "choose")
            index = self._chooser.pick(choice, day=self._day.day, nth=nth, seen=self._situation)
            if index is not None:
                self._luck.skip(instance, "choose")
                return index, None
        return drawn(choice, self._luck)

    def _situation(self, choice: Choice) -> Situation:
        """What a policy sees."""
        today, last_day = self._agenda.today, self._agenda.last_day
        return Situation(
            choice.instance.name,
            choice.by or "",
            choice.instance.actors,
            self._day.day,
            MappingProxyType({option.name: option.weight for option in choice.options}),
            MappingProxyType(self.plan.program.named(self._day.state)),
            tuple(
                put_off(each.action.instance, each.due - today, each.chance)
                for each in self.waiting()
                if (each.chance is not None or each.due <= last_day) and not isinstance(each.action.instance, Speaker)
            ),
        )

    def _asks(self) -> bool:
        """Whether callables of the user are asked by now (in a fork: not before it begins)."""
        return self.seq >= self._policy_from

    def later(self, action: Action, days: int) -> None:
        """Puts a delayed action on the agenda, unless the run is over by then."""
        instance = action.instance
        if isinstance(instance, Speaker):
            raise TypeError(f"{instance.name} has no place in the agenda")
        due = self._agenda.today + days
        if self._delays is not None:
            self._delays.add(action, due)
        self._agenda.put(due, instance.place, DELAYED, partial(self._delayed_turn, action))

    # What the day tells.

    def admits(self, occurrence: Occurrence, action: Action | None) -> bool:
        """Whether an event happens: it does, unless it is to be left out."""
        changes = self._interventions
        return changes is None or changes.admit(occurrence, action, day=self._day.day, seq=self.seq)

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> Sequence[Occurrence]:
        """Keeps an event; makes the changes that were asked for right after it."""
        self.seq += 1
        day = self._day.day
        if self.seq >= MOST_EVENTS:
            raise ModelError(f"more than {MOST_EVENTS:,} events", where="the run", day=day)
        if self._keep:
            self._recorder.keep(occurrence, action, picked, day=day, date=self.plan.date(day))
        if self._other_luck is not None and self.seq == self._other_luck.after:
            self._turn_luck(self._other_luck.luck)
        return self._interrupt() if self._interventions is not None else ()

    # What is changed from outside.

    def _interrupt(self) -> Sequence[Occurrence]:
        """Makes the changes that come right after the event logged last; gives the events put in."""
        put_in: list[Occurrence] = []
        for each in self._interventions.after(self.seq) if self._interventions is not None else ():
            if each.parameters or each.readings:
                self._change(each)
            if each.choices:
                self._chooser.add(each.choices)
            if each.emit:
                values = tuple(each.emit["fields"].values())
                put_in.append(self.plan.program.occurrence(each.emit["event"], values))
        return put_in

    def _change(self, change: Intervention) -> None:
        """Goes on under other parameters or readings; what is dated and still to come moves with them."""
        before, program = self.plan, self.plan.program
        after = PLANS.take(
            program.scenario, {**program.parameters, **change.parameters}, {**program.readings, **change.readings}
        )
        self._taken.append(after)
        self.plan = self._waits.plan = after
        self._day.rebind(after.program)
        if not self._laid_out:
            return
        today = self._agenda.today
        for instance, old in zip(after.program.dated, before.program.dated, strict=True):
            day = instance.first_day
            if isinstance(instance.rule.trigger, At) and day is not None and day > today and day != old.first_day:
                self._trigger_on(instance, day)
        for day in after.wake_days:
            if today < day <= self._agenda.last_day:
                self._agenda.open(day)

    def _turn_luck(self, luck: Luck) -> None:
        """Draws anew all that is still to come, but what is due today: that was drawn at dawn."""
        self._luck = luck
        today, last_day = self._agenda.today, self._agenda.last_day
        for wait in self._waits.turn_luck(luck, today):
            self._end_on_its_day(wait)
        drawn_daily = [each for each in self.waiting() if each.chance is not None and each.due > today]
        if self._delays is not None:
            self._delays.drop([each.action for each in drawn_daily])
        for each in drawn_daily:
            action = each.action
            if isinstance(action.instance, Instance) and each.chance is not None:
                again = Action(action.instance, action.trigger_day, action.cause)
                again.chance, again.watches = action.chance, action.watches
                action.dropped = True
                self._day.expect(again)
                days = self.days_until_success(action.instance, each.chance)
                self.later(again, last_day - today + 1 if days is None else days)
