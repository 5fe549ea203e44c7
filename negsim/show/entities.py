"""The entities of a model in Markdown: scales, actors, groups, state, events, and how all begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from negsim.log.text import emission_text, pattern_text, value_words
from negsim.scenario.calendar_steps import Step
from negsim.scenario.model import Scenario
from negsim.scenario.record import Actor, AttributeKind, Group
from negsim.scenario.rules import Effect, Event, HistoryEntry, StateVariable
from negsim.scenario.types import ActorOf, Enumeration, Numbers, Type, Value, allowed
from negsim.scenario.words import DECIDED
from negsim.show.markdown import code, listed, prose, table
from negsim.show.origin import origin_cell
from negsim.show.sentences import may_decide
from negsim.wording import counted, on_step

MANY_VALUES = 12


def entity_lines(scenario: Scenario) -> list[str]:
    """Section 2 of the document."""
    return [
        *_scales(scenario),
        *_actors(scenario),
        *(line for group in scenario.groups.values() for line in _group(scenario, group)),
        *_state(scenario),
        *_events(scenario),
    ]


def _scales(scenario: Scenario) -> list[str]:
    calendar, horizon = scenario.calendar, scenario.horizon_days
    first, last = (f"{calendar.name} {step} ({calendar.written(step)})" for step in (0, horizon))
    steps = f"{calendar.plural}, from {first} to {last} at the latest"
    return [
        f"**Scales.** Time goes by whole {steps}. There is no space but what the state variables say.",
        "",
    ]


def _actors(scenario: Scenario) -> list[str]:
    if not scenario.actors:
        return ["**Actors.** None is named.", ""]
    decides: dict[str, list[str]] = {}
    for rule in scenario.rules.values():
        for actor in may_decide(scenario, rule):
            decides.setdefault(actor, []).append(rule.name)
    rows = [_actor_row(scenario, actor, decides.get(actor.id, [])) for actor in scenario.actors.values()]
    return ["### Actors", "", *table(["Actor", "Id", "Groups", "May decide in", "Origin"], rows), ""]


def _actor_row(scenario: Scenario, actor: Actor, decides: list[str]) -> list[str]:
    groups = [code(group.id) for group in scenario.groups.values() if actor.id in group.members]
    return [
        prose(actor.name),
        code(actor.id),
        ", ".join(groups) or "—",
        ", ".join(code(rule) for rule in decides) or "—",
        _remark(actor.note, origin_cell(actor.origin)),
    ]


def _group(scenario: Scenario, group: Group) -> list[str]:
    lines = [f"### Group {code(group.id)} ({counted(len(group.members), 'member')})", ""]
    if group.origin is not None:
        lines += [f"Who belongs to it — {origin_cell(group.origin)}", ""]
    if group.note:
        lines += [f"Note: {prose(group.note)}", ""]
    if not group.attributes:
        names = (prose(scenario.actors[member].name) for member in group.members)
        return [*lines, f"Members, in the order in which they act: {listed(names)}.", ""]
    lines.append("What is fixed about a member:")
    lines.append("")
    lines += [f"- {_attribute(scenario, kind)}" for kind in group.attributes.values()]
    head = ["Member", *(prose(name) for name in group.attributes), "Origin of what is not a default"]
    rows = [_member_row(scenario, group, member) for member in group.members]
    return [*lines, "", "Members, in the order in which they act:", "", *table(head, rows), ""]


def _attribute(scenario: Scenario, kind: AttributeKind) -> str:
    shown = f"{code(kind.name)}: {type_words(scenario, kind.type)}"
    if kind.default is None:
        return shown
    return f"{shown}; where nothing is given: {prose(value_words(scenario, kind.default, kind.type))}"


def _member_row(scenario: Scenario, group: Group, member: str) -> list[str]:
    """A member's attributes, defaults in brackets, and where the others come from, alike ones together."""
    cells = [prose(scenario.actors[member].name)]
    by_origin: dict[str, list[str]] = {}
    for kind in group.attributes.values():
        value = group.given[member, kind.name]
        shown = prose(value_words(scenario, value, kind.type))
        origin = group.origins.get((member, kind.name))
        if value == kind.default and origin is None:
            cells.append(f"({shown})")
            continue
        cells.append(shown)
        origin = origin or scenario.actors[member].origin or group.origin
        by_origin.setdefault(origin_cell(origin) if origin else "*no origin given*", []).append(prose(kind.name))
    return [*cells, "; ".join(f"{', '.join(names)}: {origin}" for origin, names in by_origin.items()) or "—"]


