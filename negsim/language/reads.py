"""Whether an expression hangs on what changes in the course of a run."""

from __future__ import annotations

from negsim.language.scope import World
from negsim.scenario.expressions import Day, DaysSince, MemberVariable, Node, Term, Use, Variable
from negsim.scenario.walking import walk


def state_read(tree: Node, world: World) -> str | None:
    """What an expression reads first of the state or of time, definitions opened; nothing where it reads neither."""
    for part in walk(tree):
        match part:
            case Variable() | MemberVariable():
                return part.name
            case Term():
                return f"{part.talks}.{part.name}"
            case Day():
                return "day"
            case DaysSince():
                return "days_since"
            case Use():
                definition = world.definitions.get(part.definition)
                inner = None if definition is None else state_read(definition.tree, world)
                if inner is not None:
                    return inner
            case _:
                pass
    return None
