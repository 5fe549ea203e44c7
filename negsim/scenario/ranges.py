"""The ranges of a scenario's parameters: which are varied, values within them, values outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from negsim.errors import UsageError, did_you_mean
from negsim.scenario.model import Scenario
from negsim.scenario.record import Parameter


def outside_ranges(scenario: Scenario, given: Mapping[str, float]) -> list[str]:
    """A sentence for each given value that is outside the range that its author gives."""
    return [
        f"{name}={value} is outside the range {scenario.parameters[name].low}..{scenario.parameters[name].high}"
        " that the scenario gives"
        for name, value in given.items()
        if not scenario.parameters[name].low <= value <= scenario.parameters[name].high
    ]


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
