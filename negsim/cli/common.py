"""What the commands share: options, how results and errors are printed, and exit statuses."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

from negsim.clean import UNSEEN, clean
from negsim.cli.files import check_outputs
from negsim.cli.files import reads as reads  # noqa: PLC0414 - what most commands need has one door
from negsim.cli.flags import with_flags
from negsim.cli.subjects import load_scenario as load_scenario  # noqa: PLC0414 - as above
from negsim.cli.subjects import read_run as read_run  # noqa: PLC0414 - as above
from negsim.errors import LogError, ModelError, ScenarioError, StoreError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.policy_table import PolicyTable
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
            check_outputs()
            return function(*args, **kwargs)
        except (Exception, KeyboardInterrupt) as error:
            if debug or isinstance(error, click.exceptions.Exit | click.ClickException):
                raise
            fail(error)

    return run


def say(text: str, *, err: bool = False) -> None:
    """Prints a line that may hold an author's or a log's words."""
    click.echo(clean(text), err=err)


def fail(error: BaseException) -> NoReturn:
    """Prints what went wrong on standard error and exits."""
    status = BAD_INPUT
    match error:
        case ScenarioError():
            say("\n\n".join(problem.render() for problem in error.problems), err=True)
            count = len(error.problems)
            say(f"\n{count} problem{'' if count == 1 else 's'}. Nothing was run.", err=True)
        case ModelError():
            status = MODEL_ERROR
            say(f"error: the run stopped on day {error.day}: {error.where}: {error.message}", err=True)
            if error.events:
                last = error.events[-1]
                say(f"hint: the last event before was {last.seq}: {last.event} on {last.date}", err=True)
        case UsageError():
            hint = with_flags(error.hint, error.settings) if error.hint else None
            say(f"error: {error.message}" + (f"\nhint: {hint}" if hint else ""), err=True)
        case BrokenPipeError():
            no_more_output()
            status = DONE
        case OSError():
            what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
            say(f"error: {what}", err=True)
            if error.filename is None:
                no_more_output()
        case StoreError():
            say(f"error: {error.message}" + (f"; {_elsewhere()}" if error.elsewhere else ""), err=True)
        case LogError():
            say(f"error: {error}", err=True)
        case KeyboardInterrupt():
            status = INTERRUPTED
            say("interrupted", err=True)
        case _:
            say(f"error: negsim failed in a way it should not: {type(error).__name__}: {error}", err=True)
            say("hint: this is a mistake in negsim; --debug shows where, for a report", err=True)
    raise SystemExit(status)


def _elsewhere() -> str:
    """How another store is named, or none is needed, in the command that is running."""
    context = click.get_current_context(silent=True)
    without = context is not None and "no_keep" in context.params
    return "name another with --store" + (", or keep nothing with --no-keep" if without else "")


def no_more_output() -> None:
    """Drops what is still to be written: nobody reads it, or there is no room for it."""
    with suppress(OSError, AttributeError):  # where standard output is no file, or none, there is nothing to drop
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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


def policy_option(function: Any) -> Any:
    """`--policy`."""
    return click.option(
        "--policy", metavar="FILE", help="Follow a policy that `negsim solve … --save-policy FILE` has written."
    )(function)


def policy_for(
    path: str,
    scenario: Scenario,
    *,
    set: Mapping[str, object],  # noqa: A002 - the contract's word
    read: Mapping[str, str],
) -> PolicyTable:
    """The policy in a file; notes, on standard error, where it was made under other settings."""
    from negsim.engine.policy_table import read_policy  # noqa: PLC0415 - only where a policy is followed
    from negsim.engine.settings import defaults, parameter_values, reading_options  # noqa: PLC0415 - as above

    reads(path)
    table = read_policy(path, scenario)
    parameters, readings = defaults(scenario)
    now = {**parameters, **parameter_values(scenario, set), **readings, **reading_options(scenario, read)}
    made = {**table.parameters, **table.readings}
    other = [name for name, value in now.items() if made.get(name) != value]
    if other:
        click.echo(f"note: the policy was made for other values of {', '.join(other)}", err=True)
    return table


def without_effect(given: Mapping[str, object], what_for: Mapping[str, str]) -> None:
    """Notes, on standard error, which of the options that were given change nothing here, and what they are for."""
    for name, value in given.items():
        if value not in (None, False, ()):
            click.echo(f"note: --{name} {what_for[name]}; here it changes nothing", err=True)


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
    """A run's name, id or prefix, `last`, or a log file; completes names and ids from the store."""

    name = "run"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """The name as it was given; the store judges it."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002 - click's signature
        """`last`, the names and ids that are kept, then files."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only while completing

        from negsim.log.store import Store  # noqa: PLC0415 - only while completing

        of_results = bool(ctx.params.get("of_results"))
        names = [] if of_results else ["last"]
        given = ctx.params.get("store") or os.environ.get("NEGSIM_STORE") or DEFAULT_STORE
        try:
            with Store(given, busy_seconds=0.5) as store:
                runs = [] if of_results else store.runs()
                names += [
                    *(store.results() if of_results else ()),
                    *(n for each in runs for n in (*each.names, each.id[:12])),
                ]
        except (LogError, OSError):
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
    """One JSON object on standard output. What a terminal should not be sent is written by its number."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    text = json.dumps(value, ensure_ascii=not unicode, indent=2, allow_nan=False)
    click.echo(UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def console(*, no_color: bool) -> Console:
    """What results are shown on."""
    from negsim.cli.screen import screen  # noqa: PLC0415 - rich is loaded where it is used

    return screen(no_color=no_color)
