"""State by fold: what a log's events set, one after another, with no rule run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from negsim.errors import LogError, ModelError, UsageError
from negsim.kernel.effects import worked_out
from negsim.kernel.observing import measured, see_dusk, see_event
from negsim.log.event import Ending, Header, Intervention, LoggedEvent
from negsim.program.events import Occurrence
from negsim.program.formula import State, set_slots
from negsim.program.program import Program
from negsim.scenario.model import Scenario
from negsim.scenario.types import Value
from negsim.whole import whole


class Fold:
    """A state that follows a log, event by event."""

    def __init__(self, scenario: Scenario, header: Header) -> None:
        self.program = Program(scenario, header.settings)
        self.state: State = self.program.layout.first_state()
        self._changes: dict[int, list[Intervention]] = {}
        for each in header.interventions:
            if each.parameters or each.readings:
                self._changes.setdefault(each.at, []).append(each)
        self._move(-1)

    def occurrence(self, event: LoggedEvent) -> Occurrence:
        """The occurrence that a logged event stands for."""
        return self.program.occurrence(event.event, tuple(event.fields.values()))

    def apply(self, event: LoggedEvent) -> list[int]:
        """Applies one event; gives the places in the state that it set.

        Raises `LogError` for an event that no run can have logged in this state.
        """
        occurrence = self.occurrence(event)
        state = self.state
        self.program.layout.tell_time(state, day=event.day, now=event.day)
        plain = occurrence.plain
        try:
            changes = worked_out(occurrence, state, event.day) if plain is None else plain
        except ModelError as error:
            raise LogError(f"the log is of no run: event {event.seq} cannot have happened ({error})") from None
        set_slots(state, changes)
        if self._changes:
            self._move(event.seq)
        return [slot for slot, _ in changes]

    def apply_all(self, events: Iterable[LoggedEvent]) -> None:
        """Applies events in their order."""
        for event in events:
            self.apply(event)

    def _move(self, seq: int) -> None:
        """Takes over the parameters and readings that a fork changed right after an event."""
        for change in self._changes.get(seq, ()):
            old = self.program
            self.program = Program(old.scenario, old.settings.changed(change.parameters, change.readings))

    @property
    def named(self) -> dict[str, Value]:
        """The state by name: `conflict`, `france.force`."""
        return self.program.layout.named(self.state)


def state_at(
    scenario: Scenario, header: Header, events: Sequence[LoggedEvent], *, seq: int | None = None, day: int | None = None
) -> Mapping[str, Value]:
    """The state after an event (`seq`, -1 for before any), at the dusk of a day, or at the end.

    Raises `UsageError` for a seq that the log does not have.
    """
    seq = None if seq is None else whole(seq, "seq")
    day = None if day is None else whole(day, "day")
    if seq is not None and not -1 <= seq < len(events):
        raise UsageError(f"the log has no event {seq}", f"it can be: -1 to {len(events) - 1}")
    fold = Fold(scenario, header)
    for event in events:
        if (seq is not None and event.seq > seq) or (day is not None and event.day > day):
            break
        fold.apply(event)
    return fold.named


def recount(scenario: Scenario, header: Header, events: Sequence[LoggedEvent], last_day: int) -> Ending:
    """The outcome and the measures read off a log alone, day by day."""
    fold = Fold(scenario, header)
    index = 0
    for day in range(last_day + 1):
        while index < len(events) and events[index].day <= day:
            event = events[index]
            fold.program.layout.tell_time(fold.state, day=event.day, now=event.day)
            see_event(fold.occurrence(event), fold.state, event.day)
            fold.apply(event)
            index += 1
        fold.program.layout.tell_time(fold.state, day=day, now=day)
        for monitor, formula in fold.program.watched:
            see_dusk(monitor, formula, fold.state, day)
    return Ending(fold.program.outcome(fold.state), last_day, measured(fold.program, fold.state, last_day))
