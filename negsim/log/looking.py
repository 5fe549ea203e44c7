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
from negsim.scenario.expressions import (
    Attribute,
    Both,
    Comparison,
    Conditional,
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
    children,
)
from negsim.scenario.held import held_name
from negsim.scenario.types import Value


def mentioned(past: Past, node: Node, scope: Mapping[str, Value], *, seq: int, read_by: str) -> Iterator[Condition]:
    """The conditions that an expression looked at in the state after an event, each once."""
    looking = Looking(past, seq)
    looking.follow(node, scope)
    for kind, name in looking.found:
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

    def __init__(self, past: Past, seq: int) -> None:
        self._scenario = past.scenario
        self._binder = past.program(seq).binder
        self._state = past.state(seq)
        self.found: dict[tuple[str, str], None] = {}

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
            case ReadingChoice():
                self.found["reading", node.name] = None
            case ParameterValue():
                self.found["parameter", node.name] = None
            case Conditional():
                self.follow(node.test, scope)
                self.follow(node.then if self.value(node.test, scope) else node.otherwise, scope)
            case Both() | Either():
                self._follow_until(node.items, scope, settles=isinstance(node, Either))
            case Comparison():
                self._follow_chain(node, scope)
            case OneOf():
                self.follow(node.item, scope)
                found = self.value(node.item, scope)
                for option in node.options:
                    self.follow(option, scope)
                    if self.value(option, scope) == found:
                        return
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
