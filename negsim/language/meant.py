"""What somebody new to the language probably meant, and how it is written here."""

from __future__ import annotations

import re
from collections.abc import Container

from negsim.language.dates import looks_like_date

_UNITS = {
    "day": 1,
    "d": 1,
    "night": 1,
    "week": 7,
    "w": 7,
    "wk": 7,
    "fortnight": 14,
    "month": 30,
    "year": 365,
    "yr": 365,
}
_UNIT = rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})s?"
_NUMBER = r"(?P<number>\d+(?:\.\d+)?)"
_PERCENT = re.compile(rf"{_NUMBER} ?%(?! *[\w(-])", re.ASCII)
_SPAN = re.compile(rf"{_NUMBER} ?{_UNIT}\b", re.ASCII | re.IGNORECASE)
_ODDS = re.compile(r"(?P<one>\d+) ?(?:in|:|out of) ?(?P<of>\d+)(?![\w.])", re.ASCII)
_PERIODS = {"daily": 1, "weekly": 7, "biweekly": 14, "fortnightly": 14, "monthly": 30, "quarterly": 91, "yearly": 365}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NOW = (
    "day",
    "today",
    "now",
    "date",
    "time",
    "tomorrow",
    "yesterday",
    "current_day",
    "weekday",
    "month",
    "week",
    "year",
)

_NAMES = {
    "yes": "write true",
    "on": "write true",
    "always": "write true",
    "no": "write false",
    "off": "write false",
    "never": "write false",
    "none": "for an actor write nobody",
    "null": "for an actor write nobody",
}
_DELAYS = "a delay is a number of days, uniform(a, b) or geometric(p)"
_FUNCTIONS = {
    "len": "the members of a group are counted with count(m for m in group)",
    "size": "the members of a group are counted with count(m for m in group)",
    "mean": "write sum(m.x for m in group) / count(m for m in group)",
    "avg": "write sum(m.x for m in group) / count(m for m in group)",
    "average": "write sum(m.x for m in group) / count(m for m in group)",
    **dict.fromkeys(("random", "rand", "rnd", "chance", "probability"), "what is left to luck goes under `chance`"),
    **dict.fromkeys(("normal", "gauss", "poisson", "exponential", "randint", "triangular", "lognormal"), _DELAYS),
    **dict.fromkeys(("round", "int", "floor"), "`//` divides whole numbers and rounds down"),
    **dict.fromkeys(("clamp", "clip"), "write max(low, min(x, high))"),
    **dict.fromkeys(("happened", "occurred", "has", "was"), "let an event set a state variable, and ask that"),
    **dict.fromkeys(("pow", "sqrt", "exp", "log", "ln"), "there are sums and products alone"),
    **dict.fromkeys(("iif", "ifelse", "when"), "write `x if condition else y`"),
    "no": "write not any(… for m in group)",
    "none": "write not any(… for m in group)",
    "exists": "write any(… for m in group)",
    "forall": "write all(… for m in group)",
}
_WORDS = {  # between two values
    "between": "write low <= x <= high",
    "then": "write `x if condition else y`; a condition stands alone",
    "equals": "write ==",
    "equal": "write ==",
    "greater": "write >",
    "less": "write <",
    "contains": "write m in group",
    "mod": "write %",
    "div": "write //",
    "xor": "write !=",
    "unless": "write and not",
    "but": "write and",
}
_KEYS = {
    "if": ("when",),
    "condition": ("when", "while"),
    "given": ("when",),
    "probability": ("chance",),
    "prob": ("chance",),
    "p": ("chance",),
    "delay": ("after",),
    "wait": ("after",),
    "then": ("emit",),
    "do": ("emit",),
    "action": ("emit",),
    "effect": ("emit", "set"),
    "effects": ("emit", "set"),
    "trigger": ("on",),
    "event": ("on",),
    "options": ("choose", "issues", "values"),
    "choices": ("choose",),
    "actor": ("by",),
    "who": ("by", "speaker"),
    "to": ("until",),
    "weights": ("values", "weight"),
    "utility": ("values",),
    "batna": ("fallback",),
    "reservation": ("fallback",),
    "min": ("low",),
    "max": ("high",),
    "default": ("initial", "value"),
    "start": ("initial",),
    "type": ("values",),
    "description": ("text", "note", "question"),
    "desc": ("text", "note"),
    "comment": ("note",),
    "label": ("name", "text", "title"),
    "version": ("negsim",),
    "duration": ("horizon",),
    "days": ("horizon",),
    "end": ("horizon",),
    "name": ("title",),
    "agents": ("actors",),
    "players": ("actors",),
    "parties": ("actors",),
    "variables": ("state",),
    "vars": ("state",),
    "params": ("parameters",),
    "facts": ("events",),
    "results": ("measures",),
    "metrics": ("measures",),
    "negotiations": ("talks",),
    "functions": ("define",),
    "definitions": ("define",),
    "imports": ("include",),
    "text": ("quote", "title"),
}


