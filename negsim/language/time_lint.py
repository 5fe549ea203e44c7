"""Guards that look at time and can never hold when they are looked at."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.program.operations import COMPARISONS
from negsim.scenario.expressions import Both, Comparison, Constant, Day, DaysSince, Node
from negsim.scenario.rules import OnEvent, Rule, While

_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def never_in_time(rule: Rule) -> str | None:
    """Why a rule never fires for the days that its guard asks for; nothing where nothing of the kind is seen."""
    match rule.trigger:
        case OnEvent(events=(event,)) if rule.when is not None:
            for asked, sign, number in _compared(rule.when.tree):
                is_own = isinstance(asked, DaysSince) and asked.event == event and asked.condition is None
                if is_own and not COMPARISONS[sign](0, number):
                    return f"`days_since({event})` is 0 when `{event}` triggers it"
        case While(condition=condition):
            for asked, sign, _ in _compared(condition.tree):
                if isinstance(asked, Day) and sign == "==":
                    return "`while` is looked at at dusk and once more on the next day, which is another one"
        case _:
            pass
    return None


def _compared(condition: Node) -> Iterator[tuple[Node, str, float]]:
    """What must be compared so with a number for a condition to hold, by the sign as it stands on the left."""
    match condition:
        case Both(items=items):
            for item in items:
                yield from _compared(item)
        case Comparison(operators=(sign,), operands=(left, right)):
            if isinstance(right, Constant) and isinstance(right.value, int | float):
                yield left, sign, right.value
            elif isinstance(left, Constant) and isinstance(left.value, int | float):
                yield right, _TURNED.get(sign, sign), left.value
        case _:
            pass
