"""The calendar of a scenario: what a step of its time is called, and which date each of them has.

A run counts steps from 0 and knows nothing else of time. Whatever stands in a file or is shown goes through here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

import attrs

HOUR = timedelta(hours=1)
WEEK = 7  # days
MONTHS = 12  # of a year
LATEST_MONTH_DAY = 28  # every month has it

_WRITTEN = re.compile(r"([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)(?:[T ]([0-9]{2}:[0-9]{2}))?", re.ASCII)


class Step(StrEnum):
    """What one step of a scenario's time is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def plural(self) -> str:
        """Several of them."""
        return f"{self.value}s"

    @property
    def a(self) -> str:
        """One of them: `a day`, `an hour`."""
        return f"{'an' if self is Step.HOUR else 'a'} {self.value}"

    @property
    def each(self) -> str:
        """What comes with each: a `daily` chance."""
        return "daily" if self is Step.DAY else f"{self.value}ly"

    @property
    def an_each(self) -> str:
        """One thing that comes with each: `a daily`, `an hourly`."""
        return f"{'an' if self is Step.HOUR else 'a'} {self.each}"

    @property
    def now(self) -> str:
        """The one that goes by: `today`, `this hour`."""
        return "today" if self is Step.DAY else f"this {self.value}"

    @property
    def on(self) -> str:
        """How what happens stands to it: on a day, in an hour."""
        return "on" if self is Step.DAY else "in"


@attrs.frozen
class Calendar:
    """Which step has which date. `start` begins step 0; it has a time of day where a step is an hour."""

    step: Step
    start: date

    @property
    def name(self) -> str:
        """What one step is called: `day`."""
        return self.step.value

    @property
    def plural(self) -> str:
        """What several are called: `days`."""
        return self.step.plural

    @property
    def is_days(self) -> bool:
        """Whether a step is a day, as it is unless a scenario says otherwise."""
        return self.step is Step.DAY

    @property
    def first(self) -> int:
        """The first step that has a date."""
        step = self.step_of(date.min)
        try:
            self.date_of(step)
        except OverflowError:
            return step + 1
        return step

    def date_of(self, step: int) -> date:
        """When a step begins. Raises `OverflowError` outside the years 1 to 9999."""
        match self.step:
            case Step.HOUR:
                return self.start + step * HOUR
            case Step.DAY:
                return self.start + timedelta(days=step)
            case Step.WEEK:
                return self.start + timedelta(days=WEEK * step)
            case Step.MONTH:
                return _in_month(_month(self.start) + step, self.start.day)
            case _:
                assert_never(self.step)

    def step_of(self, moment: date) -> int:
        """The step in which a moment falls; a date alone is the beginning of its day."""
        match self.step:
            case Step.HOUR:
                return (_timed(moment) - _timed(self.start)) // HOUR
            case Step.DAY:
                return (_day(moment) - self.start).days
            case Step.WEEK:
                return (_day(moment) - self.start).days // WEEK
            case Step.MONTH:
                return _month(moment) - _month(self.start) - (moment.day < self.start.day)
            case _:
                assert_never(self.step)

    def written(self, step: int) -> str:
        """The date of a step as it is shown and kept."""
        return self.said(self.date_of(step))

    def when(self, step: int) -> str:
        """When a step is, in a sentence: `on 1962-10-16`, `at 1962-10-16 14:00`, `in 1962-10`."""
        written = self.written(step)
        return f"{'at' if self.step is Step.HOUR else 'in' if is_month(written) else 'on'} {written}"

    def said(self, moment: date) -> str:
        """A moment as it is shown: `1962-10-16 14:00` in hours, `1962-10` in months that begin with the first."""
        if self.step is Step.HOUR:
            return _timed(moment).isoformat(" ", "minutes")
        if self.step is Step.MONTH and self.start.day == 1 and moment.day == 1:
            return _day(moment).isoformat()[:-3]
        return _day(moment).isoformat()

    def read(self, text: str) -> date | None:
        """The moment that a text names in full, in a form that this calendar has; nothing for any other text."""
        found = moment_in(text)
        if found is None or (is_month(text) and not self.takes_months):
            return None
        if self.step is Step.HOUR:
            return None if _timed(found).minute else _timed(found)
        return None if isinstance(found, datetime) else found

    @property
    def takes_months(self) -> bool:
        """Whether a month alone is a date here: `1962-10` is shown so, too."""
        return self.step is Step.MONTH and self.start.day == 1


def moment_in(text: str) -> date | None:
    """The month, the date or the minute that a text names in full, as one of some calendar; nothing where none."""
    match = _WRITTEN.fullmatch(text)
    if match is None or (is_month(match[1]) and match[2] is not None):
        return None
    try:
        day = date.fromisoformat(f"{match[1]}-01" if is_month(match[1]) else match[1])
        return day if match[2] is None else datetime.combine(day, time.fromisoformat(match[2]))
    except ValueError:
        return None


def is_month(text: str) -> bool:
    """Whether a written moment is a month alone."""
    return len(text) == len("1962-10")


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _timed(moment: date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _month(moment: date) -> int:
    return moment.year * MONTHS + moment.month - 1


def _in_month(month: int, day: int) -> date:
    year, number = divmod(month, MONTHS)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"there is no year {year}")
    return date(year, number + 1, day)
