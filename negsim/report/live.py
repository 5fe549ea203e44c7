"""What can still matter once some readings are settled.

Each expression is looked at with the given answers and nothing else known: a value where these settle
it, and the names that it still depends on. It errs to one side only: what is called dead is dead; what is
called live may be dead for a reason that shows in a run alone.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from negsim.report.parts import Part
from negsim.scenario.expressions import (
    Arithmetic,
    Attribute,
    Both,
    Bound,
    Comparison,
    Conditional,
    Constant,
    Either,
    Function,
    InGroup,
    MemberVariable,
    Negative,
    Node,
    Not,
    Observation,
    OneOf,
    Over,
    ParameterValue,
    ReadingChoice,
    Use,
    Variable,
)
from negsim.scenario.model import OnEvent, Rule, Scenario
from negsim.scenario.types import Value

_COMPARE: Mapping[str, Callable[[object, object], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATE: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
_NOTHING: frozenset[str] = frozenset()


@attrs.frozen
class Seen:
    """What an expression comes to: its value where it is settled, and the names it still hangs on."""

    value: Value | None
    names: frozenset[str] = _NOTHING


@attrs.frozen
class Live:
    """The rules that may still act, and the parameters and readings that may still matter."""

    rules: tuple[str, ...]
    parameters: tuple[str, ...]
    readings: tuple[str, ...]


def live(scenario: Scenario, parts: Sequence[Part], answers: Mapping[str, str]) -> Live:
    """What may matter when these readings have these answers."""
    look = Look(scenario, answers)
    rules = _acting(scenario, look)
    names: set[str] = set()
    for part in parts:
        if part.kind in ("outcome", "measure") or (part.kind == "event" and _can_happen(scenario, part.name, rules)):
            names |= look.at(part.tree).names
    for rule in rules.values():
        names |= _rule_names(rule, look)
    return Live(
        tuple(rules),
        tuple(name for name in scenario.parameters if name in names),
        tuple(name for name in scenario.readings if name in names),
    )


def _acting(scenario: Scenario, look: Look) -> dict[str, Rule]:
    """The rules that are not ruled out by a guard, a chance of 0, or for want of what triggers them."""
    able = {rule.name: rule for rule in scenario.rules.values() if not _blocked(rule, look)}
    while True:
        logged = {e.event for r in able.values() for o in r.options if _open(o.when, look) for e in o.emits}
        kept = {
            name: rule
            for name, rule in able.items()
            if not isinstance(rule.trigger, OnEvent) or logged.intersection(rule.trigger.events)
        }
        if len(kept) == len(able):
            return kept
        able = kept


def _blocked(rule: Rule, look: Look) -> bool:
    condition = getattr(rule.trigger, "condition", None)
    guards = [each for each in (condition, rule.when, rule.still) if each is not None]
    if any(look.at(guard.tree).value is False for guard in guards):
        return True
    return rule.chance is not None and look.at(rule.chance.tree).value == 0


def _open(when: object, look: Look) -> bool:
    tree = getattr(when, "tree", None)
    return tree is None or look.at(tree).value is not False


def _can_happen(scenario: Scenario, event: str, rules: Mapping[str, Rule]) -> bool:
    if any(entry.emission.event == event for entry in scenario.history):
        return True
    return any(e.event == event for rule in rules.values() for option in rule.options for e in option.emits)


def _rule_names(rule: Rule, look: Look) -> frozenset[str]:
    """The names that a rule that can act still hangs on; options that are closed do not count."""
    from negsim.report.parts import rule_parts  # noqa: PLC0415

    closed = {option.name for option in rule.options if not _open(option.when, look)}
    found = _NOTHING
    for key, tree in rule_parts(rule):
        option = key.removeprefix("option ").partition(":")[0] if key.startswith("option ") else None
        if option is None or option not in closed:
            found |= look.at(tree).names
    return found
