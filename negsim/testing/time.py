"""What a drawn scenario asks of time: the day, and how many days ago events came."""

from __future__ import annotations

from negsim.scenario.types import ActorOf, Enumeration, Type, Whole
from negsim.testing.scope import Scope


def timely(scope: Scope) -> str:
    """A comparison of days."""
    author = scope.author
    level, sign = author.number(0, 9), author.pick((">", "<=", "==", "!=", ">=", "<"))
    if not author.events or author.seldom():
        return author.pick((f"day {sign} {level}", f"day % 3 == {level % 3}", f"{level} < day <= {level + 3}"))
    since = _since(scope)
    match author.pick(("one", "chain", "sum", "two", "least", "else")):
        case "one":
            return f"days_since({since}) {sign} {level}"
        case "chain":
            return f"1 <= days_since({since}) {sign} {level}"
        case "sum":
            return f"2 * days_since({since}) - 1 {sign} {level}"
        case "two":
            return f"days_since({since}) {sign} days_since({_since(scope)})"
        case "least":
            return f"min(days_since({since}), day) {sign} {level}"
        case _:
            return f"days_since({since}, else={author.number(0, 9)}) {sign} {level}"


def days(scope: Scope) -> str:
    """A number of days, which is never nothing."""
    return f"days_since({_since(scope)}, else=2)" if scope.author.events else "abs(day)"


def _since(scope: Scope) -> str:
    """An event, or one under a condition on one of its fields."""
    author = scope.author
    name, fields = author.pick(list(author.events.items()))
    if not fields or author.coin():
        return name
    return f"{name} if {_about(scope, *author.pick(list(fields.items())))}"


def _about(scope: Scope, field: str, kind: Type) -> str:
    author = scope.author
    match kind:
        case ActorOf():
            bound = [(name, other) for name, other in scope.bound.items() if isinstance(other, ActorOf)]
            others = [name for name, other in bound if name != field and not set(other.actors).isdisjoint(kind.actors)]
            return f"{field} {author.pick(('==', '!='))} {author.pick([kind.actors[0], *others])}"
        case Enumeration():
            return f"{field} == {author.pick(kind.values)}"
        case Whole():
            return f"{field} > 1"
        case _:
            return field
