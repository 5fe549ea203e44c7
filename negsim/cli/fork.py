"""`negsim fork`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from negsim.cli.common import Output, guarded, how_options, language_option, read_run, run_argument, store_option
from negsim.cli.idle import note_idle, note_same_in_fork
from negsim.cli.moments import NumberOrDate, last_event_of
from negsim.cli.names import and_name, keep, name_option
from negsim.cli.settings import Given, setting_options

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.run import Run


@click.command("fork")
@run_argument
@click.option(
    "--at",
    "moment",
    type=NumberOrDate("at"),
    metavar="SEQ|DATE",
    help="The event after which the future changes (-1: before any); a date: its last event, or the last before it.",
)
@setting_options("sets", "reads", "chooses")
@click.option("--emit", multiple=True, metavar="'EVENT(…)'", help="Put an event in, right after the one at --at.")
@click.option(
    "--without",
    type=int,
    multiple=True,
    metavar="SEQ",
    help="Leave this later event out: it changes and triggers nothing.",
)
@name_option("fork")
@store_option
@language_option
@how_options
@guarded
def command(
    *,
    run: str,
    moment: int | str | None,
    given: Given,
    emit: tuple[str, ...],
    without: tuple[int, ...],
    called: str | None,
    store: str,
    how: Output,
) -> None:
    """Another future from a moment of a kept run, with the same luck.

    The past up to --at stays as it was. What comes after is run again with what you change: choices,
    parameters, readings, an event put in or left out. The fork is kept as a run of its own.
    """
    parent = read_run(run, store)
    at = None if moment is None else last_event_of(parent, moment)
    made = parent.fork(
        at=at,
        choose=list(given.chooses),
        set=given.parameters,
        read=given.readings,
        emit=emit,
        without=without,
    )
    keep(made, store, called)
    since = min(without) - 1 if at is None else at
    note_same_in_fork(parent, since, parameters=given.parameters, readings=given.readings)
    note_idle(made, given.chooses, at=since)
    how.tell(made.as_json, lambda out: _show(out, parent, made, and_name(called), quiet=how.quiet))


def _show(out: Console, parent: Run, made: Run, name: str, *, quiet: bool) -> None:
    from negsim.cli import heads, show  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.cli.diff import show_difference  # noqa: PLC0415 - as above
    from negsim.engine.difference import difference  # noqa: PLC0415 - as above
    from negsim.show.timeline import rows  # noqa: PLC0415 - as above

    if quiet:
        out.print(f"run {made.id[:12]}   fork of {parent.id[:12]}   outcome {made.outcome}")
        return
    heads.run_head(out, made)
    out.print()
    different = difference(parent, made)
    if different is None:
        out.print("Nothing comes out differently: the fork has the same events and the same ending.")
        return
    show_difference(out, (parent, made), different, ("before", "now"))
    if different.seq is not None and different.seq < len(made.events):
        out.print("\nFrom there on", style="bold")
        show.timeline(out, rows(made, made.events[different.seq :]), made.scenario.calendar.name)
    show.ending(out, made)
    out.print(f"\nKept as {made.id[:12]}{name}.", style="dim")
