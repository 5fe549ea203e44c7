"""Graphs: what caused what in a run, and which rules and events of a model hang together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from negsim.engine.run import Run
from negsim.log.event import ASSUMED_BY_USER, LoggedEvent
from negsim.log.text import pattern_text
from negsim.log.why import Link
from negsim.scenario.expressions import MemberVariable, Node, Term, Variable
from negsim.scenario.model import Scenario
from negsim.scenario.parts import rule_parts, walk_through
from negsim.scenario.record import Standing
from negsim.scenario.rules import OnEvent, Rule
from negsim.scenario.talks import Talks
from negsim.scenario.words import DECIDED
from negsim.show.drawing import Arrow, Drawing, Line, Rectangle, written
from negsim.show.hanging import MOST_EVENTS, hanging, left_out_words
from negsim.wording import in_words

# How each standing is drawn: what is not on record does not look as if it were.
BORDERS: dict[Standing, Line] = {Standing.STATED: "solid", Standing.INFERRED: "dashed", Standing.ASSUMED: "dotted"}
LEGEND = "solid is stated, dashed is inferred, dotted is assumed."
KEY: tuple[tuple[str, Line], ...] = (("triggered", "solid"), ("set what was looked at", "dashed"))
MOST_NAMED = 3  # variables that an arrow names
GUARDS = ("while", "when", "still")


def causal_graph(run: Run, format: str, *, most: int = MOST_EVENTS) -> str:  # noqa: A002 - the word of the interface
    """The events of a run, each with an arrow from what triggered its rule, and dashed ones from what it looked at.

    `format` is `dot` or `mermaid`. Of more than `most` events, those that the outcome hangs on come first;
    a comment says how many are left out. Raises `UsageError` for another format.
    """
    shown = hanging(run, most=most)
    places = {seq: place for place, seq in enumerate(shown)}
    left_out = left_out_words(run, shown)
    comments = [
        run.scenario.title,
        f"Run {run.id}, seed {run.header.seed}: {in_words(run.outcome)}.",
        f"Borders: {LEGEND}",
    ]
    if left_out is not None:
        comments.append(left_out)
    arrows = [_link_arrow(run, seq, link, places) for seq, links in shown.items() for link in links]
    boxes = [_event_box(run, run.events[seq]) for seq in shown]
    return written(Drawing(tuple(comments), tuple(boxes), tuple(arrows), KEY if arrows else ()), format)


def _link_arrow(run: Run, seq: int, link: Link, places: Mapping[int, int]) -> Arrow:
    start, end = places[link.seq], places[seq]
    if link.kind == "triggered by":
        return Arrow(start, end, run.events[seq].rule or "")
    more = len(link.names) - MOST_NAMED
    names = ", ".join(link.names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return Arrow(start, end, names, "dashed")


def _event_box(run: Run, event: LoggedEvent) -> Rectangle:
    if event.cause is not None:
        because = ""
    elif event.rule is not None:
        because = f"by {event.rule}"
    else:
        because = "put in" if event.origin == ASSUMED_BY_USER else "history"
    label = (f"{event.seq}, {event.date}", run.text(event.seq), because)
    return Rectangle(label, "hexagon" if event.actor is not None else "box", BORDERS[event.origin.standing])


def rule_graph(scenario: Scenario, format: str) -> str:  # noqa: A002 - the word of the interface
    """The events, rules and talks of a model.

    Arrows go from an event to the rules it triggers and the talks it opens, and from a rule or talks to the
    events these log; a dashed arrow goes from an event to a rule whose `while`, `when` or `still` reads a
    variable that it sets (to talks: whose `while`, red lines' `when` or fallbacks do), and from talks to
    what reads their terms. Of the events that talks log by themselves, those are shown that something
    waits for. `format` is `dot` or `mermaid`. Raises `UsageError` for another format.
    """
    hidden = {DECIDED, *_unheard(scenario)}
    events = [event for event in scenario.events.values() if event.name not in hidden]
    places = {event.name: place for place, event in enumerate(events)}
    of_rules = {name: len(events) + place for place, name in enumerate(scenario.rules)}
    of_talks = {name: len(events) + len(of_rules) + place for place, name in enumerate(scenario.talks)}
    boxes = [Rectangle((event.name, pattern_text(scenario, event) if event.text else ""), "box") for event in events]
    boxes += [_rule_box(rule) for rule in scenario.rules.values()]
    boxes += [_talks_box(scenario, talks) for talks in scenario.talks.values()]
    arrows = [
        arrow
        for rule in scenario.rules.values()
        for arrow in (
            *_arrows(scenario, rule, places, of_rules[rule.name]),
            *_term_arrows(_guarded_by(scenario, _guards(rule)), of_talks, of_rules[rule.name]),
        )
    ]
    for talks in scenario.talks.values():
        arrows += _talks_arrows(scenario, talks, places, of_talks)
    shapes = "Boxes are events, rounded ones are rules, hexagons are decisions"
    comments = (
        scenario.title,
        f"{shapes} and talks." if scenario.talks else f"{shapes}.",
        f"Borders of rules{' and talks' if scenario.talks else ''}: {LEGEND}",
    )
    return written(Drawing(comments, tuple(boxes), tuple(arrows)), format)


def _unheard(scenario: Scenario) -> set[str]:
    """The events that talks log by themselves and nothing waits for."""
    if not scenario.talks:
        return set()
    triggers = [rule.trigger for rule in scenario.rules.values()]
    triggers += [talks.opens for talks in scenario.talks.values()]
    heard = {name for trigger in triggers if isinstance(trigger, OnEvent) for name in trigger.events}
    heard.update(name for talks in scenario.talks.values() for name in (*talks.reopens, *talks.notice))
    return set(scenario.said_at_talks) - heard


def _talks_box(scenario: Scenario, talks: Talks) -> Rectangle:
    parties = ", ".join(scenario.actors[party].name for party in talks.everybody)
    standing = Standing.ASSUMED if talks.origin is None else talks.origin.standing
    return Rectangle((talks.name, f"talks: {parties}"), "hexagon", BORDERS[standing])


def _talks_arrows(scenario: Scenario, talks: Talks, events: dict[str, int], places: dict[str, int]) -> Iterator[Arrow]:
    place = places[talks.name]
    if isinstance(talks.opens, OnEvent):
        for name in talks.opens.events:
            yield Arrow(events[name], place, "opens")
    for name in talks.reopens:
        yield Arrow(events[name], place, "reopens")
    for name in talks.notice:
        yield Arrow(events[name], place, "notice")
    read = _guarded_by(scenario, _looked_at(talks))
    yield from _setting_arrows(scenario, read, events, place)
    others = {name: other for name, other in places.items() if name != talks.name}
    yield from _term_arrows(read, others, place)
    emitted = {name: "" for name in talks.says if name in events}
    if talks.agreed is not None:
        emitted[talks.agreed.event] = "agreed"
    for name, label in emitted.items():
        yield Arrow(place, events[name], label)


def _looked_at(talks: Talks) -> list[Node]:
    """What talks look at in the state."""
    found = [] if talks.condition is None else [talks.condition.tree]
    for position in talks.positions.values():
        found.append(position.fallback.tree)
        found += [] if position.leaves is None else [position.leaves.tree]
        found += [line.when.tree for line in position.red_lines.values() if line.when is not None]
    return found


def _rule_box(rule: Rule) -> Rectangle:
    return Rectangle((rule.name,), "hexagon" if rule.by is not None else "round", BORDERS[rule.origin.standing])


def _arrows(scenario: Scenario, rule: Rule, events: dict[str, int], place: int) -> Iterator[Arrow]:
    if isinstance(rule.trigger, OnEvent):
        for name in rule.trigger.events:
            yield Arrow(events[name], place, "on")
    yield from _setting_arrows(scenario, _guarded_by(scenario, _guards(rule)), events, place)
    emitted: dict[str, list[str]] = {}
    for option in rule.options:
        for emission in option.emits:
            emitted.setdefault(emission.event, []).append(option.name)
    for name, options in emitted.items():
        yield Arrow(place, events[name], ", ".join(dict.fromkeys(each for each in options if each)))


def _setting_arrows(
    scenario: Scenario, read: set[tuple[str, str | None]], events: dict[str, int], place: int
) -> Iterator[Arrow]:
    """From each event that sets a variable that is read."""
    for name, number in events.items():
        set_here = [(effect.variable, effect.group) for effect in scenario.events[name].effects]
        shared = dict.fromkeys(variable for variable, group in set_here if (variable, group) in read)
        if shared:
            yield Arrow(number, place, ", ".join(shared), "dashed")


def _term_arrows(read: set[tuple[str, str | None]], talks: dict[str, int], place: int) -> Iterator[Arrow]:
    """From each talks whose terms are read."""
    for name, number in talks.items():
        terms = sorted(term for term, of in read if of == name)
        if terms:
            yield Arrow(number, place, ", ".join(terms), "dashed")


def _guards(rule: Rule) -> list[Node]:
    return [tree for key, tree in rule_parts(rule) if key in GUARDS]


def _guarded_by(scenario: Scenario, trees: list[Node]) -> set[tuple[str, str | None]]:
    """The (variable, group) and (term, talks) that expressions read, through definitions too."""
    found: set[tuple[str, str | None]] = set()
    for node in walk_through(scenario, trees):
        match node:
            case Variable():
                found.add((node.name, None))
            case MemberVariable():
                found.add((node.name, node.group))
            case Term():
                found.add((node.name, node.talks))
            case _:
                pass
    return found
