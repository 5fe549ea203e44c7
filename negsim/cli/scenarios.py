"""`negsim scenarios`."""

from __future__ import annotations

import click

from negsim.cli.common import console, guarded, output_options, print_json


@click.command("scenarios")
@output_options
@guarded
def command(*, as_json: bool, no_color: bool) -> None:
    """The scenarios that ship with negsim, a line each. Any of the names can be given where a path can."""
    from negsim.cli.show import table  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.language import load, shipped  # noqa: PLC0415 - as above

    found = {name: load(path) for name, path in shipped()}
    if as_json:
        listed = [{"name": name, "title": each.title, "hash": each.hash} for name, each in found.items()]
        print_json({"scenarios": listed})
        return
    made = table("scenario", "title", plain=("scenario",))
    for name, each in found.items():
        made.add_row(name, each.title)
    console(no_color=no_color).print(made)
