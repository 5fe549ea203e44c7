"""Calls: min, max, abs, the functions over a group, definitions, and what measures observe."""

from __future__ import annotations

import attrs

from negsim.errors import did_you_mean
from negsim.language.days_since import DAYS_SINCE, days_since
from negsim.language.meant import function_hint
from negsim.language.scope import Scope, Wanted
from negsim.language.syntax import Call, ComparisonChain, IfElse, Logic, Members, Name, Named, Syntax
from negsim.language.tokens import FUNCTIONS
from negsim.language.wants import infer_as, infer_number, infer_truth
from negsim.scenario.expressions import Function, Node, Observation, Over, Use
from negsim.scenario.types import REAL, TRUTH, WHOLE, Type, Whole

OVER_GROUP = frozenset({"any", "all", "count", "sum", "min", "max"})
OBSERVED = frozenset({"first", "last", "count", "days", "most"})


def call(item: Call, scope: Scope) -> Node | None:
    """The typed node of a call."""
    name = item.name.text
    over = len(item.arguments) == 1 and isinstance(item.arguments[0], Members)
    if name in scope.world.definitions:
        return _use(item, scope)
    if over and name in OVER_GROUP:
        return _over(item, scope)
    if name in OBSERVED and (scope.observing or name not in FUNCTIONS):
        return _observe(item, scope)
    if name == DAYS_SINCE:
        return days_since(item, scope)
    if name in ("min", "max", "abs"):
        return _function(item, scope)
    if name == "count" and len(item.arguments) == 1 and isinstance(item.arguments[0], Name | IfElse):
        hint = "events are counted in measures, and not inside days(…), most(…) or a condition; "
        return scope.fault(item, "`count` goes over a group here", hint + "write count(m for m in group)")
    if name in OVER_GROUP:
        what = "m" if name == "count" else "…"
        return scope.fault(item, f"`{name}` goes over a group", f"write {name}({what} for m in group)")
    if name in ("uniform", "geometric"):
        return scope.fault(item, f"`{name}` stands alone under `after:`, and nowhere else")
    if name in scope.world.events:
        hint = "to ask whether it has happened, let it set a state variable"
        hint = hint if not scope.observing else f"write count({name}) or first({name})"
        return scope.fault(item, f"`{name}` is an event, not a value", hint)
    if scope.knows(name):
        return scope.fault(item, f"`{name}` cannot be called", f"write {name}")
    if scope.silent:
        return None
    known = [*FUNCTIONS, DAYS_SINCE, *scope.world.binders]
    meant = function_hint(name) or did_you_mean(name, known)
    return scope.fault(item.name, f"there is no function `{name}`", meant)


def _function(item: Call, scope: Scope) -> Node | None:
    name = item.name.text
    if name == "abs" and len(item.arguments) != 1:
        return scope.fault(item, "`abs` takes one number")
    if name != "abs" and len(item.arguments) < 2:  # noqa: PLR2004
        hint = f"or a group: {name}(m.x for m in group)"
        if scope.observing and len(item.arguments) == 1:
            inner = scope.words(item.arguments[0])
            negative = f"-{inner}" if isinstance(item.arguments[0], Name) else f"-({inner})"
            over_the_run = f"most({inner})" if name == "max" else f"-most({negative})"
            hint = f"over the days of a run it is {over_the_run}; of a group, {name}(m.x for m in group)"
        return scope.fault(item, f"`{name}` takes two numbers or more", hint)
    nodes = [infer_number(part, scope, f"`{name}`") for part in item.arguments]
    known = tuple(node for node in nodes if node is not None)
    if len(known) < len(nodes):
        return None
    return Function(name, known, _number_type(known))


def _number_type(nodes: tuple[Node, ...]) -> Type:
    return WHOLE if all(isinstance(node.type, Whole) for node in nodes) else REAL


