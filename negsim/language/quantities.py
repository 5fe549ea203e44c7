"""The numbers of a rule: chance, weight, delay and days, also as parameters written in place."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.language.dates import looks_like_date, read_moment
from negsim.language.draft import FAILED, Draft, fitting, fitting_tree, number, words_of
from negsim.language.key_parts import IN_PLACE
from negsim.language.meant import period_hint
from negsim.language.nodes import KeyedNode, Scalar
from negsim.language.numbers import parameter_in
from negsim.language.reads import state_read
from negsim.language.scope import Scope
from negsim.language.structure import missing
from negsim.language.syntax import Call
from negsim.language.wants import infer_number
from negsim.scenario.expressions import Constant, Expression, ParameterValue
from negsim.scenario.expressions import Node as Tree
from negsim.scenario.record import Origin, Parameter
from negsim.scenario.rules import Delay, FixedDelay, GeometricDelay, UniformDelay
from negsim.scenario.types import REAL, WHOLE, Type, Whole

MOST_ROUNDS = 100_000


@attrs.frozen
class NamesInScope:
    """The names of a rule: the trigger's fields, the binders with their groups, and why others are absent."""

    fields: Mapping[str, Type | None]
    bound: Mapping[str, str]
    absent: Mapping[str, str]
    partial: bool


NOWHERE = NamesInScope({}, {}, {}, partial=False)  # where there is no rule


@attrs.frozen
class QuantityPlace:
    """A rule, or one of its options: what it is called, its mapping, and the names in scope there."""

    draft: Draft
    rule: str
    path: str
    node: KeyedNode
    origin: Origin
    names: NamesInScope

    def scope(self, at: Scalar, *, fields: bool = True) -> Scope:
        """Where an expression of this rule stands."""
        world = self.draft.world
        bound = {binder: world.member_type(group) for binder, group in self.names.bound.items()}
        names = {**self.names.fields, **bound} if fields else bound
        absent = self.names.absent
        if not fields:
            why = f"the {self.draft.problems.step} of a rule is known before any event"
            absent = dict.fromkeys(self.names.fields, why) | dict(absent)
        return Scope(world, at, names, absent, partial=self.names.partial)


def chance(place: QuantityPlace) -> Expression | None:
    """`chance:`, between 0 and 1 as far as can be seen."""
    found = _number(place, "chance")
    _check_bounds(place, "chance", found, (0, 1))
    return found


def weight(place: QuantityPlace) -> Expression | None:
    """`weight:`, not below 0 as far as can be seen."""
    found = _number(place, "weight")
    _check_bounds(place, "weight", found, (0, None))
    return found


def amount(place: QuantityPlace, key: str, low: int | None = None) -> Expression | None:
    """A number, not below `low` as far as can be seen."""
    found = _number(place, key)
    if low is not None:
        _check_bounds(place, key, found, (low, None))
    return found


def day(place: QuantityPlace, key: str, *, guard: str = "when") -> Expression | None:
    """`at`, `every`, `from`, `until`, and days and rounds of talks: a whole number that no state decides.

    `guard` is the key under which conditions go.
    """
    at = place.node.get(key)
    if isinstance(at, KeyedNode):
        found = _in_place(place, key, at)
        _check_whole(place, key, found)
    elif isinstance(at, Scalar) and looks_like_date(at.text):
        found = _date(place.draft, at)
    elif isinstance(at, Scalar) and _is_told_apart(place, key, at):
        return None
    elif isinstance(at, Scalar):
        scope = place.scope(at, fields=False)
        found = fitting(scope, WHOLE, f"`{key}`")
        read = state_read(found.tree, place.draft.world) if found is not None else None
        if read is not None:
            hint = f"use numbers, dates, parameters, readings and attributes; conditions go under `{guard}`"
            place.draft.problems.add(at, f"`{key}` cannot depend on the state, and this reads `{read}`", hint)
    else:
        return None
    if key in ("every", "rounds"):
        _check_bounds(place, key, found, (1, MOST_ROUNDS if key == "rounds" else None))
    return found


def days_of_term(place: QuantityPlace, key: str) -> Expression | None:
    """How many days an agreement is in force: a whole number of 1 or more. It may read the terms, and no state."""
    at = place.node.get(key)
    if isinstance(at, Scalar) and _is_told_apart(place, key, at):
        return None
    found = _number(place, key)
    read = None if found is None else state_read(found.tree, place.draft.world)
    if read is not None:
        issue = read.removeprefix(f"{place.rule}.")
        hint = f"write {issue}" if issue in place.names.fields else "use numbers, parameters, readings and the issues"
        at = place.node.entries[key].value
        place.draft.problems.add(at, f"`{key}` cannot depend on the state, and this reads `{read}`", hint)
        return None
    _check_whole(place, key, found)
    _check_bounds(place, key, found, (1, None))
    return found


def delay(place: QuantityPlace) -> Delay | None:
    """`after:` a number of days, `uniform(a, b)` or `geometric(p)`."""
    at = place.node.get("after")
    if not isinstance(at, Scalar):
        fixed = _number(place, "after")
        _check_whole(place, "after", fixed)
        _check_bounds(place, "after", fixed, (0, None))
        return None if fixed is None else FixedDelay(fixed)
    if _is_told_apart(place, "after", at):
        return None
    scope = place.scope(at)
    syntax = scope.read()
    if isinstance(syntax, Call) and syntax.name.text == "uniform":
        return _uniform(syntax, scope)
    if isinstance(syntax, Call) and syntax.name.text == "geometric":
        return _geometric(syntax, scope)
    tree = None if syntax is None else infer_number(syntax, scope, "`after`")
    if tree is None:
        return None
    days = Expression(words_of(scope), tree)
    if isinstance(tree, Constant | ParameterValue):
        _check_whole(place, "after", days)
    _check_bounds(place, "after", days, (0, None))
    return FixedDelay(days)


