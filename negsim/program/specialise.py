"""The specialiser: a typed expression, settings and bound names -> its form.

What is known is worked out at once: parameters, readings, attributes, bound actors, an event's fields. What is left
is a form that reads the state alone. The analyses of a model leave settings and names open; members are then not told
apart, so that what they look at is never larger than the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from negsim.program.facts import Known
from negsim.program.folding import (
    ONE,
    TRUE,
    ZERO,
    dispatch,
    gathered,
    junction,
    negation,
    operation,
    shared,
    within,
)
from negsim.program.form import (
    Called,
    Choose,
    Each,
    Fixed,
    Form,
    Observed,
)
from negsim.program.formula import Scope
from negsim.program.leaves import Leaves
from negsim.program.nothing import Nothing, is_open_number, is_unsettled
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
    HeldReading,
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
from negsim.scenario.types import NOBODY, Value


class Specialiser:
    """Makes forms of one scenario's expressions; what stands at their ends (`leaves`) says what is given.

    A bound name that is not given is a `KeyError`, but where members are not told `apart`: there it is left open, and
    what is settled (`known`) counts as fixed. `base` is one with no reading given, whose definitions are taken over
    where the readings make no difference.
    """

    def __init__(
        self,
        scenario: Scenario,
        leaves: Leaves,
        *,
        known: Known | None = None,
        apart: bool = True,
        base: Specialiser | None = None,
    ) -> None:
        self.known = known or Known()
        self.leaves = leaves
        self.form: Callable[[Node, Scope], Form] = self._form if apart else self._settled
        self._apart = apart
        self._nothing = Nothing(scenario, leaves, form=self.form, junction=self._junction, apart=apart)
        self._base = base
        self._scenario = scenario
        self._definitions: dict[tuple[str, tuple[Value, ...]], Form] = {}
        self._lasting: set[int] = set()

    def _form(self, node: Node, scope: Scope) -> Form:
        """The form of an expression, with the names of `scope` replaced by their values."""
        match node:
            case Constant():
                return self.leaves.value(node.value)
            case Bound() | Term():
                return self._nothing.number(node, scope)
            case MemberVariable() | Attribute() | HeldReading():
                return self._of_member(node, scope)
            case Variable():
                return self.leaves.variable(node, "")
            case Use():
                return self._use(node, scope)
            case Comparison():
                return self._comparison(node, scope)
            case Both() | Either():
                return self._junction([self.form(item, scope) for item in node.items], settles=isinstance(node, Either))
            case Arithmetic():
                return operation(node.operator, self.form(node.left, scope), self.form(node.right, scope))
            case ParameterValue() | ReadingChoice():
                return self.leaves.setting(node)
            case Conditional():
                return self._conditional(node, scope)
            case OneOf() | InGroup():
                found = self._one_of(node, scope) if isinstance(node, OneOf) else self._in_group(node, scope)
                return negation(found) if node.negated else found
            case Not():
                return negation(self.form(node.item, scope))
            case Negative():
                return operation("-", ZERO, self.form(node.item, scope))
            case Function():
                return operation(node.name, *[self.form(item, scope) for item in node.items])
            case Over():
                return self._over(node, scope)
            case Day() | DaysSince():
                return self.leaves.day() if isinstance(node, Day) else self._days_since(node, scope)
            case Observation():
                return self._observation(node)

    def _comparison(self, node: Comparison, scope: Scope) -> Form:
        """A chain of comparisons; one with a number that is nothing is false."""
        items: list[Form] = []
        for number, sign in enumerate(node.operators):
            pair = node.operands[number : number + 2]
            plain = any(map(is_unsettled, pair))
            items += [] if plain else [there for operand in pair for there in self._nothing.there(operand, scope)]
            read = self._nothing.raw if plain else self.form
            items.append(operation(sign, *[read(operand, scope) for operand in pair]))
        return self._junction(items, settles=False)

    def _days_since(self, node: DaysSince, scope: Scope) -> Form:
        since = self.leaves.days_since(node, scope)
        if node.otherwise is None:
            return since
        return Choose(self.leaves.has_come(node, scope), since, self.form(node.otherwise, scope))

    def _observation(self, node: Observation) -> Form:
        counts = None if self._apart or node.condition is None else self.form(node.condition, {})
        return Observed(self.leaves.observed[node], counts)

    def _settled(self, node: Node, scope: Scope) -> Form:
        """The form of an expression, fixed where it comes to one value whatever is left open."""
        found = self._form(node, scope)
        value = None if isinstance(found, Fixed) else self.known.of(found).value
        return found if value is None else Fixed(value)

    def _junction(self, items: Sequence[Form], *, settles: bool) -> Form:
        return junction(items, settles=settles, sure=self.known.is_sure)

    def _one_of(self, node: OneOf, scope: Scope) -> Form:
        raw = self._nothing.raw
        there = [] if is_open_number(node.item) else self._nothing.there(node.item, scope)
        item, options = raw(node.item, scope), [raw(option, scope) for option in node.options]
        values = [option.value for option in options if isinstance(option, Fixed)]
        if len(values) == len(options):
            return self._junction([*there, within(item, frozenset(values))], settles=False)
        found = self._junction([operation("==", item, option) for option in options], settles=True)
        return self._junction([*there, found], settles=False)

    def _in_group(self, node: InGroup, scope: Scope) -> Form:
        return within(self.form(node.item, scope), frozenset(self._scenario.groups[node.group].members))

    def _conditional(self, node: Conditional, scope: Scope) -> Form:
        test = self.form(node.test, scope)
        if isinstance(test, Fixed):
            return self.form(node.then if test.value else node.otherwise, scope)
        return Choose(test, self.form(node.then, scope), self.form(node.otherwise, scope))

    # Members.

    def _of_member(self, node: MemberVariable | Attribute | HeldReading, scope: Scope) -> Form:
        subject = self.form(node.of, scope)
        if not self._apart:
            return self.leaves.of_anybody(node, subject)
        if isinstance(subject, Fixed) and subject.value != NOBODY:
            return self.leaves.of(node, subject.value)
        return dispatch(subject, node.of, partial(self.leaves.of, node), failure=f"nobody has no `{node.name}`")

    def _use(self, node: Use, scope: Scope) -> Form:
        arguments = [self.form(argument, scope) for argument in node.arguments]
        if not self._apart:
            return Called(tuple(arguments), self._definition(node.definition, ()))
        known = tuple([each.value for each in arguments if isinstance(each, Fixed)])
        if len(known) == len(arguments) and NOBODY not in known:
            return self._definition(node.definition, known)
        return self._apply(node, arguments, ())

    def _apply(self, node: Use, arguments: Sequence[Form], known: tuple[Value, ...]) -> Form:
        """A definition under actors: those known so far, and those still to be looked at."""
        index = len(known)
        if index == len(arguments):
            return self._definition(node.definition, known)

        def of(actor: Value) -> Form:
            return self._apply(node, arguments, (*known, actor))

        return dispatch(arguments[index], node.arguments[index], of, failure=f"nobody has no `{node.definition}`")

    def _definition(self, name: str, known: tuple[Value, ...]) -> Form:
        found = self._definitions.get((name, known))
        if found is None and self._base is not None:
            found = self._base._definition(name, known)  # noqa: SLF001 - another of the same kind
            found = found if self.known.of(found).names.isdisjoint(self.leaves.readings) else None
        if found is None:
            definition = self._scenario.definitions[name]
            names = [binder.name for binder in definition.binders]
            found = self.form(definition.tree, dict(zip(names, known, strict=self._apart)))
            self._definitions[name, known] = found = shared(found) if self._apart else found
            self._lasting.add(id(found))
        return found

    def is_of_definition(self, form: Form) -> bool:
        """Whether a form is that of a definition, one and the same wherever it is used."""
        return id(form) in self._lasting

    # Groups.

    def _over(self, node: Over, scope: Scope) -> Form:
        """An aggregate over members, one by one or not told apart."""
        pairs = self._pairs(node, scope)
        if pairs and not self._apart:
            return Each(node.function, len(self._scenario.groups[node.group].members), *pairs[0])
        match node.function:
            case "any":
                return self._junction([self._junction(pair, settles=False) for pair in pairs], settles=True)
            case "all":
                missing = [self._junction((condition, negation(each)), settles=False) for condition, each in pairs]
                return negation(self._junction(missing, settles=True))
            case _:
                return gathered(node.function, pairs)

    def _pairs(self, node: Over, scope: Scope) -> list[tuple[Form, Form]]:
        """(condition, element) for each member that may count, or once for all of them."""
        found: list[tuple[Form, Form]] = []
        members = self._scenario.groups[node.group].members
        for member in members if self._apart else members[:1]:
            inner = {**scope, node.binder: member}
            if not self._apart:
                del inner[node.binder]
            condition = TRUE if node.condition is None else self.form(node.condition, inner)
            if isinstance(condition, Fixed) and not condition.value:
                continue
            found.append((condition, ONE if node.element is None else self.form(node.element, inner)))
        return found


class _Places(dict[Any, int]):
    """Places for variables and observations, numbered as they are met."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


def left_open(
    scenario: Scenario,
    *,
    parameters: Mapping[str, float] | None = None,
    readings: Mapping[str, str] | None = None,
    variables: Mapping[tuple[str | None, str], frozenset[Value]] | None = None,
    base: Specialiser | None = None,
) -> Specialiser:
    """A specialiser for questions about a model: what is not given is left open, and members are not told apart.

    `variables` narrow what variables, by (group, name), can have. `base` is one of the same scenario with no reading
    given: its definitions are taken over where the readings make no difference.
    """
    places: Mapping[Any, int] = _Places() if base is None else base.leaves.slots
    narrowed = {places[name, group or ""]: values for (group, name), values in (variables or {}).items()}
    known = Known(narrowed) if base is None else base.known
    leaves = Leaves(scenario, slots=places, parameters=parameters or {}, readings=readings or {}, observed=places)
    return Specialiser(scenario, leaves, known=known, apart=False, base=base)
