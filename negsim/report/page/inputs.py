"""What went into a run, on a page: settings, readings, parameters with their ranges, assumptions, sources."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from negsim.engine.run import Run
from negsim.log.event import Header
from negsim.log.text import number_words
from negsim.report.page.elements import (
    Content,
    Markup,
    code,
    items,
    link,
    paragraph,
    table,
    tag,
    terms,
    together,
)
from negsim.report.page.record import origin_cell
from negsim.report.used import Behind
from negsim.scenario.model import Parameter, Scenario, Standing

MOST_CHOICES = 12  # choices that a command line is written for


def settings(run: Run) -> Markup:
    """What the run was asked with, and how it is made again."""
    scenario, header = run.scenario, run.header
    last = scenario.date_of(scenario.horizon_days).isoformat()
    pairs: list[tuple[str, Content]] = [
        ("Scenario", scenario.title),
        ("Scenario's hash", code(header.scenario_hash)),
        ("Begins", scenario.start.isoformat()),
        ("Ends at the latest", f"{last} (day {scenario.horizon_days})"),
        ("Seed", str(header.seed)),
        ("Run", code(run.id)),
    ]
    if header.parent is not None:
        pairs.append(("A fork of run", code(header.parent)))
    changed = [*_changed(scenario, header)]
    pairs.append(("Other than the scenario's own", items(changed) if changed else "nothing"))
    pairs.append(("To make it again", _again(run)))
    return terms(pairs)


def _changed(scenario: Scenario, header: Header) -> Iterator[Content]:
    """Parameters, readings and choices that are not the scenario's own, and what a fork changed."""
    for name, value in header.parameters.items():
        if value != scenario.parameters[name].value:
            yield together("parameter ", code(name), f" = {number_words(value)}")
    for name, option in header.readings.items():
        if option != scenario.readings[name].default:
            yield together("reading ", code(name), f" = {option}")
    if header.policies:
        number = len(header.policies)
        yield f"{number} choice{'s' if number > 1 else ''} made beforehand"
    for each in header.interventions:
        found = each.as_json()
        at = found.pop("at")
        yield f"after event {at}, changed by a fork: {', '.join(found)}"


def _again(run: Run) -> Markup:
    """The command that makes a run again, where one command does."""
    header, scenario = run.header, run.scenario
    plain = all({*policy} <= {"decision", "option", "day", "actors"} for policy in header.policies)
    if header.interventions or not plain or len(header.policies) > MOST_CHOICES:
        return together("its log holds all of it: ", code(f"negsim replay {run.id[:12]}"))
    root = PurePosixPath(next(iter(scenario.files), "")).name
    words = ["negsim", "run", root if root.endswith((".yaml", ".yml")) else "SCENARIO.yaml"]
    words += ["--seed", str(header.seed)]
    for name, value in header.parameters.items():
        if value != scenario.parameters[name].value:
            words += ["--set", f"{name}={number_words(value)}"]
    for name, option in header.readings.items():
        if option != scenario.readings[name].default:
            words += ["--read", f"{name}={option}"]
    for policy in header.policies:
        actors = f"[{','.join(policy['actors'])}]" if policy.get("actors") else ""
        day = f"@{policy['day']}" if "day" in policy else ""
        words += ["--choose", f"{policy['decision']}{actors}{day}={policy['option']}"]
    return tag("pre", code(shlex.join(words)))


def readings(run: Run) -> Markup:
    """Each question that the words leave open, the answer that this run takes, and the others."""
    found = run.scenario.readings.values()
    if not found:
        return paragraph("None: the model takes no words as open to more than one reading.")
    rows: list[list[Content]] = []
    for reading in found:
        taken = run.header.readings[reading.name]
        others = [f"{text} ({option})" for option, text in reading.options.items() if option != taken]
        note = "" if taken == reading.default else " Not the scenario's own answer."
        rows.append(
            [
                together(paragraph(reading.question or reading.name), paragraph(code(reading.name))),
                f"{reading.options[taken]} ({taken}){note}",
                items(others),
                origin_cell(run.scenario, reading.origin),
            ]
        )
    return table("Readings of this run", ["Question", "Read in this run", "Could be read", "Origin"], rows)


def parameters(run: Run, found: Iterable[Behind]) -> Markup:
    """Each number with its range and where it comes from; first those that the events of the run rest on."""
    used = {each.name for each in found if each.kind == "parameter"}
    fired = {each.name for each in found if each.kind in ("rule", "talks")}
    own = run.scenario.parameters.values()
    if not own:
        return paragraph("None.")
    near = [each for each in own if each.name in used or each.rule in fired]
    far = [each for each in own if each not in near]
    columns = ["Parameter", "Value", "Range", "Unit", "Origin"]

    def made(caption: str, which: Iterable[Parameter]) -> Markup:
        return table(caption, columns, [_parameter(run, each) for each in which], numbers=(1, 2))

    return together(
        made("Read by rules and talks behind the events of this run", near) if near else None,
        made("Other parameters of the scenario", far) if far else None,
    )


def _parameter(run: Run, parameter: Parameter) -> list[Content]:
    value = run.header.parameters[parameter.name]
    low, high = number_words(parameter.low), number_words(parameter.high)
    own = "" if value == parameter.value else f" (the scenario's own: {number_words(parameter.value)})"
    origin = origin_cell(run.scenario, parameter.origin)
    if parameter.rule is not None:
        origin = together(paragraph("As its rule or position ", code(parameter.rule), ":", class_="soft"), origin)
    return [
        code(parameter.name),
        f"{number_words(value)}{own}",
        "fixed" if parameter.low == parameter.high else f"{low} to {high}",
        parameter.unit,
        origin,
    ]


def assumptions(found: Iterable[Behind]) -> Markup:
    """What the events of a run rest on that is not on record as it stands: assumed, then inferred."""
    parts = []
    for standing, caption in (
        (Standing.ASSUMED, "Assumed: nothing on record says so"),
        (Standing.INFERRED, "Inferred: the author took a step from the words"),
    ):
        rows: list[list[Content]] = [
            [code(e.name), e.kind, e.origin.text or ""] for e in found if e.origin.standing is standing
        ]
        if rows:
            parts.append(table(caption, ["What", "Kind", "What the author says"], rows))
    return together(*parts) if parts else paragraph("None: all takes words on record as they stand.")


def sources(run: Run) -> Markup:
    """The published texts that the scenario's statements are taken from."""
    found = run.scenario.sources.values()
    if not found:
        return paragraph("None.")
    counts = {each.id: 0 for each in found}
    for statement in run.scenario.statements.values():
        counts[statement.source] += 1
    rows: list[list[Content]] = [
        [
            tag("cite", each.title or each.id),
            ", ".join(part for part in (each.publisher, each.date) if part),
            str(counts[each.id]),
            link(each.url),
        ]
        for each in found
    ]
    return table("Sources of the scenario", ["Source", "Published", "Statements", "Address"], rows, numbers=(2,))
