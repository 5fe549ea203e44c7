"""`negsim fork`."""

from __future__ import annotations

import click

from negsim.cli.common import (
    console,
    guarded,
    output_options,
    pairs,
    print_json,
    quiet_option,
    read_run,
    run_argument,
    setting_options,
    store_option,
)
from negsim.cli.idle import note_idle, note_same
from negsim.cli.names import and_name, name_option, say_renamed


@click.command("fork")
@run_argument
@click.option("--at", type=int, help="The event after which the future changes (-1: before any).")
@setting_options
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
@quiet_option
@output_options
@guarded
def command(
    *,
    run: str,
    at: int | None,
    sets: tuple[str, ...],
    reads: tuple[str, ...],
    chooses: tuple[str, ...],
    emit: tuple[str, ...],
    without: tuple[int, ...],
    called: str | None,
    store: str,
    quiet: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    """Another future from a moment of a kept run, with the same luck.

    The past up to --at stays as it was. What comes after is run again with what you change: choices,
    parameters, readings, an event put in or left out. The fork is kept as a run of its own.
    """
    from negsim.cli import show  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.cli.diff import show_difference  # noqa: PLC0415 - as above
    from negsim.engine.run import difference  # noqa: PLC0415 - as above
    from negsim.log.store import Store  # noqa: PLC0415 - as above
    from negsim.report.timeline import rows  # noqa: PLC0415 - as above

    parent = read_run(run, store)
    made = parent.fork(
        at=at,
        choose=list(chooses),
        set=pairs(sets, "parameter=value"),
        read=pairs(reads, "reading=option"),
        emit=emit,
        without=without,
    )
    with Store(store) as kept:
        kept.keep(made.log, made.scenario.files)
        if called is not None:
            say_renamed(called, kept.give_name(called, run=made.id))
    since = min(without) - 1 if at is None else at
    note_same(parent, since, parameters=pairs(sets, "parameter=value"), readings=pairs(reads, "reading=option"))
    note_idle(made, chooses, at=since)
    if as_json:
        print_json(made.as_json())
        return
    out = console(no_color=no_color)
    if quiet:
        out.print(f"run {made.id[:12]}   fork of {parent.id[:12]}   outcome {made.outcome}")
        return
    show.run_head(out, made)
    out.print()
    different = difference(parent, made)
    if different is None:
        out.print("Nothing comes out differently: the fork has the same events and the same ending.")
        return
    show_difference(out, (parent, made), different, ("before", "now"))
    if different.seq is not None and different.seq < len(made.events):
        out.print("\nFrom there on", style="bold")
        show.timeline(out, rows(made, made.events[different.seq :]))
    show.ending(out, made)
    out.print(f"\nKept as {made.id[:12]}{and_name(called)}.", style="dim")
