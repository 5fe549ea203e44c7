"""Names that are given to runs and results, beside their ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from negsim.cli.common import fail, say
from negsim.errors import UsageError

if TYPE_CHECKING:
    from negsim.engine.run import Run


def name_option(what: str) -> Callable[[Any], Any]:
    """`--name`."""
    text = f"A name for the {what}, beside its id."
    return click.option("--name", "called", metavar="NAME", callback=_checked, help=text)


def _checked(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001 - click's signature
    """The name, looked at before anything is done."""
    try:
        return None if value is None else _usable(value)
    except UsageError as error:
        fail(error)


def _usable(value: str) -> str:
    from negsim.language import shipped  # noqa: PLC0415 - only where a name is given
    from negsim.log.store import check_name  # noqa: PLC0415 - as above

    found = check_name(value)
    if found in {name for name, _ in shipped()}:
        raise UsageError(f"'{value}' is the name of a scenario", "choose another name")
    return found


def keep(made: Run, store: str, called: str | None) -> None:
    """Keeps a run, under a name where one is given."""
    from negsim.log.store import Store  # noqa: PLC0415 - heavy imports wait for the command

    with Store(store) as kept:
        kept.keep(made.log, made.scenario.files)
        if called is not None:
            _say_renamed(called, kept.give_name(called, run=made.id))


def name_result(result: str, store: str, called: str) -> None:
    """Gives a result that is kept beside the store, by its id, a name."""
    from negsim.log.store import Store  # noqa: PLC0415 - heavy imports wait for the command

    with Store(store) as kept:
        _say_renamed(called, kept.give_name(called, result=result))


def _say_renamed(name: str, before: str | None) -> None:
    """Says what a name stood for until now, where it stood for something else."""
    if before is not None:
        say(f"note: {name} was {before[:12]} until now", err=True)


def and_name(called: str | None) -> str:
    """The name after an id, in a sentence."""
    return "" if called is None else f", {called}"
