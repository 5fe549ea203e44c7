"""Strategies that draw what a run is asked with, and runs."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from negsim.engine.run import Run, run
from negsim.language import load_text
from negsim.scenario.choices import option_names
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Rule
from negsim.testing.document import scenarios


@st.composite
def settings(draw: st.DrawFn, scenario: Scenario) -> dict[str, Any]:
    """What `negsim.run` may be asked with: a seed, parameters within their ranges, readings, choices."""
    asked: dict[str, Any] = {"seed": draw(st.integers(0, 20) | st.integers(0, 2**63 - 1)), "set": {}, "read": {}}
    for parameter in scenario.parameters.values():
        if draw(st.booleans()):
            low, high = parameter.low, parameter.high
            within = st.integers(int(low), int(high)) if parameter.whole else st.floats(low, high)
            asked["set"][parameter.name] = draw(within)
    for reading in scenario.readings.values():
        if draw(st.booleans()):
            asked["read"][reading.name] = draw(st.sampled_from(list(reading.options)))
        if reading.of is not None and draw(st.booleans()):
            asked["read"][reading.of] = draw(st.sampled_from(list(reading.options)))
    decisions = [rule for rule in scenario.rules.values() if rule.chooses and rule.by is not None]
    choices = st.one_of(*(_choices(scenario, rule) for rule in decisions))
    asked["choose"] = draw(st.lists(choices, max_size=3)) if decisions else []
    return asked


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Runs of generated scenarios under generated settings."""
    scenario = load_text(draw(scenarios()))
    return run(scenario, **draw(settings(scenario)))


@st.composite
def _choices(draw: st.DrawFn, scenario: Scenario, rule: Rule) -> str:
    text = rule.name
    if draw(st.booleans()) and rule.binders:
        members = [scenario.groups[binder.group].members for binder in rule.binders]
        text += f"[{','.join(draw(st.sampled_from(each)) for each in members)}]"
    if draw(st.booleans()):
        text += f"@{draw(st.integers(0, scenario.horizon_days))}"
    return f"{text}={draw(st.sampled_from(option_names(scenario, rule)))}"
