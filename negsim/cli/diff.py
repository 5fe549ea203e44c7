"""`negsim diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from negsim.cli.common import RunName, console, guarded, output_options, print_json, read_run, store_option

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.run import Difference, Run
    from negsim.log.event import Ending, LoggedEvent


@click.command("diff")
@click.argument("left", type=RunName(), metavar="RUN")
@click.argument("right", type=RunName(), metavar="RUN")
@store_option
@output_options
@guarded
def command(*, left: str, right: str, store: str, as_json: bool, no_color: bool) -> None:
    """The first event at which two runs part, and their two outcomes."""
    from negsim.engine.run import difference  # noqa: PLC0415 - heavy imports wait for the command

    one, other = read_run(left, store), read_run(right, store)
    different = difference(one, other)
    if as_json:
        print_json(
            {"left": one.id, "right": other.id, "same": different is None, "difference": difference_json(different)}
        )
        return
    out = console(no_color=no_color)
    if different is None:
        out.print("The two runs have the same events and the same ending.")
        return
    show_difference(out, (one, other), different, (f"run {one.id[:12]}", f"run {other.id[:12]}"))


def difference_json(different: Difference | None) -> dict[str, Any] | None:
    """A difference as JSON; nothing for none."""
    from negsim.log.event import as_json  # noqa: PLC0415 - heavy imports wait for the command

    if different is None:
        return None

    def side(event: LoggedEvent | None, ending: Ending) -> dict[str, Any]:
        return {
            "event": None if event is None else as_json(event),
            "outcome": ending.outcome,
            "ended_on": ending.day,
            "measures": dict(ending.measures),
        }

    return {
        "seq": different.seq,
        "left": side(different.left, different.left_ending),
        "right": side(different.right, different.right_ending),
    }


def show_difference(out: Console, runs: tuple[Run, Run], different: Difference, names: tuple[str, str]) -> None:
    """Both sides of a difference, one under the other; each event in the words of its own run."""
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.log.text import event_text, in_words  # noqa: PLC0415 - as above
    from negsim.report.timeline import because, number  # noqa: PLC0415 - as above

    if different.seq is None:
        out.print("All events are the same; the endings differ.")
    else:
        same = f"The same up to event {different.seq - 1}; event" if different.seq else "Event"
        out.print(f"{same} {different.seq} is the first that differs:")
        made = table("", "date", "day", "event", "because", right=("day",))
        for name, run, event in zip(names, runs, (different.left, different.right), strict=True):
            if event is None:
                made.add_row(name, "", "", "no more events", "")
            else:
                text = event_text(run.scenario, event, run.header.parameters_at(event.seq))
                made.add_row(name, event.date, str(event.day), text, because(event))
        out.print(made)
    measures = dict.fromkeys([*different.left_ending.measures, *different.right_ending.measures])
    made = table("", *names)
    made.add_row("outcome", in_words(different.left_ending.outcome), in_words(different.right_ending.outcome))
    made.add_row("ended on day", str(different.left_ending.day), str(different.right_ending.day))
    for name in measures:
        left, right = different.left_ending.measures.get(name), different.right_ending.measures.get(name)
        if left != right:
            made.add_row(_label(name, runs), number(left), number(right))
    out.print()
    out.print(made)


def _label(name: str, runs: tuple[Run, Run]) -> str:
    """What a measure of two runs is called; a parameter that is not the same in both stands in brackets."""
    from negsim.log.text import measure_label, without_varied  # noqa: PLC0415 - as it is needed

    one, other = (run.header.parameters_at() for run in runs)
    measure = next(run.scenario.measures[name] for run in runs if name in run.scenario.measures)
    return measure_label(measure, without_varied(one, (each for each in one if one[each] != other.get(each))))
