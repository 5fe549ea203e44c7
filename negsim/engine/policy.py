"""Who chooses: by weight, by choices fixed beforehand, or by a Python callable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.kernel.day import Choice
from negsim.scenario.model import Rule, Scenario
from negsim.scenario.types import Value

_CHOICE = re.compile(
    r"(?P<decision>[a-z][a-z0-9_]*)(?:\[(?P<actors>[^\]=@]*)\])?(?:@(?P<day>-?\d{1,7}))?=(?P<option>[a-z][a-z0-9_]*(?:\[[a-z0-9_]+\])?)"
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


def choice_from_json(found: Mapping[str, Any]) -> FixedChoice:
    """The fixed choice that a header's entry names."""
    actors = found.get("actors")
    return FixedChoice(
        found["decision"],
        found["option"],
        found.get("day"),
        None if actors is None else tuple(actors),
        found.get("nth"),
    )


@attrs.frozen
class Situation:
    """What a policy sees when it is asked: who chooses, what is open with which weight, and the state.

    `state` has the names of `negsim state`: `conflict`, `france.force`.
    """

    decision: str
    actor: str
    instance: tuple[str, ...]
    day: int
    options: Mapping[str, float]
    state: Mapping[str, Value]


Policy = Callable[[Situation], str | None]


def parse_choice(scenario: Scenario, text: str) -> FixedChoice:
    """Reads `decision=option`, `decision@day=option`, `decision[france]=option`.

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
    return FixedChoice(rule.name, option, None if match["day"] is None else int(match["day"]), actors)


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


class FixedPolicy:
    """Choices made beforehand: the most exact that fits is taken, of equals the last given."""

    def __init__(self, choices: Iterable[FixedChoice]) -> None:
        self._by_decision: dict[str, list[FixedChoice]] = {}
        for choice in choices:
            self._by_decision.setdefault(choice.decision, []).append(choice)
        for found in self._by_decision.values():
            found.reverse()
            found.sort(key=lambda choice: -choice.exactness)

    def pick(self, choice: Choice, *, day: int, nth: int) -> int | None:
        """The index of the option that a fixed choice names and that is open; nothing: draw by weight."""
        for each in self._by_decision.get(choice.instance.name, ()):
            if each.day is not None and each.day != day:
                continue
            if each.actors is not None and each.actors != choice.instance.actors:
                continue
            if each.nth is not None and each.nth != nth:
                continue
            for index, option in enumerate(choice.options):
                if option.name == each.option:
                    return index
        return None
