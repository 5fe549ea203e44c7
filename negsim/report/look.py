"""What an expression comes to once some readings are settled.

It is looked at with the given answers and nothing else known: a value where these settle it, else the names
that it still depends on, its span where it is a number, and whether it has a value at all in every state.
The last decides where `and` and `or` may stop: what can fail (a division by what may be 0, the least of
nobody, a variable of nobody) is looked at by a run before what comes behind it, so it is never settled by
what comes behind it. It errs to one side only: what is called settled is settled, what is called sure is sure.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any

import attrs

from negsim.scenario.expressions import (
    Arithmetic,
    Attribute,
    Both,
    Bound,
    Comparison,
    Conditional,
    Constant,
    Either,
    Function,
    InGroup,
    MemberVariable,
    Negative,
    Node,
    Not,
    Observation,
    OneOf,
    Over,
    ParameterValue,
    ReadingChoice,
    Term,
    Use,
    Variable,
)
from negsim.scenario.model import Scenario
from negsim.scenario.types import NOBODY, ActorOf, Type, Value, Whole

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATE: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
_NOTHING: frozenset[str] = frozenset()
LARGEST = 1e300  # numbers within it cannot overflow where they are put together once more


@attrs.frozen
class Span:
    """The bounds of a number, both included."""

    low: float = -math.inf
    high: float = math.inf

    @property
    def is_known(self) -> bool:
        """Whether it has two ends that can be calculated with."""
        return -LARGEST <= self.low <= self.high <= LARGEST

    def around(self, other: Span) -> Span:
        """The span that holds both."""
        return Span(min(self.low, other.low), max(self.high, other.high))


ANY = Span()


@attrs.frozen
class Seen:
    """What an expression comes to: its value where it is settled, and the names it still hangs on.

    `sure` says that it has a value in every state (a settled one always has), `span` between what a number lies.
    """

    value: Value | None
    names: frozenset[str] = _NOTHING
    sure: bool = False
    span: Span = ANY


def known(value: Value) -> Seen:
    """What is settled."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Seen(value, sure=True, span=Span(value, value) if is_number else ANY)  # type: ignore[arg-type]


class Look:
    """Expressions seen with some readings settled.

    Parameters are anywhere within the range that the scenario gives. `base` is a look at the same scenario with
    no reading settled: what it finds is taken over where the answers make no difference.
    """

    def __init__(self, scenario: Scenario, answers: Mapping[str, str], base: Look | None = None) -> None:
        self.scenario = scenario
        self._answers = answers
        self._base = base
        self._definitions: dict[str, Seen] = {}
        self._known: dict[int, Seen] = {}  # by the identity of an expression's tree, which the scenario keeps

    def whole(self, tree: Node) -> Seen:
        """What the tree of an expression comes to, worked out once."""
        found = self._known.get(id(tree))
        if found is None:
            found = None if self._base is None else self._base.whole(tree)
            if found is None or not found.names.isdisjoint(self._answers):
                found = self.at(tree)
            self._known[id(tree)] = found
        return found

    def at(self, node: Node) -> Seen:
        """What an expression comes to."""
        match node:
            case Constant():
                return known(node.value)
            case ReadingChoice():
                answer = self._answers.get(node.name)
                return Seen(None, frozenset({node.name}), sure=True) if answer is None else known(answer)
            case ParameterValue():
                of = self.scenario.parameters[node.name]
                return Seen(None, frozenset({node.name}), sure=True, span=Span(of.low, of.high))
            case Bound() | Variable() | Term():
                return Seen(None, sure=True, span=_span_of(node.type))
            case MemberVariable() | Attribute():
                return attrs.evolve(self._of(node.of), value=None, span=self._span_of_member(node))
            case InGroup():
                item = self.at(node.item)
                return Seen(None, item.names, item.sure)
            case Observation():  # it may hold nothing
                return Seen(None, _NOTHING if node.condition is None else self.at(node.condition).names)
            case Use():
                return self._use(node)
            case Not() | Both() | Either() | Comparison() | OneOf() | Conditional() | Over():
                return self._logic(node)
            case Arithmetic() | Negative() | Function():
                return self._number(node)

    def _of(self, node: Node) -> Seen:
        """An actor whose variable or definition is asked for; not sure where it may be nobody."""
        seen = self.at(node)
        if seen.value is None:
            somebody = isinstance(node.type, ActorOf) and not node.type.nobody
        else:
            somebody = seen.value != NOBODY
        return seen if somebody else attrs.evolve(seen, sure=False)

    def _span_of_member(self, node: MemberVariable | Attribute) -> Span:
        if isinstance(node, MemberVariable):
            return _span_of(node.type)
        values = [value for (_, name), value in self.scenario.groups[node.group].given.items() if name == node.name]
        spans = [known(value).span for value in values]
        return Span(min(each.low for each in spans), max(each.high for each in spans)) if spans else ANY

    def _use(self, node: Use) -> Seen:
        found = self._definitions.get(node.definition)
        if found is None:
            found = self._definitions[node.definition] = self.at(self.scenario.definitions[node.definition].tree)
        arguments = [self._of(argument) for argument in node.arguments]
        if found.value is not None and all(each.sure for each in arguments):
            return found
        return _hanging(found.span, found, *arguments)

    def _logic(self, node: Not | Both | Either | Comparison | OneOf | Conditional | Over) -> Seen:
        match node:
            case Not():
                item = self.at(node.item)
                return item if item.value is None else known(not item.value)
            case Both():
                return _joined([self.at(item) for item in node.items], settles=False)
            case Either():
                return _joined([self.at(item) for item in node.items], settles=True)
            case Comparison():
                sides = [self.at(operand) for operand in node.operands]
                pairs = zip(sides, node.operators, sides[1:], strict=False)
                return _joined([_compared(left, sign, right) for left, sign, right in pairs], settles=False)
            case OneOf():
                item = self.at(node.item)
                hits = _joined([_compared(item, "==", self.at(option)) for option in node.options], settles=True)
                return hits if hits.value is None else known(bool(hits.value) != node.negated)
            case Conditional():
                return self._conditional(node)
            case Over():
                return self._over(node)

    def _conditional(self, node: Conditional) -> Seen:
        test, then, otherwise = self.at(node.test), self.at(node.then), self.at(node.otherwise)
        if test.value is not None:
            return then if test.value else otherwise
        if test.sure and then.value is not None and then.value == otherwise.value:
            return then
        return _hanging(then.span.around(otherwise.span), test, then, otherwise)

    def _over(self, node: Over) -> Seen:
        condition = known(value=True) if node.condition is None else self.at(node.condition)
        if condition.value is False and node.function in _OVER_NONE:
            return known(_OVER_NONE[node.function])
        element = known(1) if node.element is None else self.at(node.element)
        settled = _OVER_NONE.get(node.function)
        if condition.sure and node.element is not None and element.value is not None and element.value == settled:
            return known(settled)
        return self._gathered(node, condition, element)

    def _gathered(self, node: Over, condition: Seen, element: Seen) -> Seen:
        """What is not settled over a group; the least or greatest is sure where all members count."""
        members = len(self.scenario.groups[node.group].members)
        match node.function:
            case "any" | "all":
                return _hanging(ANY, condition, element)
            case "count" | "sum":
                low, high = members * element.span.low, members * element.span.high
                span = Span(min(0, low), max(0, high)) if element.span.is_known else ANY
                found = _hanging(span, condition, element)
                return attrs.evolve(found, sure=found.sure and span.is_known)
            case _:
                found = _hanging(element.span, condition, element)
                return attrs.evolve(found, sure=found.sure and condition.value is True and members > 0)

    def _number(self, node: Arithmetic | Negative | Function) -> Seen:
        match node:
            case Negative():
                return _calculated("-", known(0), self.at(node.item))
            case Arithmetic():
                return _calculated(node.operator, self.at(node.left), self.at(node.right))
            case Function():
                items = [self.at(item) for item in node.items]
                values = [_as_number(item.value) for item in items if item.value is not None]
                pick = min if node.name == "min" else max
                if len(values) == len(items):
                    return known(abs(values[0]) if node.name == "abs" else pick(values))
                spans = [item.span for item in items]
                if node.name == "abs":
                    return _hanging(_distance(spans[0]), *items)
                return _hanging(Span(pick(each.low for each in spans), pick(each.high for each in spans)), *items)


