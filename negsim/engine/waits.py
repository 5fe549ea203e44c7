"""What waits in a run: `while` instances for their chance a day, and actions that are put off for their day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import attrs

from negsim.engine.luck import Luck
from negsim.engine.plan import Plan
from negsim.kernel.action import Action


class Waiting:
    """A `while` instance's wait: its draw, the chance of "not yet" so far, and the day on which it is due."""

    __slots__ = ("chance", "draw", "due", "number", "product", "since")

    def __init__(self, number: int, draw: float) -> None:
        self.number = number
        self.draw = draw
        self.product = 1.0
        self.since = 0
        self.chance = 0.0
        self.due: int | None = None


class Waits:
    """The waits of a run, by the number of their instance. A wait draws once; its day moves with its chance.

    `plan` and `luck` are those under which the run goes on.
    """

    def __init__(self, plan: Plan, luck: Luck) -> None:
        self.plan = plan
        self.luck = luck
        self._horizon = plan.program.scenario.horizon_days
        self._waits: list[Waiting | None] = [None] * len(plan.program.waits)

    def dusk(self, chances: Iterable[tuple[int, float | None]], today: int) -> Iterator[Waiting]:
        """Takes in the daily chances of some waits, by number; gives those that are due on another day now."""
        for number, chance in chances:
            wait = self._look(number, chance, today)
            if wait is not None:
                yield wait

    def _look(self, number: int, chance: float | None, today: int) -> Waiting | None:
        """Starts, moves, leaves or drops a wait (no `chance`)."""
        wait = self._waits[number]
        if chance is None:
            self._waits[number] = None
            return None
        falling, most = self.plan.falling, self._horizon - today
        if wait is None:
            draw = self.luck.draw(self.plan.program.waits[number], "wait")
            wait = self._waits[number] = Waiting(number, draw)
            days = falling.days(draw, chance, most)
        elif wait.chance == chance:
            return None
        else:
            wait.product = falling.fallen(wait.product, wait.chance, today - wait.since)
            days = falling.days_from(wait.product, wait.draw, chance, most)
        wait.since, wait.chance = today, chance
        return self._moved(wait, days, today)

    def _moved(self, wait: Waiting, days: int | None, today: int) -> Waiting | None:
        """The wait, due so many days from today; nothing where it does not come."""
        until = self.plan.program.waits[wait.number].until_day
        if days is None or (until is not None and today + days > until):
            wait.due = None
            return None
        wait.due = today + days
        return wait

    def end(self, wait: Waiting, today: int) -> bool:
        """Whether a wait that was once due today still is; it is over then."""
        if self._waits[wait.number] is not wait or wait.due != today:
            return False
        self._waits[wait.number] = None
        return True

    def turn_luck(self, luck: Luck, today: int) -> list[Waiting]:
        """Draws anew how each wait goes on that has not ended by today; gives those that are due on another day now.

        A chance a day has no memory: what is known of a wait, that it has not come yet, is kept.
        """
        self.luck = luck
        falling, moved = self.plan.falling, []
        for wait in self._waits:
            if wait is None or wait.due == today:  # what is due today was drawn at dawn
                continue
            product = falling.fallen(wait.product, wait.chance, today - wait.since)
            wait.draw = luck.draw(self.plan.program.waits[wait.number], "wait") * product
            wait.product, wait.since = product, today
            days = falling.days_from(product, wait.draw, wait.chance, self._horizon - today)
            if self._moved(wait, days, today) is not None:
                moved.append(wait)
        return moved


@attrs.frozen(eq=False)
class Delayed:
    """An action that is put off: the day that it is due, and the daily chance, where that has drawn the day."""

    action: Action
    due: int
    chance: float | None


class Delays:
    """The actions that are put off, in the order in which they were, for whoever looks at what waits."""

    def __init__(self) -> None:
        self._delayed: dict[Action, Delayed] = {}

    def add(self, action: Action, due: int, chance: float | None) -> None:
        """Notes an action; a `chance` a day has drawn its day."""
        self._delayed[action] = Delayed(action, due, chance)

    def drop(self, action: Action) -> bool:
        """Forgets an action, which is taken now or is put off anew: whether it was noted still."""
        return self._delayed.pop(action, None) is not None

    def still(self, awaits: Callable[[Action], bool]) -> list[Delayed]:
        """Those that can still be taken, as `awaits` tells."""
        self._delayed = {action: each for action, each in self._delayed.items() if awaits(action)}
        return [*self._delayed.values()]
