"""Binding: typed expressions -> formulas, under a run's parameters and readings and an instance's actors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter

from negsim.kernel import aggregates
from negsim.kernel.formula import (
    Formula,
    MeaninglessError,
    Scope,
    State,
    binary,
    conjunction,
    disjunction,
    fixed,
    kept,
    negation,
    one_of,
    settled,
    together,
)
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
                slot = self._observed[node]  # it may hold nothing
                return Formula(itemgetter(slot), frozenset((slot,)))

    def _slot(self, slot: int) -> Formula:
        return Formula(itemgetter(slot), frozenset((slot,)), sure=True)

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

        return Formula(read, subject.reads | together(list(by_actor.values())))

    def _in_group(self, node: InGroup, scope: Scope) -> Formula:
        members = frozenset(self._scenario.groups[node.group].members)
        item = self.bind(node.item, scope)
        read = item.read
        if node.negated:
            return settled(Formula(lambda state: read(state) not in members, item.reads), item)
        return settled(Formula(lambda state: read(state) in members, item.reads), item)

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
            return settled(Formula(lambda state: abs(read(state)), items[0].reads), *items)
        pick = min if node.name == "min" else max
        return settled(Formula(lambda state: pick([r(state) for r in readers]), together(items)), *items)

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
                return aggregates.any_of([conjunction([condition, element]) for condition, element in chosen])
            case "all":
                return negation(aggregates.any_of([conjunction([c, negation(element)]) for c, element in chosen]))
            case "count":
                return aggregates.count_of([condition for condition, _ in chosen])
            case "sum":
                return aggregates.sum_of(chosen)
            case _:
                return aggregates.extreme_of(node.function, chosen)

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
