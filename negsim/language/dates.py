"""Calendar dates as authors write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from negsim.language.nodes import Scalar
from negsim.language.problems import Problems
from negsim.scenario.calendar_steps import LATEST_MONTH_DAY, Calendar, Step

FIRST_YEAR = 1000
MOST_MONTHS = 12
LONGEST = 40
LAST_HOUR = 23
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIMED = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]| +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?P<second>:[0-9.]*)?"
    r" *(?P<zone>[Zz]|UTC|GMT|[-+][0-9:]{2,6})?",
    re.ASCII,
)
_MONTH_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_WHEN = re.compile(r"[0-9]{4}(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)

# Forms in which people write dates. As an expression each of them is a sum that nobody means, or nothing at all.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_YEAR, _NUMBER, _DAY_OF_MONTH = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"{_YEAR}([-/.]){_NUMBER}\2{_DAY_OF_MONTH}(?:[t ]+\d.*)?",
        rf"{_YEAR}-{_NUMBER}",
        rf"{_DAY_OF_MONTH}\.?(?: of |[ -]*){_MONTH},?[ -]*{_YEAR}",
        rf"{_MONTH} *{_DAY_OF_MONTH},? +{_YEAR}",
        rf"{_YEAR}[ -]*{_MONTH}[ -]*{_DAY_OF_MONTH}",
        rf"{_MONTH},? *{_YEAR}",
        rf"{_DAY_OF_MONTH}\.? *{_MONTH}",
        rf"{_MONTH} *{_DAY_OF_MONTH}",
        r"(?P<one>\d{1,2})([-/.])(?P<other>\d{1,2})\2(?P<year>\d{4})",
        r"\d{1,2}([/.])\d{1,2}\1\d{2}",
    )
)


def looks_like_date(text: str) -> bool:
    """Whether a text is a date, or is meant as one: `2030-1-5`, `5.1.2030`, `5 January 2030`."""
    return _form(text) is not None


def _form(text: str) -> re.Match[str] | None:
    if text.strip().isidentifier():  # a name such as `may_2030` is one
        return None
    plain = re.sub("[\u2010-\u2015\u2212]", "-", unicodedata.normalize("NFKC", text[: 2 * LONGEST])).strip()
    return next((match for form in _FORMS if (match := form.fullmatch(plain))), None)


def _meant(text: str) -> date | None:
    """The day that is meant by a date in another form; nothing where it is not sure which."""
    match = _form(text)
    parts = {} if match is None else match.groupdict()
    if {"one", "other"} <= set(parts):
        one, other = int(parts["one"]), int(parts["other"])
        if one <= MOST_MONTHS and other <= MOST_MONTHS and one != other:
            return None
        parts |= {"day": str(max(one, other)), "month": str(min(one, other))}
    if not {"year", "month", "day"} <= set(parts):
        return None
    word = parts["month"].lower()
    try:
        return date(int(parts["year"]), _MONTHS.index(word) + 1 if word in _MONTHS else int(word), int(parts["day"]))
    except ValueError:
        return None


def read_date(node: Scalar, problems: Problems) -> date | None:
    """The date in a scalar; nothing, with a problem, where it is none."""
    return _read(node, node.text.strip(), problems, Step.DAY)


def read_start(node: Scalar, problems: Problems) -> Calendar | None:
    """The calendar that begins with the date in a scalar; nothing, with a problem, where none does."""
    start = _read_timed(node, problems)
    if start is None:
        return None
    if problems.step is Step.MONTH and start.day > LATEST_MONTH_DAY:
        message = f"months begin on the day of the start, and not every month has a day {start.day}"
        problems.add(node, message, f"begin on one of the days 1 to {LATEST_MONTH_DAY}")
        return None
    return Calendar(problems.step, start)


def read_moment(node: Scalar, calendar: Calendar | None, problems: Problems) -> date | None:
    """The date in a scalar, with a time where a step is an hour; nothing, with a problem, where it is none."""
    text = node.text.strip()
    months = problems.step is Step.MONTH if calendar is None else calendar.takes_months
    if months and _MONTH_ALONE.fullmatch(text):
        return _read(node, f"{text}-01", problems, Step.MONTH)
    return _read_timed(node, problems)


def _read_timed(node: Scalar, problems: Problems) -> date | None:
    """A date; in hours a moment, which is the beginning of the day where there is no time."""
    text = node.text.strip()
    match = _TIMED.fullmatch(text)
    if problems.step is not Step.HOUR:
        if match is not None:
            hint = f"write {match['date']}, or `step: hour` where time is counted in hours"
            message = f"'{_short(text)}' has a time of day, and time is counted in {problems.step.plural}"
            problems.add(node, message, hint)
            return None
        return _read(node, text, problems, problems.step)
    found = _read(node, text if match is None else match["date"], problems, Step.HOUR)
    clock = None if match is None else _clock(node, match, problems)
    if found is None or (match is not None and clock is None):
        return None
    return datetime.combine(found, clock or time())


def _clock(node: Scalar, match: re.Match[str], problems: Problems) -> time | None:
    """The whole hour in a written moment; nothing, with a problem, where it is none."""
    text, hour = _short(node.text.strip()), int(match["hour"])
    plain = f"{match['date']}T{min(hour, LAST_HOUR):02}:00"
    if hour > LAST_HOUR:
        problems.add(node, f"'{text}': there is no hour {hour}", f"hours are 00:00 to {LAST_HOUR}:00")
    elif match["zone"]:
        problems.add(node, f"'{text}' has a time zone", f"a scenario has one clock, its own: write {plain}")
    elif int(match["minute"]) or match["second"]:
        problems.add(node, f"'{text}' is no whole hour", f"write {plain}")
    elif len(match["hour"]) == 1:
        problems.add(node, f"'{text}' is no date with a time", f"write {plain}")
    else:
        return time(hour)
    return None


def _read(node: Scalar, text: str, problems: Problems, step: Step) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        meant = str(_meant(text) or "2025-09-04")
        form = "year, month, day"
        if step is Step.HOUR:
            meant, form = f"{meant}T14:00 or {meant}", f"{form}, and a whole hour"
        problems.add(node, f"'{_short(text)}' is no date", f"write it as {meant}: {form}")
        return None
    year, month, day = (int(part) for part in match.groups())
    if year < FIRST_YEAR:
        problems.add(node, f"'{text}': a year is {FIRST_YEAR}..9999")
        return None
    try:
        return date(year, month, day)
    except ValueError:
        known = 1 <= month <= MOST_MONTHS
        why = f"month {month} of {year} has no day {day}" if known else f"there is no month {month}"
        problems.add(node, f"'{text}' is no date: {why}")
        return None


def check_when(node: Scalar, problems: Problems) -> bool:
    """Whether a scalar is a day, a month or a year; a problem where it is not."""
    text = node.text.strip()
    match = _WHEN.fullmatch(text)
    if match is None:
        hint = "write 2025-09-04, 2025-09 or 2025"
        problems.add(node, f"'{_short(text)}' is no day, month or year", hint)
        return False
    if match[2] is not None:
        return read_date(node, problems) is not None
    if match[1] is not None and not 1 <= int(match[1]) <= MOST_MONTHS:
        problems.add(node, f"'{text}': there is no month {int(match[1])}")
        return False
    return True


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
