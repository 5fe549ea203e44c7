"""`negsim runs`."""

from __future__ import annotations

import attrs
import click

from negsim.cli.common import console, guarded, output_options, print_json, store_option

LONGEST_TITLE = 28


@click.command("runs")
@store_option
@output_options
@guarded
def command(*, store: str, as_json: bool, no_color: bool) -> None:
    """The runs that are kept, oldest first."""
    from negsim.cli.show import table  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.log.store import Store  # noqa: PLC0415 - as above

    with Store(store) as kept:
        found = kept.runs() if kept.exists else []
    if as_json:
        print_json({"runs": [attrs.asdict(each) for each in found]})
        return
    out = console(no_color=no_color)
    if not found:
        out.print(f"No run is kept in {store} yet. `negsim run SCENARIO` keeps one.")
        return
    made = table(
        "run",
        "seed",
        "outcome",
        "ended on day",
        "events",
        "fork of",
        "scenario",
        right=("seed", "ended on day", "events"),
    )
    for each in found:
        parent = (each.parent or "")[:12]
        made.add_row(
            each.id[:12], str(each.seed), each.outcome, str(each.ended_on), str(each.events), parent, _short(each.title)
        )
    out.print(made)


def _short(title: str) -> str:
    """A title cut to what a row has room for."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
