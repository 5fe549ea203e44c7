"""`negsim run`."""

from __future__ import annotations

import click

from negsim.cli.common import (
    console,
    guarded,
    load_scenario,
    output_options,
    pairs,
    policy_for,
    policy_option,
    print_json,
    quiet_option,
    scenario_argument,
    setting_options,
    store_option,
)
from negsim.cli.idle import note_idle
from negsim.cli.names import and_name, name_option, say_renamed
from negsim.errors import UsageError


@click.command("run")
@scenario_argument
@click.option("--seed", type=int, default=0, show_default=True, help="The luck of the run: 0 to 2^63 - 1.")
@setting_options
@policy_option
@name_option("run")
@click.option("--no-keep", is_flag=True, help="Do not keep the run in the store.")
@store_option
@quiet_option
@output_options
@guarded
def command(
    *,
    scenario: str,
    seed: int,
    sets: tuple[str, ...],
    reads: tuple[str, ...],
    chooses: tuple[str, ...],
    policy: str | None,
    called: str | None,
    no_keep: bool,
    store: str,
    quiet: bool,
    as_json: bool,
    no_color: bool,
) -> None:
    """One run of a scenario: a dated timeline, the outcome, the measures.

    The same scenario, settings and seed give the same run, byte by byte. The run is kept in the store
    under an id, for log, state, why, fork, diff and replay.
    """
    from negsim.cli import show  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.engine.run import run  # noqa: PLC0415 - as above
    from negsim.log.store import Store  # noqa: PLC0415 - as above
    from negsim.scenario.ranges import outside_ranges  # noqa: PLC0415 - as above
    from negsim.scenario.settings import parameter_values  # noqa: PLC0415 - as above

    if called is not None and no_keep:
        raise UsageError("--name is for a run that is kept", "leave out --no-keep")
    found = load_scenario(scenario)
    parameters = parameter_values(found, pairs(sets, "parameter=value"))
    for warning in outside_ranges(found, parameters):
        click.echo(f"note: {warning}", err=True)
    readings = pairs(reads, "reading=option")
    table = None if policy is None else policy_for(policy, found, set=parameters, read=readings)
    made = run(found, seed=seed, set=parameters, read=readings, choose=list(chooses), policy=table)
    if not no_keep:
        with Store(store) as kept:
            kept.keep(made.log, found.files)
            if called is not None:
                say_renamed(called, kept.give_name(called, run=made.id))
    note_idle(made, chooses)
    if as_json:
        print_json(made.as_json())
        return
    out = console(no_color=no_color)
    if quiet:
        out.print(f"run {made.id[:12]}   seed {seed}   outcome {made.outcome}")
        return
    show.whole_run(out, made)
    if not no_keep:
        ask = "Ask on: negsim why last SEQ, negsim state last --day N, negsim fork last …"
        out.print(f"\nKept as {made.id[:12]}{and_name(called)}. {ask}", style="dim")
