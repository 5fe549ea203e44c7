"""Events of a log with the words that they rest on in the language in which their scenario is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from negsim.log.event import LoggedEvent
from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin


def told(scenario: Scenario, events: Iterable[LoggedEvent]) -> Iterable[LoggedEvent]:
    """The events; where the scenario is read in another language than logs have, with its origins for theirs."""
    if scenario.tongue in (None, *scenario.languages[:1]):
        return events
    known = {origin: origin for origin in _origins(scenario)}
    return (event._replace(origin=known.get(event.origin, event.origin)) for event in events)


def _origins(scenario: Scenario) -> Iterator[Origin]:
    """What events can rest on."""
    yield from (rule.origin for rule in scenario.rules.values())
    yield from (entry.origin for entry in scenario.history)
    for talks in scenario.talks.values():
        if talks.origin is not None:
            yield talks.origin
        for position in talks.positions.values():
            yield position.origin
            yield from (line.origin for line in position.red_lines.values())
