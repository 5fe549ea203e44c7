"""Choices made beforehand: decisions that are fixed, and what was answered for a seat at talks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Rule

_CHOICE = re.compile(
    r"(?P<decision>[a-z][a-z0-9_]*)(?:\[(?P<actors>[^\]=@]*)\])?(?:@(?P<day>-?\d{1,7}|\d{4}-[-\d:T]{2,14}))?=(?P<option>[a-z][a-z0-9_]*(?:\[[a-z0-9_]+\])?)"
)


@attrs.frozen
class FixedChoice:
    """A choice made beforehand: for all times, for one day, one instance, or the n-th time (from 0)."""

    decision: str
    option: str
    day: int | None = None
    actors: tuple[str, ...] | None = None
    nth: int | None = None

    @property
    def exactness(self) -> int:
        """How many conditions it has: the more exact choice goes before the general one."""
        return sum(each is not None for each in (self.day, self.actors)) + 2 * (self.nth is not None)

    @property
    def text(self) -> str:
        """The choice as it is written: `call[france]@60=announce`."""
        actors = "" if self.actors is None else f"[{','.join(self.actors)}]"
        return f"{self.decision}{actors}{'' if self.day is None else f'@{self.day}'}={self.option}"

    def as_json(self) -> dict[str, Any]:
        """The choice as a header writes it: only the conditions that it has."""
        found: dict[str, Any] = {"decision": self.decision, "option": self.option}
        if self.day is not None:
            found["day"] = self.day
        if self.actors is not None:
            found["actors"] = list(self.actors)
        if self.nth is not None:
            found["nth"] = self.nth
        return found


@attrs.frozen
class FixedAspiration:
    """What a strategy of the user's own answered, the n-th time (from 0) that it was asked for a party."""

    talks: str
    party: str
    nth: int
    aspiration: float

    @property
    def text(self) -> str:
        """The answer, told."""
        return f"{self.talks}.{self.party} aspires to {self.aspiration} (no. {self.nth + 1})"

    def as_json(self) -> dict[str, Any]:
        """The answer as a header writes it."""
        return attrs.asdict(self)


Fixed = FixedChoice | FixedAspiration


def decisions(fixed: Iterable[Fixed]) -> tuple[FixedChoice, ...]:
    """The decisions among what is fixed."""
    return tuple(each for each in fixed if isinstance(each, FixedChoice))


def parse_choice(scenario: Scenario, text: str) -> FixedChoice:
    """Reads `decision=option`, `decision@day=option` (a number or a date), `decision[france]=option`.

    Raises `UsageError` where the scenario has no such decision, instance or option.
    """
    match = _CHOICE.fullmatch(text.replace(" ", ""))
    if match is None:
        raise UsageError(
            f"'{text}' is no choice", "write decision=option, decision@day=option or decision[france]=option"
        )
    rule = _decision(scenario, match["decision"])
    names = option_names(scenario, rule)
    option = match["option"]
    if option not in names:
        raise UsageError(f"'{option}' is no option of `{rule.name}`", did_you_mean(option, names))
    actors = None if match["actors"] is None else _instance(scenario, rule, match["actors"].split(","))
    return FixedChoice(rule.name, option, None if match["day"] is None else _day(scenario, match["day"]), actors)


def _day(scenario: Scenario, text: str) -> int:
    """The day of a number or a date, of which blanks have been taken out."""
    if re.fullmatch(r"-?\d{1,7}", text, re.ASCII):
        return int(text)
    dated = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(\d{2}:\d{2})", text, re.ASCII)
    moment = scenario.calendar.read(text if dated is None else f"{dated[1]}T{dated[2]}")
    if moment is None:
        example = scenario.calendar.written(0).replace(" ", "T")
        raise UsageError(f"'{text}' is no {scenario.calendar.name}", f"write its number, or a date such as {example}")
    return scenario.calendar.step_of(moment)


def option_names(scenario: Scenario, rule: Rule) -> list[str]:
    """The names of a rule's options, one a member where an option has a `for`."""
    return [
        name
        for option in rule.options
        for name in (
            [option.name]
            if option.binder is None
            else [f"{option.name}[{member}]" for member in scenario.groups[option.binder.group].members]
        )
    ]


def _decision(scenario: Scenario, name: str) -> Rule:
    decisions = [rule.name for rule in scenario.rules.values() if rule.chooses and rule.by is not None]
    rule = scenario.rules.get(name)
    if rule is not None and rule.chooses and rule.by is None:
        raise UsageError(f"`{name}` is drawn by nature, no actor decides it", did_you_mean(name, decisions))
    if name not in decisions or rule is None:
        raise UsageError(f"there is no decision `{name}`", did_you_mean(name, decisions))
    return rule


def _instance(scenario: Scenario, rule: Rule, actors: list[str]) -> tuple[str, ...]:
    if len(actors) != len(rule.binders):
        needed = len(rule.binders)
        raise UsageError(
            f"`{rule.name}` is bound to {needed} actor{'' if needed == 1 else 's'}, not to {', '.join(actors)}"
        )
    for binder, actor in zip(rule.binders, actors, strict=True):
        members = scenario.groups[binder.group].members
        if actor not in members:
            raise UsageError(f"'{actor}' is no member of `{binder.group}`", did_you_mean(actor, members))
    return tuple(actors)
