"""Which moments are named along a time, and how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from negsim.scenario.calendar_steps import MONTHS, Calendar, Step

MOST_TICKS = 9
MOST_TIMED = 6  # a date with a time takes more room


def ticks(calendar: Calendar, first: int, last: int) -> dict[int, str]:
    """The steps to be named along a time, each with its date: single steps, days, months or years, as there is room."""
    match calendar.step:
        case Step.HOUR:
            return _evenly(calendar, first, last, (1, 2, 3, 6, 12)) or _by_days(calendar, first, last)
        case Step.DAY:
            return _by_days(calendar, first, last)
        case Step.WEEK:
            return _evenly(calendar, first, last, (1, 2)) or _by_months(calendar, first, last)
        case Step.MONTH:
            return _evenly(calendar, first, last, (1, 2, 3, 6)) or _by_months(calendar, first, last)


def _evenly(calendar: Calendar, first: int, last: int, sizes: tuple[int, ...]) -> dict[int, str]:
    """Every so many steps from the first on; nothing where that is too many."""
    most = MOST_TIMED if calendar.step is Step.HOUR else MOST_TICKS
    size = next((size for size in sizes if (last - first) / size <= most), None)
    return {} if size is None else {step: calendar.written(step) for step in range(first, last + 1, size)}


def _by_days(calendar: Calendar, first: int, last: int) -> dict[int, str]:
    """Every so many days, where steps begin with them; months where these are too many."""
    opening, end = _day(calendar, first, up=True), _day(calendar, last)
    size = next((size for size in (1, 2, 7) if (end - opening).days / size <= MOST_TICKS), None)
    if size is None:
        return _by_months(calendar, first, last)
    found = (opening + timedelta(days=number) for number in range(0, (end - opening).days + 1, size))
    return {calendar.step_of(day): day.isoformat() for day in found}


def _by_months(calendar: Calendar, first: int, last: int) -> dict[int, str]:
    """Months or years, each at the first step that begins in it."""
    earliest, latest = _day(calendar, first), _day(calendar, last)
    months = range(earliest.year * MONTHS + earliest.month, latest.year * MONTHS + latest.month)
    size = next(size for size in _month_sizes() if len(months) / size <= MOST_TICKS)
    found = [date(month // MONTHS, month % MONTHS + 1, 1) for month in months if month % size == 0]
    form = "%Y" if size % MONTHS == 0 else "%Y-%m"
    return {_begun(calendar, month): f"{month:{form}}" for month in found}


def _month_sizes() -> Iterator[int]:
    """Steps of months: 1, 2, 3, 6, then whole years: 1, 2, 5, 10, 20, …."""
    yield from (1, 2, 3, 6)
    years = 1
    while True:
        yield from (12 * years, 24 * years, 60 * years)
        years *= 10


def _day(calendar: Calendar, step: int, *, up: bool = False) -> date:
    """The day on which a step begins; with `up` the next one, where it does not begin with that day."""
    moment = calendar.date_of(step)
    day = date.fromordinal(moment.toordinal())
    return day + timedelta(days=1) if up and calendar.step_of(day) < step else day


def _begun(calendar: Calendar, day: date) -> int:
    """The first step that begins on a day or after it."""
    step = calendar.step_of(day)
    return step if _day(calendar, step) >= day else step + 1