def plain(number: float) -> str:
    """A number as an author writes it."""
    return f"{number:.10f}".rstrip("0").rstrip(".")


def number_at(text: str, start: int) -> tuple[int, str] | None:
    """Where a number ends that is written with a percent sign, a unit of time or as odds, and what to write."""
    if found := _PERCENT.match(text, start):
        return found.end(), f"write {plain(float(found['number']) / 100)}"
    if found := _SPAN.match(text, start):
        days = float(found["number"]) * _UNITS[found["unit"].lower()]
        return found.end(), f"write {plain(days)}: time is counted in days"
    found = _ODDS.match(text, start)
    if found and int(found["of"]):
        one, of = int(found["one"]), int(found["of"])
        return found.end(), f"write {one}/{of}, or {plain(one / of)}"
    return None


def number_for(text: str) -> str | None:
    """What to write for a text that stands where a number must."""
    text = text.strip()
    found = number_at(text, 0)
    if found is not None and found[0] == len(text):
        return found[1] if "/" not in found[1] else f"write {found[1].rsplit(' ', 1)[1]}"
    if fraction := re.fullmatch(r"(\d+) ?/ ?(\d+)", text, re.ASCII):
        return f"write {plain(int(fraction[1]) / int(fraction[2]))}" if int(fraction[2]) else None
    if re.fullmatch(r"-?\d{1,3}(?:[ _,'\u00a0\u202f]\d{3})+", text, re.ASCII):
        return f"write {re.sub('[^-0-9]', '', text)}: digits are not grouped"
    if re.fullmatch(r"-?\d+,\d+", text, re.ASCII):
        return f"write {text.replace(',', '.')}: decimals have a point"
    if span := re.fullmatch(r"(-?[\d.]+?) ?(?:\.\.|-|to|\u2013) ?(-?[\d.]+)", text, re.ASCII):
        if looks_like_date(text):
            return "a date is no number: days are counted from the start"
        return f"a range is written beside a value: low: {span[1]}, high: {span[2]}"
    if looks_like_date(text):
        return "a date is no number: days are counted from the start"
    return "it is one number; what is worked out goes under `define`" if re.search(r"[*+/(]", text) else None


def name_hint(name: str) -> str | None:
    """What to write for a name that means nothing: a word for a truth, for the day, for a period."""
    word = name.lower()
    if word in _NOW:
        return "the day is `day`; a rule's own days are given with `at`, `every`, `from` and `until`"
    if word in _WEEKDAYS:
        return f"there are no weekdays: write every: 7, and from: the date of a {word.capitalize()}"
    return _NAMES.get(word)


def period_hint(text: str) -> str | None:
    """What to write for a text that stands where a number of days must: `week`, `monthly`, `Monday`."""
    word = text.strip().lower().removeprefix("every ").removesuffix("s")
    if word in _UNITS:
        return f"write {_UNITS[word]}: time is counted in days"
    if word in _PERIODS:
        return f"write {_PERIODS[word]}: time is counted in days"
    if word in _WEEKDAYS:
        return name_hint(word)
    if numbered := re.fullmatch(r"day (\d+)", word, re.ASCII):
        return f"write {numbered[1]}"
    return None


def function_hint(name: str) -> str | None:
    """What to write for a function that is not there."""
    return _FUNCTIONS.get(name.lower())


def between_hint(word: str) -> str:
    """What to write for a word that stands between two values."""
    return _WORDS.get(word.lower(), "between two values stands a comparison, `and`, `or` or a sum")


def key_for(word: str, known: Container[str]) -> str | None:
    """The key that is known here and says what a word from elsewhere says."""
    return next((key for key in _KEYS.get(word.lower(), ()) if key in known), None)
