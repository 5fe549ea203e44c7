"""What was changed between two runs: settings, and what a fork changed on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from negsim.engine.run import Run
from negsim.ensemble.picture.setting_words import answer, setting
from negsim.log.event import ASSUMED_BY_USER, Intervention
from negsim.log.text import talks_name, value_words
from negsim.scenario.choices import Fixed, FixedAspiration
from negsim.show.page.elements import Content, Markup, code, items, paragraph, table, tag, together
from negsim.show.page.pair import Pair
from negsim.show.page.parting import _asked
from negsim.show.timeline import moment_words, number
from negsim.wording import in_words


def changed(both: Pair) -> Markup:
    """Settings that differ, and changes on the way; or that there are none."""
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
        when = f"{other.scenario.calendar.name} {gone['day']}"
        yield f"left out: {_sentence(other, gone, day=gone['day'], rule=gone['rule'])} ({when})"


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
    declared = run.scenario.events.get(found["event"])
    kinds = {} if declared is None else {field.name: field.type for field in declared.fields}
    fields = ", ".join(
        f"{in_words(name)}: {value_words(run.scenario, value, kinds.get(name))}"
        for name, value in found["fields"].items()
    )
    return in_words(found["event"]) + (f" ({fields})" if fields else "")
