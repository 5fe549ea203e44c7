"""`negsim why RUN --turning-points`: when a run was decided."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negsim.cli.common import console, print_json
from negsim.cli.files import say_written
from negsim.cli.progress import watched
from negsim.written import write

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.run import Run
    from negsim.ensemble.study.turning_points import TurningPoints

MOST_SHOWN = 12  # of the steps that moved the chances most
LEAST_STEP = 0.01  # a step smaller than a point in a hundred is not listed


def show(
    run: Run,
    *,
    how: Mapping[str, Any],
    picture: Path | None,
    as_json: bool,
    no_color: bool,
) -> None:
    """Works out the turning points of a run, `how` as of `turning_points`, and prints or draws them."""
    from negsim.ensemble.turning import turning_points  # noqa: PLC0415 - heavy imports wait for the command

    if picture is not None:
        from negsim.show.charts import check_name  # noqa: PLC0415 - charts are an extra

        check_name(picture, more=(".html",))
    with watched("moments", quiet=False, shorter="fewer --runs make it shorter") as progress:
        found = turning_points(run, progress=progress, **how)
    if picture is not None:
        _draw(found, picture)
        say_written(picture)
    if as_json:
        print_json(found.as_json())
        return
    _print(console(no_color=no_color), found)


def _draw(found: TurningPoints, path: Path) -> None:
    from negsim.show.charts import save  # noqa: PLC0415 - charts are an extra
    from negsim.show.page.single import picture_page  # noqa: PLC0415 - as above
    from negsim.show.theme import titled  # noqa: PLC0415 - as above
    from negsim.show.turning_charts import turning_figure  # noqa: PLC0415 - as above

    figure = turning_figure(found)
    if path.suffix.lower() == ".html":
        title = found.run.scenario.title
        write(path, picture_page(title, f"Run {found.run.id[:12]}.", figure))
    else:
        save(titled(figure.chart, f"{found.run.scenario.title}: {figure.title}", figure.about), path)


def _print(out: Console, found: TurningPoints) -> None:
    from rich import box  # noqa: PLC0415 - rich is loaded where it is used
    from rich.table import Table  # noqa: PLC0415 - as above

    from negsim.show.turning_charts import about, what, where  # noqa: PLC0415 - as above
    from negsim.wording import in_words  # noqa: PLC0415 - as above

    name, unit = in_words(found.outcome), found.run.scenario.calendar.name
    out.print(f"{found.run.scenario.title}: run {found.run.id[:12]} ended in {name}")
    out.print(about(found))
    first = found.points[0].words(found.outcome)
    out.print(f"\nBefore {unit} 0 {name} had {first}. What moved it most, in order of time:\n")
    steps = [each for each in found.steps if abs(each[1]) >= LEAST_STEP and not found.is_noise(*each)]
    largest = sorted(steps, key=lambda each: -abs(each[1]))[:MOST_SHOWN]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("what happened")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column(name, justify="right")
    table.add_column("" if found.is_exact else "95 % interval", justify="right", no_wrap=True)
    for point, step in (each for each in steps if each in largest):
        chance = point.chances[found.outcome]
        interval = (
            "" if found.is_exact or chance.low == chance.high else f"{_percent(chance.low)} to {_percent(chance.high)}"
        )
        table.add_row(what(found, point), f"{100 * step:+.1f}", point.words(found.outcome), interval)
    out.print(table)
    if not found.is_exact:
        out.print("Steps that the number of runs cannot tell from none are left out; --runs N makes more of them.")
    decided = found.decided
    if decided is None or decided is found.points[-1]:
        out.print(f"It stayed open to the last {unit}.")
    else:
        out.print(f"From {where(found, decided)} on it was at least 95 % likely: the point of no return.")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
