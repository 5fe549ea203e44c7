"""What somebody new to the language probably meant, and how it is written here."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from negsim.language.dates import looks_like_date
from negsim.scenario.calendar_steps import Step

_NUMBER = r"(?P<number>\d+(?:\.\d+)?)"
_DAYS = {
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
# How many steps a word for a span of time is, as people count. What is shorter than a step is none.
_UNITS = {
    Step.HOUR: {"hour": 1, "h": 1, "hr": 1} | {word: 24 * days for word, days in _DAYS.items()},
    Step.DAY: _DAYS,
    Step.WEEK: {"week": 1, "w": 1, "wk": 1, "fortnight": 2, "month": 4, "year": 52, "yr": 52},
    Step.MONTH: {"month": 1, "year": 12, "yr": 12},
}


def _span(units: Iterable[str]) -> re.Pattern[str]:
    unit = rf"(?P<unit>{'|'.join(sorted(units, key=len, reverse=True))})s?"
    return re.compile(rf"{_NUMBER} ?{unit}\b", re.ASCII | re.IGNORECASE)


_PERCENT = re.compile(rf"{_NUMBER} ?%(?! *[\w(-])", re.ASCII)
_SPANS = {step: _span(units) for step, units in _UNITS.items()}
_ODDS = re.compile(r"(?P<one>\d+) ?(?:in|:|out of) ?(?P<of>\d+)(?![\w.])", re.ASCII)
_PERIODS = {"daily": 1, "weekly": 7, "biweekly": 14, "fortnightly": 14, "monthly": 30, "quarterly": 91, "yearly": 365}
_PERIODS_IN = {
    Step.HOUR: {"hourly": 1} | {word: 24 * days for word, days in _PERIODS.items()},
    Step.DAY: _PERIODS,
    Step.WEEK: {"weekly": 1, "biweekly": 2, "fortnightly": 2, "monthly": 4, "quarterly": 13, "yearly": 52},
    Step.MONTH: {"monthly": 1, "quarterly": 3, "yearly": 12},
}
_WEEK = {Step.HOUR: 168, Step.DAY: 7, Step.WEEK: 1}
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
_DELAYS = "a delay is a number of {steps}, uniform(a, b) or geometric(p)"
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


def number_at(text: str, start: int, step: Step = Step.DAY) -> tuple[int, str] | None:
    """Where a number ends that is written with a percent sign, a unit of time or as odds, and what to write."""
    if found := _PERCENT.match(text, start):
        return found.end(), f"write {plain(float(found['number']) / 100)}"
    if found := _SPANS[step].match(text, start):
        number = float(found["number"]) * _UNITS[step][found["unit"].lower()]
        return found.end(), f"write {plain(number)}: time is counted in {step.plural}"
    found = _ODDS.match(text, start)
    if found and int(found["of"]):
        one, of = int(found["one"]), int(found["of"])
        return found.end(), f"write {one}/{of}, or {plain(one / of)}"
    return None


def number_for(text: str, step: Step = Step.DAY) -> str | None:
    """What to write for a text that stands where a number must."""
    text = text.strip()
    found = number_at(text, 0, step)
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
            return f"a date is no number: {step.plural} are counted from the start"
        return f"a range is written beside a value: low: {span[1]}, high: {span[2]}"
    if looks_like_date(text):
        return f"a date is no number: {step.plural} are counted from the start"
    return "it is one number; what is worked out goes under `define`" if re.search(r"[*+/(]", text) else None


def name_hint(name: str, step: Step = Step.DAY) -> str | None:
    """What to write for a name that means nothing: a word for a truth, for the day, for a period."""
    word = name.lower()
    if word in _NOW or word == step:
        keys = "`at`, `every`, `from` and `until`"
        return f"the {step} is `day`; a rule's own {step.plural} are given with {keys}"
    if word in _WEEKDAYS and step in _WEEK:
        return f"there are no weekdays: write every: {_WEEK[step]}, and from: the date of a {word.capitalize()}"
    return _NAMES.get(word)


def period_hint(text: str, step: Step = Step.DAY) -> str | None:
    """What to write for a text that stands where a number of days must: `week`, `monthly`, `Monday`."""
    word = text.strip().lower().removeprefix("every ").removesuffix("s")
    steps = (_UNITS[step] | _PERIODS_IN[step]).get(word)
    if steps is not None:
        return f"write {steps}: time is counted in {step.plural}"
    if word in _WEEKDAYS:
        return name_hint(word, step)
    if numbered := re.fullmatch(rf"{step} (\d+)", word, re.ASCII):
        return f"write {numbered[1]}"
    return None


def function_hint(name: str, step: Step = Step.DAY) -> str | None:
    """What to write for a function that is not there."""
    hint = _FUNCTIONS.get(name.lower())
    return _DELAYS.format(steps=step.plural) if hint is _DELAYS else hint


def between_hint(word: str) -> str:
    """What to write for a word that stands between two values."""
    return _WORDS.get(word.lower(), "between two values stands a comparison, `and`, `or` or a sum")


def key_for(word: str, known: Container[str]) -> str | None:
    """The key that is known here and says what a word from elsewhere says."""
    return next((key for key in _KEYS.get(word.lower(), ()) if key in known), None)
