"""Choices made beforehand, asked at each decision, and how near each came to bear."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from negsim.kernel.questions import Choice
from negsim.scenario.choices import FixedChoice


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
