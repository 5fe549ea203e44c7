"""`negsim describe`."""

from __future__ import annotations

from pathlib import Path

import click

from negsim.cli.common import (
    debug_option,
    guarded,
    json_option,
    language_option,
    load_scenario,
    print_json,
    scenario_argument,
)
from negsim.cli.files import OUTPUT, print_or_put


@click.command("describe")
@scenario_argument
@click.option("-o", "--output", type=OUTPUT, help="A file (else standard output).")
@language_option
@json_option
@debug_option
@guarded
def command(*, scenario: str, output: Path | None, as_json: bool) -> None:
    """The model as a document that a reader can check without reading YAML (Markdown, after ODD)."""
    from negsim.show.describe import describe, describe_json  # noqa: PLC0415 - heavy imports wait for the command

    found = load_scenario(scenario)
    if as_json:
        print_json(describe_json(found))
    else:
        print_or_put(describe(found), output)
