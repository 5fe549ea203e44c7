"""A calendar that counts hours, days and months one after the other, for the naive interpreter.

It knows how long months are and shares nothing with negsim's calendar, nor with Python's. A moment is year, month, day
and hour.
"""

from __future__ import annotations

import re
from functools import cache

Moment = tuple[int, int, int, int]


def moment(text: str) -> Moment:
    """The moment that a text names: what is not said is the first of the month, and midnight."""
    year, month, day, hour = (*map(int, re.findall(r"\d+", text)[:4]), None, None, None)[:4]
    assert year is not None
    assert month is not None
    return year, month, 1 if day is None else day, 0 if hour is None else hour


def length(year: int, month: int) -> int:
    """How many days a month has."""
    is_leap = year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)
    return 29 if month == 2 and is_leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def later(at: Moment, step: str) -> Moment:
    """One step on."""
    year, month, day, hour = at
    if step == "week":
        for _ in range(7):
            at = later(at, "day")
        return at
    if step == "hour" and hour < 23:
        return year, month, day, hour + 1
    if step in ("hour", "day") and day < length(year, month):
        return year, month, day + 1, 0
    first = day if step == "month" else 1
    return (year, month + 1, first, 0) if month < 12 else (year + 1, 1, first, 0)


def earlier(at: Moment, step: str) -> Moment:
    """One step back."""
    year, month, day, hour = at
    if step == "week":
        for _ in range(7):
            at = earlier(at, "day")
        return at
    if step == "hour" and hour > 0:
        return year, month, day, hour - 1
    last = 23 if step == "hour" else 0
    if step in ("hour", "day") and day > 1:
        return year, month, day - 1, last
    year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return year, month, day if step == "month" else length(year, month), last


def begin(start: str, step: str, number: int) -> Moment:
    """When a step begins, by its number from the start."""
    at = moment(start)
    for _ in range(abs(number)):
        at = later(at, step) if number > 0 else earlier(at, step)
    return at


@cache
def written(start: str, step: str, number: int) -> str:
    """The date of a step as a log has it."""
    year, month, day, hour = begin(start, step, number)
    if step == "month" and day == 1:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}" + (f" {hour:02}:00" if step == "hour" else "")


def step_of(start: str, step: str, text: str) -> int:
    """The step in which a moment lies: the last that does not begin after it."""
    meant, at, number = moment(text), moment(start), 0
    while at > meant:
        at, number = earlier(at, step), number - 1
    while later(at, step) <= meant:
        at, number = later(at, step), number + 1
    return number
