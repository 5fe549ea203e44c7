"""Who answers for the seats at talks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import SupportsFloat

from negsim.errors import UsageError, did_you_mean
from negsim.program.strategy import Strategy, View
from negsim.scenario.choices import Fixed, FixedAspiration
from negsim.scenario.model import Scenario


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
            answer = _number(own(view), view)
            self.answers.append(FixedAspiration(*seat, nth, answer))
            return answer
        recorded = self._recorded.get((*seat, nth))
        return strategy(view) if recorded is None else recorded


def _number(said: object, view: View) -> float:
    """What a strategy has answered, checked to be a number; raises `UsageError`."""
    answer = float(said) if isinstance(said, SupportsFloat) and not isinstance(said, bool) else float("nan")
    if not abs(answer) < float("inf"):
        raise UsageError(f"the strategy of {view.party} answered {said!r}", "an aspiration is a number, 0 to 1")
    return answer


def own_strategies(scenario: Scenario, given: Mapping[str, Strategy] | None) -> Mapping[str, Strategy]:
    """The given strategies by `talks.party`, each checked to name a seat of the scenario."""
    seats = [f"{talks.name}.{party}" for talks in scenario.talks.values() for party in talks.everybody]
    for name in given or {}:
        if name not in seats:
            raise UsageError(f"'{name}' is no seat at talks", did_you_mean(name, seats) or "the scenario has no talks")
    return given or {}
