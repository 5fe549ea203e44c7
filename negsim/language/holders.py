"""Whose reading is meant: `name.actor` and `name[actor]` in an expression."""

from __future__ import annotations

from negsim.errors import did_you_mean
from negsim.language.scope import HeldName, Scope
from negsim.language.syntax import Dotted, Name, Subscript, Syntax
from negsim.scenario.expressions import Constant, HeldReading, Node, ReadingChoice
from negsim.scenario.held import held_name
from negsim.scenario.types import NOBODY, ActorOf

MOST_SHOWN = 3


def bare_node(item: Name, scope: Scope) -> Node | None:
    """A reading that is held, without its holder: a mistake."""
    held = scope.world.held[item.text]
    hint = f"write {held_name(item.text, held.holders[0])}, or {item.text}[m] for an actor m"
    return scope.fault(item, f"`{item.text}` is held by {_listed(held.holders)}: whose reading is meant?", hint)


def dotted_node(reading: str, holder: Name, scope: Scope) -> Node | None:
    """`reading.actor`: how a named actor reads."""
    held = scope.world.held[reading]
    if holder.text in held.holders:
        return ReadingChoice(held_name(reading, holder.text), held.type)
    if holder.text in scope.names:
        hint = f"write {reading}[{holder.text}]"
        return scope.fault(holder, f"`{holder.text}` is a name bound here, not an actor's own", hint)
    return _no_holder(holder, reading, [holder.text], scope)


def subscript_node(item: Subscript, scope: Scope) -> Node | None:
    """`reading[actor]`: how an actor reads who is bound, or held by a variable."""
    name = item.of.text if isinstance(item.of, Name) and item.of.text not in scope.names else ""
    held = scope.world.held.get(name)
    if held is None:
        if isinstance(item.of, Name) and not scope.knows(item.of.text):
            scope.world.infer(item.of, scope)
            return None
        if name in scope.world.symbols and scope.world.symbols[name] is None:
            return None
        return scope.fault(item, f"`{scope.words(item.of)}` is no reading that actors hold", _hint(item, name, scope))
    of = scope.world.infer(item.item, scope)
    if of is None:
        return None
    if not isinstance(of.type, ActorOf):
        message = f"`{scope.words(item.item)}` is {of.type}, and only an actor holds a reading"
        return scope.fault(item.item, message)
    outside = [actor for actor in of.type.actors if actor not in held.holders]
    if outside:
        return _no_holder(item.item, name, outside, scope, many=len(of.type.actors) > 1)
    if isinstance(of, Constant) and of.value != NOBODY:
        return ReadingChoice(held_name(name, str(of.value)), held.type)
    return HeldReading(of, name, held.type)


def _hint(item: Subscript, name: str, scope: Scope) -> str | None:
    if name in scope.world.symbols and isinstance(scope.world.symbols[name], ReadingChoice):
        return f"take it out, or say with `held_by` who holds `{name}`"
    if isinstance(item.of, Dotted):
        return None
    return "what an actor has stands after a dot: m.name" if scope.world.held else None


def _no_holder(at: Syntax, reading: str, outside: list[str], scope: Scope, *, many: bool = False) -> Node | None:
    held: HeldName = scope.world.held[reading]
    if scope.world.partial:
        return None
    by = f"`{reading}` is held by {_listed(held.holders)}"
    message = (
        f"{by}, and `{scope.words(at)}` can be {_listed(tuple(outside))}"
        if many
        else (f"{by}, and '{outside[0]}' does not hold it")
    )
    return scope.fault(at, message, None if many else did_you_mean(outside[0], held.holders))


def _listed(actors: tuple[str, ...]) -> str:
    return ", ".join(actors[:MOST_SHOWN]) + (", …" if len(actors) > MOST_SHOWN else "")
