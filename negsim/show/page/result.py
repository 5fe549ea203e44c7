"""An ensemble's result as a page that stands alone. All its numbers are sampled, and say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import median

from negsim.ensemble.picture.reading_slides import answer_key, common_values
from negsim.ensemble.picture.setting_words import MOST_SETTINGS, question
from negsim.ensemble.result import Result
from negsim.ensemble.sample.effects import deciding, deciding_places, effects, order_of
from negsim.ensemble.sample.places import about_order
from negsim.ensemble.sample.sample import CellResult
from negsim.ensemble.sample.summary import Summary
from negsim.exact.answer.words import interval_end
from negsim.exact.answer.words import share as in_percent
from negsim.log.text import outcome_text, rounded_words, without_varied
from negsim.scenario.types import Truth
from negsim.show.page.elements import NOTHING, Content, Markup, items, paragraph, table, tag, together
from negsim.show.page.frame import PagePart, page, picture
from negsim.show.page.inputs import assumptions, noted, parameters, readings, sources
from negsim.show.page.record import measure_cell
from negsim.show.page.result_settings import parameter_words, seeds, settings
from negsim.show.quotes import origins
from negsim.show.result_charts import (
    cell_names,
    cell_words,
    deciding_words,
    difference_words,
    figures,
    has_signs,
    readings_are_crossed,
    share_words,
)
from negsim.show.used import Behind
from negsim.wording import counted, in_words

MOST_ROWS = 100  # settings in a table


def result_page(result: Result, *, outcome: str | None = None, scripted: bool = True) -> str:
    """A result as one HTML file; `scripted` as for a run's page. `outcome` is the one that readings are ordered by."""
    shown = figures(result, outcome)
    parts = list(_parts(result, outcome, [picture(figure) for figure in shown.values()]))
    cells = f" under each of {len(result.cells):,} settings" if len(result.cells) > 1 else ""
    lead = f"Sampled: {counted(result.runs, 'run')} of a model{cells}"
    tongue = result.scenario.tongue
    return page(result.scenario.title, lead, parts, list(shown.values()), scripted=scripted, tongue=tongue)


def _parts(result: Result, outcome: str | None, pictures: Sequence[Markup]) -> Iterator[PagePart]:
    scenario = result.scenario
    yield PagePart("about", "What this page is, and what it is not", _about(result))
    yield PagePart("shares", "How runs end", together(_key(result), *pictures, *_tables(result, outcome)))
    measured = result.cells[0] if len(result.cells) == 1 else result.base
    if scenario.measures and measured is not None and measured.runs:
        yield PagePart("measures", "Measures", _measures(result, measured))
    yield PagePart("runs", "Runs to look at", seeds(result))
    yield PagePart("settings", "Settings", settings(result))
    values = without_varied(result.request.settings.parameters, result.varied)
    yield PagePart(
        "readings", "Readings", readings(scenario, result.request.settings.readings, values, varied=result.varied)
    )
    yield PagePart("parameters", "Parameters", parameters(scenario, parameter_words(result)))
    found = [Behind(kind, name, origin) for kind, name, origin in origins(scenario)]
    yield PagePart("assumptions", "Assumptions", assumptions(found))
    yield PagePart("sources", "Sources", sources(scenario))


def _about(result: Result) -> Markup:
    return tag(
        "div",
        paragraph(
            "It says how often sampled runs of a model end in which way: what follows from words on record, from how"
            " they are read, and from the assumptions that stand below, with many draws of chance."
        ),
        paragraph(
            tag("strong", "It is not a forecast."),
            " A share of runs is no probability that something will happen. Its interval says how far sampling alone"
            " can be off, at 95 %; it does not say how far the assumptions are.",
        ),
        paragraph(
            "The same seeds are used under each setting, so that differences are those of the setting, not of luck."
        )
        if len(result.cells) > 1
        else None,
        *map(paragraph, noted(result.scenario)),
        class_="notice",
    )


# How runs end.


def _tables(result: Result, outcome: str | None) -> Iterator[Markup]:
    if not result.is_complete:
        yield paragraph("Some settings have fewer runs than the others: the work was interrupted.")
    if result.errors:
        yield paragraph(f"{counted(result.errors, 'run')} stopped with a model error, and ended in no outcome.")
    if len(result.cells) == 1:
        yield _outcomes(result, result.only)
    elif result.is_one_at_a_time:
        if result.base is not None:
            yield _outcomes(result, result.base, "Shares of runs as given, sampled")
        yield _changes(result, outcome)
    elif len(result.varied) > MOST_SETTINGS:
        yield _spread(result)
    else:
        yield _deciding(result, outcome) if readings_are_crossed(result) else NOTHING
        yield _cells(result)


def _key(result: Result) -> Markup | None:
    """The questions and answers that settings are named by, where they are named by signs."""
    if not has_signs(result):
        return None
    asked = (
        together(
            tag("b", f"{each.number} {each.words}"),
            items(f"{each.sign(value)} {words}" for value, words in each.answers.items()),
        )
        for each in answer_key(result).values()
    )
    return together(paragraph("What is varied, each answer with the sign that settings are named by:"), items(asked))


