"""What `negsim explore` looks for over the ranges of parameters.

What matters most (Sobol indices), where an outcome happens (boxes), what each parameter does alone (tornado).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli.common import Output, gathered, load_scenario, refuse_beside
from negsim.cli.files import OUTPUT, say_written
from negsim.cli.idle import note_idle_in_runs
from negsim.cli.progress import watched
from negsim.cli.settings import Given
from negsim.cli.show import choice_words, order, table
from negsim.errors import UsageError
from negsim.exact.words import interval_end
from negsim.exact.words import share as in_percent
from negsim.wording import in_words
from negsim.written import write

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.box import Box, Boxes
    from negsim.ensemble.cells import Cell
    from negsim.ensemble.indices import Estimate, Index, Sensitivity
    from negsim.ensemble.intervals import Share
    from negsim.ensemble.request import Request
    from negsim.ensemble.tornado import Tornado
    from negsim.scenario.model import Parameter, Scenario

MOST_ROWS = 20
PAGE = ".html"
KINDS = ("sensitivity", "boxes", "tornado")
FITTING = {"over": KINDS, "points": ("sensitivity",), "exact": ("sensitivity",)}
FEWER = "--workers N lets processes share it, fewer --runs or parameters (--over) make it shorter"


@attrs.frozen(kw_only=True)
class RangesWanted:
    """What is looked for over ranges, and how."""

    sensitivity: bool
    boxes: str | None
    tornado: Path | None
    over: str | None
    points: int | None
    exact: bool

    @property
    def kind(self) -> str | None:
        """The option that asks; nothing where none does. Raises `UsageError` for one that needs another."""
        kinds = [name for name in KINDS if getattr(self, name)]
        if len(kinds) > 1:
            raise UsageError(f"--{kinds[0]} and --{kinds[1]} do not go together", "ask for one after the other")
        for name, fit in FITTING.items():
            if getattr(self, name) and not any(kind in fit for kind in kinds):
                ways = ", ".join(f"--{kind}" for kind in fit)
                raise UsageError(f"--{name} says how ranges are looked at", f"with it goes {ways}")
        return f"--{kinds[0]}" if kinds else None

    def refuse(self, given: Mapping[str, object], asked: Mapping[str, Any]) -> None:
        """Raises `UsageError` where something is asked for that does not go with it."""
        more = {"sweep": asked["sweeps"], "lhs": asked["lhs"], "until-width": asked["until_width"]}
        more["policy"] = asked["given"].policy
        refuse_beside(f"{self.kind}", {**given, **more, "readings": None if self.boxes else asked["readings"]})
        if self.exact:
            alone = {"workers": asked["workers"] != 1, "cluster": asked["cluster"]}
            refuse_beside(f"{self.kind} --exact", alone)


options = gathered(
    RangesWanted,
    "looks_over",
    click.option("--sensitivity", is_flag=True, help="Which parameter matters most, over all their ranges."),
    click.option("--boxes", metavar="OUTCOME", help="Where in the ranges an outcome happens (PRIM boxes)."),
    click.option(
        "--tornado",
        type=OUTPUT,
        metavar="FILE",
        help="What each parameter does alone to --outcome, from low to high; drawn in FILE.svg, .png or .html.",
    ),
    click.option("--over", metavar="NAME,…", help="The parameters whose ranges are looked at; else all."),
    click.option("--points", type=int, metavar="N", help="How many points of the ranges are looked at."),
    click.option("--exact", is_flag=True, help="With --sensitivity: solve each setting exactly, without runs."),
)


def command(
    wanted: RangesWanted,
    *,
    scenario: str,
    outcome: str | None,
    given: Given,
    seed: int | None,
    workers: int,
    how: Output,
    **asked: Any,
) -> None:
    """Looks, and shows what was found."""
    found = load_scenario(scenario)
    settings = given.checked(found)
    with_what = {**settings.asked, "seed": seed or 0, "workers": workers}
    on = {"cluster": asked["cluster"], "store": asked["store"], "runs": asked["runs"], "quiet": how.quiet}
    made: Sensitivity | Boxes | Tornado
    if wanted.boxes:
        if asked["cluster"] is not None:
            raise UsageError("--boxes and --cluster do not go together", "--workers makes its runs side by side")
        over = {"readings": asked["readings"], "runs": asked["runs"], "quiet": how.quiet}
        made = _boxes(found, wanted, outcome, **over, **with_what)
    elif wanted.tornado is not None:
        made = _tornado(found, wanted, wanted.tornado, outcome, **on, **with_what)
    else:
        made = _sensitivity(found, wanted, outcome, **on, **with_what)
    note_idle_in_runs(made.request)
    how.tell(made.as_json, lambda out: _show(out, made, quiet=how.quiet))


def _show(out: Console, found: Sensitivity | Boxes | Tornado, *, quiet: bool) -> None:
    from negsim.ensemble.box import Boxes  # noqa: PLC0415 - as needed
    from negsim.ensemble.tornado import Tornado  # noqa: PLC0415 - as above

    match found:
        case Boxes():
            _show_boxes(out, found, quiet=quiet)
        case Tornado():
            _show_tornado(out, found, quiet=quiet)
        case _:
            _show_sensitivity(out, found, quiet=quiet)


# What matters most.


def _sensitivity(
    scenario: Scenario,
    wanted: RangesWanted,
    outcome: str | None,
    *,
    quiet: bool,
    store: str,
    runs: int | None,
    **how: Any,
) -> Sensitivity:
    """The indices, after how much there is to do was said."""
    from negsim.ensemble.saltelli import saltelli  # noqa: PLC0415 - as above
    from negsim.ensemble.sensitivity import POINTS, RUNS, sobol  # noqa: PLC0415 - as above
    from negsim.scenario.ranges import ranged  # noqa: PLC0415 - as needed

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
        given["out"] = _kept_in(scenario, cells, store, how)
    shorter = "fewer --points make it shorter" if wanted.exact else FEWER
    with watched("settings" if wanted.exact else "runs", quiet=quiet, shorter=shorter) as told:
        return sobol(scenario, **given, **how, progress=told)


def _show_sensitivity(out: Console, found: Sensitivity, *, quiet: bool) -> None:
    from negsim.ensemble.indices import about  # noqa: PLC0415 - as needed

    if not quiet:
        runs = "solved exactly" if found.is_exact else f"{found.runs:,} runs of each"
        _head(
            out, found.request, f"{found.settings:,} settings from {found.points:,} points, {runs}, seed {found.seed}"
        )
        out.print(
            f"Over the ranges of {_count(len(found.parameters), 'parameter')}, each value as likely as any other, which"
            " is an assumption of its own. This is no forecast.\n"
        )
    for name, spread in found.outcomes.items():
        goes = f"{in_percent(spread.least)} to {in_percent(spread.most)} %, on average {in_percent(spread.mean)} %"
        out.print(f"{in_words(name)}: {goes}", style="bold")
        _indices(out, found, spread.indices)
        out.print()
    out.print(
        "Before a parameter: its place in the order by what it makes in all. alone: the share of the outcome's variance"
        " over the ranges that goes when the parameter is known. in all: the share that stays when all others are"
        f" known. {about(found)}",
        style="dim",
    )
    if found.errors:
        out.print(f"{found.errors:,} runs stopped with a model error; they count as runs without the outcome.")


def _indices(out: Console, found: Sensitivity, indices: Sequence[Index]) -> None:
    """What each parameter makes of one outcome, as far as it varies."""
    if not indices:
        out.print("It does not vary, so there is nothing to be told apart.")
        return
    parameters = {parameter.name: parameter for parameter in found.parameters}
    right = ("alone", "95 % interval", "in all", "95 % interval ")
    made = table("parameter", "range", "origin", *right, right=right)
    for each in indices[:MOST_ROWS]:
        made.add_row(
            f"{each.places.words('..')}. {each.parameter}",
            *_range(parameters[each.parameter]),
            *_estimate(each.first),
            *_estimate(each.total),
        )
    out.print(made)
    if len(indices) > MOST_ROWS:
        out.print(f"… and {len(indices) - MOST_ROWS} more parameters: --json", style="dim")
    order(out, [each.places for each in indices], more="More points" if found.is_exact else "More points and runs")


def _estimate(found: Estimate) -> tuple[str, str]:
    return f"{found.value:.2f}", f"{found.low:.2f}..{found.high:.2f}"


# Where it happens.


def _boxes(
    scenario: Scenario,
    wanted: RangesWanted,
    outcome: str | None,
    *,
    readings: str | None,
    runs: int | None,
    quiet: bool,
    **how: Any,
) -> Boxes:
    from negsim.ensemble.boxes import RUNS, boxes  # noqa: PLC0415 - as needed

    if outcome is not None:
        raise UsageError("--boxes names its outcome itself", "leave out --outcome")
    count = RUNS if runs is None else runs
    _say(f"{count:,} runs, each with settings and a seed of its own", quiet=quiet)
    with watched("runs", quiet=quiet, shorter=FEWER) as told:
        return boxes(
            scenario, wanted.boxes or "", over=wanted.over, readings=readings, runs=count, progress=told, **how
        )


def _show_boxes(out: Console, found: Boxes, *, quiet: bool) -> None:
    words = in_words(found.outcome)
    if not quiet:
        last = found.seed + found.runs - 1
        _head(out, found.request, f"{found.runs:,} runs, seeds {found.seed} to {last}, each with settings of its own")
        varied = [_count(len(found.parameters), "parameter")] if found.parameters else []
        varied += [_count(len(found.readings), "reading")] if found.readings else []
        out.print(
            f"Over the ranges of {' and '.join(varied)}, each value as likely as any other, which is an assumption of"
            " its own. This is no forecast.\n"
        )
    out.print(f"{_share(found.share)} of all runs end in {words}.")
    if not found.boxes:
        out.print("No box was found in which that is borne out to be more frequent.")
    for number, box in enumerate(found.boxes):
        before = " that are in no box above" if number else ""
        out.print(f"\nBox {number + 1}. Of the runs{before} in it, {_share(box.density)} end in {words}.", style="bold")
        out.print(f"It holds {_share(box.coverage)} of all that do, and {_share(box.mass)} of all runs.")
        made = table("setting", "in the box", "of", "quasi-p", right=("quasi-p",))
        for row in _rows(found, box):
            made.add_row(*row)
        out.print(made)
    if found.boxes and not quiet:
        out.print(
            "\nFound in one half of the runs, measured in the other. quasi-p: how likely luck alone is to make that"
            " limit; so many were tried that a small one is no proof.",
            style="dim",
        )
    if found.errors:
        out.print(f"{found.errors:,} runs stopped with a model error; they count as runs without the outcome.")


def _rows(found: Boxes, box: Box) -> Iterator[tuple[str, str, str, str]]:
    """Each setting that a box limits."""
    for parameter in found.parameters:
        if parameter.name in box.parameters:
            low, high = box.parameters[parameter.name]
            inside = f"{low:g}..{high:g}"
            if low == parameter.low:
                inside = f"at most {high:g}"
            elif high == parameter.high:
                inside = f"at least {low:g}"
            yield parameter.name, inside, _range(parameter)[0], f"{box.quasi_p[parameter.name]:.1g}"
    for reading in found.readings:
        if reading.name in box.readings:
            inside, every = " or ".join(box.readings[reading.name]), ", ".join(reading.options)
            yield reading.name, inside, every, f"{box.quasi_p[reading.name]:.1g}"


# One parameter at a time.


def _tornado(
    scenario: Scenario,
    wanted: RangesWanted,
    path: Path,
    outcome: str | None,
    *,
    quiet: bool,
    store: str,
    runs: int | None,
    **how: Any,
) -> Tornado:
    """The bars, drawn."""
    from negsim.ensemble.tornado import RUNS, ends, tornado  # noqa: PLC0415 - as above
    from negsim.scenario.ranges import ranged  # noqa: PLC0415 - as needed
    from negsim.show.charts import check_name  # noqa: PLC0415 - charts are an extra

    if outcome is None:
        raise UsageError("a tornado is about one outcome", f"--outcome {' | '.join(scenario.outcomes)}")
    check_name(path, more=(PAGE,))
    cells = ends(ranged(scenario, wanted.over, fixed=how["set"]))
    count = RUNS if runs is None else runs
    _say(f"{len(cells):,} settings, {count:,} runs of each: {len(cells) * count:,} runs", quiet=quiet)
    out = _kept_in(scenario, cells, store, how)
    with watched("runs", quiet=quiet, shorter=FEWER) as told:
        found = tornado(scenario, outcome, over=wanted.over, runs=count, out=out, progress=told, **how)
    _draw(found, path)
    say_written(path)
    return found


def _draw(found: Tornado, path: Path) -> None:
    if path.suffix.lower() != PAGE:
        from negsim.show.charts import save  # noqa: PLC0415 - charts are an extra

        save(found.plot(), path)
        return
    from negsim.ensemble.tornado import about, drawing  # noqa: PLC0415 - as above
    from negsim.show.page.single import picture_page  # noqa: PLC0415 - as above
    from negsim.show.theme import Figure, themed  # noqa: PLC0415 - as above

    lead, *lines = about(found)
    figure = Figure("tornado", "One parameter at a time", " ".join(lines), themed(drawing(found)).properties(padding=5))
    write(path, picture_page(found.scenario.title, lead, figure))


def _show_tornado(out: Console, found: Tornado, *, quiet: bool) -> None:
    if not quiet:
        last = found.seed + found.runs - 1
        _head(out, found.request, f"{found.runs:,} runs a setting, seeds {found.seed} to {last}")
        out.print("Shares of runs under the scenario's assumptions, with 95 % intervals. This is no forecast.\n")
    out.print(f"{in_words(found.outcome)}, as given: {_share(found.given)}.", style="bold")
    right = ("at the low end", "at the high end", "swing", "95 % interval")
    made = table("parameter", "range", "origin", *right, right=right)
    for bar in found.bars[:MOST_ROWS]:
        swing = 100 * (bar.swing.difference or 0.0)
        ends = (f"{in_percent(end.share or 0.0)} %" for end in (bar.low, bar.high))
        interval = f"{100 * bar.swing.low:+.1f}..{100 * bar.swing.high:+.1f}"
        made.add_row(
            f"{bar.places.words('..')}. {bar.parameter.name}",
            *_range(bar.parameter),
            *ends,
            f"{swing:+.1f}",
            interval,
        )
    out.print(made)
    if len(found.bars) > MOST_ROWS:
        out.print(f"… and {len(found.bars) - MOST_ROWS} more parameters: --json", style="dim")
    order(out, [bar.places for bar in found.bars])
    out.print(
        "\nBefore a parameter: its place in the order by swing, as far as the intervals tell. swing: the share at the"
        " high end less that at the low one, in percentage points, by the same seeds. All other parameters stay as"
        " given, so what they do together does not show here.",
        style="dim",
    )
    if found.errors:
        out.print(f"{found.errors:,} runs stopped with a model error; they count as runs without the outcome.")


# What all of them share.


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        click.echo(text, err=True)


def _kept_in(scenario: Scenario, cells: Iterable[Cell], store: str, how: Mapping[str, Any]) -> Path:
    """Where the runs are kept, to be gone on with."""
    from negsim.ensemble.kept import result_path  # noqa: PLC0415 - as needed
    from negsim.ensemble.request import request_for  # noqa: PLC0415 - as above

    request, _ = request_for(
        scenario, cells, **{name: how[name] for name in ("seed", "set", "read", "choose", "policy") if name in how}
    )
    return result_path(Path(store), request.id)


def _head(out: Console, request: Request, about: str) -> None:
    """The title, what was looked at, and with which settings."""
    scenario = request.scenario
    out.print(scenario.title, style="bold")
    out.print(f"{about}   scenario {scenario.hash[:12]}   negsim {request.version}", style="dim")
    for name, value in request.settings.parameters.items():
        if value != scenario.parameters[name].value:
            out.print(f"set {name} = {value}", style="dim")
    for name, option in request.settings.readings.items():
        if option != scenario.readings[name].default:
            out.print(f"read {name} = {option}", style="dim")
    for policy in request.settings.choices:
        out.print(f"choose {choice_words(policy)}", style="dim")
    for name, identity in request.deciders.items():
        out.print(f"{name}: {identity or 'a function in Python'}", style="dim")


def _range(parameter: Parameter) -> tuple[str, str]:
    """A parameter's range and origin, for a table."""
    unit = f" {parameter.unit}" if parameter.unit else ""
    return f"{parameter.low:g}..{parameter.high:g}{unit}", parameter.origin.standing.value


def _share(share: Share) -> str:
    """A share with its interval."""
    if share.share is None:
        return "no run"
    return f"{in_percent(share.share)} % ({interval_end(share.low)}..{interval_end(share.high)})"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
