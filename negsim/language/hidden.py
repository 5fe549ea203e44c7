"""Warnings on values and options that are also the name of something: an expression means that, not the value."""

from __future__ import annotations

from collections.abc import Container, Iterator

from negsim.language.problems import Warned
from negsim.scenario.model import Scenario
from negsim.scenario.talks import Talks
from negsim.scenario.types import Enumeration


def hidden_values(scenario: Scenario) -> Iterator[Warned]:
    """The values of state variables."""
    names = _names(scenario)
    for name, variable in scenario.variables.items():
        for value in variable.type.values if isinstance(variable.type, Enumeration) else ():
            kind = _kind(value, names)
            if kind is not None:
                what = f"the value '{value}' of `{name}` is also the name of {kind}"
                yield ("variable", name), what, _hint(value, kind)


def hidden_options(scenario: Scenario, talks: Talks) -> Iterator[Warned]:
    """The options of issues."""
    names = {**_names(scenario), "an issue": talks.issues}
    for issue, found in talks.issues.items():
        options = [option for option in found if isinstance(option, str)]  # a number means itself
        for option in options:
            kind = _kind(option, names)
            if kind is not None:
                what = f"the option '{option}' of `{issue}` is also the name of {kind}"
                yield ("issue", f"{talks.name}.{issue}"), what, _hint(option, kind)


def _names(scenario: Scenario) -> dict[str, Container[str]]:
    """What can be named in an expression, by what it is."""
    return {
        "an actor": scenario.actors,
        "a parameter": scenario.parameters,
        "a reading": {reading.of or reading.name for reading in scenario.readings.values()},
        "a definition": scenario.definitions,
        "a state variable": {name for name, variable in scenario.variables.items() if variable.group is None},
    }


def _kind(word: str, names: dict[str, Container[str]]) -> str | None:
    return next((kind for kind, known in names.items() if word in known), None)


def _hint(word: str, kind: str) -> str:
    return f"in an expression `{word}` means {kind}; give one of them another name"
