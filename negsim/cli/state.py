"""`negsim state`."""

from __future__ import annotations

import click

from negsim.cli.common import console, guarded, output_options, print_json, read_run, run_argument, store_option
from negsim.cli.moments import NumberOrDate, day_of
from negsim.errors import UsageError
from negsim.wording import on_step


@click.command("state")
@run_argument
@click.option("--day", type=NumberOrDate("day"), metavar="DAY|DATE", help="At the dusk of this day, or of this date.")
@click.option("--seq", type=int, help="Right after this event (-1: before any).")
@store_option
@output_options
@guarded
def command(*, run: str, day: int | str | None, seq: int | None, store: str, as_json: bool, no_color: bool) -> None:
    """The state of a run at a moment (the end, if none is given), folded from its log."""
    from negsim.cli import show  # noqa: PLC0415 - heavy imports wait for the command

    if day is not None and seq is not None:
        raise UsageError("--day and --seq name two moments", "give one of them")
    found = read_run(run, store)
    calendar = found.scenario.calendar
    day = None if day is None else day_of(found, day)
    if day is not None and day > found.ended_on:
        most = f"--day can be at most {found.ended_on}, {calendar.written(found.ended_on)}"
        raise UsageError(f"the run ended {on_step(calendar.name, found.ended_on)}", most)
    if day is not None and day < calendar.first:
        raise UsageError(f"there is no date for {calendar.name} {day}", f"--day can be at least {calendar.first}")
    state = found.state(day=day, seq=seq)
    if as_json:
        print_json({"run": found.id, "day": day, "seq": seq, "state": dict(state)})
        return
    out = console(no_color=no_color)
    if seq is not None:
        moment = f"after event {seq}" if seq >= 0 else "before any event"
    else:
        last = found.ended_on if day is None else day
        moment = f"at dusk {'on' if calendar.is_days else 'of'} {calendar.written(last)} ({calendar.name} {last})"
    out.print(f"run {found.id[:12]}, {moment}\n", style="bold")
    show.state_table(out, state)
