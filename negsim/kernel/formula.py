"""Typed expressions bound to a run's parameters and readings and to an instance's actors.

Everything that is fixed (parameters, readings, attributes, bound actors, an event's fields) is worked
out once, while binding. What is left is a function of the state alone, and the slots that it reads.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, pairwise
from operator import itemgetter
from typing import Any

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
from negsim.scenario.types import NOBODY, ActorOf, Value

# A state is a list: a value for each slot, and behind them the state's version, a number that no other
# state has. It is changed by `set_slots` alone.
State = list[Any]
Reader = Callable[[State], Any]
Scope = Mapping[str, Value]


_versions = count()
KEPT_FROM = 3  # formulas that read so many slots are worked out once for each version of a state


def new_state(initial: Sequence[Value]) -> State:
    """A state with these values, under a version of its own."""
    return [*initial, next(_versions)]


def set_slots(state: State, changes: Iterable[tuple[int, Value]]) -> None:
    """Changes a state, which gets a new version."""
    for slot, value in changes:
        state[slot] = value
    state[-1] = next(_versions)


class MeaninglessError(Exception):
    """An expression has no value in this state; the day adds who asked and when."""


class Formula:
    """A bound expression: `read(state)` is its value, `reads` the slots that can change it.

    `fixed` says that it reads none; `value` is its value then. `equals` is (slot, value) where the
    formula is just that comparison, which lets counts over members be taken at once.
    """

    __slots__ = ("equals", "fixed", "read", "reads", "value")

    def __init__(self, read: Reader, reads: frozenset[int], equals: tuple[int, Value] | None = None) -> None:
        self.read = read
        self.reads = reads
        self.equals = equals
        self.fixed = False
        self.value: Any = None


def fixed(value: Value) -> Formula:
    """A formula that has one value in every state."""
    formula = Formula(lambda _state: value, frozenset())
    formula.fixed, formula.value = True, value
    return formula


def kept(formula: Formula) -> Formula:
    """The formula, worked out once for each version of a state where that is worth it.

    Many rules ask for the same definition in the same state: every member's hazard that hangs on one count.
    """
    if formula.fixed or formula.equals is not None or len(formula.reads) < KEPT_FROM:
        return formula
    work_out = formula.read
    seen: Any = None
    value: Any = None

    def read(state: State) -> Any:
        nonlocal seen, value
        version = state[-1]
        if version != seen:
            value = work_out(state)
            seen = version
        return value

    return Formula(read, formula.reads)


def _quotient(left: float, right: float) -> float:
    if right == 0:
        raise MeaninglessError(f"{left} / 0 has no value")
    return left / right


def _floor(left: int, right: int) -> int:
    if right == 0:
        raise MeaninglessError(f"{left} // 0 has no value")
    return left // right


def _remainder(left: int, right: int) -> int:
    if right == 0:
        raise MeaninglessError(f"{left} % 0 has no value")
    return left % right


_OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "//": _floor,
    "%": _remainder,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def binary(symbol: str, left: Formula, right: Formula) -> Formula:
    """`left symbol right`."""
    combine = _OPERATIONS[symbol]
    a, b = left.read, right.read
    if left.fixed and not right.fixed and symbol in ("==", "!="):
        return binary(symbol, right, left)
    if right.fixed and not left.fixed:
        value = right.value
        if symbol == "==":
            slot = _single_slot(left)
            if slot is not None:
                return Formula(lambda state: state[slot] == value, left.reads, (slot, value))
        return Formula(_with_constant(symbol, a, value), left.reads)
    return _settled(Formula(lambda state: combine(a(state), b(state)), left.reads | right.reads), left, right)


def _with_constant(symbol: str, read: Reader, value: Any) -> Reader:
    """`read symbol value`; the commonest signs have a closure of their own, which is quicker."""
    combine = _OPERATIONS[symbol]
    match symbol:
        case "==":
            return lambda state: read(state) == value
        case "!=":
            return lambda state: read(state) != value
        case ">=":
            return lambda state: read(state) >= value
        case "*":
            return lambda state: read(state) * value
        case "+":
            return lambda state: read(state) + value
        case _:
            return lambda state: combine(read(state), value)


def _single_slot(formula: Formula) -> int | None:
    """The slot of a formula that only reads one variable."""
    if isinstance(formula.read, itemgetter):
        (slot,) = formula.reads
        return slot
    return None


def _settled(formula: Formula, *parts: Formula) -> Formula:
    """The formula, worked out at once where all its parts are fixed.

    One that has no value (a division by zero) stays open: it fails when, and only if, it is looked at.
    """
    if all(part.fixed for part in parts):
        try:
            return fixed(formula.read([]))
        except (MeaninglessError, OverflowError):
            return formula
    return formula


def one_of(item: Formula, options: Sequence[Formula]) -> Formula:
    """The item equals one of the options."""
    slot = _single_slot(item)
    if slot is None or not all(option.fixed for option in options):
        return disjunction([binary("==", item, option) for option in options])
    values = frozenset(option.value for option in options)
    return Formula(lambda state: state[slot] in values, item.reads)


def negation(item: Formula) -> Formula:
    """`not item`."""
    read = item.read
    return _settled(Formula(lambda state: not read(state), item.reads), item)


def conjunction(items: Sequence[Formula]) -> Formula:
    """All of the items hold; looked at left to right, as far as needed."""
    return _junction(items, settles=False)


def disjunction(items: Sequence[Formula]) -> Formula:
    """One of the items holds; looked at left to right, as far as needed."""
    return _junction(items, settles=True)


def _junction(items: Sequence[Formula], *, settles: bool) -> Formula:
    """`and` (settled by a false item) or `or` (settled by a true one)."""
    kept: list[Formula] = []
    for item in items:
        if not item.fixed:
            kept.append(item)
        elif item.value is settles:
            kept.append(item)
            break
    if not kept:
        return fixed(not settles)
    if len(kept) == 1 or kept[0].fixed:
        return kept[0]
    reads = frozenset[int]().union(*(item.reads for item in kept))
    readers = tuple(item.read for item in kept)
    if len(readers) == 2:  # noqa: PLR2004 - the common case, worth its own closure
        a, b = readers
        if settles:
            return Formula(lambda state: a(state) or b(state), reads)
        return Formula(lambda state: a(state) and b(state), reads)

    def read(state: State) -> Any:
        for each in readers:
            if each(state) is settles:
                return settles
        return not settles

    return Formula(read, reads)


def _together(formulas: Sequence[Formula]) -> frozenset[int]:
    return frozenset[int]().union(*(formula.reads for formula in formulas))


class FormulaBinder:
    """Binds expressions of one scenario under fixed parameters and readings.

    `slots` gives the place in the state of each (variable, member), member `""` for variables of the
    whole scenario. `observed` gives the place of each observation of a measure, behind the state.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        slots: Mapping[tuple[str, str], int],
        parameters: Mapping[str, float],
        readings: Mapping[str, str],
        observed: Mapping[Observation, int],
    ) -> None:
        self._observed = observed
        self._scenario = scenario
        self._slots = slots
        self._parameters = parameters
        self._readings = readings
        self._definitions: dict[tuple[str, tuple[Value, ...]], Formula] = {}

    def bind(self, node: Node, scope: Scope) -> Formula:
        """The formula of an expression, with the names of `scope` replaced by their values."""
        match node:
            case Constant():
                return fixed(node.value)
            case ParameterValue():
                return fixed(self._parameters[node.name])
            case ReadingChoice():
                return fixed(self._readings[node.name])
            case Bound():
                return fixed(scope[node.name])
            case Variable():
                return self._slot(self._slots[node.name, ""])
            case MemberVariable() | Attribute():
                return self._of_member(node, scope)
            case Term():
                return self._slot(self._slots[node.name, node.talks])
            case Not():
                return negation(self.bind(node.item, scope))
            case Both():
                return conjunction([self.bind(item, scope) for item in node.items])
            case Either():
                return disjunction([self.bind(item, scope) for item in node.items])
            case Comparison():
                operands = [self.bind(operand, scope) for operand in node.operands]
                pairs = zip(node.operators, pairwise(operands), strict=True)
                return conjunction([binary(symbol, left, right) for symbol, (left, right) in pairs])
            case OneOf():
                found = one_of(self.bind(node.item, scope), [self.bind(each, scope) for each in node.options])
                return negation(found) if node.negated else found
            case InGroup():
                return self._in_group(node, scope)
            case Arithmetic():
                return binary(node.operator, self.bind(node.left, scope), self.bind(node.right, scope))
            case Negative():
                return binary("-", fixed(0), self.bind(node.item, scope))
            case Conditional():
                return self._conditional(node, scope)
            case Function():
                return self._function(node, scope)
            case Over():
                return self._over(node, scope)
            case Use():
                return self._use(node, scope)
            case Observation():
                return self._slot(self._observed[node])

    def _slot(self, slot: int) -> Formula:
        return Formula(itemgetter(slot), frozenset((slot,)))

    def _of_member(self, node: MemberVariable | Attribute, scope: Scope) -> Formula:
        def of(actor: Value) -> Formula:
            if isinstance(node, Attribute):
                return fixed(self._scenario.groups[node.group].given[str(actor), node.name])
            return self._slot(self._slots[node.name, str(actor)])

        return self._dispatch(self.bind(node.of, scope), node.of, of, failure=f"nobody has no `{node.name}`")

    def _dispatch(self, subject: Formula, node: Node, of: Callable[[Value], Formula], *, failure: str) -> Formula:
        """A formula that depends on which actor `subject` is."""
        if subject.fixed and subject.value != NOBODY:
            return of(subject.value)
        if not isinstance(node.type, ActorOf):
            raise TypeError(f"{node} is no actor")
        by_actor = {actor: of(actor) for actor in node.type.actors}
        readers = {actor: formula.read for actor, formula in by_actor.items()}
        who = subject.read

        def read(state: State) -> Value:
            actor = who(state)
            if actor == NOBODY:
                raise MeaninglessError(failure)
            return readers[actor](state)  # type: ignore[no-any-return] # a reader gives a value

        return Formula(read, subject.reads | _together(list(by_actor.values())))

    def _in_group(self, node: InGroup, scope: Scope) -> Formula:
        members = frozenset(self._scenario.groups[node.group].members)
        item = self.bind(node.item, scope)
        read = item.read
        if node.negated:
            return _settled(Formula(lambda state: read(state) not in members, item.reads), item)
        return _settled(Formula(lambda state: read(state) in members, item.reads), item)

    def _conditional(self, node: Conditional, scope: Scope) -> Formula:
        test = self.bind(node.test, scope)
        if test.fixed:
            return self.bind(node.then if test.value else node.otherwise, scope)
        then, otherwise = self.bind(node.then, scope), self.bind(node.otherwise, scope)
        asked, yes, no = test.read, then.read, otherwise.read
        reads = test.reads | then.reads | otherwise.reads
        return Formula(lambda state: yes(state) if asked(state) else no(state), reads)

    def _function(self, node: Function, scope: Scope) -> Formula:
        items = [self.bind(item, scope) for item in node.items]
        readers = tuple(item.read for item in items)
        if node.name == "abs":
            (read,) = readers
            return _settled(Formula(lambda state: abs(read(state)), items[0].reads), *items)
        pick = min if node.name == "min" else max
        return _settled(Formula(lambda state: pick([r(state) for r in readers]), _together(items)), *items)

    def _over(self, node: Over, scope: Scope) -> Formula:
        """An aggregate: each member's element and condition are bound with the member put in."""
        chosen: list[tuple[Formula, Formula]] = []
        for member in self._scenario.groups[node.group].members:
            inner = {**scope, node.binder: member}
            condition = fixed(value=True) if node.condition is None else self.bind(node.condition, inner)
            if condition.fixed and not condition.value:
                continue
            element = fixed(1) if node.element is None else self.bind(node.element, inner)
            chosen.append((condition, element))
        match node.function:
            case "any":
                return _any([conjunction([condition, element]) for condition, element in chosen])
            case "all":
                return negation(_any([conjunction([c, negation(element)]) for c, element in chosen]))
            case "count":
                return _count([condition for condition, _ in chosen])
            case "sum":
                return _sum(chosen)
            case _:
                return _extreme(node.function, chosen)

    def _use(self, node: Use, scope: Scope) -> Formula:
        arguments = [self.bind(argument, scope) for argument in node.arguments]
        return self._apply(node, arguments, ())

    def _apply(self, node: Use, arguments: Sequence[Formula], known: tuple[Value, ...]) -> Formula:
        """A definition under actors: those known so far, and those still to be looked at."""
        definition = self._scenario.definitions[node.definition]
        index = len(known)
        if index == len(arguments):
            key = (definition.name, known)
            if key not in self._definitions:
                names = [binder.name for binder in definition.binders]
                self._definitions[key] = kept(self.bind(definition.tree, dict(zip(names, known, strict=True))))
            return self._definitions[key]

        def of(actor: Value) -> Formula:
            return self._apply(node, arguments, (*known, actor))

        return self._dispatch(arguments[index], node.arguments[index], of, failure=f"nobody has no `{definition.name}`")


