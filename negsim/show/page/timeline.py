"""The timeline of a run, on a page: events with what made them, and the words they rest on beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from negsim.engine.run import Run
from negsim.log.event import ASSUMED_BY_USER, LoggedEvent
from negsim.log.text import option_called, value_words
from negsim.scenario.model import Scenario
from negsim.scenario.rules import While
from negsim.scenario.types import ActorOf
from negsim.scenario.words import DECIDED
from negsim.show.page.elements import Content, Markup, day, joined, paragraph, spoken, tag
from negsim.show.page.record import RecordTold, event_link
from negsim.wording import counted, in_words


def timeline(run: Run, told: RecordTold) -> Markup:
    """All events of a run in their order, each with the words that it rests on unless they are told already."""
    effects: dict[int, list[int]] = {}
    for event in run.events:
        if event.cause is not None:
            effects.setdefault(event.cause, []).append(event.seq)
    shown = [_event(run, event, effects.get(event.seq, []), told) for event in run.events]
    return tag("ol", *shown, class_="timeline") if shown else paragraph("Nothing happened in this run.")


def _event(run: Run, event: LoggedEvent, effects: Sequence[int], told: RecordTold) -> Markup:
    when = paragraph(
        tag("b", f"{event.seq}"),
        day(event.date),
        tag("span", f" {run.scenario.calendar.name} {event.day}"),
        class_="when",
    )
    what = tag(
        "div",
        paragraph(spoken(run.scenario.tongue, run.text(event.seq))),
        paragraph(*_because(run, event), class_="because"),
        paragraph("Led to ", joined(_ranges(effects)), ".", class_="because") if effects else None,
    )
    record = tag("div", told.record(event.origin, event.seq), class_="record")
    return tag("li", when, what, record, id=f"event-{event.seq}")


def _because(run: Run, event: LoggedEvent) -> Iterator[Content]:
    """What made an event: the rule, its actors, the option, what it followed from, and what was drawn."""
    if event.rule is None:
        yield "Put in by this fork." if event.origin == ASSUMED_BY_USER else "On record before the run begins."
        return
    scenario = run.scenario
    talks = event.rule in scenario.talks
    yield "At the talks " if talks else "Because of the rule "
    yield tag("b", in_words(event.rule))
    if event.instance:
        yield f" for {', '.join(value_words(scenario, actor, ActorOf(())) for actor in event.instance)}"
    if event.option:
        told = event.event == DECIDED  # that event says itself what the option means
        called = option_called(scenario, event.rule, event.option, run.header.parameters_at())
        yield f": {in_words(event.option) if told else called}"
    if event.cause is not None:
        yield ", after "
        yield event_link(event.cause)
    if event.triggered is not None:
        yield f" ({counted(event.day - event.triggered, scenario.calendar.name)} later)"
    yield "."
    yield _luck(scenario, event)


def _luck(scenario: Scenario, event: LoggedEvent) -> str:
    """What was drawn, and with which chance."""
    rule = scenario.rules.get(event.rule or "")
    parts = []
    if event.chance is not None:
        daily = f" {scenario.calendar.step.a}" if rule is not None and isinstance(rule.trigger, While) else ""
        parts.append(f"a chance of {percent(event.chance)}{daily}")
    if event.share is not None and event.share < 1:
        parts.append(f"an option with {percent(event.share)} of the weight")
    elif event.share is None and event.option and event.actor is not None and rule is not None:
        return " Chosen beforehand, not drawn."
    return f" Drawn: {', '.join(parts)}." if parts else ""


def percent(share: float) -> str:
    """A share in percent, with three digits that say something: `0.4 %`, `33.3 %`."""
    return f"{share * 100:.3g} %"


def _ranges(seqs: Iterable[int]) -> Iterator[Markup]:
    """Links to events, those in a row together."""
    rows: list[list[int]] = []
    for seq in seqs:
        if rows and rows[-1][-1] == seq - 1:
            rows[-1].append(seq)
        else:
            rows.append([seq])
    for row in rows:
        yield event_link(row[0], row[-1])
