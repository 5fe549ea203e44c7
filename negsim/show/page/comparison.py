"""Two runs side by side, as a page that stands alone: where they part and why, how both end, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negsim.engine.run import Run
from negsim.log.event import LoggedEvent
from negsim.log.text import measure_label
from negsim.show.page.changes import changed
from negsim.show.page.elements import Content, Markup, code, day, details, paragraph, table, tag, together
from negsim.show.page.frame import PagePart, page
from negsim.show.page.inputs import again, noted
from negsim.show.page.pair import Pair, pair
from negsim.show.page.parting import parting
from negsim.show.timeline import because, number
from negsim.wording import in_words


def comparison_page(one: Run, other: Run) -> str:
    """Two runs as one HTML file, without script."""
    both = pair(one, other)
    outcomes = " and ".join(dict.fromkeys(in_words(run.outcome) for run in both.runs))
    title = " / ".join(dict.fromkeys(run.scenario.title for run in both.runs))
    return page(title, f"Two runs of a model, side by side: {outcomes}", list(_parts(both)), [], scripted=False)


def _parts(both: Pair) -> Iterator[PagePart]:
    yield PagePart("about", "What this page is, and what it is not", _about(both))
    yield PagePart("changed", "What was changed", changed(both))
    yield PagePart("parting", "Where they part", parting(both))
    yield PagePart("outcomes", "How they end", _outcomes(both))
    yield PagePart("days", f"{both.step.capitalize()} by {both.step}", _days(both))
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
    return together(day(run.scenario.calendar.written(run.ended_on)), f" ({run.scenario.calendar.name} {run.ended_on})")


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
            [str(e.seq), together(day(e.date), f" {both.step} {e.day}"), both.runs[0].text(e.seq)] for e in common
        ]
        told = f"{len(common)} event{'' if len(common) == 1 else 's'} that both have"
        until = f"Both have events 0 to {common[-1].seq}, until {common[-1].date} ({both.step} {common[-1].day})."
        past = together(paragraph(until), details(told, table("The past of both", ["Event", "Date", "What"], rows)))
    after = [[event for event in run.events if event.seq >= both.parts] for run in both.runs]
    alike = {_likes(event) for event in after[0]} & {_likes(event) for event in after[1]}
    days = sorted({event.day for events in after for event in events})
    rows = [
        [
            together(day(both.runs[0].scenario.calendar.written(each)), f" {both.step} {each}")
            if both.scenario_is_one
            else f"{both.step} {each}",
            *(
                _events(run, [event for event in events if event.day == each], alike)
                for run, events in zip(both.runs, after, strict=True)
            ),
        ]
        for each in days
    ]
    caption = (
        f"What comes after; what both have {'on' if both.step == 'day' else 'in'} the same {both.step} is set in grey"
    )
    return together(
        past, table(caption, [both.step.capitalize(), *both.names], rows) if rows else paragraph("Nothing comes after.")
    )


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
