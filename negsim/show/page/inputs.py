"""What went into a run, on a page: settings, readings, parameters with their ranges, assumptions, sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from negsim.engine.run import Run
from negsim.log.again import run_command
from negsim.log.event import Header
from negsim.log.text import Values, filled, number_words
from negsim.scenario.choices import FixedChoice
from negsim.scenario.held import reading_named, readings_meant, told_once, whose
from negsim.scenario.model import Scenario
from negsim.scenario.record import Parameter, Source, Standing
from negsim.show.page.elements import (
    NOTHING,
    Content,
    Markup,
    code,
    items,
    link,
    paragraph,
    spoken,
    table,
    tag,
    terms,
    together,
)
from negsim.show.page.record import origin_cell
from negsim.show.timeline import moment_words
from negsim.show.used import Behind

MOST_CHOICES = 12  # choices that a command line is written for


def noted(*scenarios: Scenario) -> list[str]:
    """What authors remark on their whole scenarios, each remark once: it stands where a page says what it is."""
    return [f"The author's note: {note}" for note in dict.fromkeys(each.note for each in scenarios) if note]


def of_scenario(scenario: Scenario) -> Iterator[tuple[str, Content]]:
    """Which scenario it is, and when it begins and ends: terms with what they say."""
    last = scenario.calendar.written(scenario.horizon_days)
    yield "Scenario", scenario.title
    yield "Scenario's hash", code(scenario.hash)
    yield "Begins", scenario.calendar.written(0)
    yield "Ends at the latest", f"{last} ({scenario.calendar.name} {scenario.horizon_days})"


def settings(run: Run) -> Markup:
    """What the run was asked with, and how it is made again."""
    scenario, header = run.scenario, run.header
    pairs = [*of_scenario(scenario), ("Seed", str(header.seed)), ("Run", code(run.id))]
    if header.parent is not None:
        pairs.append(("A fork of run", code(header.parent)))
    changed = [*_changed(scenario, header)]
    pairs.append(("Other than the scenario's own", items(changed) if changed else "nothing"))
    pairs.append(("To make it again", again(run)))
    return terms(pairs)


def _changed(scenario: Scenario, header: Header) -> Iterator[Content]:
    """Parameters, readings and choices that are not the scenario's own, and what a fork changed."""
    for name, value in header.settings.parameters.items():
        if value != scenario.parameters[name].value:
            yield together("parameter ", code(name), f" = {number_words(value)}")
    for name, option in header.settings.readings.items():
        if option != scenario.readings[name].default:
            yield together("reading ", code(name), f" = {option}")
    if header.settings.choices:
        number = len(header.settings.choices)
        yield f"{number} choice{'s' if number > 1 else ''} made beforehand"
    for each in header.interventions:
        found = each.as_json()
        at = found.pop("at")
        yield f"{moment_words(at)}, changed by a fork: {', '.join(found)}"


def again(run: Run) -> Markup:
    """The command that makes a run again, where one command does."""
    header, scenario = run.header, run.scenario
    plain = all(isinstance(choice, FixedChoice) and choice.nth is None for choice in header.settings.choices)
    if header.interventions or not plain or len(header.settings.choices) > MOST_CHOICES:
        return together("its log holds all of it: ", code(f"negsim replay {run.id[:12]}"))
    return tag("pre", code(run_command(scenario, header.settings, seed=header.seed)))


def readings(scenario: Scenario, taken: Mapping[str, str], values: Values, *, varied: Collection[str] = ()) -> Markup:
    """Each question that the words leave open, the answer that is taken, and the others."""
    if not scenario.readings:
        return paragraph("None: the model takes no words as open to more than one reading.")
    rows: list[list[Content]] = []
    tongue = scenario.tongue
    for name, option in told_once(scenario, taken).items():
        reading, every = reading_named(scenario, name), readings_meant(scenario, name)
        answers = {
            each: together(spoken(tongue, filled(text, values)), f" ({each})") for each, text in reading.options.items()
        }
        others = [text for each, text in answers.items() if each != option]
        own = all(scenario.readings[each].default == option for each in every)
        note = "" if own else " Not the scenario's own answer."
        more = paragraph("Varied here.", class_="soft") if not set(every).isdisjoint(varied) else None
        rows.append(
            [
                together(
                    paragraph(spoken(tongue, _asked(scenario, name, values))),
                    paragraph(code(name)),
                ),
                together(answers[option], note, more),
                items(others),
                origin_cell(scenario, reading.origin),
            ]
        )
    return table("Readings", ["Question", "Read here", "Could be read", "Origin of the question"], rows)


