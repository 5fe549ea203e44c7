"""Settings: what a scenario is looked at under. One checked value of parameters, readings and choices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.scenario.choices import Fixed, FixedChoice, decisions, parse_choice
from negsim.scenario.held import readings_meant
from negsim.scenario.model import Scenario
from negsim.scenario.record import Parameter

LONGEST_WHOLE = 19  # digits of a whole number that is read as one
Choices = Mapping[str, str] | Iterable[str]
# Parameters and readings by name, as they are compared.
Key = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


@attrs.frozen
class Settings:
    """All parameters and readings of a scenario, by name, and the choices made beforehand."""

    parameters: Mapping[str, float]
    readings: Mapping[str, str]
    choices: tuple[Fixed, ...] = ()

    @property
    def decisions(self) -> tuple[FixedChoice, ...]:
        """The decisions among the choices; the others are answers at talks."""
        return decisions(self.choices)

    @property
    def named(self) -> dict[str, float | str]:
        """All parameters and readings by name."""
        return {**self.parameters, **self.readings}

    @property
    def key(self) -> Key:
        """Parameters and readings as they are compared: as numbers 1 and 1.0, or 0.0 and -0.0, would be the same."""
        return tuple((name, repr(value)) for name, value in self.parameters.items()), tuple(self.readings.items())

    def changed(
        self, parameters: Mapping[str, float], readings: Mapping[str, str], choices: tuple[Fixed, ...] = ()
    ) -> Settings:
        """The settings with some parameters and readings other than they are, and more choices."""
        return Settings({**self.parameters, **parameters}, {**self.readings, **readings}, (*self.choices, *choices))


def defaults(scenario: Scenario) -> Settings:
    """The scenario's own settings."""
    parameters = {p.name: int(p.value) if p.whole else float(p.value) for p in scenario.parameters.values()}
    return Settings(parameters, {r.name: r.default for r in scenario.readings.values()})


def settings_of(
    scenario: Scenario,
    *,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
) -> Settings:
    """The settings that are asked for, checked. Raises `UsageError` for what the scenario does not have."""
    return defaults(scenario).changed(
        parameter_values(scenario, set or {}), reading_options(scenario, read or {}), fixed_choices(scenario, choose)
    )


def parameter_values(scenario: Scenario, given: Mapping[str, object]) -> dict[str, float]:
    """The given values, each checked; raises `UsageError` for an unknown name or a wrong value."""
    found: dict[str, float] = {}
    for name, value in given.items():
        parameter = scenario.parameters.get(name)
        if parameter is None:
            raise UsageError(f"there is no parameter `{name}`", did_you_mean(name, scenario.parameters))
        found[name] = _number(parameter, value)
    return found


def _number(parameter: Parameter, value: object) -> float:
    text = str(value).strip()
    if parameter.whole and text.lstrip("+-").isdecimal() and len(text) <= LONGEST_WHOLE:
        return int(text)
    try:
        number = float(text)
    except ValueError:
        raise UsageError(f"parameter `{parameter.name}`: '{value}' is no number", _without_percent(text)) from None
    if not math.isfinite(number):
        raise UsageError(f"parameter `{parameter.name}`: {value} is not a finite number")
    if not parameter.whole:
        return number
    if number != int(number):
        raise UsageError(f"parameter `{parameter.name}` is a whole number, not {value}")
    return int(number)


def reading_options(scenario: Scenario, given: Mapping[str, str]) -> dict[str, str]:
    """The given options, each checked; raises `UsageError` for an unknown reading or option.

    An option for a reading that is held is one for each holder, but where a holder is given one of its own.
    """
    for name, option in given.items():
        reading = scenario.readings[readings_meant(scenario, name)[0]]
        if option not in reading.options:
            raise UsageError(f"'{option}' is no option of reading `{name}`", did_you_mean(str(option), reading.options))
    held = {name: option for name, option in given.items() if name not in scenario.readings}
    of_all = {each: option for name, option in held.items() for each in readings_meant(scenario, name)}
    return {**of_all, **{name: option for name, option in given.items() if name not in held}}


def fixed_choices(scenario: Scenario, given: Choices | None) -> tuple[FixedChoice, ...]:
    """The given choices, each checked (see `parse_choice` for how they are written)."""
    if given is None:
        return ()
    texts = [f"{name}={option}" for name, option in given.items()] if isinstance(given, Mapping) else list(given)
    return tuple(parse_choice(scenario, text) for text in texts)


def kept_choices(given: Choices | None) -> Choices | None:
    """The same choices, so that they can be gone through more than once."""
    return given if given is None or isinstance(given, Mapping) else list(given)


def _without_percent(text: str) -> str | None:
    """How a share in percent is written: `5 %` as 0.05."""
    if not text.endswith("%"):
        return None
    try:
        share = Decimal(text.removesuffix("%").strip()) / 100
    except ArithmeticError:
        return None
    return f"write {share:f}" if share.is_finite() and abs(share.adjusted()) <= LONGEST_WHOLE else None
