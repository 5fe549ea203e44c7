"""`negsim schema`."""

from __future__ import annotations

import click

from negsim.cli.common import debug_option, guarded, print_json


@click.command("schema")
@debug_option
@guarded
def command() -> None:
    """The JSON Schema of the scenario language, for editors that check YAML as you write."""
    from negsim.language import schema  # noqa: PLC0415 - heavy imports wait for the command

    print_json(schema())
