"""`negsim run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from negsim.cli.common import (
    Output,
    guarded,
    how_options,
    language_option,
    load_scenario,
    scenario_argument,
    store_option,
)
from negsim.cli.idle import note_idle
from negsim.cli.names import and_name, keep, name_option
from negsim.cli.settings import Given, setting_options
from negsim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.run import Run


@click.command("run")
@scenario_argument
@click.option("--seed", type=int, default=0, show_default=True, help="The luck of the run: 0 to 2^63 - 1.")
@setting_options("sets", "reads", "chooses", "policy")
@name_option("run")
@click.option("--no-keep", is_flag=True, help="Do not keep the run in the store.")
@store_option
@language_option
@how_options
@guarded
def command(
    *, scenario: str, seed: int, given: Given, called: str | None, no_keep: bool, store: str, how: Output
) -> None:
    """One run of a scenario: a dated timeline, the outcome, the measures.

    The same scenario, settings and seed give the same run, byte by byte. The run is kept in the store
    under an id, for log, state, why, fork, diff and replay.
    """
    from negsim.engine.run import run  # noqa: PLC0415 - heavy imports wait for the command

    if called is not None and no_keep:
        raise UsageError("--name is for a run that is kept", "leave out --no-keep")
    found = load_scenario(scenario)
    made = run(found, seed=seed, **given.checked(found).asked)
    if not no_keep:
        keep(made, store, called)
    note_idle(made, given.chooses)
    kept = None if no_keep else f"Kept as {made.id[:12]}{and_name(called)}."
    how.tell(made.as_json, lambda out: _show(out, made, kept, quiet=how.quiet))


def _show(out: Console, made: Run, kept: str | None, *, quiet: bool) -> None:
    from negsim.cli import show  # noqa: PLC0415 - heavy imports wait for the command

    if quiet:
        out.print(f"run {made.id[:12]}   seed {made.header.seed}   outcome {made.outcome}")
        return
    show.whole_run(out, made)
    if kept is not None:
        ask = "Ask on: negsim why last SEQ, negsim state last --day N, negsim fork last …"
        out.print(f"\n{kept} {ask}", style="dim")
