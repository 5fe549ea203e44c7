"""What the commands share: options, how results and errors are printed, and exit statuses."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

from negsim.errors import LogError, ModelError, ScenarioError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.run import Run
    from negsim.scenario.model import Scenario

DONE, NO, BAD_INPUT, MODEL_ERROR, INTERRUPTED = 0, 1, 2, 3, 130
DEFAULT_STORE = ".negsim/runs.db"

P = ParamSpec("P")
T = TypeVar("T")


def guarded(function: Callable[P, T]) -> Callable[P, T]:
    """A command's function whose failures become one clear message and an exit status.

    `--debug` lets the traceback through.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        debug = bool(kwargs.pop("debug", False))
        try:
            return function(*args, **kwargs)
        except (ScenarioError, UsageError, LogError, ModelError, OSError, KeyboardInterrupt) as error:
            if debug:
                raise
            fail(error)

    return run


def fail(error: BaseException) -> NoReturn:
    """Prints what went wrong on standard error and exits."""
    status = BAD_INPUT
    match error:
        case ScenarioError():
            click.echo("\n\n".join(problem.render() for problem in error.problems), err=True)
            count = len(error.problems)
            click.echo(f"\n{count} problem{'' if count == 1 else 's'}. Nothing was run.", err=True)
        case ModelError():
            status = MODEL_ERROR
            click.echo(f"error: the run stopped on day {error.day}: {error.where}: {error.message}", err=True)
            if error.events:
                last = error.events[-1]
                click.echo(f"hint: the last event before was {last.seq}: {last.event} on {last.date}", err=True)
        case UsageError():
            click.echo(f"error: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""), err=True)
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = DONE
        case OSError():
            what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            click.echo(f"error: {what}", err=True)
        case KeyboardInterrupt():
            status = INTERRUPTED
            click.echo("interrupted", err=True)
        case _:
            click.echo(f"error: {error}", err=True)
    raise SystemExit(status)


def _together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def add(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return add


debug_option = click.option("--debug", is_flag=True, hidden=True, help="Show the traceback of a failure.")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print no more than the result asked for.")
color_option = click.option("--no-color", is_flag=True, help="No colours (also: NO_COLOR).")
store_option = click.option(
    "--store",
    envvar="NEGSIM_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    metavar="PATH",
    help="The file that keeps runs.",
)
output_options = _together(json_option, color_option, debug_option)


def setting_options(function: Any) -> Any:
    """`--set`, `--read`, `--choose`."""
    return _together(
        click.option("--set", "sets", multiple=True, metavar="PARAMETER=VALUE", help="Another value for a parameter."),
        click.option("--read", "reads", multiple=True, metavar="READING=OPTION", help="Another option of a reading."),
        click.option(
            "--choose",
            "chooses",
            multiple=True,
            metavar="DECISION=OPTION",
            help="Fix a decision: call=announce; on one day: call@60=announce; of one instance: call[france]=announce.",
        ),
    )(function)


class ScenarioName(click.ParamType[str]):
    """A path, or the name of a shipped scenario; completes both."""

    name = "scenario"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """The name as it was given; the loader judges it."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002 - click's signature
        """Shipped names, then files."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only while completing

        from negsim.load import shipped  # noqa: PLC0415 - only while completing

        names = [CompletionItem(name) for name, _ in shipped() if name.startswith(incomplete)]
        return [*names, CompletionItem(incomplete, type="file")]


class RunName(click.ParamType[str]):
    """A run's id or prefix, `last`, or a log file; completes ids from the store."""

    name = "run"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """The name as it was given; the store judges it."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002 - click's signature
        """`last`, the ids that are kept, then files."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only while completing

        from negsim.log.store import Store  # noqa: PLC0415 - only while completing

        names = ["last"]
        try:
            with Store(os.environ.get("NEGSIM_STORE", DEFAULT_STORE)) as store:
                names += [kept.id[:12] for kept in store.runs()]
        except LogError:
            pass
        items = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return [*items, CompletionItem(incomplete, type="file")]


scenario_argument = click.argument("scenario", type=ScenarioName())
run_argument = click.argument("run", type=RunName())


def pairs(texts: Iterable[str], what: str) -> dict[str, str]:
    """`name=value` texts as a mapping; raises `UsageError` for one that is none."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"'{text}' is no {what}", f"write {what}")
        found[name.strip()] = value.strip()
    return found


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def console(*, no_color: bool) -> Console:
    """A rich console on standard output: coloured on a terminal, plain in a pipe."""
    from rich.console import Console  # noqa: PLC0415 - rich is loaded where it is used

    plain = no_color or bool(os.environ.get("NO_COLOR"))
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 100
    return Console(no_color=plain, highlight=False, soft_wrap=False, width=width, emoji=False, markup=False)


def read_run(name: str, store_path: str) -> Run:
    """The run that a name, or a log file, stands for, verified, with its scenario."""
    from negsim.engine.run import from_log  # noqa: PLC0415 - only commands about runs need the engine
    from negsim.load import load_files  # noqa: PLC0415 - as above
    from negsim.log.lines import LONGEST_LOG, read_lines  # noqa: PLC0415 - as above
    from negsim.log.store import Store  # noqa: PLC0415 - as above

    path = Path(name)
    if name.endswith(".jsonl") or (path.is_file() and name != "last"):
        if path.stat().st_size > LONGEST_LOG:
            raise LogError(f"{name}: the log is larger than {LONGEST_LOG >> 20} MiB")
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            raise LogError(f"{name}: this is no UTF-8 text, so no negsim log") from None
        log = read_lines(text, name)
        if log.files is None:
            raise LogError(f"{name}: the log holds no scenario, so it cannot be read on")
    else:
        with Store(store_path) as store:
            log = store.read(store.find(name))
    return from_log(load_files(log.files or {}), log)


def load_scenario(name: str) -> Scenario:
    """The scenario of a path or a shipped name."""
    from negsim.load import load  # noqa: PLC0415 - the loader reads YAML: only where a scenario is read

    return load(name)
