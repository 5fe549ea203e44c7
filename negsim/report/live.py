"""What can still matter once some readings are settled.

Each expression is looked at with the given answers and nothing else known: a value where these settle
it, and the names that it still depends on. It errs to one side only: what is called dead is dead; what is
called live may be dead for a reason that shows in a run alone.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from negsim.report.parts import Part, position_parts, red_line_parts, rule_parts, talks_parts
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
from negsim.scenario.model import OnEvent, Option, Position, Rule, Scenario, Talks, While
from negsim.scenario.types import Value
from negsim.scenario.words import TALKS_EVENTS

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


@attrs.frozen
class Seen:
    """What an expression comes to: its value where it is settled, and the names it still hangs on."""

    value: Value | None
    names: frozenset[str] = _NOTHING


@attrs.frozen
class Live:
    """The rules that may still act, and the parameters and readings that may still matter."""

    rules: frozenset[str]
    parameters: frozenset[str]
    readings: frozenset[str]


def live(look: Look, parts: Sequence[Part]) -> Live:
    """What of the parts of a model may matter, as far as can be seen with some readings settled."""
    scenario = look.scenario
    rules, talks = _acting(look)
    happening = {entry.emission.event for entry in scenario.history}
    happening |= {event for rule in rules.values() for event in _logged(rule, look)}
    happening |= {event for each in talks for event in _logged(each, look)}
    names: set[str] = set()
    for part in parts:
        if part.kind in ("outcome", "measure") or (part.kind == "event" and part.name in happening):
            names |= look.whole(part.tree).names
    for rule in rules.values():
        names |= _rule_names(rule, look)
    for each in talks:
        names |= _NOTHING.union(*(look.whole(tree).names for _, tree in talks_parts(each)))
    for position in (position for each in scenario.talks.values() for position in each.positions.values()):
        names |= _position_names(position, look)
    return Live(
        frozenset(rules),
        frozenset(names.intersection(scenario.parameters)),
        frozenset(names.intersection(scenario.readings)),
    )


def _acting(look: Look) -> tuple[dict[str, Rule], list[Talks]]:
    """The rules and talks that no guard and no chance of 0 rules out, and whose trigger can come."""
    scenario = look.scenario
    waiting: list[Rule | Talks] = [each for each in scenario.rules.values() if not _blocked(each, look)]
    waiting += [each for each in scenario.talks.values() if not _paused(each, look)]
    acting: list[Rule | Talks] = []
    logged: set[str] = set()
    past = {entry.emission.event for entry in scenario.history}  # it triggers no rule, and can open talks
    while True:
        woken = [each for each in waiting if _is_woken(each, logged if isinstance(each, Rule) else logged | past)]
        if not woken:
            break
        known = {id(each) for each in woken}
        waiting = [each for each in waiting if id(each) not in known]
        acting += woken
        logged.update(event for each in woken for event in _logged(each, look))
    rules = {each.name: each for each in acting if isinstance(each, Rule)}
    return rules, [each for each in acting if isinstance(each, Talks)]


def _is_woken(each: Rule | Talks, logged: set[str]) -> bool:
    events = _woken_by(each)
    return not events or not logged.isdisjoint(events)


def _woken_by(each: Rule | Talks) -> tuple[str, ...]:
    """The events without which a rule never acts, or talks never open; none where they wait for no event."""
    trigger = each.trigger if isinstance(each, Rule) else each.opens
    return trigger.events if isinstance(trigger, OnEvent) else ()


def _blocked(rule: Rule, look: Look) -> bool:
    condition = rule.trigger.condition if isinstance(rule.trigger, While) else None
    guards = [each for each in (condition, rule.when, rule.still) if each is not None]
    if any(look.whole(guard.tree).value is False for guard in guards):
        return True
    return rule.chance is not None and look.whole(rule.chance.tree).value == 0


def _paused(talks: Talks, look: Look) -> bool:
    """Whether the condition of talks is known never to hold."""
    return talks.condition is not None and look.whole(talks.condition.tree).value is False


def _position_names(position: Position, look: Look) -> frozenset[str]:
    """The names that a position hangs on. It counts also where no round is held: the deal space needs none."""
    names = _NOTHING.union(*(look.whole(tree).names for _, tree in position_parts(position)))
    for line in position.red_lines.values():
        seen = [look.whole(tree) for _, tree in red_line_parts(line)]
        if all(each.value is not False for each in seen):
            names = names.union(*(each.names for each in seen))
    return names


def _logged(each: Rule | Talks, look: Look) -> tuple[str, ...]:
    """The events that a rule or talks may log."""
    if isinstance(each, Talks):
        return (*TALKS_EVENTS, *(() if each.agreed is None else (each.agreed.event,)))
    return tuple(emission.event for option in each.options if _open(option, look) for emission in option.emits)


def _open(option: Option, look: Look) -> bool:
    return option.when is None or look.whole(option.when.tree).value is not False


def _rule_names(rule: Rule, look: Look) -> frozenset[str]:
    """The names that a rule that can act still hangs on; options that are closed do not count."""
    options = tuple(option for option in rule.options if _open(option, look))
    kept = rule if len(options) == len(rule.options) else attrs.evolve(rule, options=options)
    return _NOTHING.union(*(look.whole(tree).names for _, tree in rule_parts(kept)))


class Look:
    """Expressions seen with some readings settled.

    `base` is a look at the same scenario with none settled: what it finds is taken over where the
    answers make no difference.
    """

    def __init__(self, scenario: Scenario, answers: Mapping[str, str], base: Look | None = None) -> None:
        self.scenario = scenario
        self._answers = answers
        self._base = base
        self._definitions: dict[str, Seen] = {}
        self._known: dict[int, Seen] = {}  # by the identity of an expression's tree, which the scenario keeps

    def whole(self, tree: Node) -> Seen:
        """What the tree of an expression comes to, worked out once."""
        known = self._known.get(id(tree))
        if known is None:
            known = None if self._base is None else self._base.whole(tree)
            if known is None or not known.names.isdisjoint(self._answers):
                known = self.at(tree)
            self._known[id(tree)] = known
        return known

    def at(self, node: Node) -> Seen:
        """What an expression comes to."""
        match node:
            case Constant():
                return Seen(node.value)
            case ReadingChoice():
                answer = self._answers.get(node.name)
                return Seen(None, frozenset({node.name})) if answer is None else Seen(answer)
            case ParameterValue():
                return Seen(None, frozenset({node.name}))
            case Bound() | Variable() | Term():
                return Seen(None)
            case MemberVariable() | Attribute():
                return Seen(None, self.at(node.of).names)
            case InGroup():
                return Seen(None, self.at(node.item).names)
            case Observation():
                return Seen(None, _NOTHING if node.condition is None else self.at(node.condition).names)
            case Use():
                return self._use(node)
            case Not() | Both() | Either() | Comparison() | OneOf() | Conditional() | Over():
                return self._logic(node)
            case Arithmetic() | Negative() | Function():
                return self._number(node)

    def _use(self, node: Use) -> Seen:
        known = self._definitions.get(node.definition)
        if known is None:
            known = self._definitions[node.definition] = self.at(self.scenario.definitions[node.definition].tree)
        names = known.names.union(*(self.at(argument).names for argument in node.arguments))
        return Seen(known.value, names if known.value is None else _NOTHING)

    def _logic(self, node: Not | Both | Either | Comparison | OneOf | Conditional | Over) -> Seen:
        match node:
            case Not():
                item = self.at(node.item)
                return item if item.value is None else Seen(not item.value)
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
                return hits if hits.value is None else Seen(bool(hits.value) != node.negated)
            case Conditional():
                return self._conditional(node)
            case Over():
                return self._over(node)

    def _conditional(self, node: Conditional) -> Seen:
        test, then, otherwise = self.at(node.test), self.at(node.then), self.at(node.otherwise)
        if test.value is not None:
            return then if test.value else otherwise
        if then.value is not None and then.value == otherwise.value:
            return then
        return Seen(None, test.names | then.names | otherwise.names)

    def _over(self, node: Over) -> Seen:
        condition = Seen(value=True) if node.condition is None else self.at(node.condition)
        if condition.value is False and node.function in _OVER_NONE:
            return Seen(_OVER_NONE[node.function])
        element = Seen(None) if node.element is None else self.at(node.element)
        settled = _OVER_NONE.get(node.function)
        if element.value is not None and element.value == settled:
            return Seen(settled)
        return Seen(None, condition.names | element.names)

    def _number(self, node: Arithmetic | Negative | Function) -> Seen:
        match node:
            case Negative():
                item = self.at(node.item)
                return Seen(None if item.value is None else -_as_number(item.value), item.names)
            case Arithmetic():
                return _calculated(node.operator, self.at(node.left), self.at(node.right))
            case Function():
                items = [self.at(item) for item in node.items]
                names = _NOTHING.union(*(item.names for item in items))
                known = [_as_number(item.value) for item in items if item.value is not None]
                if len(known) < len(items):
                    return Seen(None, names)
                return Seen(abs(known[0]) if node.name == "abs" else (min if node.name == "min" else max)(known))


# What each function over a group gives where no member counts.
_OVER_NONE: Mapping[str, Value] = {"any": False, "all": True, "count": 0, "sum": 0}


def _joined(items: Iterable[Seen], *, settles: bool) -> Seen:
    """`or` (where true settles it) or `and` (where false does)."""
    found = list(items)
    if any(item.value is settles for item in found):
        return Seen(settles)
    if all(item.value is not None for item in found):
        return Seen(not settles)
    return Seen(None, _NOTHING.union(*(item.names for item in found)))


def _compared(left: Seen, sign: str, right: Seen) -> Seen:
    if left.value is None or right.value is None:
        return Seen(None, left.names | right.names)
    return Seen(_COMPARE[sign](left.value, right.value))


def _calculated(sign: str, left: Seen, right: Seen) -> Seen:
    if sign == "*" and 0 in (left.value, right.value):
        return Seen(0)
    if left.value is None or right.value is None:
        return Seen(None, left.names | right.names)
    try:
        value = _CALCULATE[sign](_as_number(left.value), _as_number(right.value))
    except ArithmeticError:  # the run that comes here stops with an error of its own
        return Seen(None)
    return Seen(value)


def _as_number(value: Value) -> float:
    if isinstance(value, str):
        raise TypeError(f"{value!r} is no number")
    return value
