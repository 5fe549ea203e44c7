"""`negsim solve --over-ranges`: the lowest and the highest probability of each outcome over ranges of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli.common import Output, gathered, load_scenario, refuse_beside
from negsim.cli.heads import choose_lines, readings_lines, set_lines
from negsim.cli.idle import note_idle_over_ranges
from negsim.cli.progress import watched
from negsim.cli.settings import Given
from negsim.cli.show import table
from negsim.errors import UsageError
from negsim.wording import in_words

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.exact.answer.spans import ProbabilitySpan, Ranges


@attrs.frozen
class BoundsWanted:
    """Over which parameters ends are looked for, if they are, and at how many points."""

    over_ranges: bool
    over: str | None
    points: int | None

    def check(self, others: Mapping[str, object]) -> None:
        """Raises `UsageError` where it does not go with something else, by the word of its flag, that is asked for."""
        if self.over_ranges:
            refuse_beside("--over-ranges", others)
            return
        for name, value in {"over": self.over, "points": self.points}.items():
            if value is not None:
                raise UsageError(f"--{name} says how ranges are looked at", "with it goes --over-ranges")


options = gathered(
    BoundsWanted,
    "ends",
    click.option(
        "--over-ranges", is_flag=True, help="The lowest and highest probability over the ranges of parameters."
    ),
    click.option("--over", metavar="NAME,…", help="The parameters; else those that feed a chance."),
    click.option("--points", type=int, metavar="N", help="How many points are looked at for each end, at most."),
)


def command(
    wanted: BoundsWanted, *, scenario: str, given: Given, outcome: str | None, max_states: int | None, how: Output
) -> None:
    """Looks for the ends, and shows them."""
    from negsim.exact.ranges import over_ranges  # noqa: PLC0415 - as needed

    loaded = load_scenario(scenario)
    settings = given.checked(loaded)
    bounds: dict[str, Any] = {"points": wanted.points, "max_states": max_states}
    with watched("points", quiet=how.quiet, shorter="fewer --points or parameters (--over) make it shorter") as told:
        found = over_ranges(
            loaded,
            outcome=outcome,
            over=wanted.over,
            progress=None if told is None else partial(told, total=None),
            **settings.asked,
            **{name: value for name, value in bounds.items() if value is not None},
        )
    note_idle_over_ranges(found.idle)
    how.tell(found.as_json, lambda out: _show(out, found, quiet=how.quiet))


def _show(out: Console, found: Ranges, *, quiet: bool) -> None:
    from negsim.exact.answer.spans import about  # noqa: PLC0415 - as needed
    from negsim.version import VERSION  # noqa: PLC0415 - as above

    scenario = found.scenario
    if not quiet:
        out.print(scenario.title, style="bold")
        number = len(found.parameters)
        what = f"{number} parameter{'' if number == 1 else 's'}, {found.points:,} points"
        out.print(f"{what}   scenario {scenario.hash[:12]}   negsim {VERSION}", style="dim")
        asked = found.settings
        for line in (*set_lines(scenario, asked), *choose_lines(asked), *readings_lines(scenario, asked)):
            out.print(line, style="dim")
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


def _where(out: Console, name: str, span: ProbabilitySpan) -> None:
    """The points at which both ends are reached."""
    for word, end in (("lowest", span.lowest), ("highest", span.highest)):
        settings = ", ".join(f"{parameter} = {value:.6g}" for parameter, value in end.parameters.items())
        out.print(f"{in_words(name)}, {word}: {settings}")
