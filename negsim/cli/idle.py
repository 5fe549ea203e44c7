"""Notes, on standard error, on what was asked for and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from negsim.cli.common import say

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.ensemble.run.request import Request
    from negsim.exact.answer.solution import Solution
    from negsim.policy.idle import Idle
    from negsim.policy.situation import Policy
    from negsim.scenario.model import Scenario


def note_idle(run: Run, chooses: Sequence[str], *, at: int | None = None) -> None:
    """Says which of the choices never applied in a run, and in a fork from where they would."""
    from negsim.engine.idle import idle  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.scenario.settings import fixed_choices  # noqa: PLC0415 - as above

    _say(idle(run, fixed_choices(run.scenario, list(chooses)), at=at))


def note_idle_in_runs(request: Request, *, runs: int | None = None, policy: Policy | None = None) -> None:
    """Says which of the choices of an ensemble, with so many runs of each cell, never applied, as far as is looked."""
    from negsim.ensemble.study.idle import MOST_RUNS, idle_choices  # noqa: PLC0415 - heavy imports wait for the command

    looked = idle_choices(request, runs=MOST_RUNS if runs is None else runs, policy=policy)
    _say(looked.found, "" if looked.among is None else f" in {looked.among:,} runs that were looked at")


def note_idle_everywhere(solutions: Sequence[Solution]) -> None:
    """Says which of the choices never applied in any run of some solutions, as far as these go."""
    from negsim.policy.idle import in_common  # noqa: PLC0415 - heavy imports wait for the command

    stopped = [solution.reached for solution in solutions if not solution.is_exact]
    _say(
        in_common([each.idle for each in solutions]),
        f" up to {solutions[0].scenario.calendar.name} {min(stopped)}" if stopped else "",
    )


def note_idle_over_ranges(found: Iterable[Idle]) -> None:
    """Says which of the choices never applied at any point of some ranges."""
    _say(found)


def _say(found: Iterable[Idle], among: str = "") -> None:
    for each in found:
        way = "" if each.decided_at is None else f"; to change it: --at {each.decided_at - 1}"
        say(f"note: --choose {each.choice.text} never applied{among}: {each.reason}{way}", err=True)


def note_same(scenario: Scenario, parameters: Mapping[str, object], readings: Mapping[str, str]) -> None:
    """Says which parameters and readings are set to what the scenario has anyway."""
    from negsim.scenario.settings import defaults  # noqa: PLC0415 - heavy imports wait for the command

    _say_same(scenario, defaults(scenario).named, parameters, readings)


def note_same_in_fork(parent: Run, at: int, *, parameters: Mapping[str, object], readings: Mapping[str, str]) -> None:
    """Says which parameters and readings of a fork are already what they are set to."""
    now = parent.header.settings.named
    for change in parent.header.interventions:
        if change.at <= at:
            now |= {**change.parameters, **change.readings}
    _say_same(parent.scenario, now, parameters, readings)


def _say_same(
    scenario: Scenario, now: Mapping[str, object], parameters: Mapping[str, object], readings: Mapping[str, str]
) -> None:
    from negsim.scenario.settings import parameter_values, reading_options  # noqa: PLC0415 - as above

    for name, value in parameter_values(scenario, parameters).items():
        if now[name] == value:
            say(f"note: --set {name}={value} changes nothing: it is {value} already", err=True)
    taken = {**now, **reading_options(scenario, readings)}
    for name, option in readings.items():  # one for all holders may be what another one, for one of them, departs from
        others = {other: answer for other, answer in readings.items() if other != name}
        if {**now, **reading_options(scenario, others)} == taken:
            say(f"note: --read {name}={option} changes nothing: it is {option} already", err=True)
