"""A run as a page that stands alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negsim.engine.run import Run
from negsim.log.text import number_words
from negsim.show.bands import states
from negsim.show.page.elements import Content, Markup, day, details, items, paragraph, spoken, table, tag, together
from negsim.show.page.frame import PagePart, page, picture
from negsim.show.page.inputs import assumptions, near_parameters, noted, parameters, readings, settings, sources
from negsim.show.page.record import RecordTold, event_link, measure_cell
from negsim.show.page.talks import talks
from negsim.show.page.timeline import timeline
from negsim.show.run_charts import figures
from negsim.show.timeline import number
from negsim.show.used import behind
from negsim.wording import counted, in_words


def run_page(run: Run, *, scripted: bool = True) -> str:
    """A run as one HTML file.

    `scripted`: with the script that draws the pictures in the width of the screen and says what a mark is; without
    it the page holds the pictures as they are drawn for paper, and no script.
    """
    shown = figures(run)
    parts = list(_parts(run, [picture(figure) for figure in shown.values()]))
    lead = f"One run of a model: seed {run.header.seed}, outcome {in_words(run.outcome)}"
    tongue = run.scenario.tongue
    return page(run.scenario.title, lead, parts, list(shown.values()), scripted=scripted, tongue=tongue)


def _parts(run: Run, pictures: Sequence[Markup]) -> Iterator[PagePart]:
    found, told = behind(run), RecordTold(run.scenario)
    values = {name: number_words(value) for name, value in run.header.settings.parameters.items()}
    yield PagePart("about", "What this page is, and what it is not", _about(run))
    yield PagePart("outcome", "Outcome", _outcome(run))
    drawn = together(*pictures, _changes(run))
    if drawn.html:
        yield PagePart("pictures", "Pictures" if pictures else "The state", drawn)
    yield PagePart("timeline", "Timeline", timeline(run, told))
    if run.scenario.talks:
        yield PagePart("talks", "Talks", talks(run, told))
    yield PagePart("settings", "Settings", settings(run))
    yield PagePart(
        "readings", "Readings", readings(run.scenario, run.header.settings.readings, run.header.parameters_at())
    )
    yield PagePart("parameters", "Parameters", parameters(run.scenario, values, near_parameters(run.scenario, found)))
    yield PagePart("assumptions", "Assumptions behind these events", together(_limits(), assumptions(found)))
    yield PagePart("sources", "Sources", sources(run.scenario))


def _about(run: Run) -> Markup:
    return tag(
        "div",
        paragraph(
            "It shows one run of a model: what follows from words on record, from how they are read, and from the"
            f" assumptions that stand below, with one draw of chance (seed {run.header.seed})."
        ),
        paragraph(
            tag("strong", "It is not a forecast."),
            " It does not say how often things would come out like this; another seed, another reading or another"
            " number can give another run.",
        ),
        paragraph(
            "What is marked ",
            tag("span", "stated", class_="standing stated"),
            " takes words as they stand. ",
            tag("span", "inferred", class_="standing inferred"),
            " means that the author took a step from them. ",
            tag("span", "assumed", class_="standing assumed"),
            " means that nothing on record says so. A number that is written in a rule is the author's, whatever the"
            " words behind the rule are.",
        ),
        *map(paragraph, noted(run.scenario)),
        class_="notice",
    )


def _outcome(run: Run) -> Markup:
    calendar = run.scenario.calendar
    ended = f"{calendar.when(run.ended_on)} ({calendar.name} {run.ended_on})"
    others = [in_words(name) for name in run.scenario.outcomes if name != run.outcome]
    return together(
        paragraph(in_words(run.outcome), class_="outcome"),
        paragraph(spoken(run.scenario.tongue, run.outcome_text)) if run.outcome_text else None,
        paragraph(f"The run ended {ended}, after {counted(len(run.events), 'event')}."),
        paragraph(f"The model also knows: {', '.join(others)}.", class_="soft") if others else None,
        _measures(run) if run.measures else None,
    )


def _measures(run: Run) -> Markup:
    rows: list[list[Content]] = []
    for name, value in run.measures.items():
        measure = run.scenario.measures[name]
        rows.append([measure_cell(measure, run.header.parameters_at()), number(value), measure.unit])
    return table("Measures of this run", ["Measure", "Value", "Unit"], rows, numbers=(1,))


def _changes(run: Run) -> Markup:
    """The state in words, for those who do not see the picture."""
    found = states(run)
    rows: list[list[Content]] = [
        [day(run.scenario.calendar.written(each.day)), event_link(each.seq), each.words, each.old, each.new]
        for each in found.settings
    ]
    changed = table("What events changed", ["Date", "By", "What", "From", "To"], rows)
    return together(
        details(f"The same in words: {counted(len(rows), 'change')}", changed) if rows else None,
        paragraph(f"As it was from the first {run.scenario.calendar.name} to the last:") if found.still else None,
        items(f"{name}: {value}" for name, value in found.still),
    )


def _limits() -> Markup:
    return paragraph(
        "These stand behind what happened. What did not happen rests on more: on each rule that could have fired"
        " and did not."
    )