def _outcomes(result: Result, cell: CellResult, caption: str = "Shares of runs, sampled") -> Markup:
    rows: list[list[Content]] = []
    for name, share in cell.outcomes.items():
        text = outcome_text(result.scenario, name, cell.parameters)
        rows.append([in_words(name), f"{share.count:,}", *_share(share_words(share)), text])
    if cell.errors:
        rows.append(
            [tag("span", "model error"), f"{cell.errors:,}", f"{in_percent(cell.errors / cell.runs)} %", None, None]
        )
    columns = ["Outcome", "Runs", "Share (sampled)", "95 % interval", "What it is"]
    return table(caption, columns, rows, numbers=(1, 2, 3))


def _share(words: str) -> list[str]:
    """A share and its interval, apart."""
    share, _, interval = words.partition(" (")
    return [share, f"{interval.removesuffix(')')} %" if interval else ""]


def _changes(result: Result, outcome: str | None) -> Markup:
    found = effects(result, outcome)
    names = list(result.scenario.outcomes)
    rows: list[list[Content]] = [
        [
            effect.places.words(),
            cell_words(result, effect.cell),
            f"{share_words(effect.change.changed)}",
            *(difference_words(effect.change.outcomes[name]) for name in names),
        ]
        for effect in found
    ]
    columns = ["Place of the reading", "Read otherwise", "Runs that end otherwise", *(in_words(name) for name in names)]
    caption = "What each other answer changes: sampled, seeds paired, in percentage points, with 95 % intervals"
    order = about_order([*order_of(found).values()], is_estimated=result.is_drawn)
    return together(table(caption, columns, rows), paragraph(order) if order else None)


def _deciding(result: Result, outcome: str | None) -> Markup:
    columns = ["Place", "Reading", "Share of runs that it decides (sampled)", "95 % interval"]
    found = deciding(result, outcome)
    known = deciding_places(found)
    values = common_values(result)
    rows: list[list[Content]] = [
        [known[name].words(), question(result.scenario, name, values), *_share(deciding_words(each))]
        for name, each in found.items()
    ]
    what = "otherwise" if outcome is None else f"in {in_words(outcome)}, or not,"
    return table(f"How many runs end {what} under another option of a reading", columns, rows, numbers=(2, 3))


def _cells(result: Result) -> Markup:
    names = list(result.scenario.outcomes)
    cells = list(islice(result.cells, MOST_ROWS))
    rows: list[list[Content]] = [
        [called, *(share_words(cell.outcomes[name]) for name in names)]
        for called, cell in zip(cell_names(result, cells), cells, strict=True)
    ]
    left = len(result.cells) - len(rows)
    more = paragraph(f"The first {len(rows)} settings; {left:,} more stand in the result's file.") if left else None
    caption = "Shares of runs under each setting, sampled, with 95 % intervals"
    return together(table(caption, ["Setting", *(in_words(name) for name in names)], rows), more)


def _spread(result: Result) -> Markup:
    """How far shares reach over very many settings, with the widest interval of any of them."""
    rows: list[list[Content]] = []
    for name in result.scenario.outcomes:
        shares = [cell.outcomes[name] for cell in result.cells if cell.runs]
        found = [share.share or 0.0 for share in shares] or [0.0]
        widest = max((share.width for share in shares), default=1.0)
        numbers = (min(found), median(found), max(found))
        rows.append([in_words(name), *(f"{in_percent(each)} %" for each in numbers), f"{interval_end(widest)} points"])
    columns = ["Outcome", "Smallest share", "Half of them up to", "Largest share", "Widest 95 % interval"]
    caption = f"Shares of runs over {len(result.cells):,} settings, sampled"
    return together(
        table(caption, columns, rows, numbers=(1, 2, 3, 4)),
        paragraph("Each setting with its shares and intervals stands in the result's file.", class_="soft"),
    )


# Measures.


def _measures(result: Result, cell: CellResult) -> Markup:
    rows: list[list[Content]] = []
    for name, found in cell.measures.items():
        measure = result.scenario.measures[name]
        truth = isinstance(measure.expression.tree.type, Truth)
        missing = f"{found.missing:,}" if found.missing else None
        called = measure_cell(measure, cell.parameters)
        rows.append([called, *_summary(found, truth=truth), missing, measure.unit])
    columns = ["Measure", "Mean", "5 %", "Median", "95 %", "None in", "Unit"]
    given = "" if len(result.cells) == 1 else ", settings as given"
    return together(
        table(f"Measures of {counted(cell.runs, 'run')}, sampled{given}", columns, rows, numbers=(1, 2, 3, 4, 5)),
        paragraph(
            "5 % and 95 %: so many of the runs that have a value have this one or a smaller one. They say how runs"
            " differ, not how sure the mean is.",
            class_="soft",
        ),
    )


def _summary(found: Summary, *, truth: bool) -> list[Content]:
    """Mean and quantiles of a number; of what is true or false the share of runs in which it is true."""
    if truth:
        return [None if found.mean is None else f"true in {in_percent(found.mean)} %", None, None, None]
    return [rounded_words(each) for each in (found.mean, found.p05, found.median, found.p95)]
