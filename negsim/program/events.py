"""Events with their arguments, bound: what they change, and who takes note of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import attrs

from negsim.program.binding import FormulaBinder
from negsim.program.formula import Formula
from negsim.program.layout import StateLayout
from negsim.program.monitors import Monitor
from negsim.program.moves import concerns, convenes
from negsim.program.table import Table
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Effect, Event
from negsim.scenario.types import Value, Whole


class Ground(Protocol):
    """What events are bound against: the parts of a program that do not hang on them."""

    scenario: Scenario
    layout: StateLayout
    binder: FormulaBinder

    @property
    def monitors(self) -> Sequence[Monitor]:
        """What the measures observe."""
        ...

    @property
    def tables(self) -> Sequence[Table]:
        """The talks."""
        ...


@attrs.frozen
class Change:
    """One slot that an occurrence sets, and to what; bounds where the variable is a bounded number."""

    slot: int
    value: Formula
    low: int | None
    high: int | None


class Occurrence:
    """An event with its arguments: what it changes, and what talks and measures make of it.

    `program` is the one that it belongs to. `plain` is what it sets where that hangs on nothing, as (slot, value).
    `tables` are the talks that it can move, `convenes` those that it can open. `counted` has for each monitor that
    observes it (slot, function, condition or nothing). `clocks` are those that it starts anew: the slot, and what is
    asked first where that hangs on the state's breaking down (nothing: it surely starts).
    """

    __slots__ = (
        "arguments", "changes", "clocks", "convenes", "counted", "event", "fields", "name", "plain", "program",
        "tables",
    )  # fmt: skip

    def __init__(self, program: Ground, event: Event, arguments: tuple[Value, ...]) -> None:
        self.program = program
        self.event = event
        self.name = event.name
        self.arguments = arguments
        names = [field.name for field in event.fields]
        self.fields: Mapping[str, Value] = dict(zip(names, arguments, strict=True))
        self.tables = tuple(table for table in program.tables if concerns(event.name, self.fields, table))
        self.convenes = tuple(table for table in self.tables if convenes(event.name, table))
        changes = [change for effect in event.effects for change in self._changes(effect)]
        self.changes = tuple(changes)
        # What is set to a known value within its bounds needs no look at the state.
        plain = all(
            c.value.fixed and (c.low is None or c.high is None or c.low <= c.value.value <= c.high) for c in changes
        )
        self.clocks = tuple(self._clocks())
        self.plain: tuple[tuple[int, Value], ...] | None = (
            tuple((c.slot, c.value.value) for c in changes) if plain and not self.tables and not self.clocks else None
        )
        self.counted = tuple(self._counted())

    def _changes(self, effect: Effect) -> list[Change]:
        program = self.program
        if effect.group is None:
            members = [""]
        elif effect.every:
            members = list(program.scenario.groups[effect.group].members)
        else:
            if effect.of is None:
                raise TypeError(f"{effect.target} has no member")
            members = [str(program.binder.bind(effect.of, self.fields).value)]
        value = program.binder.bind(effect.value.tree, self.fields)
        changes = []
        for member in members:
            slot = program.layout.slots[effect.variable, member]
            kind = program.layout.variable_at[slot].type
            low, high = (kind.low, kind.high) if isinstance(kind, Whole) else (None, None)
            changes.append(Change(slot, value, low, high))
        return changes

    def _clocks(self) -> Iterator[tuple[int, Formula | None]]:
        program = self.program
        for clock, kept in program.layout.clocks.items():
            if clock.event != self.name:
                continue
            for values in kept.each():
                slot = program.layout.last[clock, values]
                if clock.condition is None:
                    yield slot, None
                    continue
                scope = {**dict(zip(kept.names, values, strict=True)), **self.fields}
                condition = program.binder.bind(clock.condition, scope)
                if not condition.fixed:
                    yield slot, condition
                elif condition.value:
                    yield slot, None

    def _counted(self) -> list[tuple[int, str, Formula | None]]:
        counted: list[tuple[int, str, Formula | None]] = []
        for monitor in self.program.monitors:
            if monitor.observation.event != self.name:
                continue
            condition = None
            if monitor.observation.condition is not None:
                condition = self.program.binder.bind(monitor.observation.condition, self.fields)
                if condition.fixed and not condition.value:
                    continue
            counted.append((monitor.at, monitor.function, condition))
        return counted

    def __repr__(self) -> str:
        return f"<{self.name}({', '.join(map(str, self.arguments))})>"
