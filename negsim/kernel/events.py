"""Events of a day: each is applied, told to the host, and lines up the rules that it triggers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from negsim.errors import ModelError
from negsim.kernel.action import Action
from negsim.kernel.effects import worked_out
from negsim.kernel.host import Host
from negsim.kernel.looks import broken, in_season
from negsim.kernel.moment import Moment
from negsim.kernel.observing import see_event
from negsim.kernel.steps import Haunt, React
from negsim.program.events import Occurrence
from negsim.program.formula import MeaninglessError, State, set_slots
from negsim.program.moves import gives_notice
from negsim.program.options import BoundEmission, Picked
from negsim.program.phases import OPEN
from negsim.program.rules import Instance
from negsim.program.table import Table

MOST_EVENTS_A_DAY = 10_000
LOOPING = MOST_EVENTS_A_DAY - 1_000  # from so many events of a day on, those who make more are noted


class Events:
    """Has events happen, and tells the host."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def recall(self, moment: Moment, occurrence: Occurrence, day: int, late: str | None) -> Sequence[Occurrence]:
        """Logs an event of the past: it changes the state, and triggers delays alone where `late` is given."""
        moment.day, moment.late = day, late
        moment.tell_time(day, day)
        occurrence = _now(moment, occurrence)
        delays = [each for each in moment.program.reactions(occurrence) if each.rule.delay is not None] if late else []
        delays = [each for each in delays if in_season(each, day)]
        if not self._host.admits(occurrence, None):
            _haunt(moment, occurrence, delays)
            return ()
        shut = _shut(moment, occurrence)
        _apply(moment, occurrence)
        if occurrence.name in moment.guards.watchers:
            moment.guards.event(occurrence.name, occurrence.arguments)
        moment.seq += 1
        put_in = self._host.logged(occurrence, None, None)
        _convene(moment, shut)
        moment.front.extend(React(moment.program.same(each), told=False) for each in delays)
        return put_in

    def emit(self, moment: Moment, emission: BoundEmission, action: Action, picked: Picked | None) -> None:
        """Has the event of an emission happen, with its arguments as they are now."""
        if emission.program is not moment.program:
            emission = emission.under(moment.program)
        occurrence = emission.known
        if occurrence is None:
            try:
                values = tuple(argument.read(moment.state) for argument in emission.arguments)
                occurrence = moment.program.occurrence(emission.event, values)
            except (MeaninglessError, OverflowError) as error:
                raise broken(f"rule `{action.instance.name}`", error, moment.day) from None
        self.log(moment, occurrence, action, picked)

    def log(self, moment: Moment, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> None:
        """Has an event happen: applied, kept, and the rules it triggers lined up."""
        occurrence = _now(moment, occurrence)
        if not self._host.admits(occurrence, action):
            reactions = moment.program.reactions(occurrence)
            _haunt(moment, occurrence, [each for each in reactions if in_season(each, moment.day)])
            return
        count = moment.events_today = moment.events_today + 1
        if count > LOOPING and action is not None:
            _too_many(moment, action)
        shut = _shut(moment, occurrence) if occurrence.convenes else ()
        given = _notices(moment, occurrence) if occurrence.tables else ()
        _apply(moment, occurrence)
        if occurrence.name in moment.guards.watchers:
            moment.guards.event(occurrence.name, occurrence.arguments)
        seq = moment.seq = moment.seq + 1
        put_in = self._host.logged(occurrence, action, picked)
        for table in given:
            moment.notices[table.name] = seq
        if shut:
            _convene(moment, shut)
        if put_in:
            for extra in reversed(put_in):
                moment.put_in(extra)
        reactions = moment.program.reactions(_now(moment, occurrence))  # the host may just have changed the parameters
        if reactions:
            moment.front.extendleft(reversed(_lined_up(moment, reactions)))


def _now(moment: Moment, occurrence: Occurrence) -> Occurrence:
    """An event as it is under the parameters and readings of now, which may have changed since it was put in."""
    if occurrence.program is moment.program:
        return occurrence
    return moment.program.occurrence(occurrence.name, occurrence.arguments)


def _lined_up(moment: Moment, reactions: Sequence[Instance]) -> list[React]:
    """The instances that an event triggers, as steps; those that just act go to the queue at once.

    Guards are looked at here: nothing changes the state before the step. One that cannot be told is
    left to its step, which says so.
    """
    steps: list[React] = []
    state, day = moment.state, moment.day
    for instance in reactions:
        if instance.has_season and not in_season(instance, day):
            continue
        told = True
        if instance.when is not None:
            try:
                if not instance.when.read(state):
                    continue
            except (MeaninglessError, OverflowError):
                told = False
        if instance.acts_plainly and not steps and told:
            moment.queue.append(Action(instance, day, moment.seq))
        else:
            steps.append(React(instance, told))
    return steps


def _apply(moment: Moment, occurrence: Occurrence) -> None:
    """Changes the state: all right-hand sides see the state before the event."""
    state = moment.state
    if occurrence.counted:
        see_event(occurrence, state, moment.day)
    plain = occurrence.plain
    changes = worked_out(occurrence, state, moment.day) if plain is None else plain
    if changes:
        moment.moved.update(set_slots(state, changes))


def _haunt(moment: Moment, occurrence: Occurrence, reactions: Sequence[Instance]) -> None:
    """Has the rules that an event left out would have triggered spend their draws.

    Their guards are looked at as if it had happened.
    """
    seen: State = [*moment.state]
    set_slots(seen, worked_out(occurrence, seen, moment.day))
    moment.front.extendleft(Haunt(instance, seen) for instance in reversed(reactions))


def _shut(moment: Moment, occurrence: Occurrence) -> list[Table]:
    """The talks that an event can open, and that are not open."""
    return [table for table in occurrence.convenes if moment.state[table.phase_slot] != OPEN]


def _notices(moment: Moment, occurrence: Occurrence) -> list[Table]:
    """The talks whose agreement an event gives the first notice of."""
    return [table for table in occurrence.tables if gives_notice(occurrence.name, table, moment.state)]


def _convene(moment: Moment, shut: Iterable[Table]) -> None:
    """Convenes those of these talks that the event logged last has opened.

    Rounds fall on every so many days from the event on; those before day 0 are not held.
    """
    for table in shut:
        if moment.state[table.phase_slot] == OPEN:
            moment.spoken[table.name] = moment.seq
            moment.convene(table, table.every if moment.day >= 0 else moment.day % table.every)


def _too_many(moment: Moment, action: Action) -> None:
    """Notes who makes the last of very many events of a day; raises `ModelError` where they are too many."""
    moment.busy.add(action.instance.name)
    if moment.events_today > MOST_EVENTS_A_DAY:
        names = ", ".join(f"`{name}`" for name in sorted(moment.busy))
        step = moment.program.scenario.calendar.name
        raise ModelError(
            f"more than {MOST_EVENTS_A_DAY:,} events in one {step}: these rules keep triggering each other",
            where=f"rule {names}" if len(moment.busy) == 1 else f"rules {names}",
            day=moment.day,
        )
