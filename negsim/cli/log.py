"""`negsim log`."""

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


@click.command("log")
@run_argument
@store_option
@language_option
@output_options
@guarded
def command(*, run: str, store: str, as_json: bool, no_color: bool) -> None:
    """The timeline of a kept run (or of a .jsonl log), verified line by line."""
    from negsim.cli import show  # noqa: PLC0415 - heavy imports wait for the command

    found = read_run(run, store)
    if as_json:
        print_json(found.as_json())
    else:
        show.whole_run(console(no_color=no_color), found)
