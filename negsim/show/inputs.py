"""What goes into a model, in Markdown: its parameters, and for each reading what happens if it is another one."""

from __future__ import annotations

from collections.abc import Sequence

from negsim.log.text import filled, number_words, own_values
from negsim.scenario.held import open_questions
from negsim.scenario.model import Scenario
from negsim.scenario.parts import rule_parts
from negsim.scenario.record import Parameter, Reading
from negsim.show.markdown import code, listed, prose, table
from negsim.show.origin import origin_cell, origin_lines
from negsim.show.reads import Only, Reach, Reader, Touch, named
from negsim.wording import in_words

_PLURALS = {
    "rule": "rules",
    "definition": "definitions",
    "event": "what events set",
    "talks": "talks",
    "position": "positions",
    "red line": "red lines",
    "outcome": "outcomes",
    "measure": "measures",
}


def parameter_lines(scenario: Scenario, reach: Reach) -> list[str]:
    """The table of parameters, with the readings under which alone each can matter."""
    if not scenario.parameters:
        return ["None.", ""]
    rows = [_parameter_row(scenario, parameter, reach) for parameter in scenario.parameters.values()]
    head = ["Parameter", "Value", "Range", "Unit", "Origin, note", "Read by", "Can matter only if"]
    return [*table(head, rows), ""]


def _parameter_row(scenario: Scenario, parameter: Parameter, reach: Reach) -> list[str]:
    touch = reach.touch(parameter.name)
    values = [number_words(each) for each in (parameter.value, parameter.low, parameter.high)]
    origin = _owner(scenario, parameter) or origin_cell(parameter.origin)
    note = f" Note: {prose(parameter.note)}" if parameter.note else ""
    return [
        code(parameter.name),
        values[0],
        "fixed" if parameter.low == parameter.high else f"{values[1]} to {values[2]}",
        prose(parameter.unit or "—"),
        origin + note,
        ", ".join(code(reader.name) for reader in touch.readers if reader.kind != "definition") or "nothing",
        _needs(scenario, touch),
    ]


def _owner(scenario: Scenario, parameter: Parameter) -> str | None:
    """In what a parameter is written, whose words do not state it; nothing where it has an origin of its own."""
    if parameter.rule is None:
        return None
    talks = scenario.talks.get(parameter.rule)
    if talks is None or parameter.name in _of_rules(scenario, parameter.rule):
        return f"the author's number in its rule {code(parameter.rule)}"
    party = parameter.name.split(".")[1]
    if party in talks.positions and parameter.origin == talks.positions[party].origin:
        return f"the author's number in its position {code(f'{talks.name}.{party}')}"
    return f"the author's number in its talks {code(talks.name)}"


def _of_rules(scenario: Scenario, rule: str) -> frozenset[str]:
    """The parameters that a rule itself reads; talks may have its name."""
    found = scenario.rules.get(rule)
    return frozenset() if found is None else frozenset().union(*(named(tree) for _, tree in rule_parts(found)))


def _needs(scenario: Scenario, touch: Touch) -> str:
    return listed(_condition(scenario.readings[name], options) for name, options in touch.needs.items()) or "—"


def _condition(reading: Reading, options: tuple[str, ...]) -> str:
    return f"{code(reading.name)} is {listed((code(option) for option in options), 'or')}"


def reading_lines(scenario: Scenario, reach: Reach) -> list[str]:
    """Each reading: its question, its options, what stands behind it, what it touches."""
    if not scenario.readings:
        return ["None: the model takes no words as open to more than one reading.", ""]
    lines: list[str] = []
    for number, (name, every) in enumerate(open_questions(scenario).items(), start=1):
        reading = every[0]
        switch = f"A switch named {code(name)}" + (", which each of its holders has" if reading.holder else "")
        lines += [
            f"##### {number}. {prose(_question(scenario, reading))}",
            "",
            f"{switch}. The question arises from what stands here; the answer is a choice.",
            "",
        ]
        lines += [*origin_lines(scenario, reading.origin), ""]
        if reading.note:
            lines += [f"Note: {prose(reading.note)}", ""]
        for alike in _alike(scenario, every, reach):
            holders = [f"{scenario.actors[each.holder].name} ({code(each.name)})" for each in alike if each.holder]
            lines += [f"As {listed(holders)} read{'s' if len(holders) == 1 else ''} it:", ""] if holders else []
            called = alike[0].name if len(alike) == 1 else name if len(alike) == len(every) else f"{name}.HOLDER"
            lines += [*what_if(scenario, alike[0], reach.touch(alike[0].name), called=called), ""]
    return lines