def _state(scenario: Scenario) -> list[str]:
    if not scenario.variables:
        return ["**State.** No state variable.", ""]
    rows = [
        [
            code(variable.name),
            "the whole" if variable.group is None else f"each member of {code(variable.group)}",
            type_words(scenario, variable.type),
            initial_words(scenario, variable),
            _remark(variable.note, origin_cell(variable.origin)),
        ]
        for variable in scenario.variables.values()
    ]
    return ["### State variables", "", *table(["Variable", "Of", "Values", "At the start", "Origin, note"], rows), ""]


def _remark(note: str | None, origin: str) -> str:
    if not note:
        return origin
    return f"Note: {prose(note)}" if origin == "—" else f"{origin} Note: {prose(note)}"


def initial_words(scenario: Scenario, variable: StateVariable) -> str:
    """How a variable begins: one value, or what most members have and who has another."""
    counted = Counter(variable.initial.values())
    most, _ = counted.most_common(1)[0]
    usual = value_words(scenario, most, variable.type)
    others = [
        f"{prose(scenario.actors[member].name)}: {value_words(scenario, value, variable.type)}"
        for member, value in variable.initial.items()
        if value != most and member in scenario.actors
    ]
    return usual if not others else f"{'; '.join(others)}; the others: {usual}"


def type_words(scenario: Scenario, kind: Type) -> str:
    """What a value of a type can be; a value that has words of the author's also by the name that expressions use."""
    words: tuple[Value, ...] = kind.every if isinstance(kind, Numbers) else allowed(kind)
    if isinstance(kind, ActorOf) and (kind.group or len(words) > MANY_VALUES):
        return f"{kind}{' or nobody' if kind.nobody else ''}"
    if not words or len(words) > 10 * MANY_VALUES:
        return str(kind)
    given = kind.words if isinstance(kind, Enumeration | Numbers) else {}
    said = [value_words(scenario, word, kind) for word in words]
    names = (
        f" ({code(str(word))})" if str(word) in given and text != word else ""
        for word, text in zip(words, said, strict=True)
    )
    return ", ".join(f"{prose(text)}{name}" for text, name in zip(said, names, strict=True))


def _events(scenario: Scenario) -> list[str]:
    lines = ["### Events", "", "The only things that are logged, and the only way the state changes.", ""]
    head = ["Event", "Reads as", "Fields", "Sets", "Origin, note"]
    rows = [_event_row(scenario, event) for event in scenario.events.values() if event.name != DECIDED]
    if DECIDED in scenario.events:
        closing = (
            f"Besides, a decision for an option that logs nothing is logged as {code(DECIDED)}, which changes nothing."
        )
        return [*lines, *table(head, rows), "", closing, ""]
    return [*lines, *table(head, rows), ""] if rows else []


def _event_row(scenario: Scenario, event: Event) -> list[str]:
    fields = (f"{code(field.name)}: {type_words(scenario, field.type)}" for field in event.fields)
    return [
        code(event.name),
        prose(pattern_text(scenario, event)),
        "; ".join(fields) or "—",
        "; ".join(_effect(effect) for effect in event.effects) or "nothing",
        _remark(event.note, origin_cell(event.origin)),
    ]


def _effect(effect: Effect) -> str:
    return f"{code(effect.target)} to {code(effect.value.text)}" + (" (every member)" if effect.every else "")


def initial_lines(scenario: Scenario) -> list[str]:
    """Section 5 of the document: how all begins, and the past."""
    lines = ["The state begins as the table of state variables says (*At the start*).", ""]
    if not scenario.history:
        return [*lines, "There is no history: the first thing that happens is the first rule's doing.", ""]
    rows = list(_history_rows(scenario))
    return [
        *lines,
        "Then the past is logged, in this order. It is data: it changes the state and triggers no rule"
        + (", but for the delays that some entries start." if any(e.starts for e in scenario.history) else "."),
        "",
        *table(["Date", scenario.calendar.name.capitalize(), "What is logged", "Event", "Origin, note"], rows),
        "",
    ]


def _started(entry: HistoryEntry, step: Step) -> str | None:
    """What an entry starts, in words."""
    late = f"comes {on_step(step, 0)}" if entry.late == "today" else "never comes"
    return f"Delays run from here; what was due before {step} 0 {late}." if entry.starts else None


def _history_rows(scenario: Scenario) -> Iterator[list[str]]:
    for entry in scenario.history:
        yield [
            scenario.calendar.written(entry.day),
            str(entry.day),
            prose(emission_text(scenario, entry.emission)),
            code(entry.emission.text),
            _remark(_started(entry, scenario.calendar.step), _remark(entry.note, origin_cell(entry.origin))),
        ]
