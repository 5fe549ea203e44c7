"""Calendar dates as authors write them."""

from __future__ import annotations

import re
from datetime import date

from negsim.load.nodes import Scalar
from negsim.load.problems import Problems

FIRST_YEAR = 1000
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_WHEN = re.compile(r"[0-9]{4}(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)


def looks_like_date(text: str) -> bool:
    """Whether a text has the form of a date."""
    return _DAY.fullmatch(text.strip()) is not None


def read_date(node: Scalar, problems: Problems) -> date | None:
    """The date in a scalar; nothing, with a problem, where it is none."""
    text = node.text.strip()
    match = _DAY.fullmatch(text)
    if match is None:
        problems.add(node, f"'{_short(text)}' is no date", "write it as 2025-09-04: year, month, day")
        return None
    year, month, day = (int(part) for part in match.groups())
    if year < FIRST_YEAR:
        problems.add(node, f"'{text}': a year is {FIRST_YEAR}..9999")
        return None
    try:
        return date(year, month, day)
    except ValueError:
        why = f"there is no month {month}" if not 1 <= month <= 12 else f"month {month} of {year} has no day {day}"  # noqa: PLR2004
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
    if match[1] is not None and not 1 <= int(match[1]) <= 12:  # noqa: PLR2004
        problems.add(node, f"'{text}': there is no month {int(match[1])}")
        return False
    return True


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004
