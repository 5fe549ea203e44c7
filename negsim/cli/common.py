"""What the commands share: options, how results and errors are printed, and exit statuses."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import attrs
import click

from negsim.clean import UNSEEN, clean
from negsim.cli.ending import BAD_INPUT, DONE, INTERRUPTED, MODEL_ERROR, no_more_output
from negsim.cli.files import check_outputs
from negsim.cli.files import reads as reads  # noqa: PLC0414 - what most commands need has one door
from negsim.cli.flags import with_flags
from negsim.cli.subjects import LANGUAGE
from negsim.cli.subjects import load_scenario as load_scenario  # noqa: PLC0414 - as above
from negsim.cli.subjects import read_run as read_run  # noqa: PLC0414 - as above
from negsim.errors import LogError, ModelError, ScenarioError, StoreError, UsageError
from negsim.wording import on_step

if TYPE_CHECKING:
    from negsim.cli.screen import Screen

DEFAULT_STORE = ".negsim/runs.db"
AT_ONCE = 200_000  # pieces of JSON that are put together before they are printed: all of what most commands print

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
            say(f"error: the run stopped {on_step(error.step, error.day)}: {error.where}: {error.message}", err=True)
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


def together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several options as one, in this order."""

    def add(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def gathered(kind: type, name: str, *options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several options whose values a command gets as one: an object of attrs whose fields are called as they are."""

    def add(function: Callable[..., Any]) -> Any:
        @wraps(function)
        def with_one(**asked: Any) -> Any:
            fields = [field.name for field in attrs.fields(kind) if field.name in asked]
            return function(**{name: kind(**{field: asked.pop(field) for field in fields})}, **asked)

        return together(*options)(with_one)

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


def _keep_language(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    context.meta[LANGUAGE] = value


language_option = click.option(
    "--language",
    metavar="LANGUAGE",
    callback=_keep_language,
    is_eager=True,
    expose_value=False,
    help="Show the scenario's texts in a language that it has, such as fr.",
)
output_options = together(json_option, color_option, debug_option)


@attrs.frozen
class Output:
    """How a command says what it found."""

    quiet: bool
    as_json: bool
    no_color: bool

    def tell(self, as_json: Callable[[], Mapping[str, Any]], show: Callable[[Screen], object]) -> None:
        """Prints it as JSON where that is asked for, else as `show` shows it."""
        if self.as_json:
            print_json(as_json())
        else:
            show(console(no_color=self.no_color))


how_options = gathered(Output, "how", quiet_option, output_options)


def is_given(value: object) -> bool:
    """Whether an option was given."""
    return value is not None and value is not False and value != ()


def refuse_beside(what: str, given: Mapping[str, object]) -> None:
    """Raises `UsageError` where one of some options, by the words of their flags, is given that does not go with it."""
    for name, value in given.items():
        if is_given(value):
            raise UsageError(f"{what} and --{name} do not go together", "ask for one after the other")


def without_effect(given: Mapping[str, object], what_for: Mapping[str, str]) -> None:
    """Notes, on standard error, which of the options that were given change nothing here, and what they are for."""
    for name, value in given.items():
        if is_given(value):
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

        from negsim.language import shipped  # noqa: PLC0415 - only while completing

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
    pieces = iter(json.JSONEncoder(ensure_ascii=not unicode, indent=2, allow_nan=False).iterencode(value))
    while text := "".join(islice(pieces, AT_ONCE)):
        click.echo(UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text), nl=False)
    click.echo()


def console(*, no_color: bool) -> Screen:
    """What results are shown on."""
    from negsim.cli.screen import screen  # noqa: PLC0415 - rich is loaded where it is used

    return screen(no_color=no_color)
