"""Rules and talks of a model as plain values, for `--json`."""

from __future__ import annotations

from typing import Any

from negsim.log.text import emission_text, filled, own_values
from negsim.scenario.expressions import Expression
from negsim.scenario.model import Scenario
from negsim.scenario.rules import (
    At,
    Delay,
    Every,
    FixedDelay,
    GeometricDelay,
    OnEvent,
    Option,
    Rule,
    UniformDelay,
    While,
)
from negsim.scenario.talks import Position, Talks
from negsim.show.origin import origin_values
from negsim.show.sentences import may_decide, rule_lines
from negsim.show.talks import talks_lines


def expression_text(expression: Expression | None) -> str | None:
    """The words of an expression, if there is one."""
    return None if expression is None else expression.text


def said(scenario: Scenario, text: str | None) -> str | None:
    """A text under the scenario's own parameters."""
    return None if text is None else filled(text, own_values(scenario))


def rule_values(scenario: Scenario, rule: Rule) -> dict[str, Any]:
    """A rule: when it is triggered, what holds it back, what it does, and in sentences."""
    return {
        "name": rule.name,
        "markdown": "\n".join(rule_lines(scenario, rule)),
        **_trigger(rule),
        "from": expression_text(rule.from_day),
        "until": expression_text(rule.until_day),
        "for": {binder.name: binder.group for binder in rule.binders},
        "when": expression_text(rule.when),
        "chance": expression_text(rule.chance),
        "after": _delay(rule.delay),
        "still": expression_text(rule.still),
        "unless": [pattern.text for pattern in rule.unless],
        "by": expression_text(rule.by),
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
        "text": said(scenario, option.text),
        "weight": expression_text(option.weight),
        "when": expression_text(option.when),
        "for": None if option.binder is None else {option.binder.name: option.binder.group},
        "emits": [{"event": e.event, "call": e.text, "text": emission_text(scenario, e)} for e in option.emits],
    }


def talks_values(scenario: Scenario, talks: Talks) -> dict[str, Any]:
    """Talks: when they open, who sits there, what is negotiated, what each wants, and in sentences."""
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
        "while": expression_text(talks.condition),
        "reopens": list(talks.reopens),
        **({"needs": list(talks.needs)} if talks.needs else {}),
        **_term(talks),
        "issues": {issue: list(options) for issue, options in talks.issues.items()},
        **_words(talks),
        "agreed": None if talks.agreed is None else talks.agreed.text,
        "positions": [_position(scenario, talks, position) for position in talks.positions.values()],
        "origin": origin_values(scenario, talks.origin),
        "note": talks.note,
    }


def _term(talks: Talks) -> dict[str, Any]:
    """For how long an agreement is in force, where that has an end."""
    return {"until_notice": talks.until_notice.text, "notice": list(talks.notice)} if talks.until_notice else {}


def _words(talks: Talks) -> dict[str, Any]:
    """The author's words for issues and options, where there are some."""
    options = {issue: dict(words) for issue, words in talks.option_words.items() if words}
    found = {"issues": dict(talks.issue_words), "options": options}
    return {"words": found} if talks.issue_words or options else {}


def _position(scenario: Scenario, talks: Talks, position: Position) -> dict[str, Any]:
    values: dict[str, dict[str, str]] = {}
    for (issue, option), worth in position.values.items():
        values.setdefault(issue, {})[str(option)] = worth.text
    return {
        "name": f"{talks.name}.{position.party}",
        "party": position.party,
        "red_lines": [
            {
                "name": line.name,
                **({} if line.text is None else {"text": line.text}),
                "never": line.never.text,
                "when": expression_text(line.when),
                "origin": origin_values(scenario, line.origin),
                "note": line.note,
            }
            for line in position.red_lines.values()
        ],
        "values": values,
        "cap": expression_text(position.cap),
        "fallback": position.fallback.text,
        "concession": position.concession.text,
        "strategy": position.strategy,
        **({"leaves": position.leaves.text} if position.leaves else {}),
        "origin": origin_values(scenario, position.origin),
        "note": position.note,
    }
