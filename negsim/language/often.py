"""How often a rule can act at most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from negsim.language.spans import Spans
from negsim.scenario.expressions import Both, Comparison, Constant, MemberVariable, Node, Not, Variable
from negsim.scenario.model import Scenario
from negsim.scenario.rules import At, Effect, Every, OnEvent, Rule, While
from negsim.scenario.types import Value

Needed = tuple[tuple[str | None, str], Value]


def times_of_rules(scenario: Scenario) -> dict[str, float]:
    """How often one instance of each rule can act in a run; without end where rules trigger each other in a circle."""
    found: dict[str, float] = {}
    left = dict(scenario.rules)
    while True:
        open_events = {emission.event for rule in left.values() for option in rule.options for emission in option.emits}
        settled = {name: rule for name, rule in left.items() if not _waits_for(rule, open_events)}
        if not settled:
            return {**found, **{name: 1 if _spends_any(scenario, rule) else math.inf for name, rule in left.items()}}
        logged = _logged(scenario, found)
        found |= {name: _times(scenario, rule, logged) for name, rule in settled.items()}
        left = {name: rule for name, rule in left.items() if name not in settled}


def instances_of(scenario: Scenario, rule: Rule) -> int:
    """How many instances a rule has."""
    return math.prod(len(scenario.groups[binder.group].members) for binder in rule.binders)


def _waits_for(rule: Rule, events: set[str]) -> bool:
    return isinstance(rule.trigger, OnEvent) and bool(events.intersection(rule.trigger.events))


def _logged(scenario: Scenario, times: Mapping[str, float]) -> dict[str, float]:
    """How often each event is logged at most by the rules whose number is known."""
    found: dict[str, float] = {}
    for name, number in times.items():
        rule = scenario.rules[name]
        said: dict[str, int] = {}
        for option in rule.options:
            for event, count in Counter(emission.event for emission in option.emits).items():
                said[event] = max(said.get(event, 0), count)
        for event, count in said.items():
            found[event] = found.get(event, 0) + count * number * instances_of(scenario, rule)
    return found


def _times(scenario: Scenario, rule: Rule, logged: Mapping[str, float]) -> float:
    """How often one instance can act, where all that triggers it is known."""
    if _spends_any(scenario, rule):
        return 1
    match rule.trigger:
        case At():
            return 1
        case Every(days=days):
            period = Spans(scenario, {}).of(days.tree)
            return scenario.horizon_days // max(1, 1 if period is None else period.low) + 1
        case While():
            return scenario.horizon_days
        case OnEvent(events=events):
            if scenario.talks:
                return math.inf
            total = 0.0
            for event in events:
                total += logged.get(event, 0)
            return total


def _spends_any(scenario: Scenario, rule: Rule) -> bool:
    guards = [guard.tree for guard in (rule.when, rule.still) if guard is not None]
    guards += [rule.trigger.condition.tree] if isinstance(rule.trigger, While) else []
    return any(_spends(scenario, rule, needed) for guard in guards for needed in _needed(guard))


def _spends(scenario: Scenario, rule: Rule, needed: Needed) -> bool:
    """Whether a rule takes away a value that it needs, with every option, and nothing brings it back."""
    key, value = needed
    effects = {
        name: [effect for effect in event.effects if (effect.group, effect.variable) == key]
        for name, event in scenario.events.items()
    }
    if any(not _sets_another(effect, value) for found in effects.values() for effect in found):
        return False
    return all(any(effects[emission.event] for emission in option.emits) for option in rule.options)


def _sets_another(effect: Effect, value: Value) -> bool:
    return isinstance(effect.value.tree, Constant) and effect.value.tree.value != value


def _needed(guard: Node) -> list[Needed]:
    """The variables, each with the value that a condition needs it to have."""
    match guard:
        case Both(items=items):
            return [needed for item in items for needed in _needed(item)]
        case Comparison(operands=(Variable(name=name), Constant(value=value)), operators=("==",)):
            return [((None, name), value)]
        case Comparison(operands=(MemberVariable(name=name, group=group), Constant(value=value)), operators=("==",)):
            return [((group, name), value)]
        case Variable(name=name):
            return [((None, name), True)]
        case MemberVariable(name=name, group=group):
            return [((group, name), True)]
        case Not(item=Variable(name=name)):
            return [((None, name), False)]
        case Not(item=MemberVariable(name=name, group=group)):
            return [((group, name), False)]
        case _:
            return []
