"""`negsim diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from negsim.cli.common import (
    RunName,
    console,
    guarded,
    language_option,
    output_options,
    print_json,
    read_run,
    store_option,
)

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.difference import Difference
    from negsim.engine.run import Run
    from negsim.log.event import LoggedEvent
    from negsim.scenario.calendar_steps import Step
    from negsim.scenario.model import Scenario

MOST_ENTRIES = 6  # of a section that differs, named one by one


@click.command("diff")
@click.argument("left", type=RunName(), metavar="RUN")
@click.argument("right", type=RunName(), metavar="RUN")
@store_option
@language_option
@output_options
@guarded
def command(*, left: str, right: str, store: str, as_json: bool, no_color: bool) -> None:
    """The first event at which two runs part, and their two outcomes.

    Each run is told in the words of its own scenario; where these differ, it says in what.
    """
    one, other = read_run(left, store), read_run(right, store)
    different = one.diff(other)
    if as_json:
        found = None if different is None else different.as_json()
        about = scenarios_json(one.scenario, other.scenario)
        same = different is None
        print_json({"left": one.id, "right": other.id, "scenarios": about, "same": same, "difference": found})
        return
    out = console(no_color=no_color)
    names = (f"run {one.id[:12]}", f"run {other.id[:12]}")
    if one.scenario.hash != other.scenario.hash:
        _show_scenarios(out, one.scenario, other.scenario)
    if different is None:
        out.print("The two runs have the same events and the same ending.")
        _show_words(out, (one, other), names)
        return
    show_difference(out, (one, other), different, names)


def scenarios_json(left: Scenario, right: Scenario) -> dict[str, Any] | None:
    """Two scenarios and in what they differ; nothing where they are one."""
    from negsim.scenario.apart import differing  # noqa: PLC0415 - heavy imports wait for the command

    if left.hash == right.hash:
        return None
    return {
        "left": {"title": left.title, "hash": left.hash},
        "right": {"title": right.title, "hash": right.hash},
        "differing": {section: list(names) for section, names in differing(left, right).items()},
    }


def _show_scenarios(out: Console, left: Scenario, right: Scenario) -> None:
    """That two runs are of different scenarios, and in what these differ."""
    from negsim.scenario.apart import differing  # noqa: PLC0415 - heavy imports wait for the command

    if left.title == right.title:
        out.print(f"The runs are of different versions of {left.title}: {left.hash[:12]} and {right.hash[:12]}.")
    else:
        called = [f"{each.title} ({each.hash[:12]})" for each in (left, right)]
        out.print(f"The runs are of different scenarios: {called[0]} and {called[1]}.")
    sections = []
    for section, names in differing(left, right).items():
        more = f", … ({len(names) - MOST_ENTRIES} more)" if len(names) > MOST_ENTRIES else ""
        sections.append(f"{section} ({', '.join(names[:MOST_ENTRIES])}{more})" if names else section)
    where = ", ".join(sections) or "comments and layout alone"
    out.print(f"These differ in: {where}.\n")


def _show_words(out: Console, runs: tuple[Run, Run], names: tuple[str, str]) -> None:
    """The first of the same events that two scenarios have different words for."""
    one, other = runs
    for event in one.events:
        if one.text(event.seq) != other.text(event.seq):
            out.print(f"Event {event.seq} is the first that the scenarios have different words for:")
            _show_sides(out, runs, (event, event), names)
            return


def show_difference(out: Console, runs: tuple[Run, Run], different: Difference, names: tuple[str, str]) -> None:
    """Both sides of a difference, one under the other; each event in the words of its own run."""
    from rich.text import Text  # noqa: PLC0415 - rich is loaded where it is used

    from negsim.cli.show import table  # noqa: PLC0415 - as above
    from negsim.show.timeline import number  # noqa: PLC0415 - as above
    from negsim.wording import in_words  # noqa: PLC0415 - as above

    if different.seq is None:
        out.print("All events are the same; the endings differ.")
    else:
        same = f"The same up to event {different.seq - 1}; event" if different.seq else "Event"
        out.print(f"{same} {different.seq} is the first that differs:")
        _show_sides(out, runs, (different.left, different.right), names)
    left, right = different.left_ending, different.right_ending
    made = table("", *names)
    made.add_row("outcome", in_words(left.outcome), in_words(right.outcome))
    step = _step(runs)
    made.add_row("ended" if step is None else f"ended {step.on} {step}", *_numbers(runs, (left.day, right.day)))
    for name in dict.fromkeys([*left.measures, *right.measures]):
        sides = [number(each.measures[name]) if name in each.measures else "not measured" for each in (left, right)]
        if sides[0] != sides[1]:
            made.add_row(_label(name, runs), *sides)
    out.print()
    out.print(made)
    texts = {in_words(run.outcome): run.outcome_text for run in runs}
    if len(texts) > 1 and any(texts.values()):
        out.print()
        for name, text in texts.items():
            out.print(Text(f"{name}: {text or 'nothing more is said of it'}"))


def _step(runs: tuple[Run, Run]) -> Step | None:
    """What time is counted in in both runs; nothing where it is not the same."""
    one, other = (run.scenario.calendar.step for run in runs)
    return one if one is other else None


def _numbers(runs: tuple[Run, Run], numbers: tuple[int, int]) -> tuple[str, str]:
    """The number of a day of each run, with what it counts where that is not the same in both."""
    if _step(runs) is not None:
        return str(numbers[0]), str(numbers[1])
    one, other = (f"{run.scenario.calendar.name} {number}" for run, number in zip(runs, numbers, strict=True))
    return one, other


def _label(name: str, runs: tuple[Run, Run]) -> str:
    """What a measure of two runs is called; a parameter that is not the same in both stands in brackets."""
    from negsim.log.text import measure_label, without_varied  # noqa: PLC0415 - as it is needed

    one, other = (run.header.parameters_at() for run in runs)
    measure = next(run.scenario.measures[name] for run in runs if name in run.scenario.measures)
    return measure_label(measure, without_varied(one, (each for each in one if one[each] != other.get(each))))


def _show_sides(
    out: Console, runs: tuple[Run, Run], events: tuple[LoggedEvent | None, LoggedEvent | None], names: tuple[str, str]
) -> None:
    """An event of each of two runs."""
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.log.text import event_text  # noqa: PLC0415 - as above
    from negsim.show.timeline import because  # noqa: PLC0415 - as above

    step = _step(runs) or "step"
    made = table("", "date", step, "event", "because", right=(step,))
    told = []
    days = _numbers(runs, (0 if events[0] is None else events[0].day, 0 if events[1] is None else events[1].day))
    for run, event, day in zip(runs, events, days, strict=True):
        if event is None:
            told.append(("", "", "no more events", ""))
        else:
            text = event_text(run.scenario, event, run.header.parameters_at(event.seq))
            told.append((event.date, day, text, because(event)))
    for name, row in zip(names, told, strict=True):
        made.add_row(name, *row)
    out.print(made)
    one, other = events
    if one is not None and other is not None and one != other and told[0] == told[1]:
        out.print(f"What is shown of them is the same. What differs: {_not_shown(one, other, names, step)}.")


def _not_shown(one: LoggedEvent, other: LoggedEvent, names: tuple[str, str], step: str) -> str:
    """In what two events differ that are told alike, with both sides of each chance and each field."""
    fields = [name for name in one.fields if one.fields[name] != other.fields.get(name)]
    sides = {f"field {name}": (str(one.fields[name]), str(other.fields.get(name, "none"))) for name in fields}
    if one.share != other.share:
        sides["the chance of the option"] = _chances(one.share, other.share)
    if one.chance != other.chance:
        sides["the chance that it comes"] = _chances(one.chance, other.chance)
    found = [f"{what} ({names[0]} {left}, {names[1]} {right})" for what, (left, right) in sides.items()]
    rest = {"origin": "where it comes from", "actor": "who decided", "triggered": f"the {step} of its trigger"}
    found += [words for name, words in rest.items() if getattr(one, name) != getattr(other, name)]
    return "; ".join(found)


def _chances(one: float | None, other: float | None) -> tuple[str, str]:
    """Two chances in percent, with all digits where fewer do not tell them apart; or that nothing was drawn."""
    from negsim.exact.answer.words import share  # noqa: PLC0415 - as it is needed

    found = ["not drawn" if each is None else f"{share(each)} %" for each in (one, other)]
    return (found[0], found[1]) if found[0] != found[1] else (str(one), str(other))
