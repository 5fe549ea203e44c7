"""One day: what is due takes its turns, what follows from it follows, and the sun sets.

The day is pure: it draws nothing. Where chance, a delay or a choice decides, it asks its host, and
goes on with the answer. What is taken in one step (`Day.step`) asks at most once for each of them, so a
host that wants every answer can copy the day, take the step again, and merge what is alike.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from negsim.errors import ModelError
from negsim.kernel.effects import worked_out
from negsim.kernel.formula import Formula, MeaninglessError, State, new_state, set_slots
from negsim.kernel.host import Action, Choice, Host, OpenOption, Picked
from negsim.kernel.program import BoundEmission, BoundOption, Deed, Instance, Occurrence, Program
from negsim.kernel.steps import Emit, Happen, React, Say, Settle, Step
from negsim.kernel.table import AGREED, OPEN, Said, Speaker, Table
from negsim.kernel.tally import Tally
from negsim.scenario.types import Value
from negsim.scenario.words import DECIDED

MOST_EVENTS_A_DAY = 10_000
LOOP_SHOWN = 1_000  # how many of a day's last events tell which rules loop
WATCHERS_SWEPT = 256  # how often those that are over are taken off a list of watchers


class Day:
    """The state of a run and what is left to do today.

    `front` is what goes on at once (the rest of an event's list, the rules it triggers), `queue` the
    actions that wait for their turn in the cascade, first in, first out.
    """

    def __init__(self, program: Program, host: Host) -> None:
        self.program = program
        self.host = host
        self.state: State = new_state(program.initial)
        self.day = 0
        self.tally = Tally(program)
        self.front: deque[Step] = deque()
        self.queue: deque[Action] = deque()
        self._rounds: dict[str, Action] = {}  # of each talks, the round that is due next
        self._mute: str | None = None  # the talks whose offer of this round was left out
        self._spoken: dict[str, int] = {}  # of each talks, the seq of what was said last, or opened them
        self._watchers: dict[str, list[tuple[tuple[Value, ...] | None, Action]]] = {}
        self._events_today = 0
        self._busy: set[str] = set()  # the rules of the last events of a day that has far too many
        self._look_at_all()

    def _look_at_all(self) -> None:
        """Has everything that dusk looks at (see `Program.readers`) looked at again."""
        program = self.program
        self._readers = program.readers
        self._chance_readers = program.chance_readers
        self._while = program.waits
        self._ends = program.ends
        self._moved: set[int] = set()  # slots that have changed since the last dusk
        self._awake = set(range(len(program.waits)))  # waits whose COND held when it was looked at last, or may have
        self._unseen = set(range(len(self._while) + len(self._ends) + len(program.watched)))
        self._end_holds = [False] * len(self._ends)

    def rebind(self, program: Program) -> None:
        """Goes on under other parameters or readings, from this moment."""
        tally = Tally(program)
        tally.values, tally._since = self.tally.values, self.tally._since  # noqa: SLF001 - one tally becomes the other
        self.program, self.tally = program, tally
        self._look_at_all()

    def begin(self, day: int) -> None:
        """Starts a day on which something is due."""
        self.day = day
        self._events_today = 0
        self._busy.clear()

    # History, and events put in from outside.

    def recall(self, occurrence: Occurrence, day: int) -> Sequence[Occurrence]:
        """Logs an event of the past: it changes the state and triggers nothing."""
        self.day = day
        if not self.host.admits(occurrence, None):
            return ()
        shut = self._shut_tables(occurrence)
        self._apply(occurrence)
        put_in = self.host.logged(occurrence, None, None)
        self._open_tables(shut)
        return put_in

    def put_in(self, occurrence: Occurrence) -> None:
        """Has an event happen next, before what is left of today."""
        self.front.appendleft(Happen(occurrence, None, None))

    # Turns.

    def turn(self, action: Action, *, triggered: bool) -> None:
        """Takes one item of the agenda, and all that follows from it today.

        `triggered` says that the item is today's trigger (its guards are still to be looked at), not a
        delayed action.
        """
        self.start(action, triggered=triggered)
        self.finish()

    def start(self, action: Action, *, triggered: bool) -> None:
        """Takes an item of the agenda, and leaves what follows from it in `front` and `queue`."""
        if triggered:
            self._trigger(action, at_once=True)
        else:
            self._take(action)

    def resume(self, values: Sequence[Value], front: Iterable[Step], waiting: Iterable[Action]) -> None:
        """Goes on from what was kept of a day: the state, the steps at its front, the actions that wait."""
        self.state = new_state(values)
        self._events_today = 0
        self.front = deque(front)
        self.queue.clear()
        self._watchers.clear()
        self._rounds.clear()
        for action in waiting:
            self.expect(action)

    def expect(self, action: Action) -> None:
        """Keeps an eye on what can drop an action that waits."""
        if isinstance(action.instance, Table):
            self._rounds[action.instance.name] = action
        for event, values in action.watches:
            self._watchers.setdefault(event, []).append((values, action))

    def finish(self) -> None:
        """Takes steps until nothing is left to do today."""
        front, queue = self.front, self.queue
        while True:
            while front:
                front.popleft()(self)
            if not queue:
                return
            self._take(queue.popleft())

    def step(self) -> None:
        """Takes the next step of today's cascade."""
        if self.front:
            self.front.popleft()(self)
        else:
            self._take(self.queue.popleft())

    def _trigger(self, action: Action, *, at_once: bool, told: bool = False) -> None:
        """Looks at an instance's guards, now that its trigger has come; `told`: `when` is known to hold."""
        instance = action.instance
        if not isinstance(instance, Instance):
            raise TypeError(f"{instance.name} is no rule")
        try:
            if not told and instance.when is not None and not instance.when.read(self.state):
                return
            if instance.chance is not None and action.chance is None:  # the trial of a `while` rule is over
                action.chance = self.probability(instance.chance)
                if not self.host.happens(instance, action.chance):
                    return
            days = 0 if instance.delay is None else self._delay_days(instance)
            if days is None:
                return
            if instance.unless and (days or not at_once):
                self._watch(action, instance)
        except (MeaninglessError, OverflowError) as error:
            raise self._broken(f"rule `{instance.name}`", str(error)) from None
        if days:
            self.host.later(action, days)
        elif at_once:
            self._take(action)
        else:
            self.queue.append(action)

    def probability(self, chance: Formula) -> float:
        """The value of a chance in the present state, checked to be one."""
        value: float = chance.read(self.state)
        if not 0 <= value <= 1:
            raise MeaninglessError(f"a chance of {value} is not within 0..1")
        return float(value)

    def _delay_days(self, instance: Instance) -> int | None:
        kind, formulas = instance.delay or ("fixed", ())
        if kind == "geometric":
            return self.host.days_until_success(instance, self.probability(formulas[0]))
        days = [formula.read(self.state) for formula in formulas]
        for value in days:
            if value != int(value) or value < 0:
                raise MeaninglessError(f"a delay of {value} is not a whole number of days, 0 or more")
        if kind == "fixed":
            return int(days[0])
        if days[0] > days[1]:
            raise MeaninglessError(f"uniform({days[0]}, {days[1]}) holds no day")
        return self.host.days_between(instance, int(days[0]), int(days[1]))

    def _watch(self, action: Action, instance: Instance) -> None:
        action.watches = instance.watches_in(self.state) if instance.watches is None else instance.watches
        self.expect(action)
        for event, _ in action.watches:
            watchers = self._watchers[event]
            if len(watchers) % WATCHERS_SWEPT == 0:
                watchers[:] = [(v, a) for v, a in watchers if not a.dropped]

    def _take(self, action: Action) -> None:
        """Takes an action whose time has come, unless it was dropped."""
        if action.dropped:
            return
        instance = action.instance
        if not isinstance(instance, Instance):
            self._hold_round(action)
            return
        if instance.program is not self.program:
            instance = action.instance = self.program.same(instance)
        if instance.unless:
            action.dropped = True  # it is being taken: nothing can drop it any more
        try:
            deed = instance.deed
            if deed.still is not None and not deed.still.read(self.state):
                return
            taken = deed.plain or self._chosen(instance, deed)
        except (MeaninglessError, OverflowError) as error:
            raise self._broken(f"rule `{instance.name}`", str(error)) from None
        if taken is not None and not action.ghost:
            self._act(action, *taken)

    def _chosen(self, instance: Instance, deed: Deed) -> tuple[BoundOption, Picked] | None:
        """The option that the host picks, and how; nothing where none is open."""
        choice = deed.choice or Choice(instance, deed.by, self._open_options(deed))
        if not choice.options:
            return None
        index, share = self.host.choose(choice)
        option = choice.options[index].bound
        return option, Picked(option.name, share, choice.by)

    def _open_options(self, deed: Deed) -> tuple[OpenOption, ...]:
        found = []
        for option in deed.options:
            if option.when is not None and not option.when.read(self.state):
                continue
            weight = option.weight.read(self.state)
            if not 0 <= weight < float("inf"):
                raise MeaninglessError(f"option `{option.name}`: a weight of {weight} is not 0 or more")
            found.append(OpenOption(option.name, weight, option))
        return tuple(found)

    def _act(self, action: Action, option: BoundOption, picked: Picked | None) -> None:
        """Has an action's events happen: the first now, the others before all else that is left today."""
        emits = option.emits
        if emits:
            for emission in emits[:0:-1]:
                self.front.appendleft(Emit(emission, action, picked))
            self._emit(emits[0], action, picked)
        elif picked is not None and picked.option is not None and picked.by is not None:
            self._log(self.program.occurrence(DECIDED, (action.instance.name, picked.option)), action, picked)

    # Events.

    def _emit(self, emission: BoundEmission, action: Action, picked: Picked | None) -> None:
        occurrence = emission.known
        if occurrence is None or occurrence.program is not self.program:
            try:
                values = tuple(argument.read(self.state) for argument in emission.arguments)
                occurrence = self.program.occurrence(emission.event, values)
            except (MeaninglessError, OverflowError) as error:
                raise self._broken(f"rule `{action.instance.name}`", str(error)) from None
        self._log(occurrence, action, picked)

    def _log(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> None:
        """Has an event happen: applied, kept, and the rules it triggers lined up."""
        if not self.host.admits(occurrence, action):
            self._haunt(occurrence)
            return
        self._events_today += 1
        if self._events_today > MOST_EVENTS_A_DAY - LOOP_SHOWN and action is not None:
            self._busy.add(action.instance.name)
            if self._events_today > MOST_EVENTS_A_DAY:
                raise self._loop()
        shut = self._shut_tables(occurrence) if occurrence.convenes else ()
        self._apply(occurrence)
        if occurrence.name in self._watchers:
            self._drop_watchers(occurrence)
        put_in = self.host.logged(occurrence, action, picked)
        if shut:
            self._open_tables(shut)
        if put_in:
            for extra in reversed(put_in):
                self.put_in(extra)
        if occurrence.program is not self.program:  # the host has changed the parameters just now
            occurrence = self.program.occurrence(occurrence.name, occurrence.arguments)
        reactions = occurrence.reactions
        if reactions:
            self.front.extendleft(reversed(self._lined_up(reactions)))

    def _lined_up(self, reactions: Sequence[Instance]) -> list[React]:
        """The instances that an event triggers, as steps; those that just act go to the queue at once.

        Guards are looked at here: nothing changes the state before the step. One that cannot be told is
        left to its step, which says so.
        """
        steps: list[React] = []
        state = self.state
        for instance in reactions:
            if instance.has_season and not self.in_season(instance):
                continue
            step = instance.reaction
            if instance.when is not None:
                try:
                    if not instance.when.read(state):
                        continue
                except (MeaninglessError, OverflowError):
                    step = React(instance, told=False)
            if instance.acts_plainly and not steps and step.told:
                self.queue.append(Action(instance, self.day, self.host.seq))
            else:
                steps.append(step)
        return steps

    def in_season(self, instance: Instance) -> bool:
        """Whether `from` and `until` let an instance's trigger come today."""
        if instance.from_day is not None and self.day < instance.from_day:
            return False
        return instance.until_day is None or self.day <= instance.until_day

    def _haunt(self, occurrence: Occurrence) -> None:
        """Spends the draws of the rules that an event left out would have triggered.

        Their guards are looked at as if it had happened.
        """
        before = self.state
        self.state = list(before)
        moved = set(self._moved)
        counted = list(self.tally.values)
        try:
            self._apply(occurrence)
            for instance in occurrence.reactions:
                if self.in_season(instance):
                    action = Action(instance, self.day, None)
                    action.ghost = True
                    self._trigger(action, at_once=False)
        finally:
            self.state, self._moved, self.tally.values = before, moved, counted

    def _apply(self, occurrence: Occurrence) -> None:
        """Changes the state: all right-hand sides see the state before the event."""
        state = self.state
        if occurrence.counted:
            self.tally.event(occurrence, state, self.day)
        plain = occurrence.plain
        changes = worked_out(occurrence, state, self.day) if plain is None else plain
        if changes:
            self._moved.update(set_slots(state, changes))

    def _drop_watchers(self, occurrence: Occurrence) -> None:
        """Drops the actions that wait `unless` this event comes."""
        left: list[tuple[tuple[Value, ...] | None, Action]] = []
        for values, action in self._watchers[occurrence.name]:
            if values is None or values == occurrence.arguments:
                action.dropped = True
            elif not action.dropped:
                left.append((values, action))
        self._watchers[occurrence.name] = left

    # Talks.

    def _shut_tables(self, occurrence: Occurrence) -> list[Table]:
        """The talks that an event can open, and that are not open."""
        return [table for table in occurrence.convenes if self.state[table.phase_slot] != OPEN]

    def _open_tables(self, shut: Iterable[Table]) -> None:
        """Convenes those of these talks that the event logged last has opened.

        Rounds fall on every so many days from the event on; those before day 0 are not held.
        """
        for table in shut:
            if self.state[table.phase_slot] == OPEN:
                self._spoken[table.name] = self.host.seq
                self.convene(table, table.every if self.day >= 0 else self.day % table.every)

    def convene(self, table: Table, days: int) -> None:
        """Puts the next round of talks on the agenda, so many days from now."""
        action = self._rounds[table.name] = Action(table, self.day, None)
        self.host.later(action, days)

    def awaits(self, action: Action) -> bool:
        """Whether an action that was put off can still be taken."""
        table = action.instance
        if isinstance(table, Table):
            return self._rounds.get(table.name) is action and not table.is_closed(self.state)
        return not action.dropped

    def _hold_round(self, action: Action) -> None:
        """Holds a round of talks, if it is still the one that is due."""
        table = action.instance
        if not isinstance(table, Table):
            raise TypeError(f"{table.name} holds no rounds")
        name = table.name
        if table.program is not self.program:
            table = next(each for each in self.program.tables if each.name == name)
        if self._rounds.get(name) is not action or table.is_closed(self.state):
            return
        self._mute = None
        try:
            self.convene(table, table.every)
            if table.meets(self.state):
                said = table.hold(self.state, self.host.asked)
                for each in reversed(said):
                    if each.event == "agreed" and table.talks.agreed is not None:
                        self.front.appendleft(Settle(table, each))
                    self.front.appendleft(Say(table, each))
        except (MeaninglessError, OverflowError) as error:
            raise self._broken(f"talks `{name}`", str(error)) from None

    def _say(self, table: Table, said: Said) -> None:
        """Has one thing of a round happen; where its offer was left out, nobody answers it."""
        if self._mute == table.name and said.event in ("refused", "agreed"):
            return
        occurrence = self.program.occurrence(said.event, said.arguments)
        action = Action(said.speaker, self.day, self._spoken.get(table.name))
        before = self.host.seq
        self._log(occurrence, action, Picked(None, None, said.party))
        if self.host.seq == before:
            self._mute = table.name if said.event == "offered" else self._mute
        elif said.event != "refused":
            self._spoken[table.name] = self.host.seq

    def _settle(self, table: Table, said: Said) -> None:
        """Has the event happen that an agreement emits, with the terms put in."""
        agreed = table.talks.agreed
        if agreed is not None and self.state[table.phase_slot] == AGREED:  # not where the agreement was left out
            terms = dict(zip(self.program.all_issues, said.arguments[2:], strict=True))
            action = Action(Speaker(table.name, table.origin), self.day, self._spoken.get(table.name))
            try:
                emission = BoundEmission(self.program, agreed, terms)
            except (MeaninglessError, OverflowError) as error:
                raise self._broken(f"talks `{table.name}`", str(error)) from None
            self._emit(emission, action, None)

    # Dusk.

    def dusk(self) -> list[tuple[int, float | None]]:
        """Looks at what may have changed; gives the numbers of waits, each with its daily chance (nothing: no wait).

        A wait that has none and had none is left out.
        """
        waits, ends, awake = self._while, self._ends, self._awake
        first_end, first_watched = len(waits), len(waits) + len(ends)
        found: list[tuple[int, float | None]] = []
        still_unseen: set[int] = set()
        known: dict[Formula, float] = {}
        for number in self._to_look_at():
            if number >= first_watched:
                self._watch_dusk(number - first_watched)
            elif number >= first_end:
                name, condition = ends[number - first_end]
                self._end_holds[number - first_end] = self._looked(condition, "outcome", name)
            elif waits[number].has_season and self.day + 1 < (waits[number].from_day or 0):
                still_unseen.add(number)
            else:
                chance = self.daily_chance(waits[number], known)
                if chance is not None:
                    awake.add(number)
                    found.append((number, chance))
                elif number in awake:
                    awake.discard(number)
                    found.append((number, None))
        self._unseen = still_unseen
        return found

    def _to_look_at(self) -> list[int]:
        """The numbers of the looks that read what has changed; a wait that sleeps is not woken by its chance."""
        unseen, moved = self._unseen, self._moved
        if moved:
            readers, chance_readers = self._readers, self._chance_readers
            for numbers in {chance_readers[slot] for slot in moved}:
                unseen |= numbers & self._awake
            unseen.update(*{readers[slot] for slot in moved})
            moved.clear()
        return sorted(unseen)

    def look_again(self, number: int) -> None:
        """Has a wait looked at again at the next dusk (it has fired, or was dropped at its turn)."""
        self._unseen.add(number)

    @property
    def has_moved(self) -> bool:
        """Whether the next dusk has anything to look at."""
        return bool(self._moved or self._unseen)

    @property
    def ended(self) -> bool:
        """Whether an outcome with `ends: true` held at the last dusk."""
        return any(self._end_holds)

    def daily_chance(self, wait: Instance, known: dict[Formula, float]) -> float | None:
        """A wait's chance tomorrow, or nothing where its COND is false; `known` are chances looked at today."""
        if wait.until_day is not None and self.day + 1 > wait.until_day:
            return None
        try:
            if not wait.condition.read(self.state):
                return None
            formula = wait.chance
            if formula is None:
                return None
            if formula not in known:
                known[formula] = self.probability(formula)
            return known[formula]
        except (MeaninglessError, OverflowError) as error:
            raise self._broken(f"rule `{wait.name}`", str(error)) from None

    def _watch_dusk(self, number: int) -> None:
        try:
            self.tally.dusk(number, self.state, self.day)
        except (MeaninglessError, OverflowError) as error:
            raise self._broken("a measure", str(error)) from None

    def _looked(self, condition: Formula, kind: str, name: str) -> bool:
        try:
            return bool(condition.read(self.state))
        except (MeaninglessError, OverflowError) as error:
            raise self._broken(f"{kind} `{name}`", str(error)) from None

    def still_holds(self, wait: Instance) -> bool:
        """Whether a `while` instance's COND holds now, at its turn."""
        return self._looked(wait.condition, "rule", wait.name)

    # What goes wrong.

    def _broken(self, where: str, message: str) -> ModelError:
        return ModelError(message, where=where, day=self.day)

    def _loop(self) -> ModelError:
        names = ", ".join(f"`{name}`" for name in sorted(self._busy))
        return ModelError(
            f"more than {MOST_EVENTS_A_DAY:,} events in one day: these rules keep triggering each other",
            where=f"rule {names}" if len(self._busy) == 1 else f"rules {names}",
            day=self.day,
        )
