"""Which types go together: in one variable, in one comparison, in one choice."""

from __future__ import annotations

from negsim.scenario.expressions import Constant, Node
from negsim.scenario.types import (
    NOBODY,
    REAL,
    WHOLE,
    ActorOf,
    Enumeration,
    Numbers,
    Real,
    Truth,
    Type,
    Whole,
    fits,
    is_number,
)
from negsim.scenario.words import UNSETTLED


def join(one: Type, other: Type) -> Type | None:
    """The type of a value that is of one type or of the other; nothing where there is none."""
    match one, other:
        case Whole(), Whole():
            return one if one == other else WHOLE
        case ((Whole() | Real()), (Whole() | Real())):
            return REAL
        case Truth(), Truth():
            return one
        case Enumeration(), Enumeration():
            return Enumeration(tuple(dict.fromkeys((*one.values, *other.values))), {**other.words, **one.words})
        case ActorOf(), ActorOf():
            actors = tuple(dict.fromkeys((*one.actors, *other.actors)))
            group = one.group if one.group == other.group else None
            return ActorOf(actors, group, nobody=one.nobody or other.nobody)
        case _:
            return None


def comparable(one: Type, other: Type) -> bool:
    """Whether two values can be equal at all."""
    match one, other:
        case Enumeration(), Enumeration():
            return bool(set(one.values) & set(other.values))
        case (Numbers(unsettled=True), Enumeration() as word) | (Enumeration() as word, Numbers(unsettled=True)):
            return UNSETTLED in word.values
        case ActorOf(), ActorOf():
            return bool(set(one.actors) & set(other.actors)) or (one.nobody and other.nobody)
        case _:
            return (is_number(one) and is_number(other)) or (isinstance(one, Truth) and isinstance(other, Truth))


def misfit(node: Node, kind: Type) -> str | None:
    """Why a node's values are not all of a type, as in "is a number"; nothing where they are.

    The bounds of a whole number are looked at for constants alone; nobody passes for an actor unless
    it is written: both are left to the run.
    """
    if isinstance(node, Constant) and not isinstance(node.type, Enumeration | ActorOf):
        same = isinstance(node.type, Truth) == isinstance(kind, Truth)
        if same and fits(node.value, kind):
            return None
        beyond = isinstance(node.type, Whole) and isinstance(kind, Whole)
        return "is outside its range" if beyond else f"is {node.type}"
    match node.type, kind:
        case Whole(), (Whole() | Real()):
            return None
        case (Real(), Real()) | (Truth(), Truth()):
            return None
        case Enumeration(), Enumeration():
            outside = [value for value in node.type.values if value not in kind.values]
            return f"can be {outside[0]}" if outside else None
        case ActorOf(), ActorOf():
            return _actor_misfit(node, node.type, kind)
        case _:
            return f"is {node.type}"


def _actor_misfit(node: Node, given: ActorOf, kind: ActorOf) -> str | None:
    if isinstance(node, Constant) and node.value == NOBODY:
        return None if kind.nobody else "is no actor"
    outside = [actor for actor in given.actors if actor not in kind.actors]
    if not outside:
        return None
    return f"can be {outside[0]}" if len(given.actors) > 1 else "is not one of them"