def _is_told_apart(place: QuantityPlace, key: str, at: Scalar) -> bool:
    """Whether a number of days is an event's name, or a word for a period; then that is the problem."""
    name = at.text.strip().removesuffix("()")
    step = place.draft.problems.step
    hint = period_hint(at.text, step)
    if name in place.draft.world.events and not place.draft.world.kind_of(name):
        message = f"`{key}` is a number of {step.plural}, and `{name}` is an event"
        place.draft.problems.add(at, message, f"a rule that follows an event has `on: {name}`")
    elif hint is not None and name not in ("day", *place.draft.world.symbols):
        place.draft.problems.add(at, f"`{key}` is a number of {step.plural}, not '{at.text.strip()}'", hint)
    else:
        return False
    return True


def _uniform(syntax: Call, scope: Scope) -> Delay | None:
    if len(syntax.arguments) != 2:  # noqa: PLR2004
        steps = scope.world.problems.step.plural
        scope.fault(syntax, f"`uniform` takes the least and the greatest number of {steps}", "write uniform(1, 30)")
        return None
    low, high = (fitting_tree(part, scope, WHOLE, "`uniform`") for part in syntax.arguments)
    if low is None or high is None:
        return None
    ends = [part.value if isinstance(part, Constant) else None for part in (low, high)]
    if isinstance(ends[0], int) and ends[0] < 0:
        scope.fault(syntax.arguments[0], "a delay cannot be negative")
    elif isinstance(ends[0], int) and isinstance(ends[1], int) and ends[0] > ends[1]:
        scope.fault(syntax, f"nothing is between {ends[0]} and {ends[1]}", f"write uniform({ends[1]}, {ends[0]})")
    return UniformDelay(words_of(scope), low, high)


def _geometric(syntax: Call, scope: Scope) -> Delay | None:
    if len(syntax.arguments) != 1:
        each = scope.world.problems.step.each
        scope.fault(syntax, f"`geometric` takes one number, the {each} chance", "write geometric(0.1)")
        return None
    tree = infer_number(syntax.arguments[0], scope, "`geometric`")
    if tree is None:
        return None
    if isinstance(tree, Constant) and isinstance(tree.value, int | float) and not 0 < tree.value <= 1:
        scope.fault(syntax.arguments[0], f"`geometric` takes a chance above 0 and up to 1, and this is {tree.value}")
    return GeometricDelay(words_of(scope), tree)


def _number(place: QuantityPlace, key: str) -> Expression | None:
    at = place.node.get(key)
    if isinstance(at, KeyedNode):
        return _in_place(place, key, at)
    return number(place.scope(at), f"`{key}`") if isinstance(at, Scalar) else None


def _in_place(place: QuantityPlace, key: str, node: KeyedNode) -> Expression | None:
    """The parameter that is written here; it is named after its place."""
    name = f"{place.path}.{key}"
    at = place.node.entries[key].key
    missing(node, IN_PLACE, at, place.draft.problems)
    parameter = parameter_in(place.draft, node, (name, at), place.origin, rule=place.rule)
    if parameter is None:
        return None
    place.draft.parameters[name] = parameter
    place.draft.world.places["parameter", name] = at
    return Expression(name, ParameterValue(name, WHOLE if parameter.whole else REAL))


def _date(draft: Draft, at: Scalar) -> Expression | None:
    moment = read_moment(at, draft.calendar, draft.problems)
    if moment is None or draft.calendar is None:
        return None if moment is None else FAILED
    return Expression(at.text, Constant(draft.calendar.step_of(moment), WHOLE))


def _check_whole(place: QuantityPlace, key: str, found: Expression | None) -> None:
    if found is not None and not isinstance(found.tree.type, Whole):
        at = place.node.entries[key].value
        hint = "a parameter is whole where its value, low and high are"
        days = "" if key == "rounds" else f" of {place.draft.problems.step.plural}"
        message = f"`{key}` is a whole number{days}, and `{found.text}` is {found.tree.type}"
        place.draft.problems.add(at, message, hint if isinstance(found.tree, ParameterValue) else None)


def _check_bounds(place: QuantityPlace, key: str, found: Expression | None, bounds: tuple[int, int | None]) -> None:
    """A problem where a number, or a parameter's value or ends, are seen to be out of bounds."""
    if found is None:
        return
    low, high = bounds
    values = seen(found.tree, place.draft.parameters)
    for value in values:
        if value < low or (high is not None and value > high):
            span = f"{low}..{high}" if high is not None else f"{low} or more"
            at = place.node.entries[key]
            message = f"`{key}` must be {span}, and `{found.text}` can be {value}" if len(values) > 1 else None
            place.draft.problems.add(at.value, message or f"`{key}` must be {span}, not {value}")
            return


def seen(tree: Tree, parameters: Mapping[str, Parameter]) -> tuple[float, ...]:
    """The number that is written, or a parameter's value and ends; none where a number cannot be told."""
    match tree:
        case Constant(value=int() | float() as value) if not isinstance(value, bool):
            return (value,)
        case ParameterValue(name=name) if name in parameters:
            parameter = parameters[name]
            return (parameter.value, parameter.low, parameter.high)
        case _:
            return ()
