"""What a run is asked with, checked against its scenario: parameters, readings, choices, a seed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import SupportsIndex

from negsim.engine.luck import NO_DRAW
from negsim.engine.policy import FixedChoice, parse_choice
from negsim.errors import UsageError, did_you_mean
from negsim.scenario.model import Parameter, Scenario
from negsim.scenario.streams import LARGEST_SEED, Draw, Stream, streams
from negsim.whole import index_of

LONGEST_WHOLE = 19  # digits of a whole number that is read as one
Choices = Mapping[str, str] | Iterable[str]


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
        raise UsageError(f"parameter `{parameter.name}`: '{value}' is no number") from None
    if not math.isfinite(number):
        raise UsageError(f"parameter `{parameter.name}`: {value} is not a finite number")
    if not parameter.whole:
        return number
    if number != int(number):
        raise UsageError(f"parameter `{parameter.name}` is a whole number, not {value}")
    return int(number)


def outside_ranges(scenario: Scenario, given: Mapping[str, float]) -> list[str]:
    """A sentence for each given value that is outside the range that its author gives."""
    return [
        f"{name}={value} is outside the range {scenario.parameters[name].low}..{scenario.parameters[name].high}"
        " that the scenario gives"
        for name, value in given.items()
        if not scenario.parameters[name].low <= value <= scenario.parameters[name].high
    ]


def reading_options(scenario: Scenario, given: Mapping[str, str]) -> dict[str, str]:
    """The given options, each checked; raises `UsageError` for an unknown reading or option."""
    for name, option in given.items():
        reading = scenario.readings.get(name)
        if reading is None:
            raise UsageError(f"there is no reading `{name}`", did_you_mean(name, scenario.readings))
        if option not in reading.options:
            raise UsageError(f"'{option}' is no option of reading `{name}`", did_you_mean(str(option), reading.options))
    return dict(given)


def fixed_choices(scenario: Scenario, given: Choices | None) -> tuple[FixedChoice, ...]:
    """The given choices, each checked (see `parse_choice` for how they are written)."""
    if given is None:
        return ()
    texts = [f"{name}={option}" for name, option in given.items()] if isinstance(given, Mapping) else list(given)
    return tuple(parse_choice(scenario, text) for text in texts)


def draws(scenario: Scenario, given: Mapping[str, float | Iterable[float | None]]) -> tuple[Draw, ...]:
    """The draws that are given, by the name of their stream: its first, second, third, nothing where one is not.

    Raises `UsageError` for a stream that no run draws from, and for a value that is no draw.
    """
    known = {str(stream): stream for stream in streams(scenario)} if given else {}
    found: list[Draw] = []
    for name, values in given.items():
        stream = known.get(name)
        if stream is None:
            raise UsageError(f"no run draws from `{name}`", did_you_mean(name, known))
        listed = values if isinstance(values, Iterable) else [values]
        for number, value in enumerate(listed):
            if value is not None:
                found.append(Draw(stream, number, _draw(value, stream, number)))
    return tuple(found)


def _draw(value: object, stream: Stream, number: int) -> float:
    if not isinstance(value, int | float) or not 0 <= value < 1:
        raise UsageError(f"draw {number} of {stream} is {value}", NO_DRAW)
    return float(value)


def seed_number(seed: SupportsIndex) -> int:
    """The seed, checked to be 0..2**63 - 1."""
    found = index_of(seed)
    if found is None or not 0 <= found <= LARGEST_SEED:
        raise UsageError(f"a seed is a whole number from 0 to {LARGEST_SEED}, not {seed}")
    return found


def check_seeds(first: int, count: int) -> None:
    """Raises `UsageError` where the last of so many seeds in a row is none any more."""
    if first + count - 1 > LARGEST_SEED:
        raise UsageError(f"the last of {count:,} seeds is past {LARGEST_SEED}", "begin with a smaller seed")


def defaults(scenario: Scenario) -> tuple[dict[str, float], dict[str, str]]:
    """The scenario's own parameter values and reading options."""
    parameters = {p.name: int(p.value) if p.whole else float(p.value) for p in scenario.parameters.values()}
    return parameters, {r.name: r.default for r in scenario.readings.values()}


def ranged(
    scenario: Scenario, over: str | Iterable[str] | None = None, *, fixed: Iterable[str] = ()
) -> tuple[Parameter, ...]:
    """The parameters that are varied over their ranges, in the order of the file: all that have one, or those named.

    `over` names some, as `a,b` or one by one. Parameters in `fixed` are left as they are, and are not to be
    named. Raises `UsageError`.
    """
    held = {*fixed}
    if over is None:
        found = tuple(p for p in scenario.parameters.values() if p.low < p.high and p.name not in held)
        if not found:
            raise UsageError("no parameter has a range to be varied over", did_you_mean("", scenario.parameters))
        return found
    names = [name.strip() for name in (over.split(",") if isinstance(over, str) else over)]
    for name in names:
        parameter = scenario.parameters.get(name)
        if parameter is None:
            raise UsageError(f"there is no parameter `{name}`", did_you_mean(name, scenario.parameters))
        if not parameter.low < parameter.high:
            raise UsageError(f"parameter `{name}` has no range to be varied over", "give it `low` and `high`")
        if name in held:
            raise UsageError(f"parameter `{name}` is both set and varied", "leave one of them out")
    return tuple(p for p in scenario.parameters.values() if p.name in names)


def value_at(parameter: Parameter, share: float) -> float:
    """The value at a share (0 to 1) of a parameter's range; each whole number has the same part of it."""
    if parameter.whole:
        low, high = int(parameter.low), int(parameter.high)
        return min(high, low + int(share * (high - low + 1)))
    return min(float(parameter.high), float(parameter.low + (parameter.high - parameter.low) * share))
