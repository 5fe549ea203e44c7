"""Who chooses: by weight, by choices fixed beforehand, or by a Python callable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.kernel.program import Instance
from negsim.kernel.questions import Choice
from negsim.kernel.strategy import Strategy, View
from negsim.kernel.table import Table
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
class PutOff:
    """An action, or a round of talks, that waits for its day.

    `bound` are the names that it still uses. It comes in so many days, or with a daily `chance` (then
    `days` is nothing).
    """

    rule: str
    actors: tuple[str, ...]
    bound: tuple[tuple[str, Value], ...]
    days: int | None
    chance: float | None


def put_off(instance: Instance | Table, days: int, chance: float | None) -> PutOff:
    """What a policy sees of an action that is put off; with a `chance`, not the day that chance has drawn."""
    bound = () if isinstance(instance, Table) else instance.late_scope
    return PutOff(instance.name, instance.actors, bound, None if chance is not None else days, chance)


@attrs.frozen
class Situation:
    """What a policy sees when it is asked: who chooses, what is open with which weight, and the state.

    `state` has the names of `negsim state`: `conflict`, `france.force`; `pending` is what waits.
    """

    decision: str
    actor: str
    instance: tuple[str, ...]
    day: int
    options: Mapping[str, float]
    state: Mapping[str, Value]
    pending: tuple[PutOff, ...] = ()


Policy = Callable[[Situation], str | None]


@attrs.frozen
class FixedAspiration:
    """What a strategy of the user's own answered, the n-th time (from 0) that it was asked for a party."""

    talks: str
    party: str
    nth: int
    aspiration: float

    def as_json(self) -> dict[str, Any]:
        """The answer as a header writes it."""
        return attrs.asdict(self)


class Strategists:
    """Who answers for the seats at talks: recorded answers, strategies of the user's own, else the seats' own.

    `own` maps `talks.party` to a callable of a `View` that gives an aspiration (0..1). It is asked only
    while `is_asked` says so; `answers` holds what it said.
    """

    def __init__(
        self, policies: Iterable[Mapping[str, Any]], own: Mapping[str, Strategy], is_asked: Callable[[], bool]
    ) -> None:
        self._recorded = {
            (found["talks"], found["party"], found["nth"]): float(found["aspiration"])
            for found in policies
            if "aspiration" in found
        }
        self._own = own
        self._is_asked = is_asked
        self._times: dict[tuple[str, str], int] = {}
        self.answers: list[FixedAspiration] = []

    @property
    def are_needed(self) -> bool:
        """Whether anybody but the seats themselves answers."""
        return bool(self._recorded or self._own)

    def __call__(self, view: View, strategy: Strategy) -> float:
        """The aspiration of a seat in a round."""
        seat = (view.talks, view.party)
        nth = self._times[seat] = self._times.get(seat, -1) + 1
        own = self._own.get(f"{view.talks}.{view.party}")
        if own is not None and self._is_asked():
            answer = float(own(view))
            if not abs(answer) < float("inf"):
                raise UsageError(f"the strategy of {view.party} answered {answer}", "an aspiration is a number, 0 to 1")
            self.answers.append(FixedAspiration(*seat, nth, answer))
            return answer
        recorded = self._recorded.get((*seat, nth))
        return strategy(view) if recorded is None else recorded


def own_strategies(scenario: Scenario, given: Mapping[str, Strategy] | None) -> Mapping[str, Strategy]:
    """The given strategies by `talks.party`, each checked to name a seat of the scenario."""
    seats = [f"{talks.name}.{party}" for talks in scenario.talks.values() for party in talks.everybody]
    for name in given or {}:
        if name not in seats:
            raise UsageError(f"'{name}' is no seat at talks", did_you_mean(name, seats) or "the scenario has no talks")
    return given or {}


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


def fixed_choices_in(policies: Iterable[Mapping[str, Any]]) -> list[FixedChoice]:
    """The fixed choices among what a header says of policies."""
    return [choice_from_json(found) for found in policies if "decision" in found]


class FixedPolicy:
    """Choices made beforehand: the most exact that fits is taken, of equals the last given.

    `idle` are those that have not come to bear so far.
    """

    def __init__(self, choices: Iterable[FixedChoice]) -> None:
        choices = list(choices)
        self.idle = dict.fromkeys(choices)
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
                    self.idle.pop(each, None)
                    return index
        return None
