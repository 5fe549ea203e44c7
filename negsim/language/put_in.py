"""An event written by a user: `strike(france)`, as a fork puts it in."""

from __future__ import annotations

from negsim.errors import UsageError, did_you_mean
from negsim.language.grammar import parse
from negsim.language.syntax import Call, Name, Named, Number, Prefix
from negsim.language.tokens import Unreadable
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Event, Field
from negsim.scenario.types import Truth, Value, allowed, fits


def parse_event(scenario: Scenario, text: str) -> tuple[str, dict[str, Value]]:
    """The event and its fields, in their order. Raises `UsageError` where the scenario has no such event."""
    try:
        read = parse(text, scenario.calendar.step)
    except Unreadable as error:
        raise UsageError(f"'{text}' is no event: {error}", "write 'event(argument, …)'") from None
    call = read if isinstance(read, Call) else None
    name = call.name if call is not None else read
    if isinstance(name, Name) and name.text in scenario.said_at_talks:
        raise UsageError(f"`{name.text}` is logged by talks", "nothing else can log it; put in an event of your own")
    if not isinstance(name, Name) or name.text not in scenario.events or name.text == "decided":
        word = name.text if isinstance(name, Name) else text
        known = [each for each in scenario.events if each != "decided"]
        raise UsageError(f"there is no event `{word}`", did_you_mean(word, known))
    event = scenario.events[name.text]
    return event.name, _fields(event, call.arguments if call is not None else ())


def _fields(event: Event, arguments: tuple[object, ...]) -> dict[str, Value]:
    names = [field.name for field in event.fields]
    shape = f"write '{event.name}({', '.join(names)})'"
    given: dict[str, object] = {}
    for index, argument in enumerate(arguments):
        name = argument.name.text if isinstance(argument, Named) else names[index] if index < len(names) else None
        if name is None or name not in names or name in given:
            raise UsageError(f"`{event.name}` does not take these arguments", shape)
        given[name] = argument.item if isinstance(argument, Named) else argument
    missing = [name for name in names if name not in given]
    if missing:
        raise UsageError(f"`{missing[0]}` of `{event.name}` is not given", shape)
    return {field.name: _value(event, field, given[field.name]) for field in event.fields}


def _value(event: Event, field: Field, item: object) -> Value:
    value = _written(item)
    if isinstance(field.type, Truth) and value in ("true", "false"):
        return value == "true"
    if value is None or not fits(value, field.type):
        raise UsageError(
            f"`{field.name}` of `{event.name}` is {field.type}", did_you_mean(str(value), allowed(field.type))
        )
    return value


def _written(item: object) -> Value | None:
    """The word or number that an argument is; nothing for anything else."""
    match item:
        case Name():
            return item.text
        case Number():
            return item.value
        case Prefix(sign="-", item=Number() as number):
            return -number.value
        case _:
            return None