def _columns(items: Sequence[Formula]) -> tuple[int, int, Value] | None:
    """(first, end, value) where the items compare neighbouring slots with one value, in order."""
    compared = [item.equals for item in items]
    if len(compared) < 2 or compared[0] is None:  # noqa: PLR2004 - one item needs no column
        return None
    first, value = compared[0]
    for index, pair in enumerate(compared):
        if pair is None or pair != (first + index, value) or type(pair[1]) is not type(value):
            return None
    return first, first + len(compared), value


def _any(items: Sequence[Formula]) -> Formula:
    columns = _columns(items)
    if columns is None:
        return disjunction(items)
    first, end, value = columns
    return Formula(lambda state: value in state[first:end], _together(items))


def _count(items: Sequence[Formula]) -> Formula:
    sure = sum(1 for item in items if item.fixed)
    open_items = [item for item in items if not item.fixed]
    if not open_items:
        return fixed(sure)
    reads = _together(open_items)
    columns = _columns(open_items)
    if columns is not None:
        first, end, value = columns
        return Formula(lambda state: sure + state[first:end].count(value), reads)
    readers = tuple(item.read for item in open_items)

    def read(state: State) -> int:
        total = sure
        for each in readers:
            if each(state):
                total += 1
        return total

    return Formula(read, reads)


