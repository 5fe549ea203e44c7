"""One run: SimPy keeps the calendar, chance and policies answer the day's questions, events come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from negsim.addition import added
from negsim.engine.luck import Luck
from negsim.engine.plan import PLANS, Plan
from negsim.engine.policy import (
    FixedChoice,
    FixedPolicy,
    Policy,
    PutOff,
    Situation,
    Strategists,
    fixed_choices_in,
    put_off,
)
from negsim.errors import ModelError, UsageError, did_you_mean
from negsim.kernel.day import Day
from negsim.kernel.formula import MeaninglessError
from negsim.kernel.host import Action, Choice, Picked
from negsim.kernel.program import Instance, Occurrence
from negsim.kernel.table import Speaker, Strategy, Table
from negsim.log.event import ASSUMED_BY_USER, Ending, Intervention, LoggedEvent
from negsim.scenario.model import At, Every, Origin
from negsim.scenario.types import Value

if TYPE_CHECKING:
    from simpy import Event

MOST_EVENTS = 1_000_000
# An agenda item: its instance's place in the file with 0 for a trigger and 1 for a delayed action, and how it is
# taken. Those of one place are taken in the order of scheduling, which is the order that the language states.
Item = tuple[tuple[tuple[int, int], int], Callable[[], None]]
DAWN = ((-1, 0), 0)
_place_of: Callable[[Item], tuple[tuple[int, int], int]] = itemgetter(0)


class Waiting:
    """A `while` instance's wait: its draw, the chance of "not yet" so far, and the day on which it is due."""

    __slots__ = ("chance", "draw", "due", "number", "product", "since")

    def __init__(self, number: int, draw: float) -> None:
        self.number = number
        self.draw = draw
        self.product = 1.0
        self.since = 0
        self.chance = 0.0
        self.due: int | None = None


@attrs.frozen
class OtherLuck:
    """From where on a run has other luck, and which: right after an event (by seq), or from the dusk of a day."""

    luck: Luck
    after: int | None = None
    dusk: int | None = None


