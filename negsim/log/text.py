"""Names, values and logged events in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from negsim.clean import one_line
from negsim.log.event import LoggedEvent
from negsim.scenario.called import issues_called, package_called, place_type, red_line_words
from negsim.scenario.expressions import Bound, Constant, Node, ParameterValue, ReadingChoice, Variable
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Emission, Event, Field, Measure
from negsim.scenario.types import ActorOf, Enumeration, Numbers, Type, Value
from negsim.scenario.words import DECIDED, PLACE, UNSETTLED
from negsim.wording import in_words

LARGE = 10**15  # from here on a whole number is shown by its size

# The values of parameters that texts name; a word where one has no single value.
Values = Mapping[str, float | str]

# The name of a field or a parameter in braces, or a doubled brace. Nothing else in a text has a meaning.
_PLACE = re.compile(rf"\{{\{{|\}}\}}|\{{({PLACE})\}}")


def value_words(scenario: Scenario, value: Value, kind: Type | None = None) -> str:
    """A value as a reader says it: an actor by name, an enumeration's value in the author's words or its own."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(kind, Numbers):
        return kind.words.get(str(value), str(value))
    if not isinstance(value, str):
        return number_words(value)
    if isinstance(kind, ActorOf) and value in scenario.actors:
        return scenario.actors[value].name
    return in_words(value, kind.words if isinstance(kind, Enumeration) else None)


def place_words(scenario: Scenario, name: str, value: Value) -> str:
    """What stands in a place of the state (`front`, `france.force`, `talks.issue`), or an attribute, in words."""
    return value_words(scenario, value, place_type(scenario, name))


def given_words(scenario: Scenario, name: str, value: Value) -> str | None:
    """The author's own words for a value in a place of the state, or of an attribute; nothing where there are none."""
    kind = place_type(scenario, name)
    return kind.words.get(str(value)) if isinstance(kind, Enumeration | Numbers) else None


def number_words(value: float) -> str:
    """A number without digits that say nothing: `1`, `0.004`."""
    return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)


def rounded_words(value: float | None) -> str:
    """A number with as many digits as say something; `none` for nothing."""
    if value is None:
        return "none"
    size = abs(value)
    if value == int(value) or 1000 <= size < LARGE:  # noqa: PLR2004 - no digit after the point says anything
        return f"{round(value):,}" if size < LARGE else f"{value:.3g}"
    return f"{value:.3g}"


def own_values(scenario: Scenario) -> dict[str, float]:
    """The scenario's own value of each parameter."""
    return {name: each.value for name, each in scenario.parameters.items()}


def without_varied(values: Mapping[str, float], varied: Iterable[str]) -> dict[str, float | str]:
    """The values of parameters for texts: those that are varied have no single one, and stand there by name."""
    return {**values, **{name: f"[{in_words(name)}]" for name in varied if name in values}}


def filled(template: str, values: Values, fields: Mapping[str, str] | None = None) -> str:
    """A text on one line, with each `{field}` in its words and each `{parameter}` by its value.

    A name that is neither stays as it is written.
    """
    words = fields or {}

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return match[0][0]
        if name in words:
            return words[name]
        value = values.get(name)
        return match[0] if value is None else value if isinstance(value, str) else number_words(value)

    return one_line(_PLACE.sub(put, template))


def outcome_text(scenario: Scenario, outcome: str, values: Values) -> str | None:
    """What an outcome means under some values of the parameters; nothing where the author does not say it."""
    text = scenario.outcomes[outcome].text
    return None if text is None else filled(text, values)


def measure_label(measure: Measure, values: Values) -> str:
    """What a measure is called in a table: its text without a full stop, or its name in words."""
    return filled(measure.text, values).removesuffix(".") if measure.text else in_words(measure.name)


def event_text(scenario: Scenario, event: LoggedEvent, values: Values) -> str:
    """A logged event as a sentence: its template filled in, or its name and fields in words."""
    declared = scenario.events.get(event.event)
    kinds = {} if declared is None else {field.name: field.type for field in declared.fields}
    words = {name: value_words(scenario, value, kinds.get(name)) for name, value in event.fields.items()}
    if event.event == DECIDED:
        return _decision_text(scenario, event, values)
    if event.event in scenario.said_at_talks:
        return _talks_text(scenario, event, words)
    if declared is not None and declared.text is not None:
        return filled(declared.text, values, words)
    return _named(event.event, words)


def emission_text(scenario: Scenario, emission: Emission) -> str:
    """What an emission will log, in words; what is known in a run alone stands in brackets."""
    declared = scenario.events[emission.event]
    pairs = zip(declared.fields, emission.arguments, strict=True)
    words = {field.name: _argument_words(scenario, argument, field) for field, argument in pairs}
    return filled(declared.text, own_values(scenario), words) if declared.text else _named(emission.event, words)


