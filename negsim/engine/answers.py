"""What a run answers its day: draws, options, delays; and what it keeps of what the day tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import attrs

from negsim.engine.agenda import DELAYED, Agenda
from negsim.engine.choosing import Chooser, drawn
from negsim.engine.interventions import Interventions
from negsim.engine.luck import Luck
from negsim.engine.plan import Plan
from negsim.engine.recorder import Recorder
from negsim.engine.waits import Delayed, Delays
from negsim.errors import ModelError
from negsim.kernel.day import Day
from negsim.kernel.host import Action, Choice, Picked
from negsim.kernel.program import Instance, Occurrence
from negsim.kernel.table import Speaker, Strategy
from negsim.log.event import Intervention
from negsim.policy.situation import Policy, Situation, put_off
from negsim.policy.strategists import Strategists
from negsim.scenario.choices import Fixed
from negsim.scenario.types import Value

MOST_EVENTS = 1_000_000


@attrs.frozen
class AskedOfRun:
    """What a run is asked with beside its luck.

    `choices` and `interventions` are those of the header. `policy` is asked at each decision after event
    `policy_from`, `strategies` at each round of talks. `keeps` says whether the events are kept, `notes_delays`
    whether somebody looks at what is put off.
    """

    choices: tuple[Fixed, ...] = ()
    interventions: Sequence[Intervention] = ()
    policy: Policy | None = None
    policy_from: int = -1
    strategies: Mapping[str, Strategy] = attrs.Factory(dict)
    keeps: bool = True
    notes_delays: bool = False


class Answers:
    """The host of a run's `day`. `then` is called after each event, and gives the events put in right after it.

    `plan` and `luck` are those under which the run goes on.
    """

    def __init__(
        self, plan: Plan, luck: Luck, agenda: Agenda, *, asked: AskedOfRun, then: Callable[[], Sequence[Occurrence]]
    ) -> None:
        self.plan = plan
        self.luck = luck
        self.seq = -1
        self.recorder = Recorder()
        self.chooser = Chooser(asked.choices, asked.policy, self._are_asked)
        # What the header says of policies, and what forks added, the latest last.
        said = [*asked.choices, *(choice for each in asked.interventions for choice in each.choices)]
        self.strategists = Strategists(said, asked.strategies, self._are_asked)
        self.asked = self.strategists if self.strategists.are_needed else None
        self.interventions = Interventions(asked.interventions)
        self._delays = Delays() if asked.notes_delays else None
        self._agenda = agenda
        self._then = then
        self._keeps = asked.keeps
        self._policy_from = asked.policy_from
        self.day = Day(plan.program, self)

    def _are_asked(self) -> bool:
        """Whether callables of the user are asked by now (in a fork: not before it begins)."""
        return self.seq >= self._policy_from

    @property
    def decided(self) -> tuple[Fixed, ...]:
        """What callables of the user's own have decided so far."""
        return (*self.chooser.decisions, *self.strategists.answers)

    # What the day asks.

    def happens(self, instance: Instance, chance: float) -> bool:
        """Draws a trigger's chance."""
        if chance <= 0 or chance >= 1:
            self.luck.skip(instance, "chance")
            return chance >= 1
        return self.luck.draw(instance, "chance") < chance

    def days_between(self, instance: Instance, low: int, high: int) -> int:
        """Draws `uniform(low, high)`."""
        return low + int(self.luck.draw(instance, "delay") * (high - low + 1))

    def days_until_success(self, instance: Instance, chance: float) -> int | None:
        """Draws `geometric(chance)`."""
        draw = self.luck.draw(instance, "delay")
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
            nth = self.luck.count(instance, "choose")
            index = self.chooser.pick(choice, day=self.day.day, nth=nth, seen=self._situation)
            if index is not None:
                self.luck.skip(instance, "choose")
                return index, None
        return drawn(choice, self.luck)

    def _situation(self, choice: Choice) -> Situation:
        """What a policy sees."""
        today, last_day = self._agenda.today, self._agenda.last_day
        return Situation(
            choice.instance.name,
            choice.by or "",
            choice.instance.actors,
            self.day.day,
            MappingProxyType({option.name: option.weight for option in choice.options}),
            MappingProxyType(self.plan.program.named(self.day.state)),
            tuple(
                put_off(each.action.instance, each.due - today, each.chance)
                for each in self.waiting()
                if (each.chance is not None or each.due <= last_day) and not isinstance(each.action.instance, Speaker)
            ),
        )

    def later(self, action: Action, days: int) -> None:
        """Puts a delayed action on the agenda, unless the run is over by then."""
        instance = action.instance
        if isinstance(instance, Speaker):
            raise TypeError(f"{instance.name} has no place in the agenda")
        due = self._agenda.today + days
        if self._delays is not None:
            self._delays.add(action, due)
        self._agenda.put(due, instance.place, DELAYED, partial(self._delayed_turn, action))

    def _delayed_turn(self, action: Action) -> None:
        if self._delays is not None:
            self._delays.drop([action])
        if not action.dropped:
            self.day.turn(action, triggered=False)

    @property
    def values(self) -> tuple[Value, ...]:
        """The state now, slot by slot."""
        return tuple(self.day.state[:-1])

    def waiting(self) -> Sequence[Delayed]:
        """The actions that are put off and can still be taken, where somebody looks at what waits."""
        return () if self._delays is None else self._delays.still(self.day.awaits)

    def turn_luck(self, luck: Luck) -> None:
        """Goes on with other luck, which puts off anew each action that a daily chance has drawn for a later day."""
        self.luck = luck
        if self._delays is None:
            return
        today = self._agenda.today
        drawn_daily = [each for each in self.waiting() if each.chance is not None and each.due > today]
        self._delays.drop([each.action for each in drawn_daily])
        for each in drawn_daily:
            action = each.action
            if isinstance(action.instance, Instance) and each.chance is not None:
                again = Action(action.instance, action.trigger_day, action.cause)
                again.chance, again.watches = action.chance, action.watches
                action.dropped = True
                self.day.expect(again)
                days = self.days_until_success(action.instance, each.chance)
                self.later(again, self._agenda.last_day - today + 1 if days is None else days)

    # What the day tells.

    def admits(self, occurrence: Occurrence, action: Action | None) -> bool:
        """Whether an event happens: it does, unless it is to be left out."""
        changes = self.interventions
        return not changes.leave_out or changes.admit(occurrence, action, day=self.day.day, seq=self.seq)

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> Sequence[Occurrence]:
        """Keeps an event; gives the events put in right after it."""
        self.seq += 1
        day = self.day.day
        if self.seq >= MOST_EVENTS:
            raise ModelError(f"more than {MOST_EVENTS:,} events", where="the run", day=day)
        if self._keeps:
            self.recorder.keep(occurrence, action, picked, day=day, date=self.plan.date(day))
        return self._then()