# What each function over a group gives where no member counts.
_OVER_NONE: Mapping[str, Value] = {"any": False, "all": True, "count": 0, "sum": 0}


def _span_of(kind: Type) -> Span:
    """Between what a value of a type lies."""
    if isinstance(kind, Whole) and kind.low is not None and kind.high is not None:
        return Span(kind.low, kind.high)
    return ANY


def _distance(span: Span) -> Span:
    """How far numbers of a span are from 0."""
    far = max(abs(span.low), abs(span.high))
    return Span(0 if span.low <= 0 <= span.high else min(abs(span.low), abs(span.high)), far)


def _hanging(span: Span, *parts: Seen) -> Seen:
    """What hangs on its parts, and is sure where they are."""
    return Seen(None, _NOTHING.union(*(part.names for part in parts)), all(part.sure for part in parts), span)


def _joined(items: Iterable[Seen], *, settles: bool) -> Seen:
    """`or` (where true settles it) or `and` (where false does), looked at left to right as a run does.

    Behind an item that can fail, what settles it does so only where a run comes as far. It hangs on what
    decides whether it fails then.
    """
    before: list[Seen] = []
    for item in items:
        if item.value is None:
            before.append(item)
        elif item.value is settles:
            while before and before[-1].sure:
                before.pop()
            return _hanging(ANY, *before) if before else known(settles)
    return _hanging(ANY, *before) if before else known(not settles)


def _compared(left: Seen, sign: str, right: Seen) -> Seen:
    if left.value is None or right.value is None:
        return _hanging(ANY, left, right)
    return known(_COMPARE[sign](left.value, right.value))


def _calculated(sign: str, left: Seen, right: Seen) -> Seen:
    if sign == "*" and any(one.value == 0 and _is_plain(other) for one, other in ((left, right), (right, left))):
        return known(0)
    if left.value is None or right.value is None:
        span = _spanned(sign, left.span, right.span)
        found = _hanging(span, left, right)
        return attrs.evolve(found, sure=found.sure and span.is_known)
    try:
        value = _CALCULATE[sign](_as_number(left.value), _as_number(right.value))
    except ArithmeticError:  # the run that comes here stops with an error of its own
        return Seen(None)
    return known(value)


def _is_plain(seen: Seen) -> bool:
    """Whether it always is a number that can be calculated with."""
    return seen.sure and seen.span.is_known


def _spanned(sign: str, left: Span, right: Span) -> Span:
    """Between what `left sign right` lies. Rounding keeps order, so the ends are found at the ends."""
    if not (left.is_known and right.is_known):
        return ANY
    if sign in ("/", "//", "%") and right.low <= 0 <= right.high:
        return ANY
    if sign == "%":
        return Span(min(0, right.low), max(0, right.high))
    try:
        ends = [_CALCULATE[sign](one, other) for one, other in product((left.low, left.high), (right.low, right.high))]
    except OverflowError:
        return ANY
    return Span(min(ends), max(ends))


def _as_number(value: Value) -> float:
    if isinstance(value, str):
        raise TypeError(f"{value!r} is no number")
    return value
