"""Binders: `m in coalition` under `for:` and in the head of a definition."""

from __future__ import annotations

from negsim.errors import did_you_mean
from negsim.language.grammar import parse_binders
from negsim.language.scope import Scope
from negsim.language.syntax import Name
from negsim.language.tokens import Unreadable


def read_binders(scope: Scope) -> tuple[tuple[str, str], ...] | None:
    """The binders in a scalar, each with its group; nothing, with a problem, where they cannot be used."""
    try:
        pairs = parse_binders(scope.at.text)
    except Unreadable as problem:
        scope.world.problems.within(scope.at, problem.span, problem.message, problem.hint)
        return None
    if not check_binders(scope, pairs):
        return None
    return tuple((binder.text, group.text) for binder, group in pairs)


def check_binders(scope: Scope, pairs: tuple[tuple[Name, Name], ...]) -> bool:
    """Whether each binder has a name of its own and a group; problems where not."""
    world, fine = scope.world, True
    names: set[str] = set()
    for binder, group in pairs:
        bound = "a field or a bound name here" if binder.text in {*scope.names, *names} else None
        taken = world.taken_by(binder.text) or bound
        if taken is not None:
            scope.fault(binder, f"'{binder.text}' is already {taken}", "take another name for the member")
            fine = False
        if group.text not in world.groups:
            if not scope.silent:
                scope.fault(group, f"`{group.text}` is no group", did_you_mean(group.text, world.groups))
            fine = False
        names.add(binder.text)
    return fine
