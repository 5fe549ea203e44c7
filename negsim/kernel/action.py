"""What is under way: actions from their trigger to the moment they are taken, and the events that drop them."""

from __future__ import annotations

from typing import Any

from negsim.program.formula import State, values_of
from negsim.program.rules import Instance, Watches
from negsim.program.said import Speaker
from negsim.program.table import Table
from negsim.scenario.types import Value


class Action:
    """What an instance will do, from its trigger to the moment it is taken.

    `cause` is the seq of the triggering event (nothing where the agenda triggered it), `chance` the one that let it
    through, `trigger_day` the day of the trigger. A ghost spends its draws and does nothing, since its trigger was
    left out; `seen` is the state that it looks at, with that trigger. `watches` are the events that drop it, with
    their arguments (nothing: any). Once it waits, it does not change: moments that are copied share their actions.
    """

    __slots__ = ("cause", "chance", "instance", "seen", "trigger_day", "watches")

    def __init__(
        self, instance: Instance | Table | Speaker, trigger_day: int, cause: int | None, watches: Watches = ()
    ) -> None:
        self.instance = instance
        self.trigger_day = trigger_day
        self.cause = cause
        self.chance: float | None = None
        self.seen: State | None = None
        self.watches = watches

    @property
    def bound(self) -> dict[str, Value]:
        """The names that it still uses, and its actors: two of one rule that have the same will act alike."""
        actors = {f"actor {number}": actor for number, actor in enumerate(self.instance.actors)}
        late = self.instance.late_scope if isinstance(self.instance, Instance) else ()
        return {**actors, **dict(late)}

    @property
    def about(self) -> tuple[Any, ...]:
        """What will happen, whatever led to it: its rule, what drops it, and what a ghost looks at."""
        return self.instance.name, self.watches, None if self.seen is None else values_of(self.seen)


class Guards:
    """The actions that an event can still drop: they wait `unless` it comes. `watchers` holds them by that event."""

    SWEPT = 256  # how often those that are over are taken off a list of watchers

    __slots__ = ("alive", "watchers")

    def __init__(self) -> None:
        self.alive: set[Action] = set()  # asked whether one is in it, never gone through
        self.watchers: dict[str, list[tuple[tuple[Value, ...] | None, Action]]] = {}

    def copy(self) -> Guards:
        """The same actions, to be guarded apart."""
        guards = Guards()
        if self.watchers:
            guards.alive = {*self.alive}
            guards.watchers = {event: [*watchers] for event, watchers in self.watchers.items()}
        return guards

    def watch(self, action: Action) -> None:
        """Keeps an eye on what can drop an action."""
        if action.watches:
            self.alive.add(action)
        for event, values in action.watches:
            watchers = self.watchers.setdefault(event, [])
            watchers.append((values, action))
            if len(watchers) % self.SWEPT == 0:
                watchers[:] = [each for each in watchers if each[1] in self.alive]

    def release(self, action: Action) -> bool:
        """Takes an action out of guard: whether nothing has dropped it."""
        if not action.watches:
            return True
        stands = action in self.alive
        self.alive.discard(action)
        return stands

    def stands(self, action: Action) -> bool:
        """Whether nothing has dropped an action."""
        return not action.watches or action in self.alive

    def event(self, name: str, arguments: tuple[Value, ...]) -> None:
        """Drops the actions that wait `unless` this event comes."""
        left: list[tuple[tuple[Value, ...] | None, Action]] = []
        for values, action in self.watchers[name]:
            if values is None or values == arguments:
                self.alive.discard(action)
            elif action in self.alive:
                left.append((values, action))
        self.watchers[name] = left
