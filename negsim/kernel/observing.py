"""What the measures see along a run: events as they are logged, and dusks.

What they remember is part of the state (see `program/monitors.py`), but no part of the world: it moves nothing that a
rule could look at, so the state keeps its version. A running day and a fold of a log observe alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from negsim.program.events import Occurrence
from negsim.program.formula import Formula, MeaninglessError, State, UnsettledError
from negsim.program.monitors import Monitor
from negsim.program.program import Program

LARGEST_MEASURE = 1e300


def see_event(occurrence: Occurrence, state: State, day: int) -> None:
    """Takes note of an event; `state` is the one just before it."""
    for at, function, condition in occurrence.counted:
        if condition is not None and not condition.read(state):
            continue
        if function == "count":
            state[at] += 1
        elif function == "last" or state[at] is None:
            state[at] = day


def see_dusk(monitor: Monitor, formula: Formula, state: State, day: int) -> None:
    """Looks at what a monitor watches at the dusk of a day.

    It need be told only where that may have changed: the days between two dusks have the first one's state.
    """
    value = formula.read(state)
    if monitor.since is None:
        greatest = state[monitor.at]
        state[monitor.at] = value if greatest is None or value > greatest else greatest
        return
    since = state[monitor.since]
    if since is not None:
        state[monitor.at] += day - since
    state[monitor.since] = day if value else None


def measured(program: Program, state: State, day: int) -> Mapping[str, Any]:
    """The measures of a run that ends at the dusk of a day; nothing where one reads a nothing."""
    for monitor, _ in program.watched:
        if monitor.since is not None and state[monitor.since] is not None:
            state[monitor.at] += day - state[monitor.since] + 1
            state[monitor.since] = None
    return {name: _value(name, formula, state) for name, formula in program.measures.items()}


def _value(name: str, formula: Formula, state: State) -> Any:
    if any(state[slot] is None for slot in formula.reads):
        return None
    try:
        value = formula.read(state)
    except UnsettledError:
        return None
    if not -LARGEST_MEASURE <= value <= LARGEST_MEASURE:
        raise MeaninglessError(f"measure `{name}` is past 1e300, too large a number to keep")
    return value
