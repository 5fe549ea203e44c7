"""What stands over an answer: what was asked, and with which settings."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from negsim.scenario.choices import Fixed, FixedAspiration, FixedChoice

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.run import Run
    from negsim.ensemble.run.request import Request
    from negsim.log.event import Header
    from negsim.scenario.model import Scenario
    from negsim.scenario.settings import Settings

MOST_POLICIES = 6  # recorded choices that a head names one by one


def run_head(console: Console, run: Run) -> None:
    """The title, the run's id, and what it was asked with."""
    header = run.header
    console.print(run.scenario.title, style="bold")
    parent = f"   fork of {header.parent[:12]}" if header.parent else ""
    console.print(f"run {run.id[:12]}   seed {header.seed}   scenario {header.scenario_hash[:12]}{parent}", style="dim")
    for line in _settings(run, header):
        console.print(line, style="dim")


def _settings(run: Run, header: Header) -> list[str]:
    """What differs from the scenario's own parameters and readings, what was chosen and changed."""
    scenario = run.scenario
    lines = [*set_lines(scenario, header.settings), *read_lines(scenario, header.settings)]
    lines += choose_lines(header.settings)[:MOST_POLICIES]
    if len(header.settings.choices) > MOST_POLICIES:
        lines.append(f"… and {len(header.settings.choices) - MOST_POLICIES} more choices")
    for each in header.interventions:
        found = each.as_json()
        at = found.pop("at")
        for kind, change in found.items():
            words = "; ".join(map(choice_words, each.choices)) if kind == "choose" else _change(kind, change)
            lines.append(f"{f'after event {at}' if at >= 0 else 'before any event'}: {kind} {words}")
    return lines


def set_lines(scenario: Scenario, settings: Settings) -> list[str]:
    """The parameters that are other than the scenario's own."""
    own = {name: parameter.value for name, parameter in scenario.parameters.items()}
    return [f"set {name} = {value}" for name, value in settings.parameters.items() if value != own[name]]


def read_lines(scenario: Scenario, settings: Settings) -> list[str]:
    """The readings that are other than the scenario's own."""
    from negsim.scenario.held import readings_meant, told_once  # noqa: PLC0415 - as needed

    own = {name: reading.default for name, reading in scenario.readings.items()}
    taken = told_once(scenario, settings.readings)
    changed = {n: o for n, o in taken.items() if any(o != own[each] for each in readings_meant(scenario, n))}
    return [f"read {name} = {option}" for name, option in changed.items()]


def choose_lines(settings: Settings) -> list[str]:
    """The choices made beforehand."""
    return [f"choose {choice_words(choice)}" for choice in settings.choices]


def decider_lines(request: Request) -> list[str]:
    """Which callables decide."""
    return [f"{name}: {identity or 'a function in Python'}" for name, identity in request.deciders.items()]


def readings_lines(
    scenario: Scenario, settings: Settings, *, varied: Collection[str] = (), as_given: bool = False
) -> list[str]:
    """The readings in one line, if there are any; those that are varied only where the others are kept `as_given`."""
    from negsim.scenario.held import told_once  # noqa: PLC0415 - as needed

    shown = {name: option for name, option in settings.readings.items() if as_given or name not in varied}
    taken = [f"{name}={option}" for name, option in told_once(scenario, shown).items()]
    return [f"Readings{' as given' if as_given else ''}: {', '.join(taken)}."] if taken else []


def choice_words(choice: Fixed) -> str:
    """A choice made beforehand, as a head says it."""
    match choice:
        case FixedAspiration():
            return choice.text
        case FixedChoice():
            where = f"[{', '.join(choice.actors)}]" if choice.actors else ""
            day = "" if choice.day is None else f"@{choice.day}"
            nth = "" if choice.nth is None else f" (decision no. {choice.nth + 1})"
            return f"{choice.decision}{where}{day} = {choice.option}{nth}"


def _change(kind: str, change: object) -> str:
    match kind, change:
        case (("emit" | "without"), dict()):
            return f"{change['event']}({', '.join(str(v) for v in change['fields'].values())})"
        case _, dict():
            return ", ".join(f"{name} = {value}" for name, value in change.items())
        case _:
            return str(change)


def what_shares_are(*, is_drawn: bool, of: str) -> str:
    """What is to be said of shares of runs; `of` says of what the runs are, where there are several."""
    sure = (
        ", with 95 % intervals."
        if is_drawn
        else f". Nothing is drawn here: every run{of} is the same, so one is enough."
    )
    return f"Shares of runs under the scenario's assumptions{sure} This is no forecast."
