"""`days_since(EVENT)`, `days_since(EVENT if CONDITION)`, `days_since(EVENT, else=NUMBER)`."""

from __future__ import annotations

import attrs

from negsim.errors import did_you_mean
from negsim.language.reads import state_read
from negsim.language.scope import Scope
from negsim.language.syntax import Call, IfElse, Members, Name, Named, Number, Prefix, Sum, Syntax
from negsim.language.wants import infer_number, infer_truth
from negsim.scenario.clocks import outside_names, values_of
from negsim.scenario.expressions import DaysSince, Node
from negsim.scenario.types import WHOLE

DAYS_SINCE = "days_since"
_FORM = f"write {DAYS_SINCE}(event), {DAYS_SINCE}(event if condition), or either with `, else=number`"


def may_be_nothing(item: Syntax) -> bool:
    """Whether a number may be nothing here if the number that it stands in may: in sums, `-`, `min`, `max`, `abs`."""
    match item:
        case Sum() | Number() | Prefix(sign="-"):
            return True
        case Call():
            return item.name.text in (DAYS_SINCE, "min", "max", "abs")
        case _:
            return False


def days_since(item: Call, scope: Scope) -> Node | None:
    """The typed node of a call of `days_since`."""
    otherwise = next((each for each in item.arguments if isinstance(each, Named) and each.name.text == "else"), None)
    rest = [each for each in item.arguments if each is not otherwise]
    if len(rest) != 1 or isinstance(rest[0], Members | Named):
        return scope.fault(item, f"`{DAYS_SINCE}` takes an event", _FORM)
    inner = attrs.evolve(scope, nothing=False, observing=False)
    given = None
    if otherwise is not None:
        given = infer_number(otherwise.item, inner, "`else`")
        if given is None:
            return None
    elif not scope.nothing:
        words = scope.words(item)[:-1]
        hint = f"say what it counts as then: {words}, else=0); in a comparison it needs none, and is false"
        return scope.fault(item, f"`{scope.words(item)}` is nothing before the event has come", hint)
    return _asked(rest[0], given, inner)


def _asked(argument: Syntax, otherwise: Node | None, scope: Scope) -> Node | None:
    """The node for an event, or for one `if` it meets a condition."""
    limited = isinstance(argument, IfElse)
    event = argument.then if isinstance(argument, IfElse) else argument
    if isinstance(event, Call) and event.name.text in scope.world.events:
        if event.arguments:
            fields = scope.world.events[event.name.text]
            first = next(iter(fields.fields), "field") if fields is not None else "field"
            hint = f"say it as a condition on its fields: {DAYS_SINCE}({event.name.text} if {first} == …)"
            return scope.fault(event, f"`{DAYS_SINCE}` takes an event's name", hint)
        event = event.name
    if not isinstance(event, Name) or event.text not in scope.world.events:
        if isinstance(event, Name) and scope.silent:
            return None
        hint_ = did_you_mean(event.text, scope.world.events) if isinstance(event, Name) else _FORM
        return scope.fault(event, f"`{scope.words(event)}` is no event", hint_)
    signature = scope.world.events[event.text]
    if signature is None:
        return None
    condition = None
    if limited and isinstance(argument, IfElse):
        if argument.otherwise is not None:
            return scope.fault(argument, f"`{DAYS_SINCE}` takes one event", _FORM)
        condition = infer_truth(argument.test, scope.with_names(signature.fields), "`if`")
        if condition is None or not _is_fixed(condition, argument.test, frozenset(signature.fields), scope):
            return None
    return DaysSince(event.text, condition, otherwise, WHOLE)


def _is_fixed(condition: Node, at: Syntax, fields: frozenset[str], scope: Scope) -> bool:
    """Whether a condition can be settled when the event comes: it looks at the event, and at no state."""
    read = state_read(condition, scope.world)
    if read is not None:
        message = f"the condition of `{DAYS_SINCE}` is about the event alone, and reads `{read}`"
        scope.fault(at, message, "ask it beside: `condition and days_since(event) > 3`; or let the event have a field")
        return False
    for name, kind in outside_names(condition, fields).items():
        if not values_of(kind):
            message = f"`{name}` is {kind}, and has no end of values that could be kept apart"
            scope.fault(at, message, "in the condition stand fields of the event, members and words")
            return False
    return True
