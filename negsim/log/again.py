"""The command that makes a run again, with its whole log."""

from __future__ import annotations

import shlex

from negsim.language.catalogue import called
from negsim.log.text import number_words
from negsim.scenario.held import readings_meant, told_once
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Settings, defaults


def run_command(scenario: Scenario, settings: Settings, *, seed: int, name: str | None = None) -> str:
    """`negsim run …` for a seed: of the settings those that are not the scenario's own.

    `name` is the scenario's path or name; else what it is called by is found out.
    """
    own = defaults(scenario)
    words = ["negsim", "run", called(scenario.files) if name is None else name, "--seed", str(seed)]
    for key, value in settings.parameters.items():
        if value != own.parameters[key]:
            words += ["--set", f"{key}={number_words(value)}"]
    for key, option in told_once(scenario, settings.readings).items():
        if any(option != own.readings[each] for each in readings_meant(scenario, key)):
            words += ["--read", f"{key}={option}"]
    for choice in settings.decisions:
        words += ["--choose", choice.text]
    return shlex.join(words)
