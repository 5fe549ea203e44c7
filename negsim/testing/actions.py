"""What the rules of a drawn scenario do: events with their arguments, or options, and who decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from negsim.scenario.types import ActorOf
from negsim.testing.author import IN_PLACE, Document
from negsim.testing.expressions import clause, condition, value
from negsim.testing.scope import Scope


def action(scope: Scope, events: Sequence[str]) -> Document:
    """`emit:` or `choose:`, and who decides. Only `events` may come of it."""
    author = scope.author
    actors = [name for name, kind in scope.bound.items() if isinstance(kind, ActorOf)] + author.actors[:1]
    by = {"by": author.pick(actors)} if author.coin() else {}
    if author.coin():
        return {**by, "emit": _emissions(scope, events)}
    anchored = author.coin()  # the first option is always open, and weighs something
    options = {}
    for number in range(author.number(1, 3)):
        free, weightless = anchored and number == 0, anchored and number > 0
        options[f"option_{number}"] = _option(scope, events, free=free, weightless=weightless)
    return {**by, "choose": options}


def _option(scope: Scope, events: Sequence[str], *, free: bool, weightless: bool) -> Document:
    """One option. `free`: always open; `weightless`: it may weigh nothing."""
    author, found = scope.author, Document()
    if author.seldom():
        found["for"] = "o in bloc"
        scope = scope.having({"o": author.member("bloc")})
    if author.coin():
        wholes = scope.wholes()
        sure = ["2", "0.5", IN_PLACE, f"3 if {clause(scope)} else 1", *(f"{text} + 1" for text in wholes)]
        found["weight"] = author.pick([*sure, *(["0", *wholes] if weightless else [])])
    if not free and author.seldom():
        found["when"] = condition(scope)
    return found | ({} if author.seldom() else {"emit": _emissions(scope, events)})


def _emissions(scope: Scope, events: Sequence[str]) -> Any:
    author = scope.author
    calls = [call(scope, author.pick(events)) for _ in range(author.number(1, 2))]
    return calls if len(calls) > 1 else calls[0]


def call(scope: Scope, event: str) -> str:
    """An event with its arguments, the last one by its name now and then."""
    fields = scope.author.events[event]
    given = [value(scope, kind) for kind in fields.values()]
    if given and scope.author.coin():
        given[-1] = f"{list(fields)[-1]}={given[-1]}"
    return f"{event}({', '.join(given)})"