class Calendar:
    """A run in progress: the host of the kernel's day.

    `luck` is spent by this run alone. `policy` is asked at each decision after event `policy_from`, `strategies` at
    each round of talks. `keep` says whether the events are kept; without, only the ending is. With `other_luck` the
    run goes on differently from a moment; `at_dusk` is called at each dusk that anything can come to, and at those of
    the days `looked_at`, with the calendar and the day.
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
        looked_at: Iterable[int] = (),
    ) -> None:
        from simpy import Environment  # noqa: PLC0415 - much is done with a scenario without running it

        self.plan = plan
        self._taken: list[Plan] = []  # the plans that interventions changed to
        self.keep = keep
        self.seq = -1
        self.events: list[LoggedEvent] = []
        self._fields: dict[Occurrence, Mapping[str, Value]] = {}  # the run's own: an occurrence outlives it
        self.decisions: list[FixedChoice] = []
        self.strategists = Strategists(self._all_policies(policies, interventions), strategies or {}, self._asks)
        self.asked = self.strategists if self.strategists.are_needed else None
        self._luck = luck
        self._fixed = [FixedPolicy(fixed_choices_in(policies))]  # the latest first
        self._policy = policy
        self._other_luck = other_luck
        self._at_dusk = at_dusk
        self._looked_at = [*looked_at]
        if other_luck is not None and other_luck.dusk is not None:
            self._looked_at.append(other_luck.dusk)
        # Whether anybody looks at what waits.
        self._tracks = policy is not None or other_luck is not None or at_dusk is not None
        self._policy_from = policy_from
        self._put_off: list[tuple[Action, int, float | None]] = []  # what a policy sees waiting: due, daily chance
        self._daily: float | None = None  # the chance of the delay that was drawn last
        self._interventions = sorted(interventions, key=lambda each: each.at)
        self._alike: dict[Any, int] = {}
        self._watchful = any(each.without for each in interventions)
        self._horizon = plan.program.scenario.horizon_days
        self._env = Environment()
        self._agendas: dict[int, list[Item]] = {}  # of each day that is on SimPy's calendar and still to come
        self._today = 0
        self._over = False
        self._laid_out = False
        self._origin: Origin | None = None  # of the history entry that is being logged
        self._day = Day(plan.program, self)
        self._while = plan.program.waits
        self._waits: list[Waiting | None] = [None] * len(self._while)

    # From start to end.

    def run(self) -> Ending:
        """Runs to the end. Raises `ModelError` where the scenario has no meaning in the state reached."""
        try:
            self._recall()
            self._lay_out()
            while not self._over:
                self._env.step()
            measures = self._day.tally.close(self._day.state, self._today)
            return Ending(self.plan.program.outcome(self._day.state), self._today, measures)
        except ModelError as error:
            error.events = tuple(self.events)
            raise
        except (MeaninglessError, OverflowError) as error:
            broken = ModelError(str(error), where="an outcome or a measure", day=self._today)
            broken.events = tuple(self.events)
            raise broken from None
        finally:
            for plan in self._taken:
                PLANS.give(plan)

    @property
    def state(self) -> Mapping[str, Any]:
        """The state now, by name."""
        return self.plan.program.named(self._day.state)

    @property
    def idle_choices(self) -> tuple[FixedChoice, ...]:
        """The choices made beforehand that have not come to bear."""
        return tuple(choice for fixed in self._fixed for choice in fixed.idle)

    @property
    def values(self) -> tuple[Value, ...]:
        """The state now, slot by slot."""
        return tuple(self._day.state[:-1])

    def _recall(self) -> None:
        """Logs the past. What is put in after its last event happens on day 0, before the agenda."""
        entries = self.plan.program.scenario.history
        last_day = entries[0].day if entries else 0
        put_in = [*self._interrupt()]
        for entry in entries:
            self._origin = None
            for extra in put_in:
                self._day.recall(extra, last_day)
            last_day = entry.day
            self._origin = entry.origin
            occurrence = self.plan.program.emission(entry.emission)
            put_in = [*self._day.recall(occurrence, entry.day)]
        self._origin = None
        if put_in:
            self._agenda(0).append((DAWN, partial(self._put_in, put_in)))

    def _lay_out(self) -> None:
        """Puts on the calendar what is known from the start."""
        for instance in self.plan.program.dated:
            self._trigger_on(instance, instance.first_day)
        for table in self.plan.program.tables:
            self._convene(table)
        for day in (0, *self.plan.wake_days, *self._looked_at, self._horizon):
            if day <= self._horizon:
                self._agenda(day)
        self._laid_out = True

    def _convene(self, table: Table) -> None:
        """Puts the first round of talks that open on a day on the calendar."""
        try:
            opens = table.opens_on_day
            if opens is not None:
                self._day.convene(table, opens if opens >= 0 else opens % table.every)
        except (MeaninglessError, OverflowError) as error:
            raise ModelError(str(error), where=f"talks `{table.name}`", day=0) from None

    def _change(self, change: Intervention) -> None:
        """Goes on under other parameters or readings; what is dated and still to come moves with them."""
        before, program = self.plan, self.plan.program
        after = PLANS.take(
            program.scenario, {**program.parameters, **change.parameters}, {**program.readings, **change.readings}
        )
        self._taken.append(after)
        self.plan, program = after, after.program
        self._while = program.waits
        self._day.rebind(program)
        if not self._laid_out:
            return
        today = self._today
        for instance, old in zip(program.dated, before.program.dated, strict=True):
            day = instance.first_day
            if isinstance(instance.rule.trigger, At) and day is not None and day > today and day != old.first_day:
                self._trigger_on(instance, day)
        for day in after.wake_days:
            if today < day <= self._horizon:
                self._agenda(day)

    def _agenda(self, day: int) -> list[Item]:
        """The agenda of a day to come, which SimPy then brings, with its dusk."""
        agenda = self._agendas.get(day)
        if agenda is None:
            agenda = self._agendas[day] = []
            self._env.timeout(day - self._today).callbacks.append(partial(self._live, day))
        return agenda

    def _live(self, today: int, _event: Event) -> None:
        """Lives through a day: its agenda, then its dusk."""
        self._today = today
        agenda = self._agendas.pop(today)
        agenda.sort(key=_place_of)
        self._day.begin(today)
        for _, take in agenda:
            take()
        if self._day.has_moved:
            for number, chance in self._day.dusk():
                self._wait(number, chance)
            self._over = self._day.ended
        if self._at_dusk is not None:
            self._at_dusk(self, today)
        if self._other_luck is not None and today == self._other_luck.dusk:
            self._turn_luck(self._other_luck.luck)
        self._over = self._over or today >= self._horizon

    def _put_in(self, occurrences: Sequence[Occurrence]) -> None:
        for occurrence in reversed(occurrences):
            self._day.put_in(occurrence)
        self._day.finish()

    # Turns.

    def _trigger_on(self, instance: Instance, day: int | None) -> None:
        """Puts the trigger of an `at` or `every` instance on the calendar, if it comes at all."""
        if day is not None and self._today <= day <= self._horizon:
            self._agenda(day).append(((instance.place, 0), partial(self._dated_turn, instance)))

    def _dated_turn(self, instance: Instance) -> None:
        today = self._today
        program = self.plan.program
        if instance.program is not program:
            instance = program.same(instance)
        moved = isinstance(instance.rule.trigger, At) and instance.first_day != today
        if not moved and self._day.in_season(instance):
            self._day.turn(Action(instance, today, None), triggered=True)
        if isinstance(instance.rule.trigger, Every):
            self._trigger_on(instance, today + instance.period_days)

    def _waited_turn(self, wait: Waiting) -> None:
        number, today = wait.number, self._today
        if self._waits[number] is not wait or wait.due != today:
            return
        self._waits[number] = None
        day = self._day
        day.look_again(number)
        instance = self._while[number]
        if day.still_holds(instance):
            action = Action(instance, today, None)
            action.chance = wait.chance
            day.turn(action, triggered=True)

    def _delayed_turn(self, action: Action) -> None:
        if self._put_off:
            self._put_off = [each for each in self._put_off if each[0] is not action]
        if not action.dropped:
            self._day.turn(action, triggered=False)

    # Dusk.

    def _wait(self, number: int, chance: float | None) -> None:
        """Starts, moves, leaves or drops the wait of a `while` instance."""
        wait = self._waits[number]
        if chance is None:
            self._waits[number] = None
            return
        today = self._today
        instance = self._while[number]
        most = self._horizon - today
        falling = self.plan.falling
        if wait is None:
            wait = self._waits[number] = Waiting(number, self._luck.draw(instance, "wait"))
            days = falling.days(wait.draw, chance, most)
        elif wait.chance == chance:
            return
        else:
            wait.product = falling.fallen(wait.product, wait.chance, today - wait.since)
            days = falling.days_from(wait.product, wait.draw, chance, most)
        wait.since, wait.chance = today, chance
        self._plan_wait(wait, days)

    def _plan_wait(self, wait: Waiting, days: int | None) -> None:
        """Puts the end of a wait on the calendar, so many days from today; nothing: it does not come."""
        instance, today = self.plan.program.waits[wait.number], self._today
        wait.due = None
        if days is not None and (instance.until_day is None or today + days <= instance.until_day):
            wait.due = today + days
            self._agenda(wait.due).append(((instance.place, 0), partial(self._waited_turn, wait)))

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
        left = self._horizon - self._today
        days = self.plan.falling.days(draw, chance, left)
        if self._tracks and 0 < chance < 1:
            self._daily = chance
            return left + 1 if days is None else days
        return days

    def choose(self, choice: Choice) -> tuple[int, float | None]:
        """Takes the option that a policy names, or draws one by weight."""
        instance = choice.instance
        nth = self._luck.count(instance, "choose")
        if choice.by is not None:
            index = self._picked(choice, nth)
            if index is not None:
                self._luck.skip(instance, "choose")
                return index, None
        weights = [option.weight for option in choice.options]
        total = added(weights)
        if not total > 0:
            raise MeaninglessError("all open options have weight 0, so none can be drawn")
        bar = self._luck.draw(instance, "choose") * total
        running: float = 0
        taken = 0
        for index, weight in enumerate(weights):
            if weight:
                taken = index
                running += weight
                if running > bar:
                    break
        return taken, weights[taken] / total

    def _picked(self, choice: Choice, nth: int) -> int | None:
        if self._policy is None or not self._asks():
            return self._fixed_pick(choice, nth)
        options = {option.name: option.weight for option in choice.options}
        situation = Situation(
            choice.instance.name,
            choice.by or "",
            choice.instance.actors,
            self._day.day,
            MappingProxyType(options),
            MappingProxyType(dict(self.state)),
            tuple(self._seen_waiting()),
        )
        name = self._policy(situation)
        if name is None:
            return self._fixed_pick(choice, nth)
        if name not in options:
            raise UsageError(f"the policy chose '{name}' for `{situation.decision}`", did_you_mean(name, options))
        self.decisions.append(FixedChoice(situation.decision, name, None, situation.instance, nth))
        return list(options).index(name)

    def _seen_waiting(self) -> Iterator[PutOff]:
        """What a policy sees of the actions that wait."""
        for action, due, chance in self.waiting():
            if (chance is not None or due <= self._horizon) and not isinstance(action.instance, Speaker):
                yield put_off(action.instance, due - self._today, chance)

    def waiting(self) -> list[tuple[Action, int, float | None]]:
        """The actions that wait, with the day that they are due and, where it was drawn daily, the chance."""
        self._put_off = [each for each in self._put_off if self._day.awaits(each[0])]
        return self._put_off

    def _turn_luck(self, luck: Luck) -> None:
        """Draws anew all that is still to come: what waits keeps what is known of it, that it has not come yet.

        What is due today stays: it was drawn at dawn. A chance a day has no memory, so a wait that has not
        ended by now goes on from today.
        """
        self._luck = luck
        today, horizon = self._today, self._horizon
        for wait in self._waits:
            if wait is None or wait.due == today:
                continue
            instance = self.plan.program.waits[wait.number]
            product = self.plan.falling.fallen(wait.product, wait.chance, today - wait.since)
            wait.draw = self._luck.draw(instance, "wait") * product
            wait.product, wait.since = product, today
            self._plan_wait(wait, self.plan.falling.days_from(product, wait.draw, wait.chance, horizon - today))
        drawn_daily = [each for each in self.waiting() if each[2] is not None and each[1] > today]
        self._put_off = [each for each in self._put_off if each not in drawn_daily]
        for action, _, chance in drawn_daily:
            if isinstance(action.instance, Instance) and chance is not None:
                again = Action(action.instance, action.trigger_day, action.cause)
                again.chance, again.watches = action.chance, action.watches
                action.dropped = True
                self._day.expect(again)
                days = self.days_until_success(action.instance, chance)
                self.later(again, horizon - today + 1 if days is None else days)

    @staticmethod
    def _all_policies(
        policies: Sequence[Mapping[str, Any]], interventions: Sequence[Intervention]
    ) -> list[Mapping[str, Any]]:
        """What the header says of policies, and what forks added, the latest last."""
        return [*policies, *(choice for each in interventions for choice in each.choices)]

    def _asks(self) -> bool:
        """Whether callables of the user are asked by now (in a fork: not before it begins)."""
        return self.seq >= self._policy_from

    def _fixed_pick(self, choice: Choice, nth: int) -> int | None:
        for fixed in self._fixed:
            index = fixed.pick(choice, day=self._day.day, nth=nth)
            if index is not None:
                return index
        return None

    def later(self, action: Action, days: int) -> None:
        """Puts a delayed action on the calendar, unless the run is over by then."""
        instance = action.instance
        if isinstance(instance, Speaker):
            raise TypeError(f"{instance.name} has no place in the agenda")
        if self._tracks:
            self._put_off.append((action, self._today + days, self._daily))
            self._daily = None
        if self._today + days <= self._horizon:
            self._agenda(self._today + days).append(((instance.place, 1), partial(self._delayed_turn, action)))

    # What the day tells.

    def admits(self, occurrence: Occurrence, action: Action | None) -> bool:
        """Whether an event happens: it does, unless it is to be left out."""
        if not self._watchful:
            return True
        rule = None if action is None else action.instance.name
        alike = (self._day.day, occurrence.name, occurrence.arguments, rule)
        nth = self._alike[alike] = self._alike.get(alike, -1) + 1
        return not any(
            out
            and each.at <= self.seq
            and nth == out["nth"]
            and alike == (out["day"], out["event"], tuple(out["fields"].values()), out["rule"])
            for each in self._interventions
            for out in [each.without]
        )

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> Sequence[Occurrence]:
        """Keeps an event; makes the changes that were asked for right after it."""
        self.seq += 1
        if self.seq >= MOST_EVENTS:
            raise ModelError(f"more than {MOST_EVENTS:,} events", where="the run", day=self._day.day)
        if self.keep:
            self.events.append(self._event(occurrence, action, picked))
        if self._other_luck is not None and self.seq == self._other_luck.after:
            self._turn_luck(self._other_luck.luck)
        return self._interrupt() if self._interventions else ()

    def _event(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> LoggedEvent:
        day = self._day.day
        date = self.plan.date(day)
        name, fields = occurrence.name, self._fields.get(occurrence)
        if fields is None:
            fields = self._fields[occurrence] = dict(occurrence.fields)
        if action is None:
            origin = self._origin or ASSUMED_BY_USER
            return LoggedEvent(self.seq, day, date, name, fields, None, (), None, None, None, origin, None, None, None)
        instance = action.instance
        option, share, by = (None, None, None) if picked is None else (picked.option, picked.share, picked.by)
        triggered = None if action.trigger_day == day else action.trigger_day
        return LoggedEvent(
            self.seq, day, date, name, fields, instance.name, instance.actors, by, action.cause, triggered,
            instance.origin, option, share, action.chance,
        )  # fmt: skip

    def _interrupt(self) -> list[Occurrence]:
        """Makes the changes that come right after the event logged last; gives the events put in."""
        put_in: list[Occurrence] = []
        for each in self._interventions:
            if each.at != self.seq:
                continue
            if each.parameters or each.readings:
                self._change(each)
            if each.choices:
                self._fixed.insert(0, FixedPolicy(fixed_choices_in(each.choices)))
            if each.emit:
                values = tuple(each.emit["fields"].values())
                put_in.append(self.plan.program.occurrence(each.emit["event"], values))
        return put_in
