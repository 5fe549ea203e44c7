"""What events hang on among themselves: the arrows of a picture of causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from negsim.log.event import Header, LoggedEvent
from negsim.log.past import Past
from negsim.log.why import Link, step_of, traced
from negsim.scenario.model import Scenario


def links(
    scenario: Scenario, header: Header, events: Sequence[LoggedEvent], among: Iterable[int]
) -> Mapping[int, tuple[Link, ...]]:
    """What each of some events hangs on; with what they read to set what another of them looked at."""
    past = Past(scenario, header, events)
    found: dict[int, tuple[Link, ...]] = {}
    looked: dict[int, set[str]] = {seq: set() for seq in among}
    for seq in sorted(looked, reverse=True):  # an event hangs on earlier ones alone
        step = step_of(past, events[seq])
        for name in sorted(looked[seq]):
            step = traced(past, step, name)
        found[seq] = step.links
        for link in step.links:
            if link.seq in looked:
                looked[link.seq].update(link.names)
    return found
