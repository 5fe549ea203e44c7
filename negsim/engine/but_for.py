"""But for: what becomes of an event and of the outcome when one ancestor is left out, with the same luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import attrs

from negsim.errors import ModelError
from negsim.log.event import Header, Intervention, LoggedEvent, RunLog
from negsim.log.why import ButFor, Why


def likeness(events: Sequence[LoggedEvent], seq: int) -> dict[str, Any]:
    """What an event is recognised by in a fork: its day, event, fields, rule, and which of several alike."""
    event = events[seq]
    nth = sum(1 for other in events[:seq] if _same(other, event))
    return {"day": event.day, "event": event.event, "fields": dict(event.fields), "rule": event.rule, "nth": nth}


def but_for(log: RunLog, causes: Why, again: Callable[[Header], RunLog]) -> Iterator[ButFor]:
    """For each ancestor: whether the event and the outcome stand if it is left out. `again` makes a run."""
    event = causes.steps[0].event if causes.verdict is None else None
    for step in causes.ancestors:
        left_out = step.event
        try:
            without = _without(log, left_out.seq, again)
            events, outcome = without.events, without.ending.outcome
        except ModelError as error:
            events, outcome = error.events, None
        stands = None if event is None else any(_is_again(other, event) for other in events)
        later = None if event is None or stands else _later(log.events, event, events)
        yield ButFor(left_out, stands, outcome == log.ending.outcome, outcome, later)


def _without(log: RunLog, seq: int, again: Callable[[Header], RunLog]) -> RunLog:
    """The run without one event, with all that forks changed, before it and after it.

    What was changed after the event that is left out is changed right after the event that it came after; where that is
    gone too, after the last event of its day or before.
    """
    header = log.header
    kept = [each for each in header.interventions if each.at < seq]
    kept.append(Intervention(seq - 1, without=likeness(log.events, seq)))
    made = again(attrs.evolve(header, interventions=tuple(kept)))
    later = sorted((each for each in header.interventions if each.at >= seq), key=lambda each: each.at)
    for at, changes in groupby(later, key=lambda each: each.at):
        # Each is put in its place in the run as it goes on by then, so the place of the next can be looked for in it.
        place = max(seq - 1, _place(log.events, at, made.events))
        kept += [attrs.evolve(each, at=place) for each in changes]
        made = again(attrs.evolve(header, interventions=tuple(kept)))
    return made


def _place(events: Sequence[LoggedEvent], seq: int, others: Sequence[LoggedEvent]) -> int:
    """Where in another run an event of a run is, or else the last event of its day or before; -1 for none."""
    if seq >= len(events):  # a fork may begin after an event that another change has done away with
        return len(others) - 1
    event = events[seq]
    alike = [other.seq for other in others if _same(other, event)]
    nth = sum(1 for other in events[:seq] if _same(other, event))
    if nth < len(alike):
        return alike[nth]
    return max((other.seq for other in others if other.day <= event.day), default=-1)


def _same(other: LoggedEvent, event: LoggedEvent) -> bool:
    return (other.day, other.event, other.fields, other.rule) == (event.day, event.event, event.fields, event.rule)


def _later(events: Sequence[LoggedEvent], event: LoggedEvent, others: Sequence[LoggedEvent]) -> int | None:
    """The first later day on which another run has the event, and its own run has it not."""
    alike = _alike(events, event)
    return next((day for day in _alike(others, event) if day > event.day and day not in alike), None)


def _alike(events: Sequence[LoggedEvent], event: LoggedEvent) -> list[int]:
    """The days on which an event comes in a run."""
    return [each.day for each in events if _is_again(each, event._replace(day=each.day))]


def _is_again(other: LoggedEvent, event: LoggedEvent) -> bool:
    """Whether an event of another run is the same one: on the same day, made by the same instance of the same rule."""
    return _same(other, event) and other.instance == event.instance
