"""Calendar dates as authors write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from negsim.language.nodes import Scalar
from negsim.language.problems import Problems

FIRST_YEAR = 1000
MOST_MONTHS = 12
LONGEST = 40
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
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
    text = node.text.strip()
    match = _DAY.fullmatch(text)
    if match is None:
        meant = _meant(text) or "2025-09-04"
        problems.add(node, f"'{_short(text)}' is no date", f"write it as {meant}: year, month, day")
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
