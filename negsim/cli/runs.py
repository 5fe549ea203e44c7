"""`negsim runs`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from negsim.cli.common import RunName, console, guarded, output_options, print_json, store_option
from negsim.cli.subjects import Kind, kind_of, load_scenario
from negsim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.log.store import KeptRun, Store

LONGEST_TITLE = 28


@click.command("runs")
@click.argument("runs", metavar="[RUN…]", nargs=-1, type=RunName())
@click.option("--scenario", metavar="NAME", help="Only those of a scenario: its name, its path, or part of the title.")
@click.option("--rm", "remove", is_flag=True, help="Throw the named runs away.")
@click.option("--prune", type=click.IntRange(min=0), metavar="N", help="Keep the newest N, and those that have a name.")
@click.option("--dry-run", is_flag=True, help="With --rm and --prune: only say which.")
@store_option
@output_options
@guarded
def command(
    *,
    runs: tuple[str, ...],
    scenario: str | None,
    remove: bool,
    prune: int | None,
    dry_run: bool,
    store: str,
    as_json: bool,
    no_color: bool,
) -> None:
    """The runs that are kept, oldest first: all, those of a scenario, or those that are named.

    --rm and --prune throw runs away, and list those that go.
    """
    from negsim.log.store import Store  # noqa: PLC0415 - heavy imports wait for the command

    _check(runs, remove=remove, prune=prune, dry_run=dry_run)
    with Store(store) as kept:
        found = _chosen(kept, runs, scenario)
        gone = found if remove else [] if prune is None else _pruned(found, prune)
        if gone and not dry_run:
            kept.remove(each.id for each in gone)
    goes = remove or prune is not None
    if as_json:
        print_json({"removed" if goes else "runs": [attrs.asdict(each) for each in (gone if goes else found)]})
        return
    out = console(no_color=no_color)
    if goes:
        _say_gone(out, gone, dry_run=dry_run)
    elif found:
        _list(out, found)
    else:
        narrowed = " of that scenario" if scenario is not None else ""
        out.print(f"No run{narrowed} is kept in {store} yet. `negsim run SCENARIO` keeps one.")


def _check(runs: Sequence[str], *, remove: bool, prune: int | None, dry_run: bool) -> None:
    """Raises `UsageError` where what is asked for does not go together."""
    if remove and prune is not None:
        raise UsageError("--rm and --prune do not go together", "ask for one after the other")
    if remove and not runs:
        raise UsageError("which runs?", "name them: negsim runs --rm RUN…")
    if prune is not None and runs:
        raise UsageError("--prune chooses the runs itself", "--scenario narrows it to those of one scenario")
    if dry_run and not remove and prune is None:
        raise UsageError("--dry-run goes with --rm or --prune")


def _chosen(kept: Store, names: Sequence[str], scenario: str | None) -> list[KeptRun]:
    """The runs that are meant, oldest first. Raises `UsageError` for a name that no run has."""
    found = kept.runs() if kept.exists else []
    if names:
        ids = {kept.find(name) for name in names}
        found = [each for each in found if each.id in ids]
    if scenario is None:
        return found
    if kind_of(scenario) is Kind.SCENARIO or Path(scenario).is_file():
        title = load_scenario(scenario).title
        return [each for each in found if each.title == title]
    return [each for each in found if scenario.lower() in each.title.lower()]


def _pruned(runs: Sequence[KeptRun], newest: int) -> list[KeptRun]:
    """The runs that go: all but the newest ones and those that somebody gave a name."""
    older = runs[: len(runs) - newest] if newest < len(runs) else []
    return [each for each in older if not each.names]


def _say_gone(out: Console, gone: Sequence[KeptRun], *, dry_run: bool) -> None:
    if not gone:
        out.print("No run goes.")
        return
    _list(out, gone)
    count = f"{len(gone):,} run{'' if len(gone) == 1 else 's'}"
    out.print(f"\n{count} would go." if dry_run else f"\n{count} thrown away.")


def _list(out: Console, found: Sequence[KeptRun]) -> None:
    from negsim.cli.show import table  # noqa: PLC0415 - heavy imports wait for the command

    named = any(each.names for each in found)
    columns = ("run", *(["name"] if named else []), "seed", "outcome", "ended on day", "events", "fork of", "scenario")
    made = table(*columns, right=("seed", "ended on day", "events"))
    for each in found:
        made.add_row(
            each.id[:12],
            *([", ".join(each.names)] if named else []),
            str(each.seed),
            each.outcome,
            str(each.ended_on),
            str(each.events),
            (each.parent or "")[:12],
            _short(each.title),
        )
    out.print(made)


def _short(title: str) -> str:
    """A title cut to what a row has room for."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
