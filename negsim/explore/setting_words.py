"""What is set, in words: a reading by its question and its answer, a parameter by its name and its number."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.log.text import Values, filled, in_words, number_words
from negsim.scenario.model import Scenario

ENDS = ("?", ".", "!", ")")  # of a question
MOST_SETTINGS = 4  # that something is named by


def question(scenario: Scenario, name: str, values: Values) -> str:
    """What a setting decides: the question of a reading that has one, with the values of parameters; else the name."""
    reading = scenario.readings.get(name)
    return in_words(name) if reading is None or not reading.question else filled(reading.question, values)


def answer(scenario: Scenario, name: str, value: float | str, values: Values) -> str:
    """What a setting is: the answer's text, or the number."""
    if isinstance(value, str):
        return filled(scenario.readings[name].options[value], values) or in_words(value)
    return number_words(float(f"{value:.4g}"))


def setting(scenario: Scenario, name: str, value: float | str, values: Values) -> str:
    """Both: `Is a breeze wind? It is not.`, `wind: 0.1`."""
    asked = question(scenario, name, values)
    return f"{asked}{'' if asked.endswith(ENDS) else ':'} {answer(scenario, name, value, values)}"


def settings(scenario: Scenario, changed: Mapping[str, float | str], values: Values, *, between: str = "; ") -> str:
    """Several settings, the first of very many; `as given` for none."""
    words = [setting(scenario, name, value, values) for name, value in changed.items()]
    more = [f"and {len(words) - MOST_SETTINGS} more"] if len(words) > MOST_SETTINGS else []
    return between.join([*words[:MOST_SETTINGS], *more]) or "as given"