def pattern_text(scenario: Scenario, event: Event) -> str:
    """A kind of event in words, its fields in brackets: `[member] deploys.`."""
    called = issues_called(scenario.talks.values()) if event.name in scenario.said_at_talks else None
    fields = {field.name: in_words(field.name, called) for field in event.fields}
    if not event.text:
        return _named(event.name, fields)
    return filled(event.text, own_values(scenario), {name: f"[{words}]" for name, words in fields.items()})


def _argument_words(scenario: Scenario, node: Node, field: Field) -> str:
    if isinstance(node, Constant):
        return value_words(scenario, node.value, field.type)
    if isinstance(node, Bound | Variable | ParameterValue | ReadingChoice):
        return f"[{in_words(node.name)}]"
    return f"[{in_words(field.name)}]"


def _decision_text(scenario: Scenario, event: LoggedEvent, values: Values) -> str:
    """`France decides: stay (stay or withdraw).`, and what the author says that the option means."""
    fields = event.fields
    who = "A decision" if event.actor is None else f"{value_words(scenario, event.actor, ActorOf(()))} decides"
    option, _, member = str(fields.get("option", event.option or "")).partition("[")
    about = value_words(scenario, member.removesuffix("]"), ActorOf(())) if member else ""
    chosen = in_words(option) + (f", {about}" if about else "")
    rule = str(fields.get("rule", event.rule or ""))
    said = one_line(f"{who}: {chosen} ({in_words(rule)}).")
    options = scenario.rules[rule].options if rule in scenario.rules else ()
    means = next((each.text for each in options if each.name == option), None)
    return f"{said} {filled(means, values)}" if means else said


def option_called(scenario: Scenario, rule: str | None, option: str, values: Values) -> str:
    """An option of a choice by its name in words, with what the author says that it means: `wait (They wait)`."""
    name, _, member = option.partition("[")
    means = option_meaning(scenario, rule, option, values)
    about = value_words(scenario, member.removesuffix("]"), ActorOf(())) if member else ""
    said = in_words(name) + (f", {about}" if about else "")
    return said if means is None else f"{said} ({means})"


def option_meaning(scenario: Scenario, rule: str | None, option: str, values: Values) -> str | None:
    """What the author says that an option of a choice means, without a full stop; nothing where there is no text."""
    found = scenario.rules.get(rule or "")
    name = option.partition("[")[0]
    means = next((each.text for each in found.options if each.name == name), None) if found else None
    return None if means is None else filled(means, values).removesuffix(".")


def _talks_text(scenario: Scenario, event: LoggedEvent, words: Mapping[str, str]) -> str:
    """What talks log by themselves: `Russia refuses: red line no western forces.`."""
    talks = str(event.fields["talks"])
    of = f"{in_words(talks)}: " if len(scenario.talks) > 1 else ""
    match event.event:
        case "lapsed":
            return one_line(f"{talks_name(talks, start=True)} end without agreement.")
        case "ended":
            return one_line(f"The agreement of {talks_name(talks)} ends: notice was given.")
        case "ran_on":
            return one_line(f"The agreement of {talks_name(talks)} runs on.")
        case "left":
            return one_line(f"{of}{words['party']} leaves the talks.")
        case "refused":
            return one_line(f"{of}{words['party']} refuses: {_refusal(scenario, event)}.")
        case "passed":
            return one_line(f"{of}{words['party']} passes.")
    # The events of all talks have the issues of all talks; those of others are unsettled.
    held = scenario.talks[talks]
    settled = {name: str(event.fields[name]) for name in held.issues if event.fields[name] != UNSETTLED}
    who = f"{words['party']} offers" if event.event == "offered" else "The parties agree"
    return one_line(f"{of}{who}: {package_called(held, settled)}.")


def talks_name(name: str, *, start: bool = False) -> str:
    """Talks by their name, in a sentence: `the settlement talks`, `the water talks`."""
    words = in_words(name)
    return ("The " if start else "the ") + (words if "talks" in words.split() else f"{words} talks")


def _refusal(scenario: Scenario, event: LoggedEvent) -> str:
    """Why a package is refused: the red line, or what it is worth against what is looked for."""
    reason = str(event.fields["reason"])
    if reason != "utility":
        position = scenario.talks[str(event.fields["talks"])].positions.get(str(event.fields["party"]))
        line = None if position is None else position.red_lines.get(reason)
        return f"red line {in_words(reason)}" if line is None else red_line_words(line)
    worth, wanted = (float(event.fields[name]) / 1000 for name in ("worth", "aspiration"))
    digits = 2 if f"{worth:.2f}" != f"{wanted:.2f}" else 3
    return f"it is worth {worth:.{digits}f} to it, it looks for {wanted:.{digits}f}"


def _named(event: str, words: Mapping[str, str]) -> str:
    """An event without a text: `Stop marked (kind: initialling)`."""
    name = in_words(event)
    fields = ", ".join(f"{in_words(field)}: {value}" for field, value in words.items())
    return name[:1].upper() + name[1:] + (f" ({fields})" if fields else "")
