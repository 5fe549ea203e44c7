"""Forks: what is changed right after an event of a run, checked, and the header of the run that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from negsim.engine.but_for import likeness
from negsim.errors import UsageError
from negsim.language.put_in import parse_event
from negsim.log.event import Header, Intervention, LoggedEvent
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Choices, fixed_choices, parameter_values, reading_options
from negsim.whole import whole


@attrs.frozen
class Changes:
    """What a fork asks for: settings, events put in as texts, and events left out by seq.

    `deciding` says that callables decide from then on, which is a change as well.
    """

    choose: Choices | None
    parameters: Mapping[str, object]
    readings: Mapping[str, str]
    emit: Sequence[str]
    without: Sequence[int]
    deciding: bool


def left_out(without: int | Iterable[int], events: Sequence[LoggedEvent]) -> list[int]:
    """The events to be left out, by seq, each once; raises `UsageError` where the run does not have one."""
    each_out = without if isinstance(without, Iterable) else (without,)
    found = sorted({whole(seq, "without") for seq in each_out})
    for seq in found:
        _has(events, seq)
    return found


def begins_at(at: int | None, without: Sequence[int], events: Sequence[LoggedEvent]) -> int:
    """The event after which a fork begins, -1 before any: the one before the first left out where none is given."""
    if at is None:
        if not without:
            raise UsageError("a fork needs the event after which it begins", "give `at`", settings=("at",))
        return without[0] - 1
    at = whole(at, "at")
    if at != -1:
        _has(events, at)
    return at


def forked(scenario: Scenario, header: Header, events: Sequence[LoggedEvent], *, at: int, changes: Changes) -> Header:
    """The header of a run that goes on with changes right after event `at`. Raises `UsageError`."""
    general = Intervention(
        at,
        parameter_values(scenario, changes.parameters),
        reading_options(scenario, changes.readings),
        fixed_choices(scenario, changes.choose),
    )
    made = [general] if general.as_json() != {"at": at} else []
    for text in changes.emit:
        event, fields = parse_event(scenario, text)
        made.append(Intervention(at, emit={"event": event, "fields": fields}))
    for seq in changes.without:
        if seq <= at:
            raise UsageError(f"event {seq} is not after event {at}, where the fork begins")
        made.append(Intervention(at, without=likeness(events, seq)))
    if not made and not changes.deciding:
        raise UsageError("nothing is changed", "give a choice, a parameter, a reading, an event put in or left out")
    kept = tuple(each for each in header.interventions if each.at <= at)
    return attrs.evolve(header, interventions=(*kept, *made), parent=header.run_id)


def _has(events: Sequence[LoggedEvent], seq: int) -> None:
    if not 0 <= seq < len(events):
        raise UsageError(f"the run has no event {seq}", f"its events are 0 to {len(events) - 1}")
