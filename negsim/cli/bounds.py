"""`negsim solve --over-ranges`: the lowest and the highest probability of each outcome over ranges of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli.common import console, load_scenario, pairs, print_json
from negsim.cli.progress import watched
from negsim.cli.show import choice_words, table
from negsim.errors import UsageError
from negsim.log.text import in_words

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.solve.ranges import Ranges, Span


def options(function: Any) -> Any:
    """`--over-ranges` and what goes with it."""
    for option in (
        click.option("--points", type=int, metavar="N", help="How many points are looked at for each end, at most."),
        click.option("--over", metavar="NAME,…", help="The parameters; else those that feed a chance."),
        click.option(
            "--over-ranges", is_flag=True, help="The lowest and highest probability over the ranges of parameters."
        ),
    ):
        function = option(function)
    return function


@attrs.frozen
class Wanted:
    """Over which parameters ends are looked for, and at how many points."""

    over: str | None
    points: int | None


def taken(asked: Mapping[str, Any], **others: object) -> tuple[dict[str, Any], Wanted | None]:
    """What is asked for without what is about ranges; and that, where ends are looked for.

    Raises `UsageError` where it does not go with something else that is asked for.
    """
    rest = dict(asked)
    wanted = Wanted(rest.pop("over"), rest.pop("points"))
    if not rest.pop("over_ranges"):
        for name, value in attrs.asdict(wanted).items():
            if value is not None:
                raise UsageError(f"--{name} says how ranges are looked at", "with it goes --over-ranges")
        return rest, None
    for name, value in {**{name: rest[name] for name in ("readings", "measures")}, **others}.items():
        if value not in (None, (), False):
            raise UsageError(f"--over-ranges and --{name} do not go together", "ask for one after the other")
    return rest, wanted


def command(
    wanted: Wanted,
    *,
    scenario: str,
    sets: tuple[str, ...],
    reads: tuple[str, ...],
    chooses: tuple[str, ...],
    outcome: str | None,
    max_states: int | None,
    quiet: bool,
    as_json: bool,
    no_color: bool,
    **_: Any,
) -> None:
    """Looks for the ends, and shows them."""
    from negsim.scenario.settings import parameter_values  # noqa: PLC0415 - as needed
    from negsim.solve.ranges import over_ranges  # noqa: PLC0415 - as above

    loaded = load_scenario(scenario)
    given: dict[str, Any] = {"points": wanted.points, "max_states": max_states}
    with watched("points", quiet=quiet, shorter="fewer --points or parameters (--over) make it shorter") as told:
        found = over_ranges(
            loaded,
            outcome=outcome,
            over=wanted.over,
            set=parameter_values(loaded, pairs(sets, "parameter=value")),
            read=pairs(reads, "reading=option"),
            choose=list(chooses),
            progress=None if told is None else partial(told, total=None),
            **{name: value for name, value in given.items() if value is not None},
        )
    if as_json:
        print_json(found.as_json())
    else:
        _show(console(no_color=no_color), found, quiet=quiet)


def _show(out: Console, found: Ranges, *, quiet: bool) -> None:
    from negsim.solve.ranges import about  # noqa: PLC0415 - as needed
    from negsim.version import VERSION  # noqa: PLC0415 - as above

    scenario = found.scenario
    if not quiet:
        out.print(scenario.title, style="bold")
        number = len(found.parameters)
        what = f"{number} parameter{'' if number == 1 else 's'}, {found.points:,} points"
        out.print(f"{what}   scenario {scenario.hash[:12]}   negsim {VERSION}", style="dim")
        for parameter, value in found.settings.parameters.items():
            if value != scenario.parameters[parameter].value:
                out.print(f"set {parameter} = {value}", style="dim")
        for policy in found.settings.choices:
            out.print(f"choose {choice_words(policy)}", style="dim")
        readings = ", ".join(f"{name}={option}" for name, option in found.settings.readings.items())
        if readings:
            out.print(f"Readings: {readings}.", style="dim")
        out.print("Exact probabilities under the scenario's assumptions. This is no forecast.\n")
    right = ("lowest found", "as given", "highest found")
    made = table("outcome", *right, right=right)
    for name, span in found.outcomes.items():
        made.add_row(in_words(name), *span.words)
    out.print(made)
    for name, span in found.outcomes.items():
        _where(out, name, span)
    if not quiet:
        out.print(f"\n{about(found)}", style="dim")


def _where(out: Console, name: str, span: Span) -> None:
    """The points at which both ends are reached."""
    for word, end in (("lowest", span.lowest), ("highest", span.highest)):
        settings = ", ".join(f"{parameter} = {value:.6g}" for parameter, value in end.parameters.items())
        out.print(f"{in_words(name)}, {word}: {settings}")
