"""Notes on what was asked for and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from negsim.cli.common import say

if TYPE_CHECKING:
    from negsim.engine.run import Run


def note_idle(run: Run, chooses: Sequence[str], *, at: int | None = None) -> None:
    """Says on standard error which of the choices never applied, and in a fork from where they would."""
    from negsim.engine.idle import idle  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.scenario.settings import fixed_choices  # noqa: PLC0415 - as above

    for each in idle(run, fixed_choices(run.scenario, list(chooses)), at=at):
        way = "" if each.decided_at is None else f"; to change it: --at {each.decided_at - 1}"
        say(f"note: --choose {each.choice.text} never applied: {each.reason}{way}", err=True)


def note_same(parent: Run, at: int, *, parameters: Mapping[str, str], readings: Mapping[str, str]) -> None:
    """Says on standard error which parameters and readings of a fork are already what they are set to."""
    from negsim.scenario.settings import parameter_values, reading_options  # noqa: PLC0415 - as above

    now = {**parent.header.settings.parameters, **parent.header.settings.readings}
    for change in parent.header.interventions:
        if change.at <= at:
            now |= {**change.parameters, **change.readings}
    given = (
        ("--set", parameter_values(parent.scenario, parameters)),
        ("--read", reading_options(parent.scenario, readings)),
    )
    for option, values in given:
        for name, value in values.items():
            if now[name] == value:
                say(f"note: {option} {name}={value} changes nothing: it is {value} already", err=True)
