"""A model as plain values, for `--json`: what the document says, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from negsim.log.text import emission_text, filled, own_values
from negsim.scenario.expressions import Expression
from negsim.scenario.model import (
    At,
    Delay,
    Every,
    FixedDelay,
    GeometricDelay,
    Group,
    OnEvent,
    Option,
    Position,
    Rule,
    Scenario,
    StateVariable,
    Talks,
    UniformDelay,
    While,
)
from negsim.scenario.types import Type, Value, Whole, allowed
from negsim.show.origin import origin_values, statement_values
from negsim.show.reads import Reach
from negsim.show.sentences import may_decide, rule_lines
from negsim.show.talks import talks_lines


def model_values(scenario: Scenario, process: str) -> dict[str, Any]:
    """All that the document shows, but for the design concepts and the references."""
    reach = Reach(scenario)
    return {
        "title": scenario.title,
        "hash": scenario.hash,
        "note": scenario.note,
        "purpose": {"statements": len(scenario.statements), "outcomes": list(scenario.outcomes), "forecast": False},
        "scales": {
            "start": scenario.start.isoformat(),
            "horizon_days": scenario.horizon_days,
            "last_date": scenario.date_of(scenario.horizon_days).isoformat(),
            "step": "day",
        },
        "actors": list(_actors(scenario)),
        "groups": [_group(scenario, group) for group in scenario.groups.values()],
        "state": [_variable(scenario, variable) for variable in scenario.variables.values()],
        "events": list(_events(scenario)),
        "process": process,
        "history": list(_history(scenario)),
        "parameters": list(_parameters(scenario, reach)),
        "readings": list(_readings(scenario, reach)),
        "definitions": list(_definitions(scenario)),
        "rules": [_rule(scenario, rule) for rule in scenario.rules.values()],
        "talks": [_talks(scenario, talks) for talks in scenario.talks.values()],
        "outcomes": list(_outcomes(scenario)),
        "measures": list(_measures(scenario)),
        "sources": list(_sources(scenario)),
    }


def _type(kind: Type) -> dict[str, Any]:
    found: dict[str, Any] = {"is": str(kind)}
    if allowed(kind):
        found["values"] = list(allowed(kind))
    if isinstance(kind, Whole) and kind.low is not None:
        found["range"] = [kind.low, kind.high]
    return found


def _actors(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for actor in scenario.actors.values():
        yield {
            "id": actor.id,
            "name": actor.name,
            "groups": [group.id for group in scenario.groups.values() if actor.id in group.members],
            "decides": [rule.name for rule in scenario.rules.values() if actor.id in may_decide(scenario, rule)],
            "origin": origin_values(scenario, actor.origin),
            "note": actor.note,
        }


def _group(scenario: Scenario, group: Group) -> dict[str, Any]:
    def given(member: str, name: str) -> dict[str, Any]:
        return {
            "value": group.given[member, name],
            "origin": origin_values(scenario, group.origins.get((member, name))),
        }

    return {
        "id": group.id,
        "members": [
            {"id": member, "attributes": {name: given(member, name) for name in group.attributes}}
            for member in group.members
        ],
        "attributes": [
            {"name": kind.name, "type": _type(kind.type), "default": kind.default} for kind in group.attributes.values()
        ],
        "origin": origin_values(scenario, group.origin),
        "note": group.note,
    }


def _variable(scenario: Scenario, variable: StateVariable) -> dict[str, Any]:
    initial: Value | dict[str, Value] = dict(variable.initial)
    if variable.group is None:
        initial = variable.initial[""]
    return {
        "name": variable.name,
        "group": variable.group,
        "type": _type(variable.type),
        "initial": initial,
        "origin": origin_values(scenario, variable.origin),
        "note": variable.note,
    }


def _events(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for event in scenario.events.values():
        yield {
            "name": event.name,
            "text": event.text,
            "fields": {field.name: _type(field.type) for field in event.fields},
            "set": {effect.target: effect.value.text for effect in event.effects},
            "origin": origin_values(scenario, event.origin),
            "note": event.note,
        }


def _history(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for entry in scenario.history:
        yield {
            "date": scenario.date_of(entry.day).isoformat(),
            "day": entry.day,
            "event": entry.emission.text,
            "text": emission_text(scenario, entry.emission),
            "origin": origin_values(scenario, entry.origin),
            "note": entry.note,
        }


def _parameters(scenario: Scenario, reach: Reach) -> Iterator[dict[str, Any]]:
    for each in scenario.parameters.values():
        yield {
            "name": each.name,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "unit": each.unit,
            "whole": each.whole,
            "rule": each.rule,
            "origin": origin_values(scenario, each.origin),
            "note": each.note,
            "touches": reach.touch(each.name).as_json(),
        }


def _readings(scenario: Scenario, reach: Reach) -> Iterator[dict[str, Any]]:
    for each in scenario.readings.values():
        yield {
            "name": each.name,
            "question": _said(scenario, each.question),
            "options": {name: _said(scenario, text) for name, text in each.options.items()},
            "default": each.default,
            "origin": origin_values(scenario, each.origin),
            "note": each.note,
            "touches": reach.touch(each.name).as_json(),
        }


def _definitions(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for each in scenario.definitions.values():
        binders = {binder.name: binder.group for binder in each.binders}
        yield {"name": each.name, "for": binders, "text": each.text, "type": _type(each.type)}


def _text(expression: Expression | None) -> str | None:
    return None if expression is None else expression.text


def _said(scenario: Scenario, text: str | None) -> str | None:
    """A text under the scenario's own parameters."""
    return None if text is None else filled(text, own_values(scenario))


