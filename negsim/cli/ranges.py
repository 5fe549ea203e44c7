"""What `negsim explore` looks for over the ranges of parameters: what matters most (Sobol indices)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli.common import console, load_scenario, pairs, print_json
from negsim.cli.show import table
from negsim.errors import UsageError
from negsim.log.text import in_words

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.explore.evaluate import Progress
    from negsim.explore.sensitivity import Estimate, Sensitivity
    from negsim.scenario.model import Parameter, Scenario

MOST_ROWS = 20
RESULTS = "results"  # the folder beside the store


def options(function: Any) -> Any:
    """`--sensitivity` and what goes with it."""
    for option in reversed(
        [
            click.option("--sensitivity", is_flag=True, help="Which parameter matters most, over all their ranges."),
            click.option("--over", metavar="NAME,…", help="The parameters whose ranges are looked at; else all."),
            click.option("--points", type=int, metavar="N", help="How many points of the ranges are looked at."),
            click.option("--exact", is_flag=True, help="With --sensitivity: solve each setting exactly, without runs."),
        ]
    ):
        function = option(function)
    return function


@attrs.frozen(kw_only=True)
class Wanted:
    """What is looked for over ranges, and how."""

    sensitivity: bool
    over: str | None
    points: int | None
    exact: bool

    @property
    def kind(self) -> str | None:
        """The option that asks; nothing where none does. Raises `UsageError` for one that needs another."""
        if self.sensitivity:
            return "--sensitivity"
        for name in ("over", "points", "exact"):
            if getattr(self, name):
                raise UsageError(f"--{name} says how ranges are looked at", "with it goes --sensitivity")
        return None

    def refuse(self, given: Mapping[str, object], asked: Mapping[str, object]) -> None:
        """Raises `UsageError` where something is asked for that does not go with it."""
        more = {name: asked[name] for name in ("sweeps", "lhs", "readings", "until_width")}
        for name, value in {**given, **more}.items():
            if value not in (None, (), False):
                word = {"sweeps": "sweep"}.get(name, name).replace("_", "-")
                raise UsageError(f"{self.kind} and --{word} do not go together", "ask for one after the other")


def taken(asked: MutableMapping[str, Any]) -> Wanted:
    """What is looked for over ranges, taken out of what is asked."""
    return Wanted(**{field.name: asked.pop(field.name) for field in attrs.fields(Wanted)})


def command(
    wanted: Wanted,
    *,
    scenario: str,
    outcome: str | None,
    quiet: bool,
    as_json: bool,
    no_color: bool,
    **asked: Any,
) -> None:
    """Looks, and shows what was found."""
    found = load_scenario(scenario)
    how = {
        "set": pairs(asked["sets"], "parameter=value"),
        "read": pairs(asked["reads"], "reading=option"),
        "choose": list(asked["chooses"]),
        "seed": asked["seed"] or 0,
        "workers": asked["workers"],
    }
    made = _sensitivity(found, wanted, outcome, quiet=quiet, store=asked["store"], runs=asked["runs"], **how)
    if as_json:
        print_json(made.as_json())
    else:
        _show_sensitivity(console(no_color=no_color), made, quiet=quiet)


# What matters most.


def _sensitivity(
    scenario: Scenario, wanted: Wanted, outcome: str | None, *, quiet: bool, store: str, runs: int | None, **how: Any
) -> Sensitivity:
    """The indices, after how much there is to do was said."""
    from negsim.engine.settings import parameter_values, ranged  # noqa: PLC0415 - as needed
    from negsim.explore.request import request_for  # noqa: PLC0415 - as above
    from negsim.explore.sensitivity import POINTS, RUNS, saltelli, sobol  # noqa: PLC0415 - as above

    how["set"] = parameter_values(scenario, how["set"])
    points = POINTS if wanted.points is None else wanted.points
    given: dict[str, Any] = {"over": wanted.over, "points": points, "outcome": outcome, "exact": wanted.exact}
    cells = saltelli(ranged(scenario, wanted.over, fixed=how["set"]), points=points, seed=how["seed"])
    if wanted.exact:
        _say(f"{len(cells):,} settings, each solved exactly", quiet=quiet)
        given["runs"] = runs
    else:
        given["runs"] = RUNS if runs is None else runs
        _say(
            f"{len(cells):,} settings, {given['runs']:,} runs of each: {len(cells) * given['runs']:,} runs", quiet=quiet
        )
        request, _ = request_for(scenario, cells, **{name: how[name] for name in ("seed", "set", "read", "choose")})
        given["out"] = Path(store).parent / RESULTS / f"{request.id}.sqlite"
    with progress("settings" if wanted.exact else "runs", quiet=quiet) as told:
        return sobol(scenario, **given, **how, progress=told)


def _show_sensitivity(out: Console, found: Sensitivity, *, quiet: bool) -> None:
    from negsim.explore.sensitivity import about  # noqa: PLC0415 - as needed

    if not quiet:
        runs = "solved exactly" if found.is_exact else f"{found.runs:,} runs of each"
        _head(
            out, found.scenario, f"{found.settings:,} settings from {found.points:,} points, {runs}, seed {found.seed}"
        )
        out.print(
            f"Over the ranges of {_count(len(found.parameters), 'parameter')}, each value as likely as any other, which"
            " is an assumption of its own. This is no forecast.\n"
        )
    parameters = {parameter.name: parameter for parameter in found.parameters}
    for name, spread in found.outcomes.items():
        goes = f"{_percent(spread.least)} to {_percent(spread.most)} %, on average {_percent(spread.mean)} %"
        out.print(f"{in_words(name)}: {goes}", style="bold")
        if not spread.indices:
            out.print("It does not vary, so there is nothing to be told apart.\n")
            continue
        right = ("alone", "95 % interval", "in all", "95 % interval ")
        made = table("parameter", "range", "origin", *right, right=right)
        for each in spread.indices[:MOST_ROWS]:
            made.add_row(
                each.parameter, *_range(parameters[each.parameter]), *_estimate(each.first), *_estimate(each.total)
            )
        out.print(made)
        if len(spread.indices) > MOST_ROWS:
            out.print(f"… and {len(spread.indices) - MOST_ROWS} more parameters: --json", style="dim")
        out.print()
    out.print(
        "alone: the share of the outcome's variance over the ranges that goes when the parameter is known. in all: the"
        f" share that stays when all others are known. {about(found)}",
        style="dim",
    )
    if found.errors:
        out.print(f"{found.errors:,} runs stopped with a model error; they count as runs without the outcome.")


def _estimate(found: Estimate) -> tuple[str, str]:
    return f"{found.value:.2f}", f"{found.low:.2f}..{found.high:.2f}"


# What all of them share.


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        click.echo(text, err=True)


def _head(out: Console, scenario: Scenario, about: str) -> None:
    from negsim.version import VERSION  # noqa: PLC0415 - as needed

    out.print(scenario.title, style="bold")
    out.print(f"{about}   scenario {scenario.hash[:12]}   negsim {VERSION}", style="dim")


def _range(parameter: Parameter) -> tuple[str, str]:
    """A parameter's range and origin, for a table."""
    unit = f" {parameter.unit}" if parameter.unit else ""
    return f"{parameter.low:g}..{parameter.high:g}{unit}", parameter.origin.standing.value


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Progress | None]:
    """What is told of progress: a bar on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - rich is loaded where it is used
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as Bar  # noqa: PLC0415 - as above

    count = TextColumn(f"{{task.completed:,}} {what}")
    with Bar(BarColumn(), count, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield told
