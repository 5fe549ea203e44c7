"""What a run keeps of itself: its events, as a log has them."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.kernel.action import Action
from negsim.log.event import ASSUMED_BY_USER, LoggedEvent
from negsim.program.events import Occurrence
from negsim.program.options import Picked
from negsim.scenario.record import Origin
from negsim.scenario.types import Value


class Recorder:
    """The events of a run so far. `origin` is that of the history entry that is being logged, if one is."""

    def __init__(self) -> None:
        self.events: list[LoggedEvent] = []
        self.origin: Origin | None = None
        self._fields: dict[Occurrence, Mapping[str, Value]] = {}  # the run's own: an occurrence outlives it

    def keep(
        self, occurrence: Occurrence, action: Action | None, picked: Picked | None, *, day: int, date: str
    ) -> None:
        """Keeps the next event."""
        seq, name, fields = len(self.events), occurrence.name, self._fields.get(occurrence)
        if fields is None:
            fields = self._fields[occurrence] = dict(occurrence.fields)
        if action is None:
            origin = self.origin or ASSUMED_BY_USER
            event = LoggedEvent(seq, day, date, name, fields, None, (), None, None, None, origin, None, None, None)
        else:
            instance = action.instance
            option, share, by = (None, None, None) if picked is None else (picked.option, picked.share, picked.by)
            triggered = None if action.trigger_day == day else action.trigger_day
            event = LoggedEvent(
                seq, day, date, name, fields, instance.name, instance.actors, by, action.cause, triggered,
                instance.origin, option, share, action.chance,
            )  # fmt: skip
        self.events.append(event)
