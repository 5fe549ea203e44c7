"""Graphs: what caused what in a run, and which rules and events of a model hang together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negsim.engine.run import Run
from negsim.log.event import ASSUMED_BY_USER, LoggedEvent
from negsim.report.drawing import Arrow, Box, Drawing, Line, written
from negsim.report.parts import rule_parts
from negsim.report.text import DECIDED, event_text, in_words, pattern_text
from negsim.scenario.expressions import MemberVariable, Node, Use, Variable, walk
from negsim.scenario.model import OnEvent, Rule, Scenario, Standing

# How each standing is drawn: what is not on record does not look as if it were.
BORDERS: dict[Standing, Line] = {Standing.STATED: "solid", Standing.INFERRED: "dashed", Standing.ASSUMED: "dotted"}
LEGEND = "solid is stated, dashed is inferred, dotted is assumed."
GUARDS = ("while", "when", "still")


def causal_graph(run: Run, format: str, *, most: int = 200) -> str:  # noqa: A002 - the word of the interface
    """The events of a run, each with an arrow from the event that triggered its rule.

    `format` is `dot` or `mermaid`. Of more than `most` events, those with a cause or an effect come
    first, by seq; a comment says how many are left out. Raises `UsageError` for another format.
    """
    shown = _chosen(run.events, most)
    places = {event.seq: place for place, event in enumerate(shown)}
    left_out = len(run.events) - len(shown)
    comments = [
        run.scenario.title,
        f"Run {run.id}, seed {run.header.seed}: {in_words(run.outcome)}.",
        f"Borders: {LEGEND}",
    ]
    if left_out:
        comments.append(f"{left_out} of {len(run.events)} events are left out, first those without cause or effect.")
    arrows = tuple(
        Arrow(places[event.cause], places[event.seq], event.rule or "")
        for event in shown
        if event.cause is not None and event.cause in places
    )
    return written(Drawing(tuple(comments), tuple(_event_box(run, event) for event in shown), arrows), format)


def _chosen(events: Sequence[LoggedEvent], most: int) -> list[LoggedEvent]:
    if len(events) <= most:
        return list(events)
    causes = {event.cause for event in events}
    linked = [event for event in events if event.cause is not None or event.seq in causes]
    alone = [event for event in events if event.cause is None and event.seq not in causes]
    return sorted([*linked, *alone][: max(most, 0)], key=lambda event: event.seq)


def _event_box(run: Run, event: LoggedEvent) -> Box:
    if event.cause is not None:
        because = ""
    elif event.rule is not None:
        because = f"by {event.rule}"
    else:
        because = "put in" if event.origin == ASSUMED_BY_USER else "history"
    label = (f"{event.seq}, {event.date}", event_text(run.scenario, event), because)
    return Box(label, "hexagon" if event.actor is not None else "box", BORDERS[event.origin.standing])


def rule_graph(scenario: Scenario, format: str) -> str:  # noqa: A002 - the word of the interface
    """The events and rules of a model.

    Arrows go from an event to the rules it triggers, and from a rule to the events it logs; a dashed
    arrow goes from an event to a rule whose `while`, `when` or `still` reads a variable that it sets.
    `format` is `dot` or `mermaid`. Raises `UsageError` for another format.
    """
    events = [event for event in scenario.events.values() if event.name != DECIDED]
    event_places = {event.name: place for place, event in enumerate(events)}
    rule_places = {name: len(events) + place for place, name in enumerate(scenario.rules)}
    boxes = [Box((event.name, pattern_text(event) if event.text else ""), "box") for event in events]
    boxes += [_rule_box(rule) for rule in scenario.rules.values()]
    arrows = [
        arrow
        for rule in scenario.rules.values()
        for arrow in _arrows(scenario, rule, event_places, rule_places[rule.name])
    ]
    comments = (
        scenario.title,
        "Boxes are events, rounded ones are rules, hexagons are decisions.",
        f"Borders of rules: {LEGEND}",
    )
    return written(Drawing(comments, tuple(boxes), tuple(arrows)), format)


def _rule_box(rule: Rule) -> Box:
    return Box((rule.name,), "hexagon" if rule.by is not None else "round", BORDERS[rule.origin.standing])


def _arrows(scenario: Scenario, rule: Rule, events: dict[str, int], place: int) -> Iterator[Arrow]:
    if isinstance(rule.trigger, OnEvent):
        for name in rule.trigger.events:
            yield Arrow(events[name], place, "on")
    read = _guarded_by(scenario, rule)
    for name, number in events.items():
        set_here = [(effect.variable, effect.group) for effect in scenario.events[name].effects]
        shared = dict.fromkeys(variable for variable, group in set_here if (variable, group) in read)
        if shared:
            yield Arrow(number, place, ", ".join(shared), "dashed")
    emitted: dict[str, list[str]] = {}
    for option in rule.options:
        for emission in option.emits:
            emitted.setdefault(emission.event, []).append(option.name)
    for name, options in emitted.items():
        yield Arrow(place, events[name], ", ".join(dict.fromkeys(each for each in options if each)))


def _guarded_by(scenario: Scenario, rule: Rule) -> set[tuple[str, str | None]]:
    """The (variable, group) that a rule's guards read, through definitions too."""
    found: set[tuple[str, str | None]] = set()
    opened: set[str] = set()
    waiting: list[Node] = [tree for key, tree in rule_parts(rule) if key in GUARDS]
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Variable):
                found.add((node.name, None))
            elif isinstance(node, MemberVariable):
                found.add((node.name, node.group))
            elif isinstance(node, Use) and node.definition not in opened:
                opened.add(node.definition)
                waiting.append(scenario.definitions[node.definition].tree)
    return found