def _rule(scenario: Scenario, rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "markdown": "\n".join(rule_lines(scenario, rule)),
        **_trigger(rule),
        "from": _text(rule.from_day),
        "until": _text(rule.until_day),
        "for": {binder.name: binder.group for binder in rule.binders},
        "when": _text(rule.when),
        "chance": _text(rule.chance),
        "after": _delay(rule.delay),
        "still": _text(rule.still),
        "unless": [pattern.text for pattern in rule.unless],
        "by": _text(rule.by),
        "may_decide": list(may_decide(scenario, rule)),
        "choice": rule.chooses,
        "options": [_option(scenario, option) for option in rule.options],
        "origin": origin_values(scenario, rule.origin),
        "note": rule.note,
    }


def _trigger(rule: Rule) -> dict[str, Any]:
    match rule.trigger:
        case OnEvent() as trigger:
            return {"trigger": "on", "on": list(trigger.events)}
        case While() as trigger:
            return {"trigger": "while", "while": trigger.condition.text}
        case At() as trigger:
            return {"trigger": "at", "at": trigger.day.text}
        case Every() as trigger:
            return {"trigger": "every", "every": trigger.days.text}


def _delay(delay: Delay | None) -> str | None:
    match delay:
        case None:
            return None
        case FixedDelay():
            return delay.days.text
        case UniformDelay() | GeometricDelay():
            return delay.text


def _option(scenario: Scenario, option: Option) -> dict[str, Any]:
    return {
        "name": option.name,
        "text": _said(scenario, option.text),
        "weight": _text(option.weight),
        "when": _text(option.when),
        "for": None if option.binder is None else {option.binder.name: option.binder.group},
        "emits": [{"event": e.event, "call": e.text, "text": emission_text(scenario, e)} for e in option.emits],
    }


def _talks(scenario: Scenario, talks: Talks) -> dict[str, Any]:
    opens = talks.opens
    return {
        "name": talks.name,
        "markdown": "\n".join(talks_lines(scenario, talks, 1)),
        "parties": list(talks.parties),
        "consulted": list(talks.consulted),
        "protocol": talks.protocol,
        "mediator": talks.mediator,
        "opens": None if isinstance(opens, OnEvent) else opens.day.text,
        "on": list(opens.events) if isinstance(opens, OnEvent) else [],
        "every": talks.every.text,
        "rounds": talks.rounds.text,
        "while": _text(talks.condition),
        "reopens": list(talks.reopens),
        "issues": {issue: list(options) for issue, options in talks.issues.items()},
        "agreed": None if talks.agreed is None else talks.agreed.text,
        "positions": [_position(scenario, talks, position) for position in talks.positions.values()],
        "origin": origin_values(scenario, talks.origin),
        "note": talks.note,
    }


def _position(scenario: Scenario, talks: Talks, position: Position) -> dict[str, Any]:
    values: dict[str, dict[str, str]] = {}
    for (issue, option), worth in position.values.items():
        values.setdefault(issue, {})[option] = worth.text
    return {
        "name": f"{talks.name}.{position.party}",
        "party": position.party,
        "red_lines": [
            {
                "name": line.name,
                "never": line.never.text,
                "when": _text(line.when),
                "origin": origin_values(scenario, line.origin),
                "note": line.note,
            }
            for line in position.red_lines.values()
        ],
        "values": values,
        "cap": _text(position.cap),
        "fallback": position.fallback.text,
        "concession": position.concession.text,
        "strategy": position.strategy,
        "origin": origin_values(scenario, position.origin),
        "note": position.note,
    }


def _outcomes(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for each in scenario.outcomes.values():
        text = _said(scenario, each.text)
        yield {"name": each.name, "when": _text(each.when), "ends": each.ends, "text": text, "note": each.note}


def _measures(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for each in scenario.measures.values():
        expression = each.expression.text
        text = _said(scenario, each.text)
        yield {"name": each.name, "expression": expression, "unit": each.unit, "text": text, "note": each.note}


def _sources(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for source in scenario.sources.values():
        stated = [each for each in scenario.statements.values() if each.source == source.id]
        yield {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "date": source.date,
            "language": source.language,
            "url": source.url,
            "note": source.note,
            "statements": [statement_values(scenario, each) for each in stated],
        }
