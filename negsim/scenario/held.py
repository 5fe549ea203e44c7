"""Whose reading it is: a reading that actors hold is one reading for each of them, named after both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from negsim.errors import UsageError, did_you_mean
from negsim.scenario.expressions import HeldReading, Node, ReadingChoice
from negsim.scenario.model import Scenario
from negsim.scenario.record import Reading
from negsim.scenario.types import ActorOf


def held_name(reading: str, holder: str) -> str:
    """The name of a reading as one actor holds it: `fulfilment.russia`."""
    return f"{reading}.{holder}"


def held_readings(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The readings that are held, as the file names them, each with the names of its readings by holder."""
    found = open_questions(scenario)
    return {name: tuple(each.name for each in every) for name, every in found.items() if every[0].of is not None}


def open_questions(scenario: Scenario) -> dict[str, tuple[Reading, ...]]:
    """The questions that the words leave open, as the file names them, each with its readings: one, or by holder."""
    found: dict[str, tuple[Reading, ...]] = {}
    for reading in scenario.readings.values():
        name = reading.of or reading.name
        found[name] = (*found.get(name, ()), reading)
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


def reading_named(scenario: Scenario, name: str) -> Reading:
    """The reading of a name; for one that is held, that of its first holder, whose words are those of all."""
    return scenario.readings[readings_meant(scenario, name)[0]]


def whose(scenario: Scenario, name: str) -> str | None:
    """Whose a reading is, in words: `as Russia reads it`; nothing where nobody holds it."""
    reading = scenario.readings.get(name)
    if reading is None:
        return "as all read it" if name in held_readings(scenario) else None
    return None if reading.holder is None else f"as {scenario.actors[reading.holder].name} reads it"


def reading_called(scenario: Scenario, name: str) -> str:
    """What a reading is called in a table: `fulfilment, as Russia reads it`, or its name alone."""
    said, reading = whose(scenario, name), scenario.readings.get(name)
    base = name if reading is None or reading.of is None else reading.of
    return base if said is None else f"{base}, {said}"


def told_once(scenario: Scenario, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to some readings, where all holders of one answer alike told once, under its own name."""
    found: dict[str, str] = {}
    held = held_readings(scenario)
    for name, option in answers.items():
        of = scenario.readings[name].of
        alike = of is not None and all(answers.get(each) == option for each in held[of])
        found[of if of is not None and alike and len(held[of]) > 1 else name] = option
    return found


def taken_otherwise(scenario: Scenario, answers: Mapping[str, str]) -> tuple[str, str] | None:
    """The one reading that is answered, with its answer: for one holder or for all; nothing where there are several."""
    found = told_once(scenario, answers)
    return next(iter(found.items())) if len(found) == 1 else None
