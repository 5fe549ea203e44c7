"""What an event does to the state, worked out and checked."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.errors import ModelError
from negsim.program.events import Occurrence
from negsim.program.formula import MeaninglessError, State
from negsim.program.moves import changes
from negsim.scenario.types import Value


def _started(occurrence: Occurrence, state: State, day: int) -> Iterator[tuple[int, Value]]:
    """The clocks that an event starts anew, with the day from which they count now."""
    now = occurrence.program.layout.now
    if now is None:
        return
    for slot, condition in occurrence.clocks:
        try:
            if condition is None or condition.read(state):
                yield slot, state[now]
        except (MeaninglessError, OverflowError) as error:
            raise ModelError(str(error), where=f"event `{occurrence.name}`", day=day) from None


def worked_out(occurrence: Occurrence, state: State, day: int) -> list[tuple[int, Value]]:
    """What an event sets in a state: (slot, value). Raises `ModelError` where a value is out of range."""
    found = []
    for change in occurrence.changes:
        where = f"event `{occurrence.name}`"
        try:
            value = change.value.read(state)
        except (MeaninglessError, OverflowError) as error:
            raise ModelError(str(error), where=where, day=day) from None
        if change.low is not None and change.high is not None and not change.low <= value <= change.high:
            name = occurrence.program.layout.names[change.slot]
            raise ModelError(
                f"`{name}` would become {value}, outside {change.low}..{change.high}", where=where, day=day
            )
        found.append((change.slot, value))
    found += _started(occurrence, state, day)
    for table in occurrence.tables:
        found += changes(occurrence.name, occurrence.fields, table, state)
    return found
