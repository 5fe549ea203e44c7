"""What a scenario is asked with: `--set`, `--read`, `--choose`, `--policy`, alike in all commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli.common import gathered, pairs
from negsim.cli.files import reads as noted_read
from negsim.cli.idle import note_same

if TYPE_CHECKING:
    from negsim.policy.table import PolicyTable
    from negsim.scenario.model import Scenario

_OPTIONS = {
    "sets": click.option(
        "--set", "sets", multiple=True, metavar="PARAMETER=VALUE", help="Another value for a parameter."
    ),
    "reads": click.option(
        "--read", "reads", multiple=True, metavar="READING=OPTION", help="Another option of a reading."
    ),
    "chooses": click.option(
        "--choose",
        "chooses",
        multiple=True,
        metavar="DECISION=OPTION",
        help="Fix a decision: call=announce; on one day: call@60=announce; of one instance: call[france]=announce.",
    ),
    "policy": click.option(
        "--policy", metavar="FILE", help="Follow a policy that `negsim solve … --save-policy FILE` has written."
    ),
}


@attrs.frozen
class Given:
    """The settings as they stand on the command line."""

    sets: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    chooses: tuple[str, ...] = ()
    policy: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """The values of parameters, as texts."""
        return pairs(self.sets, "parameter=value")

    @property
    def readings(self) -> dict[str, str]:
        """The options of readings."""
        return pairs(self.reads, "reading=option")

    @property
    def by_flag(self) -> dict[str, object]:
        """What is given, by the word of its flag."""
        return {"set": self.sets, "read": self.reads, "choose": self.chooses, "policy": self.policy}

    def checked(self, scenario: Scenario) -> Checked:
        """The settings for a scenario; notes, on standard error, what is out of a range or changes nothing.

        Raises `UsageError` where they do not fit it.
        """
        from negsim.scenario.settings import parameter_values, reading_options  # noqa: PLC0415 - as needed

        parameters = parameter_values(scenario, self.parameters)
        readings = reading_options(scenario, self.readings)
        note_outside(scenario, [parameters])
        note_same(scenario, parameters, self.readings)
        policy = None if self.policy is None else _policy(self.policy, scenario, {**parameters, **readings})
        return Checked(parameters, readings, self.chooses, policy)


@attrs.frozen
class Checked:
    """The settings that a scenario is asked with, checked."""

    parameters: Mapping[str, float]
    readings: Mapping[str, str]
    chooses: tuple[str, ...] = ()
    policy: PolicyTable | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """The settings as functions of the Python door take them."""
        found = {"set": self.parameters, "read": self.readings, "choose": list(self.chooses)}
        return found if self.policy is None else {**found, "policy": self.policy}


def setting_options(*names: str) -> Callable[[Any], Any]:
    """The options of these names; a command gets them as one, `given`."""
    return gathered(Given, "given", *(_OPTIONS[name] for name in names))


def note_outside(scenario: Scenario, values: Iterable[Mapping[str, float]]) -> None:
    """Notes, on standard error, which values are out of the range that their parameter has."""
    from negsim.scenario.ranges import outside_ranges  # noqa: PLC0415 - as needed

    for warning in dict.fromkeys(note for each in values for note in outside_ranges(scenario, each)):
        click.echo(f"note: {warning}", err=True)


def _policy(path: str, scenario: Scenario, given: Mapping[str, object]) -> PolicyTable:
    """The policy in a file; notes, on standard error, where it was made under other settings."""
    from negsim.policy.table import read_policy  # noqa: PLC0415 - only where a policy is followed
    from negsim.scenario.settings import defaults  # noqa: PLC0415 - as above

    noted_read(path)
    table = read_policy(path, scenario)
    now = {**defaults(scenario).named, **given}
    made = table.settings.named
    other = [name for name, value in now.items() if made.get(name) != value]
    if other:
        click.echo(f"note: the policy was made for other values of {', '.join(other)}", err=True)
    return table
