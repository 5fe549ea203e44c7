"""Two runs side by side, as a page that stands alone: where they part and why, how both end, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from negsim.engine.run import Run, difference
from negsim.ensemble.setting_words import answer, question, setting
from negsim.log.event import ASSUMED_BY_USER, Intervention, LoggedEvent
from negsim.log.text import measure_label, talks_name
from negsim.scenario.choices import Fixed, FixedAspiration
from negsim.scenario.model import Scenario, Source, Statement
from negsim.scenario.types import Value
from negsim.show.page.elements import Content, Markup, code, day, details, items, paragraph, table, tag, together
from negsim.show.page.frame import PagePart, page
from negsim.show.page.inputs import again, noted
from negsim.show.page.record import brief, quote, standing, step
from negsim.show.page.timeline import percent
from negsim.show.timeline import because, moment_words, number
from negsim.wording import in_words

NO_MORE = "no more events"


@attrs.frozen
class Pair:
    """Two runs with what they are called, and the number of the first event that is not the same in both.

    `parts` is one past the last event where all events are the same.
    """

    runs: tuple[Run, Run]
    names: tuple[str, str]
    parts: int

    @property
    def scenario_is_one(self) -> bool:
        """Whether both are runs of one scenario."""
        return self.runs[0].header.scenario_hash == self.runs[1].header.scenario_hash


def pair(one: Run, other: Run) -> Pair:
    """Two runs: a fork and the run that it came from stand as before and now, in this order."""
    if one.header.parent == other.id:
        one, other = other, one
    names = ("before", "now") if other.header.parent == one.id else ("first run", "second run")
    found = difference(one, other)
    parts = len(one.events) if found is None or found.seq is None else found.seq
    return Pair((one, other), names, parts)


def comparison_page(one: Run, other: Run) -> str:
    """Two runs as one HTML file, without script."""
    both = pair(one, other)
    outcomes = " and ".join(dict.fromkeys(in_words(run.outcome) for run in both.runs))
    title = " / ".join(dict.fromkeys(run.scenario.title for run in both.runs))
    return page(title, f"Two runs of a model, side by side: {outcomes}", list(_parts(both)), [], scripted=False)


def _parts(both: Pair) -> Iterator[PagePart]:
    yield PagePart("about", "What this page is, and what it is not", _about(both))
    yield PagePart("changed", "What was changed", _changed(both))
    yield PagePart("parting", "Where they part", _parting(both))
    yield PagePart("outcomes", "How they end", _outcomes(both))
    yield PagePart("days", "Day by day", _days(both))
    yield PagePart("settings", "The two runs", _settings(both))


def _about(both: Pair) -> Markup:
    one_luck = both.runs[0].header.seed == both.runs[1].header.seed
    luck = "They have the same luck" if one_luck else "They do not have the same luck: their seeds differ"
    return tag(
        "div",
        paragraph(
            "It sets two runs of a model beside each other: what follows from words on record, from how they are read,"
            f" and from assumptions. {luck}."
        ),
        paragraph(
            tag("strong", "Neither is a forecast."),
            " What differs between them is what a change did in this one course of things; with other luck the same"
            " change can do something else, or nothing.",
        ),
        *map(paragraph, noted(*(run.scenario for run in both.runs))),
        class_="notice",
    )


# What was changed.


def _changed(both: Pair) -> Markup:
    rows = [*_header_rows(both)]
    found = table("Settings that differ", ["What", *both.names], rows) if rows else None
    changes = [
        together(tag("b", name), ": ", words)
        for name, run, other in _each_with_other(both)
        for words in _interventions(run, other)
    ]
    nothing = None if rows or changes else paragraph("Nothing: both were asked with the same.")
    listed = together(paragraph("Changed on the way, by a fork:"), items(changes)) if changes else None
    return together(nothing, found, listed)


def _each_with_other(both: Pair) -> Iterator[tuple[str, Run, Run]]:
    one, other = both.runs
    yield both.names[0], one, other
    yield both.names[1], other, one


def _header_rows(both: Pair) -> Iterator[list[Content]]:
    """Seeds, parameters, readings and choices that are not the same in both headers."""
    one, other = (run.header for run in both.runs)
    scenarios = [run.scenario for run in both.runs]
    if not both.scenario_is_one:
        yield ["scenario", *(together(each.title, " ", code(each.hash[:12])) for each in scenarios)]
    if one.seed != other.seed:
        yield ["seed", str(one.seed), str(other.seed)]
    for name in dict.fromkeys([*one.settings.parameters, *other.settings.parameters]):
        values = [each.settings.parameters.get(name) for each in (one, other)]
        if values[0] != values[1]:
            yield [in_words(name), *("—" if each is None else number(each) for each in values)]
    for name in dict.fromkeys([*one.settings.readings, *other.settings.readings]):
        options = [each.settings.readings.get(name) for each in (one, other)]
        if options[0] != options[1]:
            words = [
                "—" if option is None else answer(run.scenario, name, option, run.header.settings.parameters)
                for option, run in zip(options, both.runs, strict=True)
            ]
            yield [_asked(both, "reading", name, both.parts), *words]
    choices = [[_choice(choice) for choice in each.settings.choices] for each in (one, other)]
    if choices[0] != choices[1]:
        yield ["chosen beforehand", *(items(each) if each else "nothing" for each in choices)]


def _interventions(run: Run, other: Run) -> Iterator[Content]:
    """What one run changes on the way and the other does not, in words."""
    for each in run.header.interventions:
        if each not in other.header.interventions:
            for words in _intervention(run, other, each):
                yield f"{moment_words(each.at)}: {words}"


def _intervention(run: Run, other: Run, change: Intervention) -> Iterator[str]:
    for name, value in change.parameters.items():
        yield setting(run.scenario, name, value, run.header.parameters_at(change.at + 1))
    for name, option in change.readings.items():
        yield setting(run.scenario, name, option, run.header.parameters_at(change.at + 1))
    for choice in change.choices:
        yield f"chosen beforehand: {_choice(choice)}"
    if change.emit is not None:
        yield f"put in: {_sentence(run, change.emit, origin=ASSUMED_BY_USER)}"
    if change.without is not None:
        gone = change.without
        yield f"left out: {_sentence(other, gone, day=gone['day'], rule=gone['rule'])} (day {gone['day']})"


def _choice(choice: Fixed) -> str:
    """A choice made beforehand; at talks, what a party aspires to."""
    if isinstance(choice, FixedAspiration):
        return f"{in_words(choice.party)} at {talks_name(choice.talks)} aspires to {number(choice.aspiration)}"
    return choice.text


def _sentence(run: Run, found: Mapping[str, Any], **more: object) -> str:
    """An event that an intervention names, as the run that has it tells it; where none has, its kind and fields."""
    for event in run.events:
        same = event.event == found["event"] and dict(event.fields) == dict(found["fields"])
        if same and all(getattr(event, name) == value for name, value in more.items()):
            return run.text(event.seq)
    fields = ", ".join(f"{in_words(name)}: {in_words(str(value))}" for name, value in found["fields"].items())
    return in_words(found["event"]) + (f" ({fields})" if fields else "")


# Where they part.


def _parting(both: Pair) -> Markup:
    events = _pair_at(both, both.parts)
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
        events = _pair_at(both, seq)
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
        for name, run, event in zip(both.names, both.runs, _pair_at(both, seq), strict=True)
    ]
    return together(tag("div", *sides, class_="pair"), _looked_at(both, seq))


def _pair_at(both: Pair, seq: int) -> tuple[LoggedEvent | None, LoggedEvent | None]:
    return _at(both.runs[0], seq), _at(both.runs[1], seq)


def _at(run: Run, seq: int) -> LoggedEvent | None:
    return run.events[seq] if seq < len(run.events) else None


def _side(run: Run, event: LoggedEvent | None, side: str, told: dict[tuple[Statement, Source], str]) -> Markup:
    """An event with what made it and the words that it rests on; what was `told` on one side is told there alone."""
    if event is None:
        return paragraph(f"{NO_MORE[0].upper()}{NO_MORE[1:]}.")
    return together(
        paragraph(day(event.date), f" (day {event.day})"),
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
    for run, event in zip(both.runs, _pair_at(both, seq), strict=True):
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
    return in_words(name.replace(".", ": "))


def _value(run: Run, name: str, value: Value, seq: int) -> str:
    if name in run.scenario.readings:
        return answer(run.scenario, name, str(value), run.header.parameters_at(seq))
    return in_words(value) if isinstance(value, str) else number(value)


# How they end.


def _outcomes(both: Pair) -> Markup:
    rows: list[list[Content]] = [
        ["outcome", *(tag("b", in_words(run.outcome)) for run in both.runs)],
        ["what it is", *(run.outcome_text for run in both.runs)],
        ["ended on", *(_ended(run) for run in both.runs)],
        ["events", *(str(len(run.events)) for run in both.runs)],
    ]
    return together(table("Outcomes", ["", *both.names], rows), _measures(both))


def _ended(run: Run) -> Markup:
    return together(day(run.scenario.date_of(run.ended_on).isoformat()), f" (day {run.ended_on})")


def _measures(both: Pair) -> Markup | None:
    one, other = both.runs
    rows: list[list[Content]] = []
    for name in dict.fromkeys([*one.measures, *other.measures]):
        values = [number(run.measures[name]) if name in run.measures else "not measured" for run in both.runs]
        run = next(run for run in both.runs if name in run.measures)
        measure = run.scenario.measures[name]
        label = measure_label(measure, run.header.parameters_at())
        rows.append([tag("b", label) if values[0] != values[1] else label, *values, measure.unit])
    caption = "Measures; those that differ stand out"
    columns = ["Measure", *both.names, "Unit"]
    return table(caption, columns, rows, numbers=(1, 2)) if rows else None


# Day by day.


def _days(both: Pair) -> Markup:
    common = both.runs[0].events[: both.parts]
    past = None
    if common:
        rows: list[list[Content]] = [
            [str(e.seq), together(day(e.date), f" day {e.day}"), both.runs[0].text(e.seq)] for e in common
        ]
        told = f"{len(common)} event{'' if len(common) == 1 else 's'} that both have"
        until = f"Both have events 0 to {common[-1].seq}, until {common[-1].date} (day {common[-1].day})."
        past = together(paragraph(until), details(told, table("The past of both", ["Event", "Date", "What"], rows)))
    after = [[event for event in run.events if event.seq >= both.parts] for run in both.runs]
    alike = {_likes(event) for event in after[0]} & {_likes(event) for event in after[1]}
    days = sorted({event.day for events in after for event in events})
    rows = [
        [
            together(day(both.runs[0].scenario.date_of(each).isoformat()), f" day {each}")
            if both.scenario_is_one
            else f"day {each}",
            *(
                _events(run, [event for event in events if event.day == each], alike)
                for run, events in zip(both.runs, after, strict=True)
            ),
        ]
        for each in days
    ]
    caption = "What comes after; what both have on the same day is set in grey"
    return together(past, table(caption, ["Day", *both.names], rows) if rows else paragraph("Nothing comes after."))


def _likes(event: LoggedEvent) -> tuple[object, ...]:
    """What an event of one run is found by in the other."""
    return event.day, event.event, tuple(event.fields.items()), event.rule, event.instance, event.option


def _events(run: Run, events: Sequence[LoggedEvent], alike: set[tuple[object, ...]]) -> Markup | None:
    """The events of one day, each with its number and the rule that made it."""
    if not events:
        return None
    return together(
        *(
            paragraph(
                f"{event.seq}: {run.text(event.seq)} ",
                tag("span", in_words(because(event)), class_="soft"),
                class_="soft" if _likes(event) in alike else None,
            )
            for event in events
        )
    )


def _settings(both: Pair) -> Markup:
    rows: list[list[Content]] = [
        ["run", *(code(run.id[:12]) for run in both.runs)],
        ["seed", *(str(run.header.seed) for run in both.runs)],
        ["scenario's hash", *(code(run.header.scenario_hash[:12]) for run in both.runs)],
        ["a fork of", *(code(run.header.parent[:12]) if run.header.parent else None for run in both.runs)],
        ["to make it again", *(again(run) for run in both.runs)],
    ]
    rows = [row for row in rows if any(row[1:])]
    tail = paragraph(
        "A page of each run alone has every rule, reading, assumption and source behind it.", class_="soft"
    )
    return together(table("The two runs", ["", *both.names], rows), tail)
