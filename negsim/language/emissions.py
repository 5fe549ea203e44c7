"""Events with their arguments, as they are emitted, and as `unless` waits for them."""

from __future__ import annotations

from negsim.errors import did_you_mean
from negsim.language.draft import Draft, fitting_tree, scalars, words_of
from negsim.language.nodes import Node
from negsim.language.scope import Scope, Signature
from negsim.language.syntax import Call, Logic, Members, Name, Named, Syntax
from negsim.scenario.expressions import Constant
from negsim.scenario.expressions import Node as Tree
from negsim.scenario.rules import Emission, EventPattern
from negsim.scenario.words import DECIDED


def emission(scope: Scope, *, constant: bool = False) -> Emission | None:
    """The event that a scalar emits. `constant`: its arguments are written values."""
    meant = _event(scope)
    if meant is None:
        return None
    name, syntax, signature = meant
    if name in scope.world.said_at_talks:
        hint = "nothing else can log it; declare an event of your own"
        scope.fault(syntax, f"`{name}` is logged by talks", hint)
        return None
    arguments = _arguments(syntax, signature, scope, name)
    if arguments is None:
        return None
    given = syntax.arguments if isinstance(syntax, Call) else ()
    for argument, tree in zip(given, arguments, strict=False):
        if constant and not isinstance(tree, Constant):
            scope.fault(argument, "the past is data: an argument here is a value", "write a name or a number")
            return None
    return Emission(words_of(scope), name, arguments)


def pattern(scope: Scope) -> EventPattern | None:
    """The event, with or without arguments, that a scalar waits for."""
    meant = _event(scope)
    if meant is None:
        return None
    name, syntax, signature = meant
    if isinstance(syntax, Name):
        return EventPattern(words_of(scope), name, None)
    arguments = _arguments(syntax, signature, scope, name)
    return None if arguments is None else EventPattern(words_of(scope), name, arguments)


def event_name(scope: Scope) -> str | None:
    """The event that a scalar names; a problem where it names none."""
    meant = _event(scope)
    if meant is None:
        return None
    if isinstance(meant[1], Call):
        scope.fault(meant[1], "a trigger is an event's name alone", f"write {meant[0]}, and conditions under `when`")
    return meant[0]


def _event(scope: Scope) -> tuple[str, Syntax, Signature] | None:
    syntax = scope.read()
    if syntax is None:
        return None
    name = syntax.name if isinstance(syntax, Call) else syntax
    events = scope.world.events
    if not isinstance(name, Name):
        several = isinstance(syntax, Logic)
        hint = "several are a list in brackets, [a(), b()]" if several else "write event(argument, …)"
        scope.fault(syntax, f"`{scope.words(syntax)}` is no event", hint)
        return None
    if name.text not in events:
        if name.text == DECIDED:
            hint = "it is logged by itself when a decision emits nothing, and triggers nothing"
            scope.fault(name, f"`{DECIDED}` cannot stand here", hint)
        elif not scope.world.partial:
            scope.fault(name, f"there is no event `{name.text}`", did_you_mean(name.text, events))
        return None
    signature = events[name.text]
    return None if signature is None else (name.text, syntax, signature)


def _arguments(syntax: Syntax, signature: Signature, scope: Scope, event: str) -> tuple[Tree, ...] | None:
    """The arguments in the order of the event's fields; nothing, with a problem, where they do not fit."""
    given = _by_field(syntax, signature, scope, event)
    if given is None:
        return None
    found: list[Tree] = []
    for name, kind in signature.fields.items():
        if kind is not None:
            tree = fitting_tree(given[name], scope, kind, f"`{name}` of {event}")
            if tree is not None:
                found.append(tree)
    return tuple(found) if len(found) == len(signature.fields) else None


def _by_field(syntax: Syntax, signature: Signature, scope: Scope, event: str) -> dict[str, Syntax] | None:
    names = list(signature.fields)
    given: dict[str, Syntax] = {}
    for index, argument in enumerate(syntax.arguments if isinstance(syntax, Call) else ()):
        if isinstance(argument, Members):
            scope.fault(argument, "an argument is one value", "to emit for each member, give the rule a `for:`")
            return None
        if isinstance(argument, Named):
            if argument.name.text not in names:
                hint = did_you_mean(argument.name.text, names)
                scope.fault(argument.name, f"`{argument.name.text}` is no field of {event}", hint)
                return None
            name, item = argument.name.text, argument.item
        elif index >= len(names):
            hint = f"write {_shape(event, names)}"
            scope.fault(argument, f"`{event}` has {_count(len(names))}, and more are given", hint)
            return None
        else:
            name, item = names[index], argument
        if name in given:
            scope.fault(argument, f"`{name}` is given twice")
            return None
        given[name] = item
    lacking = [name for name in names if name not in given]
    if lacking:
        scope.fault(syntax, f"`{lacking[0]}` of {event} is not given", f"write {_shape(event, names)}")
        return None
    return given


def _count(number: int) -> str:
    return "no fields" if number == 0 else f"{number} field{'s' if number > 1 else ''}"


def _shape(event: str, names: list[str]) -> str:
    return f"{event}({', '.join(names)})"


def events_named(draft: Draft, node: Node | None) -> tuple[str, ...]:
    """The events that a scalar or a list names; a problem where one is named twice."""
    found: list[str] = []
    for word in scalars(node):
        name = event_name(Scope(draft.world, word))
        if name is not None and name in found:
            draft.problems.add(word, f"'{name}' is named twice")
        elif name is not None:
            found.append(name)
    return tuple(found)
