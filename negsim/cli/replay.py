"""`negsim replay`."""

from __future__ import annotations

import click

from negsim.cli.common import (
    console,
    guarded,
    language_option,
    output_options,
    print_json,
    read_run,
    run_argument,
    store_option,
)
from negsim.cli.ending import NO


@click.command("replay")
@run_argument
@store_option
@language_option
@output_options
@guarded
def command(*, run: str, store: str, as_json: bool, no_color: bool) -> None:
    """Run a kept run (or a .jsonl log) again from its header and compare event by event.

    Exit status 1 where anything differs.
    """
    from negsim.cli.diff import show_difference  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.wording import counted  # noqa: PLC0415 - as above

    found = read_run(run, store)
    different = found.replay()
    if as_json:
        difference = None if different is None else different.as_json()
        print_json({"run": found.id, "same": different is None, "difference": difference})
    else:
        out = console(no_color=no_color)
        if different is None:
            out.print(f"run {found.id[:12]}: the same again, {counted(len(found.events), 'event')} and the ending.")
        else:
            out.print(f"run {found.id[:12]}: the replay differs from the log.")
            show_difference(out, (found, found), different, ("the log", "the replay"))
    if different is not None:
        raise SystemExit(NO)
