"""`negsim import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from negsim.cli.common import debug_option, guarded, quiet_option
from negsim.cli.files import OUTPUT, reads
from negsim.errors import UsageError
from negsim.written import write

if TYPE_CHECKING:
    from negsim.convert.genius import Meaning


@click.command("import")
@click.argument("sources", metavar="SOURCE [PROFILE…]", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("-o", "--output", type=OUTPUT, help="A file (else standard output).")
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@click.option("--rounds", type=int, default=100, show_default=True, help="How many rounds the talks have, one a day.")
@click.option(
    "--as",
    "meaning",
    type=click.Choice(["genius", "negmas"]),
    default="genius",
    show_default=True,
    help="How XML is read: an evaluation is its share of the greatest of its issue, and a utility is cut at 1 "
    "(genius); or all counts as it stands (negmas).",
)
@quiet_option
@debug_option
@guarded
def command(
    *, sources: tuple[str, ...], output: Path | None, force: bool, rounds: int, meaning: Meaning, quiet: bool
) -> None:
    """A scenario with talks, made of a negotiation domain: GENIUS (XML), NegMAS (YAML, JSON), GeniusWeb (JSON).

    SOURCE is a folder that holds a domain and its profiles, or the domain's file; then the profiles are
    those given after it or, where none is, those beside it.
    """
    from negsim.convert import convert  # noqa: PLC0415 - heavy imports wait for the command

    if output is not None and output.exists() and not force:
        raise UsageError(f"{output} is there already", "choose another name, or --force to write over it")
    converted = convert(sources, rounds=rounds, meaning=meaning)
    for warning in converted.warnings:
        click.echo(warning.render() + "\n", err=True)
    reads(*converted.files)
    if output is None:
        click.echo(converted.text, nl=False)
    else:
        write(output, converted.text)
    if not quiet:
        where = "write it to a file (-o FILE.yaml), then" if output is None else f"{output} is written. Try:"
        click.echo(f"{where} negsim deal {output or 'FILE.yaml'}", err=True)
