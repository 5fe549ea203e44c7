"""The command line: one file a command; the only place that prints and sets an exit status."""

from __future__ import annotations

import errno
import os
import sys
import textwrap
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

# Each command's module, its line in `negsim --help`, in the order in which they are shown. A module is
# imported when its command is used, so that help and completion stay quick.
COMMANDS = {
    "run": "One run of a scenario: a dated timeline, the outcome, the measures.",
    "validate": "Check scenarios: every error, then warnings.",
    "describe": "The model as a document that a reader can check.",
    "sources": "Which statement feeds which rule; what is assumed; what is unused.",
    "scenarios": "The scenarios that ship with negsim.",
    "runs": "The runs or results that are kept; throw some away.",
    "log": "The timeline of a kept run.",
    "state": "The state of a run at a moment, folded from its log.",
    "why": "The causes of an event, back to statements and assumptions.",
    "explore": "How often each outcome comes about, and which reading decides.",
    "solve": "Exact probabilities of the outcomes, by following all runs at once.",
    "deal": "The deal space of talks: who could sign what, and what must move.",
    "replay": "Run a kept run again and compare event by event.",
    "fork": "Another future from a moment of a kept run, with the same luck.",
    "diff": "The first event at which two runs part, and their outcomes.",
    "report": "A page to show to others: what happened in a run, why, on what it rests.",
    "export": "Runs, a result or a scenario for other tools: jsonl, csv, parquet, dot, mermaid, prism.",
    "import": "A negotiation domain of GENIUS or NegMAS as a scenario with talks.",
    "new": "A small working scenario to change.",
    "schema": "The JSON Schema of the scenario language, for editors.",
    "completion": "A script that completes commands in bash, zsh or fish.",
}


class Commands(click.Group):
    """The commands, each loaded from its own file when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of a name; nothing where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = "import_" if cmd_name == "import" else cmd_name  # `import` is a word of Python's own
        command = import_module(f"negsim.cli.{module}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"negsim.cli.{cmd_name} has no command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """As click does; an interruption before the command has begun ends as one within it."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # a character that it has no place for is no reason to stop
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            from negsim.cli.common import fail  # noqa: PLC0415 - only where it is interrupted

            fail(error)

    def main(self, *args: Any, **options: Any) -> Any:
        """As click does. Where what is said cannot be written, that is said, with one line and a status."""
        try:
            _check_streams()
            try:
                return super().main(*args, **options)
            finally:
                sys.stdout.flush()
        except OSError as error:
            from negsim.cli.common import fail  # noqa: PLC0415 - only where it fails, so that help stays quick

            fail(error)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Writes the list of commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with "did you mean" for a mistyped command."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from negsim.errors import closest  # noqa: PLC0415 - only where a command is mistyped

            close = closest(args[0], COMMANDS)
            hint = f"did you mean '{close}'?\n" if close else ""
            every = textwrap.fill(", ".join(COMMANDS), 88, initial_indent="  ", subsequent_indent="  ")
            raise click.UsageError(f"{error.format_message()}\nhint: {hint}The commands are:\n{every}", ctx) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(None, "-V", "--version", package_name="negsim")
def main() -> None:
    """Replay what follows from stated words and stated assumptions.

    A scenario (YAML) says who there is, what is on the record, what can happen, and what follows from
    what. negsim shows what follows; it never forecasts.

    SCENARIO is a path, or the name of a scenario that ships with negsim (try: negsim run paris_2025).
    RUN is a run's name, its id or the beginning of it, `last`, `last~1`, or a .jsonl log. - is standard input.
    """


def _check_streams() -> None:
    """Raises `OSError` where there is no standard output. What is opened later takes no closed stream's place."""
    for number, stream in enumerate((sys.stdin, sys.stdout, sys.stderr)):
        if stream is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed, so nothing can be said")
