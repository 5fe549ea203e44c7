"""A model as plain values, for `--json`: what the document says, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from negsim.log.text import emission_text
from negsim.scenario.model import Scenario
from negsim.scenario.record import Group
from negsim.scenario.rules import StateVariable
from negsim.scenario.types import Enumeration, Numbers, Type, Value, Whole, allowed
from negsim.show.origin import origin_values, statement_values
from negsim.show.reads import Reach
from negsim.show.rules_json import expression_text, rule_values, said, talks_values
from negsim.show.sentences import may_decide


def model_values(scenario: Scenario, process: str) -> dict[str, Any]:
    """All that the document shows, but for the design concepts and the references."""
    reach = Reach(scenario)
    return {
        "title": scenario.title,
        "hash": scenario.hash,
        **({"languages": [*scenario.languages], "language": scenario.tongue} if scenario.languages else {}),
        "note": scenario.note,
        "purpose": {"statements": len(scenario.statements), "outcomes": list(scenario.outcomes), "forecast": False},
        "scales": {
            "start": scenario.calendar.written(0),
            "horizon_days": scenario.horizon_days,
            "last_date": scenario.calendar.written(scenario.horizon_days),
            "step": scenario.calendar.name,
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
        "rules": [rule_values(scenario, rule) for rule in scenario.rules.values()],
        "talks": [talks_values(scenario, talks) for talks in scenario.talks.values()],
        "outcomes": list(_outcomes(scenario)),
        "measures": list(_measures(scenario)),
        "sources": list(_sources(scenario)),
    }


def _type(kind: Type) -> dict[str, Any]:
    found: dict[str, Any] = {"is": str(kind)}
    values = kind.every if isinstance(kind, Numbers) else allowed(kind)
    if values:
        found["values"] = list(values)
    if isinstance(kind, Enumeration | Numbers) and kind.words:
        found["words"] = dict(kind.words)
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
            "date": scenario.calendar.written(entry.day),
            "day": entry.day,
            "event": entry.emission.text,
            "text": emission_text(scenario, entry.emission),
            "origin": origin_values(scenario, entry.origin),
            "note": entry.note,
            **({"starts": True, "late": entry.late} if entry.starts else {}),
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
            "question": said(scenario, each.question),
            "options": {name: said(scenario, text) for name, text in each.options.items()},
            "default": each.default,
            "of": each.of,
            "holder": each.holder,
            "origin": origin_values(scenario, each.origin),
            "note": each.note,
            "touches": reach.touch(each.name).as_json(),
        }


def _definitions(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for each in scenario.definitions.values():
        binders = {binder.name: binder.group for binder in each.binders}
        yield {"name": each.name, "for": binders, "text": each.text, "type": _type(each.type)}


def _outcomes(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for each in scenario.outcomes.values():
        text = said(scenario, each.text)
        yield {
            "name": each.name,
            "when": expression_text(each.when),
            "ends": each.ends,
            "text": text,
            "note": each.note,
        }


def _measures(scenario: Scenario) -> Iterator[dict[str, Any]]:
    for each in scenario.measures.values():
        expression = each.expression.text
        text = said(scenario, each.text)
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
