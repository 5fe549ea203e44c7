"""Moments of a run as they stand on the command line: by a number, or by a date of its calendar."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from negsim.errors import UsageError

if TYPE_CHECKING:
    from negsim.engine.run import Run


class NumberOrDate(click.ParamType[int | date]):
    """A number, of a day or of an event, or a date such as 2030-05-11."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | date:
        """The number, or the date."""
        if isinstance(value, int | date):
            return value
        try:
            return int(value)
        except ValueError:
            pass
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is neither a whole number nor a date such as 2030-05-11", param, ctx)


def day_of(run: Run, asked: int | date) -> int:
    """The day of a date; a number is one already."""
    return (asked - run.scenario.start).days if isinstance(asked, date) else asked


def last_event_of(run: Run, asked: int | date) -> int:
    """The last event of a date, or before it; -1 for none. A number is one of an event already.

    Raises `UsageError` for a date after the run's end.
    """
    if not isinstance(asked, date):
        return asked
    day = day_of(run, asked)
    if day > run.ended_on:
        ended = run.scenario.date_of(run.ended_on).isoformat()
        raise UsageError(f"the run ended on {ended}, before {asked.isoformat()}", "give a date up to then, or an event")
    return max((event.seq for event in run.events if event.day <= day), default=-1)
