"""Whose reading it is: a reading that actors hold is one reading for each of them, named after both."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.errors import UsageError, did_you_mean
from negsim.scenario.expressions import HeldReading, Node, ReadingChoice
from negsim.scenario.model import Scenario
from negsim.scenario.types import ActorOf


def held_name(reading: str, holder: str) -> str:
    """The name of a reading as one actor holds it: `fulfilment.russia`."""
    return f"{reading}.{holder}"


def held_readings(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The readings that are held, as the file names them, each with the names of its readings by holder."""
    found: dict[str, tuple[str, ...]] = {}
    for reading in scenario.readings.values():
        if reading.of is not None:
            found[reading.of] = (*found.get(reading.of, ()), reading.name)
    return found


def readings_meant(scenario: Scenario, name: str, *others: str) -> tuple[str, ...]:
    """The readings that a name stands for: itself, or those of all its holders. Raises `UsageError` for another.

    `others` are words that could have been said as well.
    """
    if name in scenario.readings:
        return (name,)
    held = held_readings(scenario)
    if name not in held:
        known = (*scenario.readings, *held, *others)
        raise UsageError(f"there is no reading `{name}`", did_you_mean(name, known))
    return held[name]


def readings_in(node: Node) -> Iterator[str]:
    """The readings that a node itself may look at."""
    match node:
        case ReadingChoice():
            yield node.name
        case HeldReading(of=of) if isinstance(of.type, ActorOf):
            yield from (held_name(node.name, actor) for actor in of.type.actors)
        case _:
            pass
