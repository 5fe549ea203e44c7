"""Where two runs part: what each has there, on which words, and what the rules of both looked at."""

from __future__ import annotations

from negsim.engine.run import Run
from negsim.ensemble.picture.setting_words import answer, question
from negsim.log.event import LoggedEvent
from negsim.log.text import place_words
from negsim.scenario.called import issue_called
from negsim.scenario.model import Scenario
from negsim.scenario.record import Source, Statement
from negsim.scenario.types import Value
from negsim.show.page.elements import Content, Markup, day, paragraph, table, tag, together
from negsim.show.page.pair import Pair
from negsim.show.page.record import brief, quote, standing, step
from negsim.show.page.timeline import percent
from negsim.show.timeline import because, number
from negsim.wording import in_words


def parting(both: Pair) -> Markup:
    """The first event that differs, on both sides; or only in its chances, and then the first that is another."""
    events = both.at(both.parts)
    if events == (None, None):
        return paragraph(f"Nowhere: both have the same {both.parts} events.")
    same = f"They are the same up to event {both.parts - 1}; event" if both.parts else "Event"
    luck = luck_words(*events)
    if luck is None:
        return together(paragraph(f"{same} {both.parts} is the first that differs."), _sides(both, both.parts))
    text = both.runs[1].text(both.parts)
    only = paragraph(f"{same} {both.parts} happens in both ({text}), and only {luck}.")
    return together(only, _looked_at(both, both.parts), _parting_later(both))


def _parting_later(both: Pair) -> Markup:
    """Where runs part that had other chances before: the first event that is another."""
    for seq in range(both.parts + 1, max(len(run.events) for run in both.runs)):
        events = both.at(seq)
        if None in events or (luck_words(*events) is None and events[0] != events[1]):
            return together(paragraph(f"Event {seq} is the first that is another."), _sides(both, seq))
    return paragraph("All events after it are the same but for their chances: both runs tell one story.")


def luck_words(one: LoggedEvent | None, other: LoggedEvent | None) -> str | None:
    """Which chances differ where events are the same but for them; nothing where they are not, or nothing differs."""
    if one is None or other is None or one == other or one._replace(share=other.share, chance=other.chance) != other:
        return None
    found = (("the chance of it", one.chance, other.chance), ("the share of the choice", one.share, other.share))
    return " and ".join(f"{what} differs: {_share(a)}, then {_share(b)}" for what, a, b in found if a != b)


def _share(share: float | None) -> str:
    return "not drawn" if share is None else percent(share)


def _sides(both: Pair, seq: int) -> Markup:
    """What each run has at an event, side by side, and what the rules of both looked at."""
    told: dict[tuple[Statement, Source], str] = {}
    sides = [
        tag("div", tag("h3", name), _side(run, event, name, told))
        for name, run, event in zip(both.names, both.runs, both.at(seq), strict=True)
    ]
    return together(tag("div", *sides, class_="pair"), _looked_at(both, seq))


def _side(run: Run, event: LoggedEvent | None, side: str, told: dict[tuple[Statement, Source], str]) -> Markup:
    """An event with what made it and the words that it rests on; what was `told` on one side is told there alone."""
    if event is None:
        return paragraph("No more events.")
    return together(
        paragraph(day(event.date), f" ({run.scenario.calendar.name} {event.day})"),
        paragraph(tag("b", run.text(event.seq))),
        paragraph(in_words(because(event)), class_="soft"),
        tag(
            "div",
            paragraph(standing(event.origin)),
            step(event.origin),
            *(_words(run.scenario, name, side, told) for name in event.origin.statements),
            class_="record",
        ),
    )


def _words(scenario: Scenario, name: str, side: str, told: dict[tuple[Statement, Source], str]) -> Markup:
    """A statement in full, or on which side it is told."""
    statement = scenario.statements[name]
    first = told.setdefault((statement, scenario.sources[statement.source]), side)
    if first == side:
        return quote(scenario, statement)
    return paragraph(f"{brief(scenario, name)}: the same words as under “{first}”.", class_="said")


def _looked_at(both: Pair, seq: int) -> Markup | None:
    """What the rules of the events of a number looked at, and what it was in the other run then; what differs first."""
    found: dict[tuple[str, str], Value] = {}  # what is no state, reading or parameter is the same in both
    for run, event in zip(both.runs, both.at(seq), strict=True):
        if event is not None:
            found |= {(each.kind, each.name): each.value for each in run.why(event.seq).steps[0].conditions}
    then = [_then(run, seq) for run in both.runs]
    rows: list[tuple[bool, list[Content]]] = []
    for (kind, name), value in found.items():
        cells = [_value(run, name, values.get(name, value), seq) for run, values in zip(both.runs, then, strict=True)]
        rows.append((cells[0] == cells[1], [_asked(both, kind, name, seq), *cells]))
    rows.sort(key=lambda row: row[0])
    caption = "What the rules of these two events look at, as it was then; what differs stands first"
    columns = ["What", *both.names]
    lines = [row if same else [tag("b", row[0]), *row[1:]] for same, row in rows]
    return table(caption, columns, lines) if rows else None


def _then(run: Run, seq: int) -> dict[str, Value]:
    """All that could be looked at right before an event: the state, readings and parameters."""
    found: dict[str, Value] = {**run.header.settings.parameters, **run.header.settings.readings}
    for change in run.header.interventions:
        if change.at < seq:
            found |= {**change.parameters, **change.readings}
    return found | dict(run.state(seq=min(seq, len(run.events)) - 1))


def _asked(both: Pair, kind: str, name: str, seq: int) -> str:
    run = next((run for run in both.runs if name in run.scenario.readings), None)
    if kind == "reading" and run is not None:
        return question(run.scenario, name, run.header.parameters_at(seq))
    owner, _, own = name.rpartition(".")
    talks = next((run.scenario.talks[owner] for run in both.runs if owner in run.scenario.talks), None)
    return f"{in_words(owner)}: {issue_called(talks, own)}" if talks is not None else in_words(name.replace(".", ": "))


def _value(run: Run, name: str, value: Value, seq: int) -> str:
    if name in run.scenario.readings:
        return answer(run.scenario, name, str(value), run.header.parameters_at(seq))
    return place_words(run.scenario, name, value) if isinstance(value, str) else number(value)
