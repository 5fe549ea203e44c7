"""`negsim report`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import attrs
import click

from negsim.cli.common import RunName, debug_option, guarded, language_option, store_option
from negsim.cli.files import OUTPUT, put
from negsim.cli.subjects import Subject, kind_of, load_scenario, read_result, read_run, run_or_result
from negsim.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.ensemble.result import Result
    from negsim.scenario.model import Scenario
    from negsim.show.theme import Figure

MOST_RUNS = 2  # side by side
HINT = "a page: -o page.html; one picture of it: --chart NAME --svg FILE"


@attrs.frozen
class ReportShown:
    """What a page is made of: its text, and its pictures, each with what it says of itself when it stands alone."""

    title: str
    about: str
    page: Callable[[bool], str]
    handout: Callable[[], str]
    figures: Callable[[], Mapping[str, Figure]]


@click.command("report")
@click.argument("subjects", metavar="RUN|RESULT|SCENARIO [RUN]", nargs=-1, required=True, type=RunName())
@click.option("-o", "--output", type=OUTPUT, help="The page, one HTML file.")
@click.option("--no-script", is_flag=True, help="A smaller page: pictures as on paper, and no script in it.")
@click.option("--one-page", is_flag=True, help="A handout that fits one printed page (A4).")
@click.option("--outcome", metavar="NAME", help="Of a result: order readings by what they change in this outcome.")
@click.option("--chart", metavar="NAME", help="One picture alone, such as causes or state of a run.")
@click.option("--svg", type=OUTPUT, help="The picture as SVG.")
@click.option("--png", type=OUTPUT, help="The picture as PNG.")
@store_option
@language_option
@debug_option
@guarded
def command(
    *,
    subjects: tuple[str, ...],
    output: Path | None,
    no_script: bool,
    one_page: bool,
    outcome: str | None,
    chart: str | None,
    svg: Path | None,
    png: Path | None,
    store: str,
) -> None:
    """A page to show to others: what happened in a run and why, or how an ensemble's runs end, and on what it rests.

    One HTML file that needs no network, for a screen, a phone or paper. RESULT is the file of a result of
    `negsim explore`, or the beginning of its request's id. Of two runs, such as a run and its fork, the page
    sets them side by side. With --one-page it is a handout, of a scenario too. Needs the extra `charts`; a page of
    two runs and a handout do not.
    """
    if (chart is None) != (svg is None and png is None):
        raise UsageError("a picture needs both a name and a file", HINT)
    if output is None and chart is None:
        raise UsageError("nothing is asked for", HINT)
    if one_page and output is None:
        raise UsageError("a handout needs a file", HINT)
    with ExitStack() as stack:
        shown = _shown(stack, subjects, store, outcome)
        made: list[tuple[Path, bytes]] = []
        if output is not None:
            made.append((output, (shown.handout() if one_page else shown.page(not no_script)).encode()))
        if chart is not None:
            made += _drawn(shown, chart, svg, png)
    for path, data in made:  # all of it is there, or nothing is written
        put(path, data)


def _shown(stack: ExitStack, subjects: tuple[str, ...], store: str, outcome: str | None) -> ReportShown:
    """The run or the result of a name, or two runs."""
    if len(subjects) > 1:
        return _of_two(subjects, store, outcome)
    if kind_of(subjects[0]) is Subject.SCENARIO:
        if outcome is not None:
            raise UsageError("--outcome is for results, and this is a scenario", "leave it out")
        return _of_scenario(load_scenario(subjects[0]))
    found = run_or_result(subjects[0], store)
    if isinstance(found, Path):
        return _of_result(stack.enter_context(read_result(found)), outcome)
    if outcome is not None:
        raise UsageError("--outcome is for results; a run has one outcome", "leave it out")
    return _of_run(found)


def _of_run(run: Run) -> ReportShown:
    from negsim.wording import in_words  # noqa: PLC0415 - heavy imports wait for the command

    return ReportShown(
        run.scenario.title,
        f"One run of a model, not a forecast: seed {run.header.seed}, outcome {in_words(run.outcome)}.",
        lambda scripted: _run_page(run, scripted=scripted),
        lambda: _run_handout(run),
        lambda: _run_figures(run),
    )


def _run_page(run: Run, *, scripted: bool) -> str:
    from negsim.show.page.run import run_page  # noqa: PLC0415 - only where it is asked for

    return run_page(run, scripted=scripted)


def _run_handout(run: Run) -> str:
    from negsim.show.page.handout import run_handout  # noqa: PLC0415 - only where it is asked for

    return run_handout(run)


def _run_figures(run: Run) -> Mapping[str, Figure]:
    from negsim.show.run_charts import figures  # noqa: PLC0415 - only where one is asked for

    return figures(run)


def _of_scenario(scenario: Scenario) -> ReportShown:
    """A scenario, of which nothing is run: it has a handout alone."""
    from negsim.show.page.scenario_handout import scenario_handout  # noqa: PLC0415 - heavy imports wait

    return ReportShown(
        scenario.title,
        "",
        lambda _: _refused("a scenario has a handout, and no other page", "--one-page; or name a run or a result"),
        lambda: scenario_handout(scenario),
        dict,
    )


def _refused(message: str, hint: str) -> NoReturn:
    raise UsageError(message, hint)


def _of_two(subjects: tuple[str, ...], store: str, outcome: str | None) -> ReportShown:
    """Two runs side by side: a page without pictures."""
    from negsim.show.page.comparison import comparison_page  # noqa: PLC0415 - heavy imports wait for the command

    if len(subjects) > MOST_RUNS:
        raise UsageError(f"a page has room for two runs, not for {len(subjects)}", "name one run or two")
    if outcome is not None:
        raise UsageError("--outcome is for results; a run has one outcome", "leave it out")
    one, other = (read_run(subject, store) for subject in subjects)
    return ReportShown(
        one.scenario.title,
        "",
        lambda _: comparison_page(one, other),
        lambda: _refused("a handout is of one run, one result or one scenario", "name one of the two"),
        dict,
    )


def _of_result(result: Result, outcome: str | None) -> ReportShown:
    from negsim.show.page.result import result_page  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.show.page.result_handout import result_handout  # noqa: PLC0415 - as above
    from negsim.show.result_charts import figures  # noqa: PLC0415 - as above

    return ReportShown(
        result.scenario.title,
        f"Sampled runs of a model, not a forecast: {result.runs:,} of each setting, seeds from {result.seed}.",
        lambda scripted: result_page(result, outcome=outcome, scripted=scripted),
        lambda: result_handout(result, outcome=outcome),
        lambda: figures(result, outcome),
    )


def _drawn(shown: ReportShown, name: str, svg: Path | None, png: Path | None) -> Iterator[tuple[Path, bytes]]:
    """A picture in the files that are asked for."""
    from negsim.show import theme  # noqa: PLC0415 - heavy imports wait for the command

    figures = shown.figures()
    if name not in figures:
        raise UsageError(f"there is no picture '{name}' of it", did_you_mean(name, figures))
    figure = figures[name]
    chart = theme.alone(figure, shown.title, f"{shown.about} {figure.about}")
    if svg is not None:
        yield svg, theme.svg(chart).encode()
    if png is not None:
        yield png, theme.png(chart)
