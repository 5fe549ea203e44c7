"""The moments of a run at which it is asked how it could still end."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from negsim.engine.run import Run


@attrs.frozen
class RunMoment:
    """A moment that is looked at; the words are those of `Point`."""

    seq: int
    day: int
    quiet_days: int = 0
    at_dusk: bool = True


def run_moments(run: Run, *, each_event: bool) -> Iterator[RunMoment]:
    """The beginning, the dusk of each day with events and the dusk before it, and the end.

    With `each_event` also the moment after each event that others follow on its day. The last of a day is looked at
    from dusk, when what it set going that day is known.
    """
    last = max((event.seq for event in run.events if event.day < 0), default=-1)
    before = RunMoment(last, -1)
    yield before
    events = run.events[last + 1 :]
    for event, following in zip(events, [*events[1:], None], strict=False):
        if event.day > before.day + 1:
            yield RunMoment(before.seq, event.day - 1, event.day - 1 - before.day)
        is_last = following is None or following.day > event.day
        before = RunMoment(event.seq, event.day, at_dusk=is_last)
        if each_event or is_last:
            yield before
    if run.ended_on > before.day:
        yield RunMoment(before.seq, run.ended_on, run.ended_on - before.day)
