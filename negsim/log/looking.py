"""What an expression looked at: only the branches that were taken, in the state after an event.

It is the tree that is followed, not its form: who asks why wants the names of the text, and a form has neither the
readings, parameters and attributes any more, nor the items that these settle. Each value is that of a form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs

from negsim.log.past import Condition, Past
from negsim.scenario.clocks import NEVER, clock_of
from negsim.scenario.expressions import (
    Attribute,
    Both,
    Comparison,
    Conditional,
    Day,
    DaysSince,
    Either,
    HeldReading,
    MemberVariable,
    Node,
    OneOf,
    Over,
    ParameterValue,
    ReadingChoice,
    Term,
    Use,
    Variable,
)
from negsim.scenario.held import held_name
from negsim.scenario.spelling import spelled
from negsim.scenario.types import Value
from negsim.scenario.walking import children


def mentioned(
    past: Past, node: Node, scope: Mapping[str, Value], *, seq: int, day: int, read_by: str
) -> Iterator[Condition]:
    """The conditions that an expression looked at on a day, in the state after an event, each once."""
    looking = Looking(past, seq, day)
    looking.follow(node, scope)
    for kind, name in looking.found:
        if kind == "day":
            yield Condition("day", name, day, (read_by,))
        elif kind == "clock":
            value, setter = past.clock(looking.clocks[name], seq, day)
            yield Condition("clock", name, value, (read_by,), setter)
        else:
            yield past.condition(kind, name, seq, read_by)


def merged(conditions: Iterable[Condition]) -> list[Condition]:
    """Conditions, each once with all that read it. What changed between two looks is named twice."""
    found: dict[tuple[object, ...], Condition] = {}
    for condition in conditions:
        key = (condition.kind, condition.name, condition.value, condition.set_by)
        known = found.get(key)
        if known is None:
            found[key] = condition
        else:
            readers = tuple(dict.fromkeys((*known.read_by, *condition.read_by)))
            found[key] = attrs.evolve(known, read_by=readers)
    return list(found.values())


class Looking:
    """Follows an expression as it was looked at: only the branches that were taken.

    `found` holds (kind, name) in the order of reading; a state variable or an attribute of a member is
    named `france.force`.
    """

    def __init__(self, past: Past, seq: int, day: int) -> None:
        self._scenario = past.scenario
        program = past.program(seq)
        self._layout, self._binder = program.layout, program.binder
        self._state = past.state(seq, day)
        self.found: dict[tuple[str, str], None] = {}
        self.clocks: dict[str, int] = {}  # the places of those that were looked at, by their names

    def value(self, node: Node, scope: Mapping[str, Value]) -> Any:
        """The value of a node in that state."""
        return self._binder.bind(node, scope).read(self._state)

    def follow(self, node: Node, scope: Mapping[str, Value]) -> None:
        """Notes what a node reads."""
        match node:
            case Variable():
                self.found["state", node.name] = None
            case MemberVariable() | Attribute():
                self.follow(node.of, scope)
                kind = "state" if isinstance(node, MemberVariable) else "attribute"
                self.found[kind, f"{self.value(node.of, scope)}.{node.name}"] = None
            case HeldReading():
                self.follow(node.of, scope)
                self.found["reading", held_name(node.name, str(self.value(node.of, scope)))] = None
            case Term():
                self.found["state", f"{node.talks}.{node.name}"] = None
            case ReadingChoice() | ParameterValue():
                self.found["reading" if isinstance(node, ReadingChoice) else "parameter", node.name] = None
            case Conditional():
                self.follow(node.test, scope)
                self.follow(node.then if self.value(node.test, scope) else node.otherwise, scope)
            case Both() | Either():
                self._follow_until(node.items, scope, settles=isinstance(node, Either))
            case Comparison():
                self._follow_chain(node, scope)
            case OneOf():
                self.follow(node.item, scope)
                for option in node.options:
                    self.follow(option, scope)
                    if self.value(OneOf(node.item, (option,), negated=False, type=node.type), scope):
                        return
            case Day() | DaysSince():
                self._follow_time(node, scope)
            case Over():
                self._follow_members(node, scope)
            case Use():
                self._follow_definition(node, scope)
            case _:
                for child in children(node):
                    self.follow(child, scope)

    def _follow_until(self, items: Sequence[Node], scope: Mapping[str, Value], *, settles: bool) -> None:
        """`and` and `or` look no further than the item that settles them."""
        for item in items:
            self.follow(item, scope)
            if self.value(item, scope) is settles:
                return

    def _follow_chain(self, node: Comparison, scope: Mapping[str, Value]) -> None:
        """A chain looks no further than the first comparison that fails."""
        self.follow(node.operands[0], scope)
        for (left, right), sign in zip(pairwise(node.operands), node.operators, strict=True):
            self.follow(right, scope)
            if not self.value(Comparison((left, right), (sign,), node.type), scope):
                return

    def _follow_time(self, node: Day | DaysSince, scope: Mapping[str, Value]) -> None:
        """The day; or a clock, named after the event, its condition and those of whom that is asked."""
        if isinstance(node, Day):
            self.found["day", self._scenario.calendar.name] = None
            return
        clock = clock_of(node)
        names = self._layout.clocks[clock].names
        values = tuple([scope[name] for name in names])
        asked = "" if node.condition is None else f" if {spelled(node.condition)}"
        bound = ", ".join(f"{each} is {value}" for each, value in zip(names, values, strict=True))
        name = f"{self._scenario.calendar.plural} since {node.event}{asked}{bound and f' ({bound})'}"
        slot = self.clocks[name] = self._layout.last[clock, values]
        self.found["clock", name] = None
        if node.otherwise is not None and self._state[slot] == NEVER:
            self.follow(node.otherwise, scope)

    def _follow_members(self, node: Over, scope: Mapping[str, Value]) -> None:
        """`any` and `all` look no further than the member that settles them."""
        settles = {"any": True, "all": False}.get(node.function)
        for member in self._scenario.groups[node.group].members:
            inner = {**scope, node.binder: member}
            if node.condition is not None:
                self.follow(node.condition, inner)
                if not self.value(node.condition, inner):
                    continue
            if node.element is not None:
                self.follow(node.element, inner)
                if settles is not None and self.value(node.element, inner) is settles:
                    return

    def _follow_definition(self, node: Use, scope: Mapping[str, Value]) -> None:
        definition = self._scenario.definitions[node.definition]
        for argument in node.arguments:
            self.follow(argument, scope)
        values = [self.value(argument, scope) for argument in node.arguments]
        self.follow(definition.tree, dict(zip((b.name for b in definition.binders), values, strict=True)))
