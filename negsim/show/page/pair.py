"""Two runs beside each other: what they are called, and where they part."""

from __future__ import annotations

import attrs

from negsim.engine.difference import difference
from negsim.engine.run import Run
from negsim.log.event import LoggedEvent


@attrs.frozen
class Pair:
    """Two runs with what they are called, and the number of the first event that is not the same in both.

    `parts` is one past the last event where all events are the same.
    """

    runs: tuple[Run, Run]
    names: tuple[str, str]
    parts: int

    @property
    def scenario_is_one(self) -> bool:
        """Whether both are runs of one scenario."""
        return self.runs[0].header.scenario_hash == self.runs[1].header.scenario_hash

    @property
    def step(self) -> str:
        """What a step of time is called in both."""
        names = {run.scenario.calendar.name for run in self.runs}
        return names.pop() if len(names) == 1 else "step"

    def at(self, seq: int) -> tuple[LoggedEvent | None, LoggedEvent | None]:
        """The event of a number in each run; nothing where the run has no more events."""
        one, other = (run.events[seq] if seq < len(run.events) else None for run in self.runs)
        return one, other


def pair(one: Run, other: Run) -> Pair:
    """Two runs: a fork and the run that it came from stand as before and now, in this order."""
    if one.header.parent == other.id:
        one, other = other, one
    names = ("before", "now") if other.header.parent == one.id else ("first run", "second run")
    found = difference(one, other)
    parts = len(one.events) if found is None or found.seq is None else found.seq
    return Pair((one, other), names, parts)