def _over(item: Call, scope: Scope) -> Node | None:
    members, name = item.arguments[0], item.name.text
    assert isinstance(members, Members)  # noqa: S101  # the caller has looked
    inner = bind(members, attrs.evolve(scope, observing=False))
    if inner is None:
        return None
    condition = None
    if members.condition is not None:
        condition = infer_truth(members.condition, inner, "`if`")
        if condition is None:
            return None
    group = members.group.text
    if name == "count":
        if not (isinstance(members.element, Name) and members.element.text == members.binder.text):
            binder = members.binder.text
            hint = f"write count({binder} for {binder} in {group} if …)"
            return scope.fault(members.element, "`count` counts members", hint)
        return Over(name, members.binder.text, group, None, condition, WHOLE)
    if name in ("any", "all"):
        element = infer_truth(members.element, inner, f"`{name}`")
        return element and Over(name, members.binder.text, group, element, condition, TRUTH)
    element = infer_number(members.element, inner, f"`{name}`")
    return element and Over(name, members.binder.text, group, element, condition, _number_type((element,)))


def bind(members: Members, scope: Scope) -> Scope | None:
    """The scope with a member bound; nothing, with a problem, where it cannot be."""
    world, binder, group = scope.world, members.binder, members.group
    if group.text not in world.groups:
        if not scope.silent:
            scope.fault(group, f"`{group.text}` is no group", did_you_mean(group.text, world.groups))
        return None
    if scope.knows(binder.text) or binder.text in world.groups or binder.text in world.talks:
        kind = world.kind_of(binder.text) or "a word of the language"
        kind = "a field or a bound name here" if binder.text in scope.names else kind
        scope.fault(binder, f"'{binder.text}' is already {kind}", "take another name for the member")
        return None
    kind_ = world.member_type(group.text)
    return scope.with_names({binder.text: kind_})


def _use(item: Call, scope: Scope) -> Node | None:
    world, name = scope.world, item.name.text
    binders = world.binders.get(name, ())
    if not binders:
        return scope.fault(item, f"`{name}` takes no actors", f"write {name}")
    if len(binders) != len(item.arguments):
        shown = ", ".join(f"{binder.name} in {binder.group}" for binder in binders)
        actors = "1 actor" if len(binders) == 1 else f"{len(binders)} actors"
        given = len(item.arguments)
        return scope.fault(item, f"`{name}` takes {actors} ({shown}), not {given}")
    nodes = []
    for binder, argument in zip(binders, item.arguments, strict=True):
        kind = world.member_type(binder.group)
        wanted = None if kind is None else Wanted(kind, f"`{binder.name}` of {name}")
        nodes.append(None if wanted is None else infer_as(argument, scope, wanted))
    definition = world.definitions[name]
    known = tuple(node for node in nodes if node is not None)
    if definition is None or len(known) < len(nodes):
        return None
    return Use(name, known, definition.type)


def _observe(item: Call, scope: Scope) -> Node | None:
    name = item.name.text
    if not scope.observing:
        return scope.fault(item, f"`{name}` is for measures", "let an event set a state variable, and ask that")
    if len(item.arguments) != 1 or isinstance(item.arguments[0], Members | Named):
        what = "a condition" if name == "days" else "a number" if name == "most" else "an event"
        return scope.fault(item, f"`{name}` takes one thing: {what}")
    inner, argument = attrs.evolve(scope, observing=False), item.arguments[0]
    if name == "days":
        node = infer_truth(argument, inner, "`days`")
        return node and Observation(name, None, node, WHOLE)
    if name == "most":
        node = infer_number(argument, inner, "`most`")
        return node and Observation(name, None, node, node.type)
    return _observe_event(name, argument, inner)


def _observe_event(function: str, argument: Syntax, scope: Scope) -> Node | None:
    condition = argument.test if isinstance(argument, IfElse) and argument.otherwise is None else None
    event = argument.then if isinstance(argument, IfElse) else argument
    if isinstance(event, Call) and not event.arguments:
        event = event.name
    events = scope.world.events
    if not isinstance(event, Name) or event.text not in events:
        if isinstance(event, Name) and scope.silent:
            return None
        hint = did_you_mean(event.text, events) if isinstance(event, Name) else f"write {function}(event if condition)"
        if isinstance(event, ComparisonChain | Logic) and condition is None:
            hint = f"{hint}; on how many days it holds is days({scope.words(event)})"
        return scope.fault(event, f"`{scope.words(event)}` is no event", hint)
    signature = events[event.text]
    node = None
    if signature is None:
        return None
    if condition is not None:
        node = infer_truth(condition, scope.with_names(signature.fields), "`if`")
        if node is None:
            return None
    return Observation(function, event.text, node, WHOLE)
