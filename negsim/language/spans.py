"""Interval arithmetic: between what an expression's values can lie, and what a condition leaves of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import attrs

from negsim.language.intervals import Span, beside, capped, combined, hull, point
from negsim.scenario.expressions import (
    Arithmetic,
    Attribute,
    Both,
    Bound,
    Comparison,
    Conditional,
    Constant,
    Day,
    DaysSince,
    Either,
    Function,
    InGroup,
    MemberVariable,
    Negative,
    Node,
    Not,
    OneOf,
    Over,
    ParameterValue,
    ReadingChoice,
    Use,
    Variable,
)
from negsim.scenario.model import Scenario
from negsim.scenario.types import TRUTH, ActorOf, Value, Whole

MOST_LOOKED_AT = 200_000
NODES = get_args(Node)
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


Key = tuple[str | None, str, str]  # group, name and member; a variable of the whole scenario has no member, ""


class TooMuchError(Exception):
    """More would have to be looked at than is worth it."""


class Effort:
    """How many expressions may still be looked at: a scenario may be anybody's."""

    def __init__(self, left: int) -> None:
        self._left = left

    def spend(self) -> None:
        """One more. Raises `TooMuchError` where there are none left."""
        self._left -= 1
        if self._left < 0:
            raise TooMuchError


def first_day(scenario: Scenario) -> int:
    """The first day that there is: that of the past, or 0."""
    return min((entry.day for entry in scenario.history), default=0)