def _asked(scenario: Scenario, name: str, values: Values) -> str:
    """The question of a reading, or its name, with whose it is."""
    reading, held = reading_named(scenario, name), whose(scenario, name)
    words = filled(reading.question or reading.of or reading.name, values)
    return words if held is None else f"{words} ({held})"


def parameters(scenario: Scenario, values: Mapping[str, str], near: Collection[str] | None = None) -> Markup:
    """Each number with its range and where it comes from; `near` ones first, in a table of their own."""
    own = list(scenario.parameters.values())
    if not own:
        return paragraph("None.")
    if near is None:
        return _parameters(scenario, values, own, "Parameters")
    first = [each for each in own if each.name in near]
    rest = [each for each in own if each.name not in near]
    return together(
        _parameters(scenario, values, first, "Read by rules and talks behind the events of this run"),
        _parameters(scenario, values, rest, "Other parameters of the scenario"),
    )


def _parameters(scenario: Scenario, values: Mapping[str, str], which: Iterable[Parameter], caption: str) -> Markup:
    rows = [_parameter(scenario, each, values[each.name]) for each in which]
    return table(caption, ["Parameter", "Value", "Range", "Unit", "Origin"], rows, numbers=(1, 2)) if rows else NOTHING


def _parameter(scenario: Scenario, parameter: Parameter, value: str) -> list[Content]:
    low, high, own = (number_words(each) for each in (parameter.low, parameter.high, parameter.value))
    origin = origin_cell(scenario, parameter.origin)
    if parameter.rule is not None:
        origin = together(
            paragraph("The author's number in ", code(parameter.rule), ", which is:", class_="soft"), origin
        )
    return [
        code(parameter.name),
        value if value == own or value.startswith("varied") else f"{value} (the scenario's own: {own})",
        "fixed" if low == high else f"{low} to {high}",
        parameter.unit,
        origin,
    ]


def near_parameters(scenario: Scenario, found: Iterable[Behind]) -> set[str]:
    """The parameters that some things rest on: those they read, and those written in them."""
    things = list(found)
    read = {each.name for each in things if each.kind == "parameter"}
    owners = {each.name for each in things if each.kind in ("rule", "talks")}
    return {each.name for each in scenario.parameters.values() if each.name in read or each.rule in owners}


def assumptions(found: Iterable[Behind]) -> Markup:
    """Of some things those that are not on record as they stand: assumed, then inferred."""
    parts = []
    for standing, caption in (
        (Standing.ASSUMED, "Assumed: nothing on record says so"),
        (Standing.INFERRED, "Inferred: the author took a step from the words"),
    ):
        rows: list[list[Content]] = [
            [code(e.name), e.kind, e.origin.words or ""] for e in found if e.origin.standing is standing
        ]
        if rows:
            parts.append(table(caption, ["What", "Kind", "What the author says"], rows))
    return together(*parts) if parts else paragraph("None: all takes words on record as they stand.")


def _addresses(scenario: Scenario, source: Source) -> Content:
    """Where a source and its statements can be read, each place once."""
    own = [each.url for each in scenario.statements.values() if each.source == source.id]
    urls = dict.fromkeys(url for url in (source.url, *own) if url)
    return items(map(link, urls)) if len(urls) > 1 else link(next(iter(urls), None))


def sources(scenario: Scenario) -> Markup:
    """The published texts that the scenario's statements are taken from."""
    found = scenario.sources.values()
    if not found:
        return paragraph("None.")
    counts = {each.id: 0 for each in found}
    for statement in scenario.statements.values():
        counts[statement.source] += 1
    rows: list[list[Content]] = [
        [
            tag("cite", each.title or each.id),
            ", ".join(part for part in (each.publisher, each.date) if part),
            str(counts[each.id]),
            _addresses(scenario, each),
        ]
        for each in found
    ]
    return table("Sources of the scenario", ["Source", "Published", "Statements", "Address"], rows, numbers=(2,))
