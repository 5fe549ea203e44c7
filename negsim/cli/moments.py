"""Moments of a run as they stand on the command line: by a number, or by a date of its calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from negsim.errors import UsageError
from negsim.scenario.calendar_steps import Calendar, Step, moment_in

if TYPE_CHECKING:
    from negsim.engine.run import Run


class NumberOrDate(click.ParamType[int | str]):
    """A number, of a day or of an event, or a date such as 2030-05-11. A scenario's calendar says which day it is."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        """The number, or the date as it is given."""
        if isinstance(value, int):
            return value
        try:
            return int(value)
        except ValueError:
            pass
        if _read(value) is None:
            self.fail(f"'{value}' is neither a whole number nor a date such as 2030-05-11", param, ctx)
        return str(value)


def _read(text: str) -> date | None:
    found = moment_in(text)
    if found is not None:
        return found
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment_of(calendar: Calendar, text: str) -> date:
    """The moment that a text names. Raises `UsageError` for one that this calendar does not have."""
    written, found = moment_in(text), _read(text)
    if found is None or (written is not None and calendar.read(text) is None):
        kind = "a time of day" if isinstance(found, datetime) else "no day"
        if calendar.step is Step.HOUR and isinstance(found, datetime):
            raise UsageError(f"'{text}' is no whole hour", f"write it as {calendar.written(0)}")
        raise UsageError(f"'{text}' has {kind}, and this scenario counts in {calendar.plural}", "give a date")
    return found if written is None else calendar.read(text) or found


def day_of(run: Run, asked: int | str) -> int:
    """The day of a date; a number is one already."""
    calendar = run.scenario.calendar
    return calendar.step_of(moment_of(calendar, asked)) if isinstance(asked, str) else asked


def last_event_of(run: Run, asked: int | str) -> int:
    """The last event of a date, or before it; -1 for none. A number is one of an event already.

    Raises `UsageError` for a date after the run's end.
    """
    if not isinstance(asked, str):
        return asked
    calendar = run.scenario.calendar
    day = day_of(run, asked)
    if day > run.ended_on:
        ended, given = calendar.when(run.ended_on), calendar.said(moment_of(calendar, asked))
        raise UsageError(f"the run ended {ended}, before {given}", "give a date up to then, or an event")
    return max((event.seq for event in run.events if event.day <= day), default=-1)