def _sum(chosen: Sequence[tuple[Formula, Formula]]) -> Formula:
    slots = [_single_slot(element) for condition, element in chosen if condition.fixed]
    reads = _together([part for pair in chosen for part in pair])
    if len(slots) == len(chosen) > 1 and slots[0] is not None and slots == list(range(slots[0], slots[0] + len(slots))):
        first, end = slots[0], slots[0] + len(slots)
        return Formula(lambda state: sum(state[first:end]), reads)  # type: ignore[arg-type, unused-ignore] # numbers only
    pairs = tuple((None if condition.fixed else condition.read, element.read) for condition, element in chosen)

    def read(state: State) -> float:
        total: float = 0
        for condition, element in pairs:
            if condition is None or condition(state):
                total += element(state)
        return total

    return _settled(Formula(read, reads), *(part for pair in chosen for part in pair))


def _extreme(function: str, chosen: Sequence[tuple[Formula, Formula]]) -> Formula:
    pick = min if function == "min" else max
    pairs = tuple((condition.read, element.read) for condition, element in chosen)

    def read(state: State) -> Any:
        values = [element(state) for condition, element in pairs if condition(state)]
        if not values:
            raise MeaninglessError(f"{function}() over a group finds nobody to look at")
        return pick(values)

    return _settled(
        Formula(read, _together([p for pair in chosen for p in pair])), *(p for pair in chosen for p in pair)
    )
