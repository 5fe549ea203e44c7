"""Options of rules, bound: what they weigh, when they are open, and the events that they emit."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Protocol

import attrs

from negsim.program.events import Ground, Occurrence
from negsim.program.formula import MeaninglessError, Scope, State, fixed
from negsim.scenario.rules import Emission, Option
from negsim.scenario.types import Value


class WithEvents(Ground, Protocol):
    """What options are bound against: a ground that knows its occurrences."""

    def occurrence(self, event: str, arguments: tuple[Value, ...]) -> Occurrence:
        """An event with its arguments; raises `MeaninglessError` where one is outside its field's bounds."""
        ...


class BoundEmission:
    """An event to be logged; its arguments are looked at just before."""

    __slots__ = ("_emission", "arguments", "event", "known", "program", "scope", "text")

    def __init__(self, program: WithEvents, emission: Emission, scope: Scope) -> None:
        self.program = program
        self._emission = emission
        self.event = emission.event
        self.text = emission.text
        self.scope = scope
        self.arguments = tuple(program.binder.bind(argument, scope) for argument in emission.arguments)
        self.known: Occurrence | None = None
        if all(argument.fixed for argument in self.arguments):
            values = tuple(argument.value for argument in self.arguments)
            with suppress(MeaninglessError):  # a value out of its field's bounds matters when the event comes
                self.known = program.occurrence(self.event, values)

    def under(self, program: WithEvents) -> BoundEmission:
        """The same event, bound against another program of the same scenario."""
        return BoundEmission(program, self._emission, self.scope)


class BoundOption:
    """One option of an instance: its name, weight, guard and emissions; `opened`, if it always stands open alike."""

    __slots__ = ("emits", "name", "opened", "option", "scope", "weight", "when")

    def __init__(self, program: WithEvents, option: Option, name: str, scope: Scope) -> None:
        bind = program.binder.bind
        self.name = name
        self.option = option
        self.scope = scope
        self.weight = fixed(1) if option.weight is None else bind(option.weight.tree, scope)
        self.when = None if option.when is None else bind(option.when.tree, scope)
        self.emits = tuple(BoundEmission(program, emission, scope) for emission in option.emits)
        self.opened: OpenOption | None = None
        if self.weight.fixed and 0 <= self.weight.value < math.inf:
            self.opened = OpenOption(name, self.weight.value, self)

    def open_in(self, state: State) -> OpenOption:
        """How it stands open in a state; raises `MeaninglessError`."""
        weight = self.weight.read(state)
        if not 0 <= weight < math.inf:
            raise MeaninglessError(f"option `{self.name}`: a weight of {weight} is not 0 or more")
        return OpenOption(self.name, weight, self)


@attrs.define(eq=False)  # not to be changed, as if it were frozen; but a frozen one takes its time to be made
class OpenOption:
    """An option that is open now, and what it weighs."""

    name: str
    weight: float
    bound: BoundOption


@attrs.define(eq=False)  # as above
class Picked:
    """What was picked for an action: the option, its share of the weight where one was drawn, by whom."""

    option: str | None
    share: float | None
    by: str | None


def bound_options(program: WithEvents, option: Option, scope: Scope) -> list[BoundOption]:
    """An option of the file, bound: one a member where it has a `for`."""
    if option.binder is None:
        return [BoundOption(program, option, option.name, scope)]
    return [
        BoundOption(program, option, f"{option.name}[{member}]", {**scope, option.binder.name: member})
        for member in program.scenario.groups[option.binder.group].members
    ]
