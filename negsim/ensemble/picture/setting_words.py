"""What is set, in words: a reading by its question and its answer, a parameter by its name and its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from negsim.log.text import Values, filled, number_words
from negsim.scenario.held import reading_named, whose
from negsim.scenario.model import Scenario
from negsim.wording import in_words

ENDS = ("?", ".", "!", ")")  # of a question
MOST_SETTINGS = 4  # that something is named by
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def question(scenario: Scenario, name: str, values: Values) -> str:
    """What a setting decides: the question of a reading that has one, with the values of parameters; else the name.

    With whose reading it is: `Is a breeze wind? (as Russia reads it)`.
    """
    if name in scenario.parameters:
        return in_words(name)
    words, held = plain_question(scenario, name, values), whose(scenario, name)
    return words if held is None else f"{words} ({held})"


def plain_question(scenario: Scenario, name: str, values: Values) -> str:
    """The question of a reading, whoever holds it."""
    reading = reading_named(scenario, name)
    return filled(reading.question, values) if reading.question else in_words(reading.of or name)


def answer(scenario: Scenario, name: str, value: float | str, values: Values) -> str:
    """What a setting is: the answer's text, or the number."""
    if isinstance(value, str):
        return filled(reading_named(scenario, name).options[value], values) or in_words(value)
    return number_words(float(f"{value:.4g}"))


def setting(scenario: Scenario, name: str, value: float | str, values: Values) -> str:
    """Both: `Is a breeze wind? It is not.`, `wind: 0.1`."""
    return f"{asked(question(scenario, name, values))} {answer(scenario, name, value, values)}"


def asked(words: str) -> str:
    """A question, or a name with a colon, before what it is answered with."""
    return f"{words}{'' if words.endswith(ENDS) else ':'}"


def settings(scenario: Scenario, changed: Mapping[str, float | str], values: Values, *, between: str = "; ") -> str:
    """Several settings, the first of very many; `as given` for none."""
    words = [setting(scenario, name, value, values) for name, value in changed.items()]
    more = [f"and {len(words) - MOST_SETTINGS} more"] if len(words) > MOST_SETTINGS else []
    return between.join([*words[:MOST_SETTINGS], *more]) or "as given"


@attrs.frozen
class QuestionAsked:
    """What is varied, under a number, and each value that it takes, under a letter: in words."""

    number: int
    words: str
    answers: Mapping[float | str, str]

    def sign(self, value: float | str) -> str:
        """What stands for a value: `2b`."""
        return f"{self.number}{_letter(list(self.answers).index(value))}"


def key(scenario: Scenario, varied: Mapping[str, Iterable[float | str]], values: Values) -> dict[str, QuestionAsked]:
    """What combinations of settings are named by: each thing varied under its number, each value under its letter."""
    return {
        name: QuestionAsked(
            number,
            question(scenario, name, values),
            {value: answer(scenario, name, value, values) for value in taken},
        )
        for number, (name, taken) in enumerate(varied.items(), start=1)
    }


def signs(known: Mapping[str, QuestionAsked], taken: Mapping[str, float | str]) -> str:
    """What stands for a combination of settings: `1a 2b`."""
    return " ".join(asked.sign(taken[name]) for name, asked in known.items())


def _letter(place: int) -> str:
    """The letter of a place: `a` to `z`, then `aa`, `ab`, …."""
    before, last = divmod(place, len(_LETTERS))
    return (_letter(before - 1) if before else "") + _LETTERS[last]
