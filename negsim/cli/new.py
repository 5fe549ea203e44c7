"""`negsim new`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from negsim.cli.common import debug_option, guarded
from negsim.errors import UsageError
from negsim.written import write


@click.command("new")
@click.argument("name")
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@debug_option
@guarded
def command(*, name: str, force: bool) -> None:
    """A small working scenario to change, as NAME.yaml in this folder."""
    from negsim.language import template  # noqa: PLC0415 - heavy imports wait for the command

    stem = name.removesuffix(".yaml").removesuffix(".yml")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", stem):
        raise UsageError(f"'{name}' is no name for a scenario", "use letters, digits, _ and -")
    path = Path(f"{stem}.yaml")
    if os.path.lexists(path) and not force:
        raise UsageError(f"{path} is there already", "choose another name, or --force to write over it")
    write(path, template())
    click.echo(f"{path} is written. Try: negsim validate {path}, then negsim run {path}")