def _alike(scenario: Scenario, every: Sequence[Reading], reach: Reach) -> list[list[Reading]]:
    """The readings of one question by holders for whom the same follows from each answer."""
    found: dict[tuple[str, ...], list[Reading]] = {}
    for reading in every:
        lines = what_if(scenario, reading, reach.touch(reading.name), called="")
        found.setdefault(tuple(lines), []).append(reading)
    return list(found.values())


def _question(scenario: Scenario, reading: Reading) -> str:
    if reading.question is None:
        return f"What does {in_words(reading.of or reading.name)} mean?"
    return filled(reading.question, own_values(scenario))


def what_if(scenario: Scenario, reading: Reading, touch: Touch, *, called: str) -> list[str]:
    """The answers of a reading as a list, the default first, and what the reading touches.

    `called` is the name by which it is read otherwise.
    """
    options = {name: prose(filled(text, own_values(scenario))) for name, text in reading.options.items()}
    default = options[reading.default]
    lines = [f"- **By default:** {default} ({code(reading.default)}){_alone(touch, reading.default)}"]
    for option, meaning in options.items():
        if option != reading.default:
            tried = code(f"--read {called}={option}")
            lines.append(f"- **What if:** {meaning} ({tried}){_alone(touch, option)}")
    lines += ["", f"What it touches: {_touched(scenario, touch)}"]
    if touch.needs:
        lines.append(f"It can matter only if {_needs(scenario, touch)}.")
    return lines


def _alone(touch: Touch, option: str) -> str:
    """What can matter under this option and not under every other."""
    only = touch.only[option]
    rest = [each for name, each in touch.only.items() if name != option]
    kinds = {"rules": "rule", "parameters": "parameter", "readings": "reading"}
    found = [f"{_count(getattr(only, kind), word)}" for kind, word in kinds.items() if getattr(only, kind)]
    if not found:
        return ""
    shared = any(_shares(only, each) for each in rest)
    return f" — {'Under this answer, and not under all others' if shared else 'Only then'}, {listed(found)} can matter."


def _shares(one: Only, other: Only) -> bool:
    return any(set(getattr(one, kind)) & set(getattr(other, kind)) for kind in ("rules", "parameters", "readings"))


def _count(names: tuple[str, ...], word: str) -> str:
    return f"the {word}{'s' if len(names) > 1 else ''} {listed(code(name) for name in names)}"


def _touched(scenario: Scenario, touch: Touch) -> str:
    if not touch.readers:
        talks = ", position" if scenario.talks else ""
        return f"nothing. No rule, definition{talks}, outcome or measure reads it."
    found = []
    for kind, plural in _PLURALS.items():
        readers = touch.of_kind(kind)
        if readers:
            found.append(f"{kind if len(readers) == 1 and kind != 'event' else plural} {listed(map(_reader, readers))}")
    return "; ".join(found) + "."


def _reader(reader: Reader) -> str:
    keys = "" if reader.kind in ("definition", "measure", "outcome", "event") else f"{', '.join(_keys(reader))}"
    through = f"through {listed(code(name) for name in reader.through)}" if reader.through else ""
    inside = "; ".join(part for part in (keys, through) if part)
    return code(reader.name) + (f" ({inside})" if inside else "")


def _keys(reader: Reader) -> list[str]:
    """The keys of a rule, options' keys told once: `while`, `chance`, `weights of options`."""
    keys = [key if not key.startswith("option ") else f"{key.rpartition(': ')[2]} of an option" for key in reader.parts]
    return [prose(key) for key in dict.fromkeys(keys)]