@attrs.frozen
class Spans:
    """What is known of numbers: for each variable a span, and spans of expressions that a condition narrows.

    Parameters and readings have their defaults.
    """

    scenario: Scenario
    variables: Mapping[Key, Span]
    narrowed: Mapping[Node, Span] = attrs.field(factory=dict)
    effort: Effort = attrs.field(factory=lambda: Effort(MOST_LOOKED_AT), eq=False)

    def of(self, node: Node) -> Span | None:
        """Between what an expression lies; nothing where that cannot be told. Raises `TooMuchError`."""
        self.effort.spend()
        found = self._of(node)
        known = self.narrowed.get(node)
        if found is None or known is None:
            return found or known
        return found.meet(known)

    def _of(self, node: Node) -> Span | None:
        match node:
            case Constant(value=int() | float() as value) if not isinstance(value, bool):
                return Span(value, value)
            case ParameterValue():
                value = self.scenario.parameters[node.name].value
                return Span(value, value)
            case Variable():
                return self.variables.get((None, node.name, ""))
            case MemberVariable():
                return hull(self.variables.get((node.group, node.name, member)) for member in self._members(node))
            case Day():
                return Span(first_day(self.scenario), self.scenario.horizon_days)
            case DaysSince():
                since = Span(0, self.scenario.horizon_days - first_day(self.scenario))
                other = None if node.otherwise is None else self.of(node.otherwise)
                return since if node.otherwise is None else None if other is None else since.hull(other)
            case Attribute():
                return hull(point(value) for value in self._given(node))
            case Bound(type=Whole(low=int() as low, high=int() as high)):
                return Span(low, high)
            case Negative():
                item = self.of(node.item)
                return None if item is None else Span(-item.high, -item.low)
            case Arithmetic():
                left, right = self.of(node.left), self.of(node.right)
                return None if left is None or right is None else combined(node.operator, left, right)
            case Function():
                return self._function(node)
            case Conditional():
                return self._conditional(node)
            case Over():
                return self._over(node)
            case Use():
                return self.of(opened(self.scenario, node))
            case _:
                return None

    def _members(self, node: MemberVariable | Attribute) -> tuple[str, ...]:
        """Whose it can be."""
        if isinstance(node.of, Constant):
            return (str(node.of.value),)
        return self.scenario.groups[node.group].members

    def _given(self, node: Attribute) -> list[Value]:
        given = self.scenario.groups[node.group].given
        return [given[member, node.name] for member in self._members(node) if (member, node.name) in given]

    def words(self, node: Node) -> frozenset[Value] | None:
        """The words, actors and truths that an expression can be, where it does not hang on the state."""
        match node:
            case Constant():
                return frozenset((node.value,))
            case ReadingChoice():
                return frozenset((self.scenario.readings[node.name].default,))
            case Attribute():
                return frozenset(self._given(node)) or None
            case _:
                return None

    def _function(self, node: Function) -> Span | None:
        spans = [self.of(item) for item in node.items]
        known = [span for span in spans if span is not None]
        if len(known) < len(spans):
            return capped(node.name, known)
        if node.name == "abs":
            (span,) = known
            least = 0 if span.low <= 0 <= span.high else min(abs(span.low), abs(span.high))
            return Span(least, max(abs(span.low), abs(span.high)))
        best = min if node.name == "min" else max
        return Span(best(span.low for span in known), best(span.high for span in known))

    def _conditional(self, node: Conditional) -> Span | None:
        found: Span | None = None
        for branch, holds in ((node.then, True), (node.otherwise, False)):
            inner = self.where(node.test, holds=holds)
            if inner is None:
                continue
            span = inner.of(branch)
            if span is None:
                return None
            found = span if found is None else found.hull(span)
        return found

    def _over(self, node: Over) -> Span | None:
        found = []
        for member in self.scenario.groups[node.group].members:
            names: dict[str, Node] = {node.binder: Constant(member, ActorOf((member,)))}
            condition = None if node.condition is None else substituted(node.condition, names)
            known = self.where(condition)
            if known is None:
                continue
            span = Span(1, 1) if node.element is None else known.of(substituted(node.element, names))
            if span is None:
                return None
            sure = condition is None or self.where(condition, holds=False) is None
            found.append(span if sure or node.function in ("min", "max") else span.hull(Span(0, 0)))
        if node.function in ("count", "sum"):
            return Span(_total(span.low for span in found), _total(span.high for span in found))
        return hull(found)

    def where(self, condition: Node | None, *, holds: bool = True) -> Spans | None:
        """What is known where a condition holds, or where it does not; nothing where that cannot be."""
        self.effort.spend()
        match condition:
            case None:
                return self
            case Not():
                return self.where(condition.item, holds=not holds)
            case Constant(value=bool() as truth):
                return self if truth == holds else None
            case Attribute():
                return None if self.words(condition) == frozenset((not holds,)) else self
            case OneOf() | InGroup():
                return None if self._settled(condition) is (not holds) else self
            case Either(items=items) if not holds:
                return self.where(Both(tuple(Not(item, TRUTH) for item in items), TRUTH))
            case Either(items=items):
                return self if any(self.where(item) is not None for item in items) else None
            case Use():
                return self.where(opened(self.scenario, condition), holds=holds)
            case Both(items=items) if holds:
                found: Spans | None = self
                for item in items:
                    found = None if found is None else found.where(item)
                return found
            case Comparison(operands=operands, operators=operators) if holds or len(operators) == 1:
                found = self
                for left, sign, right in zip(operands, operators, operands[1:], strict=False):
                    sign_here = sign if holds else _OPPOSITE[sign]
                    found = None if found is None else found._compared(left, sign_here, right)
                return found
            case _:
                return self

    def _settled(self, node: OneOf | InGroup) -> bool | None:
        """Whether an item is one of several; nothing where that cannot be told."""
        item = self.words(node.item)
        if item is None or len(item) > 1:
            return None
        if isinstance(node, InGroup):
            found = item <= set(self.scenario.groups[node.group].members)
        else:
            each = [self.words(option) for option in node.options]
            if any(words is None or len(words) > 1 for words in each):
                return None
            found = item in each
        return found != node.negated

    def _compared(self, left: Node, sign: str, right: Node) -> Spans | None:
        words, others = self.words(left), self.words(right)
        if sign in ("==", "!=") and words and others:
            apart, alike = not words & others, len(words | others) == 1
            return None if (apart if sign == "==" else alike) else self
        one, other = self.of(left), self.of(right)
        if one is None or other is None:
            return self
        narrowed = dict(self.narrowed)
        whole = isinstance(left.type, Whole) and isinstance(right.type, Whole)
        narrowed[left] = beside(one, sign, other, whole=whole)
        narrowed[right] = beside(other, _MIRRORED[sign], one, whole=whole)
        if narrowed[left].is_empty or narrowed[right].is_empty:
            return None
        return attrs.evolve(self, narrowed=narrowed)


def _total(numbers: Iterable[float]) -> float:
    total: float = 0
    for number in numbers:
        total += number
    return total


def opened(scenario: Scenario, node: Use) -> Node:
    """What a definition says, with its arguments put in."""
    definition = scenario.definitions[node.definition]
    names = {binder.name: item for binder, item in zip(definition.binders, node.arguments, strict=True)}
    return substituted(definition.tree, names)


def substituted(node: Node, names: Mapping[str, Node]) -> Node:
    """An expression with others in the place of bound names."""
    if isinstance(node, Bound):
        return names.get(node.name, node)
    if not names:
        return node
    changed: dict[str, Any] = {}
    for field in attrs.fields(type(node)):
        value = getattr(node, field.name)
        if isinstance(value, tuple) and value and isinstance(value[0], NODES):
            changed[field.name] = tuple(substituted(item, names) for item in value)
        elif isinstance(value, NODES):
            changed[field.name] = substituted(value, names)
    return attrs.evolve(node, **changed) if changed else node
