"""The way of a rule through a day: its guards, its chance, its delay, and then what it does."""

from __future__ import annotations

from collections.abc import Sequence

from negsim.kernel.action import Action
from negsim.kernel.events import Events
from negsim.kernel.looks import broken, probability, still_holds
from negsim.kernel.moment import Moment, Postponed
from negsim.kernel.questions import Answer, Choice, Geometric, Question, Trial, Uniform
from negsim.kernel.rounds import Rounds
from negsim.kernel.steps import Emit, Haunt, React, Trigger
from negsim.program.formula import Formula, MeaninglessError, State
from negsim.program.options import BoundOption, Picked
from negsim.program.rules import Instance
from negsim.scenario.words import DECIDED


class Cascade:
    """Takes rules through their triggers and actions. Each function gives the question it stops at, if it does."""

    def __init__(self, events: Events, rounds: Rounds) -> None:
        self._events = events
        self._rounds = rounds

    # How a trigger comes.

    def come(self, moment: Moment, step: Trigger) -> Question | None:
        """An instance's trigger comes on the agenda."""
        action = Action(step.instance, moment.day, None)
        if step.chance is not None:
            if not still_holds(step.instance, moment.state, moment.day):
                return None
            action.chance = step.chance
        return self._trigger(moment, action, step.instance)

    def react(self, moment: Moment, step: React) -> Question | None:
        """An instance is triggered by the event logged last."""
        instance = moment.program.same(step.instance)
        action = Action(instance, moment.day, moment.seq)
        if not step.told:
            return self._trigger(moment, action, instance)
        if instance.chance is None:
            return self._put_off(moment, action, instance)
        return self._try(moment, action, instance, instance.chance)

    def haunt(self, moment: Moment, step: Haunt) -> Question | None:
        """An instance would have been triggered by an event that is left out."""
        instance = moment.program.same(step.instance)
        action = Action(instance, moment.day, None)
        action.seen = step.seen
        return self._trigger(moment, action, instance)

    def _trigger(self, moment: Moment, action: Action, instance: Instance) -> Question | None:
        """Looks at an instance's guard, now that its trigger has come."""
        if instance.when is not None:
            try:
                if not instance.when.read(moment.state if action.seen is None else action.seen):
                    return None
            except (MeaninglessError, OverflowError) as error:
                raise broken(f"rule `{instance.name}`", error, moment.day) from None
        if instance.chance is None or action.chance is not None:  # the trial of a `while` rule is over
            return self._put_off(moment, action, instance)
        return self._try(moment, action, instance, instance.chance)

    def _try(self, moment: Moment, action: Action, instance: Instance, chance: Formula) -> Question | None:
        """Asks whether an instance's chance succeeds, now that `when` is known to hold."""
        try:
            action.chance = probability(chance, moment.state if action.seen is None else action.seen)
        except (MeaninglessError, OverflowError) as error:
            raise broken(f"rule `{instance.name}`", error, moment.day) from None
        moment.asked = trial = Trial(instance, action.chance, action)
        return trial

    def tried(self, moment: Moment, trial: Trial, answer: Answer) -> Question | None:
        """Goes on with a trigger if its chance succeeds."""
        return self._put_off(moment, trial.action, trial.instance) if answer else None

    # How long an action is put off.

    def _put_off(self, moment: Moment, action: Action, instance: Instance) -> Question | None:
        """Asks for an action's delay, where that is drawn; without one it is taken, or lines up for today."""
        if instance.delay is None:
            if action.cause is None and action.seen is None:
                return self.take(moment, action)
            if instance.unless or moment.late is not None:
                return self._wait(moment, action, 0, None)
            moment.queue.append(action)
            return None
        kind, formulas = instance.delay
        state = moment.state if action.seen is None else action.seen
        try:
            if kind == "geometric":
                moment.asked = Geometric(instance, probability(formulas[0], state), action)
                return moment.asked
            low, high = _whole_days(moment, formulas, state)
        except (MeaninglessError, OverflowError) as error:
            raise broken(f"rule `{instance.name}`", error, moment.day) from None
        if kind == "fixed":
            return self._wait(moment, action, low, None)
        moment.asked = Uniform(instance, low, high, action)
        return moment.asked

    def timed(self, moment: Moment, delay: Uniform | Geometric, days: int | None) -> Question | None:
        """Goes on with an action whose delay is known."""
        if days is None:
            return None
        daily = delay.chance if isinstance(delay, Geometric) and 0 < delay.chance < 1 else None
        return self._wait(moment, delay.action, days, daily)

    def _wait(self, moment: Moment, action: Action, days: int, daily: float | None) -> Question | None:
        """Has an action wait for its day, or for its turn today behind what an event triggers; or takes it at once.

        An eye is kept on what drops it.
        """
        instance, triggered_by_agenda = action.instance, action.cause is None and action.seen is None
        if isinstance(instance, Instance) and instance.unless and (days or not triggered_by_agenda):
            try:
                state = moment.state if action.seen is None else action.seen
                action.watches = instance.watches_in(state) if instance.watches is None else instance.watches
            except (MeaninglessError, OverflowError) as error:
                raise broken(f"rule `{instance.name}`", error, moment.day) from None
            moment.guards.watch(action)
        if moment.late is not None:
            _put_off_from_the_past(moment, Postponed(action, days, daily))
        elif days:
            moment.postponed.append(Postponed(action, days, daily))
        elif triggered_by_agenda:
            return self.take(moment, action)
        else:
            moment.queue.append(action)
        return None

    # What an action does.

    def take(self, moment: Moment, action: Action) -> Question | None:
        """Takes an action whose time has come, unless it was dropped."""
        if action.watches and not moment.guards.release(action):
            return None
        instance = action.instance
        if not isinstance(instance, Instance):
            return self._rounds.hold(moment, action)
        instance = moment.program.same(instance)
        try:
            deed = instance.deed
            if deed.still is not None and not deed.still.read(moment.state):
                return None
            if deed.plain is None:
                options = deed.settled or deed.open_in(moment.state)
                if not options:
                    return None
                moment.asked = choice = Choice(instance, deed.by, options, action)
                return choice
        except (MeaninglessError, OverflowError) as error:
            raise broken(f"rule `{instance.name}`", error, moment.day) from None
        if action.seen is None:
            self._act(moment, action, *deed.plain)
        return None

    def chosen(self, moment: Moment, choice: Choice, answer: tuple[int, float | None]) -> None:
        """Does what was chosen."""
        index, share = answer
        option = choice.options[index].bound
        if choice.action.seen is None:
            self._act(moment, choice.action, option, Picked(option.name, share, choice.by))

    def _act(self, moment: Moment, action: Action, option: BoundOption, picked: Picked | None) -> None:
        """Has an action's events happen: the first now, the others before all else that is left today."""
        emits = option.emits
        if emits:
            for emission in emits[:0:-1]:
                moment.front.appendleft(Emit(emission, action, picked))
            self._events.emit(moment, emits[0], action, picked)
        elif picked is not None and picked.option is not None and picked.by is not None:
            occurrence = moment.program.occurrence(DECIDED, (action.instance.name, picked.option))
            self._events.log(moment, occurrence, action, picked)


def _put_off_from_the_past(moment: Moment, action: Postponed) -> None:
    """Puts off what an event of the past has started, counted from day 0; days below 0 are marks of who asks on."""
    days = action.days if action.days < 0 else moment.day + action.days
    if action.days >= 0 and days < 0:
        if moment.late == "never":
            moment.guards.release(action.action)
            return
        action, days = action._replace(daily=None), 0
    moment.postponed.append(action._replace(days=days))


def _whole_days(moment: Moment, formulas: Sequence[Formula], state: State) -> tuple[int, int]:
    """The least and the most days of a delay, checked to be such; raises `MeaninglessError`."""
    days = [formula.read(state) for formula in formulas]
    for value in days:
        if value != int(value) or value < 0:
            steps = moment.program.scenario.calendar.plural
            raise MeaninglessError(f"a delay of {value} is not a whole number of {steps}, 0 or more")
    low, high = days[0], days[-1]
    if low > high:
        raise MeaninglessError(f"uniform({low}, {high}) holds no {moment.program.scenario.calendar.name}")
    return int(low), int(high)
