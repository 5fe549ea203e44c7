"""Who chooses: by weight, by choices fixed beforehand, or by a Python callable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.kernel.host import Choice
from negsim.kernel.program import Instance
from negsim.kernel.table import Strategy, Table, View
from negsim.scenario.choices import Fixed, FixedAspiration, FixedChoice
from negsim.scenario.model import Scenario
from negsim.scenario.types import Value


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


class Strategists:
    """Who answers for the seats at talks: recorded answers, strategies of the user's own, else the seats' own.

    `own` maps `talks.party` to a callable of a `View` that gives an aspiration (0..1). It is asked only
    while `is_asked` says so; `answers` holds what it said.
    """

    def __init__(self, fixed: Iterable[Fixed], own: Mapping[str, Strategy], is_asked: Callable[[], bool]) -> None:
        self._recorded = {
            (each.talks, each.party, each.nth): float(each.aspiration)
            for each in fixed
            if isinstance(each, FixedAspiration)
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


class Nearest(IntEnum):
    """How near a choice came to bear that never did: the best that its decision has been so far."""

    NEVER_UP = 0
    FOR_OTHERS = 1
    ON_OTHER_DAYS = 2
    NOT_TAKEN = 3


class FixedPolicy:
    """Choices made beforehand: the most exact that fits is taken, of equals the last given.

    `idle` are those that have not come to bear so far, each with how near it came.
    """

    def __init__(self, choices: Iterable[FixedChoice]) -> None:
        choices = list(choices)
        self.idle = dict.fromkeys(choices, Nearest.NEVER_UP)
        self._by_decision: dict[str, list[FixedChoice]] = {}
        for choice in choices:
            self._by_decision.setdefault(choice.decision, []).append(choice)
        for found in self._by_decision.values():
            found.reverse()
            found.sort(key=lambda choice: -choice.exactness)

    def pick(self, choice: Choice, *, day: int, nth: int) -> int | None:
        """The index of the option that a fixed choice names and that is open; nothing: draw by weight."""
        known = self._by_decision.get(choice.instance.name, ())
        if self.idle:
            self._look(known, choice.instance.actors, day)
        for each in known:
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

    def _look(self, known: Iterable[FixedChoice], actors: tuple[str, ...], day: int) -> None:
        """Notes how near those of a decision that comes up have come to bear that have not done so yet."""
        for each in known:
            if each in self.idle:
                found = Nearest.NOT_TAKEN
                if each.actors not in (None, actors):
                    found = Nearest.FOR_OTHERS
                elif each.day not in (None, day):
                    found = Nearest.ON_OTHER_DAYS
                self.idle[each] = max(self.idle[each], found)
